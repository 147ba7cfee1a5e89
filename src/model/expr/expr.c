/* SPDX-License-Identifier: Apache-2.0 */
/* expr.c: the text of an expression to its tree. Names are resolved later, by expr_bind.
 *
 *   or → and → not → comparison, in, is empty → + - → * → literal, name, call, ( ) */
#include "model/expr.h"

#include <string.h>

#include "base/date.h"

enum { TEXT_MAX = 2000, NODES_MAX = 200, DEPTH_MAX = 40, DIGITS_MAX = 15, ARGS_MAX = 8 };

enum token { T_END, T_NAME, T_NUMBER, T_DATE, T_TEXT, T_SIGN };

struct parse {
    struct arena *a;
    const char *text, *p; /* p: after the token */
    enum token tok;
    const char *at, *s; /* the token's begin; its name, sign or text */
    int64_t num;
    int scale;
    int nodes, depth;
    int *where;
    struct err *e;
    bool bad;
};

static struct expr *fail(struct parse *q, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static struct expr *fail(struct parse *q, const char *at, const char *fmt, ...)
{
    va_list ap;

    if (q->bad) /* the first one counts */
        return NULL;
    q->bad = true;
    va_start(ap, fmt);
    char *msg = arena_vprintf(q->a, fmt, ap);
    va_end(ap);
    if (q->where)
        *q->where = (int)(at - q->text) + 1;
    err_set(q->e, ERR_INPUT, "%s", msg);
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || is_digit(c);
}

static bool lex_date(struct parse *q)
{
    const char *s = q->at;
    char iso[11];

    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? s[i] != '-' : !is_digit(s[i]))
            return false;
        iso[i] = s[i];
    }
    if (is_word(s[10]))
        return false;
    iso[10] = 0;
    int32_t day = day_parse_iso(iso);
    if (day == DAY_NONE) {
        fail(q, s, "there is no day %s", iso);
        return true;
    }
    q->tok = T_DATE;
    q->num = day;
    q->p = s + 10;
    return true;
}

/* A word that begins with a digit may be a choice's code; 30d is an amount of time and stays a number. */
static bool lex_code(struct parse *q)
{
    static const char *const spans[] = {"d", "wd", "month", "months", NULL};
    const char *s = q->at, *end = s;

    while (is_word(*end))
        end++;
    while (is_digit(*s))
        s++;
    if (s == end)
        return false;
    for (int i = 0; spans[i]; i++)
        if (strlen(spans[i]) == (size_t)(end - s) && !strncmp(s, spans[i], (size_t)(end - s)))
            return false;
    q->tok = T_NAME;
    q->s = arena_strn(q->a, q->at, (size_t)(end - q->at));
    q->p = end;
    return true;
}

static void lex_number(struct parse *q)
{
    const char *s = q->at;
    int digits = 0;

    if (lex_date(q) || lex_code(q))
        return;
    q->tok = T_NUMBER;
    q->num = 0;
    q->scale = 0;
    for (; is_digit(*s); s++, digits++)
        q->num = digits < DIGITS_MAX ? q->num * 10 + (*s - '0') : q->num;
    if (*s == '.' && is_digit(s[1]))
        for (s++; is_digit(*s); s++, digits++, q->scale++)
            q->num = digits < DIGITS_MAX ? q->num * 10 + (*s - '0') : q->num;
    if (digits > DIGITS_MAX || q->scale > 6)
        fail(q, q->at, "a number may have %d digits, 6 of them decimals", DIGITS_MAX);
    q->s = arena_strn(q->a, q->at, (size_t)(s - q->at));
    q->p = s;
}

static void lex_text(struct parse *q)
{
    char quote = *q->at;
    char *out = arena_alloc(q->a, strlen(q->at) + 1);
    const char *s = q->at + 1;
    size_t n = 0;

    for (; *s; s++) {
        if (*s == quote && s[1] != quote)
            break;
        if (*s == quote)
            s++;
        out[n++] = *s;
    }
    if (!*s) {
        fail(q, q->at, "the text that begins here has no closing quote");
        return;
    }
    q->tok = T_TEXT;
    q->s = out;
    q->p = s + 1;
}

static void lex_sign(struct parse *q)
{
    static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(", ")", ",", NULL};

    q->tok = T_SIGN;
    for (int i = 0; signs[i]; i++) {
        size_t n = strlen(signs[i]);
        if (!strncmp(q->at, signs[i], n)) {
            q->s = signs[i];
            q->p = q->at + n;
            return;
        }
    }
    q->s = "";
    if (*q->at == '/')
        fail(q, q->at, "there is no division here");
    else
        fail(q, q->at, "unexpected '%.*s' (texts stand in quotes, names are lower case)",
             (unsigned char)*q->at < 128 ? 1 : 3, q->at);
}

