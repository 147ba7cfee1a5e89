/* SPDX-License-Identifier: Apache-2.0 */
/* query_list.c: pages of a register, by key, never by offset.
 *
 * A list is put together from equal parts, one per unit (or per home), each of which has an index in order of day.
 * One part is read directly. Of several, each gives its first keys; they are merged and only the rows of the page
 * are read: so the newest fifty of a million records in hundreds of units cost some hundred index entries. SQLite
 * is asked part by part, and a part is left as soon as it cannot give anything better; PostgreSQL, where each
 * question is a journey, is asked once, by LATERAL.
 *
 * Nothing sorts before everything, on both back ends. */
#include <string.h>

#include "base/date.h"
#include "model/query_page.h"
#include "store/dialect.h"

enum { LIMIT_MAX = 1000, EACH_PAGE = 500, FOUND_PAGE = 200, STREAMS = 16 };

/* Columns every record has that a list may be sorted by; their value in a record. */
static bool sort_own(struct value *out, const char *word, const struct record *r)
{
    const struct {
        const char *word;
        struct value v;
    } all[] = {
        {"happened", value_int(r->happened)}, {"state", value_text(r->state)},    {"id", value_int(r->id)},
        {"unit", value_int(r->unit)},         {"entered", value_int(r->entered)}, {"late", value_int(r->late)},
        {"captured", value_int(r->captured)}, {"batch", value_int(r->batch)}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i].word, word)) {
            *out = all[i].v;
            return true;
        }
    return false;
}

static const char *sort_word(const struct list_query *q)
{
    return q->sort ? q->sort : "happened";
}

/* The columns a list reads where it has said which: those, and the one it is sorted by. NULL: all of them. */
static const struct picks *only_of(struct arena *a, const struct list_query *q, const struct field *sort)
{
    static const char *const lean[] = {"happened", "state", "id", "unit", "late"};
    bool *only, known = sort != NULL;

    for (size_t i = 0; i < sizeof lean / sizeof *lean; i++)
        known = known || !strcmp(lean[i], sort_word(q));
    if (!q->only || !known)
        return NULL;
    only = arena_array(a, q->reg->nfields + 1, sizeof *only);
    for (const char *const *name = q->only; *name; name++) {
        const struct field *f = reg_field(q->reg, *name);
        if (f)
            only[f->index] = true;
    }
    if (sort)
        only[sort->index] = true;
    return query_row_picks(a, q->reg, only);
}

int query_page_begin(struct list *l, struct arena *a, struct db *d, const struct list_query *q, struct err *e)
{
    *l = (struct list){
        .a = a, .d = d, .q = q, .set = q->after_set, .value = q->after_value, .id = q->after_id, .e = e};
    struct value unused;

    if (query_column(&l->sort, q->reg, sort_word(q), e))
        return -1;
    if (!l->sort.field && !sort_own(&unused, sort_word(q), &(struct record){0}))
        return err_set(e, ERR_INPUT, "不能按“%s”排序。", sort_word(q));
    if (l->sort.field && l->sort.field->cls == CLASS_PROTECTED)
        return err_set(e, ERR_INPUT, "受保护的“%s”不能用来排序。", label_in(&l->sort.field->label, LANG_HANS));
    if (l->set && l->value.kind != VALUE_NULL && l->value.kind != (l->sort.text ? VALUE_TEXT : VALUE_INT))
        return err_set(e, ERR_INPUT, "翻页的位置已失效，请回到第一页。");
    if (query_parts(&l->parts, a, d, q, e))
        return -1;
    l->only = only_of(a, q, l->sort.field);
    l->covered = !strcmp(l->parts.column, "r.unit") && !strcmp(l->sort.sql, "r.day");
    return 0;
}

/* --- SQL */

static const char *collate(const struct list *l)
{
    return l->sort.text && db_kind(l->d) == DB_POSTGRES ? " COLLATE \"C\"" : "";
}

