/* SPDX-License-Identifier: Apache-2.0 */
/* sys_idem.h: idempotency keys (design §5.3): a retry after a lost answer gets the same answer.
 * s_idem(key, who, at, status, answer), one row per key and user, kept in the transaction of the write. */
#ifndef LINLI_STORE_SYS_IDEM_H
#define LINLI_STORE_SYS_IDEM_H

#include "base/arena.h"
#include "store/db.h"

#define IDEM_KEEP_MS ((int64_t)7 * 24 * 3600 * 1000)

struct idem {
    int status;         /* HTTP status of the answer */
    const char *answer; /* body or Location, as the caller kept it */
    int64_t at;         /* instant */
};
/* 1 this user has used the key before, 0 not, -1. Look inside the writer's transaction, not on a reader. */
int idem_find(struct idem *out, struct arena *a, struct db *d, int64_t who, const char *key, struct err *e);
/* ERR_CONFLICT if the key is there already. */
int idem_keep(struct db *d, int64_t who, const char *key, const struct idem *i, struct err *e);
int idem_prune(struct db *d, int64_t now, struct err *e); /* older than IDEM_KEEP_MS */

#endif
