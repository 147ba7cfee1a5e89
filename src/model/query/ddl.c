/* SPDX-License-Identifier: Apache-2.0 */
/* ddl.c: what the tables are and what they should be, as a list of statements. */
#include "model/ddl.h"

#include <stdlib.h>
#include <string.h>

#include "model/type.h"

enum { INDEX_TABLE_MAX = 50 };

/* One run of ddl_plan: what the database has, by name. */
struct planner {
    struct arena *a;
    struct db *d;
    struct ddl_plan *p;
    const struct schema *s;
    struct map *tables, *indexes; /* that exist */
    struct map *want_tables, *want_indexes;
    struct err *e;
};

char *ddl_table(struct arena *a, const struct reg *r)
{
    return r->parent ? arena_printf(a, "r_%s_%s", r->parent->name, r->name) : arena_printf(a, "r_%s", r->name);
}

static void plan_add(struct planner *q, const char *sql)
{
    VEC_PUSH(q->a, q->p->sql, q->p->n, q->p->cap) = sql;
}

static void plan_destroy(struct planner *q, const char *sql)
{
    VEC_PUSH(q->a, q->p->destructive, q->p->ndestructive, q->p->capdestructive) = sql;
}

/* --- what is there */

static const char *const tables_sql[] = {
    [DB_SQLITE] =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 2) = 'r_' ORDER BY name DESC",
    [DB_POSTGRES] = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND substr(relname, 1, 2) = 'r_' "
                    "AND pg_table_is_visible(oid) ORDER BY relname DESC"};
static const char *const indexes_sql[] = {
    [DB_SQLITE] = "SELECT name FROM sqlite_schema WHERE type = 'index' AND substr(tbl_name, 1, 2) = 'r_' "
                  "AND substr(name, 1, 2) = 'i_' ORDER BY name",
    [DB_POSTGRES] = "SELECT relname FROM pg_class WHERE relkind IN ('i', 'I') AND substr(relname, 1, 4) = 'i_r_' "
                    "AND pg_table_is_visible(oid) ORDER BY relname"};
static const char *const types_sql[] = {
    [DB_SQLITE] = "SELECT name, lower(type) FROM pragma_table_info(?1) ORDER BY cid",
    [DB_POSTGRES] = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                    "(SELECT oid FROM pg_class WHERE relname = ?1 AND relkind IN ('r', 'p') AND "
                    "pg_table_is_visible(oid)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"};

/* Names in the first column → the second, or "". */
static int names_read(struct map **out, struct planner *q, const char *sql, const char *arg)
{
    struct stmt *s;
    int rc;
    *out = map_new(q->a);
    if (db_prep(&s, q->d, sql, q->e) < 0)
        return -1;
    if (arg)
        stmt_text(s, 1, arg);
    while ((rc = stmt_step(s, q->e)) > 0)
        map_put(*out, stmt_col_text(s, 0), arena_str(q->a, arg ? stmt_col_text(s, 1) : ""));
    stmt_done(s);
    return rc;
}

/* --- columns */

static bool field_is_text(const struct field *f)
{
    return f->cls == CLASS_PROTECTED || type_is_text(f->type);
}

static const char *const head_columns =
    "unit BIGINT NOT NULL, grid BIGINT NOT NULL DEFAULT 0, ver BIGINT "
    "NOT NULL, "
    "state TEXT, day BIGINT NOT NULL, captured BIGINT NOT NULL, entered BIGINT NOT NULL, late BIGINT NOT NULL "
    "DEFAULT 0, "
    "by_user BIGINT NOT NULL DEFAULT 0, batch BIGINT NOT NULL DEFAULT 0, gone BIGINT NOT NULL DEFAULT 0";
static const char *const child_columns = "parent BIGINT NOT NULL, pos BIGINT NOT NULL";

/* The columns of a field: its own, and the hash of a protected one. */
static size_t field_columns(struct planner *q, const struct field *f, const char *name[2], const char *type[2])
{
    name[0] = arena_printf(q->a, "f_%s", f->name);
    type[0] = field_is_text(f) ? "TEXT" : "BIGINT";
    name[1] = arena_printf(q->a, "f_%s_h", f->name);
    type[1] = "TEXT";
    return f->cls == CLASS_PROTECTED ? 2 : 1;
}

/* Ids are never given twice, so that SQLite takes them for its row numbers: one tree less to write. PostgreSQL's
 * tables are to be distributed by home, which is part of every key there. */
static const char *const id_sql[] = {[DB_SQLITE] = "home BIGINT NOT NULL, id INTEGER PRIMARY KEY, ",
                                     [DB_POSTGRES] = "home BIGINT NOT NULL, id BIGINT NOT NULL, "};
