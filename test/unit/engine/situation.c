/* SPDX-License-Identifier: Apache-2.0 */
/* situation.c: every report template of the built-in modules parses, and the situation report reads as in
 * test/golden/report/situation.txt when its figures are made up. LINLI_GOLDEN=write writes the file anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "engine/report.h"

#define GOLDEN "test/golden/report/situation.txt"

static struct arena *a;
static struct schema *schema;

static int setup(void **state)
{
    (void)state;
    struct err e = {0};
    struct schema_source *src;
    a = arena_new();
    struct schema_errors es = {.a = a};
    size_t n = schema_sources(a, NULL, &src, &e);
    struct arena *own = arena_new(); /* becomes the schema's */
    schema = schema_load(own, src, n, &es);
    for (size_t i = 0; i < es.n; i++)
        print_error("%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    return schema ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    schema_free(schema);
    arena_free(a);
    return 0;
}

static void all_parse(void **state)
{
    (void)state;
    struct schema_errors es = {.a = a};
    assert_true(schema->nreports > 0);
    report_check_all(a, schema, &es);
    for (size_t i = 0; i < es.n; i++)
        print_error("%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    assert_int_equal(es.n, 0);
}

/* --- figures that are made up but agree with each other --- */

static const struct {
    const char *name;
    int64_t value, num, den;
} made[] = {
    {"unit.grids", 3, 0, 0},
    {"unit.areas", 8, 0, 0},
    {"member.all", 60, 0, 0},
    {"member.by_kind", 60, 0, 0},
    {"member.retired", 21, 0, 0},
    {"meeting.held", 45, 0, 0},
    {"meeting.expected", 900, 0, 0},
    {"meeting.attendance", 801, 0, 0},
    {"meeting.attendance_rate", 890, 801, 900},
    {"meeting.kept", 46, 46, 48},
    {"meeting.missed", 2, 0, 0},
    {"dispute.found", 12, 0, 0},
    {"dispute.settled", 9, 0, 0},
    {"dispute.concluded", 10, 0, 0},
    {"dispute.success_rate", 900, 9, 10},
    {"dispute.amount", 1250050, 0, 0},
    {"request.received", 70, 0, 0},
    {"request.closed", 64, 0, 0},
    {"request.open", 6, 0, 0},
    {"request.overdue", 1, 0, 0},
    {"request.open_overdue", 1, 0, 0},
    {"request.ontime_rate", 984, 63, 64},
    {"request.by_source", 70, 0, 0},
    {"request.closed_by_channel", 64, 0, 0},
    {"request.answered", 60, 0, 0},
    {"request.satisfied", 57, 0, 0},
    {"request.satisfaction", 950, 57, 60},
    {"visit.count", 131, 0, 0},
    {"visit.households", 96, 0, 0},
    {"visit.needs", 17, 0, 0},
    {"volunteer.teams", 4, 0, 0},
    {"volunteer.events", 22, 0, 0},
    {"volunteer.times", 240, 0, 0},
    {"volunteer.hours", 35250, 0, 0},
    {"volunteer.benefited", 700, 0, 0},
    {"training.sessions", 3, 0, 0},
    {"training.times", 150, 0, 0},
    {"training.people", 120, 0, 0},
    {"partner.units", 7, 0, 0},
    {"partner.committee", 2, 0, 0},
    {"partner.lists", 3, 0, 0},
    {"need.count", 9, 0, 0},
    {"resource.count", 11, 0, 0},
    {"project.count", 6, 0, 0},
    {"need.listed", 14, 0, 0},
    {"resource.listed", 12, 0, 0},
    {"project.listed", 8, 0, 0},
    {"project.done", 4, 0, 0},
};

static bool nothing_happened; /* stocks stand, in the period itself there was nothing */

static int compute(void *arg, struct figure_value *out, struct arena *ar, const struct figure *f,
                   const struct figure_at *at, struct err *e)
{
    (void)ar, (void)arg;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (strcmp(made[i].name, f->name) == 0) {
            int64_t years = day_ymd(at->to).y - day_ymd(at->from).y + 1;
            int64_t v = made[i].value * (f->kind == FIG_RATIO ? 1 : years);
            if (at->to < day_from_ymd(2024, 1, 1))
                v = 0;
            if (at->slice) /* a third in the first choice, the rest in the second */
                v = strcmp(at->slice, f->slice_field->choices[0].code) == 0   ? v / 3
                    : strcmp(at->slice, f->slice_field->choices[1].code) == 0 ? v - v / 3
                                                                              : 0;
            *out = (struct figure_value){
                .figure = f, .value = v, .num = made[i].num, .den = made[i].den, .records = v};
            if (nothing_happened && f->kind != FIG_STOCK)
                *out = (struct figure_value){.figure = f, .gap = f->kind == FIG_RATIO};
            return 0;
        }
    return err_set(e, ERR_BUG, "the test makes no value for %s", f->name);
}

static int slices(void *arg, struct figure_slice **out, size_t *n, struct arena *ar, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e)
{
    *out = arena_array(ar, 2, sizeof **out);
    *n = 2;
    for (size_t i = 0; i < 2; i++) {
        const struct choice *c = &f->slice_field->choices[1 - i];
        struct figure_value v;
        struct figure_at one = *at;
        one.slice = c->code;
        if (compute(arg, &v, ar, f, &one, e) != 0)
            return -1;
        (*out)[i] = (struct figure_slice){c->code, label_in(&c->label, l), v.value, v.records};
    }
    return 0;
}

static int behind(void *arg, struct behind **out, size_t *n, struct arena *ar, const struct figure *f,
                  const struct figure_at *at, size_t limit, struct err *e)
{
    (void)arg, (void)f, (void)at, (void)limit, (void)e;
    *n = 2;
    *out = arena_array(ar, 2, sizeof **out);
    (*out)[0].title = "柳溪社区第一党支部2024年5月支委会";
    (*out)[1].title = "柳溪社区第二党支部2024年第四季度党课";
    return 0;
}

static struct report *fill(const struct map *texts)
{
    static const struct report_source src = {compute, slices, behind, NULL};
    static struct node town = {.code = "LX", .name = "柳溪社区", .kind = "community"};
    static struct view view;
    static struct report_params p;
    struct schema_errors es = {.a = a};
    struct err e = {0};
    view.schema = schema;
    p = (struct report_params){&town,
                               day_from_ymd(2024, 1, 1),
                               day_from_ymd(2024, 12, 31),
                               texts,
                               LANG_HANS,
                               NULL,
                               day_instant(day_from_ymd(2025, 1, 6), 540),
                               NULL};
    const struct report_def *def = NULL;
    for (size_t i = 0; i < schema->nreports; i++)
        if (strcmp(schema->reports[i].name, "situation") == 0)
            def = &schema->reports[i];
    assert_non_null(def);
    struct template *t = report_parse(a, schema, def, &es);
    assert_non_null(t);
    struct report *r;
    if (report_fill(&r, a, &src, &view, t, &p, &e) != 0)
        fail_msg("%s", e.msg);
    return r;
}

static void reads_as_kept(void **state)
{
    (void)state;
    struct map *texts = map_new(a);
    struct err e = {0};
    map_put(texts, "overview", "这是本单位自己写的总体情况。");
    map_put(texts, "problems", "这是存在的问题。");
    struct report *r = fill(texts);
    struct buf b;
    buf_init(&b, 1 << 20);
    report_text_out(&b, r);
    for (size_t i = 0; i < r->nproblems; i++)
        buf_printf(&b, "! %s\n", r->problems[i].msg);
    const char *write = getenv("LINLI_GOLDEN");
    if (write && strcmp(write, "write") == 0)
        assert_int_equal(file_write(GOLDEN, b.p, b.n, 0644, &e), 0);
    char *want;
    size_t n;
    if (file_read(&want, &n, a, GOLDEN, 1 << 20, &e) != 0)
        fail_msg("%s: %s (run from the top folder)", GOLDEN, e.msg);
    assert_string_equal(buf_cstr(&b), want);
    assert_true(r->sound);
    buf_done(&b);
}

/* The catalogue's figures that the template says it covers are printed by figures that cover them. */
static void every_number_has_a_source(void **state)
{
    (void)state;
    struct report *r = fill(NULL);
    size_t figures = 0;
    for (size_t i = 0; i < r->doc->nblocks; i++)
        for (size_t k = 0; k < r->doc->blocks[i].nspans; k++) {
            const struct doc_span *s = &r->doc->blocks[i].spans[k];
            if (s->kind != DOC_FIGURE)
                continue;
            figures++;
            assert_non_null(s->href);
            assert_true(s->source >= 1 && (size_t)s->source <= r->doc->nsources);
            assert_string_equal(r->doc->sources[s->source - 1].printed, s->text);
        }
    assert_true(figures > 50);
}

/* An empty period is told in words: nobody writes 其中0件. */
static void nothing_is_told_in_words(void **state)
{
    static const char *const measures[] = {"件", "次", "场", "期", "户", "条", "人",
                                           "项", "个", "张", "起", "元", "支"};
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    nothing_happened = true;
    report_text_out(&b, fill(NULL));
    nothing_happened = false;
    const char *text = buf_cstr(&b);
    for (const char *p = strchr(text, '0'); p; p = strchr(p + 1, '0'))
        for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
            if ((p == text || p[-1] < '0' || p[-1] > '9') && strncmp(p + 1, measures[i], strlen(measures[i])) == 0)
                fail_msg("0%s in: %s", measures[i], text);
    assert_non_null(strstr(text, "2024年没有入户走访的记录。"));
    assert_null(strstr(text, "，。"));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_parse), cmocka_unit_test(reads_as_kept),
                                       cmocka_unit_test(every_number_has_a_source),
                                       cmocka_unit_test(nothing_is_told_in_words)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