/* Rows after (value, id). A column that is never empty uses its index in one step. */
static void put_after(struct sql *s, const struct list *l)
{
    const char *col = l->sort.sql, *c = collate(l), *sign = l->q->ascending ? ">" : "<";

    if (!l->set)
        return;
    if (!l->sort.nullable) {
        buf_printf(&s->text, " AND (%s, r.id) %s (", col, sign);
        query_bind(s, l->value);
        buf_str(&s->text, ", ");
        query_bind(s, value_int(l->id));
        buf_str(&s->text, ")");
    } else if (l->value.kind == VALUE_NULL) {
        buf_printf(&s->text, " AND ((%s IS NULL AND r.id %s ", col, sign);
        query_bind(s, value_int(l->id));
        buf_printf(&s->text, ")%s%s%s)", l->q->ascending ? " OR " : "", l->q->ascending ? col : "",
                   l->q->ascending ? " IS NOT NULL" : "");
    } else {
        buf_printf(&s->text, " AND (%s%s %s ", col, c, sign);
        query_bind(s, l->value);
        buf_printf(&s->text, " OR (%s = ", col);
        query_bind(s, l->value);
        buf_printf(&s->text, " AND r.id %s ", sign);
        query_bind(s, value_int(l->id));
        buf_printf(&s->text, ")%s%s%s)", l->q->ascending ? "" : " OR ", l->q->ascending ? "" : col,
                   l->q->ascending ? "" : " IS NULL");
    }
}

static void put_order(struct sql *s, const struct list *l, const char *value, const char *id)
{
    const char *way = l->q->ascending ? " ASC" : " DESC";
    const char *nulls = !l->sort.nullable ? "" : l->q->ascending ? " NULLS FIRST" : " NULLS LAST";

    buf_printf(&s->text, " ORDER BY %s%s%s%s, %s%s", value, collate(l), way, nulls, id, way);
}

static void put_limit(struct sql *s, size_t limit)
{
    buf_str(&s->text, " LIMIT ");
    query_bind(s, value_int((int64_t)limit));
}

/* WHERE to LIMIT of one part; part is "?1" or what LATERAL calls it. */
static int put_part(struct sql *s, const struct list *l, const char *part, size_t limit)
{
    buf_printf(&s->text, " WHERE %s = %s", l->parts.column, part);
    if (query_where(s, l->a, db_kind(l->d), l->q, l->e))
        return -1;
    put_after(s, l);
    put_order(s, l, l->sort.sql, "r.id");
    put_limit(s, limit);
    return 0;
}

/* --- one part: rows at once */

/* The rows of one part, whose value stands first among what is bound. */
static int put_rows(struct sql *s, const struct list *l, size_t limit)
{
    query_begin(s);
    buf_str(&s->text, "SELECT ");
    query_row_columns(s, l->q->reg, l->only);
    query_from(s, l->q->reg);
    s->bind[s->nbind++] = value_int(l->parts.v[0]);
    return put_part(s, l, "?1", limit);
}

static int page_direct(struct list *l, struct record **rs, size_t *n, size_t limit)
{
    struct stmt *st;
    struct sql s;
    int rc = put_rows(&s, l, limit);

    rc = rc ? rc : query_prep(&st, l->d, &s, l->e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, l->e)) == 1 && *n < limit)
        rs[(*n)++] = query_row(l->a, st, l->q->reg, l->only);
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

/* --- several parts: keys first */

static bool before(const struct list *l, const struct key *x, const struct key *y)
{
    int c = value_compare(x->v, y->v);

    if (!c)
        c = x->id < y->id ? -1 : x->id > y->id;
    return l->q->ascending ? c < 0 : c > 0;
}

/* Put a key in its place among the best limit ones; false if it is not one of them. */
static bool keep(const struct list *l, struct key *keys, size_t *n, size_t limit, struct key k)
{
    size_t i;

    if (*n == limit && !before(l, &k, &keys[limit - 1]))
        return false;
    for (i = *n < limit ? (*n)++ : limit - 1; i && before(l, &k, &keys[i - 1]); i--)
        keys[i] = keys[i - 1];
    if (l->sort.text && k.v.kind == VALUE_TEXT)
        k.v.s = arena_str(l->a, k.v.s);
    keys[i] = k;
    return true;
}

