/* SPDX-License-Identifier: Apache-2.0 */
/* query_expr.c: a bound expression as SQL for both back ends. It says exactly what expr_eval.c does: a comparison
 * with nothing is untrue, so beneath NOT, where NULL would not do, every comparison is made FALSE by COALESCE. */
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "model/query.h"

enum { SQL_MAX = 64 * 1024 };

struct compile {
    struct sql *q;
    enum db_kind kind;
    const char *alias, *child;
    int32_t today;
    bool emptiness; /* only whether there is something is asked */
    int rc;
    struct err *e;
};

/* --- SQL under construction */

void query_begin(struct sql *q)
{
    buf_init(&q->text, SQL_MAX);
    q->nbind = 0;
    q->over = false;
}

void query_end(struct sql *q)
{
    buf_done(&q->text);
}

void query_bind(struct sql *q, struct value v)
{
    if (q->nbind == sizeof q->bind / sizeof *q->bind) {
        q->over = true;
        return;
    }
    q->bind[q->nbind++] = v;
    buf_printf(&q->text, "?%d", q->nbind);
}

int query_prep(struct stmt **out, struct db *d, struct sql *q, struct err *e)
{
    if (q->over || buf_overflow(&q->text))
        return err_set(e, ERR_TOOBIG, "查询条件太多，请减少条件后重试。");
    if (db_prep(out, d, buf_cstr(&q->text), e))
        return -1;
    for (int i = 0; i < q->nbind; i++) {
        struct value v = q->bind[i];
        if (v.kind == VALUE_INT)
            stmt_int(*out, i + 1, v.i);
        else if (v.kind == VALUE_TEXT)
            stmt_text(*out, i + 1, v.s);
        else
            stmt_null(*out, i + 1);
    }
    return 0;
}

/* --- pieces */

static void put(struct compile *c, const char *s)
{
    buf_str(&c->q->text, s);
}

/* Where nothing else tells its type to PostgreSQL. */
static void put_const(struct compile *c, struct value v)
{
    put(c, "CAST(");
    query_bind(c->q, v);
    put(c, v.kind == VALUE_TEXT ? " AS TEXT)" : " AS BIGINT)");
}

static void refuse(struct compile *c, const char *msg)
{
    if (!c->rc)
        c->rc = err_set(c->e, ERR_INPUT, "%s", msg);
}

static void put_value(struct compile *c, const struct expr *x);
static void put_cond(struct compile *c, const struct expr *x, bool strict);
static void put_text(struct compile *c, const struct expr *x);

static bool is_text_type(enum expr_type t)
{
    return t == EXT_TEXT || t == EXT_CODE || t == EXT_CODES || t == EXT_STATE;
}

static void put_field(struct compile *c, const struct expr *x)
{
    const char *alias = x->op == EX_CHILD_FIELD ? c->child : c->alias;
    bool sealed = x->field->cls == CLASS_PROTECTED;

    if (!alias)
        refuse(c, "这里不能使用子表的字段。");
    if (sealed && !c->emptiness && x->type != EXT_TEXT)
        refuse(c, "受保护的字段不能用在列表和指标的条件里。");
    buf_printf(&c->q->text, "%s.f_%s%s", alias ? alias : "", x->field->name, sealed ? "_h" : "");
}

static void put_special(struct compile *c, enum expr_special what)
{
    static const char *const columns[SP__MAX] = {[SP_STATE] = "state",
                                                 [SP_HAPPENED] = "day",
                                                 [SP_ENTERED] = "entered",
                                                 [SP_HOME] = "home",
                                                 [SP_UNIT] = "unit"};

    if (what == SP_TODAY)
        put_const(c, value_int(c->today));
    else if (what == SP_NOW)
        put_const(c, value_int(now_ms()));
    else
        buf_printf(&c->q->text, "%s.%s", c->alias, columns[what]);
}

/* Milliseconds that local time is ahead of UTC. */
static long long zone_ms(void)
{
    return (long long)-day_instant(0, 0);
}

/* An instant's local milliseconds, rounded down to a multiple of unit. */
static void put_local(struct compile *c, const struct expr *x, int unit)
{
    put(c, "((");
    put_value(c, x);
    buf_printf(&c->q->text, " + %lld) - ((", zone_ms());
    put_value(c, x);
    buf_printf(&c->q->text, " + %lld) %% %d + %d) %% %d)", zone_ms(), unit, unit, unit);
}

static void put_day_of(struct compile *c, const struct expr *x)
{
    put(c, "(");
    put_local(c, x, 86400000);
    put(c, " / 86400000)");
}

