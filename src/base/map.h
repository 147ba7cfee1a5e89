/* SPDX-License-Identifier: Apache-2.0 */
/* map.h: string keys to pointers, in the order they were first put. Held by an arena; keys are copied. */
#ifndef LINLI_BASE_MAP_H
#define LINLI_BASE_MAP_H

#include <stddef.h>

#include "base/arena.h"

struct map;

struct map *map_new(struct arena *a);
/* Returns the earlier value of the key, NULL if there was none. */
void *map_put(struct map *m, const char *key, void *value);
void *map_get(const struct map *m, const char *key);
void *map_getn(const struct map *m, const char *key, size_t n);
size_t map_count(const struct map *m);
const char *map_key(const struct map *m, size_t i); /* i in order of first put */
void *map_value(const struct map *m, size_t i);
/* The key nearest to a misspelt word (edit distance at most a third of it), or NULL: "did you mean …?" */
const char *map_nearest(const struct map *m, const char *word);
/* The same over a NULL-terminated list of words. */
const char *word_nearest(const char *const *words, const char *word);

#endif
