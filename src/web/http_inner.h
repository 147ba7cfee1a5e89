/* SPDX-License-Identifier: Apache-2.0 */
/* http_inner.h: between http.c, head.c, dispatch.c and health.c. Private to the core. */
#ifndef LINLI_WEB_HTTP_INNER_H
#define LINLI_WEB_HTTP_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/request.h"

extern const struct actor actor_nobody; /* without login: no grants */

/* head.c: one header as it stands; duplicates of those that may come once are noted. */
void head_take(struct req *q, const char *name, size_t nname, const char *value, size_t nvalue);
/* All headers are there: method, path, limits. What must be refused at once sets q->status and q->close. */
void head_settle(struct req *q, const char *method, const char *version, size_t header_bytes, bool proxy);

/* Run what req_defer was given. */
void req_deferred(struct req *q);
/* Into the lane; false when it is full. */
bool http_queue(struct http *h, struct req *q);
int64_t http_connections(const struct http *h);

#endif
