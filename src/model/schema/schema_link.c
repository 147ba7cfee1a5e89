/* SPDX-License-Identifier: Apache-2.0 */
/* schema_link.c: names find what they name; modules, and the helpers of the other schema_link_*.c. */
#include <stdio.h>
#include <string.h>

#include "model/schema_read.h"

static void expr_bad(struct reader *r, struct expr *const *slot, const struct reg *reg, int at, const char *msg)
{
    struct place p = place_of(r, slot, reg);
    schema_error_add(r->es, p.file, p.line, p.col + (at > 0 ? at - 1 : 0), "%s: %s", expr_text(*slot), msg);
}

/* What an expression gives, for the uses that need more than that it binds. */
static const char *use_wrong(const struct expr *x, enum expects use)
{
    switch (use) {
    case USE_NUMBER:
        return x->type == EXT_NUMBER ? NULL : "expected a number";
    case USE_DAY:
        return x->type == EXT_DAY || x->type == EXT_INSTANT ? NULL : "expected a date";
    case USE_SLICE:
        return x->type == EXT_CODES
                   ? "a field with several choices cannot split a total: a record would count twice"
               : x->type == EXT_DAY || x->type == EXT_INSTANT ? "a date cannot split a total: use year() or month()"
                                                              : NULL;
    default:
        return NULL;
    }
}

bool link_expr(struct reader *r, struct expr *const *slot, const struct reg *reg, const struct reg *child,
               enum expects use)
{
    struct err e = {0};
    int at = 1;
    if (!*slot)
        return true;
    int rc = use == USE_CONDITION ? expr_bind_condition(r->a, *slot, reg, child, &at, &e)
                                  : expr_bind(r->a, *slot, reg, child, &at, &e);
    const char *wrong = rc < 0 ? e.msg : use_wrong(*slot, use);
    if (wrong)
        expr_bad(r, slot, reg, rc < 0 ? at : 1, wrong);
    return !wrong;
}

bool link_expr_for(struct reader *r, struct expr *const *slot, const struct reg *reg, const struct reg *child,
                   const struct field *target)
{
    struct err e = {0};
    int at = 1;
    if (!*slot || !expr_bind_for(r->a, *slot, reg, child, target, &at, &e))
        return true;
    expr_bad(r, slot, reg, at, e.msg);
    return false;
}

struct field *link_field(struct reader *r, const char *const *slot, const struct reg *reg, const struct reg *in)
{
    if (!*slot)
        return NULL;
    struct field *f = reg_field(in, *slot);
    if (!f)
        place_bad(r, slot, reg, "%s has no field %s%s", in->name, *slot,
                  did_you_mean(r->a, in->by_name ? map_nearest(in->by_name, *slot) : NULL));
    return f;
}

static bool word_in(const char *const *words, const char *s)
{
    for (; words && *words; words++)
        if (!strcmp(*words, s))
            return true;
    return false;
}

void link_fields(struct reader *r, const char *const *list, const struct reg *reg, const char *const *extra)
{
    for (; list && *list; list++)
        if (!word_in(extra, *list))
            link_field(r, list, reg, reg);
}

void link_roles(struct reader *r, const char *const *list, const struct reg *reg)
{
    const struct schema *s = r->s;
    const char **names = arena_array(r->a, s->nroles + 1, sizeof *names);
    for (size_t i = 0; i < s->nroles; i++)
        names[i] = s->roles[i].name;
    for (; list && *list; list++)
        if (!word_in(names, *list))
            place_bad(r, list, reg, "there is no role %s%s", *list, did_you_mean(r->a, word_nearest(names, *list)));
}

void link_kind(struct reader *r, const char *const *slot, const struct reg *reg, const char *tree)
{
    const struct reg *nodes = schema_reg(r->s, tree);
    const struct field *kind = nodes ? reg_field(nodes, "kind") : NULL;
    if (!*slot || !kind || kind->type != TYPE_CHOICE || field_choice(kind, *slot))
        return;
    const char **codes = arena_array(r->a, kind->nchoices + 1, sizeof *codes);
    for (size_t i = 0; i < kind->nchoices; i++)
        codes[i] = kind->choices[i].code;
    place_bad(r, slot, reg, "register %s knows no kind %s%s", tree, *slot,
              did_you_mean(r->a, word_nearest(codes, *slot)));
}

struct reg *link_reg(struct reader *r, const char *const *slot, const struct reg *reg)
{
    if (!*slot)
        return NULL;
    struct reg *found = schema_reg(r->s, *slot);
    if (!found)
        place_bad(r, slot, reg, "there is no register %s%s", *slot,
                  did_you_mean(r->a, map_nearest(r->s->reg_by_name, *slot)));
    return found;
}

/* --- modules */

static const struct module *module_find(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < s->nmodules; i++)
        if (!strcmp(s->modules[i].name, name))
            return &s->modules[i];
    return NULL;
}

static void link_module(struct reader *r, const struct module *m)
{
    r->file = arena_printf(r->a, "modules/%s/module.yaml", m->name);
    for (size_t i = 0; m->registers && m->registers[i]; i++) {
        const struct reg *reg = link_reg(r, &m->registers[i], NULL);
        if (reg && strcmp(reg->module, m->name))
            place_bad(r, &m->registers[i], NULL, "register %s stands in module %s", reg->name, reg->module);
    }
}

/* Every register stands in the menu of its module. */
static void link_menu(struct reader *r, const struct reg *reg)
{
    const struct module *m = module_find(r->s, reg->module);
    if (!m)
        place_bad(r, reg, reg, "there is no modules/%s/module.yaml", reg->module);
    else if (!word_in(m->registers, reg->name))
        place_bad(r, reg, reg, "register %s is not named in registers: of modules/%s/module.yaml", reg->name,
                  reg->module);
}

/* Two registers, or a register and another's child, whose tables would have the same name. */
static void link_tables(struct reader *r)
{
    struct map *seen = map_new(r->a);
    for (size_t i = 0; i < r->s->nregs; i++) {
        struct reg *reg = r->s->regs[i];
        for (size_t c = 0; c <= reg->nchildren; c++) {
            const struct reg *t = c ? &reg->children[c - 1] : reg;
            const char *name = c ? arena_printf(r->a, "%s_%s", reg->name, t->name) : reg->name;
            const struct reg *was = map_put(seen, name, reg);
            if (was)
                place_bad(r, t, reg, "the table of %s would be called r_%s, as that of %s", t->name, name,
                          was->name);
            if (strlen(name) > 55)
                place_bad(r, t, reg, "the names of %s and %s are too long together", reg->name, t->name);
        }
    }
}

void link_schema(struct reader *r)
{
    struct schema *s = r->s;
    for (size_t i = 0; i < s->nmodules; i++)
        link_module(r, &s->modules[i]);
    for (size_t i = 0; i < s->nroles; i++)
        for (const char **k = s->roles[i].kinds; k && *k; k++)
            link_kind(r, k, NULL, "unit");
    for (size_t i = 0; i < s->nregs; i++) {
        r->file = s->regs[i]->file;
        link_menu(r, s->regs[i]);
        link_register(r, s->regs[i]);
        link_flow(r, s->regs[i]);
        link_import(r, s->regs[i]);
    }
    link_tables(r);
    for (size_t i = 0; i < s->nfigures; i++)
        link_figure(r, (struct figure_read *)(void *)s->figures[i]);
    link_ratios(r);
}
