/* SPDX-License-Identifier: Apache-2.0 */
/* alike.c: probable twins of many records at once, against the slow way; on SQLite and, where LINLI_TEST_PG is set,
 * on PostgreSQL. */
#include "lending.h"

#include "model/alike.h"

static const char *by_item[] = {"item", "borrower", NULL};
static const char *by_day[] = {"kind", "happened", NULL};
static struct unique_key rules[] = {{by_item}, {by_day}};

static bool same(struct value x, struct value y)
{
    return x.kind != VALUE_NULL && value_equal(x, y);
}

static bool slow_alike(const struct record *x, const struct record *y, size_t nrules)
{
    bool item = same(x->values[F_ITEM], y->values[F_ITEM]) && same(x->values[F_BORROWER], y->values[F_BORROWER]);
    bool day = same(x->values[F_KIND], y->values[F_KIND]) && x->happened == y->happened;

    return x->home == y->home && x->id != y->id && (item || (nrules > 1 && day));
}

static void compare(struct place *p, size_t nrules)
{
    struct record *twins[RECORDS];
    size_t found = 0;

    reg->alikes = rules;
    reg->nalikes = nrules;
    OK(record_alike(twins, p->a, p->d, NULL, all, RECORDS, &p->e));
    for (int i = 0; i < RECORDS; i++) {
        int32_t newest = DAY_NONE;
        for (int k = 0; k < RECORDS; k++)
            if (slow_alike(all[i], all[k], nrules) && all[k]->happened > newest)
                newest = all[k]->happened;
        if (newest == DAY_NONE) {
            assert_null(twins[i]);
            continue;
        }
        assert_non_null(twins[i]);
        assert_true(slow_alike(all[i], twins[i], nrules));
        assert_int_equal(twins[i]->happened, newest);
        found++;
    }
    assert_true(found > 0 && found < RECORDS);
}

static void test_many(void **state)
{
    compare(*state, 1);
    compare(*state, 2);
}

static void test_withdrawn_and_new(void **state)
{
    struct place *p = *state;
    struct record fresh = *all[3], *one = &fresh, *twin;

    fresh.id = 0;
    fresh.values = arena_array(p->a, F__MAX, sizeof *fresh.values);
    fresh.values[F_ITEM] = value_text("独一无二的“梯子”");
    fresh.values[F_BORROWER] = value_text("温萍");
    reg->alikes = rules;
    reg->nalikes = 1;
    OK(record_alike(&twin, p->a, p->d, NULL, &one, 1, &p->e));
    assert_null(twin);
    for (int i = 0; i < RECORDS; i++)
        if (all[i]->values[F_ITEM].kind && all[i]->values[F_BORROWER].kind)
            fresh = *all[i];
    fresh.id = 0; /* what is kept is its own twin now */
    OK(record_alike(&twin, p->a, p->d, NULL, &one, 1, &p->e));
    assert_non_null(twin);
    OK(db_begin(p->d, &p->e));
    OK(query_gone(p->d, twin, true, twin->version + 1, &p->e));
    OK(db_commit(p->d, &p->e));
    int64_t gone = twin->id;
    OK(record_alike(&twin, p->a, p->d, NULL, &one, 1, &p->e));
    assert_true(!twin || twin->id != gone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_many), TEST(test_withdrawn_and_new)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
