/* SPDX-License-Identifier: Apache-2.0 */
/* meaning.c: the noun that is counted, the words before it, the subject of its sentence. */
#include <string.h>

#include "engine/quantity_inner.h"

enum { NOUN_MAX = 16, VERB_MAX = 14, SUBJECT_MAX = 16 };

/* Where a noun that begins at i ends. */
static size_t noun_end(const struct qtext *x, const struct quantity_words *w, size_t i, size_t limit)
{
    uint32_t value;
    struct qnum n;
    size_t k = i;
    for (; k < limit && k < i + NOUN_MAX && qtext_joined(x, k); k++) {
        uint32_t cp = x->c[k].cp;
        if (cp_ends_clause(cp) || cp == 0x548C || cp == 0x53CA || (k > i && cp == 0x7684))
            break;
        if (k > i && (trie_match(w->nouns_end, x, k, &value) || (qnum_read(&n, x, w, k) && !n.blank)))
            break;
    }
    return k;
}

/* The start of the words before i in its clause, not before floor. */
static size_t clause_start(const struct qtext *x, size_t i, size_t floor, size_t most)
{
    size_t k = i;
    while (k > floor && i - k < most && !cp_ends_clause(x->c[k - 1].cp) && (k == i || x->c[k].gap < GAP_CELL))
        k--;
    return k;
}

/* Drops 达, 共, 为, 约 at the end. */
static size_t link_cut(const struct qtext *x, const struct quantity_words *w, size_t i, size_t j)
{
    uint32_t value;
    size_t n;
    while (j > i) {
        n = trie_back(w->before_mods, x, j, &value);
        if (!n && (!(n = trie_back(w->cues, x, j, &value)) || !(value & 1u << CUE_LINK)))
            break;
        j -= n < j - i ? n : j - i;
    }
    return j;
}

static const char *counted(const struct qtok *t, size_t floor, size_t limit, const struct qtext *x,
                           const struct quantity_words *w)
{
    uint32_t value;
    size_t i = t->j, end;
    if (qtext_joined(x, i))
        i += trie_match(w->after_mods, x, i, &value);
    i += qtext_is(x, i, 0x7684);                               /* 的 */
    bool share = !t->unit && !t->lacks_unit && !*t->unit_name; /* 无一起… has a unit and names its event after it */
    share |= strcmp(t->unit_name, "%") == 0 || strcmp(t->unit_name, "‰") == 0;
    if (!share && i < limit && qtext_joined(x, i) && x->c[i].gap <= GAP_WRAP &&
        (end = noun_end(x, w, i, limit)) > i)
        return qtext_plain(x, i, end);
    size_t start = clause_start(x, t->i, floor, NOUN_MAX);
    end = link_cut(x, w, start, t->i);
    return end > start ? qtext_plain(x, start, end) : "";
}

/* Is [i, j) nothing but 升至 and the like? Then the number says no noun of its own. */
static bool only_moves(const struct qtext *x, const struct quantity_words *w, size_t i, size_t j)
{
    uint32_t value;
    return i < j && trie_match(w->cues_ahead, x, i, &value) == j - i;
}

/* 2300户6800余人, 升至97%: what the claim before counts. Zero claims name their event themselves. */
static const char *counted_else(const struct quantity_list *l, const struct qtok *t, size_t i,
                                const struct qtext *x)
{
    if (l->items[i].kind == QUANTITY_ZERO && t[i].j - t[i].i > 1)
        return qtext_plain(x, t[i].i + 1, t[i].j);
    return i && l->items[i - 1].sentence == l->items[i].sentence ? l->items[i - 1].counted : "";
}

void qmeaning(struct quantity_list *l, const struct qtok *t, const struct qtext *x, const struct quantity_words *w)
{
    size_t at = 0, sentence = 0, head = 0;
    for (size_t i = 0; i < l->n; i++) {
        struct quantity *q = &l->items[i];
        for (; at < t[i].i; at++)
            if (x->c[at + 1].sentence_start) {
                sentence++;
                head = at + 1;
            }
        size_t floor = i && t[i - 1].j <= t[i].i ? t[i - 1].j : 0, end = head;
        q->sentence = sentence;
        q->counted = counted(&t[i], floor, i + 1 < l->n ? t[i + 1].i : x->n, x, w);
        size_t start = clause_start(x, t[i].i, floor, VERB_MAX);
        q->verb = start < t[i].i ? qtext_plain(x, start, t[i].i) : "";
        if (!*q->counted || only_moves(x, w, start, t[i].i))
            q->counted = counted_else(l, t, i, x);
        while (end < t[i].i && end < head + SUBJECT_MAX && !cp_ends_clause(x->c[end].cp))
            end++;
        q->subject = end > head ? qtext_plain(x, head, end) : "";
    }
}
