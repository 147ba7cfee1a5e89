/* SPDX-License-Identifier: Apache-2.0 */
/* expr_bind.c: an expression bound to a register, and its types checked.
 *
 * What differs in kind but may be compared is brought together here once (decimals by scale, instants by their
 * day), so that evaluation and SQL only ever see equal kinds. */
#include <string.h>

#include "model/expr_name.h"

enum { SCALE_MAX = 8 };

static const struct {
    const char *word;
    enum expr_fn fn;
    int min, max;
} functions[] = {
    {"year", FN_YEAR, 1, 1},         {"month", FN_MONTH, 1, 1},
    {"days", FN_DAYS, 2, 2},         {"concat", FN_CONCAT, 1, 8},
    {"coalesce", FN_COALESCE, 2, 8}, {"lower", FN_LOWER, 1, 1},
    {"count", FN_COUNT, 1, 1},       {"if", FN_IF, 3, 3},
    {"join", FN_JOIN, 2, 8},
};

static struct expr *wrap(struct bind *b, enum expr_fn fn, struct expr *inner, enum expr_type type)
{
    struct expr *x = arena_alloc(b->a, sizeof *x);
    x->op = EX_CALL;
    x->fn = fn;
    x->type = type;
    x->nargs = 1;
    x->arg[0] = inner;
    x->at = inner->at;
    x->depth = inner->depth + 1;
    return x;
}

/* Bring a number to a larger scale: constants at once, others by multiplying. */
static int upscale(struct bind *b, struct expr **px, int scale)
{
    struct expr *x = *px;
    int64_t factor = 1;

    for (int i = x->scale; i < scale; i++)
        factor *= 10;
    if (factor == 1)
        return 0;
    if (x->op == EX_CONST) {
        if (__builtin_mul_overflow(x->v.i, factor, &x->v.i))
            return bind_fail(b, x, "the number is too large");
        x->scale = scale;
        return 0;
    }
    struct expr *k = arena_alloc(b->a, sizeof *k), *m = arena_alloc(b->a, sizeof *m);
    *k = (struct expr){.op = EX_CONST,
                       .type = EXT_NUMBER,
                       .v = value_int(factor),
                       .scale = scale - x->scale,
                       .at = x->at,
                       .depth = 1};
    *m = (struct expr){
        .op = EX_MUL, .type = EXT_NUMBER, .scale = scale, .nargs = 2, .at = x->at, .depth = x->depth + 1};
    m->arg[0] = x;
    m->arg[1] = k;
    *px = m;
    return 0;
}

/* Make two values of one kind; what names the operation in the message. */
static int unify(struct bind *b, struct expr **l, struct expr **r, const char *what)
{
    enum expr_type lt = (*l)->type, rt = (*r)->type;

    if (lt == EXT_NUMBER && rt == EXT_NUMBER) {
        int scale = (*l)->scale > (*r)->scale ? (*l)->scale : (*r)->scale;
        return upscale(b, l, scale) || upscale(b, r, scale) ? -1 : 0;
    }
    if (lt == EXT_DAY && rt == EXT_INSTANT) {
        *r = wrap(b, FN_DAY, *r, EXT_DAY);
        return 0;
    }
    if (lt == EXT_INSTANT && rt == EXT_DAY) {
        *l = wrap(b, FN_DAY, *l, EXT_DAY);
        return 0;
    }
    if (lt != rt)
        return bind_fail(b, *r, "%s: %s and %s do not go together", what, name_type_word[lt], name_type_word[rt]);
    return 0;
}

static int bind_any(struct bind *b, struct expr *x, struct want w);

static struct want want_of(const struct expr *x)
{
    if ((x->type == EXT_CODE || x->type == EXT_CODES) && x->field)
        return (struct want){x->type, x->field};
    if (x->type == EXT_STATE)
        return (struct want){EXT_STATE, NULL};
    return name_no_want;
}

