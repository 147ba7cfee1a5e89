/* SPDX-License-Identifier: Apache-2.0 */
/* list_query.c: from the address of a list to its query, and back.
 *
 * Filters, sort and place in the list all stand in the address: ?state=open&grid=12&q=楼道&sort=-due_on&after=… */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "format/html.h"
#include "model/type.h"
#include "web/page.h"
#include "web/page_list.h"

#define LIST_ROWS 50
#define LIST_PRINTED 2000 /* in the view that is made for paper */

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

static int range_read(struct req *q, struct list_query *lq, struct filter *filters, struct err *e)
{
    static const struct {
        const char *name, *label;
        enum cmp op;
    } ends[] = {{"from", "自", CMP_GE}, {"to", "至", CMP_LE}};
    int32_t day[2];
    char f[16], t[16];
    for (size_t i = 0; i < 2; i++) {
        if (page_day(q, ends[i].name, ends[i].label, &day[i], e))
            return -1;
        if (day[i] != DAY_NONE)
            filters[lq->nfilters++] =
                (struct filter){.field = "happened", .op = ends[i].op, .v = value_int(day[i])};
    }
    if (day[0] != DAY_NONE && day[1] != DAY_NONE && day[0] > day[1])
        return err_field(e, "from", "开始日期 %s 晚于结束日期 %s。请检查起止日期。", day_iso(day[0], f),
                         day_iso(day[1], t));
    return 0;
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

const char *list_after(struct req *q, const struct record *last, const struct list_query *lq)
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

bool list_printed(const struct req *q)
{
    const char *v = req_query(q, "print");
    return v && *v == '1';
}

int list_read(struct req *q, const struct reg *r, struct list_query *lq, struct err *e)
{
    size_t offered = 0;
    while (r->filters && r->filters[offered])
        offered++;
    struct filter *filters = arena_array(q->a, offered + 3, sizeof *filters); /* from, to, late */
    const char *sort = req_query(q, "sort");
    *lq = (struct list_query){.reg = r, .filters = filters, .limit = list_printed(q) ? LIST_PRINTED : LIST_ROWS};
    const struct node *unit = page_unit(q);
    if (!r->site_wide && unit)
        lq->units = tree_below(q->a, unit, &lq->nunits);
    else
        lq->all = r->site_wide;
    for (const char **f = r->filters; f && *f; f++)
        lq->nfilters += query_compares(&q->view, q->actor, lq, *f) && filter_read(q, r, *f, &filters[lq->nfilters]);
    if (query_compares(&q->view, q->actor, lq, "happened") && range_read(q, lq, filters, e))
        return -1;
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
    return 0;
}

const char *list_address(struct req *q, const char *name, const char *value)
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
