/* SPDX-License-Identifier: Apache-2.0 */
/* date_parse.c: tests of the text forms in base/date.h */
#include "check.h"

#include "base/date.h"

struct form_case {
    const char *text;
    enum date_form form;
    int y, m, d, minute;
};

static void check(const struct form_case *c, struct date_read r)
{
    int32_t day = c->y ? day_from_ymd(c->y, c->m, c->d) : DAY_NONE;
    if (r.form != c->form || r.day != day || r.minute != c->minute)
        fail_msg("“%s”: form %d, day %d (wanted %d), minute %d", c->text, (int)r.form, r.day, day, r.minute);
}

static void check_all(const struct form_case *c, size_t n, int hint)
{
    for (size_t i = 0; i < n; i++)
        check(&c[i], date_parse(c[i].text, hint));
}

#define CHECK(table, hint) check_all((table), sizeof(table) / sizeof *(table), (hint))

static void full_days(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"2024.3.5", DATE_DAY, 2024, 3, 5, -1},      {"2024.03.05", DATE_DAY, 2024, 3, 5, -1},
        {"2024/3/5", DATE_DAY, 2024, 3, 5, -1},      {"2024-03-05", DATE_DAY, 2024, 3, 5, -1},
        {"2024年3月5日", DATE_DAY, 2024, 3, 5, -1},  {"2024年03月05日", DATE_DAY, 2024, 3, 5, -1},
        {"2024年3月5号", DATE_DAY, 2024, 3, 5, -1},  {"2024年3月5", DATE_DAY, 2024, 3, 5, -1},
        {"2024年元月5日", DATE_DAY, 2024, 1, 5, -1}, {"20240305", DATE_DAY, 2024, 3, 5, -1},
        {"24.3.5", DATE_DAY, 2024, 3, 5, -1},        {"24年3月5日", DATE_DAY, 2024, 3, 5, -1},
        {"58.11.30", DATE_DAY, 1958, 11, 30, -1},    {"2024.2.29", DATE_DAY, 2024, 2, 29, -1},
        {"2024.3.5日", DATE_DAY, 2024, 3, 5, -1},    {"2024—3—5", DATE_DAY, 2024, 3, 5, -1},
    };
    CHECK(t, 0);
}

static void full_width_and_blanks(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"２０２４．３．５", DATE_DAY, 2024, 3, 5, -1},
        {"２０２４年３月５日", DATE_DAY, 2024, 3, 5, -1},
        {"２０２４／０３／０５", DATE_DAY, 2024, 3, 5, -1},
        {"２０２４０３０５", DATE_DAY, 2024, 3, 5, -1},
        {"　2024 年 3 月 5 日　", DATE_DAY, 2024, 3, 5, -1},
        {" 2024 . 3 . 5 ", DATE_DAY, 2024, 3, 5, -1},
        {"\xEF\xBB\xBF"
         "2024-03-05\xC2\xA0",
         DATE_DAY, 2024, 3, 5, -1},
        {"2024。3。5", DATE_DAY, 2024, 3, 5, -1},
    };
    CHECK(t, 0);
}

static void chinese_numerals(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"二〇二四年三月五日", DATE_DAY, 2024, 3, 5, -1},
        {"二零二四年三月五日", DATE_DAY, 2024, 3, 5, -1},
        {"二○二四年三月五日", DATE_DAY, 2024, 3, 5, -1},
        {"二〇二四年十月十日", DATE_DAY, 2024, 10, 10, -1},
        {"二〇二四年十二月三十一日", DATE_DAY, 2024, 12, 31, -1},
        {"二〇二四年十一月二十日", DATE_DAY, 2024, 11, 20, -1},
        {"二〇二四年五月廿三日", DATE_DAY, 2024, 5, 23, -1},
        {"二〇二四年五月卅一日", DATE_DAY, 2024, 5, 31, -1},
        {"一九九九年一月一日", DATE_DAY, 1999, 1, 1, -1},
        {"二〇二四年三月", DATE_MONTH, 2024, 3, 1, -1},
    };
    CHECK(t, 0);
}

