/* SPDX-License-Identifier: Apache-2.0 */
/* intake_row.c, intake_ref.c, intake_cross.c, intake_put.c, intake_apply.c, intake_undo.c: ledgers go in, twice, in
 * part, and out again. */
#include "model/query.h"

#include "intake_case.h"
#include "store/sys_batch.h"

#define WALK "走动人|走动日期|去处|情况|方式\n"
#define QUARREL "登记编号|发现日期|简要情况|涉及金额（元）|结果|了结日期|备注\n"

/* Valid credit codes of a county that does not exist. */
#define CODE_A "91119999MA0QY03A74"
#define CODE_B "91119999MA0QY04B18"
#define CODE_BAD "91119999MA0QY04B19"

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

static void same_again(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "口角",
                QUARREL "K1|2026-01-02|吵|#5|和好|2026-01-05|\nK2|2026-01-03|闹||||\nK1|2026-01-02|吵|#5|和好|"
                        "2026-01-05|\nK2|2026-01-03|别的||||\n",
                NULL);
    struct import_result *r = import(c, b);

    counts(r, 4, 2, 0, 1, 1); /* repeated: once; the same number with other contents: not at all */
    rejected(r, 0, 5, "登记编号", "K2", REASON_CONFLICT);
    assert_non_null(strstr(r->rejects[0].msg, "第3行"));
    r = import(c, b);
    counts(r, 4, 0, 0, 3, 1);
    assert_int_equal(r->nchanges, 0);
    assert_int_equal(how_many(c, "quarrel"), 2);
    assert_int_equal(one_of(c, "quarrel", "number", "K1")->version, 1);
    case_clean(c);
}

static void changes(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角", QUARREL "K1|2026-01-02|吵|#5|||旧\nK2|2026-01-03|闹||||\n", NULL);
    struct book *later =
        book_of(c, "口角", QUARREL "K1|2026-01-02|吵|#6.50||2026-01-09|\nK2|2026-01-03|闹||||\n", NULL);
    struct import_map *m = plan_of(c, later, NULL);
    struct import_result *r;
    struct record *k1;

    import(c, b);
    assert_string_equal(one_of(c, "quarrel", "number", "K1")->state, "open");
    r = import_map(c, later, m, true);
    counts(r, 2, 0, 1, 1, 0);
    assert_int_equal(r->batch, 0);
    assert_int_equal(one_of(c, "quarrel", "number", "K1")->version, 1);
    r = import_map(c, later, m, false);
    counts(r, 2, 0, 1, 1, 0);
    assert_int_equal(r->nchanges, 3);
    assert_string_equal(r->changes[0].field, "涉及金额");
    assert_string_equal(r->changes[0].was, "5");
    assert_string_equal(r->changes[0].is, "6.50");
    assert_int_equal(r->changes[0].row, 2);
    assert_string_equal(r->changes[2].is, "和好"); /* by the rule for states */
    k1 = one_of(c, "quarrel", "number", "K1");
    assert_string_equal(k1->state, "settled");
    assert_string_equal(record_get(k1, "note").s, "旧"); /* an empty cell changes nothing */
    assert_int_equal(k1->version, 2);
    case_clean(c);
}

/* What people did to a record since is not undone by the same ledger. */
static void old_ledger_again(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角", QUARREL "K1|2026-01-02|吵|#5|||\n", NULL);
    struct record *r;

    import(c, b);
    r = one_of(c, "quarrel", "number", "K1");
    record_set(r, "closed_on", value_int(DAY(2026, 1, 9)));
    record_set(r, "note", value_text("后记"));
    case_put(c, r);
    counts(import(c, b), 1, 0, 0, 1, 0);
    assert_string_equal(record_get(one_of(c, "quarrel", "number", "K1"), "note").s, "后记");
}

static void states_from_words(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "口角",
                QUARREL "K1|2026-01-02|吵||言归于好||\nK2|2026-01-02|吵||未和好|2026-01-03|\nK3|2026-01-02|吵|||"
                        "2026-01-03|\nK4|2026-01-02|吵||||\n",
                NULL);

    counts(import(c, b), 4, 4, 0, 0, 0);
    assert_string_equal(one_of(c, "quarrel", "number", "K1")->state, "settled");
    assert_string_equal(one_of(c, "quarrel", "number", "K2")->state,
                        "failed"); /* the column goes before the rule */
    assert_string_equal(one_of(c, "quarrel", "number", "K3")->state, "settled");
    assert_string_equal(one_of(c, "quarrel", "number", "K4")->state, "open");
}

