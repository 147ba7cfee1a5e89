/* SPDX-License-Identifier: Apache-2.0 */
/* search.h: text search (design §4): pairs of CJK characters, whole words and runs of digits, in a scope.
 *
 * s_text(id, home, register, day, body) holds the text of a record, cleaned and lower-cased. Its tokens are in an
 * FTS5 index with detail=none on SQLite (rowid = record id), in a text[] column with GIN on PostgreSQL. A query's
 * tokens narrow, then the text itself decides, so that 居务会 is not found in "居务…务会". One single
 * character has no pair: it is looked for in the newest SEARCH_SCAN texts only. Latin words and numbers are found
 * whole ("gx2024" counts as gx and 2024). Text of protected registers does
 * not belong here: who calls search_put decides. */
#ifndef LINLI_STORE_SEARCH_H
#define LINLI_STORE_SEARCH_H

#include "base/arena.h"
#include "base/map.h"
#include "store/db.h"

#define SEARCH_TEXT (64 * 1024) /* bytes of text indexed per record; the rest is cut off */
#define SEARCH_WORDS 8          /* blank-separated words of a query that count; all must occur */
#define SEARCH_SCAN 20000       /* texts looked at for a query without tokens */

/* Insert or replace the text of a record. day: when it happened, days since 1970-01-01. Within a transaction it is
 * found only after the commit. */
int search_put(struct db *d, int64_t home, const char *table, int64_t id, int64_t day, const char *text,
               struct err *e);
/* The same with a closed part (personal columns; "" if it has none today), which is found only through a scope that
 * is closed as well. Every record of a register that has such columns is put in this way. */
int search_put_closed(struct db *d, int64_t home, const char *table, int64_t id, int64_t day, const char *text,
                      const char *closed, struct err *e);
/* The same in two steps: cut up on any thread, then put in as the text of a record that has none yet. */
struct search_text {
    const char *body, *tokens; /* tokens as the back end keeps them */
};
void search_cut(struct search_text *out, struct arena *a, enum db_kind kind, int64_t home, const char *table,
                const char *text, const char *closed);
int search_put_new(struct db *d, int64_t home, const char *table, int64_t id, int64_t day,
                   const struct search_text *t, struct err *e);
int search_drop(struct db *d, int64_t home, int64_t id, struct err *e); /* not there is no error */

/* All texts are put in anew: begin forgets them, search_put_new puts them in (best in the order of home and id,
 * many to a transaction), end gives the index back its usual form. Between the two it may be broken off; begin
 * again, or go on. */
int search_bulk_begin(struct db *d, struct err *e);
int search_bulk_end(struct db *d, struct err *e);
/* How many texts there are, in one pass: register → int64_t *. */
int search_counts(struct map **out, struct arena *a, struct db *d, struct err *e);

struct search_hit {
    int64_t home, id, day;
    const char *table; /* the register's name */
    const char *body;  /* the indexed text, for a snippet; the closed part only in a closed scope */
};
/* 0 go on, 1 stop, -1 an error; strings live until it returns. */
typedef int (*search_fn)(void *arg, const struct search_hit *h, struct err *e);

struct search_scope {
    const int64_t *homes; /* never empty: whoever asks sees some homes only */
    size_t nhomes;
    const char *const *tables; /* registers; NULL: all */
    size_t ntables;
    bool closed;       /* look at the closed parts as well: only in registers that were put in with one */
    int64_t before_id; /* keyset: only ids below it; 0 from the newest */
    int limit;
};
/* Newest first: by id, which grows with time. */
int search_find(struct db *d, const struct search_scope *s, const char *query, search_fn fn, void *arg,
                struct err *e);

/* The tokens of a text blank-separated, each once; for tests and curious readers. */
char *search_tokens(struct arena *a, const char *text);
/* Tables and indexes; called by migrate. */
int search_create(struct db *d, struct err *e);
/* An index that forgot each word at once forgets personal ones so and others when it merges; called by migrate. */
int search_forget_by_merging(struct db *d, struct err *e);

#endif
