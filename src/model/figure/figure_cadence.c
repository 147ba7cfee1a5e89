/* SPDX-License-Identifier: Apache-2.0 */
/* figure_cadence.c: which periods were due, and which of them were kept. */
#include <string.h>

#include "base/date.h"
#include "model/figure_inner.h"

/* --- periods */

struct period {
    const char *word;
    int months; /* 0: a week */
};

static const struct period periods[] = {{"week", 0}, {"month", 1}, {"quarter", 3}, {"half", 6}, {"year", 12}};

static const struct period *period_named(const char *word)
{
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
        if (!strcmp(periods[i].word, word))
            return &periods[i];
    return &periods[1];
}

/* The first day of the period that holds a day, and the first of the next one. */
static int32_t period_first(const struct period *p, int32_t day)
{
    struct ymd d = day_ymd(day);

    if (!p->months)
        return day - day_weekday(day) + 1;
    return day_from_ymd(d.y, (d.m - 1) / p->months * p->months + 1, 1);
}

static int32_t period_next(const struct period *p, int32_t first)
{
    return p->months ? day_add_months(first, p->months) : first + 7;
}

/* 2024-W05: the ISO week belongs to the year of its Thursday. */
static const char *week_code(struct arena *a, int32_t first, bool words)
{
    int y = day_ymd(first + 3).y;
    int w = (first + 3 - day_from_ymd(y, 1, 1)) / 7 + 1;

    return arena_printf(a, words ? "%d年第%d周" : "%d-W%02d", y, w);
}

static const char *period_code(struct arena *a, const struct period *p, int32_t first)
{
    struct ymd d = day_ymd(first);

    switch (p->months) {
    case 0:
        return week_code(a, first, false);
    case 1:
        return arena_printf(a, "%d-%02d", d.y, d.m);
    case 3:
        return arena_printf(a, "%d-Q%d", d.y, d.m / 3 + 1);
    case 6:
        return arena_printf(a, "%d-H%d", d.y, d.m / 6 + 1);
    default:
        return arena_printf(a, "%d", d.y);
    }
}

static const char *period_words(struct arena *a, const struct period *p, int32_t first)
{
    static const char *const quarter[] = {"一", "二", "三", "四"};
    struct ymd d = day_ymd(first);

    switch (p->months) {
    case 0:
        return week_code(a, first, true);
    case 1:
        return arena_printf(a, "%d年%d月", d.y, d.m);
    case 3:
        return arena_printf(a, "%d年第%s季度", d.y, quarter[d.m / 3]);
    case 6:
        return arena_printf(a, "%d年%s半年", d.y, d.m > 6 ? "下" : "上");
    default:
        return arena_printf(a, "%d年", d.y);
    }
}

/* --- what was due */

struct dues {
    struct arena *a;
    struct due *v;
    size_t n, cap;
};

/* A unit owes a period that it saw from the first day to the last. */
static bool owes(const struct node *n, const struct figure *f, int32_t first, int32_t last)
{
    return !strcmp(n->kind, f->each) && (n->from == DAY_NONE || n->from <= first) &&
           (n->until == DAY_NONE || n->until >= last);
}

/* Periods that touch [from, to] and had ended by then and by today. */
static void add_dues(struct dues *dues, const struct figure *f, const struct cadence_def *c,
                     const struct node *unit, const struct figure_at *at)
{
    const struct period *p = period_named(c->period);
    int32_t end = at->to < today() ? at->to : today();

    for (int32_t first = period_first(p, at->from); period_next(p, first) - 1 <= end;
         first = period_next(p, first)) {
        struct due x = {.unit = unit, .slice = cadence_slice(c), .first = first, .last = period_next(p, first) - 1};

        if (!owes(unit, f, x.first, x.last))
            continue;
        x.period = period_code(dues->a, p, first);
        x.words = period_words(dues->a, p, first);
        VEC_PUSH(dues->a, dues->v, dues->n, dues->cap) = x;
    }
}

/* --- what was kept */

/* The unit that a record's unit stands for: itself or the nearest above of the kind that owes. */
static const struct node *owner(const struct figure_at *at, const struct figure *f, int64_t unit)
{
    const struct node *n = tree_find(at->view->units, unit);

    while (n && strcmp(n->kind, f->each))
        n = n->up;
    return n;
}

/* The units looked at, one after another in the tree, and where the dues of each begin (for one slice). */
struct owing {
    const struct node *units;
    size_t n, *at; /* n + 1 */
};

static void mark(struct due *dues, const struct owing *o, const struct node *unit, int32_t day)
{
    size_t u = (size_t)(unit - o->units);

    if (unit < o->units || u >= o->n)
        return;
    for (size_t i = o->at[u]; i < o->at[u + 1]; i++)
        if (day >= dues[i].first && day <= dues[i].last)
            dues[i].kept = true;
}

static int mark_slice(struct dues *dues, const struct owing *o, struct db *d, const struct figure *f,
                      const struct cadence_def *c, const struct figure_at *at, const struct figure_scope *s,
                      struct err *e)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    size_t from = o->at[0];
    struct unit_day *days;
    size_t n;

    for (size_t i = from; i < dues->n; i++) {
        first = dues->v[i].first < first ? dues->v[i].first : first;
        last = dues->v[i].last > last ? dues->v[i].last : last;
    }
    if (from == dues->n)
        return 0;
    if (query_figure_days(&days, &n, dues->a, d, f->name, cadence_slice(c), s, first, last, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct node *unit = owner(at, f, days[i].unit);

        if (unit)
            mark(dues->v, o, unit, days[i].day);
    }
    return 0;
}

int figure_dues(struct due **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                const struct figure_at *at, struct err *e)
{
    struct dues dues = {.a = a};
    struct owing o = {.units = at->unit ? at->unit : at->view->units->nodes, .n = at->view->units->n};
    struct figure_scope s;

    if (at->unit)
        tree_below(a, at->unit, &o.n);
    o.at = arena_array(a, o.n + 1, sizeof *o.at);
    figure_scope(&s, a, f, at);
    for (size_t i = 0; i < f->ncadences; i++) {
        const struct cadence_def *c = &f->cadences[i];

        if (at->slice && *at->slice && strcmp(at->slice, cadence_slice(c)))
            continue;
        for (size_t u = 0; u < o.n; u++) {
            o.at[u] = dues.n;
            add_dues(&dues, f, c, &o.units[u], at);
        }
        o.at[o.n] = dues.n;
        if (mark_slice(&dues, &o, d, f, c, at, &s, e) < 0)
            return -1;
    }
    *out = dues.v;
    *n = dues.n;
    return 0;
}
