/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite.c: the SQLite back end (design §4: WAL, synchronous=FULL, no mmap). */
#include <sqlite3.h>
#include <string.h>

#include "base/arena.h"
#include "store/backend.h"

#define PROGRESS_EVERY 1000 /* virtual-machine steps between two looks at the limit */
#define BUSY_MS 5000

static int report(struct db *d, int rc, struct err *e)
{
    const char *msg = d->h ? sqlite3_errmsg(d->h) : sqlite3_errstr(rc);
    int ext = d->h ? sqlite3_extended_errcode(d->h) : rc;

    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        if (ext == SQLITE_CONSTRAINT_UNIQUE || ext == SQLITE_CONSTRAINT_PRIMARYKEY ||
            ext == SQLITE_CONSTRAINT_ROWID)
            return err_set(e, ERR_CONFLICT, "已有相同的内容，不能重复保存。请刷新后核对。");
        return err_set(e, ERR_INPUT, "内容不完整或与其他条目不一致，未能保存。请核对后重试。");
    case SQLITE_INTERRUPT:
        return err_set(e, ERR_TOOBIG, "查询用时过长，已停止。请缩小时间或组织范围后重试。");
    case SQLITE_AUTH:
        return err_set(e, ERR_DENIED, "这条查询用到了不允许访问的内容。");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ERR_BUSY, "系统正忙，请稍后重试。");
    case SQLITE_FULL:
        return err_set(e, ERR_IO, "磁盘空间不足，未能保存。请联系管理员清理磁盘。");
    case SQLITE_TOOBIG:
        return err_set(e, ERR_TOOBIG, "内容过长，未能保存。");
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        d->fatal = true;
        break;
    default:
        break;
    }
    return err_log(e, "sqlite %d: %s", ext, msg);
}

static int note_wal(void *arg, sqlite3 *h, const char *name, int pages)
{
    (void)h;
    (void)name;
    ((struct db *)arg)->wal_pages = pages;
    return SQLITE_OK;
}

