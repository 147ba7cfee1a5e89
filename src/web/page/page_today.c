/* SPDX-License-Identifier: Apache-2.0 */
/* page_today.c: the workbench: what must I do, what is at risk, what happened; and the menu of registers. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "engine/period.h"
#include "model/figure.h"
#include "model/query.h"
#include "store/sys_clock.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"

#define TASKS 30
#define NEWS_EACH 5 /* records looked at in each register */
#define NEWS 12
#define TASKS_DAYS 14 /* days ahead that count as tasks */

/* 记一笔: the registers that are asked for most, as buttons. */
static void quick(struct req *q, bool all)
{
    struct buf *b = &q->out;
    const struct node *unit = page_unit(q);
    html_raw(b, "<nav class=quick");
    html_set(b, "aria-label", req_tr(q, "记一笔"));
    html_raw(b, ">");
    for (size_t m = 0; m < q->view.schema->nmodules; m++)
        for (const char **name = q->view.schema->modules[m].registers; name && *name; name++) {
            const struct reg *r = schema_reg(q->view.schema, *name);
            struct err no = {0};
            if ((!r->quick && !all) || actor_reg(&q->view, q->actor, r, true, unit ? unit->id : 0, &no))
                continue;
            html_raw(b, "<a class=button");
            html_set(b, "href", req_printf(q, "/r/%s/new", r->name));
            html_raw(b, ">＋ ");
            page_label(q, &r->label);
            html_raw(b, "</a>");
        }
    html_raw(b, "</nav>");
}

int page_new_menu(struct req *q, struct err *e)
{
    (void)e;
    page_begin(q, &(struct page){.title = "记一笔", .place = PLACE_TODAY});
    quick(q, true);
    page_end(q);
    return 0;
}

/* Titles of the records behind open clocks. */
static int clock_titles(struct req *q, const struct clock *c, size_t n, struct map **titles, struct err *e)
{
    struct title_of *v = arena_array(q->a, n + 1, sizeof *v);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const struct reg *r = schema_reg(q->view.schema, c[i].table);
        if (r)
            v[k++] = (struct title_of){r, c[i].home, c[i].record};
    }
    return page_titles(titles, q, v, k, false, e);
}

static void task(struct req *q, const struct clock *c, const struct map *titles)
{
    struct buf *b = &q->out;
    const struct reg *r = schema_reg(q->view.schema, c->table);
    const char *title = map_get(titles, req_printf(q, "%lld", (long long)c->record));
    html_raw(b, "<li><span class=what><a");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", c->table, (long long)c->record));
    html_raw(b, ">");
    html_text(b, title ? title : "—");
    html_raw(b, "</a></span><span class=quiet>");
    page_label(q, &r->label);
    html_raw(b, "</span>");
    page_due(q, (int32_t)c->due, false);
    html_raw(b, "</li>");
}

static int tasks(struct req *q, const struct node *unit, struct err *e)
{
    struct buf *b = &q->out;
    struct clock *c;
    size_t n;
    struct clock_scope s = {.due_to = today() + TASKS_DAYS, .limit = TASKS};
    s.homes = page_homes(q, unit, &s.nhomes);
    s.units = tree_below(q->a, unit, &s.nunits);
    if (clock_open(&c, &n, q->a, q->db, &s, e))
        return -1;
    struct map *titles = map_new(q->a);
    if (clock_titles(q, c, n, &titles, e))
        return -1;
    html_raw(b, "<h2>");
    page_text(q, "要办的事");
    html_raw(b, "</h2>");
    size_t shown = 0;
    html_raw(b, "<ul class=tasks>");
    for (size_t i = 0; i < n; i++) {
        const struct reg *r = schema_reg(q->view.schema, c[i].table);
        struct err no = {0};
        if (!r || actor_reg(&q->view, q->actor, r, false, c[i].unit, &no))
            continue;
        task(q, &c[i], titles);
        shown++;
    }
    html_raw(b, "</ul>");
    if (shown == 0) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "两周之内没有到期的事。");
        html_raw(b, "</p>");
    }
    return 0;
}

/* What is at risk: the gaps of this period's cadences, one line each. */
static int risk(struct req *q, const struct node *unit, struct err *e)
{
    struct buf *b = &q->out;
    struct ymd now = day_ymd(today());
    struct figure_at at = {.view = &q->view, .unit = unit, .from = day_from_ymd(now.y, 1, 1), .to = today()};
    html_raw(b, "<h2>");
    page_text(q, "今年的缺项");
    html_raw(b, "</h2><ul class=tasks>");
    size_t shown = 0;
    for (size_t i = 0; i < q->view.schema->nfigures; i++) {
        const struct figure *f = q->view.schema->figures[i];
        struct behind *gaps;
        size_t n;
        if (f->kind != FIG_MISSED)
            continue;
        if (figure_behind(&gaps, &n, q->a, q->db, f, &at, 0, 8, e))
            return -1;
        for (size_t k = 0; k < n; k++, shown++) {
            html_raw(b, "<li><span class=\"due over\">");
            page_text(q, "缺");
            html_raw(b, "</span><span class=what>");
            html_text(b, page_behind_title(q, &gaps[k]));
            html_raw(b, "</span></li>");
        }
    }
    html_raw(b, "</ul>");
    if (shown == 0) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "到今天为止没有缺项。");
        html_raw(b, "</p>");
    } else {
        html_raw(b, "<p>");
        html_link(b, "/figures", req_tr(q, "查看全部数字"));
        html_raw(b, "</p>");
    }
    return 0;
}

