/* SPDX-License-Identifier: Apache-2.0 */
/* err.c: tests of base/err.h and base/log.h */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

#include "base/err.h"
#include "base/log.h"
#include "base/utf8.h"

static void an_error_says_what_it_says(void **state)
{
    (void)state;
    struct err e;
    assert_int_equal(err_set(&e, ERR_CONFLICT, "第 %d 条已被认领", 3), -1);
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.msg, "第 3 条已被认领");
    assert_string_equal(e.field, "");
    assert_string_equal(e.log, "");
    assert_int_equal(err_field(&e, "phone", "手机号应为 11 位"), -1);
    assert_int_equal(e.code, ERR_INPUT);
    assert_string_equal(e.field, "phone");
    assert_int_equal(err_log(&e, "disk %s", "full"), -1);
    assert_int_equal(e.code, ERR_IO);
    assert_string_equal(e.log, "disk full");
    assert_string_equal(e.field, "");
    assert_null(strstr(e.msg, "disk")); /* users are not shown our log */
    err_clear(&e);
    assert_int_equal(e.code, ERR_NONE);
    assert_string_equal(e.msg, "");
}

static void nobody_listening_is_no_harm(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_BUG, "x"), -1);
    assert_int_equal(err_field(NULL, "f", "x"), -1);
    assert_int_equal(err_log(NULL, "x"), -1);
    err_clear(NULL);
}

static void a_long_message_ends_at_a_character(void **state)
{
    (void)state;
    char text[3 * 400 + 3];
    for (int shift = 0; shift < 3; shift++) {
        memset(text, 'a', (size_t)shift);
        for (int i = 0; i < 400; i++)
            memcpy(text + shift + i * 3, "里", 4);
        struct err e;
        err_set(&e, ERR_INPUT, "%s", text);
        assert_true(utf8_valid(e.msg, strlen(e.msg)));
        assert_true(strlen(e.msg) > sizeof e.msg - 5);
    }
}

static void every_code_has_its_numbers(void **state)
{
    (void)state;
    static const struct {
        enum err_code code;
        int http, exit;
        const char *word;
    } t[] = {{ERR_INPUT, 422, 2, "input"},     {ERR_DENIED, 403, 5, "denied"},     {ERR_LOGIN, 401, 5, "login"},
             {ERR_MISSING, 404, 2, "missing"}, {ERR_CONFLICT, 409, 6, "conflict"}, {ERR_TOOBIG, 413, 4, "too_big"},
             {ERR_REFUSED, 415, 4, "refused"}, {ERR_BUSY, 503, 7, "busy"},         {ERR_IO, 500, 8, "io"},
             {ERR_BUG, 500, 8, "bug"},         {ERR__MAX, 500, 8, "bug"}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        assert_int_equal(err_http(t[i].code), t[i].http);
        assert_int_equal(err_exit(t[i].code), t[i].exit);
        assert_string_equal(err_word(t[i].code), t[i].word);
    }
}

/* Runs with stderr in a file and gives back what was written. */
static char *logged(struct arena *a, enum log_level max, int json, enum log_level level, const char *text)
{
    char path[] = "/tmp/linli-log-XXXXXX";
    int fd = mkstemp(path), old = dup(STDERR_FILENO);
    dup2(fd, STDERR_FILENO);
    log_set(max, json);
    log_line(level, "%s", text);
    log_set(LOG_INFO, 0);
    dup2(old, STDERR_FILENO);
    char *out = arena_alloc(a, 8192);
    ssize_t n = pread(fd, out, 8191, 0);
    close(fd);
    close(old);
    unlink(path);
    assert_true(n >= 0);
    return out;
}

static void lines_stay_lines(void **state)
{
    char *s = logged(*state, LOG_INFO, 0, LOG_WARN, "two\nlines\x1b[31m");
    assert_non_null(strstr(s, "warn  two\\x0alines\\x1b[31m\n"));
    assert_ptr_equal(strchr(s, '\n'), s + strlen(s) - 1);
    s = logged(*state, LOG_INFO, 1, LOG_ERROR, "say \"x\" \\ \n");
    assert_non_null(strstr(s, "\"level\":\"error\",\"msg\":\"say \\\"x\\\" \\\\ \\u000a\"}\n"));
}

static void levels_are_kept_out(void **state)
{
    assert_string_equal(logged(*state, LOG_WARN, 0, LOG_INFO, "x"), "");
    assert_string_not_equal(logged(*state, LOG_DEBUG, 0, LOG_DEBUG, "x"), "");
}

static void the_request_is_named(void **state)
{
    log_request("r-7\"");
    assert_non_null(strstr(logged(*state, LOG_INFO, 1, LOG_INFO, "x"), "\"req_id\":\"r-7\\\"\""));
    assert_non_null(strstr(logged(*state, LOG_INFO, 0, LOG_INFO, "x"), "info  r-7\" x\n"));
    log_request(NULL);
    assert_null(strstr(logged(*state, LOG_INFO, 1, LOG_INFO, "x"), "req_id"));
}

static void a_very_long_line_is_cut(void **state)
{
    char *s = logged(*state, LOG_INFO, 1, LOG_INFO, arena_printf(*state, "%0*d", 5000, 1));
    assert_true(strlen(s) < 4096);
    assert_string_equal(s + strlen(s) - 3, "\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_says_what_it_says),
        cmocka_unit_test(nobody_listening_is_no_harm),
        cmocka_unit_test(a_long_message_ends_at_a_character),
        cmocka_unit_test(every_code_has_its_numbers),
        WITH_ARENA(lines_stay_lines),
        WITH_ARENA(levels_are_kept_out),
        WITH_ARENA(the_request_is_named),
        WITH_ARENA(a_very_long_line_is_cut),
    };
    return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
