/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: the unit tree and the grid tree in memory. */
#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

/* --- building */

struct raw {
    const struct node_row *row;
    struct raw *up, *kid, *next; /* kids in order of code */
    struct node *node;
};

static int by_code_id(const void *x, const void *y)
{
    const struct raw *a = *(struct raw *const *)x, *b = *(struct raw *const *)y;
    int c = strcmp(a->row->code ? a->row->code : "", b->row->code ? b->row->code : "");

    return c ? c : (a->row->id > b->row->id) - (a->row->id < b->row->id);
}

static int by_raw_id(const void *x, const void *y)
{
    const struct raw *a = x, *b = y;

    return (a->row->id > b->row->id) - (a->row->id < b->row->id);
}

static struct raw *raw_find(struct raw *raws, size_t n, int64_t id)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (raws[mid].row->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && raws[lo].row->id == id ? &raws[lo] : NULL;
}

/* Cut rings open: walking up from any node must end. */
static void cut_rings(struct raw *raws, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t steps = 0;

        for (const struct raw *r = &raws[i]; r; r = r->up)
            if (++steps > n) {
                raws[i].up = NULL;
                break;
            }
    }
}

static int64_t node_home(const struct node *n, int64_t row_unit, const struct tree *units)
{
    const struct node *u;

    if (!units) {
        for (u = n; u; u = u->up)
            if (u->kind && !strcmp(u->kind, "community"))
                return u->id;
        return n->id;
    }
    u = row_unit ? tree_find(units, row_unit) : NULL;
    return u ? u->home : n->up ? n->up->home : 0;
}

static void place(struct tree *t, struct raw *r, const struct tree *units)
{
    struct node *n = &t->nodes[t->n++];
    const struct node_row *row = r->row;
    size_t kids = 0;

    r->node = n;
    n->id = row->id;
    n->up = r->up ? r->up->node : NULL;
    n->parent = n->up ? n->up->id : 0;
    n->depth = n->up ? n->up->depth + 1 : 0;
    n->code = arena_str(t->a, row->code ? row->code : "");
    n->name = arena_str(t->a, row->name ? row->name : "");
    n->kind = arena_str(t->a, row->kind ? row->kind : "");
    n->from = row->since;
    n->until = row->until;
    n->home = node_home(n, row->unit, units);
    if (n->code[0])
        map_put(t->by_code, n->code, n);
    for (struct raw *k = r->kid; k; k = k->next)
        kids++;
    n->kids = arena_array(t->a, kids, sizeof *n->kids);
    for (struct raw *k = r->kid; k; k = k->next) {
        place(t, k, units);
        n->kids[n->nkids++] = k->node;
    }
}

static int by_node_id(const void *x, const void *y)
{
    const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;

    return (a->id > b->id) - (a->id < b->id);
}

struct tree *tree_build(const struct node_row *rows, size_t n, const struct tree *units)
{
    struct arena *a = arena_new(), *tmp = arena_new();
    struct tree *t = arena_alloc(a, sizeof *t);
    struct raw *raws = arena_array(tmp, n, sizeof *raws), *roots = NULL;
    struct raw **order = arena_array(tmp, n, sizeof *order);

    static atomic_ullong stamps;

    t->a = a;
    t->stamp = atomic_fetch_add(&stamps, 1) + 1;
    t->refs = 1;
    t->by_code = map_new(a);
    t->nodes = arena_array(a, n, sizeof *t->nodes);
    for (size_t i = 0; i < n; i++)
        raws[i].row = &rows[i];
    qsort(raws, n, sizeof *raws, by_raw_id);
    for (size_t i = 0; i < n; i++) {
        raws[i].up = raw_find(raws, n, raws[i].row->parent);
        order[i] = &raws[i];
    }
    cut_rings(raws, n);
    qsort(order, n, sizeof *order, by_code_id);
    for (size_t i = n; i-- > 0;) { /* backwards, so that each list ends up in order */
        struct raw **list = order[i]->up ? &order[i]->up->kid : &roots;

        order[i]->next = *list;
        *list = order[i];
    }
    for (struct raw *r = roots; r; r = r->next)
        place(t, r, units);
    t->by_id = arena_array(a, t->n, sizeof *t->by_id);
    for (size_t i = 0; i < t->n; i++)
        t->by_id[i] = &t->nodes[i];
    qsort(t->by_id, t->n, sizeof *t->by_id, by_node_id);
    arena_free(tmp);
    return t;
}

void tree_free(struct tree *t)
{
    if (t)
        arena_free(t->a);
}

/* --- finding */

struct node *tree_find(const struct tree *t, int64_t id)
{
    size_t lo = 0, hi = t ? t->n : 0;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (t->by_id[mid]->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return t && lo < t->n && t->by_id[lo]->id == id ? t->by_id[lo] : NULL;
}

struct node *tree_code(const struct tree *t, const char *code)
{
    return code && *code ? map_get(t->by_code, code) : NULL;
}

bool tree_within(const struct node *n, const struct node *top)
{
    for (; n; n = n->up)
        if (n == top)
            return true;
    return false;
}

/* How many nodes lie at and beneath n: they follow it in t->nodes. */
static size_t subtree(const struct node *n)
{
    size_t c = 1;

    for (size_t i = 0; i < n->nkids; i++)
        c += subtree(n->kids[i]);
    return c;
}

int64_t *tree_below(struct arena *a, const struct node *n, size_t *count)
{
    int64_t *ids;

    *count = subtree(n);
    ids = arena_array(a, *count, sizeof *ids);
    for (size_t i = 0; i < *count; i++)
        ids[i] = n[i].id;
    return ids;
}

enum fit { FIT_EXACT, FIT_END, FIT_PART, FIT__MAX };

static bool fits(const char *name, const char *word, enum fit how)
{
    size_t n = strlen(name), w = strlen(word);

    switch (how) {
    case FIT_EXACT:
        return !strcmp(name, word);
    case FIT_END:
        return n > w && !memcmp(name + n - w, word, w);
    default:
        return strstr(name, word) != NULL;
    }
}

struct node *tree_name(const struct tree *t, const char *name, const char *kind, const struct node *under)
{
    const struct node *first = under ? under : t->nodes;
    size_t n = under ? subtree(under) : t->n;

    if (!name || !*name)
        return NULL;
    for (enum fit how = 0; how < FIT__MAX; how++) {
        const struct node *hit = NULL;
        size_t hits = 0;

        for (size_t i = 0; i < n; i++)
            if ((!kind || !strcmp(first[i].kind, kind)) && fits(first[i].name, name, how)) {
                hit = &first[i];
                hits++;
            }
        if (hits)
            return hits == 1 ? tree_find(t, hit->id) : NULL;
    }
    return NULL;
}
