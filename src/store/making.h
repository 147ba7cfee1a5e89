/* SPDX-License-Identifier: Apache-2.0 */
/* making.h: a data directory is made wholly or not at all.
 *
 * While linli init works, DIR/making says so; other processes do not open the directory. What went wrong is taken
 * back at once; what was broken off (power, kill) is taken back by the next linli init in the same place. Tables
 * are only dropped where the database's key.check says that they were made with DIR's key. */
#ifndef LINLI_STORE_MAKING_H
#define LINLI_STORE_MAKING_H

#include "base/err.h"

struct making {
    const char *dir; /* the caller's */
    int fd;          /* DIR/making, locked */
};
/* Before store_create. ERR_CONFLICT if the directory is in use already, ERR_BUSY if another linli init is at it. */
int making_begin(struct making *m, const char *dir, const char *database, struct err *e);
void making_end(struct making *m);
/* The store is closed. What cannot be taken back is logged. */
void making_undo(struct making *m);
/* ERR_BUSY if another process is making the directory, ERR_CONFLICT if one broke off. */
int making_check(const char *dir, struct err *e);

#endif
