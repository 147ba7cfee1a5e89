/* SPDX-License-Identifier: Apache-2.0 */
/* sys_trail.h: 留痕: the append-only log, one hash chain per home (design §5.2).
 *
 * Table s_trail(home, seq, at, who, act, register, record, detail, prev, hash); the tip of each chain is kept in
 * s_tip(home, seq, hash) and changes in the same transaction as its entries, before that commits.
 *
 * hash = lower-case hex SHA-256 of the canonical line
 *
 *     <home> <seq> <at> <who> <record> <len>:<act> <len>:<register> <len>:<detail> <prev>
 *
 * with numbers in decimal, <len> the bytes of the text, one blank between fields, no line end; prev is the hash of
 * entry seq - 1, or 64 zeros for seq 1. A missing text counts as empty. */
#ifndef LINLI_STORE_SYS_TRAIL_H
#define LINLI_STORE_SYS_TRAIL_H

#include "store/db.h"

#define TRAIL_HASH 65 /* hex and a NUL */

struct trail_entry {
    int64_t home;
    int64_t seq;        /* 1, 2, 3 … within the home; set by trail_append */
    int64_t at;         /* instant, UTC ms */
    int64_t who;        /* user id, 0 the system itself, -1 a resident without an account */
    const char *act;    /* a short word: insert, update, move:accept, view, export, login … */
    const char *table;  /* the register's name, or "" (column register) */
    int64_t record;     /* 0 if none */
    const char *detail; /* JSON or text; holds no protected value in the clear */
    char prev[TRAIL_HASH], hash[TRAIL_HASH]; /* set by trail_append */
};

/* Within the transaction of the change it tells of. Fills seq, prev and hash. */
int trail_append(struct db *d, struct trail_entry *t, struct err *e);

/* Entries come to the callback with strings that live until it returns; it returns 0 to go on, 1 to stop, -1 with
 * *e an error. */
typedef int (*trail_fn)(void *arg, const struct trail_entry *t, struct err *e);

/* The entries of a record, oldest first. table NULL: of the whole home, newest first. before: only seq below it
 * (0: from the end), for paging; limit in rows. */
int trail_list(struct db *d, int64_t home, const char *table, int64_t record, int64_t before, int limit,
               trail_fn fn, void *arg, struct err *e);

/* The last entry's seq and hash of a home; seq 0 and zeros when there is none. */
int trail_tip(struct db *d, int64_t home, int64_t *seq, char hash[TRAIL_HASH], struct err *e);

enum trail_fault {
    TRAIL_GAP,     /* a number is missing */
    TRAIL_PREV,    /* prev is not the hash before it */
    TRAIL_CONTENT, /* the content does not give the hash */
    TRAIL_TIP      /* the chain's end is not the tip: entries cut off */
};
struct trail_break {
    int64_t home, seq; /* the first entry that does not fit; for TRAIL_TIP the tip's */
    enum trail_fault fault;
};
struct trail_check {
    int64_t homes, entries;   /* read */
    int64_t breaks;           /* found */
    struct trail_break first; /* if any */
};
/* Recompute the chain of one home, or of all (home 0), on a snapshot. Each break goes to fn (may be NULL); after a
 * break the chain goes on from the entry as it stands. Returns 0 also when breaks were found. */
int trail_verify(struct trail_check *out, struct db *d, int64_t home,
                 void (*fn)(void *arg, const struct trail_break *b), void *arg, struct err *e);
/* zh-Hans words for a fault. */
const char *trail_fault_text(enum trail_fault f);

#endif
