/* SPDX-License-Identifier: Apache-2.0 */
/* date_parse.c: dates as offices write them (conventions §5.3). Nothing is guessed: what could be read in
 * two ways, or names a day that does not exist, is DATE_BAD. */
#include <stddef.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"

enum { TEXT_MAX = 48 };

/* The text as code points with full-width forms made half-width and blanks kept only between two digits. */
struct scan {
    uint32_t t[TEXT_MAX + 1]; /* ends with 0 */
    size_t n, i;
};

static const struct date_read date_bad = {DATE_BAD, DAY_NONE, -1};

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 || c == 0xA0;
}

static bool scan_begin(struct scan *s, const char *text)
{
    memset(s, 0, sizeof *s);
    bool blank = false;
    for (uint32_t c; (c = utf8_next(&text));) {
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c == 0xFEFF || c == 0x200B)
            continue;
        if (is_blank(c)) {
            blank = true;
            continue;
        }
        if (s->n + 2 > TEXT_MAX)
            return false;
        if (blank && s->n && is_digit(s->t[s->n - 1]) && is_digit(c))
            s->t[s->n++] = ' ';
        blank = false;
        s->t[s->n++] = c == 0x3002 || c == 0xB7 ? '.' : c == 0x2014 || c == 0x2013 || c == 0x2212 ? '-' : c;
    }
    return s->n > 0;
}

static uint32_t peek(const struct scan *s)
{
    return s->t[s->i];
}

/* Step over the code point if it is the next one. */
static bool take(struct scan *s, uint32_t c)
{
    if (!c || s->t[s->i] != c)
        return false;
    s->i++;
    return true;
}

static bool take_word(struct scan *s, const char *word)
{
    size_t i = s->i;
    for (uint32_t c; (c = utf8_next(&word)); i++)
        if (s->t[i] != c)
            return false;
    s->i = i;
    return true;
}

static bool at_end(const struct scan *s)
{
    return s->i == s->n;
}

/* 0–9 for 〇 and its look-alikes and 一…九, 10 for 十, 20 for 廿, 30 for 卅, else -1. */
static int han_digit(uint32_t c)
{
    static const struct {
        uint32_t c;
        int v;
    } table[] = {{0x3007, 0}, {0x96F6, 0}, {0x25CB, 0}, {0x25EF, 0},  {'O', 0},     {'o', 0},
                 {0x4E00, 1}, {0x4E8C, 2}, {0x4E09, 3}, {0x56DB, 4},  {0x4E94, 5},  {0x516D, 6},
                 {0x4E03, 7}, {0x516B, 8}, {0x4E5D, 9}, {0x5341, 10}, {0x5EFF, 20}, {0x5345, 30}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].c == c)
            return table[i].v;
    return -1;
}

struct number {
    int v, len; /* len: how many digits were written; 0 for none */
};

/* 二〇二四 digit by digit, or 二十三 / 十二 / 廿三 up to 99. */
static struct number take_han(struct scan *s)
{
    int v[5], n = 0;
    while (n < 5 && han_digit(peek(s)) >= 0)
        v[n++] = han_digit(s->t[s->i++]);
    bool tens = false;
    for (int i = 0; i < n; i++)
        tens = tens || v[i] >= 10;
    if (!n || n == 5)
        return (struct number){0, 0};
    if (!tens) {
        int all = 0;
        for (int i = 0; i < n; i++)
            all = all * 10 + v[i];
        return n == 1 || n == 4 || n == 2 ? (struct number){all, n} : (struct number){0, 0};
    }
    int i = 0, all = 0;
    if (v[0] == 10) {
        all = 10, i = 1;
    } else if (v[0] >= 20) {
        all = v[0], i = 1;
    } else if (v[0] >= 1 && n > 1 && v[1] == 10) {
        all = v[0] * 10, i = 2;
    }
    if (i && i < n && v[i] >= 1 && v[i] <= 9)
        all += v[i++];
    return i == n ? (struct number){all, 2} : (struct number){0, 0};
}

static struct number take_number(struct scan *s)
{
    struct number r = {0, 0};
    if (!is_digit(peek(s)))
        return take_han(s);
    while (is_digit(peek(s)) && r.len < 9) {
        r.v = r.v * 10 + (int)(s->t[s->i++] - '0');
        r.len++;
    }
    return r;
}

/* A written year: four digits of a plausible century, or two digits, 00–49 for 2000s and 50–99 for 1900s. */
static int year_of(struct number n)
{
    if (n.len == 4 && n.v >= 1800 && n.v <= 2199)
        return n.v;
    if (n.len == 2)
        return n.v < 50 ? 2000 + n.v : 1900 + n.v;
    return 0;
}

static bool one_or_two(struct number n)
{
    return n.len == 1 || n.len == 2;
}

/* --- the time of day after a date */

