/* SPDX-License-Identifier: Apache-2.0 */
/* query_find.h: one record by its id alone, as it stands in an address. */
#ifndef LINLI_MODEL_QUERY_FIND_H
#define LINLI_MODEL_QUERY_FIND_H

#include "model/record.h"
#include "model/site.h"

/* Looks in every home of the unit tree (site-wide registers: in home 0), also among withdrawn records; with
 * children. ERR_MISSING. Does not decide access. */
int query_find(struct record **out, struct arena *a, struct db *d, const struct view *v, const struct reg *r,
               int64_t id, struct err *e);

#endif
