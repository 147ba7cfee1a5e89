/* SPDX-License-Identifier: Apache-2.0 */
/* type.c: what each field type reads, refuses, prints and masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

#include <math.h>

#include "base/date.h"
#include "model/type.h"

static struct arena *a;
static struct type_ctx ctx;

/* Finds 青榆支部 and #5; knows 第一 twice. */
static int64_t find(void *arg, const struct field *f, const char *text)
{
    (void)arg;
    (void)f;
    if (!strcmp(text, "青榆支部") || !strcmp(text, "#5"))
        return 5;
    return strcmp(text, "第一") ? 0 : -1;
}

static const struct lookup lookup = {find, NULL};

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    fixture(a);
    ctx = (struct type_ctx){.a = a, .lookup = &lookup, .today = day_from_ymd(2026, 3, 10)};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct value good_cell(int field, const struct cell *c)
{
    struct err e = {0};
    enum reason why;
    struct value v;

    if (type_read_cell(&v, &ctx, &fixture_fields[field], c, &why, &e))
        fail_msg("%s: “%s” refused: %s", fixture_fields[field].name, c->text ? c->text : "", e.msg);
    assert_int_equal(why, REASON_NONE);
    return v;
}

static struct value good(int field, const char *text)
{
    return good_cell(field, &(struct cell){CELL_TEXT, 0, text});
}

static void bad_cell(int field, const struct cell *c, enum reason expected, const char *words)
{
    struct err e = {0};
    enum reason why;
    struct value v;

    if (!type_read_cell(&v, &ctx, &fixture_fields[field], c, &why, &e))
        fail_msg("%s: “%s” was accepted", fixture_fields[field].name, c->text ? c->text : "");
    if (why != expected)
        fail_msg("“%s”: reason %s, expected %s", c->text ? c->text : "", reason_word[why], reason_word[expected]);
    if (!strstr(e.msg, words))
        fail_msg("“%s”: said %s, expected %s", c->text ? c->text : "", e.msg, words);
    assert_string_equal(e.field, fixture_fields[field].name);
    assert_int_equal(v.kind, VALUE_NULL);
}

static void bad(int field, const char *text, enum reason expected, const char *words)
{
    bad_cell(field, &(struct cell){CELL_TEXT, 0, text}, expected, words);
}

static struct cell number(double v)
{
    return (struct cell){CELL_NUMBER, v, NULL};
}

static void test_nothing(void **state)
{
    static const char *const empty[] = {"", " ", "　", "/", " - ", "／"};

    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        for (int f = 0; f < F__MAX; f++)
            assert_int_equal(good(f, empty[i]).kind, VALUE_NULL);
    assert_int_equal(good(F_FEE, "无").kind, VALUE_NULL); /* declared there */
    assert_string_equal(good(F_ITEM, "无").s, "无");
    assert_string_equal(good(F_ITEM, "—").s, "—");
    assert_int_equal(good_cell(F_FEE, &(struct cell){CELL_EMPTY, 0, NULL}).kind, VALUE_NULL);
    for (int f = 0; f < F__MAX; f++)
        bad_cell(f, &(struct cell){CELL_ERROR, 0, "#N/A"}, REASON_CELL, "#N/A");
}

static void test_text(void **state)
{
    (void)state;
    assert_string_equal(good(F_ITEM, "  梯　子 ").s, "梯子");
    assert_string_equal(good(F_ITEM, "A  B 楼").s, "A B 楼");
    assert_string_equal(good(F_ITEM, "１２号\n楼").s, "12号楼");
    assert_string_equal(good(F_NOTE, "反映：\r\n1. 灯不亮 \n 2. 门坏").s, "反映：\n1. 灯不亮\n2. 门坏");
    struct cell c = number(20240017);
    assert_string_equal(good_cell(F_NUMBER, &c).s, "20240017");
    c = (struct cell){CELL_DATE, 45356, NULL};
    assert_string_equal(good_cell(F_NUMBER, &c).s, "2024-03-05");
    bad(F_NUMBER, "1.10101E+17", REASON_PRECISION, "设为文本");
    assert_string_equal(good(F_NUMBER, "3E12").s, "3E12");
    char *long_text = arena_alloc(a, 202 * 3 + 1);
    for (int i = 0; i < 201; i++)
        memcpy(long_text + 3 * i, "字", 3);
    bad(F_ITEM, long_text, REASON_LENGTH, "201");
    long_text[600] = 0;
    assert_string_equal(good(F_ITEM, long_text).s, long_text);
}

