/* SPDX-License-Identifier: Apache-2.0 */
/* form_read.c: a sent form into a record. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "format/json.h"
#include "model/query.h"
#include "store/sys_file.h"
#include "web/form_inner.h"
#include "web/pages.h"

struct reading {
    struct req *q;
    const struct record *rec;
    struct type_ctx ctx;
    struct field_errors *errors;
};

/* Several values of one name (check boxes) as one text. */
static const char *sent(struct req *q, const char *name)
{
    const char *all = NULL;
    for (size_t i = 0; i < q->form.n; i++)
        if (strcmp(q->form.v[i].name, name) == 0)
            all = all ? req_printf(q, "%s,%s", all, q->form.v[i].value) : q->form.v[i].value;
    return all;
}

static const char *cell(struct req *q, const struct reg *c, size_t row, const struct field *f)
{
    return req_printf(q, "%s.%zu.%s", c->name, row + 1, f->name);
}

/* Trees and references are sent as ids by our own selects; typed names are looked up by type_read. */
static bool id_sent(const struct field *f, const char *text, struct value *out)
{
    if (f->type != TYPE_UNIT && f->type != TYPE_GRID && f->type != TYPE_REF)
        return false;
    char *end;
    long long id = strtoll(text, &end, 10);
    if (end == text || *end || id <= 0)
        return false;
    *out = value_int(id);
    return true;
}

static bool same_minute(const struct field *f, struct value was, struct value is)
{
    return f->type == TYPE_INSTANT && was.kind == VALUE_INT && is.kind == VALUE_INT &&
           was.i / 60000 == is.i / 60000;
}

bool form_when(const struct field *f, const char *text, struct value *v)
{
    struct date_read d = {DATE_BAD, DAY_NONE, -1};
    if (!*text)
        return false;
    if (f->type == TYPE_DATE || f->type == TYPE_MONTH)
        d = date_typed(text, today());
    else if (f->type == TYPE_INSTANT)
        d = time_typed(text, today());
    if (d.form == DATE_BAD || d.day == DAY_NONE || (d.form == DATE_MONTH && f->type != TYPE_MONTH))
        return false;
    int year = day_ymd(d.day).y;
    if (year < 1900 || year > 2199 || d.day < f->min || (f->type != TYPE_INSTANT && d.day > f->max))
        return false;
    *v = value_int(f->type == TYPE_INSTANT ? day_instant(d.day, d.minute < 0 ? 0 : d.minute)
                   : f->type == TYPE_MONTH ? day_month_first(d.day)
                                           : d.day);
    return true;
}

const char *form_understood(struct req *q, const struct field *f, const char *text)
{
    static const char *const days[] = {"", "一", "二", "三", "四", "五", "六", "日"};
    struct value v;
    char cn[32];
    if (!text || (f->type != TYPE_DATE && f->type != TYPE_MONTH && f->type != TYPE_INSTANT) ||
        !form_when(f, text, &v))
        return NULL;
    int32_t day = f->type == TYPE_INSTANT ? instant_day(v.i) : (int32_t)v.i;
    struct ymd d = day_ymd(day);
    if (f->type == TYPE_MONTH)
        return req_printf(q, q->lang == LANG_EN ? "%d-%02d" : "%d年%d月", d.y, d.m);
    const char *said = req_printf(q, "%s %s", q->lang == LANG_EN ? day_iso(day, cn) : day_cn(day, cn),
                                  req_tr(q, req_printf(q, "星期%s", days[day_weekday(day)])));
    int minute = f->type == TYPE_INSTANT ? instant_minute(v.i) : 0;
    if (f->type != TYPE_INSTANT)
        return said;
    if (minute == 0 && time_typed(text, today()).minute < 0)
        return req_printf(q, "%s（%s）", said, req_tr(q, "没有写几点"));
    return req_printf(q, "%s %d:%02d", said, minute / 60, minute % 60);
}

static const char *when_like(const struct field *f)
{
    switch (f->type) {
    case TYPE_DATE:
        return "3.5、3月5日、昨天，或者 2026-03-05";
    case TYPE_MONTH:
        return "3月、上月，或者 2026-03";
    case TYPE_INSTANT:
        return "3.5 上午9点、昨天 14:30，或者 2026-03-05 14:30";
    default:
        return NULL;
    }
}

