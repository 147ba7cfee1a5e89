/* SPDX-License-Identifier: Apache-2.0 */
/* lane.h: the lane of heavy requests: LANE_WORKERS threads and queues of LANE_QUEUE. Private to the core.
 * Password hashes (class HASH) have a queue and a worker of their own, so that nobody waits with logging in behind
 * long reports; the other workers take them first, too. Attachments (class FILES) have a queue and a worker of
 * their own as well: the photos of a page do not wait behind long reports, and the disk they come from does not
 * hold a request thread.
 *
 * The workers of long jobs stand back for everybody else (LANE_NICE): an idle machine is theirs, on a busy one each
 * gets about a tenth of what a request thread gets, so that pages stay quick beside a report over ten years and the
 * report still comes to its end. */
#ifndef LINLI_WEB_LANE_H
#define LINLI_WEB_LANE_H

#include <stdbool.h>

#include "base/err.h"

#define LANE_WORKERS 4 /* the first takes hashes only, the second files only */
#define LANE_QUEUE 64
#define LANE_NICE 10

struct req;
struct lane;

int lane_start(struct lane **out, struct err *e);
/* Finish what has queued, end the threads. */
void lane_stop(struct lane *l);
/* Park the request's connection and queue it; false, and nothing done, when the lane is full or ending. */
bool lane_push(struct lane *l, struct req *q);

#endif