static int sq_exec(struct db *d, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(d->h, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : report(d, rc, e);
}

static int sq_settings(struct db *d, struct err *e)
{
    static const char *const both[] = {"PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF",
                                       "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0"};
    static const char *const reader[] = {"PRAGMA query_only=ON", "PRAGMA cache_size=-2048"};
    static const char *const writer[] = {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                                         "PRAGMA secure_delete=ON", "PRAGMA cache_size=-16384",
                                         "PRAGMA wal_autocheckpoint=0"};
    size_t i;

    sqlite3_extended_result_codes(d->h, 1);
    sqlite3_busy_timeout(d->h, BUSY_MS);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    /* Plans do not depend on what is bound: else a cached statement is prepared anew for each new LIMIT. */
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    /* Plans never depend on bound values; without this each statement with LIMIT ? is prepared anew at each use. */
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    for (i = 0; i < sizeof both / sizeof *both; i++)
        if (sq_exec(d, both[i], e) < 0)
            return -1;
    if (d->mode == DB_READ) {
        for (i = 0; i < sizeof reader / sizeof *reader; i++)
            if (sq_exec(d, reader[i], e) < 0)
                return -1;
        return 0;
    }
    for (i = 0; i < sizeof writer / sizeof *writer; i++)
        if (sq_exec(d, writer[i], e) < 0)
            return -1;
    sqlite3_wal_hook(d->h, note_wal, d);
    return 0;
}

static int sq_open(struct db *d, const char *where, struct err *e)
{
    int flags = d->mode == DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3 *h = NULL;
    int rc = sqlite3_open_v2(where, &h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

    d->h = h;
    if (rc != SQLITE_OK)
        return report(d, rc, e);
    return sq_settings(d, e);
}

static void sq_close(struct db *d)
{
    sqlite3_close_v2(d->h);
}

static int sq_prep(struct stmt *s, struct err *e)
{
    sqlite3_stmt *h = NULL;
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(s->db->h, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &h, &tail);

    if (rc != SQLITE_OK)
        return report(s->db, rc, e);
    if (!h || tail[strspn(tail, " \n\t;")] != '\0') {
        sqlite3_finalize(h);
        return err_log(e, "one statement a call: %.80s", s->sql);
    }
    s->h = h;
    return 0;
}

static void sq_drop(struct stmt *s)
{
    sqlite3_finalize(s->h);
}

static void sq_bind_int(struct stmt *s, int i, int64_t v)
{
    sqlite3_bind_int64(s->h, i, v);
}

static void sq_bind_text(struct stmt *s, int i, const char *v, size_t n)
{
    if (v && n == SIZE_MAX)
        sqlite3_bind_text(s->h, i, v, -1, SQLITE_STATIC);
    else if (v)
        sqlite3_bind_text64(s->h, i, v, n, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(s->h, i);
}

static int sq_step(struct stmt *s, struct err *e)
{
    int rc = sqlite3_step(s->h);

    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        return report(s->db, rc, e);
    s->changes = sqlite3_stmt_readonly(s->h) ? 0 : sqlite3_changes64(s->db->h);
    return 0;
}

static int64_t sq_col_int(const struct stmt *s, int i)
{
    return sqlite3_column_int64(s->h, i);
}

static const char *sq_col_text(const struct stmt *s, int i)
{
    return (const char *)sqlite3_column_text(s->h, i);
}

static bool sq_col_null(const struct stmt *s, int i)
{
    return sqlite3_column_type(s->h, i) == SQLITE_NULL;
}

static int sq_cols(const struct stmt *s)
{
    return sqlite3_column_count(s->h);
}

static const char *sq_col_name(const struct stmt *s, int i)
{
    return sqlite3_column_name(s->h, i);
}

static void sq_reset(struct stmt *s)
{
    sqlite3_reset(s->h);
    sqlite3_clear_bindings(s->h);
}

static bool sq_alive(const struct db *d)
{
    return !sqlite3_get_autocommit(d->h);
}

static int sq_progress(void *arg)
{
    struct db *d = arg;

    d->steps_left -= PROGRESS_EVERY;
    return d->steps_left <= 0;
}

static void sq_limit(struct db *d)
{
    if (d->limit_steps > 0)
        sqlite3_progress_handler(d->h, PROGRESS_EVERY, sq_progress, d);
    else
        sqlite3_progress_handler(d->h, 0, NULL, NULL);
}

void db_wide(struct db *d, bool wide)
{
    if (d->kind != DB_SQLITE || d->in_tx || d->wide == wide)
        return;
    d->wide = wide;
    sqlite3_exec(d->h, wide ? "PRAGMA cache_size=-98304" : "PRAGMA cache_size=-16384", NULL, NULL, NULL);
    if (!wide)
        sqlite3_db_release_memory(d->h);
}

int db_checkpoint(struct db *d, bool whole, struct err *e)
{
    int left = 0, moved = 0, rc;

    if (d->kind != DB_SQLITE || d->in_tx)
        return 0;
    sqlite3_busy_timeout(d->h, 0);
    rc = sqlite3_wal_checkpoint_v2(d->h, NULL, whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                   &left, &moved);
    sqlite3_busy_timeout(d->h, BUSY_MS);
    d->wal_pages = left > moved ? left : 0;
    if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
        return 0;
    return report(d, rc, e);
}

const struct backend backend_sqlite = {
    .open = sq_open,
    .close = sq_close,
    .prep = sq_prep,
    .drop = sq_drop,
    .bind_int = sq_bind_int,
    .bind_text = sq_bind_text,
    .step = sq_step,
    .col_int = sq_col_int,
    .col_text = sq_col_text,
    .col_null = sq_col_null,
    .cols = sq_cols,
    .col_name = sq_col_name,
    .reset = sq_reset,
    .exec = sq_exec,
    .begin_read = "BEGIN",
    .begin_write = "BEGIN IMMEDIATE",
    .alive = sq_alive,
    .limit = sq_limit,
    .has_table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
    .columns = "SELECT name FROM pragma_table_info(?1)",
};
