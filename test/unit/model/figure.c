/* SPDX-License-Identifier: Apache-2.0 */
/* figure.c: totals follow every write, the drill-down lists what the number counts; on both back ends
 * (LINLI_TEST_PG). */
#include "figure_case.h"

static void kinds(void **state)
{
    struct site_case *c = *state;
    struct figure_at all, peach, first, january;

    five(c);
    all = at(c, c->street, Y2026);
    peach = at(c, c->peach, Y2026);
    first = at(c, c->peach1, Y2026);
    january = at(c, c->peach1, DAY(2026, 1, 1), DAY(2026, 1, 31));
    counts(c, "loan.count", &all, 5);
    counts(c, "loan.count", &peach, 4);
    counts(c, "loan.count", &first, 3);
    counts(c, "loan.count", &january, 2);
    counts(c, "loan.people", &all, 3);
    counts(c, "loan.people", &peach, 3);
    counts(c, "loan.people", &first, 2);
    counts(c, "loan.heads", &all, 7);
    counts(c, "loan.help", &all, 3); /* minutes > 0 */
    counts(c, "loan.minutes", &all, 90);
    counts(c, "loan.hours", &all, 30);
    counts(c, "loan.fees", &all, 10250);
    counts(c, "loan.teams", &all, 3);
    counts(c, "loan.back", &all, 0); /* nobody has moved one: in state out */
    counts(c, "loan.all", &all, 5);
    all.unit = NULL;
    counts(c, "loan.count", &all, 5);
    case_clean(c);
}

static void on_another_day(void **state)
{
    struct site_case *c = *state;
    struct record *r = loan(c, c->peach1, 1, 31, "tool", "周明远", NULL);
    struct save s = case_save(c);
    struct figure_at jan, feb;

    case_put(c, r);
    record_set(r, "back_on", value_int(DAY(2026, 2, 2)));
    GOOD(flow_move(&s, r, reg_move(r->reg, "return"), &c->e));
    jan = at(c, c->peach, DAY(2026, 1, 1), DAY(2026, 1, 31));
    feb = at(c, c->peach, DAY(2026, 2, 1), DAY(2026, 2, 28));
    counts(c, "loan.count", &jan, 1);
    counts(c, "loan.back", &jan, 0);
    counts(c, "loan.back", &feb, 1);
    case_clean(c);
}

static void follows_changes(void **state)
{
    struct site_case *c = *state;
    struct record *r = loan(c, c->peach1, 1, 5, "tool", "周明远", "19900000001");
    struct save s = case_save(c);
    struct figure_at one, two;

    record_set(r, "fee", value_int(500));
    helper(c, r, "吴一鸣", "lead", 30);
    case_put(c, r);
    record_set(r, "fee", value_int(700)); /* another amount, another kind, another branch, another day */
    record_set(r, "kind", value_text("book"));
    record_set(r, "branch", value_int(c->peach2));
    record_set(r, "lent_at", value_int(day_instant(DAY(2026, 3, 9), 0)));
    record_set(r, "phone", value_text("19900000009"));
    r->children[0].rows[0].values[2] = value_int(31);
    case_put(c, r);
    one = at(c, c->peach1, Y2026);
    two = at(c, c->peach2, DAY(2026, 3, 9), DAY(2026, 3, 9));
    assert_true(value(c, "loan.count", &one).gap); /* nothing is recorded there any more */
    counts(c, "loan.count", &two, 1);
    counts(c, "loan.fees", &two, 700);
    counts(c, "loan.minutes", &two, 31);
    counts(c, "loan.people", &two, 1);
    two.slice = "tool";
    counts(c, "loan.count", &two, 0);
    two.slice = "book";
    counts(c, "loan.count", &two, 1);
    case_clean(c);
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    case_clean(c);
}

