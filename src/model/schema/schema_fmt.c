/* SPDX-License-Identifier: Apache-2.0 */
/* schema_fmt.c: the tree of a declaration written out again, with its comments. */
#include "model/schema_fmt.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/schema_fmt_lines.h"
#include "model/schema_words.h"
#include "model/yaml.h"

struct fmt {
    struct arena *a;
    struct buf *out;
    struct fmt_lines *lines;
};

/* What a value is by the vocabulary: a map of words, or (named) a map of names to such maps. v NULL: unknown. */
struct known {
    const struct vocab *v;
    bool named;
};

static void put_block(struct fmt *f, const struct yaml *y, struct known k, int depth, bool begun);

static void indent_to(struct fmt *f, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_str(f->out, "  ");
}

static void put_comments(struct fmt *f, int from, int to, int depth)
{
    const char *s;
    bool blank;
    while ((s = fmt_lines_take(f->lines, &from, to, &blank))) {
        if (blank && f->out->n)
            buf_char(f->out, '\n');
        indent_to(f, depth);
        buf_printf(f->out, "%s\n", s);
    }
    if (blank && f->out->n)
        buf_char(f->out, '\n');
}

static void put_line_end(struct fmt *f, int line)
{
    const char *s = fmt_lines_behind(f->lines, line);
    if (s)
        buf_printf(f->out, "  %s", s);
    buf_char(f->out, '\n');
}

/* --- values on one line */

static void put_quoted(struct buf *b, const char *s)
{
    static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
    if (strpbrk(s, "\"\\") && !strpbrk(s, "'\n\r\t")) {
        buf_printf(b, "'%s'", s);
        return;
    }
    buf_char(b, '"');
    for (; *s; s++) {
        const char *esc = strchr(from, *s);
        if (esc)
            buf_char(b, '\\');
        buf_char(b, esc ? to[esc - from] : *s);
    }
    buf_char(b, '"');
}

static void put_scalar(struct buf *b, const struct yaml *y)
{
    if (!y->plain || strchr(y->text, '\n'))
        put_quoted(b, y->text);
    else
        buf_str(b, y->text);
}

static size_t word_place(const struct vocab *v, const char *s)
{
    for (size_t i = 0; i < v->n; i++)
        if (!strcmp(v->words[i].word, s))
            return i;
    return v->n;
}

/* Indexes of a map's pairs in the order of the vocabulary; names stay as they stand. */
static size_t *map_order(struct arena *a, const struct yaml *y, struct known k)
{
    size_t *order = arena_array(a, y->n + 1, sizeof *order);
    for (size_t i = 0; i < y->n; i++) {
        size_t j = i;
        for (; k.v && !k.named && j > 0; j--) {
            if (word_place(k.v, y->key[order[j - 1]]->text) <= word_place(k.v, y->key[i]->text))
                break;
            order[j] = order[j - 1];
        }
        order[j] = i;
    }
    return order;
}

/* What the value of a key is. */
static struct known known_under(struct known k, const char *key)
{
    size_t i = k.v && !k.named ? word_place(k.v, key) : 0;
    if (k.named)
        return (struct known){k.v, false};
    if (!k.v || i == k.v->n || !k.v->words[i].of)
        return (struct known){NULL, false};
    enum shape s = k.v->words[i].shape;
    return (struct known){k.v->words[i].of, s == W_MAP || s == W_OWN};
}

static void put_flow(struct fmt *f, struct buf *b, const struct yaml *y, struct known k)
{
    if (y->kind == YAML_TEXT) {
        put_scalar(b, y);
        return;
    }
    bool map = y->kind == YAML_MAP;
    const size_t *order = map ? map_order(f->a, y, k) : NULL;
    buf_char(b, map ? '{' : '[');
    for (size_t i = 0; i < y->n; i++) {
        size_t at = map ? order[i] : i;
        if (i)
            buf_str(b, ", ");
        if (map) {
            put_scalar(b, y->key[at]);
            buf_str(b, ": ");
        }
        put_flow(f, b, y->item[at], map ? known_under(k, y->key[at]->text) : k);
    }
    buf_char(b, map ? '}' : ']');
}

