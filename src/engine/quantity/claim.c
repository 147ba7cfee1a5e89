/* SPDX-License-Identifier: Apache-2.0 */
/* claim.c: a numeral with what belongs to it: percent, fraction, 成, unit, half, range, modifiers. */
#include <string.h>

#include "engine/quantity_inner.h"

/* One end of a range, or all there is. */
struct amount {
    struct qnum num;
    size_t j;
    double value;
    const struct qunit *unit;
    const char *unit_name; /* set with or without a unit */
    bool share;            /* %, 成, a fraction: nothing more is wanted */
};

static bool is2(const struct qtext *x, size_t i, uint32_t a, uint32_t b)
{
    return qtext_is(x, i, a) && qtext_is(x, i + 1, b) && qtext_joined(x, i + 1);
}

static size_t unit_at(const struct qtext *x, const struct quantity_words *w, const struct qnum *n, size_t k,
                      const struct qunit **unit)
{
    uint32_t value = 0;
    if (!qtext_joined(x, k))
        return 0;
    size_t len = trie_match(w->units, x, k, &value);
    if (!len || value >> 31) /* another word */
        return 0;
    *unit = &w->unit[(value & 0xFFFF) - 1];
    if (value >> 20) /* 个 of 个案例 */
        len = value >> 20;
    if (((*unit)->flags & UNIT_DIGIT && n->han) || ((*unit)->flags & UNIT_SOLID && n->blank))
        return 0;
    return len;
}

/* 百分之九十八, 千分之五, 三分之二. */
static bool fraction_read(struct amount *m, const struct qtext *x, const struct quantity_words *w)
{
    struct qnum top;
    size_t k = m->num.j;
    if (!is2(x, k, 0x5206, 0x4E4B) || !qnum_read(&top, x, w, k + 2))
        return false;
    double base = m->num.lo;
    m->unit_name = base == 100 ? "%" : base == 1000 ? "‰" : "";
    m->value = *m->unit_name ? top.lo : base > 0 ? top.lo / base : NAN;
    m->j = top.j;
    top.i = m->num.i;
    m->num = top;
    m->num.bare = false;
    m->share = true;
    if (*m->unit_name && base == 100 && qtext_joined(x, m->j) && qtext_is(x, m->j, '%'))
        m->j++;
    return true;
}

/* 九成, 九成五, not 成立 or 成员. */
static bool tenth_read(struct amount *m, const struct qtext *x, const struct quantity_words *w)
{
    uint32_t value;
    size_t k = m->num.j;
    if (!qtext_is(x, k, 0x6210) || !qtext_joined(x, k) || m->num.lo > 10 || m->num.places > 1 || m->num.over ||
        trie_match(w->stop, x, k, &value))
        return false;
    struct qnum more;
    m->value = m->num.lo * 10;
    m->j = k + 1;
    m->unit_name = "%";
    m->share = true;
    if (m->num.hi > 0)
        m->num.hi *= 10;
    if (m->num.han && qnum_read(&more, x, w, k + 1) && more.han && more.j == k + 2 && more.lo >= 1 &&
        more.lo <= 9) {
        m->value += more.lo;
        m->j = more.j;
    }
    if (qtext_is(x, m->j, 0x591A)) { /* 多 */
        m->num.over = true;
        m->j++;
    }
    return true;
}

static bool percent_read(struct amount *m, const struct qtext *x)
{
    size_t k = m->num.j;
    if (!qtext_joined(x, k))
        return false;
    uint32_t cp = x->c[k].cp;
    if (cp == '%' || cp == 0x2030) {
        m->unit_name = cp == '%' ? "%" : "‰";
        m->j = k + 1;
    } else if (cp == 'p' && qtext_is(x, k + 1, 'c') && qtext_is(x, k + 2, 't')) {
        m->unit_name = "%";
        m->j = k + 3;
    } else {
        return false;
    }
    m->share = true;
    return true;
}