/* A day as PostgreSQL's date, as SQLite's seconds. */
static void put_date(struct compile *c, const struct expr *x, bool of_instant)
{
    put(c, c->kind == DB_POSTGRES ? "(DATE '1970-01-01' + CAST(" : "(");
    if (of_instant)
        put_day_of(c, x);
    else
        put_value(c, x);
    put(c, c->kind == DB_POSTGRES ? " AS INTEGER))" : " * 86400), 'unixepoch'");
}

static void put_months(struct compile *c, const struct expr *x, bool of_instant, int n)
{
    if (c->kind == DB_POSTGRES) {
        put(c, "CAST(CAST(");
        put_date(c, x, of_instant);
        buf_printf(&c->q->text, " + INTERVAL '%+d months' AS DATE) - DATE '1970-01-01' AS BIGINT)", n);
        return;
    }
    put(c, "(unixepoch(");
    put_date(c, x, of_instant);
    buf_printf(&c->q->text, ", '%+d months', 'floor') / 86400)", n);
}

static void put_shift(struct compile *c, const struct expr *x)
{
    const struct expr *l = x->arg[0], *span = x->arg[1];
    long long n = (long long)(x->op == EX_SUB ? -span->v.i : span->v.i);
    bool instant = x->type == EXT_INSTANT;

    if (span->span == 'w') {
        refuse(c, "按工作日推算的条件不能用在列表和指标里。");
        put(c, "NULL");
    } else if (span->span == 'd') {
        put(c, "(");
        put_value(c, l);
        buf_printf(&c->q->text, " + (%lld))", instant ? n * 86400000 : n);
    } else if (!instant) {
        put_months(c, l, false, (int)n);
    } else {
        put(c, "(");
        put_value(c, l);
        put(c, " + (");
        put_months(c, l, true, (int)n);
        put(c, " - ");
        put_day_of(c, l);
        put(c, ") * 86400000)");
    }
}

static void put_arithmetic(struct compile *c, const struct expr *x)
{
    if (x->op != EX_MUL && x->arg[1]->type == EXT_SPAN) {
        put_shift(c, x);
        return;
    }
    put(c, "(");
    put_value(c, x->arg[0]);
    put(c, x->op == EX_ADD ? " + " : x->op == EX_SUB ? " - " : " * ");
    put_value(c, x->arg[1]);
    put(c, ")");
}

/* --- functions */

static void put_part(struct compile *c, const struct expr *x, const char *word, const char *format)
{
    if (c->kind == DB_POSTGRES) {
        buf_printf(&c->q->text, "CAST(EXTRACT(%s FROM ", word);
        put_date(c, x, false);
        put(c, ") AS BIGINT)");
        return;
    }
    buf_printf(&c->q->text, "CAST(strftime('%s', ", format);
    put_date(c, x, false);
    put(c, ") AS INTEGER)");
}

static void put_first(struct compile *c, const struct expr *x)
{
    bool pg = c->kind == DB_POSTGRES;

    put(c, pg ? "CAST(CAST(date_trunc('month', " : "(unixepoch(");
    put_date(c, x, false);
    put(c, pg ? ") AS DATE) - DATE '1970-01-01' AS BIGINT)" : ", 'start of month') / 86400)");
}

static void put_list(struct compile *c, const char *before, const struct expr *x, int first, const char *between,
                     const char *after, void (*one)(struct compile *c, const struct expr *x))
{
    put(c, before);
    for (int i = first; i < x->nargs; i++) {
        put(c, i > first ? between : "");
        one(c, x->arg[i]);
    }
    put(c, after);
}

static void put_if(struct compile *c, const struct expr *x)
{
    put(c, "CASE WHEN ");
    put_cond(c, x->arg[0], false);
    put(c, " THEN ");
    put_value(c, x->arg[1]);
    put(c, " ELSE ");
    put_value(c, x->arg[2]);
    put(c, " END");
}

/* Each part that is not empty, with what stands between before it; the first of these is cut off. */
static void put_join(struct compile *c, const struct expr *x)
{
    const struct expr *between = x->arg[0];

    put(c, "NULLIF(substr(");
    for (int i = 1; i < x->nargs; i++) {
        put(c, i > 1 ? " || COALESCE(" : "COALESCE(");
        put_const(c, between->v);
        put(c, " || NULLIF(");
        put_text(c, x->arg[i]);
        put(c, ", ''), '')");
    }
    buf_printf(&c->q->text, ", %zu), '')", utf8_count(between->v.s) + 1);
}

