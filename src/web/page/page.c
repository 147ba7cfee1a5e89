/* SPDX-License-Identifier: Apache-2.0 */
/* page.c: the spine of every screen. */
#include "web/page.h"

#include <string.h>

#include "base/date.h"
#include "engine/period.h"
#include "model/query.h"
#include "web/session.h"
#include "web/static_files.h"
#include "web/task.h"

/* A place is shown to whoever may go there. */
static const struct {
    const char *href, *label;
    enum permission may;
} places[PLACE__MAX] = {
    [PLACE_TODAY] = {"/", "今天", MAY_LOGIN},         [PLACE_REGISTERS] = {"/r", "台账", MAY_READ},
    [PLACE_FIGURES] = {"/figures", "数字", MAY_READ}, [PLACE_REPORTS] = {"/reports", "报告", MAY_REPORT},
    [PLACE_MORE] = {"/more", "更多", MAY_LOGIN},
};

const struct looker *page_looker(struct req *q)
{
    struct looker *l = arena_alloc(q->a, sizeof *l);
    *l = (struct looker){.view = &q->view, .who = q->actor};
    return l;
}

const char *page_title(struct req *q, const struct record *r)
{
    return record_title_for(q->a, page_looker(q), r);
}

int page_titles(struct map **out, struct req *q, const struct title_of *v, size_t n, bool readable, struct err *e)
{
    return page_heads(out, NULL, q, v, n, readable, e);
}

int page_heads(struct map **out, struct map *states, struct req *q, const struct title_of *v, size_t n,
               bool readable, struct err *e)
{
    const struct looker look = {.view = &q->view, .who = q->actor, .readable = readable, .states = states};
    int64_t *ids = arena_array(q->a, n + 1, sizeof *ids);
    bool *done = arena_array(q->a, n + 1, sizeof *done);
    for (size_t i = 0; i < n; i++) {
        struct map *more;
        size_t k = 0;
        if (done[i])
            continue;
        for (size_t j = i; j < n; j++)
            if (v[j].home == v[i].home && v[j].reg == v[i].reg) {
                ids[k++] = v[j].id;
                done[j] = true;
            }
        if (query_titles(&more, q->a, q->db, &look, v[i].reg, v[i].home, ids, k, e))
            return -1;
        if (!*out)
            *out = map_new(q->a);
        for (size_t j = 0; j < map_count(more); j++)
            map_put(*out, map_key(more, j), map_value(more, j));
    }
    return 0;
}

void page_text(struct req *q, const char *hans)
{
    html_text(&q->out, req_tr(q, hans));
}

void page_label(struct req *q, const struct label *l)
{
    html_text(&q->out, label_in(l, q->lang));
}

static void head(struct req *q, const char *title, bool live)
{
    struct buf *b = &q->out;
    html_raw(b, "<!doctype html><html");
    html_set(b, "lang", lang_tag[q->lang]);
    const char *elder = req_cookie(q, "linli_elder");
    if (elder && strcmp(elder, "1") == 0)
        html_raw(b, " class=elder");
    html_raw(
        b, "><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>");
    page_text(q, title);
    html_raw(b, " · ");
    page_text(q, "邻里");
    html_raw(b, "</title><link rel=stylesheet");
    html_set(b, "href", static_url("linli.css"));
    html_raw(b, "><link rel=icon");
    html_set(b, "href", static_url("icon.svg"));
    html_raw(b, "><script defer");
    html_set(b, "src", static_url("linli.js"));
    html_raw(b, "></script>");
    if (live) {
        html_raw(b, "<meta name=htmx-config content='{\"includeIndicatorStyles\":false,\"allowEval\":false,"
                    "\"historyCacheSize\":0}'><script defer");
        html_set(b, "src", static_url("htmx.min.js"));
        html_raw(b, "></script>");
    }
    html_raw(b, "</head><body><a class=skip href=\"#main\">");
    page_text(q, "跳到正文");
    html_raw(b, "</a>");
}

#define PLACES_ALL                                                                                                 \
    60 /* units that still make a menu; above it only the way up, the neighbours and what lies beneath */

static bool place_offered(const struct req *q, const struct node *n, const struct node *now)
{
    if (q->view.units->n > PLACES_ALL && n->up != now->up && n->up != now && !tree_within(now, n))
        return false;
    return actor_may(&q->view, q->actor, MAY_READ, n->id);
}

/* The communities and units this person may work for. */
static void place_switch(struct req *q)
{
    struct buf *b = &q->out;
    const struct node *now = page_unit(q);
    if (!now)
        return;
    html_raw(b, "<form action=\"/place\" method=get><label class=hide for=place>");
    page_text(q, "组织");
    html_raw(b, "</label><select id=place name=unit data-go>");
    const char *indent = "\u3000\u3000\u3000\u3000";
    for (size_t i = 0; i < q->view.units->n; i++) {
        const struct node *n = &q->view.units->nodes[i];
        if (!place_offered(q, n, now))
            continue;
        int skip = n->depth < 4 ? (4 - n->depth) * 3 : 0;
        html_option(b, n->code, req_printf(q, "%s%s", indent + skip, n->name), n == now);
    }
    html_raw(b, "</select>");
    html_hidden(b, "back", q->path);
    html_raw(b, "<noscript><button>");
    page_text(q, "切换");
    html_raw(b, "</button></noscript></form>");
}

