/* SPDX-License-Identifier: Apache-2.0 */
/* record_ready.c: what can be found out about a new record before the one thread that writes takes it up. */
#include <string.h>

#include "model/figure_inner.h"
#include "model/query_record.h"
#include "model/record_inner.h"

/* Child rows get their ids when they are written, and the trail names them. */
static bool has_rows(const struct record *r)
{
    for (size_t c = 0; c < r->reg->nchildren; c++)
        if (r->children[c].n)
            return true;
    return false;
}

static const char *act_of_new(const struct save *s)
{
    return s->act ? s->act : s->batch ? "import" : "create";
}

void record_ready(struct db *d, struct save *s, struct record *r)
{
    struct field_errors wrong = {.a = s->a};
    struct save own = *s;
    struct ready *y;
    struct value *values;
    struct err e = {0};

    s->ready = NULL;
    if (r->id || has_rows(r))
        return;
    own.errors = &wrong;
    y = arena_alloc(s->a, sizeof *y);
    if (record_check_refs(&y->refs, d, &own, r, NULL, &e) < 0)
        return;
    record_seal(s, r);
    values = arena_array(s->a, r->reg->nfields + 1, sizeof *values);
    memcpy(values, r->values, r->reg->nfields * sizeof *values);
    y->of = r;
    y->values = values;
    y->state = r->state;
    y->home = r->home;
    y->unit = r->unit;
    y->happened = r->happened;
    y->late = r->late;
    y->detail = record_detail(s, NULL, r, act_of_new(s), s->note);
    y->text = record_words(store_kind(s->site->store), s, r);
    y->sums = figure_sums(s, r);
    s->ready = y;
}

int ready_check(struct db *d, struct save *s, const struct record *r, struct err *e)
{
    const struct ready *y = s->ready;

    if (!y)
        return 0;
    if (y->of != r || r->id) {
        s->ready = NULL;
        return 0;
    }
    if (y->refs.n && query_refs(d, s->a, y->refs.v, y->refs.n, e) < 0)
        return -1;
    for (size_t i = 0; i < y->refs.n; i++)
        if (!y->refs.v[i].found)
            s->ready = NULL; /* gone since: the check says so */
    return 0;
}

void ready_compare(struct save *s, const struct record *r)
{
    const struct ready *y = s->ready;
    bool same = y && y->of == r && y->state == r->state && y->home == r->home && y->unit == r->unit &&
                y->happened == r->happened && y->late == r->late;

    for (size_t i = 0; same && i < r->reg->nfields; i++)
        same = value_equal(y->values[i], r->values[i]);
    if (!same)
        s->ready = NULL;
}
