/* SPDX-License-Identifier: Apache-2.0 */
/* fence.c: a SELECT that a user wrote.
 *
 * The text is cut into words first, the same way for both back ends; what is not plainly allowed is refused. That
 * check is meant to be stricter than the database's grammar: no name of an existing relation may occur unless it
 * is on the list, whatever it is used for. */
#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "store/backend.h"
#include "store/fence.h"

static const char *const functions[] = {"abs",  "avg",        "coalesce", "count",   "length", "lower",
                                        "max",  "min",        "nullif",   "replace", "round",  "substr",
                                        "sum",  "trim",       "upper",    "ltrim",   "rtrim",  "row_number",
                                        "rank", "dense_rank", "lag",      "lead",    "cast",   NULL};
/* Words that may stand before "(" without being functions. */
static const char *const before_bracket[] = {
    "select", "from",   "where", "and",       "or",        "not",     "in",     "exists",   "on",
    "using",  "as",     "by",    "then",      "else",      "when",    "having", "over",     "filter",
    "join",   "union",  "all",   "except",    "intersect", "between", "like",   "distinct", "case",
    "limit",  "offset", "with",  "partition", "values",    NULL};
/* Words that have no business in a reading query. */
static const char *const forbidden[] = {"insert",  "update",    "delete",  "create",  "drop",        "alter",
                                        "attach",  "detach",    "pragma",  "vacuum",  "copy",        "grant",
                                        "revoke",  "set",       "do",      "call",    "into",        "lock",
                                        "listen",  "recursive", "for",     "begin",   "commit",      "rollback",
                                        "execute", "prepare",   "collate", "lateral", "tablesample", NULL};

