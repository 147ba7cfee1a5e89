/* SPDX-License-Identifier: Apache-2.0 */
/* schema_link_flow.c: a register's states, moves, clocks, what it makes elsewhere, and its import. */
#include <string.h>

#include "model/schema_read.h"

static void link_state(struct reader *r, const char *const *slot, const struct reg *reg)
{
    if (!*slot || reg_state(reg, *slot))
        return;
    const char **names = arena_array(r->a, reg->nstates + 1, sizeof *names);
    for (size_t i = 0; i < reg->nstates; i++)
        names[i] = reg->states[i].name;
    place_bad(r, slot, reg, "%s has no state %s%s", reg->name, *slot,
              did_you_mean(r->a, word_nearest(names, *slot)));
}

static struct clock_def *link_clock(struct reader *r, const char *const *slot, const struct reg *reg)
{
    const char **names = arena_array(r->a, reg->nclocks + 1, sizeof *names);
    for (size_t i = 0; i < reg->nclocks; i++) {
        names[i] = reg->clocks[i].name;
        if (!strcmp(names[i], *slot))
            return &reg->clocks[i];
    }
    place_bad(r, slot, reg, "%s has no clock %s%s", reg->name, *slot,
              did_you_mean(r->a, word_nearest(names, *slot)));
    return NULL;
}

static void link_states(struct reader *r, const struct reg *reg)
{
    size_t starts = 0;
    for (size_t i = 0; i < reg->nstates; i++) {
        const struct state *s = &reg->states[i];
        if (!strcmp(s->name, "any"))
            place_bad(r, s, reg, "a state cannot be called any");
        if (s->start && starts++)
            place_bad(r, s, reg, "%s has a second start state: %s", reg->name, s->name);
        if (s->start && s->final && reg->nstates > 1)
            place_bad(r, s, reg, "the start state %s cannot be final", s->name);
    }
    if (reg->nstates && !starts)
        place_bad(r, &reg->states, reg, "%s has no start state", reg->name);
    if (!reg->nstates && reg->nmoves)
        place_bad(r, &reg->moves, reg, "%s has moves but no states", reg->name);
    for (const char **a = reg->assigned_in; a && *a; a++)
        link_state(r, a, reg);
}

static void move_from(struct reader *r, struct move *m, const struct reg *reg)
{
    for (const char **f = m->from; f && *f; f++) {
        if (!strcmp(*f, "any")) {
            if (m->from[1])
                place_bad(r, f, reg, "any stands alone in from");
            *f = "*";
        } else {
            link_state(r, f, reg);
        }
    }
}

static void move_clocks(struct reader *r, struct move *m, const struct reg *reg)
{
    size_t n = 0;
    while (m->start_names && m->start_names[n])
        n++;
    m->starts = n ? arena_array(r->a, n + 1, sizeof *m->starts) : NULL;
    for (size_t i = 0, used = 0; i < n; i++) {
        struct clock_def *c = link_clock(r, &m->start_names[i], reg);
        if (c)
            m->starts[used++] = c;
    }
    for (const char **s = m->stops; s && *s; s++)
        link_clock(r, s, reg);
}

static void move_makes(struct reader *r, const struct move *m, const struct reg *reg)
{
    const char **names = arena_array(r->a, reg->nmakes + 1, sizeof *names);
    for (size_t i = 0; m->makes && i < reg->nmakes; i++) {
        names[i] = reg->makes[i].name;
        if (!strcmp(names[i], m->makes))
            return;
    }
    if (m->makes)
        place_bad(r, &m->makes, reg, "%s has no entry %s in makes%s", reg->name, m->makes,
                  did_you_mean(r->a, word_nearest(names, m->makes)));
}

static void link_move(struct reader *r, struct move *m, const struct reg *reg)
{
    move_from(r, m, reg);
    link_state(r, &m->to, reg);
    link_roles(r, m->by.names, reg);
    link_fields(r, m->asks, reg, NULL);
    for (const char **f = m->requires; f && *f; f++)
        if (!reg_child(reg, *f))
            link_field(r, f, reg, reg);
    for (const char **f = m->asks; f && *f; f++) {
        const struct field *x = reg_field(reg, *f);
        if (x && x->computed)
            place_bad(r, f, reg, "move %s asks for %s, which is computed", m->name, *f);
    }
    link_expr(r, &m->when, reg, NULL, USE_CONDITION);
    if (m->when && !m->why_not)
        place_bad(r, &m->when, reg, "move %s: when needs otherwise (what is missing)", m->name);
    if (m->why_not && !m->when)
        place_bad(r, &m->why_not, reg,
                  "move %s: otherwise says what is missing when a condition fails, but there is no when", m->name);
    const struct field *stamp = link_field(r, &m->stamp, reg, reg);
    if (stamp && stamp->type != TYPE_DATE && stamp->type != TYPE_INSTANT)
        place_bad(r, &m->stamp, reg, "stamp: %s is a field of type %s, expected date or instant", stamp->name,
                  field_type_word[stamp->type]);
    move_clocks(r, m, reg);
    move_makes(r, m, reg);
}

