/* SPDX-License-Identifier: Apache-2.0 */
/* page_calendar.c: a month of meetings and events: every register declared calendar: true. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "engine/calendar.h"
#include "model/query.h"
#include "web/page.h"
#include "web/pages.h"

#define MONTH_ROWS 500

struct entry {
    const struct record *r;
    int32_t day;
    const char *hour; /* "" where none is kept */
};

static int by_hour(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int c = (a->day > b->day) - (a->day < b->day);
    c = c ? c : strcmp(a->hour, b->hour);
    return c ? c : (a->r->id > b->r->id) - (a->r->id < b->r->id);
}

/* Records of a month over all calendar registers, one query each. */
static int entries(struct req *q, int32_t from, int32_t to, struct entry **out, size_t *n, struct err *e)
{
    const struct node *unit = page_unit(q);
    size_t cap = 0;
    *out = NULL;
    *n = 0;
    for (size_t i = 0; unit && i < q->view.schema->nregs; i++) {
        const struct reg *r = q->view.schema->regs[i];
        struct filter filters[] = {{.field = "happened", .op = CMP_GE, .v = value_int(from)},
                                   {.field = "happened", .op = CMP_LE, .v = value_int(to)}};
        struct list_query lq = {
            .reg = r, .filters = filters, .nfilters = 2, .limit = MONTH_ROWS, .ascending = true};
        struct record **rows;
        size_t k;
        bool more;
        struct err no = {0};
        if (!r->calendar || actor_reg(&q->view, q->actor, r, false, unit->id, &no))
            continue;
        lq.units = tree_below(q->a, unit, &lq.nunits);
        if (query_list(&rows, &k, &more, q->a, q->db, &lq, e))
            return -1;
        for (size_t j = 0; j < k; j++) {
            const char *hour = record_hour(q->a, rows[j]);
            VEC_PUSH(q->a, *out, *n, cap) = (struct entry){rows[j], rows[j]->happened, hour ? hour : ""};
        }
    }
    if (*n)
        qsort(*out, *n, sizeof **out, by_hour);
    return 0;
}

/* When, what, its number, whose. */
static void entry_text(struct req *q, const struct entry *x)
{
    const struct record *r = x->r;
    struct buf *b = &q->out;
    const struct node *unit = tree_find(q->view.units, r->unit), *all = page_unit(q);
    const char *number = record_serial(q->a, r);
    html_text(b, r->reg->icon);
    html_text(b, req_printf(q, " %s%s%s", x->hour, *x->hour ? " " : "", page_title(q, r)));
    if ((unit && unit != all) || number)
        html_elem(b, "span class=quiet",
                  req_printf(q, " %s%s%s", unit && unit != all ? unit->name : "", number ? " " : "",
                             number ? number : ""));
}

static void day_cell(struct req *q, int32_t day, int month, const struct entry *list, size_t n)
{
    struct buf *b = &q->out;
    struct ymd d = day_ymd(day);
    const char *name = calendar_name(q->site->working_arg, day);
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || list[i].day == day;
    html_raw(b, "<td class=\"");
    html_raw(b, d.m == month ? "" : "other ");
    html_raw(b, day == today() ? "now " : "");
    html_raw(b, any && d.m == month ? "\">" : "none\">");
    html_raw(b, "<span class=day>");
    html_text(b, req_printf(q, "%d", d.d));
    html_raw(b, "</span> <span class=quiet>");
    page_text(q, name);
    html_raw(b, "</span>");
    for (size_t i = 0; i < n; i++) {
        if (list[i].day != day || d.m != month)
            continue;
        html_raw(b, "<a");
        html_set(b, "href", req_printf(q, "/r/%s/%lld", list[i].r->reg->name, (long long)list[i].r->id));
        html_raw(b, ">");
        entry_text(q, &list[i]);
        html_raw(b, "</a>");
    }
    html_raw(b, "</td>");
}

static void month_link(struct req *q, int y, int m, const char *label)
{
    html_link(&q->out,
              req_printf(q, "/calendar?month=%04d-%02d",
                         m == 0    ? y - 1
                         : m == 13 ? y + 1
                                   : y,
                         m == 0    ? 12
                         : m == 13 ? 1
                                   : m),
              req_tr(q, label));
}

int page_calendar(struct req *q, struct err *e)
{
    static const char *const days[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    struct buf *b = &q->out;
    struct ymd now = day_ymd(today());
    const char *asked = req_query(q, "month");
    int y = now.y, m = now.m;
    struct entry *list;
    size_t n;
    if (asked && (sscanf(asked, "%4d-%2d", &y, &m) != 2 || m < 1 || m > 12 || y < 1900 || y > 2200)) {
        y = now.y;
        m = now.m;
    }
    int32_t first = day_from_ymd(y, m, 1), last = day_month_last(first);
    if (entries(q, first, last, &list, &n, e))
        return -1;
    page_begin(
        q, &(struct page){
               .title = req_printf(q, "%d年%d月", y, m), .place = PLACE_MORE, .up = "/more", .up_text = "更多"});
    html_raw(b, "<nav class=pager>");
    month_link(q, y, m - 1, "上个月");
    month_link(q, now.y, now.m, "本月");
    month_link(q, y, m + 1, "下个月");
    html_raw(b, "</nav><table class=month><thead><tr>");
    for (size_t i = 0; i < 7; i++)
        html_elem(b, "th scope=col", req_tr(q, days[i]));
    html_raw(b, "</tr></thead><tbody>");
    for (int32_t day = first - (day_weekday(first) - 1); day <= last; day += 7) {
        html_raw(b, "<tr>");
        for (int32_t d = day; d < day + 7; d++)
            day_cell(q, d, m, list, n);
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table>");
    if (n == 0) {
        html_raw(b, "<p class=empty>");
        page_text(q, "这个月还没有会议和活动。");
        html_raw(b, "</p>");
    }
    page_end(q);
    return 0;
}
