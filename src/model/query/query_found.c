/* SPDX-License-Identifier: Apache-2.0 */
/* query_found.c: a list narrowed to the records that hold some words, newest entered first. */
#include "model/query_page.h"
#include "store/dialect.h"
#include "store/search.h"

#include <string.h>

enum { FOUND_PAGE = 200, COUNT_PAGE = 1000 };

struct found {
    struct key keys[FOUND_PAGE];
    size_t n;
};

static int found_add(void *arg, const struct search_hit *h, struct err *e)
{
    struct found *f = arg;

    (void)e;
    f->keys[f->n++] = (struct key){.part = h->home, .id = h->id};
    return f->n == FOUND_PAGE;
}

/* The homes of the units in sight: each unit's records are all of one home. */
static int found_homes(struct list *l, int64_t **homes, size_t *n)
{
    bool pg = db_kind(l->d) == DB_POSTGRES;
    struct stmt *st;
    struct sql s;
    size_t cap = 0;
    int rc;

    if (l->q->all) {
        *homes = (int64_t *)l->parts.v;
        *n = l->parts.n;
        return 0;
    }
    query_begin(&s);
    buf_str(&s.text, "SELECT DISTINCT (SELECT r.home");
    query_from(&s, l->q->reg);
    buf_str(&s.text, " WHERE r.unit = p.value LIMIT 1)");
    buf_str(&s.text, pg ? " FROM unnest(CAST(" : " FROM json_each(");
    query_bind(&s, value_text(dialect_ids(l->a, db_kind(l->d), l->q->units, l->q->nunits)));
    buf_str(&s.text, pg ? " AS BIGINT[])) p(value)" : ") p");
    rc = query_prep(&st, l->d, &s, l->e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, l->e)) == 1)
        if (!stmt_col_null(st, 0))
            VEC_PUSH(l->a, *homes, *n, cap) = stmt_col_int(st, 0);
    stmt_done(st);
    return rc;
}

bool query_searches_personal(const struct reg *r)
{
    for (const char **w = r->search; w && *w; w++) {
        const char *dot = strchr(*w, '.');
        const struct field *f = dot ? NULL : reg_field(r, *w);

        for (size_t c = 0; dot && !f && c < r->nchildren; c++)
            if (strlen(r->children[c].name) == (size_t)(dot - *w) &&
                !strncmp(r->children[c].name, *w, (size_t)(dot - *w)))
                f = reg_field(&r->children[c], dot + 1);
        if (f && f->cls == CLASS_PERSONAL)
            return true;
    }
    return false;
}

/* Each batch of hits passes the list's own conditions. */
int query_page_found(struct list *l, struct record **rs, size_t *n, size_t max)
{
    const char *table = l->q->reg->name;
    struct search_scope scope = {
        .tables = &table, .ntables = 1, .before_id = l->set ? l->id : 0, .limit = FOUND_PAGE};
    struct found *f = arena_alloc(l->a, sizeof *f);
    struct record **batch = arena_array(l->a, FOUND_PAGE, sizeof *batch);
    int64_t *homes = NULL;

    if (found_homes(l, &homes, &scope.nhomes))
        return -1;
    scope.homes = homes;
    scope.closed = l->q->personal && query_searches_personal(l->q->reg);
    while (scope.nhomes && *n < max) {
        size_t got = 0;
        f->n = 0;
        if (search_find(l->d, &scope, l->q->text, found_add, f, l->e))
            return -1;
        if (f->n && query_page_rows(l, batch, &got, f->keys, f->n, true))
            return -1;
        for (size_t i = 0; i < got && *n < max; i++)
            rs[(*n)++] = batch[i];
        if (f->n < FOUND_PAGE)
            break;
        scope.before_id = f->keys[f->n - 1].id;
    }
    return 0;
}

int query_count_found(int64_t *out, struct arena *a, struct db *d, const struct list_query *q, int64_t max,
                      struct err *e)
{
    struct record **rs = arena_array(a, COUNT_PAGE, sizeof *rs);
    struct list l;

    if (query_page_begin(&l, a, d, q, e))
        return -1;
    l.set = false;
    for (;;) {
        size_t n = 0, want = max > 0 && max - *out < COUNT_PAGE ? (size_t)(max - *out) : COUNT_PAGE;
        if (query_page_found(&l, rs, &n, want))
            return -1;
        *out += (int64_t)n;
        if (n < want || *out == max)
            return 0;
        l.set = true;
        l.id = rs[n - 1]->id;
    }
}
