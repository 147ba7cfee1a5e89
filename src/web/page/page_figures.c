/* SPDX-License-Identifier: Apache-2.0 */
/* page_figures.c: numbers by unit and period, each opening exactly its records. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/figure.h"
#include "web/page.h"
#include "web/pages.h"

#define BEHIND_ROWS 200

/* Unit and period as a form: 本月, 本季度 … in one tap, or from–to. */
static void period_form(struct req *q, int32_t from, int32_t to)
{
    struct buf *b = &q->out;
    char f[16], t[16];
    const struct node *unit = page_unit(q);
    html_raw(b, "<form class=filter method=get>");
    if (unit)
        html_hidden(b, "unit", unit->code);
    page_spans(q, from, to, false);
    const char *const ends[][3] = {{"from", "自", day_iso(from, f)}, {"to", "至", day_iso(to, t)}};
    for (size_t i = 0; i < 2; i++) {
        html_raw(b, "<label>");
        page_text(q, ends[i][1]);
        html_raw(b, "<br><input type=date");
        html_set(b, "name", ends[i][0]);
        html_set(b, "value", ends[i][2]);
        html_raw(b, "></label>");
    }
    html_raw(b, "<button>");
    page_text(q, "查看");
    html_raw(b, "</button></form>");
}

static const char *figure_href(struct req *q, const struct figure *f, const struct figure_at *at, const char *slice)
{
    char from[16], to[16];
    return req_printf(q, "/figures/%s/records?unit=%s&from=%s&to=%s%s%s", f->name, at->unit ? at->unit->code : "",
                      day_iso(at->from, from), day_iso(at->to, to), slice ? "&slice=" : "", slice ? slice : "");
}

static void number(struct req *q, const struct figure_value *v, const struct figure_at *at)
{
    struct buf *b = &q->out;
    if (v->gap) {
        html_raw(b, "<span class=gap>");
        page_text(q, "〔缺〕");
        html_raw(b, "</span>");
        return;
    }
    html_raw(b, "<a class=figure");
    html_set(b, "href", figure_href(q, v->figure, at, NULL));
    html_raw(b, ">");
    html_text(b, figure_plain(q->a, v));
    html_raw(b, "</a>");
}

static int slices(struct req *q, const struct figure *f, const struct figure_at *at, struct err *e)
{
    struct buf *b = &q->out;
    struct figure_slice *s;
    size_t n;
    if (!f->nparts || !f->parts[0].slice)
        return 0;
    if (figure_slices(&s, &n, q->a, q->db, f, at, q->lang, e))
        return -1;
    for (size_t i = 0; i < n; i++) {
        html_text(b, i ? "，" : "");
        html_text(b, s[i].label);
        html_raw(b, " <a class=figure");
        html_set(b, "href", figure_href(q, f, at, s[i].code));
        html_raw(b, ">");
        struct figure_value v = {.figure = f, .value = s[i].value};
        html_text(b, figure_plain(q->a, &v));
        html_raw(b, "</a>");
    }
    return 0;
}

/* Of days to come nothing is known: a stock asked for one of them is today's. */
static void as_at(struct req *q, const struct figure_value *v)
{
    char day[16];
    if (v->as_today)
        html_text(&q->out, req_printf(q, "%s %s", req_tr(q, "，截至今天"), day_iso(today(), day)));
}

static int figure_row(struct req *q, const struct figure *f, const struct figure_at *at, struct err *e)
{
    struct buf *b = &q->out;
    struct figure_value v;
    if (figure_compute(&v, q->a, q->db, f, at, e))
        return -1;
    html_raw(b, "<tr><th scope=row>");
    page_label(q, &f->label);
    html_raw(b, "</th><td class=num");
    html_set(b, "data-label", req_tr(q, "数字"));
    html_raw(b, ">");
    number(q, &v, at);
    html_raw(b, " <span class=quiet>");
    page_label(q, &f->unit);
    as_at(q, &v);
    html_raw(b, "</span></td><td");
    html_set(b, "data-label", req_tr(q, "其中"));
    html_raw(b, ">");
    if (slices(q, f, at, e))
        return -1;
    if (v.late > 0) {
        html_raw(b, " <span class=late>");
        html_text(b, req_printf(q, "%s %lld", req_tr(q, "补录"), (long long)v.late));
        html_raw(b, "</span>");
    }
    html_raw(b, "</td></tr>");
    return 0;
}

