/* SPDX-License-Identifier: Apache-2.0 */
/* context.c: is a numeral with its unit a quantity of the report's own, or part of a name, an ordinal, an address?
 *
 * One table of questions, asked in turn; the first that answers yes makes it no claim. */
#include "engine/quantity_inner.h"

enum { LIST_MAX = 50, CODE_DIGITS = 7, PHONE_DIGITS = 11 };

struct ask {
    const struct qtok *t, *prev;
    const struct qtext *x;
    const struct quantity_words *w;
};

uint32_t qcue_before(const struct qtext *x, const struct quantity_words *w, size_t i, size_t reach, enum cue cue)
{
    uint32_t value;
    for (size_t k = i; k > 0 && i - k <= reach; k--) {
        if (trie_back(w->cues, x, k, &value) && value & 1u << cue)
            return value;
        if ((cp_ends_clause(x->c[k - 1].cp) && x->c[k - 1].cp != ':') || (k < x->n && x->c[k].gap >= GAP_CELL))
            break;
    }
    return 0;
}

static uint32_t next_cp(const struct ask *a, size_t j)
{
    return qtext_joined(a->x, j) ? a->x->c[j].cp : 0;
}

static bool share(const struct qtok *t)
{
    return !t->unit && !t->lacks_unit;
}

static bool is_masked(const struct ask *a)
{
    uint8_t mask = a->x->c[a->t->num_i].mask;
    if (mask & (MASK_NAME | MASK_TITLE | MASK_ROW))
        return true;
    return mask & MASK_QUOTE && !share(a->t) && !a->t->num.blank && !a->t->num.over;
}

static bool rule_holds(const struct ask *a, uint32_t id)
{
    const struct qrule *r = &a->w->rule[id - 1];
    const struct qnum *n = &a->t->num;
    if ((r->form == FORM_HAN && !n->han) || (r->form == FORM_DIGIT && (n->han || n->blank)))
        return false;
    if (r->bare && !a->t->lacks_unit)
        return false;
    bool time =
        a->t->unit && a->t->unit->flags & UNIT_PERIOD && a->t->modifier != QUANTITY_ATMOST; /* not 接诉后2天内 */
    if (r->period && !time)
        return false;
    return !(n->lo > r->max);
}

static bool after_label(const struct ask *a)
{
    uint32_t id;
    return trie_back(a->w->before_rules, a->x, a->t->i, &id) && rule_holds(a, id);
}

static bool before_name(const struct ask *a)
{
    uint32_t id;
    size_t unit = a->t->j - a->t->num.j, at = a->t->num.j;
    if (share(a->t) || !qtext_joined(a->x, at))
        return false;
    size_t n = trie_match(a->w->after_rules, a->x, at, &id);
    return n && (n >= unit || a->t->num.j > a->t->j) && rule_holds(a, id);
}

static bool in_code(const struct ask *a)
{
    const struct qtok *t = a->t;
    const struct qtext *x = a->x;
    if (t->num.string || t->num.dotted)
        return true;
    uint32_t b = t->i && x->c[t->i].gap == GAP_NONE ? x->c[t->i - 1].cp : 0;
    uint32_t bb = t->i > 1 && x->c[t->i - 1].gap == GAP_NONE ? x->c[t->i - 2].cp : 0;
    uint32_t n = t->j < x->n && x->c[t->j].gap == GAP_NONE ? x->c[t->j].cp : 0;
    uint32_t nn = t->j + 1 < x->n && x->c[t->j + 1].gap == GAP_NONE ? x->c[t->j + 1].cp : 0;
    if (b == 0x3014 || b == '[' || b == '@' || b == '#' || b == 0xB7 || b == 0xD7 || n == '@' || n == '#' ||
        n == 0xB7)
        return true;
    if (b == '+' || b == '-' || b == '/')
        if (cp_digit(bb) || cp_latin(bb) || (b == '+' && bb > 0x7F && t->lacks_unit))
            return true;
    if (cp_latin(b) && !t->num.blank)
        return true;
    if (share(t))
        return false;
    if (n == '+' || n == 0xD7 || n == '*' || (n == 'x' && cp_digit(nn)))
        return true;
    return (cp_latin(n) && t->lacks_unit) || ((n == '-' || n == '/') && (cp_digit(nn) || cp_latin(nn)));
}

