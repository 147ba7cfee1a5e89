/* SPDX-License-Identifier: Apache-2.0 */
/* page_list.c: a register's records: a sentence that says what is shown, totals, a table, the next page by key.
 *
 * Filters, sort and place in the list all stand in the address: ?state=open&grid=12&q=楼道&sort=-due_on&after=… */
#include "web/page_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/type.h"
#include "web/kept.h"
#include "web/page.h"
#include "web/pages.h"
#include "web/task.h"

#define LIST_ROWS 50

/* The pieces of the page that hold no records: see kept.h. */
enum { HEAD, COLUMNS };
/* Filtering, sorting and paging change the list in place where htmx runs; elsewhere they are plain links and a
 * form. */
#define IN_PLACE " hx-boost=true hx-target=\"#main\" hx-select=\"#main\" hx-swap=\"outerHTML show:window:top\""

/* --- from the address to a query */

static const struct choice *choice_of(const struct field *f, const char *code)
{
    return f->type == TYPE_CHOICE || f->type == TYPE_CHOICES ? field_choice(f, code) : NULL;
}

/* One filter of the address; false if it says nothing. */
static bool filter_read(struct req *q, const struct reg *r, const char *name, struct filter *out)
{
    const char *v = req_query(q, name);
    const struct field *f = reg_field(r, name);
    if (!v || !*v)
        return false;
    *out = (struct filter){.field = name, .op = CMP_EQ};
    if (strcmp(name, "state") == 0 && reg_state(r, v)) {
        out->v = value_text(v);
    } else if (f && choice_of(f, v)) {
        out->op = f->type == TYPE_CHOICES ? CMP_HAS : CMP_EQ;
        out->v = value_text(v);
    } else if (f && (f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_REF || f->type == TYPE_FLAG)) {
        out->v = value_int(strtoll(v, NULL, 10));
    } else if (f && type_is_text(f->type)) {
        out->v = value_text(v);
    } else {
        return false;
    }
    return true;
}

static void range_read(struct req *q, struct list_query *lq, struct filter *filters)
{
    static const struct {
        const char *name;
        enum cmp op;
    } ends[] = {{"from", CMP_GE}, {"to", CMP_LE}};
    for (size_t i = 0; i < 2; i++) {
        const char *v = req_query(q, ends[i].name);
        struct date_read d = v ? date_typed(v, today()) : (struct date_read){.form = DATE_BAD};
        if (d.form == DATE_DAY)
            filters[lq->nfilters++] = (struct filter){.field = "happened", .op = ends[i].op, .v = value_int(d.day)};
    }
}

/* ?after=VALUE.ID: integers plain, texts after a t. */
static void after_read(struct req *q, struct list_query *lq)
{
    const char *v = req_query(q, "after");
    const char *dot = v ? strrchr(v, '.') : NULL;
    if (!dot)
        return;
    char *head = arena_strn(q->a, v, (size_t)(dot - v));
    lq->after_set = true;
    lq->after_id = strtoll(dot + 1, NULL, 10);
    if (*head == 't')
        lq->after_value = value_text(head + 1);
    else if (*head)
        lq->after_value = value_int(strtoll(head, NULL, 10));
}

static const char *after_write(struct req *q, const struct record *last, const struct list_query *lq)
{
    struct value v = query_sort_value(lq, last);
    if (v.kind == VALUE_TEXT)
        return req_printf(q, "t%s.%lld", v.s, (long long)last->id);
    if (v.kind == VALUE_NULL)
        return req_printf(q, ".%lld", (long long)last->id);
    return req_printf(q, "%lld.%lld", (long long)v.i, (long long)last->id);
}

/* The order asked for; a column that this actor sees masked gives none, nor does the day: then by id. */
static const char *sort_read(struct req *q, const struct reg *r, const struct list_query *lq, const char *sort)
{
    const struct field *f = sort ? reg_field(r, sort) : NULL;
    if (f && f->cls != CLASS_PROTECTED && query_compares(&q->view, q->actor, lq, sort))
        return sort;
    return query_compares(&q->view, q->actor, lq, "happened") ? NULL : "id";
}

