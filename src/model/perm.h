/* SPDX-License-Identifier: Apache-2.0 */
/* perm.h: the one place that decides who may do what (design §5.4).
 *
 * An actor holds roles at units; a role at a unit counts for the whole subtree. The router asks for the route's
 * permission, model functions ask again for the register and the unit of the record. */
#ifndef LINLI_MODEL_PERM_H
#define LINLI_MODEL_PERM_H

#include "base/err.h"
#include "model/site.h"

enum permission {
    MAY_NONE,  /* open to everybody, also without login: the route says so on purpose */
    MAY_LOGIN, /* anybody logged in */
    MAY_READ,  /* registers, figures, reports within scope */
    MAY_WRITE, /* records and moves within scope */
    MAY_IMPORT,
    MAY_REPORT,   /* issue reports */
    MAY_ADMIN,    /* users, units, modules */
    MAY_PERSONAL, /* see personal columns unmasked */
    MAY__MAX
};
extern const char *const permission_word[MAY__MAX];

struct record;

struct grant {
    const char *role;
    int64_t unit;
};
struct actor {
    int64_t user; /* 0: the program itself (command line, demo data), which may everything; -1: nobody logged in */
    const char *name;
    const struct grant *grants;
    size_t ngrants;
};
extern const struct actor actor_system;

bool actor_may(const struct view *v, const struct actor *a, enum permission p, int64_t unit); /* unit 0: anywhere */
/* The same at every root of the unit tree: for what belongs to no unit. */
bool actor_may_all(const struct view *v, const struct actor *a, enum permission p);
/* May the actor decide over somebody who holds these grants? Only where all of them lie within the units he is
 * admin of; over grants at units that are no more, or none at all, whoever is admin at every root. */
bool actor_over(const struct view *v, const struct actor *a, const struct grant *grants, size_t n);
/* Register rules on top: read or write in roles; unit the record's unit. ERR_DENIED with words that say which role
 * may. */
int actor_reg(const struct view *v, const struct actor *a, const struct reg *r, bool write, int64_t unit,
              struct err *e);
/* May this move? */
int actor_move(const struct view *v, const struct actor *a, const struct reg *r, const struct move *m, int64_t unit,
               struct err *e);
/* The name of a person in an account's: 网格员 何田 → 何田. */
const char *account_person(const char *account);
/* Does the word in an `assigned` field name this account? */
bool account_named(const char *account, const char *who);
/* … or this actor, by name or by the label of a role that he holds there? */
bool actor_named(const struct view *v, const struct actor *a, const char *who, int64_t unit);
/* Is the record, as it stands in the database, the actor's own: did he record it, or is it with him now
 * (`assigned`, `assigned_in`)? */
bool actor_owns(const struct view *v, const struct actor *a, const struct record *r);
/* May the actor change or withdraw this record, as it stands in the database? Who may write there, but of
 * `access: own` roles only the owner. Moves are asked of actor_move. */
int actor_edit(const struct view *v, const struct actor *a, const struct record *r, struct err *e);
/* All units the actor may read: ids of the subtrees, or NULL with *n = 0 and *all = true. */
int64_t *actor_scope(struct arena *ar, const struct view *v, const struct actor *a, size_t *n, bool *all);
/* The same for one register: units where actor_reg(…, false, …) says yes. */
int64_t *actor_scope_reg(struct arena *ar, const struct view *v, const struct actor *a, const struct reg *r,
                         size_t *n, bool *all);
/* May the actor see this column unmasked for a record of this unit? */
bool actor_sees(const struct view *v, const struct actor *a, const struct field *f, int64_t unit);
/* The same for one record in hand: the personal columns of one's own (record.own) are open too. */
bool actor_sees_in(const struct view *v, const struct actor *a, const struct field *f, const struct record *r);
/* The same at every one of these units (all: of the whole site). */
bool actor_sees_all(const struct view *v, const struct actor *a, const struct field *f, const int64_t *units,
                    size_t n, bool all);

#endif