static void test_person(void **state)
{
    (void)state;
    assert_string_equal(good(F_BORROWER, "张 三").s, "张三");
    assert_string_equal(good(F_BORROWER, "张　　三").s, "张三");
    assert_string_equal(good(F_BORROWER, "田\u3000㛃").s, "田㛃");
    assert_string_equal(good(F_BORROWER, "John  Smith").s, "John Smith");
    struct cell c = number(3);
    bad_cell(F_BORROWER, &c, REASON_CHECK, "姓名");
}

static void test_number(void **state)
{
    struct cell c;

    (void)state;
    assert_int_equal(good(F_COUNT, "9 60").i, 960);
    assert_int_equal(good(F_COUNT, "１，２００").i, 1200);
    assert_int_equal(good(F_COUNT, "1,234,567").i, 1234567);
    assert_int_equal(good(F_COUNT, "35人").i, 35);
    assert_int_equal(good(F_COUNT, "35册").i, 35);
    assert_int_equal(good(F_COUNT, "35.00").i, 35);
    assert_int_equal(good(F_COUNT, "-3").i, -3);
    assert_int_equal(good(F_COUNT, "1.2万").i, 12000);
    c = number(40);
    assert_int_equal(good_cell(F_COUNT, &c).i, 40);
    bad(F_COUNT, "3.5", REASON_NUMBER, "整数");
    bad(F_COUNT, "三", REASON_NUMBER, "册");
    bad(F_COUNT, "18,00", REASON_NUMBER, "数字");
    bad(F_COUNT, "1,8000", REASON_NUMBER, "数字");
    bad(F_COUNT, ",180", REASON_NUMBER, "数字");
    bad(F_COUNT, "12-13", REASON_NUMBER, "数字");
    bad(F_COUNT, "0x10", REASON_NUMBER, "数字");
    bad(F_COUNT, "人", REASON_NUMBER, "数字");
    bad(F_COUNT, "1234567890123456", REASON_RANGE, "太大");
    bad(F_COUNT, "1.5E+17", REASON_PRECISION, "丢失");
    c = number(1.5e17);
    bad_cell(F_COUNT, &c, REASON_PRECISION, "丢失");
    c = number(3.5);
    bad_cell(F_COUNT, &c, REASON_NUMBER, "整数");
    c = (struct cell){CELL_DATE, 45356, NULL};
    bad_cell(F_COUNT, &c, REASON_NUMBER, "2024-03-05");
    c = number(NAN);
    bad_cell(F_COUNT, &c, REASON_NUMBER, "nan");
    c = number(INFINITY);
    bad_cell(F_COUNT, &c, REASON_PRECISION, "inf");
}

static void test_decimal(void **state)
{
    struct cell c = number(2.5);

    (void)state;
    assert_int_equal(good(F_HOURS, "2.5").i, 25);
    assert_int_equal(good(F_HOURS, "2.50小时").i, 25);
    assert_int_equal(good(F_HOURS, "3h").i, 30);
    assert_int_equal(good_cell(F_HOURS, &c).i, 25);
    c = number(0.1 + 0.2);
    assert_int_equal(good_cell(F_HOURS, &c).i, 3);
    bad(F_HOURS, "30分钟", REASON_NUMBER, "小时");
    bad(F_HOURS, "30元", REASON_NUMBER, "小时");
    bad(F_HOURS, "2.55", REASON_NUMBER, "1 位小数");
    bad(F_HOURS, "2.", REASON_NUMBER, "数字");
    bad(F_HOURS, "1.2.3", REASON_NUMBER, "数字");
    c = number(100.0 / 3);
    bad_cell(F_HOURS, &c, REASON_NUMBER, "1 位小数");
}

