/* SPDX-License-Identifier: Apache-2.0 */
/* intake_preview.c: the first rows of a dry run as they will be stored, each cell with what the file has and with
 * what is wrong. */
#include <string.h>

#include "model/intake_parts.h"

#define PREVIEW_ROWS 20 /* of a workbook with one sheet that is read; shared out among several */
#define PREVIEW_LEAST 3
#define PREVIEW_MAX 60

/* How many rows of this sheet are shown already. */
static size_t shown_of(const struct import_result *r, size_t sheet_no)
{
    size_t n = 0;

    for (size_t i = r->npreview; i > 0 && r->preview[i - 1].sheet_no == sheet_no; i--)
        n++;
    return n;
}

static size_t share(const struct import_map *m)
{
    size_t sheets = 0, each;

    for (size_t i = 0; i < m->nsheets; i++)
        sheets += !m->sheets[i].skip && m->sheets[i].reg;
    each = PREVIEW_ROWS / (sheets ? sheets : 1);
    return each < PREVIEW_LEAST ? PREVIEW_LEAST : each;
}

static const struct col_plan *plan_of(const struct sheet_plan *p, const struct map_column *c)
{
    for (size_t i = 0; i < p->ncols; i++)
        if (p->cols[i].map == c)
            return &p->cols[i];
    return NULL;
}

static bool session_column(const struct map_sheet *m, int col)
{
    for (size_t i = 0; i < m->ncross; i++)
        if (m->cross_cols[i] == col)
            return true;
    return false;
}

static const char *text_of(struct run *x, const struct field *f, struct value v, const char *raw)
{
    return v.kind == VALUE_NULL ? "" : f->type == TYPE_REF ? raw : run_shown(x, f, v);
}

/* The child rows that one cell was cut into. */
static const char *parts_of(struct run *x, const struct intake_row *r, const struct col_plan *c, const char *raw)
{
    const struct child_rows *rows = &r->record->children[c->child];
    const char *out = "";

    if (c->use.field->type == TYPE_REF)
        return raw;
    for (size_t i = 0; i < rows->n; i++)
        out = arena_printf(x->chunk, "%s%s%s", out, *out ? "、" : "",
                           run_shown(x, c->use.field, rows->rows[i].values[c->use.field->index]));
    return out;
}

static const char *state_label(const struct reg *reg, const char *name)
{
    const struct state *s = name ? reg_state(reg, name) : NULL;

    return s ? s->label.t[LANG_HANS] : "";
}

static void cell_value(struct run *x, const struct intake_row *r, const struct col_plan *c, const struct cell *cell,
                       struct preview_cell *out)
{
    const struct field *f = c->use.field, *via = c->use.via;
    struct value v = value_null();
    enum reason why;
    struct err e;

    if (c->kind == COL_STATE) {
        out->text = r->state ? state_label(r->plan->reg, r->state) : "";
        return;
    }
    if (c->kind == COL_SPLIT) {
        out->text = r->record ? parts_of(x, r, c, out->raw) : out->raw;
        return;
    }
    if (cell->kind != CELL_EMPTY)
        type_read_cell(&v, &x->types, f, cell, &why, &e);
    out->text = text_of(x, f, v, out->raw);
    if (f->type == TYPE_REF && v.kind == VALUE_INT) {
        out->ref = f->ref;
        out->id = v.i;
    }
    if (c->kind == COL_REF && r->out != OUT_REJECTED && r->record->values[via->index].kind == VALUE_INT) {
        out->ref = via->ref;
        out->id = r->record->values[via->index].i;
    }
}

static const char *wrong_of(const struct intake_row *r, int col)
{
    for (size_t i = 0; i < r->nwrongs; i++)
        if (r->wrongs[i].col == col)
            return r->wrongs[i].msg;
    return NULL;
}

static void fill_cell(struct run *x, const struct intake_row *r, size_t i, struct preview_cell *out)
{
    struct arena *a = x->job->a;
    const struct map_column *m = &r->plan->map->columns[i];
    const struct col_plan *c = plan_of(r->plan, m);
    const struct cell *cell = row_cell(r->plan, r->index, m);

    out->raw = arena_str(a, cell_shown(x->chunk, cell, x->types.date1904));
    out->wrong = wrong_of(r, m->col);
    if (out->wrong)
        out->wrong = arena_str(a, out->wrong);
    if (session_column(r->plan->map, m->col))
        out->text = cross_marked(x->chunk, r->plan->reg, cell) ? out->raw : "";
    else if (c)
        cell_value(x, r, c, cell, out);
    if (out->text)
        out->text = arena_str(a, out->text);
}

static void fill_rest(struct run *x, const struct intake_row *r, struct preview_cell *out)
{
    const struct sheet_plan *p = r->plan;

    for (size_t i = 0; i < p->nconstants; i++, out++) {
        const struct constant *k = &p->constants[i];

        out->raw = k->text;
        out->text = k->why == REASON_NONE ? arena_str(x->job->a, text_of(x, k->field, k->value, k->text)) : "";
        out->wrong = k->why == REASON_NONE ? NULL : k->msg;
    }
    *out = (struct preview_cell){.text = state_label(p->reg, r->record ? r->record->state : NULL), .raw = ""};
}

void run_preview(struct run *x, const struct intake_row *r)
{
    struct import_result *res = x->res;
    struct arena *a = x->job->a;
    size_t columns = r->plan->map->ncolumns;
    struct preview_row row = {r->plan->sheet_no, r->plan->sheet->rows[r->index].r + 1, r->out, NULL, NULL};

    if (!x->job->dry_run || res->npreview >= PREVIEW_MAX || shown_of(res, r->plan->sheet_no) >= share(x->job->map))
        return;
    row.cells = arena_array(a, columns + r->plan->nconstants + 1, sizeof *row.cells);
    for (size_t i = 0; i < columns; i++)
        fill_cell(x, r, i, &row.cells[i]);
    fill_rest(x, r, row.cells + columns);
    for (size_t i = 0; i < r->nwrongs; i++)
        if (r->wrongs[i].col < 0 && !row.wrong)
            row.wrong = arena_str(a, r->wrongs[i].msg);
    VEC_PUSH(a, res->preview, res->npreview, res->cap_preview) = row;
}
