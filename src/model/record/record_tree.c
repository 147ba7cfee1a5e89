/* SPDX-License-Identifier: Apache-2.0 */
/* record_tree.c: what is particular about records of registers unit and grid: others stand on them. */
#include <string.h>

#include "base/date.h"
#include "model/query_record.h"
#include "model/record_inner.h"

static bool is_unit(const struct save *s, const struct reg *r)
{
    return r == schema_reg(s->view->schema, "unit");
}

static bool is_grid(const struct save *s, const struct reg *r)
{
    return r == schema_reg(s->view->schema, "grid");
}

void record_stale(struct save *s, const struct reg *r)
{
    if (is_unit(s, r) || is_grid(s, r))
        atomic_store(&s->site->stale_at, now_ms());
}

/* Does any register have records of this unit, or any that name this grid? */
static int find_used(const struct reg **by, struct db *d, struct save *s, const struct record *r, struct err *e)
{
    const struct schema *sc = s->view->schema;
    const struct node *n = is_unit(s, r->reg) ? tree_find(s->view->units, r->id) : NULL;
    bool used = false;

    *by = NULL;
    for (size_t i = 0; i < sc->nregs && !*by; i++) {
        if (sc->regs[i] == r->reg)
            continue;
        if (n && !sc->regs[i]->site_wide && query_used(&used, d, s->a, sc->regs[i], n->home, &r->id, 1, e) < 0)
            return -1;
        for (size_t f = 0; f < sc->regs[i]->nfields && !used; f++)
            if (sc->regs[i]->fields[f].type == (n ? TYPE_UNIT : TYPE_GRID) &&
                query_named(&used, d, s->a, sc->regs[i], &sc->regs[i]->fields[f], r->id, e) < 0)
                return -1;
        if (used)
            *by = sc->regs[i];
    }
    return 0;
}

int record_tree_gone(struct db *d, struct save *s, const struct record *r, struct err *e)
{
    const struct tree *t = is_unit(s, r->reg) ? s->view->units : is_grid(s, r->reg) ? s->view->grids : NULL;
    const struct node *n = t ? tree_find(t, r->id) : NULL;
    const struct reg *by;

    if (n && n->nkids)
        return err_set(e, ERR_CONFLICT, "“%s”下面还有%zu个下级，请先处理下级再撤回。", n->name, n->nkids);
    if (!t || find_used(&by, d, s, r, e) < 0)
        return t ? -1 : 0;
    if (by)
        return err_set(e, ERR_CONFLICT,
                       "“%s”已有“%s”记录，撤回后这些记录就看不到了。请改为填写“撤销日期”，历史记录和数字都会保留。",
                       record_title_for(s->a, &(struct looker){.view = s->view, .who = s->actor}, r),
                       label_in(&by->label, LANG_HANS));
    return 0;
}

/* The home it will have: see tree.c. */
static int64_t new_home(const struct save *s, const struct record *r)
{
    const struct field *kind = reg_field(r->reg, "kind"), *parent = reg_field(r->reg, "parent");
    struct value k = kind ? r->values[kind->index] : value_null();
    const struct node *up = parent ? tree_find(s->view->units, r->values[parent->index].i) : NULL;

    if (k.kind == VALUE_TEXT && !strcmp(k.s, "community"))
        return r->id;
    for (; up; up = up->up)
        if (!strcmp(up->kind, "community"))
            return up->id;
    return r->id;
}

int record_tree_move(struct db *d, struct save *s, const struct record *is, const struct record *was, struct err *e)
{
    const struct schema *sc = s->view->schema;
    const struct node *n = was && is_unit(s, is->reg) ? tree_find(s->view->units, is->id) : NULL;
    int64_t *ids;
    size_t count;
    bool used = false;

    if (!n || new_home(s, is) == n->home)
        return 0;
    ids = tree_below(s->a, n, &count);
    for (size_t i = 0; i < sc->nregs; i++) {
        if (sc->regs[i]->site_wide)
            continue;
        if (query_used(&used, d, s->a, sc->regs[i], n->home, ids, count, e) < 0)
            return -1;
        if (used)
            return err_set(e, ERR_CONFLICT,
                           "“%s”在原来的社区已有“%s”记录，不能改到别的社区。请为它填写撤销日期，另建一个组织。",
                           n->name, label_in(&sc->regs[i]->label, LANG_HANS));
    }
    return 0;
}
