/* SPDX-License-Identifier: Apache-2.0 */
/* date.c: tests of base/date.h: days, instants and serial numbers (forms of text are in date_parse.c) */
#include <math.h>
#include <stdlib.h>

#include "check.h"

#include "base/date.h"

static void days_count_from_1970(void **state)
{
    (void)state;
    assert_int_equal(day_from_ymd(1970, 1, 1), 0);
    assert_int_equal(day_from_ymd(1969, 12, 31), -1);
    assert_int_equal(day_from_ymd(2000, 3, 1), 11017);
    assert_int_equal(day_from_ymd(2024, 3, 5), 19787);
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    int32_t first = day_from_ymd(1800, 1, 1), last = day_from_ymd(2199, 12, 31);
    assert_int_equal(last - first + 1, 146097); /* 400 Gregorian years */
    struct ymd before = {1799, 12, 31};
    for (int32_t day = first; day <= last; day++) {
        struct ymd t = day_ymd(day);
        if (day_from_ymd(t.y, t.m, t.d) != day)
            fail_msg("%d is %d-%d-%d and not back", day, t.y, t.m, t.d);
        bool next = (t.d == before.d + 1 && t.m == before.m) || (t.d == 1 && (t.m == before.m + 1 || t.m == 1));
        if (!next)
            fail_msg("after %d-%d-%d comes %d-%d-%d", before.y, before.m, before.d, t.y, t.m, t.d);
        before = t;
    }
}

static void there_is_no_such_day(void **state)
{
    (void)state;
    static const int bad[][3] = {{2023, 2, 29}, {1900, 2, 29}, {2024, 2, 30}, {2024, 4, 31}, {2024, 0, 1},
                                 {2024, 13, 5}, {2024, 1, 0},  {2024, 1, -1}, {0, 1, 1},     {10000, 1, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(day_from_ymd(bad[i][0], bad[i][1], bad[i][2]), DAY_NONE);
    assert_int_not_equal(day_from_ymd(2000, 2, 29), DAY_NONE);
}

static void weekdays_are_monday_to_sunday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(0), 4);
    assert_int_equal(day_weekday(day_from_ymd(2024, 3, 4)), 1);
    assert_int_equal(day_weekday(day_from_ymd(2024, 3, 10)), 7);
    assert_int_equal(day_weekday(day_from_ymd(1949, 10, 1)), 6);
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    int32_t jan31 = day_from_ymd(2024, 1, 31);
    assert_int_equal(day_add_months(jan31, 1), day_from_ymd(2024, 2, 29));
    assert_int_equal(day_add_months(jan31, 13), day_from_ymd(2025, 2, 28));
    assert_int_equal(day_add_months(jan31, -1), day_from_ymd(2023, 12, 31));
    assert_int_equal(day_add_months(jan31, -2), day_from_ymd(2023, 11, 30));
    assert_int_equal(day_add_months(jan31, 120000), DAY_NONE);
    assert_int_equal(day_month_first(jan31), day_from_ymd(2024, 1, 1));
    assert_int_equal(day_month_last(day_from_ymd(2023, 2, 5)), day_from_ymd(2023, 2, 28));
}

