/* SPDX-License-Identifier: Apache-2.0 */
/* expr_eval.c: the value of a bound expression on one record. query_expr.c says the same in SQL; a property test
 * holds the two together, so a change here is a change there. */
#include "base/date.h"
#include "model/expr.h"
#include "model/schema.h"

#include <string.h>

static const int64_t day_ms = 86400000;

struct eval {
    struct arena *a;
    const struct scope *s;
};

static struct value eval(const struct eval *v, const struct expr *x);

static bool truth(const struct eval *v, const struct expr *x)
{
    struct value r = eval(v, x);
    return r.kind == VALUE_INT && r.i != 0;
}

static struct value special(const struct scope *s, enum expr_special what)
{
    switch (what) {
    case SP_STATE:
        return value_text(s->state);
    case SP_TODAY:
        return value_int(s->today);
    case SP_NOW:
        return value_int(now_ms() / 60000 * 60000); /* as precise as an instant is written: to the minute */
    case SP_HAPPENED:
        return s->happened == DAY_NONE ? value_null() : value_int(s->happened);
    case SP_ENTERED:
        return s->entered ? value_int(s->entered) : value_null();
    case SP_HOME:
        return value_int(s->home);
    default:
        return value_int(s->unit);
    }
}

/* Several choices are kept as ",a,b,". */
static bool has_code(const char *codes, const char *code)
{
    size_t n = strlen(code);

    for (const char *p = codes; (p = strstr(p, code)); p++)
        if (p > codes && p[-1] == ',' && p[n] == ',')
            return true;
    return false;
}

static bool holds(enum expr_op op, const struct expr *l, struct value a, struct value b)
{
    if (a.kind == VALUE_NULL || b.kind != a.kind)
        return false;
    if (l->type == EXT_CODES && a.kind == VALUE_TEXT && a.s && b.s)
        return has_code(a.s, b.s) == (op == EX_EQ);
    int c = value_compare(a, b);
    switch (op) {
    case EX_EQ:
        return c == 0;
    case EX_NE:
        return c != 0;
    case EX_LT:
        return c < 0;
    case EX_LE:
        return c <= 0;
    case EX_GT:
        return c > 0;
    default:
        return c >= 0;
    }
}

static bool eval_in(const struct eval *v, const struct expr *x)
{
    struct value l = eval(v, x->arg[0]);

    for (int i = 1; i < x->nargs; i++)
        if (holds(EX_EQ, x->arg[0], l, eval(v, x->arg[i])))
            return true;
    return false;
}

static struct value shift(const struct eval *v, const struct expr *x, struct value l)
{
    const struct expr *span = x->arg[1];
    int n = (int)(x->op == EX_SUB ? -span->v.i : span->v.i);
    bool instant = x->type == EXT_INSTANT;

    if (l.kind != VALUE_INT)
        return value_null();
    int32_t day = instant ? instant_day(l.i) : (int32_t)l.i;
    int32_t to = day + n;
    if (span->span == 'm')
        to = day_add_months(day, n);
    else if (span->span == 'w' && v->s->working_day)
        to = v->s->working_day(day, n, v->s->working_arg);
    return value_int(instant ? l.i + (to - day) * day_ms : to);
}

static struct value arithmetic(const struct eval *v, const struct expr *x)
{
    struct value l = eval(v, x->arg[0]);
    int64_t out = 0;
    bool over;

    if (x->op != EX_MUL && x->arg[1]->type == EXT_SPAN)
        return shift(v, x, l);
    struct value r = eval(v, x->arg[1]);
    if (l.kind != VALUE_INT || r.kind != VALUE_INT)
        return value_null();
    if (x->op == EX_ADD)
        over = __builtin_add_overflow(l.i, r.i, &out);
    else if (x->op == EX_SUB)
        over = __builtin_sub_overflow(l.i, r.i, &out);
    else
        over = __builtin_mul_overflow(l.i, r.i, &out);
    return over ? value_null() : value_int(out);
}

static const char *choice_label(const struct field *f, const char *code)
{
    for (size_t i = 0; f && i < f->nchoices; i++)
        if (!strcmp(f->choices[i].code, code) && f->choices[i].label.t[LANG_HANS])
            return f->choices[i].label.t[LANG_HANS];
    return code;
}

static const char *state_label(const struct reg *r, const char *state)
{
    for (size_t i = 0; r && i < r->nstates; i++)
        if (!strcmp(r->states[i].name, state) && r->states[i].label.t[LANG_HANS])
            return r->states[i].label.t[LANG_HANS];
    return state;
}

static const char *number_text(struct arena *a, int64_t v, int scale)
{
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, unit = 1;

    for (int i = 0; i < scale; i++)
        unit *= 10;
    if (!scale)
        return arena_printf(a, "%lld", (long long)v);
    return arena_printf(a, "%s%llu.%0*llu", v < 0 ? "-" : "", (unsigned long long)(u / unit), scale,
                        (unsigned long long)(u % unit));
}

