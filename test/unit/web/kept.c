/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c: a kept piece comes back to the same session at the same address, and to nobody and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/tree.h"
#include "web/kept.h"
#include "web/session.h"

static struct req q;
static struct login login;
static struct schema schema;

static int setup(void **state)
{
    (void)state;
    login = (struct login){.era = 1};
    q = (struct req){.a = arena_new(), .login = &login, .target = "/r/thing?state=open"};
    q.head[HEAD_COOKIE] = "linli=one";
    q.view.schema = &schema;
    q.view.units = tree_build(NULL, 0, NULL);
    q.view.grids = tree_build(NULL, 0, NULL);
    buf_init(&q.out, 200000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tree_free(q.view.units);
    tree_free(q.view.grids);
    buf_done(&q.out);
    arena_free(q.a);
    return 0;
}

static void write_piece(const char *text, int part)
{
    size_t from = q.out.n;

    assert_false(kept_put(&q, part, 3));
    buf_str(&q.out, text);
    kept_take(&q, part, 3, from);
}

static void comes_back(void **state)
{
    (void)state;
    buf_str(&q.out, "before ");
    write_piece("bar", 0);
    write_piece("heads", 1);
    buf_clear(&q.out);
    assert_true(kept_put(&q, 1, 3));
    assert_true(kept_put(&q, 0, 3));
    assert_string_equal(buf_cstr(&q.out), "headsbar");
}

static void not_to_others(void **state)
{
    struct tree *other = tree_build(NULL, 0, NULL), *mine = q.view.units;

    (void)state;
    write_piece("mine", 0);
    q.head[HEAD_COOKIE] = "linli=two"; /* another session, or another unit chosen */
    assert_false(kept_put(&q, 0, 3));
    q.head[HEAD_COOKIE] = "linli=onetwo";
    assert_false(kept_put(&q, 0, 3));
    q.head[HEAD_COOKIE] = NULL;
    assert_false(kept_put(&q, 0, 3));
    q.head[HEAD_COOKIE] = "linli=one";
    q.target = "/r/thing";
    assert_false(kept_put(&q, 0, 3));
    q.target = "/r/thing?state=open";
    assert_false(kept_put(&q, 0, 4)); /* one task more */
    q.lang = LANG_EN;
    assert_false(kept_put(&q, 0, 3));
    q.lang = LANG_HANS;
    login.era++; /* roles were given or taken, a session ended */
    assert_false(kept_put(&q, 0, 3));
    login.era--;
    q.view.units = other; /* a unit was renamed */
    assert_false(kept_put(&q, 0, 3));
    q.view.units = mine;
    q.login = NULL;
    assert_false(kept_put(&q, 0, 3));
    kept_take(&q, 0, 3, 0);
    q.login = &login;
    assert_true(kept_put(&q, 0, 3)); /* all as it was */
    tree_free(other);
}

static void not_without_end(void **state)
{
    static char huge[64 * 1024];

    (void)state;
    memset(huge, 'x', sizeof huge - 1);
    write_piece(huge, 0);
    assert_false(kept_put(&q, 0, 3));
    huge[2000] = '\0';
    q.target = huge;
    write_piece("short", 0);
    assert_false(kept_put(&q, 0, 3));
}

static const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(comes_back, setup, teardown),
                                          cmocka_unit_test_setup_teardown(not_to_others, setup, teardown),
                                          cmocka_unit_test_setup_teardown(not_without_end, setup, teardown)};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