static struct key read_key(const struct list *l, const struct stmt *st)
{
    struct key k = {.part = stmt_col_int(st, 0), .id = stmt_col_int(st, 1)};

    if (!stmt_col_null(st, 2))
        k.v = l->sort.text ? value_text(stmt_col_text(st, 2)) : value_int(stmt_col_int(st, 2));
    return k;
}

static int keys_each(struct list *l, struct key *keys, size_t *n, size_t limit)
{
    struct stmt *st;
    struct sql s;
    int rc;

    query_begin(&s);
    buf_printf(&s.text, "SELECT %s, r.id, %s", l->covered ? "r.unit" : "r.home", l->sort.sql);
    query_from(&s, l->q->reg);
    s.nbind = 1;
    rc = put_part(&s, l, "?1", limit);
    for (size_t i = 0; !rc && i < l->parts.n; i++) {
        s.bind[0] = value_int(l->parts.v[i]);
        if ((rc = query_prep(&st, l->d, &s, l->e)))
            break;
        while ((rc = stmt_step(st, l->e)) == 1)
            if (!keep(l, keys, n, limit, read_key(l, st)))
                break;
        stmt_done(st);
        rc = rc < 0 ? -1 : 0;
    }
    query_end(&s);
    return rc;
}

static int keys_lateral(struct list *l, struct key *keys, size_t *n, size_t limit)
{
    struct stmt *st;
    struct sql s;
    int rc;

    query_begin(&s);
    buf_str(&s.text, "SELECT x.part, x.id, x.v FROM unnest(CAST(");
    query_bind(&s, value_text(dialect_ids(l->a, DB_POSTGRES, l->parts.v, l->parts.n)));
    buf_printf(&s.text, " AS BIGINT[])) p(v) CROSS JOIN LATERAL (SELECT %s AS part, r.id, %s AS v",
               l->covered ? "r.unit" : "r.home", l->sort.sql);
    query_from(&s, l->q->reg);
    rc = put_part(&s, l, "p.v", limit);
    buf_str(&s.text, ") x");
    put_order(&s, l, "x.v", "x.id");
    put_limit(&s, limit);
    rc = rc ? rc : query_prep(&st, l->d, &s, l->e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, l->e)) == 1)
        keep(l, keys, n, limit, read_key(l, st));
    stmt_done(st);
    return rc;
}

/* WHERE that finds the rows of keys of one part by an index. */
static void put_keys(struct sql *s, const struct list *l, const struct key *keys, size_t n, int64_t part,
                     bool covered)
{
    int64_t *ids = arena_array(l->a, n, sizeof *ids), *days = arena_array(l->a, n, sizeof *days);
    size_t nids = 0;

    for (size_t i = 0; i < n; i++)
        if (keys[i].part == part) {
            days[nids] = keys[i].v.i;
            ids[nids++] = keys[i].id;
        }
    buf_str(&s->text, covered ? " WHERE r.unit = " : " WHERE r.home = ");
    query_bind(s, value_int(part));
    if (covered) {
        buf_str(&s->text, l->q->gone ? " AND r.gone = 1 AND r.day " : " AND r.gone = 0 AND r.day ");
        query_in_ids(s, l->a, db_kind(l->d), days, nids);
    }
    buf_str(&s->text, " AND r.id ");
    query_in_ids(s, l->a, db_kind(l->d), ids, nids);
}

