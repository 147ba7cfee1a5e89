/* SPDX-License-Identifier: Apache-2.0 */
/* number.c: numerals: 1,286  1.2万  二十三  三百二十余  五六十  数十  x. */
#include <string.h>

#include "engine/quantity_inner.h"

enum { HIDDEN_LONG = 8 };

/* --- what a character is worth */

static int han_digit(uint32_t cp)
{
    static const struct {
        uint32_t cp;
        int v;
    } digit[] = {{0x96F6, 0}, {0x4E00, 1}, {0x4E8C, 2}, {0x4E24, 2}, {0x4FE9, 2}, {0x4E09, 3}, {0x56DB, 4},
                 {0x4E94, 5}, {0x516D, 6}, {0x4E03, 7}, {0x516B, 8}, {0x4E5D, 9}, {0x58F9, 1}, {0x8D30, 2},
                 {0x53C1, 3}, {0x8086, 4}, {0x4F0D, 5}, {0x9646, 6}, {0x67D2, 7}, {0x634C, 8}, {0x7396, 9}};
    if (cp < 0x4E00)
        return -1;
    for (size_t i = 0; i < sizeof digit / sizeof *digit; i++)
        if (digit[i].cp == cp)
            return digit[i].v;
    return -1;
}

static double scale_of(uint32_t cp)
{
    switch (cp) {
    case 0x5341: /* 十 */
    case 0x62FE:
        return 10;
    case 0x767E: /* 百 */
    case 0x4F70:
        return 100;
    case 0x5343: /* 千 */
    case 0x4EDF:
        return 1e3;
    case 0x4E07: /* 万 */
        return 1e4;
    case 0x4EBF: /* 亿 */
        return 1e8;
    default:
        return 0;
    }
}

static bool cp_over(uint32_t cp) /* 余 多 来 */
{
    return cp == 0x4F59 || cp == 0x9980 || cp == 0x591A || cp == 0x6765;
}

static bool cp_vague(uint32_t cp) /* 几 数 */
{
    return cp == 0x51E0 || cp == 0x6570;
}

bool cp_numeral(uint32_t cp)
{
    return cp_digit(cp) || han_digit(cp) >= 0 || scale_of(cp) > 0;
}

/* --- Arabic figures */

/* Digits that blanks or a wrapped line tore apart: joined where text stands close on both sides of the whole. */
static size_t torn_digits(const struct qtext *x, size_t i)
{
    size_t k = i, pieces = 1;
    bool tight = i > 0 && x->c[i].gap == GAP_NONE && x->c[i - 1].cp >= 0x4E00;
    for (; k < x->n && cp_digit(x->c[k].cp) && (k == i || x->c[k].gap <= GAP_WRAP) && k - i < 10; k++)
        pieces += k > i && x->c[k].gap != GAP_NONE;
    if (pieces < 2 || !tight || k >= x->n || x->c[k].gap != GAP_NONE || k - i > 8)
        return 0;
    uint32_t next = x->c[k].cp;
    return next >= 0x4E00 || next == '%' ? k - i : 0;
}

static size_t digit_run(const struct qtext *x, size_t i)
{
    size_t k = i, torn = torn_digits(x, i);
    if (torn)
        return torn;
    while (k < x->n && cp_digit(x->c[k].cp) && (k == i || x->c[k].gap == GAP_NONE))
        k++;
    return k - i;
}

/* At a comma: does a group of exactly three digits follow? */
static bool group_follows(const struct qtext *x, size_t k)
{
    if (!qtext_is(x, k, ',') || x->c[k].gap != GAP_NONE || k + 3 >= x->n || x->c[k + 1].gap > GAP_WRAP ||
        x->c[k + 1].gap == GAP_BLANK)
        return false;
    for (size_t d = 1; d <= 3; d++)
        if (!cp_digit(x->c[k + d].cp) || (d > 1 && x->c[k + d].gap != GAP_NONE))
            return false;
    return !(k + 4 < x->n && cp_digit(x->c[k + 4].cp) && x->c[k + 4].gap == GAP_NONE);
}

static void arabic_fraction(struct qnum *n, const struct qtext *x)
{
    size_t k = n->j;
    double part = 0.1;
    bool torn = k + 1 < x->n && (x->c[k].gap == GAP_WRAP) != (x->c[k + 1].gap == GAP_WRAP); /* the line ends here */
    if (!qtext_is(x, k, '.') || k + 1 >= x->n || !cp_digit(x->c[k + 1].cp) ||
        (!torn && (x->c[k].gap != GAP_NONE || x->c[k + 1].gap != GAP_NONE)))
        return;
    for (k++; k < x->n && cp_digit(x->c[k].cp) && (k == n->j + 1 || x->c[k].gap == GAP_NONE); k++, part /= 10) {
        n->lo += (x->c[k].cp - '0') * part;
        n->places++;
    }
    double round = pow(10, n->places);
    n->lo = floor(n->lo * round + 0.5) / round;
    n->j = k;
    if (qtext_is(x, k, '.') && k + 1 < x->n && cp_digit(x->c[k + 1].cp) && x->c[k + 1].gap == GAP_NONE) {
        n->dotted = true;
        for (; k < x->n && (x->c[k].cp == '.' || cp_digit(x->c[k].cp)) && x->c[k].gap == GAP_NONE; k++)
            n->j = k + 1;
    }
}