static void test_money(void **state)
{
    struct cell c = number(1800.1);

    (void)state;
    assert_int_equal(good(F_FEE, "1,800.00元").i, 180000);
    assert_int_equal(good(F_FEE, "￥1800").i, 180000);
    assert_int_equal(good(F_FEE, "¥ 9 60").i, 96000);
    assert_int_equal(good(F_FEE, "人民币500元整").i, 50000);
    assert_int_equal(good(F_FEE, "0.05").i, 5);
    assert_int_equal(good(F_FEE, "1.2345万元").i, 1234500);
    assert_int_equal(good_cell(F_FEE, &c).i, 180010);
    bad(F_FEE, "0.005", REASON_NUMBER, "2 位小数");
    bad(F_FEE, "约500元", REASON_NUMBER, "金额");
    bad(F_FEE, "500-800", REASON_NUMBER, "金额");
    bad(F_FEE, "元", REASON_NUMBER, "金额");
    fixture_fields[F_FEE].min = 0;
    fixture_fields[F_FEE].max = 1000000;
    bad(F_FEE, "-1", REASON_RANGE, "0 至 10,000");
    bad(F_FEE, "10000.01", REASON_RANGE, "之间");
    assert_int_equal(good(F_FEE, "10000").i, 1000000);
}

static void test_date(void **state)
{
    int32_t day = day_from_ymd(2024, 3, 5);
    static const char *const forms[] = {"2024.3.5",         "2024/3/5",           "2024-03-05",
                                        "2024年3月5日",     "20240305",           "24.3.5",
                                        "２０２４．３．５", "二〇二四年三月五日", "2024-03-05 14:30"};
    struct cell c = number(20240305);

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        assert_int_equal(good(F_LENT, forms[i]).i, day);
    assert_int_equal(good_cell(F_LENT, &c).i, day);
    c = (struct cell){CELL_DATE, 45356, NULL};
    assert_int_equal(good_cell(F_LENT, &c).i, day);
    c.num = 45356.75; /* a hidden time */
    assert_int_equal(good_cell(F_LENT, &c).i, day);
    ctx.date1904 = true;
    c.num = 45356 - 1462;
    assert_int_equal(good_cell(F_LENT, &c).i, day);
    ctx.date1904 = false;
    bad(F_LENT, "3月5日", REASON_NOYEAR, "年份");
    ctx.year_hint = 2024;
    assert_int_equal(good(F_LENT, "3月5日").i, day);
    bad(F_LENT, "2月30日", REASON_DATE, "没有这一天");
    ctx.year_hint = 0;
    bad(F_LENT, "2024-02-30", REASON_DATE, "没有这一天");
    bad(F_LENT, "2023.2.29", REASON_DATE, "没有这一天");
    bad(F_LENT, "2024年3月", REASON_DATE, "哪一天");
    bad(F_LENT, "上周", REASON_DATE, "不是日期");
    c = number(45356);
    bad_cell(F_LENT, &c, REASON_DATE, "日期格式");
    c = number(2024.3);
    bad_cell(F_LENT, &c, REASON_DATE, "日期格式");
    c = number(20240230);
    bad_cell(F_LENT, &c, REASON_DATE, "没有这一天");
}

static void test_month(void **state)
{
    int32_t day = day_from_ymd(2024, 3, 1);
    struct cell c = number(202403);

    (void)state;
    assert_int_equal(good(F_MONTH, "2024年3月").i, day);
    assert_int_equal(good(F_MONTH, "2024-03").i, day);
    assert_int_equal(good(F_MONTH, "2024.3.18").i, day);
    assert_int_equal(good_cell(F_MONTH, &c).i, day);
    assert_int_equal(good(F_MONTH, "202403").i, day);
    bad(F_MONTH, "202413", REASON_DATE, "2024-03");
    c = number(2024.1); /* January or October? */
    bad_cell(F_MONTH, &c, REASON_DATE, "普通数字");
    bad(F_MONTH, "2024.13", REASON_DATE, "");
}

