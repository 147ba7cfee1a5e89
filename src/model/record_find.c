/* SPDX-License-Identifier: Apache-2.0 */
/* record_find.c: a record by its id alone, within what somebody may read. */
#include "model/query_record.h"
#include "model/record.h"

/* The homes of all units in scope, each once. Above a community a unit is its own home. */
static int64_t *scope_homes(struct arena *a, const struct view *v, const struct actor *actor, const struct reg *r, size_t *n)
{
    bool all;
    size_t nunits;
    int64_t *units = actor_scope(a, v, actor, &nunits, &all);
    int64_t *homes = arena_array(a, v->units->n + 1, sizeof *homes);
    *n = 0;
    if (r->site_wide) {
        homes[(*n)++] = 0;
        return homes;
    }
    size_t max = all ? v->units->n : nunits;
    for (size_t i = 0; i < max; i++) {
        const struct node *u = all ? &v->units->nodes[i] : tree_find(v->units, units[i]);
        bool seen = !u;
        for (size_t k = *n; !seen && k > 0; k--)
            seen = homes[k - 1] == u->home;
        if (!seen)
            homes[(*n)++] = u->home;
    }
    return homes;
}

int record_find(struct record **out, struct arena *a, struct db *d, const struct view *v, const struct actor *actor,
                const struct reg *r, int64_t id, struct err *e)
{
    struct record **rows;
    size_t n, nhomes;
    int64_t *homes = scope_homes(a, v, actor, r, &nhomes);
    if (query_many(&rows, &n, a, d, r, homes, nhomes, &id, 1, e))
        return -1;
    if (n == 0 || actor_reg(v, actor, r, false, rows[0]->unit, NULL))
        return err_set(e, ERR_MISSING, "没有这一条，或者不在您能查看的范围内。");
    return record_load(out, a, d, r, rows[0]->home, id, e);
}
