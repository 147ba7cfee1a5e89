/* SPDX-License-Identifier: Apache-2.0 */
/* db.h: one thin face for SQLite and PostgreSQL.
 *
 * SQL is written once with ?1 ?2 placeholders; postgres.c rewrites them to $1 $2. What differs between the two
 * goes through dialect.h. Only two column types exist: 64-bit integer and UTF-8 text (and text[] for search in
 * PostgreSQL, written through search.h). A struct db belongs to one thread at a time. Statements are prepared
 * once per connection and cached by their text. */
#ifndef LINLI_STORE_DB_H
#define LINLI_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum db_kind { DB_SQLITE, DB_POSTGRES };
enum db_mode { DB_READ, DB_WRITE };

struct db;
struct stmt;

/* where: the path of a SQLite file, or postgres://… / "host=… dbname=…" prefixed with postgres:. */
int db_open(struct db **out, const char *where, enum db_mode mode, struct err *e);
void db_close(struct db *d);
enum db_kind db_kind(const struct db *d);
/* Grows with each statement run or put off that is no SELECT: has anything been done since? */
uint64_t db_writes(const struct db *d);

/* A ready statement from the cache, reset and without bindings. Give it back with stmt_done: always, also after
 * an error. At most 512 parameters. Rows left unread are still sent by PostgreSQL: write LIMIT where few are
 * wanted. A parameter's type is inferred by PostgreSQL from its use: one parameter is BIGINT or TEXT throughout a
 * statement, and CAST(?1 AS BIGINT) says it where nothing else does. The same text may be in use once per
 * connection at a time; a nested use gets its own copy. */
int db_prep(struct stmt **out, struct db *d, const char *sql, struct err *e);
void stmt_int(struct stmt *s, int i, int64_t v);      /* i counts from 1 */
void stmt_text(struct stmt *s, int i, const char *v); /* NULL binds NULL; v must live until stmt_done */
void stmt_textn(struct stmt *s, int i, const char *v, size_t n);
void stmt_null(struct stmt *s, int i);
/* 1 a row, 0 no more rows, -1 an error (unique violations: ERR_CONFLICT). */
int stmt_step(struct stmt *s, struct err *e);
int64_t stmt_col_int(const struct stmt *s, int i);      /* i counts from 0; 0 for NULL */
const char *stmt_col_text(const struct stmt *s, int i); /* NULL for NULL; lives until the next step */
bool stmt_col_null(const struct stmt *s, int i);
int stmt_cols(const struct stmt *s); /* after the first stmt_step */
const char *stmt_col_name(const struct stmt *s, int i);
void stmt_done(struct stmt *s);

/* Run to the end and forget the rows. db_exec takes one statement without parameters (DDL, pragmas). */
int stmt_run(struct stmt *s, struct err *e);
int64_t stmt_changes(const struct stmt *s); /* rows changed by the last run */
int db_exec(struct db *d, const char *sql, struct err *e);

/* Transactions and savepoints. begin on a writer is BEGIN IMMEDIATE; on a reader a consistent snapshot. After a
 * statement has failed inside a transaction, only db_undo and db_rollback are accepted, on both back ends: who
 * wants to go on after a conflict takes a savepoint first. */
int db_begin(struct db *d, struct err *e);
int db_commit(struct db *d, struct err *e);
bool db_in_tx(const struct db *d); /* between db_begin and its end */
void db_rollback(struct db *d);
int db_save(struct db *d, struct err *e); /* SAVEPOINT, nests */
int db_release(struct db *d, struct err *e);
void db_undo(struct db *d); /* ROLLBACK TO and RELEASE */

/* Stop a reader's statement that has used more than this many virtual-machine steps (SQLite) or milliseconds
 * (PostgreSQL statement_timeout); 0 lifts the limit. For inline routes. */
void db_limit(struct db *d, int64_t steps, int64_t ms);
void db_limits(const struct db *d, int64_t *steps, int64_t *ms); /* as they are, to be put back */
bool db_has_table(struct db *d, const char *name);
/* Column names of a table into names[max]; returns how many there are. */
size_t db_columns(struct db *d, const char *table, char (*names)[64], size_t max);

#endif
