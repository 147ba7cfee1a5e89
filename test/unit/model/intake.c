/* SPDX-License-Identifier: Apache-2.0 */
/* intake_row.c, intake_cross.c: what is a row of a ledger, and what does it say? */
#include "intake_case.h"

static void rows_that_are_no_records(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "走动",
                "走动记录（2026年）\n序号|走动人|走动日期|去处|情况\n#1|张三|2026-01-02|院里|好\n\n#2|||  |\n"
                "第一组小计||#1||\n#3|李四|2026-01-03|合计小区|注：不是说明\n序号|走动人|走动日期|去处|情况\n"
                "合计（次）||#2||\n注：1.本表按月填写。\n　　2.去处写全称。\n制表人：王五||审核人：赵六\n",
                "0,0,0,4 10,0,10,4");
    struct import_result *r = import(c, b);

    counts(r, 2, 2, 0, 0, 0);
    assert_int_equal(r->nskipped, 6); /* blank and merely numbered rows are not worth a word */
    assert_int_equal(r->skipped[0].row, 6);
    assert_string_equal(r->skipped[0].why, "合计行");
    assert_string_equal(r->skipped[1].why, "重复的表头");
    one_of(c, "walk", "place", "合计小区");
}

static void refused_cells(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角",
                             "登记编号|发现日期|简要情况|涉及金额（元）|结果|了结日期|证件号码\n"
                             "K1|2026.2.30|吵|#5|||\nK2|2026-01-02||#5|||\nK3|2026-01-02|吵|不少|||\n"
                             "K4|2026-01-02|吵|无|也许||\nK5|2026-01-03|吵|||2026-01-02|\n"
                             "K6|2026-01-02|吵||||#1.1999919580101E+17\nK7|1月2日|吵||||119999195808010050\n"
                             "K8|2026-01-02|吵|-|||119999196111030512\n",
                             NULL);
    struct import_result *r = import(c, b);

    counts(r, 8, 1, 0, 0, 7);
    rejected(r, 0, 2, "发现日期", "2026.2.30", REASON_DATE);
    rejected(r, 1, 3, "简要情况", "", REASON_REQUIRED);
    rejected(r, 2, 4, "涉及金额（元）", "不少", REASON_NUMBER);
    rejected(r, 3, 5, "结果", "也许", REASON_CHOICE);
    rejected(r, 4, 6, "了结日期", "2026-01-02", REASON_CHECK);
    rejected(r, 5, 7, "证件号码", "1.19999E+17", REASON_PRECISION);
    /* two wrong cells of one row are both named */
    rejected(r, 6, 8, "发现日期", "1月2日", REASON_NOYEAR);
    rejected(r, 7, 8, "证件号码", "119999195808010050", REASON_CHECKSUM);
    assert_int_equal(r->rejects[7].col, 6);
    assert_int_equal(r->rejects[7].sheet_no, 0);
    one_of(c, "quarrel", "number", "K8");
    case_clean(c);
}

/* A telephone is shown as it stands in the cell, not as 1.99E+10. */
static void values_as_seen(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "走动", WALK "张三|#19900001234|院里||\n张三|#0.25|院里||\n张三|@45356.604|院里||骑车\n", NULL);
    struct import_result *r = import(c, b);

    counts(r, 3, 0, 0, 0, 3);
    rejected(r, 0, 2, "走动日期", "19900001234", REASON_DATE);
    rejected(r, 1, 3, "走动日期", "0.25", REASON_DATE);
    rejected(r, 2, 4, "方式", "骑车", REASON_CHOICE);
}

static void lines_of_text_files(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, NULL, WALK "张三|2026-01-02|院里|好|\n|2026-01-03|院里||\n", NULL);
    struct import_result *r;

    b->sheets[0].rows[2].line = 7;
    r = import(c, b);
    rejected(r, 0, 3, "走动人", "", REASON_REQUIRED);
    assert_int_equal(r->rejects[0].line, 7);
    assert_null(r->rejects[0].sheet);
}

static void merges_fill_down(void **state)
{
    struct site_case *c = *state;
    static const char text[] = WALK "张三|2026-01-02|院里|好|\n||屋里||\n||街上||\n|2026-01-03|河边||\n";
    struct import_result *r = import(c, book_of(c, "走动", text, "1,0,3,0 1,1,3,1"));

    counts(r, 4, 3, 0, 0, 1);
    rejected(r, 0, 5, "走动人", "", REASON_REQUIRED); /* empty and not merged stays empty */
    assert_string_equal(record_get(one_of(c, "walk", "place", "街上"), "visitor").s, "张三");
    assert_int_equal(record_get(one_of(c, "walk", "place", "屋里"), "note").kind, VALUE_NULL);
}

