/* SPDX-License-Identifier: Apache-2.0 */
/* intake_put.c, intake_apply.c: a ledger that comes again, as it was or with changes. */
#include "intake_case.h"
#include "model/intake_parts.h"

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

/* Of changes that are not listed nothing is kept. */
static void changes_not_listed(void **state)
{
    enum { ROWS = 400 };
    struct site_case *c = *state;
    struct arena *a = arena_new();
    struct import_result *r;
    struct buf b[2];
    char summary[2][400] = {"", ""};

    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 100; k++)
            strcat(summary[i], i ? "闹" : "吵");
        buf_init(&b[i], 1 << 20);
        buf_str(&b[i], QUARREL);
        for (int k = 0; k < ROWS; k++)
            buf_printf(&b[i], "K%d|2026-01-02|%s|||%s|\n", k, summary[i], i ? "2025-12-31" : "");
    }
    import(c, book_of(c, "口角", buf_cstr(&b[0]), NULL));
    struct book *book = book_of(c, "口角", buf_cstr(&b[1]), NULL);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &actor_system,
                           .a = a,
                           .book = book,
                           .map = plan_of(c, book, NULL),
                           .unit = tree_find(c->v.units, c->peach),
                           .dry_run = true};
    GOOD(intake_run(&r, &j, &c->e));
    counts(r, ROWS, 0, 0, 0, ROWS);
    assert_in_range(arena_used(a), 0, ROWS * 2500); /* a row keeps its key, its print and what is wrong with it */
    arena_free(a);
    buf_done(&b[0]);
    buf_done(&b[1]);
}

/* Nothing is known of a number before a row with it is stored: what repeats a refused row is refused as that was,
 * what mends it is taken. */
static void after_a_refused_one(void **state)
{
#define BAD_K1 "K1|2026-01-02|吵|||2025-12-31|\n" /* settled before it was found */
#define BAD_K3 "K3|2026-01-02|嚷|||2025-12-31|\n"
    struct site_case *c = *state;
    struct book *b = book_of(c, "口角",
                             QUARREL BAD_K1 BAD_K1 "K2|2026-01-03|闹||||\nK2|2026-01-03|闹||||\n" BAD_K3
                                                   "K3|2026-01-02|嚷||||\n" BAD_K3 "K3|2026-01-02|嚷||||\n",
                             NULL);
    struct import_map *m = plan_of(c, b, NULL);

    for (int dry = 1; dry >= 0; dry--) {
        struct import_result *r = import_map(c, b, m, dry);

        counts(r, 8, 2, 0, 2, 4);
        rejected(r, 0, 2, "了结日期", "2025-12-31", REASON_CHECK);
        rejected(r, 1, 3, "了结日期", "2025-12-31", REASON_CHECK); /* in its own place, for its own reason */
        rejected(r, 2, 6, "了结日期", "2025-12-31", REASON_CHECK);
        rejected(r, 3, 8, "登记编号", "K3", REASON_CONFLICT);
        assert_non_null(strstr(r->rejects[3].msg, "第7行")); /* the one that is stored */
    }
    assert_int_equal(how_many(c, "quarrel"), 2);
    assert_int_equal(one_of(c, "quarrel", "number", "K3")->version, 1);
    case_clean(c);
}

/* The same in a chunk that is undone and applied again row by row: what the refused rows made of other registers
 * went with them. */
static void after_one_that_had_written(void **state)
{
#define CLUB "|鼓乐队|91119999MA0QY03A74|"
#define LATE "锣鼓|2026-02-01|2026-01-01\n"
    struct site_case *c = *state;
    struct book *b = book_of(c, "家底",
                             "家底编号|社团名称|信用代码|家底内容|列入日期|可用到\nA0" CLUB
                             "彩旗||\nA1|棋社|91119999MA0QY04B18|" LATE "A1" CLUB LATE "A1" CLUB "锣鼓||\nA0" CLUB
                             "彩旗||\nA1" CLUB "锣鼓||\nA1" CLUB "长号||\n",
                             NULL);
    struct import_result *r = import(c, b);

    counts(r, 7, 2, 0, 2, 3);
    rejected(r, 0, 3, "可用到", "2026-01-01", REASON_CHECK);
    rejected(r, 1, 4, "可用到", "2026-01-01", REASON_CHECK);
    rejected(r, 2, 8, "家底编号", "A1", REASON_CONFLICT);
    assert_non_null(strstr(r->rejects[2].msg, "第5行"));
    assert_string_equal(record_get(one_of(c, "asset", "number", "A1"), "content").s, "锣鼓");
    case_clean(c);
}

/* And over the border of two chunks, of which one is read while the other is written. */
static void after_one_of_an_earlier_chunk(void **state)
{
    enum { ROWS = CHUNK_ROWS + 100 };
    struct site_case *c = *state;
    struct import_result *r;
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_str(&b, QUARREL BAD_K1 "K2|2026-01-03|闹||||\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&b, "N%d|2026-01-03|闹||||\n", i);
    buf_str(&b, BAD_K1 "K1|2026-01-02|吵||||\nK2|2026-01-03|闹||||\nK2|2026-01-03|嚷||||\n");
    r = import(c, book_of(c, "口角", buf_cstr(&b), NULL));
    buf_done(&b);
    counts(r, ROWS + 6, ROWS + 2, 0, 1, 3);
    rejected(r, 0, 2, "了结日期", "2025-12-31", REASON_CHECK);
    rejected(r, 1, ROWS + 4, "了结日期", "2025-12-31", REASON_CHECK);
    rejected(r, 2, ROWS + 7, "登记编号", "K2", REASON_CONFLICT);
    assert_non_null(strstr(r->rejects[2].msg, "第3行"));
    case_clean(c);
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
    TEST_INTAKE(same_again),
    TEST_INTAKE(changes),
    TEST_INTAKE(old_ledger_again),
    TEST_INTAKE(states_from_words),
    TEST_INTAKE(states_go_forward),
    TEST_INTAKE(rows_without_a_key),
    TEST_INTAKE(conflict_comes_again),
    TEST_INTAKE(after_a_refused_one),
    TEST_INTAKE(changes_not_listed),
    TEST_INTAKE(after_one_that_had_written),
    TEST_INTAKE(after_one_of_an_earlier_chunk),
};

BOTH_MAIN(tests)