/* Rows of one part, put where their keys stand; found: of a search, only those the list lets through. */
static int read_part(struct list *l, struct record **rs, const struct key *keys, size_t n, int64_t part, bool found)
{
    bool covered = l->covered && !found;
    struct stmt *st;
    struct sql s;
    int rc;

    query_begin(&s);
    buf_str(&s.text, "SELECT ");
    query_row_columns(&s, l->q->reg, l->only);
    query_from(&s, l->q->reg);
    put_keys(&s, l, keys, n, part, covered);
    if (found && !l->q->all) {
        buf_str(&s.text, " AND r.unit ");
        query_in_ids(&s, l->a, db_kind(l->d), l->q->units, l->q->nunits);
    }
    rc = found ? query_where(&s, l->a, db_kind(l->d), l->q, l->e) : 0;
    rc = rc ? rc : query_prep(&st, l->d, &s, l->e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, l->e)) == 1) {
        int64_t home = stmt_col_int(st, 0), id = stmt_col_int(st, 1), unit = stmt_col_int(st, 2);
        for (size_t i = 0; i < n; i++)
            if (keys[i].id == id && keys[i].part == (covered ? unit : home))
                rs[i] = query_row(l->a, st, l->q->reg, l->only);
    }
    stmt_done(st);
    return rc;
}

int query_page_rows(struct list *l, struct record **rs, size_t *nrows, const struct key *keys, size_t n, bool found)
{
    struct record **at = arena_array(l->a, n + 1, sizeof *at);

    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = keys[j].part == keys[i].part;
        if (!seen && read_part(l, at, keys, n, keys[i].part, found))
            return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (at[i])
            rs[(*nrows)++] = at[i];
    return 0;
}

/* The same on SQLite, where a question costs nothing: one by one. */
static int read_each(struct list *l, struct record **rs, size_t *nrows, const struct key *keys, size_t n)
{
    struct stmt *st;
    struct sql s;
    int rc = 0;

    query_begin(&s);
    buf_str(&s.text, "SELECT ");
    query_row_columns(&s, l->q->reg, l->only);
    query_from(&s, l->q->reg);
    buf_str(&s.text, l->covered ? " WHERE r.unit = ?1 AND r.id = ?2 AND r.day = ?3 AND r.gone = "
                                : " WHERE r.home = ?1 AND r.id = ?2");
    buf_str(&s.text, !l->covered ? "" : l->q->gone ? "1" : "0");
    for (size_t i = 0; !rc && i < n; i++) {
        s.bind[0] = value_int(keys[i].part);
        s.bind[1] = value_int(keys[i].id);
        s.bind[2] = keys[i].v;
        s.nbind = l->covered ? 3 : 2;
        if ((rc = query_prep(&st, l->d, &s, l->e)))
            break;
        if ((rc = stmt_step(st, l->e)) == 1)
            rs[(*nrows)++] = query_row(l->a, st, l->q->reg, l->only);
        stmt_done(st);
        rc = rc < 0 ? -1 : 0;
    }
    query_end(&s);
    return rc;
}

/* --- a few parts in order of day on SQLite: all are open at once, and the best of their first rows is taken */

struct stream {
    struct stmt *st;
    struct record *r; /* the row it stands at, NULL: no more */
    struct key k;
};

static int stream_step(struct list *l, struct stream *s)
{
    int rc = stmt_step(s->st, l->e);

    s->r = rc == 1 ? query_row(l->a, s->st, l->q->reg, l->only) : NULL;
    if (s->r)
        s->k = (struct key){.v = value_int(s->r->happened), .id = s->r->id};
    return rc < 0 ? -1 : 0;
}

static bool few(const struct list *l)
{
    return db_kind(l->d) == DB_SQLITE && l->parts.n <= STREAMS && !strcmp(l->sort.sql, "r.day");
}

static int streams_open(struct list *l, struct stream *s, size_t *open, size_t limit)
{
    struct sql q;
    int rc = put_rows(&q, l, limit);

    for (size_t i = 0; !rc && i < l->parts.n; i++) {
        q.bind[0] = value_int(l->parts.v[i]);
        if ((rc = query_prep(&s[i].st, l->d, &q, l->e)))
            break;
        ++*open;
        rc = stream_step(l, &s[i]);
    }
    query_end(&q);
    return rc;
}