static void put_call(struct compile *c, const struct expr *x)
{
    switch (x->fn) {
    case FN_YEAR:
        put_part(c, x->arg[0], "YEAR", "%Y");
        break;
    case FN_MONTH:
        put_part(c, x->arg[0], "MONTH", "%m");
        break;
    case FN_DAYS:
        put(c, "(");
        put_value(c, x->arg[1]);
        put(c, " - ");
        put_value(c, x->arg[0]);
        put(c, ")");
        break;
    case FN_CONCAT:
        put_list(c, "NULLIF(", x, 0, " || ", ", '')", put_text);
        break;
    case FN_JOIN:
        put_join(c, x);
        break;
    case FN_COALESCE:
        put_list(c, "COALESCE(", x, 0, ", ", ")", put_value);
        break;
    case FN_LOWER:
        put(c, "lower(");
        put_value(c, x->arg[0]);
        put(c, c->kind == DB_POSTGRES ? " COLLATE \"C\")" : ")");
        break;
    case FN_COUNT:
        buf_printf(&c->q->text, "(SELECT COUNT(*) FROM r_%s_%s k WHERE k.home = %s.home AND k.parent = %s.id)",
                   x->counted->parent->name, x->counted->name, c->alias, c->alias);
        break;
    case FN_IF:
        put_if(c, x);
        break;
    case FN_DAY:
        put_day_of(c, x->arg[0]);
        break;
    case FN_INSTANT:
        put(c, "(");
        put_value(c, x->arg[0]);
        buf_printf(&c->q->text, " * 86400000 - (%lld))", zone_ms());
        break;
    default:
        put_first(c, x->arg[0]);
    }
}

/* --- what concat joins */

static void put_scaled(struct compile *c, const struct expr *x)
{
    long long unit = 1;

    for (int i = 0; i < x->scale; i++)
        unit *= 10;
    put(c, "(CASE WHEN ");
    put_value(c, x);
    put(c, " < 0 THEN '-' ELSE '' END || CAST(ABS(");
    put_value(c, x);
    buf_printf(&c->q->text, ") / %lld AS TEXT) || '.' || substr(CAST(%lld + ABS(", unit, unit);
    put_value(c, x);
    buf_printf(&c->q->text, ") %% %lld AS TEXT), 2))", unit);
}

static void put_pair(struct compile *c, const char *code, const char *label)
{
    put(c, " WHEN ");
    put_const(c, value_text(code));
    put(c, " THEN ");
    put_const(c, value_text(label));
}

/* A code by its label. */
static void put_label(struct compile *c, const struct expr *x)
{
    size_t n = x->type == EXT_STATE ? x->reg->nstates : x->field->nchoices;

    if (!n) {
        put_value(c, x);
        return;
    }
    put(c, "CASE ");
    put_value(c, x);
    for (size_t i = 0; i < n; i++) {
        bool state = x->type == EXT_STATE;
        const char *code = state ? x->reg->states[i].name : x->field->choices[i].code;
        const char *label = (state ? &x->reg->states[i].label : &x->field->choices[i].label)->t[LANG_HANS];
        put_pair(c, code, label ? label : code);
    }
    put(c, " ELSE ");
    put_value(c, x);
    put(c, " END");
}

static void put_day_text(struct compile *c, const struct expr *x)
{
    bool pg = c->kind == DB_POSTGRES;

    put(c, pg ? "to_char(" : "date(");
    put_date(c, x, false);
    put(c, pg ? ", 'YYYY-MM-DD')" : ")");
}

static void put_minute_text(struct compile *c, const struct expr *x)
{
    bool pg = c->kind == DB_POSTGRES;

    put(c, pg ? "to_char(TIMESTAMP '1970-01-01' + INTERVAL '1 second' * (" : "strftime('%Y-%m-%d %H:%M', ");
    put_local(c, x, 60000);
    put(c, pg ? " / 1000), 'YYYY-MM-DD HH24:MI')" : " / 1000, 'unixepoch')");
}

static void put_text(struct compile *c, const struct expr *x)
{
    put(c, "COALESCE(");
    switch (x->type) {
    case EXT_BOOL:
        put(c, "CASE ");
        put_value(c, x);
        put(c, " WHEN 0 THEN '否' WHEN 1 THEN '是' END");
        break;
    case EXT_NUMBER:
    case EXT_ID:
        if (x->scale) {
            put_scaled(c, x);
            break;
        }
        put(c, "CAST(");
        put_value(c, x);
        put(c, " AS TEXT)");
        break;
    case EXT_DAY:
        put_day_text(c, x);
        break;
    case EXT_INSTANT:
        put_minute_text(c, x);
        break;
    case EXT_CODE:
    case EXT_STATE:
        put_label(c, x);
        break;
    default:
        put_value(c, x);
    }
    put(c, ", '')");
}

/* --- conditions */

static void put_has(struct compile *c, const struct expr *l, const struct expr *code, const char *test)
{
    put(c, c->kind == DB_POSTGRES ? "strpos(" : "instr(");
    put_value(c, l);
    put(c, ", ',' || ");
    put_value(c, code);
    put(c, " || ',')");
    put(c, test);
}

