/* SPDX-License-Identifier: Apache-2.0 */
/* figure.c: the value of a figure for a unit and a time, from the kept totals. */
#include "model/figure.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/figure_inner.h"
#include "model/query_record.h"

/* --- where */

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

static void add_home(struct figure_scope *s, int64_t home)
{
    if (!s->nhomes || s->homes[s->nhomes - 1] != home)
        s->homes[s->nhomes++] = home;
}

static void unique_homes(struct figure_scope *s)
{
    size_t n = 0;

    if (s->nhomes)
        qsort(s->homes, s->nhomes, sizeof *s->homes, by_id);
    for (size_t i = 0; i < s->nhomes; i++)
        if (!n || s->homes[n - 1] != s->homes[i])
            s->homes[n++] = s->homes[i];
    s->nhomes = n;
}

static bool is_site_wide(const struct figure *f)
{
    if (f->kind == FIG_CADENCE)
        return f->reg->site_wide;
    for (size_t i = 0; i < f->nparts; i++)
        if (f->parts[i].reg->site_wide)
            return true;
    return false;
}

/* Are all units of these homes beneath the unit? Then homes alone say it. */
static bool whole_homes(const struct tree *t, const struct figure_scope *s, const struct node *unit)
{
    for (size_t i = 0; i < s->nhomes; i++)
        if (!tree_within(tree_find(t, s->homes[i]), unit))
            return false;
    return true;
}

void figure_scope(struct figure_scope *out, struct arena *a, const struct figure *f, const struct figure_at *at)
{
    const struct tree *t = at->view->units;
    size_t count = t->n;
    const struct node *n = t->nodes;

    memset(out, 0, sizeof *out);
    if (at->unit) {
        out->units = tree_below(a, at->unit, &out->nunits);
        n = at->unit;
        count = out->nunits;
    }
    out->homes = arena_array(a, count + 2, sizeof *out->homes); /* room for the site and for label_refs */
    for (size_t i = 0; i < count; i++)
        add_home(out, n[i].home);
    unique_homes(out);
    if (at->unit && !is_site_wide(f) && whole_homes(t, out, at->unit)) {
        out->units = NULL;
        out->nunits = 0;
    }
    if (!at->unit || is_site_wide(f))
        out->homes[out->nhomes++] = 0;
}

int32_t figure_until(const struct figure *f, int32_t to)
{
    return f->kind == FIG_STOCK && to > today() ? today() : to;
}

struct total_scope figure_totals(const struct figure *f, const struct figure_scope *s, const struct figure_at *at)
{
    return (struct total_scope){.homes = s->homes,
                                .nhomes = s->nhomes,
                                .units = s->units,
                                .nunits = s->nunits,
                                .figure = f->name,
                                .slice = at->slice,
                                .from = f->kind == FIG_STOCK ? FIGURE_FIRST : at->from,
                                .to = figure_until(f, at->to)};
}

/* --- kinds */

/* Are amounts added up, which a record may leave empty? */
static bool is_sum(const struct figure *f)
{
    for (size_t i = 0; i < f->nparts; i++)
        if (!f->parts[i].sum)
            return false;
    return f->nparts > 0;
}

/* Has any record of the scope given an amount by the day? (In a stock what began and ended adds up to nothing.) */
static int sum_begun(bool *begun, struct arena *a, struct db *d, const struct figure *f,
                     const struct figure_scope *s, const struct figure_at *at, struct err *e)
{
    struct total_scope ts = figure_totals(f, s, at);
    struct unit_day *days;
    struct total t;
    size_t n;

    if (f->kind == FIG_STOCK) {
        if (query_figure_days(&days, &n, a, d, f->name, "", s, FIGURE_FIRST, ts.to, e) < 0)
            return -1;
        *begun = n > 0;
        return 0;
    }
    ts.from = FIGURE_FIRST;
    ts.slice = NULL;
    if (total_sum(&t, d, &ts, e) < 0)
        return -1;
    *begun = t.n > 0;
    return 0;
}

/* Nothing counted: is it 0, or does nobody know? A register that has no record yet by the end of the period says
 * nothing about it; nor does a sum to which no record of the scope has ever given an amount. */
static int settle_gap(struct figure_value *v, struct arena *a, struct db *d, const struct figure_scope *s,
                      const struct figure_at *at, struct err *e)
{
    bool begun;
    int rc = is_sum(v->figure) ? sum_begun(&begun, a, d, v->figure, s, at, e)
                               : query_figure_begun(&begun, a, d, v->figure, s, at->to, e);

    if (rc == 0)
        v->gap = !begun;
    return rc;
}

static int compute_kept(struct figure_value *v, struct arena *a, struct db *d, const struct figure_at *at,
                        struct err *e)
{
    struct figure_scope s;
    struct total_scope ts;
    struct total t;
    int64_t keys = 0;