/* Where it is asked for, an empty cell takes what stands above it, also without a merge, but nothing from sums. */
static void blanks_fill_down(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(
        c, "走动", WALK "张三|2026-01-02|院里|好|\n|2026-01-03|楼上| |\n小计|2||||\n  |2026-01-04|楼下||\n", NULL);
    struct import_map *m = plan_of(c, b, NULL);
    struct buf out;

    counts(import_map(c, b, m, true), 3, 1, 0, 0, 2);
    m->sheets[0].columns[0].fill_down = m->sheets[0].columns[0].fill_blank = true;
    counts(import_map(c, b, m, false), 3, 3, 0, 0, 0);
    assert_string_equal(record_get(one_of(c, "walk", "place", "楼下"), "visitor").s, "张三");
    assert_int_equal(record_get(one_of(c, "walk", "place", "楼上"), "note").kind, VALUE_NULL);
    buf_init(&out, 1 << 20);
    intake_map_write(&out, m);
    assert_non_null(strstr(buf_cstr(&out), "\"走动人\": {to: \"visitor\", fill_down: blank}"));
    buf_done(&out);
}

/* A dry run shows the first rows as they will be stored, what is wrong beside what the file has. */
static void first_rows_as_stored(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角",
                             "登记编号|发现日期|简要情况|涉及金额（元）|结果|证件号码|无关\n"
                             "K1|@46024|吵|3.5|言归于好|119999196111030512|x\nK2|2026.2.30|闹|#7|||\n",
                             NULL);
    struct import_result *r = import_map(c, b, plan_of(c, b, NULL), true);
    const struct preview_cell *one, *two;

    assert_int_equal(r->npreview, 2);
    one = r->preview[0].cells;
    two = r->preview[1].cells;
    assert_int_equal(r->preview[0].row, 2);
    assert_int_equal(r->preview[0].out, OUT_INSERTED);
    assert_int_equal(r->preview[1].out, OUT_REJECTED);
    assert_string_equal(one[1].text, "2026-01-02");
    assert_string_equal(one[3].text, "3.50");
    assert_string_equal(one[3].raw, "3.5");
    assert_string_equal(one[4].text, "和好");
    assert_null(strstr(one[5].text, "19611103")); /* protected */
    assert_null(one[6].text);                     /* not imported */
    assert_string_equal(one[7].text, "和好");     /* the state it gets */
    assert_null(one[1].wrong);
    assert_non_null(two[1].wrong);
    assert_string_equal(two[1].raw, "2026.2.30");
    assert_string_equal(two[3].text, "7");
    assert_int_equal(r->problems, 1);
    assert_int_equal(how_many(c, "quarrel"), 0);
    /* of many rows only the first, and none when it is meant */
    assert_int_equal(import_map(c, b, plan_of(c, b, NULL), false)->npreview, 0);
}

static void groups_become_rows(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(
        c, "口角",
        "登记编号|发现日期|简要情况|甲||乙|\n|||姓名|电话|姓名|电话\n"
        "K1|2026-01-02|吵|张 三|19900001111|李四|\nK2|2026-01-02|吵|王五|||\nK3|2026-01-02|吵||19900001112||\n",
        "0,3,0,4 0,5,0,6");
    struct import_result *r = import(c, b);
    struct record *k1;

    counts(r, 3, 2, 0, 0, 1);
    rejected(r, 0, 5, "甲-姓名", "", REASON_REQUIRED);
    k1 = one_of(c, "quarrel", "number", "K1");
    assert_int_equal(k1->children[0].n, 2);
    assert_string_equal(k1->children[0].rows[0].values[0].s, "a");
    assert_string_equal(k1->children[0].rows[0].values[1].s, "张三");
    assert_string_equal(k1->children[0].rows[1].values[0].s, "b");
    assert_int_equal(one_of(c, "quarrel", "number", "K2")->children[0].n, 1);
    counts(import(c, b), 3, 0, 0, 2, 1);
}

static void sheet_stands_for_a_unit(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_begin(c->a);
    struct import_result *r;

    book_add(b, "第一党支部", "值班日期|值班人\n2026-01-02|张三\n", NULL);
    book_add(b, "第二支部", "值班日期|值班人\n2026-01-02|李四\n", NULL);
    book_add(b, "第九党支部", "值班日期|值班人\n2026-01-02|王五\n", NULL);
    r = import(c, b);
    counts(r, 3, 2 - (r->refused == 2), 0, 0, r->refused);
    assert_int_equal(one_of(c, "duty", "who", "张三")->unit, c->peach1); /* not the one of the other community */
    rejected(r, r->nrejects - 1, 2, "值班支部", "第九党支部", REASON_REFERENCE);
    /* a column goes before the name of the sheet */
    b = book_of(c, "第一党支部", "值班支部|值班日期|值班人\n桃源社区第二党支部|2026-02-02|赵六\n", NULL);
    counts(import(c, b), 1, 1, 0, 0, 0);
    assert_int_equal(one_of(c, "duty", "who", "赵六")->unit, c->peach2);
}

