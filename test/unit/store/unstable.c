/* SPDX-License-Identifier: Apache-2.0 */
/* unstable.c: sets of keys are right whatever the library's sorting does with equals. */
#include "both.h"

#include "store/sys_total.h"

/* In the library's place: what compares as equal comes out in reverse. */
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    char *v = base, *one = malloc(size);

    assert_non_null(one);
    for (size_t i = 1; i < n; i++) {
        size_t k = i;

        memcpy(one, v + i * size, size);
        for (; k > 0 && compare(v + (k - 1) * size, one) >= 0; k--)
            memcpy(v + k * size, v + (k - 1) * size, size);
        memcpy(v + k * size, one, size);
    }
    free(one);
}

static void key(struct place *p, const char *name, int64_t n)
{
    struct distinct_delta t = {1, 100, 20000, "volunteers", NULL, name, n};

    OK(distinct_add(p->d, &t, 1, &p->e));
}

static int64_t how_many(struct place *p)
{
    const int64_t home = 1;
    struct total_scope s = {&home, 1, NULL, 0, "volunteers", NULL, 20000, 20000};
    int64_t n;

    OK(distinct_count(&n, p->d, &s, &p->e));
    return n;
}

static void one_key_gives_its_number_to_the_next(void **state)
{
    struct place *p = *state;

    key(p, "a", 1);
    key(p, "b", 1);
    for (int i = 0; i < 2; i++) {
        OK(db_begin(p->d, &p->e));
        key(p, i ? "c" : "b", -1);
        key(p, i ? "d" : "c", 1);
        OK(db_commit(p->d, &p->e));
        assert_int_equal(how_many(p), 2);
    }
    key(p, "a", -1);
    assert_int_equal(how_many(p), 1);
    key(p, "d", -1);
    assert_int_equal(how_many(p), 0);
}

static const struct CMUnitTest tests[] = {TEST_DB(one_key_gives_its_number_to_the_next)};
BOTH_MAIN(tests)