void list_read(struct req *q, const struct reg *r, struct list_query *lq)
{
    size_t offered = 0;
    while (r->filters && r->filters[offered])
        offered++;
    struct filter *filters = arena_array(q->a, offered + 3, sizeof *filters); /* from, to, late */
    const char *sort = req_query(q, "sort");
    *lq = (struct list_query){.reg = r, .filters = filters, .limit = LIST_ROWS};
    const struct node *unit = page_unit(q);
    if (!r->site_wide && unit)
        lq->units = tree_below(q->a, unit, &lq->nunits);
    else
        lq->all = r->site_wide;
    for (const char **f = r->filters; f && *f; f++)
        lq->nfilters += query_compares(&q->view, q->actor, lq, *f) && filter_read(q, r, *f, &filters[lq->nfilters]);
    if (query_compares(&q->view, q->actor, lq, "happened"))
        range_read(q, lq, filters);
    const char *late = req_query(q, "late");
    if (late && *late == '1')
        filters[lq->nfilters++] = (struct filter){.field = "late", .op = CMP_EQ, .v = value_int(1)};
    lq->text = req_query(q, "q");
    lq->personal = lq->text && query_personal(&q->view, q->actor, lq);
    if (lq->text && !*lq->text)
        lq->text = NULL;
    lq->ascending = sort && *sort != '-';
    if (sort && *sort == '-')
        sort++;
    lq->sort = sort_read(q, r, lq, sort);
    after_read(q, lq);
}

