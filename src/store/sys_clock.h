/* SPDX-License-Identifier: Apache-2.0 */
/* sys_clock.h: running time limits (时限) of records, kept apart so that "what is due" is one index range.
 * s_clock(home, register, record, name, due, started, paused, done, owner_role, unit, grid, who). */
#ifndef LINLI_STORE_SYS_CLOCK_H
#define LINLI_STORE_SYS_CLOCK_H

#include "base/arena.h"
#include "store/db.h"

struct clock {
    int64_t home;
    const char *table; /* the register's name (column register) */
    int64_t record;
    const char *name; /* the clock's, as declared */
    int64_t due;      /* day; for clocks in hours the engine keeps the instant in the record */
    int64_t started;  /* instant */
    int64_t paused;   /* instant since when it stands still, 0 it runs */
    int64_t done;     /* instant it was stopped, 0 it is open, CLOCK_ASIDE its record is withdrawn */
    const char *owner_role;
    int64_t unit, grid; /* grid 0: none */
    const char *who;    /* whom the record is with, as its field says; "" (or NULL): nobody in particular */
};
/* Insert or replace all but the key. */
int clock_put(struct db *d, const struct clock *c, struct err *e);
int clock_close(struct db *d, int64_t home, const char *table, int64_t record, const char *name, int64_t now,
                struct err *e); /* name NULL: all of the record; none open is no error */
/* The record is withdrawn: its open clocks are put aside; or it is back: they are open again as they were. */
#define CLOCK_ASIDE (-1)
int clock_aside(struct db *d, int64_t home, const char *table, int64_t record, bool aside, struct err *e);
/* 1 found, 0 none, -1. */
int clock_find(struct clock *out, struct arena *a, struct db *d, int64_t home, const char *table, int64_t record,
               const char *name, struct err *e);
int clock_of_record(struct clock **out, size_t *n, struct arena *a, struct db *d, int64_t home, const char *table,
                    int64_t record, struct err *e);

/* Open clocks due on or before the day, soonest first. units, grids and role narrow it (NULL: any); paused ones
 * are left out unless asked for. */
enum clock_with { CLOCK_ANY, CLOCK_NOBODY, CLOCK_SOMEBODY };
struct clock_scope {
    const int64_t *homes;
    size_t nhomes;
    const int64_t *units;
    size_t nunits;
    const int64_t *grids;
    size_t ngrids;
    const char *owner_role;
    int64_t due_to; /* day */
    bool paused_too;
    enum clock_with with; /* those only that are with nobody, or with somebody */
    int limit;
};
int clock_open(struct clock **out, size_t *n, struct arena *a, struct db *d, const struct clock_scope *s,
               struct err *e);
/* Open clocks, not paused, of records that are with one of these names, soonest first: what somebody has to do. The
 * cost follows what is with them. */
#define CLOCK_NAMES 8
int clock_mine(struct clock **out, size_t *n, struct arena *a, struct db *d, const char *const *names,
               size_t nnames, const int64_t *homes, size_t nhomes, int limit, struct err *e);

#endif
