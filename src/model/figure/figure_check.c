/* SPDX-License-Identifier: Apache-2.0 */
/* figure_check.c: counting anew from the records: to build totals, and to compare with them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/log.h"
#include "model/figure_inner.h"
#include "model/query_record.h"
#include "store/migrate.h"

/* CHANGE: a figure is counted anew when the way of counting (these numbers) or its declaration changes. */
enum { COUNTED_BY = 1, KEYS_COUNTED_BY = 2, CHUNK = 1000 };

/* --- counting */

struct recount {
    struct site *site;
    struct db *d;
    const struct figure **figures; /* NULL: all that are kept */
    size_t nfigures;
    struct sums sums;
};

static bool counts_in(const struct figure *f, const struct reg *r)
{
    if (f->kind == FIG_CADENCE)
        return f->reg == r;
    for (size_t i = 0; figure_is_kept(f) && i < f->nparts; i++)
        if (f->parts[i].reg == r)
            return true;
    return false;
}

/* Slices and keys outlive the chunk they were read in. */
static void keep_addend(void *arg, const struct addend *x)
{
    struct sums_into *into = arg;
    struct addend y = *x;

    y.slice = arena_str(into->sums->a, x->slice);
    y.key = arena_str(into->sums->a, x->key);
    sums_addend(arg, &y);
}

static int count_register(struct recount *rc, const struct reg *r, const struct figure **figures, size_t n,
                          struct err *e)
{
    const struct sec_key *k = store_key(rc->site->store);
    struct sums_into into = {.sums = &rc->sums, .sign = 1};
    struct arena *a = arena_new();
    int64_t home = INT64_MIN, id = 0;
    struct record **rs;
    size_t got;
    int result = 0;

    do {
        result = query_chunk(&rs, &got, a, rc->d, r, home, id, CHUNK, e);
        for (size_t i = 0; result == 0 && i < got; i++)
            for (size_t f = 0; f < n; f++)
                figure_addends(a, rc->site, rc->site->schema, figures[f], record_with(a, k, rs[i], PROTECTED_HASH),
                               keep_addend, &into);
        if (result == 0 && got) {
            home = rs[got - 1]->home;
            id = rs[got - 1]->id;
        }
        arena_reset(a);
    } while (result == 0 && got == CHUNK);
    arena_free(a);
    return result;
}

/* Each register is read once for all figures that need it. */
static int count_all(struct recount *rc, struct err *e)
{
    const struct schema *s = rc->site->schema;
    const struct figure **of = xcalloc(s->nfigures + 1, sizeof *of);
    int result = 0;

    for (size_t r = 0; result == 0 && r < s->nregs; r++) {
        size_t n = 0;

        for (size_t i = 0; i < (rc->figures ? rc->nfigures : s->nfigures); i++) {
            const struct figure *f = rc->figures ? rc->figures[i] : s->figures[i];

            if (counts_in(f, s->regs[r]))
                of[n++] = f;
        }
        if (n)
            result = count_register(rc, s->regs[r], of, n, e);
    }
    free(of);
    return result;
}

static int rebuild(struct site *s, struct db *d, const struct figure **figures, size_t n, struct err *e)
{
    struct recount rc = {.site = s, .d = d, .figures = figures, .nfigures = n};
    int result = 0;

    rc.sums.a = arena_new();
    for (size_t i = 0; result == 0 && i < n; i++)
        result = total_clear(d, figures[i]->name, e);
    if (result == 0)
        result = count_all(&rc, e);
    if (result == 0)
        result = sums_write(d, &rc.sums, e);
    arena_free(rc.sums.a);
    sums_done(&rc.sums);
    return result;
}

int figure_rebuild(struct site *s, struct db *d, const struct figure *f, struct err *e)
{
    return rebuild(s, d, &f, 1, e);
}

/* --- new and changed figures */

static void put_expr_text(struct buf *b, const struct expr *x)
{
    buf_printf(b, "|%s", x ? expr_text(x) : "");
}