/* A ledger takes a record forward, never back. */
static void states_go_forward(void **state)
{
    struct site_case *c = *state;
    struct book *open = book_of(c, "口角", QUARREL "K1|2026-01-02|吵||未了结||\n", NULL);
    struct book *settled = book_of(c, "口角", QUARREL "K1|2026-01-02|吵||和好||\n", NULL);
    struct book *failed = book_of(c, "口角", QUARREL "K1|2026-01-02|吵||未和好||\n", NULL);
    struct book *corrected = book_of(c, "口角", QUARREL "K1|2026-01-02|大吵||未和好||\n", NULL);
    struct import_result *r;

    import(c, open);
    r = import(c, settled);
    counts(r, 1, 0, 1, 0, 0);
    assert_string_equal(r->changes[0].was, "未了结");
    counts(import(c, open), 1, 0, 0, 1, 0);
    counts(import(c, failed), 1, 0, 0, 1, 0);
    assert_string_equal(one_of(c, "quarrel", "number", "K1")->state, "settled");
    counts(import(c, corrected), 1, 0, 1, 0, 0);
    assert_string_equal(one_of(c, "quarrel", "number", "K1")->state, "failed");
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

/* Two visits that look alike are two visits, and the same two the next time. */
static void rows_without_a_key(void **state)
{
    struct site_case *c = *state;
    static const char two[] =
        WALK "张三|2026-01-02|院里|好|上门\n张三|2026-01-02|院里|好|入户\n李四|2026-01-02|院里|好|\n";
    static const char three[] =
        WALK "张三|2026-01-02|院里|好|入户\n张三|2026-01-02|院里|好|入户\n张三|2026-01-02|院里|好|入户\n"
             "李四|2026-01-02|院里|好|\n";

    counts(import(c, book_of(c, "走动", two, NULL)), 3, 3, 0, 0, 0);
    counts(import(c, book_of(c, "走动", two, NULL)), 3, 0, 0, 3, 0);
    counts(import(c, book_of(c, "走动", three, NULL)), 4, 1, 0, 3, 0);
    assert_int_equal(how_many(c, "walk"), 4);
}

#define ASSETS "填报日期：2026年3月1日\n家底编号|社团名称|信用代码|社团电话|家底内容\n"

static void others_are_made_once(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "家底",
                ASSETS "A1|鼓乐队|" CODE_A "|19900001111|锣鼓\nA2|||| 场地\nA3|鼓 乐 队|91119999 ma0qy03a74||"
                       "彩旗\nA4|棋社|" CODE_BAD "||棋盘\n",
                "2,1,3,1 2,2,3,2 2,3,3,3");
    struct import_result *r = import(c, b);
    long *clubs = map_get(r->by_register, "club");
    struct record *club;

    counts(r, 4, 3, 0, 0, 1);
    rejected(r, 0, 6, "信用代码", CODE_BAD, REASON_CHECKSUM);
    assert_int_equal(how_many(c, "club"), 1); /* the refused row made none */
    assert_int_equal(clubs[1], 1);
    club = one_of(c, "club", "name", "鼓乐队");
    assert_int_equal(record_get(one_of(c, "asset", "number", "A3"), "club").i, club->id);
    assert_int_equal(record_get(one_of(c, "asset", "number", "A2"), "listed_on").i, DAY(2026, 3, 1));
    counts(import(c, b), 4, 0, 0, 3, 1);
    /* another file changes what it says about the club, and names it without its code */
    b = book_of(c, "家底", ASSETS "A5|鼓乐队|" CODE_A "|19900002222|长号\n", NULL);
    counts(import(c, b), 1, 1, 0, 0, 0);
    assert_string_equal(record_get(one_of(c, "club", "name", "鼓乐队"), "phone").s, "19900002222");
    b = book_of(c, "家底", "家底编号|社团名称|家底内容\nA6|鼓乐队|短号\nA7|没有的社|x\n", NULL);
    r = import(c, b);
    counts(r, 2, 1, 0, 0, 1);
    rejected(r, 0, 3, "信用代码", "", REASON_REQUIRED); /* a new club needs its code */
    case_clean(c);
}

