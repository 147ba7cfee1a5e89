/* SPDX-License-Identifier: Apache-2.0 */
/* multipart.c: forms in pieces of every size give the same parts; broken ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "format/multipart.h"

#define TYPE "multipart/form-data; boundary=\"--=x\""

static struct arena *a;
static struct buf seen; /* name|filename|type|data; for each part */
static int stop_at;

static int begin(void *arg, const char *name, const char *filename, const char *type)
{
    (void)arg;
    buf_printf(&seen, "%s|%s|%s|", name, filename ? filename : "-", type ? type : "-");
    return stop_at == 1 ? 413 : 0;
}

static int data(void *arg, const void *p, size_t n)
{
    (void)arg;
    buf_add(&seen, p, n);
    return stop_at == 2 ? 500 : 0;
}

static int end(void *arg)
{
    (void)arg;
    buf_str(&seen, ";");
    return stop_at == 3 ? 400 : 0;
}

static int feed(const char *type, const char *body, size_t n, size_t step)
{
    struct multipart *m = multipart_new(a, type, &(struct multipart_sink){begin, data, end, NULL});
    int rc = m ? 0 : -2;

    buf_clear(&seen);
    for (size_t i = 0; !rc && i < n; i += step)
        rc = multipart_feed(m, body + i, n - i < step ? n - i : step);
    if (!rc)
        rc = multipart_finish(m);
    multipart_free(m);
    return rc;
}

static const char good[] = "----=x\r\n"
                           "Content-Disposition: form-data; name=\"title\"\r\n\r\n"
                           "楼道灯\r\n"
                           "----=x\r\n"
                           "content-disposition: form-data; name=file; filename=\"a b.xlsx\"\r\n"
                           "Content-Type: application/octet-stream\r\n\r\n"
                           "\r\n--x\r\n----=\r\n-- \r\n----=x\r\n"
                           "Content-Disposition: form-data; name=\"empty\"\r\n\r\n"
                           "\r\n----=x--\r\nepilogue";

static void every_step(void **state)
{
    (void)state;
    for (size_t step = 1; step < sizeof good; step++) {
        assert_int_equal(feed(TYPE, good, sizeof good - 1, step), 0);
        assert_string_equal(buf_cstr(&seen),
                            "title|-|-|楼道灯;file|a b.xlsx|application/octet-stream|\r\n--x\r\n----=\r\n"
                            "-- ;empty|-|-|;");
    }
}

/* Cut anywhere before the closing delimiter: never a whole form. */
static void every_cut(void **state)
{
    size_t whole = sizeof good - 1 - strlen("\r\nepilogue");

    (void)state;
    for (size_t n = 0; n < whole; n++)
        assert_int_not_equal(feed(TYPE, good, n, n ? n : 1), 0);
    assert_int_equal(feed(TYPE, good, whole, whole), 0);
}

static void refused(void **state)
{
    static const char *const bad[] = {
        "----=x\r\nContent-Type: text/plain\r\n\r\nx\r\n----=x--\r\n",                      /* no name */
        "----=x\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n----=x--\r\n",     /* empty name */
        "----=x\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n----=x--\r\n",       /* not form-data */
        "----=x\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n----=x--\r\n", /* not UTF-8 */
        "----=xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n----=x--\r\n",      /* not the boundary */
        "----=x--\r\n----=x",                                                               /* see below: fine */
    };

    (void)state;
    for (size_t i = 0; i < 5; i++)
        assert_int_not_equal(feed(TYPE, bad[i], strlen(bad[i]), 7), 0);
    assert_int_equal(feed(TYPE, bad[5], strlen(bad[5]), 7), 0);
    assert_string_equal(buf_cstr(&seen), "");
}

static void boundaries(void **state)
{
    (void)state;
    assert_int_equal(feed("multipart/form-data", "", 0, 1), -2);
    assert_int_equal(feed("multipart/form-data; boundary=", "", 0, 1), -2);
    assert_int_equal(feed("multipart/form-data; boundary="
                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                          "", 0, 1),
                     -2);
}

static void ceilings(void **state)
{
    static char big[80000];

    (void)state;
    memset(big, 'x', sizeof big);
    assert_int_equal(feed(TYPE, big, sizeof big, 1000), -1); /* endless preamble */
    memcpy(big, "----=x\r\nA: ", 11);
    assert_int_equal(feed(TYPE, big, 20000, 1000), -1); /* endless part header */
}

static void sink_decides(void **state)
{
    (void)state;
    stop_at = 1;
    assert_int_equal(feed(TYPE, good, sizeof good - 1, 5), 413);
    stop_at = 2;
    assert_int_equal(feed(TYPE, good, sizeof good - 1, 500), 500);
    stop_at = 3;
    assert_int_equal(feed(TYPE, good, sizeof good - 1, 500), 400);
    stop_at = 0;
}

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    buf_init(&seen, 1000000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    buf_done(&seen);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_step), cmocka_unit_test(every_cut),
                                       cmocka_unit_test(refused),    cmocka_unit_test(boundaries),
                                       cmocka_unit_test(ceilings),   cmocka_unit_test(sink_decides)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
