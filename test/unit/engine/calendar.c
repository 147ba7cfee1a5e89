/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c: statutory days of 2024–2026 against days known by hand, clocks, periods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/calendar.h"
#include "engine/clock.h"
#include "engine/period.h"

static struct arena *a;
static struct calendar *c;

static int setup(void **state)
{
    (void)state;
    struct err e = {0};
    a = arena_new();
    assert_int_equal(calendar_load(&c, a, NULL, &e), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static int32_t D(const char *s)
{
    int32_t d = day_parse_iso(s);
    assert_true(d != DAY_NONE);
    return d;
}

static int64_t T(const char *day, int hour, int minute)
{
    return day_instant(D(day), hour * 60 + minute);
}

static void known_days(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool works;
        const char *name;
    } days[] = {
        {"2024-01-01", false, "元旦"},    {"2024-01-02", true, NULL},
        {"2024-02-04", true, "调休上班"}, {"2024-02-09", true, NULL}, /* New Year's Eve was worked in 2024 */
        {"2024-02-10", false, "春节"},    {"2024-02-16", false, "春节"},
        {"2024-02-17", false, "春节"},    {"2024-02-18", true, "调休上班"},
        {"2024-04-05", false, "清明节"},  {"2024-04-07", true, "调休上班"},
        {"2024-05-11", true, "调休上班"}, {"2024-05-12", false, NULL},
        {"2024-06-10", false, "端午节"},  {"2024-09-14", true, "调休上班"},
        {"2024-09-16", false, "中秋节"},  {"2024-09-18", true, NULL},
        {"2024-10-07", false, "国庆节"},  {"2024-10-08", true, NULL},
        {"2024-10-12", true, "调休上班"}, {"2025-01-26", true, "调休上班"},
        {"2025-01-27", true, NULL},       {"2025-01-28", false, "春节"},
        {"2025-02-05", true, NULL},       {"2025-05-31", false, "端午节"},
        {"2025-06-02", false, "端午节"},  {"2025-10-08", false, "国庆节、中秋节"},
        {"2025-10-09", true, NULL},       {"2025-10-11", true, "调休上班"},
        {"2025-12-06", false, NULL},      {"2026-01-02", false, "元旦"},
        {"2026-01-04", true, "调休上班"}, {"2026-02-14", true, "调休上班"},
        {"2026-02-16", false, "春节"},    {"2026-02-23", false, "春节"},
        {"2026-02-24", true, NULL},       {"2026-02-28", true, "调休上班"},
        {"2026-06-19", false, "端午节"},  {"2026-09-20", true, "调休上班"},
        {"2026-09-25", false, "中秋节"},  {"2026-10-10", true, "调休上班"},
        {"2026-12-31", true, NULL},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int32_t d = D(days[i].day);
        if (calendar_is_working(c, d) != days[i].works)
            fail_msg("%s", days[i].day);
        const char *name = calendar_name(c, d);
        if ((name != NULL) != (days[i].name != NULL) || (name && strcmp(name, days[i].name) != 0))
            fail_msg("%s is called %s", days[i].day, name ? name : "nothing");
    }
}

/* Working days a year: the weekdays less the statutory holidays (11 days in 2024, 13 from 2025). */
static void days_of_a_year(void **state)
{
    (void)state;
    assert_int_equal(calendar_working_between(c, D("2023-12-31"), D("2024-12-31")), 251);
    assert_int_equal(calendar_working_between(c, D("2024-12-31"), D("2025-12-31")), 248);
    assert_int_equal(calendar_working_between(c, D("2025-12-31"), D("2026-12-31")), 248);
    assert_int_equal(calendar_working_between(c, D("2024-12-31"), D("2023-12-31")), -251);
    assert_int_equal(calendar_working_between(c, D("2024-12-31"), D("2024-12-31")), 0);
}

/* As many days as each notice names; who is called to work is so on a Saturday or Sunday. */
static void days_a_notice_names(void **state)
{
    (void)state;
    static const struct {
        const char *first, *last;
        int holidays, worked, statutory;
    } years[] = {
        {"2024-01-01", "2024-12-31", 28, 8, 11},
        {"2025-01-01", "2025-12-31", 28, 5, 13},
        {"2026-01-01", "2026-12-31", 33, 6, 13},
    };
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int free = 0, worked = 0, free_weekdays = 0;
        for (int32_t d = D(years[i].first); d <= D(years[i].last); d++) {
            if (!calendar_name(c, d))
                continue;
            bool works = calendar_is_working(c, d);
            assert_true(!works || day_weekday(d) > 5);
            worked += works;
            free += !works;
            free_weekdays += !works && day_weekday(d) <= 5;
        }
        assert_int_equal(free, years[i].holidays);
        assert_int_equal(worked, years[i].worked);
        assert_int_equal(free_weekdays - worked, years[i].statutory);
        assert_non_null(calendar_source(c, day_ymd(D(years[i].first)).y));
    }
}

