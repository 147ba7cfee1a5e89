/* SPDX-License-Identifier: Apache-2.0 */
/* page_list.c: a register's records: what is shown, in a form and a sentence, before its table.
 * list_query.c reads its address, list_table.c writes the records. */
#include "web/page_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/kept.h"
#include "web/page.h"
#include "web/pages.h"
#include "web/task.h"

static void filter_options(struct req *q, const struct reg *r, const char *name)
{
    struct buf *b = &q->out;
    const struct field *f = reg_field(r, name);
    const char *now = req_query(q, name);
    html_option(b, "", req_tr(q, "全部"), !now || !*now);
    if (strcmp(name, "state") == 0) {
        for (size_t i = 0; i < r->nstates; i++)
            html_option(b, r->states[i].name, label_in(&r->states[i].label, q->lang),
                        now && strcmp(now, r->states[i].name) == 0);
        return;
    }
    for (size_t i = 0; i < f->nchoices; i++)
        html_option(b, f->choices[i].code, label_in(&f->choices[i].label, q->lang),
                    now && strcmp(now, f->choices[i].code) == 0);
    if (f->type == TYPE_FLAG) {
        html_option(b, "1", req_tr(q, "是"), now && strcmp(now, "1") == 0);
        html_option(b, "0", req_tr(q, "否"), now && strcmp(now, "0") == 0);
    }
    const struct tree *t = f->type == TYPE_UNIT ? q->view.units : f->type == TYPE_GRID ? q->view.grids : NULL;
    const struct node *unit = page_unit(q);
    int64_t chosen = now ? strtoll(now, NULL, 10) : 0;
    for (size_t i = 0; t && i < t->n; i++) {
        const struct node *n = &t->nodes[i];
        const struct node *owner = tree_find(q->view.units, f->type == TYPE_UNIT ? n->id : n->home);
        if ((f->kind && strcmp(f->kind, n->kind) != 0) || (unit && owner && !tree_within(owner, unit)))
            continue;
        html_option_int(b, n->id, n->name, chosen == n->id);
    }
}

static const char *filter_label(struct req *q, const struct reg *r, const char *name)
{
    const struct field *f = reg_field(r, name);
    return f ? label_in(&f->label, q->lang) : req_tr(q, "状态");
}

/* Only what can be chosen from; texts are found by the search field. */
static bool filter_chooses(const struct reg *r, const char *name)
{
    const struct field *f = reg_field(r, name);
    return !f || f->nchoices || f->type == TYPE_FLAG || f->type == TYPE_UNIT || f->type == TYPE_GRID;
}

static void filter_form(struct req *q, const struct reg *r)
{
    struct buf *b = &q->out;
    /* On a telephone the filters stand behind one line, so that the first record is on the first screen. */
    html_raw(b, "<input type=checkbox id=fold class=\"fold hide\"><label class=fold for=fold>");
    page_text(q, "筛选和查找");
    html_raw(b, "</label><form class=filter method=get" LIST_IN_PLACE ">");
    for (const char **f = r->filters; f && *f; f++) {
        if (!filter_chooses(r, *f))
            continue;
        html_raw(b, "<label>");
        html_text(b, filter_label(q, r, *f));
        html_raw(b, "<br><select");
        html_set(b, "name", *f);
        html_raw(b, ">");
        filter_options(q, r, *f);
        html_raw(b, "</select></label>");
    }
    static const char *const ends[][2] = {{"from", "自"}, {"to", "至"}};
    for (size_t i = 0; i < 2; i++) {
        html_raw(b, "<label>");
        page_text(q, ends[i][1]);
        html_raw(b, "<br><input type=date");
        html_set(b, "name", ends[i][0]);
        html_set(b, "value", req_query(q, ends[i][0]));
        html_raw(b, "></label>");
    }
    if (r->search) {
        html_raw(b, "<label>");
        page_text(q, "查找");
        html_raw(b, "<br><input type=search name=q maxlength=60");
        html_set(b, "value", req_query(q, "q"));
        html_raw(b, "></label>");
    }
    html_raw(b, "<button>");
    page_text(q, "筛选");
    html_raw(b, "</button></form>");
}

