/* SPDX-License-Identifier: Apache-2.0 */
/* propose.c: from an office's ledger to a register that loads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sec.h"
#include "model/schema.h"
#include "model/schema_propose.h"

enum { ROWS_MAX = 60, COLS_MAX = 20 };

struct ledger {
    struct arena *a;
    struct book book;
    struct sheet sheet;
    struct sheet_row rows[ROWS_MAX];
    struct merge merges[8];
};

static int setup(void **state)
{
    struct err e = {0};
    struct ledger *l = calloc(1, sizeof *l);
    if (sec_init(&e) < 0)
        return -1;
    l->a = arena_new();
    l->book = (struct book){.a = l->a, .kind = "xlsx", .nsheets = 1, .sheets = &l->sheet};
    l->sheet = (struct sheet){.name = "台账", .rows = l->rows, .merges = l->merges};
    *state = l;
    return 0;
}

static int teardown(void **state)
{
    struct ledger *l = *state;
    arena_free(l->a);
    free(l);
    return 0;
}

/* A row of cells separated by |. */
static void row(struct ledger *l, const char *text)
{
    struct sheet_row *r = &l->rows[l->sheet.nrows];
    assert_true(l->sheet.nrows < ROWS_MAX);
    r->r = (int)l->sheet.nrows++;
    r->cells = arena_array(l->a, COLS_MAX, sizeof *r->cells);
    for (const char *p = text;; p++) {
        size_t n = strcspn(p, "|");
        assert_true(r->ncells < COLS_MAX);
        if (n)
            r->cells[r->ncells] = (struct cell){CELL_TEXT, 0, arena_strn(l->a, p, n)};
        r->ncells++;
        p += n;
        if (!*p)
            break;
    }
    if (r->ncells > l->sheet.ncols)
        l->sheet.ncols = r->ncells;
}

static void merge(struct ledger *l, int r1, int c1, int r2, int c2)
{
    l->merges[l->sheet.nmerges++] = (struct merge){r1, c1, r2, c2};
}

static const char *propose(struct ledger *l)
{
    struct err e = {0};
    struct buf b;
    sheet_index(l->a, &l->sheet);
    buf_init(&b, 1 << 20);
    int rc = schema_propose(&b, l->a, &l->book, "ledger", &e);
    if (rc < 0)
        print_error("%s\n", e.msg);
    assert_int_equal(rc, 0);
    const char *s = arena_str(l->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}

static struct reg *loaded(struct ledger *l, const char *text)
{
    static const char module[] = "module: x\nlabel: 试\nregisters: [ledger]\n";
    struct schema_errors es = {.a = l->a};
    struct schema_source src[2] = {{"modules/x/module.yaml", module, sizeof module - 1},
                                   {"modules/x/ledger.yaml", text, strlen(text)}};
    struct schema *s = schema_load(l->a, src, 2, &es);
    for (size_t i = 0; i < es.n; i++)
        print_error("%d:%d: %s\n", es.v[i].line, es.v[i].col, es.v[i].msg);
    if (!s)
        print_error("%s", text);
    assert_non_null(s);
    return schema_reg(s, "ledger");
}

static const struct field *by_label(const struct reg *r, const char *label)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (!strcmp(label_in(&r->fields[i].label, LANG_HANS), label))
            return &r->fields[i];
    return NULL;
}

static void types_by_values(void **state)
{
    struct ledger *l = *state;
    row(l, "槐花社区物品借用登记表（2024年）");
    row(l, "序号|登记编号|借出日期|借用人|联系电话|身份证号|类别|押金（元）|时长|件数|是否归还|所属网格|情况说明");
    merge(l, 0, 0, 0, 12);
    for (int i = 1; i <= 12; i++)
        row(l, arena_printf(l->a, "%d|借-%03d|2024.3.%d|王小明|1990000%04d||%s|%d.50|%d.5|%d|%s|第一网格|%s", i, i,
                            i, i, i % 2 ? "工具" : "图书", 100 + i, i, i, i % 3 ? "是" : "否",
                            i == 3   ? "无"
                            : i == 5 ? "/"
                                     : "借去修门"));
    row(l, "合计||||||||||||");
    const char *text = propose(l);
    const struct reg *r = loaded(l, text);
    assert_string_equal(label_in(&r->label, LANG_HANS), "物品借用登记表");
    assert_int_equal(by_label(r, "借出日期")->type, TYPE_DATE);
    assert_int_equal(by_label(r, "借用人")->type, TYPE_PERSON);
    assert_int_equal(by_label(r, "借用人")->cls, CLASS_PERSONAL);
    assert_int_equal(by_label(r, "联系电话")->type, TYPE_PHONE);
    assert_int_equal(by_label(r, "身份证号")->type, TYPE_IDNO);
    assert_int_equal(by_label(r, "身份证号")->cls, CLASS_PROTECTED);
    assert_int_equal(by_label(r, "类别")->type, TYPE_CHOICE);
    assert_int_equal(by_label(r, "类别")->nchoices, 2);
    assert_int_equal(by_label(r, "押金（元）")->type, TYPE_MONEY);
    assert_int_equal(by_label(r, "时长")->type, TYPE_DECIMAL);
    assert_int_equal(by_label(r, "时长")->places, 1);
    assert_int_equal(by_label(r, "件数")->type, TYPE_INT);
    assert_int_equal(by_label(r, "是否归还")->type, TYPE_FLAG);
    assert_int_equal(by_label(r, "所属网格")->type, TYPE_GRID);
    assert_int_equal(by_label(r, "情况说明")->type, TYPE_TEXT);
    assert_string_equal(by_label(r, "情况说明")->blanks[0], "无");
    assert_string_equal(by_label(r, "情况说明")->blanks[1], "/");
    assert_null(by_label(r, "序号"));
    assert_string_equal(r->key[0], "number");
    assert_string_equal(r->happened, by_label(r, "借出日期")->name);
    assert_string_equal(r->grid_field, "grid");
    assert_string_equal(r->import.sheets[0], "台账");
}

