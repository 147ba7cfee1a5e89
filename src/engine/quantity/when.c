/* SPDX-License-Identifier: Apache-2.0 */
/* when.c: the period in force at each claim: the last time named before it in its paragraph, else the options'. */
#include "engine/quantity_inner.h"

const char *const qwhen_word[WHEN__MAX] = {"this_year",    "last_year",  "whole_year", "first_half",
                                           "second_half",  "this_month", "last_month", "this_quarter",
                                           "last_quarter", "so_far"};

struct clock {
    const struct qtext *x;
    const struct quantity_words *w;
    int32_t day; /* the report's, DAY_NONE if nobody knows */
    struct period now, otherwise;
};

static struct period whole_year(int y)
{
    return (struct period){day_from_ymd(y, 1, 1), day_from_ymd(y, 12, 31)};
}

static bool period_known(struct period p)
{
    return p.from != DAY_NONE && p.to != DAY_NONE;
}

static struct period months(int32_t first, int n)
{
    return (struct period){first, day_month_last(day_add_months(first, n - 1))};
}

static int year_in_force(const struct clock *c)
{
    if (period_known(c->now))
        return day_ymd(c->now.to).y;
    return c->day == DAY_NONE ? 0 : day_ymd(c->day).y;
}

static struct period when_read(const struct clock *c, enum when when)
{
    struct period none = {DAY_NONE, DAY_NONE};
    int year = year_in_force(c);
    if (when == WHEN_FIRST_HALF || when == WHEN_SECOND_HALF)
        return year ? months(day_from_ymd(year, when == WHEN_FIRST_HALF ? 1 : 7, 1), 6) : none;
    if (when == WHEN_WHOLE_YEAR)
        return year ? whole_year(year) : none;
    if (c->day == DAY_NONE)
        return none;
    int32_t first = day_month_first(c->day);
    struct period quarter = period_of("quarter", c->day);
    switch (when) {
    case WHEN_THIS_YEAR:
        return (struct period){day_from_ymd(day_ymd(c->day).y, 1, 1), c->day};
    case WHEN_LAST_YEAR:
        return whole_year(day_ymd(c->day).y - 1);
    case WHEN_THIS_MONTH:
        return (struct period){first, c->day};
    case WHEN_LAST_MONTH:
        return months(day_add_months(first, -1), 1);
    case WHEN_THIS_QUARTER:
        return (struct period){quarter.from, c->day};
    case WHEN_LAST_QUARTER:
        return period_of("quarter", quarter.from - 1);
    case WHEN_SO_FAR:
        return period_known(c->now) ? (struct period){c->now.from, c->day} : none;
    default:
        return none;
    }
}

