/* SPDX-License-Identifier: Apache-2.0 */
/* period.c: weeks, months, quarters, halves and years, in words and codes. */
#include "engine/period.h"

#include <stdio.h>
#include <string.h>

static const char *const quarter_cn[] = {"一", "二", "三", "四"};
static const struct period none = {DAY_NONE, DAY_NONE};

/* Whole months: n of them from the month that begins a block of n in the year. */
static struct period block(int32_t day, int n)
{
    struct ymd d = day_ymd(day);
    int first = (d.m - 1) / n * n + 1;
    int32_t from = day_from_ymd(d.y, first, 1);
    return (struct period){from, day_add_months(from, n) - 1};
}

struct period period_of(const char *kind, int32_t day)
{
    static const struct {
        const char *word;
        int months;
    } kinds[] = {{"month", 1}, {"quarter", 3}, {"half", 6}, {"year", 12}};
    if (strcmp(kind, "week") == 0) {
        int32_t monday = day - (day_weekday(day) - 1);
        return (struct period){monday, monday + 6};
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i].word) == 0)
            return block(day, kinds[i].months);
    return none;
}

struct period period_years(int n, int32_t end)
{
    return (struct period){day_from_ymd(day_ymd(end).y - n + 1, 1, 1), end};
}

struct period period_parse(const char *s)
{
    int y, v, used = 0;
    int32_t day = day_parse_iso(s);
    if (day != DAY_NONE)
        return (struct period){day, day};
    size_t n = strlen(s);
    if (n == 22 && strncmp(s + 10, "..", 2) == 0) {
        char a[16] = {0};
        memcpy(a, s, 10);
        struct period p = {day_parse_iso(a), day_parse_iso(s + 12)};
        return p.from == DAY_NONE || p.to == DAY_NONE || p.to < p.from ? none : p;
    }
    static const struct {
        const char *form, *kind;
        size_t len;
        int max, months;
    } forms[] = {
        {"%4d-Q%1d%n", "quarter", 7, 4, 3}, {"%4d-H%1d%n", "half", 7, 2, 6}, {"%4d-%2d%n", "month", 7, 12, 1}};
    if (n == 4 && strspn(s, "0123456789") == 4 && sscanf(s, "%4d", &y) == 1 && y > 0)
        return period_of("year", day_from_ymd(y, 1, 1));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (n != forms[i].len || strspn(s, "0123456789") != 4)
            continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        int got = sscanf(s, forms[i].form, &y, &v, &used);
#pragma GCC diagnostic pop
        if (got == 2 && used == (int)n && y > 0 && v >= 1 && v <= forms[i].max)
            return period_of(forms[i].kind, day_from_ymd(y, (v - 1) * forms[i].months + 1, 1));
    }
    return none;
}

/* Does the period fill blocks of whole months, and how many? 0 if not. */
static int whole_months(struct period p)
{
    struct ymd a = day_ymd(p.from), b = day_ymd(p.to);
    if (a.d != 1 || p.to != day_month_last(p.to))
        return 0;
    return (b.y - a.y) * 12 + b.m - a.m + 1;
}

static const char *words_months(struct arena *a, struct ymd f, struct ymd t, int months)
{
    if (months % 12 == 0 && f.m == 1)
        return months == 12 ? arena_printf(a, "%d年", f.y) : arena_printf(a, "%d年至%d年", f.y, t.y);
    if (months == 6 && f.m % 6 == 1)
        return arena_printf(a, "%d年%s半年", f.y, f.m == 1 ? "上" : "下");
    if (months == 3 && f.m % 3 == 1)
        return arena_printf(a, "%d年第%s季度", f.y, quarter_cn[f.m / 3]);
    if (months == 1)
        return arena_printf(a, "%d年%d月", f.y, f.m);
    if (f.y == t.y)
        return arena_printf(a, "%d年%d月至%d月", f.y, f.m, t.m);
    return arena_printf(a, "%d年%d月至%d年%d月", f.y, f.m, t.y, t.m);
}

const char *period_words(struct arena *a, struct period p)
{
    char from[32], to[32];
    struct ymd f = day_ymd(p.from), t = day_ymd(p.to);
    int months = whole_months(p);
    if (months > 0)
        return words_months(a, f, t, months);
    day_cn(p.from, from);
    if (p.from == p.to)
        return arena_str(a, from);
    if (f.y == t.y)
        return f.m == t.m ? arena_printf(a, "%s至%d日", from, t.d)
                          : arena_printf(a, "%s至%d月%d日", from, t.m, t.d);
    return arena_printf(a, "%s至%s", from, day_cn(p.to, to));
}

const char *period_code(struct arena *a, struct period p)
{
    char from[16], to[16];
    struct ymd f = day_ymd(p.from);
    int months = whole_months(p);
    if (months == 12 && f.m == 1)
        return arena_printf(a, "%04d", f.y);
    if (months == 6 && f.m % 6 == 1)
        return arena_printf(a, "%04d-H%d", f.y, f.m / 6 + 1);
    if (months == 3 && f.m % 3 == 1)
        return arena_printf(a, "%04d-Q%d", f.y, f.m / 3 + 1);
    if (months == 1)
        return arena_printf(a, "%04d-%02d", f.y, f.m);
    if (p.from == p.to)
        return arena_str(a, day_iso(p.from, from));
    return arena_printf(a, "%s..%s", day_iso(p.from, from), day_iso(p.to, to));
}