static struct book *plan_before_assets(struct site_case *c)
{
    struct book *b = book_begin(c->a);

    book_add(b, "打算",
             "打算编号|打算名称|何时完成|所用家底\nP1|演出|2026-05-01|A1、A2\nP2|游园|2026-06-01|A1，A9\nP3|空|"
             "2026-06-02|\n",
             NULL);
    book_add(b, "家底", ASSETS "A1|鼓乐队|" CODE_A "||锣鼓\nA2|棋社|" CODE_B "||棋盘\n", NULL);
    return b;
}

static void sheets_that_refer(void **state)
{
    struct site_case *c = *state;
    struct book *b = plan_before_assets(c);
    struct import_map *m = plan_of(c, b, NULL);
    struct import_result *r = import_map(c, b, m, true);
    struct record *p1;

    counts(r, 5, 4, 0, 0, 1); /* also on a dry run, where none of them is there yet */
    assert_int_equal(how_many(c, "asset") + how_many(c, "club"), 0);
    r = import_map(c, b, m, false);
    counts(r, 5, 4, 0, 0, 1);
    rejected(r, 0, 3, "所用家底", "A9", REASON_REFERENCE);
    p1 = one_of(c, "plan", "number", "P1");
    assert_int_equal(p1->children[0].n, 2);
    assert_int_equal(p1->children[0].rows[1].values[0].i, one_of(c, "asset", "number", "A2")->id);
    counts(import_map(c, b, m, false), 5, 0, 0, 4, 1);
    counts(import_map(c, b, m, true), 5, 0, 0, 4, 1);
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
    struct import_result *r = import(c, b);
    struct record *one;

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

/* --- units */

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

static void who_may(void **state)
{
    struct site_case *c = *state;
    struct grant grants[] = {{"viewer", c->peach}};
    struct actor viewer = {.user = 5, .name = "v", .grants = grants, .ngrants = 1};
    struct book *b = book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &viewer,
                           .a = c->a,
                           .book = b,
                           .map = plan_of(c, b, NULL),
                           .unit = tree_find(c->v.units, c->peach)};
    struct import_result *r;

    BAD(intake_run(&r, &j, &c->e), ERR_DENIED);
    assert_int_equal(how_many(c, "walk"), 0);
}

/* --- out again */

static void undone(void **state)
{
    struct site_case *c = *state;
    struct book *first = book_of(c, "口角", QUARREL "K1|2026-01-02|吵|#5|||旧\n", NULL);
    struct book *second =
        book_of(c, "口角",
                QUARREL "K1|2026-01-02|大吵|#6||2026-01-09|新\nK2|2026-01-03|闹||||\nK3|2026-01-03|嚷||||\n", NULL);
    struct import_result *r;
    struct record *k;
    long done, kept;

    import(c, first);
    r = import(c, second);
    counts(r, 3, 2, 1, 0, 0);
    k = one_of(c, "quarrel", "number", "K3");
    record_set(k, "note", value_text("有人改过"));
    case_put(c, k);
    struct grant g = {"clerk", c->street}; /* may import, writes nothing */
    struct actor clerk = {.user = 7, .name = "甲", .grants = &g, .ngrants = 1};
    BAD(intake_undo(c->site, &clerk, c->peach, r->batch, &done, &kept, &c->e), ERR_DENIED);
    assert_int_equal(how_many(c, "quarrel"), 3);
    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 2);
    assert_int_equal(kept, 1);
    assert_non_null(strstr(c->e.msg, "嚷")); /* which one */
    assert_int_equal(how_many(c, "quarrel"), 2);
    k = one_of(c, "quarrel", "number", "K1");
    assert_string_equal(record_get(k, "summary").s, "吵");
    assert_string_equal(record_get(k, "note").s, "旧");
    assert_int_equal(record_get(k, "closed_on").kind, VALUE_NULL);
    assert_int_equal(record_get(k, "amount").i, 500);
    assert_string_equal(k->state, "open");
    case_clean(c);
    BAD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e), ERR_CONFLICT);
    BAD(intake_undo(c->site, &actor_system, c->peach, 77, &done, &kept, &c->e), ERR_MISSING);
    counts(import(c, second), 3, 1, 1, 1, 0);
}