/* Bind without leaving a word that nobody knows. */
static int bind_known(struct bind *b, struct expr *x, struct want w)
{
    if (bind_any(b, x, w))
        return -1;
    return x->type == EXT_WORD ? name_unknown(b, x) : 0;
}

static bool is_literal(const struct expr *x)
{
    return x->op == EX_CONST && x->name && (x->type == EXT_TEXT || x->type == EXT_NUMBER);
}

/* 'tool' or 12 beside a choice: a code as well. */
static int literal_code(struct bind *b, struct expr *x, struct want w)
{
    return w.type && is_literal(x) ? name_code(b, x, w) : 0;
}

static int bind_pair(struct bind *b, struct expr *l, struct expr *r)
{
    if (bind_any(b, l, name_no_want))
        return -1;
    if (bind_any(b, r, want_of(l)))
        return -1;
    if (l->type == EXT_WORD && want_of(r).type) /* open = state */
        return bind_known(b, l, want_of(r));
    if (l->type == EXT_WORD)
        return name_unknown(b, l);
    if (r->type == EXT_WORD)
        return name_unknown(b, r);
    return literal_code(b, r, want_of(l)) || literal_code(b, l, want_of(r)) ? -1 : 0;
}

/* Several choices: = and in ask whether it has a code, != whether it has not; order has no meaning. */
static int check_pair(struct bind *b, struct expr *x, int i)
{
    struct expr *l = x->arg[0], *r = x->arg[i];
    bool order = x->op >= EX_LT && x->op <= EX_GE;

    if (l->type == EXT_CODES && r->type == EXT_CODE && r->op == EX_CONST && !order)
        return 0;
    if (r->type == EXT_CODES || l->type == EXT_CODES)
        return bind_fail(b, r, "several choices are compared with = != in and a code on the right");
    if (unify(b, &x->arg[0], &x->arg[i], "comparison"))
        return -1;
    enum expr_type t = x->arg[0]->type;
    if (t == EXT_SPAN)
        return bind_fail(b, x, "an amount of time is added to a date, not compared");
    if (order && t != EXT_NUMBER && t != EXT_DAY && t != EXT_INSTANT && t != EXT_TEXT)
        return bind_fail(b, x, "%s has no order: only = != and in", name_type_word[t]);
    return 0;
}

static int bind_compare(struct bind *b, struct expr *x)
{
    x->type = EXT_BOOL;
    return bind_pair(b, x->arg[0], x->arg[1]) || check_pair(b, x, 1) ? -1 : 0;
}

static int bind_in(struct bind *b, struct expr *x)
{
    x->type = EXT_BOOL;
    if (bind_known(b, x->arg[0], name_no_want))
        return -1;
    for (int i = 1; i < x->nargs; i++)
        if (bind_known(b, x->arg[i], want_of(x->arg[0])) || literal_code(b, x->arg[i], want_of(x->arg[0])) ||
            check_pair(b, x, i))
            return -1;
    for (int i = 1; i < x->nargs; i++) /* once more: a later one may have raised the scale */
        if (check_pair(b, x, i))
            return -1;
    return 0;
}

static int bind_logic(struct bind *b, struct expr *x)
{
    x->type = EXT_BOOL;
    for (int i = 0; i < x->nargs; i++) {
        if (bind_known(b, x->arg[i], name_no_want))
            return -1;
        if (x->arg[i]->type != EXT_BOOL)
            return bind_fail(b, x->arg[i], "expected a condition, this is %s", name_type_word[x->arg[i]->type]);
    }
    return 0;
}

static int bind_empty(struct bind *b, struct expr *x)
{
    x->type = EXT_BOOL;
    if (bind_known(b, x->arg[0], name_no_want))
        return -1;
    return x->arg[0]->type == EXT_SPAN ? bind_fail(b, x, "an amount of time is never empty") : 0;
}

