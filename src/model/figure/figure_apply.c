/* SPDX-License-Identifier: Apache-2.0 */
/* figure_apply.c: what one record contributes, and the change in the totals when it is written. */
#include <string.h>

#include "base/date.h"
#include "model/figure_inner.h"

/* --- one contribution */

struct giving {
    struct arena *a;
    const struct site *site;
    const struct figure *figure;
    const struct record *r;
    struct scope sc;
    addend_fn fn;
    void *arg;
};

bool figure_is_kept(const struct figure *f)
{
    return f->kind != FIG_RATIO && f->kind != FIG_MISSED;
}

bool figure_is_distinct(const struct figure *f)
{
    return f->kind == FIG_PERSONS || f->kind == FIG_DISTINCT;
}

const char *cadence_slice(const struct cadence_def *c)
{
    return c->slice && *c->slice ? c->slice : c->period;
}

const struct expr *figure_day_expr(const struct expr *x, struct expr *tmp)
{
    if (x->type != EXT_INSTANT)
        return x;
    *tmp = (struct expr){.op = EX_CALL, .fn = FN_DAY, .nargs = 1, .type = EXT_DAY, .text = x->text, .at = x->at};
    tmp->arg[0] = (struct expr *)x;
    return tmp;
}

/* A day, or DAY_NONE where the expression has no value; x NULL: when it happened. */
static int32_t day_of(struct giving *g, const struct expr *x)
{
    struct expr tmp;
    struct value v;

    if (!x)
        return g->r->happened;
    v = expr_eval(g->a, figure_day_expr(x, &tmp), &g->sc);
    return v.kind == VALUE_INT ? (int32_t)v.i : DAY_NONE;
}

static const char *text_of(struct arena *a, struct value v)
{
    return v.kind == VALUE_TEXT ? v.s : v.kind == VALUE_INT ? arena_printf(a, "%lld", (long long)v.i) : NULL;
}

/* Give the addend with its slice. */
static void give(struct giving *g, const struct contribution *p, struct addend *x)
{
    const char *t = p->slice ? text_of(g->a, expr_eval(g->a, p->slice, &g->sc)) : NULL;

    x->slice = !p->slice ? NULL : t && *t ? t : SLICE_NONE;
    g->fn(g->arg, x);
}

/* +1 on the first day, -1 on the day after the last. */
static void give_stock(struct giving *g, const struct contribution *p, struct addend *x)
{
    int32_t from = day_of(g, p->from), until = p->until ? day_of(g, p->until) : DAY_NONE;

    if (from == DAY_NONE || (until != DAY_NONE && until < from))
        return;
    x->day = from;
    give(g, p, x);
    if (until == DAY_NONE)
        return;
    x->day = until + 1;
    x->amount = (struct total){-x->amount.n, -x->amount.v, -x->amount.late};
    give(g, p, x);
}

/* One record or one child row of it. */
static void give_row(struct giving *g, const struct contribution *p)
{
    struct addend x = {.figure = g->figure, .home = g->r->home, .unit = g->r->unit};
    struct value sum = value_int(1), key;

    if (p->where && !expr_true(g->a, p->where, &g->sc))
        return;
    if (p->sum)
        sum = expr_eval(g->a, p->sum, &g->sc);
    if (sum.kind != VALUE_INT)
        return;
    x.amount = (struct total){.n = 1, .v = sum.i, .late = g->r->late};
    if (g->figure->kind == FIG_STOCK) {
        give_stock(g, p, &x);
        return;
    }
    if (figure_is_distinct(g->figure)) {
        key = p->key ? expr_eval(g->a, p->key, &g->sc) : value_null();
        x.key = text_of(g->a, key);
        if (!x.key || !*x.key)
            return;
        x.key = arena_strn(g->a, sec_find(g->a, store_key(g->site->store), x.key), FIGURE_KEY);
    }
    x.day = day_of(g, p->on);
    if (x.day != DAY_NONE)
        give(g, p, &x);
}

static void give_part(struct giving *g, const struct contribution *p)
{
    const struct child_rows *rows;

    if (p->reg != g->r->reg)
        return;
    if (!p->child) {
        give_row(g, p);
        return;
    }
    rows = &g->r->children[p->child - p->reg->children];
    for (size_t i = 0; i < rows->n; i++) {
        scope_row(&g->sc, p->child, &rows->rows[i]);
        give_row(g, p);
    }
    scope_row(&g->sc, NULL, NULL);
}

static void give_cadence(struct giving *g)
{
    const struct figure *f = g->figure;

    if (f->reg != g->r->reg)
        return;
    for (size_t i = 0; i < f->ncadences; i++) {
        const struct cadence_def *c = &f->cadences[i];
        struct addend x = {.figure = f,
                           .slice = cadence_slice(c),
                           .home = g->r->home,
                           .unit = g->r->unit,
                           .day = g->r->happened,
                           .amount = {.n = 1, .v = 1, .late = g->r->late}};

        if (!c->match || expr_true(g->a, c->match, &g->sc))
            g->fn(g->arg, &x);
    }
}

static void give_figure(struct giving *g)
{
    if (g->figure->kind == FIG_CADENCE) {
        give_cadence(g);
        return;
    }
    for (size_t i = 0; i < g->figure->nparts; i++)
        give_part(g, &g->figure->parts[i]);
}

void figure_addends(struct arena *a, const struct site *s, const struct schema *sc, const struct figure *f,
                    const struct record *r, addend_fn fn, void *arg)
{
    struct giving g = {.a = a, .site = s, .r = r, .sc = record_scope(s, r), .fn = fn, .arg = arg};

    for (size_t i = 0; i < (f ? 1 : sc->nfigures); i++) {
        g.figure = f ? f : sc->figures[i];
        if (figure_is_kept(g.figure))
            give_figure(&g);
    }
}

/* --- the change */

static void sums_of_change(struct sums *sums, struct save *s, const struct record *was, const struct record *is)
{
    const struct sec_key *k = store_key(s->site->store);
    struct sums_into into = {.sums = sums};
    const struct record *both[2] = {was, is};

    *sums = (struct sums){.a = s->a};
    for (int i = 0; i < 2; i++) {
        if (!both[i])
            continue;
        into.sign = i ? 1 : -1;
        figure_addends(s->a, s->site, s->view->schema, NULL, record_with(s->a, k, both[i], PROTECTED_HASH),
                       sums_addend, &into);
    }
}

struct sums *figure_sums(struct save *s, const struct record *is)
{
    struct sums sums, *out = arena_alloc(s->a, sizeof *out);

    sums_of_change(&sums, s, NULL, is);
    sums_merge(&sums, true);
    *out = sums;
    out->v = arena_array(s->a, sums.n + 1, sizeof *out->v);
    if (sums.n)
        memcpy(out->v, sums.v, sums.n * sizeof *out->v);
    sums_done(&sums);
    return out;
}

int figure_apply(struct db *d, struct save *s, const struct record *was, const struct record *is, struct err *e)
{
    struct sums sums;
    int rc;

    if (s->ready)
        return sums_write(d, s->ready->sums, e);
    sums_of_change(&sums, s, was, is);
    rc = sums_write(d, &sums, e);
    sums_done(&sums);
    return rc;
}
