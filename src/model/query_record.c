/* SPDX-License-Identifier: Apache-2.0 */
/* query_record.c: the SQL of single records. */
#include "model/query_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
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

static bool column_is_text(const struct field *f)
{
    return f->cls == CLASS_PROTECTED || type_is_text(f->type);
}

static struct value column(struct arena *a, const struct stmt *s, int i, const struct field *f)
{
    if (stmt_col_null(s, i))
        return value_null();
    return column_is_text(f) ? value_text(arena_str(a, stmt_col_text(s, i))) : value_int(stmt_col_int(s, i));
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
static void put_fields(struct buf *b, const struct reg *r, bool hashes)
{
    for (size_t i = 0; i < r->nfields; i++) {
        buf_str(b, ", f_");
        buf_str(b, r->fields[i].name);
        if (hashes && r->fields[i].cls == CLASS_PROTECTED) {
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
    for (int i = 1; i <= n; i++)
        buf_printf(b, i > 1 ? ", ?%d" : "?%d", i);
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
    buf_printf(&b, "INSERT INTO %s (%s", ddl_table(a, r->reg), head_columns);
    put_fields(&b, r->reg, true);
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
    put_fields(&b, child, true);
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

        if (old < 0) {
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

/* --- reading */

static const char *state_name(const struct reg *r, const char *name)
{
    const struct state *s = name ? reg_state(r, name) : NULL;

    return s ? s->name : NULL;
}

static struct record *read_row(struct arena *a, const struct stmt *s, const struct reg *reg)
{
    struct record *r = arena_alloc(a, sizeof *r);

    r->reg = reg;
    r->values = arena_array(a, reg->nfields ? reg->nfields : 1, sizeof *r->values);
    r->children = arena_array(a, reg->nchildren ? reg->nchildren : 1, sizeof *r->children);
    r->home = stmt_col_int(s, 0);
    r->id = stmt_col_int(s, 1);
    r->unit = stmt_col_int(s, 2);
    r->version = (int)stmt_col_int(s, 4);
    r->state = state_name(reg, stmt_col_text(s, 5));
    r->happened = (int32_t)stmt_col_int(s, 6);
    r->captured = stmt_col_int(s, 7);
    r->entered = stmt_col_int(s, 8);
    r->late = stmt_col_int(s, 9) != 0;
    r->by = stmt_col_int(s, 10);
    r->batch = stmt_col_int(s, 11);
    r->gone = stmt_col_int(s, 12) != 0;
    for (size_t i = 0; i < reg->nfields; i++)
        r->values[i] = column(a, s, HEAD + (int)i, &reg->fields[i]);
    return r;
}

static void add_child_row(struct arena *a, struct record *r, size_t c, const struct stmt *s)
{
    const struct reg *child = &r->reg->children[c];
    struct child_rows *rows = &r->children[c];
    struct child_row row = {.id = stmt_col_int(s, 2)};

    row.values = arena_array(a, child->nfields ? child->nfields : 1, sizeof *row.values);
    for (size_t i = 0; i < child->nfields; i++)
        row.values[i] = column(a, s, 3 + (int)i, &child->fields[i]);
    VEC_PUSH(a, rows->rows, rows->n, rows->cap) = row;
}

/* Rows of a child table whose parents lie between the first and the last record of a sorted list. */
static int read_children(struct arena *a, struct db *d, struct record **rs, size_t n, size_t c, struct err *e)
{
    struct buf b;
    struct stmt *s;
    size_t at = 0;
    int rc;

    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT home, parent, id");
    put_fields(&b, &rs[0]->reg->children[c], false);
    buf_printf(&b,
               n == 1 ? " FROM %s WHERE home = ?1 AND parent = ?2 ORDER BY pos, id"
                      : " FROM %s WHERE (home, parent) >= (?1, ?2) AND (home, parent) <= (?3, ?4) "
                        "ORDER BY home, parent, pos, id",
               ddl_table(a, &rs[0]->reg->children[c]));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, rs[0]->home);
    stmt_int(s, 2, rs[0]->id);
    if (n > 1) {
        stmt_int(s, 3, rs[n - 1]->home);
        stmt_int(s, 4, rs[n - 1]->id);
    }
    while ((rc = stmt_step(s, e)) == 1) {
        int64_t home = stmt_col_int(s, 0), parent = stmt_col_int(s, 1);

        while (at < n && (rs[at]->home < home || (rs[at]->home == home && rs[at]->id < parent)))
            at++;
        if (at < n && rs[at]->home == home && rs[at]->id == parent)
            add_child_row(a, rs[at], c, s);
    }
    stmt_done(s);
    return rc;
}

int query_one(struct record **out, struct arena *a, struct db *d, const struct reg *r, int64_t home, int64_t id,
              struct err *e)
{
    struct buf b;
    struct stmt *s;
    int rc;

    *out = NULL;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "SELECT %s", head_columns);
    put_fields(&b, r, false);
    buf_printf(&b, " FROM %s WHERE home = ?1 AND id = ?2", ddl_table(a, r));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, home);
    stmt_int(s, 2, id);
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = read_row(a, s, r);
    stmt_done(s);
    if (rc < 0)
        return -1;
    if (!*out)
        return err_set(e, ERR_MISSING, "没有找到这条“%s”记录，可能编号有误。", label_in(&r->label, LANG_HANS));
    for (size_t c = 0; c < r->nchildren; c++)
        if (read_children(a, d, out, 1, c, e) < 0)
            return -1;
    return 0;
}

int query_chunk(struct record ***out, size_t *n, struct arena *a, struct db *d, const struct reg *r, int64_t home,
                int64_t id, size_t limit, struct err *e)
{
    struct record **rs = arena_array(a, limit, sizeof *rs);
    struct buf b;
    struct stmt *s;
    int rc;

    *out = rs;
    *n = 0;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "SELECT %s", head_columns);
    put_fields(&b, r, false);
    buf_printf(&b, " FROM %s WHERE (home, id) > (?1, ?2) AND gone = 0 ORDER BY home, id LIMIT ?3", ddl_table(a, r));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, home);
    stmt_int(s, 2, id);
    stmt_int(s, 3, (int64_t)limit);
    while ((rc = stmt_step(s, e)) == 1 && *n < limit)
        rs[(*n)++] = read_row(a, s, r);
    stmt_done(s);
    if (rc < 0)
        return -1;
    for (size_t c = 0; *n && c < r->nchildren; c++)
        if (read_children(a, d, rs, *n, c, e) < 0)
            return -1;
    return 0;
}

