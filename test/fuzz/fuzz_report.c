/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_report.c: any bytes as a report template over the built-in modules: refused with a place, or filled; every
 * printed figure has its source row. */
#include <stdlib.h>
#include <string.h>

#include "engine/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static int compute(void *arg, struct figure_value *out, struct arena *a, const struct figure *f,
                   const struct figure_at *at, struct err *e)
{
    (void)arg, (void)a, (void)e;
    unsigned h = (unsigned)strlen(f->name) * 7919u + (unsigned)at->from;
    *out = (struct figure_value){.figure = f,
                                 .gap = h % 5 == 0,
                                 .value = (int64_t)(h % 100000),
                                 .num = h % 50,
                                 .den = h % 53,
                                 .records = h % 9,
                                 .late = h % 3};
    return 0;
}

static int slices(void *arg, struct figure_slice **out, size_t *n, struct arena *a, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e)
{
    (void)arg, (void)at, (void)l, (void)e;
    *n = strlen(f->name) % 4;
    *out = arena_array(a, 4, sizeof **out);
    for (size_t i = 0; i < 4; i++)
        (*out)[i] = (struct figure_slice){"x", i ? "某类" : NULL, (int64_t)i * 3, 1};
    return 0;
}

static int behind(void *arg, struct behind **out, size_t *n, struct arena *a, const struct figure *f,
                  const struct figure_at *at, size_t limit, struct err *e)
{
    (void)arg, (void)at, (void)e;
    *n = strlen(f->name) % 3;
    if (limit && *n > limit)
        *n = limit;
    *out = arena_array(a, 4, sizeof **out);
    return 0;
}

static struct schema *load(void)
{
    struct arena *a = arena_new();
    struct schema_source *src;
    struct schema_errors es = {.a = a};
    struct err e = {0};
    size_t n = schema_sources(a, NULL, &src, &e);
    struct schema *s = schema_load(a, src, n, &es);
    CHECK(s);
    return s;
}

static void check(const struct report *r)
{
    struct buf b;
    for (size_t i = 0; i < r->doc->nblocks; i++)
        for (size_t k = 0; k < r->doc->blocks[i].nspans; k++) {
            const struct doc_span *s = &r->doc->blocks[i].spans[k];
            CHECK(s->text);
            CHECK(s->kind != DOC_FIGURE || (s->source >= 1 && (size_t)s->source <= r->doc->nsources && s->href));
        }
    buf_init(&b, 1 << 22);
    report_json(&b, r);
    report_text_out(&b, r);
    buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct schema *s;
    static struct node town = {.code = "LX", .name = "柳溪社区"};
    static const struct report_source src = {compute, slices, behind, NULL};
    if (!s)
        s = load();
    struct arena *a = arena_new();
    struct schema_errors es = {.a = a};
    struct report_def def = {.name = "t", .label = {{"样稿", "樣稿", "Sample"}}, .file = "t.md"};
    def.text = arena_strn(a, (const char *)data, size);
    def.n = strlen(def.text);
    struct template *t = report_parse(a, s, &def, &es);
    CHECK((t == NULL) == (es.n > 0));
    for (size_t i = 0; i < es.n; i++)
        CHECK(es.v[i].line >= 1 && es.v[i].col >= 1 && *es.v[i].msg);
    if (t) {
        struct view v = {.schema = s};
        struct report_params p = {&town, 19723, 20088, NULL, LANG_HANS, NULL, 1, NULL};
        struct report *r;
        struct err e = {0};
        CHECK(report_fill(&r, a, &src, &v, t, &p, &e) == 0);
        check(r);
    }
    arena_free(a);
    return 0;
}
