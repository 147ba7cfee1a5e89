/* SPDX-License-Identifier: Apache-2.0 */
/* search_tokens.h: how a text is cut into tokens, and how SQLite's index is told of them. Private to search*.c.
 *
 * A change here changes the index: it needs a new version in migrate.c that builds it anew. */
#ifndef LINLI_STORE_SEARCH_TOKENS_H
#define LINLI_STORE_SEARCH_TOKENS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "store/db.h"

/* Cleaned, ASCII letters lower-case, cut off at a character within max bytes. */
char *text_for_search(struct arena *a, const char *text, size_t max);
/* Adds the tokens of such a text as keys. */
void tokens_of_text(struct map *m, const char *body);
/* The token of a home, or with a register's name of that register in the home. No text gives such a token: it
 * begins with a private-use character. */
const char *token_of_scope(struct arena *a, int64_t home, const char *table);
/* What stands between the open and the closed part of a body; no cleaned text holds it. */
#define BODY_CLOSED '\x1e'
/* The token by which a word is found by those who also see the closed part. */
const char *token_closed(struct arena *a, const char *token);
/* All tokens of a record, with its two scopes, each once, with this between. A body with a closed part has its open
 * tokens and, as closed ones, those of both parts. */
const char *tokens_of_record(struct arena *a, int64_t home, const char *table, const char *body,
                             const char *between);

/* From the tokens of a record to those that it has now (both blank-separated, now NULL: none any more). A word is
 * personal that is only in the closed part, before or after. */
struct token_change {
    const char *personal; /* gone, to be forgotten for good */
    const char *gone;     /* gone as well */
    const char *fresh;
};
void token_change(struct token_change *out, struct arena *a, const char *was, const char *now);
/* Have they a closed part? */
bool tokens_are_closed(const char *tokens);

/* search_index.c, SQLite: put off until the commit. NULL: the record has no text before or after. */
int search_index_change(struct db *d, int64_t id, const char *was, const char *now, struct err *e);

#endif