static const struct part_of_day {
    const char *word;
    int from, to, add; /* hours that may follow the word, and what to add below noon */
} parts[] = {{"凌晨", 0, 6, 0},   {"清晨", 4, 9, 0},    {"早上", 4, 11, 0},   {"上午", 5, 12, 0},
             {"中午", 11, 14, 0}, {"下午", 12, 19, 12}, {"傍晚", 16, 20, 12}, {"晚上", 17, 23, 12},
             {"晚", 17, 23, 12},  {"AM", 0, 11, 0},     {"am", 0, 11, 0},     {"PM", 12, 23, 12},
             {"pm", 12, 23, 12}};

static const struct part_of_day *take_part(struct scan *s)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (take_word(s, parts[i].word))
            return &parts[i];
    return NULL;
}

static int hour_of(int h, const struct part_of_day *p)
{
    if (!p)
        return h <= 23 ? h : -1;
    if (h < 12 && p->add)
        h += p->add;
    if (p->to == 14 && h >= 1 && h <= 2) /* 中午一点 */
        h += 12;
    return h >= p->from && h <= p->to ? h : -1;
}

/* Seconds may be written and are dropped. */
static bool take_seconds(struct scan *s)
{
    struct number sec = take_number(s);
    return one_or_two(sec) && sec.v < 60;
}

/* What follows the hour; the minute, or -1. */
static int take_minute(struct scan *s)
{
    if (take(s, ':')) {
        struct number m = take_number(s);
        if (m.len != 2 || m.v > 59 || (take(s, ':') && !take_seconds(s)))
            return -1;
        return m.v;
    }
    if (!take_word(s, "时") && !take_word(s, "点钟") && !take_word(s, "点"))
        return -1;
    if (take_word(s, "半"))
        return 30;
    if (take_word(s, "整") || at_end(s))
        return 0;
    if (take_word(s, "一刻"))
        return 15;
    if (take_word(s, "三刻"))
        return 45;
    struct number m = take_number(s);
    if (!one_or_two(m) || m.v > 59)
        return -1;
    if (take_word(s, "分") && !at_end(s) && !(take_seconds(s) && take_word(s, "秒")))
        return -1;
    return m.v;
}

/* The rest of the text must be a time of day. -1 if it is not. */
static int take_time(struct scan *s)
{
    const struct part_of_day *part = take_part(s);
    struct number h = take_number(s);
    if (!one_or_two(h) || h.v > 23)
        return -1;
    int minute = take_minute(s);
    if (minute < 0)
        return -1;
    if (!part)
        part = take_part(s); /* 2:30 PM */
    int hour = hour_of(h.v, part);
    return hour < 0 || !at_end(s) ? -1 : hour * 60 + minute;
}

/* （星期二）, 周二: allowed behind the day; a weekday that is not that day's makes the date bad. */
static bool take_weekday(struct scan *s, int32_t day)
{
    size_t start = s->i;
    bool bracket = take(s, '(');
    if (!take_word(s, "星期") && !take_word(s, "礼拜") && !take_word(s, "周")) {
        s->i = start;
        return true;
    }
    int w = take_word(s, "日") || take_word(s, "天") ? 7 : take_han(s).v;
    if (bracket && !take(s, ')'))
        return false;
    return day == DAY_NONE || w == day_weekday(day);
}

/* Behind a complete date: nothing, a weekday, a time of day. */
static struct date_read finish(struct scan *s, enum date_form form, int32_t day)
{
    if (form != DATE_NOYEAR && day == DAY_NONE)
        return date_bad;
    if (form == DATE_MONTH)
        return at_end(s) ? (struct date_read){form, day, -1} : date_bad;
    take(s, ',');
    if (!take_weekday(s, day))
        return date_bad;
    if (at_end(s))
        return (struct date_read){form, day, -1};
    if (!take(s, ' ') && !take(s, ','))
        take(s, 'T');
    int minute = take_time(s);
    if (minute < 0)
        return date_bad;
    return (struct date_read){form == DATE_DAY ? DATE_MINUTE : form, day, minute};
}

/* --- the date itself; each reader starts behind the first number */

/* 2024年3月5日, 2024年3月 */
static struct date_read read_cn(struct scan *s, int y)
{
    bool first = take_word(s, "元月");
    struct number m = first ? (struct number){1, 1} : take_number(s);
    if (!first && !take_word(s, "月"))
        return date_bad;
    take_word(s, "份");
    if (!one_or_two(m))
        return date_bad;
    if (at_end(s))
        return finish(s, DATE_MONTH, day_from_ymd(y, m.v, 1));
    struct number d = take_number(s);
    if (!one_or_two(d))
        return date_bad;
    if (!take_word(s, "日"))
        take_word(s, "号");
    return finish(s, DATE_DAY, day_from_ymd(y, m.v, d.v));
}

/* 2024.3.5, 2024/3/5, 2024-03-05, 24.3.5, 2024.03: the same mark between all parts */
static struct date_read read_marks(struct scan *s, struct number first, uint32_t mark)
{
    struct number m = take_number(s);
    int y = year_of(first);
    if (!y || !one_or_two(m))
        return date_bad;
    if (at_end(s) && first.len == 4)
        return finish(s, DATE_MONTH, day_from_ymd(y, m.v, 1));
    if (!take(s, mark))
        return date_bad;
    struct number d = take_number(s);
    if (!one_or_two(d))
        return date_bad;
    if (!take_word(s, "日"))
        take_word(s, "号");
    return finish(s, DATE_DAY, day_from_ymd(y, m.v, d.v));
}

