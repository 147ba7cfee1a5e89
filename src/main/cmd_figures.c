/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_figures.c: linli figures and linli records: numbers of a unit and a period, and what is behind them. */
#include <stdio.h>

#include "base/date.h"
#include "main/open.h"
#include "model/figure.h"

static const struct option_def figure_options[] = {
    {"unit", "CODE", "哪个组织（含下级）"}, {"from", "D", "自哪天起，如 2024-01-01"}, {"to", "D", "到哪天止"},
    {"figure", "NAME", "只看这个指标"},     {"slice", "CODE", "只看其中一类"},        {NULL, NULL, NULL},
};

static int figure_at_args(struct figure_at *at, struct open *o, const struct args *args, struct err *e)
{
    struct node *unit;
    *at = (struct figure_at){.view = &o->view, .slice = args_get(args, "slice")};
    if (args_unit(args, &o->view, true, &unit, e) || args_period(args, &at->from, &at->to, e))
        return -1;
    at->unit = unit;
    return 0;
}

/* A kept amount as a JSON number with the figure's places: programs read no thousands separators. */
static void json_amount(struct json *j, struct arena *a, const char *key, const struct figure *f, int64_t kept)
{
    struct figure_value v = {.figure = f, .value = kept};
    char *text = arena_str(a, figure_plain(a, &v)), *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ',')
            *to++ = *from;
    *to = '\0';
    json_put_raw(j, key, text);
}

static void json_value(struct json *j, struct arena *a, const struct figure_value *v)
{
    if (v->gap) {
        json_key(j, "value");
        json_nil(j);
    } else {
        json_amount(j, a, "value", v->figure, v->value);
    }
}

