/* SPDX-License-Identifier: Apache-2.0 */
/* query_row.c: rows of a register's table to records, with their child rows. */
#include <string.h>

#include "model/query_inner.h"

/* What every row begins with; with a choice of fields only the first LEAN of them are read. */
enum { HEAD = 13, LEAN = 6 };
enum {
    COL_HOME,
    COL_ID,
    COL_UNIT,
    COL_STATE,
    COL_DAY,
    COL_LATE,
    COL_GRID,
    COL_VER,
    COL_CAPTURED,
    COL_ENTERED,
    COL_BY,
    COL_BATCH,
    COL_GONE
};

static const char *const head[HEAD] = {"home", "id",       "unit",    "state",   "day",   "late", "grid",
                                       "ver",  "captured", "entered", "by_user", "batch", "gone"};

static bool kept_as_text(const struct field *f)
{
    return f->cls == CLASS_PROTECTED || type_is_text(f->type);
}

struct picks *query_row_picks(struct arena *a, const struct reg *r, const bool *on)
{
    struct picks *p = arena_alloc(a, sizeof *p);

    p->v = arena_array(a, r->nfields + 1, sizeof *p->v);
    for (size_t i = 0; i < r->nfields; i++)
        if (on[i])
            p->v[p->n++] = (struct pick){i, kept_as_text(&r->fields[i])};
    return p;
}

static void put_fields(struct sql *s, const struct reg *r, const struct picks *only)
{
    for (size_t i = 0; i < (only ? only->n : r->nfields); i++) {
        buf_str(&s->text, ", r.f_");
        buf_str(&s->text, r->fields[only ? only->v[i].field : i].name);
    }
}

void query_row_columns(struct sql *s, const struct reg *r, const struct picks *only)
{
    for (int i = 0; i < (only ? LEAN : HEAD); i++) {
        buf_str(&s->text, i ? ", r." : "r.");
        buf_str(&s->text, head[i]);
    }
    put_fields(s, r, only);
}

static inline struct value read_field(struct arena *a, const struct stmt *st, int col, bool text)
{
    if (text) {
        const char *t = stmt_col_text(st, col);
        return t ? value_text(arena_str(a, t)) : value_null();
    }
    int64_t n = stmt_col_int(st, col);
    return n || !stmt_col_null(st, col) ? value_int(n) : value_null();
}

static struct value *read_fields(struct arena *a, const struct stmt *st, const struct reg *r, int at)
{
    struct value *v = arena_array(a, r->nfields + 1, sizeof *v);

    for (size_t i = 0; i < r->nfields; i++)
        v[i] = read_field(a, st, at + (int)i, kept_as_text(&r->fields[i]));
    return v;
}

static struct value *read_picks(struct arena *a, const struct stmt *st, const struct reg *r,
                                const struct picks *only)
{
    struct value *v = arena_array(a, r->nfields + 1, sizeof *v);

    for (size_t i = 0; i < only->n; i++)
        v[only->v[i].field] = read_field(a, st, LEAN + (int)i, only->v[i].text);
    return v;
}

struct record *query_row(struct arena *a, const struct stmt *st, const struct reg *r, const struct picks *only)
{
    struct record *x = arena_alloc(a, sizeof *x);
    const char *state = r->nstates ? stmt_col_text(st, COL_STATE) : NULL;

    x->reg = r;
    x->home = stmt_col_int(st, COL_HOME);
    x->id = stmt_col_int(st, COL_ID);
    x->unit = stmt_col_int(st, COL_UNIT);
    x->happened = (int32_t)stmt_col_int(st, COL_DAY);
    x->late = stmt_col_int(st, COL_LATE) != 0;
    for (size_t i = 0; state && i < r->nstates; i++)
        if (!strcmp(r->states[i].name, state))
            x->state = r->states[i].name;
    if (!only) {
        x->version = (int)stmt_col_int(st, COL_VER);
        x->captured = stmt_col_int(st, COL_CAPTURED);
        x->entered = stmt_col_int(st, COL_ENTERED);
        x->by = stmt_col_int(st, COL_BY);
        x->batch = stmt_col_int(st, COL_BATCH);
        x->gone = stmt_col_int(st, COL_GONE) != 0;
    }
    x->values = only ? read_picks(a, st, r, only) : read_fields(a, st, r, HEAD);
    x->children = r->nchildren ? arena_array(a, r->nchildren, sizeof *x->children) : NULL;
    return x;
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
    put_fields(&s, child, NULL);
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
