/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch.h: from a request to its answer: the columns of the route table, enforced once. Private to the core.
 *
 *   http.c    headers → dispatch_head → body → dispatch_run → answer
 *                                                 ↘ parked: lane.c (heavy, file, hash) or the writer (write) →
 * http_wake → dispatch_resume → answer */
#ifndef LINLI_WEB_DISPATCH_H
#define LINLI_WEB_DISPATCH_H

#include "web/request.h"

#define FAST_STEPS ((int64_t)4000000)     /* SQLite steps of a fast route, some 100 ms */
#define HEAVY_STEPS ((int64_t)2000000000) /* of a statement in the lane, some 60 s */
#define HEAVY_MS 60000
#define FAST_MS 300 /* the same on PostgreSQL */

/* The headers are there: route, login, permission, declared length. true: the answer stands already. */
bool dispatch_head(struct req *q);
/* All of the body is there. true: the answer stands; false: the connection is parked. */
bool dispatch_run(struct req *q);
/* Awake again, on the request's thread. */
bool dispatch_resume(struct req *q);
/* In the lane: run the handler, then wake the connection or hand its write to the writer. */
void dispatch_lane(struct req *q);
/* The answer has been sent or given up. */
void dispatch_end(struct req *q);

#endif
