/* SPDX-License-Identifier: Apache-2.0 */
/* link.c: what ties claims together: a unit at the end of a list, 每 before a number, 其中. */
#include <string.h>

#include "engine/quantity_inner.h"

enum { EACH_REACH = 10, EACH_WORD = 3, TO_REACH = 8 };

/* Nothing but 、 和 及 or a comma stands between two members of a list. */
static bool listed(const struct qtext *x, const struct qtok *a, const struct qtok *b)
{
    if (b->i != a->j + 1 || !qtext_joined(x, b->i) || !qtext_joined(x, a->j))
        return false;
    uint32_t cp = x->c[a->j].cp;
    return cp == 0x3001 || cp == 0x548C || cp == 0x53CA || cp == 0x4E0E || cp == 0xFF0C || cp == ',' ||
           cp == 0x81F3;
}

/* 由85提高到93.5分: A and B of a change. */
static bool from_to(const struct qtext *x, const struct quantity_words *w, const struct qtok *a,
                    const struct qtok *b)
{
    uint32_t value;
    if (b->i <= a->j || b->i - a->j > TO_REACH || !qcue_before(x, w, a->i, 4, CUE_FROM))
        return false;
    for (size_t k = a->j; k < b->i; k++)
        if (trie_match(w->cues_ahead, x, k, &value))
            return true;
    return false;
}

static void unit_lend(struct qtok *t, const struct qtok *from)
{
    t->unit = from->unit;
    t->unit_name = from->unit_name;
    t->kind = from->kind;
    t->lacks_unit = from->lacks_unit;
}

/* Lists read from their end: 15、18和22场; 0.4个、2.1个和1.6个百分点; 1、2、3号楼. */
static void share_units(struct qtok *t, size_t n, const struct qtext *x, const struct quantity_words *w)
{
    for (size_t i = n; i-- > 1;) {
        struct qtok *a = &t[i - 1];
        const struct qtok *b = &t[i];
        bool list = listed(x, a, b), general = a->unit && strcmp(a->unit_name, "个") == 0 && !b->unit;
        if (!list && !from_to(x, w, a, b))
            continue;
        general |= a->unit && strcmp(a->unit_name, "个") == 0 && b->unit && b->unit->kind == QUANTITY_RATIO;
        if (a->lacks_unit && b->verdict == Q_TRAP && list && !b->lacks_unit)
            a->verdict = Q_TRAP;
        else if (b->verdict == Q_CLAIM && (a->lacks_unit || (general && list && b->kind != QUANTITY_ALL)))
            unit_lend(a, b);
    }
}

/* The 每 of a rate that ends before i, no claim between; x->n if there is none. */
static size_t each_before(const struct qtext *x, size_t i, size_t floor)
{
    for (size_t k = i; k > floor && i - k < EACH_REACH + EACH_WORD; k--) {
        uint32_t cp = x->c[k - 1].cp;
        if (cp == 0x6BCF)
            return k - 1;
        if (cp_ends_clause(cp) || x->c[k - 1].gap >= GAP_CELL || cp == 0x201D)
            break;
    }
    return x->n;
}

static const char *each_word(const struct qtext *x, const struct quantity_words *w, size_t k, size_t end)
{
    static const struct {
        uint32_t cp;
        size_t len;
    } periods[] = {{0x5B63, 2}, {0x534A, 2}, {0x5B66, 2}}; /* 季度 半年 学期 */
    uint32_t value;
    size_t n = trie_match(w->units, x, k + 1, &value);
    for (size_t i = 0; i < 3; i++)
        if (qtext_is(x, k + 1, periods[i].cp))
            n = periods[i].len;
    if (!n || value >> 31)
        n = 1;
    return qtext_plain(x, k + 1, k + 1 + n > end ? end : k + 1 + n);
}

/* 一个季度召开一次: a period of one before a count of occasions. */
static bool period_before(const struct qtok *a, const struct qtok *b)
{
    return a->unit && a->unit->flags & UNIT_PERIOD && a->value == 1 && b->unit && b->unit->one == ONE_EVENT &&
           b->i - a->j <= 4;
}

static void rates(struct qtok *t, size_t n, const struct qtext *x, const struct quantity_words *w)
{
    size_t floor = 0;
    for (size_t i = 0; i < n; i++) {
        size_t each = each_before(x, t[i].i, floor);
        bool base = each + 1 == t[i].i && each < x->n && i + 1 < n; /* 每500户设1名: the base of the next */
        if (base) {
            t[i].verdict = Q_TRAP;
            continue;
        }
        if (t[i].verdict == Q_CLAIM && each < x->n && each + 1 < t[i].i && t[i].kind != QUANTITY_ZERO &&
            t[i].kind != QUANTITY_ALL) {
            t[i].per = each_word(x, w, each, t[i].num_i);
            t[i].i = each;
            t[i].kind = QUANTITY_RATE;
        } else if (i && t[i].verdict == Q_CLAIM && period_before(&t[i - 1], &t[i]) &&
                   listed(x, &t[i - 1], &t[i]) == 0 && t[i - 1].num.han) {
            t[i].per = t[i - 1].unit_name;
            t[i].i = t[i - 1].i;
            t[i].kind = QUANTITY_RATE;
            t[i - 1].verdict = Q_TRAP;
        }
        if (t[i].verdict == Q_CLAIM)
            floor = t[i].j;
    }
}

/* A token that a rate or a list has swallowed is dropped: claims never overlap. */
static void drop_covered(struct qtok *t, size_t n)
{
    size_t end = 0;
    for (size_t i = 0; i < n; i++) {
        if (t[i].verdict == Q_CLAIM && t[i].i < end)
            t[i].i = t[i].num_i;
        if (t[i].verdict == Q_CLAIM && t[i].i < end)
            t[i].verdict = Q_TRAP;
        if (t[i].verdict == Q_CLAIM)
            end = t[i].j;
    }
}

/* 其中 before a claim: a part of the last one that stood before 其中. */
static void parts(struct qtok *t, size_t n, const struct qtext *x)
{
    bool open = false, sure = false;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (; at + 1 < t[i].i; at++) {
            if (cp_ends_sentence(x->c[at].cp) || x->c[at].gap == GAP_PARA)
                open = false;
            if (x->c[at].cp == 0x5176 && x->c[at + 1].cp == 0x4E2D)
                open = sure = true;
            else if (x->c[at].cp == 0xFF0C || x->c[at].cp == ',')
                sure = false;
        }
        t[i].nested = open && t[i].verdict == Q_CLAIM;
        t[i].part = t[i].nested && sure;
    }
}

void qlink(struct qtok *t, size_t n, const struct qtext *x, const struct quantity_words *w)
{
    share_units(t, n, x, w);
    rates(t, n, x, w);
    drop_covered(t, n);
    parts(t, n, x);
}
