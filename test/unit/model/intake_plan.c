/* SPDX-License-Identifier: Apache-2.0 */
/* intake_plan.c, intake_fit.c, intake_header.c, intake_map.c: headers are found and named, columns mapped, maps
 * written down, changed and remembered. */
#include "model/query.h"

#include "intake_case.h"

static void target_is(const struct map_sheet *s, const char *header, const char *target)
{
    assert_string_equal(column(s, header)->target, target);
}

static void header_in_two_levels(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "台账",
                             "某社区口角台账\n填报单位：某社区|||||填报日期：2026年1月5日\n"
                             "序号|登记编号|发现 日期|简要情况|甲||乙||涉及金额（元）|了结||备注\n"
                             "||||姓　名|电话|姓名|电话||日期|结果|\n"
                             "#1|K1|2026-01-02|吵|张三||||#5|||\n",
                             "0,0,0,11 2,0,3,0 2,1,3,1 2,2,3,2 2,3,3,3 2,4,2,5 2,6,2,7 2,8,3,8 2,9,2,10 2,11,3,11");
    struct map_sheet *s = &plan_of(c, b, NULL)->sheets[0];

    assert_string_equal(s->reg->name, "quarrel");
    assert_int_equal(s->header_first, 2);
    assert_int_equal(s->header_last, 3);
    assert_int_equal(s->year, 0); /* the day it was filled in is not the year of the ledger */
    target_is(s, "序号", "");
    target_is(s, "发现日期", "found_on");
    target_is(s, "涉及金额（元）", "amount");
    target_is(s, "甲-姓名", "sides.name");
    assert_string_equal(column(s, "甲-姓名")->group->header, "甲");
    assert_string_equal(column(s, "乙-电话")->group->header, "乙");
    target_is(s, "了结-日期", "closed_on");
    target_is(s, "了结-结果", "state");
}

/* CSV and some .xls have no merges: a parent stands over its first column only. */
static void header_without_merges(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, NULL,
                             "登记编号|发现日期|简要情况|甲||乙||备注\n|||姓名|电话|姓名|电话|\n"
                             "K1|2026-01-02|吵|张三||||\n",
                             NULL);
    struct map_sheet *s = &plan_of(c, b, NULL)->sheets[0];

    assert_int_equal(s->header_last, 1);
    target_is(s, "甲-电话", "sides.phone");
    assert_string_equal(column(s, "乙-姓名")->group->header, "乙");
    target_is(s, "备注", "note");
}

static void header_far_down(void **state)
{
    struct site_case *c = *state;
    static const char text[] =
        "一\n二\n三\n四\n五\n六\n七\n八\n九\n十\n\n\n走动人|走动日期|去处\n张三|2026-01-02|院里\n";

    assert_int_equal(plan_of(c, book_of(c, "x", text, NULL), NULL)->sheets[0].header_first, 12);
}

static void sheets_aside(void **state)
{
    struct site_case *c = *state;
    static const char rows[] = "走动人|走动日期|去处\n张三|2026-01-02|院里\n";
    struct book *b = book_begin(c->a);
    struct import_map *m;

    book_add(b, "走动", rows, NULL);
    book_add(b, "字典", rows, NULL);
    book_add(b, "填表说明", rows, NULL);
    book_add(b, "藏着的", rows, NULL)->hidden = true;
    book_add(b, "空", "", NULL);
    book_add(b, "汇总", "项目|人数\n男|#3\n", NULL);
    book_add(b, "走动统计", rows, NULL); /* fits all the same */
    m = plan_of(c, b, NULL);
    assert_false(m->sheets[0].skip);
    for (size_t i = 1; i < 6; i++) {
        assert_true(m->sheets[i].skip);
        assert_true(strlen(m->sheets[i].why_skip) > 6);
    }
    assert_non_null(strstr(m->sheets[1].why_skip, "字典"));
    assert_non_null(strstr(m->sheets[3].why_skip, "隐藏"));
    assert_false(m->sheets[6].skip);
}

static void nothing_fits(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "x", "天气|温度|湿度\n晴|#20|#30\n", NULL);
    struct import_map *m;

    BAD(intake_propose(&m, c->a, &c->v, b, NULL, "x.xlsx", &c->e), ERR_INPUT);
    assert_non_null(strstr(c->e.msg, "表头"));
    BAD(intake_propose(&m, c->a, &c->v, b, "walk", "x.xlsx", &c->e), ERR_INPUT);
    assert_non_null(strstr(c->e.msg, "走动记录"));
    BAD(intake_propose(&m, c->a, &c->v, b, "wolk", "x.xlsx", &c->e), ERR_INPUT);
}

