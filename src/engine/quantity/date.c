/* SPDX-License-Identifier: Apache-2.0 */
/* date.c: years, months, days and times of day, which are never quantities. */
#include "engine/quantity_inner.h"

/* A short numeral without marks: 2024, 二〇二四, 3, 十二, 20xx. */
struct part {
    size_t j;
    int v;      /* -1 for x */
    int digits; /* characters */
    bool han;
};

static const uint32_t YEAR = 0x5E74, MONTH = 0x6708, DAY = 0x65E5, HAO = 0x53F7, HOUR = 0x65F6, POINT = 0x70B9,
                      MINUTE = 0x5206;

static int han_of(uint32_t cp)
{
    static const uint32_t digit[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                     0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int d = 0; d < 10; d++)
        if (digit[d] == cp)
            return d;
    return cp == 0x5341 ? 10 : -1;
}

static struct part han_part(const struct qtext *x, size_t i)
{
    struct part p = {.j = i, .han = true};
    int v = 0, d;
    bool ten = false;
    for (;
         p.j < x->n && p.digits < 5 && (p.j == i || x->c[p.j].gap <= GAP_BLANK) && (d = han_of(x->c[p.j].cp)) >= 0;
         p.j++, p.digits++) {
        if (d == 10) {
            v = v ? v * 10 : 10;
            ten = true;
        } else {
            v = ten ? v + d : v * 10 + d;
        }
    }
    p.v = v;
    return p;
}

static struct part part_read(const struct qtext *x, size_t i)
{
    struct part p = {.j = i};
    if (i >= x->n)
        return p;
    if (x->c[i].cp >= 0x4E00)
        return han_part(x, i);
    for (; p.j < x->n && p.digits < 8 && (p.j == i || x->c[p.j].gap == GAP_NONE || x->c[p.j].gap == GAP_WRAP);
         p.j++, p.digits++) {
        uint32_t cp = x->c[p.j].cp;
        if (cp_digit(cp))
            p.v = p.v < 0 ? -1 : p.v * 10 + (int)(cp - '0');
        else if ((cp == 'x' || cp == 'X' || cp == '*' || cp == 0xD7) && p.digits < 4)
            p.v = -1;
        else
            break;
    }
    return p;
}

static bool year_like(const struct part *p)
{
    return p->digits == 4 && (p->v < 0 || (p->v >= 1900 && p->v <= 2100));
}

static bool is_at(const struct qtext *x, size_t i, uint32_t cp)
{
    return qtext_is(x, i, cp) && x->c[i].gap <= GAP_BLANK;
}

/* 3月, 3月5日, 5日 after a year, a month or alone. */
static size_t month_day(const struct qtext *x, size_t i, bool after_year)
{
    struct part p = part_read(x, i);
    if (p.digits && p.digits <= 3 && p.v <= 12 && p.v != 0 && is_at(x, p.j, MONTH)) {
        struct part d = part_read(x, p.j + 1);
        if (d.digits && d.digits <= 3 && d.v <= 31 && (is_at(x, d.j, DAY) || is_at(x, d.j, HAO)))
            return d.j + 1 - i;
        return p.v < 0 && p.digits == 0 ? 0 : p.j + 1 - i;
    }
    return after_year && p.digits && p.digits <= 3 && p.v <= 31 && p.v > 0 && is_at(x, p.j, DAY) ? p.j + 1 - i : 0;
}

static bool range_sign(const struct qtext *x, size_t i)
{
    return is_at(x, i, '-') || is_at(x, i, '~') || is_at(x, i, 0x81F3) || is_at(x, i, 0x5230);
}

