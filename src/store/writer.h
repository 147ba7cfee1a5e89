/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h: the one thread that writes: group commit and checkpoints. Private to store.c. */
#ifndef LINLI_STORE_WRITER_H
#define LINLI_STORE_WRITER_H

#include "store/store.h"

#define WRITER_QUEUE 4096     /* jobs waiting; more are refused with ERR_BUSY */
#define WRITER_BATCH 256      /* jobs a transaction */
#define WRITER_BATCH_MS 20    /* a batch takes no further job after this time */
#define WRITER_IDLE_MS 200    /* quiet time before a checkpoint */
#define WRITER_WAL_PAGES 4096 /* 16 MiB of 4 KiB pages: checkpoint without waiting for quiet */
#define WRITER_WAL_LONG 4     /* times as many beside long jobs, which change the same pages again and again */

struct writer;

/* Starts the thread on a writing connection, which it owns from now on. */
int writer_start(struct writer **out, struct db *d, struct err *e);
/* Finish what has queued, checkpoint, close the connection, end the thread. */
void writer_stop(struct writer *w);
void writer_submit(struct writer *w, struct write_job *job);
bool writer_waited_for(const struct writer *w);
bool writer_failed(const struct writer *w);
void writer_give_up(struct writer *w, const struct err *e); /* any thread */

#endif