static void test_instant(void **state)
{
    int64_t ms = day_instant(day_from_ymd(2024, 1, 8), 11 * 60 + 41);
    struct cell c = {CELL_DATE, 45299 + (11 * 60 + 41) / 1440.0, NULL};

    (void)state;
    assert_int_equal(good(F_CLOSED, "2024/1/8 11:41").i, ms);
    assert_int_equal(good(F_CLOSED, "2024年1月8日 11时41分").i, ms);
    assert_int_equal(good(F_CLOSED, "2024-01-08 11:41:00").i, ms);
    assert_int_equal(good(F_CLOSED, "2024-01-08T11:41").i, ms);
    assert_int_equal(good(F_CLOSED, "2024-01-08T03:41:00Z").i, ms);
    assert_int_equal(good(F_CLOSED, "2024-01-08T12:41+09:00").i, ms);
    assert_int_equal(good_cell(F_CLOSED, &c).i, ms);
    assert_int_equal(good(F_CLOSED, "2024-01-08").i, day_instant(day_from_ymd(2024, 1, 8), 0));
    bad(F_CLOSED, "2024-01-08T25:41", REASON_DATE, "14:30");
    bad(F_CLOSED, "2024-01-08T11:41+", REASON_DATE, "14:30");
    bad(F_CLOSED, "1月8日 11:41", REASON_NOYEAR, "年份");
    bad(F_CLOSED, "2024年1月", REASON_DATE, "只有年月");
}

static void test_flag(void **state)
{
    static const char *const yes[] = {"是", "有", "√", "Y", "yes", "TRUE", "1", "✓", "１"};
    static const char *const no[] = {"否", "无", "×", "N", "false", "0"};
    struct cell c = {CELL_BOOL, 1, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_int_equal(good(F_DONE, yes[i]).i, 1);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        struct value v = good(F_DONE, no[i]);
        assert_int_equal(v.kind, VALUE_INT);
        assert_int_equal(v.i, 0);
    }
    assert_int_equal(good_cell(F_DONE, &c).i, 1);
    bad(F_DONE, "也许", REASON_CHOICE, "是还是否");
    bad(F_DONE, "2", REASON_CHOICE, "是还是否");
}

static void test_choice(void **state)
{
    (void)state;
    assert_string_equal(good(F_KIND, "工具").s, "tool");
    assert_string_equal(good(F_KIND, " 工 具 ").s, "tool");
    assert_string_equal(good(F_KIND, "tool").s, "tool");
    assert_string_equal(good(F_KIND, "家什").s, "tool");
    assert_string_equal(good(F_KIND, "其他").s, "other");
    assert_string_equal(good(F_KIND, "其他(漏水)").s, "other");
    bad(F_KIND, "工俱", REASON_CHOICE, "可填：工具、图书");
    bad(F_KIND, "（）", REASON_CHOICE, "可填");
    bad(F_KIND, "八十至八十五", REASON_CHOICE, "是不是“八十至八十四”");
    assert_string_equal(good(F_TAGS, "图书、工具").s, ",tool,book,");
    assert_string_equal(good(F_TAGS, "图书，家什;图书/其他").s, ",tool,book,other,");
    assert_string_equal(good(F_TAGS, "book,80_84").s, ",book,80_84,");
    assert_int_equal(good(F_TAGS, "、，").kind, VALUE_NULL);
    bad(F_TAGS, "图书、锤子", REASON_CHOICE, "“锤子”");
    assert_string_equal(type_show(a, &fixture_fields[F_TAGS], value_text(",tool,book,"), LANG_HANS), "工具、图书");
    assert_string_equal(type_show(a, &fixture_fields[F_KIND], value_text("gone"), LANG_HANS), "gone");
}