/* At the end of the day: begun by then, not ended before. */
static void stock(void **state)
{
    struct site_case *c = *state;
    static const struct {
        int m, d;
        int64_t want;
    } days[] = {{1, 5, 1}, {1, 31, 2}, {2, 3, 3}, {2, 4, 2}, {4, 30, 3}, {5, 1, 3}, {12, 31, 3}};
    struct figure_at a;

    five(c);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        a = at(c, c->street, DAY(2026, 1, 1), DAY(2026, days[i].m, days[i].d));
        counts(c, "loan.out", &a, days[i].want);
    }
    a = at(c, c->street, Y2026);
    a.slice = "tool";
    counts(c, "loan.out", &a, 2);
    a = at(c, c->street, DAY(2025, 1, 1), DAY(2025, 12, 31));
    assert_true(value(c, "loan.out", &a).gap); /* nothing was recorded by then */
    case_clean(c);
}

/* Of days to come nothing is known: what will end in a month still counts, and the number says that it is today's.
 */
static void stock_of_days_to_come(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_new(c, "item", c->peach);
    struct figure_at a = at(c, c->peach, today(), today() + 60);
    struct figure_value v;
    struct behind *b;
    size_t n;

    record_set(r, "code", value_text("T1"));
    record_set(r, "name", value_text("人字梯"));
    record_set(r, "bought_on", value_int(today() - 10));
    record_set(r, "gone_on", value_int(today() + 30));
    case_put(c, r);
    counts(c, "item.kept", &a, 1);
    v = value(c, "item.kept", &a);
    assert_true(v.as_today);
    b = behind(c, "item.kept", &a, &n);
    assert_string_equal(b[0].title, "人字梯");
    a.to = today();
    v = value(c, "item.kept", &a);
    assert_false(v.as_today);
    assert_int_equal(v.value, 1);
}

static void ratios(void **state)
{
    struct site_case *c = *state;
    struct save s = case_save(c);
    struct figure_at a;
    struct figure_value v;

    for (int i = 0; i < 7; i++) {
        struct record *r = loan(c, c->peach1, 6, 10 + i, "tool", "周明远", NULL);

        case_put(c, r);
        if (i < 6) {
            record_set(r, "back_on", value_int(DAY(2026, 6, 30)));
            GOOD(flow_move(&s, r, reg_move(r->reg, "return"), &c->e));
        }
    }
    a = at(c, c->peach, Y2026);
    v = value(c, "loan.rate", &a); /* 6/7 = 85.714… */
    assert_int_equal(v.value, 857);
    assert_int_equal(v.num, 6);
    assert_int_equal(v.den, 7);
    assert_string_equal(figure_plain(c->a, &v), "85.7");
    a.to = DAY(2026, 6, 16);
    v = value(c, "loan.rounded", &a);
    assert_string_equal(figure_plain(c->a, &v), "0.0"); /* given back later */
    a = at(c, c->peach, DAY(2026, 1, 1), DAY(2026, 1, 31));
    v = value(c, "loan.rate", &a);
    assert_true(v.gap); /* 0/0 */
    assert_string_equal(figure_plain(c->a, &v), "");
    a = at(c, c->willow, Y2026);
    assert_true(value(c, "loan.rate", &a).gap);
    case_clean(c);
}

static void rounding(void **state)
{
    struct site_case *c = *state;
    struct save s = case_save(c);
    struct figure_value v;
    struct figure_at a;

    for (int i = 0; i < 16; i++) { /* 1/16 = 6.25 % */
        struct record *r = loan(c, c->peach1, 6, 1 + i, "tool", "周明远", NULL);

        case_put(c, r);
        record_set(r, "back_on", value_int(DAY(2026, 6, 30)));
        if (i == 0)
            GOOD(flow_move(&s, r, reg_move(r->reg, "return"), &c->e));
    }
    a = at(c, c->peach, Y2026);
    v = value(c, "loan.rate", &a);
    assert_string_equal(figure_plain(c->a, &v), "6.2");
    v = value(c, "loan.rounded", &a);
    assert_string_equal(figure_plain(c->a, &v), "6.3");
}

