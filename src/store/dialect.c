/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.c: the few places where SQLite and PostgreSQL differ. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "store/backend.h"
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
    for (i = 0; ids && i < n; i++) {
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

int dialect_tables(char ***names, size_t *n, struct arena *a, struct db *d, struct err *e)
{
    static const char *const sql[] = {
        [DB_SQLITE] = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        [DB_POSTGRES] = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                        "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS "
                        "(SELECT 1 FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e')",
    };
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *names = NULL;
    *n = 0;
    if (db_prep(&s, d, sql[db_kind(d)], e) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1)
        VEC_PUSH(a, *names, *n, cap) = arena_str(a, stmt_col_text(s, 0));
    stmt_done(s);
    return rc;
}

int dialect_sole_writer(struct db *d, struct err *e)
{
    return d->be->sole ? d->be->sole(d, e) : 0;
}
