/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h: building the trees of site.h from rows. Private to src/model. */
#ifndef LINLI_MODEL_TREE_H
#define LINLI_MODEL_TREE_H

#include "model/site.h"

struct node_row {
    int64_t id, parent, unit; /* unit: grids, the unit they belong to */
    const char *code, *name, *kind;
    int32_t since, until;
};
/* A tree in its own arena with one reference. units NULL: this is the unit tree; else the grids of those units. A
 * node without a known parent is a root; a ring of parents is cut open at its smallest id. */
struct tree *tree_build(const struct node_row *rows, size_t n, const struct tree *units);
void tree_free(struct tree *t);

#endif
