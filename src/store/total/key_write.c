/* SPDX-License-Identifier: Apache-2.0 */
/* key_write.c: how often each key contributed, its number, and the sets of numbers of a day and of a month. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "store/sql.h"
#include "store/total_inner.h"

/* A key that came to a day of a unit (sign 1) or has gone from it (-1). */
struct turn {
    const struct delta *t;
    int32_t start; /* the day, then its month */
    int sign;
    int64_t ord;
};

static int compare_text(const char *x, const char *y)
{
    return x == y ? 0 : strcmp(x ? x : "", y ? y : "");
}

static int by_key(const void *p, const void *q)
{
    const struct turn *x = p, *y = q;
    int c = compare_text(x->t->figure, y->t->figure);

    return c ? c : compare_text(x->t->key, y->t->key);
}

/* By the set that it belongs to. */
static int compare_set(const struct turn *x, const struct turn *y)
{
    int64_t cx = x->ord / KEYS_A_CHUNK, cy = y->ord / KEYS_A_CHUNK;
    int c = (x->t->home > y->t->home) - (x->t->home < y->t->home);

    c = c ? c : (x->t->part > y->t->part) - (x->t->part < y->t->part);
    c = c ? c : (x->start > y->start) - (x->start < y->start);
    c = c ? c : (x->t->unit > y->t->unit) - (x->t->unit < y->t->unit);
    return c ? c : (cx > cy) - (cx < cy);
}

/* Within a set keys go before others come: a new one may have got the number of one that is gone. */
static int by_set(const void *p, const void *q)
{
    const struct turn *x = p, *y = q;
    int c = compare_set(x, y);

    c = c ? c : x->sign - y->sign;
    return c ? c : (x->ord > y->ord) - (x->ord < y->ord);
}

/* The one row that a writing statement returns; the statement is run to its end. */
static int take_row(int64_t *out, int n, struct stmt *s, struct err *e)
{
    int rc = stmt_step(s, e);

    for (int i = 0; i < n; i++)
        out[i] = rc == 1 ? stmt_col_int(s, i) : 0;
    while (rc == 1)
        rc = stmt_step(s, e);
    stmt_done(s);
    return rc;
}

static int count_key_returned(int64_t *now, struct db *d, const struct delta *t, struct err *e)
{
    struct stmt *s;

    return sql_open(&s, d, e,
                    "INSERT INTO s_distinct (home, figure, slice, unit, day, key, n) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (home, figure, slice, day, unit, key) "
                    "DO UPDATE SET n = s_distinct.n + excluded.n RETURNING n",
                    "iteiiti", t->home, t->figure, t->slice, t->unit, I64(t->day), t->key, t->amount.n) < 0
               ? -1
               : take_row(now, 1, s, e);
}

