/* SPDX-License-Identifier: Apache-2.0 */
/* sys_total.c: daily sums and their monthly roll-up. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "store/backend.h"
#include "store/dialect.h"
#include "store/sql.h"
#include "store/sys_total.h"

#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

/* --- writing: put off until the transaction commits, so that what many records add to one sum is written once */

/* What is added to one sum, or (with a key) to one key's count. */
struct delta {
    int64_t home, unit;
    int32_t day;
    const char *figure, *slice, *key;
    struct total amount;
};

/* One call of total_add, distinct_add or total_clear; one block of memory with its strings at the end. */
struct change {
    bool clear;
    const char *figure; /* clear: NULL all */
    int64_t home;       /* clear: 0 all */
    size_t n;
    struct delta d[];
};

static size_t text_size(const char *s)
{
    return s ? strlen(s) + 1 : 0;
}

static const char *text_move(char **to, const char *s)
{
    size_t n = text_size(s);
    char *at = *to;

    if (!n)
        return NULL;
    memcpy(at, s, n);
    *to += n;
    return at;
}

static int put_off(struct db *d, db_later_fn *fn, const struct delta *v, size_t n, struct err *e)
{
    size_t size = sizeof(struct change) + n * sizeof *v;
    struct change *c;
    char *to;

    for (size_t i = 0; i < n; i++)
        size += text_size(v[i].figure) + text_size(v[i].slice) + text_size(v[i].key);
    c = xcalloc(1, size);
    c->n = n;
    to = (char *)&c->d[n];
    for (size_t i = 0; i < n; i++) {
        c->d[i] = v[i];
        c->d[i].figure = text_move(&to, v[i].figure);
        c->d[i].slice = text_move(&to, v[i].slice);
        c->d[i].key = text_move(&to, v[i].key);
    }
    return db_put_off(d, fn, c, e);
}

static int compare_text(const char *x, const char *y)
{
    return x == y ? 0 : strcmp(x ? x : "", y ? y : "");
}

/* The order of the primary keys. */
static int delta_order(const void *p, const void *q)
{
    const struct delta *x = p, *y = q;
    int c = (x->home > y->home) - (x->home < y->home);

    c = c ? c : compare_text(x->figure, y->figure);
    c = c ? c : compare_text(x->slice, y->slice);
    c = c ? c : (x->day > y->day) - (x->day < y->day);
    c = c ? c : (x->unit > y->unit) - (x->unit < y->unit);
    return c ? c : compare_text(x->key, y->key);
}

static bool is_zero(const struct total *t)
{
    return t->n == 0 && t->v == 0 && t->late == 0;
}

/* Sorted, one for each sum, none that changes nothing; returns how many are left. */
static size_t merge(struct delta *v, size_t n)
{
    size_t kept = 0, left = 0;

    if (n > 1)
        qsort(v, n, sizeof *v, delta_order);
    for (size_t i = 0; i < n; i++) {
        struct total *t = kept ? &v[kept - 1].amount : NULL;

        if (!t || delta_order(&v[kept - 1], &v[i]) != 0) {
            v[kept++] = v[i];
            continue;
        }
        t->n += v[i].amount.n;
        t->v += v[i].amount.v;
        t->late += v[i].amount.late;
    }
    for (size_t i = 0; i < kept; i++)
        if (!is_zero(&v[i].amount))
            v[left++] = v[i];
    return left;
}

#define ADD(TABLE, TIME)                                                                                           \
    "INSERT INTO " TABLE " (home, figure, slice, unit, " TIME ", n, v, late) "                                     \
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (home, figure, slice, " TIME ", unit) DO UPDATE "         \
    "SET n = " TABLE ".n + excluded.n, v = " TABLE ".v + excluded.v, late = " TABLE ".late + excluded.late"

