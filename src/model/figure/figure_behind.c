/* SPDX-License-Identifier: Apache-2.0 */
/* figure_behind.c: what stands behind a number, line by line, from the records themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/figure_inner.h"
#include "model/query_record.h"

enum { TITLES_AT_ONCE = 500 };

struct lines {
    struct arena *a;
    struct db *d;
    struct behind *v;
    size_t n, cap;
    size_t skip, want; /* want 0: all */
    struct looker look;
};

static bool full(const struct lines *l)
{
    return l->want && l->n >= l->want;
}

static void add(struct lines *l, const struct behind *b)
{
    if (l->skip)
        l->skip--;
    else if (!full(l))
        VEC_PUSH(l->a, l->v, l->n, l->cap) = *b;
}

/* --- titles */

static int by_record(const void *x, const void *y)
{
    const struct record *a = *(struct record *const *)x, *b = *(struct record *const *)y;

    return (a->id > b->id) - (a->id < b->id);
}

static const struct record *find_record(struct record **rs, size_t n, const struct behind *b)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (rs[mid]->id < b->id)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < n && rs[lo]->id == b->id; lo++)
        if (rs[lo]->home == b->home)
            return rs[lo];
    return NULL;
}

/* Record titles for lines [from, to) of one register: a person's name stays before it. */
static int put_titles(struct lines *l, size_t from, size_t to, struct err *e)
{
    int64_t *homes = arena_array(l->a, to - from + 1, sizeof *homes);
    int64_t *ids = arena_array(l->a, to - from + 1, sizeof *ids);
    const struct reg *reg = l->v[from].reg;
    struct record **rs;
    size_t nhomes = 0, n;

    for (size_t i = from; i < to; i++) {
        ids[i - from] = l->v[i].id;
        if (!nhomes || homes[nhomes - 1] != l->v[i].home)
            homes[nhomes++] = l->v[i].home;
    }
    if (query_many(&rs, &n, l->a, l->d, reg, homes, nhomes, ids, to - from, e) < 0)
        return -1;
    if (n)
        qsort(rs, n, sizeof *rs, by_record);
    for (size_t i = from; i < to; i++) {
        const struct record *r = find_record(rs, n, &l->v[i]);
        const char *t = r ? record_title_for(l->a, &l->look, r) : "";

        if (r && l->v[i].day != DAY_NONE && l->v[i].day == r->happened)
            l->v[i].time = record_hour(l->a, r);
        if (r)
            l->v[i].number = record_serial(l->a, r);
        l->v[i].title = l->v[i].title ? arena_printf(l->a, "%s · %s", l->v[i].title, t) : t;
    }
    return 0;
}

static int all_titles(struct lines *l, struct err *e)
{
    for (size_t i = 0, j; i < l->n; i = j) {
        for (j = i + 1; j < l->n && j < i + TITLES_AT_ONCE && l->v[j].reg == l->v[i].reg;)
            j++;
        /* persons and gaps have their title */
        if (l->v[i].id && !l->v[i].key && put_titles(l, i, j, e) < 0)
            return -1;
    }
    return 0;
}

/* --- kinds */

static struct part_at part_of(const struct figure *f, const struct contribution *p, const struct figure_scope *s,
                              const struct figure_at *at)
{
    return (struct part_at){.part = p,
                            .scope = s,
                            .kind = f->kind,
                            .from = at->from,
                            .to = figure_until(f, at->to),
                            .today = today(),
                            .slice = at->slice};
}

static bool tells_personal(const struct expr *x)
{
    bool personal = x && x->op == EX_FIELD && x->field && x->field->cls >= CLASS_PERSONAL;

    for (int i = 0; x && !personal && i < x->nargs; i++)
        personal = tells_personal(x->arg[i]);
    return personal;
}

/* A person's name or a key, masked for whom may not see it. */
static const char *told(const struct lines *l, const char *text, bool personal, int64_t unit)
{
    const struct field person = {.type = TYPE_PERSON, .cls = CLASS_PERSONAL};

    if (!text || !personal || !l->look.who || actor_sees(l->look.view, l->look.who, &person, unit))
        return text;
    return type_mask(l->a, &person, value_text(text));
}

static const char *person_told(const struct lines *l, const struct part_at *p, const struct line *x)
{
    const struct field *f = query_figure_person(p->part, p->kind);

    return told(l, x->person, f && f->cls >= CLASS_PERSONAL, x->unit);
}

/* The day a line falls on, unless it is a personal column that the looker sees masked. */
static int32_t day_told(const struct lines *l, const struct part_at *p, const struct line *x)
{
    const struct field *on = p->part->reg->happened ? reg_field(p->part->reg, p->part->reg->happened) : NULL;
    const struct expr *from = p->kind == FIG_STOCK ? p->part->from : p->part->on;
    const struct field personal = {.cls = CLASS_PERSONAL};

    if (from ? !tells_personal(from) : !on || on->cls < CLASS_PERSONAL)
        return x->day;
    return !l->look.who || actor_sees(l->look.view, l->look.who, &personal, x->unit) ? x->day : DAY_NONE;
}

static struct behind line_of(const struct lines *l, const struct part_at *p, const struct reg *reg,
                             const struct line *x)
{
    return (struct behind){.reg = reg,
                           .home = x->home,
                           .id = x->id,
                           .child = x->child,
                           .unit = x->unit,
                           .day = day_told(l, p, x),
                           .amount = x->amount,
                           .late = x->late,
                           .title = x->child ? person_told(l, p, x) : NULL};
}

