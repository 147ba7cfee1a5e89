/* SPDX-License-Identifier: Apache-2.0 */
/* conf.h: linli.yaml, the site's configuration: top-level scalars. Private to src/store. */
#ifndef LINLI_STORE_CONF_H
#define LINLI_STORE_CONF_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

/* Names to values (char *), held by the arena. Lists and nested mappings are passed over; a word given twice is
 * ERR_INPUT with the line. */
int conf_read(struct map **out, struct arena *a, const char *path, struct err *e);
/* A commented linli.yaml for a new site. database NULL: SQLite. ERR_CONFLICT if the file is there. */
int conf_create(const char *path, const char *database, struct err *e);

#endif
