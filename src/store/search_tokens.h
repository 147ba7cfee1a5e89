/* SPDX-License-Identifier: Apache-2.0 */
/* search_tokens.h: how a text is cut into tokens. Private to search.c.
 *
 * A change here changes the index: it needs a new version in migrate.c that builds it anew. */
#ifndef LINLI_STORE_SEARCH_TOKENS_H
#define LINLI_STORE_SEARCH_TOKENS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"

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

#endif
