/* SPDX-License-Identifier: Apache-2.0 */
/* expr.c: expressions are parsed, bound and evaluated; what is wrong is said with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

#include "base/date.h"
#include "model/expr.h"

static struct arena *a;
static struct reg *reg;
static struct value values[F__MAX], row[3];

static struct scope scope_of(void)
{
    return (struct scope){.reg = reg,
                          .values = values,
                          .child = &reg->children[0],
                          .row = row,
                          .state = "out",
                          .home = 7,
                          .unit = 9,
                          .happened = day_from_ymd(2026, 3, 5),
                          .entered = day_instant(day_from_ymd(2026, 3, 6), 600),
                          .today = day_from_ymd(2026, 3, 10),
                          .child_count = {2}};
}

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    reg = fixture(a);
    memset(values, 0, sizeof values);
    memset(row, 0, sizeof row);
    values[F_LENT] = value_int(day_from_ymd(2026, 3, 5));
    values[F_ITEM] = value_text("Ladder梯子");
    values[F_KIND] = value_text("tool");
    values[F_TAGS] = value_text(",tool,book,");
    values[F_BORROWER] = value_text("温萍");
    values[F_FEE] = value_int(180050);
    values[F_HOURS] = value_int(25);
    values[F_COUNT] = value_int(3);
    values[F_DONE] = value_int(1);
    values[F_CLOSED] = value_int(day_instant(day_from_ymd(2026, 3, 9), 23 * 60 + 30));
    values[F_BRANCH] = value_int(9);
    row[0] = value_text("张三");
    row[1] = value_text("book");
    row[2] = value_int(40);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct expr *bound(const char *text, bool child)
{
    struct err e = {0};
    int at = 0;
    struct expr *x = expr_parse(a, text, &at, &e);

    if (!x || expr_bind(a, x, reg, child ? &reg->children[0] : NULL, &at, &e))
        fail_msg("%s: col %d: %s", text, at, e.msg);
    return x;
}

static int truth(const char *text)
{
    struct scope s = scope_of();
    struct expr *x = bound(text, false);

    assert_int_equal(x->type, EXT_BOOL);
    return expr_true(a, x, &s);
}

static struct value value(const char *text)
{
    struct scope s = scope_of();
    return expr_eval(a, bound(text, false), &s);
}

static void wrong(const char *text, int col, const char *words)
{
    struct err e = {0};
    int at = 0;
    struct expr *x = expr_parse(a, text, &at, &e);

    if (x && !expr_bind(a, x, reg, NULL, &at, &e))
        fail_msg("%s was accepted", text);
    if (!strstr(e.msg, words))
        fail_msg("%s: said \"%s\", expected \"%s\"", text, e.msg, words);
    if (at != col)
        fail_msg("%s: column %d, expected %d (%s)", text, at, col, e.msg);
}

static void test_precedence(void **state)
{
    (void)state;
    assert_int_equal(value("2 + 3 * 4").i, 14);
    assert_int_equal(value("(2 + 3) * 4").i, 20);
    assert_int_equal(value("10 - 3 - 2").i, 5);
    assert_int_equal(value("-3 + 5").i, 2);
    assert_true(truth("copies = 3 or copies = 4 and copies = 5"));
    assert_false(truth("(copies = 3 or copies = 4) and copies = 5"));
    assert_true(truth("not copies = 4 and done"));
    assert_false(truth("not (copies = 4 or done)"));
    assert_true(truth("not not done"));
    assert_true(truth("copies + 1 * 2 = 5"));
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(truth("kind = tool"));
    assert_true(truth("tool = kind"));
    assert_true(truth("kind = 'tool'"));
    assert_true(truth("kind != item")); /* the code, although a field has this name */
    assert_true(truth("kind in (book, tool)"));
    assert_false(truth("kind in (book, 80_84)"));
    assert_true(truth("kind in (book, other, book, other, book, other, book, other, tool)"));
    assert_true(truth("state = out"));
    assert_true(truth("state in (lost, out)"));
    assert_true(truth("tags = book"));
    assert_false(truth("tags = other"));
    assert_true(truth("tags != other"));
    assert_true(truth("tags in (other, book)"));
    assert_true(truth("done = true"));
    assert_true(truth("done != false"));
    assert_true(truth("fee = 1800.5"));
    assert_true(truth("fee > 1800 and fee < 1800.51"));
    assert_true(truth("fee > 1800.499"));
    assert_true(truth("hours * 2 = 5"));
    assert_true(truth("hours < copies"));
    assert_true(truth("fee = 720.2 * 2.5"));
    assert_true(truth("lent_on = 2026-03-05"));
    assert_true(truth("closed_at = 2026-03-09")); /* its day in the zone, not in UTC */
    assert_true(truth("closed_at > lent_on"));
    assert_true(truth("happened < entered"));
    assert_true(truth("unit = branch and home != branch"));
    assert_true(truth("item = 'Ladder梯子'"));
    assert_true(truth("'it''s' != item"));
}