static void nth_working_day(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int n;
        const char *to;
    } rows[] = {
        {"2024-03-04", 3, "2024-03-07"},  {"2024-03-08", 1, "2024-03-11"}, {"2024-02-08", 5, "2024-02-21"},
        {"2024-09-30", 1, "2024-10-08"},  {"2024-09-30", 5, "2024-10-12"}, {"2024-04-03", 1, "2024-04-07"},
        {"2025-01-24", 2, "2025-01-27"},  {"2025-01-27", 1, "2025-02-05"}, {"2025-12-31", 1, "2026-01-04"},
        {"2026-02-13", 1, "2026-02-14"},  {"2026-02-13", 2, "2026-02-24"}, {"2024-10-08", -1, "2024-09-30"},
        {"2026-02-24", -2, "2026-02-13"}, {"2024-10-01", 0, "2024-10-08"}, {"2024-10-12", 0, "2024-10-12"},
        {"2024-12-30", 15, "2025-01-21"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[16];
        int32_t d = calendar_working_day_fn(D(rows[i].from), rows[i].n, c);
        if (d != D(rows[i].to))
            fail_msg("%d after %s: %s, not %s", rows[i].n, rows[i].from, day_iso(d, got), rows[i].to);
    }
}

static void years_without_a_table(void **state)
{
    (void)state;
    assert_true(calendar_is_working(c, D("2031-10-01")));  /* a Wednesday: nobody has said otherwise yet */
    assert_false(calendar_is_working(c, D("2031-10-04"))); /* a Saturday */
    assert_true(calendar_guessed(c, D("2026-12-30"), D("2027-01-05")));
    assert_true(calendar_guessed(c, D("2027-01-05"), D("2026-12-30")));
    assert_false(calendar_guessed(c, D("2024-01-01"), D("2026-12-31")));
    assert_null(calendar_source(c, 2031));
    assert_non_null(strstr(calendar_source(c, 2024), "国办发明电"));
    assert_true(calendar_is_working(NULL, D("2024-10-01"))); /* no calendar at all: weekends only */
    assert_int_equal(calendar_working_day(NULL, D("2024-09-30"), 1), D("2024-10-01"));
}

static void refuse(const char *text, const char *why)
{
    struct err e = {0};
    struct calendar *k = calendar_empty(a);
    if (calendar_read(k, a, "t.yaml", text, strlen(text), &e) != -1)
        fail_msg("accepted: %s", text);
    if (!strstr(e.msg, why))
        fail_msg("%s does not say %s", e.msg, why);
}

static void broken_tables(void **state)
{
    (void)state;
    const char *good = "year: 2030\nsource: 通知\nholidays:\n  - {name: 元旦, from: 2030-01-01, to: 2030-01-01}\n"
                       "workdays: [2030-01-05]\n";
    struct err e = {0};
    struct calendar *k = calendar_empty(a);
    if (calendar_read(k, a, "t.yaml", good, strlen(good), &e) != 0)
        fail_msg("%s", e.msg);
    assert_false(calendar_is_working(k, D("2030-01-01")));
    assert_true(calendar_is_working(k, D("2030-01-05")));
    refuse("", "第1行");
    refuse("- 1\n", "应写 year");
    refuse("year: 2030\nsource: x\n", "缺少 holidays");
    refuse("source: x\nholidays: []\n", "缺少 year");
    refuse("year: 2030\nsource: x\nholidays: []\nworkday: []\n", "第4行");
    refuse("year: 2030\nsource: x\nholidays:\n  - {name: 元旦, from: 2030-02-30, to: 2030-03-01}\n", "第4行");
    refuse("year: 2030\nsource: x\nholidays:\n  - {name: 元旦, from: 2030-01-03, to: 2030-01-01}\n",
           "每个假日应写");
    refuse("year: 2030\nsource: x\nholidays:\n  - {name: 元旦, from: 2029-12-31, to: 2030-01-01}\n", "本年度");
    refuse("year: 2030\nsource: x\nholidays: []\nworkdays: [2030-01-04]\n", "星期六或星期日");
    refuse("year: 2030\nsource: x\nholidays: []\nworkdays: [2030-01-05, 2030-01-05]\n", "已经写过");
    refuse("year: 2030\nyear: 2031\nsource: x\nholidays: []\n", "第2行");
}

