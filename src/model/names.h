/* SPDX-License-Identifier: Apache-2.0 */
/* names.h: ids in records as people read them: units and grids from the trees, references by their titles.
 *
 * Titles come with one query per referenced register, however many records are shown. */
#ifndef LINLI_MODEL_NAMES_H
#define LINLI_MODEL_NAMES_H

#include "model/record.h"

struct names;
/* For these records and their child rows, all of one register. */
int names_load(struct names **out, struct arena *a, struct db *d, const struct view *v, const struct reg *r,
               struct record *const *rs, size_t n, struct err *e);
/* As type_show, with names for ids. A protected value shows as （受保护）: who opens one says so in the trail. */
const char *names_show(const struct names *ns, const struct field *f, struct value v, enum lang l);
/* The name of a unit or grid, "" if there is none. */
const char *names_unit(const struct names *ns, int64_t id);
const char *names_grid(const struct names *ns, int64_t id);

#endif
