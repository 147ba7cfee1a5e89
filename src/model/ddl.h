/* SPDX-License-Identifier: Apache-2.0 */
/* ddl.h: from declarations to tables. */
#ifndef LINLI_MODEL_DDL_H
#define LINLI_MODEL_DDL_H

#include "model/schema.h"
#include "store/db.h"

/* The statements that bring a database to a schema, one per entry. sql only adds tables, columns and indexes (and
 * drops indexes that are no longer declared: they hold nothing of their own); what would lose data stands in
 * destructive. Both are empty when the database is as declared. */
struct ddl_plan {
    struct arena *a;
    const char **sql;
    size_t n, cap;
    const char **destructive; /* columns and tables that the schema no longer has */
    size_t ndestructive, capdestructive;
};
/* ERR_CONFLICT where a field's column would have to change between number and text: that cannot be done by adding.
 */
int ddl_plan(struct ddl_plan **out, struct arena *a, struct db *d, const struct schema *s, struct err *e);
/* Run the plan inside the caller's transaction, in a savepoint of its own: all of it or nothing. A unique key that
 * existing records break is ERR_CONFLICT. */
int ddl_apply(struct db *d, const struct ddl_plan *p, bool destructive, struct err *e);

/* Table layout, for query.c and record.c. r_NAME: home, id, unit, grid, ver, state, day, captured, entered, late,
 * by_user, batch, gone, then f_FIELD…; PRIMARY KEY (home, id), on SQLite id alone. r_NAME_CHILD: home, id, parent,
 * pos, then f_FIELD…; the same key, FOREIGN KEY (home, parent) to (home, id), deleted with it. Columns are BIGINT
 * or TEXT; those of fields may be NULL. References have no foreign key: they may point to a record withdrawn or in
 * home 0. Indexes, id at their end left out where it is SQLite's row number, and rows without a value where the
 * field need not have one: (home, gone, day, id), (unit, gone, day, id), (home, batch); each declared unique key
 * (home, …) where gone = 0, the natural key (home, …), each ref field (home, f), each filter field (home, f, day,
 * id); of children (home, parent, pos). Of a protected field f_NAME is TEXT whatever its type (sealed) and f_NAME_h
 * TEXT holds the keyed hash; where the field is unique, a key or a filter, the index is on f_NAME_h. */
char *ddl_table(struct arena *a, const struct reg *r);

#endif
