/* SPDX-License-Identifier: Apache-2.0 */
/* record_make.c: a record made in another register out of this one, in the same transaction. */
#include "model/record_inner.h"

enum { MAKES_DEPTH = 4 };

static int make_one(struct db *d, struct save *s, struct record *r, const struct make *m, struct err *e)
{
    const struct reg *into = schema_reg(s->view->schema, m->into);
    const struct field *back = m->back ? reg_field(r->reg, m->back) : NULL;
    struct save sub = *s;
    struct record *other;
    struct scope sc = record_scope(s->site, r);
    struct err why = {0};

    if (s->depth >= MAKES_DEPTH)
        return err_set(e, ERR_INPUT, "自动生成的记录一层套一层，超过 %d 层，请管理员检查模块声明。", MAKES_DEPTH);
    other = record_new(s->a, into);
    other->home = into->site_wide ? 0 : r->home;
    other->captured = r->captured;
    for (size_t i = 0; i < m->nset; i++)
        record_set(other, m->set_field[i], expr_eval(s->a, m->set_expr[i], &sc));
    sub.trusted = true;
    sub.quiet_required = true; /* it is finished by whoever takes it up */
    sub.errors = NULL;
    sub.ready = NULL;
    sub.act = "make";
    sub.note = arena_printf(s->a, "%s/%lld", r->reg->name, (long long)r->id);
    sub.depth = s->depth + 1;
    if (record_save_in(d, &sub, other, NULL, &why) < 0)
        return err_set(e, why.code, "自动生成“%s”时：%s", label_in(&into->label, LANG_HANS), why.msg);
    if (back)
        r->values[back->index] = value_int(other->id);
    return 0;
}

int record_makes(struct db *d, struct save *s, struct record *r, const struct make *only, struct err *e)
{
    for (size_t i = 0; i < r->reg->nmakes; i++) {
        const struct make *m = &r->reg->makes[i];
        const struct field *back = m->back ? reg_field(r->reg, m->back) : NULL;
        struct scope sc = record_scope(s->site, r);

        if (only ? m != only : !m->when || !expr_true(s->a, m->when, &sc))
            continue;
        if (back && r->values[back->index].kind != VALUE_NULL)
            continue; /* made already */
        if (make_one(d, s, r, m, e) < 0)
            return -1;
    }
    return 0;
}