/* A leaf of another parent is no guess: 证件-日期 is not the day of the quarrel. */
static void no_guessing(void **state)
{
    struct site_case *c = *state;
    struct book *b =
        book_of(c, "x", "登记编号|发现日期|简要情况|证件|\n|||姓名|电话\nK1|2026-01-02|吵|张三|\n", "0,3,0,4");
    struct map_sheet *s = &plan_of(c, b, NULL)->sheets[0];

    assert_string_equal(s->reg->name, "quarrel");
    target_is(s, "证件-姓名", "");
    /* of two columns with one name only the first is taken */
    b = book_of(c, "x", "走动人|走动日期|去处|情况|情况\n张三|2026-01-02|院里|a|b\n", NULL);
    s = &plan_of(c, b, NULL)->sheets[0];
    assert_string_equal(s->columns[3].target, "note");
    assert_string_equal(s->columns[4].target, "");
}

static void other_registers(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(
        c, "家底", "填报日期：2026年3月1日\n家底编号|社团名称|信用代码|社团电话|家底内容\nA1|x|y||操场\n", NULL);
    struct map_sheet *s = &plan_of(c, b, NULL)->sheets[0];

    assert_string_equal(s->reg->name, "asset");
    target_is(s, "社团名称", "club.name");
    target_is(s, "信用代码", "club.code");
    target_is(s, "社团电话", "club.phone");
    assert_int_equal(s->nfixed, 1);
    assert_string_equal(s->fixed_field[0], "listed_on");
    /* a telephone alone names no club */
    b = book_of(c, "家底", "家底编号|提供方|社团电话|家底内容\nA1|x||操场\n", NULL);
    s = &plan_of(c, b, NULL)->sheets[0];
    target_is(s, "提供方", "club");
    target_is(s, "社团电话", "");
}

static void years(void **state)
{
    static const struct {
        const char *title, *sheet, *file;
        int year;
    } cases[] = {{"走动记录（2025年）", "x", "x.xlsx", 2025},
                 {"走动记录（2021—2024年）", "x", "2025年.xlsx", 0},
                 {"走动记录", "2024年", "2025年.xlsx", 0}, /* only what the title says */
                 {"走动记录", "x", "走动2023年.xlsx", 0},
                 {"统计时间：2026年1月5日", "x", "x.xlsx", 0},
                 {"二〇二四年走动记录 填报日期：2025.1.5", "x", "x.xlsx", 2024},
                 {"２０２２年度", "x", "x.xlsx", 2022},
                 {"电话19900001111", "x", "x.xlsx", 0}};
    struct site_case *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b =
            book_of(c, cases[i].sheet,
                    arena_printf(c->a, "%s\n走动人|走动日期|去处\n张三|1月2日|院里\n", cases[i].title), NULL);
        struct import_map *m;

        GOOD(intake_propose(&m, c->a, &c->v, b, NULL, cases[i].file, &c->e));
        if (m->sheets[0].year != cases[i].year)
            fprintf(stderr, "  %s: %d\n", cases[i].title, m->sheets[0].year);
        assert_int_equal(m->sheets[0].year, cases[i].year);
    }
}

/* Sessions of a cross table: the sheet's and the file's name count too. */
static void years_of_sessions(void **state)
{
    static const struct {
        const char *title, *sheet, *file;
        int year;
    } cases[] = {{"课程", "2024年", "2025年.xlsx", 2024},
                 {"课程", "签到", "签到2023年.xlsx", 2023},
                 {"2022年课程", "2024年", "2025年.xlsx", 2022},
                 {"课程", "签到", "2021-2023年.xlsx", 0}};
    struct site_case *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b = book_of(
            c, cases[i].sheet,
            arena_printf(c->a, "%s\n姓名|联系电话|到课情况|\n||一^3月1日|二^3月2日\n张三||√|\n", cases[i].title),
            "1,2,1,3");
        struct import_map *m;

        GOOD(intake_propose(&m, c->a, &c->v, b, NULL, cases[i].file, &c->e));
        assert_int_equal(m->sheets[0].ncross, 2);
        assert_int_equal(m->sheets[0].year, cases[i].year);
    }
}