static void what_may_not_be_collected_is_left_out(void **state)
{
    struct ledger *l = *state;
    row(l, "姓名|民族|政治面貌|病史|家庭住址|备注");
    for (int i = 0; i < 10; i++)
        row(l, "李小花|某族|某某|某病|槐花路1号|好");
    const char *text = propose(l);
    const struct reg *r = loaded(l, text);
    assert_int_equal(r->nfields, 3);
    assert_null(by_label(r, "民族"));
    assert_non_null(strstr(text, "# 民族 is left out: ethnicity is not collected"));
    assert_non_null(strstr(text, "# 病史 is left out: health"));
    assert_null(strstr(text, "某族"));
    assert_int_equal(by_label(r, "家庭住址")->cls, CLASS_PERSONAL);
}

static void columns_that_repeat_are_a_child_table(void **state)
{
    struct ledger *l = *state;
    row(l, "日期|事项|当事人甲||当事人乙|");
    row(l, "||姓名|电话|姓名|电话");
    merge(l, 0, 2, 0, 3);
    merge(l, 0, 4, 0, 5);
    merge(l, 0, 0, 1, 0);
    merge(l, 0, 1, 1, 1);
    for (int i = 1; i <= 9; i++)
        row(l, arena_printf(l->a, "2024-03-0%d|第%d件小事|张三|1990000%04d|李四|1990000%04d", i, i, i, 100 + i));
    const struct reg *r = loaded(l, propose(l));
    assert_int_equal(r->nchildren, 1);
    assert_string_equal(label_in(&r->children[0].label, LANG_HANS), "当事人");
    assert_int_equal(r->children[0].ngroups, 2);
    assert_string_equal(r->children[0].groups[1].header, "当事人乙");
    assert_int_equal(by_label(&r->children[0], "电话")->type, TYPE_PHONE);
    assert_int_equal(r->nfields, 2);
}

/* Whatever stands in a header or cell: the proposal loads. */
static void odd_words_are_quoted(void **state)
{
    struct ledger *l = *state;
    row(l, "a= b|#无|\"引\"|- x|是|状态|{n}|编号|编号|state|\\");
    for (int i = 0; i < 12; i++)
        row(l, i % 2 ? "yes|[1|\"a\"|- b|null|{a: 1}|*x|1|2|&y|'" : "no|]2|'b'|: c|~|#c|!z|3|4|%q|\\");
    const struct reg *r = loaded(l, propose(l));
    assert_int_equal(r->nfields, 10); /* a header of punctuation alone names nothing */
    assert_string_equal(label_in(&by_label(r, "{n}")->choices[0].label, LANG_HANS), "!z");
    assert_null(reg_field(r, "state"));
}

static void refusals(void **state)
{
    struct ledger *l = *state;
    struct err e = {0};
    struct buf b;
    buf_init(&b, 1 << 20);
    row(l, "只有一列");
    row(l, "甲");
    sheet_index(l->a, &l->sheet);
    assert_int_equal(schema_propose(&b, l->a, &l->book, "ledger", &e), -1);
    assert_int_equal(e.code, ERR_INPUT);
    assert_int_equal(schema_propose(&b, l->a, &l->book, "Ledger 1", &e), -1);
    assert_non_null(strstr(e.msg, "小写英文字母"));
    l->sheet.nrows = 0;
    row(l, "民族|宗教信仰");
    row(l, "某族|某教");
    row(l, "某族|某教");
    assert_int_equal(schema_propose(&b, l->a, &l->book, "ledger", &e), -1);
    assert_non_null(strstr(e.msg, "都不能登记"));
    l->book.nsheets = 0;
    assert_int_equal(schema_propose(&b, l->a, &l->book, "ledger", &e), -1);
    assert_int_equal(b.n, 0);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_by_values, setup, teardown),
        cmocka_unit_test_setup_teardown(what_may_not_be_collected_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_that_repeat_are_a_child_table, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_words_are_quoted, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals, setup, teardown),
    };
    return cmocka_run_group_tests_name("propose", tests, NULL, NULL);
}
