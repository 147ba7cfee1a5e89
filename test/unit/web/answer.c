/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c: what an answer may say: redirects stay here, headers hold no line ends, downloads any name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/fault.h"
#include "web/http_inner.h"
#include "web/request.h"

static struct req q;

static int setup(void **state)
{
    (void)state;
    q = (struct req){.a = arena_new(), .status = 200};
    buf_init(&q.out, 100000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(q.a);
    buf_done(&q.out);
    return 0;
}

static const char *header(const char *name)
{
    const char *found = NULL;

    for (size_t i = 0; i < q.nheaders; i++)
        if (strcmp(q.headers[i].name, name) == 0)
            found = q.headers[i].value;
    return found;
}

static void redirects(void **state)
{
    static const char *const bad[] = {"//evil.example",
                                      "https://evil.example",
                                      "/\\evil.example",
                                      "javascript:x",
                                      "",
                                      "x",
                                      "/a\r\nSet-Cookie: x=y",
                                      "/a b",
                                      "\t/a",
                                      "/\xe7\xbd\x91"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        resp_redirect(&q, bad[i]);
        assert_string_equal(header("Location"), "/");
    }
    resp_redirect(&q, NULL);
    assert_string_equal(header("Location"), "/");
    resp_redirect(&q, "/r/visit?q=%E7%BD%91#top");
    assert_string_equal(header("Location"), "/r/visit?q=%E7%BD%91#top");
    assert_int_equal(q.status, 303);
}

static void headers(void **state)
{
    (void)state;
    resp_header(&q, "X", "a\r\nY: b");
    resp_header(&q, "X", "a\nb");
    resp_header(&q, "X", NULL);
    assert_int_equal(q.nheaders, 0);
}

static void cookies(void **state)
{
    (void)state;
    resp_cookie(&q, "c", "v", 60);
    assert_string_equal(header("Set-Cookie"), "c=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    q.secure = true;
    resp_cookie(&q, "c", "", 0);
    assert_string_equal(header("Set-Cookie"), "c=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
}

static void downloads(void **state)
{
    (void)state;
    resp_download(&q, "text/csv", "台账\"1;%\r\n.csv");
    assert_string_equal(header("Content-Disposition"), "attachment; filename=\"_______1____.csv\"; "
                                                       "filename*=UTF-8''%E5%8F%B0%E8%B4%A6%221%3B%25%0D%0A.csv");
}

/* A fault forgets what the handler had begun to say. */
static void faults(void **state)
{
    struct err e = {.code = ERR_INPUT, .field = "phone", .msg = "“<b>”不是电话。"};

    (void)state;
    buf_str(&q.out, "half a page");
    q.fixed = "x";
    resp_header(&q, "Set-Cookie", "secret=1");
    fault_err(&q, &e);
    assert_int_equal(q.status, 422);
    assert_null(strstr(buf_cstr(&q.out), "half a page"));
    assert_null(strstr(buf_cstr(&q.out), "<b>"));
    assert_null(header("Set-Cookie"));
    assert_null(q.fixed);
    q.api = true;
    fault_err(&q, &e);
    assert_non_null(strstr(
        buf_cstr(&q.out), "{\"code\":\"input\",\"message\":\"“\\u003cb\\u003e”不是电话。\",\"details\":\"phone\""));
    fault(&q, 418, NULL);
    assert_non_null(strstr(buf_cstr(&q.out), "\"code\":\"io\""));
}

/* --- headers as they come in */

static void begin_head(const char *target)
{
    teardown(NULL);
    setup(NULL);
    q.target = target;
    q.target_len = strlen(target);
    q.ip = "192.0.2.9";
}

static void take(const char *name, const char *value)
{
    head_take(&q, name, strlen(name), value, strlen(value));
}

static void framing(void **state)
{
    static const struct {
        const char *n1, *v1, *n2, *v2;
        int status;
    } cases[] = {{"Content-Length", "5", NULL, NULL, 0},
                 {"Content-Length", "5", "content-length", "5", 400},
                 {"Content-Length", "5", "Transfer-Encoding", "chunked", 400},
                 {"Transfer-Encoding", "Chunked", NULL, NULL, 0},
                 {"Transfer-Encoding", "chunked, chunked", NULL, NULL, 400},
                 {"Transfer-Encoding", "gzip", NULL, NULL, 400},
                 {"Content-Length", "5 ", NULL, NULL, 400},
                 {"Content-Length", "", NULL, NULL, 400},
                 {"Host", "b", NULL, NULL, 400},
                 {"Content-Encoding", "gzip", NULL, NULL, 400},
                 {"Content-Encoding", "identity", NULL, NULL, 0},
                 {"Expect", "something", NULL, NULL, 400},
                 {"Bad Name", "x", NULL, NULL, 400},
                 {"X", "a\x01", NULL, NULL, 400},
                 {"X", "a\tb", NULL, NULL, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin_head("/");
        take("Host", "a");
        take(cases[i].n1, cases[i].v1);
        if (cases[i].n2)
            take(cases[i].n2, cases[i].v2);
        head_settle(&q, "POST", "HTTP/1.1", 100, false);
        assert_int_equal(q.close, cases[i].status != 0);
        if (cases[i].status)
            assert_int_equal(q.status, cases[i].status);
    }
}

static void proxies(void **state)
{
    (void)state;
    begin_head("/");
    take("Host", "a");
    take("X-Forwarded-For", "203.0.113.5, 198.51.100.7");
    take("X-Forwarded-Proto", "https");
    head_settle(&q, "GET", "HTTP/1.1", 100, true);
    assert_string_equal(q.ip, "192.0.2.9"); /* not from this machine: not believed */
    assert_false(q.secure);
    begin_head("/");
    q.conn_loopback = true;
    take("Host", "a");
    take("X-Forwarded-For", "203.0.113.5, 198.51.100.7");
    take("X-Forwarded-Proto", "https");
    head_settle(&q, "GET", "HTTP/1.1", 100, false);
    assert_string_equal(q.ip, "192.0.2.9"); /* no proxy was announced */
    begin_head("/");
    q.conn_loopback = true;
    take("Host", "a");
    take("X-Forwarded-For", "203.0.113.5, 198.51.100.7");
    take("X-Forwarded-Proto", "https");
    head_settle(&q, "GET", "HTTP/1.1", 100, true);
    assert_string_equal(q.ip, "198.51.100.7");
    assert_true(q.secure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(redirects, setup, teardown),
                                       cmocka_unit_test_setup_teardown(headers, setup, teardown),
                                       cmocka_unit_test_setup_teardown(cookies, setup, teardown),
                                       cmocka_unit_test_setup_teardown(downloads, setup, teardown),
                                       cmocka_unit_test_setup_teardown(faults, setup, teardown),
                                       cmocka_unit_test_setup_teardown(framing, setup, teardown),
                                       cmocka_unit_test_setup_teardown(proxies, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