static int newer(const void *x, const void *y)
{
    const struct record *a = *(struct record *const *)x, *b = *(struct record *const *)y;
    if (a->happened != b->happened)
        return a->happened > b->happened ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static void news_line(struct req *q, const struct record *r)
{
    struct buf *b = &q->out;
    char day[16];
    html_raw(b, "<li><span class=\"quiet nowrap\">");
    html_text(b, day_iso(r->happened, day));
    html_raw(b, "</span><span class=what><a");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", r->reg->name, (long long)r->id));
    html_raw(b, ">");
    html_text(b, page_title(q, r));
    html_raw(b, "</a></span><span class=quiet>");
    page_label(q, &r->reg->label);
    html_raw(b, "</span></li>");
}

/* What happened: the newest records of the registers under 记一笔, newest first. */
static int news(struct req *q, const struct node *unit, struct err *e)
{
    struct record **all = arena_array(q->a, q->view.schema->nregs * NEWS_EACH + 1, sizeof *all);
    size_t nall = 0;
    html_raw(&q->out, "<h2>");
    page_text(q, "最近记录");
    html_raw(&q->out, "</h2><ul class=tasks>");
    for (size_t i = 0; i < q->view.schema->nregs; i++) {
        const struct reg *r = q->view.schema->regs[i];
        struct list_query lq = {.reg = r, .limit = NEWS_EACH};
        struct record **rows;
        size_t n;
        bool more;
        struct err no = {0};
        if (!r->quick || actor_reg(&q->view, q->actor, r, false, unit->id, &no))
            continue;
        lq.units = tree_below(q->a, unit, &lq.nunits);
        if (query_list(&rows, &n, &more, q->a, q->db, &lq, e))
            return -1;
        for (size_t k = 0; k < n; k++)
            all[nall++] = rows[k];
    }
    qsort(all, nall, sizeof(struct record *), newer);
    for (size_t i = 0; i < nall && i < NEWS; i++)
        news_line(q, all[i]);
    html_raw(&q->out, "</ul>");
    return 0;
}

int page_today(struct req *q, struct err *e)
{
    const struct node *unit = page_unit(q);
    page_begin(q, &(struct page){.title = "今天", .place = PLACE_TODAY});
    if (!unit) {
        html_raw(&q->out, "<p>");
        page_text(q, "您的账号还没有在任何组织担任角色，请联系管理员。");
        html_raw(&q->out, "</p>");
        page_end(q);
        return 0;
    }
    quick(q, false);
    html_raw(&q->out, "<div class=two><div>");
    if (tasks(q, unit, e))
        return -1;
    html_raw(&q->out, "</div><div>");
    if (risk(q, unit, e) || news(q, unit, e))
        return -1;
    html_raw(&q->out, "</div></div>");
    page_end(q);
    return 0;
}

int page_registers(struct req *q, struct err *e)
{
    struct buf *b = &q->out;
    (void)e;
    page_begin(q, &(struct page){.title = "台账", .place = PLACE_REGISTERS});
    const struct node *unit = page_unit(q);
    for (size_t m = 0; m < q->view.schema->nmodules; m++) {
        const struct module *mod = &q->view.schema->modules[m];
        bool any = false;
        for (const char **name = mod->registers; name && *name; name++) {
            const struct reg *r = schema_reg(q->view.schema, *name);
            struct err no = {0};
            if (actor_reg(&q->view, q->actor, r, false, unit ? unit->id : 0, &no))
                continue;
            if (!any) {
                html_raw(b, "<h2>");
                page_label(q, &mod->label);
                html_raw(b, "</h2><nav class=quick>");
            }
            any = true;
            html_raw(b, "<a class=button");
            html_set(b, "href", req_printf(q, "/r/%s", r->name));
            html_raw(b, ">");
            page_label(q, &r->label);
            html_raw(b, "</a>");
        }
        html_raw(b, any ? "</nav>" : "");
    }
    page_end(q);
    return 0;
}

/* The place switch: remembers the unit and goes back. */
int page_place(struct req *q, struct err *e)
{
    const char *back = req_query(q, "back");
    const struct node *n = page_unit(q);
    (void)e;
    if (n)
        resp_cookie(q, "linli_unit", n->code, 180 * 24 * 3600);
    return resp_redirect(q, back && *back == '/' && back[1] != '/' ? back : "/");
}
