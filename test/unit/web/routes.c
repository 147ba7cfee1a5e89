/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c: the table holds together, and addresses find their rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "format/urlenc.h"
#include "web/request.h"

static struct arena *a;

static const struct route *find(const char *method, const char *path, struct route_args *args, bool *other)
{
    const char *seg[PATH_SEGMENTS];
    size_t n;

    assert_int_equal(parse_path(seg, &n, a, path), PARSED_OK);
    return routes_find(args, other, method, seg, n);
}

static void table_is_sound(void **state)
{
    struct err e = {0};

    (void)state;
    if (routes_check(&e) < 0)
        fail_msg("%s", e.log);
}

static void nothing_open_by_accident(void **state)
{
    static const char *const open[] = {"/healthz", "/readyz", "/metrics",        "/static/", "/lang/",
                                       "/elder",   "/login",  "/api/v1/session", "/open",    "/favicon.ico"};

    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof open / sizeof *open; k++)
            known = known || strncmp(routes[i].path, open[k], strlen(open[k])) == 0;
        if (routes[i].may == MAY_NONE + 1 && !known)
            fail_msg("%s %s is open to everybody and not on this test's list", routes[i].method, routes[i].path);
    }
}

static void writes_need_a_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        if (strcmp(routes[i].method, "GET") != 0 && routes[i].csrf == CSRF_NONE)
            assert_string_equal(routes[i].path, "/api/v1/session");
}

static void finds(void **state)
{
    struct route_args args;
    struct req q = {0};
    bool other;
    const struct route *r = find("GET", "/api/v1/dispute/12", &args, &other);

    (void)state;
    assert_non_null(r);
    assert_string_equal(r->path, "/api/v1/:register/:id");
    q.args = args;
    assert_string_equal(req_arg(&q, "register"), "dispute");
    assert_string_equal(req_arg(&q, "id"), "12");
    assert_null(req_arg(&q, "i"));
    assert_null(req_arg(&q, "idx"));
    assert_ptr_equal(find("HEAD", "/api/v1/dispute/12", &args, &other), r);
    assert_string_equal(find("GET", "/api/v1/openapi.json", &args, &other)->path, "/api/v1/openapi.json");
    assert_int_equal(find("GET", "/file/1/2", &args, &other)->cls, FILES); /* not behind reports */
    assert_string_equal(find("POST", "/api/v1/dispute/1/moves/close", &args, &other)->path,
                        "/api/v1/:register/:id/moves/:move");
}

static void finds_not(void **state)
{
    static const char *const none[] = {"/nope",       "/healthz/",        "//healthz", "/healthz/x", "/api",
                                       "/api/v1//12", "/api/v1/dispute/", "/HEALTHZ",  "/healthz.",  "/static"};
    struct route_args args;
    bool other;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (find("GET", none[i], &args, &other))
            fail_msg("%s was found", none[i]);
        assert_false(other);
    }
    assert_null(find("PUT", "/healthz", &args, &other));
    assert_true(other);
    assert_null(find("get", "/healthz", &args, &other));
    assert_true(other);
}

static void ids(void **state)
{
    static const char *const bad[] = {
        "", "0", "-1", "+1", "1x", " 1", "0x10", "01", "9223372036854775807", "99999999999999999999"};
    struct req q = {.args = {.n = 1, .name = {"id"}}};
    struct err e;
    int64_t id;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        q.args.value[0] = bad[i];
        assert_int_equal(req_arg_id(&id, &q, "id", &e), -1);
        assert_int_equal(e.code, ERR_MISSING);
        assert_int_equal(id, 0);
    }
    q.args.value[0] = "1882507806725421769";
    assert_int_equal(req_arg_id(&id, &q, "id", &e), 0);
    assert_int_equal(id, 1882507806725421769);
}

static void listed(void **state)
{
    struct buf b;
    json_t *read;

    (void)state;
    buf_init(&b, 1000000);
    routes_json(&b);
    read = json_loads(buf_cstr(&b), 0, NULL);
    assert_int_equal(json_array_size(read), routes_count);
    for (size_t i = 0; i < routes_count; i++)
        assert_non_null(json_string_value(json_object_get(json_array_get(read, i), "permission")));
    json_decref(read);
    buf_done(&b);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(table_is_sound),
                                       cmocka_unit_test(nothing_open_by_accident),
                                       cmocka_unit_test(writes_need_a_token),
                                       cmocka_unit_test(finds),
                                       cmocka_unit_test(finds_not),
                                       cmocka_unit_test(ids),
                                       cmocka_unit_test(listed)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