/* 2024年3月5日, 2021-2023年, 2024-11-25, 2024/3, 1-6月. */
static size_t calendar_date(const struct qtext *x, size_t i)
{
    struct part p = part_read(x, i);
    if (!p.digits)
        return 0;
    if (is_at(x, p.j, YEAR) && (year_like(&p) || (p.v < 0 && p.digits <= 2)))
        return p.j + 1 - i + month_day(x, p.j + 1, true);
    struct part q = {0};
    if (range_sign(x, p.j))
        q = part_read(x, p.j + 1 + qtext_is(x, p.j + 1, '-'));
    if (q.digits && is_at(x, q.j, YEAR) && year_like(&p) && q.digits >= 2 && (q.v < 0 || q.v > 20))
        return q.j + 1 - i;
    if (q.digits && is_at(x, q.j, MONTH) && p.v <= 12 && q.v <= 12 && p.v > 0 && q.v > 0)
        return q.j + 1 - i;
    if (q.digits && is_at(x, q.j, DAY) && q.v <= 31 && p.v < q.v && p.v > 0)
        return q.j + 1 - i;
    if (!p.han && year_like(&p) && p.v > 0 && p.j + 1 < x->n) {
        uint32_t sep = x->c[p.j].cp;
        if (sep != '-' && sep != '/' && sep != '.')
            return 0;
        q = part_read(x, p.j + 1);
        if (!q.digits || q.digits > 2 || q.v < 1 || q.v > 12)
            return 0;
        if (qtext_is(x, q.j, sep)) {
            struct part r = part_read(x, q.j + 1);
            if (r.digits && r.digits <= 2 && r.v <= 31)
                q = r;
        }
        return q.j - i;
    }
    return month_day(x, i, false);
}

/* 9:30, 9:00-17:00, unless a ratio. */
static size_t clock_time(const struct qtext *x, size_t i)
{
    struct part h = part_read(x, i);
    if (h.han || !h.digits || h.digits > 2 || h.v > 24 || h.v < 0 || !qtext_is(x, h.j, ':'))
        return 0;
    struct part m = part_read(x, h.j + 1);
    if (m.digits != 2 || m.v > 59 || m.v < 0 || m.han || qtext_is(x, m.j, '.') || qtext_is(x, m.j, '%'))
        return 0;
    if (qtext_is(x, m.j, ':')) {
        struct part s = part_read(x, m.j + 1);
        if (s.digits == 2)
            m = s;
    }
    return m.j - i;
}

/* 9时, 9时30分, 三点半, where a clock is meant: nothing but a time has such hours with such company. */
static size_t hour_time(const struct qtext *x, const struct quantity_words *w, size_t i)
{
    static const uint32_t company[] = {
        0x8BB8, 0x5DE6, 0x524D, 0x8D77, 0x6574, 0x81F3, '-',
        '~',    0x949F, 0x534A, 0x5230, 0x591A, 0x4EE5}; /* 许左前起整至-~钟半到多以 */
    struct part h = part_read(x, i);
    if (!h.digits || h.digits > 3 || h.v > 24 || h.v < 0 || (!is_at(x, h.j, HOUR) && !is_at(x, h.j, POINT)))
        return 0;
    struct part m = part_read(x, h.j + 1);
    if (m.digits && m.v < 60 && (is_at(x, m.j, MINUTE) || (qtext_is(x, h.j, HOUR) && m.digits == 2)))
        return m.j + 1 - i;
    if (qcue_before(x, w, i, 3, CUE_TIME))
        return h.j + 1 - i;
    for (size_t k = 0; k < sizeof company / sizeof *company; k++)
        if (qtext_is(x, h.j + 1, company[k]) && x->c[h.j + 1].gap == GAP_NONE)
            return h.j + 2 - i;
    return 0;
}

/* 18日, 三日 without a month, unless a length: 三日内, 提前3日. */
static size_t lone_day(const struct qtext *x, const struct quantity_words *w, size_t i)
{
    uint32_t mod;
    struct part d = part_read(x, i);
    if (!d.digits || d.digits > 3 || d.v < 1 || d.v > 31 || !is_at(x, d.j, DAY) ||
        trie_back(w->before_mods, x, i, &mod))
        return 0;
    if (qtext_joined(x, d.j + 1) && trie_match(w->after_mods, x, d.j + 1, &mod))
        return 0;
    return d.j + 1 - i;
}

size_t qdate_skip(const struct qtext *x, const struct quantity_words *w, size_t i)
{
    size_t n;
    if (i > 0 && x->c[i].gap == GAP_NONE && (cp_digit(x->c[i - 1].cp) || x->c[i - 1].cp == '.'))
        return 0;
    if ((n = calendar_date(x, i)))
        return n;
    if (!qcue_before(x, w, i, 6, CUE_RATIO) && (n = clock_time(x, i)))
        return n;
    if ((n = hour_time(x, w, i)))
        return n;
    return lone_day(x, w, i);
}