static int write_sums(struct db *d, const char *sql, const struct delta *v, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (sql_run(d, e, sql, "iteiiiii", v[i].home, v[i].figure, v[i].slice, v[i].unit, I64(v[i].day),
                    v[i].amount.n, v[i].amount.v, v[i].amount.late) < 0)
            return -1;
    return 0;
}

static int write_totals(struct db *d, struct delta *v, size_t n, struct err *e)
{
    n = merge(v, n);
    if (write_sums(d, ADD("s_total", "day"), v, n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v[i].day = day_month_first(v[i].day);
    return write_sums(d, ADD("s_total_month", "month"), v, merge(v, n), e);
}

static int write_keys(struct db *d, struct delta *v, size_t n, struct err *e)
{
    n = merge(v, n);
    for (size_t i = 0; i < n; i++) {
        const struct delta *t = &v[i];

        if (sql_run(d, e,
                    "INSERT INTO s_distinct (home, figure, slice, unit, day, key, n) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (home, figure, slice, day, unit, key) "
                    "DO UPDATE SET n = s_distinct.n + excluded.n",
                    "iteiiti", t->home, t->figure, t->slice, t->unit, I64(t->day), t->key, t->amount.n) < 0)
            return -1;
        /* A key that no longer contributes does not stay behind. */
        if (t->amount.n < 0 &&
            sql_run(d, e,
                    "DELETE FROM s_distinct WHERE home = ?1 AND figure = ?2 AND slice = ?3 AND unit = ?4 "
                    "AND day = ?5 AND key = ?6 AND n = 0",
                    "iteiit", t->home, t->figure, t->slice, t->unit, I64(t->day), t->key) < 0)
            return -1;
    }
    return 0;
}

/* Write what was put off; what was added before a clearing is gone with it, so it is written first. */
static int write_changes(struct db *d, void *const *args, size_t n,
                         int (*write)(struct db *, struct delta *, size_t, struct err *), const char *const *clear,
                         struct err *e)
{
    struct delta *all;
    size_t m = 0;
    int rc = 0;

    for (size_t i = 0; i < n; i++)
        m += ((const struct change *)args[i])->n;
    all = xmalloc((m + 1) * sizeof *all);
    m = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct change *c = args[i];

        memcpy(all + m, c->d, c->n * sizeof *all);
        m += c->n;
        if (!c->clear)
            continue;
        rc = write(d, all, m, e);
        m = 0;
        for (const char *const *sql = clear; rc == 0 && *sql; sql++)
            rc = sql_run(d, e, *sql, "ie", c->home, c->figure) < 0 ? -1 : 0;
    }
    rc = rc == 0 ? write(d, all, m, e) : -1;
    free(all);
    return rc;
}

static int totals_due(struct db *d, void *const *args, size_t n, struct err *e)
{
    static const char *const clear[] = {
        "DELETE FROM s_total WHERE (?1 = 0 OR home = ?1) AND (?2 = '' OR figure = ?2)",
        "DELETE FROM s_total_month WHERE (?1 = 0 OR home = ?1) AND (?2 = '' OR figure = ?2)", NULL};

    return write_changes(d, args, n, write_totals, clear, e);
}

static int keys_due(struct db *d, void *const *args, size_t n, struct err *e)
{
    static const char *const clear[] = {
        "DELETE FROM s_distinct WHERE (?1 = 0 OR home = ?1) AND (?2 = '' OR figure = ?2)", NULL};

    return write_changes(d, args, n, write_keys, clear, e);
}

int total_add(struct db *d, const struct total_delta *deltas, size_t n, struct err *e)
{
    struct delta *v = xmalloc((n + 1) * sizeof *v);
    size_t m = 0;
    int rc;

    for (size_t i = 0; i < n; i++) {
        const struct total_delta *t = &deltas[i];

        if (!is_zero(&t->amount))
            v[m++] = (struct delta){t->home, t->unit, t->day, t->figure, t->slice, NULL, t->amount};
    }
    rc = m ? put_off(d, totals_due, v, m, e) : 0;
    free(v);
    return rc;
}

int distinct_add(struct db *d, const struct distinct_delta *deltas, size_t n, struct err *e)
{
    struct delta *v = xmalloc((n + 1) * sizeof *v);
    size_t m = 0;
    int rc;

    for (size_t i = 0; i < n; i++) {
        const struct distinct_delta *t = &deltas[i];

        if (t->n)
            v[m++] = (struct delta){t->home, t->unit, t->day, t->figure, t->slice, t->key, {.n = t->n}};
    }
    rc = m ? put_off(d, keys_due, v, m, e) : 0;
    free(v);
    return rc;
}

static int clear_later(struct db *d, db_later_fn *fn, int64_t home, const char *figure, struct err *e)
{
    size_t n = text_size(figure);
    struct change *c = xcalloc(1, sizeof *c + n);
    char *to = (char *)c->d;

    c->clear = true;
    c->home = home;
    c->figure = text_move(&to, figure);
    return db_put_off(d, fn, c, e);
}

int total_clear(struct db *d, int64_t home, const char *figure, struct err *e)
{
    return clear_later(d, totals_due, home, figure, e) < 0 || clear_later(d, keys_due, home, figure, e) < 0 ? -1
                                                                                                            : 0;
}

/* --- which days and months */

/* A range as days before the first whole month, whole months, days after the last one. Empty: from > to. */
struct parts {
    int32_t head_from, head_to, month_from, month_to, tail_from, tail_to;
};

static struct parts split(int32_t from, int32_t to)
{
    struct parts p = {1, 0, 1, 0, 1, 0};
    int32_t first, last;

    from = from < FIRST_DAY ? FIRST_DAY : from;
    to = to > LAST_DAY ? LAST_DAY : to;
    if (from > to)
        return p;
    first = day_month_first(from) == from ? from : day_month_last(from) + 1;
    last = day_month_last(to) == to ? to : day_month_first(to) - 1;
    if (first > last) {
        p.head_from = from;
        p.head_to = to;
        return p;
    }
    p.head_from = from;
    p.head_to = first - 1;
    p.month_from = first;
    p.month_to = last;
    p.tail_from = last + 1;
    p.tail_to = to;
    return p;
}

/* --- reading sums */

/* ?1 homes ?2 figure ?3 slice ?4-?5 days ?6-?7 days ?8-?9 months ?10 ?11 the months those days lie in ?12 units.
 * A range within two months, neither whole, comes as one stretch of days: by month it is cut at ?11. */
#define SCOPE(IN) "home " IN(1) " AND figure = ?2 AND slice = ?3"
#define INNER(IN, UNITS)                                                                                           \
    "(SELECT home, unit, CASE WHEN day < ?11 THEN ?10 ELSE ?11 END AS m, n, v, late FROM s_total "                 \
    "WHERE " SCOPE(IN) UNITS " AND day >= ?4 AND day <= ?5 "                                                       \
                             "UNION ALL SELECT home, unit, ?11 AS m, n, v, late FROM s_total "                     \
                             "WHERE " SCOPE(IN) UNITS                                                              \
        " AND day >= ?6 AND day <= ?7 "                                                                            \
        "UNION ALL SELECT home, unit, month AS m, n, v, late FROM s_total_month "                                  \
        "WHERE " SCOPE(IN) UNITS " AND month >= ?8 AND month <= ?9) AS x"
#define SUMS "CAST(SUM(n) AS BIGINT), CAST(SUM(v) AS BIGINT), CAST(SUM(late) AS BIGINT)"
#define UNITS_OF(IN) " AND unit " IN(12)
#define SUM_ALL(IN) "SELECT " SUMS " FROM " INNER(IN, "")
#define SUM_UNITS(IN) "SELECT " SUMS " FROM " INNER(IN, UNITS_OF(IN))
#define UNIT_ALL(IN) "SELECT home, unit, " SUMS " FROM " INNER(IN, "") " GROUP BY home, unit ORDER BY home, unit"
#define UNIT_UNITS(IN)                                                                                             \
    "SELECT home, unit, " SUMS " FROM " INNER(IN, UNITS_OF(IN)) " GROUP BY home, unit ORDER BY home, unit"
#define MONTH_ALL(IN) "SELECT 0, m, " SUMS " FROM " INNER(IN, "") " GROUP BY m ORDER BY m"
#define MONTH_UNITS(IN) "SELECT 0, m, " SUMS " FROM " INNER(IN, UNITS_OF(IN)) " GROUP BY m ORDER BY m"
#define DAYS "FROM s_total WHERE "
#define DAY_ALL(IN)                                                                                                \
    "SELECT 0, day, " SUMS " " DAYS SCOPE(IN) " AND day >= ?4 AND day <= ?5 GROUP BY day ORDER BY day"
#define DAY_UNITS(IN)                                                                                              \
    "SELECT 0, day, " SUMS " " DAYS SCOPE(IN) " AND unit " IN(6) " AND day >= ?4 AND day <= ?5 GROUP BY day "      \
                                                                 "ORDER BY day"

/* [all or some units][back end] */
static const char *const sum_sql[2][2] = {DIALECT(SUM_ALL), DIALECT(SUM_UNITS)};
static const char *const unit_sql[2][2] = {DIALECT(UNIT_ALL), DIALECT(UNIT_UNITS)};
static const char *const month_sql[2][2] = {DIALECT(MONTH_ALL), DIALECT(MONTH_UNITS)};
static const char *const day_sql[2][2] = {DIALECT(DAY_ALL), DIALECT(DAY_UNITS)};

/* Prepared and bound as far as the slice. The arena holds the lists until stmt_done. */
static int open_scope(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2][2],
                      const struct total_scope *s, int units_at, struct err *e)
{
    enum db_kind kind = db_kind(d);

    if (db_catch_up(d, e) < 0 || db_prep(out, d, sql[s->units != NULL][kind], e) < 0)
        return -1;
    stmt_text(*out, 1, dialect_ids(a, kind, s->homes, s->nhomes));
    stmt_text(*out, 2, s->figure);
    stmt_text(*out, 3, s->slice ? s->slice : "");
    if (s->units)
        stmt_text(*out, units_at, dialect_ids(a, kind, s->units, s->nunits));
    return 0;
}

