/* SPDX-License-Identifier: Apache-2.0 */
/* query_page.h: what query_list.c and query_found.c share: one list being read, page by page. */
#ifndef LINLI_MODEL_QUERY_PAGE_H
#define LINLI_MODEL_QUERY_PAGE_H

#include "model/query_inner.h"

/* One list being read: what stays the same from page to page. */
struct list {
    struct arena *a;
    struct db *d;
    const struct list_query *q;
    struct query_parts parts;
    struct query_column sort;
    const struct picks *only; /* which fields are read, NULL: all; see query_row */
    bool covered;             /* parts are units in order of day: their index alone gives the keys */
    bool set;                 /* the page begins after this */
    struct value value;
    int64_t id;
    struct err *e;
};

/* Where a row stands: its sort value, and home and id; or, where covered, unit, day and id. */
struct key {
    struct value v;
    int64_t part, id;
};

int query_page_begin(struct list *l, struct arena *a, struct db *d, const struct list_query *q, struct err *e);
/* The rows of keys, in their order; a key whose row is not there leaves no hole. found: keys of a search, of which
 * only those count that the list lets through. */
int query_page_rows(struct list *l, struct record **rs, size_t *nrows, const struct key *keys, size_t n,
                    bool found);
/* Rows that hold the words of the list, after l->id, until max of them (query_found.c). */
int query_page_found(struct list *l, struct record **rs, size_t *n, size_t max);

#endif
