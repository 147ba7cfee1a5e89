/* SPDX-License-Identifier: Apache-2.0 */
/* date.h: civil dates, instants, and how offices write them.
 *
 * A day is the number of days since 1970-01-01 in the proleptic Gregorian calendar (int32_t). An instant is
 * UTC milliseconds since 1970-01-01 (int64_t). A local minute ("datetime") is kept as an instant. The zone is
 * one fixed offset, Asia/Shanghai (+08:00) unless configured. */
#ifndef LINLI_BASE_DATE_H
#define LINLI_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_NONE INT32_MIN

struct ymd {
    int y, m, d;
};

int32_t day_from_ymd(int y, int m, int d); /* DAY_NONE when there is no such day */
struct ymd day_ymd(int32_t day);
int day_weekday(int32_t day);               /* 1 Monday … 7 Sunday */
int32_t day_add_months(int32_t day, int n); /* the last day of a shorter month */
int32_t day_month_first(int32_t day);
int32_t day_month_last(int32_t day);
int32_t day_parse_iso(const char *s);     /* YYYY-MM-DD exactly, else DAY_NONE */
char *day_iso(int32_t day, char out[16]); /* returns out */
char *day_cn(int32_t day, char out[32]);  /* 2026年3月5日 (GB/T 9704: no leading zeros) */

void date_set_zone(int minutes_east); /* once, at start */
int64_t now_ms(void);
int32_t today(void); /* in the zone */
/* For tests and for "as of" runs: fix now; 0 lets it run again. Also read from LINLI_NOW (ISO instant) at start. */
void date_fix_now(int64_t ms);
int32_t instant_day(int64_t ms);
int64_t day_instant(int32_t day, int minute);  /* local minute of the day to UTC ms */
int instant_minute(int64_t ms);                /* local minute of the day */
char *instant_iso(int64_t ms, char out[32]);   /* 2026-03-05T06:30:00Z */
char *instant_local(int64_t ms, char out[32]); /* 2026-03-05 14:30 */

/* What a text date turned out to be. */
enum date_form {
    DATE_BAD = 0, /* not a date, or a day that does not exist */
    DATE_DAY,     /* a full day */
    DATE_MINUTE,  /* a day and a time of day */
    DATE_MONTH,   /* a month without a day: day is its first */
    DATE_NOYEAR   /* a day without a year (3月5日): never guessed; day uses the year given, if any */
};
struct date_read {
    enum date_form form;
    int32_t day; /* DAY_NONE if bad */
    int minute;  /* of the day, -1 unless DATE_MINUTE */
};
/* Reads every form of conventions §5.3: 2024.3.5, 2024/3/5, 2024-03-05, 2024年3月5日, 20240305, 24.3.5,
 * 二〇二四年三月五日, 2024.03 / 2024年3月 (month), 3月5日 (no year), each with 全角 digits and blanks, optionally
 * followed by a weekday, which must be the right one, and a time (14:30, 14时30分, 下午2:30, 上午9点). Two-digit
 * years: 00–49 are 2000–2049, 50–99 are 1950–1999. year_hint: the year for DATE_NOYEAR, 0 for none; a DATE_NOYEAR
 * may carry a minute too. */
struct date_read date_parse(const char *s, int year_hint);
/* A spreadsheet serial number (1900 system with its false 1900-02-29, or 1904) to day and minute of the day. */
struct date_read date_serial(double serial, bool date1904);
/* What people type into a form: 3.5, 3月5日 (this year), 5日 (this month), 昨天, 今天, 前天, 3月, 上月 (a month),
 * or any form above. */
struct date_read date_typed(const char *s, int32_t today_day);
/* The same where a time is asked for: 14:30 or 上午9点 alone is today's. */
struct date_read time_typed(const char *s, int32_t today_day);

#endif
