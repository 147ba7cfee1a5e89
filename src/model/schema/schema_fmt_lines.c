/* SPDX-License-Identifier: Apache-2.0 */
/* schema_fmt_lines.c: the comments and blank lines of a declaration, by line. */
#include "model/schema_fmt_lines.h"

#include <string.h>

struct line {
    bool blank;
    bool alone;          /* the comment has the line to itself */
    const char *comment; /* NULL once it was taken */
};

struct fmt_lines {
    struct line *v; /* 1 … n */
    int n;
};

/* Where a comment begins on a line: # at its begin or after a blank, outside quotes (which may last). */
static const char *comment_at(const char *s, const char *end, char *quote)
{
    for (const char *p = s; p < end; p++) {
        if (*quote == '"' && *p == '\\')
            p++;
        else if (*quote)
            *quote = *p == *quote ? 0 : *quote;
        else if (*p == '#' && (p == s || p[-1] == ' ' || p[-1] == '\t'))
            return p;
        else if ((*p == '"' || *p == '\'') && (p == s || strchr(" \t[{,:", p[-1])))
            *quote = *p;
    }
    return NULL;
}

/* A literal text (| or >) begins here; its lines are more indented and hold no comments. */
static bool opens_literal(const char *s, const char *end)
{
    while (end > s && strchr(" -+\r", end[-1]))
        end--;
    return end - s >= 2 && (end[-1] == '|' || end[-1] == '>') && end[-2] == ' ';
}

static void line_read(struct arena *a, struct line *l, const char *p, const char *end, char *quote, int *literal)
{
    int indent = (int)strspn(p, " ");
    bool blank = p + strspn(p, " \t\r") >= end;
    if (*literal >= 0 && (indent > *literal || blank))
        return;
    *literal = -1;
    bool inside = *quote != 0;
    const char *c = comment_at(p, end, quote);
    l->blank = blank && !inside;
    if (!*quote && opens_literal(p, c ? c : end))
        *literal = indent;
    if (!c)
        return;
    while (end > c && strchr(" \t\r", end[-1]))
        end--;
    l->comment = arena_strn(a, c, (size_t)(end - c));
    l->alone = !inside && p + strspn(p, " \t") == c;
}

struct fmt_lines *fmt_lines_read(struct arena *a, const char *text, size_t n)
{
    struct fmt_lines *f = arena_alloc(a, sizeof *f);
    const char *p = text, *all = text + n;
    char quote = 0;
    int literal = -1;
    size_t count = 1;
    for (size_t i = 0; i < n; i++)
        count += text[i] == '\n';
    f->v = arena_array(a, count + 2, sizeof *f->v);
    while (p < all) {
        const char *end = memchr(p, '\n', (size_t)(all - p));
        const char *stop = end ? end : all;
        line_read(a, &f->v[++f->n], p, stop, &quote, &literal);
        p = end ? end + 1 : all;
    }
    return f;
}

int fmt_lines_count(const struct fmt_lines *f)
{
    return f->n;
}

int fmt_lines_above(const struct fmt_lines *f, int line)
{
    while (line > 1 && line - 1 <= f->n && (f->v[line - 1].blank || f->v[line - 1].alone))
        line--;
    return line;
}

const char *fmt_lines_take(struct fmt_lines *f, int *from, int to, bool *blank)
{
    *blank = false;
    for (; *from < to && *from <= f->n; ++*from) {
        struct line *l = &f->v[*from];
        const char *s = l->comment;
        *blank |= l->blank;
        l->blank = false;
        l->comment = NULL;
        if (s) {
            ++*from;
            return s;
        }
    }
    return NULL;
}

const char *fmt_lines_behind(struct fmt_lines *f, int line)
{
    if (line < 1 || line > f->n || f->v[line].alone)
        return NULL;
    const char *s = f->v[line].comment;
    f->v[line].comment = NULL;
    return s;
}