static int open_sum(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2][2],
                    const struct total_scope *s, struct err *e)
{
    struct parts p = split(s->from, s->to);

    if (open_scope(out, a, d, sql, s, 12, e) < 0)
        return -1;
    stmt_int(*out, 4, p.head_from);
    stmt_int(*out, 5, p.head_to);
    stmt_int(*out, 6, p.tail_from);
    stmt_int(*out, 7, p.tail_to);
    stmt_int(*out, 8, p.month_from);
    stmt_int(*out, 9, p.month_to);
    stmt_int(*out, 10, day_month_first(p.head_from));
    stmt_int(*out, 11, day_month_first(p.month_from > p.month_to ? p.head_to : p.tail_to));
    return 0;
}

static struct total read_sums(const struct stmt *s, int i)
{
    struct total t = {stmt_col_int(s, i), stmt_col_int(s, i + 1), stmt_col_int(s, i + 2)};

    return t;
}

static int sum_in(struct total *out, struct arena *a, struct db *d, const struct total_scope *s, struct err *e)
{
    struct stmt *st;
    int rc;

    memset(out, 0, sizeof *out);
    if (open_sum(&st, a, d, sum_sql, s, e) < 0)
        return -1;
    rc = stmt_step(st, e);
    if (rc == 1)
        *out = read_sums(st, 0);
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int total_sum(struct total *out, struct db *d, const struct total_scope *s, struct err *e)
{
    struct arena *a = arena_new();
    int rc = sum_in(out, a, d, s, e);

    arena_free(a);
    return rc;
}

/* Rows of (home, unit or day, sums) to the callback; rows that came to nothing are left out. */
static int give_rows(struct stmt *st, bool by_unit, total_fn fn, void *arg, struct err *e)
{
    int rc;

    while ((rc = stmt_step(st, e)) == 1) {
        struct total_row r = {.t = read_sums(st, 2)};

        if (is_zero(&r.t))
            continue;
        if (by_unit) {
            r.home = stmt_col_int(st, 0);
            r.unit = stmt_col_int(st, 1);
        } else {
            r.day = (int32_t)stmt_col_int(st, 1);
        }
        rc = fn(arg, &r, e);
        if (rc != 0)
            break;
    }
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int total_by_unit(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    int rc = open_sum(&st, a, d, unit_sql, s, e);

    if (rc == 0)
        rc = give_rows(st, true, fn, arg, e);
    arena_free(a);
    return rc;
}

int total_by_month(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    int rc = open_sum(&st, a, d, month_sql, s, e);

    if (rc == 0)
        rc = give_rows(st, false, fn, arg, e);
    arena_free(a);
    return rc;
}

int total_by_day(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    int rc = open_scope(&st, a, d, day_sql, s, 6, e);

    if (rc == 0) {
        stmt_int(st, 4, s->from);
        stmt_int(st, 5, s->to);
        rc = give_rows(st, false, fn, arg, e);
    }
    arena_free(a);
    return rc;
}

/* --- the parts of a figure */

struct slices {
    size_t n, cap;
    const char **v;
};

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The slices of a home that begin with the prefix. Each step is one look into the primary key. */
static int home_slices(struct slices *out, struct arena *a, struct db *d, const char *sql, int64_t home,
                       const struct total_scope *s, struct err *e)
{
    const char *prefix = s->slice ? s->slice : "", *last = "";

    for (;;) {
        struct stmt *st;
        int rc;

        if (sql_open(&st, d, e, sql, "itt", home, s->figure, last) < 0)
            return -1;
        rc = stmt_step(st, e);
        if (rc == 1)
            last = sql_text(a, st, 0);
        stmt_done(st);
        if (rc <= 0)
            return rc;
        if (strncmp(last, prefix, strlen(prefix)) == 0)
            VEC_PUSH(a, out->v, out->n, out->cap) = last;
    }
}

static int all_slices(struct slices *out, struct arena *a, struct db *d, const char *sql,
                      const struct total_scope *s, struct err *e)
{
    size_t i, kept = 0;

    for (i = 0; i < s->nhomes; i++)
        if (home_slices(out, a, d, sql, s->homes[i], s, e) < 0)
            return -1;
    if (out->n > 0)
        qsort(out->v, out->n, sizeof *out->v, by_text);
    for (i = 0; i < out->n; i++)
        if (kept == 0 || strcmp(out->v[kept - 1], out->v[i]) != 0)
            out->v[kept++] = out->v[i];
    out->n = kept;
    return 0;
}

static int distinct_in(int64_t *out, struct arena *a, struct db *d, const struct total_scope *s, struct err *e);

static int each_slice(struct db *d, const struct total_scope *s, const char *sql, bool distinct, total_fn fn,
                      void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct slices list = {0};
    int rc = db_catch_up(d, e) < 0 ? -1 : all_slices(&list, a, d, sql, s, e);
    size_t i;

    for (i = 0; rc == 0 && i < list.n; i++) {
        struct total_scope one = *s;
        struct total_row r = {.slice = list.v[i]};

        one.slice = list.v[i];
        rc = distinct ? distinct_in(&r.t.n, a, d, &one, e) : sum_in(&r.t, a, d, &one, e);
        if (rc == 0 && !is_zero(&r.t))
            rc = fn(arg, &r, e);
    }
    arena_free(a);
    return rc < 0 ? -1 : 0;
}

int total_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    return each_slice(d, s,
                      "SELECT slice FROM s_total_month WHERE home = ?1 AND figure = ?2 AND slice > ?3 "
                      "ORDER BY slice LIMIT 1",
                      false, fn, arg, e);
}

int distinct_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    return each_slice(d, s,
                      "SELECT slice FROM s_distinct WHERE home = ?1 AND figure = ?2 AND slice > ?3 "
                      "ORDER BY slice LIMIT 1",
                      true, fn, arg, e);
}