static void next(struct parse *q)
{
    while (*q->p == ' ' || *q->p == '\t' || *q->p == '\n' || *q->p == '\r')
        q->p++;
    q->at = q->p;
    q->s = "";
    if (q->bad || !*q->p) {
        q->tok = T_END;
    } else if (is_digit(*q->p)) {
        lex_number(q);
    } else if (is_word(*q->p)) {
        while (is_word(*q->p))
            q->p++;
        q->tok = T_NAME;
        q->s = arena_strn(q->a, q->at, (size_t)(q->p - q->at));
    } else if (*q->p == '\'' || *q->p == '"') {
        lex_text(q);
    } else {
        lex_sign(q);
    }
}

static bool is(const struct parse *q, enum token t, const char *s)
{
    return !q->bad && q->tok == t && !strcmp(q->s, s);
}

static bool take(struct parse *q, enum token t, const char *s)
{
    if (!is(q, t, s))
        return false;
    next(q);
    return true;
}

static struct expr *node(struct parse *q, enum expr_op op, const char *at)
{
    if (++q->nodes > NODES_MAX)
        return fail(q, at, "the expression is too long");
    struct expr *x = arena_alloc(q->a, sizeof *x);
    x->op = op;
    x->at = (int)(at - q->text) + 1;
    x->depth = 1;
    return x;
}

static struct expr *add(struct parse *q, struct expr *x, struct expr *arg)
{
    if (!x || !arg)
        return NULL;
    x->arg[x->nargs++] = arg;
    if (arg->depth + 1 > x->depth)
        x->depth = arg->depth + 1;
    if (x->depth > DEPTH_MAX)
        return fail(q, q->text + x->at - 1, "the expression is nested too deeply");
    return x;
}

static struct expr *binary(struct parse *q, enum expr_op op, const char *at, struct expr *l, struct expr *r)
{
    return l && r ? add(q, add(q, node(q, op, at), l), r) : NULL;
}

static struct expr *parse_or(struct parse *q);

static struct expr *parse_call(struct parse *q, const char *name, const char *at)
{
    struct expr *x = node(q, EX_CALL, at);

    if (x)
        x->name = name;
    if (take(q, T_SIGN, ")"))
        return x;
    do {
        if (x && x->nargs == ARGS_MAX)
            return fail(q, q->at, "%s() takes at most %d values", name, ARGS_MAX);
        x = add(q, x, parse_or(q));
    } while (x && take(q, T_SIGN, ","));
    if (x && !take(q, T_SIGN, ")"))
        return fail(q, q->at, "expected ) to end %s(", name);
    return x;
}

/* After a whole number: 5 wd, 30 d, 2 months. */
static struct expr *parse_span(struct parse *q, struct expr *x)
{
    static const struct {
        const char *word;
        char span;
    } spans[] = {{"wd", 'w'}, {"d", 'd'}, {"months", 'm'}, {"month", 'm'}};

    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        if (!is(q, T_NAME, spans[i].word))
            continue;
        if (x->scale || x->v.i > 36500)
            return fail(q, q->text + x->at - 1, "an amount of time is a whole number up to 36500");
        next(q);
        x->op = EX_SPAN;
        x->span = spans[i].span;
        return x;
    }
    return x;
}

static struct expr *parse_number(struct parse *q)
{
    struct expr *x = node(q, EX_CONST, q->at);

    if (!x)
        return NULL;
    x->type = q->tok == T_DATE ? EXT_DAY : EXT_NUMBER;
    x->v = value_int(q->num);
    x->scale = q->tok == T_DATE ? 0 : q->scale;
    x->name = q->s;
    bool number = q->tok == T_NUMBER;
    next(q);
    return q->bad ? NULL : number ? parse_span(q, x) : x;
}

static struct expr *parse_name(struct parse *q)
{
    const char *at = q->at, *name = q->s;

    if (is(q, T_NAME, "true") || is(q, T_NAME, "false")) {
        struct expr *x = node(q, EX_CONST, at);
        if (x) {
            x->type = EXT_BOOL;
            x->v = value_int(name[0] == 't');
        }
        next(q);
        return x;
    }
    next(q);
    if (take(q, T_SIGN, "("))
        return parse_call(q, name, at);
    struct expr *x = node(q, EX_FIELD, at);
    if (x)
        x->name = name;
    return x;
}

static struct expr *parse_atom(struct parse *q)
{
    struct expr *x;

    if (q->bad)
        return NULL;
    if (take(q, T_SIGN, "(")) {
        x = parse_or(q);
        if (x && !take(q, T_SIGN, ")"))
            return fail(q, q->at, "expected )");
        return x;
    }
    if (take(q, T_SIGN, "-")) { /* a negative number */
        if (q->tok != T_NUMBER)
            return fail(q, q->at, "expected a number after -");
        x = parse_number(q);
        if (x)
            x->v.i = -x->v.i;
        return x;
    }
    if (q->tok == T_NUMBER || q->tok == T_DATE)
        return parse_number(q);
    if (q->tok == T_TEXT) {
        x = node(q, EX_CONST, q->at);
        if (x) {
            x->type = EXT_TEXT;
            x->v = value_text(q->s);
            x->name = q->s;
        }
        next(q);
        return x;
    }
    if (q->tok == T_NAME)
        return parse_name(q);
    return fail(q, q->at, "expected a field, a value or (");
}