static void put_compare(struct compile *c, const struct expr *x)
{
    static const char *const signs[EX__MAX] = {
        [EX_EQ] = " = ", [EX_NE] = " <> ", [EX_LT] = " < ", [EX_LE] = " <= ", [EX_GT] = " > ", [EX_GE] = " >= "};
    const struct expr *l = x->arg[0];
    bool order = x->op >= EX_LT;

    if (l->type == EXT_CODES) {
        put_has(c, l, x->arg[1], x->op == EX_EQ ? " > 0" : " = 0");
        return;
    }
    put_value(c, l);
    if (order && is_text_type(l->type) && c->kind == DB_POSTGRES)
        put(c, " COLLATE \"C\"");
    put(c, signs[x->op]);
    put_value(c, x->arg[1]);
}

static void put_in(struct compile *c, const struct expr *x)
{
    if (x->arg[0]->type != EXT_CODES) {
        put_value(c, x->arg[0]);
        put_list(c, " IN (", x, 1, ", ", ")", put_value);
        return;
    }
    put(c, "(");
    for (int i = 1; i < x->nargs; i++) {
        put(c, i > 1 ? " OR " : "");
        put_has(c, x->arg[0], x->arg[i], " > 0");
    }
    put(c, ")");
}

static void put_empty(struct compile *c, const struct expr *x)
{
    bool was = c->emptiness;

    c->emptiness = x->arg[0]->op == EX_FIELD || x->arg[0]->op == EX_CHILD_FIELD;
    put_value(c, x->arg[0]);
    c->emptiness = was;
    put(c, x->op == EX_EMPTY ? " IS NULL" : " IS NOT NULL");
}

static void put_junction(struct compile *c, const struct expr *x, bool strict)
{
    put(c, "(");
    put_cond(c, x->arg[0], strict);
    put(c, x->op == EX_OR ? " OR " : " AND ");
    put_cond(c, x->arg[1], strict);
    put(c, ")");
}

/* strict: NULL will not do for FALSE here. */
static void put_cond(struct compile *c, const struct expr *x, bool strict)
{
    bool compare = x->op >= EX_EQ && x->op <= EX_IN, wrap = strict && compare;

    put(c, wrap ? "COALESCE(" : "(");
    switch (x->op) {
    case EX_OR:
    case EX_AND:
        put_junction(c, x, strict);
        break;
    case EX_NOT:
        put(c, "NOT ");
        put_cond(c, x->arg[0], true);
        break;
    case EX_IN:
        put_in(c, x);
        break;
    case EX_EMPTY:
    case EX_NOT_EMPTY:
        put_empty(c, x);
        break;
    case EX_CONST:
        put(c, x->v.i ? "1 = 1" : "1 = 0");
        break;
    case EX_FIELD:
    case EX_CHILD_FIELD:
    case EX_CALL:
        put(c, strict ? "COALESCE(" : "");
        put_value(c, x);
        put(c, strict ? ", 0) <> 0" : " <> 0");
        break;
    default:
        put_compare(c, x);
    }
    put(c, wrap ? ", FALSE)" : ")");
}

static void put_value(struct compile *c, const struct expr *x)
{
    switch (x->op) {
    case EX_CONST:
        put_const(c, x->v);
        break;
    case EX_FIELD:
    case EX_CHILD_FIELD:
        put_field(c, x);
        break;
    case EX_SPECIAL:
        put_special(c, x->special);
        break;
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
        put_arithmetic(c, x);
        break;
    case EX_CALL:
        put_call(c, x);
        break;
    default:
        put(c, "CAST(CASE WHEN ");
        put_cond(c, x, false);
        put(c, " THEN 1 ELSE 0 END AS BIGINT)");
    }
}

static struct compile compile_of(struct sql *q, enum db_kind kind, const char *alias, const char *child,
                                 int32_t day, struct err *e)
{
    return (struct compile){.q = q, .kind = kind, .alias = alias, .child = child, .today = day, .e = e};
}

int query_expr(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
               int32_t today_day, struct err *e)
{
    struct compile c = compile_of(q, kind, alias, child_alias, today_day, e);

    if (x->type == EXT_BOOL)
        put_cond(&c, x, false);
    else
        put_value(&c, x);
    return c.rc;
}

int query_value(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
                int32_t today_day, struct err *e)
{
    struct compile c = compile_of(q, kind, alias, child_alias, today_day, e);

    put_value(&c, x);
    return c.rc;
}

int query_text(struct sql *q, enum db_kind kind, const struct expr *x, const char *alias, const char *child_alias,
               int32_t today_day, struct err *e)
{
    struct compile c = compile_of(q, kind, alias, child_alias, today_day, e);

    put_text(&c, x);
    return c.rc;
}