/* --- cross tables */

#define COURSE                                                                                                                                   \
    "某社区2026年课程签到表\n组织：某社区　　上课地点：多功能厅\n序号|姓　名|联系电话|到课情况||备注\n" \
    "|||第一期^3月5日^面点|第二期^4月2日^电商|\n"
#define COURSE_MERGES "0,0,0,5 2,0,3,0 2,1,3,1 2,2,3,2 2,3,2,4 2,5,3,5"

static struct book *course(struct site_case *c)
{
    struct book *b = book_begin(c->a);

    book_add(b, "签到",
             COURSE "#1|张三|#19900001111|√|✓ "
                    "|\n#2|李四|19900001112|×|√|\n#3|张三|19900001111|√||又一行\n#4|张三|19900001113|√||同名\n"
                    "#5|王五|19900001114|请假|缺|\n#6||19900001115|√||\n合计|||#3|#2|\n",
             COURSE_MERGES);
    book_add(b, "补签", COURSE "#1|赵六|19900001116|√||\n#2|李四|19900001112||√|\n", COURSE_MERGES);
    return b;
}

static void sessions(void **state)
{
    struct site_case *c = *state;
    struct book *b = course(c);
    struct import_result *r = import_map(c, b, plan_of(c, b, NULL), true);
    struct record *one;

    assert_int_equal(r->npreview, 8);
    assert_string_equal(r->preview[1].cells[3].text, ""); /* × is no attendance */
    assert_string_equal(r->preview[1].cells[4].text, "√");
    assert_int_equal(r->preview[1].out, OUT_NONE);
    assert_int_equal(r->preview[5].out, OUT_REJECTED);
    assert_non_null(r->preview[5].cells[1].wrong);
    assert_int_equal(r->preview[6].sheet_no, 1);
    r = import(c, b);
    counts(r, 8, 5, 0, 0, 1); /* rows of people; attendances */
    rejected(r, 0, 10, "姓名", "", REASON_REQUIRED);
    assert_int_equal(how_many(c, "course"), 2);
    one = one_of(c, "course", "title", "第一期");
    assert_int_equal(one->children[0].n,
                     3); /* 张三 twice is one, his namesake another, 赵六 from the second sheet */
    assert_int_equal(record_get(one, "held_on").i, DAY(2026, 3, 5));
    assert_string_equal(record_get(one, "place").s, "多功能厅");
    assert_string_equal(record_get(one, "topic").s, "面点");
    assert_int_equal(one_of(c, "course", "title", "第二期")->children[0].n, 2);
    r = import(c, b);
    counts(r, 8, 0, 0, 5, 1);
    assert_int_equal(one_of(c, "course", "title", "第一期")->version, 1);
    /* somebody more on a later sheet */
    b = book_begin(c->a);
    book_add(b, "签到", COURSE "#1|孙七|19900001117|√||\n#2|李四|19900001112||√|\n", COURSE_MERGES);
    counts(import_map(c, b, plan_of(c, b, NULL), true), 2, 1, 0, 1, 0);
    counts(import(c, b), 2, 1, 0, 1, 0);
    assert_int_equal(one_of(c, "course", "title", "第一期")->children[0].n, 4);
    case_clean(c);
}

/* 3月5日 of which year? It is asked, never guessed. */
static void sessions_without_a_year(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "签到",
                             "序号|姓名|联系电话|到课情况|\n|||第一期^3月5日^面点|第二期^2026年4月2日^电商\n"
                             "#1|张三|19900001111|√|√\n",
                             "0,0,1,0 0,1,1,1 0,2,1,2 0,3,0,4");
    struct import_result *r = import(c, b);

    assert_int_equal(how_many(c, "course"), 1);
    assert_int_equal(r->inserted, 1);
    assert_int_equal(r->refused, 1);
    assert_int_equal(r->rejects[0].row, 2);
    assert_int_equal(r->rejects[0].col, 3);
    assert_int_equal(r->rejects[0].reason, REASON_NOYEAR);
}

static const struct CMUnitTest tests[] = {
    TEST_INTAKE(rows_that_are_no_records), TEST_INTAKE(refused_cells),
    TEST_INTAKE(values_as_seen),           TEST_INTAKE(lines_of_text_files),
    TEST_INTAKE(merges_fill_down),         TEST_INTAKE(blanks_fill_down),
    TEST_INTAKE(first_rows_as_stored),     TEST_INTAKE(groups_become_rows),
    TEST_INTAKE(sheet_stands_for_a_unit),  TEST_INTAKE(sessions),
    TEST_INTAKE(sessions_without_a_year),
};

BOTH_MAIN(tests)