/* A later table of the same year takes the place of the earlier one. */
static void table_replaced(void **state)
{
    (void)state;
    const char *local = "year: 2024\nsource: 本地通知\nholidays: []\n";
    struct err e = {0};
    struct calendar *k;
    assert_int_equal(calendar_load(&k, a, NULL, &e), 0);
    assert_int_equal(calendar_read(k, a, "2024.yaml", local, strlen(local), &e), 0);
    assert_true(calendar_is_working(k, D("2024-10-01")));
    assert_false(calendar_is_working(k, D("2025-10-01")));
    assert_string_equal(calendar_source(k, 2024), "本地通知");
}

static void due_times(void **state)
{
    (void)state;
    int64_t end = T("2024-10-08", 23, 59) + 59999;
    assert_true(clock_due(c, T("2024-09-30", 9, 0), 1, 'w') == end);
    assert_true(clock_due(c, T("2024-09-30", 9, 0), 8, 'd') == end);
    assert_true(clock_due(c, T("2024-09-30", 9, 0), 2, 'h') == T("2024-09-30", 11, 0));
    assert_int_equal(clock_due_day(c, D("2024-02-08"), 5, 'w'), D("2024-02-21"));
    assert_false(clock_over(end, end, end + 5));
    assert_true(clock_over(end, end + 1, end));
    assert_true(clock_over(end, CLOCK_NONE, end + 1));
    assert_false(clock_over(end, CLOCK_NONE, end));
}

static void paused_and_extended(void **state)
{
    (void)state;
    int64_t due = clock_due(c, T("2024-03-04", 9, 0), 5, 'w'); /* Monday → Monday 11 */
    assert_int_equal(instant_day(due), D("2024-03-11"));
    assert_int_equal(clock_left(c, T("2024-03-06", 10, 0), due, 'w'), 3);
    /* Paused on Wednesday with three working days left, resumed before 清明: 04-03 Wed → 7 (worked Sunday), 8, 9.
     */
    int64_t on = clock_resume(c, T("2024-03-06", 10, 0), due, T("2024-04-03", 15, 0), 'w');
    assert_int_equal(instant_day(on), D("2024-04-09"));
    /* Paused on the last day: due on the first working day it goes on. */
    on = clock_resume(c, T("2024-03-11", 10, 0), due, T("2024-04-04", 9, 0), 'w');
    assert_int_equal(instant_day(on), D("2024-04-07"));
    /* Over before the pause: it stays over. */
    assert_true(clock_resume(c, due + 1, due, due + 9999999, 'w') == due);
    int64_t h = clock_due(c, T("2024-03-04", 9, 0), 24, 'h');
    assert_true(clock_resume(c, T("2024-03-04", 19, 0), h, T("2024-03-06", 0, 0), 'h') == T("2024-03-06", 14, 0));
    assert_int_equal(instant_day(clock_extend(c, due, 5, 'w')), D("2024-03-18"));
    assert_int_equal(instant_day(clock_extend(c, due, 5, 'd')), D("2024-03-16"));
    assert_true(clock_extend(c, h, 3, 'h') == T("2024-03-05", 12, 0));
}

static void say(const char *now, int hour, const char *start, int amount, char unit, const char *words,
                enum clock_tone tone)
{
    enum clock_tone got;
    int64_t due = clock_due(c, T(start, 9, 0), amount, unit);
    const char *w = clock_words(a, c, T(now, hour, 0), due, CLOCK_NONE, unit, &got);
    assert_string_equal(w, words);
    assert_int_equal(got, tone);
}

