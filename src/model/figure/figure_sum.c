/* SPDX-License-Identifier: Apache-2.0 */
/* figure_sum.c: adding up contributions before they are written or compared. */
#include <stdlib.h>
#include <string.h>

#include "model/figure_inner.h"

enum { MERGE_AT = 1 << 16 };

void sums_done(struct sums *s)
{
    free(s->v);
    memset(s, 0, sizeof *s);
}

static void total_add_to(struct total *t, const struct total *x, int sign)
{
    t->n += sign * x->n;
    t->v += sign * x->v;
    t->late += sign * x->late;
}

static bool total_is_zero(const struct total *t)
{
    return !t->n && !t->v && !t->late;
}

void sums_add(struct sums *s, const struct sum *x, int sign)
{
    struct sum *y;

    if (s->n == s->cap) {
        if (s->n >= MERGE_AT && s->n >= 2 * s->merged)
            sums_merge(s, false);
        if (s->n == s->cap) {
            s->cap = s->cap ? 2 * s->cap : 32;
            s->v = xrealloc(s->v, s->cap * sizeof *s->v);
        }
    }
    y = &s->v[s->n++];
    *y = *x;
    memset(&y->counted, 0, sizeof y->counted);
    memset(&y->kept, 0, sizeof y->kept);
    total_add_to(&y->counted, &x->counted, sign);
    total_add_to(&y->kept, &x->kept, sign);
}

static int compare_text(const char *x, const char *y)
{
    return x == y ? 0 : !x ? -1 : !y ? 1 : strcmp(x, y);
}

static int compare(const void *p, const void *q)
{
    const struct sum *x = p, *y = q;
    int c = x->figure_name == y->figure_name ? 0 : strcmp(x->figure_name, y->figure_name);

    if (!c)
        c = (x->home > y->home) - (x->home < y->home);
    if (!c)
        c = compare_text(x->slice, y->slice);
    if (!c)
        c = (x->day > y->day) - (x->day < y->day);
    if (!c)
        c = (x->unit > y->unit) - (x->unit < y->unit);
    return c ? c : compare_text(x->key, y->key);
}

void sums_merge(struct sums *s, bool drop_zero)
{
    size_t kept = 0;

    if (s->n > 1)
        qsort(s->v, s->n, sizeof *s->v, compare);
    for (size_t i = 0; i < s->n; i++) {
        if (kept && compare(&s->v[kept - 1], &s->v[i]) == 0) {
            total_add_to(&s->v[kept - 1].counted, &s->v[i].counted, 1);
            total_add_to(&s->v[kept - 1].kept, &s->v[i].kept, 1);
            continue;
        }
        s->v[kept++] = s->v[i];
    }
    s->n = kept;
    for (size_t i = kept = 0; drop_zero && i < s->n; i++)
        if (!total_is_zero(&s->v[i].counted) || !total_is_zero(&s->v[i].kept))
            s->v[kept++] = s->v[i];
    if (drop_zero)
        s->n = kept;
    s->merged = s->n;
}

static void add_both(const struct sums_into *into, const struct addend *x, struct sum *y)
{
    y->slice = "";
    sums_add(into->sums, y, into->sign);
    y->slice = x->slice;
    if (x->slice)
        sums_add(into->sums, y, into->sign);
}

void sums_addend(void *arg, const struct addend *x)
{
    const struct sums_into *into = arg;
    struct sum y = {.home = x->home,
                    .unit = x->unit,
                    .day = x->day,
                    .figure = x->figure,
                    .figure_name = x->figure->name,
                    .counted = x->amount};

    add_both(into, x, &y);
    if (!x->key)
        return;
    y.key = x->key;
    y.counted = (struct total){.n = 1};
    add_both(into, x, &y);
}

/* All at once, so that the store may gather what goes into one table. */
int sums_write(struct db *d, struct sums *s, struct err *e)
{
    struct total_delta *t;
    struct distinct_delta *k;
    size_t nt = 0, nk = 0;
    int rc;

    if (s->merged != s->n || !s->n)
        sums_merge(s, true);
    t = xcalloc(s->n + 1, sizeof *t);
    k = xcalloc(s->n + 1, sizeof *k);
    for (size_t i = 0; i < s->n; i++) {
        const struct sum *x = &s->v[i];

        if (x->key)
            k[nk++] = (struct distinct_delta){.home = x->home,
                                              .unit = x->unit,
                                              .day = x->day,
                                              .figure = x->figure_name,
                                              .slice = x->slice,
                                              .key = x->key,
                                              .n = x->counted.n};
        else
            t[nt++] = (struct total_delta){.home = x->home,
                                           .unit = x->unit,
                                           .day = x->day,
                                           .figure = x->figure_name,
                                           .slice = x->slice,
                                           .amount = x->counted};
    }
    rc = total_add(d, t, nt, e) < 0 || distinct_add(d, k, nk, e) < 0 ? -1 : 0;
    free(t);
    free(k);
    return rc;
}
