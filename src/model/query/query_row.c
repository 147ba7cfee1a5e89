/* SPDX-License-Identifier: Apache-2.0 */
/* query_row.c: rows of a register's table to records, with their child rows. */
#include <string.h>

#include "model/query_inner.h"

enum { HEAD = 13 };

static const char *const head[HEAD] = {"home",     "id",      "unit", "grid",    "ver",   "state", "day",
                                       "captured", "entered", "late", "by_user", "batch", "gone"};

static void put_fields(struct sql *s, const struct reg *r)
{
    for (size_t i = 0; i < r->nfields; i++) {
        buf_str(&s->text, ", r.f_");
        buf_str(&s->text, r->fields[i].name);
    }
}

void query_row_columns(struct sql *s, const struct reg *r)
{
    for (int i = 0; i < HEAD; i++) {
        buf_str(&s->text, i ? ", r." : "r.");
        buf_str(&s->text, head[i]);
    }
    put_fields(s, r);
}

static struct value *read_fields(struct arena *a, const struct stmt *st, const struct reg *r, int at)
{
    struct value *v = arena_array(a, r->nfields + 1, sizeof *v);

    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        int col = at + (int)i;
        if (f->cls == CLASS_PROTECTED || type_is_text(f->type)) {
            const char *t = stmt_col_text(st, col);
            if (t)
                v[i] = value_text(arena_str(a, t));
        } else {
            int64_t n = stmt_col_int(st, col);
            if (n || !stmt_col_null(st, col))
                v[i] = value_int(n);
        }
    }
    return v;
}

struct record *query_row(struct arena *a, const struct stmt *st, const struct reg *r)
{
    struct record *x = arena_alloc(a, sizeof *x);
    const char *state = stmt_col_text(st, 5);

    x->reg = r;
    x->home = stmt_col_int(st, 0);
    x->id = stmt_col_int(st, 1);
    x->unit = stmt_col_int(st, 2);
    x->version = (int)stmt_col_int(st, 4);
    for (size_t i = 0; state && i < r->nstates; i++)
        if (!strcmp(r->states[i].name, state))
            x->state = r->states[i].name;
    x->happened = (int32_t)stmt_col_int(st, 6);
    x->captured = stmt_col_int(st, 7);
    x->entered = stmt_col_int(st, 8);
    x->late = stmt_col_int(st, 9) != 0;
    x->by = stmt_col_int(st, 10);
    x->batch = stmt_col_int(st, 11);
    x->gone = stmt_col_int(st, 12) != 0;
    x->values = read_fields(a, st, r, HEAD);
    x->children = arena_array(a, r->nchildren + 1, sizeof *x->children);
    return x;
}

void query_row_key(const struct stmt *st, struct value *day, int64_t *id)
{
    *day = value_int(stmt_col_int(st, 6));
    *id = stmt_col_int(st, 1);
}

struct record *query_row_find(struct record **rs, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (rs[i]->id == id)
            return rs[i];
    return NULL;
}

static int child_table(struct arena *a, struct db *d, struct record **rs, size_t n, size_t c, struct err *e)
{
    const struct reg *child = &rs[0]->reg->children[c];
    int64_t *homes = arena_array(a, n, sizeof *homes), *ids = arena_array(a, n, sizeof *ids);
    struct record *last = NULL;
    struct stmt *st;
    struct sql s;
    int rc;

    for (size_t i = 0; i < n; i++) {
        homes[i] = rs[i]->home;
        ids[i] = rs[i]->id;
    }
    query_begin(&s);
    buf_str(&s.text, "SELECT r.parent, r.id");
    put_fields(&s, child);
    query_from(&s, child);
    buf_str(&s.text, " WHERE r.home ");
    query_in_ids(&s, a, db_kind(d), homes, n);
    buf_str(&s.text, " AND r.parent ");
    query_in_ids(&s, a, db_kind(d), ids, n);
    buf_str(&s.text, " ORDER BY r.parent, r.pos, r.id");
    rc = query_prep(&st, d, &s, e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, e)) == 1) {
        int64_t parent = stmt_col_int(st, 0);
        if (!last || last->id != parent)
            last = query_row_find(rs, n, parent);
        if (!last)
            continue;
        struct child_rows *rows = &last->children[c];
        struct child_row row = {.id = stmt_col_int(st, 1), .values = read_fields(a, st, child, 2)};
        VEC_PUSH(a, rows->rows, rows->n, rows->cap) = row;
    }
    stmt_done(st);
    return rc;
}

int query_row_children(struct arena *a, struct db *d, struct record **rs, size_t n, struct err *e)
{
    for (size_t c = 0; n && c < rs[0]->reg->nchildren; c++)
        if (child_table(a, d, rs, n, c, e))
            return -1;
    return 0;
}
