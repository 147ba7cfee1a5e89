/* SPDX-License-Identifier: Apache-2.0 */
/* expr.h: the one small language of conditions and amounts.
 *
 *   or, and, not · = != < <= > >= · in (a, b) · is empty, is not empty · + - * · ( )
 *   names are fields; state is the record's state; bare words beside a choice or state are its codes;
 *   'text' and "text"; 12, 3.5; dates 2026-03-05; amounts of time 5 wd, 30 d, 2 months, added to a date;
 *   today, now, happened, entered, home, unit; year(d), month(d), lower(t), concat(a, b, …), join('·', a, b, …),
 *   coalesce(a, b), days(a, b) whole days from a to b, count(child), if(c, a, b)
 *
 * An expression is parsed once, typed against a register (expr_bind) and then both evaluated on a record and
 * compiled to SQL (query_expr.c). Empty (NULL) compares as not true, except with is empty; not x of what is not
 * true is true. A flag stands alone or beside true and false. Of several choices = asks whether it has a code, !=
 * whether it is not empty and has not. An instant beside a date counts as its day. Beside a choice or the state a
 * word is a code before it is a field. concat joins what people read: labels, 是 and 否, dates, decimals; nothing
 * as ''. join does the same with a text between; what is empty is left out with its separator. */
#ifndef LINLI_MODEL_EXPR_H
#define LINLI_MODEL_EXPR_H

#include "base/arena.h"
#include "base/err.h"
#include "model/value.h"

struct expr;
struct reg;
struct field;

/* Where a name's value comes from when an expression is evaluated. */
struct scope {
    const struct reg *reg;      /* fields by their index */
    const struct value *values; /* reg->nfields of them */
    const struct reg *child;    /* a child table's row in sight, or NULL */
    const struct value *row;    /* its values */
    const char *state;
    int64_t home, unit;
    int32_t happened; /* day, DAY_NONE if unknown */
    int64_t entered;  /* ms */
    int32_t today;
    size_t child_count[16];                                /* rows per child table, for count() */
    int32_t (*working_day)(int32_t day, int n, void *arg); /* n working days after day; NULL: calendar days */
    void *working_arg;
};

/* Parse; on error NULL with a message (English: for whoever writes declarations) and the column in the text in *at
 * (may be NULL). At most 2,000 bytes, 200 nodes, 40 levels. */
struct expr *expr_parse(struct arena *a, const char *text, int *at, struct err *e);
/* Resolve names against a register and optionally one of its child tables; checks types. Once per parsed tree. */
int expr_bind(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child, int *at,
              struct err *e);
/* The same for a value that will be kept in a field (initial, computed, set of a make): bare words are codes of the
 * field's choices, numbers are brought to its places, days to instants and months; what does not fit is an error.
 */
int expr_bind_for(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child,
                  const struct field *target, int *at, struct err *e);
/* The same for a condition (where, check, when): anything but true or false is an error. */
int expr_bind_condition(struct arena *a, struct expr *x, const struct reg *reg, const struct reg *child, int *at,
                        struct err *e);
/* Does a span of working days stand in it? Such an expression cannot be compiled to SQL. */
bool expr_needs_calendar(const struct expr *x);
struct value expr_eval(struct arena *a, const struct expr *x, const struct scope *s);
bool expr_true(struct arena *a, const struct expr *x, const struct scope *s);
const char *expr_text(const struct expr *x); /* as it was written */

/* The tree, for the compiler to SQL (query.c). */
enum expr_op {
    EX_CONST,
    EX_FIELD,
    EX_CHILD_FIELD,
    EX_SPECIAL,
    EX_OR,
    EX_AND,
    EX_NOT,
    EX_EQ,
    EX_NE,
    EX_LT,
    EX_LE,
    EX_GT,
    EX_GE,
    EX_IN,
    EX_EMPTY,
    EX_NOT_EMPTY,
    EX_ADD,
    EX_SUB,
    EX_MUL,
    EX_SPAN,
    EX_CALL,
    EX__MAX
};
enum expr_special { SP_STATE, SP_TODAY, SP_NOW, SP_HAPPENED, SP_ENTERED, SP_HOME, SP_UNIT, SP__MAX };
enum expr_fn {
    FN_NONE,
    FN_YEAR,
    FN_MONTH,
    FN_DAYS,
    FN_CONCAT,
    FN_JOIN,
    FN_COALESCE,
    FN_LOWER,
    FN_COUNT,
    FN_IF,
    /* put in by expr_bind, never written: the day of an instant, a day's first instant, the first of a month */
    FN_DAY,
    FN_INSTANT,
    FN_FIRST,
    FN__MAX
};
enum expr_type {
    EXT_NONE = 0, /* not bound yet */
    EXT_WORD,     /* a bare word nobody knew (only while binding) */
    EXT_BOOL,
    EXT_NUMBER,
    EXT_DAY,
    EXT_INSTANT,
    EXT_TEXT,
    EXT_CODE,
    EXT_CODES,
    EXT_STATE,
    EXT_ID,
    EXT_SPAN,
    EXT__MAX
};
struct expr {
    enum expr_op op;
    struct value v;            /* EX_CONST */
    const char *name;          /* as written: EX_FIELD, EX_CALL, bare words */
    const struct field *field; /* after bind */
    enum expr_special special;
    char span; /* EX_SPAN: 'd' days, 'w' working days, 'm' months */
    int nargs;
    struct expr *arg[8];
    const char *text;          /* root: the whole text */
    int at;                    /* column in the text, from 1 */
    int depth;                 /* levels beneath and with this one */
    enum expr_fn fn;           /* EX_CALL */
    enum expr_type type;       /* after bind */
    int scale;                 /* EXT_NUMBER: kept times 10^scale */
    const struct reg *counted; /* FN_COUNT: the child table */
    const struct reg *reg;     /* EXT_STATE: whose states */
};

#endif
