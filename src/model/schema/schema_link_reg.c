/* SPDX-License-Identifier: Apache-2.0 */
/* schema_link_reg.c: a register's fields, keys, lists and form. */
#include <stdarg.h>
#include <string.h>

#include "model/schema_read.h"

enum { CHILDREN_MAX = 16, COLUMNS_MAX = 200 };

#define BIT(t) (1u << (t))
#define BITS_WHEN (BIT(TYPE_DATE) | BIT(TYPE_MONTH) | BIT(TYPE_INSTANT))
#define BITS_SEARCH (~(BIT(TYPE_FILE) | BIT(TYPE_REF) | BIT(TYPE_UNIT) | BIT(TYPE_GRID)))
#define BITS_UNKEYED (BIT(TYPE_LONGTEXT) | BIT(TYPE_CHOICES) | BIT(TYPE_FILE))

static struct field *field_of(struct reader *r, const char *const *slot, const struct reg *reg, unsigned types,
                              const char *word, const char *what)
{
    struct field *f = link_field(r, slot, reg, reg);
    if (f && !(types & BIT(f->type)))
        place_bad(r, slot, reg, "%s: %s is a field of type %s, expected %s", word, f->name,
                  field_type_word[f->type], what);
    return f;
}

static void link_title(struct reader *r, struct reg *reg)
{
    const struct field *f = reg->title ? reg_field(reg, reg->title) : NULL;
    if (!link_expr(r, &reg->title_expr, reg, NULL, USE_ANY))
        return;
    if (f && f->cls == CLASS_PROTECTED)
        place_bad(r, &reg->title_expr, reg, "title: %s is protected and cannot be shown in lists", f->name);
    reg->title = f ? f->name : NULL;
}

/* Whose task an open time limit is stands in lists of tasks: it cannot be what some may not see. */
static void link_assigned(struct reader *r, const struct reg *reg)
{
    const struct field *f =
        field_of(r, &reg->assigned, reg, BIT(TYPE_TEXT) | BIT(TYPE_PERSON), "assigned", "text or person");
    if (f && f->cls > CLASS_INTERNAL)
        place_bad(r, &reg->assigned, reg, "assigned: %s must be public or internal", f->name);
    if (f && !reg->nclocks)
        place_bad(r, &reg->assigned, reg, "assigned needs clocks: tasks are records with an open time limit");
    if (reg->assigned_in && !reg->assigned)
        place_bad(r, reg->assigned_in, reg, "assigned_in needs assigned");
}

static void link_tree(struct reader *r, const struct reg *reg)
{
    static const unsigned trees = BIT(TYPE_REF) | BIT(TYPE_UNIT) | BIT(TYPE_GRID);
    const struct field *f = field_of(r, &reg->tree, reg, trees, "tree", "ref, unit or grid");
    if (f && f->type == TYPE_REF && f->ref_name && strcmp(f->ref_name, reg->name))
        place_bad(r, &reg->tree, reg, "tree: %s refers to %s, not to %s itself", f->name, f->ref_name, reg->name);
}

static void link_keys(struct reader *r, const struct reg *reg, const char *const *list, const char *word)
{
    for (; list && *list; list++)
        field_of(r, list, reg, ~BITS_UNKEYED, word, "one that can tell records apart");
}

/* Fields, and happened (the day) and unit, which every record has. */
static void link_alike(struct reader *r, const struct reg *reg, const char *const *list)
{
    for (; *list; list++)
        if (reg_field(reg, *list) || (strcmp(*list, "happened") != 0 && strcmp(*list, "unit") != 0))
            field_of(r, list, reg, ~BITS_UNKEYED, "alike", "one that can tell records apart");
}

