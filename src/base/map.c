/* SPDX-License-Identifier: Apache-2.0 */
/* map.c: string keys to pointers, in the order they were first put; and the nearest word. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

struct entry {
    const char *key;
    size_t len;
    uint32_t hash;
    void *value;
};

struct map {
    struct arena *a;
    struct entry *e; /* in order of first put */
    size_t n, cap;
    uint32_t *slot; /* index + 1 into e, 0 is free; open addressing, nslot is a power of two */
    size_t nslot;
};

static uint32_t key_hash(const char *s, size_t n)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h ^ (h >> 15);
}

struct map *map_new(struct arena *a)
{
    struct map *m = arena_alloc(a, sizeof *m);
    m->a = a;
    m->nslot = 16;
    m->slot = arena_array(a, m->nslot, sizeof *m->slot);
    return m;
}

/* The slot that holds the key, or the free one where it would go. */
static size_t map_slot(const struct map *m, const char *key, size_t n, uint32_t hash)
{
    size_t i = hash & (m->nslot - 1);
    for (; m->slot[i]; i = (i + 1) & (m->nslot - 1)) {
        const struct entry *e = &m->e[m->slot[i] - 1];
        if (e->hash == hash && e->len == n && !memcmp(e->key, key, n))
            break;
    }
    return i;
}

static void map_rehash(struct map *m)
{
    m->nslot *= 2;
    m->slot = arena_array(m->a, m->nslot, sizeof *m->slot);
    for (size_t i = 0; i < m->n; i++)
        m->slot[map_slot(m, m->e[i].key, m->e[i].len, m->e[i].hash)] = (uint32_t)i + 1;
}

void *map_put(struct map *m, const char *key, void *value)
{
    size_t n = strlen(key);
    uint32_t hash = key_hash(key, n);
    size_t i = map_slot(m, key, n, hash);
    if (m->slot[i]) {
        struct entry *e = &m->e[m->slot[i] - 1];
        void *old = e->value;
        e->value = value;
        return old;
    }
    struct entry e = {arena_strn(m->a, key, n), n, hash, value};
    VEC_PUSH(m->a, m->e, m->n, m->cap) = e;
    m->slot[i] = (uint32_t)m->n;
    if (m->n * 4 > m->nslot * 3)
        map_rehash(m);
    return NULL;
}

void *map_getn(const struct map *m, const char *key, size_t n)
{
    size_t i = map_slot(m, key, n, key_hash(key, n));
    return m->slot[i] ? m->e[m->slot[i] - 1].value : NULL;
}

void *map_get(const struct map *m, const char *key)
{
    return map_getn(m, key, strlen(key));
}

size_t map_count(const struct map *m)
{
    return m->n;
}

const char *map_key(const struct map *m, size_t i)
{
    return i < m->n ? m->e[i].key : NULL;
}

void *map_value(const struct map *m, size_t i)
{
    return i < m->n ? m->e[i].value : NULL;
}

enum { WORD_MAX = 64 };

static int word_points(uint32_t out[WORD_MAX], const char *s)
{
    int n = 0;
    for (uint32_t cp; n < WORD_MAX && (cp = utf8_next(&s)); n++)
        out[n] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    return n;
}

static int min2(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b. */
static int word_distance(const uint32_t *a, int na, const uint32_t *b, int nb)
{
    int row[3][WORD_MAX + 1];
    for (int j = 0; j <= nb; j++)
        row[0][j] = j;
    for (int i = 1; i <= na; i++) {
        int *cur = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        cur[0] = i;
        for (int j = 1; j <= nb; j++) {
            int d = min2(min2(up[j], cur[j - 1]) + 1, up[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = min2(d, up2[j - 2] + 1);
            cur[j] = d;
        }
    }
    return row[na % 3][nb];
}

struct nearest {
    uint32_t word[WORD_MAX];
    int n, best;
    const char *found;
};

static void nearest_begin(struct nearest *s, const char *word)
{
    s->n = word_points(s->word, word);
    s->best = s->n / 3 + 1;
    s->found = NULL;
}

static void nearest_try(struct nearest *s, const char *candidate)
{
    uint32_t c[WORD_MAX] = {0};
    int d = word_distance(s->word, s->n, c, word_points(c, candidate));
    if (d < s->best) {
        s->best = d;
        s->found = candidate;
    }
}

const char *map_nearest(const struct map *m, const char *word)
{
    struct nearest s;
    nearest_begin(&s, word);
    for (size_t i = 0; i < m->n; i++)
        nearest_try(&s, m->e[i].key);
    return s.found;
}

const char *word_nearest(const char *const *words, const char *word)
{
    struct nearest s;
    nearest_begin(&s, word);
    for (; *words; words++)
        nearest_try(&s, *words);
    return s.found;
}
