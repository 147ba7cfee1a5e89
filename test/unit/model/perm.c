/* SPDX-License-Identifier: Apache-2.0 */
/* perm.c: roles at units count for what lies beneath them, and for nothing else; also on PostgreSQL
 * (LINLI_TEST_PG). */
#include "site_case.h"

static struct actor with(const struct grant *g, size_t n)
{
    return (struct actor){.user = 7, .name = "甲", .grants = g, .ngrants = n};
}

static void nobody(void **state)
{
    struct site_case *c = *state;
    struct actor none = with(NULL, 0);

    assert_true(actor_may(&c->v, NULL, MAY_NONE, 0));
    for (enum permission p = MAY_LOGIN; p < MAY__MAX; p++)
        assert_false(actor_may(&c->v, NULL, p, 0));
    assert_true(actor_may(&c->v, &none, MAY_LOGIN, 0));
    for (enum permission p = MAY_READ; p < MAY__MAX; p++)
        assert_false(actor_may(&c->v, &none, p, c->peach));
    BAD(actor_reg(&c->v, NULL, schema_reg(c->v.schema, "loan"), false, c->peach, &c->e), ERR_LOGIN);
}

static void subtree(void **state)
{
    struct site_case *c = *state;
    struct grant g = {"worker", c->peach};
    struct actor a = with(&g, 1);

    assert_true(actor_may(&c->v, &a, MAY_WRITE, c->peach));
    assert_true(actor_may(&c->v, &a, MAY_WRITE, c->peach1));
    assert_true(actor_may(&c->v, &a, MAY_WRITE, 0));
    assert_false(actor_may(&c->v, &a, MAY_WRITE, c->street));
    assert_false(actor_may(&c->v, &a, MAY_WRITE, c->willow));
    assert_false(actor_may(&c->v, &a, MAY_WRITE, c->willow1));
    assert_false(actor_may(&c->v, &a, MAY_WRITE, 99)); /* no such unit */
    assert_false(actor_may(&c->v, &a, MAY_ADMIN, c->peach));
    g.unit = 99; /* a grant at a unit that is gone gives nothing */
    assert_false(actor_may(&c->v, &a, MAY_WRITE, 99));
    g = (struct grant){"emperor", c->street}; /* a role that is not declared */
    assert_false(actor_may(&c->v, &a, MAY_READ, c->peach));
}

static void registers(void **state)
{
    struct site_case *c = *state;
    const struct reg *loan = schema_reg(c->v.schema, "loan"), *unit = schema_reg(c->v.schema, "unit");
    struct grant viewer = {"viewer", c->peach}, grid = {"grid", c->peach}, admin = {"admin", c->street};
    struct actor a = with(&viewer, 1);

    GOOD(actor_reg(&c->v, &a, loan, false, c->peach1, &c->e));
    BAD(actor_reg(&c->v, &a, loan, true, c->peach1, &c->e), ERR_DENIED);
    assert_non_null(strstr(c->e.msg, "“借用”只能由社区工作者、书记来填写"));
    assert_non_null(strstr(c->e.msg, "桃源社区第一党支部"));
    BAD(actor_reg(&c->v, &a, loan, false, c->willow, &c->e), ERR_DENIED);
    GOOD(actor_reg(&c->v, &a, &loan->children[0], false, c->peach, &c->e)); /* a child table is its register's */
    a = with(&grid, 1);
    BAD(actor_reg(&c->v, &a, loan, false, c->peach, &c->e), ERR_DENIED); /* not among its readers */
    BAD(actor_reg(&c->v, &a, unit, true, 0, &c->e), ERR_DENIED);
    a = with(&admin, 1);
    GOOD(actor_reg(&c->v, &a, loan, true, c->willow1, &c->e)); /* an admin stands in every list */
    GOOD(actor_reg(&c->v, &a, unit, true, c->street, &c->e));
    GOOD(actor_reg(&c->v, &actor_system, loan, true, 0, &c->e));
}