static int page_streams(struct list *l, struct record **rs, size_t *n, size_t limit)
{
    struct stream s[STREAMS];
    size_t open = 0;
    int rc = streams_open(l, s, &open, limit);

    while (!rc && *n < limit) {
        struct stream *best = NULL;

        for (size_t i = 0; i < open; i++)
            if (s[i].r && (!best || before(l, &s[i].k, &best->k)))
                best = &s[i];
        if (!best)
            break;
        rs[(*n)++] = best->r;
        rc = stream_step(l, best);
    }
    for (size_t i = 0; i < open; i++)
        stmt_done(s[i].st);
    return rc;
}

static int page_merged(struct list *l, struct record **rs, size_t *n, size_t limit)
{
    struct key *keys = arena_array(l->a, limit, sizeof *keys);
    bool own = !db_in_tx(l->d); /* one snapshot for all parts */
    size_t nkeys = 0;
    int rc;

    if (own && db_begin(l->d, l->e))
        return -1;
    if (db_kind(l->d) == DB_POSTGRES) {
        rc = keys_lateral(l, keys, &nkeys, limit);
        rc = rc ? rc : query_page_rows(l, rs, n, keys, nkeys, false);
    } else {
        rc = keys_each(l, keys, &nkeys, limit);
        rc = rc ? rc : read_each(l, rs, n, keys, nkeys);
    }
    if (own)
        db_rollback(l->d);
    return rc;
}

/* --- pages */

static int list_page(struct list *l, struct record **rs, size_t *n, bool *more, size_t limit)
{
    int rc = 0;

    *n = 0;
    if (l->q->text && *l->q->text)
        rc = query_page_found(l, rs, n, limit + 1);
    else if (l->parts.n == 1)
        rc = page_direct(l, rs, n, limit + 1);
    else if (l->parts.n && few(l))
        rc = page_streams(l, rs, n, limit + 1);
    else if (l->parts.n)
        rc = page_merged(l, rs, n, limit + 1);
    if (rc)
        return -1;
    *more = *n > limit;
    *n -= *more;
    return l->q->children && *n ? query_row_children(l->a, l->d, rs, *n, l->e) : 0;
}

int query_list(struct record ***out, size_t *n, bool *more, struct arena *a, struct db *d,
               const struct list_query *q, struct err *e)
{
    size_t limit = q->limit < 1 ? 1 : q->limit > LIMIT_MAX ? LIMIT_MAX : q->limit;
    struct list l;

    *n = 0;
    *more = false;
    *out = arena_array(a, limit + 1, sizeof **out);
    return query_page_begin(&l, a, d, q, e) ? -1 : list_page(&l, *out, n, more, limit);
}

struct value query_sort_value(const struct list_query *q, const struct record *r)
{
    const struct field *f = reg_field(q->reg, sort_word(q));
    struct value v = value_null();

    if (f)
        return r->values[f->index];
    sort_own(&v, sort_word(q), r);
    return v;
}

int query_each(struct arena *a, struct db *d, const struct list_query *q,
               int (*row)(const struct record *r, void *arg), void *arg, struct err *e)
{
    struct record **rs = arena_array(a, EACH_PAGE + 1, sizeof *rs);
    struct arena *page = arena_new();
    struct list l;
    bool more = true, stop = false;
    int rc = query_page_begin(&l, a, d, q, e);

    while (!rc && more && !stop) {
        size_t n = 0;
        l.a = page;
        rc = list_page(&l, rs, &n, &more, EACH_PAGE);
        for (size_t i = 0; !rc && i < n && !stop; i++)
            stop = row(rs[i], arg) != 0;
        if (rc || !n)
            break;
        struct value v = query_sort_value(q, rs[n - 1]);
        l.value = v.kind == VALUE_TEXT ? value_text(arena_str(a, v.s)) : v;
        l.id = rs[n - 1]->id;
        l.set = true;
        arena_reset(page);
    }
    arena_free(page);
    return rc;
}
