/* SPDX-License-Identifier: Apache-2.0 */
/* migrate.c: the system tables, version by version. A version that has been released is never edited: changes
 * come as a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/dialect.h"
#include "store/migrate.h"
#include "store/search.h"
#include "store/sql.h"

struct ddl {
    int version;
    bool clustered; /* small rows found by primary key only */
    const char *sql;
};

/* "register" is the register's name; instants are UTC milliseconds, days are days since 1970-01-01. */
static const struct ddl steps[] = {
    /* trail: see sys_trail.h */
    {1, false,
     "CREATE TABLE s_trail (home BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, who BIGINT NOT NULL, "
     "act TEXT NOT NULL, register TEXT NOT NULL, record BIGINT NOT NULL, detail TEXT NOT NULL, "
     "prev TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (home, seq))"},
    {1, false, "CREATE INDEX s_trail_record ON s_trail (home, register, record)"},
    {1, false, "CREATE INDEX s_trail_who ON s_trail (home, who, at)"},
    {1, true, "CREATE TABLE s_tip (home BIGINT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL)"},
    /* accounts: see sys_user.h */
    {1, false,
     "CREATE TABLE s_user (id BIGINT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "
     "password TEXT NOT NULL, totp TEXT NOT NULL, active BIGINT NOT NULL, created BIGINT NOT NULL, "
     "pinyin TEXT NOT NULL)"},
    {1, true,
     "CREATE TABLE s_grant (user_id BIGINT NOT NULL, role TEXT NOT NULL, unit BIGINT NOT NULL, "
     "PRIMARY KEY (user_id, role, unit))"},
    {1, true,
     "CREATE TABLE s_session (token_hash TEXT PRIMARY KEY, user_id BIGINT NOT NULL, created BIGINT NOT NULL, "
     "seen BIGINT NOT NULL, csrf TEXT NOT NULL, agent TEXT NOT NULL)"},
    {1, false, "CREATE INDEX s_session_user ON s_session (user_id)"},
    {1, true,
     "CREATE TABLE s_attempt (id BIGINT PRIMARY KEY, login TEXT NOT NULL, at BIGINT NOT NULL, ip TEXT NOT NULL)"},
    {1, false, "CREATE INDEX s_attempt_login ON s_attempt (login, at)"},
    {1, false, "CREATE INDEX s_attempt_ip ON s_attempt (ip, at)"},
    /* answers kept for retries: see sys_idem.h */
    {1, false,
     "CREATE TABLE s_idem (key TEXT NOT NULL, who BIGINT NOT NULL, at BIGINT NOT NULL, status BIGINT NOT NULL, "
     "answer TEXT NOT NULL, PRIMARY KEY (who, key))"},
    {1, false, "CREATE INDEX s_idem_at ON s_idem (at)"},
    {1, true,
     "CREATE TABLE s_series (home BIGINT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, "
     "last BIGINT NOT NULL, PRIMARY KEY (home, name, period))"},
    /* sums: see sys_total.h. day before unit: a report reads one stretch of days for all its units. */
    {1, true,
     "CREATE TABLE s_total (home BIGINT NOT NULL, figure TEXT NOT NULL, slice TEXT NOT NULL, unit BIGINT NOT NULL, "
     "day BIGINT NOT NULL, n BIGINT NOT NULL, v BIGINT NOT NULL, late BIGINT NOT NULL, "
     "PRIMARY KEY (home, figure, slice, day, unit))"},
    {1, true,
     "CREATE TABLE s_total_month (home BIGINT NOT NULL, figure TEXT NOT NULL, slice TEXT NOT NULL, "
     "unit BIGINT NOT NULL, month BIGINT NOT NULL, n BIGINT NOT NULL, v BIGINT NOT NULL, late BIGINT NOT NULL, "
     "PRIMARY KEY (home, figure, slice, month, unit))"},
    {1, true,
     "CREATE TABLE s_distinct (home BIGINT NOT NULL, figure TEXT NOT NULL, slice TEXT NOT NULL, "
     "unit BIGINT NOT NULL, day BIGINT NOT NULL, key TEXT NOT NULL, n BIGINT NOT NULL, "
     "PRIMARY KEY (home, figure, slice, day, unit, key))"},
    /* imports: see sys_batch.h */
    {1, false,
     "CREATE TABLE s_batch (home BIGINT NOT NULL, id BIGINT NOT NULL, register TEXT NOT NULL, file TEXT NOT NULL, "
     "sha TEXT NOT NULL, who BIGINT NOT NULL, at BIGINT NOT NULL, unit BIGINT NOT NULL, read_n BIGINT NOT NULL, "
     "inserted BIGINT NOT NULL, updated BIGINT NOT NULL, unchanged BIGINT NOT NULL, rejected BIGINT NOT NULL, "
     "undone BIGINT NOT NULL, map TEXT NOT NULL, PRIMARY KEY (home, id))"},
    {1, false,
     "CREATE TABLE s_map (unit BIGINT NOT NULL, fingerprint TEXT NOT NULL, map TEXT NOT NULL, "
     "PRIMARY KEY (unit, fingerprint))"},
    /* see sys_intake.h */
    {1, true,
     "CREATE TABLE s_seen (home BIGINT NOT NULL, register TEXT NOT NULL, print TEXT NOT NULL, record BIGINT NOT "
     "NULL, "
     "batch BIGINT NOT NULL, PRIMARY KEY (home, register, print))"},
    {1, false, "CREATE INDEX s_seen_record ON s_seen (home, register, record)"},
    {1, true,
     "CREATE TABLE s_undo (home BIGINT NOT NULL, batch BIGINT NOT NULL, seq BIGINT NOT NULL, register TEXT NOT "
     "NULL, "
     "record_home BIGINT NOT NULL, record BIGINT NOT NULL, version BIGINT NOT NULL, made BIGINT NOT NULL, "
     "was TEXT NOT NULL, PRIMARY KEY (home, batch, seq))"},
    /* messages: see sys_outbox.h */
    {1, false,
     "CREATE TABLE s_outbox (id BIGINT PRIMARY KEY, home BIGINT NOT NULL, at BIGINT NOT NULL, topic TEXT NOT NULL, "
     "payload TEXT NOT NULL, sent BIGINT NOT NULL, tries BIGINT NOT NULL, next BIGINT NOT NULL)"},
    {1, false, "CREATE INDEX s_outbox_due ON s_outbox (sent, next)"},
    {1, false, "CREATE INDEX s_outbox_topic ON s_outbox (topic, id)"},
    /* time limits: see sys_clock.h */
    {1, false,
     "CREATE TABLE s_clock (home BIGINT NOT NULL, register TEXT NOT NULL, record BIGINT NOT NULL, "
     "name TEXT NOT NULL, due BIGINT NOT NULL, started BIGINT NOT NULL, paused BIGINT NOT NULL, "
     "done BIGINT NOT NULL, owner_role TEXT NOT NULL, unit BIGINT NOT NULL, grid BIGINT NOT NULL, "
     "PRIMARY KEY (home, register, record, name))"},
    {1, false, "CREATE INDEX s_clock_due ON s_clock (home, done, due)"},
    /* attachments: see sys_file.h */
    {1, false,
     "CREATE TABLE s_file (home BIGINT NOT NULL, id BIGINT NOT NULL, sha TEXT NOT NULL, name TEXT NOT NULL, "
     "mime TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL, who BIGINT NOT NULL, register TEXT NOT NULL, "
     "record BIGINT NOT NULL, field TEXT NOT NULL, PRIMARY KEY (home, id))"},
    {1, false, "CREATE INDEX s_file_record ON s_file (home, register, record)"},
    {1, false, "CREATE INDEX s_file_sha ON s_file (sha)"},
    /* whom the record of a time limit is with: see sys_clock.h */
    {2, false, "ALTER TABLE s_clock ADD COLUMN who TEXT NOT NULL DEFAULT ''"},
    {2, false, "CREATE INDEX s_clock_who ON s_clock (who, home, due) WHERE done = 0 AND who <> ''"},
    /* imports say whether they came to their end */
    {3, false, "ALTER TABLE s_batch ADD COLUMN ended BIGINT NOT NULL DEFAULT 0"},
    {3, false, "UPDATE s_batch SET ended = at"},
    /* messages wait for who fetches them, in order of id; nobody could fetch those before */
    {4, false, "DROP TABLE s_outbox"},
    {4, false,
     "CREATE TABLE s_outbox (id BIGINT PRIMARY KEY, home BIGINT NOT NULL, at BIGINT NOT NULL, topic TEXT NOT NULL, "
     "payload TEXT NOT NULL)"},
    /* sets of keys by day and month: see sys_total.h */
    {5, true,
     "CREATE TABLE s_key (figure TEXT NOT NULL, key TEXT NOT NULL, ord BIGINT NOT NULL, n BIGINT NOT NULL, "
     "PRIMARY KEY (figure, key))"},
    {5, false, "CREATE UNIQUE INDEX s_key_ord ON s_key (figure, ord)"},
    {5, true,
     "CREATE TABLE s_key_set (home BIGINT NOT NULL, figure TEXT NOT NULL, slice TEXT NOT NULL, "
     "span BIGINT NOT NULL, start BIGINT NOT NULL, unit BIGINT NOT NULL, chunk BIGINT NOT NULL, "
     "bits TEXT NOT NULL, PRIMARY KEY (home, figure, slice, span, start, unit, chunk))"},
    /* nothing asks what one user did: one index less to write for each change */
    {6, false, "DROP INDEX s_trail_who"},
    /* the written parts of reports: see sys_text.h */
    {7, false,
     "CREATE TABLE s_report_text (home BIGINT NOT NULL, unit BIGINT NOT NULL, report TEXT NOT NULL, start BIGINT "
     "NOT "
     "NULL, "
     "stop BIGINT NOT NULL, slot TEXT NOT NULL, text TEXT NOT NULL, version BIGINT NOT NULL, who BIGINT NOT NULL, "
     "at BIGINT NOT NULL, PRIMARY KEY (home, unit, report, start, stop, slot))"},
};
#define NSTEPS (sizeof steps / sizeof *steps)

