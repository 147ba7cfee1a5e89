/* SPDX-License-Identifier: Apache-2.0 */
/* query.h: reading registers: lists by key, search, counts, options; the only place besides ddl.c and store/
 * that writes SQL. */
#ifndef LINLI_MODEL_QUERY_H
#define LINLI_MODEL_QUERY_H

#include "base/buf.h"
#include "model/expr.h"
#include "model/record.h"

enum cmp { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_IN, CMP_LIKE, CMP_NULL, CMP_NOT_NULL, CMP_HAS };

struct filter {
    const char *field; /* a field, or "state", "happened", "unit", "grid", "id", "late", "batch" */
    enum cmp op;
    bool negate;
    struct value v; /* CMP_IN: nv values in vs */
    const struct value *vs;
    size_t nv;
};

struct list_query {
    const struct reg *reg;
    const int64_t *units; /* the scope, already intersected with the filter; NULL with all = true */
    size_t nunits;
    bool all;
    const struct filter *filters;
    size_t nfilters;
    struct expr *where; /* a bound expression on top, may be NULL */
    const char *text;   /* full-text words, may be NULL */
    bool personal;      /* text is looked for in personal columns too: see query_personal */
    const char *sort;   /* field or "happened"; NULL: happened */
    bool ascending;     /* default: newest first */
    /* keyset: rows after (sort value, id); after_set false: from the start */
    bool after_set;
    struct value after_value;
    int64_t after_id;
    size_t limit;  /* 1 … 1000 */
    bool gone;     /* withdrawn ones instead */
    bool children; /* load child rows too (one query per child table, not per record) */
    /* The only fields that are read (names, NULL-terminated); NULL: whole records. Of what every record has, such
     * rows hold home, id, unit, state, happened and late: they are for showing, never for saving. */
    const char *const *only;
};

/* May the actor compare and sort by this column ("happened" stands for the field it comes from) all over the scope
 * of the list? Comparing by a column that is masked somewhere would tell it letter by letter. */
bool query_compares(const struct view *v, const struct actor *a, const struct list_query *q, const char *column);
/* Does the actor see personal columns all over the scope of the list? */
bool query_personal(const struct view *v, const struct actor *a, const struct list_query *q);
/* Has the register personal columns among those that are searched? */
bool query_searches_personal(const struct reg *r);
/* Rows in order; *more says whether there is a next page; the next one begins after the last row's sort value
 * (query_sort_value) and id. Scope: one unit is one query; several, or all, are merged by key (query_list.c). With
 * text the order is newest entered first and only after_id counts. */
int query_list(struct record ***out, size_t *n, bool *more, struct arena *a, struct db *d,
               const struct list_query *q, struct err *e);
/* What after_value is for the page after this record. */
struct value query_sort_value(const struct list_query *q, const struct record *r);
/* Stream the rows of a list to a callback without limit (export, dump); stops when it returns non-zero. A record
 * lives until the callback returns. */
int query_each(struct arena *a, struct db *d, const struct list_query *q,
               int (*row)(const struct record *r, void *arg), void *arg, struct err *e);
/* How many in a scope, counted up to max (0: no limit). */
int query_count(int64_t *out, struct db *d, const struct list_query *q, int64_t max, struct err *e);
/* Sums of number fields of the register over a list without words, all of it: for lists known to be short. */
int query_sums(int64_t *out, struct db *d, const struct list_query *q, const struct field *const *f, size_t n,
               struct err *e);
/* Options of a reference: id and title of records whose title holds part, those that begin with it first; without
 * part the newest. */
struct option {
    int64_t id;
    const char *title;
};
int query_options(struct option **out, size_t *n, struct arena *a, struct db *d, const struct looker *l,
                  const struct reg *r, int64_t home, const char *part, size_t limit, struct err *e);
/* Titles for ids, one query: map "ID" → title, as the looker may see it; NULL: plain. */
int query_titles(struct map **out, struct arena *a, struct db *d, const struct looker *l, const struct reg *r,
                 int64_t home, const int64_t *ids, size_t n, struct err *e);
/* A lookup for type_read: units and grids from the trees, references by key or title within a home, cached. */
struct lookup *query_lookup(struct arena *a, const struct view *v, struct db *d, int64_t home);
/* SQL under construction: its text and what is bound to ?1 ?2 … Texts must live until the statement is done. */
struct sql {
    struct buf text;
    struct value bind[256];
    int nbind;
    bool over; /* more than fits was bound; query_prep says so */
};
void query_begin(struct sql *q);
void query_end(struct sql *q);
/* Append the next placeholder and remember its value. */
void query_bind(struct sql *q, struct value v);
/* Prepare and bind; the caller steps and gives it back with stmt_done. */
int query_prep(struct stmt **out, struct db *d, struct sql *q, struct err *e);

/* Append a bound expression to q, its placeholders numbered on from q->nbind. A condition becomes a predicate for
 * WHERE, AND, OR and CASE WHEN (for NOT, negate the expression itself); anything else its value. alias names the
 * register's table, child_alias the child's (NULL if it has none in sight). Protected fields stand for their keyed
 * hash (f_NAME_h). ERR_INPUT where it cannot be said in SQL: working days, protected fields that are not texts. */
int query_expr(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
               int32_t today_day, struct err *e);
/* The same always as a value: true and false as 1 and 0. */
int query_value(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
                int32_t today_day, struct err *e);
/* The same as what concat() would join: a text as people read it, '' for nothing. */
int query_text(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
               int32_t today_day, struct err *e);

#endif
