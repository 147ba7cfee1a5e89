/* SPDX-License-Identifier: Apache-2.0 */
/* intake_ref.c: rows that name records of other registers, there already, in the same file, or made with them. */
#include "intake_case.h"

#define CODE_A "91119999MA0QY03A74"
#define CODE_B "91119999MA0QY04B18"
#define CODE_BAD "91119999MA0QY04B19"
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

static const struct CMUnitTest tests[] = {
    TEST_INTAKE(others_are_made_once),
    TEST_INTAKE(sheets_that_refer),
    TEST_INTAKE(undone_with_others),
};

BOTH_MAIN(tests)