int query_many(struct record ***out, size_t *n, struct arena *a, struct db *d, const struct reg *r,
               const int64_t *homes, size_t nhomes, const int64_t *ids, size_t nids, struct err *e)
{
    size_t cap = 0;
    struct buf b;
    struct stmt *s;
    char in_homes[64], in_ids[64];
    int rc;

    *out = NULL;
    *n = 0;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "SELECT %s", head_columns);
    put_fields(&b, r, false);
    buf_printf(&b, " FROM %s WHERE home %s AND id %s", ddl_table(a, r), dialect_in_ids(in_homes, db_kind(d), 1),
               dialect_in_ids(in_ids, db_kind(d), 2));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_text(s, 1, dialect_ids(a, db_kind(d), homes, nhomes));
    stmt_text(s, 2, dialect_ids(a, db_kind(d), ids, nids));
    while ((rc = stmt_step(s, e)) == 1)
        VEC_PUSH(a, *out, *n, cap) = read_row(a, s, r);
    stmt_done(s);
    return rc;
}

/* --- looking up */

static int find_refs(struct db *d, struct arena *a, struct ref_want *refs, size_t n, size_t first, struct err *e)
{
    const struct ref_want *w = &refs[first];
    int64_t *ids = arena_array(a, n, sizeof *ids);
    size_t nids = 0;
    struct buf b;
    struct stmt *s;
    char in[64];
    int rc;

    for (size_t i = first; i < n; i++)
        if (refs[i].reg == w->reg && refs[i].home == w->home && refs[i].any_home == w->any_home)
            ids[nids++] = refs[i].id;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "SELECT id FROM %s WHERE id %s AND gone = 0%s", ddl_table(a, w->reg),
               dialect_in_ids(in, db_kind(d), 1), w->any_home ? "" : " AND home = ?2");
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_text(s, 1, dialect_ids(a, db_kind(d), ids, nids));
    if (!w->any_home)
        stmt_int(s, 2, w->home);
    while ((rc = stmt_step(s, e)) == 1)
        for (size_t i = first; i < n; i++)
            if (refs[i].reg == w->reg && refs[i].home == w->home && refs[i].id == stmt_col_int(s, 0))
                refs[i].found = true;
    stmt_done(s);
    return rc;
}