static const char *const key_sql[] = {[DB_SQLITE] = "", [DB_POSTGRES] = ", PRIMARY KEY (home, id)"};

static void table_create(struct planner *q, const struct reg *r, const char *table)
{
    enum db_kind kind = db_kind(q->d);
    const char *sql =
        arena_printf(q->a, "CREATE TABLE %s (%s%s", table, id_sql[kind], r->parent ? child_columns : head_columns);
    for (size_t i = 0; i < r->nfields; i++) {
        const char *name[2], *type[2];
        size_t n = field_columns(q, &r->fields[i], name, type);
        for (size_t j = 0; j < n; j++)
            sql = arena_printf(q->a, "%s, %s %s", sql, name[j], type[j]);
    }
    sql = arena_printf(q->a, "%s%s", sql, key_sql[kind]);
    if (r->parent)
        sql = arena_printf(q->a, "%s, FOREIGN KEY (home, parent) REFERENCES %s (home, id) ON DELETE CASCADE", sql,
                           ddl_table(q->a, r->parent));
    plan_add(q, arena_printf(q->a, "%s)", sql));
}

static int type_changed(struct planner *q, const struct reg *r, const struct field *f, const char *was)
{
    bool text = !strncmp(was, "text", 4);
    if (text == field_is_text(f))
        return 0;
    return err_set(
        q->e, ERR_CONFLICT,
        "台账“%s”的字段“%s”（%s）在数据库中是%s，声明改成了%s，已有内容无法直接转换。请为新类型另取一个字段名，"
        "或改回原来的类型。",
        label_in(&(r->parent ? r->parent : r)->label, LANG_HANS), label_in(&f->label, LANG_HANS), f->name,
        text ? "文字" : "数字", text ? "数字" : "文字");
}

/* Columns that are missing are added, columns nobody declares are listed. */
static int table_compare(struct planner *q, const struct reg *r, const char *table)
{
    struct map *have, *want = map_new(q->a);
    if (names_read(&have, q, types_sql[db_kind(q->d)], table) < 0)
        return -1;
    for (size_t i = 0; i < r->nfields; i++) {
        const char *name[2], *type[2];
        size_t n = field_columns(q, &r->fields[i], name, type);
        const char *was = map_get(have, name[0]);
        if (was && type_changed(q, r, &r->fields[i], was) < 0)
            return -1;
        for (size_t j = 0; j < n; j++) {
            map_put(want, name[j], q);
            if (!map_get(have, name[j]))
                plan_add(q, arena_printf(q->a, "ALTER TABLE %s ADD COLUMN %s %s", table, name[j], type[j]));
        }
    }
    for (size_t i = 0; i < map_count(have); i++) {
        const char *name = map_key(have, i);
        if (!strncmp(name, "f_", 2) && !map_get(want, name))
            plan_destroy(q, arena_printf(q->a, "ALTER TABLE %s DROP COLUMN %s", table, name));
    }
    return 0;
}

/* --- indexes: called after what they are, so that a changed one is a new one */

