/* SPDX-License-Identifier: Apache-2.0 */
/* site.c: a directory is opened to write and to read; views hold what they were given; also on
 * PostgreSQL (LINLI_TEST_PG). */
#include "site_case.h"

#include <pthread.h>

static void views_last(void **state)
{
    struct site_case *c = *state;
    struct view old;

    site_hold(c->site, &old);
    case_unit(c, "TY-3", "桃源社区第三党支部", "branch", c->peach);
    assert_non_null(tree_code(c->v.units, "TY-3"));
    assert_null(tree_code(old.units, "TY-3"));
    assert_int_equal(tree_code(old.units, "TY")->nkids, 2);
    site_drop(c->site, &old);
    assert_null(old.units);
}

struct nested {
    struct site_case *c;
    struct record *r;
};

static int write_unit(struct db *d, void *arg, struct err *e)
{
    struct nested *n = arg;
    struct save s = case_save(n->c);

    return record_save_in(d, &s, n->r, NULL, e);
}

/* Written from somebody's own job: seen at the latest by the next view that is held a while later. */
static void refreshed(void **state)
{
    struct site_case *c = *state;
    struct nested n = {c, case_new(c, "unit", 0)};

    record_set(n.r, "code", value_text("TY-4"));
    record_set(n.r, "name", value_text("桃源社区第四党支部"));
    record_set(n.r, "kind", value_text("branch"));
    record_set(n.r, "parent", value_int(c->peach));
    GOOD(store_write(c->site->store, write_unit, &n, &c->e));
    GOOD(site_refresh(c->site, &c->e));
    case_again(c);
    assert_int_equal(tree_code(c->v.units, "TY-4")->home, c->peach);
    assert_int_equal(tree_code(c->v.units, "TY-4")->id, n.r->id);
}

static void *hold_and_drop(void *arg)
{
    struct site_case *c = arg;

    for (int i = 0; i < 2000; i++) {
        struct view v;

        site_hold(c->site, &v);
        if (v.units->n < 6 || !tree_code(v.units, "TY"))
            return arg;
        site_drop(c->site, &v);
    }
    return NULL;
}

static void held_by_many(void **state)
{
    struct site_case *c = *state;
    pthread_t t[4];
    void *bad;

    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hold_and_drop, c), 0);
    for (int i = 0; i < 20; i++)
        GOOD(site_trees(c->site, &c->e));
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], &bad);
        assert_null(bad);
    }
}

static void reopened(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *x;
    struct save s;

    case_put(c, r);
    case_close(c);
    case_open(c, STORE_READ);
    assert_int_equal(tree_code(c->v.units, "TY-1")->id, c->peach1);
    assert_int_equal(case_figure(c, "loan.count", c->peach, DAY(2026, 1, 1), DAY(2026, 12, 31)), 1);
    GOOD(record_load(&x, c->a, store_reader(c->site->store, &c->e), schema_reg(c->v.schema, "loan"), r->home, r->id,
                     &c->e));
    s = case_save(c);
    record_set(x, "heads", value_int(3));
    BAD(record_save(&s, x, NULL, &c->e), ERR_IO); /* opened to read */
    case_clean(c);
}

static int forget_hash(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return meta_drop(d, "schema.hash", e);
}

/* Broken off after the tables were there and before all was counted: nobody reads the figures until it has gone on.
 */
static void broken_off(void **state)
{
    struct site_case *c = *state;

    case_put(c, case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"));
    GOOD(store_write(c->site->store, forget_hash, NULL, &c->e));
    case_close(c);
    BAD(site_open(&c->site, c->p->dir, STORE_READ, &c->e), ERR_BUSY);
    c->site = NULL;
    case_open(c, STORE_WRITE); /* goes on */
    case_close(c);
    case_open(c, STORE_READ);
    assert_int_equal(case_figure(c, "loan.count", c->peach, DAY(2026, 1, 1), DAY(2026, 12, 31)), 1);
    case_close(c);
    case_open(c, STORE_WRITE);
}

static void refuses_bad_modules(void **state)
{
    struct site_case *c = *state;

    case_close(c);
    case_file(c->p, "modules/t/item.yaml", "register: item\nlabel: 物品\nwhat: 1\n");
    BAD(site_open(&c->site, c->p->dir, STORE_WRITE, &c->e), ERR_INPUT);
    c->site = NULL;
    assert_non_null(strstr(c->e.msg, "modules/t/item.yaml:1:1: a register needs fields"));
    case_file(c->p, "modules/t/item.yaml", case_item);
    BAD(site_open(&c->site, "/nonexistent", STORE_WRITE, &c->e), ERR_MISSING);
    case_open(c, STORE_WRITE);
}

static void working_days(void **state)
{
    struct site_case *c = *state;

    assert_int_equal(site_working_day(c->site, DAY(2026, 7, 17), 1), DAY(2026, 7, 20)); /* Friday → Monday */
    assert_int_equal(site_working_day(c->site, DAY(2026, 7, 18), 1), DAY(2026, 7, 20));
    assert_int_equal(site_working_day(c->site, DAY(2026, 7, 15), 0), DAY(2026, 7, 15));
    assert_int_equal(site_working_day(c->site, DAY(2026, 7, 20), -1), DAY(2026, 7, 17));
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(views_last),          TEST_SITE(refreshed),    TEST_SITE(held_by_many), TEST_SITE(reopened),
    TEST_SITE(refuses_bad_modules), TEST_SITE(working_days), TEST_SITE(broken_off),
};

BOTH_MAIN(tests)
