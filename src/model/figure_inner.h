/* SPDX-License-Identifier: Apache-2.0 */
/* figure_inner.h: what figure*.c and query_figure.c share. Private to src/model.
 *
 * What stands in s_total for a figure: slice "" the whole, and one row for each slice code (a choice's code, a
 * state, the id of a unit or grid, a cadence's word); SLICE_NONE where the record leaves it empty, so that slices
 * add up. n counts lines of the drill-down, v the amount. Stock: +1 on the first day, -1 on the day after the last
 * one. Persons and other distinct things: keys in s_distinct as keyed hashes, and in s_total how often they
 * contributed. */
#ifndef LINLI_MODEL_FIGURE_INNER_H
#define LINLI_MODEL_FIGURE_INNER_H

#include "model/figure.h"
#include "model/query.h"
#include "model/record_inner.h"
#include "store/sys_total.h"

#define SLICE_NONE "?"
#define FIGURE_KEY 32          /* hex characters of a key's hash that are kept */
#define FIGURE_FIRST (-719162) /* 0001-01-01: long before any record */
#define FIGURE_LAST 2932896    /* 9999-12-31 */

/* What one record (or child row) adds to one figure. */
struct addend {
    const struct figure *figure;
    const char *slice; /* code, or NULL: the figure has no slices */
    int64_t home, unit;
    int32_t day;
    struct total amount;
    const char *key; /* hash of what tells persons apart, or NULL */
};
typedef void (*addend_fn)(void *arg, const struct addend *x);
/* Everything that r contributes to f (NULL: to any figure). r's protected values are hashes (record_with). */
void figure_addends(struct arena *a, const struct site *s, const struct schema *sc, const struct figure *f,
                    const struct record *r, addend_fn fn, void *arg);
/* Is it counted on writing (and not computed from others)? */
bool figure_is_kept(const struct figure *f);
bool figure_is_distinct(const struct figure *f);
/* The word a cadence's periods go by. */
const char *cadence_slice(const struct cadence_def *c);
/* An expression as a day: instants are turned into theirs. tmp holds the node that does it. */
const struct expr *figure_day_expr(const struct expr *x, struct expr *tmp);

/* --- sums by (home, figure, slice, unit, day, key), kept beside what is counted */

struct sum {
    int64_t home, unit;
    int32_t day;
    const struct figure *figure;           /* NULL: name stands in figure_name */
    const char *figure_name, *slice, *key; /* key NULL: a row of s_total */
    struct total counted, kept;
};
struct sums {
    struct arena *a; /* holds slices and keys */
    struct sum *v;   /* malloc */
    size_t n, cap, merged;
};
void sums_done(struct sums *s);
void sums_add(struct sums *s, const struct sum *x, int sign);
/* Sort, add up equal ones; drop what came to nothing if asked. */
void sums_merge(struct sums *s, bool drop_zero);
/* An addend_fn with (struct sums_into *). */
struct sums_into {
    struct sums *sums;
    int sign;
};
void sums_addend(void *arg, const struct addend *x);
/* What a new record adds, merged; held by the save's arena. */
struct sums *figure_sums(struct save *s, const struct record *is);
/* Write the counted ones. */
int sums_write(struct db *d, struct sums *s, struct err *e);

/* --- where */

struct figure_scope {
    int64_t *homes, *units; /* units NULL: all of the homes */
    size_t nhomes, nunits;
};
void figure_scope(struct figure_scope *out, struct arena *a, const struct figure *f, const struct figure_at *at);

/* The kept totals that a figure is read from. */
struct total_scope figure_totals(const struct figure *f, const struct figure_scope *s, const struct figure_at *at);
/* The day up to which it is counted. */
int32_t figure_until(const struct figure *f, int32_t to);

/* --- cadences */

struct due {
    const struct node *unit;
    const char *slice;
    int32_t first, last; /* the period */
    const char *period;  /* 2024-Q3 */
    const char *words;   /* 2024年第三季度 */
    bool kept;
};
/* All that was due, by slice, unit and period. */
int figure_dues(struct due **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                const struct figure_at *at, struct err *e);

/* --- SQL (query_figure.c) */

/* Has any of the figure's registers a record in the scope that happened by the day? */
int query_figure_begun(bool *out, struct arena *a, struct db *d, const struct figure *f,
                       const struct figure_scope *s, int32_t day, struct err *e);
/* (unit, day) of the contributions to one slice. */
struct unit_day {
    int64_t unit;
    int32_t day;
};
int query_figure_days(struct unit_day **out, size_t *n, struct arena *a, struct db *d, const char *figure,
                      const char *slice, const struct figure_scope *s, int32_t from, int32_t to, struct err *e);
/* One part of a figure as lines. */
struct line {
    int64_t home, id, child, unit, amount;
    int32_t day;
    bool late;
    const char *key, *person;
};
struct part_at {
    const struct contribution *part;
    const struct expr *match; /* a cadence's condition on top, or NULL */
    const struct figure_scope *scope;
    enum figure_kind kind;
    int32_t from, to, today;
    const char *slice;
    size_t skip; /* lines left out at the start; counts with a limit only */
};
/* The column that gives a line's person, if it has one. */
const struct field *query_figure_person(const struct contribution *c, enum figure_kind kind);
/* Lines by day and id; with a key one line per key (home, id of its first record), by key. limit 0: all. */
int query_figure_lines(struct line **out, size_t *n, struct arena *a, struct db *d, const struct part_at *p,
                       size_t limit, struct err *e);
/* Every row of s_total (month false), s_total_month or s_distinct into the kept side of sums. */
enum kept_table { KEPT_DAYS, KEPT_MONTHS, KEPT_KEYS };
int query_figure_kept(struct sums *s, struct db *d, enum kept_table which, struct err *e);
/* One for each key and day (month): counted, it contributed; kept, its number stands in the set. */
int query_figure_sets(struct sums *s, struct db *d, bool months, struct err *e);
/* Figures that s_meta knows: name → hash. */
int query_figure_known(struct map **out, struct arena *a, struct db *d, struct err *e);
int query_figure_forget(struct db *d, const char *figure, struct err *e);

#endif
