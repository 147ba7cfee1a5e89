/* SPDX-License-Identifier: Apache-2.0 */
/* import_view.h: an import as people see it: the mapping that can be changed, what would happen, what happened. */
#ifndef LINLI_WEB_IMPORT_VIEW_H
#define LINLI_WEB_IMPORT_VIEW_H

#include "web/import_task.h"
#include "web/request.h"

/* The mapping as a form with the result of the dry run above it. */
void import_view_plan(struct req *q, const struct import_task *t, const struct import_result *r);
/* Running, done or failed. */
void import_view_run(struct req *q, const struct import_task *t);
/* The changed mapping of the sent form into the map of a copy of the task (task_seen). ERR_INPUT for a target that
 * does not exist. */
int import_view_read(struct req *q, struct import_task *t, struct err *e);

#endif