static void test_nothing(void **state)
{
    (void)state;
    values[F_KIND] = values[F_FEE] = values[F_DONE] = values[F_TAGS] = value_null();
    assert_false(truth("kind = tool"));
    assert_false(truth("kind != tool"));
    assert_true(truth("not kind = tool"));
    assert_true(truth("not kind != tool"));
    assert_false(truth("kind in (tool, book)"));
    assert_false(truth("fee < 10 or fee >= 10"));
    assert_false(truth("done"));
    assert_true(truth("not done"));
    assert_false(truth("done = false"));
    assert_true(truth("coalesce(done, false) = false"));
    assert_false(truth("tags != tool"));
    assert_true(truth("fee is empty and item is not empty"));
    assert_int_equal(value("fee + 1").kind, VALUE_NULL);
    assert_true(truth("fee + 1 is empty"));
    assert_int_equal(value("concat(kind)").kind, VALUE_NULL);
    assert_int_equal(value("join('·', kind, fee)").kind, VALUE_NULL);
    assert_string_equal(value("join('·', kind, item, fee)").s, value("item").s);
    assert_int_equal(value("coalesce(fee, 3)").i, 300);
}

static void test_time(void **state)
{
    (void)state;
    assert_int_equal(value("lent_on + 30 d").i, day_from_ymd(2026, 4, 4));
    assert_int_equal(value("30 d + lent_on").i, day_from_ymd(2026, 4, 4));
    assert_int_equal(value("2026-01-31 + 1 month").i, day_from_ymd(2026, 2, 28));
    assert_int_equal(value("2026-03-31 - 1 month").i, day_from_ymd(2026, 2, 28));
    assert_int_equal(value("today - lent_on").i, 5);
    assert_int_equal(value("days(lent_on, closed_at)").i, 4);
    assert_int_equal(value("year(closed_at) * 100 + month(lent_on)").i, 202603);
    assert_int_equal(value("closed_at + 1 d").i, values[F_CLOSED].i + 86400000);
    assert_int_equal(value("lent_on + 3 wd").i, day_from_ymd(2026, 3, 8)); /* no calendar given: plain days */
    assert_true(truth("today <= lent_on + 5d"));
    assert_true(expr_needs_calendar(bound("lent_on + 3 wd < today", false)));
    assert_false(expr_needs_calendar(bound("lent_on + 3 d < today", false)));
}

static int32_t every_other(int32_t day, int n, void *arg)
{
    (void)arg;
    return day + 2 * n;
}

static void test_working_days(void **state)
{
    struct scope s = scope_of();

    (void)state;
    s.working_day = every_other;
    assert_int_equal(expr_eval(a, bound("lent_on + 5 wd", false), &s).i, day_from_ymd(2026, 3, 15));
    assert_int_equal(expr_eval(a, bound("lent_on - 1 wd", false), &s).i, day_from_ymd(2026, 3, 3));
}

static void test_functions(void **state)
{
    (void)state;
    assert_string_equal(value("concat(item, '·', borrower)").s, "Ladder梯子·温萍");
    assert_string_equal(value("concat(kind, fee, hours, done, lent_on, state)").s,
                        "工具1800.502.5是2026-03-05借出");
    assert_string_equal(value("concat(fee - 1800.75)").s, "-0.25");
    assert_string_equal(value("join('·', item, borrower)").s, "Ladder梯子·温萍");
    assert_string_equal(value("lower(item)").s, "ladder梯子");
    assert_int_equal(value("count(helpers)").i, 2);
    assert_int_equal(value("if(done, fee, 0)").i, 180050);
    assert_int_equal(value("if(not done, fee, 1)").i, 100);
    assert_true(truth("kind = if(done, tool, book)"));
    assert_string_equal(value("coalesce(kind, other)").s, "tool");
}

static void test_child(void **state)
{
    struct scope s = scope_of();

    (void)state;
    assert_true(expr_true(a, bound("role = book and kind = tool and copies = 40", true), &s));
    assert_int_equal(bound("copies", true)->op, EX_CHILD_FIELD);
    assert_int_equal(bound("copies", false)->op, EX_FIELD);
}

