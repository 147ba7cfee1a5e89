/* SPDX-License-Identifier: Apache-2.0 */
/* postgres.c: the PostgreSQL back end, on libpq.
 *
 * Statements are prepared on the server once per connection. Parameter types are left to the server to infer, so
 * that ?1 fits BIGINT and TEXT columns alike; where it infers a 32-bit integer (in "?1 + 1") the statement is
 * prepared again with 64 bits. Where nothing tells a parameter's type ("?1 IS NULL"), write CAST(?1 AS BIGINT);
 * one parameter cannot be BIGINT in one place and TEXT in another of the same statement. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/backend.h"
#include "store/pg_rows.h"

#define OID_INT2 21
#define OID_INT4 23
#define OID_INT8 20
#define LOCK_CLASS "76105" /* of the session lock that only one writer holds */

struct pg_conn {
    PGconn *c;
    struct stmt *running; /* whose rows are still arriving */
    unsigned long names;  /* statements named so far */
    unsigned generation;  /* of the connection: statements of an earlier one are gone */
    int64_t timeout;      /* statement_timeout in force; -1 not known */
    bool timeout_in_tx;   /* it was set within the transaction, and goes with it */
    bool sole;            /* holds the writer's lock */
};

struct pg_param {
    const char *v;
    char digits[24];
    char *copy; /* of a text that did not end with NUL */
};

struct pg_stmt {
    char *sql; /* with $1 $2 */
    char name[24];
    unsigned generation; /* 0: not prepared */
    int nparams;
    struct pg_param *params;
    struct pg_rows rows;
};

static struct pg_conn *conn(const struct db *d)
{
    return d->h;
}

/* --- errors */

struct state_code {
    const char *state; /* the beginning of an SQLSTATE */
    enum err_code code;
    const char *msg;
};
/* The first that fits. */
static const struct state_code states[] = {
    {"23505", ERR_CONFLICT, "已有相同的内容，不能重复保存。请刷新后核对。"},
    {"23", ERR_INPUT, "内容不完整或与其他条目不一致，未能保存。请核对后重试。"},
    {"57014", ERR_TOOBIG, "查询用时过长，已停止。请缩小时间或组织范围后重试。"},
    {"42501", ERR_DENIED, "这条查询用到了不允许访问的内容。"},
    {"40", ERR_BUSY, "系统正忙，请稍后重试。"},
    {"55P03", ERR_BUSY, "系统正忙，请稍后重试。"},
    {"53300", ERR_BUSY, "数据库连接数已满，请稍后重试。"},
    {"53100", ERR_IO, "磁盘空间不足，未能保存。请联系管理员清理磁盘。"},
    {"22021", ERR_INPUT, "内容中有无法识别的字符，未能保存。请删去特殊字符后重试。"},
    {"54", ERR_TOOBIG, "内容过长，未能保存。"},
};

static int report(struct db *d, const PGresult *res, struct err *e)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    size_t i;

    if (PQstatus(conn(d)->c) != CONNECTION_OK) {
        d->fatal = true;
        return err_log(e, "postgres: connection lost: %s", PQerrorMessage(conn(d)->c));
    }
    for (i = 0; state && i < sizeof states / sizeof *states; i++)
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
            return err_set(e, states[i].code, "%s", states[i].msg);
    /* Class 22 quotes the value it stumbled over, which does not belong into a log. */
    if (state && strncmp(state, "22", 2) == 0)
        return err_log(e, "postgres %s", state);
    return err_log(e, "postgres %s: %s", state ? state : "-", text ? text : PQerrorMessage(conn(d)->c));
}

/* --- the connection */