static bool too_long(const struct ask *a)
{
    const struct qnum *n = &a->t->num;
    return n->digits >= PHONE_DIGITS ||
           (a->t->lacks_unit && n->digits >= CODE_DIGITS && n->places == 0 && !(n->j > n->i + (size_t)n->digits));
}

/* （一） 1. 一、 at the head of a line or a sentence. */
static bool enumerates(const struct ask *a)
{
    const struct qtok *t = a->t;
    const struct qtext *x = a->x;
    if (!t->lacks_unit || t->num.over || !(t->num.lo <= LIST_MAX || t->num.blank))
        return false;
    uint32_t b = t->i ? x->c[t->i - 1].cp : 0, n = next_cp(a, t->j);
    if (b == '(' && n == ')' && t->i + 3 >= t->j)
        return true;
    bool head = x->c[t->i].sentence_start || x->c[t->i].gap >= GAP_WRAP || (b == ':' && t->num.han);
    uint32_t nn = t->j + 1 < x->n ? x->c[t->j + 1].cp : 0;
    return head && (n == 0x3001 || n == '.' || n == ')' || n == 0xFF0E) && !cp_digit(nn);
}

static bool scale_alone(const struct ask *a)
{
    uint32_t mod;
    return a->t->num.bare && !a->t->num.over && !share(a->t) && !trie_back(a->w->before_mods, a->x, a->t->i, &mod);
}

static bool in_list(const struct ask *a)
{
    const struct qtext *x = a->x;
    size_t i = a->t->i, j = a->t->j;
    if (a->prev && a->prev->verdict == Q_CLAIM && a->prev->unit && i - a->prev->j <= 12 && i > a->prev->j)
        for (size_t k = i; k > a->prev->j; k--)
            if (x->c[k - 1].cp == 0x3001 || x->c[k - 1].cp == 0x548C) /* 、和 */
                return true;
    struct qnum more;
    for (size_t k = j; k < x->n && k < j + 12 && qtext_joined(x, k); k++) {
        if (x->c[k].cp == 0x3001 && k + 1 < x->n) {
            for (size_t m = k + 1; m < x->n && m < k + 8 && !cp_ends_clause(x->c[m].cp); m++)
                if (qnum_read(&more, x, a->w, m) && !more.bare && more.lo > 1)
                    return true;
            return false;
        }
        if (cp_ends_clause(x->c[k].cp))
            break;
    }
    return false;
}

/* 每月一次, not 每一次. */
static bool after_each(const struct ask *a)
{
    for (size_t k = a->t->i; k > 0 && a->t->i - k < 7 && !cp_ends_clause(a->x->c[k - 1].cp); k--)
        if (a->x->c[k - 1].cp == 0x6BCF)
            return k < a->t->i;
    return false;
}

/* 一名, 一支 are articles; 仅一次, 召开一次, 一小时 are numbers; 一件件, 一个个 never. */
static bool indefinite(const struct ask *a)
{
    const struct qtok *t = a->t;
    if (!t->num.han || t->value != 1 || t->upper > 0 || !t->unit || t->num.j - t->num.i != 1)
        return false;
    if (next_cp(a, t->j) == a->x->c[t->num.j].cp || cp_digit(next_cp(a, t->j)))
        return true; /* 一件件; 一期8台 */
    if (t->modifier != QUANTITY_EXACT || after_each(a) || qcue_before(a->x, a->w, t->i, 3, CUE_SURE))
        return false;
    if (t->unit->one == ONE_SURE)
        return false;
    if (t->unit->one == ONE_EVENT && qcue_before(a->x, a->w, t->i, 6, CUE_EVENT))
        return false;
    return !in_list(a);
}

static bool plain_two(const struct ask *a)
{
    const struct qnum *n = &a->t->num;
    return n->han && n->j - n->i == 1 && a->x->c[n->i].cp == 0x4E8C && !share(a->t); /* 二次, 二层: not 两 */
}

