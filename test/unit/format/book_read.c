/* SPDX-License-Identifier: Apache-2.0 */
/* book_read.c: workbooks with every trap, and files that must be refused in words. The files come from
 * test/formats/make.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "format/book_read.h"
#include "format/xlsx_style.h"
#include "format/xml_scan.h"

#define FILES "test/formats/files/"

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

static const struct book *read_file(const char *name)
{
    struct book *b;
    struct err e = {0};

    if (book_read_file(&b, a, arena_printf(a, FILES "%s", name), &e))
        fail_msg("%s: %s %s", name, e.msg, e.log);
    return b;
}

static void refused(const char *name, const char *word)
{
    struct book *b;
    struct err e = {0};
    struct arena *own = arena_new();

    if (book_read_file(&b, own, arena_printf(own, FILES "%s", name), &e) != -1)
        fail_msg("%s was read", name);
    assert_int_equal(e.code, ERR_REFUSED);
    if (!strstr(e.msg, word))
        fail_msg("%s: “%s” is not in “%s”", name, word, e.msg);
    /* bounded memory: nothing near the hundreds of megabytes these files unpack to or claim */
    assert_true(arena_used(own) < ((size_t)160 << 20));
    arena_free(own);
}

static void cell_is(const struct sheet *s, int r, int col, enum cell_kind kind, const char *text)
{
    for (size_t i = 0; i < s->nrows; i++)
        if (s->rows[i].r == r) {
            const struct cell *c = sheet_cell(s, i, col);

            if (c->kind != kind || (text && strcmp(c->text, text) != 0))
                fail_msg("row %d column %d: kind %d, text %s", r + 1, col, (int)c->kind, c->text ? c->text : "");
            return;
        }
    if (kind != CELL_EMPTY)
        fail_msg("no row %d", r + 1);
}

static void test_kinds(void **state)
{
    const struct book *b = read_file("kinds.xlsx");
    const struct sheet *s = &b->sheets[0];

    (void)state;
    assert_int_equal(b->nsheets, 3);
    assert_string_equal(s->name, "甲&乙");
    cell_is(s, 0, 0, CELL_TEXT, "编号");
    cell_is(s, 0, 1, CELL_TEXT, "楼道堆物 "); /* rich text joined, phonetic guide left out */
    cell_is(s, 0, 2, CELL_TEXT, "单某");
    cell_is(s, 0, 3, CELL_EMPTY, NULL);
    cell_is(s, 0, 4, CELL_TEXT, "甲&乙\n丙");
    cell_is(s, 1, 0, CELL_TEXT, "甲=乙"); /* a formula's stored text */
    cell_is(s, 1, 1, CELL_EMPTY, NULL);
    cell_is(s, 1, 2, CELL_BOOL, "TRUE");
    cell_is(s, 1, 3, CELL_ERROR, "#N/A");
    cell_is(s, 1, 4, CELL_TEXT, "分开");
    cell_is(s, 1, 5, CELL_TEXT, "2024-03-05 14:30");
    cell_is(s, 2, 0, CELL_NUMBER, "7"); /* cells without addresses follow one another */
    cell_is(s, 2, 2, CELL_NUMBER, "1.5");
    cell_is(s, 5, 0, CELL_NUMBER, "1.1999919580101E+17"); /* as the file wrote it */
}

static void test_rows(void **state)
{
    const struct sheet *s = &read_file("kinds.xlsx")->sheets[0];

    (void)state;
    assert_int_equal(s->nrows, 6); /* dimension and styled cells do not count */
    assert_int_equal(s->ncols, 10);
    assert_true(s->rows[1].hidden);
    assert_false(s->rows[0].hidden);
    assert_int_equal(s->rows[5].r, 8); /* a row whose number goes back comes next */
    cell_is(s, 8, 0, CELL_NUMBER, "9");
}