static void link_clock_def(struct reader *r, const struct clock_def *c, const struct reg *reg)
{
    const struct field *f = link_field(r, &c->field, reg, reg);
    bool fits = f && (f->type == TYPE_DATE || (f->type == TYPE_INSTANT && c->unit == 'h'));
    if (f && !fits)
        place_bad(r, &c->field, reg, "clock %s: %s is a field of type %s, expected date", c->name, f->name,
                  field_type_word[f->type]);
    link_expr(r, &c->when, reg, NULL, USE_CONDITION);
}

/* --- makes */

static void link_make(struct reader *r, struct make *m, const struct reg *reg)
{
    const struct reg *into = link_reg(r, &m->into, reg);
    link_expr(r, &m->when, reg, NULL, USE_CONDITION);
    const struct field *back = link_field(r, &m->back, reg, reg);
    if (back && into && (back->type != TYPE_REF || !back->ref_name || strcmp(back->ref_name, into->name)))
        place_bad(r, &m->back, reg, "back: %s must be a ref to %s", back->name, into->name);
    for (size_t i = 0; into && i < m->nset; i++) {
        const struct field *target = link_field(r, &m->set_field[i], reg, into);
        if (target && target->computed)
            place_bad(r, &m->set_field[i], reg, "%s.%s is computed and cannot be set", into->name, target->name);
        else if (target)
            link_expr_for(r, &m->set_expr[i], reg, NULL, target);
    }
}

void link_flow(struct reader *r, struct reg *reg)
{
    link_states(r, reg);
    for (size_t i = 0; i < reg->nclocks; i++)
        link_clock_def(r, &reg->clocks[i], reg);
    for (size_t i = 0; i < reg->nmakes; i++)
        link_make(r, &reg->makes[i], reg);
    for (size_t i = 0; i < reg->nmoves; i++)
        link_move(r, &reg->moves[i], reg);
}

/* --- import */

static void link_cross(struct reader *r, const struct reg *reg)
{
    const struct import_def *d = &reg->import;
    if (d->cross_child && !reg_child(reg, d->cross_child))
        place_bad(r, &d->cross_child, reg, "%s has no child table %s", reg->name, d->cross_child);
    link_fields(r, d->cross_parts, reg, NULL);
}

static void link_group(struct reader *r, const struct import_group *g, const struct reg *child,
                       const struct reg *reg)
{
    for (size_t i = 0; i < g->nset; i++) {
        const struct field *f = link_field(r, &g->set_field[i], reg, child);
        if (f && f->nchoices && !field_choice(f, g->set_value[i]))
            place_bad(r, &g->set_value[i], reg, "%s has no choice %s", f->name, g->set_value[i]);
    }
}

void link_import(struct reader *r, struct reg *reg)
{
    const struct import_def *d = &reg->import;
    link_field(r, &d->sheet_field, reg, reg);
    const struct field *as_of = link_field(r, &d->as_of, reg, reg);
    if (as_of && as_of->type != TYPE_DATE)
        place_bad(r, &d->as_of, reg, "as_of: %s is a field of type %s, expected date", as_of->name,
                  field_type_word[as_of->type]);
    if (d->state_columns && !reg->nstates)
        place_bad(r, &d->state_columns, reg, "state_column: %s has no states", reg->name);
    for (size_t i = 0; i < d->nstates; i++) {
        link_expr(r, &d->states[i].when, reg, NULL, USE_CONDITION);
        link_state(r, &d->states[i].state, reg);
        if (!d->states[i].when && i + 1 < d->nstates)
            place_bad(r, &d->states[i], reg, "import: an entry without when comes last");
    }
    link_cross(r, reg);
    for (size_t c = 0; c < reg->nchildren; c++)
        for (size_t i = 0; i < reg->children[c].ngroups; i++)
            link_group(r, &reg->children[c].groups[i], &reg->children[c], reg);
}
