/* SPDX-License-Identifier: Apache-2.0 */
/* sys_clock.c: running time limits. */
#include <limits.h>

#include "store/dialect.h"
#include "store/sql.h"
#include "store/sys_clock.h"

#define COLUMNS "home, register, record, name, due, started, paused, done, owner_role, unit, grid, who"

int clock_put(struct db *d, const struct clock *c, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_clock (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
                   "ON CONFLICT (home, register, record, name) DO UPDATE SET due = excluded.due, "
                   "started = excluded.started, paused = excluded.paused, done = excluded.done, "
                   "owner_role = excluded.owner_role, unit = excluded.unit, grid = excluded.grid, "
                   "who = excluded.who",
                   "ititiiiieiie", c->home, c->table, c->record, c->name, c->due, c->started, c->paused, c->done,
                   c->owner_role, c->unit, c->grid, c->who) < 0
               ? -1
               : 0;
}

int clock_close(struct db *d, int64_t home, const char *table, int64_t record, const char *name, int64_t now,
                struct err *e)
{
    return sql_run(d, e,
                   "UPDATE s_clock SET done = ?5 WHERE home = ?1 AND register = ?2 AND record = ?3 "
                   "AND (?4 = '' OR name = ?4) AND done = 0",
                   "itiei", home, table, record, name, now) < 0
               ? -1
               : 0;
}

int clock_aside(struct db *d, int64_t home, const char *table, int64_t record, bool aside, struct err *e)
{
    return sql_run(d, e,
                   "UPDATE s_clock SET done = ?4 WHERE home = ?1 AND register = ?2 AND record = ?3 AND done = ?5",
                   "itiii", home, table, record, I64(aside ? CLOCK_ASIDE : 0), I64(aside ? 0 : CLOCK_ASIDE)) < 0
               ? -1
               : 0;
}

static void read_clock(struct clock *c, struct arena *a, const struct stmt *s)
{
    c->home = stmt_col_int(s, 0);
    c->table = sql_text(a, s, 1);
    c->record = stmt_col_int(s, 2);
    c->name = sql_text(a, s, 3);
    c->due = stmt_col_int(s, 4);
    c->started = stmt_col_int(s, 5);
    c->paused = stmt_col_int(s, 6);
    c->done = stmt_col_int(s, 7);
    c->owner_role = sql_text(a, s, 8);
    c->unit = stmt_col_int(s, 9);
    c->grid = stmt_col_int(s, 10);
    c->who = sql_text(a, s, 11);
}

static int read_clocks(struct clock **out, size_t *n, struct arena *a, struct stmt *s, struct err *e)
{
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    while ((rc = stmt_step(s, e)) == 1) {
        struct clock c;

        read_clock(&c, a, s);
        VEC_PUSH(a, *out, *n, cap) = c;
    }
    stmt_done(s);
    return rc;
}

int clock_find(struct clock *out, struct arena *a, struct db *d, int64_t home, const char *table, int64_t record,
               const char *name, struct err *e)
{
    struct stmt *s;
    int rc;

    if (sql_open(&s, d, e,
                 "SELECT " COLUMNS " FROM s_clock WHERE home = ?1 AND register = ?2 AND record = ?3 AND name = ?4",
                 "itit", home, table, record, name) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        read_clock(out, a, s);
    stmt_done(s);
    return rc;
}

int clock_of_record(struct clock **out, size_t *n, struct arena *a, struct db *d, int64_t home, const char *table,
                    int64_t record, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e,
                 "SELECT " COLUMNS " FROM s_clock WHERE home = ?1 AND register = ?2 AND record = ?3 "
                 "ORDER BY due, name",
                 "iti", home, table, record) < 0)
        return -1;
    return read_clocks(out, n, a, s, e);
}

/* --- what is due: ?1 homes ?2 due_to ?3 role or '' ?4 0 leaves paused ones out ?5 units ?6 grids, where the flags
 * ?7 and ?8 say whether these two lists count ?9 limit or today ?10 1 with nobody, 2 with
 * somebody */

#define OPEN_WHERE(IN)                                                                                             \
    "FROM s_clock WHERE home " IN(                                                                                 \
        1) " AND done = 0 AND due <= ?2 AND (?3 = '' OR owner_role = ?3) "                                         \
           "AND (?4 = 1 OR paused = 0) AND (?7 = 0 OR unit " IN(5) ") AND (?8 = 0 OR grid " IN(                    \
               6) ") AND (?10 = 0 OR (?10 = 1) = (who = ''))"
#define OPEN_LIST(IN) "SELECT " COLUMNS " " OPEN_WHERE(IN) " ORDER BY due, home, record LIMIT ?9"
#define OPEN_COUNT(IN)                                                                                             \
    "SELECT COUNT(CASE WHEN due < ?9 THEN 1 END), COUNT(CASE WHEN due = ?9 THEN 1 END), "                          \
    "COUNT(CASE WHEN due > ?9 THEN 1 END) " OPEN_WHERE(IN)

static int open_clocks(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2],
                       const struct clock_scope *s, int64_t due_to, int64_t last, struct err *e)
{
    enum db_kind kind = db_kind(d);

    return sql_open(out, d, e, sql[kind], "tieittiiii", dialect_ids(a, kind, s->homes, s->nhomes), due_to,
                    s->owner_role, I64(s->paused_too), dialect_ids(a, kind, s->units, s->nunits),
                    dialect_ids(a, kind, s->grids, s->ngrids), I64(s->units != NULL), I64(s->grids != NULL), last,
                    I64(s->with));
}

int clock_open(struct clock **out, size_t *n, struct arena *a, struct db *d, const struct clock_scope *s,
               struct err *e)
{
    static const char *const sql[] = DIALECT(OPEN_LIST);
    struct stmt *st;

    *out = NULL;
    *n = 0;
    if (open_clocks(&st, a, d, sql, s, s->due_to, s->limit > 0 ? s->limit : INT_MAX, e) < 0)
        return -1;
    return read_clocks(out, n, a, st, e);
}

/* ?1 … ?8 names, ?9 homes, ?10 limit */
#define MINE(IN)                                                                                                   \
    "SELECT " COLUMNS " FROM s_clock WHERE who IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) AND home " IN(                  \
        9) " AND done = 0 "                                                                                        \
           "AND who <> '' AND paused = 0 ORDER BY due, home, record LIMIT ?10"

int clock_mine(struct clock **out, size_t *n, struct arena *a, struct db *d, const char *const *names,
               size_t nnames, const int64_t *homes, size_t nhomes, int limit, struct err *e)
{
    static const char *const sql[] = DIALECT(MINE);
    const char *v[CLOCK_NAMES];
    enum db_kind kind = db_kind(d);
    struct stmt *st;

    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < CLOCK_NAMES; i++)
        v[i] = i < nnames ? names[i] : "";
    if (sql_open(&st, d, e, sql[kind], "ttttttttti", v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7],
                 dialect_ids(a, kind, homes, nhomes), I64(limit)) < 0)
        return -1;
    return read_clocks(out, n, a, st, e);
}
