/* SPDX-License-Identifier: Apache-2.0 */
/* pg_rows.h: the rows of one running PostgreSQL statement. Private to postgres.c.
 *
 * Rows are read one at a time as they arrive (libpq's single-row mode), so a long result costs no memory. When
 * another statement begins on the connection, the rest of the running one is first put aside here, compactly, up
 * to PG_ASIDE bytes; more is ERR_TOOBIG. */
#ifndef LINLI_STORE_PG_ROWS_H
#define LINLI_STORE_PG_ROWS_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "base/err.h"

#define PG_ASIDE (64u * 1024 * 1024)

struct pg_rows {
    PGresult *res;     /* the row at hand, or the last result; NULL when rows come from aside */
    struct buf aside;  /* rows put aside: per column int32 length (-1 NULL), bytes, NUL */
    size_t at;         /* the next row in aside */
    const char **vals; /* the row at hand from aside: ncols pointers, NULL for NULL */
    int ncols;
    bool running; /* more is to come from the server */
    bool from_aside;
    PGresult *failed; /* an error that came while rows were put aside; told when its turn comes */
};

/* The statement has been sent. */
void pg_rows_begin(struct pg_rows *r);
/* The next result from the server: 1 a row, 0 the end, -1 an error (r->res tells). */
int pg_rows_next(struct pg_rows *r, PGconn *c);
/* Put aside all that is to come. -1: over the ceiling. */
int pg_rows_aside(struct pg_rows *r, PGconn *c);
/* Read and drop what is to come, forget everything. */
void pg_rows_end(struct pg_rows *r, PGconn *c);
const char *pg_rows_text(const struct pg_rows *r, int i); /* NULL for NULL */

#endif
