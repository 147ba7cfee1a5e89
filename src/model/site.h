/* SPDX-License-Identifier: Apache-2.0 */
/* site.h: everything that is open: the store, the schema in force, the two trees. */
#ifndef LINLI_MODEL_SITE_H
#define LINLI_MODEL_SITE_H

#include <pthread.h>
#include <stdatomic.h>

#include "model/schema.h"
#include "store/store.h"

/* A node of the unit tree or of the grid tree, from registers unit and grid; loaded whole (a city has thousands,
 * not millions) and replaced as a whole after a write to either register. */
struct node {
    int64_t id, parent; /* parent 0: a root */
    int64_t home;       /* units: the community (or the unit itself above one); grids: their community */
    const char *code, *name, *kind;
    int32_t from, until; /* valid days; DAY_NONE: open */
    int depth;
    size_t nkids;
    struct node **kids; /* in order of code */
    struct node *up;
};
struct tree {
    struct arena *a;
    size_t n;
    struct node *nodes;  /* in depth-first order: a subtree is contiguous; roots have depth 0 */
    struct node **by_id; /* sorted by id */
    struct map *by_code;
    int refs;       /* under the site's lock */
    uint64_t stamp; /* no two trees of a process have the same */
};
struct node *tree_find(const struct tree *t, int64_t id);
struct node *tree_code(const struct tree *t, const char *code);
/* By exact name, else by unique ending or part of a name (第一党支部 → 青榆社区第一党支部); NULL if none or
 * several. under: only in this subtree, NULL anywhere. kind may be NULL. */
struct node *tree_name(const struct tree *t, const char *name, const char *kind, const struct node *under);
/* Ids of a node and all beneath it. */
int64_t *tree_below(struct arena *a, const struct node *n, size_t *count);
bool tree_within(const struct node *n, const struct node *top);

struct site {
    struct store *store;
    struct schema *schema;
    struct tree *units, *grids;
    int32_t zone_minutes;
    /* working days (engine/calendar), given by main so that model need not know the calendar */
    int32_t (*working_day)(int32_t day, int n, void *arg); /* NULL: Monday to Friday */
    void *working_arg;
    int late_days;         /* linli.yaml late_days: entered later than this is 补录; default 3 */
    pthread_mutex_t lock;  /* of units and grids and their counts */
    atomic_llong stale_at; /* a write to a tree register was made at this ms and the trees are older; 0: none */
    atomic_llong tried_at; /* when site_hold last read the trees for that */
};

/* Open a data directory: store, schema (migrated if need be and mode is STORE_WRITE), trees. */
int site_open(struct site **out, const char *dir, enum store_mode mode, struct err *e);
void site_close(struct site *s);
/* Read the trees anew; called after writes to unit and grid. Readers hold the old ones by site_hold/site_drop. */
int site_trees(struct site *s, struct err *e);
/* The same if a committed write asks for it: for whoever calls record_save_in from a write_fn of his own, after it
 * was answered. record_save and flow_move do it themselves; site_hold does it late. */
int site_refresh(struct site *s, struct err *e);
/* n working days after day by the site's calendar. */
int32_t site_working_day(const struct site *s, int32_t day, int n);
/* The trees and schema as they are now, held until dropped: one pair per request. */
struct view {
    struct schema *schema;
    struct tree *units, *grids;
};
void site_hold(struct site *s, struct view *v);
void site_drop(struct site *s, struct view *v);

#endif
