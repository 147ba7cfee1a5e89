/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: nodes find their place, their home, their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "model/tree.h"

#define ROW(i, p, c, n, k)                                                                                         \
    {                                                                                                              \
        .id = (i), .parent = (p), .code = (c), .name = (n), .kind = (k), .since = DAY_NONE, .until = DAY_NONE      \
    }

static const struct node_row rows[] = {
    ROW(50, 20, "B2", "柳湾社区第一党支部", "branch"),
    ROW(10, 0, "A", "临河街道", "subdistrict"),
    ROW(40, 20, "B1", "柳湾社区第二党支部", "branch"),
    ROW(30, 10, "C", "桃源社区", "community"),
    ROW(20, 10, "B", "柳湾社区", "community"),
    ROW(60, 10, "D", "街道机关党支部", "branch"),
    ROW(70, 40, "B11", "第一党小组", "group"),
    ROW(80, 0, "Z", "邻县街道", "subdistrict"), /* several roots are allowed */
    ROW(90, 12345, "Y", "失散小组", "group"),   /* its parent is not there: a root */
};

static struct tree *tree_of(void)
{
    return tree_build(rows, sizeof rows / sizeof *rows, NULL);
}

static void order(void **state)
{
    static const int64_t want[] = {10, 20, 40, 70, 50, 30, 60, 90, 80};
    struct tree *t = tree_of();
    size_t n;
    struct arena *a = arena_new();
    int64_t *ids;

    (void)state;
    assert_int_equal(t->n, 9);
    for (size_t i = 0; i < t->n; i++)
        assert_int_equal(t->nodes[i].id, want[i]); /* depth first, by code */
    ids = tree_below(a, tree_find(t, 20), &n);
    assert_int_equal(n, 4);
    assert_int_equal(ids[0], 20);
    assert_int_equal(ids[3], 50);
    tree_below(a, tree_find(t, 70), &n);
    assert_int_equal(n, 1);
    assert_int_equal(tree_find(t, 70)->depth, 3);
    assert_int_equal(tree_find(t, 20)->nkids, 2);
    assert_null(tree_find(t, 11));
    assert_null(tree_find(t, 12345));
    assert_int_equal(tree_find(t, 90)->parent, 0);
    assert_int_equal(tree_code(t, "B11")->id, 70);
    assert_null(tree_code(t, "B12"));
    assert_null(tree_code(t, ""));
    arena_free(a);
    tree_free(t);
}

static void homes(void **state)
{
    struct tree *t = tree_of(), *g;
    struct node_row grids[] = {ROW(1, 0, "G", "第一网格", "grid"), ROW(2, 1, "GA", "第一片区", "area")};

    (void)state;
    assert_int_equal(tree_find(t, 70)->home, 20);
    assert_int_equal(tree_find(t, 20)->home, 20);
    assert_int_equal(tree_find(t, 10)->home, 10); /* above the communities: itself */
    assert_int_equal(tree_find(t, 60)->home, 60);
    grids[0].unit = 40;
    g = tree_build(grids, 2, t);
    assert_int_equal(tree_find(g, 1)->home, 20);
    assert_int_equal(tree_find(g, 2)->home, 20); /* its parent's */
    assert_true(tree_within(tree_find(t, 70), tree_find(t, 10)));
    assert_true(tree_within(tree_find(t, 70), tree_find(t, 70)));
    assert_false(tree_within(tree_find(t, 70), tree_find(t, 30)));
    assert_false(tree_within(tree_find(t, 10), tree_find(t, 70)));
    assert_false(tree_within(NULL, tree_find(t, 70)));
    assert_false(tree_within(tree_find(t, 70), NULL));
    tree_free(g);
    tree_free(t);
}

static void names(void **state)
{
    struct tree *t = tree_of();

    (void)state;
    assert_int_equal(tree_name(t, "柳湾社区", NULL, NULL)->id, 20);
    assert_int_equal(tree_name(t, "第二党支部", NULL, NULL)->id, 40); /* a unique ending */
    assert_int_equal(tree_name(t, "机关", NULL, NULL)->id, 60);       /* a unique part */
    assert_null(tree_name(t, "党支部", NULL, NULL));                  /* several */
    assert_int_equal(tree_name(t, "党支部", NULL, tree_find(t, 60))->id, 60);
    assert_null(tree_name(t, "柳湾社区", "branch", NULL)); /* no branch of this name, and several with it inside */
    assert_null(tree_name(t, "桃源社区", NULL, tree_find(t, 20)));
    assert_null(tree_name(t, "", NULL, NULL));
    assert_null(tree_name(t, NULL, NULL, NULL));
    assert_null(tree_name(t, "没有的", NULL, NULL));
    tree_free(t);
}

static void rings(void **state)
{
    static const struct node_row ring[] = {ROW(1, 3, "a", "甲", "group"), ROW(2, 1, "b", "乙", "group"),
                                           ROW(3, 2, "c", "丙", "group"), ROW(4, 4, "d", "丁", "group")};
    struct tree *t = tree_build(ring, 4, NULL);

    (void)state;
    assert_int_equal(t->n, 4); /* all of them are there */
    assert_null(tree_find(t, 1)->up);
    assert_int_equal(tree_find(t, 3)->depth, 2);
    assert_null(tree_find(t, 4)->up);
    tree_free(t);
    t = tree_build(NULL, 0, NULL);
    assert_int_equal(t->n, 0);
    assert_null(tree_find(t, 1));
    assert_null(tree_name(t, "甲", NULL, NULL));
    tree_free(t);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(order),
    cmocka_unit_test(homes),
    cmocka_unit_test(names),
    cmocka_unit_test(rings),
};

int main(void)
{
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