/* 两小时二十分, 3元5角: the smaller part. */
static void part_read(struct amount *m, const struct qtext *x, const struct quantity_words *w)
{
    struct qnum n;
    const struct qunit *u;
    size_t len;
    if (!m->unit->then || !qtext_joined(x, m->j) || !qnum_read(&n, x, w, m->j) || n.blank)
        return;
    len = unit_at(x, w, &n, n.j, &u);
    if (len && strncmp(u->name, m->unit->then, strlen(u->name)) == 0) {
        m->value += n.lo / m->unit->then_times;
        m->j = n.j + len;
    }
}

/* 三亩半; 一个半小时. */
static void half_read(struct amount *m, const struct qtext *x, const struct quantity_words *w)
{
    const struct qunit *u;
    size_t len;
    if (!qtext_is(x, m->j, 0x534A) || !qtext_joined(x, m->j))
        return;
    len = unit_at(x, w, &m->num, m->j + 1, &u);
    if (strcmp(m->unit_name, "个") == 0 && len && u->flags & UNIT_HALF) {
        m->unit = u;
        m->unit_name = u->name;
        m->j += 1 + len;
    } else if (m->unit->flags & UNIT_HALF && !len) {
        m->j++;
    } else {
        return;
    }
    m->value += 0.5;
}

static bool amount_read(struct amount *m, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    *m = (struct amount){.unit_name = ""};
    if (!qnum_read(&m->num, x, w, i))
        return false;
    m->value = m->num.vague ? NAN : m->num.lo;
    m->j = m->num.j;
    if (fraction_read(m, x, w) || percent_read(m, x) || tenth_read(m, x, w))
        return true;
    size_t len = unit_at(x, w, &m->num, m->j, &m->unit);
    if (!len)
        return true;
    m->unit_name = m->unit->name;
    m->j += len;
    half_read(m, x, w);
    part_read(m, x, w);
    return true;
}

/* 半小时, 半亩: a half that opens a length. */
static bool half_alone(struct amount *m, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    size_t len;
    *m = (struct amount){.num = {.i = i, .j = i + 1, .lo = 0.5, .hi = NAN, .han = true}, .value = 0.5};
    if (!qtext_is(x, i, 0x534A) || !(len = unit_at(x, w, &m->num, i + 1, &m->unit)) ||
        !(m->unit->flags & UNIT_HALF))
        return false;
    m->unit_name = m->unit->name;
    m->j = i + 1 + len;
    return true;
}

/* The characters of a mark that joins the ends of a range at k, else 0. */
static size_t range_mark(const struct qtext *x, size_t k)
{
    size_t n = 0;
    if (!qtext_joined(x, k))
        return 0;
    while (n < 2 && (qtext_is(x, k + n, '-') || qtext_is(x, k + n, '~')))
        n++;
    if (!n && (qtext_is(x, k, 0x81F3) || qtext_is(x, k, 0x5230))) /* 至 到 */
        n = 1;
    return n;
}

static bool range_fits(const struct amount *a, const struct amount *b)
{
    bool blank = a->num.blank && b->num.blank;
    if ((*a->unit_name && strcmp(a->unit_name, b->unit_name) != 0) || a->num.han != b->num.han || a->num.string ||
        b->num.string || a->num.dotted || b->num.dotted)
        return false;
    return blank || b->value > a->value || b->num.lo > a->num.lo;
}

static void range_read(struct amount *a, double *upper, const struct qtext *x, const struct quantity_words *w)
{
    struct amount b;
    size_t n = range_mark(x, a->j);
    if (!n || !amount_read(&b, x, w, a->j + n) || !range_fits(a, &b))
        return;
    bool dash = x->c[a->j].cp < 128;
    if (!dash && *a->unit_name && qcue_before(x, w, a->num.i, 4, CUE_FROM))
        return; /* 由A至B are two claims */
    if (dash && qtext_is(x, b.j, '-') && b.j + 1 < x->n && cp_digit(x->c[b.j + 1].cp)) {
        a->num.string = true; /* 3-2-501 */
        a->j = b.j;
        return;
    }
    double lend = b.num.unscaled > 0 && !a->share ? b.num.lo / b.num.unscaled : 1;
    if (a->num.lo > 0 && a->num.unscaled == a->num.lo && lend > 1 && !*a->unit_name && a->num.lo < b.num.unscaled)
        a->value *= lend;
    *upper = b.value;
    a->j = b.j;
    a->unit = b.unit;
    a->unit_name = b.unit_name;
    a->share = b.share;
    a->num.places = b.num.places > a->num.places ? b.num.places : a->num.places;
    a->num.over |= b.num.over;
    a->num.bare = false;
}