static void undone_without_a_key(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL);
    struct import_result *r = import(c, b);
    long done, kept;

    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 1);
    assert_int_equal(how_many(c, "walk"), 0);
    counts(import(c, b), 1, 1, 0, 0, 0); /* it is not taken for one that is there */
}

static void undone_with_others(void **state)
{
    struct site_case *c = *state;
    struct import_result *r = import(c, plan_before_assets(c));
    long done, kept;

    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 6);
    assert_int_equal(kept, 0);
    assert_int_equal(how_many(c, "plan") + how_many(c, "asset") + how_many(c, "club"), 0);
    counts(import(c, plan_before_assets(c)), 5, 4, 0, 0, 1);
}

static void batches_are_listed(void **state)
{
    struct site_case *c = *state;
    struct import_result *r =
        import(c, book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n|2026-01-02|x||\n", NULL));
    struct batch b;

    assert_int_equal(batch_find(&b, c->a, store_reader(c->site->store, &c->e), c->peach, r->batch, &c->e), 1);
    assert_string_equal(b.table, "walk");
    assert_int_equal(b.read, 2);
    assert_int_equal(b.inserted, 1);
    assert_int_equal(b.rejected, 1);
    assert_non_null(strstr(b.map, "register: walk"));
    assert_int_equal(one_of(c, "walk", "visitor", "张三")->batch, r->batch);
}

/* Many rows, two chunks; one that fails only when it is written does not take the others with it, and the series of
 * numbers has no gap. */
static void many_rows(void **state)
{
    struct site_case *c = *state;
    struct buf b;
    struct import_result *r;
    size_t n;
    struct record **all;

    buf_init(&b, 1 << 20);
    buf_str(&b, "借出时间|类别|借用人|所在支部|说明\n");
    for (int i = 0; i < 700; i++)
        buf_printf(&b, "2026-01-%02d %d:%02d|工具|张三|第一党支部|x\n", i % 28 + 1, 8 + i / 100, i % 60);
    buf_str(&b, "2026-01-01 8:00|图书|张三|第一党支部|又一次\n"); /* the same person at the same time */
    r = import(c, book_of(c, "借用", buf_cstr(&b), NULL));
    buf_done(&b);
    assert_int_equal(r->read, 701);
    assert_int_equal(r->refused, 701 - r->inserted);
    assert_true(r->refused >= 1);
    for (size_t i = 0; i < r->nrejects; i++)
        assert_int_equal(r->rejects[i].reason, REASON_CONFLICT);
    all = all_of(c, "loan", &n);
    assert_int_equal(n, (size_t)r->inserted);
    for (size_t i = 0; i < n; i++) { /* as many numbers as records: 001 … n */
        const char *s = strstr(record_get(all[i], "number").s, "〕") + 3;

        assert_true(atoi(s) >= 1 && (size_t)atoi(s) <= n);
    }
    case_clean(c);
}

struct half {
    struct site_case *c;
    long inserted[8]; /* as the batch said it after each chunk */
    size_t n;
};

static void half_way(void *arg, long done, long total)
{
    struct half *h = arg;
    struct site_case *c = h->c;
    struct batch *list;
    size_t n;

    (void)done;
    (void)total;
    GOOD(batch_list(&list, &n, h->c->a, store_reader(c->site->store, &c->e), c->peach, NULL, 10, &c->e));
    assert_int_equal(n, 1);
    h->inserted[h->n++] = (long)list[0].inserted;
}

/* An import that is cut off after a chunk has said how much it made, and can be taken back. */
static void counted_on_the_way(void **state)
{
    struct site_case *c = *state;
    struct half h = {.c = c};
    struct import_result *r;
    struct buf b;
    struct book *book;

    buf_init(&b, 1 << 20);
    buf_str(&b, WALK);
    for (int i = 0; i < 700; i++)
        buf_printf(&b, "张三|2026-01-%02d|第%d户|好|\n", i % 28 + 1, i);
    book = book_of(c, "走动", arena_str(c->a, buf_cstr(&b)), NULL);
    buf_done(&b);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &actor_system,
                           .a = c->a,
                           .book = book,
                           .map = plan_of(c, book, NULL),
                           .unit = tree_find(c->v.units, c->peach),
                           .progress = half_way,
                           .progress_arg = &h};
    GOOD(intake_run(&r, &j, &c->e));
    assert_true(h.n >= 2);
    assert_int_equal(h.inserted[0], 500);
    assert_int_equal(h.inserted[h.n - 1], 700);
}

