/* SPDX-License-Identifier: Apache-2.0 */
/* sys_series.c: running numbers without gaps. */
#include "store/sys_series.h"
#include "store/sql.h"

/* SQLite runs a statement with RETURNING inside a savepoint of its own, at which FTS5 writes out what it has
 * gathered in the transaction: costly for each record. There the number is read and then written. */
static int next_read(int64_t *out, struct db *d, int64_t home, const char *name, const char *period, struct err *e)
{
    if (series_last(out, d, home, name, period, e) < 0)
        return -1;
    return sql_run(d, e,
                   "INSERT INTO s_series (home, name, period, last) VALUES (?1, ?2, ?3, ?4) "
                   "ON CONFLICT (home, name, period) DO UPDATE SET last = excluded.last",
                   "itei", home, name, period, ++*out) < 0
               ? -1
               : 0;
}

int series_next(int64_t *out, struct db *d, int64_t home, const char *name, const char *period, struct err *e)
{
    int rc;

    if (db_kind(d) == DB_SQLITE)
        return next_read(out, d, home, name, period, e);
    rc = sql_int(out, d, e,
                 "INSERT INTO s_series (home, name, period, last) VALUES (?1, ?2, ?3, 1) "
                 "ON CONFLICT (home, name, period) DO UPDATE SET last = s_series.last + 1 RETURNING last",
                 "ite", home, name, period);
    return rc == 1 ? 0 : rc == 0 ? err_log(e, "series_next: no row") : -1;
}

int series_last(int64_t *out, struct db *d, int64_t home, const char *name, const char *period, struct err *e)
{
    return sql_int(out, d, e, "SELECT last FROM s_series WHERE home = ?1 AND name = ?2 AND period = ?3", "ite",
                   home, name, period) < 0
               ? -1
               : 0;
}

int series_set(struct db *d, int64_t home, const char *name, const char *period, int64_t last, struct err *e)
{
    int64_t n = sql_run(d, e,
                        "INSERT INTO s_series (home, name, period, last) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (home, name, period) DO UPDATE SET last = excluded.last "
                        "WHERE s_series.last <= excluded.last",
                        "itei", home, name, period, last);

    if (n == 0)
        return err_set(e, ERR_CONFLICT, "编号已用到 %lld 之后，不能改回去。请填写更大的号码。", (long long)last);
    return n < 0 ? -1 : 0;
}