/* How many things wait for whoever is logged in; nothing where there are none. */
static void tasks(struct req *q)
{
    struct buf *b = &q->out;
    const int n = task_count(q);
    if (!n)
        return;
    html_raw(b, "<a class=mine href=\"/\"><span class=word>");
    page_text(q, "我的任务");
    html_raw(b, " </span><span class=badge>");
    html_int(b, n < TASKS_COUNTED ? n : TASKS_COUNTED - 1);
    html_raw(b, n < TASKS_COUNTED ? "</span></a>" : "+</span></a>");
}

/* Lists keep the bar between requests: what changes in it by itself is told to kept_put (web/kept.h). */
static void bar(struct req *q)
{
    struct buf *b = &q->out;
    html_raw(b, "<header class=bar><a class=brand href=\"/\">");
    page_text(q, "邻里");
    html_raw(b, "</a>");
    if (!q->login) {
        html_raw(b, "</header>");
        return;
    }
    place_switch(q);
    html_raw(b, "<form class=search action=\"/search\" role=search><input type=search name=q maxlength=60");
    html_set(b, "value", strcmp(q->path, "/search") == 0 ? req_query(q, "q") : NULL);
    html_set(b, "aria-label", req_tr(q, "搜索"));
    html_set(b, "placeholder", req_tr(q, "搜编号、内容，两个字即可"));
    html_raw(b, "></form><div class=end>");
    tasks(q);
    if (req_may(q, MAY_WRITE, 0)) {
        html_raw(b, "<a class=\"button\" href=\"/new\">＋ ");
        page_text(q, "记一笔");
        html_raw(b, "</a>");
    }
    html_raw(b, "<a class=name href=\"/me\">");
    html_text(b, q->login->name);
    html_raw(b, "</a></div></header>");
}

static void nav(struct req *q, enum place current)
{
    struct buf *b = &q->out;
    html_raw(b, "<nav class=places");
    html_set(b, "aria-label", req_tr(q, "主要位置"));
    html_raw(b, ">");
    for (size_t i = 0; i < PLACE__MAX; i++) {
        if (!req_may(q, places[i].may, 0))
            continue;
        html_raw(b, "<a");
        html_set(b, "href", places[i].href);
        if (i == current)
            html_raw(b, " aria-current=page");
        html_raw(b, ">");
        page_text(q, places[i].label);
        html_raw(b, "</a>");
    }
    html_raw(b, "</nav>");
}

void page_begin(struct req *q, const struct page *p)
{
    struct buf *b = &q->out;
    head(q, p->title, p->live);
    bar(q);
    html_raw(b, q->login ? "<div class=desk>" : "<div>");
    if (q->login)
        nav(q, p->place);
    html_raw(b, "<main id=main");
    html_set(b, "class", p->cls);
    html_raw(b, ">");
    if (p->up) {
        html_raw(b, "<p class=small><a");
        html_set(b, "href", p->up);
        html_raw(b, ">‹ ");
        page_text(q, p->up_text);
        html_raw(b, "</a></p>");
    }
    if (!p->bare) {
        html_raw(b, "<h1>");
        page_text(q, p->title);
        html_raw(b, "</h1>");
    }
}

/* On paper: for whom, by whom, when. */
static void filed(struct req *q)
{
    struct buf *b = &q->out;
    const struct node *unit = page_unit(q);
    char day[16];
    html_raw(b, "<p class=\"print-only filed\">");
    html_text(b, unit ? unit->name : "");
    html_raw(b, "\u3000");
    page_text(q, "打印");
    html_raw(b, " ");
    html_text(b, q->login->name);
    html_raw(b, "\u3000");
    html_text(b, day_iso(today(), day));
    html_raw(b, "</p>");
}

void page_end(struct req *q)
{
    if (q->login)
        filed(q);
    html_raw(&q->out, "</main></div></body></html>");
}

static struct node *unit_by_code(struct req *q, const char *code)
{
    struct node *n = code ? tree_code(q->view.units, code) : NULL;
    return n && actor_may(&q->view, q->actor, MAY_READ, n->id) ? n : NULL;
}

struct node *page_unit(struct req *q)
{
    struct node *n = unit_by_code(q, req_query(q, "unit"));
    if (!n)
        n = unit_by_code(q, req_cookie(q, "linli_unit"));
    for (size_t i = 0; !n && i < q->actor->ngrants; i++)
        n = tree_find(q->view.units, q->actor->grants[i].unit);
    return n;
}

