/* SPDX-License-Identifier: Apache-2.0 */
/* sql.c: a fixed statement with its values in one line. */
#include <stdarg.h>
#include <stdlib.h>

#include "store/sql.h"

static int open_bound(struct stmt **out, struct db *d, struct err *e, const char *sql, const char *types,
                      va_list ap)
{
    const char *text;
    int i;

    if (db_prep(out, d, sql, e) < 0)
        return -1;
    for (i = 1; *types; types++, i++) {
        switch (*types) {
        case 'i':
            stmt_int(*out, i, va_arg(ap, int64_t));
            break;
        case 't':
            stmt_text(*out, i, va_arg(ap, const char *));
            break;
        case 'e':
            text = va_arg(ap, const char *);
            stmt_text(*out, i, text ? text : "");
            break;
        default:
            abort();
        }
    }
    return 0;
}

int sql_open(struct stmt **out, struct db *d, struct err *e, const char *sql, const char *types, ...)
{
    va_list ap;
    int rc;

    va_start(ap, types);
    rc = open_bound(out, d, e, sql, types, ap);
    va_end(ap);
    return rc;
}

int64_t sql_run(struct db *d, struct err *e, const char *sql, const char *types, ...)
{
    struct stmt *s;
    va_list ap;
    int64_t rc;

    va_start(ap, types);
    rc = open_bound(&s, d, e, sql, types, ap);
    va_end(ap);
    if (rc < 0)
        return -1;
    rc = stmt_run(s, e);
    if (rc == 0)
        rc = stmt_changes(s);
    stmt_done(s);
    return rc;
}

int sql_int(int64_t *out, struct db *d, struct err *e, const char *sql, const char *types, ...)
{
    struct stmt *s;
    va_list ap;
    int rc;

    *out = 0;
    va_start(ap, types);
    rc = open_bound(&s, d, e, sql, types, ap);
    va_end(ap);
    if (rc < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = stmt_col_int(s, 0);
    stmt_done(s);
    return rc;
}

const char *sql_text(struct arena *a, const struct stmt *s, int i)
{
    const char *v = stmt_col_text(s, i);

    return v ? arena_str(a, v) : "";
}
