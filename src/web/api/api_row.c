/* SPDX-License-Identifier: Apache-2.0 */
/* api_row.c: a record as a JSON object, masked as the actor's rights say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/api.h"

const char *const api_word[WORD__MAX] = {[WORD_ID] = "id",
                                         [WORD_HOME] = "home",
                                         [WORD_UNIT] = "unit",
                                         [WORD_VERSION] = "version",
                                         [WORD_STATE] = "state",
                                         [WORD_HAPPENED] = "happened",
                                         [WORD_CAPTURED] = "captured",
                                         [WORD_ENTERED] = "entered",
                                         [WORD_LATE] = "late",
                                         [WORD_BY] = "by",
                                         [WORD_TITLE] = "title"};

/* ",a,b," to ["a","b"] */
static void write_choices(struct json *j, const char *s)
{
    json_arr_begin(j);
    while (s && *s) {
        size_t n = strcspn(s, ",");
        if (n)
            json_strn(j, s, n);
        s += n + (s[n] == ',');
    }
    json_arr_end(j);
}

void api_write_value(struct json *j, struct req *q, const struct field *f, struct value v)
{
    if (v.kind == VALUE_NULL) {
        json_nil(j);
        return;
    }
    switch (f->type) {
    case TYPE_INT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        json_raw(j, type_plain(q->a, f, v));
        break;
    case TYPE_FLAG:
        json_bool(j, v.i != 0);
        break;
    case TYPE_UNIT:
    case TYPE_GRID:
    case TYPE_REF:
    case TYPE_FILE:
        json_id(j, v.i);
        break;
    case TYPE_CHOICES:
        write_choices(j, v.s);
        break;
    default:
        json_str(j, type_plain(q->a, f, v));
    }
}

bool api_instant(struct value *out, const char *text)
{
    int y, mo, d, h, mi, s, n = 0;
    int32_t day;

    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &y, &mo, &d, &h, &mi, &s, &n) != 6 || n != 20 || text[n])
        return false;
    day = day_from_ymd(y, mo, d);
    if (day == DAY_NONE || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59)
        return false;
    *out = value_int((((int64_t)day * 24 + h) * 60 + mi) * 60000 + s * 1000);
    return true;
}

static bool listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Protected columns are masked unless they were asked for with a reason; personal ones unless the actor may. */
static void write_field(struct json *j, struct req *q, const struct record *r, const struct field *f,
                        struct value v, const char *const *open)
{
    bool sealed = value_sealed(v);
    bool sees = f->cls == CLASS_PROTECTED ? listed(open, f->name) : actor_sees(&q->view, q->actor, f, r->unit);

    json_key(j, f->name);
    if (sealed)
        v = record_open(q->a, store_key(q->site->store), f, v);
    if (v.kind == VALUE_NULL || sees)
        api_write_value(j, q, f, v);
    else
        json_str(j, type_mask(q->a, f, v));
}

static void put_instant(struct json *j, int64_t ms)
{
    char text[32];

    json_str(j, instant_iso(ms, text));
}

/* The day is that of a field, which may be one that not everybody sees (the day somebody joined). */
static bool happened_open(struct req *q, const struct record *r)
{
    const struct field *f = r->reg->happened ? reg_field(r->reg, r->reg->happened) : NULL;

    return !f || actor_sees(&q->view, q->actor, f, r->unit);
}

static void write_word(struct json *j, struct req *q, const struct record *r, enum api_word w)
{
    char day[16];

    json_key(j, api_word[w]);
    switch (w) {
    case WORD_ID:
        json_id(j, r->id);
        break;
    case WORD_HOME:
        json_id(j, r->home);
        break;
    case WORD_UNIT:
        json_id(j, r->unit);
        break;
    case WORD_VERSION:
        json_int(j, r->version);
        break;
    case WORD_STATE:
        json_str(j, r->state);
        break;
    case WORD_HAPPENED:
        json_str(j, r->happened == DAY_NONE || !happened_open(q, r) ? NULL : day_iso(r->happened, day));
        break;
    case WORD_CAPTURED:
        put_instant(j, r->captured);
        break;
    case WORD_ENTERED:
        put_instant(j, r->entered);
        break;
    case WORD_LATE:
        json_bool(j, r->late);
        break;
    case WORD_BY:
        json_id(j, r->by);
        break;
    default:
        json_str(j, record_title_for(q->a, &(struct looker){.view = &q->view, .who = q->actor}, r));
    }
}

static void write_children(struct json *j, struct req *q, const struct record *r, const struct reg *c,
                           const struct child_rows *rows, const char *const *open)
{
    json_key(j, c->name);
    json_arr_begin(j);
    for (size_t i = 0; i < rows->n; i++) {
        json_obj_begin(j);
        json_put_id(j, "id", rows->rows[i].id);
        for (size_t k = 0; k < c->nfields; k++)
            write_field(j, q, r, &c->fields[k], rows->rows[i].values[k], open);
        json_obj_end(j);
    }
    json_arr_end(j);
}

void api_write_row(struct json *j, struct req *q, const struct api_select *s, const struct record *r,
                   const char *const *open)
{
    const struct reg *g = r->reg;

    json_obj_begin(j);
    for (int w = 0; w < WORD__MAX; w++)
        if ((s->all || s->word[w]) && !reg_field(g, api_word[w]))
            write_word(j, q, r, (enum api_word)w);
    for (size_t i = 0; i < g->nfields; i++)
        if (s->all || s->field[i])
            write_field(j, q, r, &g->fields[i], r->values[i], open);
    for (size_t i = 0; i < g->nchildren; i++)
        if (s->child[i] && r->children)
            write_children(j, q, r, &g->children[i], &r->children[i], open);
    json_obj_end(j);
}
