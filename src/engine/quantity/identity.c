/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c: what the claims of one text say about each other. A tie is made only where the words make it certain:
 * a wrong accusation is worse than a gap. */
#include <string.h>

#include "engine/quantity_inner.h"

enum { VERB_ALONE = 9 /* bytes of 提高了: more may name another thing */ };

struct ties {
    struct quantity_list *l;
    struct arena *a;
    const struct qtok *t;
    const struct qtext *x;
    size_t cap;
};

static void tie(struct ties *s, struct quantity_identity id)
{
    struct quantity_list *l = s->l;
    VEC_PUSH(s->a, l->identities, l->nidentities, s->cap) = id;
}

static bool firm(const struct quantity *q)
{
    return !isnan(q->value) && isnan(q->upper) &&
           (q->modifier == QUANTITY_EXACT || q->modifier == QUANTITY_ATLEAST) && q->kind != QUANTITY_RATE &&
           q->kind != QUANTITY_LIMIT;
}

static bool same_unit(const struct quantity *a, const struct quantity *b)
{
    return *a->unit && strcmp(a->unit, b->unit) == 0;
}

/* 党员126名、群众50名，其中女性60名: nobody knows which is the whole. */
static bool among_others(const struct ties *s, size_t i)
{
    const struct quantity *q = &s->l->items[i];
    return i > 0 && q[-1].sentence == q->sentence && strcmp(q[-1].unit, q->unit) == 0;
}

/* 其中 parts are not above their whole. */
static void part(struct ties *s, size_t i)
{
    const struct quantity *q = &s->l->items[i], *w = &s->l->items[q->whole];
    if (!q->nested || q->whole >= i || !firm(q) || !firm(w) || !same_unit(q, w) || strcmp(q->unit, "%") == 0 ||
        q->sentence != w->sentence || w->modifier != QUANTITY_EXACT || !s->t[i].part || among_others(s, q->whole))
        return;
    bool holds = q->value <= w->value;
    tie(s, (struct quantity_identity){
               .rule = QUANTITY_PART,
               .claim = {q->whole, i},
               .nclaims = 2,
               .holds = holds,
               .why = arena_printf(s->a, holds ? "“%s”是“%s”的一部分，没有超过" : "“%s”是“%s”的一部分，却超过了它",
                                   q->text, w->text)});
}

/* Rounded or cut at the decimals printed. */
static bool share_fits(double num, double den, double printed, int places, bool atleast)
{
    double p = num / den * 100, step = pow(10, -places);
    if (atleast)
        return p >= printed - 1e-9;
    return fabs(p - printed) <= step / 2 + 1e-9 || (printed <= p + 1e-9 && p < printed + step);
}

/* 调处38起, 调解成功37起, 调解成功率97.3%: the rate is named after the second count. */
static void share(struct ties *s, size_t i)
{
    const struct quantity *r = &s->l->items[i], *a, *b;
    if (i < 2 || strcmp(r->unit, "%") != 0 || !firm(r))
        return;
    a = &s->l->items[i - 2];
    b = &s->l->items[i - 1];
    const char *rate = strstr(r->counted, "率");
    if (!rate || a->sentence != r->sentence || b->sentence != r->sentence || !firm(a) || !firm(b) ||
        !same_unit(a, b) || a->value <= 0 || strcmp(a->unit, "%") == 0 || a->modifier != b->modifier)
        return;
    size_t n = (size_t)(rate - r->counted);
    const char *stem = n >= 6 ? arena_strn(s->a, rate - 6, 6) : NULL; /* 成功, 办结, 整改 */
    if (!stem || !strstr(b->verb, stem) || strstr(a->verb, stem) ||
        !strstr(b->verb, arena_strn(s->a, r->counted, n - 6)))
        return; /* 按期办结率 is another rate than that of 办结 */
    bool holds = share_fits(b->value, a->value, r->value, r->places, r->modifier == QUANTITY_ATLEAST);
    tie(s, (struct quantity_identity){.rule = QUANTITY_SHARE,
                                      .claim = {i - 2, i - 1, i},
                                      .nclaims = 3,
                                      .holds = holds,
                                      .why = arena_printf(s->a, "%s ÷ %s = %.*f%%，文中写%s", b->text, a->text,
                                                          r->places < 2 ? 2 : r->places, b->value / a->value * 100,
                                                          r->text)});
}

/* 600人、500人次 of one thing, side by side. */
static void heads(struct ties *s, size_t i)
{
    if (i == 0)
        return;
    const struct quantity *a = &s->l->items[i - 1], *b = &s->l->items[i];
    const struct quantity *p = strcmp(a->unit, "人次") == 0 ? b : a, *t = p == a ? b : a;
    size_t gap = s->t[i].i - s->t[i - 1].j;
    if (strcmp(t->unit, "人次") != 0 || strcmp(p->unit, "人") != 0 || gap > 1 || !firm(a) || !firm(b))
        return;
    bool holds = p->value <= t->value;
    tie(s, (struct quantity_identity){
               .rule = QUANTITY_HEADS,
               .claim = {i - 1, i},
               .nclaims = 2,
               .holds = holds,
               .why = arena_printf(s->a, holds ? "%s不少于%s" : "%s少于%s：人次不会少于人数", t->text, p->text)});
}

/* 由92%升至97%，提高5个百分点. */
static void changed(struct ties *s, size_t i)
{
    if (i < 2)
        return;
    const struct quantity *a = &s->l->items[i - 2], *b = &s->l->items[i - 1], *d = &s->l->items[i];
    size_t from = s->t[i - 2].i;
    bool points = strcmp(d->unit, "百分点") == 0 && strcmp(a->unit, "%") == 0;
    bool led = from > 0 && (s->x->c[from - 1].cp == 0x7531 || s->x->c[from - 1].cp == 0x4ECE); /* 由 从 */
    if (strlen(d->verb) > VERB_ALONE || !led || a->sentence != d->sentence || !same_unit(a, b) ||
        d->kind != QUANTITY_CHANGE || !firm(a) || !firm(b) || !firm(d) || (!points && !same_unit(b, d)) ||
        (!points && strcmp(d->unit, "%") == 0))
        return;
    int places = a->places > b->places ? a->places : b->places;
    bool holds = fabs(fabs(b->value - a->value) - d->value) <=
                 pow(10, -(places > d->places ? d->places : places)) / 2 + 1e-9;
    tie(s, (struct quantity_identity){.rule = QUANTITY_CHANGED,
                                      .claim = {i - 2, i - 1, i},
                                      .nclaims = 3,
                                      .holds = holds,
                                      .why = arena_printf(s->a, "由%s到%s，相差%g，文中写%s", a->text, b->text,
                                                          fabs(b->value - a->value), d->text)});
}

void qidentities(struct quantity_list *l, struct arena *a, const struct qtok *t, const struct qtext *x)
{
    struct ties s = {l, a, t, x, 0};
    for (size_t i = 0; i < l->n; i++) {
        part(&s, i);
        share(&s, i);
        heads(&s, i);
        changed(&s, i);
    }
}