static void test_styles(void **state)
{
    /* 0, 31, 58, 年月 custom, days in quotes, elapsed hours, 14 redefined as a number, 22, 47, text */
    static const bool date[] = {false, true, true, true, false, true, false, true, true, false};
    const struct sheet *s = &read_file("kinds.xlsx")->sheets[0];

    (void)state;
    for (int c = 0; c < 10; c++)
        cell_is(s, 4, c, date[c] ? CELL_DATE : CELL_NUMBER, "45356.5");
    cell_is(s, 5, 1, CELL_NUMBER, "3"); /* a style that does not exist */
    assert_true(read_file("date1904.xlsx")->date1904);
    assert_false(read_file("kinds.xlsx")->date1904);
    cell_is(&read_file("date1904.xlsx")->sheets[0], 0, 0, CELL_DATE, "43894");
}

static void test_format_codes(void **state)
{
    static const struct {
        const char *code;
        bool date;
    } codes[] = {{"General", false},      {"0.00", false},
                 {"yyyy-mm-dd", true},    {"[$-804]yyyy\"年\"m\"月\"d\"日\"", true},
                 {"0\"s\"", false},       {"[Red]0.00;[Blue]0", false},
                 {"[h]:mm", true},        {"[mm]", true},
                 {"[hm]", false},         {"\\d0", false},
                 {"_d0", false},          {"m月d日", true},
                 {"#,##0.00_);", false},  {"\"日期\"", false},
                 {"0年", true},           {"@", false},
                 {"\"unclosed d", false}, {"[unclosed d", false},
                 {"0\\", false}};

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (style_code_date(codes[i].code) != codes[i].date)
            fail_msg("%s", codes[i].code);
    for (int n = 0; n < 70; n++) {
        bool want = (n >= 14 && n <= 22) || (n >= 27 && n <= 36) || (n >= 45 && n <= 47) || (n >= 50 && n <= 58);

        assert_int_equal(style_builtin_date(n), want);
    }
}

static void test_merges(void **state)
{
    const struct sheet *s = &read_file("kinds.xlsx")->sheets[0];
    const struct merge *m = sheet_merge(s, 0, 1);

    (void)state;
    assert_int_equal(s->nmerges, 2); /* nonsense is passed over */
    assert_non_null(m);
    assert_int_equal(m->c1, 0);
    assert_null(sheet_merge(s, 0, 2));
    assert_null(sheet_merge(s, 1, 0));
    assert_non_null(sheet_merge(s, 5, 0));
    assert_null(sheet_merge(s, 6, 0));
    assert_null(sheet_merge(s, -1, 0));
}

static void test_sheets(void **state)
{
    const struct book *b = read_file("kinds.xlsx");

    (void)state;
    assert_false(b->sheets[0].hidden);
    assert_true(b->sheets[1].hidden);
    assert_true(b->sheets[2].hidden);
    cell_is(&b->sheets[1], 0, 0, CELL_TEXT, "前缀"); /* elements with a namespace prefix */
    assert_int_equal(read_file("macro.xlsm")->nsheets, 1);
    assert_int_equal(read_file("many_blank.xlsx")->sheets[0].nrows, 2);
}

static void test_xls(void **state)
{
    const struct book *b = read_file("plain.xls");
    const struct sheet *s = &b->sheets[0];

    (void)state;
    assert_string_equal(b->kind, "xls");
    assert_string_equal(s->name, "台账");
    cell_is(s, 0, 0, CELL_TEXT, "编号");
    cell_is(s, 1, 0, CELL_NUMBER, "7");
    cell_is(s, 1, 1, CELL_DATE, "45356");
    cell_is(s, 2, 1, CELL_DATE, "45356.6041666667");
    assert_int_equal(s->nmerges, 1);
    assert_non_null(sheet_merge(s, 0, 1));
    assert_true(s->rows[1].hidden);
    assert_false(s->hidden);
    assert_true(read_file("hidden.xls")->sheets[0].hidden);
    assert_int_equal(read_file("claims.xls")->sheets[0].nrows, 3); /* 65536 rows are claimed, nobody believes it */
}