/* 借〔{year}〕{n}号: {n} or {n:3} once, {year} at most once, nothing else in braces. */
static const char *pattern_wrong(const char *s)
{
    int n = 0, year = 0;
    for (const char *p = s; *p; p++) {
        if (*p == '}')
            return "a } without {";
        if (*p != '{')
            continue;
        const char *end = strchr(p, '}');
        size_t len = end ? (size_t)(end - p) + 1 : 0;
        if (len == 6 && !strncmp(p, "{year}", 6))
            year++;
        else if ((len == 3 && !strncmp(p, "{n}", 3)) ||
                 (len == 5 && !strncmp(p, "{n:", 3) && p[3] >= '1' && p[3] <= '9'))
            n++;
        else
            return "only {year}, {n} and {n:3} may stand in braces";
        p = end;
    }
    return n == 1 ? year <= 1 ? NULL : "{year} stands there twice" : "{n} must stand there once";
}

static void link_number(struct reader *r, const struct reg *reg)
{
    const char *wrong = reg->number_pattern ? pattern_wrong(reg->number_pattern) : NULL;
    const struct field *f = field_of(r, &reg->number_field, reg, BIT(TYPE_TEXT), "number", "text");
    if (f && f->computed)
        place_bad(r, &reg->number_field, reg, "number: %s is computed", f->name);
    if (wrong)
        place_bad(r, &reg->number_pattern, reg, "number: %s", wrong);
}

/* A field, or CHILD.FIELD. */
static void link_search(struct reader *r, const char *const *slot, const struct reg *reg)
{
    const char *dot = strchr(*slot, '.'), *name = dot ? dot + 1 : *slot;
    const char *table = dot ? arena_strn(r->a, *slot, (size_t)(dot - *slot)) : NULL;
    const struct reg *in = dot ? reg_child(reg, table) : reg;
    if (!in) {
        place_bad(r, slot, reg, "%s has no child table %s", reg->name, table);
        return;
    }
    const struct field *f = reg_field(in, name);
    if (!f)
        place_bad(r, slot, reg, "%s has no field %s%s", in->name, name,
                  did_you_mean(r->a, map_nearest(in->by_name, name)));
    else if (!(BIT(f->type) & BITS_SEARCH))
        place_bad(r, slot, reg, "search: %s is a field of type %s, expected a text", name,
                  field_type_word[f->type]);
    else if (f->cls == CLASS_PROTECTED)
        place_bad(r, slot, reg, "search: %s is protected; it is found by its whole value only", name);
}

static void link_lists(struct reader *r, const struct reg *reg)
{
    const char *extra[] = {"happened", "unit", "grid", "late", "entered", NULL, NULL, NULL};
    size_t n = 5;
    if (reg->nstates)
        extra[n++] = "state";
    if (reg->nclocks)
        extra[n++] = "due";
    link_fields(r, reg->list, reg, extra);
    extra[4] = reg->nstates ? "state" : NULL;
    extra[5] = NULL;
    link_fields(r, reg->filters, reg, extra);
    for (const char **p = reg->search; p && *p; p++)
        link_search(r, p, reg);
}

/* --- fields */

static bool calls_itself(const struct expr *x, const struct field *f)
{
    if (x->field == f)
        return true;
    for (int i = 0; i < x->nargs; i++)
        if (calls_itself(x->arg[i], f))
            return true;
    return false;
}

/* Computed fields are worked out from first to last: one may use only those before it. */
static void link_computed(struct reader *r, const struct reg *in, const struct reg *reg, const struct field *f)
{
    for (size_t i = (size_t)f->index; i < in->nfields; i++)
        if (in->fields[i].computed && calls_itself(f->computed, &in->fields[i]))
            place_bad(r, &f->computed, reg, "%s is computed from %s, which is computed later: declare it before",
                      f->name, in->fields[i].name);
}

