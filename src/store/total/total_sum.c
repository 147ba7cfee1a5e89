/* SPDX-License-Identifier: Apache-2.0 */
/* total_sum.c: sums of a range from whole months and the days at its two ends; the parts of a figure. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "store/backend.h"
#include "store/sql.h"
#include "store/total_inner.h"

#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

/* --- which days and months */

struct total_parts total_split(int32_t from, int32_t to)
{
    struct total_parts p = {1, 0, 1, 0, 1, 0};
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

#define INNER(IN, UNITS)                                                                                           \
    "(SELECT n, v, late FROM s_total WHERE " TOTAL_SCOPE(IN) UNITS                                                 \
        " AND day >= ?4 AND day <= ?5 "                                                                            \
        "UNION ALL SELECT n, v, late FROM s_total WHERE " TOTAL_SCOPE(IN) UNITS                                    \
        " AND day >= ?6 AND day <= ?7 "                                                                            \
        "UNION ALL SELECT n, v, late FROM s_total_month "                                                          \
        "WHERE " TOTAL_SCOPE(IN) UNITS " AND month >= ?8 AND month <= ?9) AS x"
#define SUMS "CAST(SUM(n) AS BIGINT), CAST(SUM(v) AS BIGINT), CAST(SUM(late) AS BIGINT)"
#define SUM_ALL(IN) "SELECT " SUMS " FROM " INNER(IN, "")
#define SUM_UNITS(IN) "SELECT " SUMS " FROM " INNER(IN, TOTAL_UNITS(IN))

static const char *const sum_sql[2][2] = {DIALECT(SUM_ALL), DIALECT(SUM_UNITS)};

int total_open(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2][2],
               const struct total_scope *s, struct err *e)
{
    struct total_parts p = total_split(s->from, s->to);
    enum db_kind kind = db_kind(d);

    if (db_catch_up(d, e) < 0 || db_prep(out, d, sql[s->units != NULL][kind], e) < 0)
        return -1;
    stmt_text(*out, 1, dialect_ids(a, kind, s->homes, s->nhomes));
    stmt_text(*out, 2, s->figure);
    stmt_text(*out, 3, s->slice ? s->slice : "");
    stmt_int(*out, 4, p.head_from);
    stmt_int(*out, 5, p.head_to);
    stmt_int(*out, 6, p.tail_from);
    stmt_int(*out, 7, p.tail_to);
    stmt_int(*out, 8, p.month_from);
    stmt_int(*out, 9, p.month_to);
    if (s->units)
        stmt_text(*out, 10, dialect_ids(a, kind, s->units, s->nunits));
    return 0;
}

static bool is_zero(const struct total *t)
{
    return t->n == 0 && t->v == 0 && t->late == 0;
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
    if (total_open(&st, a, d, sum_sql, s, e) < 0)
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

/* --- the parts of a figure */

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The slices of a home that begin with the prefix. Each step is one look into the primary key. */
static int home_slices(struct total_slices *out, struct arena *a, struct db *d, const char *sql, int64_t home,
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

int total_slice_list(struct total_slices *out, struct arena *a, struct db *d, const char *sql,
                     const struct total_scope *s, struct err *e)
{
    size_t i, kept = 0;

    if (db_catch_up(d, e) < 0)
        return -1;
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

int total_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    static const char sql[] = "SELECT slice FROM s_total_month WHERE home = ?1 AND figure = ?2 AND slice > ?3 "
                              "ORDER BY slice LIMIT 1";
    struct arena *a = arena_new();
    struct total_slices list = {0};
    int rc = total_slice_list(&list, a, d, sql, s, e);

    for (size_t i = 0; rc == 0 && i < list.n; i++) {
        struct total_scope one = *s;
        struct total_row r = {.slice = list.v[i]};

        one.slice = list.v[i];
        rc = sum_in(&r.t, a, d, &one, e);
        if (rc == 0 && !is_zero(&r.t))
            rc = fn(arg, &r, e);
    }
    arena_free(a);
    return rc < 0 ? -1 : 0;
}
