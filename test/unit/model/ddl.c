/* SPDX-License-Identifier: Apache-2.0 */
/* ddl.c: declarations become tables, changes are added, nothing is lost unasked; on both back ends. */
#include "../store/both.h"

#include "model/ddl.h"

/* lending with these further fields, words and child fields. */
#define LENDING(words, fields, child)                                                                              \
    "register: lending\nlabel: 借用\ntitle: item\nhappened: lent_on\nkey: [number]\nunique: [[number]]\n" words    \
    "\nfields:\n  number: {type: text, label: 编号, class: internal}\n"                                          \
    "  item: {type: text, label: 物品, class: internal}\n"                                                       \
    "  lent_on: {type: date, label: 日期, class: internal}\n" fields                                               \
    "\nchildren:\n  helpers:\n    label: 经办人\n    fields:\n"                                                 \
    "      name: {type: person, label: 姓名, class: internal}\n" child

static struct schema *load(struct place *p, const char *names, const char *lending, const char *more)
{
    struct schema_errors es = {.a = p->a};
    const char *module = arena_printf(p->a, "module: t\nlabel: 试\nregisters: [%s]\n", names);
    struct schema_source src[] = {{"modules/t/module.yaml", module, strlen(module)},
                                  {"modules/t/lending.yaml", lending, strlen(lending)},
                                  {"modules/t/place.yaml", more, more ? strlen(more) : 0}};
    struct schema *s = schema_load(p->a, src, more ? 3 : 2, &es);
    for (size_t i = 0; i < es.n; i++)
        print_error("%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    assert_non_null(s);
    return s;
}

static struct ddl_plan *plan(struct place *p, const struct schema *s)
{
    struct ddl_plan *out = NULL;
    OK(ddl_plan(&out, p->a, p->d, s, &p->e));
    return out;
}

static void apply(struct place *p, const struct ddl_plan *d, bool destructive)
{
    OK(db_begin(p->d, &p->e));
    OK(ddl_apply(p->d, d, destructive, &p->e));
    OK(db_commit(p->d, &p->e));
}

static void bring(struct place *p, const struct schema *s)
{
    apply(p, plan(p, s), true);
}

static int insert(struct place *p, int64_t home, int64_t id, const char *number, int gone)
{
    struct stmt *s;
    OK(db_prep(&s, p->d,
               "INSERT INTO r_lending (home, id, unit, ver, day, captured, entered, gone, f_number) "
               "VALUES (?1, ?2, 0, 1, 20000, 0, 0, ?3, ?4)",
               &p->e));
    stmt_int(s, 1, home);
    stmt_int(s, 2, id);
    stmt_int(s, 3, gone);
    stmt_text(s, 4, number);
    int rc = stmt_run(s, &p->e);
    stmt_done(s);
    return rc;
}

static bool has_column(struct place *p, const char *table, const char *name)
{
    char names[64][64];
    size_t n = db_columns(p->d, table, names, 64);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool says(const char **v, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(v[i], word))
            return true;
    return false;
}

static void made_once(void **state)
{
    struct place *p = *state;
    struct schema *s = load(p, "lending", LENDING("", "", ""), NULL);
    struct ddl_plan *d = plan(p, s);
    assert_true(d->n >= 6);
    assert_int_equal(d->ndestructive, 0);
    apply(p, d, false);
    assert_true(db_has_table(p->d, "r_lending"));
    assert_true(has_column(p, "r_lending_helpers", "f_name"));
    d = plan(p, s);
    assert_int_equal(d->n, 0);
    assert_int_equal(d->ndestructive, 0);
}

static void additions(void **state)
{
    struct place *p = *state;
    bring(p, load(p, "lending", LENDING("", "", ""), NULL));
    OK(insert(p, 1, 1, "借1号", 0));
    struct schema *s =
        load(p, "lending, place",
             LENDING("filters: [at]", "  at: {type: ref, ref: place, label: 地点, class: internal}\n",
                     "      phone: {type: phone, label: 电话, class: personal}\n"),
             "register: place\nlabel: 地点\ntitle: name\nfields:\n"
             "  name: {type: text, label: 名称, class: public}\n");
    struct ddl_plan *d = plan(p, s);
    assert_true(says(d->sql, d->n, "ALTER TABLE r_lending ADD COLUMN f_at BIGINT"));
    assert_true(says(d->sql, d->n, "ALTER TABLE r_lending_helpers ADD COLUMN f_phone TEXT"));
    assert_true(says(d->sql, d->n, "CREATE TABLE r_place ("));
    assert_true(says(d->sql, d->n, "r_lending (home, f_at, day"));
    assert_false(says(d->sql, d->n, "CREATE TABLE r_lending "));
    assert_int_equal(d->ndestructive, 0);
    apply(p, d, false);
    assert_int_equal(plan(p, s)->n, 0);
    FAILS(insert(p, 1, 2, "借1号", 0), ERR_CONFLICT);
}

static void losses_are_asked_for(void **state)
{
    struct place *p = *state;
    bring(p,
          load(p, "lending, place",
               LENDING("filters: [kind]", "  kind: {type: text, label: 类别, class: internal}\n", ""),
               "register: place\nlabel: 地点\ntitle: name\nfields:\n"
               "  name: {type: text, label: 名称, class: public}\n"
               "children:\n  doors:\n    label: 门\n    fields: {no: {type: text, label: 号, class: public}}\n"));
    struct schema *s = load(p, "lending", LENDING("", "", ""), NULL);
    struct ddl_plan *d = plan(p, s);
    assert_false(says(d->sql, d->n, "DROP TABLE"));
    assert_false(says(d->sql, d->n, "DROP COLUMN"));
    assert_true(says(d->sql, d->n, "DROP INDEX"));
    assert_int_equal(d->ndestructive, 3);
    assert_true(says(d->destructive, d->ndestructive, "DROP COLUMN f_kind"));
    assert_string_equal(d->destructive[1], "DROP TABLE r_place_doors"); /* the child before its parent */
    assert_string_equal(d->destructive[2], "DROP TABLE r_place");
    apply(p, d, false);
    assert_true(has_column(p, "r_lending", "f_kind"));
    assert_true(db_has_table(p->d, "r_place"));
    d = plan(p, s);
    assert_int_equal(d->ndestructive, 3);
    apply(p, d, true);
    assert_false(has_column(p, "r_lending", "f_kind"));
    assert_false(db_has_table(p->d, "r_place_doors"));
    assert_int_equal(plan(p, s)->ndestructive, 0);
}

/* SQLite's tables made before ids were row numbers keep their key, and get the indexes that go with it. */
static void tables_of_before(void **state)
{
    struct place *p = *state;
    struct schema *s = load(p, "lending", LENDING("", "", ""), NULL);
    struct ddl_plan *d;

    if (both_kind != DB_SQLITE)
        return;
    OK(db_exec(
        p->d,
        "CREATE TABLE r_lending (home BIGINT NOT NULL, id BIGINT NOT NULL, unit BIGINT NOT NULL, "
        "grid BIGINT NOT NULL DEFAULT 0, ver BIGINT NOT NULL, state TEXT, day BIGINT NOT NULL, "
        "captured BIGINT NOT NULL, entered BIGINT NOT NULL, late BIGINT NOT NULL DEFAULT 0, "
        "by_user BIGINT NOT NULL DEFAULT 0, batch BIGINT NOT NULL DEFAULT 0, gone BIGINT NOT NULL DEFAULT 0, "
        "f_number TEXT, f_item TEXT, PRIMARY KEY (home, id))",
        &p->e));
    d = plan(p, s);
    assert_true(says(d->sql, d->n, "r_lending (home, gone, day, id)"));
    assert_false(says(d->sql, d->n, "ON r_lending (home, id)"));
    assert_true(says(d->sql, d->n, "ADD COLUMN f_lent_on"));
    apply(p, d, false);
    assert_int_equal(plan(p, s)->n, 0);
    OK(insert(p, 1, 1, "借1号", 0));
    OK(insert(p, 2, 1, "借1号", 0));
    OK(db_exec(p->d, "INSERT INTO r_lending_helpers (home, id, parent, pos) VALUES (2, 9, 1, 1)", &p->e));
    FAILS(insert(p, 1, 1, "借2号", 0), ERR_CONFLICT);
}

static void types_do_not_change(void **state)
{
    struct place *p = *state;
    struct ddl_plan *d = NULL;
    bring(p, load(p, "lending", LENDING("", "  fee: {type: money, label: 押金, class: internal}\n", ""), NULL));
    struct schema *same =
        load(p, "lending", LENDING("", "  fee: {type: int, label: 押金, class: internal}\n", ""), NULL);
    assert_int_equal(plan(p, same)->n, 0);
    struct schema *other =
        load(p, "lending", LENDING("", "  fee: {type: text, label: 押金, class: internal}\n", ""), NULL);
    FAILS(ddl_plan(&d, p->a, p->d, other, &p->e), ERR_CONFLICT);
    assert_non_null(strstr(p->e.msg, "押金"));
    assert_non_null(strstr(p->e.msg, "fee"));
}

static void unique_among_the_living(void **state)
{
    struct place *p = *state;
    bring(p, load(p, "lending", LENDING("", "", ""), NULL));
    OK(insert(p, 1, 1, "借1号", 0));
    FAILS(insert(p, 1, 2, "借1号", 0), ERR_CONFLICT);
    OK(insert(p, 1, 3, "借1号", 1));
    OK(insert(p, 2, 4, "借1号", 0));
    OK(insert(p, 1, 5, NULL, 0));
    OK(insert(p, 1, 6, NULL, 0));
    OK(db_exec(p->d, "UPDATE r_lending SET gone = 1 WHERE id = 1", &p->e));
    OK(insert(p, 1, 7, "借1号", 0));
}

/* A unique key that records break already: nothing of the plan happens. */
static void broken_unique_key(void **state)
{
    struct place *p = *state;
    bring(p, load(p, "lending", LENDING("", "", ""), NULL));
    OK(insert(p, 1, 1, "借1号", 0));
    OK(insert(p, 1, 2, "借2号", 0));
    struct schema *s = load(
        p, "lending", LENDING("list: [fee]", "  fee: {type: money, label: 押金, class: internal}\n", ""), NULL);
    s->regs[0]->uniques = arena_array(p->a, 1, sizeof *s->regs[0]->uniques);
    s->regs[0]->nuniques = 1;
    s->regs[0]->uniques[0].f = (const char *[]){"lent_on", NULL};
    OK(db_exec(p->d, "UPDATE r_lending SET f_lent_on = 20000", &p->e));
    struct ddl_plan *d = plan(p, s);
    OK(db_begin(p->d, &p->e));
    FAILS(ddl_apply(p->d, d, false, &p->e), ERR_CONFLICT);
    OK(db_commit(p->d, &p->e));
    assert_false(has_column(p, "r_lending", "f_fee"));
}

static void children_belong(void **state)
{
    struct place *p = *state;
    struct stmt *s;
    bring(p, load(p, "lending", LENDING("", "", ""), NULL));
    OK(insert(p, 1, 1, "借1号", 0));
    assert_int_equal(
        db_exec(p->d, "INSERT INTO r_lending_helpers (home, id, parent, pos) VALUES (1, 8, 2, 1)", &p->e), -1);
    assert_int_equal(
        db_exec(p->d, "INSERT INTO r_lending_helpers (home, id, parent, pos) VALUES (2, 8, 1, 1)", &p->e), -1);
    OK(db_exec(p->d, "INSERT INTO r_lending_helpers (home, id, parent, pos) VALUES (1, 9, 1, 1)", &p->e));
    OK(db_exec(p->d, "DELETE FROM r_lending WHERE id = 1", &p->e));
    OK(db_prep(&s, p->d, "SELECT COUNT(*) FROM r_lending_helpers", &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_int_equal(stmt_col_int(s, 0), 0);
    stmt_done(s);
}

static void sealed_columns(void **state)
{
    struct place *p = *state;
    struct schema *s = load(p, "lending",
                            LENDING("filters: [idno]",
                                    "  idno: {type: idno, label: 证件号, class: protected}\n"
                                    "  pay: {type: money, label: 金额, class: protected}\n",
                                    ""),
                            NULL);
    struct ddl_plan *d = plan(p, s);
    assert_true(says(d->sql, d->n, "f_idno TEXT, f_idno_h TEXT, f_pay TEXT, f_pay_h TEXT"));
    assert_true(says(d->sql, d->n, "(home, f_idno_h, day"));
    apply(p, d, false);
    assert_int_equal(plan(p, s)->n, 0);
    /* No longer protected: a number would stand in a text column. */
    struct schema *open = load(p, "lending",
                               LENDING("filters: [idno]",
                                       "  idno: {type: idno, label: 证件号, class: protected}\n"
                                       "  pay: {type: money, label: 金额, class: internal}\n",
                                       ""),
                               NULL);
    FAILS(ddl_plan(&d, p->a, p->d, open, &p->e), ERR_CONFLICT);
}

static void outside_a_transaction(void **state)
{
    struct place *p = *state;
    struct ddl_plan *d = plan(p, load(p, "lending", LENDING("", "", ""), NULL));
    assert_int_equal(ddl_apply(p->d, d, false, &p->e), -1);
    assert_false(db_has_table(p->d, "r_lending"));
}

static const struct CMUnitTest tests[] = {
    TEST_DB(made_once),
    TEST_DB(additions),
    TEST_DB(losses_are_asked_for),
    TEST_DB(tables_of_before),
    TEST_DB(types_do_not_change),
    TEST_DB(unique_among_the_living),
    TEST_DB(broken_unique_key),
    TEST_DB(children_belong),
    TEST_DB(sealed_columns),
    TEST_DB(outside_a_transaction),
};
BOTH_MAIN(tests)
