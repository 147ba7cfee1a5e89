/* SPDX-License-Identifier: Apache-2.0 */
/* change_read.c: a JSON body into a record: values as people would type them, child rows, the unit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/change.h"

#define CHILD_ROWS_MAX 1000

/* --- JSON to values */

/* The number's own digits: a double stands for every decimal of up to 15 of them. NULL: it was written with more,
 * and which is lost. */
static const char *real_text(struct req *q, double d)
{
    const char *s = req_printf(q, "%.15g", d);

    return isfinite(d) && strtod(s, NULL) == d && !strchr(s, 'e') ? s : NULL;
}

/* A JSON scalar as the text that people would type; NULL for what is none. */
static const char *scalar(struct req *q, const json_t *v)
{
    if (json_is_string(v))
        return json_string_value(v);
    if (json_is_true(v) || json_is_false(v))
        return json_is_true(v) ? "是" : "否";
    if (json_is_integer(v))
        return req_printf(q, "%lld", (long long)json_integer_value(v));
    if (json_is_real(v))
        return real_text(q, json_real_value(v));
    return NULL;
}

/* An array of codes to ",a,b,". */
static const char *choices(struct req *q, const json_t *v)
{
    struct buf b;
    const char *s;

    buf_init(&b, 16384);
    buf_char(&b, ',');
    for (size_t i = 0; i < json_array_size(v); i++)
        buf_printf(&b, "%s,",
                   json_string_value(json_array_get(v, i)) ? json_string_value(json_array_get(v, i)) : "?");
    s = arena_str(q->a, b.n > 1 ? buf_cstr(&b) : "");
    buf_done(&b);
    return s;
}

static bool refers(const struct field *f)
{
    return f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_REF || f->type == TYPE_FILE;
}

static struct lookup *lookup_for(struct change *c, struct req *q, struct db *d, int64_t home)
{
    if (!c->lookup || c->lookup_home != home || c->lookup_db != d) {
        c->lookup = query_lookup(q->a, &q->view, d, home);
        c->lookup_home = home;
        c->lookup_db = d;
    }
    return c->lookup;
}

/* at: how the field is called in errors: "phone" or "parties.2.phone". */
static void read_value(struct change *c, struct req *q, struct db *d, int64_t home, const struct field *f,
                       const json_t *v, const char *at, struct value *out)
{
    struct type_ctx ctx = {.a = q->a, .today = today(), .lookup = lookup_for(c, q, d, home)};
    enum reason why = REASON_NONE;
    struct err e = {0};
    const char *text;

    *out = value_null();
    if (json_is_null(v))
        return;
    if (f->computed) {
        field_error_add(&c->errors, at, REASON_CHECK, "“%s”由系统计算，不能填写。", label_in(&f->label, LANG_HANS));
        return;
    }
    text = f->type == TYPE_CHOICES && json_is_array(v) ? choices(q, v) : scalar(q, v);
    if (!text && json_is_real(v)) {
        field_error_add(&c->errors, at, REASON_PRECISION,
                        "“%s”的数位数太多，按数传送会丢掉末位。请加引号，按文字传送，如 \"12345678.90\"。",
                        label_in(&f->label, LANG_HANS));
        return;
    }
    if (!text) {
        field_error_add(&c->errors, at, REASON_NUMBER, "“%s”应是文字、数、true、false 或 null。",
                        label_in(&f->label, LANG_HANS));
        return;
    }
    const char *digits = text + (*text == '#');
    if (refers(f) && strlen(digits) >= 10 && strlen(digits) <= 19 &&
        strspn(digits, "0123456789") == strlen(digits)) {
        *out = value_int(strtoll(digits, NULL, 10));
        return;
    }
    if (f->type == TYPE_INSTANT && api_instant(out, text))
        return;
    if (strncmp(text, RECORD_SEALED, sizeof RECORD_SEALED - 1) == 0)
        field_error_add(&c->errors, at, REASON_CHECK, "“%s”的内容不能以“%s”开头。", label_in(&f->label, LANG_HANS),
                        RECORD_SEALED);
    else if (type_read(out, &ctx, f, text, &why, &e) < 0)
        field_error_add(&c->errors, at, why, "%s", e.msg);
}