static void notes_for_the_workbook(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "走动", WALK "张三|2026.2.30|院里|好|\n", NULL);
    struct import_map *m = plan_of(c, b, NULL);
    struct notes *n = intake_notes(c->a, b, m, import_map(c, b, m, true));

    assert_int_equal(n->n, 1);
    assert_int_equal(n->v[0].row, 1);
    assert_int_equal(n->v[0].col, 1);
    assert_int_equal(n->header_last[0], 0);
    /* the workbook that goes back has a column more, which is passed over */
    b = book_of(c, "走动", "走动人|走动日期|去处|情况|方式|【错误说明】\n张三|2026-02-03|院里|好||没有这一天\n",
                NULL);
    assert_string_equal(column(&plan_of(c, b, NULL)->sheets[0], "【错误说明】")->target, "");
    counts(import(c, b), 1, 1, 0, 0, 0);
}

/* A row that went back because its number belongs to another record must not overwrite that record when the
 * workbook comes again as it was. */
static void conflict_comes_again(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角", QUARREL "K1|2026-01-02|吵||||\nK1|2026-01-02|闹||||\n", NULL);
    struct import_result *r = import(c, b);
    const char *again;

    counts(r, 2, 1, 0, 0, 1);
    again = arena_printf(c->a, "登记编号|发现日期|简要情况|【错误说明】\nK1|2026-01-02|闹|%s\n", r->rejects[0].msg);
    r = import(c, book_of(c, "口角", again, NULL));
    counts(r, 1, 0, 0, 0, 1);
    rejected(r, 0, 2, "登记编号", "K1", REASON_CONFLICT);
    assert_string_equal(record_get(one_of(c, "quarrel", "number", "K1"), "summary").s, "吵");
    again = arena_printf(c->a, "登记编号|发现日期|简要情况|【错误说明】\nK2|2026-01-02|闹|%s\n", r->rejects[0].msg);
    counts(import(c, book_of(c, "口角", again, NULL)), 1, 1, 0, 0, 0);
    /* with the note emptied it is meant */
    counts(import(c, book_of(c, "口角", "登记编号|发现日期|简要情况|【错误说明】\nK1|2026-01-02|闹|\n", NULL)), 1,
           0, 1, 0, 0);
}

static const struct CMUnitTest tests[] = {
    TEST_INTAKE(rows_that_are_no_records),
    TEST_INTAKE(refused_cells),
    TEST_INTAKE(values_as_seen),
    TEST_INTAKE(lines_of_text_files),
    TEST_INTAKE(merges_fill_down),
    TEST_INTAKE(same_again),
    TEST_INTAKE(changes),
    TEST_INTAKE(old_ledger_again),
    TEST_INTAKE(states_from_words),
    TEST_INTAKE(states_go_forward),
    TEST_INTAKE(groups_become_rows),
    TEST_INTAKE(rows_without_a_key),
    TEST_INTAKE(others_are_made_once),
    TEST_INTAKE(sheets_that_refer),
    TEST_INTAKE(sessions),
    TEST_INTAKE(sessions_without_a_year),
    TEST_INTAKE(sheet_stands_for_a_unit),
    TEST_INTAKE(who_may),
    TEST_INTAKE(undone),
    TEST_INTAKE(undone_without_a_key),
    TEST_INTAKE(undone_with_others),
    TEST_INTAKE(batches_are_listed),
    TEST_INTAKE(many_rows),
    TEST_INTAKE(counted_on_the_way),
    TEST_INTAKE(notes_for_the_workbook),
    TEST_INTAKE(conflict_comes_again),
};

BOTH_MAIN(tests)