/* 3月5日: a day that exists in some year; with a hint, in that one */
static struct date_read read_noyear(struct scan *s, struct number m, int year_hint)
{
    take_word(s, "份");
    struct number d = take_number(s);
    if (!one_or_two(m) || !one_or_two(d) || (!take_word(s, "日") && !take_word(s, "号")))
        return date_bad;
    int32_t day = day_from_ymd(year_hint ? year_hint : 2000, m.v, d.v);
    if (day == DAY_NONE)
        return date_bad;
    return finish(s, DATE_NOYEAR, year_hint ? day : DAY_NONE);
}

static struct date_read read_date(struct scan *s, int year_hint)
{
    if (take_word(s, "元月"))
        return read_noyear(s, (struct number){1, 1}, year_hint);
    bool written = is_digit(peek(s));
    struct number n = take_number(s);
    if (!n.len)
        return date_bad;
    if (take_word(s, "年"))
        return year_of(n) ? read_cn(s, year_of(n)) : date_bad;
    if (take_word(s, "月"))
        return read_noyear(s, n, year_hint);
    if (written && n.len == 8) {
        int y = n.v / 10000;
        return y < 1900 || y > 2099 ? date_bad : finish(s, DATE_DAY, day_from_ymd(y, n.v / 100 % 100, n.v % 100));
    }
    uint32_t mark = peek(s);
    if (written && (mark == '.' || mark == '/' || mark == '-')) {
        s->i++;
        return read_marks(s, n, mark);
    }
    return date_bad;
}

struct date_read date_parse(const char *s, int year_hint)
{
    struct scan scan;
    if (!s || !scan_begin(&scan, s))
        return date_bad;
    return read_date(&scan, year_hint);
}

/* 3.5, 3/5, 3-5 as month and day of the given year, perhaps followed by a time. */
static struct date_read read_short(struct scan *s, int year)
{
    struct number m = take_number(s);
    uint32_t mark = peek(s);
    if (!one_or_two(m) || (mark != '.' && mark != '/' && mark != '-'))
        return date_bad;
    s->i++;
    struct number d = take_number(s);
    if (!one_or_two(d) || peek(s) == mark)
        return date_bad;
    return finish(s, DATE_DAY, day_from_ymd(year, m.v, d.v));
}

/* 本月, 3月, 3月份: a month of this year; 5日, 5号: a day of this month, perhaps followed by a time. */
static struct date_read read_part(struct scan *s, int32_t today_day)
{
    struct ymd t = day_ymd(today_day);
    if (take_word(s, "本月") || take_word(s, "这个月"))
        return finish(s, DATE_MONTH, day_month_first(today_day));
    if (take_word(s, "上月") || take_word(s, "上个月"))
        return finish(s, DATE_MONTH, day_month_first(day_add_months(day_month_first(today_day), -1)));
    struct number n = take_number(s);
    if (!one_or_two(n))
        return date_bad;
    if (take_word(s, "月")) {
        take_word(s, "份");
        return at_end(s) ? finish(s, DATE_MONTH, day_from_ymd(t.y, n.v, 1)) : date_bad;
    }
    if (take_word(s, "日") || take_word(s, "号"))
        return finish(s, DATE_DAY, day_from_ymd(t.y, t.m, n.v));
    return date_bad;
}

struct date_read time_typed(const char *s, int32_t today_day)
{
    struct scan scan;
    struct date_read r = date_typed(s, today_day);
    if (r.form != DATE_BAD || !s || !scan_begin(&scan, s))
        return r;
    int minute = take_time(&scan);
    return minute < 0 ? date_bad : (struct date_read){DATE_MINUTE, today_day, minute};
}

struct date_read date_typed(const char *s, int32_t today_day)
{
    static const struct {
        const char *word;
        int add;
    } words[] = {{"今天", 0}, {"今日", 0}, {"昨天", -1}, {"昨日", -1},      {"前天", -2},   {"大前天", -3},
                 {"明天", 1}, {"后天", 2}, {"today", 0}, {"yesterday", -1}, {"tomorrow", 1}};
    struct scan scan;
    if (!s || !scan_begin(&scan, s))
        return date_bad;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (take_word(&scan, words[i].word))
            return finish(&scan, DATE_DAY, today_day + words[i].add);
    int year = day_ymd(today_day).y;
    struct scan again = scan;
    struct date_read r = read_short(&again, year);
    if (r.form != DATE_BAD)
        return r;
    again = scan;
    r = read_part(&again, today_day);
    if (r.form != DATE_BAD)
        return r;
    r = read_date(&scan, year);
    if (r.form == DATE_NOYEAR) /* whoever types a form means this year */
        r.form = r.minute < 0 ? DATE_DAY : DATE_MINUTE;
    return r;
}