/* A numeral of a date at i as a number: 2023, 二〇二三, 3; its end in *j. */
static int number_at(const struct qtext *x, const struct quantity_words *w, size_t i, size_t *j)
{
    static const uint32_t digit[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                     0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    struct qnum n;
    int v = 0;
    if (!qnum_read(&n, x, w, i) || n.blank || n.vague || n.lo > 9999)
        return -1;
    *j = n.j;
    if (!n.han || !n.string)
        return (int)n.lo;
    for (size_t k = n.i; k < n.j; k++)
        for (int d = 0; d < 10; d++)
            if (x->c[k].cp == digit[d])
                v = v * 10 + d;
    return v > 9999 ? -1 : v;
}

/* The -11月 of 1-11月 at i: the month, 0 if that is not there. */
static int span_months(const struct clock *c, size_t i, size_t *j)
{
    const struct qtext *x = c->x;
    if (!qtext_is(x, i, '-') && !qtext_is(x, i, '~') && !qtext_is(x, i, 0x81F3) && !qtext_is(x, i, 0x5230))
        return 0;
    int m = number_at(x, c->w, i + 1 + qtext_is(x, i + 1, '-'), j);
    if (m < 1 || m > 12 || !qtext_is(x, *j, 0x6708))
        return 0;
    ++*j;
    return m;
}

/* 2023年, 2023年3月, 2023年3月5日, 第三季度, 3月, 四年来, 近五年: characters read, 0 if none. */
static size_t time_at(struct clock *c, size_t i, struct period *p)
{
    const struct qtext *x = c->x;
    size_t j = i, k;
    int v = number_at(x, c->w, i, &j), m;
    if (v < 0)
        return 0;
    if (qtext_is(x, j, 0x5E74) && v >= 1900 && v <= 2100) {
        *p = whole_year(v);
        k = j + 1 < x->n ? j + 1 : x->n;
        if ((m = number_at(x, c->w, k, &j)) >= 1 && m <= 12 && qtext_is(x, j, 0x6708)) {
            *p = months(day_from_ymd(v, m, 1), 1);
            return j + 1 - i;
        }
        return k - i;
    }
    int year = year_in_force(c);
    if ((m = span_months(c, j, &k)) && v >= 1 && v <= m && year) {
        *p = months(day_from_ymd(year, v, 1), m - v + 1);
        return k - i;
    }
    if (qtext_is(x, j, 0x5B63) && qtext_is(x, j + 1, 0x5EA6) && v >= 1 && v <= 4 && year) { /* 季度 */
        bool up_to = i && x->c[i - 1].cp == 0x524D;                                         /* 前三季度 */
        *p = up_to ? months(day_from_ymd(year, 1, 1), 3 * v) : months(day_from_ymd(year, 3 * v - 2, 1), 3);
        return j + 2 - i;
    }
    if (qtext_is(x, j, 0x6708) && v >= 1 && v <= 12 && year) {
        *p = months(day_from_ymd(year, v, 1), 1);
        return j + 1 - i;
    }
    bool since = qtext_is(x, j, 0x5E74) && (qtext_is(x, j + 1, 0x6765) || (i && x->c[i - 1].cp == 0x8FD1));
    if (since && v >= 1 && v <= 50 && c->day != DAY_NONE) {
        *p = period_years(v, c->day);
        return j + 1 - i;
    }
    return 0;
}

static void mention(struct clock *c, size_t *i)
{
    uint32_t word, value;
    struct period p = {DAY_NONE, DAY_NONE};
    bool versus = trie_back(c->w->versus, c->x, *i, &value) > 0;
    size_t n = trie_match(c->w->periods, c->x, *i, &word);
    if (n)
        p = when_read(c, (enum when)(word - 1));
    else
        n = time_at(c, *i, &p);
    if (n && !versus && period_known(p))
        c->now = p;
    *i += n ? n : 1;
}

/* The report's day: given, or the end of the period given, or the latest year that the text names. */
static int32_t report_day(const struct qtext *x, const struct quantity_words *w, const struct quantity_options *o)
{
    struct clock c = {.x = x, .w = w, .day = DAY_NONE, .now = {DAY_NONE, DAY_NONE}};
    int32_t last = DAY_NONE;
    if (o && o->date != DAY_NONE)
        return o->date;
    if (o && o->to != DAY_NONE)
        return o->to;
    for (size_t i = 0; i < x->n; i++) {
        struct period p;
        if (cp_digit(x->c[i].cp) && (!i || !cp_digit(x->c[i - 1].cp)) && time_at(&c, i, &p) && p.to > last)
            last = p.to;
    }
    return last;
}

void qperiods(struct quantity_list *l, const struct qtok *t, const struct qtext *x, const struct quantity_words *w,
              const struct quantity_options *o)
{
    struct clock c = {.x = x, .w = w, .day = report_day(x, w, o)};
    c.otherwise = o ? (struct period){o->from, o->to} : (struct period){DAY_NONE, DAY_NONE};
    c.now = c.otherwise;
    size_t at = 0;
    for (size_t i = 0; i < l->n; i++) {
        while (at < t[i].i) {
            if (x->c[at].gap == GAP_PARA && at)
                c.now = c.otherwise;
            mention(&c, &at);
        }
        l->items[i].period = c.now;
    }
}
