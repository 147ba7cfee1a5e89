/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: a report as the characters that matter: simplified, half-width, without pinyin, blanks and page numbers,
 * each with its place in what was given and with what stood before it. */
#include <string.h>

#include "base/utf8.h"
#include "engine/quantity_inner.h"

enum { WRAP_MIN = 10 /* characters of a line that may have been wrapped */, PINYIN_LONG = 6 };

/* A code point read ahead. */
struct raw {
    uint32_t cp;
    uint8_t len;
};
struct reader {
    const struct quantity_words *w;
    struct qtext *x;
    const char *p, *end;
    uint32_t at;                            /* code points read */
    size_t line_n, line_blanks, line_first; /* of the line so far: characters, blanks; the index it begins at */
    bool line_table, line_comma, quote_open;
    enum gap gap;
};

static struct raw raw_at(const char *p, const char *end)
{
    const char *q = p;
    if (p >= end)
        return (struct raw){0, 0};
    if (!*p)
        return (struct raw){1, 1}; /* a blank */
    uint32_t cp = utf8_next(&q);
    return (struct raw){cp, (uint8_t)(q - p)};
}

bool cp_ends_sentence(uint32_t cp)
{
    return cp == 0x3002 || cp == '!' || cp == '?' || cp == ';';
}

bool cp_ends_clause(uint32_t cp)
{
    return cp_ends_sentence(cp) || cp == 0xFF0C || cp == ',' || cp == 0x3001 || cp == ':' || cp == '(' || cp == ')';
}

static bool cp_blank(uint32_t cp)
{
    return cp == ' ' || cp == 0x3000 || cp == 0xA0 || cp == '\r' || cp == '\f' || cp == '\v' ||
           (cp >= 0x2000 && cp <= 0x200F) || cp == 0xFEFF || cp == 0xAD || cp == 0x2060 || (cp >= 1 && cp < 9);
}

static bool cp_pinyin(uint32_t cp, bool *vowel)
{
    bool plain = cp >= 'a' && cp <= 'z', marked = (cp >= 0xE0 && cp <= 0x1DC && cp != 0xF7);
    if (marked || (plain && strchr("aeiouv", (int)cp)))
        *vowel = true;
    return plain || marked;
}

/* Bytes of an inline reading such as (chǎng) that follows a character, else 0; *cps counts its code points. */
static size_t pinyin_at(const char *p, const char *end, uint32_t *cps)
{
    struct raw r = raw_at(p, end);
    const char *q = p + r.len;
    bool vowel = false;
    uint32_t n = 1;
    if (r.cp != '(' && r.cp != 0xFF08)
        return 0;
    for (;; n++, q += r.len) {
        r = raw_at(q, end);
        if (!r.len || !cp_pinyin(r.cp, &vowel))
            break;
    }
    if ((r.cp != ')' && r.cp != 0xFF09) || !vowel || n > PINYIN_LONG + 1)
        return 0;
    *cps = n + 1;
    return (size_t)(q + r.len - p);
}

/* Marks that mean the same. */
static const struct {
    uint32_t from, to;
} marks[] = {{0x2236, ':'},    {0x301C, '~'},    {0x2013, '-'},   {0x2014, '-'},    {0x2010, '-'},
             {0x2011, '-'},    {0x2212, '-'},    {0x2015, '-'},   {0x300C, 0x201C}, {0x300D, 0x201D},
             {0x300E, 0x201C}, {0x300F, 0x201D}, {0xFFE5, 0xA5},  {0x3007, 0x96F6}, {0x2024, '.'},
             {0x30FB, 0xB7},   {0x2022, 0xB7},   {0x339E, 0x33A2}};

static uint32_t cp_plain(struct reader *r, uint32_t cp)
{
    if (cp >= 0x4E00 && cp <= 0x9FFF)
        return r->w->simple[cp - 0x4E00];
    if (cp == 0xFF0C)
        return cp; /* a full-width comma never stands inside a number */
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    if (cp == '"') {
        r->quote_open = !r->quote_open;
        return r->quote_open ? 0x201C : 0x201D;
    }
    for (size_t i = 0; cp > 0x7F && i < sizeof marks / sizeof *marks; i++)
        if (marks[i].from == cp)
            return marks[i].to;
    return cp;
}

static bool line_is_table(const struct reader *r)
{
    return r->line_table || (r->line_blanks >= 2 && !r->line_comma);
}

/* What a line end means, from the line that ends and the one that begins at p. */
static enum gap line_gap(const struct reader *r)
{
    const char *q = r->p;
    struct raw next = raw_at(q, r->end);
    int blanks = 0, lines = 0;
    for (; !lines && blanks < 2 && next.len && (cp_blank(next.cp) || next.cp == '\n' || next.cp == '\t');
         q += next.len, next = raw_at(q, r->end)) {
        lines += next.cp == '\n';
        blanks = next.cp == '\n' ? 0 : blanks + (next.cp == 0x3000 || next.cp == '\t' ? 2 : next.cp == ' ');
    }
    if (lines || blanks >= 2 || !r->x->n)
        return GAP_PARA;
    if (r->line_n > 2 && !line_is_table(r) &&
        (cp_numeral(r->x->c[r->x->n - 1].cp) || r->x->c[r->x->n - 1].cp == '.'))
        return GAP_WRAP; /* the line breaks inside a number or before its unit */
    if (cp_ends_sentence(r->x->c[r->x->n - 1].cp) || r->line_n < WRAP_MIN)
        return r->line_comma && !cp_ends_sentence(r->x->c[r->x->n - 1].cp) ? GAP_WRAP : GAP_CELL;
    return line_is_table(r) ? GAP_CELL : GAP_WRAP;
}

