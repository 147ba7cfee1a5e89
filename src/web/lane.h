/* SPDX-License-Identifier: Apache-2.0 */
/* lane.h: the lane of heavy requests: LANE_WORKERS threads and a queue of LANE_QUEUE. Private to the core. */
#ifndef LINLI_WEB_LANE_H
#define LINLI_WEB_LANE_H

#include <stdbool.h>

#include "base/err.h"

#define LANE_WORKERS 2
#define LANE_QUEUE 64

struct req;
struct lane;

int lane_start(struct lane **out, struct err *e);
/* Finish what has queued, end the threads. */
void lane_stop(struct lane *l);
/* Park the request's connection and queue it; false, and nothing done, when the lane is full or ending. */
bool lane_push(struct lane *l, struct req *q);

#endif
