/* SPDX-License-Identifier: Apache-2.0 */
/* type_ref.c: units, grids, records of other registers, attachments: kept by id, written "#id" between machines. */
#include <string.h>

#include "model/type_ops.h"

/* #123 → 123, 0 if it is not written so. */
static int64_t id_of(const char *s)
{
    int64_t id = 0;

    if (*s++ != '#' || strlen(s) > 18 + 1 || !*s)
        return 0;
    for (; *s; s++)
        if (*s < '0' || *s > '9' || __builtin_mul_overflow(id, 10, &id) ||
            __builtin_add_overflow(id, *s - '0', &id))
            return 0;
    return id;
}

static const char *what_of(const struct field *f)
{
    if (f->type == TYPE_UNIT)
        return "组织";
    if (f->type == TYPE_GRID)
        return "网格";
    return f->ref ? type_label(&f->ref->label, LANG_HANS) : "台账";
}

int read_ref(const struct reading *r)
{
    const struct lookup *l = r->c->lookup;
    int64_t id = l ? l->find(l->arg, r->f, r->text) : 0;

    if (id < 0)
        return type_refuse(r, REASON_REFERENCE, "“%s”在%s里不止一个，请写全称或编号。", r->text, what_of(r->f));
    if (!id)
        return type_refuse(r, REASON_REFERENCE, "在%s里没有找到“%s”，请核对名称或编号，或先把它登记进去。",
                           what_of(r->f), r->text);
    *r->out = value_int(id);
    return 0;
}

int read_file(const struct reading *r)
{
    int64_t id = id_of(r->text);

    if (!id)
        return type_refuse(r, REASON_REFERENCE, "“%s”不是附件，请上传文件。", r->text);
    *r->out = value_int(id);
    return 0;
}

const char *plain_ref(struct arena *a, const struct field *f, struct value v)
{
    (void)f;
    return arena_printf(a, "#%lld", (long long)v.i);
}

const char *show_ref(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    (void)l;
    return plain_ref(a, f, v);
}
