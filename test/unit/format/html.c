/* SPDX-License-Identifier: Apache-2.0 */
/* html.c: nothing that came from outside becomes markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/html.h"

static struct buf b;

static int setup(void **state)
{
    (void)state;
    buf_init(&b, 100000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_done(&b);
    return 0;
}

static const char *text(const char *s)
{
    buf_clear(&b);
    html_text(&b, s);
    return buf_cstr(&b);
}

static void escapes(void **state)
{
    (void)state;
    assert_string_equal(text("<script>\"x\" & 'y'</script>"),
                        "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;");
    assert_string_equal(text("第三网格 楼道灯"), "第三网格 楼道灯");
    assert_string_equal(text(""), "");
    assert_string_equal(text(NULL), "");
    assert_string_equal(text("a\tb\nc"), "a\tb\nc");
}

static void broken_bytes(void **state)
{
    (void)state;
    assert_string_equal(text("a\xff<"), "a\xef\xbf\xbd&lt;");
    assert_string_equal(text("\xe4\xb8"), "\xef\xbf\xbd\xef\xbf\xbd");      /* cut short */
    assert_string_equal(text("\xe4<\xb8"), "\xef\xbf\xbd&lt;\xef\xbf\xbd"); /* does not swallow the bracket */
    assert_string_equal(text("\xc0\xbc"), "\xef\xbf\xbd\xef\xbf\xbd");      /* overlong < */
    assert_string_equal(text("\xed\xa0\x80x"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx"); /* surrogate */
    assert_string_equal(text("a\x01\x7f\bb"), "ab");
}

static void attributes(void **state)
{
    (void)state;
    buf_clear(&b);
    html_set(&b, "title", "a\" onclick=\"x");
    assert_string_equal(buf_cstr(&b), " title=\"a&quot; onclick=&quot;x\"");
    buf_clear(&b);
    html_set(&b, "title", NULL);
    assert_string_equal(buf_cstr(&b), "");
    buf_clear(&b);
    html_option(&b, "a\"b", "<甲>", 1);
    assert_string_equal(buf_cstr(&b), "<option value=\"a&quot;b\" selected>&lt;甲&gt;</option>");
    buf_clear(&b);
    html_elem(&b, "th scope=col", "a<b");
    assert_string_equal(buf_cstr(&b), "<th scope=col>a&lt;b</th>");
}

static void addresses(void **state)
{
    static const char *const bad[] = {"javascript:alert(1)", "JaVaScRiPt:x",    " javascript:x",  "java\tscript:x",
                                      "\x01javascript:x",    "data:text/html,", "vbscript:x",     "//evil.example/",
                                      "\\\\evil.example",    "/\\evil.example", "file:///etc/key"};
    static const char *const good[] = {"/r/visit?x=1:2",     "?a=b",      "#top",    "",
                                       "https://a.example/", "tel:12345", "visit/1", "./a:b"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buf_clear(&b);
        html_href(&b, bad[i]);
        assert_string_equal(buf_cstr(&b), "#");
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        buf_clear(&b);
        html_href(&b, good[i]);
        assert_string_equal(buf_cstr(&b), good[i]);
    }
    buf_clear(&b);
    html_url(&b, "a b/?&=网");
    assert_string_equal(buf_cstr(&b), "a%20b%2F%3F%26%3D%E7%BD%91");
}

static void ceiling(void **state)
{
    struct buf small;

    (void)state;
    buf_init(&small, 10);
    html_text(&small, "<<<<<<");
    assert_true(buf_overflow(&small));
    assert_true(small.n <= 10);
    buf_done(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(escapes), cmocka_unit_test(broken_bytes),
                                       cmocka_unit_test(attributes), cmocka_unit_test(addresses),
                                       cmocka_unit_test(ceiling)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
