/* SPDX-License-Identifier: Apache-2.0 */
/* pg_rows.c: the rows of one running PostgreSQL statement. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/pg_rows.h"

void pg_rows_begin(struct pg_rows *r)
{
    r->running = true;
    r->from_aside = false;
    r->at = 0;
    r->ncols = 0;
}

static void take_result(struct pg_rows *r, PGresult *res)
{
    PQclear(r->res);
    r->res = res;
}

/* After the last result: libpq wants to be asked until it says NULL. */
static void finish(struct pg_rows *r, PGconn *c)
{
    PGresult *res;

    while ((res = PQgetResult(c)) != NULL)
        PQclear(res);
    r->running = false;
}

static int next_live(struct pg_rows *r, PGconn *c)
{
    PGresult *res = PQgetResult(c);

    if (!res) {
        r->running = false;
        return 0;
    }
    take_result(r, res);
    switch (PQresultStatus(res)) {
    case PGRES_SINGLE_TUPLE:
        r->ncols = PQnfields(res);
        return 1;
    case PGRES_TUPLES_OK:
        r->ncols = PQnfields(res);
        finish(r, c);
        return 0;
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        finish(r, c);
        return 0;
    default:
        finish(r, c);
        return -1;
    }
}

static int next_aside(struct pg_rows *r)
{
    int i;

    if (r->at >= r->aside.n) {
        if (!r->failed)
            return 0;
        r->from_aside = false;
        take_result(r, r->failed);
        r->failed = NULL;
        return -1;
    }
    for (i = 0; i < r->ncols; i++) {
        int32_t len;

        memcpy(&len, r->aside.p + r->at, sizeof len);
        r->at += sizeof len;
        r->vals[i] = len < 0 ? NULL : r->aside.p + r->at;
        if (len >= 0)
            r->at += (size_t)len + 1;
    }
    return 1;
}

int pg_rows_next(struct pg_rows *r, PGconn *c)
{
    if (r->running)
        return next_live(r, c);
    if (r->vals) {
        r->from_aside = true;
        return next_aside(r);
    }
    return 0;
}

static void put_aside(struct pg_rows *r, const PGresult *res)
{
    int i;

    for (i = 0; i < r->ncols; i++) {
        int32_t len = PQgetisnull(res, 0, i) ? -1 : (int32_t)PQgetlength(res, 0, i);

        buf_add(&r->aside, &len, sizeof len);
        if (len >= 0)
            buf_add(&r->aside, PQgetvalue(res, 0, i), (size_t)len + 1);
    }
}

int pg_rows_aside(struct pg_rows *r, PGconn *c)
{
    PGresult *now = r->res; /* the row at hand stays as it is until the next step */
    int rc;

    if (!r->running)
        return 0;
    buf_init(&r->aside, PG_ASIDE);
    r->res = NULL;
    while ((rc = next_live(r, c)) == 1) {
        if (!r->vals)
            r->vals = xcalloc((size_t)r->ncols, sizeof *r->vals);
        if (!buf_overflow(&r->aside))
            put_aside(r, r->res);
    }
    if (!r->vals)
        r->vals = xcalloc(1, sizeof *r->vals);
    if (rc < 0) {
        r->failed = r->res;
        r->res = NULL;
    } else {
        PQclear(r->res);
    }
    r->res = now;
    return buf_overflow(&r->aside) ? -1 : 0;
}

void pg_rows_end(struct pg_rows *r, PGconn *c)
{
    if (r->running)
        finish(r, c);
    PQclear(r->res);
    PQclear(r->failed);
    if (r->vals) {
        free(r->vals);
        buf_done(&r->aside);
    }
    memset(r, 0, sizeof *r);
}

const char *pg_rows_text(const struct pg_rows *r, int i)
{
    if (r->from_aside)
        return i < r->ncols ? r->vals[i] : NULL;
    if (!r->res || PQntuples(r->res) == 0 || PQgetisnull(r->res, 0, i))
        return NULL;
    return PQgetvalue(r->res, 0, i);
}
