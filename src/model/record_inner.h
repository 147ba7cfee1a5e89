/* SPDX-License-Identifier: Apache-2.0 */
/* record_inner.h: what record*.c, flow.c and figure*.c share. Private to src/model. */
#ifndef LINLI_MODEL_RECORD_INNER_H
#define LINLI_MODEL_RECORD_INNER_H

#include "model/expr.h"
#include "model/record.h"

struct ref_want;
struct search_text;
struct sums;

/* The record as expressions see it; working days by the site's calendar. site may be NULL. */
struct scope record_scope(const struct site *s, const struct record *r);
/* The same with a child row in sight. */
void scope_row(struct scope *sc, const struct reg *child, const struct child_row *row);
/* A copy whose protected values are plain (for checks) or hashes (for figures); r itself if it has none. */
enum protected_as { PROTECTED_PLAIN, PROTECTED_HASH };
const struct record *record_with(struct arena *a, const struct sec_key *k, const struct record *r,
                                 enum protected_as as);
bool reg_has_protected(const struct reg *r);

/* record_check on a connection; was: the record before, or NULL. */
int record_check_on(struct db *d, struct save *s, struct record *r, const struct record *was, struct err *e);
/* The same, giving the references that were looked up: they alone may be gone by the time it is saved. */
struct refs {
    struct ref_want *v;
    size_t n;
};
int record_check_refs(struct refs *refs, struct db *d, struct save *s, struct record *r, const struct record *was,
                      struct err *e);
/* May a withdrawn record come back: does all it points to stand? */
int record_check_back(struct db *d, struct save *s, struct record *r, struct err *e);
/* Seal the protected values that are plain. */
void record_seal(struct save *s, struct record *r);

/* What record_ready has found out; held by the save's arena. */
struct ready {
    const struct record *of;    /* the record */
    const struct value *values; /* and what it was then */
    const char *state;
    int64_t home, unit;
    int32_t happened;
    bool late;
    struct refs refs;
    const char *detail;       /* of the trail */
    struct search_text *text; /* NULL: nothing is searched */
    struct sums *sums;
};
/* Is it still the same record, and does it refer to what is there? Else s->ready is dropped. */
int ready_check(struct db *d, struct save *s, const struct record *r, struct err *e);
/* Has saving changed it since (a number, a due day)? Then s->ready is dropped. */
void ready_compare(struct save *s, const struct record *r);
/* The words a save goes by in the trail. */
int record_trail(struct db *d, struct save *s, const struct record *was, const struct record *is, const char *act,
                 const char *note, struct err *e);
/* The trail's detail of a change, held by the save's arena. */
const char *record_detail(struct save *s, const struct record *was, const struct record *is, const char *act,
                          const char *note);
/* The searched text of a record that has none yet, NULL: nothing is searched. */
struct search_text *record_words(enum db_kind kind, struct save *s, const struct record *r);
/* The searched text of a record, if it differs from was (NULL: there is none yet). */
int record_text(struct db *d, struct save *s, const struct record *r, const struct record *was, struct err *e);
/* At opening, by the writer: see record_index.c. Which way a register was put in is kept in s_meta, "search.NAME".
 */
int record_index_renew(struct site *s, struct err *e);
/* Is it still to be done, or was it broken off? For readers. */
int record_index_due(bool *due, struct site *s, struct err *e);
/* Number from the series, if the register has one and the field is empty. */
int record_number(struct db *d, struct save *s, struct record *r, struct err *e);
/* Clocks that begin with the record and those whose due field changed. was NULL: just inserted. */
int record_clocks(struct db *d, struct save *s, struct record *r, const struct record *was, struct err *e);
/* A withdrawn record is back: so are its clocks, and nobody is told of them once more. */
int record_clocks_back(struct db *d, struct save *s, const struct record *r, struct err *e);
/* Due days of clocks that begin now go into their fields, before the row is written. names NULL: those that no move
 * starts. */
void record_clock_fields(struct save *s, struct record *r, struct clock_def *const *starts);
void record_clock_switch(struct save *s, struct record *r, const struct record *was);
int record_clock_start(struct db *d, struct save *s, const struct record *r, const struct clock_def *c,
                       struct err *e);
/* Records made elsewhere because a make's condition holds; only: this one make, whatever its condition. */
int record_makes(struct db *d, struct save *s, struct record *r, const struct make *only, struct err *e);
/* Everything around the row. was NULL: insert. r is checked. */
int record_write(struct db *d, struct save *s, struct record *r, const struct record *was, const char *act,
                 struct err *e);
/* --- registers unit and grid (record_tree.c) */

/* A write to them was made: the trees are to be read anew. */
void record_stale(struct save *s, const struct reg *r);
/* ERR_CONFLICT for a unit or grid with others beneath it, or that records stand on. */
int record_tree_gone(struct db *d, struct save *s, const struct record *r, struct err *e);
/* ERR_CONFLICT for a unit that would come to another community and has records in this one: they stay where they
 * are. */
int record_tree_move(struct db *d, struct save *s, const struct record *is, const struct record *was,
                     struct err *e);

#endif