static void test_phone(void **state)
{
    struct cell c = number(19900000155);

    (void)state;
    assert_string_equal(good(F_PHONE, "19900000148").s, "19900000148");
    assert_string_equal(good(F_PHONE, "+86 199 0000 0148").s, "19900000148");
    assert_string_equal(good(F_PHONE, "8619900000148").s, "19900000148");
    assert_string_equal(good(F_PHONE, "199-0000-0148").s, "19900000148");
    assert_string_equal(good(F_PHONE, "'19900000148").s, "19900000148");
    assert_string_equal(good(F_PHONE, "１９９０００００１５５").s, "19900000155");
    assert_string_equal(good(F_PHONE, "19900000155.0").s, "19900000155");
    assert_string_equal(good_cell(F_PHONE, &c).s, "19900000155");
    assert_string_equal(good(F_PHONE, "0311-88886666").s, "0311-88886666");
    assert_string_equal(good(F_PHONE, "（010）88886666转12").s, "010-88886666-12");
    assert_string_equal(good(F_PHONE, "031188886666").s, "0311-88886666");
    assert_string_equal(good(F_PHONE, "8888666").s, "8888666");
    assert_string_equal(good(F_PHONE, "400-888-6666").s, "4008886666");
    assert_string_equal(good(F_PHONE, "12345").s, "12345");
    bad(F_PHONE, "1990000014", REASON_PHONE, "11 位");
    bad(F_PHONE, "199000001481", REASON_PHONE, "11 位");
    bad(F_PHONE, "29900000148", REASON_PHONE, "11 位");
    bad(F_PHONE, "199O0000148", REASON_PHONE, "11 位");
    bad(F_PHONE, "19900000148/19900000149", REASON_PHONE, "不止一个");
    bad(F_PHONE, "19900000148、88886666", REASON_PHONE, "不止一个");
    bad(F_PHONE, "没有电话", REASON_PHONE, "11 位");
    bad(F_PHONE, "1.99E+10", REASON_PRECISION, "文本");
    c = number(1.99e17);
    bad_cell(F_PHONE, &c, REASON_PRECISION, "文本");
}

