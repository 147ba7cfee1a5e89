/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_schema.c: any bytes as a declaration: it loads or is refused, with errors inside the file; what loads can be
 * formatted, and what was formatted loads again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sec.h"
#include "model/schema.h"
#include "model/schema_fmt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char module[] = "module: x\nlabel: x\nregisters: [x]\n";

static struct schema *load(struct arena *a, const char *text, size_t n, struct schema_errors *es)
{
    struct schema_source src[2] = {{"modules/x/module.yaml", module, sizeof module - 1},
                                   {"modules/x/x.yaml", text, n}};
    return schema_load(a, src, 2, es);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool begun;
    struct err e = {0};
    if (!begun && sec_init(&e) < 0)
        abort();
    begun = true;
    struct arena *a = arena_new();
    struct schema_errors es = {.a = a}, again = {.a = a};
    char *text = arena_strn(a, (const char *)data, size);
    struct schema *s = load(a, text, size, &es);
    if (!s == (es.n == 0))
        abort();
    for (size_t i = 0; i < es.n; i++)
        if (es.v[i].line < 1 || es.v[i].col < 1 || !*es.v[i].msg)
            abort();
    struct buf b;
    buf_init(&b, 4 << 20);
    if (schema_fmt(&b, a, "x.yaml", text, size, &again) < 0) {
        if (s)
            abort();
    } else {
        const char *p = arena_str(a, buf_cstr(&b));
        struct schema_errors third = {.a = a};
        if (s && !load(a, p, b.n, &third))
            abort();
    }
    buf_done(&b);
    arena_free(a);
    return 0;
}
