/* SPDX-License-Identifier: Apache-2.0 */
/* query_inner.h: what query.c, query_list.c, query_found.c, query_row.c, query_options.c and query_lookup.c share.
 * Private to src/model. In all of these the register's table is called r. */
#ifndef LINLI_MODEL_QUERY_INNER_H
#define LINLI_MODEL_QUERY_INNER_H

#include "model/query.h"

/* A column of r_NAME by the word lists and filters use: a field, or state, happened, unit … */
struct query_column {
    char sql[96]; /* r.f_item */
    bool text, nullable;
    const struct field *field; /* NULL: one that every record has */
};
/* ERR_INPUT if there is none. A protected field is its keyed hash. */
int query_column(struct query_column *out, const struct reg *r, const char *word, struct err *e);

/* " FROM r_NAME r", for a child table as well. */
void query_from(struct sql *s, const struct reg *r);
/* " AND r.gone = 0" and all filters and the condition of a list. a must live as long as s. */
int query_where(struct sql *s, struct arena *a, enum db_kind kind, const struct list_query *q, struct err *e);
/* "IN (…)" over ids or texts, bound as one parameter so that the statement stays the same. */
void query_in_ids(struct sql *s, struct arena *a, enum db_kind kind, const int64_t *ids, size_t n);
void query_in_texts(struct sql *s, struct arena *a, enum db_kind kind, const struct value *v, size_t n);

/* The equal parts a list is put together from, each with an index in order of day: units, or homes. */
struct query_parts {
    const char *column; /* r.unit, r.home */
    const int64_t *v;
    size_t n;
};
int query_parts(struct query_parts *p, struct arena *a, struct db *d, const struct list_query *q, struct err *e);

/* query_count of a list with a text (query_found.c). */
int query_count_found(int64_t *out, struct arena *a, struct db *d, const struct list_query *q, int64_t max,
                      struct err *e);

/* --- query_row.c */

/* Some fields of a register, in the order of their index. */
struct picks {
    size_t n;
    struct pick {
        size_t field;
        bool text;
    } * v;
};
/* The fields for which on, by index, is true. */
struct picks *query_row_picks(struct arena *a, const struct reg *r, const bool *on);
/* "r.home, r.id, …": what query_row reads from column 0 on. only: those fields, and of what every record has no
 * more than home, id, unit, state, day and late; NULL: everything. */
void query_row_columns(struct sql *s, const struct reg *r, const struct picks *only);
struct record *query_row(struct arena *a, const struct stmt *st, const struct reg *r, const struct picks *only);
/* Child rows of some records of one register: one statement per child table. */
int query_row_children(struct arena *a, struct db *d, struct record **rs, size_t n, struct err *e);
/* The record of an id among some, NULL if it is not there. */
struct record *query_row_find(struct record **rs, size_t n, int64_t id);

/* The title of a register's records as SQL text; false, with nothing appended, if it has none that SQL may say. */
bool query_title(struct sql *s, struct arena *a, enum db_kind kind, const struct reg *r);

#endif
