/* SPDX-License-Identifier: Apache-2.0 */
/* report_parse.c: a template's text to a row of nodes; every mistake is collected with its place. */
#include <string.h>

#include "base/utf8.h"
#include "engine/template.h"

#define SLOT_MAX 400 /* bytes inside one pair of braces */
#define NEST_MAX 16

struct scan {
    struct parse *p;
    const char *s, *end;
    int line;
    const char *line_start;
};

static void complain(const struct scan *sc, const char *at, const char *msg)
{
    int col = (int)utf8_count(arena_strn(sc->p->a, sc->line_start, (size_t)(at - sc->line_start))) + 1;
    schema_error_add(sc->p->es, sc->p->def->file, sc->line, col, "%s", msg);
}

static void add_text(struct scan *sc, const char *text, size_t n)
{
    struct template *t = sc->p->t;
    if (n > 0)
        VEC_PUSH(sc->p->a, t->nodes, t->nnodes, t->cap_nodes) =
            (struct tnode){.kind = NODE_TEXT, .line = sc->line, .text = arena_strn(sc->p->a, text, n)};
}

/* {if}, {else} and {end} alone on their line leave no empty line behind. */
static void swallow_line_end(struct scan *sc, const char *slot)
{
    const struct template *t = sc->p->t;
    enum node_kind k = t->nodes[t->nnodes - 1].kind;
    if (k != NODE_IF && k != NODE_ELSE && k != NODE_END)
        return;
    for (const char *c = sc->line_start; c < slot; c++)
        if (*c != ' ' && *c != '\t')
            return;
    const char *c = sc->s;
    while (c < sc->end && (*c == ' ' || *c == '\t'))
        c++;
    if (c == sc->end || *c != '\n')
        return;
    sc->s = c + 1;
    sc->line++;
    sc->line_start = sc->s;
}

static void scan_slot(struct scan *sc)
{
    const char *open = sc->s++, *start = sc->s;
    while (sc->s < sc->end && *sc->s != '}' && *sc->s != '\n' && *sc->s != '{')
        sc->s++;
    if (sc->s == sc->end || *sc->s != '}' || sc->s - start > SLOT_MAX) {
        complain(sc, open, "a brace is opened here and not closed on its line; {{ prints a brace");
        return;
    }
    int col = (int)utf8_count(arena_strn(sc->p->a, sc->line_start, (size_t)(open - sc->line_start))) + 1;
    slot_parse(sc->p, arena_strn(sc->p->a, start, (size_t)(sc->s - start)), sc->line, col);
    sc->s++;
    swallow_line_end(sc, open);
}

static void scan_body(struct scan *sc)
{
    const char *text = sc->s;
    while (sc->s < sc->end) {
        if (*sc->s == '\n') {
            sc->s++;
            sc->line++;
            sc->line_start = sc->s;
        } else if (*sc->s == '{' && sc->s + 1 < sc->end && sc->s[1] == '{') {
            add_text(sc, text, (size_t)(sc->s - text));
            text = sc->s + 1; /* the second brace stays */
            sc->s += 2;
        } else if (*sc->s == '{') {
            add_text(sc, text, (size_t)(sc->s - text));
            scan_slot(sc);
            text = sc->s;
        } else {
            sc->s++;
        }
    }
    add_text(sc, text, (size_t)(sc->end - text));
}

/* Pair up if, else, end. */
static void link_conditions(struct parse *p)
{
    struct template *t = p->t;
    size_t open[NEST_MAX] = {0}, n = 0;
    for (size_t i = 0; i < t->nnodes; i++) {
        struct tnode *k = &t->nodes[i];
        const char *msg = NULL;
        if (k->kind == NODE_IF && n == NEST_MAX)
            msg = "conditions are nested too deeply";
        else if (k->kind == NODE_IF)
            open[n++] = i;
        else if (k->kind == NODE_ELSE && (n == 0 || t->nodes[open[n - 1]].kind == NODE_ELSE))
            msg = "{else} without an {if}";
        else if (k->kind == NODE_END && n == 0)
            msg = "{end} without an {if}";
        if (msg) {
            schema_error_add(p->es, p->def->file, k->line, k->col, "%s", msg);
            return;
        }
        if (k->kind == NODE_ELSE || k->kind == NODE_END)
            t->nodes[open[n - 1]].jump = i + 1;
        if (k->kind == NODE_ELSE)
            open[n - 1] = i;
        if (k->kind == NODE_END)
            n--;
    }
    if (n > 0)
        schema_error_add(p->es, p->def->file, t->nodes[open[n - 1]].line, t->nodes[open[n - 1]].col,
                         "this condition has no {end}");
}

struct template *report_parse(struct arena *a, const struct schema *s, const struct report_def *def,
                              struct schema_errors *es)
{
    size_t before = es->n;
    struct parse p = {.a = a, .schema = s, .def = def, .es = es, .t = arena_alloc(a, sizeof *p.t)};
    p.t->def = def;
    if (!utf8_valid(def->text, def->n)) {
        schema_error_add(es, def->file, 1, 1, "the template is not UTF-8");
        return NULL;
    }
    int lines = 1;
    size_t skip = front_parse(&p, &lines);
    struct scan sc = {.p = &p, .s = def->text + skip, .end = def->text + def->n, .line = lines};
    sc.line_start = sc.s;
    scan_body(&sc);
    link_conditions(&p);
    return es->n == before ? p.t : NULL;
}

size_t report_check_all(struct arena *a, const struct schema *s, struct schema_errors *es)
{
    size_t before = es->n;
    for (size_t i = 0; i < s->nreports; i++)
        report_parse(a, s, &s->reports[i], es);
    return es->n - before;
}

const struct report_text *report_texts(const struct template *t, size_t *n)
{
    *n = t->ntexts;
    return t->texts;
}

const char *const *report_figures(const struct template *t, size_t *n)
{
    *n = t->nfigures;
    return t->figures;
}