/* What a part is asked for: of a single part the page alone, of several all that may come before its end. */
static size_t ask(struct lines *l, struct part_at *p, bool single)
{
    if (l->want && single) {
        p->skip = l->skip;
        l->skip = 0;
    }
    return l->want ? l->skip + l->want - l->n : 0;
}

static int list_parts(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e)
{
    struct figure_scope s;
    struct line *v;
    size_t n;

    figure_scope(&s, l->a, f, at);
    for (size_t i = 0; i < f->nparts && !full(l); i++) {
        struct part_at p = part_of(f, &f->parts[i], &s, at);
        size_t limit = ask(l, &p, f->nparts == 1);

        if (query_figure_lines(&v, &n, l->a, l->d, &p, limit, e) < 0)
            return -1;
        for (size_t k = 0; k < n; k++) {
            struct behind b = line_of(l, &p, p.part->reg, &v[k]);

            add(l, &b);
        }
    }
    return 0;
}

static int by_key(const void *x, const void *y)
{
    const struct behind *a = x, *b = y;

    return strcmp(a->key, b->key);
}

/* One line per person: the same key in several parts is one. */
static int list_distinct(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e)
{
    struct lines all = {.a = l->a, .look = l->look};
    struct figure_scope s;
    struct line *v;
    size_t n;

    figure_scope(&s, l->a, f, at);
    for (size_t i = 0; i < f->nparts; i++) {
        struct part_at p = part_of(f, &f->parts[i], &s, at);

        size_t limit = ask(l, &p, f->nparts == 1);

        if (query_figure_lines(&v, &n, l->a, l->d, &p, limit, e) < 0)
            return -1;
        for (size_t k = 0; k < n; k++) {
            struct behind b = line_of(&all, &p, p.part->reg, &v[k]);

            b.key = v[k].key;
            b.title =
                v[k].person ? person_told(l, &p, &v[k]) : told(l, v[k].key, tells_personal(p.part->key), v[k].unit);
            b.amount = 1;
            add(&all, &b);
        }
    }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_key);
    for (size_t i = 0; i < all.n; i++)
        if (!i || strcmp(all.v[i - 1].key, all.v[i].key))
            add(l, &all.v[i]);
    return 0;
}

static int list_ratio(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e);

/* The records that were held. */
static int list_cadence(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e)
{
    const struct contribution plain = {.reg = f->reg};
    struct figure_scope s;
    struct line *v;
    size_t n;

    figure_scope(&s, l->a, f, at);
    for (size_t i = 0; i < f->ncadences && !full(l); i++) {
        const struct cadence_def *c = &f->cadences[i];
        struct part_at p = part_of(f, &plain, &s, at);

        if (at->slice && *at->slice && strcmp(at->slice, cadence_slice(c)))
            continue;
        p.slice = NULL;
        p.match = c->match;
        if (query_figure_lines(&v, &n, l->a, l->d, &p, l->want ? l->skip + l->want - l->n : 0, e) < 0)
            return -1;
        for (size_t k = 0; k < n; k++) {
            struct behind b = line_of(l, &p, f->reg, &v[k]);

            add(l, &b);
        }
    }
    return 0;
}

static int list_missed(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e)
{
    struct figure_value v;
    struct due *dues;
    size_t n;

    if (figure_compute(&v, l->a, l->d, f, at, e) < 0 || figure_dues(&dues, &n, l->a, l->d, f->fof, at, e) < 0)
        return -1;
    for (size_t i = 0; i < n && !v.gap; i++) {
        struct behind b = {.reg = f->fof->reg,
                           .unit = dues[i].unit->id,
                           .key = dues[i].slice,
                           .day = dues[i].last,
                           .amount = 1,
                           .period = dues[i].period,
                           .words = dues[i].words};

        b.title = arena_printf(l->a, "%s%s%s", dues[i].unit->name, dues[i].words, dues[i].slice);
        if (!dues[i].kept)
            add(l, &b);
    }
    return 0;
}

static int (*const list[FIG__MAX])(struct lines *, const struct figure *, const struct figure_at *,
                                   struct err *) = {
    [FIG_RECORDS] = list_parts,     [FIG_TIMES] = list_parts, [FIG_PERSONS] = list_distinct,
    [FIG_DISTINCT] = list_distinct, [FIG_HOURS] = list_parts, [FIG_AMOUNT] = list_parts,
    [FIG_STOCK] = list_parts,       [FIG_RATIO] = list_ratio, [FIG_CADENCE] = list_cadence,
    [FIG_MISSED] = list_missed,
};

static int list_ratio(struct lines *l, const struct figure *f, const struct figure_at *at, struct err *e)
{
    return list[f->fden->kind](l, f->fden, at, e);
}

int figure_behind(struct behind **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                  const struct figure_at *at, size_t offset, size_t limit, struct err *e)
{
    struct lines l = {.a = a, .d = d, .skip = offset, .want = limit, .look = {.view = at->view, .who = at->who}};

    *out = NULL;
    *n = 0;
    if (list[f->kind](&l, f, at, e) < 0 || all_titles(&l, e) < 0)
        return -1;
    *out = l.v;
    *n = l.n;
    return 0;
}