static int bind_sum(struct bind *b, struct expr *x)
{
    if (bind_known(b, x->arg[0], name_no_want) || bind_known(b, x->arg[1], name_no_want))
        return -1;
    if (x->op == EX_ADD && x->arg[0]->type == EXT_SPAN) {
        struct expr *swap = x->arg[0];
        x->arg[0] = x->arg[1];
        x->arg[1] = swap;
    }
    enum expr_type l = x->arg[0]->type, r = x->arg[1]->type;
    if ((l == EXT_DAY || l == EXT_INSTANT) && r == EXT_SPAN) {
        x->type = l;
        return 0;
    }
    if (x->op == EX_SUB && (l == EXT_DAY || l == EXT_INSTANT) && (r == EXT_DAY || r == EXT_INSTANT)) {
        for (int i = 0; i < 2; i++)
            if (x->arg[i]->type == EXT_INSTANT)
                x->arg[i] = wrap(b, FN_DAY, x->arg[i], EXT_DAY);
        x->type = EXT_NUMBER;
        return 0;
    }
    if (l == EXT_NUMBER && r == EXT_NUMBER) {
        if (unify(b, &x->arg[0], &x->arg[1], "sum"))
            return -1;
        x->type = EXT_NUMBER;
        x->scale = x->arg[0]->scale;
        return 0;
    }
    if (l == EXT_TEXT || r == EXT_TEXT)
        return bind_fail(b, x, "texts are joined by concat(a, b)");
    if (r == EXT_NUMBER && (l == EXT_DAY || l == EXT_INSTANT))
        return bind_fail(b, x->arg[1], "an amount of time needs its unit: 5 wd, 30 d, 2 months");
    return bind_fail(b, x, "%s and %s cannot be %s", name_type_word[l], name_type_word[r],
                     x->op == EX_ADD ? "added" : "subtracted");
}

static int bind_mul(struct bind *b, struct expr *x)
{
    for (int i = 0; i < 2; i++) {
        if (bind_known(b, x->arg[i], name_no_want))
            return -1;
        if (x->arg[i]->type != EXT_NUMBER)
            return bind_fail(b, x->arg[i], "expected a number, this is %s", name_type_word[x->arg[i]->type]);
    }
    x->type = EXT_NUMBER;
    x->scale = x->arg[0]->scale + x->arg[1]->scale;
    return x->scale > SCALE_MAX ? bind_fail(b, x, "the product has more than %d decimals", SCALE_MAX) : 0;
}

static int bind_count(struct bind *b, struct expr *x)
{
    const struct expr *n = x->arg[0];

    for (size_t i = 0; n->op == EX_FIELD && i < b->reg->nchildren; i++)
        if (!strcmp(b->reg->children[i].name, n->name))
            x->counted = &b->reg->children[i];
    x->type = EXT_NUMBER;
    x->nargs = 0;
    if (x->counted)
        return 0;
    const char **names = arena_array(b->a, b->reg->nchildren + 1, sizeof *names);
    for (size_t i = 0; i < b->reg->nchildren; i++)
        names[i] = b->reg->children[i].name;
    const char *word = n->name ? n->name : "";
    return bind_fail(b, n, "count() takes a child table of %s%s", b->reg->name, name_hint(b, names, word));
}

/* coalesce(a, b, …) and the two arms of if: one kind. */
static int bind_arms(struct bind *b, struct expr *x, int first, struct want w)
{
    for (int i = first; i < x->nargs; i++) {
        if (i > first && !w.type)
            w = want_of(x->arg[first]);
        if (bind_known(b, x->arg[i], w) || literal_code(b, x->arg[i], w))
            return -1;
    }
    for (int round = 0; round < 2; round++) /* the second brings all to the largest scale */
        for (int i = first + 1; i < x->nargs; i++)
            if (unify(b, &x->arg[first], &x->arg[i], x->name))
                return -1;
    const struct expr *r = x->arg[first];
    if (r->type == EXT_SPAN || r->type == EXT_CODES)
        return bind_fail(b, x, "%s() cannot give %s", x->name, name_type_word[r->type]);
    x->type = r->type;
    x->scale = r->scale;
    x->field = r->field;
    x->reg = r->reg;
    return 0;
}