static void arabic_read(struct qnum *n, const struct qtext *x)
{
    size_t k = n->i, run = digit_run(x, k);
    n->string = run > 1 && x->c[k].cp == '0';
    n->digits = (int)run;
    for (size_t d = 0; d < run; d++)
        n->lo = n->lo * 10 + (x->c[k + d].cp - '0');
    k += run;
    while (run <= 3 && group_follows(x, k)) {
        for (size_t d = 1; d <= 3; d++)
            n->lo = n->lo * 10 + (x->c[k + d].cp - '0');
        n->digits += 3;
        k += 4;
    }
    n->j = k;
    arabic_fraction(n, x);
}

/* 230万+, 100+项, not 1+N. */
static bool plus_over(const struct qtext *x, const struct quantity_words *w, size_t k)
{
    uint32_t value;
    return x->c[k].cp == '+' && (k + 1 >= x->n || x->c[k + 1].gap != GAP_NONE || cp_ends_clause(x->c[k + 1].cp) ||
                                 trie_match(w->units, x, k + 1, &value));
}

/* 余, 多 and 万 after figures: 200余, 1.2万, 3万余, 1亿2千万, 3千余. Units that begin so (千米) come first. */
static void scales_read(struct qnum *n, const struct qtext *x, const struct quantity_words *w)
{
    double base = 0, part = n->lo;
    bool scaled = false;
    n->unscaled = n->lo;
    for (size_t k = n->j; qtext_joined(x, k); k = n->j) {
        uint32_t value, cp = x->c[k].cp;
        double s = scale_of(cp);
        if (cp_over(cp) || plus_over(x, w, k)) {
            n->over = true;
        } else if (s > 1 && trie_match(w->units, x, k, &value) < 2) {
            part *= s;
            scaled = true;
        } else if (scaled && cp_digit(cp) && x->c[k].gap == GAP_NONE && k + 1 < x->n &&
                   scale_of(x->c[k + 1].cp) > 1) {
            base += part;
            part = cp - '0';
        } else {
            break;
        }
        n->j++;
    }
    n->lo = base + part;
}

/* --- Chinese numerals */

struct han {
    double lo, hi;   /* 万 and above */
    double slo, shi; /* below 万 */
    double dlo, dhi; /* the last digit, -1 if it is used */
    double last;     /* the last scale */
    bool zero, bare_run;
    int plain; /* digits without a scale between */
};

static void han_scale_small(struct han *h, struct qnum *n, double s)
{
    if (h->dlo < 0) {
        n->bare |= s > 10 && h->slo <= 0 && h->lo <= 0 && !n->vague;
        h->dlo = h->dhi = 1;
    }
    h->slo += h->dlo * s;
    h->shi += h->dhi * s;
    h->dlo = h->dhi = -1;
    h->last = s;
    h->zero = false;
    h->plain = 0;
}

static void han_scale_big(struct han *h, struct qnum *n, double s)
{
    double lo = h->slo + (h->dlo > 0 ? h->dlo : 0), hi = h->shi + (h->dhi > 0 ? h->dhi : 0);
    if (lo <= 0 && h->lo <= 0) {
        n->bare |= !n->vague;
        lo = hi = 1;
    }
    if (s > 1e4 && h->lo > 0) { /* 三万亿 */
        h->lo *= s;
        h->hi *= s;
    } else {
        h->lo += lo * s;
        h->hi += hi * s;
    }
    h->slo = h->shi = 0;
    h->dlo = h->dhi = -1;
    h->last = s;
    h->plain = 0;
}

/* A digit; false where the numeral ends before it. */
static bool han_digit_take(struct han *h, struct qnum *n, int d)
{
    if (d == 0) {
        h->zero = true;
        n->string |= h->dlo >= 0;
    }
    if (h->dlo < 0 || h->zero) {
        n->string |= h->dlo > 0 && h->zero && d > 0 && h->plain > 0 && h->last <= 0;
        h->dlo = h->dhi = d;
        h->plain++;
        return true;
    }
    if (h->plain == 1 && (d == (int)h->dlo + 1 || (d == 5 && (int)h->dlo == 3)) && h->dlo == h->dhi) {
        h->dhi = d;
        h->plain++;
        return true;
    }
    n->string = true;
    h->dlo = h->dhi = d;
    h->plain++;
    return true;
}

