/* SPDX-License-Identifier: Apache-2.0 */
/* migrate.h: the system tables (s_…) are made and brought up to date.
 *
 * s_meta(name, value) holds the version under "schema". Each step is one DDL statement a call, in order, within
 * one transaction a version; a database made by a newer program is refused. The registers' own tables are
 * model/ddl's matter. */
#ifndef LINLI_STORE_MIGRATE_H
#define LINLI_STORE_MIGRATE_H

#include "base/arena.h"
#include "base/map.h"
#include "store/db.h"

/* On a writing connection, outside a transaction. Does nothing when all is up to date. */
int migrate_system(struct db *d, struct err *e);
/* On a reading connection, which cannot bring it up to date: ERR_BUSY when an older program made it. */
int migrate_check(struct db *d, struct err *e);
/* The version this program makes. */
int migrate_version(void);

/* The table of them alone, in a database that has none. */
int meta_create(struct db *d, struct err *e);
/* Small facts about this database. 1 found (*out held by the arena), 0 none, -1 an error. */
int meta_get(char **out, struct arena *a, struct db *d, const char *name, struct err *e);
/* All whose name begins so: what follows → its value. */
int meta_all(struct map **out, struct arena *a, struct db *d, const char *begins, struct err *e);
int meta_set(struct db *d, const char *name, const char *value, struct err *e);
/* Forget all whose name begins so. */
int meta_drop(struct db *d, const char *begins, struct err *e);

#endif
