/* SPDX-License-Identifier: Apache-2.0 */
/* urlenc.c: paths, queries, cookies and header parameters, mostly the ones that must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/urlenc.h"

static struct arena *a;

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void paths(void **state)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "/a/../b",
                                      "/.",
                                      "/..",
                                      "/%2e%2e/b",
                                      "/a%2fb",
                                      "/a%5cb",
                                      "/a%00",
                                      "/a%0ab",
                                      "/a%",
                                      "/a%2",
                                      "/a%g0",
                                      "/%ff",
                                      "/%c0%ae",
                                      "/a\\b",
                                      "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"};
    const char *seg[PATH_SEGMENTS];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parse_path(seg, &n, a, bad[i]), PARSED_BAD);
    assert_int_equal(parse_path(seg, &n, a, "/"), PARSED_OK);
    assert_int_equal(n, 0);
    assert_int_equal(parse_path(seg, &n, a, "/r/%E7%BD%91%20x/a+b"), PARSED_OK);
    assert_int_equal(n, 3);
    assert_string_equal(seg[1], "网 x");
    assert_string_equal(seg[2], "a+b");
    assert_int_equal(parse_path(seg, &n, a, "//x/"), PARSED_OK); /* empty segments fit no route */
    assert_int_equal(n, 3);
    assert_string_equal(seg[0], "");
    assert_string_equal(seg[2], "");
    assert_int_equal(parse_path(seg, &n, a, "/..."), PARSED_OK);
}

static void queries(void **state)
{
    struct params p = {0};
    const char *s = "a=1&b=x+y%2Bz&&c&=v&a=2&d=%0A&e==";

    (void)state;
    assert_int_equal(parse_params(&p, a, s, strlen(s), 100), PARSED_OK);
    assert_string_equal(params_get(&p, "a"), "1");
    assert_string_equal(params_get(&p, "b"), "x y+z");
    assert_string_equal(params_get(&p, "c"), "");
    assert_string_equal(params_get(&p, "d"), "\n");
    assert_string_equal(params_get(&p, "e"), "=");
    assert_null(params_get(&p, "f"));
    assert_int_equal(p.n, 7);
    assert_int_equal(parse_params(&p, a, "x=%", 3, 100), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, "x=%00", 5, 100), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, "x%0a=1", 6, 100), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, "x=\xff", 3, 100), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, "y=1", 3, 7), PARSED_MANY);
}

/* A body that ends in the middle of an escape is not read past its end. */
static void ends(void **state)
{
    struct params p = {0};
    char tail[] = {'a', '=', '%', '4', '1'};

    (void)state;
    assert_int_equal(parse_params(&p, a, tail, 5, 10), PARSED_OK);
    assert_string_equal(params_get(&p, "a"), "A");
    assert_int_equal(parse_params(&p, a, tail, 4, 10), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, tail, 3, 10), PARSED_BAD);
    assert_int_equal(parse_params(&p, a, tail, 2, 10), PARSED_OK);
}

static void cookies(void **state)
{
    struct params p = {0};

    (void)state;
    parse_cookies(&p, a, " a=1; b=\"two\" ;;; =x; c; d=e=f; a=9");
    assert_string_equal(params_get(&p, "a"), "1");
    assert_string_equal(params_get(&p, "b"), "two");
    assert_string_equal(params_get(&p, "d"), "e=f");
    assert_null(params_get(&p, "c"));
    parse_cookies(&p, a, NULL);
    parse_cookies(&p, a, ";");
    parse_cookies(&p, a, "q=\"");
    assert_string_equal(params_get(&p, "q"), "\"");
}

static void counts(void **state)
{
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "1e3", "1,1", "9999999999999999999"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parse_count(bad[i]), -1);
    assert_int_equal(parse_count("0"), 0);
    assert_int_equal(parse_count("007"), 7);
    assert_int_equal(parse_count("999999999999999999"), 999999999999999999);
}

static void header_values(void **state)
{
    (void)state;
    assert_true(media_is("text/html; charset=utf-8", "text/html"));
    assert_true(media_is("Text/HTML", "text/html"));
    assert_false(media_is("text/html2", "text/html"));
    assert_false(media_is(NULL, "text/html"));
    assert_string_equal(header_param(a, "form-data; name=\"a\\\"b\"; filename=\"C:\\dir\\x.xlsx\"", "name"),
                        "a\"b");
    assert_string_equal(header_param(a, "form-data; name=a; filename=\"C:\\dir\\x.xlsx\"", "filename"),
                        "C:\\dir\\x.xlsx");
    assert_string_equal(header_param(a, "x; filename=\"; name=evil\"; name=good", "name"), "good");
    assert_null(header_param(a, "x; name", "name"));
    assert_null(header_param(a, "x", "name"));
    assert_string_equal(header_param(a, "x; name=\"open", "name"), "open");
    assert_true(header_has("br, gzip", "gzip"));
    assert_true(header_has("gzip;q=0.5", "gzip"));
    assert_false(header_has("gzip;q=0", "gzip"));
    assert_false(header_has("gzip;q=0.000, br", "gzip"));
    assert_false(header_has("xgzip, gzipx", "gzip"));
    assert_false(header_has(NULL, "gzip"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths),  cmocka_unit_test(queries),
                                       cmocka_unit_test(ends),   cmocka_unit_test(cookies),
                                       cmocka_unit_test(counts), cmocka_unit_test(header_values)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
