/* SPDX-License-Identifier: Apache-2.0 */
/* ddl.h: from declarations to tables. */
#ifndef LINLI_MODEL_DDL_H
#define LINLI_MODEL_DDL_H

#include "model/schema.h"
#include "store/db.h"

/* The statements that bring a database to a schema, one per entry. Additive only unless destructive is true. */
struct ddl_plan {
    struct arena *a;
    const char **sql;
    size_t n, cap;
    const char **destructive; /* columns and tables that the schema no longer has */
    size_t ndestructive, capdestructive;
};
int ddl_plan(struct ddl_plan **out, struct arena *a, struct db *d, const struct schema *s, struct err *e);
int ddl_apply(struct db *d, const struct ddl_plan *p, bool destructive, struct err *e);

/* Table layout, for query.c and record.c. r_NAME: home, id, unit, grid, ver, state, day, captured, entered, late,
 * by_user, batch, gone, then f_FIELD…; PRIMARY KEY (home, id). r_NAME_CHILD: home, id, parent, pos, then f_FIELD…;
 * PRIMARY KEY (home, id), foreign key (home, parent). Indexes: (home, gone, day, id), (unit, gone, day, id),
 * (home, batch), each declared unique key (home, …) where gone = 0, each ref field, each filter field with its
 * (home, f, day, id). Of a protected field f_NAME is TEXT whatever its type (sealed) and f_NAME_h TEXT holds the
 * keyed hash; where the field is unique, a key or a filter, the index is on f_NAME_h. */
char *ddl_table(struct arena *a, const struct reg *r);

#endif
