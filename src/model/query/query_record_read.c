/* SPDX-License-Identifier: Apache-2.0 */
/* query_record_read.c: the SQL that reads single records, follows references, finds twins and loads the trees. */
#include <string.h>

#include "base/date.h"
#include "model/query_inner.h"
#include "model/query_record.h"
#include "model/record_inner.h"

/* --- pieces */

static void put_test(struct sql *q, const char *test, struct value v)
{
    buf_str(&q->text, test);
    query_bind(q, v);
}

/* Ready to step; the text is not needed any more. */
static int prepare(struct stmt **out, struct db *d, struct sql *q, struct err *e)
{
    int rc = query_prep(out, d, q, e);

    query_end(q);
    return rc;
}

static void select_rows(struct sql *q, const struct reg *r)
{
    query_begin(q);
    buf_str(&q->text, "SELECT ");
    query_row_columns(q, r, NULL);
    query_from(q, r);
}

/* --- child rows */

static struct value child_value(struct arena *a, const struct stmt *s, int i, const struct field *f)
{
    if (stmt_col_null(s, i))
        return value_null();
    if (f->cls == CLASS_PROTECTED || type_is_text(f->type))
        return value_text(arena_str(a, stmt_col_text(s, i)));
    return value_int(stmt_col_int(s, i));
}

static void add_child_row(struct arena *a, struct record *r, size_t c, const struct stmt *s)
{
    const struct reg *child = &r->reg->children[c];
    struct child_rows *rows = &r->children[c];
    struct child_row row = {.id = stmt_col_int(s, 2)};

    row.values = arena_array(a, child->nfields ? child->nfields : 1, sizeof *row.values);
    for (size_t i = 0; i < child->nfields; i++)
        row.values[i] = child_value(a, s, 3 + (int)i, &child->fields[i]);
    VEC_PUSH(a, rows->rows, rows->n, rows->cap) = row;
}

static int open_children(struct stmt **out, struct db *d, struct record **rs, size_t n, const struct reg *child,
                         struct err *e)
{
    struct sql q;

    query_begin(&q);
    buf_str(&q.text, "SELECT r.home, r.parent, r.id");
    for (size_t i = 0; i < child->nfields; i++) {
        buf_str(&q.text, ", r.f_");
        buf_str(&q.text, child->fields[i].name);
    }
    query_from(&q, child);
    put_test(&q, n == 1 ? " WHERE r.home = " : " WHERE (r.home, r.parent) >= (", value_int(rs[0]->home));
    put_test(&q, n == 1 ? " AND r.parent = " : ", ", value_int(rs[0]->id));
    if (n > 1) {
        put_test(&q, ") AND (r.home, r.parent) <= (", value_int(rs[n - 1]->home));
        put_test(&q, ", ", value_int(rs[n - 1]->id));
        buf_char(&q.text, ')');
    }
    buf_str(&q.text, n == 1 ? " ORDER BY r.pos, r.id" : " ORDER BY r.home, r.parent, r.pos, r.id");
    return prepare(out, d, &q, e);
}

/* Rows of a child table whose parents lie between the first and the last record of a list sorted by home and id. */
static int read_children(struct arena *a, struct db *d, struct record **rs, size_t n, size_t c, struct err *e)
{
    struct stmt *s;
    size_t at = 0;
    int rc;

    if (open_children(&s, d, rs, n, &rs[0]->reg->children[c], e) < 0)
        return -1;
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

/* --- records */

int query_one(struct record **out, struct arena *a, struct db *d, const struct reg *r, int64_t home, int64_t id,
              struct err *e)
{
    struct stmt *s;
    struct sql q;
    int rc;

    *out = NULL;
    select_rows(&q, r);
    put_test(&q, " WHERE r.home = ", value_int(home));
    put_test(&q, " AND r.id = ", value_int(id));
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = query_row(a, s, r, NULL);
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
    struct stmt *s;
    struct sql q;
    int rc;

    *out = rs;
    *n = 0;
    select_rows(&q, r);
    put_test(&q, " WHERE r.gone = 0 AND (r.home, r.id) > (", value_int(home));
    put_test(&q, ", ", value_int(id));
    put_test(&q, ") ORDER BY r.home, r.id LIMIT ", value_int((int64_t)limit));
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1 && *n < limit)
        rs[(*n)++] = query_row(a, s, r, NULL);
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
    struct stmt *s;
    struct sql q;
    int rc;

    *out = NULL;
    *n = 0;
    select_rows(&q, r);
    buf_str(&q.text, " WHERE r.home ");
    query_in_ids(&q, a, db_kind(d), homes, nhomes);
    buf_str(&q.text, " AND r.id ");
    query_in_ids(&q, a, db_kind(d), ids, nids);
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        VEC_PUSH(a, *out, *n, cap) = query_row(a, s, r, NULL);
    stmt_done(s);
    return rc;
}