int64_t *page_homes(struct req *q, const struct node *unit, size_t *n)
{
    int64_t *ids = tree_below(q->a, unit, n), *homes = arena_array(q->a, *n + 2, sizeof *homes);
    size_t k = 0;
    homes[k++] = 0;
    for (size_t i = 0; i < *n; i++) {
        int64_t home = tree_find(q->view.units, ids[i])->home;
        size_t j = 0;
        while (j < k && homes[j] != home)
            j++;
        if (j == k)
            homes[k++] = home;
    }
    *n = k;
    return homes;
}

static const char *sent(struct req *q, const char *name)
{
    const char *v = req_form(q, name);
    return v ? v : req_query(q, name);
}

int page_day(struct req *q, const char *name, const char *label, int32_t *day, struct err *e)
{
    const char *v = sent(q, name);
    *day = DAY_NONE;
    if (!v || !*v)
        return 0;
    struct date_read r = date_typed(v, today());
    if (r.form != DATE_DAY)
        return err_field(e, name, "“%s”写的是“%.40s”，不是一个完整日期。请写成 2024-12-31 这样。", label, v);
    *day = r.day;
    return 0;
}

int page_period(struct req *q, int32_t *from, int32_t *to, struct err *e)
{
    char f[16], t[16];
    const char *span = sent(q, "span");
    struct period whole = span ? period_parse(span) : (struct period){DAY_NONE, DAY_NONE};
    if (page_day(q, "from", "自", from, e) || page_day(q, "to", "至", to, e))
        return -1;
    if (whole.from != DAY_NONE) {
        *from = whole.from;
        *to = whole.to;
    }
    if (*to == DAY_NONE)
        *to = today();
    if (*from == DAY_NONE)
        *from = day_from_ymd(day_ymd(*to).y, 1, 1);
    if (*from > *to)
        return err_field(e, "from", "开始日期 %s 晚于结束日期 %s。请检查起止日期。", day_iso(*from, f),
                         day_iso(*to, t));
    return 0;
}

static struct period up_to(struct period p, int32_t now)
{
    return (struct period){p.from, p.to < now ? p.to : now};
}

void page_spans(struct req *q, int32_t from, int32_t to, bool buttons)
{
    struct buf *b = &q->out;
    const int32_t now = today();
    const struct ymd n = day_ymd(now);
    const struct node *unit = page_unit(q);
    const struct {
        const char *label;
        struct period p;
    } spans[] = {
        {"本月", up_to(period_of("month", now), now)},
        {"本季度", up_to(period_of("quarter", now), now)},
        {"上季度", period_of("quarter", period_of("quarter", now).from - 1)},
        {"上半年", up_to(period_of("half", day_from_ymd(n.y, 1, 1)), now)},
        {"今年", up_to(period_of("year", now), now)},
        {"去年", period_of("year", day_from_ymd(n.y - 1, 1, 1))},
    };
    html_raw(b, "<span class=spans>");
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        const struct period *p = &spans[i].p;
        char f[16], t[16];
        day_iso(p->from, f);
        day_iso(p->to, t);
        html_raw(b, buttons ? "<button name=span" : "<a");
        html_set(b, "class", p->from == from && p->to == to ? "button main" : "button");
        if (buttons)
            html_set(b, "value", req_printf(q, "%s..%s", f, t));
        else
            html_set(b, "href", req_printf(q, "%s?unit=%s&from=%s&to=%s", q->path, unit ? unit->code : "", f, t));
        html_raw(b, ">");
        page_text(q, spans[i].label);
        html_raw(b, buttons ? "</button>" : "</a>");
    }
    html_raw(b, "</span>");
}

void page_state(struct req *q, const struct reg *r, const char *state)
{
    const struct state *s = state ? reg_state(r, state) : NULL;
    if (!s)
        return;
    html_raw(&q->out, "<span class=\"state");
    if (s->tone) {
        html_raw(&q->out, " ");
        html_attr(&q->out, s->tone);
    }
    html_raw(&q->out, "\">");
    page_label(q, &s->label);
    html_raw(&q->out, "</span>");
}

void page_form_keys(struct req *q)
{
    html_hidden(&q->out, "_csrf", req_csrf(q));
    html_hidden(&q->out, "_once", req_once(q));
}

void page_errors(struct req *q, const struct field_errors *fe, const struct err *e)
{
    struct buf *b = &q->out;
    bool general = e && e->code != ERR_NONE && (!fe || fe->n == 0);
    if (!general && (!fe || fe->n == 0))
        return;
    html_raw(b, "<div class=errors role=alert tabindex=-1><strong>");
    page_text(q, "还不能保存，请改正：");
    html_raw(b, "</strong><ul>");
    for (size_t i = 0; fe && i < fe->n; i++) {
        html_raw(b, "<li><a href=\"#f.");
        html_attr(b, fe->v[i].field);
        html_raw(b, "\">");
        page_text(q, fe->v[i].msg);
        html_raw(b, "</a></li>");
    }
    if (general)
        html_elem(b, "li", req_tr(q, e->msg));
    html_raw(b, "</ul></div>");
}