/* May this person see figures of the register it is declared in? */
static bool figure_seen(struct req *q, const struct figure *f, const struct node *unit, struct err *e)
{
    return !f->reg || actor_reg(&q->view, q->actor, f->reg, false, unit ? unit->id : 0, e) == 0;
}

/* In place of the figures of a register that he may not read: which it is, and whom to ask. */
static void group_denied(struct req *q, const struct reg *r, const char *why)
{
    html_raw(&q->out, "<h2>");
    page_label(q, &r->label);
    html_raw(&q->out, "</h2><p class=quiet>");
    page_text(q, why);
    html_raw(&q->out, "</p>");
}

static int figure_group(struct req *q, const struct reg *r, const struct figure_at *at, struct err *e)
{
    static const char *const heads[] = {"指标", "数字", "其中"};
    struct buf *b = &q->out;
    bool any = false;
    for (size_t i = 0; i < q->view.schema->nfigures; i++) {
        const struct figure *f = q->view.schema->figures[i];
        struct err why = {0};
        if (f->reg != r)
            continue;
        if (!figure_seen(q, f, at->unit, &why)) {
            group_denied(q, r, why.msg);
            return 0;
        }
        if (!any) {
            html_raw(b, "<h2>");
            page_label(q, &r->label);
            html_raw(b, "</h2><table class=list><thead class=hide><tr>");
            for (size_t k = 0; k < 3; k++)
                html_elem(b, "th", req_tr(q, heads[k]));
            html_raw(b, "</tr></thead><tbody>");
        }
        any = true;
        if (figure_row(q, f, at, e))
            return -1;
    }
    html_raw(b, any ? "</tbody></table>" : "");
    return 0;
}

int page_figures(struct req *q, struct err *e)
{
    struct figure_at at = {.view = &q->view, .unit = page_unit(q), .who = q->actor};
    int rc = 0;
    if (page_period(q, &at.from, &at.to, e))
        return -1;
    page_begin(q, &(struct page){.title = "数字", .place = PLACE_FIGURES});
    period_form(q, at.from, at.to);
    html_raw(&q->out, "<p class=sentence>");
    html_text(&q->out, at.unit ? at.unit->name : "");
    page_text(q, "。带点线的数字点开就是它背后的条目。");
    html_raw(&q->out, "</p>");
    if (db_begin(q->db, e))
        return -1;
    for (size_t m = 0; m < q->view.schema->nmodules && rc == 0; m++)
        for (const char **name = q->view.schema->modules[m].registers; name && *name && rc == 0; name++)
            rc = figure_group(q, schema_reg(q->view.schema, *name), &at, e);
    db_rollback(q->db);
    page_end(q);
    return rc;
}

/* --- what is behind a number */

const char *page_behind_title(struct req *q, const struct behind *b)
{
    const struct node *n = tree_find(q->view.units, b->unit);
    if (!b->words || q->lang != LANG_EN)
        return q->lang == LANG_HANT && b->words ? req_tr(q, b->title) : b->title;
    return req_printf(q, "%s, %s, %s", n ? n->name : "", req_tr(q, b->words), req_tr(q, b->key));
}

