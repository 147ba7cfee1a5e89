/* SPDX-License-Identifier: Apache-2.0 */
/* expr_name.c: what a word in an expression stands for: a field, a code, a state, a word of the language. */
#include "model/expr_name.h"

#include <string.h>

#include "base/map.h"

const struct want name_no_want = {EXT_NONE, NULL};

const char *const name_type_word[EXT__MAX] = {
    "nothing", "a word",   "true or false",   "a number", "a date",      "an instant",
    "a text",  "a choice", "several choices", "a state",  "a reference", "an amount of time"};

static const struct {
    const char *word;
    enum expr_special special;
    enum expr_type type;
} specials[] = {
    {"state", SP_STATE, EXT_STATE},     {"today", SP_TODAY, EXT_DAY},         {"now", SP_NOW, EXT_INSTANT},
    {"happened", SP_HAPPENED, EXT_DAY}, {"entered", SP_ENTERED, EXT_INSTANT}, {"home", SP_HOME, EXT_ID},
    {"unit", SP_UNIT, EXT_ID},
};

int bind_fail(struct bind *b, const struct expr *x, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *msg = arena_vprintf(b->a, fmt, ap);
    va_end(ap);
    if (b->where)
        *b->where = x->at;
    return err_set(b->e, ERR_INPUT, "%s", msg);
}

enum expr_type name_type(const struct field *f)
{
    static const enum expr_type kinds[TYPE__MAX] = {
        [TYPE_TEXT] = EXT_TEXT,      [TYPE_LONGTEXT] = EXT_TEXT,   [TYPE_INT] = EXT_NUMBER,
        [TYPE_DECIMAL] = EXT_NUMBER, [TYPE_MONEY] = EXT_NUMBER,    [TYPE_DATE] = EXT_DAY,
        [TYPE_MONTH] = EXT_DAY,      [TYPE_INSTANT] = EXT_INSTANT, [TYPE_FLAG] = EXT_BOOL,
        [TYPE_CHOICE] = EXT_CODE,    [TYPE_CHOICES] = EXT_CODES,   [TYPE_PHONE] = EXT_TEXT,
        [TYPE_IDNO] = EXT_TEXT,      [TYPE_CREDIT] = EXT_TEXT,     [TYPE_UNIT] = EXT_ID,
        [TYPE_GRID] = EXT_ID,        [TYPE_PERSON] = EXT_TEXT,     [TYPE_REF] = EXT_ID,
        [TYPE_FILE] = EXT_ID,        [TYPE_LOCATION] = EXT_TEXT,
    };
    return kinds[f->type];
}

int name_scale(const struct field *f)
{
    return f->type == TYPE_MONEY ? 2 : f->type == TYPE_DECIMAL ? f->places : 0;
}

static const struct field *find_field(const struct reg *r, const char *name)
{
    for (size_t i = 0; r && i < r->nfields; i++)
        if (!strcmp(r->fields[i].name, name))
            return &r->fields[i];
    return NULL;
}

const struct choice *name_choice(const struct field *f, const char *code)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (!strcmp(f->choices[i].code, code))
            return &f->choices[i];
    return NULL;
}

static bool find_state(const struct reg *r, const char *name)
{
    for (size_t i = 0; i < r->nstates; i++)
        if (!strcmp(r->states[i].name, name))
            return true;
    return false;
}

const char *name_hint(struct bind *b, const char **names, const char *word)
{
    const char *near = word_nearest(names, word);
    return near ? arena_printf(b->a, " (did you mean %s?)", near) : "";
}

int name_unknown(struct bind *b, const struct expr *x)
{
    size_t n = 0,
           max = b->reg->nfields + (b->child ? b->child->nfields : 0) + sizeof specials / sizeof *specials + 1;
    const char **names = arena_array(b->a, max, sizeof *names);

    for (size_t i = 0; b->child && i < b->child->nfields; i++)
        names[n++] = b->child->fields[i].name;
    for (size_t i = 0; i < b->reg->nfields; i++)
        names[n++] = b->reg->fields[i].name;
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        names[n++] = specials[i].word;
    return bind_fail(b, x, "%s has no field %s%s", b->child ? b->child->name : b->reg->name, x->name,
                     name_hint(b, names, x->name));
}

int name_code(struct bind *b, struct expr *x, struct want w)
{
    const char *word = x->name;

    if (w.type == EXT_STATE) {
        if (!find_state(b->reg, word)) {
            const char **names = arena_array(b->a, b->reg->nstates + 1, sizeof *names);
            for (size_t i = 0; i < b->reg->nstates; i++)
                names[i] = b->reg->states[i].name;
            return bind_fail(b, x, "%s has no state %s%s", b->reg->name, word, name_hint(b, names, word));
        }
        x->reg = b->reg;
    } else if (!name_choice(w.field, word)) {
        const char **names = arena_array(b->a, w.field->nchoices + 1, sizeof *names);
        for (size_t i = 0; i < w.field->nchoices; i++)
            names[i] = w.field->choices[i].code;
        return bind_fail(b, x, "%s has no choice %s%s", w.field->name, word, name_hint(b, names, word));
    }
    x->op = EX_CONST;
    x->type = w.type == EXT_STATE ? EXT_STATE : EXT_CODE;
    x->field = w.field;
    x->v = value_text(word);
    return 0;
}

int name_bind(struct bind *b, struct expr *x, struct want w)
{
    if (w.type == EXT_STATE ? find_state(b->reg, x->name) : w.type && name_choice(w.field, x->name))
        return name_code(b, x, w);
    const struct field *f = find_field(b->child, x->name);
    if (f)
        x->op = EX_CHILD_FIELD;
    else
        f = find_field(b->reg, x->name);
    if (f) {
        x->field = f;
        x->type = name_type(f);
        x->scale = name_scale(f);
        return 0;
    }
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (strcmp(specials[i].word, x->name))
            continue;
        x->op = EX_SPECIAL;
        x->special = specials[i].special;
        x->type = specials[i].type;
        x->reg = b->reg;
        if (x->special == SP_STATE && !b->reg->nstates)
            return bind_fail(b, x, "%s has no states", b->reg->name);
        return 0;
    }
    if (w.type)
        return name_code(b, x, w);
    x->type = EXT_WORD;
    return 0;
}