/* Everything that decides what is counted, as one text. */
static const char *declaration(struct arena *a, const struct figure *f)
{
    struct buf b;
    unsigned char h[SEC_HASH];
    char *hex = arena_alloc(a, 2 * SEC_HASH + 1);

    buf_init(&b, 1 << 20);
    buf_printf(&b, "%d|%s", figure_is_distinct(f) ? KEYS_COUNTED_BY : COUNTED_BY, figure_kind_word[f->kind]);
    for (size_t i = 0; i < f->nparts; i++) {
        const struct contribution *p = &f->parts[i];

        buf_printf(&b, "\n%s|%s", p->reg->name, p->child ? p->child->name : "");
        put_expr_text(&b, p->where);
        put_expr_text(&b, p->sum);
        put_expr_text(&b, p->key);
        put_expr_text(&b, p->on);
        put_expr_text(&b, p->from);
        put_expr_text(&b, p->until);
        put_expr_text(&b, p->slice);
        buf_printf(&b, "|%s", p->reg->happened ? p->reg->happened : "");
    }
    for (size_t i = 0; i < f->ncadences; i++) {
        buf_printf(&b, "\n%s|%s", f->reg->name, cadence_slice(&f->cadences[i]));
        put_expr_text(&b, f->cadences[i].match);
    }
    sec_sha256(h, buf_cstr(&b), b.n);
    sec_hex(hex, h, sizeof h);
    buf_done(&b);
    return hex;
}

static int renew_in(struct db *d, void *arg, struct err *e)
{
    struct site *s = arg;
    const struct schema *sc = s->schema;
    struct arena *a = arena_new();
    const struct figure **changed = arena_array(a, sc->nfigures + 1, sizeof *changed);
    struct map *known;
    size_t n = 0;
    int rc = query_figure_known(&known, a, d, e);

    for (size_t i = 0; rc == 0 && i < map_count(known); i++)
        if (!schema_figure(sc, map_key(known, i)))
            rc = query_figure_forget(d, map_key(known, i), e);
    for (size_t i = 0; rc == 0 && i < sc->nfigures; i++) {
        const struct figure *f = sc->figures[i];
        const char *was = map_get(known, f->name), *is = declaration(a, f);

        if (!figure_is_kept(f) || (was && !strcmp(was, is)))
            continue;
        changed[n++] = f;
        rc = meta_set(d, arena_printf(a, "figure.%s", f->name), is, e);
    }
    if (rc == 0 && n) {
        log_line(LOG_INFO, "figures: %zu are counted anew", n);
        rc = rebuild(s, d, changed, n, e);
    }
    arena_free(a);
    return rc;
}

int figure_renew(struct site *s, struct err *e)
{
    return store_write(s->store, renew_in, s, e);
}

/* --- comparing */

struct compare {
    struct arena *a;
    struct check_diff *v;
    size_t n, cap, compared;
};

static void differ(struct compare *c, const char *figure, const char *slice, int64_t unit, int32_t day,
                   int64_t kept, int64_t counted)
{
    struct check_diff x = {.figure = arena_str(c->a, figure),
                           .slice = arena_str(c->a, slice),
                           .unit = unit,
                           .day = day,
                           .kept = kept,
                           .counted = counted};

    VEC_PUSH(c->a, c->v, c->n, c->cap) = x;
}

static void compare_sums(struct compare *c, struct sums *s, const char *what)
{
    sums_merge(s, true);
    c->compared += s->n;
    for (size_t i = 0; i < s->n; i++) {
        const struct sum *x = &s->v[i];
        const char *name = *what ? arena_printf(c->a, "%s（%s）", x->figure_name, what) : x->figure_name;

        if (x->counted.v != x->kept.v)
            differ(c, name, x->slice, x->unit, x->day, x->kept.v, x->counted.v);
        else if (x->counted.n != x->kept.n)
            differ(c, name, x->slice, x->unit, x->day, x->kept.n, x->counted.n);
        else if (x->counted.late != x->kept.late)
            differ(c, arena_printf(c->a, "%s（补录）", name), x->slice, x->unit, x->day, x->kept.late,
                   x->counted.late);
    }
}

/* Months must be the sums of their days. */
static int compare_months(struct compare *c, struct db *d, struct err *e)
{
    struct sums days = {.a = arena_new()}, months = {.a = days.a};
    int rc = query_figure_kept(&days, d, KEPT_DAYS, e);

    if (rc == 0)
        rc = query_figure_kept(&months, d, KEPT_MONTHS, e);
    for (size_t i = 0; rc == 0 && i < days.n; i++) {
        struct sum x = days.v[i];

        x.day = day_month_first(x.day);
        x.counted = x.kept;
        memset(&x.kept, 0, sizeof x.kept);
        sums_add(&months, &x, 1);
    }
    if (rc == 0)
        compare_sums(c, &months, "月");
    arena_free(days.a);
    sums_done(&days);
    sums_done(&months);
    return rc;
}