static void months(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"2024.03", DATE_MONTH, 2024, 3, 1, -1},   {"2024.3", DATE_MONTH, 2024, 3, 1, -1},
        {"2024-03", DATE_MONTH, 2024, 3, 1, -1},   {"2024/12", DATE_MONTH, 2024, 12, 1, -1},
        {"2024年3月", DATE_MONTH, 2024, 3, 1, -1}, {"2024年03月份", DATE_MONTH, 2024, 3, 1, -1},
        {"24年3月", DATE_MONTH, 2024, 3, 1, -1},   {"２０２４．０３", DATE_MONTH, 2024, 3, 1, -1},
    };
    CHECK(t, 0);
}

static void no_year_is_not_guessed(void **state)
{
    (void)state;
    static const struct form_case without[] = {
        {"3月5日", DATE_NOYEAR, 0, 0, 0, -1},   {"03月05号", DATE_NOYEAR, 0, 0, 0, -1},
        {"三月五日", DATE_NOYEAR, 0, 0, 0, -1}, {"元月5日", DATE_NOYEAR, 0, 0, 0, -1},
        {"2月29日", DATE_NOYEAR, 0, 0, 0, -1},
    };
    static const struct form_case with[] = {
        {"3月5日", DATE_NOYEAR, 2023, 3, 5, -1},
        {"2月29日", DATE_BAD, 0, 0, 0, -1}, /* not in 2023 */
        {"2024年3月5日", DATE_DAY, 2024, 3, 5, -1},
    };
    CHECK(without, 0);
    CHECK(with, 2023);
}

static void times_of_day(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"2024-03-05 14:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024-03-05T14:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024-03-05 14:30:59", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024/3/5 9:05", DATE_MINUTE, 2024, 3, 5, 545},
        {"2024.3.5 14：30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日14时30分", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日14时", DATE_MINUTE, 2024, 3, 5, 840},
        {"2024年3月5日下午2:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日 下午 2 点半", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日下午14:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日上午9点", DATE_MINUTE, 2024, 3, 5, 540},
        {"2024年3月5日上午9点整", DATE_MINUTE, 2024, 3, 5, 540},
        {"2024年3月5日中午12点", DATE_MINUTE, 2024, 3, 5, 720},
        {"2024年3月5日中午1点", DATE_MINUTE, 2024, 3, 5, 780},
        {"2024年3月5日晚上8点", DATE_MINUTE, 2024, 3, 5, 1200},
        {"2024年3月5日凌晨0:10", DATE_MINUTE, 2024, 3, 5, 10},
        {"二〇二四年三月五日下午三点", DATE_MINUTE, 2024, 3, 5, 900},
        {"2024/3/5 2:30 PM", DATE_MINUTE, 2024, 3, 5, 870},
        {"20240305 1430", DATE_BAD, 0, 0, 0, -1},
        {"20240305 14:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024年3月5日（星期二）", DATE_DAY, 2024, 3, 5, -1},
        {"2024年3月5日 周二 14:30", DATE_MINUTE, 2024, 3, 5, 870},
        {"2024.3.10 星期日", DATE_DAY, 2024, 3, 10, -1},
        {"2024-03-05 00:00", DATE_MINUTE, 2024, 3, 5, 0},
    };
    CHECK(t, 0);
}

static const char *const bad[] = {
    "",
    " ",
    "无",
    "不详",
    "/",
    "-",
    "2月30日",
    "2024年2月30日",
    "2023.2.29",
    "2024.13.5",
    "2024.0.5",
    "2024.3.0",
    "2024.3.32",
    "20241305",
    "20240230",
    "202403",
    "240305",
    "2024",
    "2024年",
    "3月",
    "3.5",
    "24.3",
    "2024.3/5",
    "3/5/24",
    "12/31/2024",
    "2024.3.5.6",
    "2024..5",
    "2024.3.",
    "2024.3.5左右",
    "约2024.3.5",
    "2024.3.5-3.8",
    "2024.3.5至3.8",
    "2024-03-05 25:00",
    "2024-03-05 14:60",
    "2024-03-05 14",
    "2024-03-05 14:3",
    "2024年3月5日上午14:30",
    "2024年3月5日下午",
    "2024年3月5日14:30-16:00",
    "2024年3月5日（星期三）",
    "2024-03 14:30",
    "1024.3.5",
    "3024.3.5",
    "18880305",
    "13800138000",
    "83351122",
    "二〇二四年十三月五日",
    "二〇二四年三月五十日",
    "二千零二十四年三月五日",
    "二〇二四年十十月一日",
    "正月初五",
    "2024年3月5月",
    "2024年年3月5日",
    "45356",
    "2024-03-05T14:30:00Z",
    "999999999999999999999999",
    "2024.000003.5",
    "\xFF\xFE",
};

static void bad_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct date_read r = date_parse(bad[i], 0);
        if (r.form != DATE_BAD || r.day != DAY_NONE || r.minute != -1)
            fail_msg("“%s” was read: form %d day %d", bad[i], (int)r.form, r.day);
    }
    assert_int_equal(date_parse(NULL, 0).form, DATE_BAD);
}

