/* SPDX-License-Identifier: Apache-2.0 */
/* plain.c: claims without a numeral: nothing (零上访, 无一起, 未发生…), everything (全部, 全覆盖), 一半, 归零. */
#include "engine/quantity_inner.h"

enum { LACK_REACH = 9, ZERO_REACH = 6, NOTHING_REACH = 14 };

static void fill(struct qtok *t, size_t i, size_t j, enum quantity_kind kind, double value, const char *unit)
{
    *t = (struct qtok){.i = i,
                       .j = j,
                       .num_i = i,
                       .value = value,
                       .upper = NAN,
                       .unit_name = unit,
                       .kind = kind,
                       .modifier = QUANTITY_NONE};
    t->num.i = i;
    t->num.j = j;
    t->num.hi = NAN;
    t->num.han = true;
}

/* 一 and its unit at i: 一起, 1例. Characters, 0 if none. */
static size_t one_at(const struct qtext *x, const struct quantity_words *w, size_t i, const char **unit)
{
    struct qtok one;
    if (!qtext_is(x, i, 0x4E00) && !qtext_is(x, i, '1'))
        return 0;
    if (!qtok_read(&one, x, w, i) || !one.unit || one.value != 1)
        return 0;
    *unit = one.unit_name;
    return one.j - i;
}

/* The event that a negation speaks of: the end of the last event word within reach, 0 if none. */
static size_t event_end(const struct qtext *x, const struct quantity_words *w, size_t i, size_t reach)
{
    uint32_t value;
    size_t end = 0;
    for (size_t k = i; k < x->n && k < i + reach && qtext_joined(x, k); k++) {
        if (cp_ends_clause(x->c[k].cp) || trie_match(w->nouns_end, x, k, &value))
            break;
        size_t n = trie_match(w->events, x, k, &value);
        if (n) {
            end = k + n;
            k += n - 1;
        }
    }
    return end;
}

/* To the end of the clause: what did not happen. */
static size_t clause_end(const struct qtext *x, const struct quantity_words *w, size_t i)
{
    uint32_t value;
    size_t k = i;
    while (k < x->n && k < i + NOTHING_REACH && qtext_joined(x, k) && !cp_ends_clause(x->c[k].cp) &&
           x->c[k].cp != 0x201D && (k == i || !trie_match(w->nouns_end, x, k, &value)))
        k++;
    return k;
}

/* 零上访, 零事故; not 零距离 (a name) nor 零售. */
static bool zero_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    bool digit = qtext_is(x, i, '0') && (i == 0 || x->c[i].gap != GAP_NONE || x->c[i - 1].cp >= 0x3000); /* 0投诉 */
    if ((!qtext_is(x, i, 0x96F6) && !digit) || !qtext_joined(x, i + 1))
        return false;
    size_t end = event_end(x, w, i + 1, ZERO_REACH);
    if (!end)
        return false;
    fill(t, i, end, QUANTITY_ZERO, 0, "");
    return true;
}

/* 无一起, 无重大事件, 未发生…, 没有一名. */
static bool lack_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    uint32_t verb = 0, lack = 0;
    const char *unit = "";
    size_t n = trie_match(w->no, x, i, &verb), m = trie_match(w->lack, x, i, &lack), one, end;
    size_t len = n ? n : m;
    if (!len)
        return false;
    one = one_at(x, w, i + len, &unit);
    if (one) {
        fill(t, i, i + len + one, QUANTITY_ZERO, 0, unit);
        return true;
    }
    if (n) { /* 未发生 and the like need no event word */
        end = clause_end(x, w, i + n);
        if (end < i + n + 2 && event_end(x, w, i + n, LACK_REACH) == 0)
            end = i + n;
    } else if (!(end = event_end(x, w, i + m, LACK_REACH))) {
        return false;
    }
    fill(t, i, end, QUANTITY_ZERO, 0, "");
    return true;
}

/* 全体党员大会 is a meeting, 全体党员 is a claim. */
static bool names_meeting(const struct qtext *x, size_t j)
{
    for (size_t k = j; k < x->n && k < j + 5 && !cp_ends_clause(x->c[k].cp); k++)
        if (x->c[k].cp == 0x4F1A) /* 会 */
            return true;
    return false;
}

bool qfixed_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i)
{
    uint32_t id;
    if (x->c[i].mask & (MASK_NAME | MASK_TITLE))
        return false;
    size_t n = trie_match(w->fixed, x, i, &id);
    if (n && !(x->c[i + n - 1].mask & MASK_NAME)) { /* 降至零下 */
        const struct qfixed *f = &w->fix[id - 1];
        if (f->kind == QUANTITY_ALL && qtext_is(x, i + 1, 0x4F53) && names_meeting(x, i + n))
            return false;
        fill(t, i, i + n, f->kind, f->value, f->unit);
        return true;
    }
    return zero_read(t, x, w, i) || lack_read(t, x, w, i);
}
