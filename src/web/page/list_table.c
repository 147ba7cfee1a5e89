/* SPDX-License-Identifier: Apache-2.0 */
/* list_table.c: the records of a list as a table, and the way to its next page. */
#include <string.h>

#include "model/type.h"
#include "web/kept.h"
#include "web/page.h"
#include "web/page_list.h"

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
        html_set(b, "href", list_address(q, "sort", now && !lq->ascending ? name : req_printf(q, "-%s", name)));
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
        else if (f && r->number_field && strcmp(f->name, r->number_field) == 0)
            html_raw(&b, " class=nowrap");
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

/* On paper, how much of the list it is, where that is not all of it. */
static void part_printed(struct req *q, size_t n)
{
    html_raw(&q->out, list_printed(q) ? "<p class=quiet>" : "<p class=\"quiet print-only\">");
    page_text(q, list_printed(q) ? req_printf(q, "只列前%zu条，请缩小范围分次打印。", n)
                                 : req_printf(q, "本页%zu条，后面还有；打印全部请用“打印清单”。", n));
    html_raw(&q->out, "</p>");
}

int list_table(struct req *q, const struct reg *r, const struct list_query *lq, struct err *e)
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
    if (!kept_put(q, LIST_COLUMNS, 0)) {
        size_t from = b->n;
        html_raw(b, "<table class=list><thead" LIST_IN_PLACE "><tr>");
        for (const char **c = r->list; c && *c; c++)
            column_head(q, r, *c, lq);
        html_raw(b, "</tr></thead><tbody>");
        kept_take(q, LIST_COLUMNS, 0, from);
    }
    struct column *cols = columns_of(q, r, &ncols);
    for (size_t i = 0; i < n; i++)
        row(q, rows[i], cols, ncols, names);
    html_raw(b, "</tbody></table>");
    if (more)
        part_printed(q, n);
    html_raw(b, "<nav class=pager" LIST_IN_PLACE ">");
    if (lq->after_set) {
        html_raw(b, "<a class=button");
        html_set(b, "href", list_address(q, "after", NULL));
        html_raw(b, ">");
        page_text(q, "回到开头");
        html_raw(b, "</a>");
    }
    if (more) {
        html_raw(b, "<a class=button rel=next");
        html_set(b, "href", list_address(q, "after", list_after(q, rows[n - 1], lq)));
        html_raw(b, ">");
        page_text(q, "下一页");
        html_raw(b, "</a>");
    }
    html_raw(b, "</nav>");
    return 0;
}
