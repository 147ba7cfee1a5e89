/* SPDX-License-Identifier: Apache-2.0 */
/* figure_uses.c: 去向: the figures one record adds to. */
#include "model/figure_inner.h"

struct uses {
    struct arena *a;
    struct figure_use *v;
    size_t n, cap;
};

static void use_add(void *arg, const struct addend *x)
{
    struct uses *u = arg;
    if (x->amount.n < 0)
        return;
    for (size_t i = 0; i < u->n; i++)
        if (u->v[i].figure == x->figure) {
            u->v[i].day = x->day > u->v[i].day ? x->day : u->v[i].day;
            return;
        }
    VEC_PUSH(u->a, u->v, u->n, u->cap) = (struct figure_use){x->figure, x->day};
}

int figure_uses(struct figure_use **out, size_t *n, struct arena *a, const struct view *v, struct site *s,
                const struct record *r, struct err *e)
{
    struct uses u = {.a = a};
    (void)e;
    if (!r->gone)
        figure_addends(a, s, v->schema, NULL, r, use_add, &u);
    *out = u.v;
    *n = u.n;
    return 0;
}