int query_used(bool *out, struct db *d, struct arena *a, const struct reg *r, int64_t home, const int64_t *units,
               size_t n, struct err *e)
{
    struct stmt *s;
    struct sql q;
    int rc;

    query_begin(&q);
    buf_str(&q.text, "SELECT r.id");
    query_from(&q, r);
    buf_str(&q.text, " WHERE r.unit ");
    query_in_ids(&q, a, db_kind(d), units, n);
    put_test(&q, " AND r.home = ", value_int(home));
    buf_str(&q.text, " LIMIT 1");
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    rc = stmt_step(s, e);
    *out = rc == 1;
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

int query_named(bool *out, struct db *d, struct arena *a, const struct reg *r, const struct field *f, int64_t id,
                struct err *e)
{
    struct stmt *s;
    struct sql q;
    int rc;

    query_begin(&q);
    buf_str(&q.text, "SELECT r.id");
    query_from(&q, r);
    put_test(&q, arena_printf(a, " WHERE r.gone = 0 AND r.f_%s = ", f->name), value_int(id));
    buf_str(&q.text, " LIMIT 1");
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    rc = stmt_step(s, e);
    *out = rc == 1;
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

/* --- references */

static bool same_place(const struct ref_want *x, const struct ref_want *y)
{
    return x->reg == y->reg && x->home == y->home && x->any_home == y->any_home;
}

static int find_refs(struct db *d, struct arena *a, struct ref_want *refs, size_t n, size_t first, struct err *e)
{
    const struct ref_want *w = &refs[first];
    int64_t *ids = arena_array(a, n, sizeof *ids);
    size_t nids = 0;
    struct stmt *s;
    struct sql q;
    int rc;

    for (size_t i = first; i < n; i++)
        if (same_place(&refs[i], w))
            ids[nids++] = refs[i].id;
    query_begin(&q);
    buf_str(&q.text, "SELECT r.id");
    query_from(&q, w->reg);
    buf_str(&q.text, " WHERE r.gone = 0 AND r.id ");
    query_in_ids(&q, a, db_kind(d), ids, nids);
    if (!w->any_home)
        put_test(&q, " AND r.home = ", value_int(w->home));
    if (prepare(&s, d, &q, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        for (size_t i = first; i < n; i++)
            if (same_place(&refs[i], w) && refs[i].id == stmt_col_int(s, 0))
                refs[i].found = true;
    stmt_done(s);
    return rc;
}

static bool asked_before(const struct ref_want *refs, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_place(&refs[j], &refs[i]))
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

/* --- records with the same key */

/* False if one of the fields is empty. No ORDER BY, no id <> ?: with them SQLite prepares the statement anew for
 * each binding. */
static bool put_twin(struct sql *q, struct arena *a, const struct sec_key *k, const struct record *like,
                     const char *const *fields)
{
    query_begin(q);
    buf_str(&q->text, "SELECT r.id");
    query_from(q, like->reg);
    put_test(q, " WHERE r.gone = 0 AND r.home = ", value_int(like->home));
    for (const char *const *f = fields; *f; f++) {
        const struct field *fd = reg_field(like->reg, *f);
        bool sealed = fd->cls == CLASS_PROTECTED;
        struct value v = like->values[fd->index];

        if (v.kind == VALUE_NULL || (sealed && !k))
            return false;
        buf_printf(&q->text, " AND r.f_%s%s = ", fd->name, sealed ? "_h" : "");
        query_bind(q, sealed ? value_text(record_hash(a, k, fd, v)) : v);
    }
    buf_str(&q->text, " LIMIT 16");
    return true;
}

int query_twin(int64_t *id, struct arena *a, struct db *d, const struct sec_key *k, const struct record *like,
               const char *const *fields, int64_t except, struct err *e)
{
    struct stmt *s;
    struct sql q;
    int rc;

    *id = 0;
    if (!put_twin(&q, a, k, like, fields)) {
        query_end(&q);
        return 0;
    }
    if (prepare(&s, d, &q, e) < 0)
        return -1;
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
    struct stmt *s;
    struct sql q;
    int rc;

    *n = 0;
    query_begin(&q);
    buf_str(&q.text, "SELECT r.id");
    for (int i = 0; wanted[i]; i++)
        buf_printf(&q.text, reg_field(r, wanted[i]) ? ", r.f_%s" : ", NULL", wanted[i]);
    query_from(&q, r);
    buf_str(&q.text, " WHERE r.gone = 0");
    if (prepare(&s, d, &q, e) < 0)
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
