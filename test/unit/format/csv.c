/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c: CSV in many spellings, and out again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/csv.h"

static struct arena *a;

static int up(void **state)
{
    (void)state;
    a = arena_new();
    return 0;
}

static int down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static const struct sheet *read_n(const char *p, size_t n)
{
    struct book *b;
    struct err e = {0};

    if (csv_read(&b, a, p, n, &e))
        fail_msg("%s", e.msg);
    assert_string_equal(b->kind, "csv");
    assert_int_equal(b->nsheets, 1);
    assert_null(b->sheets[0].name);
    return &b->sheets[0];
}

static const struct sheet *read_s(const char *s)
{
    return read_n(s, strlen(s));
}

static void cell_is(const struct sheet *s, size_t row, int col, const char *want)
{
    const struct cell *c = sheet_cell(s, row, col);

    if (!want) {
        assert_int_equal(c->kind, CELL_EMPTY);
        return;
    }
    assert_int_equal(c->kind, CELL_TEXT);
    assert_string_equal(c->text, want);
}

static void refused(const char *p, size_t n, const char *word)
{
    struct book *b;
    struct err e = {0};

    assert_int_equal(csv_read(&b, a, p, n, &e), -1);
    assert_int_equal(e.code, ERR_REFUSED);
    if (!strstr(e.msg, word))
        fail_msg("“%s” is not in “%s”", word, e.msg);
}

static void test_separators(void **state)
{
    (void)state;
    cell_is(read_s("甲,乙\n1,2\n"), 1, 1, "2");
    cell_is(read_s("甲;乙\n1,5;2\n"), 1, 0, "1,5");
    cell_is(read_s("甲\t乙\n1,5\t2;\n"), 1, 1, "2;");
    cell_is(read_s("只有一列\n内容\n"), 1, 0, "内容");
    /* what stands in quotes does not vote */
    cell_is(read_s("\"a;b;c;d;e\",乙\n1,2\n"), 0, 1, "乙");
}

static void test_quotes(void **state)
{
    const struct sheet *s = read_s("编号,内容\r\n1,\"三件事：\r\n1.灯；\n2.门\"\r\n2,\"他说\"\"好\"\"，走了\"\r\n3,"
                                   "中\"间\"引号\r\n4,\"尾\"巴\r\n");

    (void)state;
    assert_int_equal(s->nrows, 5);
    cell_is(s, 1, 1, "三件事：\r\n1.灯；\n2.门");
    cell_is(s, 2, 1, "他说\"好\"，走了");
    cell_is(s, 3, 1, "中\"间\"引号");
    cell_is(s, 4, 1, "尾巴");
}

/* The record's number counts records, the line where it begins counts lines of the file. */
static void test_lines(void **state)
{
    const struct sheet *s = read_s("标题\n编号,内容\n1,\"上\n下\"\n\n3,无\n");

    (void)state;
    assert_int_equal(s->nrows, 4);
    assert_int_equal(s->rows[2].r, 2);
    assert_int_equal(s->rows[2].line, 3);
    assert_int_equal(s->rows[3].r, 4); /* the empty record in between is counted */
    assert_int_equal(s->rows[3].line, 6);
    s = read_s("a,b\r\"x\ry\",2\r3,4");
    assert_int_equal(s->nrows, 3);
    assert_int_equal(s->rows[2].line, 4);
    cell_is(s, 1, 0, "x\ry");
    cell_is(s, 2, 1, "4");
}

static void test_empty_cells(void **state)
{
    const struct sheet *s = read_s("a,b,c\n1,,3\n,,\n\"\",x,\n");

    (void)state;
    assert_int_equal(s->nrows, 3); /* the one without content is not kept */
    cell_is(s, 1, 1, NULL);
    cell_is(s, 1, 2, "3");
    assert_int_equal(s->rows[2].r, 3);
    cell_is(s, 2, 0, NULL);
    assert_int_equal(s->rows[2].ncells, 2);
    assert_int_equal(read_s("\n\n\n")->nrows, 0);
}