/* “第二网格 · 办理中 · 自2026-01-01”: the filters read aloud, each can be taken away. */
static void sentence(struct req *q, const struct reg *r, const struct list_query *lq)
{
    struct buf *b = &q->out;
    const struct node *unit = page_unit(q);
    bool dated = false;
    html_raw(b, "<p class=sentence>");
    if (unit && !r->site_wide)
        html_text(b, unit->name);
    for (size_t i = 0; i < lq->nfilters; i++) {
        const struct filter *f = &lq->filters[i];
        const struct field *field = reg_field(r, f->field);
        char day[16];
        html_raw(b, " · ");
        if (strcmp(f->field, "state") == 0) {
            page_label(q, &reg_state(r, f->v.s)->label);
        } else if (strcmp(f->field, "happened") == 0) {
            dated = true;
            page_text(q, f->op == CMP_GE ? "自" : "至");
            html_text(b, day_iso((int32_t)f->v.i, day));
        } else if (strcmp(f->field, "late") == 0) {
            page_text(q, "补录");
        } else if (field) {
            if (field->type == TYPE_FLAG) {
                page_label(q, &field->label);
                html_raw(b, "：");
            }
            page_value(q, field, f->v, 0, NULL);
        }
    }
    if (!dated) { /* on paper the period is always said */
        html_raw(b, "<span class=\"print-only inline\"> · ");
        page_text(q, "全部日期");
        html_raw(b, "</span>");
    }
    if (lq->text) {
        html_raw(b, " · “");
        html_text(b, lq->text);
        html_raw(b, "”");
    }
    if (lq->nfilters || lq->text) {
        html_raw(b, " <a");
        html_set(b, "href", q->path);
        html_raw(b, ">");
        page_text(q, "清除筛选");
        html_raw(b, "</a>");
    }
    html_raw(b, "</p>");
}

const struct reg *page_register(struct req *q, bool write, struct err *e)
{
    const struct reg *r = schema_reg(q->view.schema, req_arg(q, "register"));
    if (!r) {
        err_set(e, ERR_MISSING, "没有名为“%s”的台账。", req_arg(q, "register"));
        return NULL;
    }
    const struct node *unit = page_unit(q);
    if (actor_reg(&q->view, q->actor, r, write, unit ? unit->id : 0, e))
        return NULL;
    return r;
}

/* The fields a list shows; those of its time limits too. */
static const char *const *shown(struct arena *a, const struct reg *r)
{
    const char **out = NULL;
    size_t n = 0, cap = 0;
    for (const char **c = r->list; c && *c; c++)
        VEC_PUSH(a, out, n, cap) = *c;
    for (size_t i = 0; i < r->nclocks; i++)
        if (r->clocks[i].field)
            VEC_PUSH(a, out, n, cap) = r->clocks[i].field;
    VEC_PUSH(a, out, n, cap) = NULL;
    return out;
}

/* What stands before the records. */
static void head(struct req *q, const struct reg *r, const struct list_query *lq)
{
    struct buf *b = &q->out;
    const struct node *unit = page_unit(q);
    struct err no = {0};
    page_begin(q, &(struct page){
                      .title = label_in(&r->label, q->lang), .place = PLACE_REGISTERS, .live = true, .bare = true});
    html_raw(b, "<div class=head><h1>");
    page_label(q, &r->label);
    html_raw(b, "</h1><div class=acts>");
    if (actor_reg(&q->view, q->actor, r, true, unit ? unit->id : 0, &no) == 0) {
        html_raw(b, "<a class=\"button main\"");
        html_set(b, "href", req_printf(q, "/r/%s/new", r->name));
        html_raw(b, ">＋ ");
        page_text(q, "记一笔");
        html_raw(b, "</a>");
    }
    if (req_may(q, MAY_IMPORT, unit ? unit->id : 0))
        html_link(b, req_printf(q, "/import?register=%s", r->name), req_tr(q, "导入"));
    html_link(b,
              req_printf(q, "/r/%s/export.xlsx%s%s", r->name, q->query_string && *q->query_string ? "?" : "",
                         q->query_string ? q->query_string : ""),
              req_tr(q, "导出"));
    if (list_printed(q)) {
        html_raw(b, "<button type=button data-print>");
        page_text(q, "打印清单");
        html_raw(b, "</button>");
        html_link(b, list_address(q, "print", NULL), req_tr(q, "返回列表"));
    } else {
        html_link(b, list_address(q, "print", "1"), req_tr(q, "打印清单"));
    }
    html_raw(b, "</div></div>");
    filter_form(q, r);
    sentence(q, r, lq);
}

int page_list(struct req *q, struct err *e)
{
    struct list_query lq;
    const struct reg *r = page_register(q, false, e);
    if (!r)
        return -1;
    if (list_read(q, r, &lq, e))
        return -1;
    lq.only = shown(q->a, r);
    const int waiting = task_count(q);
    if (!kept_put(q, LIST_HEAD, waiting)) {
        size_t from = q->out.n;
        head(q, r, &lq);
        if (task_count(q) == waiting) /* nor has it changed since */
            kept_take(q, LIST_HEAD, waiting, from);
    }
    list_totals(q, &lq);
    if (list_table(q, r, &lq, e))
        return -1;
    page_end(q);
    return 0;
}