/* Up to four whole numbers of a text. */
static int numbers_in(const char *s, int n[4])
{
    int k = 0;
    while (*s && k < 4) {
        char *end;
        if (*s < '0' || *s > '9') {
            s++;
            continue;
        }
        long v = strtol(s, &end, 10);
        n[k++] = v > 9999 ? 9999 : (int)v;
        s = end;
    }
    return k;
}

/* 2月30日, 2026-02-29: a month and a day of it that the calendar does not have. */
static bool no_such_day(const char *text)
{
    int n[4] = {0}, k = numbers_in(text, n);
    bool year = k >= 3;
    int y = !year ? day_ymd(today()).y : n[0] < 100 ? 2000 + n[0] : n[0];
    int m = n[year], d = k >= 2 ? n[year + 1] : 0;
    return k >= 2 && y >= 1900 && m >= 1 && m <= 12 && d >= 29 && d <= 99 && day_from_ymd(y, m, d) == DAY_NONE;
}

static const char *not_understood(struct req *q, const struct field *f, const char *text)
{
    if (no_such_day(text) && f->type != TYPE_MONTH)
        return req_printf(q, "没有这一天，请核对日期。可以写 %s。", when_like(f));
    return req_printf(q, "看不出是哪一天。可以写 %s。", when_like(f));
}

int page_understood(struct req *q, struct err *e)
{
    static const enum field_type types[] = {TYPE_DATE, TYPE_MONTH, TYPE_INSTANT};
    struct field f = {.min = INT64_MIN, .max = INT64_MAX};
    const char *as = req_query(q, "as"), *text = req_query(q, "t");
    struct json j;
    size_t i = 0;
    while (as && i < 3 && strcmp(field_type_word[types[i]], as) != 0)
        i++;
    if (!as || !text || i == 3)
        return err_set(e, ERR_INPUT, "没有说明要读的是日期、月份还是时间。");
    f.type = types[i];
    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "means", form_understood(q, &f, text));
    json_put_str(&j, "wrong", *text ? req_tr(q, not_understood(q, &f, text)) : "");
    json_obj_end(&j);
    return resp_json(q, 200);
}

static const char *words_typed(struct req *q, const char *name)
{
    const char *words = req_form(q, req_printf(q, "_q.%s", name));
    return words ? words : "";
}

static int one(struct reading *rd, const struct field *f, const char *name, struct value *v)
{
    const char *text = sent(rd->q, name);
    enum reason why = REASON_NONE;
    struct err e = {0};
    if (!text || f->computed || f->type == TYPE_FILE || (!*text && form_masks(rd->q, f, *v, rd->rec)))
        return 0;
    if (id_sent(f, text, v))
        return 0;
    struct value read = value_null();
    if (f->type == TYPE_REF && !*text && *words_typed(rd->q, name))
        return form_looked_for(rd->q, f, name, v, rd->errors) ? 0 : -1;
    if (form_when(f, text, &read)) {
        if (!same_minute(f, *v, read))
            *v = read;
        return 0;
    }
    if (type_read(&read, &rd->ctx, f, text, &why, &e) == 0) {
        if (!same_minute(f, *v, read)) /* what a form shows of an instant ends at the minute */
            *v = read;
        return 0;
    }
    const char *label = label_in(&f->label, LANG_HANS);
    const char *like = when_like(f);
    if (like && no_such_day(text) && f->type != TYPE_MONTH)
        field_error_add(rd->errors, name, why, "%s：“%s”没有这一天，请核对日期。可以写 %s。", label, text, like);
    else if (like && why != REASON_RANGE)
        field_error_add(rd->errors, name, why, "%s：“%s”看不出是哪一天。可以写 %s。", label, text, like);
    else
        field_error_add(rd->errors, name, why, "%s：%s", label, e.msg);
    return -1;
}

static bool row_empty(struct req *q, const struct reg *c, size_t i)
{
    for (size_t k = 0; k < c->nfields; k++) {
        const char *t = sent(q, cell(q, c, i, &c->fields[k]));
        if (t && *t)
            return false;
    }
    return true;
}

