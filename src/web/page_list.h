/* SPDX-License-Identifier: Apache-2.0 */
/* page_list.h: what the list page shares with the record page and the export. */
#ifndef LINLI_WEB_PAGE_LIST_H
#define LINLI_WEB_PAGE_LIST_H

#include "model/query.h"
#include "web/request.h"

/* The register of the address, if this person may read (or write) it at the unit in force; NULL with *e. */
const struct reg *page_register(struct req *q, bool write, struct err *e);
/* The query that the address asks for: scope, filters, words, sort, place in the list. */
void list_read(struct req *q, const struct reg *r, struct list_query *lq);
/* Titles of everything the rows refer to, one query a reference field; NULL if there are none. */
int list_titles(struct req *q, const struct reg *r, struct record *const *rows, size_t n, struct map **names,
                struct err *e);
/* How many records the list holds (10,000+ beyond that) and the sums of what its register measures; nothing where
 * that would take long. */
void list_totals(struct req *q, const struct list_query *lq);
/* This user has written: whatever was counted before is counted anew for him. */
void list_written(int64_t user);

#endif
