/* SPDX-License-Identifier: Apache-2.0 */
/* task.h: whose turn it is. A record whose register says `assigned: FIELD` is with whoever that field names: an
 * account's name (or its last word: 网格员 何田), or the label of a role that somebody holds where the record is.
 */
#ifndef LINLI_WEB_TASK_H
#define LINLI_WEB_TASK_H

#include "store/sys_clock.h"
#include "web/request.h"

#define TASKS_COUNTED 100 /* no badge counts further */

/* The open time limits of what is with whoever asks, in registers that he may read, soonest first. */
int task_mine(struct clock **out, size_t *n, struct req *q, int limit, struct err *e);
/* Is it with whoever asks? */
bool task_is_mine(const struct req *q, const struct clock *c);
/* How many there are, up to TASKS_COUNTED, kept for some seconds; 0 when the database does not say. */
int task_count(struct req *q);
/* This user has written: count anew. */
void task_forget(int64_t user);

/* Whom records of a register at this unit can be with: accounts that may write it there, then roles. */
struct task_who {
    const char *name;
    const char *roles; /* 网格员、书记; NULL: name is a role's */
};
int task_who(struct task_who **out, size_t *n, struct req *q, const struct reg *r, const struct node *unit,
             struct err *e);

#endif
