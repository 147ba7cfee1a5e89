/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: which records: columns, filters, scope, and how many they are. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "model/query_inner.h"
#include "store/dialect.h"

/* --- columns */

static const struct {
    const char *word, *column;
    bool text;
} own[] = {{"happened", "day", false}, {"state", "state", true},      {"unit", "unit", false},
           {"grid", "grid", false},    {"id", "id", false},           {"late", "late", false},
           {"batch", "batch", false},  {"entered", "entered", false}, {"captured", "captured", false},
           {"home", "home", false},    {"by", "by_user", false}};

int query_column(struct query_column *out, const struct reg *r, const char *word, struct err *e)
{
    const struct field *f = reg_field(r, word);

    if (f) {
        bool sealed = f->cls == CLASS_PROTECTED;
        snprintf(out->sql, sizeof out->sql, "r.f_%s%s", f->name, sealed ? "_h" : "");
        out->text = sealed || type_is_text(f->type);
        out->nullable = true;
        out->field = f;
        return 0;
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(own[i].word, word))
            continue;
        snprintf(out->sql, sizeof out->sql, "r.%s", own[i].column);
        out->text = own[i].text;
        out->nullable = own[i].text;
        out->field = NULL;
        return 0;
    }
    return err_set(e, ERR_INPUT, "“%s”里没有“%s”这一栏，不能按它筛选或排序。", label_in(&r->label, LANG_HANS),
                   word);
}

void query_from(struct sql *s, const struct reg *r)
{
    buf_printf(&s->text, " FROM r_%s%s%s r", r->parent ? r->parent->name : "", r->parent ? "_" : "", r->name);
}

/* --- lists of values as one parameter */

void query_in_ids(struct sql *s, struct arena *a, enum db_kind kind, const int64_t *ids, size_t n)
{
    char in[64];

    if (s->nbind == sizeof s->bind / sizeof *s->bind) {
        s->over = true;
        return;
    }
    s->bind[s->nbind++] = value_text(dialect_ids(a, kind, ids, n));
    buf_str(&s->text, dialect_in_ids(in, kind, s->nbind));
}

/* A string of a JSON array, or of a PostgreSQL array: both take "…" with backslashes. */
static char *put_quoted(char *p, const char *s, enum db_kind kind)
{
    *p++ = '"';
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            *p++ = '\\';
        if ((unsigned char)*s < 0x20 && kind == DB_SQLITE)
            p += sprintf(p, "\\u%04x", (unsigned)*s);
        else
            *p++ = *s;
    }
    *p++ = '"';
    return p;
}

void query_in_texts(struct sql *s, struct arena *a, enum db_kind kind, const struct value *v, size_t n)
{
    size_t size = 3;

    for (size_t i = 0; i < n; i++)
        size += strlen(v[i].s ? v[i].s : "") * 6 + 3;
    char *list = arena_alloc(a, size), *p = list;
    *p++ = kind == DB_SQLITE ? '[' : '{';
    for (size_t i = 0; i < n; i++) {
        if (i)
            *p++ = ',';
        p = put_quoted(p, v[i].s ? v[i].s : "", kind);
    }
    *p++ = kind == DB_SQLITE ? ']' : '}';
    *p = '\0';
    buf_str(&s->text, kind == DB_SQLITE ? "IN (SELECT value FROM json_each(" : "= ANY(CAST(");
    query_bind(s, value_text(list));
    buf_str(&s->text, kind == DB_SQLITE ? "))" : " AS TEXT[]))");
}

/* --- filters */

static int refuse_filter(const struct filter *f, struct err *e)
{
    return err_set(e, ERR_INPUT, "“%s”的筛选条件写得不对，请检查比较方式和值。", f->field);
}

static bool fits(const struct query_column *c, struct value v)
{
    return v.kind == (c->text ? VALUE_TEXT : VALUE_INT);
}

