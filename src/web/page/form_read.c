/* SPDX-License-Identifier: Apache-2.0 */
/* form_read.c: a sent form into a record. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/query.h"
#include "store/sys_file.h"
#include "web/form.h"

struct reading {
    struct req *q;
    int64_t unit;
    struct type_ctx ctx;
    struct field_errors *errors;
};

/* Several values of one name (check boxes) as one text. */
static const char *sent(struct req *q, const char *name)
{
    const char *all = NULL;
    for (size_t i = 0; i < q->form.n; i++)
        if (strcmp(q->form.v[i].name, name) == 0)
            all = all ? req_printf(q, "%s,%s", all, q->form.v[i].value) : q->form.v[i].value;
    return all;
}

static const char *cell(struct req *q, const struct reg *c, size_t row, const struct field *f)
{
    return req_printf(q, "%s.%zu.%s", c->name, row + 1, f->name);
}

/* Trees and references are sent as ids by our own selects; typed names are looked up by type_read. */
static bool id_sent(const struct field *f, const char *text, struct value *out)
{
    if (f->type != TYPE_UNIT && f->type != TYPE_GRID && f->type != TYPE_REF)
        return false;
    char *end;
    long long id = strtoll(text, &end, 10);
    if (end == text || *end || id <= 0)
        return false;
    *out = value_int(id);
    return true;
}

static int one(struct reading *rd, const struct field *f, const char *name, struct value *v)
{
    const char *text = sent(rd->q, name);
    enum reason why = REASON_NONE;
    struct err e = {0};
    if (!text || f->computed || f->type == TYPE_FILE || (!*text && form_masks(rd->q, f, *v, rd->unit)))
        return 0;
    if (id_sent(f, text, v))
        return 0;
    if (f->type == TYPE_DATE && *text) { /* 3.5, 昨天 and the like, as people type them */
        struct date_read d = date_typed(text, rd->ctx.today);
        if (d.form == DATE_DAY) {
            *v = value_int(d.day);
            return 0;
        }
    }
    if (type_read(v, &rd->ctx, f, text, &why, &e) == 0)
        return 0;
    field_error_add(rd->errors, name, why, "%s：%s", label_in(&f->label, LANG_HANS), e.msg);
    return -1;
}

static bool row_empty(struct req *q, const struct reg *c, size_t i)
{
    for (size_t k = 0; k < c->nfields; k++) {
        const char *t = sent(q, cell(q, c, i, &c->fields[k]));
        if (t && *t)
            return false;
    }
    return true;
}

static bool row_sent(struct req *q, const struct reg *c, size_t i)
{
    for (size_t k = 0; k < c->nfields; k++)
        if (sent(q, cell(q, c, i, &c->fields[k])))
            return true;
    return false;
}

/* A row whose cells are all empty is taken out, unless the empty ones are masked: nobody deletes what they cannot
 * see. */
static bool row_masked(struct reading *rd, const struct reg *c, const struct child_row *row)
{
    for (size_t k = 0; k < c->nfields; k++)
        if (form_masks(rd->q, &c->fields[k], row->values[k], rd->unit))
            return true;
    return false;
}

static int children(struct reading *rd, struct record *r, size_t child)
{
    const struct reg *c = &r->reg->children[child];
    struct child_rows was = r->children[child];
    int rc = 0;
    if (!row_sent(rd->q, c, 0))
        return 0;
    r->children[child] = (struct child_rows){0};
    for (size_t i = 0; i < FORM_ROWS_MAX && row_sent(rd->q, c, i); i++) {
        if (row_empty(rd->q, c, i) && (i >= was.n || !row_masked(rd, c, &was.rows[i])))
            continue;
        struct child_row *row = record_child_add(rd->q->a, r, c->name);
        if (i < was.n) {
            row->id = was.rows[i].id;
            memcpy(row->values, was.rows[i].values, c->nfields * sizeof *row->values);
        }
        for (size_t k = 0; k < c->nfields; k++)
            if (one(rd, &c->fields[k], cell(rd->q, c, i, &c->fields[k]), &row->values[k]))
                rc = -1;
    }
    return rc;
}

static bool listed(const char *const *only, const char *name)
{
    if (!only)
        return true;
    for (; *only; only++)
        if (strcmp(*only, name) == 0)
            return true;
    return false;
}

int form_read(struct req *q, struct db *d, struct record *r, const char *const *only, struct field_errors *errors)
{
    struct reading rd = {.q = q,
                         .unit = r->unit,
                         .errors = errors,
                         .ctx = {.a = q->a, .today = today(), .lookup = query_lookup(q->a, &q->view, d, r->home)}};
    int rc = 0;
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];
        if (listed(only, f->name) && one(&rd, f, f->name, &r->values[i]))
            rc = -1;
    }
    for (size_t c = 0; c < r->reg->nchildren; c++)
        if (listed(only, r->reg->children[c].name) && children(&rd, r, c))
            rc = -1;
    return rc;
}
