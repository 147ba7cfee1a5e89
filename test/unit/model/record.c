/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: records are checked, numbered, sealed, written, changed, withdrawn; on both back ends. */
#include "site_case.h"

static void saved_and_read(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *x;

    record_set(r, "hours", value_int(25));
    case_put(c, r);
    assert_true(r->id > 0);
    assert_int_equal(r->version, 1);
    assert_int_equal(r->home, c->peach);
    assert_int_equal(r->unit, c->peach1);
    assert_string_equal(record_get(r, "number").s, "借〔2026〕001号");
    GOOD(record_load(&x, c->a, store_reader(c->site->store, &c->e), r->reg, r->home, r->id, &c->e));
    assert_true(record_same(x, r));
    assert_string_equal(x->state, "out");
    assert_int_equal(x->happened, DAY(2026, 7, 14));
    assert_false(x->late);
    assert_string_equal(record_title(c->a, x), "借〔2026〕001号 周明远");
    case_clean(c);
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(saved_and_read),
};

BOTH_MAIN(tests)