static int filter_in(struct sql *s, struct arena *a, enum db_kind kind, const struct query_column *c,
                     const struct filter *f, struct err *e)
{
    int64_t *ids = arena_array(a, f->nv + 1, sizeof *ids);

    for (size_t i = 0; i < f->nv; i++) {
        if (!fits(c, f->vs[i]))
            return refuse_filter(f, e);
        ids[i] = f->vs[i].i;
    }
    buf_printf(&s->text, "%s ", c->sql);
    if (c->text)
        query_in_texts(s, a, kind, f->vs, f->nv);
    else
        query_in_ids(s, a, kind, ids, f->nv);
    return 0;
}

/* Part of a text, whatever the case of Latin letters; a code among several. */
static int filter_within(struct sql *s, struct arena *a, enum db_kind kind, const struct query_column *c,
                         const struct filter *f, struct err *e)
{
    const char *find = kind == DB_POSTGRES ? "strpos" : "instr";

    if (!c->text || f->v.kind != VALUE_TEXT)
        return refuse_filter(f, e);
    char *part = f->op == CMP_HAS ? arena_printf(a, ",%s,", f->v.s) : arena_str(a, f->v.s);
    for (char *p = part; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    buf_printf(&s->text, "%s(lower(%s%s), ", find, c->sql, kind == DB_POSTGRES ? " COLLATE \"C\"" : "");
    query_bind(s, value_text(part));
    buf_str(&s->text, ") > 0");
    return 0;
}

static int filter_compare(struct sql *s, enum db_kind kind, const struct query_column *c, const struct filter *f,
                          struct err *e)
{
    static const char *const signs[] = {"=", "<>", "<", "<=", ">", ">="};
    bool order = f->op >= CMP_LT;

    if (f->v.kind != VALUE_NULL && !fits(c, f->v))
        return refuse_filter(f, e);
    buf_printf(&s->text, "%s%s %s ", c->sql, order && c->text && kind == DB_POSTGRES ? " COLLATE \"C\"" : "",
               signs[f->op]);
    query_bind(s, f->v);
    return 0;
}

static int put_filter(struct sql *s, struct arena *a, enum db_kind kind, const struct reg *r,
                      const struct filter *f, struct err *e)
{
    struct query_column c;
    int rc = 0;

    if (query_column(&c, r, f->field, e))
        return -1;
    buf_str(&s->text, f->negate ? " AND NOT COALESCE(" : " AND ");
    switch (f->op) {
    case CMP_IN:
        rc = filter_in(s, a, kind, &c, f, e);
        break;
    case CMP_LIKE:
    case CMP_HAS:
        rc = filter_within(s, a, kind, &c, f, e);
        break;
    case CMP_NULL:
    case CMP_NOT_NULL:
        buf_printf(&s->text, "%s IS %sNULL", c.sql, f->op == CMP_NULL ? "" : "NOT ");
        break;
    default:
        rc = filter_compare(s, kind, &c, f, e);
    }
    if (f->negate)
        buf_str(&s->text, ", FALSE)");
    return rc;
}

int query_where(struct sql *s, struct arena *a, enum db_kind kind, const struct list_query *q, struct err *e)
{
    buf_str(&s->text, q->gone ? " AND r.gone = 1" : " AND r.gone = 0");
    for (size_t i = 0; i < q->nfilters; i++)
        if (put_filter(s, a, kind, q->reg, &q->filters[i], e))
            return -1;
    if (!q->where)
        return 0;
    buf_str(&s->text, " AND ");
    return query_expr(s, kind, q->where, "r", NULL, today(), e);
}

/* --- scope */

/* Every home that has records: a jump from one to the next in the primary key, however many records there are. */
static int all_homes(struct query_parts *p, struct arena *a, struct db *d, const struct reg *r, struct err *e)
{
    struct stmt *st;
    int64_t *v = NULL;
    size_t n = 0, cap = 0;
    int rc;

    if (db_prep(&st, d,
                arena_printf(a,
                             "WITH RECURSIVE h(home) AS (SELECT MIN(home) FROM r_%s UNION ALL SELECT (SELECT "
                             "MIN(r.home) FROM r_%s r WHERE r.home > h.home) FROM h WHERE h.home IS NOT NULL) "
                             "SELECT home FROM h WHERE home IS NOT NULL",
                             r->name, r->name),
                e))
        return -1;
    while ((rc = stmt_step(st, e)) == 1)
        VEC_PUSH(a, v, n, cap) = stmt_col_int(st, 0);
    stmt_done(st);
    *p = (struct query_parts){"r.home", v, n};
    return rc;
}

int query_parts(struct query_parts *p, struct arena *a, struct db *d, const struct list_query *q, struct err *e)
{
    if (q->all)
        return all_homes(p, a, d, q->reg, e);
    *p = (struct query_parts){"r.unit", q->units, q->nunits};
    return 0;
}

/* --- how many */

int query_count(int64_t *out, struct db *d, const struct list_query *q, int64_t max, struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    struct sql s;
    int rc;

    *out = 0;
    query_begin(&s);
    buf_str(&s.text, "SELECT COUNT(*) FROM (SELECT 1 AS one");
    query_from(&s, q->reg);
    buf_str(&s.text, " WHERE ");
    if (q->all) {
        buf_str(&s.text, "1 = 1");
    } else {
        buf_str(&s.text, "r.unit ");
        query_in_ids(&s, a, db_kind(d), q->units, q->nunits);
    }
    rc = q->text ? query_count_found(out, a, d, q, max, e) : query_where(&s, a, db_kind(d), q, e);
    if (rc || q->text)
        goto out;
    buf_str(&s.text, " LIMIT ");
    query_bind(&s, value_int(max > 0 ? max : INT64_MAX));
    buf_str(&s.text, ") c");
    rc = query_prep(&st, d, &s, e);
    if (rc)
        goto out;
    if ((rc = stmt_step(st, e)) == 1)
        *out = stmt_col_int(st, 0);
    stmt_done(st);
    rc = rc < 0 ? -1 : 0;
out:
    query_end(&s);
    arena_free(a);
    return rc;
}

int query_sums(int64_t *out, struct db *d, const struct list_query *q, const struct field *const *f, size_t n,
               struct err *e)
{
    struct arena *a = arena_new();
    struct stmt *st;
    struct sql s;
    int rc;

    query_begin(&s);
    for (size_t i = 0; i < n; i++)
        buf_printf(&s.text, "%s SUM(r.f_%s)", i ? "," : "SELECT", f[i]->name);
    query_from(&s, q->reg);
    buf_str(&s.text, " WHERE ");
    if (q->all) {
        buf_str(&s.text, "1 = 1");
    } else {
        buf_str(&s.text, "r.unit ");
        query_in_ids(&s, a, db_kind(d), q->units, q->nunits);
    }
    rc = query_where(&s, a, db_kind(d), q, e) || query_prep(&st, d, &s, e) ? -1 : 0;
    if (rc == 0) {
        rc = stmt_step(st, e);
        for (size_t i = 0; rc == 1 && i < n; i++)
            out[i] = stmt_col_int(st, (int)i);
        stmt_done(st);
    }
    query_end(&s);
    arena_free(a);
    return rc == 1 ? 0 : -1;
}

bool query_personal(const struct view *v, const struct actor *a, const struct list_query *q)
{
    const struct field personal = {.cls = CLASS_PERSONAL};

    return actor_sees_all(v, a, &personal, q->units, q->nunits, q->all);
}

bool query_compares(const struct view *v, const struct actor *a, const struct list_query *q, const char *column)
{
    const struct field *f = reg_field(q->reg, column);

    if (!f && !strcmp(column, "happened") && q->reg->happened)
        f = reg_field(q->reg, q->reg->happened);
    return !f || f->cls < CLASS_PERSONAL || query_personal(v, a, q);
}