static void typed_into_a_form(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"今天", DATE_DAY, 2026, 3, 1, -1},
        {"昨天", DATE_DAY, 2026, 2, 28, -1},
        {"yesterday", DATE_DAY, 2026, 2, 28, -1},
        {"yesterday 14:30", DATE_MINUTE, 2026, 2, 28, 870},
        {"前天", DATE_DAY, 2026, 2, 27, -1},
        {"昨天14:30", DATE_MINUTE, 2026, 2, 28, 870},
        {"昨天下午3点", DATE_MINUTE, 2026, 2, 28, 900},
        {"3.5", DATE_DAY, 2026, 3, 5, -1},
        {"3/5", DATE_DAY, 2026, 3, 5, -1},
        {"03-05", DATE_DAY, 2026, 3, 5, -1},
        {"3.5 9:00", DATE_MINUTE, 2026, 3, 5, 540},
        {"3月5日", DATE_DAY, 2026, 3, 5, -1},
        {"3月5日上午9点", DATE_MINUTE, 2026, 3, 5, 540},
        {"2024.3.5", DATE_DAY, 2024, 3, 5, -1},
        {"5日", DATE_DAY, 2026, 3, 5, -1},
        {"5号下午3点半", DATE_MINUTE, 2026, 3, 5, 930},
        {"32日", DATE_BAD, 0, 0, 0, -1},
        {"本月", DATE_MONTH, 2026, 3, 1, -1},
        {"上个月", DATE_MONTH, 2026, 2, 1, -1},
        {"5月", DATE_MONTH, 2026, 5, 1, -1},
        {"13月", DATE_BAD, 0, 0, 0, -1},
        {"上午9点", DATE_BAD, 0, 0, 0, -1},
        {"2024.03", DATE_MONTH, 2024, 3, 1, -1},
        {"24.3.5", DATE_DAY, 2024, 3, 5, -1},
        {"2.29", DATE_BAD, 0, 0, 0, -1},
        {"2月29日", DATE_BAD, 0, 0, 0, -1},
        {"13.5", DATE_BAD, 0, 0, 0, -1},
        {"今天吧", DATE_BAD, 0, 0, 0, -1},
        {"", DATE_BAD, 0, 0, 0, -1},
        {"3.5.6", DATE_BAD, 0, 0, 0, -1},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        check(&t[i], date_typed(t[i].text, day_from_ymd(2026, 3, 1)));
}

static void a_time_typed_into_a_form(void **state)
{
    (void)state;
    static const struct form_case t[] = {
        {"上午9点", DATE_MINUTE, 2026, 3, 1, 540},
        {"14:30", DATE_MINUTE, 2026, 3, 1, 870},
        {"3.5 14:30", DATE_MINUTE, 2026, 3, 5, 870},
        {"昨天", DATE_DAY, 2026, 2, 28, -1},
        {"25:00", DATE_BAD, 0, 0, 0, -1},
        {"上午15点", DATE_BAD, 0, 0, 0, -1},
        {"9", DATE_BAD, 0, 0, 0, -1},
        {"", DATE_BAD, 0, 0, 0, -1},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        check(&t[i], time_typed(t[i].text, day_from_ymd(2026, 3, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_typed_into_a_form),
        cmocka_unit_test(full_days),
        cmocka_unit_test(full_width_and_blanks),
        cmocka_unit_test(chinese_numerals),
        cmocka_unit_test(months),
        cmocka_unit_test(no_year_is_not_guessed),
        cmocka_unit_test(times_of_day),
        cmocka_unit_test(bad_dates),
        cmocka_unit_test(typed_into_a_form),
    };
    return cmocka_run_group_tests_name("base/date_parse", tests, NULL, NULL);
}
