/* SPDX-License-Identifier: Apache-2.0 */
/* delta.c: what is to be added, in the order of the primary keys, and what stands there before it is. */
#include <stdlib.h>
#include <string.h>

#include "store/sql.h"
#include "store/total_inner.h"

/* --- parts */

struct part {
    const char *figure, *slice;
    uint32_t place;
};

/* A table of parts by their hash; slot 0 stands for none. */
struct parts {
    struct part *v; /* v[1] … v[n] */
    uint32_t n, *slot, mask;
};

static uint32_t hash_text(uint32_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static uint32_t part_hash(const struct part *p)
{
    return hash_text(hash_text(2166136261u, p->figure) * 31, p->slice);
}

static bool same_part(const struct part *x, const struct part *y)
{
    return strcmp(x->slice, y->slice) == 0 && (x->figure == y->figure || strcmp(x->figure, y->figure) == 0);
}

static uint32_t *part_slot(const struct parts *t, const struct part *p)
{
    uint32_t i = part_hash(p) & t->mask;

    while (t->slot[i] && !same_part(&t->v[t->slot[i]], p))
        i = (i + 1) & t->mask;
    return &t->slot[i];
}

static void parts_grow(struct parts *t)
{
    t->mask = t->mask * 2 + 1;
    t->v = xrealloc(t->v, ((size_t)t->mask / 2 + 2) * sizeof *t->v);
    free(t->slot);
    t->slot = xcalloc((size_t)t->mask + 1, sizeof *t->slot);
    for (uint32_t i = 1; i <= t->n; i++)
        *part_slot(t, &t->v[i]) = i;
}

static uint32_t part_number(struct parts *t, const struct delta *d)
{
    struct part p = {.figure = d->figure, .slice = d->slice ? d->slice : ""};
    uint32_t *slot;

    if (t->n >= t->mask / 2)
        parts_grow(t);
    slot = part_slot(t, &p);
    if (!*slot) {
        *slot = ++t->n;
        t->v[t->n] = p;
    }
    return *slot;
}

static int part_order(const void *p, const void *q)
{
    const struct part *x = *(struct part *const *)p, *y = *(struct part *const *)q;
    int c = strcmp(x->figure, y->figure);

    return c ? c : strcmp(x->slice, y->slice);
}

static void parts_place(const struct parts *t)
{
    struct part **order = xmalloc(((size_t)t->n + 1) * sizeof *order);

    for (uint32_t i = 0; i < t->n; i++)
        order[i] = &t->v[i + 1];
    qsort(order, t->n, sizeof(struct part *), part_order);
    for (uint32_t i = 0; i < t->n; i++) {
        order[i]->place = i;
        if (i && strcmp(order[i]->figure, order[i - 1]->figure) == 0)
            order[i]->figure = order[i - 1]->figure;
    }
    free(order);
}

void delta_parts(struct delta *v, size_t n)
{
    struct parts t = {.mask = 31};

    parts_grow(&t);
    for (size_t i = 0; i < n; i++)
        v[i].part = part_number(&t, &v[i]);
    parts_place(&t);
    for (size_t i = 0; i < n; i++) {
        const struct part *p = &t.v[v[i].part];

        v[i].figure = p->figure;
        v[i].slice = p->slice;
        v[i].part = p->place;
    }
    free(t.v);
    free(t.slot);
}

/* --- what stands there */

enum { STEPS_AHEAD = 8 }; /* rows in between that are passed over before the next one is sought */

struct ahead {
    struct db *d;
    const char *sql;
    struct stmt *s;
    const struct delta *of; /* the home and part being read */
    bool row;
};

static int row_order(const struct stmt *s, const struct delta *v)
{
    int64_t day = stmt_col_int(s, 0), unit = stmt_col_int(s, 1);
    int c = (day > v->day) - (day < v->day);

    c = c ? c : (unit > v->unit) - (unit < v->unit);
    return c || !v->key ? c : strcmp(stmt_col_text(s, 2), v->key);
}

static int ahead_step(struct ahead *r, struct err *e)
{
    int rc = stmt_step(r->s, e);

    r->row = rc == 1;
    return rc < 0 ? -1 : 0;
}

static int ahead_seek(struct ahead *r, const struct delta *v, struct err *e)
{
    stmt_done(r->s);
    r->s = NULL;
    r->of = v;
    if (sql_open(&r->s, r->d, e, r->sql, "iteiie", v->home, v->figure, v->slice, I64(v->day), v->unit, v->key) < 0)
        return -1;
    return ahead_step(r, e);
}

/* Go on to this one's place, or past it. */
static int ahead_to(struct ahead *r, const struct delta *v, struct err *e)
{
    if (!r->s || r->of->home != v->home || r->of->part != v->part)
        return ahead_seek(r, v, e);
    for (int i = 0; r->row && row_order(r->s, v) < 0; i++) {
        if (i == STEPS_AHEAD)
            return ahead_seek(r, v, e);
        if (ahead_step(r, e) < 0)
            return -1;
    }
    return 0;
}

int held_read(struct total *out, struct db *d, const char *sql, const struct delta *v, size_t n, struct err *e)
{
    struct ahead r = {.d = d, .sql = sql};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = ahead_to(&r, &v[i], e);
        if (rc == 0 && r.row && row_order(r.s, &v[i]) == 0)
            out[i] = (struct total){stmt_col_int(r.s, 3), stmt_col_int(r.s, 4), stmt_col_int(r.s, 5)};
    }
    stmt_done(r.s);
    return rc;
}