static void ignore_notice(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

/* Without parameters, nothing read back; one statement only (the extended protocol sees to it). */
static int run(struct db *d, const char *sql, struct err *e)
{
    PGresult *res = PQexecParams(conn(d)->c, sql, 0, NULL, NULL, NULL, NULL, 0);
    ExecStatusType st = PQresultStatus(res);
    int rc = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK ? 0 : report(d, res, e);

    PQclear(res);
    return rc;
}

static int pg_sole(struct db *d, struct err *e)
{
    struct pg_conn *pc = conn(d);
    PGresult *res = PQexec(pc->c, "SELECT pg_try_advisory_lock(" LOCK_CLASS ", hashtext(current_schema()))");
    int rc = 0;

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        rc = report(d, res, e);
    else if (strcmp(PQgetvalue(res, 0, 0), "t") != 0)
        rc = err_set(e, ERR_BUSY, "另一个服务正在运行，并向这个数据库写入。请先停止它，再启动本服务。");
    PQclear(res);
    pc->sole = rc == 0;
    return rc;
}

static int settings(struct db *d, struct err *e)
{
    static const char *const all[] = {"SET client_min_messages = warning", "SET timezone = 'UTC'", "SET jit = off",
                                      "SET synchronous_commit = on", "SET statement_timeout = 0"};
    size_t i;

    PQsetNoticeReceiver(conn(d)->c, ignore_notice, NULL);
    for (i = 0; i < sizeof all / sizeof *all; i++)
        if (run(d, all[i], e) < 0)
            return -1;
    if (d->mode == DB_READ && run(d, "SET default_transaction_read_only = on", e) < 0)
        return -1;
    conn(d)->generation++;
    conn(d)->timeout = 0;
    return conn(d)->sole ? pg_sole(d, e) : 0;
}

static int pg_open(struct db *d, const char *where, struct err *e)
{
    static const char *const keys[] = {"connect_timeout", "application_name", "dbname", "client_encoding", NULL};
    bool url = strstr(where, "://") != NULL && strstr(where, "://") < strchr(where, ':') + 1;
    const char *const values[] = {"10", "linli", url ? where : strchr(where, ':') + 1, "UTF8", NULL};
    struct pg_conn *pc = xcalloc(1, sizeof *pc);

    d->h = pc;
    pc->c = PQconnectdbParams(keys, values, 1);
    if (PQstatus(pc->c) != CONNECTION_OK)
        return err_log(e, "postgres: %s", PQerrorMessage(pc->c));
    return settings(d, e);
}

static void pg_close(struct db *d)
{
    struct pg_conn *pc = conn(d);

    if (pc)
        PQfinish(pc->c);
    free(pc);
}

static bool pg_alive(const struct db *d)
{
    PGTransactionStatusType st = PQtransactionStatus(conn(d)->c);

    return st == PQTRANS_INTRANS || st == PQTRANS_INERROR || st == PQTRANS_ACTIVE;
}

/* Make the connection free for the next statement, bringing it back first if the server went away. */
static int ready(struct db *d, struct err *e)
{
    struct pg_conn *pc = conn(d);
    char sql[64];

    if (pc->running) {
        struct pg_stmt *ps = pc->running->h;

        pc->running = NULL;
        if (pg_rows_aside(&ps->rows, pc->c) < 0)
            return err_set(e, ERR_TOOBIG, "查询结果过多，请缩小时间或组织范围后重试。");
    }
    if (PQstatus(pc->c) != CONNECTION_OK) {
        if (d->in_tx)
            return report(d, NULL, e);
        PQreset(pc->c);
        if (PQstatus(pc->c) != CONNECTION_OK)
            return report(d, NULL, e);
        if (settings(d, e) < 0)
            return -1;
    }
    if (pc->timeout != d->limit_ms && PQtransactionStatus(pc->c) != PQTRANS_INERROR) {
        snprintf(sql, sizeof sql, "SET statement_timeout = %lld", (long long)d->limit_ms);
        if (run(d, sql, e) < 0)
            return -1;
        pc->timeout = d->limit_ms;
        pc->timeout_in_tx = d->in_tx;
    }
    return 0;
}

/* --- preparing */

/* ?N to $N outside of quotes; counts the parameters. */
static char *rewrite(const char *sql, int *nparams)
{
    char *out = xstrdup(sql), *p;
    char quote = 0;

    *nparams = 0;
    for (p = out; *p; p++) {
        if (quote) {
            if (*p == quote)
                quote = 0;
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (*p == '?' && p[1] >= '1' && p[1] <= '9') {
            int n = atoi(p + 1);

            *p = '$';
            if (n > *nparams)
                *nparams = n;
        }
    }
    return out;
}

static int prepare_typed(struct db *d, struct pg_stmt *ps, const Oid *types, struct err *e)
{
    PGresult *res;
    int rc;

    snprintf(ps->name, sizeof ps->name, "q%lu", ++conn(d)->names);
    res = PQprepare(conn(d)->c, ps->name, ps->sql, types ? ps->nparams : 0, types);
    rc = PQresultStatus(res) == PGRES_COMMAND_OK ? 0 : report(d, res, e);
    PQclear(res);
    return rc;
}

/* 32-bit parameters become 64-bit ones. */
static int widen(struct db *d, struct pg_stmt *ps, struct err *e)
{
    PGresult *res = PQdescribePrepared(conn(d)->c, ps->name);
    Oid types[DB_PARAMS];
    bool narrow = false;
    int i, rc = 0;

    if (PQresultStatus(res) != PGRES_COMMAND_OK) {
        rc = report(d, res, e);
        goto out;
    }
    for (i = 0; i < ps->nparams; i++) {
        Oid t = i < PQnparams(res) ? PQparamtype(res, i) : 0;
        bool small = t == OID_INT2 || t == OID_INT4;

        types[i] = small ? OID_INT8 : t;
        narrow = narrow || small;
    }
    if (narrow)
        rc = prepare_typed(d, ps, types, e);
out:
    PQclear(res);
    return rc;
}

static int prepare(struct db *d, struct pg_stmt *ps, struct err *e)
{
    if (prepare_typed(d, ps, NULL, e) < 0 || (ps->nparams > 0 && widen(d, ps, e) < 0))
        return -1;
    ps->generation = conn(d)->generation;
    return 0;
}

static void stmt_forget(struct pg_stmt *ps)
{
    free(ps->params);
    free(ps->sql);
    free(ps);
}

static int pg_prep(struct stmt *s, struct err *e)
{
    struct pg_stmt *ps;

    if (ready(s->db, e) < 0)
        return -1;
    ps = xcalloc(1, sizeof *ps);
    ps->sql = rewrite(s->sql, &ps->nparams);
    ps->params = xcalloc((size_t)ps->nparams + 1, sizeof *ps->params);
    if (ps->nparams > DB_PARAMS || prepare(s->db, ps, e) < 0) {
        if (ps->nparams > DB_PARAMS)
            err_log(e, "more than %d parameters", DB_PARAMS);
        stmt_forget(ps);
        return -1;
    }
    s->h = ps;
    return 0;
}

static void pg_reset(struct stmt *s)
{
    struct pg_stmt *ps = s->h;
    int i;

    pg_rows_end(&ps->rows, conn(s->db)->c);
    if (conn(s->db)->running == s)
        conn(s->db)->running = NULL;
    for (i = 0; i <= ps->nparams; i++) {
        ps->params[i].v = NULL;
        free(ps->params[i].copy);
        ps->params[i].copy = NULL;
    }
}

static void pg_drop(struct stmt *s)
{
    struct pg_stmt *ps = s->h;
    struct pg_conn *pc = conn(s->db);
    char sql[48];

    pg_reset(s);
    if (!pc->running && ps->generation == pc->generation && PQstatus(pc->c) == CONNECTION_OK &&
        PQtransactionStatus(pc->c) != PQTRANS_INERROR) {
        snprintf(sql, sizeof sql, "DEALLOCATE %s", ps->name);
        PQclear(PQexec(pc->c, sql));
    }
    stmt_forget(ps);
}

/* --- running */

static struct pg_param *param(struct stmt *s, int i)
{
    struct pg_stmt *ps = s->h;

    /* One more than the statement has takes what nobody asked for. */
    return &ps->params[i >= 1 && i <= ps->nparams ? i - 1 : ps->nparams];
}

static void pg_bind_int(struct stmt *s, int i, int64_t v)
{
    struct pg_param *p = param(s, i);

    snprintf(p->digits, sizeof p->digits, "%lld", (long long)v);
    p->v = p->digits;
}

static void pg_bind_text(struct stmt *s, int i, const char *v, size_t n)
{
    struct pg_param *p = param(s, i);

    free(p->copy);
    p->copy = NULL;
    if (v && n != SIZE_MAX) {
        p->copy = xmalloc(n + 1);
        memcpy(p->copy, v, n);
        p->copy[n] = '\0';
        v = p->copy;
    }
    p->v = v;
}

static int send(struct stmt *s, struct err *e)
{
    struct pg_stmt *ps = s->h;
    struct pg_conn *pc = conn(s->db);
    const char *values[DB_PARAMS];
    int i;

    if (ps->generation != pc->generation && prepare(s->db, ps, e) < 0)
        return -1;
    for (i = 0; i < ps->nparams; i++)
        values[i] = ps->params[i].v;
    if (!PQsendQueryPrepared(pc->c, ps->name, ps->nparams, values, NULL, NULL, 0) || !PQsetSingleRowMode(pc->c))
        return report(s->db, NULL, e);
    pg_rows_begin(&ps->rows);
    pc->running = s;
    return 0;
}

/* The tables have changed under a prepared statement, or a pooler has lost it. */
static bool outdated(const struct stmt *s, const PGresult *res)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

    return state && !s->started && !s->db->in_tx && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0);
}