static void test_encodings(void **state)
{
    static const char gb[] = "\xB1\xE0\xBA\xC5,\xCC\xEF\x82\x30\xC2\x39\n"; /* 编号,田 and a four-byte character */
    static const char le[] = "\xFF\xFE\x16\x7F,\0\xF7\x53\n\0\x3D\xD8\x00\xDE";
    static const char be[] = "\xFE\xFF\x7F\x16\0,\x53\xF7";
    const struct sheet *s;

    (void)state;
    cell_is(read_s("\xEF\xBB\xBF编号,2\n"), 0, 0, "编号");
    s = read_n(gb, sizeof gb - 1);
    cell_is(s, 0, 0, "编号");
    assert_int_equal(strncmp(sheet_cell(s, 0, 1)->text, "田", 3), 0);
    assert_int_equal(strlen(sheet_cell(s, 0, 1)->text), 6);
    s = read_n(le, sizeof le - 1);
    cell_is(s, 0, 0, "编");
    cell_is(s, 0, 1, "号");
    cell_is(s, 1, 0, "\xF0\x9F\x98\x80"); /* a surrogate pair */
    s = read_n(be, sizeof be - 1);
    cell_is(s, 0, 1, "号");
}

static void test_refused(void **state)
{
    (void)state;
    refused("编号,内容\n1,\"没有关上\n2,x\n", 30, "第2行");
    refused("a,b\0c,d\n", 8, "不会有的字节");
    refused("\xB1\xE0\xFF\xFF,\x80\n", 7, "编码认不出来");
    char wide[3000];

    memset(wide, ',', sizeof wide);
    wide[2999] = 'x';
    refused(wide, sizeof wide, "列");
}

static const char *written(const char *text)
{
    struct buf b;
    const char *out;

    buf_init(&b, 4096);
    csv_cell(&b, text, true);
    out = arena_str(a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

static void test_write(void **state)
{
    (void)state;
    assert_string_equal(written("平常"), "平常\r\n");
    assert_string_equal(written(NULL), "\r\n");
    assert_string_equal(written("a,b"), "\"a,b\"\r\n");
    assert_string_equal(written("说\"好\""), "\"说\"\"好\"\"\"\r\n");
    assert_string_equal(written("上\n下"), "\"上\n下\"\r\n");
    /* formulas are made harmless, numbers are not touched */
    assert_string_equal(written("=1+1"), "\"'=1+1\"\r\n");
    assert_string_equal(written("@物业"), "\"'@物业\"\r\n");
    assert_string_equal(written("-1层车库"), "\"'-1层车库\"\r\n");
    assert_string_equal(written("+86 1"), "\"'+86 1\"\r\n");
    assert_string_equal(written("-12.50"), "-12.50\r\n");
    assert_string_equal(written("+3"), "+3\r\n");
    assert_string_equal(written("-"), "\"'-\"\r\n");
    assert_string_equal(cell_guard(a, "=cmd"), "'=cmd");
    assert_string_equal(cell_guard(a, "5-3"), "5-3");
}

/* What was written is read back the same, whatever it is. */
static void test_round_trip(void **state)
{
    static const char *const texts[] = {"=SUM(A1)", "-1层", "+86",  "@x", "a\"b,c;d\te\r\nf",
                                        " 空 ",     "'引",  "''=x", "-5"};
    struct buf b;
    const struct sheet *s;

    (void)state;
    buf_init(&b, 4096);
    csv_begin(&b);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        csv_cell(&b, texts[i], i + 1 == sizeof texts / sizeof *texts);
    s = read_n(buf_cstr(&b), b.n);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cell_is(s, 0, (int)i, texts[i]);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_separators, up, down),
        cmocka_unit_test_setup_teardown(test_quotes, up, down),
        cmocka_unit_test_setup_teardown(test_lines, up, down),
        cmocka_unit_test_setup_teardown(test_empty_cells, up, down),
        cmocka_unit_test_setup_teardown(test_encodings, up, down),
        cmocka_unit_test_setup_teardown(test_refused, up, down),
        cmocka_unit_test_setup_teardown(test_write, up, down),
        cmocka_unit_test_setup_teardown(test_round_trip, up, down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