static void digits(void **state)
{
    struct site_case *c = *state;
    struct figure_value v = {.figure = fig(c, "loan.fees"), .value = 4695600};

    assert_string_equal(figure_plain(c->a, &v), "46,956");
    v.value = 105;
    assert_string_equal(figure_plain(c->a, &v), "1.05");
    v.value = -105;
    assert_string_equal(figure_plain(c->a, &v), "-1.05");
    v.figure = fig(c, "loan.hours");
    v.value = 5610;
    assert_string_equal(figure_plain(c->a, &v), "561");
    v.value = 5615;
    assert_string_equal(figure_plain(c->a, &v), "561.5");
    v.figure = fig(c, "loan.count");
    v.value = 1677;
    assert_string_equal(figure_plain(c->a, &v), "1677");
    v.gap = true;
    assert_string_equal(figure_plain(c->a, &v), "");
}

static struct figure_slice *slices(struct site_case *c, const char *name, const struct figure_at *a, size_t *n)
{
    struct figure_slice *v;

    GOOD(figure_slices(&v, n, c->a, reader(c), fig(c, name), a, LANG_HANS, &c->e));
    return v;
}

/* Titles in slices are masked as everywhere; what is asked for must be one of the slices. */
static void slices_are_told_to_whom_may_see(void **state)
{
    struct site_case *c = *state;
    struct grant grant = {.role = "viewer", .unit = c->peach};
    struct actor viewer = {.user = 7, .name = "读者", .grants = &grant, .ngrants = 1};
    struct field *name = (struct field *)(uintptr_t)reg_field(schema_reg(c->v.schema, "item"), "name");
    struct record *item = case_new(c, "item", c->peach), *r;
    struct figure_at a = at(c, c->peach, Y2026);
    enum data_class cls = name->cls;
    struct figure_slice *v;
    size_t n;

    record_set(item, "code", value_text("T1"));
    record_set(item, "name", value_text("宋玉成"));
    record_set(item, "bought_on", value_int(DAY(2020, 1, 1)));
    case_put(c, item);
    r = loan(c, c->peach1, 6, 6, "tool", "周明远", NULL);
    record_set(r, "item", value_int(item->id));
    case_put(c, r);
    name->cls = CLASS_PERSONAL;
    a.who = &viewer;
    v = slices(c, "loan.items", &a, &n);
    assert_int_equal(n, 1);
    assert_null(strstr(v[0].label, "玉成"));
    a.who = NULL;
    v = slices(c, "loan.items", &a, &n);
    assert_string_equal(v[0].label, "宋玉成");
    name->cls = cls;
}

static void only_slices_that_there_are(void **state)
{
    struct site_case *c = *state;
    struct figure_at a = at(c, c->peach, Y2026);
    static const struct {
        const char *figure, *slice, *says;
    } wrong[] = {{"loan.count", "tolo", "tool（工具）"},
                 {"loan.by_grid", "99", "第一网格"},
                 {"loan.heads", "tool", "没有分类"}};

    five(c);
    a.slice = "book";
    GOOD(figure_slice_check(c->a, reader(c), fig(c, "loan.count"), &a, &c->e));
    a.slice = "?";
    GOOD(figure_slice_check(c->a, reader(c), fig(c, "loan.by_grid"), &a, &c->e));
    a.slice = NULL;
    GOOD(figure_slice_check(c->a, reader(c), fig(c, "loan.heads"), &a, &c->e));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        err_clear(&c->e);
        a.slice = wrong[i].slice;
        assert_int_equal(figure_slice_check(c->a, reader(c), fig(c, wrong[i].figure), &a, &c->e), -1);
        assert_int_equal(c->e.code, ERR_INPUT);
        assert_non_null(strstr(c->e.msg, wrong[i].says));
    }
}