/* A value inside concat: as people read it, "" for nothing. */
static const char *say(const struct eval *v, const struct expr *x)
{
    struct value r = eval(v, x);
    char day[16], minute[32];

    if (r.kind == VALUE_NULL)
        return "";
    switch (x->type) {
    case EXT_BOOL:
        return r.i ? "是" : "否";
    case EXT_NUMBER:
    case EXT_ID:
        return number_text(v->a, r.i, x->scale);
    case EXT_DAY:
        return arena_str(v->a, day_iso((int32_t)r.i, day));
    case EXT_INSTANT:
        return arena_str(v->a, instant_local(r.i, minute));
    case EXT_CODE:
        return choice_label(x->field, r.s);
    case EXT_STATE:
        return state_label(x->reg, r.s);
    default:
        return r.s;
    }
}

static struct value concat(const struct eval *v, const struct expr *x)
{
    const char *part[8];
    size_t n = 0;

    for (int i = 0; i < x->nargs; i++)
        n += strlen(part[i] = say(v, x->arg[i]));
    if (!n)
        return value_null();
    char *out = arena_alloc(v->a, n + 1), *p = out;
    for (int i = 0; i < x->nargs; i++)
        p = stpcpy(p, part[i]);
    return value_text(out);
}

/* The parts that are not empty, with the first argument between them. */
static struct value join(const struct eval *v, const struct expr *x)
{
    const char *between = x->arg[0]->v.s, *part[8];
    size_t n = 0;

    for (int i = 1; i < x->nargs; i++)
        n += strlen(part[i] = say(v, x->arg[i])) + strlen(between);
    char *out = arena_alloc(v->a, n + 1), *p = out;
    for (int i = 1; i < x->nargs; i++)
        if (*part[i])
            p = stpcpy(stpcpy(p, p > out ? between : ""), part[i]);
    return p > out ? value_text(out) : value_null();
}

static struct value lower(const struct eval *v, struct value t)
{
    if (t.kind != VALUE_TEXT)
        return value_null();
    char *s = arena_str(v->a, t.s);
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return value_text(s);
}

static struct value count_rows(const struct eval *v, const struct expr *x)
{
    const struct reg *r = v->s->reg;

    for (size_t i = 0; r && i < r->nchildren && i < sizeof v->s->child_count / sizeof *v->s->child_count; i++)
        if (&r->children[i] == x->counted)
            return value_int((int64_t)v->s->child_count[i]);
    return value_int(0);
}

/* Functions of one day or instant. */
static struct value of_day(enum expr_fn fn, struct value d)
{
    if (d.kind != VALUE_INT)
        return value_null();
    switch (fn) {
    case FN_YEAR:
        return value_int(day_ymd((int32_t)d.i).y);
    case FN_MONTH:
        return value_int(day_ymd((int32_t)d.i).m);
    case FN_DAY:
        return value_int(instant_day(d.i));
    case FN_INSTANT:
        return value_int(day_instant((int32_t)d.i, 0));
    default:
        return value_int(day_month_first((int32_t)d.i));
    }
}

static struct value call(const struct eval *v, const struct expr *x)
{
    struct value r = value_null();

    switch (x->fn) {
    case FN_DAYS: {
        struct value from = eval(v, x->arg[0]), to = eval(v, x->arg[1]);
        return from.kind && to.kind ? value_int(to.i - from.i) : value_null();
    }
    case FN_CONCAT:
        return concat(v, x);
    case FN_JOIN:
        return join(v, x);
    case FN_COALESCE:
        for (int i = 0; i < x->nargs && r.kind == VALUE_NULL; i++)
            r = eval(v, x->arg[i]);
        return r;
    case FN_LOWER:
        return lower(v, eval(v, x->arg[0]));
    case FN_COUNT:
        return count_rows(v, x);
    case FN_IF:
        return eval(v, truth(v, x->arg[0]) ? x->arg[1] : x->arg[2]);
    default:
        return of_day(x->fn, eval(v, x->arg[0]));
    }
}

static struct value logic(const struct eval *v, const struct expr *x)
{
    switch (x->op) {
    case EX_OR:
        return value_int(truth(v, x->arg[0]) || truth(v, x->arg[1]));
    case EX_AND:
        return value_int(truth(v, x->arg[0]) && truth(v, x->arg[1]));
    case EX_NOT:
        return value_int(!truth(v, x->arg[0]));
    case EX_IN:
        return value_int(eval_in(v, x));
    case EX_EMPTY:
        return value_int(eval(v, x->arg[0]).kind == VALUE_NULL);
    case EX_NOT_EMPTY:
        return value_int(eval(v, x->arg[0]).kind != VALUE_NULL);
    default:
        return value_int(holds(x->op, x->arg[0], eval(v, x->arg[0]), eval(v, x->arg[1])));
    }
}

static struct value eval(const struct eval *v, const struct expr *x)
{
    const struct scope *s = v->s;

    switch (x->op) {
    case EX_CONST:
        return x->v;
    case EX_FIELD:
        return s->values ? s->values[x->field->index] : value_null();
    case EX_CHILD_FIELD:
        return s->row ? s->row[x->field->index] : value_null();
    case EX_SPECIAL:
        return special(s, x->special);
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
        return arithmetic(v, x);
    case EX_CALL:
        return call(v, x);
    case EX_SPAN:
        return value_null();
    default:
        return logic(v, x);
    }
}

struct value expr_eval(struct arena *a, const struct expr *x, const struct scope *s)
{
    return eval(&(struct eval){a, s}, x);
}

bool expr_true(struct arena *a, const struct expr *x, const struct scope *s)
{
    return truth(&(struct eval){a, s}, x);
}
