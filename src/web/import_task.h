/* SPDX-License-Identifier: Apache-2.0 */
/* import_task.h: an uploaded ledger between upload and done: its book, its map, its progress, its result.
 *
 * Tasks live in memory: a restart forgets what has not been imported, and the file is uploaded again (importing
 * twice changes nothing). At most TASKS_MAX at once, each forgotten two hours after its last use. A task belongs to
 * the user who uploaded it. */
#ifndef LINLI_WEB_IMPORT_TASK_H
#define LINLI_WEB_IMPORT_TASK_H

#include "model/intake.h"

#define TASKS_MAX 16
#define TASK_TOKEN 20

enum task_phase { TASK_PLANNED, TASK_RUNNING, TASK_DONE, TASK_FAILED };

struct import_task {
    char token[TASK_TOKEN + 1];
    struct arena *a;
    int64_t user, unit;      /* who, for which unit */
    struct grant grants[32]; /* the actor's, as they were when it was uploaded */
    struct actor actor;
    const char *file_name;
    char sha[2 * SEC_HASH + 1];
    struct book *book;
    struct import_map *map;
    enum task_phase phase;
    long done, total;             /* rows */
    struct import_result *result; /* of the run */
    struct err err;               /* TASK_FAILED */
    int64_t used;                 /* instant of last use */
    int holders;
};

/* A new task with the book of a file; NULL with *e (ERR_BUSY when there are too many). */
struct import_task *task_new(const struct actor *actor, int64_t unit, const char *path, const char *name,
                             struct err *e);
/* The task of a token, held until task_drop; NULL with ERR_MISSING also for another user's. */
struct import_task *task_hold(const char *token, int64_t user, struct err *e);
void task_drop(struct import_task *t);
/* Run it on a thread of its own; progress shows in done and total. */
int task_run(struct import_task *t, struct site *s, struct err *e);
/* Wait for running imports: before the store is closed. */
void task_finish_all(void);

#endif