/* Lines that would look alike: the hour and the number tell them apart. */
static void lines_have_their_hour_and_number(void **state)
{
    struct site_case *c = *state;
    struct figure_at a = at(c, c->peach, Y2026);
    struct record *r = loan(c, c->peach1, 6, 6, "tool", "周明远", NULL);
    struct behind *b;
    size_t n;

    record_set(r, "lent_at", value_int(day_instant(DAY(2026, 6, 6), 14 * 60 + 30)));
    case_put(c, r);
    r = loan(c, c->peach1, 6, 7, "tool", "周明远", NULL);
    record_set(r, "lent_at", value_int(day_instant(DAY(2026, 6, 7), 0)));
    case_put(c, r);
    b = behind(c, "loan.count", &a, &n);
    assert_int_equal(n, 2);
    assert_string_equal(b[0].time, "14:30");
    assert_string_equal(b[0].number, "借〔2026〕001号");
    assert_null(b[1].time);
}

static void sliced(void **state)
{
    struct site_case *c = *state;
    struct figure_at a;
    struct figure_slice *v;
    struct record *item = case_new(c, "item", c->peach), *r;
    size_t n;

    five(c);
    record_set(item, "code", value_text("T1"));
    record_set(item, "name", value_text("人字梯"));
    record_set(item, "bought_on", value_int(DAY(2020, 1, 1)));
    case_put(c, item);
    r = loan(c, c->peach1, 6, 6, "tool", "周明远", NULL);
    record_set(r, "item", value_int(item->id));
    case_put(c, r);
    a = at(c, c->peach, Y2026);
    v = slices(c, "loan.count", &a, &n);
    assert_int_equal(n, 3);
    assert_string_equal(v[0].code, "tool");
    assert_string_equal(v[0].label, "工具");
    assert_int_equal(v[0].value, 3);
    assert_int_equal(v[0].value + v[1].value + v[2].value, 5);
    for (size_t i = 0; i < n; i++) {
        struct figure_at part = a;

        part.slice = v[i].code;
        counts(c, "loan.count", &part, v[i].value);
    }
    v = slices(c, "loan.by_grid", &a, &n);
    assert_int_equal(n, 2);
    assert_string_equal(v[0].label, "未填");
    assert_int_equal(v[0].value, 4);
    assert_string_equal(v[1].label, "第一网格");
    for (size_t i = 0; i < n; i++) {
        struct figure_at part = a;

        part.slice = v[i].code;
        counts(c, "loan.by_grid", &part, v[i].value);
    }
    v = slices(c, "loan.items", &a, &n);
    assert_int_equal(n, 1);
    assert_string_equal(v[0].label, "人字梯");
    v = slices(c, "loan.people", &a, &n); /* the same person may count under two kinds */
    assert_int_equal(n, 3);
    v = slices(c, "loan.rate", &a, &n);
    assert_int_equal(n, 3);
    assert_int_equal(v[0].value, 0);
    v = slices(c, "loan.help", &a, &n);
    assert_int_equal(n, 2); /* lead and nothing */
    assert_int_equal(v[0].value + v[1].value, 3);
    v = slices(c, "loan.hours", &a, &n);
    assert_int_equal(n, 0);
    case_clean(c);
}

