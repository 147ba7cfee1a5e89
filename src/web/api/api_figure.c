/* SPDX-License-Identifier: Apache-2.0 */
/* api_figure.c: numbers of a unit and a period in the JSON interface, and the records behind them. */
#include <string.h>

#include "base/date.h"
#include "model/figure.h"
#include "web/api.h"

#define BEHIND_LIMIT 100

int api_figures(struct req *q, struct err *e)
{
    const struct schema *s = q->view.schema;
    struct json j;

    (void)e;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < s->nfigures; i++) {
        const struct figure *f = s->figures[i];
        json_obj_begin(&j);
        json_put_str(&j, "name", f->name);
        json_put_str(&j, "label", label_in(&f->label, q->lang));
        json_put_str(&j, "unit", label_in(&f->unit, q->lang));
        json_put_str(&j, "kind", figure_kind_word[f->kind]);
        json_put_str(&j, "href", req_printf(q, "/api/v1/figures/%s", f->name));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    return resp_json(q, 200);
}

/* --- for whom and when */

static int read_day(int32_t *out, struct req *q, const char *name, int32_t otherwise, struct err *e)
{
    const char *text = req_query(q, name);

    *out = text ? day_parse_iso(text) : otherwise;
    if (*out == DAY_NONE)
        return err_set(e, ERR_INPUT, "%s=%.40s 不是日期，应写成 2026-03-05。", name, text);
    return 0;
}

/* unit=CODE, else the first unit of a role; only where this actor may read. */
static int read_unit(const struct node **out, struct req *q, struct err *e)
{
    const char *code = req_query(q, "unit");
    const struct node *n = code ? tree_code(q->view.units, code) : NULL;

    for (size_t i = 0; !code && !n && i < q->actor->ngrants; i++)
        n = tree_find(q->view.units, q->actor->grants[i].unit);
    if (!n)
        return err_set(e, ERR_INPUT, "请写明组织：unit=组织代码。%s", code ? "没有您写的这个代码。" : "");
    if (!req_may(q, MAY_READ, n->id))
        return err_set(e, ERR_DENIED, "您不能查看“%s”的数字。", n->name);
    *out = n;
    return 0;
}

static int read_at(struct figure_at *at, const struct figure **f, struct req *q, struct err *e)
{
    const char *name = req_arg(q, "figure");
    struct ymd now = day_ymd(today());

    *at = (struct figure_at){.view = &q->view, .slice = req_query(q, "slice"), .who = q->actor};
    *f = schema_figure(q->view.schema, name);
    if (!*f)
        return err_set(e, ERR_MISSING, "没有指标“%.80s”。全部指标见 /api/v1/figures。", name);
    if (read_unit(&at->unit, q, e) < 0 || read_day(&at->from, q, "from", day_from_ymd(now.y, 1, 1), e) < 0 ||
        read_day(&at->to, q, "to", today(), e) < 0)
        return -1;
    if (at->from > at->to)
        return err_set(e, ERR_INPUT, "from 不能晚于 to。");
    return 0;
}

/* --- a number */

/* A kept amount with the figure's places, without thousands separators. */
static void put_amount(struct json *j, struct req *q, const char *key, const struct figure *f, int64_t kept)
{
    struct figure_value v = {.figure = f, .value = kept};
    char *text = arena_str(q->a, figure_plain(q->a, &v)), *to = text;

    for (const char *from = text; *from; from++)
        if (*from != ',')
            *to++ = *from;
    *to = '\0';
    json_put_raw(j, key, *text ? text : "null");
}

static void put_at(struct json *j, const struct figure *f, const struct figure_at *at)
{
    char from[16], to[16];

    json_put_str(j, "name", f->name);
    json_put_str(j, "unit", at->unit->code);
    json_put_str(j, "from", day_iso(at->from, from));
    json_put_str(j, "to", day_iso(at->to, to));
    if (at->slice)
        json_put_str(j, "slice", at->slice);
}

