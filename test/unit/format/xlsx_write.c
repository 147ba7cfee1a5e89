/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_write.c and annotate.c: what was written is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/utf8.h"
#include "format/annotate.h"
#include "format/book_read.h"
#include "format/xlsx_write.h"

static struct arena *a;
static char path[64];

static int up(void **state)
{
    int fd;

    (void)state;
    a = arena_new();
    strcpy(path, "/tmp/linli-xlsx-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return 0;
}

static int down(void **state)
{
    (void)state;
    unlink(path);
    arena_free(a);
    return 0;
}

static const struct book *read_back(void)
{
    struct book *b;
    struct err e = {0};

    if (book_read_file(&b, a, path, &e))
        fail_msg("%s %s", e.msg, e.log);
    return b;
}

static const struct cell *cell_at(const struct sheet *s, int r, int col)
{
    for (size_t i = 0; i < s->nrows; i++)
        if (s->rows[i].r == r)
            return sheet_cell(s, i, col);
    return sheet_cell(s, SIZE_MAX, 0);
}

static void text_is(const struct sheet *s, int r, int col, const char *want)
{
    const struct cell *c = cell_at(s, r, col);

    assert_int_equal(c->kind, CELL_TEXT);
    assert_string_equal(c->text, want);
}

static void test_table(void **state)
{
    struct xlsx_out *x;
    struct err e = {0};
    const struct book *b;
    const struct sheet *s;

    (void)state;
    assert_int_equal(xlsx_out_open(&x, path, "走访[2024]/记录", &e), 0);
    xlsx_out_title(x, "某社区走访记录");
    xlsx_out_head(x, "编号");
    xlsx_out_head(x, "内容");
    xlsx_out_head(x, "金额");
    xlsx_out_head(x, "日期");
    xlsx_out_row(x);
    xlsx_out_text(x, "119999195808010049");
    xlsx_out_text(x, "=HYPERLINK(\"http://x\")");
    xlsx_out_number(x, 12.5, 2);
    xlsx_out_day(x, day_from_ymd(2024, 3, 5));
    xlsx_out_row(x);
    xlsx_out_text(x, NULL);
    xlsx_out_text(x, "上\n下\x01");
    xlsx_out_row(x);
    assert_int_equal(xlsx_out_sheet(x, "走访[2024]/记录", &e), 0); /* a name that is taken */
    xlsx_out_text(x, "二");
    xlsx_out_row(x);
    assert_int_equal(xlsx_out_close(x, &e), 0);
    b = read_back();
    assert_int_equal(b->nsheets, 2);
    s = &b->sheets[0];
    assert_string_equal(s->name, "走访2024记录");
    assert_string_equal(b->sheets[1].name, "表2");
    text_is(s, 0, 0, "某社区走访记录");
    text_is(s, 1, 3, "日期");
    text_is(s, 2, 0, "119999195808010049");
    text_is(s, 2, 1, "=HYPERLINK(\"http://x\")"); /* a text, not a formula */
    assert_int_equal(cell_at(s, 2, 2)->kind, CELL_NUMBER);
    assert_true(cell_at(s, 2, 2)->num == 12.5);
    assert_int_equal(cell_at(s, 2, 3)->kind, CELL_DATE);
    assert_int_equal(date_serial(cell_at(s, 2, 3)->num, false).day, day_from_ymd(2024, 3, 5));
    assert_int_equal(cell_at(s, 3, 0)->kind, CELL_EMPTY);
    text_is(s, 3, 1, "上\n下");
}

static void test_long_text(void **state)
{
    struct xlsx_out *x;
    struct err e = {0};
    char *big = arena_alloc(a, 3 * 40000 + 1);

    (void)state;
    for (int i = 0; i < 40000; i++)
        memcpy(big + 3 * i, "长", 3);
    assert_int_equal(xlsx_out_open(&x, path, "", &e), 0);
    xlsx_out_text(x, big);
    xlsx_out_row(x);
    assert_int_equal(xlsx_out_close(x, &e), 0);
    assert_string_equal(read_back()->sheets[0].name, "表");
    assert_int_equal(utf8_count(cell_at(&read_back()->sheets[0], 0, 0)->text), 32767);
}

static void test_no_disk(void **state)
{
    struct xlsx_out *x;
    struct err e = {0};

    (void)state;
    assert_int_equal(xlsx_out_open(&x, "/nowhere/at/all.xlsx", "表", &e), 0);
    assert_int_equal(xlsx_out_close(x, &e), -1);
    assert_int_equal(e.code, ERR_IO);
}

static void test_names(void **state)
{
    char out[128];

    (void)state;
    sheet_name_clean(out, "a:b*c?d");
    assert_string_equal(out, "abcd");
    sheet_name_clean(out, "[]");
    assert_string_equal(out, "表");
    sheet_name_clean(out, NULL);
    assert_string_equal(out, "表");
    sheet_name_clean(out, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五");
    assert_int_equal(utf8_count(out), 31);
}

/* --- the marked workbook */

static struct cell text(const char *s)
{
    return (struct cell){s ? CELL_TEXT : CELL_EMPTY, 0, s};
}

/* A title, a header in two levels, a vertical merge over two rows, a good row between two bad ones. */
static struct book *ledger(void)
{
    static struct cell title[1], head1[3], head2[3], r1[3], r2[3], r3[3];
    static struct sheet_row rows[6];
    static struct merge merges[3] = {{0, 0, 0, 2}, {1, 0, 2, 0}, {3, 0, 4, 0}};
    static struct sheet sheets[2];
    static struct book b;

    title[0] = text("台账");
    head1[0] = text("走访人"), head1[1] = text("情况");
    head2[1] = text("日期"), head2[2] = text("内容");
    r1[0] = text("甲某"), r1[1] = (struct cell){CELL_DATE, 45356.5, "45356.5"}, r1[2] = text("好");
    r2[1] = text("2024.13.5"), r2[2] = text("=坏");
    r3[0] = text("乙某"), r3[1] = (struct cell){CELL_DATE, 45357, "45357"};
    rows[0] = (struct sheet_row){0, 0, false, 1, title};
    rows[1] = (struct sheet_row){1, 0, false, 3, head1};
    rows[2] = (struct sheet_row){2, 0, false, 3, head2};
    rows[3] = (struct sheet_row){3, 0, false, 3, r1};
    rows[4] = (struct sheet_row){4, 0, false, 3, r2};
    rows[5] = (struct sheet_row){7, 0, false, 3, r3};
    sheets[0] = (struct sheet){.name = "说明"};
    sheets[1] =
        (struct sheet){.name = "走访", .nrows = 6, .rows = rows, .ncols = 3, .nmerges = 3, .merges = merges};
    sheet_index(a, &sheets[0]);
    sheet_index(a, &sheets[1]);
    b = (struct book){.a = a, .kind = "xlsx", .nsheets = 2, .sheets = sheets};
    return &b;
}

static void test_annotate(void **state)
{
    struct sheet_note v[] = {{1, 4, 1, "没有这一天"}, {1, 4, -1, "整行有错"}, {1, 7, 2, "内容没有填"}};
    int last[] = {-1, 2};
    struct notes notes = {3, v, last};
    struct err e = {0};
    const struct book *b;
    const struct sheet *s;

    (void)state;
    assert_int_equal(annotate_file(path, ledger(), &notes, &e), 0);
    b = read_back();
    assert_int_equal(b->nsheets, 1); /* sheets without a refused row are left out */
    s = &b->sheets[0];
    assert_string_equal(s->name, "走访");
    text_is(s, 0, 0, "台账");
    text_is(s, 2, 1, "日期");
    text_is(s, 2, 3, "【错误说明】");
    assert_int_equal(s->nmerges, 2); /* of the header; the one in the data is filled in */
    assert_int_equal(s->rows[s->nrows - 1].r, 4);
    text_is(s, 3, 0, "甲某");
    text_is(s, 3, 1, "2024.13.5");
    text_is(s, 3, 2, "=坏");
    text_is(s, 3, 3, "没有这一天\n整行有错");
    text_is(s, 4, 0, "乙某");
    assert_int_equal(cell_at(s, 4, 1)->kind, CELL_DATE);
    assert_true(cell_at(s, 4, 1)->num == 45357);
    assert_int_equal(cell_at(s, 4, 2)->kind, CELL_EMPTY);
    text_is(s, 4, 3, "内容没有填");
}

static void test_annotate_nothing(void **state)
{
    struct notes none = {0, NULL, (int[]){-1, 2}};
    struct err e = {0};

    (void)state;
    assert_int_equal(annotate_file(path, ledger(), &none, &e), -1);
    assert_int_equal(e.code, ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_table, up, down),
        cmocka_unit_test_setup_teardown(test_long_text, up, down),
        cmocka_unit_test_setup_teardown(test_no_disk, up, down),
        cmocka_unit_test_setup_teardown(test_names, up, down),
        cmocka_unit_test_setup_teardown(test_annotate, up, down),
        cmocka_unit_test_setup_teardown(test_annotate_nothing, up, down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
