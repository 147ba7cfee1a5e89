/* SPDX-License-Identifier: Apache-2.0 */
/* sys_total.h: the daily sums that figures are read from (design §2.3).
 *
 * s_total(home, figure, slice, day, unit, n, v, late) and its monthly roll-up s_total_month, changed together;
 * s_distinct(home, figure, slice, day, unit, key, n) counts how often a key contributed, for 人 and 户.
 * s_key(figure, key, ord, n) numbers a figure's keys, and s_key_set(home, figure, slice, span, start, unit, chunk,
 * bits) holds, as a set of these numbers, which keys contributed on a day (span 0) or in a month (span 1):
 * different keys of a range are the union of its sets, so reading costs months × units and not how often anybody
 * contributed.
 *
 * slice "" is the whole of a figure. Its parts ("kind=noise", "source=hotline") are rows of their own: whoever
 * contributes adds once to "" and once to each part, since parts of different kinds overlap. Reading a range uses
 * months where they lie whole inside it and days at its two ends, so it costs months × units + 62 days × units per
 * home, however many records there are. days are days since 1970-01-01; from and to are both included. */
#ifndef LINLI_STORE_SYS_TOTAL_H
#define LINLI_STORE_SYS_TOTAL_H

#include "store/db.h"

struct total {
    int64_t n;    /* records */
    int64_t v;    /* amount, in the figure's unit (minutes, cents, head counts …) */
    int64_t late; /* how many of the n were entered late (补录) */
};

/* What a record adds; to take a contribution back, add it with every amount negated. */
struct total_delta {
    int64_t home, unit;
    int32_t day;
    const char *figure, *slice; /* slice NULL means "" */
    struct total amount;
};
/* Within a transaction this and the next are put off until it commits; what is undone adds nothing. Sums read in
 * the same transaction have what was added since the last savepoint. */
int total_add(struct db *d, const struct total_delta *deltas, size_t n, struct err *e);

struct distinct_delta {
    int64_t home, unit;
    int32_t day;
    const char *figure, *slice;
    const char *key; /* the person's id, or a keyed hash */
    int64_t n;       /* +1 or -1 */
};
int distinct_add(struct db *d, const struct distinct_delta *deltas, size_t n, struct err *e);

/* Which rows to read. units NULL: every unit of those homes. */
struct total_scope {
    const int64_t *homes;
    size_t nhomes;
    const int64_t *units;
    size_t nunits;
    const char *figure;
    const char *slice; /* NULL or "": the whole */
    int32_t from, to;
};
int total_sum(struct total *out, struct db *d, const struct total_scope *s, struct err *e);

/* One row per part (scope's slice is a prefix such as "kind=", or NULL for all parts). Callbacks return 0 to go on,
 * 1 to stop, -1 an error; strings live until they return. */
struct total_row {
    const char *slice;
    struct total t;
};
typedef int (*total_fn)(void *arg, const struct total_row *r, struct err *e);
int total_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e);

/* How many different keys contributed in the scope: exact, each counted once over all its units and days. */
int distinct_count(int64_t *out, struct db *d, const struct total_scope *s, struct err *e);
/* Distinct keys per part, as total_slices: t.n is the count. */
int distinct_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e);
/* For checks: every key that stands in a set of a day (months: of a month, day is its first), by its number. */
struct key_in_set {
    int64_t home, unit, ord;
    int32_t day;
    const char *figure, *slice;
};
typedef int (*key_set_fn)(void *arg, const struct key_in_set *k, struct err *e);
int distinct_sets(struct db *d, bool months, key_set_fn fn, void *arg, struct err *e);

/* Forget a figure (all slices, days, months, keys) before it is counted anew. figure NULL: all. */
int total_clear(struct db *d, const char *figure, struct err *e);

#endif