static int put_slices(struct json *j, struct req *q, const struct figure *f, const struct figure_at *at,
                      struct err *e)
{
    struct figure_slice *s;
    size_t n;

    if (!f->nparts || !f->parts[0].slice || at->slice)
        return 0;
    if (figure_slices(&s, &n, q->a, q->db, f, at, q->lang, e) < 0)
        return -1;
    json_key(j, "slices");
    json_arr_begin(j);
    for (size_t i = 0; i < n; i++) {
        json_obj_begin(j);
        json_put_str(j, "slice", s[i].code);
        json_put_str(j, "label", s[i].label);
        put_amount(j, q, "value", f, s[i].value);
        json_put_int(j, "records", s[i].records);
        json_obj_end(j);
    }
    json_arr_end(j);
    return 0;
}

int api_figure(struct req *q, struct err *e)
{
    const struct figure *f;
    struct figure_value v;
    struct figure_at at;
    struct json j;
    char day[16];

    if (read_at(&at, &f, q, e) < 0 || figure_compute(&v, q->a, q->db, f, &at, e) < 0)
        return -1;
    json_init(&j, &q->out);
    json_obj_begin(&j);
    put_at(&j, f, &at);
    json_put_str(&j, "label", label_in(&f->label, q->lang));
    json_put_str(&j, "measure", label_in(&f->unit, q->lang));
    json_put_bool(&j, "gap", v.gap);
    if (v.gap)
        json_put_nil(&j, "value");
    else
        put_amount(&j, q, "value", f, v.value);
    if (f->kind == FIG_RATIO || f->kind == FIG_CADENCE) {
        json_put_int(&j, "num", v.num);
        json_put_int(&j, "den", v.den);
    }
    json_put_int(&j, "records", v.records);
    json_put_int(&j, "late", v.late);
    if (v.as_today)
        json_put_str(&j, "as_at", day_iso(today(), day));
    if (put_slices(&j, q, f, &at, e) < 0)
        return -1;
    json_obj_end(&j);
    return resp_json(q, 200);
}

/* --- what is behind it */

static void put_behind(struct json *j, struct req *q, const struct figure *f, const struct behind *b)
{
    char day[16];

    json_obj_begin(j);
    json_put_str(j, "register", b->reg ? b->reg->name : NULL);
    if (b->id)
        json_put_id(j, "id", b->id);
    if (b->child)
        json_put_id(j, "child", b->child);
    json_put_id(j, "unit", b->unit);
    json_put_str(j, "day", b->day == DAY_NONE ? NULL : day_iso(b->day, day));
    put_amount(j, q, "amount", f, b->amount);
    json_put_bool(j, "late", b->late);
    if (b->period)
        json_put_str(j, "period", b->period);
    if (!b->id || req_may(q, MAY_PERSONAL, b->unit)) /* titles and keys may be names; gaps never are */
        json_put_str(j, "title", b->title);
    json_obj_end(j);
}

int api_figure_records(struct req *q, struct err *e)
{
    int64_t limit = req_query_int(q, "limit", req_query(q, "limit") ? 0 : BEHIND_LIMIT);
    int64_t offset = req_query_int(q, "offset", req_query(q, "offset") ? -1 : 0);
    const struct figure *f;
    struct figure_at at;
    struct behind *b;
    struct json j;
    size_t n;

    if (limit < 1 || limit > API_LIMIT || offset < 0)
        return err_set(e, ERR_INPUT, "limit 应在1到%d之间，offset 不小于0。", API_LIMIT);
    if (read_at(&at, &f, q, e) < 0 ||
        figure_behind(&b, &n, q->a, q->db, f, &at, (size_t)offset, (size_t)limit, e) < 0)
        return -1;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++)
        put_behind(&j, q, f, &b[i]);
    json_arr_end(&j);
    return resp_json(q, 200);
}
