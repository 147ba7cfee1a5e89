/* SPDX-License-Identifier: Apache-2.0 */
/* date.c: civil dates and instants. */
#include "base/date.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

static atomic_int zone_minutes = 8 * 60;
static _Atomic int64_t fixed_now;
static atomic_bool env_read;

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return days[m - 1] + (m == 2 && leap);
}

/* Days from civil and back: the era arithmetic published by Howard Hinnant ("chrono-Compatible Low-Level Date
 * Algorithms"), an era being 400 years that begin on March 1. */
int32_t day_from_ymd(int y, int m, int d)
{
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > month_days(y, m))
        return DAY_NONE;
    y -= m <= 2;
    int era = y / 400, yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct ymd day_ymd(int32_t day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = (int)(z - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int m = mp < 10 ? mp + 3 : mp - 9;
    return (struct ymd){(int)(yoe + era * 400) + (m <= 2), m, doy - (153 * mp + 2) / 5 + 1};
}

int day_weekday(int32_t day)
{
    int64_t w = ((int64_t)day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w) + 1;
}

int32_t day_add_months(int32_t day, int n)
{
    struct ymd t = day_ymd(day);
    int64_t months = (int64_t)t.y * 12 + t.m - 1 + n;
    if (months < 12 || months > INT64_C(9999) * 12 + 11)
        return DAY_NONE;
    int y = (int)(months / 12), m = (int)(months % 12) + 1, last = month_days(y, m);
    return day_from_ymd(y, m, t.d < last ? t.d : last);
}

int32_t day_month_first(int32_t day)
{
    struct ymd t = day_ymd(day);
    return day_from_ymd(t.y, t.m, 1);
}

int32_t day_month_last(int32_t day)
{
    struct ymd t = day_ymd(day);
    return day_from_ymd(t.y, t.m, month_days(t.y, t.m));
}

/* n decimal digits at s, or -1. */
static int digits(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

int32_t day_parse_iso(const char *s)
{
    if (!s || strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        return DAY_NONE;
    int y = digits(s, 4), m = digits(s + 5, 2), d = digits(s + 8, 2);
    return day_from_ymd(y, m, d);
}

/* Every row of every list has a day: no printf. */
static void iso_digits(char out[16], struct ymd t)
{
    int v = t.y * 10000 + t.m * 100 + t.d;
    char *p = out + 10;
    for (*p-- = '\0'; p >= out; p--)
        if (p == out + 4 || p == out + 7) {
            *p = '-';
        } else {
            *p = (char)('0' + v % 10);
            v /= 10;
        }
}

char *day_iso(int32_t day, char out[16])
{
    struct ymd t = day_ymd(day);
    if (day == DAY_NONE || t.y < 1 || t.y > 9999)
        out[0] = '\0';
    else
        iso_digits(out, t);
    return out;
}

char *day_cn(int32_t day, char out[32])
{
    struct ymd t = day_ymd(day);
    if (day == DAY_NONE || t.y < 1 || t.y > 9999)
        out[0] = '\0';
    else
        snprintf(out, 32, "%d年%d月%d日", t.y, t.m, t.d);
    return out;
}

void date_set_zone(int minutes_east)
{
    atomic_store(&zone_minutes, minutes_east);
}

/* LINLI_NOW=2026-03-05T06:30:00Z fixes the clock of the whole process; anything else in it is ignored. */
static void now_from_env(void)
{
    const char *s = getenv("LINLI_NOW");
    char date[11];
    if (!s || strlen(s) != 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z')
        return;
    memcpy(date, s, 10);
    date[10] = '\0';
    int32_t day = day_parse_iso(date);
    int h = digits(s + 11, 2), m = digits(s + 14, 2), sec = digits(s + 17, 2);
    if (day != DAY_NONE && h >= 0 && h < 24 && m >= 0 && m < 60 && sec >= 0 && sec < 60)
        atomic_store(&fixed_now, day * DAY_MS + ((h * 60 + m) * INT64_C(60) + sec) * 1000);
}

int64_t now_ms(void)
{
    if (!atomic_exchange(&env_read, true))
        now_from_env();
    int64_t fixed = atomic_load(&fixed_now);
    if (fixed)
        return fixed;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void date_fix_now(int64_t ms)
{
    atomic_store(&env_read, true);
    atomic_store(&fixed_now, ms);
}

int32_t today(void)
{
    return instant_day(now_ms());
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t instant_day(int64_t ms)
{
    int64_t day = floor_div(ms + atomic_load(&zone_minutes) * MINUTE_MS, DAY_MS);
    return day > INT32_MAX ? INT32_MAX : day <= INT32_MIN ? DAY_NONE : (int32_t)day;
}

int64_t day_instant(int32_t day, int minute)
{
    return day * DAY_MS + (minute - atomic_load(&zone_minutes)) * MINUTE_MS;
}

int instant_minute(int64_t ms)
{
    int64_t local = ms + atomic_load(&zone_minutes) * MINUTE_MS;
    return (int)((local - floor_div(local, DAY_MS) * DAY_MS) / MINUTE_MS);
}

char *instant_iso(int64_t ms, char out[32])
{
    int64_t day = floor_div(ms, DAY_MS);
    struct ymd t = day_ymd((int32_t)day);
    int s = (int)((ms - day * DAY_MS) / 1000);
    snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.y % 10000, t.m, t.d, s / 3600, s / 60 % 60, s % 60);
    return out;
}

char *instant_local(int64_t ms, char out[32])
{
    struct ymd t = day_ymd(instant_day(ms));
    int m = instant_minute(ms);
    snprintf(out, 32, "%04d-%02d-%02d %02d:%02d", t.y % 10000, t.m, t.d, m / 60, m % 60);
    return out;
}

struct date_read date_serial(double serial, bool date1904)
{
    struct date_read bad = {DATE_BAD, DAY_NONE, -1};
    if (!(serial >= (date1904 ? 0 : 1)) || serial >= 2958466.0)
        return bad;
    int64_t seconds = llround(serial * 86400.0); /* serials carry seconds with an error of a few hundredths */
    int64_t day = seconds / 86400;
    int minute = (int)(seconds % 86400 / 60);
    if (date1904)
        day -= 24107; /* 1970-01-01 in the 1904 system */
    else if (day == 60)
        return bad; /* 1900-02-29 never was; ECMA-376 part 1, 18.17.4.1 keeps it for old spreadsheets */
    else
        day -= day < 60 ? 25568 : 25569;
    struct date_read r = {seconds % 86400 ? DATE_MINUTE : DATE_DAY, (int32_t)day, -1};
    if (r.form == DATE_MINUTE)
        r.minute = minute;
    return r;
}
