/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: commas, escapes, broken bytes; what comes out is read back by another library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "format/json.h"

static struct buf b;
static struct json j;

static int setup(void **state)
{
    (void)state;
    buf_init(&b, 100000);
    json_init(&j, &b);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_done(&b);
    return 0;
}

static void shape(void **state)
{
    (void)state;
    json_obj_begin(&j);
    json_put_str(&j, "a", "x");
    json_key(&j, "list");
    json_arr_begin(&j);
    json_int(&j, -9223372036854775807 - 1);
    json_bool(&j, true);
    json_nil(&j);
    json_obj_begin(&j);
    json_obj_end(&j);
    json_arr_begin(&j);
    json_arr_end(&j);
    json_id(&j, 1882507806725421769);
    json_raw(&j, "12.50");
    json_arr_end(&j);
    json_put_nil(&j, "n");
    json_put_str(&j, "none", NULL);
    json_obj_end(&j);
    assert_string_equal(buf_cstr(&b), "{\"a\":\"x\",\"list\":[-9223372036854775808,true,null,{},[],"
                                      "\"1882507806725421769\",12.50],\"n\":null,\"none\":null}");
}

static void round_trip(const char *s, const char *expected)
{
    json_t *read;

    buf_clear(&b);
    json_init(&j, &b);
    json_arr_begin(&j);
    json_str(&j, s);
    json_arr_end(&j);
    read = json_loads(buf_cstr(&b), 0, NULL);
    assert_non_null(read);
    assert_string_equal(json_string_value(json_array_get(read, 0)), expected);
    json_decref(read);
}

static void texts(void **state)
{
    (void)state;
    round_trip("第三网格“楼道灯”\\ \" / \n\t\r\b\x01", "第三网格“楼道灯”\\ \" / \n\t\r\b\x01");
    round_trip("𠮷野家 🏠 é", "𠮷野家 🏠 é");
    round_trip("\xff\xe4\xb8", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    round_trip("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    round_trip("\xe4\"x", "\xef\xbf\xbd\"x");
    round_trip("", "");
}

static void safe_in_html(void **state)
{
    (void)state;
    json_str(&j, "</script><!--&\xe2\x80\xa8\xe2\x80\xa9");
    assert_null(strpbrk(buf_cstr(&b), "<>&"));
    assert_null(strstr(buf_cstr(&b), "\xe2\x80\xa8"));
}

static void inner_nul(void **state)
{
    (void)state;
    json_strn(&j, "a\0b", 3);
    assert_string_equal(buf_cstr(&b), "\"a\\u0000b\"");
}

/* Nobody gets a document that lost its closing brackets: the buffer says so. */
static void too_deep(void **state)
{
    (void)state;
    for (int i = 0; i < JSON_DEPTH + 5; i++)
        json_arr_begin(&j);
    assert_true(buf_overflow(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(shape, setup, teardown),
                                       cmocka_unit_test_setup_teardown(texts, setup, teardown),
                                       cmocka_unit_test_setup_teardown(safe_in_html, setup, teardown),
                                       cmocka_unit_test_setup_teardown(inner_nul, setup, teardown),
                                       cmocka_unit_test_setup_teardown(too_deep, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
