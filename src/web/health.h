/* SPDX-License-Identifier: Apache-2.0 */
/* health.h: is it alive, is it ready, what has it done. */
#ifndef LINLI_WEB_HEALTH_H
#define LINLI_WEB_HEALTH_H

#include "web/request.h"

/* One request is over; ok: its answer went out whole. Counts on this thread without a lock. */
void metrics_count(const struct req *q, bool ok);

int page_healthz(struct req *q, struct err *e); /* the process answers */
int page_readyz(struct req *q, struct err *e);  /* database, writer and disk are fit for work, else 503 */
int page_metrics(struct req *q, struct err *e); /* Prometheus text; from this machine or for administrators */

#endif