static void behind_row(struct req *q, const struct behind *r)
{
    struct buf *b = &q->out;
    char day[16];
    const struct node *unit = tree_find(q->view.units, r->unit);
    html_raw(b, "<tr><td class=date");
    html_set(b, "data-label", req_tr(q, "日期"));
    html_raw(b, ">");
    html_text(b, r->period ? r->period : r->day != DAY_NONE ? day_iso(r->day, day) : "");
    if (r->time)
        html_text(b, req_printf(q, " %s", r->time));
    html_raw(b, "</td><td");
    html_set(b, "data-label", req_tr(q, "条目"));
    html_raw(b, ">");
    if (r->number) {
        html_elem(b, "span class=quiet", r->number);
        html_raw(b, " ");
    }
    if (r->id)
        html_link(b, req_printf(q, "/r/%s/%lld", r->reg->name, (long long)r->id), r->title);
    else
        html_text(b, page_behind_title(q, r));
    html_raw(b, "</td><td");
    html_set(b, "data-label", req_tr(q, "组织"));
    html_raw(b, ">");
    html_text(b, unit ? unit->name : NULL);
    html_raw(b, "</td><td>");
    if (r->late)
        html_elem(b, "span class=late", req_tr(q, "补录"));
    html_raw(b, "</td></tr>");
}

static void behind_table(struct req *q, const struct behind *rows, size_t n)
{
    struct buf *b = &q->out;
    static const char *const heads[] = {"日期", "条目", "组织", ""};
    html_raw(b, "<table class=list><thead><tr>");
    for (size_t i = 0; i < 4; i++)
        html_elem(b, "th scope=col", req_tr(q, heads[i]));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < n; i++)
        behind_row(q, &rows[i]);
    html_raw(b, "</tbody></table>");
}

static void behind_head(struct req *q, const struct figure_value *v, const struct figure_at *at)
{
    struct buf *b = &q->out;
    char f[16], t[16];
    html_raw(b, "<p class=sentence>");
    page_text(q, req_printf(q, "%s · %s 至 %s", at->unit ? at->unit->name : "", day_iso(at->from, f),
                            day_iso(at->to, t)));
    html_raw(b, "</p><p class=sum><span><b class=num>");
    html_text(b, v->gap ? req_tr(q, "〔缺〕") : figure_plain(q->a, v));
    html_raw(b, "</b> ");
    page_label(q, &v->figure->unit);
    as_at(q, v);
    html_raw(b, "</span>");
    if (v->figure->kind == FIG_RATIO) {
        html_raw(b, "<span>");
        html_text(b, req_printf(q, "%lld ÷ %lld", (long long)v->num, (long long)v->den));
        html_raw(b, "</span>");
    }
    html_raw(b, "</p>");
}

int page_behind(struct req *q, struct err *e)
{
    struct figure *f = schema_figure(q->view.schema, req_arg(q, "figure"));
    struct figure_at at = {.view = &q->view, .unit = page_unit(q), .slice = req_query(q, "slice"), .who = q->actor};
    struct figure_value v;
    struct behind *rows;
    size_t n;
    int64_t offset = req_query_int(q, "offset", 0);
    if (!f)
        return err_set(e, ERR_MISSING, "没有这个指标。");
    if (!figure_seen(q, f, at.unit, e))
        return -1;
    if (offset < 0 || offset > 1000000)
        offset = 0;
    if (page_period(q, &at.from, &at.to, e))
        return -1;
    if (db_begin(q->db, e)) /* the number and its lines of one snapshot */
        return -1;
    int rc = figure_compute(&v, q->a, q->db, f, &at, e) ||
             figure_behind(&rows, &n, q->a, q->db, f, &at, (size_t)offset, BEHIND_ROWS + 1, e);
    db_rollback(q->db);
    if (rc)
        return -1;
    page_begin(
        q, &(struct page){
               .title = label_in(&f->label, q->lang), .place = PLACE_FIGURES, .up = "/figures", .up_text = "数字"});
    behind_head(q, &v, &at);
    behind_table(q, rows, n > BEHIND_ROWS ? BEHIND_ROWS : n);
    if (n > BEHIND_ROWS) {
        html_raw(&q->out, "<nav class=pager><a class=button");
        html_set(
            &q->out, "href",
            req_printf(q, "%s&offset=%lld", figure_href(q, f, &at, at.slice), (long long)offset + BEHIND_ROWS));
        html_raw(&q->out, ">");
        page_text(q, "下一页");
        html_raw(&q->out, "</a></nav>");
    }
    page_end(q);
    return 0;
}
