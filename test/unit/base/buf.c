/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c: tests of base/buf.h */
#include "check.h"

#include "base/buf.h"

static void an_empty_buffer_is_an_empty_string(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_string_equal(buf_cstr(&b), "");
    assert_null(b.p);
    buf_done(&b);
}

static void what_is_added_is_there(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "第");
    buf_int(&b, INT64_MIN);
    buf_char(&b, '/');
    buf_printf(&b, "%d-%s", 7, "x");
    buf_add(&b, "ab\0c", 4);
    buf_str(&b, NULL);
    static const char want[] = "第-9223372036854775808/7-xab\0c";
    assert_int_equal(b.n, sizeof want - 1);
    assert_memory_equal(b.p, want, sizeof want);
    buf_done(&b);
}

static void exactly_the_ceiling_fits(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_str(&b, "abcd");
    assert_false(buf_overflow(&b));
    assert_string_equal(buf_cstr(&b), "abcd");
    buf_done(&b);
}

static void above_the_ceiling_the_flag_stays(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_str(&b, "abc");
    buf_str(&b, "de"); /* would be five */
    assert_true(buf_overflow(&b));
    assert_string_equal(buf_cstr(&b), "abc");
    buf_char(&b, 'f'); /* would fit, but the text has a hole now */
    assert_string_equal(buf_cstr(&b), "abc");
    assert_true(buf_overflow(&b));
    buf_clear(&b);
    assert_false(buf_overflow(&b));
    buf_str(&b, "wxyz");
    assert_string_equal(buf_cstr(&b), "wxyz");
    buf_done(&b);
}

static void a_long_format_grows_or_overflows(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    buf_printf(&b, "%0*d", 1000, 5);
    assert_int_equal(b.n, 1000);
    assert_int_equal(b.p[999], '5');
    assert_false(buf_overflow(&b));
    buf_clear(&b);
    buf_printf(&b, "%0*d", 1001, 5);
    assert_true(buf_overflow(&b));
    assert_int_equal(b.n, 0);
    buf_done(&b);
}

static void a_large_ceiling_takes_no_memory_at_once(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, SIZE_MAX);
    buf_str(&b, "x");
    assert_true(b.cap < 4096);
    buf_done(&b);
}

static void truncate_only_shortens(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_str(&b, "abcdef");
    buf_truncate(&b, 9);
    assert_string_equal(buf_cstr(&b), "abcdef");
    buf_truncate(&b, 2);
    assert_string_equal(buf_cstr(&b), "ab");
    buf_str(&b, "X");
    assert_string_equal(buf_cstr(&b), "abX");
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(what_is_added_is_there),
        cmocka_unit_test(exactly_the_ceiling_fits),
        cmocka_unit_test(above_the_ceiling_the_flag_stays),
        cmocka_unit_test(a_long_format_grows_or_overflows),
        cmocka_unit_test(a_large_ceiling_takes_no_memory_at_once),
        cmocka_unit_test(truncate_only_shortens),
    };
    return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