static void test_wrong(void **state)
{
    (void)state;
    wrong("", 1, "expected a field");
    wrong("kind =", 7, "expected a field");
    wrong("kind = tol", 8, "did you mean tool");
    wrong("kind = 工具", 8, "unexpected");
    wrong("kind = '工具'", 8, "has no choice");
    wrong("state = bak", 9, "did you mean back");
    wrong("itm = 'x'", 1, "did you mean item");
    wrong("kind in (tool, bok)", 16, "did you mean book");
    wrong("kind < tool", 6, "has no order");
    wrong("tags > tool", 8, "several choices");
    wrong("item = 3", 8, "do not go together");
    wrong("fee and done", 1, "expected a condition");
    wrong("lent_on + 5", 11, "needs its unit");
    wrong("item + item", 6, "concat");
    wrong("5 wd", 1, "added to a date");
    wrong("lent_on = 2026-02-30", 11, "no day");
    wrong("concat(item", 12, "expected )");
    wrong("join(item, borrower)", 6, "what stands between");
    wrong("konkat(item)", 1, "no function");
    wrong("year()", 1, "takes 1 value");
    wrong("year(item)", 6, "takes a date");
    wrong("count(helper)", 7, "did you mean helpers");
    wrong("item = 'x", 8, "closing quote");
    wrong("fee / 2 > 1", 5, "no division");
    wrong("done done", 6, "expected an operator");
    wrong("fee is nothing", 8, "is empty");
    wrong("a = 1.2345678", 5, "decimals");
    wrong("1234567890123456 = copies", 1, "digits");
    wrong("fee * fee * fee * fee * fee = 1", 23, "decimals");
}

static void test_bounds(void **state)
{
    char text[4096];
    struct err e = {0};
    int at;

    (void)state;
    memset(text, '(', 1500);
    strcpy(text + 1500, "done");
    assert_null(expr_parse(a, text, &at, &e));
    assert_non_null(strstr(e.msg, "deep"));
    memset(text, 'a', 2500);
    text[2500] = 0;
    assert_null(expr_parse(a, text, &at, &e));
    text[0] = 0;
    for (int i = 0; i < 60; i++)
        strcat(text, "done or ");
    strcat(text, "done");
    assert_null(expr_parse(a, text, &at, &e));
    text[0] = 0;
    for (int i = 0; i < 300; i++)
        strcat(text, "not ");
    assert_null(expr_parse(a, strcat(text, "done"), &at, &e));
}

static int fit(const char *text, int field, struct value *out)
{
    struct err e = {0};
    struct scope s = scope_of();
    struct expr *x = expr_parse(a, text, NULL, &e);

    assert_non_null(x);
    if (expr_bind_for(a, x, reg, NULL, &fixture_fields[field], NULL, &e))
        return -1;
    *out = expr_eval(a, x, &s);
    return 0;
}

static void test_target(void **state)
{
    struct value v;

    (void)state;
    assert_int_equal(fit("tool", F_KIND, &v), 0);
    assert_string_equal(v.s, "tool");
    assert_int_equal(fit("'tool'", F_KIND, &v), 0);
    assert_int_equal(fit("if(done, book, tool)", F_KIND, &v), 0);
    assert_string_equal(v.s, "book");
    assert_int_equal(fit("tool", F_TAGS, &v), 0);
    assert_string_equal(v.s, ",tool,");
    assert_int_equal(fit("hammer", F_KIND, &v), -1);
    assert_int_equal(fit("5", F_FEE, &v), 0);
    assert_int_equal(v.i, 500);
    assert_int_equal(fit("copies * 2", F_FEE, &v), 0);
    assert_int_equal(v.i, 600);
    assert_int_equal(fit("fee", F_COUNT, &v), -1);
    assert_int_equal(fit("today", F_CLOSED, &v), 0);
    assert_int_equal(v.i, day_instant(day_from_ymd(2026, 3, 10), 0));
    assert_int_equal(fit("now", F_LENT, &v), 0);
    assert_int_equal(v.i, today());
    assert_int_equal(fit("today", F_MONTH, &v), 0);
    assert_int_equal(v.i, day_from_ymd(2026, 3, 1));
    assert_int_equal(fit("true", F_DONE, &v), 0);
    assert_int_equal(fit("unit", F_BRANCH, &v), 0);
    assert_int_equal(v.i, 9);
    assert_int_equal(fit("item", F_FEE, &v), -1);
    assert_int_equal(fit("5", F_ITEM, &v), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_precedence, setup, teardown),
        cmocka_unit_test_setup_teardown(test_compare, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_working_days, setup, teardown),
        cmocka_unit_test_setup_teardown(test_functions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_child, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_target, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
