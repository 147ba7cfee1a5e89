/* SPDX-License-Identifier: Apache-2.0 */
/* schema_link_figure.c: figures find their registers, fields and each other; kinds are never mixed. */
#include <string.h>

#include "model/schema_read.h"

#define BIT(k) (1u << (k))

/* Which denominators a numerator may have: of its own kind, or a stock of what it counts. */
static const unsigned ratio_over[FIG__MAX] = {
    [FIG_RECORDS] = BIT(FIG_RECORDS) | BIT(FIG_STOCK),
    [FIG_TIMES] = BIT(FIG_TIMES),
    [FIG_PERSONS] = BIT(FIG_PERSONS) | BIT(FIG_STOCK),
    [FIG_DISTINCT] = BIT(FIG_DISTINCT) | BIT(FIG_STOCK),
    [FIG_HOURS] = BIT(FIG_HOURS),
    [FIG_AMOUNT] = BIT(FIG_AMOUNT),
    [FIG_STOCK] = BIT(FIG_STOCK),
};

static void figure_bad(struct reader *r, const void *slot, const struct figure_read *f, const char *msg)
{
    struct place p = place_of(r, slot, f->f.reg);
    if (!strcmp(p.file, f->file))
        schema_error_add(r->es, p.file, p.line, p.col, "figure %s: %s", f->f.name, msg);
    else
        schema_error_add(r->es, f->file, f->f.line, 1, "figure %s: %s", f->f.name, msg);
}

static struct figure *figure_named(struct reader *r, const char *const *slot, const struct figure_read *f)
{
    if (!*slot)
        return NULL;
    struct figure *found = schema_figure(r->s, *slot);
    if (!found)
        figure_bad(r, slot, f,
                   arena_printf(r->a, "there is no figure %s%s", *slot,
                                did_you_mean(r->a, map_nearest(r->s->figure_by_name, *slot))));
    return found;
}

/* by: grid, by: unit — the register's own fields for them, whatever they are called. */
static void slice_alias(struct reader *r, struct part_read *p)
{
    struct expr **x = &p->c.slice;
    const char *text = *x ? expr_text(*x) : NULL;
    if (!text || reg_field(p->c.reg, text) || (p->c.child && reg_field(p->c.child, text)))
        return;
    if (!strcmp(text, "grid") && p->c.reg->grid_field)
        *x = expr_parse(r->a, p->c.reg->grid_field, NULL, NULL);
}

static void slice_labels(struct figure *f, const struct part_read *p)
{
    const struct expr *x = p->c.slice;
    if (!x || f->slice_reg)
        return;
    bool child = x->op == EX_CHILD_FIELD;
    const char *name = x->op == EX_FIELD || child ? x->name : NULL;
    if (x->op == EX_SPECIAL && x->special == SP_UNIT)
        name = p->c.reg->unit_field;
    struct field *field = name ? reg_field(child ? p->c.child : p->c.reg, name) : NULL;
    bool labelled = field && (field->type == TYPE_CHOICE || field->type == TYPE_UNIT || field->type == TYPE_GRID ||
                              field->type == TYPE_REF || field->type == TYPE_FLAG);
    f->slice_reg = child ? p->c.child : p->c.reg;
    f->slice_field = labelled ? field : NULL;
}

/* What an amount is made of: money in fen, decimals in their places. */
static void part_sum(struct reader *r, struct figure_read *f, const struct part_read *p, bool first)
{
    const struct expr *x = p->c.sum;
    int places = x ? x->scale : 0;
    const struct field *field = x && (x->op == EX_FIELD || x->op == EX_CHILD_FIELD) ? x->field : NULL;
    bool money = field && field->type == TYPE_MONEY;
    if (f->f.kind == FIG_TIMES && places)
        figure_bad(r, &p->c.sum, f, "person-times are whole numbers, this sum has decimals");
    if (f->f.kind == FIG_TIMES && money)
        figure_bad(r, &p->c.sum, f, "person-times cannot be a sum of money");
    if (f->f.kind == FIG_AMOUNT && (places != 2 || (field && !money)))
        figure_bad(r, &p->c.sum, f, "an amount is a sum of money fields");
    if (f->f.kind == FIG_HOURS && money)
        figure_bad(r, &p->c.sum, f, "hours cannot be a sum of money");
    if (f->f.kind != FIG_HOURS && f->f.kind != FIG_AMOUNT)
        f->f.places = 0;
    else if (first)
        f->f.places = places;
    else if (f->f.places != places)
        figure_bad(r, &p->c.sum, f, "its parts keep different numbers of decimals");
}