static const char *written(struct site_case *c, const struct import_map *m)
{
    struct buf b;
    const char *out;

    buf_init(&b, 1 << 20);
    intake_map_write(&b, m);
    out = arena_str(c->a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

static int read_map(struct site_case *c, struct import_map *m, const struct book *b, const char *yaml,
                    const char **msg)
{
    struct schema_errors es = {.a = c->a};
    int rc = intake_map_read(m, &c->v, b, yaml, strlen(yaml), "m.yaml", &es);

    if (rc && !msg)
        fprintf(stderr, "  %d:%d %s\n", es.v[0].line, es.v[0].col, es.v[0].msg);
    if (msg)
        *msg = rc ? es.v[0].msg : "";
    return rc;
}

static struct book *two_sheets(struct site_case *c)
{
    struct book *b = book_begin(c->a);

    book_add(b, "走动", "走动人|走动日期|去处|情况|情况|随手记\n张三|2026-01-02|院里|a|b|c\n张三||||x|\n",
             "1,0,2,0");
    book_add(b, "口角", "登记编号|发现日期|简要情况|甲||备注\n|||姓名|电话|\nK1|2026-01-02|吵|张三||\n", "0,3,0,4");
    return b;
}

static void maps_round_trip(void **state)
{
    struct site_case *c = *state;
    struct book *b = two_sheets(c);
    struct import_map *m = plan_of(c, b, NULL);
    const char *text = written(c, m);

    assert_non_null(strstr(text, "register: walk"));
    assert_non_null(strstr(text, "fill_down: true"));
    assert_non_null(strstr(text, "group: \"甲\""));
    assert_non_null(strstr(text, "\"@E\"")); /* the second 情况 */
    assert_int_equal(read_map(c, m, b, text, NULL), 0);
    assert_string_equal(written(c, m), text);
}

static void maps_change(void **state)
{
    struct site_case *c = *state;
    struct book *b = two_sheets(c);
    struct import_map *m = plan_of(c, b, NULL);

    assert_int_equal(
        read_map(c, m, b,
                 "sheets:\n  - sheet: 走动\n    year: 2026\n    columns:\n      随手记: note\n      \"@C\": \"\"\n"
                 "      走动人: {to: visitor, fill_down: false}\n    fixed: {place: 院里}\n"
                 "  - {sheet: 口角, skip: true}\n",
                 NULL),
        0);
    target_is(&m->sheets[0], "随手记", "note");
    assert_string_equal(m->sheets[0].columns[3].target, ""); /* what people say goes first */
    target_is(&m->sheets[0], "去处", "");
    assert_false(column(&m->sheets[0], "走动人")->fill_down);
    assert_int_equal(m->sheets[0].nfixed, 1);
    assert_int_equal(m->sheets[0].year, 2026);
    assert_true(m->sheets[1].skip);
    /* another register and another header than proposed */
    m = plan_of(c, b, NULL);
    assert_int_equal(
        read_map(c, m, b,
                 "sheets:\n  - sheet: 走动\n    register: quarrel\n    header: 1\n    columns: {去处: summary, "
                 "走动日期: found_on}\n",
                 NULL),
        0);
    assert_string_equal(m->sheets[0].reg->name, "quarrel");
    target_is(&m->sheets[0], "去处", "summary");
    target_is(&m->sheets[0], "走动人", "");
}

static void maps_refused(void **state)
{
    static const char *const bad[][2] = {
        {"sheets:\n  - {sheet: 走动, columns: {随手记: nix}}\n", "no field nix"},
        {"sheets:\n  - {sheet: 走动, columns: {没有: note}}\n", "no column"},
        {"sheets:\n  - {sheet: 走动, register: nix}\n", "no register"},
        {"sheets:\n  - {sheet: 走动, header: 0}\n", "expected rows"},
        {"sheets:\n  - {sheet: 走动, header: 1-9}\n", "expected rows"},
        {"sheets:\n  - {sheet: 走动, header: 90}\n", "hold no header"},
        {"sheets:\n  - {sheet: 走动, colums: {}}\n", "unknown word colums"},
        {"sheets:\n  - {sheet: 走动, fixed: {nix: 1}}\n", "no field nix"},
        {"sheets:\n  - {sheet: 口角, columns: {甲-姓名: {to: sides.name, group: 丙}}}\n", "group 丙"},
        {"sheets:\n  - {sheet: 走动, skip: perhaps}\n", "true or false"},
        {"sheets: x\n", "list"},
        {"a: [\n", ""},
    };
    struct site_case *c = *state;
    struct book *b = two_sheets(c);

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *msg;

        assert_int_equal(read_map(c, plan_of(c, b, NULL), b, bad[i][0], &msg), -1);
        if (!strstr(msg, bad[i][1]))
            fail_msg("“%s” is not in “%s”", bad[i][1], msg);
    }
}

/* Titles above the header may become more, their year another: what a file says itself goes before what is
 * remembered of the last one. A map that does not fit any more changes nothing. */
static void remembered_for_another_year(void **state)
{
#define ROWS "走动人|走动日期|去处|情况|随手记\n张三|3月5日|院里|好|x\n"
    struct site_case *c = *state;
    struct book *b = book_of(c, "走动", "走动记录（2025年）\n" ROWS, NULL);
    struct book *next = book_of(c, "走动", "社区\n走动记录（2026年）\n" ROWS, NULL);
    struct import_map *m = plan_of(c, b, NULL);
    struct db *d = store_reader(c->site->store, &c->e);
    bool found;

    assert_int_equal(m->sheets[0].year, 2025);
    GOOD(intake_target(&m->sheets[0], 4, c->a, "note", NULL, &c->e));
    assert_string_equal(m->sheets[0].columns[3].target, ""); /* it had the field before */
    BAD(intake_target(&m->sheets[0], 4, c->a, "nothing", NULL, &c->e), ERR_INPUT);
    GOOD(intake_remember(c->site, c->peach, m, &c->e));
    m = plan_of(c, next, NULL);
    GOOD(intake_recall(m, d, c->peach, &c->v, next, &found, &c->e));
    assert_true(found);
    assert_int_equal(m->sheets[0].header_first, 2);
    assert_int_equal(m->sheets[0].header_last, 2);
    assert_int_equal(m->sheets[0].year, 2026);
    target_is(&m->sheets[0], "随手记", "note");
    target_is(&m->sheets[0], "情况", "");
    GOOD(intake_forget(c->site, c->peach, m, &c->e));
    m = plan_of(c, next, NULL);
    GOOD(intake_recall(m, d, c->peach, &c->v, next, &found, &c->e));
    assert_false(found);
    target_is(&m->sheets[0], "情况", "note");
    /* of the header's rows, and what cannot be one */
    assert_int_equal(intake_replan(&m->sheets[0], c->a, &c->v, &next->sheets[0], m->sheets[0].reg, 40, 40), -1);
    assert_int_equal(intake_replan(&m->sheets[0], c->a, &c->v, &next->sheets[0], m->sheets[0].reg, 1, 1), 0);
    assert_int_equal(m->sheets[0].header_first, 1);
#undef ROWS
}

static void maps_are_remembered(void **state)
{
    struct site_case *c = *state;
    struct book *b = two_sheets(c), *next = two_sheets(c);
    struct import_map *m = plan_of(c, b, NULL);
    struct db *d = store_reader(c->site->store, &c->e);
    bool found;

    GOOD(intake_recall(m, d, c->peach, &c->v, b, &found, &c->e));
    assert_false(found);
    assert_int_equal(read_map(c, m, b, "sheets: [{sheet: 走动, columns: {随手记: note}}]\n", NULL), 0);
    GOOD(intake_remember(c->site, c->peach, m, &c->e));
    /* next year's file: another sheet name, other rows, the same headers */
    next->sheets[0].name = "2027年";
    m = plan_of(c, next, NULL);
    target_is(&m->sheets[0], "随手记", "");
    GOOD(intake_recall(m, d, c->peach, &c->v, next, &found, &c->e));
    assert_true(found);
    target_is(&m->sheets[0], "随手记", "note");
    /* another unit has not said so */
    m = plan_of(c, next, NULL);
    GOOD(intake_recall(m, d, c->willow, &c->v, next, &found, &c->e));
    assert_false(found);
}

static const struct CMUnitTest tests[] = {
    TEST_INTAKE(header_in_two_levels), TEST_INTAKE(header_without_merges),
    TEST_INTAKE(header_far_down),      TEST_INTAKE(sheets_aside),
    TEST_INTAKE(nothing_fits),         TEST_INTAKE(no_guessing),
    TEST_INTAKE(other_registers),      TEST_INTAKE(years),
    TEST_INTAKE(years_of_sessions),    TEST_INTAKE(maps_round_trip),
    TEST_INTAKE(maps_change),          TEST_INTAKE(maps_refused),
    TEST_INTAKE(maps_are_remembered),  TEST_INTAKE(remembered_for_another_year),
};

BOTH_MAIN(tests)
