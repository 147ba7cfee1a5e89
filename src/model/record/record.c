/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: a record in memory. */
#include "model/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "model/record_inner.h"

/* --- making one */

struct record *record_blank(struct arena *a, const struct reg *r)
{
    struct record *x = arena_alloc(a, sizeof *x);

    x->reg = r;
    x->happened = DAY_NONE;
    x->values = arena_array(a, r->nfields ? r->nfields : 1, sizeof *x->values);
    x->children = arena_array(a, r->nchildren ? r->nchildren : 1, sizeof *x->children);
    for (size_t i = 0; i < r->nstates; i++)
        if (r->states[i].start)
            x->state = r->states[i].name;
    return x;
}

struct record *record_new(struct arena *a, const struct reg *r)
{
    struct record *x = record_blank(a, r);
    struct scope sc = record_scope(NULL, x);

    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].initial)
            x->values[i] = expr_eval(a, r->fields[i].initial, &sc);
    return x;
}

static size_t field_index(const struct reg *r, const char *name)
{
    const struct field *f = reg_field(r, name);

    if (!f) {
        log_line(LOG_ERROR, "register %s has no field %s", r->name, name);
        abort();
    }
    return (size_t)f->index;
}

void record_set(struct record *r, const char *field, struct value v)
{
    r->values[field_index(r->reg, field)] = v;
}

struct value record_get(const struct record *r, const char *field)
{
    return r->values[field_index(r->reg, field)];
}

struct child_row *record_child_add(struct arena *a, struct record *r, const char *child)
{
    const struct reg *c = reg_child(r->reg, child);
    struct child_rows *rows;
    struct child_row *row;

    if (!c) {
        log_line(LOG_ERROR, "register %s has no child table %s", r->reg->name, child);
        abort();
    }
    rows = &r->children[c - r->reg->children];
    VEC_PUSH(a, rows->rows, rows->n, rows->cap) = (struct child_row){0};
    row = &rows->rows[rows->n - 1];
    row->values = arena_array(a, c->nfields ? c->nfields : 1, sizeof *row->values);
    return row;
}

/* --- comparing */

static bool values_same(const struct value *x, const struct value *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!value_equal(x[i], y[i]))
            return false;
    return true;
}

bool record_same(const struct record *x, const struct record *y)
{
    const struct reg *r = x->reg;

    if (r != y->reg || !values_same(x->values, y->values, r->nfields))
        return false;
    for (size_t c = 0; c < r->nchildren; c++) {
        if (x->children[c].n != y->children[c].n)
            return false;
        for (size_t i = 0; i < x->children[c].n; i++)
            if (!values_same(x->children[c].rows[i].values, y->children[c].rows[i].values, r->children[c].nfields))
                return false;
    }
    return true;
}

const char *record_title(struct arena *a, const struct record *r)
{
    const struct field *f = r->reg->title ? reg_field(r->reg, r->reg->title) : NULL;
    const char *t = NULL;

    if (f) {
        struct value v = r->values[f->index];

        t = v.kind == VALUE_NULL ? NULL : f->cls == CLASS_PROTECTED ? "（受保护）" : type_show(a, f, v, LANG_HANS);
    } else if (r->reg->title_expr) {
        struct scope sc = record_scope(NULL, r);
        struct value v = expr_eval(a, r->reg->title_expr, &sc);

        t = v.kind == VALUE_TEXT ? v.s : v.kind == VALUE_INT ? arena_printf(a, "%lld", (long long)v.i) : NULL;
    }
    if (t && *t)
        return t;
    return arena_printf(a, "%s %lld", label_in(&r->reg->label, LANG_HANS), (long long)r->id);
}

/* The record with its personal columns masked: what is not text becomes empty. */
static struct record mask_personal(struct arena *a, const struct record *r)
{
    struct record m = *r;

    m.values = arena_array(a, r->reg->nfields + 1, sizeof *m.values);
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];

        m.values[i] = r->values[i];
        if (f->cls < CLASS_PERSONAL || r->values[i].kind == VALUE_NULL)
            continue;
        m.values[i] = value_null();
        if (r->values[i].kind == VALUE_TEXT && type_is_text(f->type))
            m.values[i] = value_text(type_mask(a, f, r->values[i]));
    }
    return m;
}

const char *record_title_for(struct arena *a, const struct looker *l, const struct record *r)
{
    const struct field personal = {.cls = CLASS_PERSONAL};
    struct record m;

    if (!l || !l->who || actor_sees_in(l->view, l->who, &personal, r))
        return record_title(a, r);
    m = mask_personal(a, r);
    return record_title(a, &m);
}

static const struct field *open_field(const struct reg *r, const char *name)
{
    const struct field *f = name ? reg_field(r, name) : NULL;

    return f && f->cls < CLASS_PERSONAL ? f : NULL;
}

const char *record_hour(struct arena *a, const struct record *r)
{
    const struct field *f = open_field(r->reg, r->reg->happened);
    int m;

    if (!f || f->type != TYPE_INSTANT || r->values[f->index].kind != VALUE_INT)
        return NULL;
    m = instant_minute(r->values[f->index].i);
    return m ? arena_printf(a, "%02d:%02d", m / 60, m % 60) : NULL;
}

const char *record_serial(struct arena *a, const struct record *r)
{
    const struct field *f = open_field(r->reg, r->reg->number_field);
    struct value v = f ? r->values[f->index] : value_null();

    return v.kind == VALUE_TEXT ? arena_str(a, v.s) : NULL;
}

/* --- as expressions see it */

static int32_t by_site(int32_t day, int n, void *site)
{
    return site_working_day(site, day, n);
}