static void json_slices(struct json *j, struct arena *a, const struct figure *f, const struct figure_slice *s,
                        size_t n)
{
    json_key(j, "slices");
    json_arr_begin(j);
    for (size_t i = 0; i < n; i++) {
        json_obj_begin(j);
        json_put_str(j, "slice", s[i].code);
        json_put_str(j, "label", s[i].label);
        json_amount(j, a, "value", f, s[i].value);
        json_put_int(j, "records", s[i].records);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static int figure_print(struct json *j, const struct args *args, struct open *o, const struct figure_at *at,
                        const struct figure *f, struct err *e)
{
    struct figure_value v;
    struct figure_slice *slices = NULL;
    size_t n = 0;
    if (figure_compute(&v, args->a, o->db, f, at, e))
        return -1;
    if (f->nparts && f->parts[0].slice && !at->slice &&
        figure_slices(&slices, &n, args->a, o->db, f, at, LANG_HANS, e))
        return -1;
    if (!args->json) {
        printf("%-28s %12s %-6s %s%s%s%s%s\n", f->name, v.gap ? told(args, "〔缺〕") : figure_plain(args->a, &v),
               label_in(&f->unit, args->lang), label_in(&f->label, args->lang), told(args, "（"),
               told(args, v.late ? "%lld 条，含补录" : "%lld 条", (long long)v.records),
               v.as_today ? told(args, "，截至今天") : "", told(args, "）"));
        return 0;
    }
    json_obj_begin(j);
    json_put_str(j, "name", f->name);
    json_put_str(j, "label", label_in(&f->label, LANG_HANS));
    json_put_str(j, "kind", figure_kind_word[f->kind]);
    json_put_str(j, "unit", label_in(&f->unit, LANG_HANS));
    json_value(j, args->a, &v);
    json_put_int(j, "records", v.records);
    json_put_int(j, "late", v.late);
    if (v.as_today) {
        char day[16];
        json_put_str(j, "as_at", day_iso(today(), day));
    }
    if (f->kind == FIG_RATIO || f->kind == FIG_CADENCE) {
        json_put_int(j, "numerator", v.num);
        json_put_int(j, "denominator", v.den);
    }
    if (slices)
        json_slices(j, args->a, f, slices, n);
    json_obj_end(j);
    return 0;
}

static int figures_run(struct args *args, struct err *e)
{
    struct open o;
    struct figure_at at;
    struct buf b;
    struct json j;
    int rc = -1;
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    buf_init(&b, 64 << 20);
    json_init(&j, &b);
    if (figure_at_args(&at, &o, args, e))
        goto out;
    const char *only = args_get(args, "figure");
    if (only && !schema_figure(o.view.schema, only)) {
        err_set(e, ERR_INPUT, "没有指标“%s”", only);
        goto out;
    }
    if (only && figure_slice_check(args->a, o.db, schema_figure(o.view.schema, only), &at, e))
        goto out;
    if (db_begin(o.db, e))
        goto out;
    json_obj_begin(&j);
    json_key(&j, "figures");
    json_arr_begin(&j);
    for (size_t i = 0; i < o.view.schema->nfigures; i++) {
        const struct figure *f = o.view.schema->figures[i];
        if (only && schema_figure(o.view.schema, only) != f)
            continue;
        if (figure_print(&j, args, &o, &at, f, e))
            goto undo;
    }
    json_arr_end(&j);
    json_obj_end(&j);
    if (args->json)
        print_json(&b);
    rc = EXIT_OK;
undo:
    db_rollback(o.db);
out:
    buf_done(&b);
    open_close(&o);
    return rc;
}

static void behind_json(struct json *j, struct open *o, struct arena *a, const struct figure *f,
                        const struct behind *r)
{
    const struct node *unit = tree_find(o->view.units, r->unit);
    char day[16];
    json_obj_begin(j);
    if (r->reg)
        json_put_str(j, "register", r->reg->name);
    if (r->id)
        json_put_id(j, "id", r->id);
    if (r->child)
        json_put_id(j, "child", r->child);
    json_put_str(j, "title", r->title);
    if (r->key)
        json_put_str(j, "key", r->key);
    if (unit)
        json_put_str(j, "unit", unit->code);
    if (r->period)
        json_put_str(j, "period", r->period);
    if (r->day != DAY_NONE)
        json_put_str(j, "day", day_iso(r->day, day));
    if (r->time)
        json_put_str(j, "time", r->time);
    if (r->number)
        json_put_str(j, "number", r->number);
    if (f->kind == FIG_RATIO) /* what it counts in the denominator */
        json_put_int(j, "amount", r->amount);
    else
        json_amount(j, a, "amount", f, r->amount);
    json_put_bool(j, "late", r->late);
    json_obj_end(j);
}

/* 2026-03-05 14:30 QY-B1 调〔2026〕3号 title */
static void behind_print(const struct open *o, const struct behind *r)
{
    const struct node *unit = tree_find(o->view.units, r->unit);
    char day[16];
    printf("%s%s%s%s%s%s%s %s\n", r->day != DAY_NONE ? day_iso(r->day, day) : "          ", r->time ? " " : "",
           r->time ? r->time : "", unit ? " " : "", unit ? unit->name : "", r->number ? " " : "",
           r->number ? r->number : "", r->title ? r->title : "");
}

static int records_run(struct args *args, struct err *e)
{
    struct open o;
    struct figure_at at;
    struct behind *rows;
    size_t n;
    int rc = -1;
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    const char *name = args_need(args, "figure", e);
    if (!name || figure_at_args(&at, &o, args, e))
        goto out;
    const struct figure *f = schema_figure(o.view.schema, name);
    if (!f) {
        err_set(e, ERR_INPUT, "没有指标“%s”。linli figures 列出全部指标", name);
        goto out;
    }
    if (figure_slice_check(args->a, o.db, f, &at, e) || figure_behind(&rows, &n, args->a, o.db, f, &at, 0, 0, e))
        goto out;
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 30);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++)
        if (args->json)
            behind_json(&j, &o, args->a, f, &rows[i]);
        else
            behind_print(&o, &rows[i]);
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
    rc = EXIT_OK;
out:
    open_close(&o);
    return rc;
}

const struct command cmd_figures = {.name = "figures",
                                    .words = "",
                                    .summary = "列出一个组织在一段时间内的各项数字",
                                    .options = figure_options,
                                    .run = figures_run};
const struct command cmd_records = {.name = "records",
                                    .words = "",
                                    .summary = "列出一个数字背后的全部条目",
                                    .options = figure_options,
                                    .run = records_run};
