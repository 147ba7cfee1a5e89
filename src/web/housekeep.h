/* SPDX-License-Identifier: Apache-2.0 */
/* housekeep.h: what a serving process throws away in time: kept answers, dead sessions, old failed logins, what
 * old imports could be undone by, messages that nobody fetched, uploads whose form nobody finished; at its start,
 * uploads that were never finished. Called by the thread that waits for signals. */
#ifndef LINLI_WEB_HOUSEKEEP_H
#define LINLI_WEB_HOUSEKEEP_H

#include "store/store.h"

#define HOUSEKEEP_MS ((int64_t)3600 * 1000)

/* Before requests come. What cannot be removed is logged. */
void housekeep_begin(struct store *s);
/* Prune when the instant *next has come, and set the next one. */
void housekeep_hourly(struct store *s, int64_t *next);
/* One write: everything that is over at this instant. */
int housekeep_prune(struct store *s, int64_t now, struct err *e);

#endif