static bool asked_before(const struct ref_want *refs, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (refs[j].reg == refs[i].reg && refs[j].home == refs[i].home && refs[j].any_home == refs[i].any_home)
            return true;
    return false;
}

int query_refs(struct db *d, struct arena *a, struct ref_want *refs, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (refs[i].reg && !asked_before(refs, i) && find_refs(d, a, refs, n, i, e) < 0)
            return -1;
    return 0;
}

enum { TWINS = 16 };

/* No ORDER BY, no id <> ?: with them SQLite prepares the statement anew for each binding. */
static int put_twin(struct buf *b, struct arena *a, const struct sec_key *k, const struct record *like,
                    const char *const *fields)
{
    int at = 2;

    buf_printf(b, "SELECT id FROM %s WHERE home = ?1 AND gone = 0", ddl_table(a, like->reg));
    for (const char *const *f = fields; *f; f++) {
        const struct field *fd = reg_field(like->reg, *f);
        bool sealed = fd->cls == CLASS_PROTECTED;

        if (like->values[fd->index].kind == VALUE_NULL || (sealed && !k))
            return 0;
        buf_printf(b, " AND f_%s%s = ?%d", fd->name, sealed ? "_h" : "", at++);
    }
    buf_printf(b, " LIMIT %d", TWINS);
    return 1;
}

int query_twin(int64_t *id, struct arena *a, struct db *d, const struct sec_key *k, const struct record *like,
               const char *const *fields, int64_t except, struct err *e)
{
    struct buf b;
    struct stmt *s;
    int at = 2, rc;

    *id = 0;
    buf_init(&b, SQL_MAX);
    if (!put_twin(&b, a, k, like, fields)) {
        buf_done(&b);
        return 0;
    }
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    stmt_int(s, 1, like->home);
    for (const char *const *f = fields; *f; f++) {
        const struct field *fd = reg_field(like->reg, *f);
        struct value v = like->values[fd->index];

        bind_value(s, at++, fd->cls == CLASS_PROTECTED ? value_text(record_hash(a, k, fd, v)) : v);
    }
    while ((rc = stmt_step(s, e)) == 1) {
        int64_t found = stmt_col_int(s, 0);

        if (found != except && (!*id || found < *id))
            *id = found;
    }
    stmt_done(s);
    return rc;
}

/* --- trees */

static int32_t day_or_none(const struct stmt *s, int i)
{
    return stmt_col_null(s, i) ? DAY_NONE : (int32_t)stmt_col_int(s, i);
}

int query_nodes(struct node_row **out, size_t *n, struct arena *a, struct db *d, const struct reg *r, struct err *e)
{
    static const char *const wanted[] = {"parent", "unit", "code", "name", "kind", "since", "until", NULL};
    struct node_row *rows = NULL;
    size_t cap = 0;
    struct buf b;
    struct stmt *s;
    int rc;

    *n = 0;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT id");
    for (int i = 0; wanted[i]; i++)
        buf_printf(&b, reg_field(r, wanted[i]) ? ", f_%s" : ", NULL", wanted[i]);
    buf_printf(&b, " FROM %s WHERE gone = 0", ddl_table(a, r));
    if (prepare(&s, d, &b, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct node_row row = {.id = stmt_col_int(s, 0),
                               .parent = stmt_col_int(s, 1),
                               .unit = stmt_col_int(s, 2),
                               .code = arena_str(a, stmt_col_text(s, 3)),
                               .name = arena_str(a, stmt_col_text(s, 4)),
                               .kind = arena_str(a, stmt_col_text(s, 5)),
                               .since = day_or_none(s, 6),
                               .until = day_or_none(s, 7)};

        VEC_PUSH(a, rows, *n, cap) = row;
    }
    stmt_done(s);
    *out = rows;
    return rc;
}
