/* SPDX-License-Identifier: Apache-2.0 */
/* intake_words.c: every header that the registers understand, folded, in one map. */
#include <string.h>

#include "base/utf8.h"
#include "model/intake_parts.h"

bool word_in(const char *const *list, const char *word)
{
    for (; list && *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

static void words_put(struct words *w, const char *folded, struct use u)
{
    struct uses *us = map_get(w->by_fold, folded);

    if (!*folded)
        return;
    if (!us) {
        us = arena_alloc(w->a, sizeof *us);
        map_put(w->by_fold, folded, us);
    }
    for (size_t i = 0; i < us->n; i++)
        if (us->v[i].reg == u.reg && strcmp(us->v[i].target, u.target) == 0 && us->v[i].group == u.group)
            return;
    VEC_PUSH(w->a, us->v, us->n, us->cap) = u;
}

/* Under the field's label and aliases, each with a folded parent header before it. */
static void words_field(struct words *w, const char *parent, struct use u)
{
    const struct field *f = u.field;

    if (f->type == TYPE_FILE)
        return;
    words_put(w, arena_printf(w->a, "%s%s", parent, text_fold(w->a, f->label.t[LANG_HANS])), u);
    for (const char *const *p = (const char *const *)f->aliases; p && *p; p++)
        words_put(w, arena_printf(w->a, "%s%s", parent, text_fold(w->a, *p)), u);
}

static void words_child(struct words *w, const struct reg *reg, const struct reg *child)
{
    bool cross = reg->import.cross_child && strcmp(reg->import.cross_child, child->name) == 0;

    for (size_t i = 0; i < child->nfields; i++) {
        const struct field *f = &child->fields[i];
        struct use u = {.reg = reg,
                        .child = child,
                        .field = f,
                        .score = 0.95,
                        .cross = cross,
                        .target = arena_printf(w->a, "%s.%s", child->name, f->name)};

        if (child->ngroups == 0 || f->split)
            words_field(w, "", u);
        for (size_t g = 0; g < child->ngroups; g++) {
            u.group = &child->groups[g];
            words_field(w, text_fold(w->a, u.group->header), u);
        }
    }
}

static void words_other(struct words *w, const struct reg *reg, const struct field *via)
{
    for (size_t i = 0; i < via->ref->nfields; i++) {
        const struct field *f = &via->ref->fields[i];

        if (!f->computed && f->type != TYPE_REF)
            words_field(w, "",
                        (struct use){.reg = reg,
                                     .via = via,
                                     .field = f,
                                     .score = 0.7,
                                     .target = arena_printf(w->a, "%s.%s", via->name, f->name)});
    }
}

static void words_reg(struct words *w, const struct reg *reg)
{
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];

        words_field(w, "", (struct use){.reg = reg, .field = f, .score = 1, .target = f->computed ? "" : f->name});
        if (f->type == TYPE_REF && f->ref && f->ref != reg && !f->hidden)
            words_other(w, reg, f);
    }
    for (const char *const *p = (const char *const *)reg->import.state_columns; p && *p; p++)
        words_put(w, text_fold(w->a, *p), (struct use){.reg = reg, .score = 1, .target = "state"});
    for (size_t i = 0; i < reg->nchildren; i++)
        words_child(w, reg, &reg->children[i]);
}

struct words *words_new(struct arena *a, const struct schema *s, const struct reg *only)
{
    struct words *w = arena_alloc(a, sizeof *w);

    w->a = a;
    w->schema = s;
    w->only = only;
    w->by_fold = map_new(a);
    for (size_t i = 0; i < s->nregs; i++)
        if (!only || s->regs[i] == only)
            words_reg(w, s->regs[i]);
    return w;
}

const struct uses *words_find(const struct words *w, const char *folded)
{
    return *folded ? map_get(w->by_fold, folded) : NULL;
}

static const struct import_group *group_named(const struct reg *child, const char *name)
{
    for (size_t i = 0; name && i < child->ngroups; i++)
        if (strcmp(child->groups[i].header, name) == 0)
            return &child->groups[i];
    return NULL;
}

bool target_use(struct use *out, struct arena *a, const struct reg *reg, const char *target, const char *group)
{
    const char *dot = strchr(target, '.');
    char *head = dot ? arena_strn(a, target, (size_t)(dot - target)) : NULL;
    const struct reg *child = head ? reg_child(reg, head) : NULL;
    const struct field *via = head && !child ? reg_field(reg, head) : NULL;

    *out = (struct use){.reg = reg, .target = target, .score = 1};
    if (!*target || strcmp(target, "state") == 0)
        return !*target || reg->nstates > 0;
    if (!dot) {
        out->field = reg_field(reg, target);
    } else if (child) {
        out->child = child;
        out->field = reg_field(child, dot + 1);
        out->group = group_named(child, group);
        out->cross = reg->import.cross_child && strcmp(reg->import.cross_child, child->name) == 0;
        if (group && *group && !out->group)
            return false;
    } else if (via && via->type == TYPE_REF && via->ref) {
        out->via = via;
        out->field = reg_field(via->ref, dot + 1);
    }
    return out->field && !out->field->computed && out->field->type != TYPE_FILE;
}

const struct state *state_word(struct arena *a, const struct reg *r, const char *text)
{
    const char *fold = text_fold(a, text);

    for (size_t i = 0; i < r->nstates; i++) {
        const struct state *s = &r->states[i];

        if (strcmp(fold, text_fold(a, s->label.t[LANG_HANS])) == 0)
            return s;
        for (const char *const *p = (const char *const *)s->aliases; p && *p; p++)
            if (strcmp(fold, text_fold(a, *p)) == 0)
                return s;
    }
    return NULL;
}