static char *flow_text(struct fmt *f, const struct yaml *y, struct known k)
{
    struct buf b;
    buf_init(&b, (size_t)4 * YAML_BYTES_MAX);
    put_flow(f, &b, y, k);
    char *s = arena_str(f->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}

/* --- blocks */

static bool all_scalars(const struct yaml *y)
{
    for (size_t i = 0; i < y->n; i++)
        if (y->item[i]->kind != YAML_TEXT)
            return false;
    return y->kind == YAML_LIST;
}

/* [a, b, c] over several lines. */
static void put_wrapped(struct fmt *f, const struct yaml *y, int depth, int used)
{
    buf_char(f->out, '[');
    for (size_t i = 0; i < y->n; i++) {
        char *s = flow_text(f, y->item[i], (struct known){NULL, false});
        if (i && used + utf8_width(s) + 2 > FMT_WIDTH) {
            buf_str(f->out, ",\n");
            indent_to(f, depth + 1);
            used = 2 * (depth + 1);
        } else if (i) {
            buf_str(f->out, ", ");
        }
        used += utf8_width(s) + 2;
        buf_str(f->out, s);
    }
    buf_char(f->out, ']');
}

static int last_line(const struct yaml *y)
{
    int last = y->line;
    for (size_t i = 0; i < y->n; i++) {
        int n = last_line(y->item[i]);
        last = n > last ? n : last;
    }
    return last;
}

/* A value after "key:" or "-"; used: columns before it. Ends the line. */
static void put_value(struct fmt *f, const struct yaml *y, struct known k, int depth, int used, int line)
{
    bool inline_able = y->kind == YAML_TEXT || y->flow || !y->n;
    char *flow = inline_able ? flow_text(f, y, k) : NULL;
    if (flow && (y->kind == YAML_TEXT || used + 1 + utf8_width(flow) <= FMT_WIDTH)) {
        buf_printf(f->out, *flow ? " %s" : "%s", flow);
        put_line_end(f, line);
    } else if (flow && all_scalars(y)) {
        buf_char(f->out, ' ');
        put_wrapped(f, y, depth, used + 1);
        put_line_end(f, line);
    } else {
        put_line_end(f, line);
        put_block(f, y, k, depth + 1, false);
    }
}

/* Comments inside a value that goes on one line stand above it. */
static void put_above(struct fmt *f, const struct yaml *key, const struct yaml *value, int depth)
{
    put_comments(f, fmt_lines_above(f->lines, key->line), key->line, depth);
    if (value->flow)
        put_comments(f, key->line + 1, last_line(value) + 1, depth);
}

static void put_item(struct fmt *f, const struct yaml *it, struct known k, int depth)
{
    put_above(f, it, it, depth);
    indent_to(f, depth);
    buf_char(f->out, '-');
    bool open = it->kind == YAML_MAP && it->n;
    if (open && it->flow)
        open = 2 * depth + 2 + utf8_width(flow_text(f, it, k)) > FMT_WIDTH;
    if (open) {
        buf_char(f->out, ' ');
        put_block(f, it, k, depth + 1, true);
    } else {
        put_value(f, it, k, depth, 2 * depth + 1, it->line);
    }
}

/* begun: the first pair goes on after "- ". */
static void put_block(struct fmt *f, const struct yaml *y, struct known k, int depth, bool begun)
{
    if (y->kind == YAML_LIST) {
        for (size_t i = 0; i < y->n; i++)
            put_item(f, y->item[i], k, depth);
        return;
    }
    const size_t *order = map_order(f->a, y, k);
    for (size_t i = 0; i < y->n; i++) {
        const struct yaml *key = y->key[order[i]], *value = y->item[order[i]];
        struct buf b;
        buf_init(&b, YAML_BYTES_MAX);
        put_scalar(&b, key);
        if (!begun || i) {
            put_above(f, key, value, depth);
            indent_to(f, depth);
        }
        buf_printf(f->out, "%s:", buf_cstr(&b));
        put_value(f, value, known_under(k, key->text), depth, 2 * depth + utf8_width(buf_cstr(&b)) + 1, key->line);
        buf_done(&b);
    }
}

/* --- nothing may change but the form */

static bool same_tree(const struct yaml *x, const struct yaml *y)
{
    if (x->kind != y->kind || x->n != y->n)
        return false;
    if (x->kind == YAML_TEXT)
        return !strcmp(x->text, y->text);
    for (size_t i = 0; i < x->n; i++) {
        const struct yaml *other = x->kind == YAML_MAP ? yaml_get(y, x->key[i]->text) : y->item[i];
        if (!other || !same_tree(x->item[i], other))
            return false;
    }
    return true;
}

int schema_fmt(struct buf *out, struct arena *a, const char *file, const char *text, size_t n,
               struct schema_errors *es)
{
    size_t before = es->n, start = out->n;
    const struct yaml *y = yaml_read(a, file, text, n, es);
    struct fmt f = {a, out, NULL};
    if (!y || es->n > before)
        return -1;
    if (y->kind != YAML_MAP || !y->n) {
        schema_error_add(es, file, y->line, y->col, "a declaration is a map of words");
        return -1;
    }
    f.lines = fmt_lines_read(a, text, n);
    put_comments(&f, 1, y->key[0]->line, 0);
    put_block(&f, y, (struct known){yaml_get(y, "module") ? &vocab_module : &vocab_register, false}, 0, false);
    put_comments(&f, 1, fmt_lines_count(f.lines) + 1, 0);
    const struct yaml *again = yaml_read(a, file, buf_cstr(out) + start, out->n - start, es);
    if (buf_overflow(out) || !again || !same_tree(y, again)) {
        schema_error_add(es, file, 1, 1, "this file cannot be formatted without changing what it says");
        return -1;
    }
    return 0;
}