/* An array of objects replaces the rows of a child table; rows with an id stay the same rows. */
static void read_rows(struct change *c, struct req *q, struct db *d, struct record *r, const struct reg *child,
                      const json_t *rows)
{
    struct child_rows *have = &r->children[child - r->reg->children];
    struct child_rows was = *have;
    const char *key;
    json_t *v;

    if (!json_is_array(rows) || json_array_size(rows) > CHILD_ROWS_MAX) {
        field_error_add(&c->errors, child->name, REASON_LENGTH, "“%s”应是数组，不超过%d行。",
                        label_in(&child->label, LANG_HANS), CHILD_ROWS_MAX);
        return;
    }
    *have = (struct child_rows){0};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        struct child_row *to = record_child_add(q->a, r, child->name);
        const char *id = json_string_value(json_object_get(row, "id"));
        for (size_t k = 0; id && k < was.n; k++)
            if (was.rows[k].id == strtoll(id, NULL, 10)) {
                to->id = was.rows[k].id;
                memcpy(to->values, was.rows[k].values, child->nfields * sizeof *to->values);
            }
        json_object_foreach(row, key, v)
        {
            const struct field *f = reg_field(child, key);
            const char *at = req_printf(q, "%s.%zu.%s", child->name, i + 1, key);
            if (f)
                read_value(c, q, d, r->home, f, v, at, &to->values[f->index]);
            else if (strcmp(key, "id") != 0)
                field_error_add(&c->errors, at, REASON_CHECK, "没有这个字段。");
        }
    }
}

bool change_word(const char *key)
{
    for (int w = 0; w < WORD__MAX; w++)
        if (strcmp(api_word[w], key) == 0)
            return true;
    return strcmp(key, "reason") == 0 || strcmp(key, "note") == 0;
}

/* "unit": a code or an id; tells to whom a new record belongs. */
static int read_unit(struct change *c, struct req *q, struct record *r, const json_t *v)
{
    const char *text = json_string_value(v);
    const struct node *n = text ? tree_code(q->view.units, text) : NULL;

    if (!n && text)
        n = tree_find(q->view.units, strtoll(text, NULL, 10));
    if (!n) {
        field_error_add(&c->errors, "unit", REASON_REFERENCE, "没有这个组织。请写组织代码或编号。");
        return -1;
    }
    r->home = n->home;
    r->unit = n->id;
    return 0;
}

/* Where references of a new record are looked up by name: the home of its unit field, else of the first unit of a
 * role that may write. */
static int64_t home_meant(struct change *c, struct req *q, struct db *d, const struct record *r)
{
    const struct field *f = c->reg->unit_field ? reg_field(c->reg, c->reg->unit_field) : NULL;
    const json_t *v = f ? json_object_get(c->body, f->name) : NULL;
    const struct node *n = NULL;
    struct value at = value_null();
    size_t wrong = c->errors.n;
    struct err no = {0};

    if (r->home || c->reg->site_wide)
        return r->home;
    if (v)
        read_value(c, q, d, 0, f, v, f->name, &at);
    c->errors.n = wrong; /* it is read again in its turn */
    n = at.kind == VALUE_INT ? tree_find(q->view.units, at.i) : NULL;
    for (size_t i = 0; !n && i < q->actor->ngrants; i++)
        if (actor_reg(&q->view, q->actor, c->reg, true, q->actor->grants[i].unit, &no) == 0)
            n = tree_find(q->view.units, q->actor->grants[i].unit);
    return n ? n->home : 0;
}

void change_read(struct change *c, struct req *q, struct db *d, struct record *r)
{
    const char *key;
    json_t *v;

    if (c->insert && json_object_get(c->body, "unit") && !reg_field(c->reg, "unit"))
        read_unit(c, q, r, json_object_get(c->body, "unit"));
    int64_t said = r->home;
    if (c->insert)
        r->home = home_meant(c, q, d, r);
    json_object_foreach(c->body, key, v)
    {
        const struct field *f = reg_field(c->reg, key);
        const struct reg *child = reg_child(c->reg, key);
        struct value out;
        if (f) {
            read_value(c, q, d, r->home, f, v, key, &out);
            r->values[f->index] = out;
        } else if (child) {
            read_rows(c, q, d, r, child, v);
        } else if (!change_word(key)) {
            field_error_add(&c->errors, arena_str(q->a, key), REASON_CHECK, "台账“%s”没有这个字段。", c->reg->name);
        }
    }
    r->home = said;
}