/* An account is decided over where all its roles lie within, not some. */
static void over_accounts(void **state)
{
    struct site_case *c = *state;
    struct grant mine = {"admin", c->peach}, all = {"admin", c->street}, plain = {"secretary", c->street};
    struct grant both[] = {{"worker", c->peach1}, {"viewer", c->willow1}}, gone = {"worker", 99};
    struct actor local = with(&mine, 1), top = with(&all, 1), no = with(&plain, 1);

    assert_true(actor_over(&c->v, &local, both, 1));
    assert_false(actor_over(&c->v, &local, both, 2));
    assert_false(actor_over(&c->v, &local, &all, 1));
    assert_false(actor_over(&c->v, &local, NULL, 0));
    assert_false(actor_over(&c->v, &local, &gone, 1));
    assert_true(actor_over(&c->v, &top, both, 2));
    assert_true(actor_over(&c->v, &top, NULL, 0));
    assert_true(actor_over(&c->v, &top, &gone, 1));
    assert_false(actor_over(&c->v, &no, both, 1));
    assert_true(actor_may_all(&c->v, &actor_system, MAY_ADMIN));
}

static void scope(void **state)
{
    struct site_case *c = *state;
    struct grant g[] = {{"viewer", c->peach1}, {"viewer", c->willow}};
    struct actor a = with(g, 2);
    int64_t *ids;
    size_t n;
    bool all;

    ids = actor_scope(c->a, &c->v, &a, &n, &all);
    assert_false(all);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_true(ids[i] == c->peach1 || ids[i] == c->willow || ids[i] == c->willow1);
    g[0].unit = c->street;
    assert_null(actor_scope(c->a, &c->v, &a, &n, &all));
    assert_true(all);
    a.ngrants = 0;
    actor_scope(c->a, &c->v, &a, &n, &all);
    assert_false(all);
    assert_int_equal(n, 0);
    actor_scope(c->a, &c->v, NULL, &n, &all);
    assert_false(all);
    assert_int_equal(n, 0);
    actor_scope(c->a, &c->v, &actor_system, &n, &all);
    assert_true(all);
}

static void columns(void **state)
{
    struct site_case *c = *state;
    const struct reg *loan = schema_reg(c->v.schema, "loan");
    const struct field *name = reg_field(loan, "borrower"), *idno = reg_field(loan, "idno");
    const struct field *kind = reg_field(loan, "kind"), *shown = reg_field(schema_reg(c->v.schema, "unit"), "name");
    struct grant viewer = {"viewer", c->peach}, worker = {"worker", c->peach};
    struct actor a = with(&viewer, 1);

    assert_true(actor_sees(&c->v, &a, kind, c->peach));
    assert_false(actor_sees(&c->v, &a, name, c->peach));
    assert_false(actor_sees(&c->v, &a, idno, c->peach));
    assert_true(actor_sees(&c->v, NULL, shown, c->peach)); /* public */
    assert_false(actor_sees(&c->v, NULL, kind, c->peach));
    a = with(&worker, 1);
    assert_true(actor_sees(&c->v, &a, name, c->peach1));
    assert_false(actor_sees(&c->v, &a, name, c->willow1));
}

/* Who recorded a record, or has it in hand, goes there and calls: its personal columns, but not its protected ones.
 */