static void in_words(void **state)
{
    (void)state;
    say("2024-03-04", 10, "2024-03-04", 5, 'w', "还有5个工作日", CLOCK_CALM);
    say("2024-03-07", 10, "2024-03-04", 5, 'w', "还有2个工作日", CLOCK_CALM);
    say("2024-03-09", 10, "2024-03-04", 5, 'w', "还有1个工作日", CLOCK_SOON); /* a Saturday */
    say("2024-03-11", 23, "2024-03-04", 5, 'w', "今天到期", CLOCK_SOON);
    say("2024-03-12", 0, "2024-03-04", 5, 'w', "超期1天", CLOCK_LATE);
    say("2024-03-07", 10, "2024-03-04", 30, 'd', "还有27天", CLOCK_CALM);
    say("2024-03-04", 10, "2024-03-04", 24, 'h', "还有23小时", CLOCK_CALM);
    say("2024-03-05", 6, "2024-03-04", 24, 'h', "还有3小时", CLOCK_SOON);
    say("2024-03-05", 11, "2024-03-04", 24, 'h', "超期2小时", CLOCK_LATE);
    say("2024-03-08", 11, "2024-03-04", 24, 'h', "超期3天", CLOCK_LATE);
    int64_t due = clock_due(c, T("2024-03-04", 9, 0), 5, 'w');
    assert_string_equal(clock_words(a, c, T("2024-12-31", 9, 0), due, due, 'w', NULL), "按期办结");
    assert_string_equal(clock_words(a, c, T("2024-12-31", 9, 0), due, T("2024-03-13", 9, 0), 'w', NULL),
                        "超期2天办结");
    /* A due day that somebody typed falls on a Sunday: seen from Saturday there is a day but no working day left.
     */
    assert_string_equal(clock_words(a, c, T("2024-03-16", 9, 0), T("2024-03-17", 23, 59), CLOCK_NONE, 'w', NULL),
                        "还有1天");
}

static void periods(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *day, *from, *to, *words, *code;
    } rows[] = {
        {"week", "2024-03-05", "2024-03-04", "2024-03-10", "2024年3月4日至10日", "2024-03-04..2024-03-10"},
        {"month", "2024-02-29", "2024-02-01", "2024-02-29", "2024年2月", "2024-02"},
        {"quarter", "2024-08-31", "2024-07-01", "2024-09-30", "2024年第三季度", "2024-Q3"},
        {"half", "2024-08-31", "2024-07-01", "2024-12-31", "2024年下半年", "2024-H2"},
        {"year", "2024-08-31", "2024-01-01", "2024-12-31", "2024年", "2024"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct period p = period_of(rows[i].kind, D(rows[i].day));
        assert_int_equal(p.from, D(rows[i].from));
        assert_int_equal(p.to, D(rows[i].to));
        assert_string_equal(period_words(a, p), rows[i].words);
        assert_string_equal(period_code(a, p), rows[i].code);
        struct period back = period_parse(rows[i].code);
        assert_int_equal(back.from, p.from);
        assert_int_equal(back.to, p.to);
    }
    assert_int_equal(period_of("fortnight", D("2024-01-01")).from, DAY_NONE);
    struct period four = period_years(4, D("2024-12-31"));
    assert_int_equal(four.from, D("2021-01-01"));
    assert_string_equal(period_words(a, four), "2021年至2024年");
    assert_string_equal(period_words(a, period_years(4, D("2024-06-30"))), "2021年1月至2024年6月");
    assert_string_equal(period_words(a, (struct period){D("2024-01-01"), D("2024-05-31")}), "2024年1月至5月");
    assert_string_equal(period_words(a, (struct period){D("2024-03-05"), D("2024-04-02")}), "2024年3月5日至4月2日");
    assert_string_equal(period_words(a, (struct period){D("2024-12-05"), D("2025-01-02")}),
                        "2024年12月5日至2025年1月2日");
    assert_string_equal(period_words(a, period_parse("2024-03-05")), "2024年3月5日");
    static const char *const bad[] = {"",
                                      "24",
                                      "2024-13",
                                      "2024-Q5",
                                      "2024-Q0",
                                      "2024-H3",
                                      "2024-1",
                                      "2024-Q3x",
                                      "abcd",
                                      "2024-02-30",
                                      "2024-Q",
                                      "x024",
                                      "-024",
                                      "2024-02-01..2024-01-01",
                                      "2024-02-01..2024-02-31"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (period_parse(bad[i]).from != DAY_NONE)
            fail_msg("%s was read as a period", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(days_of_a_year),
        cmocka_unit_test(days_a_notice_names),
        cmocka_unit_test(nth_working_day),
        cmocka_unit_test(years_without_a_table),
        cmocka_unit_test(broken_tables),
        cmocka_unit_test(table_replaced),
        cmocka_unit_test(due_times),
        cmocka_unit_test(paused_and_extended),
        cmocka_unit_test(in_words),
        cmocka_unit_test(periods),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