static void test_xls_records(void **state)
{
    const struct book *b = read_file("records.xls");
    const struct sheet *s = &b->sheets[0];

    (void)state;
    assert_true(b->date1904);
    assert_true(s->hidden); /* very hidden */
    assert_int_equal(s->nrows, 5);
    cell_is(s, 0, 0, CELL_TEXT, "富文");
    cell_is(s, 0, 1, CELL_TEXT, "注音");
    cell_is(s, 1, 0, CELL_NUMBER, "7");
    cell_is(s, 1, 1, CELL_NUMBER, "-2.5");
    cell_is(s, 1, 2, CELL_DATE, "45356"); /* by a custom code */
    cell_is(s, 1, 3, CELL_DATE, "12.5");  /* by format 57, which has none */
    cell_is(s, 2, 0, CELL_NUMBER, "12.5");
    cell_is(s, 2, 1, CELL_TEXT, "公式");
    cell_is(s, 2, 2, CELL_ERROR, "#N/A");
    cell_is(s, 3, 0, CELL_BOOL, "TRUE");
    cell_is(s, 3, 1, CELL_ERROR, "#DIV/0!");
    cell_is(s, 3, 2, CELL_TEXT, "ab");
    cell_is(s, 4, 0, CELL_TEXT, "上半段文tail");
}