static int pg_step(struct stmt *s, struct err *e)
{
    struct pg_stmt *ps = s->h;
    struct pg_conn *pc = conn(s->db);
    int rc;

    if (!s->started && (ready(s->db, e) < 0 || send(s, e) < 0))
        return -1;
    rc = pg_rows_next(&ps->rows, pc->c);
    if (rc < 0 && outdated(s, ps->rows.res)) {
        pg_rows_end(&ps->rows, pc->c);
        ps->generation = 0;
        if (send(s, e) < 0)
            return -1;
        rc = pg_rows_next(&ps->rows, pc->c);
    }
    if (!ps->rows.running && pc->running == s)
        pc->running = NULL;
    if (rc < 0)
        return report(s->db, ps->rows.res, e);
    if (rc == 0 && ps->rows.res) {
        s->changes = atoll(PQcmdTuples(ps->rows.res));
        if (pc->timeout_in_tx && strncmp(s->sql, "ROLLBACK", 8) == 0)
            pc->timeout = -1;
    }
    return rc;
}

static int pg_exec(struct db *d, const char *sql, struct err *e)
{
    return ready(d, e) < 0 ? -1 : run(d, sql, e);
}

static void pg_limit(struct db *d)
{
    (void)d; /* ready() brings it into force before the next statement */
}

