/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h: a fixed statement with its values in one line.
 *
 * types has one letter per parameter, from ?1 on: i an int64_t (write I64(x) unless it is one), t a text, whose
 * NULL binds NULL, e a text whose NULL binds "". Texts must live until stmt_done. */
#ifndef LINLI_STORE_SQL_H
#define LINLI_STORE_SQL_H

#include "base/arena.h"
#include "store/db.h"

#define I64(x) ((int64_t)(x))

/* Prepared and bound, to be stepped; stmt_done it. */
int sql_open(struct stmt **out, struct db *d, struct err *e, const char *sql, const char *types, ...);
/* Run to the end; returns the number of rows changed, or -1. */
int64_t sql_run(struct db *d, struct err *e, const char *sql, const char *types, ...);
/* The first column of the first row: 1, 0 no row (*out 0), -1. */
int sql_int(int64_t *out, struct db *d, struct err *e, const char *sql, const char *types, ...);
/* A column's text held by the arena, "" for NULL. */
const char *sql_text(struct arena *a, const struct stmt *s, int i);

#endif
