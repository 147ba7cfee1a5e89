/* SPDX-License-Identifier: Apache-2.0 */
/* query_figure.c: the SQL behind figures: the declaration compiled to a list of lines; kept totals for checks. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "model/ddl.h"
#include "model/figure_inner.h"
#include "store/dialect.h"

/* --- building */

struct query {
    struct sql q;
    struct arena *a;
    struct db *d;
};

static void query_init(struct query *q, struct arena *a, struct db *d)
{
    query_begin(&q->q);
    q->a = a;
    q->d = d;
}

static void put_ids(struct query *q, const char *column, const int64_t *ids, size_t n)
{
    char in[64];
    int at = q->q.nbind + 1;
    size_t end = q->q.text.n;

    query_bind(&q->q, value_text(dialect_ids(q->a, db_kind(q->d), ids, n)));
    buf_truncate(&q->q.text, end); /* the placeholder stands inside the list's words */
    buf_printf(&q->q.text, "%s %s", column, dialect_in_ids(in, db_kind(q->d), at));
}

/* " AND x.day >= ?3" */
static void put_test(struct query *q, const char *test, struct value v)
{
    buf_str(&q->q.text, test);
    query_bind(&q->q, v);
}

static int query_open(struct stmt **out, struct query *q, struct err *e)
{
    int rc = query_prep(out, q->d, &q->q, e);

    query_end(&q->q);
    return rc;
}

static int put_condition(struct query *q, const struct part_at *p, const struct expr *x, struct err *e)
{
    int rc;

    if (!x)
        return 0;
    buf_str(&q->q.text, " AND (");
    rc = query_expr(&q->q, db_kind(q->d), x, "r", p->part->child ? "c" : NULL, p->today, e);
    buf_char(&q->q.text, ')');
    return rc;
}

/* "(expression) AS name", or what stands in for a missing one. */
static int put_column(struct query *q, const struct part_at *p, const struct expr *x, const char *missing,
                      const char *name, struct err *e)
{
    struct expr tmp;
    int rc = 0;

    buf_str(&q->q.text, ", ");
    if (x)
        rc = query_value(&q->q, db_kind(q->d), figure_day_expr(x, &tmp), "r", p->part->child ? "c" : NULL, p->today,
                         e);
    else
        buf_str(&q->q.text, missing);
    buf_printf(&q->q.text, " AS %s", name);
    return rc;
}

static bool names_person(const struct reg *r, const struct field *f)
{
    return r && f >= r->fields && f < r->fields + r->nfields && f->type == TYPE_PERSON && f->cls != CLASS_PROTECTED;
}

/* The field of the table that holds a person's name: one that the key is made of, else the first. */
static const struct field *person_field(const struct reg *r, const struct expr *key)
{
    const struct field *f = NULL;

    if (key && key->op == EX_FIELD && names_person(r, key->field))
        return key->field;
    for (int i = 0; key && !f && i < key->nargs; i++)
        if (key->arg[i]->op == EX_FIELD && names_person(r, key->arg[i]->field))
            f = key->arg[i]->field;
    for (size_t i = 0; r && !f && i < r->nfields; i++)
        if (names_person(r, &r->fields[i]))
            f = &r->fields[i];
    return f;
}

const struct field *query_figure_person(const struct contribution *c, enum figure_kind kind)
{
    return kind == FIG_DISTINCT ? NULL : person_field(c->child ? c->child : c->reg, c->key);
}

