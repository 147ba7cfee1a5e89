/* SPDX-License-Identifier: Apache-2.0 */
/* total_write.c: daily sums and their monthly roll-up are written, once for all that a transaction adds. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "store/backend.h"
#include "store/sql.h"
#include "store/total_inner.h"

/* --- put off until the transaction commits, so that what many records add to one sum is written once */

/* One call of total_add, distinct_add or total_clear; one block of memory with its strings at the end. */
struct change {
    bool clear;
    const char *figure; /* clear: NULL all */
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

/* The order of the primary keys. */
static int delta_order(const void *p, const void *q)
{
    const struct delta *x = p, *y = q;
    int c = (x->home > y->home) - (x->home < y->home);

    c = c ? c : (x->part > y->part) - (x->part < y->part);
    c = c ? c : (x->day > y->day) - (x->day < y->day);
    c = c ? c : (x->unit > y->unit) - (x->unit < y->unit);
    return c || x->key == y->key ? c : strcmp(x->key, y->key);
}

static bool is_zero(const struct total *t)
{
    return t->n == 0 && t->v == 0 && t->late == 0;
}

size_t delta_merge(struct delta *v, size_t n)
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

/* A table of sums and the column that says when. */
struct sums_sql {
    const char *add, *read, *put;
};
#define SUMS_SQL(TABLE, TIME)                                                                                      \
    {                                                                                                              \
        "INSERT INTO " TABLE " (home, figure, slice, unit, " TIME ", n, v, late) "                                 \
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (home, figure, slice, " TIME ", unit) DO UPDATE "     \
        "SET n = " TABLE ".n + excluded.n, v = " TABLE ".v + excluded.v, late = " TABLE ".late + excluded.late",   \
            "SELECT " TIME ", unit, '', n, v, late FROM " TABLE " WHERE home = ?1 AND figure = ?2 AND slice = ?3 " \
            "AND (" TIME ", unit) >= (?4, ?5) AND ?6 = '' ORDER BY " TIME ", unit",                                \
            "REPLACE INTO " TABLE " (home, figure, slice, unit, " TIME ", n, v, late) "                            \
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"                                                              \
    }

static int write_sum(struct db *d, const char *sql, const struct delta *v, const struct total *t, struct err *e)
{
    return sql_run(d, e, sql, "iteiiiii", v->home, v->figure, v->slice, v->unit, I64(v->day), t->n, t->v, t->late) <
                   0
               ? -1
               : 0;
}

/* SQLite: sums that lie beside each other are read in one go, and a row that is put whole is sought once, where
 * adding to it seeks it twice. */
static int put_sums(struct db *d, const struct sums_sql *sql, const struct delta *v, size_t n, struct err *e)
{
    struct total *held = xcalloc(n + 1, sizeof *held);
    int rc = held_read(held, d, sql->read, v, n, e);

    for (size_t i = 0; rc == 0 && i < n; i++) {
        held[i].n += v[i].amount.n;
        held[i].v += v[i].amount.v;
        held[i].late += v[i].amount.late;
        rc = write_sum(d, sql->put, &v[i], &held[i], e);
    }
    free(held);
    return rc;
}

static int write_sums(struct db *d, const struct sums_sql *sql, const struct delta *v, size_t n, struct err *e)
{
    if (db_kind(d) == DB_SQLITE)
        return put_sums(d, sql, v, n, e);
    for (size_t i = 0; i < n; i++)
        if (write_sum(d, sql->add, &v[i], &v[i].amount, e) < 0)
            return -1;
    return 0;
}

static int write_totals(struct db *d, struct delta *v, size_t n, struct err *e)
{
    static const struct sums_sql days = SUMS_SQL("s_total", "day"), months = SUMS_SQL("s_total_month", "month");

    n = delta_merge(v, n);
    if (write_sums(d, &days, v, n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v[i].day = day_month_first(v[i].day);
    return write_sums(d, &months, v, delta_merge(v, n), e);
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
        delta_parts(all, m);
        rc = write(d, all, m, e);
        m = 0;
        for (const char *const *sql = clear; rc == 0 && *sql; sql++)
            rc = sql_run(d, e, *sql, "e", c->figure) < 0 ? -1 : 0;
    }
    if (rc == 0) {
        delta_parts(all, m);
        rc = write(d, all, m, e);
    }
    free(all);
    return rc;
}

#define CLEAR(TABLE) "DELETE FROM " TABLE " WHERE (?1 = '' OR figure = ?1)"

static int totals_due(struct db *d, void *const *args, size_t n, struct err *e)
{
    static const char *const clear[] = {CLEAR("s_total"), CLEAR("s_total_month"), NULL};

    return write_changes(d, args, n, write_totals, clear, e);
}

static int keys_due(struct db *d, void *const *args, size_t n, struct err *e)
{
    static const char *const clear[] = {CLEAR("s_distinct"), CLEAR("s_key"), CLEAR("s_key_set"), NULL};

    return write_changes(d, args, n, key_write, clear, e);
}

int total_add(struct db *d, const struct total_delta *deltas, size_t n, struct err *e)
{
    struct delta *v = xmalloc((n + 1) * sizeof *v);
    size_t m = 0;
    int rc;

    for (size_t i = 0; i < n; i++) {
        const struct total_delta *t = &deltas[i];

        if (!is_zero(&t->amount))
            v[m++] = (struct delta){.home = t->home,
                                    .unit = t->unit,
                                    .day = t->day,
                                    .figure = t->figure,
                                    .slice = t->slice,
                                    .amount = t->amount};
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
            v[m++] = (struct delta){.home = t->home,
                                    .unit = t->unit,
                                    .day = t->day,
                                    .figure = t->figure,
                                    .slice = t->slice,
                                    .key = t->key,
                                    .amount = {.n = t->n}};
    }
    rc = m ? put_off(d, keys_due, v, m, e) : 0;
    free(v);
    return rc;
}

static int clear_later(struct db *d, db_later_fn *fn, const char *figure, struct err *e)
{
    size_t n = text_size(figure);
    struct change *c = xcalloc(1, sizeof *c + n);
    char *to = (char *)c->d;

    c->clear = true;
    c->figure = text_move(&to, figure);
    return db_put_off(d, fn, c, e);
}

int total_clear(struct db *d, const char *figure, struct err *e)
{
    return clear_later(d, totals_due, figure, e) < 0 || clear_later(d, keys_due, figure, e) < 0 ? -1 : 0;
}
