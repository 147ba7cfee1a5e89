/* SPDX-License-Identifier: Apache-2.0 */
/* trie.c: words by their characters, in one hash table of edges (node, character) → node. */
#include <string.h>

#include "base/utf8.h"
#include "engine/quantity_inner.h"

struct edge {
    uint64_t key; /* node << 32 | character; 0 is free, as no word begins with NUL */
    uint32_t to;
};
struct trie {
    struct arena *a;
    struct edge *edge;
    size_t nedge, cap; /* cap is a power of two */
    uint32_t *value;   /* of each node; 0 where no word ends */
    size_t nodes, room;
    uint64_t first[1024]; /* which characters begin a word, so that most places cost one look */
};

struct trie *trie_new(struct arena *a)
{
    struct trie *t = arena_alloc(a, sizeof *t);
    t->a = a;
    t->cap = 64;
    t->edge = arena_array(a, t->cap, sizeof *t->edge);
    t->room = 64;
    t->value = arena_array(a, t->room, sizeof *t->value);
    t->nodes = 1;
    return t;
}

static size_t edge_place(const struct trie *t, uint64_t key)
{
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & (t->cap - 1);
    while (t->edge[at].key && t->edge[at].key != key)
        at = (at + 1) & (t->cap - 1);
    return at;
}

static void edges_double(struct trie *t)
{
    struct edge *old = t->edge;
    size_t n = t->cap;
    t->cap *= 2;
    t->edge = arena_array(t->a, t->cap, sizeof *t->edge);
    for (size_t i = 0; i < n; i++)
        if (old[i].key)
            t->edge[edge_place(t, old[i].key)] = old[i];
}

static uint32_t node_new(struct trie *t)
{
    if (t->nodes == t->room) {
        uint32_t *grown = arena_array(t->a, t->room * 2, sizeof *grown);
        memcpy(grown, t->value, t->room * sizeof *grown);
        t->value = grown;
        t->room *= 2;
    }
    return (uint32_t)t->nodes++;
}

static uint32_t edge_go(const struct trie *t, uint32_t node, uint32_t cp)
{
    const struct edge *e = &t->edge[edge_place(t, (uint64_t)node << 32 | cp)];
    return e->key ? e->to : 0;
}

static uint32_t edge_make(struct trie *t, uint32_t node, uint32_t cp)
{
    uint64_t key = (uint64_t)node << 32 | cp;
    size_t at = edge_place(t, key);
    if (t->edge[at].key)
        return t->edge[at].to;
    if (t->nedge++ * 2 > t->cap) {
        edges_double(t);
        at = edge_place(t, key);
    }
    t->edge[at] = (struct edge){key, node_new(t)};
    return t->edge[at].to;
}

bool trie_add(struct trie *t, const char *word, uint32_t value, bool back)
{
    uint32_t cps[64], node = 0;
    size_t n = 0;
    for (uint32_t cp; n < 64 && (cp = utf8_next(&word));)
        cps[n++] = cp;
    for (size_t k = 0; k < n; k++)
        node = edge_make(t, node, cps[back ? n - 1 - k : k]);
    if (n) {
        uint32_t first = cps[back ? n - 1 : 0] & 0xFFFF;
        t->first[first >> 6] |= 1ull << (first & 63);
    }
    if (!n || t->value[node])
        return false;
    t->value[node] = value;
    return true;
}

static bool may_begin(const struct trie *t, uint32_t cp)
{
    return t->first[(cp & 0xFFFF) >> 6] >> (cp & 63) & 1;
}

size_t trie_match(const struct trie *t, const struct qtext *x, size_t i, uint32_t *value)
{
    size_t best = 0;
    uint32_t node = 0;
    if (i >= x->n || !may_begin(t, x->c[i].cp))
        return 0;
    for (size_t k = i; k < x->n && (k == i || x->c[k].gap < GAP_CELL); k++) {
        if (!(node = edge_go(t, node, x->c[k].cp)))
            break;
        if (t->value[node]) {
            best = k + 1 - i;
            *value = t->value[node];
        }
    }
    return best;
}

size_t trie_back(const struct trie *t, const struct qtext *x, size_t i, uint32_t *value)
{
    size_t best = 0;
    uint32_t node = 0;
    if (i == 0 || i > x->n || !may_begin(t, x->c[i - 1].cp))
        return 0;
    for (size_t k = i; k > 0 && (k == x->n || x->c[k].gap < GAP_CELL); k--) {
        if (!(node = edge_go(t, node, x->c[k - 1].cp)))
            break;
        if (t->value[node]) {
            best = i - (k - 1);
            *value = t->value[node];
        }
    }
    return best;
}
