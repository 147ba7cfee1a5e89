/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.h: the few places where SQLite and PostgreSQL differ, for SQL written in store/ and model/{ddl,query}.
 *
 * A statement that needs a list of ids binds it as one text parameter:
 *
 *     #define SUM(IN) "SELECT SUM(n) FROM s_total WHERE home " IN(1) " AND day >= ?2"
 *     static const char *const sum_sql[] = DIALECT(SUM);
 *     …
 *     db_prep(&s, db, sum_sql[db_kind(db)], e);
 *     stmt_text(s, 1, dialect_ids(a, db_kind(db), ids, n));
 *
 * so it stays one statement, prepared once, whatever the length of the list. */
#ifndef LINLI_STORE_DIALECT_H
#define LINLI_STORE_DIALECT_H

#include "base/arena.h"
#include "store/db.h"

#define IN_IDS_SQLITE(p) "IN (SELECT value FROM json_each(?" #p "))"
#define IN_IDS_POSTGRES(p) "= ANY(CAST(?" #p " AS BIGINT[]))"
#define DIALECT(SQL)                                                                                               \
    {                                                                                                              \
        [DB_SQLITE] = SQL(IN_IDS_SQLITE), [DB_POSTGRES] = SQL(IN_IDS_POSTGRES)                                     \
    }

/* The same for SQL built at run time: writes the comparison for parameter p ("IN (…)", "= ANY(…)"). */
const char *dialect_in_ids(char out[64], enum db_kind kind, int p);
/* The list as the parameter's text: [1,2,3] or {1,2,3}; held by the arena. */
const char *dialect_ids(struct arena *a, enum db_kind kind, const int64_t *ids, size_t n);

enum db_kind dialect_kind(const char *where);
/* Ends a CREATE TABLE whose rows are found by primary key only: " WITHOUT ROWID" on SQLite, "" on PostgreSQL. */
const char *dialect_clustered(enum db_kind kind);

/* The tables in the connection's schema, but for those that an extension of the server brought along. */
int dialect_tables(char ***names, size_t *n, struct arena *a, struct db *d, struct err *e);

/* Only one process may write: on PostgreSQL a session lock on this database; ERR_BUSY if somebody holds it.
 * On SQLite DIR/lock has settled that already. */
int dialect_sole_writer(struct db *d, struct err *e);

#endif
