/* SPDX-License-Identifier: Apache-2.0 */
/* value.c: comparing values. */
#include "model/value.h"

#include <string.h>

int value_compare(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    switch (a.kind) {
    case VALUE_INT:
        return (a.i > b.i) - (a.i < b.i);
    case VALUE_TEXT:
        return strcmp(a.s, b.s);
    default:
        return 0;
    }
}

bool value_equal(struct value a, struct value b)
{
    return value_compare(a, b) == 0;
}
