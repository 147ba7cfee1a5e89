/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_xls.c: any bytes as a .xls: a book or refused in words.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/xls_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct book *b;
    struct err e = {0};

    if (xls_read(&b, a, data, size, &e) && (e.code != ERR_REFUSED || !*e.msg))
        abort();
    arena_free(a);
    return 0;
}