/* 1:50, 4:4:2, read where a time cannot stand (qdate_skip comes first). */
static bool colon_read(struct amount *a, const struct qtext *x, const struct quantity_words *w)
{
    struct qnum b;
    size_t parts = 1;
    double first = a->num.lo;
    while (!a->share && !*a->unit_name && qtext_is(x, a->j, ':') && x->c[a->j].gap == GAP_NONE &&
           qnum_read(&b, x, w, a->j + 1) && !b.han && !a->num.han && !b.blank && !a->num.blank) {
        a->j = b.j;
        parts++;
        a->value = parts == 2 && b.lo > 0 ? first / b.lo : NAN;
    }
    a->share |= parts > 1;
    return parts > 1;
}

/* What a modifier word means: the values stored in the tries. */
static enum quantity_modifier modifier_of(struct qtok *t, const struct qtext *x, const struct quantity_words *w)
{
    uint32_t before = 0, after = 0;
    size_t n = trie_back(w->before_mods, x, t->i, &before), m = 0;
    if (n && t->i > n && x->c[t->i].gap >= GAP_CELL)
        before = 0;
    if (qtext_joined(x, t->j))
        m = trie_match(w->after_mods, x, t->j, &after);
    if (!n)
        before = 0;
    if (!m)
        after = 0;
    if (before > 1) /* 1 is 达: exact, but a number stands here */
        return (enum quantity_modifier)(before - 1);
    if (t->num.over)
        return QUANTITY_OVER;
    if (after)
        return (enum quantity_modifier)(after - 1);
    if (t->num.blank)
        return QUANTITY_NONE;
    return t->num.vague || t->num.hi > 0 ? QUANTITY_APPROX : QUANTITY_EXACT;
}

static enum quantity_kind kind_of(const struct qtok *t, const struct amount *a, const struct qtext *x,
                                  const struct quantity_words *w)
{
    bool length = a->unit && a->unit->kind == QUANTITY_DURATION;
    if (qcue_before(x, w, t->i, 6, CUE_RISE))
        return QUANTITY_CHANGE;
    if (t->modifier == QUANTITY_ATMOST || t->modifier == QUANTITY_ATLEAST)
        return length || (a->unit && qcue_before(x, w, t->i, 5, CUE_SURE)) ? QUANTITY_LIMIT
               : a->unit                                                   ? a->unit->kind
                                                                           : QUANTITY_RATIO;
    return a->unit ? a->unit->kind : a->share ? QUANTITY_RATIO : QUANTITY_COUNT;
}

bool qtok_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    struct amount a;
    bool yen = qtext_is(x, i, 0xA5) && i + 1 < x->n && cp_digit(x->c[i + 1].cp);
    *t = (struct qtok){.i = i, .upper = NAN};
    if (!half_alone(&a, x, w, i) && !amount_read(&a, x, w, i + yen))
        return false;
    t->upper = a.num.hi;
    if (!colon_read(&a, x, w))
        range_read(&a, &t->upper, x, w);
    t->num = a.num;
    t->num_i = a.num.i;
    t->j = a.j;
    t->value = a.value;
    t->unit = a.unit;
    t->unit_name = yen && !*a.unit_name ? "元" : a.unit_name;
    t->lacks_unit = !*t->unit_name && !a.share;
    t->modifier = modifier_of(t, x, w);
    t->kind = kind_of(t, &a, x, w);
    return true;
}