static bool row_sent(struct req *q, const struct reg *c, size_t i)
{
    for (size_t k = 0; k < c->nfields; k++)
        if (sent(q, cell(q, c, i, &c->fields[k])))
            return true;
    return false;
}

/* A row whose cells are all empty is taken out, unless the empty ones are masked: nobody deletes what they cannot
 * see. */
static bool row_masked(struct reading *rd, const struct reg *c, const struct child_row *row)
{
    for (size_t k = 0; k < c->nfields; k++)
        if (form_masks(rd->q, &c->fields[k], row->values[k], rd->rec))
            return true;
    return false;
}

/* The row a sent one was read from: the form says its id, 0 for an empty one to fill in; forms that do not, mean
 * the rows in order. NULL: a new one. */
static const struct child_row *row_meant(struct req *q, const struct reg *c, const struct child_rows *was, size_t i)
{
    const char *said = sent(q, req_printf(q, "%s.%zu.id", c->name, i + 1));
    int64_t id = said ? strtoll(said, NULL, 10) : 0;
    if (!said)
        return i < was->n ? &was->rows[i] : NULL;
    for (size_t k = 0; k < was->n && id > 0; k++)
        if (was->rows[k].id == id)
            return &was->rows[k];
    return NULL;
}

/* Rows that the form did not know, because somebody added them since, stay. */
static void keep_unknown(struct reading *rd, struct record *r, size_t child, const struct child_rows *was)
{
    const struct reg *c = &r->reg->children[child];
    for (size_t k = 0; k < was->n; k++) {
        bool known = false;
        for (size_t i = 0; i < FORM_ROWS_MAX && !known && row_sent(rd->q, c, i); i++)
            known = row_meant(rd->q, c, was, i) == &was->rows[k];
        if (!known)
            *record_child_add(rd->q->a, r, c->name) = was->rows[k];
    }
}

static int children(struct reading *rd, struct record *r, size_t child)
{
    const struct reg *c = &r->reg->children[child];
    struct child_rows was = r->children[child];
    int rc = 0;
    if (!row_sent(rd->q, c, 0))
        return 0;
    r->children[child] = (struct child_rows){0};
    for (size_t i = 0; i < FORM_ROWS_MAX && row_sent(rd->q, c, i); i++) {
        const struct child_row *old = row_meant(rd->q, c, &was, i);
        if (row_empty(rd->q, c, i) && (!old || !row_masked(rd, c, old)))
            continue;
        struct child_row *row = record_child_add(rd->q->a, r, c->name);
        if (old) {
            row->id = old->id;
            memcpy(row->values, old->values, c->nfields * sizeof *row->values);
        }
        for (size_t k = 0; k < c->nfields; k++)
            if (one(rd, &c->fields[k], cell(rd->q, c, i, &c->fields[k]), &row->values[k]))
                rc = -1;
    }
    keep_unknown(rd, r, child, &was);
    return rc;
}

void form_children_anew(struct req *q, const struct reg *child)
{
    size_t n = 0, len = strlen(child->name);
    for (size_t i = 0; i < q->form.n; i++)
        if (strncmp(q->form.v[i].name, child->name, len) != 0 || q->form.v[i].name[len] != '.')
            q->form.v[n++] = q->form.v[i];
    q->form.n = n;
}

static bool listed(const char *const *only, const char *name)
{
    if (!only)
        return true;
    for (; *only; only++)
        if (strcmp(*only, name) == 0)
            return true;
    return false;
}

int form_read(struct req *q, struct db *d, struct record *r, const char *const *only, struct field_errors *errors)
{
    struct reading rd = {.q = q,
                         .rec = r,
                         .errors = errors,
                         .ctx = {.a = q->a, .today = today(), .lookup = query_lookup(q->a, &q->view, d, r->home)}};
    int rc = 0;
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];
        if (listed(only, f->name) && one(&rd, f, f->name, &r->values[i]))
            rc = -1;
    }
    for (size_t c = 0; c < r->reg->nchildren; c++)
        if (listed(only, r->reg->children[c].name) && children(&rd, r, c))
            rc = -1;
    return rc;
}
