/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: finding cells and merges in a workbook. */
#include "model/table.h"

#include <stdlib.h>

const struct cell *sheet_cell(const struct sheet *s, size_t row, int col)
{
    static const struct cell empty;

    if (row >= s->nrows || col < 0 || col >= s->rows[row].ncells)
        return &empty;
    return &s->rows[row].cells[col];
}

static int span_order(const void *x, const void *y)
{
    const struct merge_span *a = x, *b = y;

    if (a->c != b->c)
        return a->c < b->c ? -1 : 1;
    if (a->r1 != b->r1)
        return a->r1 < b->r1 ? -1 : 1;
    return a->m < b->m ? -1 : a->m > b->m;
}

void sheet_index(struct arena *a, struct sheet *s)
{
    size_t n = 0, k = 0;

    for (size_t i = 0; i < s->nmerges; i++)
        n += (size_t)(s->merges[i].c2 - s->merges[i].c1) + 1;
    s->spans = arena_array(a, n ? n : 1, sizeof *s->spans);
    for (size_t i = 0; i < s->nmerges; i++)
        for (int c = s->merges[i].c1; c <= s->merges[i].c2; c++)
            s->spans[k++] = (struct merge_span){c, s->merges[i].r1, s->merges[i].r2, &s->merges[i]};
    qsort(s->spans, n, sizeof *s->spans, span_order);
    s->nspans = n;
}

const struct merge *sheet_merge(const struct sheet *s, int r, int c)
{
    size_t lo = 0, hi = s->nspans; /* the last span that begins at or before (c, r) */

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct merge_span *p = &s->spans[mid];

        if (p->c < c || (p->c == c && p->r1 <= r))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == 0 || s->spans[lo - 1].c != c || s->spans[lo - 1].r2 < r)
        return NULL;
    return s->spans[lo - 1].m;
}
