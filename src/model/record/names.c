/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: ids in records as people read them. */
#include "model/names.h"

#include <stdio.h>
#include <string.h>

#include "model/query_record.h"

struct names {
    struct arena *a;
    const struct view *view;
    struct map *titles; /* "REGISTER ID" → title */
};

struct wants {
    struct arena *a;
    const struct reg *reg;
    int64_t *ids, *homes;
    size_t n, cap, cap_homes;
};

static const char *title_key(char out[128], const struct reg *r, int64_t id)
{
    snprintf(out, 128, "%s %lld", r->name, (long long)id);
    return out;
}

static void want_values(struct wants *w, const struct reg *reg, const struct value *v, int64_t home)
{
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];
        size_t nhomes = w->n;

        if (f->type != TYPE_REF || f->ref != w->reg || v[i].kind != VALUE_INT)
            continue;
        VEC_PUSH(w->a, w->homes, nhomes, w->cap_homes) = w->reg->site_wide ? 0 : home;
        VEC_PUSH(w->a, w->ids, w->n, w->cap) = v[i].i;
    }
}

static void want_record(struct wants *w, const struct record *r)
{
    want_values(w, r->reg, r->values, r->home);
    for (size_t c = 0; c < r->reg->nchildren; c++)
        for (size_t i = 0; i < r->children[c].n; i++)
            want_values(w, &r->reg->children[c], r->children[c].rows[i].values, r->home);
}

static int load_titles(struct names *ns, struct db *d, const struct wants *w, struct err *e)
{
    struct record **rs;
    char key[128];
    size_t n;

    if (!w->n)
        return 0;
    if (query_many(&rs, &n, ns->a, d, w->reg, w->homes, w->n, w->ids, w->n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        map_put(ns->titles, title_key(key, w->reg, rs[i]->id), (void *)record_title(ns->a, rs[i]));
    return 0;
}

static bool refers(const struct reg *r, const struct reg *to)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == TYPE_REF && r->fields[i].ref == to)
            return true;
    for (size_t c = 0; c < r->nchildren; c++)
        if (refers(&r->children[c], to))
            return true;
    return false;
}

int names_load(struct names **out, struct arena *a, struct db *d, const struct view *v, const struct reg *r,
               struct record *const *rs, size_t n, struct err *e)
{
    struct names *ns = arena_alloc(a, sizeof *ns);

    *out = ns;
    ns->a = a;
    ns->view = v;
    ns->titles = map_new(a);
    for (size_t i = 0; i < v->schema->nregs; i++) {
        struct wants w = {.a = a, .reg = v->schema->regs[i]};

        if (!refers(r, w.reg))
            continue;
        for (size_t k = 0; k < n; k++)
            want_record(&w, rs[k]);
        if (load_titles(ns, d, &w, e) < 0)
            return -1;
    }
    return 0;
}

static const char *node_name(const struct tree *t, int64_t id)
{
    const struct node *n = tree_find(t, id);

    return n ? n->name : "";
}

const char *names_unit(const struct names *ns, int64_t id)
{
    return node_name(ns->view->units, id);
}

const char *names_grid(const struct names *ns, int64_t id)
{
    return node_name(ns->view->grids, id);
}

const char *names_show(const struct names *ns, const struct field *f, struct value v, enum lang l)
{
    const char *t = NULL;
    char key[128];

    if (v.kind == VALUE_NULL)
        return "";
    if (f->cls == CLASS_PROTECTED && value_sealed(v))
        return "（受保护）";
    if (v.kind == VALUE_INT && f->type == TYPE_UNIT)
        t = names_unit(ns, v.i);
    else if (v.kind == VALUE_INT && f->type == TYPE_GRID)
        t = names_grid(ns, v.i);
    else if (v.kind == VALUE_INT && f->type == TYPE_REF && f->ref)
        t = map_get(ns->titles, title_key(key, f->ref, v.i));
    return t && *t ? t : type_show(ns->a, f, v, l);
}
