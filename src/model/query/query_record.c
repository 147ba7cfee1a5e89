/* SPDX-License-Identifier: Apache-2.0 */
/* query_record.c: the SQL that writes single records and their child rows. */
#include "model/query_record.h"

#include <string.h>

#include "base/buf.h"
#include "model/ddl.h"
#include "model/record_inner.h"
#include "store/dialect.h"

enum { SQL_MAX = 64 * 1024, HEAD = 13 };

static const char head_columns[] =
    "home, id, unit, grid, ver, state, day, captured, entered, late, by_user, batch, gone";

/* --- shared pieces */

static void bind_value(struct stmt *s, int i, struct value v)
{
    if (v.kind == VALUE_INT)
        stmt_int(s, i, v.i);
    else if (v.kind == VALUE_TEXT)
        stmt_text(s, i, v.s);
    else
        stmt_null(s, i);
}

/* A finished statement, ready to bind; the text need not live on. */
static int prepare(struct stmt **out, struct db *d, struct buf *sql, struct err *e)
{
    int rc;

    if (buf_overflow(sql))
        rc = err_log(e, "statement too long");
    else
        rc = db_prep(out, d, buf_cstr(sql), e);
    buf_done(sql);
    return rc;
}

/* Run it and give it back. */
static int run(struct stmt *s, struct err *e)
{
    int rc = stmt_run(s, e);

    stmt_done(s);
    return rc;
}

static int64_t record_grid(const struct record *r)
{
    const struct field *f = r->reg->grid_field ? reg_field(r->reg, r->reg->grid_field) : NULL;

    return f && r->values[f->index].kind == VALUE_INT ? r->values[f->index].i : 0;
}

/* ", f_a, f_b, f_b_h": the columns of a table's fields. */
static void put_fields(struct buf *b, const struct reg *r)
{
    for (size_t i = 0; i < r->nfields; i++) {
        buf_str(b, ", f_");
        buf_str(b, r->fields[i].name);
        if (r->fields[i].cls == CLASS_PROTECTED) {
            buf_str(b, ", f_");
            buf_str(b, r->fields[i].name);
            buf_str(b, "_h");
        }
    }
}

static int count_columns(const struct reg *r)
{
    int n = (int)r->nfields;

    for (size_t i = 0; i < r->nfields; i++)
        n += r->fields[i].cls == CLASS_PROTECTED;
    return n;
}

static void put_values(struct buf *b, int n)
{
    buf_str(b, ") VALUES (");
    for (int i = 1; i <= n; i++) {
        buf_str(b, i > 1 ? ", ?" : "?");
        buf_int(b, i);
    }
    buf_char(b, ')');
}

static void bind_fields(struct stmt *s, int at, struct arena *a, const struct sec_key *k, const struct reg *r,
                        const struct value *v)
{
    for (size_t i = 0; i < r->nfields; i++) {
        bind_value(s, at++, v[i]);
        if (r->fields[i].cls == CLASS_PROTECTED)
            stmt_text(s, at++, record_hash(a, k, &r->fields[i], v[i]));
    }
}

/* --- writing the row */

int query_insert(struct db *d, struct arena *a, const struct sec_key *k, const struct record *r, struct err *e)
{
    struct buf b;
    struct stmt *s;

    buf_init(&b, SQL_MAX);
    buf_str(&b, "INSERT INTO ");
    buf_str(&b, ddl_table(a, r->reg));
    buf_str(&b, " (");
    buf_str(&b, head_columns);
    put_fields(&b, r->reg);
    put_values(&b, HEAD + count_columns(r->reg));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, r->home);
    stmt_int(s, 2, r->id);
    stmt_int(s, 3, r->unit);
    stmt_int(s, 4, record_grid(r));
    stmt_int(s, 5, r->version);
    stmt_text(s, 6, r->state);
    stmt_int(s, 7, r->happened);
    stmt_int(s, 8, r->captured);
    stmt_int(s, 9, r->entered);
    stmt_int(s, 10, r->late);
    stmt_int(s, 11, r->by);
    stmt_int(s, 12, r->batch);
    stmt_int(s, 13, r->gone);
    bind_fields(s, HEAD + 1, a, k, r->reg, r->values);
    return run(s, e);
}