static void iso_is_exact(void **state)
{
    (void)state;
    assert_int_equal(day_parse_iso("2024-03-05"), day_from_ymd(2024, 3, 5));
    static const char *const bad[] = {"2024-3-5", "2024-03-05 ", " 2024-03-05", "2024/03/05", "2024-02-30",
                                      "20240305", "2024-03-0a",  "-024-03-05",  "",           "2024-13-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(day_parse_iso(bad[i]), DAY_NONE);
    assert_int_equal(day_parse_iso(NULL), DAY_NONE);
}

static void days_are_printed(void **state)
{
    (void)state;
    char s[32];
    int32_t day = day_from_ymd(2026, 3, 5);
    assert_string_equal(day_iso(day, s), "2026-03-05");
    assert_string_equal(day_cn(day, s), "2026年3月5日");
    assert_string_equal(day_iso(DAY_NONE, s), "");
    assert_string_equal(day_cn(DAY_NONE, s), "");
    assert_string_equal(day_iso(INT32_MAX, s), "");
}

static void instants_are_utc_and_days_local(void **state)
{
    (void)state;
    char s[32];
    int32_t day = day_from_ymd(2026, 3, 5);
    int64_t ms = day_instant(day, 14 * 60 + 30);
    assert_string_equal(instant_iso(ms, s), "2026-03-05T06:30:00Z");
    assert_string_equal(instant_local(ms, s), "2026-03-05 14:30");
    assert_int_equal(instant_day(ms), day);
    assert_int_equal(instant_minute(ms), 14 * 60 + 30);
    int64_t early = day_instant(day, 0); /* still the day before in UTC */
    assert_string_equal(instant_iso(early, s), "2026-03-04T16:00:00Z");
    assert_int_equal(instant_day(early), day);
    assert_int_equal(instant_day(early - 1), day - 1);
    assert_int_equal(instant_minute(early - 1), 23 * 60 + 59);
    assert_string_equal(instant_iso(-1, s), "1969-12-31T23:59:59Z");
}

static void the_zone_moves_the_day(void **state)
{
    (void)state;
    int64_t ms = day_instant(day_from_ymd(2026, 3, 5), 30);
    date_set_zone(0);
    assert_int_equal(instant_day(ms), day_from_ymd(2026, 3, 4));
    date_set_zone(8 * 60);
    assert_int_equal(instant_day(ms), day_from_ymd(2026, 3, 5));
}

static void now_can_be_fixed(void **state)
{
    (void)state;
    date_fix_now(day_instant(day_from_ymd(2026, 3, 5), 60));
    assert_int_equal(today(), day_from_ymd(2026, 3, 5));
    assert_int_equal(now_ms(), day_instant(day_from_ymd(2026, 3, 5), 60));
    date_fix_now(0);
    assert_true(now_ms() > day_instant(day_from_ymd(2020, 1, 1), 0));
}

static void serial_is(double serial, bool d1904, enum date_form form, int32_t day, int minute)
{
    struct date_read r = date_serial(serial, d1904);
    if (r.form != form || r.day != day || r.minute != minute)
        fail_msg("%.8f: form %d day %d minute %d", serial, (int)r.form, r.day, r.minute);
}

static void serials_of_the_1900_system(void **state)
{
    (void)state;
    serial_is(1, false, DATE_DAY, day_from_ymd(1900, 1, 1), -1);
    serial_is(59, false, DATE_DAY, day_from_ymd(1900, 2, 28), -1);
    serial_is(60, false, DATE_BAD, DAY_NONE, -1); /* 1900-02-29, which never was */
    serial_is(60.5, false, DATE_BAD, DAY_NONE, -1);
    serial_is(61, false, DATE_DAY, day_from_ymd(1900, 3, 1), -1);
    serial_is(25569, false, DATE_DAY, 0, -1);
    serial_is(45356, false, DATE_DAY, day_from_ymd(2024, 3, 5), -1);
    serial_is(45356.604166666664, false, DATE_MINUTE, day_from_ymd(2024, 3, 5), 14 * 60 + 30);
    serial_is(45356.999999, false, DATE_DAY, day_from_ymd(2024, 3, 6), -1); /* rounds to midnight */
    serial_is(45356.375, false, DATE_MINUTE, day_from_ymd(2024, 3, 5), 9 * 60);
    serial_is(2958465, false, DATE_DAY, day_from_ymd(9999, 12, 31), -1);
}

static void serials_of_the_1904_system(void **state)
{
    (void)state;
    serial_is(0, true, DATE_DAY, day_from_ymd(1904, 1, 1), -1);
    serial_is(60, true, DATE_DAY, day_from_ymd(1904, 3, 1), -1);
    serial_is(45356 - 1462, true, DATE_DAY, day_from_ymd(2024, 3, 5), -1);
    serial_is(-1, true, DATE_BAD, DAY_NONE, -1);
}

static void serials_that_are_no_days(void **state)
{
    (void)state;
    static const double bad[] = {0, 0.5, -1, 2958466, 1e300, -1e300, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        serial_is(bad[i], false, DATE_BAD, DAY_NONE, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_count_from_1970),       cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(there_is_no_such_day),       cmocka_unit_test(weekdays_are_monday_to_sunday),
        cmocka_unit_test(months_end_where_they_end),  cmocka_unit_test(iso_is_exact),
        cmocka_unit_test(days_are_printed),           cmocka_unit_test(instants_are_utc_and_days_local),
        cmocka_unit_test(the_zone_moves_the_day),     cmocka_unit_test(now_can_be_fixed),
        cmocka_unit_test(serials_of_the_1900_system), cmocka_unit_test(serials_of_the_1904_system),
        cmocka_unit_test(serials_that_are_no_days),
    };
    return cmocka_run_group_tests_name("base/date", tests, NULL, NULL);
}