/* The rows of a part, every expression compiled once: SELECT … FROM (these) AS x WHERE …. */
static int put_rows(struct query *q, const struct part_at *p, struct err *e)
{
    const struct contribution *c = p->part;
    const struct field *f = query_figure_person(c, p->kind);
    const char *person = f ? arena_printf(q->a, "%s.f_%s", c->child ? "c" : "r", f->name) : "NULL";
    bool stock = p->kind == FIG_STOCK;

    buf_printf(&q->q.text,
               "SELECT r.home AS home, r.id AS id, %s AS child, r.unit AS unit, r.late AS late, %s AS person",
               c->child ? "c.id" : "0", person);
    if (put_column(q, p, c->sum, "1", "amount", e) < 0 || put_column(q, p, c->key, "NULL", "mark", e) < 0 ||
        put_column(q, p, stock ? c->from : c->on, "r.day", "day", e) < 0 ||
        put_column(q, p, stock ? c->until : NULL, "NULL", "last", e) < 0 ||
        put_column(q, p, p->slice ? c->slice : NULL, "NULL", "slice", e) < 0)
        return -1;
    buf_printf(&q->q.text, " FROM %s r", ddl_table(q->a, c->reg));
    if (c->child)
        buf_printf(&q->q.text, " JOIN %s c ON c.home = r.home AND c.parent = r.id", ddl_table(q->a, c->child));
    buf_str(&q->q.text, " WHERE r.gone = 0 AND ");
    if (p->scope->units)
        put_ids(q, "r.unit", p->scope->units, p->scope->nunits);
    else
        put_ids(q, "r.home", p->scope->homes, p->scope->nhomes);
    return put_condition(q, p, c->where, e) < 0 || put_condition(q, p, p->match, e) < 0 ? -1 : 0;
}

/* Codes are texts, ids and numbers are not. */
static void put_slice(struct query *q, const struct part_at *p)
{
    const struct expr *x = p->part->slice;
    bool number = x && (x->type == EXT_NUMBER || x->type == EXT_ID || x->type == EXT_BOOL || x->type == EXT_DAY ||
                        x->type == EXT_INSTANT);

    if (!p->slice || !*p->slice)
        return;
    if (!x)
        buf_str(&q->q.text, " AND 1 = 0");
    else if (!strcmp(p->slice, SLICE_NONE))
        buf_str(&q->q.text, " AND x.slice IS NULL");
    else
        put_test(q, " AND x.slice = ", number ? value_int(strtoll(p->slice, NULL, 10)) : value_text(p->slice));
}

static int put_part(struct query *q, const char *what, const struct part_at *p, struct err *e)
{
    bool keyed = p->kind == FIG_PERSONS || p->kind == FIG_DISTINCT;

    buf_printf(&q->q.text, "SELECT %s FROM (", what);
    if (put_rows(q, p, e) < 0)
        return -1;
    buf_str(&q->q.text, ") AS x WHERE x.amount IS NOT NULL");
    put_test(q, " AND x.day <= ", value_int(p->to));
    if (p->kind != FIG_STOCK) {
        put_test(q, " AND x.day >= ", value_int(p->from));
    } else {
        put_test(q, " AND (x.last IS NULL OR x.last >= ", value_int(p->to));
        buf_char(&q->q.text, ')');
    }
    if (keyed && p->part->key)
        buf_str(&q->q.text, p->part->key->type == EXT_TEXT ? " AND x.mark IS NOT NULL AND x.mark <> ''"
                                                           : " AND x.mark IS NOT NULL");
    if (!p->match)
        put_slice(q, p);
    return 0;
}

/* --- lines */

#define LINE_COLUMNS(late)                                                                                         \
    "x.home AS home, x.id AS id, x.child AS child, x.unit AS unit, x.amount AS amount, x.day AS day, " late        \
    " AS late, x.mark AS mark, x.person AS person"

/* Keys in the order of their bytes on both databases. */
static const char *const key_order[] = {
    [DB_SQLITE] = "CAST(y.mark AS TEXT)",
    [DB_POSTGRES] = "CAST(y.mark AS TEXT) COLLATE \"C\"",
};

/* The first line of every key. */
static int put_keyed(struct query *q, const struct part_at *p, struct err *e)
{
    buf_str(&q->q.text, "SELECT * FROM (");
    if (put_part(q,
                 LINE_COLUMNS("MAX(x.late) OVER (PARTITION BY x.mark)") ", ROW_NUMBER() OVER (PARTITION BY x.mark "
                                                                        "ORDER BY x.day, x.id, x.child) AS place",
                 p, e) < 0)
        return -1;
    buf_printf(&q->q.text, ") AS y WHERE y.place = 1 ORDER BY %s", key_order[db_kind(q->d)]);
    return 0;
}

static int put_lines(struct query *q, const struct part_at *p, struct err *e)
{
    if (put_part(q, LINE_COLUMNS("x.late"), p, e) < 0)
        return -1;
    buf_str(&q->q.text, " ORDER BY x.day, x.id, x.child");
    return 0;
}

