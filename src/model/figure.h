/* SPDX-License-Identifier: Apache-2.0 */
/* figure.h: figures are sums of pure contributions (design §2.3). */
#ifndef LINLI_MODEL_FIGURE_H
#define LINLI_MODEL_FIGURE_H

#include "model/record.h"

/* On every write: subtract what the old row contributed, add what the new one does. Either may be NULL. */
int figure_apply(struct db *d, struct save *s, const struct record *was, const struct record *is, struct err *e);

/* For whom and when. unit NULL: everything. */
struct figure_at {
    const struct view *view;
    const struct node *unit;
    int32_t from, to;  /* days, inclusive; stock: at the end of to, of today where that is earlier */
    const char *slice; /* only this slice, NULL: all */
    const struct actor
        *who; /* who looks at what is behind it: personal columns in titles are masked; NULL: plain */
};

struct figure_value {
    const struct figure *figure;
    bool gap; /* no value: by the end of the period nothing had been recorded, for this scope, in the registers it
                 needs (a sum: no record had an amount); or 0/0 */
    int64_t value;    /* in kept units: scaled by 10^places for hours, money and ratios in percent */
    int64_t num, den; /* ratio: its parts; cadence: kept and due */
    int64_t records;  /* what the drill-down lists */
    int64_t late;     /* of these, 补录 */
    bool as_today; /* a stock asked for a day to come: of what is to come nothing is known, so it is as at today */
    const char *denied; /* in words, why the reader may not have it (gap is set); NULL: he may */
};
/* Kinds are never mixed: each is computed in its own way from kept totals; no record is read except for cadence. */
int figure_compute(struct figure_value *out, struct arena *a, struct db *d, const struct figure *f,
                   const struct figure_at *at, struct err *e);
/* "38", "97.3", "46,956", "561"; "" for a gap. */
const char *figure_plain(struct arena *a, const struct figure_value *v);

struct figure_slice {
    const char *code;
    const char *label;
    int64_t value, records;
};
/* ERR_INPUT unless at->slice (NULL: fine) is one of the figure's parts; the message lists those there are. */
int figure_slice_check(struct arena *a, struct db *d, const struct figure *f, const struct figure_at *at,
                       struct err *e);
/* The parts of a sliced figure, largest first. Labels are masked as at->who says. */
int figure_slices(struct figure_slice **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e);

/* One line of a drill-down: exactly what the number counts. Records for FIG_RECORDS and sums; child rows for
 * FIG_TIMES over a child table; one line per distinct person or thing; the gap (unit, slice, period) for
 * FIG_MISSED. */
struct behind {
    const struct reg *reg;
    int64_t home, id;  /* 0 for gaps */
    int64_t child;     /* child row, or 0 */
    const char *title; /* record title, person, or gap in words; masked as figure_at.who says */
    const char *key;   /* persons and distinct: the key */
    int64_t unit;
    int32_t day;
    int64_t amount;            /* what it adds, in kept units */
    const char *time, *number; /* of the record, or NULL */
    const char *period;        /* gaps: 2024-Q3 */
    const char *words;         /* gaps: 2024年第三季度 */
    bool late;
};
/* The declaration compiled to SQL lists the records (never the kept totals). limit 0: all. */
int figure_behind(struct behind **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                  const struct figure_at *at, size_t offset, size_t limit, struct err *e);

/* 去向: the figures one record adds to as it stands, each once, with the (last) day it falls on. Contributions
 * only: ratios and gaps come from others. */
struct figure_use {
    const struct figure *figure;
    int32_t day;
};
int figure_uses(struct figure_use **out, size_t *n, struct arena *a, const struct view *v, struct site *s,
                const struct record *r, struct err *e);

/* linli check: recount every figure of every unit and day from the records and compare with the kept totals. */
struct check_diff {
    const char *figure, *slice;
    int64_t unit;
    int32_t day;
    int64_t kept, counted;
};
int figure_check(struct check_diff **out, size_t *n, size_t *compared, struct arena *a, struct site *s,
                 struct err *e);
/* Build the totals of new and changed figures, forget those of figures that are gone: at opening, by the writer.
 * What a figure was counted by is kept in s_meta as "figure.NAME". */
int figure_renew(struct site *s, struct err *e);
/* Build the totals of figures anew from the records (after a declaration changed). */
int figure_rebuild(struct site *s, struct db *d, const struct figure *f, struct err *e);

#endif
