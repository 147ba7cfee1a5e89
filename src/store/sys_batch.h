/* SPDX-License-Identifier: Apache-2.0 */
/* sys_batch.h: imports that were made (批次), so that one can be found again and undone, and the column mappings
 * a unit has confirmed before.
 * s_batch(home, id, register, file, sha, who, at, unit, read_n, inserted, updated, unchanged, rejected, undone,
 * map, ended) and s_map(unit, fingerprint, map). */
#ifndef LINLI_STORE_SYS_BATCH_H
#define LINLI_STORE_SYS_BATCH_H

#include "base/arena.h"
#include "store/db.h"

struct batch {
    int64_t home, id;  /* id 0 gets a new one */
    const char *table; /* the register's name (column register) */
    const char *file;  /* the name it came with */
    const char *sha;   /* SHA-256 hex of the file */
    int64_t who, at;   /* user, instant */
    int64_t unit;
    int64_t read, inserted, updated, unchanged, rejected; /* rows */
    int64_t undone;                                       /* instant, 0 not; below 0: begun then, not all yet */
    const char *map;                                      /* the mapping used, YAML */
    int64_t ended;                                        /* instant of its last row; 0: it runs, or was cut off */
};
int batch_insert(struct db *d, struct batch *b, struct err *e);
/* Writes the five counts. ERR_CONFLICT once somebody has begun to undo it: it takes nothing more in. */
int batch_count(struct db *d, const struct batch *b, struct err *e);
/* It has come to its end. */
int batch_end(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e);
/* With the first of what is taken back: from here on it takes nothing in. Again where that was cut off. */
int batch_undo_begin(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e);
/* All of it. ERR_CONFLICT if it was undone before. */
int batch_undo(struct db *d, int64_t home, int64_t id, int64_t now, struct err *e);
/* 1 found, 0 none, -1; strings held by the arena. */
int batch_find(struct batch *out, struct arena *a, struct db *d, int64_t home, int64_t id, struct err *e);
/* Those for these units, newest first. */
int batch_list(struct batch **out, size_t *n, struct arena *a, struct db *d, int64_t home, const int64_t *units,
               size_t nunits, int limit, struct err *e);

/* A remembered mapping: fingerprint is made from register and header cells. 1 found, 0 none, -1. */
int map_find(char **out, struct arena *a, struct db *d, int64_t unit, const char *fingerprint, struct err *e);
int map_keep(struct db *d, int64_t unit, const char *fingerprint, const char *map, struct err *e);
int map_forget(struct db *d, int64_t unit, const char *fingerprint, struct err *e);

#endif
