/* SPDX-License-Identifier: Apache-2.0 */
/* query_lookup.c: who or what a word in a ledger means. Units and grids come from the trees, other records from
 * their key, then their title; a word that fits two of them is said to be ambiguous, never decided. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "model/query_inner.h"

enum { AMBIGUOUS = -1, TITLES_MAX = 100000 };

struct finder {
    struct lookup lookup;
    struct arena *a;
    const struct view *view;
    struct db *d;
    int64_t home;
    struct map *titles; /* register name → map of title → id, all titles of the home */
    struct map *known;  /* "register word" or "type kind word" → id */
};

/* #123, else 0. */
static int64_t id_of(const char *text)
{
    char *end;

    if (*text != '#' || text[1] < '0' || text[1] > '9')
        return 0;
    long long id = strtoll(text + 1, &end, 10);
    return *end ? 0 : (int64_t)id;
}

/* --- trees */

enum fit { FIT_EXACT, FIT_END, FIT_PART, FIT__MAX };

static bool fits(const char *name, const char *word, enum fit how)
{
    size_t n = strlen(name), w = strlen(word);

    if (how == FIT_EXACT)
        return !strcmp(name, word);
    if (how == FIT_END)
        return n > w && w >= 6 && !strcmp(name + n - w, word);
    return w >= 9 && strstr(name, word);
}

/* By exact name, else the only one whose name ends with it (第一党支部), else the only one that holds it. */
static int64_t by_name(const struct tree *t, const char *word, const char *kind, int64_t home)
{
    for (enum fit how = FIT_EXACT; how < FIT__MAX; how++) {
        int64_t hit = 0;
        for (size_t i = 0; i < t->n; i++) {
            const struct node *x = &t->nodes[i];
            if ((home && x->home != home) || (kind && strcmp(x->kind ? x->kind : "", kind) != 0))
                continue;
            if (x->name && fits(x->name, word, how))
                hit = hit ? AMBIGUOUS : x->id;
        }
        if (hit)
            return hit;
    }
    return 0;
}

static int64_t *boxed(struct arena *a, int64_t id)
{
    int64_t *p = arena_alloc(a, sizeof *p);
    *p = id;
    return p;
}

static int64_t search_tree(struct finder *q, const struct tree *t, const struct field *f, const char *word)
{
    int64_t id = id_of(word);
    const struct node *x = id ? tree_find(t, id) : tree_code(t, word);

    if (id || x)
        return x && (!f->kind || !strcmp(x->kind ? x->kind : "", f->kind)) ? x->id : 0;
    id = by_name(t, word, f->kind, q->home);
    return id || !q->home ? id : by_name(t, word, f->kind, 0);
}

/* A ledger names the same few units over and over; the trees do not change while this lookup lives. */
static int64_t find_node(struct finder *q, const struct tree *t, const struct field *f, const char *text)
{
    const char *word = text_squeeze(q->a, text);
    const char *name = arena_printf(q->a, "%d %s %s", (int)f->type, f->kind ? f->kind : "", word);
    int64_t *known = t ? map_get(q->known, name) : NULL;

    if (!t)
        return 0;
    if (!known)
        map_put(q->known, name, known = boxed(q->a, search_tree(q, t, f, word)));
    return *known;
}

/* --- records */

/* The one record that is left by the conditions, 0 none. */
static int64_t ask(struct finder *q, struct sql *s)
{
    int64_t id = 0;
    struct stmt *st;
    struct err e = {0};

    buf_str(&s->text, " LIMIT 2");
    if (query_prep(&st, q->d, s, &e))
        return 0;
    while (stmt_step(st, &e) == 1)
        id = id ? AMBIGUOUS : stmt_col_int(st, 0);
    stmt_done(st);
    return id;
}

static void put_from(struct sql *s, const struct finder *q, const struct reg *r)
{
    query_begin(s);
    buf_str(&s->text, "SELECT r.id");
    query_from(s, r);
    buf_str(&s->text, " WHERE r.home = ");
    query_bind(s, value_int(r->site_wide ? 0 : q->home));
    buf_str(&s->text, " AND r.gone = 0");
}

