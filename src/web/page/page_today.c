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
#include "web/session.h"
#include "web/task.h"

#define TASKS 60      /* shown of what is with nobody, or with others */
#define TASKS_MINE 50 /* of what is with me */
#define NEWS_EACH 5   /* records looked at in each register */
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

/* --- what must I do: with me, with nobody yet, with others */

struct todo {
    struct clock *v;
    size_t n;
};

struct heads {
    struct map *titles, *states; /* of the records behind the clocks */
};

static int heads_of(struct heads *h, struct req *q, const struct todo *t, size_t nt, struct err *e)
{
    size_t n = 0, all = 0;
    for (size_t i = 0; i < nt; i++)
        all += t[i].n;
    struct title_of *v = arena_array(q->a, all + 1, sizeof *v);
    for (size_t i = 0; i < nt; i++)
        for (size_t k = 0; k < t[i].n; k++) {
            const struct clock *c = &t[i].v[k];
            v[n++] = (struct title_of){schema_reg(q->view.schema, c->table), c->home, c->record};
        }
    h->titles = map_new(q->a);
    h->states = map_new(q->a);
    return page_heads(&h->titles, h->states, q, v, n, false, e);
}

/* Open time limits of the unit and beneath it that are due soon; of registers that this person may read. */
static int due_soon(struct todo *t, struct req *q, const struct node *unit, enum clock_with with, struct err *e)
{
    struct clock_scope s = {.due_to = today() + TASKS_DAYS, .limit = TASKS, .with = with};
    struct clock *c;
    size_t n;
    s.homes = page_homes(q, unit, &s.nhomes);
    s.units = tree_below(q->a, unit, &s.nunits);
    if (clock_open(&c, &n, q->a, q->db, &s, e))
        return -1;
    t->v = c;
    t->n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct reg *r = schema_reg(q->view.schema, c[i].table);
        struct err no = {0};
        if (r && !task_is_mine(q, &c[i]) && actor_reg(&q->view, q->actor, r, false, c[i].unit, &no) == 0)
            c[t->n++] = c[i];
    }
    return 0;
}

static void task(struct req *q, const struct clock *c, const struct heads *h)
{
    struct buf *b = &q->out;
    const struct reg *r = schema_reg(q->view.schema, c->table);
    const char *key = req_printf(q, "%lld", (long long)c->record), *title = map_get(h->titles, key);
    html_raw(b, "<li><span class=what><a");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", c->table, (long long)c->record));
    html_raw(b, ">");
    html_text(b, title && *title ? title : "—");
    html_raw(b, "</a></span><span class=quiet>");
    page_label(q, &r->label);
    html_raw(b, "</span>");
    page_state(q, r, map_get(h->states, key));
    page_due(q, (int32_t)c->due, false);
    html_raw(b, "</li>");
}

static void task_list(struct req *q, const struct todo *t, const struct heads *h, const char *none)
{
    if (t->n == 0) {
        html_raw(&q->out, "<p class=quiet>");
        page_text(q, none);
        html_raw(&q->out, "</p>");
        return;
    }
    html_raw(&q->out, "<ul class=tasks>");
    for (size_t i = 0; i < t->n; i++)
        task(q, &t->v[i], h);
    html_raw(&q->out, "</ul>");
}

/* Whose is what: one fold for each name, with how many there are and how many are late. */
static void others(struct req *q, const struct todo *t, const struct heads *h)
{
    struct buf *b = &q->out;
    struct map *by = map_new(q->a);
    for (size_t i = 0; i < t->n; i++) {
        struct todo *one = map_get(by, t->v[i].who);
        if (!one) {
            one = arena_alloc(q->a, sizeof *one);
            *one = (struct todo){.v = arena_array(q->a, t->n, sizeof *one->v)};
            map_put(by, t->v[i].who, one);
        }
        one->v[one->n++] = t->v[i];
    }
    for (size_t k = 0; k < map_count(by); k++) {
        const struct todo *one = map_value(by, k);
        size_t late = 0;
        for (size_t i = 0; i < one->n; i++)
            late += one->v[i].due < today();
        html_raw(b, "<details><summary>");
        html_text(b, map_key(by, k));
        html_text(b, req_printf(q, "（%zu）", one->n));
        if (late) {
            html_raw(b, " <span class=\"due over\">");
            page_text(q, req_printf(q, "超期%zu件", late));
            html_raw(b, "</span>");
        }
        html_raw(b, "</summary>");
        task_list(q, one, h, "");
        html_raw(b, "</details>");
    }
}

static void tasks_head(struct req *q, const char *words)
{
    html_raw(&q->out, "<h2>");
    page_text(q, words);
    html_raw(&q->out, "</h2>");
}

/* May this person read all the registers whose records have time limits? Else nothing is said of those that wait.
 */
static bool clocks_seen(struct req *q, const struct node *unit)
{
    for (size_t i = 0; i < q->view.schema->nregs; i++) {
        const struct reg *r = q->view.schema->regs[i];
        struct err no = {0};
        if (r->nclocks && actor_reg(&q->view, q->actor, r, false, unit->id, &no))
            return false;
    }
    return true;
}

/* Others' tasks are shown to those who answer for the unit: who may issue its reports. */
static int tasks(struct req *q, const struct node *unit, struct err *e)
{
    enum { MINE, NOBODYS, OTHERS, GROUPS };
    struct todo t[GROUPS] = {0};
    struct heads h;
    if (task_mine(&t[MINE].v, &t[MINE].n, q, TASKS_MINE, e) || due_soon(&t[NOBODYS], q, unit, CLOCK_NOBODY, e) ||
        (req_may(q, MAY_REPORT, unit->id) && due_soon(&t[OTHERS], q, unit, CLOCK_SOMEBODY, e)) ||
        heads_of(&h, q, t, GROUPS, e))
        return -1;
    tasks_head(q, "我的任务");
    task_list(q, &t[MINE], &h, "没有派给您的事。");
    if (clocks_seen(q, unit)) {
        tasks_head(q, "还没有人承办");
        task_list(q, &t[NOBODYS], &h, "两周之内到期的事都有人承办。");
    }
    if (t[OTHERS].n) {
        tasks_head(q, "各人在办");
        others(q, &t[OTHERS], &h);
    }
    return 0;
}

/* A gap opens the list of its unit and its period: there one sees what was held instead, and writes what is
 * missing. */
static void gap_link(struct req *q, const struct behind *g)
{
    const struct period p = g->period ? period_parse(g->period) : (struct period){DAY_NONE, DAY_NONE};
    const struct node *unit = tree_find(q->view.units, g->unit);
    char from[16], to[16];
    struct err no = {0};
    if (!g->reg || !unit || p.from == DAY_NONE || actor_reg(&q->view, q->actor, g->reg, false, g->unit, &no))
        html_text(&q->out, page_behind_title(q, g));
    else
        html_link(&q->out,
                  req_printf(q, "/r/%s?unit=%s&from=%s&to=%s", g->reg->name, unit->code, day_iso(p.from, from),
                             day_iso(p.to, to)),
                  page_behind_title(q, g));
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
            gap_link(q, &gaps[k]);
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
    task_forget(q->login->user); /* the bar must not say something else than the page */
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