/* The sets of a day and of a month hold exactly the keys counted on their days. */
static int compare_sets(struct compare *c, struct db *d, struct err *e)
{
    static const char *const what[] = {"键·日", "键·月"};
    int rc = 0;

    for (int span = 0; rc == 0 && span < 2; span++) {
        struct sums sets = {.a = arena_new()};

        rc = query_figure_sets(&sets, d, span != 0, e);
        if (rc == 0)
            compare_sums(c, &sets, what[span]);
        arena_free(sets.a);
        sums_done(&sets);
    }
    return rc;
}

/* The sum of what was recounted of a figure, or how many keys. */
static void add_up(const struct sums *s, const struct figure *f, int32_t to, int64_t *n, int64_t *v)
{
    struct map *keys = NULL;
    struct arena *a = NULL;

    *n = *v = 0;
    if (figure_is_distinct(f)) {
        a = arena_new();
        keys = map_new(a);
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct sum *x = &s->v[i];

        if (strcmp(x->figure_name, f->name) || *x->slice || x->day > to)
            continue;
        if (keys && x->key)
            map_put(keys, x->key, (void *)x);
        if (!x->key) {
            *n += x->counted.n;
            *v += x->counted.v;
        }
    }
    if (keys)
        *n = *v = (int64_t)map_count(keys);
    if (a)
        arena_free(a);
}

/* The same declaration compiled to SQL must give the same number. */
static int compare_sql(struct compare *c, struct recount *rc, const struct figure *f, struct err *e)
{
    struct view v;
    struct figure_at at = {.view = &v, .from = FIGURE_FIRST, .to = FIGURE_LAST};
    struct arena *a = arena_new();
    struct behind *lines;
    int64_t n, sum, counted = 0;
    size_t got;
    int result;

    if (f->kind == FIG_STOCK)
        at.to = today();
    site_hold(rc->site, &v);
    result = figure_behind(&lines, &got, a, rc->d, f, &at, 0, 0, e);
    site_drop(rc->site, &v);
    for (size_t i = 0; result == 0 && i < got; i++)
        counted += lines[i].amount;
    if (result == 0) {
        add_up(&rc->sums, f, at.to, &n, &sum);
        c->compared++;
        if (n != (int64_t)got)
            differ(c, arena_printf(c->a, "%s（明细）", f->name), "", 0, at.to, n, (int64_t)got);
        else if (f->kind != FIG_CADENCE && sum != counted)
            differ(c, arena_printf(c->a, "%s（明细）", f->name), "", 0, at.to, sum, counted);
    }
    arena_free(a);
    return result;
}

static int check_in(struct compare *c, struct recount *rc, struct err *e)
{
    const struct schema *s = rc->site->schema;

    if (count_all(rc, e) < 0)
        return -1;
    sums_merge(&rc->sums, false);
    for (size_t i = 0; i < s->nfigures; i++)
        if (figure_is_kept(s->figures[i]) && compare_sql(c, rc, s->figures[i], e) < 0)
            return -1;
    if (query_figure_kept(&rc->sums, rc->d, KEPT_DAYS, e) < 0 ||
        query_figure_kept(&rc->sums, rc->d, KEPT_KEYS, e) < 0)
        return -1;
    compare_sums(c, &rc->sums, "");
    return compare_months(c, rc->d, e) < 0 ? -1 : compare_sets(c, rc->d, e);
}

int figure_check(struct check_diff **out, size_t *n, size_t *compared, struct arena *a, struct site *s,
                 struct err *e)
{
    struct recount rc = {.site = s, .d = store_reader(s->store, e)};
    struct compare c = {.a = a};
    int result = -1;

    *out = NULL;
    *n = *compared = 0;
    rc.sums.a = arena_new();
    if (rc.d && db_begin(rc.d, e) == 0) { /* one snapshot for all of it */
        result = check_in(&c, &rc, e);
        db_rollback(rc.d);
    }
    arena_free(rc.sums.a);
    sums_done(&rc.sums);
    *out = c.v;
    *n = c.n;
    *compared = c.compared;
    return result;
}