struct scope record_scope(const struct site *s, const struct record *r)
{
    struct scope sc = {.reg = r->reg,
                       .values = r->values,
                       .state = r->state,
                       .home = r->home,
                       .unit = r->unit,
                       .happened = r->happened,
                       .entered = r->entered,
                       .today = today()};

    if (s) {
        sc.working_day = by_site;
        sc.working_arg = (void *)s;
    }
    for (size_t i = 0; i < r->reg->nchildren && i < sizeof sc.child_count / sizeof *sc.child_count; i++)
        sc.child_count[i] = r->children[i].n;
    return sc;
}

void scope_row(struct scope *sc, const struct reg *child, const struct child_row *row)
{
    sc->child = child;
    sc->row = row ? row->values : NULL;
}

/* --- protected values */

bool value_sealed(struct value v)
{
    return v.kind == VALUE_TEXT && !strncmp(v.s, RECORD_SEALED, sizeof RECORD_SEALED - 1);
}

struct value record_open(struct arena *a, const struct sec_key *k, const struct field *f, struct value v)
{
    const char *plain;

    if (!value_sealed(v))
        return v;
    plain = sec_open(a, k, v.s + sizeof RECORD_SEALED - 1);
    if (!plain)
        return value_null();
    return type_is_text(f->type) ? value_text(plain) : value_int(strtoll(plain, NULL, 10));
}

const char *record_hash(struct arena *a, const struct sec_key *k, const struct field *f, struct value v)
{
    v = record_open(a, k, f, v);
    if (v.kind == VALUE_NULL)
        return NULL;
    return sec_find(a, k, v.kind == VALUE_TEXT ? v.s : arena_printf(a, "%lld", (long long)v.i));
}

static bool fields_protected(const struct reg *r)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].cls == CLASS_PROTECTED)
            return true;
    return false;
}

bool reg_has_protected(const struct reg *r)
{
    if (fields_protected(r))
        return true;
    for (size_t i = 0; i < r->nchildren; i++)
        if (fields_protected(&r->children[i]))
            return true;
    return false;
}

static struct value *values_with(struct arena *a, const struct sec_key *k, const struct reg *r,
                                 const struct value *v, enum protected_as as)
{
    struct value *w = arena_array(a, r->nfields ? r->nfields : 1, sizeof *w);

    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];

        if (f->cls != CLASS_PROTECTED)
            w[i] = v[i];
        else
            w[i] = as == PROTECTED_PLAIN ? record_open(a, k, f, v[i]) : value_text(record_hash(a, k, f, v[i]));
    }
    return w;
}

const struct record *record_with(struct arena *a, const struct sec_key *k, const struct record *r,
                                 enum protected_as as)
{
    struct record *x;

    if (!reg_has_protected(r->reg))
        return r;
    x = arena_alloc(a, sizeof *x);
    *x = *r;
    x->values = values_with(a, k, r->reg, r->values, as);
    x->children = arena_array(a, r->reg->nchildren ? r->reg->nchildren : 1, sizeof *x->children);
    for (size_t c = 0; c < r->reg->nchildren; c++) {
        struct child_rows *rows = &x->children[c];

        *rows = r->children[c];
        rows->rows = arena_array(a, rows->n ? rows->n : 1, sizeof *rows->rows);
        for (size_t i = 0; i < rows->n; i++) {
            rows->rows[i].id = r->children[c].rows[i].id;
            rows->rows[i].values = values_with(a, k, &r->reg->children[c], r->children[c].rows[i].values, as);
        }
    }
    return x;
}

static void values_adopt(struct arena *a, const struct sec_key *k, const struct reg *r, struct value *v,
                         const struct value *was)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];

        if (f->cls == CLASS_PROTECTED && !value_equal(v[i], was[i]) &&
            value_equal(record_open(a, k, f, v[i]), record_open(a, k, f, was[i])))
            v[i] = was[i];
    }
}

/* The row as it was: by its id, a row without one by its place. */
static const struct child_row *row_before(const struct child_rows *was, const struct child_row *row, size_t at)
{
    if (!row->id)
        return at < was->n ? &was->rows[at] : NULL;
    for (size_t i = 0; i < was->n; i++)
        if (was->rows[i].id == row->id)
            return &was->rows[i];
    return NULL;
}

void record_adopt(struct arena *a, const struct sec_key *k, struct record *r, const struct record *was)
{
    if (!reg_has_protected(r->reg))
        return;
    values_adopt(a, k, r->reg, r->values, was->values);
    for (size_t c = 0; c < r->reg->nchildren; c++)
        for (size_t i = 0; i < r->children[c].n; i++) {
            const struct child_row *old = row_before(&was->children[c], &r->children[c].rows[i], i);

            if (old)
                values_adopt(a, k, &r->reg->children[c], r->children[c].rows[i].values, old->values);
        }
}

/* --- what is wrong */

void field_error_add(struct field_errors *fe, const char *field, enum reason why, const char *fmt, ...)
{
    va_list ap;
    struct field_error x = {.field = arena_str(fe->a, field), .reason = why};

    va_start(ap, fmt);
    x.msg = arena_vprintf(fe->a, fmt, ap);
    va_end(ap);
    VEC_PUSH(fe->a, fe->v, fe->n, fe->cap) = x;
}

void field_errors_join(struct field_errors *to, const struct field_errors *more)
{
    size_t known = to->n;

    for (size_t i = 0; i < more->n; i++) {
        bool told = false;

        for (size_t k = 0; k < known && !told; k++)
            told = strcmp(to->v[k].field, more->v[i].field) == 0;
        if (!told)
            field_error_add(to, more->v[i].field, more->v[i].reason, "%s", more->v[i].msg);
    }
}