/* 九十八点五 */
static void han_point(struct qnum *n, const struct qtext *x)
{
    double part = 0.1, sum = 0;
    size_t k = n->j;
    if (!qtext_is(x, k, 0x70B9) || k + 1 >= x->n || han_digit(x->c[k + 1].cp) < 0)
        return;
    for (k++; k < x->n && han_digit(x->c[k].cp) >= 0 && x->c[k].gap == GAP_NONE; k++, part /= 10, n->places++)
        sum += han_digit(x->c[k].cp) * part;
    if (k < x->n && (scale_of(x->c[k].cp) == 10 || x->c[k].cp == 0x5206)) { /* 八点三十分 is a time */
        n->places = 0;
        return;
    }
    double round = pow(10, n->places);
    n->lo = floor((n->lo + sum) * round + 0.5) / round;
    n->j = k;
}

static void han_finish(struct han *h, struct qnum *n)
{
    double tail = h->dlo >= 0 ? h->dlo : 0, tail_hi = h->dhi >= 0 ? h->dhi : 0;
    if (h->dlo > 0 && h->last >= 100 && !h->zero) { /* 三百二 is 320, 一万二 12,000 */
        tail *= h->last / 10;
        tail_hi *= h->last / 10;
    }
    n->lo = h->lo + h->slo + tail;
    n->hi = h->hi + h->shi + tail_hi;
    if (!(n->hi > n->lo))
        n->hi = NAN;
    n->unscaled = n->lo;
}

static bool han_step(struct han *h, struct qnum *n, const struct qtext *x, const struct quantity_words *w, size_t k)
{
    uint32_t cp = x->c[k].cp, value;
    int d = han_digit(cp);
    double s = scale_of(cp);
    if (d >= 0) {
        bool name = (cp == 0x4F0D || cp == 0x9646) && k == n->i && !(k + 1 < x->n && scale_of(x->c[k + 1].cp) > 1);
        if (n->over || name) /* 队伍, 大陆; but 伍仟元 */
            return false;
        return han_digit_take(h, n, d);
    }
    if (s > 0) {
        if (k > n->i && s >= 100 && trie_match(w->units, x, k, &value) >= 2)
            return false; /* 三千米 */
        s < 1e4 ? han_scale_small(h, n, s) : han_scale_big(h, n, s);
        return true;
    }
    if (cp_vague(cp)) { /* 数十, 十几 */
        bool first = k == n->i, after_scale = h->last > 0 && h->dlo < 0;
        if (first ? !(k + 1 < x->n && scale_of(x->c[k + 1].cp) > 1) : !after_scale)
            return false;
        n->vague = true;
        h->dlo = h->dhi = first ? 1 : -1;
        return true;
    }
    if (cp_over(cp) && h->last > 0 && h->dlo < 0 && k > n->i) {
        n->over = true;
        return true;
    }
    return false;
}

static bool han_read(struct qnum *n, const struct qtext *x, const struct quantity_words *w)
{
    struct han h = {.dlo = -1, .dhi = -1};
    size_t k = n->i;
    n->han = true;
    for (; k < x->n && (k == n->i || qtext_joined(x, k)) && k - n->i < 40; k++)
        if (!han_step(&h, n, x, w, k))
            break;
    if (k == n->i)
        return false;
    n->j = k;
    han_finish(&h, n);
    if (!n->vague && !n->over)
        han_point(n, x);
    return true;
}

/* --- x, where a report hides its number */

static bool cp_hidden(uint32_t cp)
{
    return cp == 'x' || cp == 'X' || cp == 0xD7 || cp == '*' || cp == 0x25CB || cp == 0x25A1 || cp == '_';
}

static bool hidden_read(struct qnum *n, const struct qtext *x)
{
    size_t k = n->i;
    while (
        k < x->n && k - n->i <= HIDDEN_LONG &&
        (cp_hidden(x->c[k].cp) || (x->c[k].cp == '.' && k > n->i && k + 1 < x->n && cp_hidden(x->c[k + 1].cp))) &&
        (k == n->i || x->c[k].gap == GAP_NONE))
        k++;
    if (k == n->i || k - n->i > HIDDEN_LONG ||
        (n->i && (cp_latin(x->c[n->i - 1].cp) || cp_digit(x->c[n->i - 1].cp)) && x->c[n->i].gap == GAP_NONE))
        return false;
    if (k >= x->n || cp_latin(x->c[k].cp) || cp_digit(x->c[k].cp))
        return false;
    if (x->c[n->i].cp != 'x' && x->c[n->i].cp != 'X' && k - n->i < 2 && x->c[n->i].cp != 0xD7)
        return false;
    n->blank = true;
    n->lo = NAN;
    n->j = k;
    return true;
}

bool qnum_read(struct qnum *n, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    *n = (struct qnum){.i = i, .j = i, .hi = NAN};
    if (i >= x->n)
        return false;
    uint32_t cp = x->c[i].cp;
    if (cp_digit(cp)) {
        arabic_read(n, x);
        scales_read(n, x, w);
        return true;
    }
    if (cp >= 0x4E00)
        return han_read(n, x, w);
    if (!hidden_read(n, x))
        return false;
    if (n->j < x->n && scale_of(x->c[n->j].cp) >= 1e4)
        n->j++;
    return true;
}
