/* SPDX-License-Identifier: Apache-2.0 */
/* sys_intake.c: fingerprints of imported rows, and what a batch made or changed. */
#include "store/sys_intake.h"

#define UNDO_DAYS 90

int seen_find(int64_t *record, struct db *d, int64_t home, const char *table, const char *print, struct err *e)
{
    struct stmt *s;
    int rc;

    *record = 0;
    if (db_prep(&s, d, "SELECT record FROM s_seen WHERE home = ?1 AND register = ?2 AND print = ?3", e) < 0)
        return -1;
    stmt_int(s, 1, home);
    stmt_text(s, 2, table);
    stmt_text(s, 3, print);
    rc = stmt_step(s, e);
    if (rc == 1)
        *record = stmt_col_int(s, 0);
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

int seen_put(struct db *d, int64_t home, const char *table, const char *print, int64_t record, int64_t batch,
             struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(
            &s, d,
            "INSERT INTO s_seen (home, register, print, record, batch) VALUES (?1, ?2, ?3, ?4, ?5) "
            "ON CONFLICT (home, register, print) DO UPDATE SET record = excluded.record, batch = excluded.batch",
            e) < 0)
        return -1;
    stmt_int(s, 1, home);
    stmt_text(s, 2, table);
    stmt_text(s, 3, print);
    stmt_int(s, 4, record);
    stmt_int(s, 5, batch);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

int seen_drop(struct db *d, int64_t home, const char *table, int64_t record, int64_t batch, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d, "DELETE FROM s_seen WHERE home = ?1 AND register = ?2 AND record = ?3 AND batch = ?4", e) <
        0)
        return -1;
    stmt_int(s, 1, home);
    stmt_text(s, 2, table);
    stmt_int(s, 3, record);
    stmt_int(s, 4, batch);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

int undo_days(const struct store *s)
{
    int n = store_config_int(s, "undo_days", UNDO_DAYS);

    return n < 1 ? 1 : n;
}

int undo_prune(struct db *d, int64_t before, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d,
                "DELETE FROM s_undo WHERE (home, batch) IN (SELECT b.home, b.id FROM s_batch b WHERE b.at < ?1)",
                e) < 0)
        return -1;
    stmt_int(s, 1, before);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

int undo_put(struct db *d, const struct undo *u, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d,
                "INSERT INTO s_undo (home, batch, seq, register, record_home, record, version, made, was) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                e) < 0)
        return -1;
    stmt_int(s, 1, u->home);
    stmt_int(s, 2, u->batch);
    stmt_int(s, 3, u->seq);
    stmt_text(s, 4, u->table);
    stmt_int(s, 5, u->record_home);
    stmt_int(s, 6, u->record);
    stmt_int(s, 7, u->version);
    stmt_int(s, 8, u->made);
    stmt_text(s, 9, u->was ? u->was : "");
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

int undo_list(struct undo **out, size_t *n, struct arena *a, struct db *d, int64_t home, int64_t batch,
              int64_t before, int limit, struct err *e)
{
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (db_prep(&s, d,
                "SELECT seq, register, record_home, record, version, made, was FROM s_undo "
                "WHERE home = ?1 AND batch = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4",
                e) < 0)
        return -1;
    stmt_int(s, 1, home);
    stmt_int(s, 2, batch);
    stmt_int(s, 3, before);
    stmt_int(s, 4, limit);
    while ((rc = stmt_step(s, e)) == 1)
        VEC_PUSH(a, *out, *n, cap) = (struct undo){.home = home,
                                                   .batch = batch,
                                                   .seq = stmt_col_int(s, 0),
                                                   .table = arena_str(a, stmt_col_text(s, 1)),
                                                   .record_home = stmt_col_int(s, 2),
                                                   .record = stmt_col_int(s, 3),
                                                   .version = (int)stmt_col_int(s, 4),
                                                   .made = stmt_col_int(s, 5) != 0,
                                                   .was = arena_str(a, stmt_col_text(s, 6))};
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}
