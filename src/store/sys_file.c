/* SPDX-License-Identifier: Apache-2.0 */
/* sys_file.c: which attachment belongs to which record. */
#include "store/sys_file.h"
#include "store/sql.h"
#include "store/store.h"

#define COLUMNS "home, id, sha, name, mime, size, at, who, register, record, field"

int attachment_insert(struct db *d, struct attachment *f, struct err *e)
{
    if (f->id == 0)
        f->id = store_id();
    return sql_run(d, e, "INSERT INTO s_file (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   "iiteeiiieie", f->home, f->id, f->sha, f->name, f->mime, f->size, f->at, f->who, f->table,
                   f->record, f->field) < 0
               ? -1
               : 0;
}

static void read_attachment(struct attachment *f, struct arena *a, const struct stmt *s)
{
    f->home = stmt_col_int(s, 0);
    f->id = stmt_col_int(s, 1);
    f->sha = sql_text(a, s, 2);
    f->name = sql_text(a, s, 3);
    f->mime = sql_text(a, s, 4);
    f->size = stmt_col_int(s, 5);
    f->at = stmt_col_int(s, 6);
    f->who = stmt_col_int(s, 7);
    f->table = sql_text(a, s, 8);
    f->record = stmt_col_int(s, 9);
    f->field = sql_text(a, s, 10);
}

static int read_attachments(struct attachment **out, size_t *n, struct arena *a, struct stmt *s, struct err *e)
{
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    while ((rc = stmt_step(s, e)) == 1) {
        struct attachment f;

        read_attachment(&f, a, s);
        f.reused = stmt_cols(s) > 11 ? stmt_col_int(s, 11) : 0;
        VEC_PUSH(a, *out, *n, cap) = f;
    }
    stmt_done(s);
    return rc;
}

int attachment_find(struct attachment *out, struct arena *a, struct db *d, int64_t home, int64_t id, struct err *e)
{
    struct stmt *s;
    int rc;

    if (sql_open(&s, d, e, "SELECT " COLUMNS " FROM s_file WHERE home = ?1 AND id = ?2", "ii", home, id) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        read_attachment(out, a, s);
    stmt_done(s);
    return rc;
}

int attachment_list(struct attachment **out, size_t *n, struct arena *a, struct db *d, int64_t home,
                    const char *table, int64_t record, const char *field, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e,
                 "SELECT " COLUMNS ", (SELECT count(*) FROM s_file g WHERE g.sha = f.sha AND g.home = f.home "
                 "AND (g.register <> f.register OR g.record <> f.record)) FROM s_file f "
                 "WHERE home = ?1 AND register = ?2 AND record = ?3 AND (?4 = '' OR field = ?4) ORDER BY id",
                 "itie", home, table, record, field) < 0)
        return -1;
    return read_attachments(out, n, a, s, e);
}

int attachment_claim(struct db *d, int64_t home, int64_t id, int64_t who, const char *table, int64_t record,
                     const char *field, struct err *e)
{
    int64_t n = sql_run(d, e,
                        "UPDATE s_file SET register = ?4, record = ?5, field = ?6 "
                        "WHERE home = ?1 AND id = ?2 AND who = ?3 AND register = ''",
                        "iiitie", home, id, who, table, record, field);

    if (n == 0)
        return err_set(e, ERR_MISSING, "附件不存在，或已用在别的条目上。请重新上传。");
    return n < 0 ? -1 : 0;
}

int attachment_drop(struct db *d, int64_t home, int64_t id, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_file WHERE home = ?1 AND id = ?2", "ii", home, id) < 0 ? -1 : 0;
}

int attachment_uses(int64_t *n, struct db *d, const char *sha, struct err *e)
{
    return sql_int(n, d, e, "SELECT COUNT(*) FROM s_file WHERE sha = ?1", "t", sha) < 0 ? -1 : 0;
}

int attachment_contents(struct map **out, struct arena *a, struct db *d, const char *prefix, struct err *e)
{
    static char used;
    struct stmt *s;
    int rc;

    *out = map_new(a);
    /* g comes after every hex digit */
    if (sql_open(&s, d, e, "SELECT DISTINCT sha FROM s_file WHERE sha >= ?1 AND sha < ?2", "tt", prefix,
                 arena_printf(a, "%sg", prefix)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        map_put(*out, sql_text(a, s, 0), &used);
    stmt_done(s);
    return rc;
}

int attachment_each(struct db *d, int (*fn)(void *arg, const struct attachment *f, struct err *e), void *arg,
                    struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *s;
    int rc = sql_open(&s, d, e, "SELECT " COLUMNS " FROM s_file ORDER BY sha, home, id", "");

    if (rc == 0) {
        while ((rc = stmt_step(s, e)) == 1) {
            struct attachment f;

            arena_reset(a);
            read_attachment(&f, a, s);
            rc = fn(arg, &f, e);
            if (rc != 0)
                break;
        }
        stmt_done(s);
    }
    arena_free(a);
    return rc < 0 ? -1 : 0;
}