    figure_scope(&s, a, v->figure, at);
    ts = figure_totals(v->figure, &s, at);
    if (total_sum(&t, d, &ts, e) < 0)
        return -1;
    v->value = t.v;
    v->records = t.n;
    v->late = t.late;
    v->as_today = ts.to < at->to;
    if (figure_is_distinct(v->figure)) {
        if (t.n && distinct_count(&keys, d, &ts, e) < 0)
            return -1;
        v->value = v->records = keys;
        v->late = t.late < keys ? t.late : keys;
    }
    return t.n ? 0 : settle_gap(v, a, d, &s, at, e);
}

static int64_t power10(int n)
{
    int64_t p = 1;

    while (n-- > 0)
        p *= 10;
    return p;
}

/* In percent, scaled by 10^places; half up unless truncated. */
static int64_t percent(const struct figure *f, const struct figure_value *num, const struct figure_value *den)
{
    __int128 n = (__int128)num->value * power10(den->figure->places) * 100 * power10(f->places);
    __int128 m = (__int128)den->value * power10(num->figure->places);

    if (!f->truncate)
        n += (n < 0) != (m < 0) ? -m / 2 : m / 2;
    return (int64_t)(n / m);
}

static int compute_ratio(struct figure_value *v, struct arena *a, struct db *d, const struct figure_at *at,
                         struct err *e)
{
    struct figure_value num, den;

    if (figure_compute(&num, a, d, v->figure->fnum, at, e) < 0 ||
        figure_compute(&den, a, d, v->figure->fden, at, e) < 0)
        return -1;
    v->num = num.value;
    v->den = den.value;
    v->records = den.records;
    v->late = den.late;
    v->as_today = num.as_today || den.as_today;
    v->gap = den.gap || den.value == 0 || num.gap;
    if (!v->gap)
        v->value = percent(v->figure, &num, &den);
    return 0;
}

/* Kept of due; missed: what is left. */
static int compute_cadence(struct figure_value *v, struct arena *a, struct db *d, const struct figure_at *at,
                           struct err *e)
{
    const struct figure *f = v->figure->kind == FIG_MISSED ? v->figure->fof : v->figure;
    struct figure_value whole = {.figure = f};
    struct figure_scope s;
    struct due *dues;
    size_t n;

    if (figure_dues(&dues, &n, a, d, f, at, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        v->num += dues[i].kept;
    v->den = (int64_t)n;
    if (v->figure->kind == FIG_MISSED) {
        v->value = v->records = v->den - v->num;
        whole.records = v->num;
    } else {
        v->value = v->num;
        if (compute_kept(&whole, a, d, at, e) < 0)
            return -1;
        v->records = whole.records;
        v->late = whole.late;
    }
    figure_scope(&s, a, f, at);
    if (v->num || whole.records)
        return 0;
    if (settle_gap(&whole, a, d, &s, at, e) < 0)
        return -1;
    v->gap = whole.gap;
    if (v->gap)
        v->value = v->records = 0;
    return 0;
}

static int (*const compute[FIG__MAX])(struct figure_value *, struct arena *, struct db *, const struct figure_at *,
                                      struct err *) = {
    [FIG_RECORDS] = compute_kept,   [FIG_TIMES] = compute_kept,  [FIG_PERSONS] = compute_kept,
    [FIG_DISTINCT] = compute_kept,  [FIG_HOURS] = compute_kept,  [FIG_AMOUNT] = compute_kept,
    [FIG_STOCK] = compute_kept,     [FIG_RATIO] = compute_ratio, [FIG_CADENCE] = compute_cadence,
    [FIG_MISSED] = compute_cadence,
};

int figure_compute(struct figure_value *out, struct arena *a, struct db *d, const struct figure *f,
                   const struct figure_at *at, struct err *e)
{
    *out = (struct figure_value){.figure = f};
    return compute[f->kind](out, a, d, at, e);
}

/* --- in digits */

static const char *grouped(struct arena *a, uint64_t n)
{
    char out[32], *p = out + sizeof out;
    int digits = 0;

    *--p = '\0';
    do {
        if (digits && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + n % 10);
        digits++;
    } while (n /= 10);
    return arena_str(a, p);
}

const char *figure_plain(struct arena *a, const struct figure_value *v)
{
    const struct figure *f = v->figure;
    int places = f->places > 0 ? f->places : 0;
    uint64_t unit = (uint64_t)power10(places), n = v->value < 0 ? 0 - (uint64_t)v->value : (uint64_t)v->value;
    const char *whole =
        f->kind == FIG_AMOUNT ? grouped(a, n / unit) : arena_printf(a, "%llu", (unsigned long long)(n / unit));
    const char *sign = v->value < 0 ? "-" : "";
    char *s;

    if (v->gap)
        return "";
    if (!places || (n % unit == 0 && f->kind != FIG_RATIO))
        return arena_printf(a, "%s%s", sign, whole);
    s = arena_printf(a, "%s%s.%0*llu", sign, whole, places, (unsigned long long)(n % unit));
    if (f->kind == FIG_HOURS)
        while (s[strlen(s) - 1] == '0')
            s[strlen(s) - 1] = '\0';
    return s;
}
