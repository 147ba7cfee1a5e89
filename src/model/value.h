/* SPDX-License-Identifier: Apache-2.0 */
/* value.h: one typed value of a field. Numbers are always whole 64-bit integers: a decimal with two places and
 * money are kept in hundredths, so that sums are exact in both databases. */
#ifndef LINLI_MODEL_VALUE_H
#define LINLI_MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_NULL = 0,
    VALUE_INT, /* integers, scaled decimals, money in fen, days, instants (ms), flags 0/1, ids */
    VALUE_TEXT /* UTF-8; choices by their code; multi-choices as ",a,b," ; locations as "lng,lat" (WGS84) */
};

struct value {
    enum value_kind kind;
    int64_t i;
    const char *s; /* held by whoever made the value, usually the request's arena */
};

static inline struct value value_null(void)
{
    return (struct value){VALUE_NULL, 0, NULL};
}
static inline struct value value_int(int64_t i)
{
    return (struct value){VALUE_INT, i, NULL};
}
static inline struct value value_text(const char *s)
{
    return (struct value){s ? VALUE_TEXT : VALUE_NULL, 0, s};
}
bool value_equal(struct value a, struct value b);
/* NULL before everything, integers by size, texts by bytes: <0, 0, >0. */
int value_compare(struct value a, struct value b);

#endif