static void own_records(void **state)
{
    static const char *in_hand[] = {"seen", NULL}, *workers[] = {"worker", NULL};
    struct site_case *c = *state;
    const struct reg *loan = schema_reg(c->v.schema, "loan");
    struct reg mine = *loan;
    struct grant g[] = {{"worker", c->peach}, {"secretary", c->peach}}, viewer = {"viewer", c->peach};
    struct actor a = {.user = 7, .name = "保管员 甲", .grants = g, .ngrants = 1};
    struct record *r;

    mine.own.names = workers;
    mine.assigned = "note";
    mine.assigned_in = in_hand;
    r = record_new(c->a, &mine);
    r->id = 5;
    r->unit = c->peach1;
    r->by = 8;
    r->state = "seen";
    BAD(actor_edit(&c->v, &a, r, &c->e), ERR_DENIED);
    assert_non_null(strstr(c->e.msg, "不是您登记的"));
    record_set(r, "note", value_text("甲")); /* with him */
    assert_true(actor_owns(&c->v, &a, r));
    GOOD(actor_edit(&c->v, &a, r, &c->e));
    r->state = "out"; /* not any more */
    assert_false(actor_owns(&c->v, &a, r));
    BAD(actor_edit(&c->v, &a, r, &c->e), ERR_DENIED);
    r->state = "seen";
    record_set(r, "note", value_text("社区工作者")); /* whoever is one there */
    assert_true(actor_owns(&c->v, &a, r));
    r->unit = c->willow1;
    assert_false(actor_owns(&c->v, &a, r));
    r->unit = c->peach1;
    record_set(r, "note", value_text("乙"));
    a.ngrants = 2; /* another of his roles is not bound so */
    GOOD(actor_edit(&c->v, &a, r, &c->e));
    assert_false(actor_owns(&c->v, &a, r));
    r->by = 7;
    a.ngrants = 1;
    GOOD(actor_edit(&c->v, &a, r, &c->e));
    r->unit = c->willow1; /* his own, where he has no role */
    BAD(actor_edit(&c->v, &a, r, &c->e), ERR_DENIED);
    a = with(&viewer, 1);
    r->unit = c->peach1;
    assert_true(actor_owns(&c->v, &a, r));
    assert_false(actor_sees_in(&c->v, &a, reg_field(loan, "borrower"), r)); /* not yet told */
    r->own = true;
    assert_true(actor_sees_in(&c->v, &a, reg_field(loan, "borrower"), r));
    assert_false(actor_sees_in(&c->v, &a, reg_field(loan, "idno"), r));
    assert_false(actor_sees(&c->v, &a, reg_field(loan, "borrower"), r->unit)); /* as lists ask */
    assert_false(actor_owns(&c->v, &actor_system, r));
}

/* What the model decides by itself, whatever the router has let through. */
static void saving_asks(void **state)
{
    struct site_case *c = *state;
    struct grant viewer = {"viewer", c->street}, worker = {"worker", c->peach1};
    struct actor a = with(&viewer, 1);
    struct save s = case_save(c);
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");

    s.actor = &a;
    BAD(record_save(&s, r, NULL, &c->e), ERR_DENIED);
    a = with(&worker, 1);
    GOOD(record_save(&s, r, NULL, &c->e));
    record_set(r, "branch", value_int(c->peach2)); /* out of one's own hands */
    BAD(record_save(&s, r, NULL, &c->e), ERR_DENIED);
    record_set(r, "branch", value_null());
    BAD(record_save(&s, r, NULL, &c->e), ERR_DENIED);
    r = case_loan_new(c, c->peach2, 2026, 7, 13, "tool", "周明远");
    case_put(c, r);
    record_set(r, "branch", value_int(c->peach1)); /* and not into them either */
    BAD(record_save(&s, r, NULL, &c->e), ERR_DENIED);
    BAD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e), ERR_DENIED);
}

static void making_units(void **state)
{
    struct site_case *c = *state;
    struct grant admin = {"admin", c->peach};
    struct actor a = with(&admin, 1);
    struct save s = case_save(c);
    struct record *r = case_new(c, "unit", 0);

    s.actor = &a;
    record_set(r, "code", value_text("TY-3"));
    record_set(r, "name", value_text("桃源社区第三党支部"));
    record_set(r, "kind", value_text("branch"));
    record_set(r, "parent", value_int(c->willow));
    BAD(record_save(&s, r, NULL, &c->e), ERR_DENIED);
    record_set(r, "parent", value_int(c->peach));
    GOOD(record_save(&s, r, NULL, &c->e));
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(nobody),  TEST_SITE(subtree),     TEST_SITE(registers),   TEST_SITE(over_accounts), TEST_SITE(scope),
    TEST_SITE(columns), TEST_SITE(own_records), TEST_SITE(saving_asks), TEST_SITE(making_units),
};

BOTH_MAIN(tests)