static int refuse_stale(struct err *e)
{
    return err_set(e, ERR_CONFLICT, "这条记录刚刚被别人改过。请查看新的内容，再决定是否保存您的修改。");
}

static int run_versioned(struct stmt *s, struct err *e)
{
    int64_t changed;

    if (stmt_run(s, e) < 0) {
        stmt_done(s);
        return -1;
    }
    changed = stmt_changes(s);
    stmt_done(s);
    return changed == 1 ? 0 : refuse_stale(e);
}

int query_update(struct db *d, struct arena *a, const struct sec_key *k, const struct record *is,
                 const struct record *was, struct err *e)
{
    const struct reg *reg = is->reg;
    struct buf b;
    struct stmt *s;
    int at = 8;

    buf_init(&b, SQL_MAX);
    buf_printf(&b, "UPDATE %s SET ver = ?1, unit = ?2, grid = ?3, state = ?4, day = ?5, late = ?6, batch = ?7",
               ddl_table(a, reg));
    for (size_t i = 0; i < reg->nfields; i++) {
        if (value_equal(is->values[i], was->values[i]))
            continue;
        buf_printf(&b, ", f_%s = ?%d", reg->fields[i].name, at++);
        if (reg->fields[i].cls == CLASS_PROTECTED)
            buf_printf(&b, ", f_%s_h = ?%d", reg->fields[i].name, at++);
    }
    buf_printf(&b, " WHERE home = ?%d AND id = ?%d AND ver = ?%d AND gone = 0", at, at + 1, at + 2);
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, is->version);
    stmt_int(s, 2, is->unit);
    stmt_int(s, 3, record_grid(is));
    stmt_text(s, 4, is->state);
    stmt_int(s, 5, is->happened);
    stmt_int(s, 6, is->late);
    stmt_int(s, 7, is->batch);
    at = 8;
    for (size_t i = 0; i < reg->nfields; i++) {
        if (value_equal(is->values[i], was->values[i]))
            continue;
        bind_value(s, at++, is->values[i]);
        if (reg->fields[i].cls == CLASS_PROTECTED)
            stmt_text(s, at++, record_hash(a, k, &reg->fields[i], is->values[i]));
    }
    stmt_int(s, at, is->home);
    stmt_int(s, at + 1, is->id);
    stmt_int(s, at + 2, was->version);
    return run_versioned(s, e);
}

int query_gone(struct db *d, const struct record *r, bool gone, int version, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *s;
    int rc = db_prep(&s, d,
                     arena_printf(a, "UPDATE %s SET gone = ?1, ver = ?2 WHERE home = ?3 AND id = ?4 AND ver = ?5",
                                  ddl_table(a, r->reg)),
                     e);

    arena_free(a);
    if (rc < 0)
        return -1;
    stmt_int(s, 1, gone);
    stmt_int(s, 2, version);
    stmt_int(s, 3, r->home);
    stmt_int(s, 4, r->id);
    stmt_int(s, 5, r->version);
    return run_versioned(s, e);
}

/* --- child rows */

static int child_insert(struct db *d, struct arena *a, const struct sec_key *k, const struct record *r,
                        const struct reg *child, const struct child_row *row, size_t pos, struct err *e)
{
    struct buf b;
    struct stmt *s;

    buf_init(&b, SQL_MAX);
    buf_printf(&b, "INSERT INTO %s (home, id, parent, pos", ddl_table(a, child));
    put_fields(&b, child);
    put_values(&b, 4 + count_columns(child));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, r->home);
    stmt_int(s, 2, row->id);
    stmt_int(s, 3, r->id);
    stmt_int(s, 4, (int64_t)pos);
    bind_fields(s, 5, a, k, child, row->values);
    return run(s, e);
}

