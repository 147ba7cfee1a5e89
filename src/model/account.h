/* SPDX-License-Identifier: Apache-2.0 */
/* account.h: an account with its first role, made in one job; the trail says who made it. */
#ifndef LINLI_MODEL_ACCOUNT_H
#define LINLI_MODEL_ACCOUNT_H

#include "model/perm.h"

#define PASSWORD_MIN 8 /* characters */

struct account {
    const char *login, *name, *role, *password; /* password in the clear; hashed here */
    int64_t unit;
    int64_t by; /* who makes it, 0 the command line */
    int64_t id; /* out */
};
/* Does the role exist and may it be held at this unit? */
int account_role(const struct view *v, const char *role, const struct node *unit, struct err *e);
/* ERR_INPUT for an unknown role, a role not granted at units of this kind, a short password, a login that is not
 * [a-z0-9._-]{2,32}; ERR_CONFLICT for a login that is taken. */
int account_add(struct site *s, const struct view *v, struct account *acc, struct err *e);

#endif