static struct expr *parse_mul(struct parse *q)
{
    struct expr *x = parse_atom(q);

    while (x && is(q, T_SIGN, "*")) {
        const char *at = q->at;
        next(q);
        x = binary(q, EX_MUL, at, x, parse_atom(q));
    }
    return x;
}

static struct expr *parse_add(struct parse *q)
{
    struct expr *x = parse_mul(q);

    while (x && (is(q, T_SIGN, "+") || is(q, T_SIGN, "-"))) {
        const char *at = q->at;
        enum expr_op op = q->s[0] == '+' ? EX_ADD : EX_SUB;
        next(q);
        x = binary(q, op, at, x, parse_mul(q));
    }
    return x;
}

static struct expr *copy(struct parse *q, const struct expr *x)
{
    struct expr *y = node(q, x->op, q->text + x->at - 1);

    if (!y)
        return NULL;
    *y = *x;
    for (int i = 0; i < x->nargs; i++)
        if (!(y->arg[i] = copy(q, x->arg[i])))
            return NULL;
    return y;
}

/* l in (a, b, …): a node holds seven of the list; a longer one becomes several nodes joined by or. */
static struct expr *parse_in(struct parse *q, struct expr *l, const char *at)
{
    struct expr *all = NULL, *in = add(q, node(q, EX_IN, at), l);

    if (!take(q, T_SIGN, "("))
        return fail(q, q->at, "expected ( after in");
    do {
        if (in && in->nargs == ARGS_MAX) {
            all = all ? binary(q, EX_OR, at, all, in) : in;
            struct expr *again = copy(q, l);
            in = again ? add(q, node(q, EX_IN, at), again) : NULL;
        }
        in = add(q, in, parse_add(q));
    } while (in && take(q, T_SIGN, ","));
    if (in && !take(q, T_SIGN, ")"))
        return fail(q, q->at, "expected ) to end the list");
    return all ? binary(q, EX_OR, at, all, in) : in;
}

static struct expr *parse_compare(struct parse *q)
{
    static const struct {
        const char *sign;
        enum expr_op op;
    } ops[] = {{"=", EX_EQ}, {"!=", EX_NE}, {"<", EX_LT}, {"<=", EX_LE}, {">", EX_GT}, {">=", EX_GE}};
    struct expr *l = parse_add(q);
    const char *at = q->at;

    if (!l)
        return NULL;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (take(q, T_SIGN, ops[i].sign))
            return binary(q, ops[i].op, at, l, parse_add(q));
    if (take(q, T_NAME, "in"))
        return parse_in(q, l, at);
    if (take(q, T_NAME, "is")) {
        bool negated = take(q, T_NAME, "not");
        if (!take(q, T_NAME, "empty"))
            return fail(q, q->at, "expected: is empty, or is not empty");
        return add(q, node(q, negated ? EX_NOT_EMPTY : EX_EMPTY, at), l);
    }
    return l;
}

static struct expr *parse_not(struct parse *q)
{
    const char *at = q->at;
    struct expr *x;

    if (++q->depth > DEPTH_MAX)
        return fail(q, at, "the expression is nested too deeply");
    if (take(q, T_NAME, "not")) {
        x = parse_not(q);
        x = x ? add(q, node(q, EX_NOT, at), x) : NULL;
    } else {
        x = parse_compare(q);
    }
    q->depth--;
    return x;
}

static struct expr *parse_and(struct parse *q)
{
    struct expr *x = parse_not(q);

    while (x && is(q, T_NAME, "and")) {
        const char *at = q->at;
        next(q);
        x = binary(q, EX_AND, at, x, parse_not(q));
    }
    return x;
}

static struct expr *parse_or(struct parse *q)
{
    struct expr *x = parse_and(q);

    while (x && is(q, T_NAME, "or")) {
        const char *at = q->at;
        next(q);
        x = binary(q, EX_OR, at, x, parse_and(q));
    }
    return x;
}

struct expr *expr_parse(struct arena *a, const char *text, int *at, struct err *e)
{
    struct parse q = {.a = a, .where = at, .e = e};

    if (at)
        *at = 1;
    if (strlen(text) > TEXT_MAX) {
        err_set(e, ERR_INPUT, "an expression may have %d bytes", TEXT_MAX);
        return NULL;
    }
    q.text = q.p = arena_str(a, text);
    next(&q);
    struct expr *x = parse_or(&q);
    if (x && !q.bad && q.tok != T_END)
        fail(&q, q.at, "expected an operator or the end of the expression");
    if (q.bad || !x)
        return NULL;
    x->text = q.text;
    return x;
}

const char *expr_text(const struct expr *x)
{
    return x->text;
}