static void link_counted(struct reader *r, const struct reg *reg, const struct reg *child, struct field *f)
{
    if (!f->count_name)
        return;
    f->counted = child ? NULL : reg_child(reg, f->count_name);
    if (!f->counted)
        place_bad(r, &f->count_name, reg, "counted: %s has no child table %s", child ? child->name : reg->name,
                  f->count_name);
    else if (f->type != TYPE_INT || f->computed)
        place_bad(r, &f->count_name, reg, "counted: %s must be an int that is not computed", f->name);
    else
        link_expr(r, &f->count_where, reg, f->counted, USE_CONDITION);
}

/* A roster's rows hold what people may type: nothing protected goes into them. */
static bool has_protected(const struct expr *x)
{
    if (x->field && x->field->cls == CLASS_PROTECTED)
        return true;
    for (int i = 0; i < x->nargs; i++)
        if (has_protected(x->arg[i]))
            return true;
    return false;
}

static void link_from(struct reader *r, const struct reg *reg, struct reg *child)
{
    struct make *m = &child->from;
    const struct reg *roster = link_reg(r, &m->into, reg);
    if (!roster)
        return;
    link_expr(r, &m->when, roster, NULL, USE_CONDITION);
    for (size_t i = 0; i < m->nset; i++) {
        const struct field *target = link_field(r, &m->set_field[i], reg, child);
        if (target && target->computed)
            place_bad(r, &m->set_field[i], reg, "%s.%s is computed and cannot be set", child->name, target->name);
        else if (target && link_expr_for(r, &m->set_expr[i], roster, NULL, target) && m->set_expr[i] &&
                 has_protected(m->set_expr[i]))
            place_bad(r, &m->set_expr[i], reg, "from: a protected field does not go into rows");
    }
}

static void link_within(struct reader *r, const struct reg *reg, const struct reg *child, struct field *f)
{
    const struct field *outer = f->within && !child ? link_field(r, &f->within, reg, reg) : NULL;
    if (f->within && child)
        place_bad(r, &f->within, reg, "within: %s stands in a child table", f->name);
    else if (outer && (outer == f || outer->type != f->type))
        place_bad(r, &f->within, reg, "within: %s must be another field of type %s", outer->name,
                  field_type_word[f->type]);
}

static void link_one_field(struct reader *r, const struct reg *reg, const struct reg *child, struct field *f)
{
    const struct reg *in = child ? child : reg;
    f->ref = link_reg(r, &f->ref_name, reg);
    link_kind(r, &f->kind, reg, f->type == TYPE_GRID ? "grid" : "unit");
    link_within(r, reg, child, f);
    link_expr_for(r, &f->initial, reg, child, f);
    if (link_expr_for(r, &f->computed, reg, child, f) && f->computed)
        link_computed(r, in, reg, f);
    link_expr(r, &f->check, reg, child, USE_CONDITION);
    link_counted(r, reg, child, f);
    if (f->cls == CLASS_PROTECTED && reg_field(in, arena_printf(r->a, "%s_h", f->name)))
        place_bad(r, f, reg, "field %s is protected and needs the name %s_h for its hash", f->name, f->name);
}

static void link_table_fields(struct reader *r, const struct reg *reg, const struct reg *child)
{
    const struct reg *in = child ? child : reg;
    if (!in->nfields)
        place_bad(r, in, reg, "%s has no fields", in->name);
    size_t columns = in->nfields;
    for (size_t i = 0; i < in->nfields; i++) {
        link_one_field(r, reg, child, &in->fields[i]);
        columns += in->fields[i].cls == CLASS_PROTECTED;
    }
    if (columns > COLUMNS_MAX)
        place_bad(r, in, reg, "%s has more than %d fields (protected ones count twice)", in->name, COLUMNS_MAX);
}

/* unit and grid are words of expressions and lists: only the register's own unit and grid may be called so. */
static void link_own_names(struct reader *r, const struct reg *reg)
{
    const struct field *unit = reg_field(reg, "unit"), *grid = reg_field(reg, "grid");
    if (unit && (!reg->unit_field || strcmp(reg->unit_field, "unit")))
        place_bad(r, unit, reg, "a field called unit must be the register's unit (unit: unit)");
    if (grid && (!reg->grid_field || strcmp(reg->grid_field, "grid")))
        place_bad(r, grid, reg, "a field called grid must be the register's grid (grid: grid)");
}

