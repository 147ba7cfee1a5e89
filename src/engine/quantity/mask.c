/* SPDX-License-Identifier: Apache-2.0 */
/* mask.c: where quantities do not stand: names, short quotations, titles of works, headings, numbers of rows. */
#include <string.h>

#include "engine/quantity_inner.h"

enum { QUOTE_SHORT = 12, TITLE_LONG = 80, HEAD_LONG = 30 };

static void mask_range(struct qtext *x, size_t i, size_t j, enum mask mask)
{
    for (size_t k = i; k < j; k++)
        x->c[k].mask |= (uint8_t)mask;
}

/* Does a longer number or a quantity only look like the name at [i, j)? 二十一批 is not 一批, 110平方米 not 110. */
static bool in_number(const struct qtext *x, const struct quantity_words *w, size_t i, size_t j)
{
    struct qnum n;
    uint32_t value;
    if (cp_numeral(x->c[i].cp) && i > 0 && x->c[i].gap == GAP_NONE &&
        (cp_numeral(x->c[i - 1].cp) || (cp_digit(x->c[i].cp) && x->c[i - 1].cp == '.')))
        return true;
    if (cp_numeral(x->c[i].cp) && qnum_read(&n, x, w, i) && n.j > j)
        return true; /* 零点八 is not 零点 */
    if (!cp_numeral(x->c[j - 1].cp) || !qtext_joined(x, j))
        return false;
    size_t unit = trie_match(w->units, x, j, &value);
    return (unit && !(value >> 31)) || cp_numeral(x->c[j].cp) || x->c[j].cp == '%' || x->c[j].cp == '.';
}

static void mask_names(struct qtext *x, const struct quantity_words *w)
{
    uint32_t value;
    for (size_t i = 0; i < x->n;) {
        size_t n = trie_match(w->names, x, i, &value);
        if (n && in_number(x, w, i, i + n))
            n = 0;
        if (n && value == 1)
            mask_range(x, i, i + n, MASK_NAME);
        i += n ? n : 1;
    }
}

/* Of a quotation or title that opens at i: the index of its end, or 0. */
static size_t closes(const struct qtext *x, size_t i, uint32_t mark, size_t reach)
{
    for (size_t k = i + 1; k < x->n && k <= i + reach && x->c[k].gap < GAP_PARA; k++)
        if (x->c[k].cp == mark)
            return k;
    return 0;
}

static bool speaks(const struct qtext *x, size_t i, size_t j) /* 每周两小时: a rule, not a name */
{
    for (size_t k = i; k < j; k++)
        if (x->c[k].cp == 0x6BCF || cp_ends_clause(x->c[k].cp))
            return x->c[k].cp != 0x3001;
    return false;
}

static void mask_quotes(struct qtext *x)
{
    for (size_t i = 0; i < x->n; i++) {
        size_t end;
        if (x->c[i].cp == 0x201C && (end = closes(x, i, 0x201D, QUOTE_SHORT + 1)) && !speaks(x, i + 1, end))
            mask_range(x, i, end + 1, MASK_QUOTE);
        else if (x->c[i].cp == 0x300A && (end = closes(x, i, 0x300B, TITLE_LONG)))
            mask_range(x, i, end + 1, MASK_TITLE);
    }
}

static void mark_sentences(struct qtext *x)
{
    for (size_t i = 0; i < x->n; i++)
        x->c[i].sentence_start = i == 0 || x->c[i].gap >= GAP_CELL || cp_ends_sentence(x->c[i - 1].cp);
}

/* One Chinese numeral of one or two characters at i. */
static size_t small_han(const struct qtext *x, size_t i)
{
    static const uint32_t digit[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                     0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    size_t n = 0;
    for (bool found; n < 2 && i + n < x->n; n++) {
        found = false;
        for (size_t k = 0; k < sizeof digit / sizeof *digit && !found; k++)
            found = x->c[i + n].cp == digit[k];
        if (!found)
            break;
    }
    return n;
}

/* 一、… or （一）… up to the end of its sentence, where that is short: a heading. */
static void mask_headings(struct qtext *x)
{
    for (size_t i = 0; i < x->n; i++) {
        if (!x->c[i].sentence_start && !(x->c[i].cp == '('))
            continue;
        bool bracket = x->c[i].cp == '(';
        size_t n = small_han(x, i + bracket), j = i + bracket + n, end;
        if (!n || !qtext_is(x, j, bracket ? ')' : 0x3001))
            continue;
        for (end = j + 1; end < x->n && end <= j + HEAD_LONG; end++)
            if (cp_ends_sentence(x->c[end].cp) || x->c[end].gap >= GAP_CELL)
                break;
        if (end <= j + HEAD_LONG)
            mask_range(x, j + 1, end, MASK_HEAD);
    }
}

/* --- row numbers: lines that begin with 1, 2, 3 … at even distances */

struct rows {
    size_t line, last, stride; /* the line read, that of the last number, lines from one to the next */
    size_t header;             /* the line that says 序号, 0 if none */
    int next;
};

static int cell_number(const struct qtext *x, size_t i, size_t *end)
{
    int v = 0;
    size_t k = i;
    while (k < x->n && cp_digit(x->c[k].cp) && (k == i || x->c[k].gap == GAP_NONE) && k < i + 4)
        v = v * 10 + (int)(x->c[k++].cp - '0');
    *end = k;
    return k > i && (k == x->n || x->c[k].gap != GAP_NONE) ? v : 0;
}

static void row_line(struct rows *r, struct qtext *x, size_t i)
{
    size_t end;
    if (qtext_is(x, i, 0x5E8F) && qtext_is(x, i + 1, 0x53F7)) { /* 序号 */
        r->header = r->line;
        r->next = 1;
        return;
    }
    int v = cell_number(x, i, &end);
    if (!v || (v != 1 && v != r->next))
        return;
    bool cell_next = end < x->n && x->c[end].cp >= 0x4E00;
    bool first = v == 1 && (r->header || cell_next);
    if (first)
        r->stride = r->header && r->header < r->line ? r->line - r->header : 1;
    else if (v != r->next || !r->last || (r->line != r->last + r->stride && r->line != r->last + 1) || !cell_next)
        return;
    r->next = v + 1;
    r->last = r->line;
    mask_range(x, i, end, MASK_ROW);
}

static void mask_rows(struct qtext *x)
{
    struct rows r = {.line = 1};
    for (size_t i = 0; i < x->n; i++) {
        bool line = i == 0 || (x->c[i].gap >= GAP_WRAP &&
                               memchr(x->bytes + x->c[i - 1].byte, '\n', x->c[i].byte - x->c[i - 1].byte));
        if (!line)
            continue;
        r.line++;
        row_line(&r, x, i);
    }
}

void qtext_mask(struct qtext *x, const struct quantity_words *w)
{
    mark_sentences(x);
    mask_names(x, w);
    mask_quotes(x);
    mask_headings(x);
    mask_rows(x);
}