static int child_update(struct db *d, struct arena *a, const struct sec_key *k, const struct record *r,
                        const struct reg *child, const struct child_row *row, size_t pos, struct err *e)
{
    struct buf b;
    struct stmt *s;
    int at = 4;

    buf_init(&b, SQL_MAX);
    buf_printf(&b, "UPDATE %s SET pos = ?3", ddl_table(a, child));
    for (size_t i = 0; i < child->nfields; i++) {
        buf_printf(&b, ", f_%s = ?%d", child->fields[i].name, at++);
        if (child->fields[i].cls == CLASS_PROTECTED)
            buf_printf(&b, ", f_%s_h = ?%d", child->fields[i].name, at++);
    }
    buf_str(&b, " WHERE home = ?1 AND id = ?2");
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, r->home);
    stmt_int(s, 2, row->id);
    stmt_int(s, 3, (int64_t)pos);
    bind_fields(s, 4, a, k, child, row->values);
    return run(s, e);
}

static int child_delete(struct db *d, struct arena *a, const struct record *r, const struct reg *child,
                        const int64_t *ids, size_t n, struct err *e)
{
    struct buf b;
    struct stmt *s;
    char in[64];

    buf_init(&b, SQL_MAX);
    buf_printf(&b, "DELETE FROM %s WHERE home = ?1 AND id %s", ddl_table(a, child),
               dialect_in_ids(in, db_kind(d), 2));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, r->home);
    stmt_text(s, 2, dialect_ids(a, db_kind(d), ids, n));
    return run(s, e);
}

static bool rows_equal(const struct reg *child, const struct child_row *x, const struct child_row *y)
{
    for (size_t i = 0; i < child->nfields; i++)
        if (!value_equal(x->values[i], y->values[i]))
            return false;
    return true;
}

/* The row that this one was: by id, or for a row without one the first unclaimed equal row. */
static long row_was(const struct reg *child, const struct child_rows *was, const bool *claimed,
                    const struct child_row *row)
{
    for (size_t i = 0; was && i < was->n; i++)
        if (!claimed[i] && (row->id ? row->id == was->rows[i].id : rows_equal(child, row, &was->rows[i])))
            return (long)i;
    return -1;
}

static int child_table(struct db *d, struct arena *a, const struct sec_key *k, struct record *is,
                       const struct child_rows *was, size_t c, struct err *e)
{
    const struct reg *child = &is->reg->children[c];
    size_t nwas = was ? was->n : 0, ndead = 0;
    bool *claimed = arena_array(a, nwas + 1, sizeof *claimed);
    int64_t *dead = arena_array(a, nwas + 1, sizeof *dead);

    for (size_t i = 0; i < is->children[c].n; i++) {
        struct child_row *row = &is->children[c].rows[i];
        long old = row_was(child, was, claimed, row);
        int rc = 0;

        if (old < 0 || !was) {
            row->id = store_id();
            rc = child_insert(d, a, k, is, child, row, i, e);
        } else {
            claimed[old] = true;
            row->id = was->rows[old].id;
            if ((size_t)old != i || !rows_equal(child, row, &was->rows[old]))
                rc = child_update(d, a, k, is, child, row, i, e);
        }
        if (rc < 0)
            return -1;
    }
    for (size_t i = 0; i < nwas; i++)
        if (!claimed[i])
            dead[ndead++] = was->rows[i].id;
    return ndead ? child_delete(d, a, is, child, dead, ndead, e) : 0;
}

int query_children(struct db *d, struct arena *a, const struct sec_key *k, struct record *is,
                   const struct record *was, struct err *e)
{
    for (size_t c = 0; c < is->reg->nchildren; c++)
        if (child_table(d, a, k, is, was ? &was->children[c] : NULL, c, e) < 0)
            return -1;
    return 0;
}
