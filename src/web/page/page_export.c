/* SPDX-License-Identifier: Apache-2.0 */
/* page_export.c: the list in force as a workbook, row by row to disk; each child table on a sheet of its own. */
#include <string.h>

#include "base/date.h"
#include "format/xlsx_write.h"
#include "model/query.h"
#include "store/sys_trail.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"
#include "web/taken.h"

struct exporting {
    struct req *q;
    const struct reg *r;
    struct xlsx_out *x;
    struct arena *row; /* reset after each row: memory does not grow with the list */
    size_t child;      /* which of the child tables stands on the sheet */
    long n;
};

/* What a person would read, masked where this one may not see it. */
static const char *cell_text(struct exporting *ex, struct value v, const struct field *f, int64_t unit)
{
    if (v.kind == VALUE_NULL)
        return "";
    if (!actor_sees(&ex->q->view, ex->q->actor, f, unit))
        return type_mask(ex->row, f, v);
    if (f->type == TYPE_UNIT || f->type == TYPE_GRID) {
        const struct node *n = tree_find(f->type == TYPE_UNIT ? ex->q->view.units : ex->q->view.grids, v.i);
        return n ? n->name : "";
    }
    return type_show(ex->row, f, v, ex->q->lang);
}

static int row(const struct record *r, void *arg)
{
    struct exporting *ex = arg;
    for (size_t i = 0; i < ex->r->nfields; i++)
        xlsx_out_text(ex->x, cell_text(ex, r->values[i], &ex->r->fields[i], r->unit));
    const struct state *s = r->state ? reg_state(ex->r, r->state) : NULL;
    if (ex->r->nstates)
        xlsx_out_text(ex->x, s ? label_in(&s->label, ex->q->lang) : "");
    xlsx_out_row(ex->x);
    ex->n++;
    arena_reset(ex->row);
    return 0;
}

/* The rows of one child table, each with what it belongs to. */
static int child_rows(const struct record *r, void *arg)
{
    struct exporting *ex = arg;
    const struct reg *c = &ex->r->children[ex->child];
    const struct child_rows *rows = &r->children[ex->child];
    const struct looker look = {.view = &ex->q->view, .who = ex->q->actor};
    const char *title = rows->n ? record_title_for(ex->row, &look, r) : "";
    for (size_t k = 0; k < rows->n; k++) {
        xlsx_out_text(ex->x, title);
        for (size_t i = 0; i < c->nfields; i++)
            xlsx_out_text(ex->x, cell_text(ex, rows->rows[k].values[i], &c->fields[i], r->unit));
        xlsx_out_row(ex->x);
    }
    arena_reset(ex->row);
    return 0;
}

/* A second reading of the list: a workbook is written from its first sheet to its last. */
static int child_sheets(struct exporting *ex, struct list_query *lq, struct err *e)
{
    lq->children = true;
    for (ex->child = 0; ex->child < ex->r->nchildren; ex->child++) {
        const struct reg *c = &ex->r->children[ex->child];
        if (xlsx_out_sheet(ex->x, label_in(&c->label, ex->q->lang), e))
            return -1;
        xlsx_out_head(ex->x, label_in(&ex->r->label, ex->q->lang));
        for (size_t i = 0; i < c->nfields; i++)
            xlsx_out_head(ex->x, label_in(&c->fields[i].label, ex->q->lang));
        xlsx_out_row(ex->x);
        if (query_each(ex->q->a, ex->q->db, lq, child_rows, ex, e))
            return -1;
    }
    return 0;
}

static void head(struct exporting *ex)
{
    const struct node *unit = page_unit(ex->q);
    xlsx_out_title(ex->x, req_printf(ex->q, "%s%s", unit ? unit->name : "", label_in(&ex->r->label, ex->q->lang)));
    for (size_t i = 0; i < ex->r->nfields; i++)
        xlsx_out_head(ex->x, label_in(&ex->r->fields[i].label, ex->q->lang));
    if (ex->r->nstates)
        xlsx_out_head(ex->x, req_tr(ex->q, "状态"));
    xlsx_out_row(ex->x);
}

/* Every export stands in the trail. */
static int note_in(struct db *d, void *arg, struct err *e)
{
    struct exporting *ex = arg;
    const struct node *unit = page_unit(ex->q);
    struct trail_entry t = {.home = unit ? unit->home : 0,
                            .at = now_ms(),
                            .who = ex->q->actor->user,
                            .act = "export",
                            .table = ex->r->name,
                            .detail = taken_detail(ex->q, ex->r, ex->n, NULL, unit ? unit->code : NULL)};
    return trail_append(d, &t, e);
}

int page_export(struct req *q, struct err *e)
{
    struct list_query lq;
    struct exporting ex = {.q = q, .r = page_register(q, false, e)};
    const char *path = ex.r ? req_temp(q, e) : NULL;
    if (!path || xlsx_out_open(&ex.x, path, label_in(&ex.r->label, q->lang), e))
        return -1;
    if (list_read(q, ex.r, &lq, e))
        return -1;
    lq.after_set = false;
    ex.row = arena_new();
    head(&ex);
    int rc = query_each(q->a, q->db, &lq, row, &ex, e) || child_sheets(&ex, &lq, e) ? -1 : 0;
    if (xlsx_out_close(ex.x, rc ? NULL : e) && rc == 0)
        rc = -1;
    arena_free(ex.row);
    if (rc || store_write(q->site->store, note_in, &ex, e))
        return -1;
    return resp_file(q, path, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                     req_printf(q, "%s.xlsx", label_in(&ex.r->label, q->lang)));
}
