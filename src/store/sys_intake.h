/* SPDX-License-Identifier: Apache-2.0 */
/* sys_intake.h: what imports leave behind besides their batch (sys_batch.h).
 * s_seen(home, register, print, record, batch): fingerprints of ledger rows that have no key, so that the same row
 * is known again. s_undo(home, batch, seq, register, record_home, record, version, made, was): what a batch made or
 * changed, in order, so that it can be taken back. */
#ifndef LINLI_STORE_SYS_INTAKE_H
#define LINLI_STORE_SYS_INTAKE_H

#include "base/arena.h"
#include "store/store.h"

/* The record of a fingerprint, 0 if it was never seen. */
int seen_find(int64_t *record, struct db *d, int64_t home, const char *table, const char *print, struct err *e);
int seen_put(struct db *d, int64_t home, const char *table, const char *print, int64_t record, int64_t batch,
             struct err *e);
/* Forget the fingerprints of one record. */
int seen_drop(struct db *d, int64_t home, const char *table, int64_t record, int64_t batch, struct err *e);

struct undo {
    int64_t home, batch, seq;
    const char *table; /* the register's name (column register) */
    int64_t record_home, record;
    int version; /* the record's after the batch */
    bool made;
    const char *was; /* not made: the record before, as model/intake wrote it */
};
/* How long a batch can be taken back: linli.yaml undo_days, 90 unless it says so. */
int undo_days(const struct store *s);
int undo_prune(struct db *d, int64_t before, struct err *e); /* batches begun before this instant */
int undo_put(struct db *d, const struct undo *u, struct err *e);
/* Up to limit entries before seq, the last first. */
int undo_list(struct undo **out, size_t *n, struct arena *a, struct db *d, int64_t home, int64_t batch,
              int64_t before, int limit, struct err *e);

#endif