static int bind_day_arg(struct bind *b, struct expr *x, int i)
{
    if (bind_known(b, x->arg[i], name_no_want))
        return -1;
    if (x->arg[i]->type == EXT_INSTANT)
        x->arg[i] = wrap(b, FN_DAY, x->arg[i], EXT_DAY);
    if (x->arg[i]->type != EXT_DAY)
        return bind_fail(b, x->arg[i], "%s() takes a date, this is %s", x->name, name_type_word[x->arg[i]->type]);
    return 0;
}

static int bind_concat(struct bind *b, struct expr *x)
{
    for (int i = 0; i < x->nargs; i++) {
        if (bind_known(b, x->arg[i], name_no_want))
            return -1;
        enum expr_type t = x->arg[i]->type;
        if (t == EXT_SPAN || t == EXT_CODES)
            return bind_fail(b, x->arg[i], "%s() cannot join %s", x->name, name_type_word[t]);
    }
    x->type = EXT_TEXT;
    return 0;
}

static int bind_fn(struct bind *b, struct expr *x, struct want w)
{
    switch (x->fn) {
    case FN_YEAR:
    case FN_MONTH:
        x->type = EXT_NUMBER;
        return bind_day_arg(b, x, 0);
    case FN_DAYS:
        x->type = EXT_NUMBER;
        return bind_day_arg(b, x, 0) || bind_day_arg(b, x, 1) ? -1 : 0;
    case FN_CONCAT:
        return bind_concat(b, x);
    case FN_JOIN:
        if (x->arg[0]->op != EX_CONST || x->arg[0]->v.kind != VALUE_TEXT)
            return bind_fail(b, x->arg[0], "join() takes first what stands between, as a text: join('·', a, b)");
        return bind_concat(b, x);
    case FN_COALESCE:
        return bind_arms(b, x, 0, w);
    case FN_LOWER:
        x->type = EXT_TEXT;
        if (bind_known(b, x->arg[0], name_no_want))
            return -1;
        return x->arg[0]->type == EXT_TEXT ? 0 : bind_fail(b, x->arg[0], "lower() takes a text");
    case FN_COUNT:
        return bind_count(b, x);
    case FN_IF:
        if (bind_known(b, x->arg[0], name_no_want))
            return -1;
        if (x->arg[0]->type != EXT_BOOL)
            return bind_fail(b, x->arg[0], "if() takes a condition first, this is %s",
                             name_type_word[x->arg[0]->type]);
        return bind_arms(b, x, 1, w);
    default:
        return 0;
    }
}

static int bind_call(struct bind *b, struct expr *x, struct want w)
{
    const char *names[sizeof functions / sizeof *functions + 1] = {NULL};

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        names[i] = functions[i].word;
        if (strcmp(functions[i].word, x->name))
            continue;
        if (x->nargs < functions[i].min || x->nargs > functions[i].max)
            return bind_fail(b, x, "%s() takes %d%s value%s", x->name, functions[i].min,
                             functions[i].max > functions[i].min ? " or more" : "",
                             functions[i].max > 1 ? "s" : "");
        x->fn = functions[i].fn;
        return bind_fn(b, x, w);
    }
    return bind_fail(b, x, "there is no function %s()%s", x->name, name_hint(b, names, x->name));
}

static int bind_any(struct bind *b, struct expr *x, struct want w)
{
    switch (x->op) {
    case EX_FIELD:
        return name_bind(b, x, w);
    case EX_OR:
    case EX_AND:
    case EX_NOT:
        return bind_logic(b, x);
    case EX_EQ:
    case EX_NE:
    case EX_LT:
    case EX_LE:
    case EX_GT:
    case EX_GE:
        return bind_compare(b, x);
    case EX_IN:
        return bind_in(b, x);
    case EX_EMPTY:
    case EX_NOT_EMPTY:
        return bind_empty(b, x);
    case EX_ADD:
    case EX_SUB:
        return bind_sum(b, x);
    case EX_MUL:
        return bind_mul(b, x);
    case EX_CALL:
        return bind_call(b, x, w);
    case EX_SPAN:
        x->type = EXT_SPAN;
        return 0;
    default: /* constants came with their type */
        return 0;
    }
}

