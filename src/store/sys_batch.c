/* SPDX-License-Identifier: Apache-2.0 */
/* sys_batch.c: imports that were made, and remembered mappings. */
#include "store/sys_batch.h"
#include "store/dialect.h"
#include "store/sql.h"
#include "store/store.h"

#define COLUMNS                                                                                                    \
    "home, id, register, file, sha, who, at, unit, read_n, inserted, updated, unchanged, rejected, undone, map, "  \
    "ended"

int batch_insert(struct db *d, struct batch *b, struct err *e)
{
    if (b->id == 0)
        b->id = store_id();
    return sql_run(d, e,
                   "INSERT INTO s_batch (" COLUMNS ") VALUES "
                   "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                   "iieeeiiiiiiiiiei", b->home, b->id, b->table, b->file, b->sha, b->who, b->at, b->unit, b->read,
                   b->inserted, b->updated, b->unchanged, b->rejected, b->undone, b->map, b->ended) < 0
               ? -1
               : 0;
}

int batch_count(struct db *d, const struct batch *b, struct err *e)
{
    int64_t n =
        sql_run(d, e,
                "UPDATE s_batch SET read_n = ?3, inserted = ?4, updated = ?5, unchanged = ?6, rejected = ?7 "
                "WHERE home = ?1 AND id = ?2 AND undone = 0",
                "iiiiiii", b->home, b->id, b->read, b->inserted, b->updated, b->unchanged, b->rejected);

    if (n == 0)
        return err_set(e, ERR_CONFLICT,
                       "这次导入在进行中被撤销，余下的行没有写入。如仍要导入，请重新上传这个文件。");
    return n < 0 ? -1 : 0;
}

int batch_end(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e)
{
    return sql_run(d, e, "UPDATE s_batch SET ended = ?3 WHERE home = ?1 AND id = ?2", "iii", home, id, now) < 0 ? -1
                                                                                                                : 0;
}

static int mark_undone(struct db *d, int64_t home, int64_t id, int64_t mark, struct err *e)
{
    int64_t n = sql_run(d, e, "UPDATE s_batch SET undone = ?3 WHERE home = ?1 AND id = ?2 AND undone <= 0", "iii",
                        home, id, mark);

    if (n == 0)
        return err_set(e, ERR_CONFLICT, "这一批导入不存在，或已经撤销过，不能再次撤销。");
    return n < 0 ? -1 : 0;
}

int batch_undo_begin(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e)
{
    return mark_undone(d, home, id, -now, e);
}

int batch_undo(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e)
{
    return mark_undone(d, home, id, now, e);
}

static void read_batch(struct batch *b, struct arena *a, const struct stmt *s)
{
    b->home = stmt_col_int(s, 0);
    b->id = stmt_col_int(s, 1);
    b->table = sql_text(a, s, 2);
    b->file = sql_text(a, s, 3);
    b->sha = sql_text(a, s, 4);
    b->who = stmt_col_int(s, 5);
    b->at = stmt_col_int(s, 6);
    b->unit = stmt_col_int(s, 7);
    b->read = stmt_col_int(s, 8);
    b->inserted = stmt_col_int(s, 9);
    b->updated = stmt_col_int(s, 10);
    b->unchanged = stmt_col_int(s, 11);
    b->rejected = stmt_col_int(s, 12);
    b->undone = stmt_col_int(s, 13);
    b->map = sql_text(a, s, 14);
    b->ended = stmt_col_int(s, 15);
}

static int one_batch(struct batch *out, struct arena *a, struct stmt *s, struct err *e)
{
    int rc = stmt_step(s, e);

    if (rc == 1)
        read_batch(out, a, s);
    stmt_done(s);
    return rc;
}

int batch_find(struct batch *out, struct arena *a, struct db *d, int64_t home, int64_t id, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e, "SELECT " COLUMNS " FROM s_batch WHERE home = ?1 AND id = ?2", "ii", home, id) < 0)
        return -1;
    return one_batch(out, a, s, e);
}

#define OF_UNITS(IN) "SELECT " COLUMNS " FROM s_batch WHERE home = ?1 AND unit " IN(2) " ORDER BY id DESC LIMIT ?3"

int batch_list(struct batch **out, size_t *n, struct arena *a, struct db *d, int64_t home, const int64_t *units,
               size_t nunits, int limit, struct err *e)
{
    static const char *const sql[] = DIALECT(OF_UNITS);
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (sql_open(&s, d, e, sql[db_kind(d)], "iti", home, dialect_ids(a, db_kind(d), units, nunits), I64(limit)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct batch b;

        read_batch(&b, a, s);
        VEC_PUSH(a, *out, *n, cap) = b;
    }
    stmt_done(s);
    return rc;
}

int map_find(char **out, struct arena *a, struct db *d, int64_t unit, const char *fingerprint, struct err *e)
{
    struct stmt *s;
    int rc;

    *out = NULL;
    if (sql_open(&s, d, e, "SELECT map FROM s_map WHERE unit = ?1 AND fingerprint = ?2", "it", unit, fingerprint) <
        0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = arena_str(a, stmt_col_text(s, 0));
    stmt_done(s);
    return rc;
}

int map_keep(struct db *d, int64_t unit, const char *fingerprint, const char *map, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_map (unit, fingerprint, map) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (unit, fingerprint) DO UPDATE SET map = excluded.map",
                   "ite", unit, fingerprint, map) < 0
               ? -1
               : 0;
}

int map_forget(struct db *d, int64_t unit, const char *fingerprint, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_map WHERE unit = ?1 AND fingerprint = ?2", "it", unit, fingerprint) < 0 ? -1
                                                                                                                : 0;
}