/* What search.h does itself. */
static const struct search_step {
    int version;
    int (*run)(struct db *d, struct err *e);
} search_steps[] = {
    {1, search_create},
    /* a change of a text does not walk through all texts with the same words */
    {8, search_forget_by_merging},
};
#define NSEARCH (sizeof search_steps / sizeof *search_steps)

int migrate_version(void)
{
    int system = steps[NSTEPS - 1].version, search = search_steps[NSEARCH - 1].version;

    return system > search ? system : search;
}

int meta_create(struct db *d, struct err *e)
{
    return db_exec(d, "CREATE TABLE s_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)", e);
}

int meta_get(char **out, struct arena *a, struct db *d, const char *name, struct err *e)
{
    struct stmt *s;
    int rc;

    *out = NULL;
    if (db_prep(&s, d, "SELECT value FROM s_meta WHERE name = ?1", e) < 0)
        return -1;
    stmt_text(s, 1, name);
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = arena_str(a, stmt_col_text(s, 0));
    stmt_done(s);
    return rc;
}

int meta_all(struct map **out, struct arena *a, struct db *d, const char *begins, struct err *e)
{
    const size_t n = strlen(begins);
    struct stmt *s;
    int rc;

    *out = map_new(a);
    if (db_prep(&s, d, "SELECT name, value FROM s_meta", e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        if (strncmp(stmt_col_text(s, 0), begins, n) == 0)
            map_put(*out, stmt_col_text(s, 0) + n, arena_str(a, stmt_col_text(s, 1)));
    stmt_done(s);
    return rc;
}

int meta_set(struct db *d, const char *name, const char *value, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d,
                "INSERT INTO s_meta (name, value) VALUES (?1, ?2) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                e) < 0)
        return -1;
    stmt_text(s, 1, name);
    stmt_text(s, 2, value);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

int meta_drop(struct db *d, const char *begins, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_meta WHERE substr(name, 1, CAST(?2 AS INTEGER)) = ?1", "ti", begins,
                   I64(strlen(begins))) < 0
               ? -1
               : 0;
}

static int run_step(struct db *d, const struct ddl *step, struct err *e)
{
    struct arena *a = arena_new();
    char *sql = arena_printf(a, "%s%s", step->sql, step->clustered ? dialect_clustered(db_kind(d)) : "");
    int rc = db_exec(d, sql, e);

    arena_free(a);
    return rc;
}

static int run_version(struct db *d, int version, struct err *e)
{
    char text[16];
    size_t i;

    if (db_begin(d, e) < 0)
        return -1;
    for (i = 0; i < NSTEPS; i++)
        if (steps[i].version == version && run_step(d, &steps[i], e) < 0)
            goto fail;
    for (i = 0; i < NSEARCH; i++)
        if (search_steps[i].version == version && search_steps[i].run(d, e) < 0)
            goto fail;
    snprintf(text, sizeof text, "%d", version);
    /* What follows it at an opening is due as well, should this one be broken off. */
    if (meta_set(d, "schema", text, e) < 0 || meta_drop(d, "schema.hash", e) < 0)
        goto fail;
    return db_commit(d, e);
fail:
    db_rollback(d);
    return -1;
}

static int version_read(int *have, struct db *d, struct err *e)
{
    struct arena *a = arena_new();
    char *text;
    int rc = meta_get(&text, a, d, "schema", e);

    *have = rc == 1 ? atoi(text) : 0;
    arena_free(a);
    if (rc >= 0 && *have > migrate_version())
        return err_set(e, ERR_REFUSED,
                       "数据由更新版本的程序建立（数据版本 %d，本程序支持到 %d）。请使用新版程序打开。", *have,
                       migrate_version());
    return rc < 0 ? -1 : 0;
}

int migrate_check(struct db *d, struct err *e)
{
    int have;

    if (version_read(&have, d, e) < 0)
        return -1;
    if (have < migrate_version())
        return err_set(e, ERR_BUSY,
                       "数据还是较早版本的程序留下的样子（数据版本 %d，本程序为 %d），正由另一个进程使用。"
                       "请用本程序重新启动服务，再运行这条命令。",
                       have, migrate_version());
    return 0;
}

int migrate_system(struct db *d, struct err *e)
{
    int have, rc = 0;

    if ((!db_has_table(d, "s_meta") && meta_create(d, e) < 0) || version_read(&have, d, e) < 0)
        return -1;
    for (; rc == 0 && have < migrate_version(); have++)
        rc = run_version(d, have + 1, e);
    return rc;
}
