/* SPDX-License-Identifier: Apache-2.0 */
/* import_view.h: an import as people see it: the mapping that can be changed, what would happen, what happened. */
#ifndef LINLI_WEB_IMPORT_VIEW_H
#define LINLI_WEB_IMPORT_VIEW_H

#include "store/sys_batch.h"
#include "web/import_task.h"
#include "web/request.h"

/* --- pages (import_view.c) */
/* The result of the dry run, the first rows as they will be stored, the mapping as a form. r NULL: nothing of the
 * file has been recognised yet. */
int import_view_plan(struct req *q, const struct import_task *t, const struct import_result *r, struct err *e);
/* Running, stopped, done or failed. */
void import_view_run(struct req *q, const struct import_task *t);

/* --- the mapping (import_form.c) */
/* What each sheet and column is, within a form. */
void import_form(struct req *q, const struct import_task *t);
/* The sent form into the map of a copy of the task (task_seen). ERR_INPUT for what does not exist. */
int import_form_read(struct req *q, struct import_task *t, struct err *e);

/* --- what came of it (import_show.c) */
void import_counts(struct req *q, const struct import_result *r, bool dry);
/* The first rows of each sheet as they will be stored. */
int import_preview(struct req *q, const struct import_task *t, const struct import_result *r, struct err *e);
/* What was refused, by how to mend it; what would change; what is no record. */
void import_rejects(struct req *q, const struct import_task *t, const struct import_result *r);
/* New rows that are probably there already. */
void import_alikes(struct req *q, const struct import_result *r);
void import_changes(struct req *q, const struct import_result *r);
void import_skipped(struct req *q, const struct import_result *r);

/* --- batches (page_batch.c) */
/* What is said of a batch: undone, running, cut off, or nothing (""). */
const char *batch_says(struct req *q, const struct batch *b);
/* The button that undoes it, behind a question. */
void batch_undo_form(struct req *q, int64_t home, int64_t id);
/* The file again, for the same unit. */
void import_upload_form(struct req *q, const struct node *unit, const char *only);

#endif
