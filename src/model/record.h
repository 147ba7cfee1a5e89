/* SPDX-License-Identifier: Apache-2.0 */
/* record.h: one row of a register with its child rows; the only writer of records besides flow.h.
 *
 * One transaction = the row, its child rows, the trail entry, the change in figure totals, the search text, the
 * clocks, the messages to send (design §2.2). */
#ifndef LINLI_MODEL_RECORD_H
#define LINLI_MODEL_RECORD_H

#include "model/perm.h"
#include "model/type.h"
#include "model/value.h"

struct child_row {
    int64_t id;           /* 0: new */
    struct value *values; /* child->nfields */
};
struct child_rows {
    size_t n, cap;
    struct child_row *rows;
};

struct record {
    const struct reg *reg;
    int64_t home, id, unit;
    int version;                 /* 1 on insert, +1 on each change */
    const char *state;           /* NULL where the register has no states */
    int32_t happened;            /* day */
    int64_t captured, entered;   /* ms UTC */
    bool late;                   /* 补录: entered more than the site's days (default 3) after it happened */
    int64_t by;                  /* who entered it */
    int64_t batch;               /* import batch, 0 */
    bool own;                    /* whoever found it (record_find) recorded it or has it in hand: perm decides */
    bool gone;                   /* withdrawn: kept for the trail, counted nowhere */
    struct value *values;        /* reg->nfields */
    struct child_rows *children; /* reg->nchildren */
};

/* All empty, start state, initial values; happened is DAY_NONE until record_check finds it. */
struct record *record_new(struct arena *a, const struct reg *r);
/* The same without the initial values: for ledgers, where an empty cell says nothing. */
struct record *record_blank(struct arena *a, const struct reg *r);
void record_set(struct record *r, const char *field, struct value v); /* aborts on an unknown field: a bug */
struct value record_get(const struct record *r, const char *field);
struct child_row *record_child_add(struct arena *a, struct record *r, const char *child);

/* One wrong field. */
struct field_error {
    const char *field; /* "phone" or "parties.2.phone" */
    enum reason reason;
    const char *msg;
};
struct field_errors {
    struct arena *a;
    struct field_error *v;
    size_t n, cap;
};
void field_error_add(struct field_errors *fe, const char *field, enum reason why, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* What more holds of fields that to says nothing of. */
void field_errors_join(struct field_errors *to, const struct field_errors *more);

/* What came of a save. */
enum saved { SAVED_INSERTED, SAVED_UPDATED, SAVED_UNCHANGED };

struct save {
    struct site *site;
    const struct view *view;
    const struct actor *actor;
    struct arena *a;
    int64_t batch;               /* import batch or 0 */
    int64_t captured;            /* 0: now */
    const char *act;             /* trail word: "create", "edit", "import", "move:NAME"; NULL: by itself */
    const char *note;            /* goes into the trail, may be NULL */
    struct field_errors *errors; /* collects what is wrong; may be NULL: only e */
    bool quiet_required;       /* import of unfinished ledgers: required fields of later moves are not asked for */
    bool trusted;              /* the program acts (makes, undo): who may write was decided before */
    int depth;                 /* makes within makes; leave 0 */
    const struct ready *ready; /* of record_ready; else NULL */
};

/* Protected columns (design §5.5) come from the database sealed and stay so in memory: a text that begins with
 * RECORD_SEALED. Whoever shows one opens it with record_open and writes the view into the trail. Saved, a sealed
 * value that this site made stays as it is; any other text is sealed. f_NAME keeps the sealed text, f_NAME_h the
 * keyed hash of the plain one, by which it is found. */
#define RECORD_SEALED "sealed:"
bool value_sealed(struct value v);
/* The plain value; v itself if it is not sealed, NULL if it was forged. */
struct value record_open(struct arena *a, const struct sec_key *k, const struct field *f, struct value v);
/* What f_NAME_h holds for a plain or sealed value; NULL for nothing. */
const char *record_hash(struct arena *a, const struct sec_key *k, const struct field *f, struct value v);
/* Where a protected value of r is the same as was's, take was's sealed text, so that record_same can compare. */
void record_adopt(struct arena *a, const struct sec_key *k, struct record *r, const struct record *was);

/* Check and compute without writing: required, types' ranges, checks, computed fields, references, happened, unit.
 * Returns -1 with errors collected. */
int record_check(struct save *s, struct record *r, struct err *e);
/* Before record_save_in of a new record, on any thread with its reader: checks it and computes what its trail, its
 * figures and its searched text will be, so that the one thread that writes need not. Fills s->ready; leaves it
 * NULL where record_save_in has to look for itself. r is not to be changed in between. */
void record_ready(struct db *d, struct save *s, struct record *r);
/* Insert (id 0) or update (id and version as read; ERR_CONFLICT if it has changed: re-read and show both).
 * Runs inside a writer transaction: call it from a write_fn. Fills id, version, number. */
int record_save_in(struct db *d, struct save *s, struct record *r, enum saved *what, struct err *e);
/* The same as one job of its own; the trees are read anew if it was a unit or a grid (after record_save_in from a
 * write_fn of your own, call site_refresh when it was answered). */
int record_save(struct save *s, struct record *r, enum saved *what, struct err *e);
/* Withdraw (not delete): out of lists and figures, kept for the trail. reason is required. */
int record_withdraw_in(struct db *d, struct save *s, const struct reg *r, int64_t home, int64_t id,
                       const char *reason, struct err *e);
int record_restore_in(struct db *d, struct save *s, const struct reg *r, int64_t home, int64_t id, struct err *e);
int record_withdraw(struct save *s, const struct reg *r, int64_t home, int64_t id, const char *reason,
                    struct err *e);
int record_restore(struct save *s, const struct reg *r, int64_t home, int64_t id, struct err *e);
/* Load one with children; ERR_MISSING. Does not decide access: the caller asks perm first. */
int record_load(struct record **out, struct arena *a, struct db *d, const struct reg *r, int64_t home, int64_t id,
                struct err *e);
/* The same when only the id is known, and access decided (query_find does not).
 * own is set. ERR_MISSING also for what the actor may not read: existence is not told. */
int record_find(struct record **out, struct arena *a, struct db *d, const struct view *v, const struct actor *actor,
                const struct reg *r, int64_t id, struct err *e);
/* The record with this natural key (reg->key), or NULL without error; NULL also when a field of the key is empty.
 * Protected fields of a key are found by their hash, which needs k (else NULL). */
int record_by_key(struct record **out, struct arena *a, struct db *d, const struct record *like, struct err *e);
int record_by_key_in(struct record **out, struct arena *a, struct db *d, const struct sec_key *k,
                     const struct record *like, struct err *e);
bool record_same(const struct record *x, const struct record *y); /* values and children */
/* The title as shown in lists. */
const char *record_title(struct arena *a, const struct record *r);

/* Who looks at titles: personal columns that go into them are masked as perm says. NULL, or without who: plain. */
struct looker {
    const struct view *view;
    const struct actor *who;
    bool readable;      /* lists of titles leave out what who may not read */
    struct map *states; /* query_titles: "ID" → name of its state besides, or NULL */
};
const char *record_title_for(struct arena *a, const struct looker *l, const struct record *r);
/* What tells lines of a calendar or a drill-down apart: the time of day it happened ("14:30") where that is kept
 * and is not midnight, and its number from a series. NULL: none, or a column that not everybody sees. */
const char *record_hour(struct arena *a, const struct record *r);
const char *record_serial(struct arena *a, const struct record *r);

#endif