/* The check digit put behind seventeen digits. */
static const char *idno(const char *seventeen)
{
    static const int w[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += (seventeen[i] - '0') * w[i];
    return arena_printf(a, "%s%c", seventeen, "10X98765432"[sum % 11]);
}

static void test_idno(void **state)
{
    char *s = arena_str(a, idno("11999919900307002"));
    struct cell c = {CELL_NUMBER, 1.10101e17, "1.10101199003070e17"};

    (void)state;
    assert_string_equal(good(F_IDNO, s).s, s);
    assert_true(idno_valid(s));
    assert_string_equal(good(F_IDNO, arena_printf(a, "'%.6s %.8s %s", s, s + 6, s + 14)).s, s);
    const char *x = NULL;
    for (int i = 0; i < 1000 && !x; i++) {
        const char *t = idno(arena_printf(a, "11999919900307%03d", i));
        x = t[17] == 'X' ? t : NULL;
    }
    assert_non_null(x);
    assert_string_equal(good(F_IDNO, arena_printf(a, "%.17sx", x)).s, x);
    s[17] = s[17] == '1' ? '2' : '1';
    bad(F_IDNO, s, REASON_CHECKSUM, "校验位");
    assert_false(idno_valid(s));
    bad(F_IDNO, idno("11999919900230002"), REASON_CHECKSUM, "出生日期");
    bad(F_IDNO, idno("11999920260401002"), REASON_CHECKSUM, "还没到");
    bad(F_IDNO, idno("01999919900307002"), REASON_CHECKSUM, "O");
    bad(F_IDNO, "119999900307002", REASON_CHECKSUM, "15 位");
    bad(F_IDNO, "11999919900307", REASON_CHECKSUM, "14 位");
    bad(F_IDNO, "1.10101E+17", REASON_PRECISION, "将该列设为文本后重填");
    bad_cell(F_IDNO, &c, REASON_PRECISION, "将该列设为文本后重填");
    c = number(119999);
    bad_cell(F_IDNO, &c, REASON_CHECKSUM, "6 位");
}

static void test_credit(void **state)
{
    (void)state;
    assert_string_equal(good(F_CREDIT, "91350100m000100y43").s, "91350100M000100Y43");
    assert_string_equal(good(F_CREDIT, "9135 0100 M000 100Y43").s, "91350100M000100Y43");
    assert_true(credit_valid("91350100M000100Y43"));
    assert_false(credit_valid("91350100M000100Y44"));
    bad(F_CREDIT, "91350100M000100Y44", REASON_CHECKSUM, "校验位");
    bad(F_CREDIT, "9135O100M000100Y43", REASON_CHECKSUM, "字母");
    bad(F_CREDIT, "9135010", REASON_CHECKSUM, "18 位");
}

static void test_inside(void **state)
{
    const char *s = idno("11999919900307002");

    (void)state;
    assert_true(idno_inside(s));
    assert_true(idno_inside(arena_printf(a, "联系人张三（%s）", s)));
    assert_true(idno_inside(arena_printf(a, "2024-03-05 %s", s)));
    assert_true(idno_inside(arena_printf(a, "%.6s %.8s %s", s, s + 6, s + 14)));
    assert_true(idno_inside("１１９９９９１９９００３０７００２１"));
    assert_true(idno_inside("号11999919900307002X。"));
    assert_false(idno_inside(arena_printf(a, "%s7", s)));
    assert_false(idno_inside("1199**********0021"));
    assert_false(idno_inside("订单 119999199013070021"));
    assert_false(idno_inside("2024-03-05 2024-03-06"));
    assert_false(idno_inside(""));
}

static void test_ref(void **state)
{
    (void)state;
    assert_int_equal(good(F_BRANCH, "青榆支部").i, 5);
    assert_int_equal(good(F_OTHER, "#5").i, 5);
    bad(F_BRANCH, "红旗支部", REASON_REFERENCE, "“红旗支部”");
    bad(F_GRID, "第一", REASON_REFERENCE, "不止一个");
    ctx.lookup = NULL;
    bad(F_BRANCH, "青榆支部", REASON_REFERENCE, "没有找到");
    assert_int_equal(good(F_FILE, "#77").i, 77);
    bad(F_FILE, "照片.jpg", REASON_REFERENCE, "附件");
    bad(F_FILE, "#99999999999999999999", REASON_REFERENCE, "附件");
}

static void test_place(void **state)
{
    (void)state;
    assert_string_equal(good(F_PLACE, "114.5123， 38.0423").s, "114.512300,38.042300");
    bad(F_PLACE, "38.0423,114.5123", REASON_RANGE, "经度");
    bad(F_PLACE, "东门", REASON_NUMBER, "经度");
    bad(F_PLACE, "1,2,3", REASON_NUMBER, "经度");
    bad(F_PLACE, "nan,1", REASON_NUMBER, "经度");
    bad(F_PLACE, "1.2.3,1", REASON_NUMBER, "经度");
}

static void shows(int field, struct value v, const char *show, const char *plain, const char *mask)
{
    const struct field *f = &fixture_fields[field];

    assert_string_equal(type_show(a, f, v, LANG_HANS), show);
    assert_string_equal(type_plain(a, f, v), plain);
    assert_string_equal(type_mask(a, f, v), mask);
}

static void test_show(void **state)
{
    (void)state;
    shows(F_FEE, value_int(180000), "1,800", "1800.00", "***");
    shows(F_FEE, value_int(-123456789), "-1,234,567.89", "-1234567.89", "***");
    shows(F_FEE, value_int(5), "0.05", "0.05", "***");
    shows(F_FEE, value_int(0), "0", "0.00", "***");
    shows(F_HOURS, value_int(25), "2.5小时", "2.5", "***");
    shows(F_HOURS, value_int(1000), "100小时", "100.0", "***");
    shows(F_COUNT, value_int(12), "12册", "12", "***");
    shows(F_LENT, value_int(day_from_ymd(2026, 3, 5)), "2026-03-05", "2026-03-05", "***");
    shows(F_MONTH, value_int(day_from_ymd(2026, 3, 1)), "2026-03", "2026-03", "***");
    shows(F_CLOSED, value_int(day_instant(day_from_ymd(2026, 3, 5), 870)), "2026-03-05 14:30",
          "2026-03-05T06:30:00Z", "***");
    shows(F_DONE, value_int(0), "否", "false", "***");
    shows(F_KIND, value_text("tool"), "工具", "tool", "***");
    shows(F_TAGS, value_text(",tool,other,"), "工具、其他（请注明）", "tool,other", "***");
    shows(F_BORROWER, value_text("张三"), "张三", "张三", "张*");
    shows(F_PHONE, value_text("19900000001"), "19900000001", "19900000001", "199****0001");
    shows(F_PHONE, value_text("0311-88886666"), "0311-88886666", "0311-88886666", "***********66");
    shows(F_IDNO, value_text("119999199003070021"), "119999199003070021", "119999199003070021",
          "1199**********0021");
    shows(F_BRANCH, value_int(5), "#5", "#5", "***");
    for (int f = 0; f < F__MAX; f++)
        shows(f, value_null(), "", "", "");
    fixture_fields[F_FEE].cls = fixture_fields[F_IDNO].cls = CLASS_PROTECTED;
    shows(F_FEE, value_text("sealed:abc"), "***", "sealed:abc", "***");
    shows(F_IDNO, value_text("sealed:abcdefghijkl"), "***", "sealed:abcdefghijkl", "***");
    fixture_fields[F_FEE].cls = fixture_fields[F_IDNO].cls = CLASS_PUBLIC;
    assert_true(type_is_text(TYPE_CHOICES));
    assert_false(type_is_text(TYPE_MONEY));
}

static int64_t rnd(int64_t n)
{
    return (int64_t)(((uint64_t)rand() << 31 | (uint64_t)rand()) % (uint64_t)n);
}

static struct value random_value(const struct field *f)
{
    static const char *const words[] = {"梯子", "A B", "3号楼-2单元", "老张（东门）", "x"};

    switch (f->type) {
    case TYPE_INT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return value_int(rnd(2000000000000) - 1000000000000);
    case TYPE_DATE:
        return value_int(rnd(100000) - 25000);
    case TYPE_MONTH:
        return value_int(day_month_first((int32_t)(rnd(100000) - 25000)));
    case TYPE_INSTANT:
        return value_int((rnd(4000000000) - 1000000000) * 1000);
    case TYPE_FLAG:
        return value_int(rnd(2));
    case TYPE_CHOICE:
        return value_text(f->choices[rnd((int64_t)f->nchoices)].code);
    case TYPE_CHOICES:
        return value_text(rnd(2) ? ",tool,80_84," : ",book,");
    case TYPE_PHONE:
        return value_text(arena_printf(a, "1990000%04lld", (long long)rnd(10000)));
    case TYPE_IDNO:
        return value_text(
            idno(arena_printf(a, "11999919%02lld0307%03lld", (long long)rnd(100), (long long)rnd(1000))));
    case TYPE_CREDIT:
        return value_text("91350100M000100Y43");
    case TYPE_UNIT:
    case TYPE_GRID:
    case TYPE_REF:
        return value_int(5);
    case TYPE_FILE:
        return value_int(rnd(INT64_MAX) + 1);
    case TYPE_LOCATION:
        return value_text(arena_printf(a, "%lld.%06lld,%lld.%06lld", (long long)rnd(180), (long long)rnd(1000000),
                                       (long long)rnd(90), (long long)rnd(1000000)));
    default:
        return value_text(words[rnd(5)]);
    }
}

/* Whatever is kept reads back the same from what machines write and from what people see. */
static void test_round_trip(void **state)
{
    (void)state;
    srand(20240305);
    for (int i = 0; i < 4000; i++) {
        int n = i % F__MAX;
        const struct field *f = &fixture_fields[n];
        struct value v = random_value(f);
        struct value back = good(n, type_plain(a, f, v));
        if (!value_equal(v, back))
            fail_msg("%s: %s", f->name, type_plain(a, f, v));
        if (f->type == TYPE_INSTANT)
            v.i -= ((v.i % 60000) + 60000) % 60000; /* people see minutes */
        if (!value_equal(v, good(n, type_show(a, f, v, LANG_HANS))))
            fail_msg("%s: %s", f->name, type_show(a, f, v, LANG_HANS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_person, setup, teardown),
        cmocka_unit_test_setup_teardown(test_number, setup, teardown),
        cmocka_unit_test_setup_teardown(test_decimal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_money, setup, teardown),
        cmocka_unit_test_setup_teardown(test_date, setup, teardown),
        cmocka_unit_test_setup_teardown(test_month, setup, teardown),
        cmocka_unit_test_setup_teardown(test_instant, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flag, setup, teardown),
        cmocka_unit_test_setup_teardown(test_choice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_phone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_idno, setup, teardown),
        cmocka_unit_test_setup_teardown(test_credit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ref, setup, teardown),
        cmocka_unit_test_setup_teardown(test_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_show, setup, teardown),
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