/* --- distinct keys: ?1 homes ?2 figure ?3 slice ?4-?5 days ?6 units */

#define KEYS(IN) "FROM s_distinct WHERE " SCOPE(IN) " AND day >= ?4 AND day <= ?5 AND n > 0"
#define KEYS_OF(IN) KEYS(IN) " AND unit " IN(6)
#define COUNT_ALL(IN) "SELECT COUNT(DISTINCT key) " KEYS(IN)
#define COUNT_UNITS(IN) "SELECT COUNT(DISTINCT key) " KEYS_OF(IN)
#define LIST_ALL(IN) "SELECT key, CAST(SUM(n) AS BIGINT) " KEYS(IN) " GROUP BY key ORDER BY key"
#define LIST_UNITS(IN) "SELECT key, CAST(SUM(n) AS BIGINT) " KEYS_OF(IN) " GROUP BY key ORDER BY key"
#define KEYS_UNIT_ALL(IN)                                                                                          \
    "SELECT home, unit, COUNT(DISTINCT key), 0, 0 " KEYS(IN) " GROUP BY home, unit ORDER BY home, unit"
#define KEYS_UNIT_UNITS(IN)                                                                                        \
    "SELECT home, unit, COUNT(DISTINCT key), 0, 0 " KEYS_OF(IN) " GROUP BY home, unit ORDER BY home, unit"

