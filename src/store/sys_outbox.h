/* SPDX-License-Identifier: Apache-2.0 */
/* sys_outbox.h: messages to send once the write they belong to is committed.
 * s_outbox(id, home, at, topic, payload, sent, tries, next). */
#ifndef LINLI_STORE_SYS_OUTBOX_H
#define LINLI_STORE_SYS_OUTBOX_H

#include "base/arena.h"
#include "store/db.h"

#define OUTBOX_TRIES 12 /* then it stays for a person to look at */

struct message {
    int64_t id, home, at; /* at: instant it was put */
    const char *topic;    /* which channel: "inbox:ID", "wecom", "dingtalk", "feishu", "webhook" … */
    const char *payload;
    int64_t sent; /* instant, 0 not yet */
    int64_t tries;
    int64_t next; /* not before this instant */
};
/* In the transaction of the change. */
int outbox_put(struct db *d, int64_t home, const char *topic, const char *payload, int64_t now, struct err *e);
/* What is due at now, oldest first. */
int outbox_due(struct message **out, size_t *n, struct arena *a, struct db *d, int64_t now, int limit,
               struct err *e);
int outbox_sent(struct db *d, int64_t id, int64_t now, struct err *e);
/* Waits 1, 2, 4 … minutes, at most 6 hours; after OUTBOX_TRIES it is not due any more. */
int outbox_failed(struct db *d, int64_t id, int64_t now, struct err *e);
/* Messages of one topic, newest first, sent or not; a person's inbox is such a topic. */
int outbox_list(struct message **out, size_t *n, struct arena *a, struct db *d, const char *topic, int limit,
                struct err *e);
int outbox_stuck(int64_t *n, struct db *d, struct err *e);     /* how many have used all their tries */
int outbox_prune(struct db *d, int64_t before, struct err *e); /* sent before this instant */

#endif