static void test_refused(void **state)
{
    static const char *const files[][2] = {
        {"truncated.xlsx", "不完整"},  {"bomb.xlsx", "过大"},         {"entities.xlsx", "实体"},
        {"external.xlsx", "DTD"},      {"broken_xml.xlsx", "损坏"},   {"bad_string.xlsx", "找不到自己的文字"},
        {"no_sheet.xlsx", "缺少部件"}, {"wide.xlsx", "1000列"},       {"cells.xlsx", "单元格超过"},
        {"sheets.xlsx", "200张"},      {"zip_password.xlsx", "密码"}, {"binary.xlsb", "xlsb"},
        {"letter.xlsx", "Word"},       {"page.xls", "网页"},          {"xml2003.xls", "2003"},
        {"password.xls", "密码"},      {"locked.xlsx", "密码"},       {"letter.xls", "不是 Excel"},
        {"truncated.xls", "不完整"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        refused(files[i][0], files[i][1]);
}

static void bytes_refused(const void *p, size_t n, const char *word)
{
    struct book *b;
    struct err e = {0};

    assert_int_equal(book_read_bytes(&b, a, p, n, "表.xlsx", &e), -1);
    assert_int_equal(e.code, ERR_REFUSED);
    if (!strstr(e.msg, word))
        fail_msg("“%s” is not in “%s”", word, e.msg);
}

static void test_magic(void **state)
{
    struct book *b;
    struct err e = {0};

    (void)state;
    bytes_refused("", 0, "空的");
    bytes_refused("%PDF-1.7\n", 9, "PDF");
    bytes_refused("\x89PNG\r\n\x1a\n", 8, "图片");
    bytes_refused("\x01\x02\x00\x03", 4, "认不出");
    bytes_refused("\x09\x08\x08\x00\x00\x05\x05\x00", 8, "很旧");
    bytes_refused("PK\3\4 nothing else", 17, "压缩包");
    bytes_refused("PK\3\4 xl/workbook.xml but no archive", 36, "不完整");
    bytes_refused("<?xml version=\"1.0\"?><a/>", 25, "认不出");
    bytes_refused("  \n<!DOCTYPE html><p>", 21, "网页");
    /* the name does not matter, the content does */
    assert_int_equal(book_read_bytes(&b, a, "编号,内容\n", strlen("编号,内容\n"), "表.xls", &e), 0);
    assert_string_equal(b->kind, "csv");
    assert_string_equal(book_sniff("a", 1), "csv");
}

/* Every beginning of a good file is refused or read, never worse. */
static void test_cut(void **state)
{
    static const char *const names[] = {"kinds.xlsx", "plain.xls"};

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        char *p;
        size_t n;
        struct err e = {0};

        assert_int_equal(file_read(&p, &n, a, arena_printf(a, FILES "%s", names[k]), 1 << 20, &e), 0);
        for (size_t cut = 1; cut < n; cut += 37) {
            struct arena *own = arena_new();
            struct book *b;

            book_read_bytes(&b, own, p, cut, NULL, &e);
            arena_free(own);
        }
    }
}

static void put16(char **q, unsigned v)
{
    *(*q)++ = (char)(v & 255);
    *(*q)++ = (char)(v >> 8);
}

static void put32(char **q, size_t v)
{
    put16(q, (unsigned)(v & 0xFFFF));
    put16(q, (unsigned)(v >> 16 & 0xFFFF));
}

/* An archive whose directory lists one empty entry again and again. */
static void test_many_entries(void **state)
{
    size_t n = ZIP_ENTRIES + 1, size = 34 + n * 50 + 22;
    char *p = arena_alloc(a, size + 64), *q = p;
    size_t dir;

    (void)state;
    memcpy(q, "PK\3\4", 4);
    q += 4;
    for (int i = 0; i < 11; i++)
        put16(&q, i == 0 ? 20 : i == 9 ? 4 : 0);
    q -= 2;
    put16(&q, 4), put16(&q, 0);
    q = p + 26;
    put16(&q, 4), put16(&q, 0);
    memcpy(q, "xl/a", 4);
    q += 4;
    dir = (size_t)(q - p);
    for (size_t i = 0; i < n; i++) {
        memcpy(q, "PK\1\2", 4);
        memset(q + 4, 0, 42);
        q[4] = q[6] = 20;
        q[28] = 4;
        memcpy(q + 46, "xl/a", 4);
        q += 50;
    }
    memcpy(q, "PK\5\6", 4);
    q += 4;
    put16(&q, 0), put16(&q, 0), put16(&q, (unsigned)n), put16(&q, (unsigned)n);
    put32(&q, n * 50), put32(&q, dir), put16(&q, 0);
    memcpy(q, "xl/workbook.xml", 15); /* only for the eye that looks for the kind */
    bytes_refused(p, (size_t)(q - p), "压缩包");
    p[30] = 'x';
    zip_t *z;
    struct err e = {0};

    assert_int_equal(zip_from_bytes(&z, p, (size_t)(q - p), &e), -1);
    assert_int_equal(e.code, ERR_REFUSED);
    assert_non_null(strstr(e.msg, "部件"));
}

static void test_too_big(void **state)
{
    size_t n = ((size_t)50 << 20) + 1;
    char *p = arena_alloc(a, n);
    struct book *b;
    struct err e = {0};

    (void)state;
    memset(p, 'a', n);
    assert_int_equal(book_read_bytes(&b, a, p, n, NULL, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kinds, up, down),
        cmocka_unit_test_setup_teardown(test_rows, up, down),
        cmocka_unit_test_setup_teardown(test_styles, up, down),
        cmocka_unit_test_setup_teardown(test_format_codes, up, down),
        cmocka_unit_test_setup_teardown(test_merges, up, down),
        cmocka_unit_test_setup_teardown(test_sheets, up, down),
        cmocka_unit_test_setup_teardown(test_xls, up, down),
        cmocka_unit_test_setup_teardown(test_xls_records, up, down),
        cmocka_unit_test_setup_teardown(test_refused, up, down),
        cmocka_unit_test_setup_teardown(test_magic, up, down),
        cmocka_unit_test_setup_teardown(test_cut, up, down),
        cmocka_unit_test_setup_teardown(test_many_entries, up, down),
        cmocka_unit_test_setup_teardown(test_too_big, up, down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