static int64_t by_id(struct finder *q, const struct reg *r, int64_t id)
{
    struct sql s;

    put_from(&s, q, r);
    buf_str(&s.text, " AND r.id = ");
    query_bind(&s, value_int(id));
    int64_t found = ask(q, &s);
    query_end(&s);
    return found;
}

/* A key of one field that can be asked for in words. */
static int64_t by_key(struct finder *q, const struct reg *r, const char *text)
{
    const struct field *f = r->key && r->key[0] && !r->key[1] ? reg_field(r, r->key[0]) : NULL;
    struct type_ctx c = {.a = q->a, .today = today()};
    enum reason why;
    struct err e = {0};
    struct value v;
    struct sql s;

    if (!f || f->cls == CLASS_PROTECTED || type_read(&v, &c, f, text, &why, &e) || v.kind == VALUE_NULL)
        return 0;
    put_from(&s, q, r);
    buf_printf(&s.text, " AND r.f_%s = ", f->name);
    query_bind(&s, v);
    int64_t found = ask(q, &s);
    query_end(&s);
    return found;
}

/* All titles of the register in this home, read once. */
static struct map *titles_of(struct finder *q, const struct reg *r)
{
    struct map *m = map_get(q->titles, r->name);
    struct err e = {0};
    struct stmt *st;
    struct sql s;
    int left = TITLES_MAX;

    if (m)
        return m;
    m = map_new(q->a);
    map_put(q->titles, r->name, m);
    query_begin(&s);
    buf_str(&s.text, "SELECT r.id, ");
    if (query_title(&s, q->a, db_kind(q->d), r)) {
        query_from(&s, r);
        buf_str(&s.text, " WHERE r.home = ");
        query_bind(&s, value_int(r->site_wide ? 0 : q->home));
        buf_str(&s.text, " AND r.gone = 0");
        if (!query_prep(&st, q->d, &s, &e)) {
            while (left-- && stmt_step(st, &e) == 1) {
                const char *word = text_squeeze(q->a, stmt_col_text(st, 1));
                int64_t *was = *word ? map_get(m, word) : NULL;
                if (*word)
                    map_put(m, word, boxed(q->a, was ? AMBIGUOUS : stmt_col_int(st, 0)));
            }
            stmt_done(st);
        }
    }
    query_end(&s);
    return m;
}

/* One made since the titles were read. */
static int64_t by_new_title(struct finder *q, const struct reg *r, const char *text)
{
    int64_t found = 0;
    struct sql s;

    put_from(&s, q, r);
    buf_str(&s.text, " AND ");
    if (query_title(&s, q->a, db_kind(q->d), r)) {
        buf_str(&s.text, " = ");
        query_bind(&s, value_text(text));
        found = ask(q, &s);
    }
    query_end(&s);
    return found;
}

static int64_t find_record(struct finder *q, const struct reg *r, const char *text)
{
    const char *word = text_squeeze(q->a, text);
    int64_t id = id_of(word), *known;

    if (id)
        return by_id(q, r, id);
    const char *name = arena_printf(q->a, "%s %s", r->name, word);
    if ((known = map_get(q->known, name)))
        return *known;
    id = by_key(q, r, text);
    if (!id && (known = map_get(titles_of(q, r), word)))
        id = *known;
    if (!id)
        id = by_new_title(q, r, text);
    if (id > 0)
        map_put(q->known, name, boxed(q->a, id));
    return id;
}

static int64_t find(void *arg, const struct field *f, const char *text)
{
    struct finder *q = arg;

    if (f->type == TYPE_UNIT)
        return find_node(q, q->view->units, f, text);
    if (f->type == TYPE_GRID)
        return find_node(q, q->view->grids, f, text);
    return f->ref ? find_record(q, f->ref, text) : 0;
}

struct lookup *query_lookup(struct arena *a, const struct view *v, struct db *d, int64_t home)
{
    struct finder *q = arena_alloc(a, sizeof *q);

    *q = (struct finder){.lookup = {find, q}, .a = a, .view = v, .d = d, .home = home};
    q->titles = map_new(a);
    q->known = map_new(a);
    return &q->lookup;
}
