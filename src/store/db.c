/* SPDX-License-Identifier: Apache-2.0 */
/* db.c: what both back ends share: the statement cache and the state of transactions. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/backend.h"

static bool is_postgres(const char *where)
{
    return strncmp(where, "postgres:", 9) == 0 || strncmp(where, "postgresql:", 11) == 0;
}

int db_open(struct db **out, const char *where, enum db_mode mode, struct err *e)
{
    struct db *d = xcalloc(1, sizeof *d);

    *out = NULL;
    d->kind = is_postgres(where) ? DB_POSTGRES : DB_SQLITE;
    d->be = d->kind == DB_POSTGRES ? &backend_postgres : &backend_sqlite;
    d->mode = mode;
    if (d->be->open(d, where, e) < 0) {
        d->be->close(d);
        free(d);
        return -1;
    }
    *out = d;
    return 0;
}

uint64_t db_writes(const struct db *d)
{
    return d->writes;
}

enum db_kind db_kind(const struct db *d)
{
    return d->kind;
}

bool db_alive(const struct db *d)
{
    return !d->fatal && (!d->in_tx || d->be->alive(d));
}

/* --- the statement cache */

/* Eight bytes a step: statements are long, and one is looked up some thirty times for each record saved. */
static uint64_t hash_text(const char *s)
{
    size_t n = strlen(s);
    uint64_t h = 14695981039346656037u ^ n, w;

    for (; n >= 8; n -= 8, s += 8) {
        memcpy(&w, s, 8);
        h = (h ^ w) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    w = 0;
    memcpy(&w, s, n);
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static void use_unlink(struct db *d, struct stmt *s)
{
    *(s->newer ? &s->newer->older : &d->newest) = s->older;
    *(s->older ? &s->older->newer : &d->oldest) = s->newer;
    s->newer = s->older = NULL;
}

static void use_first(struct db *d, struct stmt *s)
{
    s->newer = NULL;
    s->older = d->newest;
    *(d->newest ? &d->newest->newer : &d->oldest) = s;
    d->newest = s;
}

static void stmt_free(struct stmt *s)
{
    struct db *d = s->db;
    struct stmt **at = &d->bucket[s->hash % DB_BUCKETS];

    while (*at != s)
        at = &(*at)->chain;
    *at = s->chain;
    use_unlink(d, s);
    d->nstmts--;
    d->be->drop(s);
    free(s->sql);
    free(s);
}

static void cache_trim(struct db *d)
{
    struct stmt *s = d->oldest;

    while (s && d->nstmts > DB_STATEMENTS) {
        struct stmt *newer = s->newer;

        if (!s->busy)
            stmt_free(s);
        s = newer;
    }
}

/* Forget the calls put off from this one on. */
static void later_drop(struct db *d, size_t from)
{
    while (d->nlater > from)
        free(d->later[--d->nlater].arg);
}

void db_close(struct db *d)
{
    if (!d)
        return;
    later_drop(d, 0);
    free(d->later);
    if (d->aside)
        d->aside->drop(d);
    while (d->oldest)
        stmt_free(d->oldest);
    d->be->close(d);
    free(d);
}

/* Note a failure: inside a transaction nothing more is accepted until it is undone. */
static int fail(struct db *d)
{
    if (d->in_tx)
        d->failed = true;
    return -1;
}

static int refuse(struct err *e)
{
    return err_log(e, "statement after a failed one in the same transaction; undo it first");
}

static struct stmt *stmt_new(struct db *d, const char *sql, struct err *e)
{
    struct stmt *s = xcalloc(1, sizeof *s);

    s->db = d;
    s->sql = xstrdup(sql);
    if (d->be->prep(s, e) == 0)
        return s;
    free(s->sql);
    free(s);
    fail(d);
    return NULL;
}

int db_prep(struct stmt **out, struct db *d, const char *sql, struct err *e)
{
    uint64_t h = hash_text(sql);
    struct stmt **bucket = &d->bucket[h % DB_BUCKETS], *s = *bucket;

    *out = NULL;
    if (d->failed)
        return refuse(e);
    while (s && (s->busy || s->hash != h || strcmp(s->sql, sql) != 0))
        s = s->chain;
    if (!s) {
        s = stmt_new(d, sql, e);
        if (!s)
            return -1;
        s->hash = h;
        s->chain = *bucket;
        *bucket = s;
        d->nstmts++;
    } else {
        use_unlink(d, s);
    }
    use_first(d, s);
    s->busy = true;
    s->started = false;
    s->changes = 0;
    if (d->nstmts > DB_STATEMENTS)
        cache_trim(d);
    *out = s;
    return 0;
}

void stmt_int(struct stmt *s, int i, int64_t v)
{
    s->db->be->bind_int(s, i, v);
}

void stmt_text(struct stmt *s, int i, const char *v)
{
    s->db->be->bind_text(s, i, v, SIZE_MAX);
}

void stmt_textn(struct stmt *s, int i, const char *v, size_t n)
{
    s->db->be->bind_text(s, i, v, n);
}

void stmt_null(struct stmt *s, int i)
{
    s->db->be->bind_text(s, i, NULL, 0);
}

int stmt_step(struct stmt *s, struct err *e)
{
    struct db *d = s->db;
    int rc;

    if (d->failed)
        return refuse(e);
    if (!s->started) {
        d->steps_left = d->limit_steps;
        d->writes += strncmp(s->sql, "SELECT ", 7) != 0;
    }
    rc = d->be->step(s, e);
    s->started = true;
    return rc < 0 ? fail(d) : rc;
}

int64_t stmt_col_int(const struct stmt *s, int i)
{
    return s->db->be->col_int(s, i);
}

const char *stmt_col_text(const struct stmt *s, int i)
{
    return s->db->be->col_text(s, i);
}

bool stmt_col_null(const struct stmt *s, int i)
{
    return s->db->be->col_null(s, i);
}

int stmt_cols(const struct stmt *s)
{
    return s->db->be->cols(s);
}

const char *stmt_col_name(const struct stmt *s, int i)
{
    return s->db->be->col_name(s, i);
}

void stmt_done(struct stmt *s)
{
    if (!s)
        return;
    s->db->be->reset(s);
    s->busy = false;
}

int stmt_run(struct stmt *s, struct err *e)
{
    int rc;

    while ((rc = stmt_step(s, e)) == 1)
        ;
    return rc;
}

int64_t stmt_changes(const struct stmt *s)
{
    return s->changes;
}

int db_exec(struct db *d, const char *sql, struct err *e)
{
    if (d->failed)
        return refuse(e);
    d->steps_left = d->limit_steps;
    d->writes++;
    return d->be->exec(d, sql, e) < 0 ? fail(d) : 0;
}

/* --- work put off */

/* Do the work from this one on: function by function, each with all its arguments in order. */
static int later_run(struct db *d, size_t from, struct err *e)
{
    size_t n = d->nlater - from;
    struct db_later *todo = xmalloc(n * sizeof *todo);
    void **args = xmalloc(n * sizeof *args);
    int rc = 0;

    if (n)
        memcpy(todo, d->later + from, n * sizeof *todo);
    d->nlater = from;
    for (size_t i = 0; i < n; i++) {
        db_later_fn *fn = todo[i].fn;
        size_t k = 0;

        for (size_t j = i; fn && j < n; j++)
            if (todo[j].fn == fn) {
                args[k++] = todo[j].arg;
                todo[j].fn = NULL;
            }
        if (fn && rc == 0)
            rc = fn(d, args, k, e);
    }
    for (size_t i = 0; i < n; i++)
        free(todo[i].arg);
    free(args);
    free(todo);
    return rc;
}

static size_t later_first(const struct db *d)
{
    return d->depth > 0 ? d->later_mark[d->depth - 1] : 0;
}

int db_catch_up(struct db *d, struct err *e)
{
    return d->nlater > later_first(d) ? later_run(d, later_first(d), e) : 0;
}

int db_put_off(struct db *d, db_later_fn *fn, void *arg, struct err *e)
{
    int rc;

    d->writes++;
    if (!d->in_tx) {
        rc = fn(d, &arg, 1, e);
        free(arg);
        return rc;
    }
    if (d->nlater == d->cap_later) {
        d->cap_later = d->cap_later ? d->cap_later * 2 : 64;
        d->later = xrealloc(d->later, d->cap_later * sizeof *d->later);
    }
    d->later[d->nlater++] = (struct db_later){fn, arg};
    /* Done early it belongs to the innermost savepoint and is undone with it: only its own may go. */
    return d->nlater - later_first(d) >= DB_LATER ? later_run(d, later_first(d), e) : 0;
}

/* --- transactions */

/* Transaction words are cached statements too: they are the most frequent ones. */
static int run_word(struct db *d, const char *sql, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d, sql, e) < 0)
        return -1;
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

static int aside_write(struct db *d, struct err *e)
{
    return d->aside ? d->aside->write(d, e) : 0;
}

static void aside_forget(struct db *d)
{
    if (d->aside)
        d->aside->forget(d);
}

int db_begin(struct db *d, struct err *e)
{
    if (d->in_tx)
        return err_log(e, "db_begin inside a transaction");
    d->failed = d->fatal = false;
    d->depth = 0;
    if (run_word(d, d->mode == DB_WRITE ? d->be->begin_write : d->be->begin_read, e) < 0)
        return -1;
    d->in_tx = true;
    return 0;
}

bool db_in_tx(const struct db *d)
{
    return d->in_tx;
}

int db_commit(struct db *d, struct err *e)
{
    if (!d->in_tx)
        return err_log(e, "db_commit outside a transaction");
    if (d->failed || !db_alive(d)) {
        db_rollback(d);
        return refuse(e);
    }
    if ((d->nlater && later_run(d, 0, e) < 0) || aside_write(d, e) < 0 || run_word(d, "COMMIT", e) < 0) {
        d->fatal = true;
        db_rollback(d);
        return -1;
    }
    d->in_tx = false;
    aside_forget(d);
    return 0;
}

void db_rollback(struct db *d)
{
    bool alive = d->in_tx && d->be->alive(d);

    later_drop(d, 0);
    aside_forget(d);
    d->failed = false;
    d->in_tx = false;
    d->depth = 0;
    if (alive)
        run_word(d, "ROLLBACK", NULL);
}

/* Savepoints of one depth share a name, so that their three statements stay in the cache. */
static const char *const save_sql[DB_DEPTH] = {"SAVEPOINT s0", "SAVEPOINT s1", "SAVEPOINT s2", "SAVEPOINT s3",
                                               "SAVEPOINT s4", "SAVEPOINT s5", "SAVEPOINT s6", "SAVEPOINT s7"};
static const char *const release_sql[DB_DEPTH] = {"RELEASE s0", "RELEASE s1", "RELEASE s2", "RELEASE s3",
                                                  "RELEASE s4", "RELEASE s5", "RELEASE s6", "RELEASE s7"};
static const char *const undo_sql[DB_DEPTH] = {"ROLLBACK TO s0", "ROLLBACK TO s1", "ROLLBACK TO s2",
                                               "ROLLBACK TO s3", "ROLLBACK TO s4", "ROLLBACK TO s5",
                                               "ROLLBACK TO s6", "ROLLBACK TO s7"};

int db_save(struct db *d, struct err *e)
{
    if (!d->in_tx || d->depth >= DB_DEPTH)
        return err_log(e, "savepoint outside a transaction or nested too deep");
    if (aside_write(d, e) < 0 || run_word(d, save_sql[d->depth], e) < 0)
        return -1;
    d->later_mark[d->depth] = d->nlater;
    d->depth++;
    return 0;
}

int db_release(struct db *d, struct err *e)
{
    if (d->depth == 0)
        return err_log(e, "release without a savepoint");
    if (run_word(d, release_sql[d->depth - 1], e) < 0)
        return -1;
    d->depth--;
    return 0;
}

void db_undo(struct db *d)
{
    if (d->depth == 0)
        return;
    d->depth--;
    d->failed = false;
    later_drop(d, d->later_mark[d->depth]);
    aside_forget(d);
    if (!db_alive(d) || run_word(d, undo_sql[d->depth], NULL) < 0 || run_word(d, release_sql[d->depth], NULL) < 0)
        d->failed = true;
}

/* --- the rest */

void db_limit(struct db *d, int64_t steps, int64_t ms)
{
    if (d->limit_steps == steps && d->limit_ms == ms)
        return;
    d->limit_steps = steps;
    d->limit_ms = ms;
    d->be->limit(d);
}

void db_limits(const struct db *d, int64_t *steps, int64_t *ms)
{
    *steps = d->limit_steps;
    *ms = d->limit_ms;
}

bool db_has_table(struct db *d, const char *name)
{
    struct stmt *s;
    bool there;

    if (db_prep(&s, d, d->be->has_table, NULL) < 0)
        return false;
    stmt_text(s, 1, name);
    there = stmt_step(s, NULL) == 1;
    stmt_done(s);
    return there;
}

size_t db_columns(struct db *d, const char *table, char (*names)[64], size_t max)
{
    struct stmt *s;
    size_t n = 0;

    if (db_prep(&s, d, d->be->columns, NULL) < 0)
        return 0;
    stmt_text(s, 1, table);
    while (stmt_step(s, NULL) == 1) {
        const char *name = stmt_col_text(s, 0);

        if (n < max && name) {
            strncpy(names[n], name, 63);
            names[n][63] = '\0';
        }
        n++;
    }
    stmt_done(s);
    return n;
}
