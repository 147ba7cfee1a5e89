/* SPDX-License-Identifier: Apache-2.0 */
/* record_roster.c: who should be there, taken from a roster. */
#include "model/roster.h"

#include "model/query.h"
#include "model/record_inner.h"

enum { ROSTER_MAX = 500 };

static bool sees(const struct save *s, const struct expr *x, int64_t unit)
{
    if (x->field && !actor_sees(s->view, s->actor, x->field, unit))
        return false;
    for (int i = 0; i < x->nargs; i++)
        if (!sees(s, x->arg[i], unit))
            return false;
    return true;
}

static int check_access(const struct save *s, const struct make *m, const struct reg *roster, int64_t unit,
                        struct err *e)
{
    if (actor_reg(s->view, s->actor, roster, false, unit, e))
        return -1;
    for (size_t i = 0; i < m->nset; i++)
        if (!sees(s, m->set_expr[i], unit))
            return err_set(e, ERR_DENIED,
                           "您看不到“%s”的姓名等栏目，不能从名册带入。请能看到的同事来做，或逐个填写。",
                           label_in(&roster->label, LANG_HANS));
    return 0;
}

static size_t units_beneath(int64_t **out, const struct save *s, int64_t unit)
{
    const struct tree *t = s->view->units;
    const struct node *top = tree_find(t, unit);
    size_t n = 0, cap = 0;

    *out = NULL;
    for (size_t i = 0; top && i < t->n; i++)
        if (tree_within(&t->nodes[i], top))
            VEC_PUSH(s->a, *out, n, cap) = t->nodes[i].id;
    return n;
}

static bool stands_there(const struct child_rows *rows, int at, struct value v)
{
    for (size_t i = 0; i < rows->n; i++)
        if (value_equal(rows->rows[i].values[at], v))
            return true;
    return false;
}

static void add_row(struct save *s, struct record *r, const struct reg *child, struct scope *sc, size_t *added)
{
    const struct make *m = &child->from;
    int first = reg_field(child, m->set_field[0])->index;
    struct value v = expr_eval(s->a, m->set_expr[0], sc);

    if (v.kind == VALUE_NULL || stands_there(&r->children[child - r->reg->children], first, v))
        return;
    struct child_row *row = record_child_add(s->a, r, child->name);
    for (size_t i = 0; i < m->nset; i++)
        row->values[reg_field(child, m->set_field[i])->index] = i ? expr_eval(s->a, m->set_expr[i], sc) : v;
    ++*added;
}

int record_roster(size_t *added, struct db *d, struct save *s, struct record *r, const struct reg *child,
                  struct err *e)
{
    const struct make *m = &child->from;
    const struct reg *roster = m->into ? schema_reg(s->view->schema, m->into) : NULL;
    struct list_query q = {.reg = roster, .ascending = true, .limit = ROSTER_MAX};
    struct record **people;
    int64_t *units;
    size_t n;
    bool more;

    *added = 0;
    if (!roster || !m->nset)
        return err_set(e, ERR_INPUT, "这张表没有说明从哪本名册带入。");
    if (check_access(s, m, roster, r->unit, e))
        return -1;
    q.nunits = units_beneath(&units, s, r->unit);
    q.units = units;
    if (!q.nunits || query_list(&people, &n, &more, s->a, d, &q, e))
        return q.nunits ? -1 : err_set(e, ERR_INPUT, "不知道是哪个组织的人员。请先选好组织。");
    if (more)
        return err_set(e, ERR_INPUT, "“%s”在这个组织里超过 %d 人，一次带入太多。请选下一级组织。",
                       label_in(&roster->label, LANG_HANS), ROSTER_MAX);
    for (size_t i = 0; i < n; i++) {
        struct scope sc = record_scope(s->site, people[i]);

        sc.today = r->happened;
        if (!m->when || expr_true(s->a, m->when, &sc))
            add_row(s, r, child, &sc, added);
    }
    return 0;
}