int query_figure_lines(struct line **out, size_t *n, struct arena *a, struct db *d, const struct part_at *p,
                       size_t limit, struct err *e)
{
    bool keyed = p->kind == FIG_PERSONS || p->kind == FIG_DISTINCT;
    size_t cap = 0;
    struct query q;
    struct stmt *s;
    int rc;

    *out = NULL;
    *n = 0;
    query_init(&q, a, d);
    if ((keyed ? put_keyed(&q, p, e) : put_lines(&q, p, e)) < 0) {
        query_end(&q.q);
        return -1;
    }
    if (limit)
        put_test(&q, " LIMIT ", value_int((int64_t)limit));
    if (limit && p->skip)
        put_test(&q, " OFFSET ", value_int((int64_t)p->skip));
    if (query_open(&s, &q, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct line l = {.home = stmt_col_int(s, 0),
                         .id = stmt_col_int(s, 1),
                         .child = stmt_col_int(s, 2),
                         .unit = stmt_col_int(s, 3),
                         .amount = stmt_col_int(s, 4),
                         .day = (int32_t)stmt_col_int(s, 5),
                         .late = stmt_col_int(s, 6) != 0};

        l.key = keyed ? arena_str(a, stmt_col_text(s, 7)) : NULL;
        l.person = arena_str(a, stmt_col_text(s, 8));
        VEC_PUSH(a, *out, *n, cap) = l;
    }
    stmt_done(s);
    return rc;
}

/* --- has anything been recorded */

static int begun_in(bool *out, struct arena *a, struct db *d, const struct reg *r, const struct figure_scope *f,
                    int32_t day, struct err *e)
{
    struct query q;
    struct stmt *s;
    int rc;

    query_init(&q, a, d);
    buf_printf(&q.q.text, "SELECT 1 FROM %s WHERE gone = 0 AND ", ddl_table(a, r));
    if (f->units)
        put_ids(&q, "unit", f->units, f->nunits);
    else
        put_ids(&q, "home", f->homes, f->nhomes);
    put_test(&q, " AND day <= ", value_int(day));
    buf_str(&q.q.text, " LIMIT 1");
    if (query_open(&s, &q, e) < 0)
        return -1;
    rc = stmt_step(s, e);
    *out |= rc == 1;
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

int query_figure_begun(bool *out, struct arena *a, struct db *d, const struct figure *f,
                       const struct figure_scope *s, int32_t day, struct err *e)
{
    *out = false;
    if (f->kind == FIG_CADENCE)
        return begun_in(out, a, d, f->reg, s, day, e);
    for (size_t i = 0; i < f->nparts && !*out; i++)
        if (begun_in(out, a, d, f->parts[i].reg, s, day, e) < 0)
            return -1;
    return 0;
}

/* --- kept totals */

int query_figure_days(struct unit_day **out, size_t *n, struct arena *a, struct db *d, const char *figure,
                      const char *slice, const struct figure_scope *f, int32_t from, int32_t to, struct err *e)
{
    size_t cap = 0;
    struct query q;
    struct stmt *s;
    int rc;

    *out = NULL;
    *n = 0;
    query_init(&q, a, d);
    buf_str(&q.q.text, "SELECT unit, day FROM s_total WHERE ");
    put_ids(&q, "home", f->homes, f->nhomes);
    if (f->units)
        put_ids(&q, " AND unit", f->units, f->nunits);
    put_test(&q, " AND figure = ", value_text(figure));
    put_test(&q, " AND slice = ", value_text(slice));
    put_test(&q, " AND n > 0 AND day >= ", value_int(from));
    put_test(&q, " AND day <= ", value_int(to));
    if (query_open(&s, &q, e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        VEC_PUSH(a, *out, *n, cap) = (struct unit_day){stmt_col_int(s, 0), (int32_t)stmt_col_int(s, 1)};
    stmt_done(s);
    return rc;
}

int query_figure_kept(struct sums *s, struct db *d, enum kept_table which, struct err *e)
{
    static const char *const sql[] = {
        [KEPT_DAYS] = "SELECT home, figure, slice, unit, day, n, v, late FROM s_total",
        [KEPT_MONTHS] = "SELECT home, figure, slice, unit, month, n, v, late FROM s_total_month",
        [KEPT_KEYS] = "SELECT home, figure, slice, unit, day, n, 0, 0, key FROM s_distinct",
    };
    struct map *names = map_new(s->a);
    struct stmt *st;
    int rc;

    if (db_prep(&st, d, sql[which], e) < 0)
        return -1;
    while ((rc = stmt_step(st, e)) == 1) {
        struct sum x = {.home = stmt_col_int(st, 0),
                        .unit = stmt_col_int(st, 3),
                        .day = (int32_t)stmt_col_int(st, 4),
                        .kept = {stmt_col_int(st, 5), stmt_col_int(st, 6), stmt_col_int(st, 7)}};
        const char *figure = stmt_col_text(st, 1), *slice = stmt_col_text(st, 2);

        if (!map_get(names, figure))
            map_put(names, figure, arena_str(s->a, figure));
        x.figure_name = map_get(names, figure);
        x.slice = *slice ? arena_str(s->a, slice) : "";
        if (which == KEPT_KEYS)
            x.key = arena_str(s->a, stmt_col_text(st, 8));
        sums_add(s, &x, 1);
    }
    stmt_done(st);
    return rc;
}

static struct sum set_sum(struct sums *s, const struct key_in_set *k, bool months)
{
    return (struct sum){.home = k->home,
                        .unit = k->unit,
                        .day = months ? day_month_first(k->day) : k->day,
                        .figure_name = arena_str(s->a, k->figure),
                        .slice = arena_str(s->a, k->slice),
                        .key = arena_printf(s->a, "%lld", (long long)k->ord)};
}

static int take_set(void *arg, const struct key_in_set *k, struct err *e)
{
    struct sums *s = arg;
    struct sum x = set_sum(s, k, false);

    (void)e;
    x.kept = (struct total){1, 1, 0};
    sums_add(s, &x, 1);
    return 0;
}

int query_figure_sets(struct sums *s, struct db *d, bool months, struct err *e)
{
    struct stmt *st;
    int rc;

    if (db_prep(&st, d,
                "SELECT d.home, d.figure, d.slice, d.unit, d.day, COALESCE(k.ord, -1) FROM s_distinct d "
                "LEFT JOIN s_key k ON k.figure = d.figure AND k.key = d.key WHERE d.n > 0",
                e) < 0)
        return -1;
    while ((rc = stmt_step(st, e)) == 1) {
        struct key_in_set k = {.home = stmt_col_int(st, 0),
                               .figure = stmt_col_text(st, 1),
                               .slice = stmt_col_text(st, 2),
                               .unit = stmt_col_int(st, 3),
                               .day = (int32_t)stmt_col_int(st, 4),
                               .ord = stmt_col_int(st, 5)};
        struct sum x = set_sum(s, &k, months);

        x.counted = (struct total){1, 1, 0};
        sums_add(s, &x, 1);
    }
    stmt_done(st);
    sums_merge(s, false);
    for (size_t i = 0; i < s->n; i++) /* once a set, however many days of the month */
        s->v[i].counted = (struct total){1, 1, 0};
    return rc < 0 ? -1 : distinct_sets(d, months, take_set, s, e);
}

/* --- which figures were counted, and by what declaration */

int query_figure_known(struct map **out, struct arena *a, struct db *d, struct err *e)
{
    struct stmt *s;
    int rc;

    *out = map_new(a);
    if (db_prep(&s, d, "SELECT name, value FROM s_meta WHERE name LIKE 'figure.%'", e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        map_put(*out, stmt_col_text(s, 0) + strlen("figure."), arena_str(a, stmt_col_text(s, 1)));
    stmt_done(s);
    return rc;
}

int query_figure_forget(struct db *d, const char *figure, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *s;
    int rc = total_clear(d, figure, e);

    if (rc == 0)
        rc = db_prep(&s, d, "DELETE FROM s_meta WHERE name = ?1", e);
    if (rc == 0) {
        stmt_text(s, 1, arena_printf(a, "figure.%s", figure));
        rc = stmt_run(s, e);
        stmt_done(s);
    }
    arena_free(a);
    return rc;
}