static void lines(void **state)
{
    struct site_case *c = *state;
    struct figure_at a;
    struct behind *b, *page;
    size_t n, got;

    five(c);
    a = at(c, c->street, Y2026);
    b = behind(c, "loan.count", &a, &n);
    assert_int_equal(n, 5);
    assert_string_equal(b[0].title, "借〔2026〕001号 周明远");
    assert_int_equal(b[0].day, DAY(2026, 1, 5));
    assert_int_equal(b[0].unit, c->peach1);
    assert_true(b[0].late);
    for (size_t i = 0; i < n; i++) { /* page by page the same */
        GOOD(figure_behind(&page, &got, c->a, reader(c), fig(c, "loan.count"), &a, i, 1, &c->e));
        assert_int_equal(got, 1);
        assert_int_equal(page[0].id, b[i].id);
    }
    GOOD(figure_behind(&page, &got, c->a, reader(c), fig(c, "loan.count"), &a, 5, 10, &c->e));
    assert_int_equal(got, 0);
    b = behind(c, "loan.help", &a, &n);
    assert_string_equal(b[0].title, "吴一鸣 · 借〔2026〕001号 周明远");
    assert_true(b[0].child > 0);
    b = behind(c, "loan.people", &a, &n);
    assert_int_equal(n, 3);
    assert_string_equal(b[0].key, "周明远19900000001");
    assert_string_equal(b[0].title, "周明远");
    GOOD(figure_behind(&page, &got, c->a, reader(c), fig(c, "loan.people"), &a, 1, 1, &c->e));
    assert_int_equal(got, 1);
    assert_string_equal(page[0].key, b[1].key);
    assert_int_equal(page[0].late, b[1].late);
    GOOD(figure_behind(&page, &got, c->a, reader(c), fig(c, "loan.people"), &a, 2, 10, &c->e));
    assert_int_equal(got, 1);
    assert_string_equal(page[0].key, b[2].key);
    assert_true(strcmp(b[0].key, b[1].key) < 0 && strcmp(b[1].key, b[2].key) < 0);
    b = behind(c, "loan.all", &a, &n); /* from two registers */
    assert_int_equal(n, 5);
}

/* Quarters of 工具日 and months of 读书日, for three branches, up to 2026-07-15. */
static void cadence(void **state)
{
    struct site_case *c = *state;
    struct figure_at a;
    struct figure_value v;
    struct behind *b;
    struct figure_slice *s;
    size_t n;

    five(c); /* first branch: tools in Q1, a book in February; other community's: tools in Q2 */
    a = at(c, c->peach1, Y2026);
    v = value(c, "loan.kept", &a);
    assert_int_equal(v.den, 2 + 6);
    assert_int_equal(v.num, 2);
    v = value(c, "loan.missed", &a);
    assert_int_equal(v.value, 6);
    b = behind(c, "loan.missed", &a, &n);
    assert_int_equal(n, 6);
    assert_string_equal(b[0].title, "桃源社区第一党支部2026年第二季度工具日");
    assert_string_equal(b[0].period, "2026-Q2");
    assert_string_equal(b[1].period, "2026-01");
    assert_string_equal(b[1].key, "读书日");
    assert_int_equal(b[1].id, 0);
    a.slice = "工具日";
    assert_int_equal(value(c, "loan.missed", &a).value, 1);
    a = at(c, c->street, Y2026);
    v = value(c, "loan.kept", &a);
    assert_int_equal(v.den, 3 * 8);
    assert_int_equal(v.num, 3);
    assert_int_equal(v.records, 4); /* two loans of tools in one quarter are one period kept */
    behind(c, "loan.kept", &a, &n);
    assert_int_equal(n, 4);
    a = at(c, c->peach2, Y2026); /* has records, but nothing that was due */
    assert_int_equal(value(c, "loan.missed", &a).value, 8);
    a = at(c, c->peach1, DAY(2026, 2, 15), DAY(2026, 3, 15)); /* February ends in it; March and Q1 do not */
    v = value(c, "loan.kept", &a);
    assert_int_equal(v.den, 1);
    assert_int_equal(v.num, 1);
    a = at(c, c->peach1, DAY(2026, 7, 1), DAY(2026, 7, 31)); /* has not ended yet */
    assert_int_equal(value(c, "loan.kept", &a).den, 0);
    a = at(c, c->peach, Y2026);
    s = slices(c, "loan.missed", &a, &n);
    assert_int_equal(n, 2);
    assert_string_equal(s[0].code, "读书日");
    assert_int_equal(s[0].value, 11);
    a = at(c, c->peach1, DAY(2025, 1, 1), DAY(2025, 12, 31)); /* before anything was recorded */
    assert_true(value(c, "loan.missed", &a).gap);
    b = behind(c, "loan.missed", &a, &n);
    assert_int_equal(n, 0);
    case_clean(c);
}