static const char *pg_col_text(const struct stmt *s, int i)
{
    return pg_rows_text(&((const struct pg_stmt *)s->h)->rows, i);
}

static int64_t pg_col_int(const struct stmt *s, int i)
{
    const char *v = pg_col_text(s, i);

    if (!v)
        return 0;
    return *v == 't' ? 1 : strtoll(v, NULL, 10); /* booleans come as t and f */
}

static bool pg_col_null(const struct stmt *s, int i)
{
    return pg_col_text(s, i) == NULL;
}

static int pg_cols(const struct stmt *s)
{
    return ((const struct pg_stmt *)s->h)->rows.ncols;
}

static const char *pg_col_name(const struct stmt *s, int i)
{
    const struct pg_stmt *ps = s->h;

    return ps->rows.res ? PQfname(ps->rows.res, i) : NULL;
}

const struct backend backend_postgres = {
    .open = pg_open,
    .close = pg_close,
    .prep = pg_prep,
    .drop = pg_drop,
    .bind_int = pg_bind_int,
    .bind_text = pg_bind_text,
    .step = pg_step,
    .col_int = pg_col_int,
    .col_text = pg_col_text,
    .col_null = pg_col_null,
    .cols = pg_cols,
    .col_name = pg_col_name,
    .reset = pg_reset,
    .exec = pg_exec,
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_write = "BEGIN",
    .alive = pg_alive,
    .limit = pg_limit,
    .sole = pg_sole,
    .has_table = "SELECT 1 FROM pg_class WHERE relname = ?1 AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)",
    .columns = "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = ?1 "
               "AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped "
               "ORDER BY a.attnum",
};