static const char *const count_sql[2][2] = {DIALECT(COUNT_ALL), DIALECT(COUNT_UNITS)};
static const char *const list_sql[2][2] = {DIALECT(LIST_ALL), DIALECT(LIST_UNITS)};
static const char *const keys_unit_sql[2][2] = {DIALECT(KEYS_UNIT_ALL), DIALECT(KEYS_UNIT_UNITS)};

static int open_keys(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2][2],
                     const struct total_scope *s, struct err *e)
{
    if (open_scope(out, a, d, sql, s, 6, e) < 0)
        return -1;
    stmt_int(*out, 4, s->from);
    stmt_int(*out, 5, s->to);
    return 0;
}

static int distinct_in(int64_t *out, struct arena *a, struct db *d, const struct total_scope *s, struct err *e)
{
    struct stmt *st;
    int rc;

    *out = 0;
    if (open_keys(&st, a, d, count_sql, s, e) < 0)
        return -1;
    rc = stmt_step(st, e);
    if (rc == 1)
        *out = stmt_col_int(st, 0);
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int distinct_count(int64_t *out, struct db *d, const struct total_scope *s, struct err *e)
{
    struct arena *a = arena_new();
    int rc = distinct_in(out, a, d, s, e);

    arena_free(a);
    return rc;
}

int distinct_by_unit(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    int rc = open_keys(&st, a, d, keys_unit_sql, s, e);

    if (rc == 0)
        rc = give_rows(st, true, fn, arg, e);
    arena_free(a);
    return rc;
}

int distinct_list(struct db *d, const struct total_scope *s, distinct_fn fn, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    int rc = open_keys(&st, a, d, list_sql, s, e);

    if (rc == 0) {
        while ((rc = stmt_step(st, e)) == 1) {
            rc = fn(arg, stmt_col_text(st, 0), stmt_col_int(st, 1), e);
            if (rc != 0)
                break;
        }
        stmt_done(st);
    }
    arena_free(a);
    return rc < 0 ? -1 : 0;
}