static uint32_t text_hash(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static void index_want(struct planner *q, const char *table, const char *columns, const char *where, bool unique)
{
    const char *def = arena_printf(q->a, "%s (%s)%s", table, columns, where);
    const char *name = arena_printf(q->a, "i_%.*s_%08x", INDEX_TABLE_MAX, table, text_hash(def) + unique);
    if (map_put(q->want_indexes, name, q) || map_get(q->indexes, name))
        return;
    plan_add(q, arena_printf(q->a, "CREATE %sINDEX %s ON %s", unique ? "UNIQUE " : "", name, def));
}

/* The column a value is looked up in. */
static const char *lookup_column(struct planner *q, const struct reg *r, const char *field)
{
    static const struct {
        const char *word, *column;
    } own[] = {{"state", "state"}, {"happened", "day"}, {"unit", "unit"}, {"grid", "grid"}, {"late", "late"}};
    const struct field *f = reg_field(r, field);
    for (size_t i = 0; !f && i < sizeof own / sizeof *own; i++)
        if (!strcmp(own[i].word, field))
            return own[i].column;
    return f ? arena_printf(q->a, "f_%s%s", f->name, f->cls == CLASS_PROTECTED ? "_h" : "") : NULL;
}

static void index_key(struct planner *q, const struct reg *r, const char *table, const char *const *fields,
                      bool unique)
{
    const char *columns = "home";
    for (; fields && *fields; fields++)
        columns = arena_printf(q->a, "%s, %s", columns, lookup_column(q, r, *fields));
    if (strcmp(columns, "home"))
        index_want(q, table, columns, unique ? " WHERE gone = 0" : "", unique);
}

/* Nothing is looked up that is not there: rows without a value stay out of the index. */
static const char *where_given(struct planner *q, const struct reg *r, const char *field, const char *column)
{
    const struct field *f = reg_field(r, field);
    return f && !f->required ? arena_printf(q->a, " WHERE %s IS NOT NULL", column) : "";
}

/* SQLite's tables made before ids were their row numbers have the key (home, id). */
static bool id_is_row(struct planner *q, const char *table)
{
    struct map *second;
    return db_kind(q->d) == DB_SQLITE &&
           names_read(&second, q, "SELECT name, 'key' FROM pragma_table_info(?1) WHERE pk = 2", table) == 0 &&
           !map_count(second);
}

static void indexes_of(struct planner *q, const struct reg *r, const char *table)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == TYPE_REF) {
            const char *name = r->fields[i].name, *column = lookup_column(q, r, name);
            index_want(q, table, arena_printf(q->a, "home, %s", column), where_given(q, r, name, column), false);
        }
    if (r->parent) {
        index_want(q, table, "home, parent, pos", "", false);
        return;
    }
    const char *tail = id_is_row(q, table) ? "" : ", id";
    if (r->nchildren && !*tail) /* what children refer to */
        index_want(q, table, "home, id", "", true);
    index_want(q, table, arena_printf(q->a, "home, gone, day%s", tail), "", false);
    index_want(q, table, arena_printf(q->a, "unit, gone, day%s", tail), "", false);
    index_want(q, table, "home, batch", "", false);
    for (size_t i = 0; i < r->nuniques; i++)
        index_key(q, r, table, r->uniques[i].f, true);
    index_key(q, r, table, r->key, false);
    for (size_t i = 0; i < r->nalikes; i++)
        index_key(q, r, table, r->alikes[i].f, false);
    for (const char **f = r->filters; f && *f; f++) {
        const char *column = lookup_column(q, r, *f);
        if (column && strcmp(column, "day") && strcmp(column, "late"))
            index_want(q, table, arena_printf(q->a, "home, %s, day%s", column, tail), where_given(q, r, *f, column),
                       false);
    }
}

/* --- the plan */

static int plan_table(struct planner *q, const struct reg *r)
{
    const char *table = ddl_table(q->a, r);
    map_put(q->want_tables, table, q);
    if (!map_get(q->tables, table))
        table_create(q, r, table);
    else if (table_compare(q, r, table) < 0)
        return -1;
    indexes_of(q, r, table);
    return 0;
}

/* Indexes that nothing declares any more go before columns do; tables from the children up. */
static void plan_leftovers(struct planner *q)
{
    for (size_t i = 0; i < map_count(q->indexes); i++)
        if (!map_get(q->want_indexes, map_key(q->indexes, i)))
            plan_add(q, arena_printf(q->a, "DROP INDEX %s", map_key(q->indexes, i)));
    for (size_t i = 0; i < map_count(q->tables); i++)
        if (!map_get(q->want_tables, map_key(q->tables, i)))
            plan_destroy(q, arena_printf(q->a, "DROP TABLE %s", map_key(q->tables, i)));
}

int ddl_plan(struct ddl_plan **out, struct arena *a, struct db *d, const struct schema *s, struct err *e)
{
    struct planner q = {.a = a, .d = d, .s = s, .e = e};
    q.p = arena_alloc(a, sizeof *q.p);
    q.p->a = a;
    q.want_tables = map_new(a);
    q.want_indexes = map_new(a);
    if (names_read(&q.tables, &q, tables_sql[db_kind(d)], NULL) < 0 ||
        names_read(&q.indexes, &q, indexes_sql[db_kind(d)], NULL) < 0)
        return -1;
    for (size_t i = 0; i < s->nregs; i++) {
        if (plan_table(&q, s->regs[i]) < 0)
            return -1;
        for (size_t c = 0; c < s->regs[i]->nchildren; c++)
            if (plan_table(&q, &s->regs[i]->children[c]) < 0)
                return -1;
    }
    plan_leftovers(&q);
    *out = q.p;
    return 0;
}

int ddl_apply(struct db *d, const struct ddl_plan *p, bool destructive, struct err *e)
{
    if (db_save(d, e) < 0)
        return -1;
    for (size_t i = 0; i < p->n; i++)
        if (db_exec(d, p->sql[i], e) < 0)
            goto undo;
    for (size_t i = 0; destructive && i < p->ndestructive; i++)
        if (db_exec(d, p->destructive[i], e) < 0)
            goto undo;
    return db_release(d, e);
undo:
    db_undo(d);
    return -1;
}