/* A branch owes only what it saw from the first day to the last. */
static void cadence_of_dated_units(void **state)
{
    struct site_case *c = *state;
    struct record *u;
    struct figure_at a;

    five(c);
    GOOD(record_load(&u, c->a, reader(c), schema_reg(c->v.schema, "unit"), 0, c->peach1, &c->e));
    record_set(u, "since", value_int(DAY(2026, 2, 1)));
    record_set(u, "until", value_int(DAY(2026, 5, 31)));
    case_put(c, u);
    case_again(c);
    a = at(c, c->peach1, Y2026);
    assert_int_equal(value(c, "loan.kept", &a).den, 4); /* February to May; no quarter whole */
}

/* A sum of nothing over so many records. */
static void counts_none(struct site_case *c, const char *name, const struct figure_at *a, int64_t records)
{
    struct figure_value v = value(c, name, a);

    assert_false(v.gap);
    assert_int_equal(v.value, 0);
    assert_int_equal(v.records, records);
}

static void gaps(void **state)
{
    struct site_case *c = *state;
    struct figure_at a = at(c, c->peach, Y2026);
    struct record *r;

    assert_true(value(c, "loan.count", &a).gap);
    assert_true(value(c, "loan.people", &a).gap);
    assert_true(value(c, "loan.missed", &a).gap);
    r = loan(c, c->peach1, 5, 5, "tool", "周明远", NULL);
    case_put(c, r);
    a.from = DAY(2026, 6, 1);
    a.to = DAY(2026, 6, 30);
    counts(c, "loan.count", &a, 0); /* the register is in use: a zero that may be claimed */
    counts(c, "loan.people", &a, 0);
    a.from = DAY(2026, 4, 1);
    a.to = DAY(2026, 4, 30);
    assert_true(value(c, "loan.count", &a).gap); /* it was not yet */
    a = at(c, c->willow, Y2026);
    assert_true(value(c, "loan.count", &a).gap); /* nor elsewhere */
    a = at(c, c->peach, Y2026);
    assert_true(value(c, "loan.fees", &a).gap); /* no loan has said anything about a fee */
    r = loan(c, c->peach2, 6, 5, "tool", "周明远", NULL);
    record_set(r, "fee", value_int(0));
    case_put(c, r);
    counts_none(c, "loan.fees", &a, 1); /* one has: none */
    a = at(c, c->peach, DAY(2026, 6, 6), DAY(2026, 6, 30));
    counts(c, "loan.fees", &a, 0);
    a.to = a.from - 2;
    a.from = a.to;
    assert_true(value(c, "loan.fees", &a).gap); /* but not by then */
}

static void site_wide(void **state)
{
    struct site_case *c = *state;
    struct figure_at a = at(c, 0, Y2026);

    counts(c, "unit.branches", &a, 3);
    a = at(c, c->peach, Y2026);
    counts(c, "unit.branches", &a, 2);
    a = at(c, c->peach1, Y2026);
    counts(c, "unit.branches", &a, 1);
    case_clean(c);
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(kinds),
    TEST_SITE(on_another_day),
    TEST_SITE(follows_changes),
    TEST_SITE(stock),
    TEST_SITE(stock_of_days_to_come),
    TEST_SITE(ratios),
    TEST_SITE(rounding),
    TEST_SITE(digits),
    TEST_SITE(slices_are_told_to_whom_may_see),
    TEST_SITE(only_slices_that_there_are),
    TEST_SITE(lines_have_their_hour_and_number),
    TEST_SITE(sliced),
    TEST_SITE(lines),
    TEST_SITE(cadence),
    TEST_SITE(cadence_of_dated_units),
    TEST_SITE(gaps),
    TEST_SITE(site_wide),
};

BOTH_MAIN(tests)
