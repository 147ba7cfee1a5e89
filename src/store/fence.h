/* SPDX-License-Identifier: Apache-2.0 */
/* fence.h: a SELECT that a user wrote runs here and nowhere else.
 *
 * Both back ends: exactly one statement that begins with SELECT or WITH, no comments, no dollar quotes, no
 * escapes; every relation it names is on the list; every function is on fence.c's list; never recursive; rows,
 * time and bytes are limited. SQLite checks again with its authorizer while it prepares; PostgreSQL runs it in a
 * READ ONLY transaction under a statement_timeout. The statement is not cached. */
#ifndef LINLI_STORE_FENCE_H
#define LINLI_STORE_FENCE_H

#include "store/db.h"

struct fence {
    const char *const *tables; /* NULL-terminated: the only tables it may read */
    int64_t steps;             /* SQLite virtual-machine steps; 0 means FENCE_STEPS */
    int64_t ms;                /* PostgreSQL milliseconds; 0 means FENCE_MS */
    int64_t rows;              /* more rows end it with ERR_TOOBIG; 0 means FENCE_ROWS */
};
#define FENCE_STEPS 20000000
#define FENCE_MS 3000
#define FENCE_ROWS 10000
#define FENCE_SQL 8192 /* bytes of text accepted */

/* Each row comes with the statement: read it with stmt_col_*, stmt_cols, stmt_col_name. 0 go on, 1 stop, -1. */
typedef int (*fence_fn)(void *arg, const struct stmt *row, struct err *e);

/* d is a reader outside a transaction. params bind ?1 …. ERR_DENIED names what is not allowed, ERR_INPUT what
 * cannot be read, ERR_TOOBIG what took too long or gave too much. */
int fence_run(struct db *d, const struct fence *f, const char *sql, const char *const *params, size_t nparams,
              fence_fn fn, void *arg, struct err *e);

#endif