static bool age_bracket(const struct ask *a)
{
    return a->t->unit && a->t->unit->flags & UNIT_AGE && !qcue_before(a->x, a->w, a->t->i, 6, CUE_AGE);
}

/* 3栋2单元501室, B座12层. */
static bool in_address(const struct ask *a)
{
    uint32_t value;
    struct qnum next;
    const struct qtok *t = a->t;
    if (!t->unit || !trie_match(a->w->address, a->x, t->num.j, &value))
        return false;
    size_t n = a->x->c[t->i].gap == GAP_NONE ? trie_back(a->w->address_back, a->x, t->i, &value) : 0;
    uint32_t b = n && t->i > n ? a->x->c[t->i - n - 1].cp : 0;
    if (cp_numeral(b) || cp_latin(b))
        return true;
    if (t->upper > 0 && t->num.unscaled < 1000 && t->j > t->num.j + 5 - 1 &&
        a->x->c[t->num.j].cp == a->x->c[t->j - 1].cp)
        return true; /* 52栋至54栋 */
    return qtext_joined(a->x, t->j) && qnum_read(&next, a->x, a->w, t->j) && !next.han &&
           trie_match(a->w->address, a->x, next.j, &value);
}

static bool hidden_scale(const struct ask *a)
{
    return a->x->c[a->t->num.j - 1].cp >= 0x4E00; /* x万 */
}

/* x stands for a number only before a unit that counts. */
static bool hides_a_name(const struct ask *a)
{
    return a->t->num.blank && a->t->lacks_unit && a->t->j == a->t->num.j && !hidden_scale(a);
}

static bool small_name(const struct ask *a)
{
    const struct qtok *t = a->t;
    return a->x->c[t->num_i].mask & MASK_HEAD && t->num.han && t->value <= 10 && t->unit &&
           t->unit->kind == QUANTITY_COUNT && !t->num.over;
}

static bool year_cell(const struct ask *a)
{
    const struct qnum *n = &a->t->num;
    return a->t->lacks_unit && n->digits == 4 && n->places == 0 && n->lo >= 1949 && n->lo <= 2049 &&
           a->x->c[a->t->i].gap >= GAP_WRAP && n->j == a->t->j;
}

/* A figure without a unit: 收集意见120、办结118, a cell. */
static bool not_bare_claim(const struct ask *a)
{
    const struct qtok *t = a->t;
    const struct qtext *x = a->x;
    uint32_t value;
    if (!t->lacks_unit || t->num.blank)
        return false;
    if (t->num.han)
        return true;
    uint32_t b = t->i ? x->c[t->i - 1].cp : 0, n = t->j < x->n ? x->c[t->j].cp : 0;
    bool gap_before = x->c[t->i].gap != GAP_NONE, gap_after = t->j >= x->n || x->c[t->j].gap != GAP_NONE;
    if (qcue_before(x, a->w, t->i, 2, CUE_FROM) && trie_match(a->w->cues_ahead, x, t->j, &value))
        return false;
    if (t->num.j > t->num.i && n >= 0x4E00 && t->num.lo >= 1e4 && x->c[t->num.j - 1].cp >= 0x4E00)
        return false; /* 惠及2.3万居民 */
    if (!gap_after && !cp_ends_clause(n) && n != 0x548C && n != 0x53CA && n != 0x201D)
        return true;
    return !gap_before && b < 0x4E00 && b != ':' && b != 0x3001 && b != '+' && b != '-' && b != '(' && b != '/';
}

enum verdict qcontext(const struct qtok *t, const struct qtext *x, const struct quantity_words *w,
                      const struct qtok *prev)
{
    static bool (*const question[])(const struct ask *) = {
        is_masked,  after_label, before_name, in_code,   too_long,   enumerates,   scale_alone,    plain_two,
        in_address, indefinite,  age_bracket, year_cell, small_name, hides_a_name, not_bare_claim,
    };
    struct ask a = {t, prev, x, w};
    for (size_t i = 0; i < sizeof question / sizeof *question; i++)
        if (question[i](&a))
            return Q_TRAP;
    return Q_CLAIM;
}