static bool link_part(struct reader *r, struct figure_read *f, struct part_read *p, bool first)
{
    struct reg *reg = p->reg ? link_reg(r, &p->reg, f->f.reg) : f->f.reg;
    bool ok = true;
    if (!reg)
        return false;
    p->c.reg = reg;
    if (p->child && !(p->c.child = reg_child(reg, p->child))) {
        figure_bad(r, &p->child, f, arena_printf(r->a, "%s has no child table %s", reg->name, p->child));
        return false;
    }
    slice_alias(r, p);
    ok &= link_expr(r, &p->c.where, reg, p->c.child, USE_CONDITION);
    ok &= link_expr(r, &p->c.sum, reg, p->c.child, USE_NUMBER);
    ok &= link_expr(r, &p->c.key, reg, p->c.child, USE_ANY);
    ok &= link_expr(r, &p->c.on, reg, p->c.child, USE_DAY);
    ok &= link_expr(r, &p->c.from, reg, p->c.child, USE_DAY);
    ok &= link_expr(r, &p->c.until, reg, p->c.child, USE_DAY);
    ok &= link_expr(r, &p->c.slice, reg, p->c.child, USE_SLICE);
    if (!ok)
        return false;
    part_sum(r, f, p, first);
    slice_labels(&f->f, p);
    return true;
}

static void link_cadence(struct reader *r, struct figure_read *f)
{
    link_kind(r, &f->f.each, f->f.reg, "unit");
    if (!f->f.reg->happened)
        figure_bad(r, f, f, "a cadence needs a register that says when its records happened (happened:)");
    if (!f->f.ncadences)
        figure_bad(r, &f->f.cadences, f, "due is empty: say what is due, and how often");
    for (size_t i = 0; i < f->f.ncadences; i++) {
        struct cadence_def *d = &f->f.cadences[i];
        link_expr(r, &d->match, f->f.reg, NULL, USE_CONDITION);
        for (size_t j = 0; d->slice && j < i; j++)
            if (f->f.cadences[j].slice && !strcmp(f->f.cadences[j].slice, d->slice))
                figure_bad(r, &d->slice, f, arena_printf(r->a, "%s is due twice", d->slice));
    }
}

void link_figure(struct reader *r, struct figure_read *f)
{
    size_t sliced = 0;
    if (f->f.kind == FIG_CADENCE)
        link_cadence(r, f);
    f->f.parts = arena_array(r->a, f->nparts + 1, sizeof *f->f.parts);
    for (size_t i = 0; i < f->nparts; i++) {
        if (!link_part(r, f, &f->parts[i], i == 0))
            return;
        sliced += f->parts[i].c.slice != NULL;
        f->f.parts[f->f.nparts++] = f->parts[i].c;
    }
    if (sliced && sliced != f->nparts)
        figure_bad(r, f, f, "either all of its parts have by, or none has");
}

/* The measure words of what is divided, where a stock is below: 人 over 人, not over 户. */
static bool ratio_fits(const struct figure *n, const struct figure *d)
{
    if (!(ratio_over[n->kind] & BIT(d->kind)))
        return false;
    return n->kind == d->kind || !n->unit.t[LANG_HANS] || !d->unit.t[LANG_HANS] ||
           !strcmp(n->unit.t[LANG_HANS], d->unit.t[LANG_HANS]);
}

static void link_ratio(struct reader *r, struct figure_read *f)
{
    struct figure *n = f->f.fnum = figure_named(r, &f->f.num, f), *d = f->f.fden = figure_named(r, &f->f.den, f);
    if (!n || !d || ratio_fits(n, d))
        return;
    const char *nu = n->unit.t[LANG_HANS], *du = d->unit.t[LANG_HANS];
    figure_bad(r, &f->f.num, f,
               arena_printf(r->a, "kinds are never mixed: %s is %s (%s), %s is %s (%s)", n->name,
                            figure_kind_word[n->kind], nu ? nu : "", d->name, figure_kind_word[d->kind],
                            du ? du : ""));
}

void link_ratios(struct reader *r)
{
    for (size_t i = 0; i < r->s->nfigures; i++) {
        struct figure_read *f = (struct figure_read *)(void *)r->s->figures[i];
        if (f->f.kind == FIG_RATIO)
            link_ratio(r, f);
        if (f->f.kind != FIG_MISSED)
            continue;
        f->f.fof = figure_named(r, &f->f.of, f);
        if (f->f.fof && f->f.fof->kind != FIG_CADENCE)
            figure_bad(r, &f->f.of, f,
                       arena_printf(r->a, "%s is no cadence but of kind %s", f->f.fof->name,
                                    figure_kind_word[f->f.fof->kind]));
    }
}
