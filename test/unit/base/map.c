/* SPDX-License-Identifier: Apache-2.0 */
/* map.c: tests of base/map.h */
#include "check.h"

#include "base/map.h"

static char one[] = "1", two[] = "2", three[] = "3";

static void keys_are_found_and_replaced(void **state)
{
    struct map *m = map_new(*state);
    assert_null(map_get(m, "a"));
    assert_null(map_put(m, "a", one));
    assert_ptr_equal(map_get(m, "a"), one);
    assert_ptr_equal(map_put(m, "a", two), one);
    assert_ptr_equal(map_get(m, "a"), two);
    assert_int_equal(map_count(m), 1);
    assert_null(map_get(m, "A"));
    assert_null(map_get(m, ""));
}

static void keys_are_copied_and_cut(void **state)
{
    struct map *m = map_new(*state);
    char key[] = "title";
    map_put(m, key, one);
    key[0] = 'x';
    assert_ptr_equal(map_get(m, "title"), one);
    assert_ptr_equal(map_getn(m, "title_more", 5), one);
    assert_null(map_getn(m, "title", 4));
}

static void the_order_is_that_of_the_first_put(void **state)
{
    struct map *m = map_new(*state);
    for (int i = 0; i < 1000; i++)
        map_put(m, arena_printf(*state, "key%d", (i * 7919) % 1000), one);
    map_put(m, "key0", two); /* again: keeps its place */
    assert_int_equal(map_count(m), 1000);
    for (int i = 0; i < 1000; i++)
        assert_string_equal(map_key(m, (size_t)i), arena_printf(*state, "key%d", (i * 7919) % 1000));
    assert_ptr_equal(map_value(m, 0), two);
    assert_null(map_key(m, 1000));
    assert_null(map_value(m, 1000));
}

static void the_nearest_word_is_proposed(void **state)
{
    struct map *m = map_new(*state);
    map_put(m, "title", one);
    map_put(m, "state", two);
    map_put(m, "received", three);
    assert_string_equal(map_nearest(m, "titel"), "title");
    assert_string_equal(map_nearest(m, "recieved"), "received");
    assert_string_equal(map_nearest(m, "STATE"), "state");
    assert_null(map_nearest(m, "grid"));
    assert_null(map_nearest(m, "ti"));
    assert_null(map_nearest(m, ""));
}

static void chinese_words_are_compared_by_character(void **state)
{
    (void)state;
    static const char *const words[] = {"矛盾纠纷排查", "走访记录", "志愿服务", NULL};
    assert_string_equal(word_nearest(words, "走访纪录"), "走访记录");
    assert_string_equal(word_nearest(words, "志愿报务"), "志愿服务");
    assert_null(word_nearest(words, "会议"));
    static const char *const none[] = {NULL};
    assert_null(word_nearest(none, "会议"));
}

static void very_long_words_do_no_harm(void **state)
{
    struct map *m = map_new(*state);
    char *longest = arena_printf(*state, "%0*d", 5000, 1);
    map_put(m, longest, one);
    assert_ptr_equal(map_get(m, longest), one);
    assert_non_null(map_nearest(m, longest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(keys_are_found_and_replaced),
        WITH_ARENA(keys_are_copied_and_cut),
        WITH_ARENA(the_order_is_that_of_the_first_put),
        WITH_ARENA(the_nearest_word_is_proposed),
        WITH_ARENA(chinese_words_are_compared_by_character),
        WITH_ARENA(very_long_words_do_no_harm),
    };
    return cmocka_run_group_tests_name("base/map", tests, NULL, NULL);
}