static bool listed(const char *const *list, const char *word)
{
    for (; list && *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* --- cutting into words */

struct lexer {
    struct arena *a;
    const char *p;
    struct map *names; /* every name that occurs, lower case unless quoted */
    char last[128];    /* the name just read, "" after anything else */
    bool last_quoted;
    int depth; /* open brackets */
    int words;
};

static int odd(struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "查询里不能使用%s，请改写后重试。", what);
}

static int skip_quoted(struct lexer *x, char quote, struct err *e)
{
    const char *start = ++x->p;
    size_t n;

    while (*x->p && *x->p != quote)
        x->p++;
    if (!*x->p)
        return err_set(e, ERR_INPUT, "查询里的引号不成对，请检查后重试。");
    n = (size_t)(x->p++ - start);
    if (*x->p == quote)
        return odd(e, "连续的引号");
    x->last[0] = '\0';
    if (quote == '\'')
        return 0;
    if (n == 0 || n >= sizeof x->last)
        return odd(e, "过长或空的名称");
    memcpy(x->last, start, n);
    x->last[n] = '\0';
    x->last_quoted = true;
    map_put(x->names, x->last, x);
    return 0;
}

static int read_name(struct lexer *x, struct err *e)
{
    const char *start = x->p;
    size_t i, n;

    while (isalnum((unsigned char)*x->p) || *x->p == '_' || (unsigned char)*x->p >= 0x80)
        x->p++;
    n = (size_t)(x->p - start);
    if (n >= sizeof x->last)
        return odd(e, "过长的名称");
    for (i = 0; i < n; i++)
        x->last[i] = (char)((unsigned char)start[i] < 0x80 ? tolower((unsigned char)start[i]) : start[i]);
    x->last[n] = '\0';
    x->last_quoted = false;
    if ((*x->p == '\'' || *x->p == '"' || *x->p == '&') && n <= 2)
        return odd(e, "带前缀的引号"); /* E'…' U&"…" x'…' */
    if (listed(forbidden, x->last))
        return err_set(e, ERR_DENIED, "自定义查询只能读取数据，不能使用“%s”。", x->last);
    if (x->words++ == 0 && strcmp(x->last, "select") != 0 && strcmp(x->last, "with") != 0)
        return err_set(e, ERR_DENIED, "自定义查询要以 SELECT 开头。");
    map_put(x->names, x->last, x);
    return 0;
}

static int open_bracket(struct lexer *x, struct err *e)
{
    x->depth++;
    if (!x->last[0])
        return 0;
    if (!x->last_quoted && (listed(functions, x->last) || listed(before_bracket, x->last)))
        return 0;
    /* "name (" is also how a common table expression lists its columns; those are not needed. */
    return err_set(e, ERR_DENIED, "自定义查询里不能使用函数“%s”。", x->last);
}

static int read_sign(struct lexer *x, struct err *e)
{
    char c = *x->p;

    if ((c == '-' && x->p[1] == '-') || (c == '/' && x->p[1] == '*'))
        return odd(e, "注释");
    if (c == ';')
        return odd(e, "分号，一次只能写一条查询");
    if (!strchr("().,*+-/%=<>!|?:", c))
        return odd(e, "特殊符号");
    if (c == '(' && open_bracket(x, e) < 0)
        return -1;
    if (c == ')')
        x->depth--;
    x->last[0] = '\0';
    x->p++;
    return x->depth < 0 ? odd(e, "不成对的括号") : 0;
}

static int read_number(struct lexer *x)
{
    while (isdigit((unsigned char)*x->p) || *x->p == '.')
        x->p++;
    x->last[0] = '\0';
    return 0;
}

static int read_words(struct lexer *x, const char *sql, struct err *e)
{
    if (strlen(sql) > FENCE_SQL)
        return err_set(e, ERR_TOOBIG, "查询过长，最多 %d 个字节。", FENCE_SQL);
    for (x->p = sql; *x->p;) {
        unsigned char c = (unsigned char)*x->p;
        int rc = 0;

        if (isspace(c))
            x->p++;
        else if (c == '\'' || c == '"')
            rc = skip_quoted(x, (char)c, e);
        else if (isalpha(c) || c == '_' || c >= 0x80)
            rc = read_name(x, e);
        else if (isdigit(c))
            rc = read_number(x);
        else
            rc = read_sign(x, e);
        if (rc < 0)
            return -1;
    }
    if (x->words == 0 || x->depth != 0)
        return err_set(e, ERR_INPUT, "查询不完整，请检查括号和内容。");
    return 0;
}

/* --- names of relations */

static const char *const relations[] = {
    [DB_SQLITE] = "SELECT name FROM sqlite_schema WHERE LOWER(name) = LOWER(?1) "
                  "UNION ALL SELECT name FROM pragma_module_list WHERE name = LOWER(?1)",
    [DB_POSTGRES] = "SELECT relname FROM pg_class WHERE relname = ?1 UNION ALL "
                    "SELECT nspname FROM pg_namespace WHERE nspname = ?1",
};

/* Whether a name is a relation, schema or module of the database that is not on the list. */
static int check_name(struct db *d, const struct fence *f, const char *name, struct err *e)
{
    struct stmt *s;
    int rc;

    if (listed(f->tables, name))
        return 0;
    if (strncmp(name, "sqlite_", 7) == 0 || strncmp(name, "pragma_", 7) == 0 || strncmp(name, "pg_", 3) == 0)
        return err_set(e, ERR_DENIED, "自定义查询里不能读取“%s”。", name);
    if (db_prep(&s, d, relations[db_kind(d)], e) < 0)
        return -1;
    stmt_text(s, 1, name);
    rc = stmt_step(s, e);
    stmt_done(s);
    if (rc == 1)
        return err_set(e, ERR_DENIED, "自定义查询里不能读取“%s”。", name);
    return rc;
}

static int check(struct db *d, const struct fence *f, const char *sql, struct err *e)
{
    struct arena *a = arena_new();
    struct lexer x = {.a = a, .names = map_new(a)};
    int rc = read_words(&x, sql, e);
    size_t i;

    for (i = 0; rc == 0 && i < map_count(x.names); i++)
        rc = check_name(d, f, map_key(x.names, i), e);
    arena_free(a);
    return rc;
}

/* --- SQLite's own check while it prepares */

static int authorize(void *arg, int action, const char *one, const char *two, const char *db, const char *view)
{
    const struct fence *f = arg;

    (void)db;
    (void)view;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        /* An empty column: the table is named but nothing of it read, as in COUNT(*). */
        return listed(f->tables, one) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return listed(functions, two) || strcmp(two, "like") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static void guard(struct db *d, const struct fence *f)
{
    if (d->kind == DB_SQLITE)
        sqlite3_set_authorizer(d->h, f ? authorize : NULL, (void *)(uintptr_t)f);
}

/* --- running */

static int give_rows(struct stmt *s, int64_t most, fence_fn fn, void *arg, struct err *e)
{
    int64_t n = 0;
    int rc;

    while ((rc = stmt_step(s, e)) == 1) {
        if (++n > most)
            return err_set(e, ERR_TOOBIG, "查询结果超过 %lld 行，请加上条件缩小范围。", (long long)most);
        rc = fn(arg, s, e);
        if (rc != 0)
            break;
    }
    return rc < 0 ? -1 : 0;
}

/* What the database says about a user's text helps the user. */
static int explain(struct db *d, struct err *e)
{
    if (!e || e->code != ERR_IO || d->fatal)
        return -1;
    e->code = ERR_INPUT;
    snprintf(e->msg, sizeof e->msg, "查询写法有误，请检查表名、列名和写法。数据库的说明：%s", e->log);
    return -1;
}

static int run(struct db *d, const struct fence *f, const char *sql, const char *const *params, size_t nparams,
               fence_fn fn, void *arg, struct err *e)
{
    struct stmt *s;
    size_t i;
    int rc;

    guard(d, f);
    rc = db_prep_once(&s, d, sql, e);
    guard(d, NULL);
    if (rc < 0)
        return explain(d, e);
    for (i = 0; i < nparams; i++)
        stmt_text(s, (int)i + 1, params[i]);
    rc = give_rows(s, f->rows > 0 ? f->rows : FENCE_ROWS, fn, arg, e);
    stmt_done(s);
    return rc < 0 ? explain(d, e) : 0;
}

int fence_run(struct db *d, const struct fence *f, const char *sql, const char *const *params, size_t nparams,
              fence_fn fn, void *arg, struct err *e)
{
    int64_t steps = d->limit_steps, ms = d->limit_ms;
    int rc;

    if (d->mode != DB_READ)
        return err_log(e, "fence_run needs a reader");
    if (check(d, f, sql, e) < 0)
        return -1;
    db_limit(d, f->steps > 0 ? f->steps : FENCE_STEPS, f->ms > 0 ? f->ms : FENCE_MS);
    rc = db_begin(d, e);
    if (rc == 0) {
        rc = run(d, f, sql, params, nparams, fn, arg, e);
        db_rollback(d);
    }
    db_limit(d, steps, ms);
    return rc;
}
