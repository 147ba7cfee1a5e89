/* SPDX-License-Identifier: Apache-2.0 */
/* sys_outbox.h: messages for programs outside, put in the transaction of the change they tell of.
 * s_outbox(id, home, at, topic, payload) holds those that wait: who has taken one for good drops it, so each comes
 * at least once (doc/api.md); what nobody fetches goes after a while (housekeeping). */
#ifndef LINLI_STORE_SYS_OUTBOX_H
#define LINLI_STORE_SYS_OUTBOX_H

#include "base/arena.h"
#include "store/db.h"

struct message {
    int64_t id, home, at; /* at: instant it was put */
    const char *topic;    /* what it tells of: "clock" */
    const char *payload;  /* one JSON object */
};
int outbox_put(struct db *d, int64_t home, const char *topic, const char *payload, int64_t now, struct err *e);
/* Those that wait after this id (0: from the start), oldest first. */
int outbox_list(struct message **out, size_t *n, struct arena *a, struct db *d, int64_t after, int limit,
                struct err *e);
int outbox_drop(struct db *d, int64_t id, struct err *e);      /* not there is no error */
int outbox_prune(struct db *d, int64_t before, struct err *e); /* put before this instant */

#endif
