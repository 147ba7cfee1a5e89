/* SPDX-License-Identifier: Apache-2.0 */
/* query_find.c: one record by its id alone, as it stands in an address. */
#include "model/query_find.h"

#include <stdlib.h>

#include "model/query_record.h"

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

/* Every home once: 0 and what the nodes say. */
static int64_t *homes_of(size_t *n, struct arena *a, const struct tree *t)
{
    int64_t *homes = arena_array(a, t->n + 1, sizeof *homes);
    size_t k = 0;

    *n = 1;
    for (size_t i = 0; i < t->n; i++)
        homes[(*n)++] = t->nodes[i].home;
    qsort(homes, *n, sizeof *homes, by_number);
    for (size_t i = 1; i < *n; i++)
        if (homes[i] != homes[k])
            homes[++k] = homes[i];
    *n = k + 1;
    return homes;
}

int query_find(struct record **out, struct arena *a, struct db *d, const struct view *v, const struct reg *r,
               int64_t id, struct err *e)
{
    int64_t home0 = 0, *homes = &home0;
    size_t nhomes = 1, n;
    struct record **found;

    if (!r->site_wide)
        homes = homes_of(&nhomes, a, v->units);
    if (query_many(&found, &n, a, d, r, homes, nhomes, &id, 1, e) < 0)
        return -1;
    if (n == 0)
        return err_set(e, ERR_MISSING, "“%s”里没有这一条。它可能已经删除，或网址不完整；请从列表重新打开。",
                       label_in(&r->label, LANG_HANS));
    return record_load(out, a, d, r, found[0]->home, id, e);
}
