/* SPDX-License-Identifier: Apache-2.0 */
/* import_task.h: an uploaded ledger between upload and done: its book, its map, its progress, its result.
 *
 * Tasks live in memory: a restart forgets what has not been imported, and the file is uploaded again (importing
 * twice changes nothing). At most TASKS_MAX at once and TASKS_USER of one user: a new one takes the place of what
 * is done or failed, then of what has lain longest; each is forgotten two hours after its last use. A task belongs
 * to the user who uploaded it. What is in the table is touched only under its lock: readers get a copy (task_seen).
 */
#ifndef LINLI_WEB_IMPORT_TASK_H
#define LINLI_WEB_IMPORT_TASK_H

#include <pthread.h>

#include "model/intake.h"

#define TASKS_MAX 16
#define TASKS_USER 4
#define TASK_TOKEN 20
#define TASK_RUNS_MAX 8 /* stopped and gone on with */

enum task_phase { TASK_PLANNED, TASK_RUNNING, TASK_DONE, TASK_FAILED };

struct import_task {
    char token[TASK_TOKEN + 1];
    struct arena *a;
    int64_t user, unit; /* who, for which unit */
    const char *file_name;
    char sha[2 * SEC_HASH + 1];
    struct book *book;
    const char *only;       /* the register it was uploaded for, or NULL */
    struct import_map *map; /* NULL until the first mapping is made */
    bool recalled;          /* it is the one confirmed last time */
    const char *unknown;    /* nothing was recognised: why, NULL otherwise */
    enum task_phase phase;
    long done, total;             /* rows */
    bool stop;                    /* it is to end after the chunk it is at */
    int64_t batch;                /* of the run, once it has begun */
    struct import_result *result; /* of the run */
    struct err err;               /* TASK_FAILED */
    int64_t used;                 /* instant of last use */
    int holders;
    pthread_t thread; /* of the run, joined before the task is freed */
    bool started;
    struct arena *run;                 /* what the run made: the result */
    struct arena *past[TASK_RUNS_MAX]; /* what runs that were stopped made: somebody may be looking at it */
    size_t npast;
};

/* A new task with the book of a file, held; NULL with *e (ERR_BUSY when there are too many). */
struct import_task *task_new(int64_t user, int64_t unit, const char *path, const char *name, struct err *e);
/* The task of a token, held until task_drop; NULL with ERR_MISSING also for another user's. */
struct import_task *task_hold(const char *token, int64_t user, struct err *e);
void task_drop(struct import_task *t);
/* Give back a task that came to nothing; it is no longer held. */
void task_discard(struct import_task *t);
/* The first mapping, in the task's arena: from here on the task can be found. */
void task_plan(struct import_task *t, struct import_map *m, bool recalled, const char *unknown);
/* The task as it is now, with a map of its own, for as long as it is held. */
struct import_task *task_seen(struct import_task *t, struct arena *a);
/* The map of a copy becomes the task's; false when it runs or has run. */
bool task_remap(struct import_task *t, const struct import_map *m);
/* End the run between two chunks; it can be gone on with by task_run, or undone. */
void task_stop(struct import_task *t);
/* Is this batch being imported right now? */
bool task_runs(int64_t batch);
/* Run it on a thread of its own for this actor; progress shows in done and total. Also one that was stopped. */
int task_run(struct import_task *t, struct site *s, const struct actor *actor, struct err *e);
/* Stop running imports between two chunks, wait for that and forget all: when no more requests come, before the
 * store is closed. */
void task_finish_all(void);

#endif