/* --- form */

static bool on_form(const struct reg *reg, const char *name)
{
    for (size_t i = 0; i < reg->nsections; i++)
        for (const char **f = reg->sections[i].f; f && *f; f++)
            if (!strcmp(*f, name))
                return true;
    return false;
}

/* Without a declaration: everything that is not hidden, in one part. */
static void form_default(struct reader *r, struct reg *reg)
{
    const char **f = arena_array(r->a, reg->nfields + reg->nchildren + 1, sizeof *f);
    size_t n = 0;
    for (size_t i = 0; i < reg->nfields; i++)
        if (!reg->fields[i].hidden)
            f[n++] = reg->fields[i].name;
    for (size_t i = 0; i < reg->nchildren; i++)
        f[n++] = reg->children[i].name;
    reg->sections = arena_array(r->a, 1, sizeof *reg->sections);
    reg->nsections = 1;
    reg->sections[0].f = f;
    reg->sections[0].label.t[LANG_EN] = "Details";
    label_fill(r->a, &reg->sections[0].label, "基本信息");
}

static void link_form(struct reader *r, struct reg *reg)
{
    const char **children = arena_array(r->a, reg->nchildren + 1, sizeof *children);
    struct map *seen = map_new(r->a);
    for (size_t i = 0; i < reg->nchildren; i++)
        children[i] = reg->children[i].name;
    for (size_t i = 0; i < reg->nsections; i++) {
        link_fields(r, reg->sections[i].f, reg, children);
        for (const char **f = reg->sections[i].f; f && *f; f++)
            if (map_put(seen, *f, reg))
                place_bad(r, f, reg, "form: %s stands there twice", *f);
    }
    if (!reg->sections) {
        form_default(r, reg);
        return;
    }
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];
        bool filled =
            f->hidden || f->computed || f->initial || (reg->number_field && !strcmp(reg->number_field, f->name));
        if (f->required && !filled && !on_form(reg, f->name))
            place_bad(r, f, reg, "field %s is required but stands nowhere on the form", f->name);
    }
}

void link_register(struct reader *r, struct reg *reg)
{
    link_table_fields(r, reg, NULL);
    if (reg->nchildren > CHILDREN_MAX)
        place_bad(r, &reg->children, reg, "%s has more than %d child tables", reg->name, CHILDREN_MAX);
    for (size_t i = 0; i < reg->nchildren; i++) {
        link_table_fields(r, reg, &reg->children[i]);
        link_from(r, reg, &reg->children[i]);
        if (reg_field(reg, reg->children[i].name))
            place_bad(r, &reg->children[i], reg, "%s is both a field and a child table", reg->children[i].name);
    }
    link_title(r, reg);
    field_of(r, &reg->happened, reg, BITS_WHEN, "happened", "date, month or instant");
    field_of(r, &reg->unit_field, reg, BIT(TYPE_UNIT), "unit", "unit");
    field_of(r, &reg->grid_field, reg, BIT(TYPE_GRID), "grid", "grid");
    link_own_names(r, reg);
    link_assigned(r, reg);
    link_tree(r, reg);
    link_keys(r, reg, reg->key, "key");
    for (size_t i = 0; i < reg->nuniques; i++)
        link_keys(r, reg, reg->uniques[i].f, "unique");
    for (size_t i = 0; i < reg->nalikes; i++)
        link_alike(r, reg, reg->alikes[i].f);
    link_number(r, reg);
    link_lists(r, reg);
    link_roles(r, reg->read.names, reg);
    link_roles(r, reg->write.names, reg);
    link_roles(r, reg->own.names, reg);
    link_form(r, reg);
}
