/* SPDX-License-Identifier: Apache-2.0 */
/* page_list.h: what the list page shares with the record page and the export. */
#ifndef LINLI_WEB_PAGE_LIST_H
#define LINLI_WEB_PAGE_LIST_H

#include "model/query.h"
#include "web/request.h"

/* The pieces of the page that hold no records: see kept.h. */
enum list_piece { LIST_HEAD, LIST_COLUMNS };
/* Filtering, sorting and paging change the list in place where htmx runs; elsewhere they are plain links and a
 * form. */
#define LIST_IN_PLACE " hx-boost=true hx-target=\"#main\" hx-select=\"#main\" hx-swap=\"outerHTML show:window:top\""

/* The register of the address, if this person may read (or write) it at the unit in force; NULL with *e. */
const struct reg *page_register(struct req *q, bool write, struct err *e);
/* The query that the address asks for: scope, filters, words, sort, place in the list. */
int list_read(struct req *q, const struct reg *r, struct list_query *lq, struct err *e);
/* ?print=1: all that is asked for on one page, up to a bound, as it goes on paper. */
bool list_printed(const struct req *q);
/* The address with one word changed; NULL removes it; the place in the list is forgotten. */
const char *list_address(struct req *q, const char *name, const char *value);
/* The place after a record, as the address says it. */
const char *list_after(struct req *q, const struct record *last, const struct list_query *lq);
/* The records, or a sentence where there are none. */
int list_table(struct req *q, const struct reg *r, const struct list_query *lq, struct err *e);
/* Titles of everything the rows refer to, one query a reference field; NULL if there are none. */
int list_titles(struct req *q, const struct reg *r, struct record *const *rows, size_t n, struct map **names,
                struct err *e);
/* How many records the list holds (10,000+ beyond that) and the sums of what its register measures; nothing where
 * that would take long. */
void list_totals(struct req *q, const struct list_query *lq);
/* This user has written: whatever was counted before is counted anew for him. */
void list_written(int64_t user);

#endif