/* SQLite gives what RETURNING says through a table that it makes for each run: reading first is cheaper. */
static int put_count(struct db *d, const struct delta *t, int64_t now, struct err *e)
{
    return now == 0 ? 0
           : sql_run(d, e,
                     "REPLACE INTO s_distinct (home, figure, slice, unit, day, key, n) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     "iteiiti", t->home, t->figure, t->slice, t->unit, I64(t->day), t->key, now) < 0
               ? -1
               : 0;
}

/* A key that no longer contributes does not stay behind. */
static int drop_count(struct db *d, const struct delta *t, struct err *e)
{
    return sql_run(d, e,
                   "DELETE FROM s_distinct WHERE home = ?1 AND figure = ?2 AND slice = ?3 AND unit = ?4 "
                   "AND day = ?5 AND key = ?6",
                   "iteiit", t->home, t->figure, t->slice, t->unit, I64(t->day), t->key) < 0
               ? -1
               : 0;
}

/* Add to the keys' counts; what they are now. */
static int count_keys(struct total *now, struct db *d, const struct delta *v, size_t n, struct err *e)
{
    static const char read[] = "SELECT day, unit, key, n, 0, 0 FROM s_distinct WHERE home = ?1 AND figure = ?2 "
                               "AND slice = ?3 AND (day, unit, key) >= (?4, ?5, ?6) ORDER BY day, unit, key";
    bool sqlite = db_kind(d) == DB_SQLITE;

    if (sqlite && held_read(now, d, read, v, n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int64_t *k = &now[i].n;

        *k += v[i].amount.n;
        if ((sqlite ? put_count(d, &v[i], *k, e) : count_key_returned(k, d, &v[i], e)) < 0 ||
            (*k == 0 && drop_count(d, &v[i], e) < 0))
            return -1;
    }
    return 0;
}

/* The key's number and in how many sets it stands, n more than before; both 0 if it stood in none. */
static int change_key(int64_t row[2], struct db *d, const struct delta *t, int64_t n, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_kind(d) != DB_SQLITE)
        return sql_open(&s, d, e, "UPDATE s_key SET n = n + ?3 WHERE figure = ?1 AND key = ?2 RETURNING ord, n",
                        "tti", t->figure, t->key, n) < 0
                   ? -1
                   : take_row(row, 2, s, e);
    if (sql_open(&s, d, e, "SELECT ord, n FROM s_key WHERE figure = ?1 AND key = ?2", "tt", t->figure, t->key) < 0)
        return -1;
    rc = stmt_step(s, e);
    row[0] = rc == 1 ? stmt_col_int(s, 0) : 0;
    row[1] = rc == 1 ? stmt_col_int(s, 1) + n : 0;
    stmt_done(s);
    if (rc <= 0)
        return rc;
    return sql_run(d, e, "UPDATE s_key SET n = ?3 WHERE figure = ?1 AND key = ?2", "tti", t->figure, t->key,
                   row[1]) < 0
               ? -1
               : 0;
}

/* The number of a key, which it keeps while it stands in any set; change: by how many sets more or fewer. */
static int number_key(int64_t *ord, struct db *d, const struct delta *t, int64_t change, struct err *e)
{
    int64_t row[2];

    if (change_key(row, d, t, change, e) < 0)
        return -1;
    *ord = row[0];
    if (row[1] > 0)
        return 0;
    if (change <= 0) /* in no set any more */
        return sql_run(d, e, "DELETE FROM s_key WHERE figure = ?1 AND key = ?2", "tt", t->figure, t->key) < 0 ? -1
                                                                                                              : 0;
    if (sql_int(ord, d, e, "SELECT COALESCE(MAX(ord), -1) + 1 FROM s_key WHERE figure = ?1", "t", t->figure) < 0)
        return -1;
    return sql_run(d, e, "INSERT INTO s_key (figure, key, ord, n) VALUES (?1, ?2, ?3, ?4)", "ttii", t->figure,
                   t->key, *ord, change) < 0
               ? -1
               : 0;
}

static int number_turns(struct db *d, struct turn *v, size_t n, struct err *e)
{
    size_t end;

    qsort(v, n, sizeof *v, by_key);
    for (size_t i = 0; i < n; i = end) {
        int64_t change = 0, ord;

        for (end = i; end < n && by_key(&v[i], &v[end]) == 0; end++)
            change += v[end].sign;
        if (number_key(&ord, d, v[i].t, change, e) < 0)
            return -1;
        for (size_t j = i; j < end; j++)
            v[j].ord = ord;
    }
    return 0;
}

/* --- sets */

enum { SPAN_DAY, SPAN_MONTH };

/* What the days of these (from to last) hold of the turn's unit and chunk. */
static int read_sets(struct key_bits *b, struct db *d, const struct turn *v, int span, int32_t last, struct err *e)
{
    struct stmt *s;
    int rc;

    memset(b, 0, sizeof *b);
    if (sql_open(&s, d, e,
                 "SELECT bits FROM s_key_set WHERE home = ?1 AND figure = ?2 AND slice = ?3 AND span = ?4 "
                 "AND start >= ?5 AND start <= ?6 AND unit = ?7 AND chunk = ?8",
                 "iteiiiii", v->t->home, v->t->figure, v->t->slice, I64(span), I64(v->start), I64(last), v->t->unit,
                 v->ord / KEYS_A_CHUNK) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        key_bits_read(b, stmt_col_text(s, 0));
    stmt_done(s);
    return rc;
}

#define SET_VALUES                                                                                                 \
    "INTO s_key_set (home, figure, slice, span, start, unit, chunk, bits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"

static int write_set(struct db *d, const struct turn *v, int span, const struct key_bits *b, struct err *e)
{
    /* REPLACE seeks the row once, adding to it twice */
    static const char *const put[] = {
        [DB_SQLITE] = "REPLACE " SET_VALUES,
        [DB_POSTGRES] = "INSERT " SET_VALUES " ON CONFLICT (home, figure, slice, span, start, unit, chunk) "
                        "DO UPDATE SET bits = excluded.bits"};
    char text[KEY_TEXT];

    if (key_bits_count(b) == 0)
        return sql_run(d, e,
                       "DELETE FROM s_key_set WHERE home = ?1 AND figure = ?2 AND slice = ?3 AND span = ?4 "
                       "AND start = ?5 AND unit = ?6 AND chunk = ?7",
                       "iteiiii", v->t->home, v->t->figure, v->t->slice, I64(span), I64(v->start), v->t->unit,
                       v->ord / KEYS_A_CHUNK) < 0
                   ? -1
                   : 0;
    return sql_run(d, e, put[db_kind(d)], "iteiiiit", v->t->home, v->t->figure, v->t->slice, I64(span),
                   I64(v->start), v->t->unit, v->ord / KEYS_A_CHUNK, key_bits_write(text, b)) < 0
               ? -1
               : 0;
}

/* The turns of one set. A month from which a key has gone is put together anew from its days: the key may have
 * come on another of them. */
static int turn_set(struct db *d, const struct turn *v, size_t n, int span, struct err *e)
{
    struct key_bits b, was;
    bool gone = false;

    for (size_t i = 0; i < n; i++)
        gone |= v[i].sign < 0;
    if (span == SPAN_MONTH && gone) {
        if (read_sets(&b, d, v, SPAN_DAY, day_month_last(v->start), e) < 0)
            return -1;
        return write_set(d, v, span, &b, e);
    }
    if (read_sets(&b, d, v, span, v->start, e) < 0)
        return -1;
    was = b;
    for (size_t i = 0; i < n; i++)
        (v[i].sign > 0 ? key_bit_set : key_bit_clear)(&b, v[i].ord);
    return memcmp(&b, &was, sizeof b) == 0 ? 0 : write_set(d, v, span, &b, e);
}

static int turn_sets(struct db *d, struct turn *v, size_t n, int span, struct err *e)
{
    size_t end;

    for (size_t i = 0; i < n; i++)
        v[i].start = span == SPAN_DAY ? v[i].t->day : day_month_first(v[i].t->day);
    qsort(v, n, sizeof *v, by_set);
    for (size_t i = 0; i < n; i = end) {
        for (end = i + 1; end < n && compare_set(&v[i], &v[end]) == 0; end++)
            ;
        if (turn_set(d, &v[i], end - i, span, e) < 0)
            return -1;
    }
    return 0;
}

int key_write(struct db *d, struct delta *v, size_t n, struct err *e)
{
    struct turn *turns;
    struct total *now;
    size_t m = 0;
    int rc;

    n = delta_merge(v, n);
    turns = xmalloc((n + 1) * sizeof *turns);
    now = xcalloc(n + 1, sizeof *now);
    rc = count_keys(now, d, v, n, e);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if ((now[i].n > 0) != (now[i].n - v[i].amount.n > 0))
            turns[m++] = (struct turn){.t = &v[i], .sign = now[i].n > 0 ? 1 : -1};
    free(now);
    if (rc == 0 && m > 0)
        rc = number_turns(d, turns, m, e) < 0 || turn_sets(d, turns, m, SPAN_DAY, e) < 0 ||
                     turn_sets(d, turns, m, SPAN_MONTH, e) < 0
                 ? -1
                 : 0;
    free(turns);
    return rc;
}