/* Is the line at p nothing but the number of a page (— 3 —, 第3页 共12页)? Its bytes with the line end, else 0. */
static size_t page_number_at(const char *p, const char *end, uint32_t *cps)
{
    const char *q = p;
    int digits = 0, marked = 0;
    uint32_t n = 0;
    for (struct raw r; (r = raw_at(q, end)).len && n < 24; q += r.len, n++) {
        if (r.cp == '\n') {
            *cps = n;
            return digits && marked >= 2 ? (size_t)(q - p) : 0;
        }
        if (cp_digit(r.cp) || (r.cp >= 0xFF10 && r.cp <= 0xFF19))
            digits++;
        else if (r.cp == '-' || r.cp == 0x2014 || r.cp == 0x2013 || r.cp == 0x7B2C || r.cp == 0x9875 ||
                 r.cp == 0x9801)
            marked++;
        else if (!cp_blank(r.cp) && r.cp != 0x5171 && r.cp != '/')
            return 0;
    }
    return 0;
}

static void skip(struct reader *r, size_t bytes, uint32_t cps)
{
    r->p += bytes;
    r->at += cps;
}

static void gap_raise(struct reader *r, enum gap gap)
{
    if (gap > r->gap)
        r->gap = gap;
}

static void line_end(struct reader *r)
{
    uint32_t cps = 0;
    size_t page = page_number_at(r->p, r->end, &cps);
    if (page) {
        skip(r, page + 1, cps + 1);
        gap_raise(r, r->x->n && cp_ends_sentence(r->x->c[r->x->n - 1].cp) ? GAP_PARA : GAP_WRAP);
    } else {
        gap_raise(r, line_gap(r));
    }
    r->line_n = r->line_blanks = 0;
    r->line_table = r->line_comma = false;
}

static void put(struct reader *r, uint32_t cp, uint8_t len)
{
    struct qtext *x = r->x;
    x->c[x->n++] = (struct qchar){
        .cp = cp, .at = r->at, .byte = (uint32_t)(r->p - x->bytes), .len = len, .gap = (uint8_t)r->gap};
    r->gap = GAP_NONE;
    r->line_n++;
    r->line_comma |= cp == 0xFF0C || cp == ',' || cp_ends_sentence(cp) || (cp == 0x3001 && r->line_n > 3);
}

/* Blanks, line ends, noise. False if a character stands here. */
static bool between(struct reader *r, struct raw c)
{
    if (c.cp == '\n') {
        skip(r, 1, 1);
        line_end(r);
    } else if (c.cp == '\t' || c.cp == '|' || c.cp == 0xFF5C || c.cp == 0x2502) {
        gap_raise(r, GAP_CELL);
        r->line_table = true;
        skip(r, c.len, 1);
    } else if (cp_blank(c.cp)) {
        if (r->gap == GAP_NONE)
            r->line_blanks++;
        gap_raise(r, GAP_BLANK);
        skip(r, c.len, 1);
    } else {
        return false;
    }
    return true;
}

/* The noise words of assets/quantity/noise.yaml are taken out again once they are complete. */
static void noise_cut(struct reader *r)
{
    uint32_t value;
    size_t n = trie_back(r->w->noise, r->x, r->x->n, &value);
    if (!n)
        return;
    r->x->n -= n;
    r->gap = r->x->c[r->x->n].gap;
    memset(&r->x->c[r->x->n], 0, n * sizeof *r->x->c);
}

int qtext_read(struct qtext *x, struct arena *a, const struct quantity_words *w, const char *text, size_t n)
{
    struct reader r = {.w = w, .x = x, .p = text, .end = text + n, .gap = GAP_PARA};
    size_t cps = 0;
    for (size_t i = 0; i < n; i++)
        cps += ((unsigned char)text[i] & 0xC0) != 0x80;
    *x = (struct qtext){.a = a, .bytes = text};
    x->c = arena_array(a, cps + 2, sizeof *x->c);
    uint32_t page_cps = 0;
    size_t page = page_number_at(r.p, r.end, &page_cps);
    skip(&r, page, page ? page_cps : 0);
    while (r.p < r.end) {
        struct raw c = raw_at(r.p, r.end);
        uint32_t reading = 0;
        size_t bytes = x->n && x->c[x->n - 1].cp >= 0x4E00 ? pinyin_at(r.p, r.end, &reading) : 0;
        if (bytes) {
            skip(&r, bytes, reading);
            continue;
        }
        if (between(&r, c))
            continue;
        put(&r, cp_plain(&r, c.cp), c.len);
        skip(&r, c.len, 1);
        noise_cut(&r);
    }
    return 0;
}

const char *qtext_given(const struct qtext *x, size_t i, size_t j)
{
    const struct qchar *a = &x->c[i], *b = &x->c[j - 1];
    return arena_strn(x->a, x->bytes + a->byte, b->byte + b->len - a->byte);
}

const char *qtext_plain(const struct qtext *x, size_t i, size_t j)
{
    char *out = arena_alloc(x->a, (j - i) * 4 + 1);
    size_t n = 0;
    for (size_t k = i; k < j; k++)
        n += (size_t)utf8_put(out + n, x->c[k].cp);
    out[n] = '\0';
    return out;
}
