/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.c: the few places where SQLite and PostgreSQL differ. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "store/dialect.h"

#define IDS_MAX (16 * 1024 * 1024) /* bytes of one list */

enum db_kind dialect_kind(const char *where)
{
    return strncmp(where, "postgres:", 9) == 0 || strncmp(where, "postgresql:", 11) == 0 ? DB_POSTGRES : DB_SQLITE;
}

const char *dialect_in_ids(char out[64], enum db_kind kind, int p)
{
    if (kind == DB_SQLITE)
        snprintf(out, 64, "IN (SELECT value FROM json_each(?%d))", p);
    else
        snprintf(out, 64, "= ANY(CAST(?%d AS BIGINT[]))", p);
    return out;
}

const char *dialect_ids(struct arena *a, enum db_kind kind, const int64_t *ids, size_t n)
{
    struct buf b;
    char *out;
    size_t i;

    buf_init(&b, IDS_MAX);
    buf_char(&b, kind == DB_SQLITE ? '[' : '{');
    for (i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&b, ',');
        buf_int(&b, ids[i]);
    }
    buf_char(&b, kind == DB_SQLITE ? ']' : '}');
    out = arena_strn(a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

const char *dialect_clustered(enum db_kind kind)
{
    return kind == DB_SQLITE ? " WITHOUT ROWID" : "";
}

int dialect_sole_writer(struct db *d, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_kind(d) == DB_SQLITE)
        return 0;
    /* One lock per schema, so that several sites may share a database. Held until the connection ends. */
    if (db_prep(&s, d, "SELECT CASE WHEN pg_try_advisory_lock(76105, hashtext(current_schema())) THEN 1 ELSE 0 END",
                e) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        rc = stmt_col_int(s, 0)
                 ? 0
                 : err_set(e, ERR_BUSY, "另一个服务正在运行，并向这个数据库写入。请先停止它，再启动本服务。");
    stmt_done(s);
    return rc;
}