/* The address with one word changed; NULL removes it; the place in the list is forgotten. */
static const char *address(struct req *q, const char *name, const char *value)
{
    struct buf b;
    buf_init(&b, REQ_URL_MAX);
    buf_str(&b, q->path);
    char sep = '?';
    for (size_t i = 0; i < q->query.n; i++) {
        const struct param *p = &q->query.v[i];
        if (strcmp(p->name, name) == 0 || strcmp(p->name, "after") == 0 || !*p->value)
            continue;
        buf_char(&b, sep);
        html_url(&b, p->name);
        buf_char(&b, '=');
        html_url(&b, p->value);
        sep = '&';
    }
    if (value) {
        buf_char(&b, sep);
        html_url(&b, name);
        buf_char(&b, '=');
        html_url(&b, value);
    }
    const char *out = arena_str(q->a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

/* --- what is shown */

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
    html_raw(b, "<form class=filter method=get" IN_PLACE ">");
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

static bool column_right(const struct field *f)
{
    return f && (f->type == TYPE_INT || f->type == TYPE_DECIMAL || f->type == TYPE_MONEY);
}

static void column_head(struct req *q, const struct reg *r, const char *name, const struct list_query *lq)
{
    struct buf *b = &q->out;
    const struct field *f = reg_field(r, name);
    html_raw(b, column_right(f) ? "<th scope=col class=num" : "<th scope=col");
    bool now = f && lq->sort && strcmp(lq->sort, name) == 0;
    if (now)
        html_set(b, "aria-sort", lq->ascending ? "ascending" : "descending");
    html_raw(b, ">");
    if (!f) {
        page_text(q, strcmp(name, "due") == 0 ? "时限" : "状态");
    } else {
        html_raw(b, "<a");
        html_set(b, "href", address(q, "sort", now && !lq->ascending ? name : req_printf(q, "-%s", name)));
        html_raw(b, ">");
        page_label(q, &f->label);
        html_raw(b, now ? (lq->ascending ? " ↑</a>" : " ↓</a>") : "</a>");
    }
    html_raw(b, "</th>");
}

/* The clock that counts for the list: the first whose field holds a day. */
static int32_t due_day(const struct record *r)
{
    for (size_t i = 0; i < r->reg->nclocks; i++)
        if (r->reg->clocks[i].field) {
            struct value v = record_get(r, r->reg->clocks[i].field);
            if (v.kind == VALUE_INT)
                return (int32_t)v.i;
        }
    return DAY_NONE;
}

/* Where in the answer a value of this column was written, so that it is copied when it comes again. */
struct written {
    struct value v;
    uint32_t at, n;
};
enum { WRITTEN_BITS = 4, WRITTEN = 1 << WRITTEN_BITS };

/* What is the same in all cells of a column. */
struct column {
    const struct field *f; /* NULL: the state, or the time limit */
    bool due;
    const char *open; /* what stands before its value: </td><td class=date data-label="…"> */
    size_t nopen;
    bool by_unit, seen; /* whether it is masked depends on the record's unit; seen at that unit, or everywhere */
    int64_t unit;       /* by_unit: the unit asked about last */
    bool as_kept;       /* shown as it is kept */
    bool again;         /* few values, the same in all rows that have them */
    struct written written[WRITTEN];
};

static struct column *columns_of(struct req *q, const struct reg *r, size_t *n)
{
    struct buf b;
    *n = 0;
    while (r->list && r->list[*n])
        ++*n;
    struct column *out = arena_array(q->a, *n + 1, sizeof *out), *c = out;
    buf_init(&b, 4096);
    for (size_t i = 0; i < *n; i++, c++) {
        const struct field *f = c->f = reg_field(r, r->list[i]);
        c->due = !f && strcmp(r->list[i], "due") == 0;
        c->by_unit = f && f->cls >= CLASS_PERSONAL;
        c->unit = -1; /* no unit */
        c->seen = f && actor_sees(&q->view, q->actor, f, 0) && !c->by_unit;
        c->as_kept = f && f->cls != CLASS_PROTECTED && type_shows_as_kept(f->type);
        c->again = f && !c->by_unit && (f->type == TYPE_CHOICE || !type_is_text(f->type));
        buf_clear(&b);
        html_raw(&b, i ? "</td><td" : "<tr><td");
        if (column_right(f))
            html_raw(&b, " class=num");
        else if (f && (f->type == TYPE_DATE || f->type == TYPE_INSTANT))
            html_raw(&b, " class=date");
        html_set(&b, "data-label", f ? label_in(&f->label, q->lang) : req_tr(q, c->due ? "时限" : "状态"));
        html_raw(&b, ">");
        if (i == 0) {
            html_raw(&b, "<a class=row href=\"/r/");
            html_attr(&b, r->name);
            html_raw(&b, "/");
        }
        c->nopen = b.n;
        c->open = arena_strn(q->a, buf_cstr(&b), b.n);
    }
    buf_done(&b);
    return out;
}

/* Values that come again and again (a day, a grid, a choice) are put into words once a page, with what stands
 * before them or, in the first column, behind them. */
static void cell_again(struct req *q, struct column *c, struct value v, bool first, const struct map *names)
{
    struct buf *b = &q->out;
    bool text = v.kind == VALUE_TEXT;
    uint64_t key = (uint64_t)v.i;
    if (text) {
        size_t n = strlen(v.s);
        key = n;
        memcpy(&key, v.s, n < sizeof key ? n : sizeof key);
    }
    struct written *w = &c->written[key * 0x9e3779b97f4a7c15u >> (64 - WRITTEN_BITS)];
    if (w->v.kind == v.kind && (text ? strcmp(w->v.s, v.s) == 0 : w->v.i == v.i) && b->cap - b->n > w->n) {
        buf_add(b, b->p + w->at, w->n); /* there is room: the source stays where it is */
        return;
    }
    *w = (struct written){.v = v, .at = (uint32_t)b->n}; /* an answer is at most REQ_OUT_MAX */
    if (!first)
        buf_add(b, c->open, c->nopen);
    page_seen(q, c->f, v, c->seen, names);
    if (first)
        html_raw(b, "</a>");
    w->n = (uint32_t)(b->n - w->at);
}

static bool seen(struct req *q, struct column *c, int64_t unit)
{
    if (c->by_unit && c->unit != unit) {
        c->unit = unit;
        c->seen = actor_sees(&q->view, q->actor, c->f, unit);
    }
    return c->seen;
}

/* In the first cell the row's link; it opens also where there is nothing to show. */
static void cell(struct req *q, const struct record *r, struct column *c, bool first, const struct map *names)
{
    struct buf *b = &q->out;
    struct value v = c->f ? r->values[c->f->index] : value_null();
    if (first) {
        buf_add(b, c->open, c->nopen);
        html_int(b, r->id);
        html_raw(b, "\">");
    }
    if (c->again && v.kind != VALUE_NULL) {
        cell_again(q, c, v, first, names);
        return;
    }
    if (!first)
        buf_add(b, c->open, c->nopen);
    if (!c->f) {
        const struct state *s = r->state ? reg_state(r->reg, r->state) : NULL;
        if (c->due)
            page_due(q, due_day(r), s && s->final);
        else
            page_state(q, r->reg, r->state);
    } else if (v.kind == VALUE_NULL) {
        if (first)
            page_text(q, "打开");
    } else if (seen(q, c, r->unit) && c->as_kept) {
        html_text(b, v.s);
    } else {
        page_seen(q, c->f, v, c->seen, names);
    }
    if (first)
        html_raw(b, "</a>");
}

static void row(struct req *q, const struct record *r, struct column *cols, size_t n, const struct map *names)
{
    struct buf *b = &q->out;
    for (size_t i = 0; i < n; i++) {
        cell(q, r, &cols[i], i == 0, names);
        if (i == 0 && r->late) {
            html_raw(b, " <span class=late>");
            page_text(q, "补录");
            html_raw(b, "</span>");
        }
    }
    html_raw(b, "</td></tr>");
}

int list_titles(struct req *q, const struct reg *r, struct record *const *rows, size_t n, struct map **names,
                struct err *e)
{
    struct title_of *v = NULL;
    size_t nv = 0, cap = 0;
    *names = NULL;
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        for (size_t k = 0; f->type == TYPE_REF && k < n; k++)
            if (rows[k]->values[f->index].kind == VALUE_INT)
                VEC_PUSH(q->a, v, nv, cap) = (struct title_of){f->ref, rows[k]->home, rows[k]->values[f->index].i};
    }
    return page_titles(names, q, v, nv, false, e);
}

static int table(struct req *q, const struct reg *r, const struct list_query *lq, struct err *e)
{
    struct buf *b = &q->out;
    struct record **rows;
    struct map *names;
    size_t n, ncols;
    bool more;
    if (query_list(&rows, &n, &more, q->a, q->db, lq, e) || list_titles(q, r, rows, n, &names, e))
        return -1;
    if (n == 0) {
        html_raw(b, "<p class=empty>");
        page_text(q, lq->nfilters || lq->text ? "没有符合的条目。可以放宽筛选条件。"
                                              : "还没有条目。可以“记一笔”，或导入现有台账。");
        html_raw(b, "</p>");
        return 0;
    }
    if (!kept_put(q, COLUMNS, 0)) {
        size_t from = b->n;
        html_raw(b, "<table class=list><thead" IN_PLACE "><tr>");
        for (const char **c = r->list; c && *c; c++)
            column_head(q, r, *c, lq);
        html_raw(b, "</tr></thead><tbody>");
        kept_take(q, COLUMNS, 0, from);
    }
    struct column *cols = columns_of(q, r, &ncols);
    for (size_t i = 0; i < n; i++)
        row(q, rows[i], cols, ncols, names);
    html_raw(b, "</tbody></table><nav class=pager" IN_PLACE ">");
    if (lq->after_set) {
        html_raw(b, "<a class=button");
        html_set(b, "href", address(q, "after", NULL));
        html_raw(b, ">");
        page_text(q, "回到开头");
        html_raw(b, "</a>");
    }
    if (more) {
        html_raw(b, "<a class=button rel=next");
        html_set(b, "href", address(q, "after", after_write(q, rows[n - 1], lq)));
        html_raw(b, ">");
        page_text(q, "下一页");
        html_raw(b, "</a>");
    }
    html_raw(b, "</nav>");
    return 0;
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
    list_read(q, r, &lq);
    lq.only = shown(q->a, r);
    const int waiting = task_count(q);
    if (!kept_put(q, HEAD, waiting)) {
        size_t from = q->out.n;
        head(q, r, &lq);
        if (task_count(q) == waiting) /* nor has it changed since */
            kept_take(q, HEAD, waiting, from);
    }
    list_totals(q, &lq);
    if (table(q, r, &lq, e))
        return -1;
    page_end(q);
    return 0;
}
