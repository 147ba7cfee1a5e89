/* SPDX-License-Identifier: Apache-2.0 */
/* intake_ref.c: references in ledgers: to units and grids near the importing unit, to records that this file
 * brought, to records that are there already; and records of other registers that a row describes. */
#include <string.h>

#include "base/utf8.h"
#include "model/intake_parts.h"
#include "model/query_record.h"

static const char *found_key(struct arena *a, const struct reg *reg, const char *text)
{
    return arena_printf(a, "%s\n%s", reg->name, text);
}

/* Nodes are looked for beneath the importing unit first: every community has a 第一网格. */
static int64_t find_node(struct run *x, const struct field *f, const char *text)
{
    const struct node *unit = x->job->unit, *n = NULL;

    if (f->type == TYPE_UNIT)
        n = tree_name(x->job->view->units, text, f->kind, unit);
    return n ? n->id : x->base->find(x->base->arg, f, text);
}

static int64_t run_find(void *arg, const struct field *f, const char *text)
{
    struct run *x = arg;
    const char *key;
    struct known *k;
    int64_t id;

    if (f->type == TYPE_REF) {
        k = f->ref ? map_get(x->known, found_key(x->chunk, f->ref, text_squeeze(x->chunk, text))) : NULL;
        return k && k->id ? k->id : x->base->find(x->base->arg, f, text);
    }
    key = arena_printf(x->chunk, "%p\n%s", (const void *)f, text);
    k = map_get(x->found, key);
    if (k)
        return k->id;
    id = find_node(x, f, text);
    k = arena_alloc(x->job->a, sizeof *k);
    k->id = id;
    map_put(x->found, key, k);
    return id;
}

void run_lookup(struct run *x, struct lookup *base)
{
    x->base = base;
    x->lookup = (struct lookup){run_find, x};
    x->types.lookup = &x->lookup;
}

static void bring(struct run *x, const char *key, int64_t id)
{
    struct known *k = map_get(x->known, key);

    if (k && k->id)
        return;
    k = arena_alloc(x->job->a, sizeof *k);
    k->id = id;
    map_put(x->known, key, k);
    VEC_PUSH(x->job->a, x->fresh, x->nfresh, x->cap_fresh) = k;
    VEC_PUSH(x->job->a, x->brought, x->nbrought, x->cap_brought) = k;
}

/* By its key if that is one text, and by its title. */
void run_bring(struct run *x, const struct reg *reg, const struct value *values, int64_t id)
{
    const char *names[2] = {reg->key && reg->key[0] && !reg->key[1] ? reg->key[0] : NULL, reg->title};

    for (int i = 0; i < 2; i++) {
        const struct field *f = names[i] ? reg_field(reg, names[i]) : NULL;

        if (f && values[f->index].kind == VALUE_TEXT)
            bring(x, found_key(x->chunk, reg, text_squeeze(x->chunk, values[f->index].s)), id);
    }
}

/* The record the row describes: brought by this file, or in the database by its key or, without one, its title. */
static int64_t other_find(struct run *x, const struct other *o, struct record *like)
{
    const struct reg *reg = o->via->ref;
    const char *names[2] = {reg->key && reg->key[0] && !reg->key[1] ? reg->key[0] : NULL, reg->title};

    for (int i = 0; i < 2; i++) {
        const struct field *f = names[i] ? reg_field(reg, names[i]) : NULL;
        struct value v = f ? like->values[f->index] : value_null();
        struct known *k;

        if (v.kind != VALUE_TEXT)
            continue;
        k = map_get(x->known, found_key(x->chunk, reg, text_squeeze(x->chunk, v.s)));
        if (k && k->id)
            return k->id;
        if (i == 0) /* the key decides: another one means another record */
            return 0;
    }
    return 0;
}

static int other_resolve(struct run *x, struct intake_row *r, struct other *o, struct err *e)
{
    const struct reg *reg = o->via->ref;
    struct record *like = record_blank(x->chunk, reg);
    bool *given = arena_array(x->chunk, reg->nfields + 1, sizeof *given);
    enum outcome what = OUT_NONE;
    int64_t id;

    for (size_t i = 0; i < reg->nfields; i++) {
        like->values[i] = o->values[i];
        given[i] = o->values[i].kind != VALUE_NULL;
    }
    like->home = reg->site_wide ? 0 : x->home;
    like->unit = x->job->unit->id;
    id = o->id ? o->id : other_find(x, o, like);
    if (id <= 0) {
        if (record_put(x, r, like, given, &what, e))
            return -1;
        id = like->id;
        run_count_later(x, reg, 0);
        run_count_later(x, reg, what == OUT_INSERTED ? 1 : what == OUT_UPDATED ? 2 : 3);
        run_bring(x, reg, like->values, id);
    }
    r->record->values[o->via->index] = value_int(id);
    r->given[o->via->index] = true;
    return 0;
}

void others_prepare(struct run *x, struct intake_row *r)
{
    for (size_t i = 0; i < r->nothers; i++) {
        struct other *o = &r->others[i];
        const struct reg *reg = o->via->ref;
        const struct field *title = reg->title ? reg_field(reg, reg->title) : NULL;

        if (!o->any || !title || record_key(x->chunk, reg, o->values) || o->values[title->index].kind != VALUE_TEXT)
            continue;
        o->id = run_find(x, o->via, o->values[title->index].s);
        if (o->id < 0)
            row_wrong(x->chunk, r, -1, title->label.t[LANG_HANS], o->values[title->index].s, REASON_REFERENCE,
                      "“%s”在%s里不止一个，请补上编号或代码", o->values[title->index].s, reg->label.t[LANG_HANS]);
    }
}

int others_resolve(struct run *x, struct intake_row *r, struct err *e)
{
    for (size_t i = 0; i < r->nothers; i++)
        if (r->others[i].any && other_resolve(x, r, &r->others[i], e))
            return -1;
    return 0;
}