/* Bind a root: wrapping below may replace its children but never the root itself. */
static int bind_root(struct bind *b, struct expr *x, struct want w)
{
    if (bind_known(b, x, w))
        return -1;
    return x->type == EXT_SPAN ? bind_fail(b, x, "an amount of time is added to a date") : 0;
}

int expr_bind(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child, int *at,
              struct err *e)
{
    struct bind b = {a, reg, child, at, e};
    return bind_root(&b, x, name_no_want);
}

int expr_bind_condition(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child, int *at,
                        struct err *e)
{
    struct bind b = {a, reg, child, at, e};

    if (bind_root(&b, x, name_no_want))
        return -1;
    return x->type == EXT_BOOL ? 0 : bind_fail(&b, x, "expected a condition, this is %s", name_type_word[x->type]);
}

/* Put a converted node in the root's place: the root keeps its address and its text. */
static void replace_root(struct bind *b, struct expr *x, enum expr_fn fn, enum expr_type type)
{
    struct expr *inner = arena_alloc(b->a, sizeof *inner);
    const char *text = x->text;

    *inner = *x;
    *x = *wrap(b, fn, inner, type);
    x->text = text;
}

static int fit_number(struct bind *b, struct expr *x, const struct field *t)
{
    int scale = name_scale(t);

    if (x->scale > scale)
        return bind_fail(b, x, "it has %d decimals, %s keeps %d", x->scale, t->name, scale);
    struct expr *inner = arena_alloc(b->a, sizeof *inner);
    *inner = *x;
    const char *text = x->text;
    if (upscale(b, &inner, scale))
        return -1;
    *x = *inner;
    x->text = text;
    return 0;
}

int expr_bind_for(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child,
                  const struct field *target, int *at, struct err *e)
{
    struct bind b = {a, reg, child, at, e};
    enum expr_type want = name_type(target);
    struct want w = want == EXT_CODE || want == EXT_CODES ? (struct want){want, target} : name_no_want;

    if (bind_root(&b, x, w) || literal_code(&b, x, w))
        return -1;
    if (want == EXT_NUMBER && x->type == EXT_NUMBER)
        return fit_number(&b, x, target);
    if (want == EXT_DAY && x->type == EXT_INSTANT)
        replace_root(&b, x, FN_DAY, EXT_DAY);
    if (target->type == TYPE_MONTH && x->type == EXT_DAY)
        replace_root(&b, x, FN_FIRST, EXT_DAY);
    if (want == EXT_INSTANT && x->type == EXT_DAY)
        replace_root(&b, x, FN_INSTANT, EXT_INSTANT);
    if (want == EXT_CODES && x->type == EXT_CODE && x->op == EX_CONST) {
        x->v = value_text(arena_printf(a, ",%s,", x->v.s));
        x->type = EXT_CODES;
    }
    if (want == EXT_CODE && x->type == EXT_CODE && x->field && x->op != EX_CONST)
        for (size_t i = 0; i < x->field->nchoices; i++)
            if (!name_choice(target, x->field->choices[i].code))
                return bind_fail(&b, x, "%s has a choice %s that %s has not", x->field->name,
                                 x->field->choices[i].code, target->name);
    if (x->type != want)
        return bind_fail(&b, x, "%s keeps %s, this is %s", target->name, name_type_word[want],
                         name_type_word[x->type]);
    return 0;
}

bool expr_needs_calendar(const struct expr *x)
{
    if (x->op == EX_SPAN && x->span == 'w')
        return true;
    for (int i = 0; i < x->nargs; i++)
        if (expr_needs_calendar(x->arg[i]))
            return true;
    return false;
}
