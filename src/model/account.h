/* SPDX-License-Identifier: Apache-2.0 */
/* account.h: accounts: made with a first role, listed, changed; the trail says who did it. Whoever is admin
 * somewhere decides only over accounts all of whose roles lie there (actor_over). */
#ifndef LINLI_MODEL_ACCOUNT_H
#define LINLI_MODEL_ACCOUNT_H

#include "model/perm.h"
#include "store/sys_user.h"

#define PASSWORD_MIN 8 /* characters */

struct account {
    const char *login, *name, *role, *password; /* password in the clear; hashed here */
    int64_t unit;
    int64_t by;       /* who makes it, 0 the command line */
    int64_t id;       /* out */
    const char *hash; /* of the password, by account_ready */
};
/* Does the role exist and may it be held at this unit? */
int account_role(const struct view *v, const char *role, const struct node *unit, struct err *e);
/* ERR_INPUT for an unknown role, a role not granted at units of this kind, a short password, a login that is not
 * [a-z0-9._-]{2,32}; ERR_CONFLICT for a login that is taken. */
int account_add(struct site *s, const struct view *v, struct account *acc, struct err *e);
/* The same in two steps, for a write_fn: all that can be told before, and the password's hash, which takes long …
 */
int account_ready(struct arena *a, const struct view *v, struct account *acc, struct err *e);
/* … and the account itself. */
int account_add_in(struct db *d, struct arena *a, const struct view *v, struct account *acc, struct err *e);

/* The account if the actor decides over it: ERR_MISSING for others, existence is not told. */
int account_find(struct user *out, struct arena *a, struct db *d, const struct view *v, const struct actor *by,
                 int64_t id, struct err *e);
/* user_list, those only that the actor decides over. */
int account_list(struct user **out, size_t *n, struct arena *a, struct db *d, const struct view *v,
                 const struct actor *by, const char *word, int limit, struct err *e);

struct account_change {
    int64_t user;
    const char *act;         /* on, off, grant, drop, password */
    const char *role;        /* grant, drop */
    const struct node *unit; /* grant, drop */
    const char *hash;        /* password */
    const struct actor *by;
};
/* Inside a write_fn. ERR_MISSING as account_find, ERR_DENIED for a unit the actor is not admin of, ERR_CONFLICT for
 * taking the last role away, for suspending oneself, and for what leaves nobody who is admin of everything. */
int account_change_in(struct db *d, struct arena *a, const struct view *v, const struct account_change *c,
                      struct err *e);

#endif
