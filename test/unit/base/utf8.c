/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c: tests of base/utf8.h: decoding, widths, cleaning (pinyin and the like are in han.c) */
#include "check.h"

#include "base/utf8.h"

static void code_points_are_read_in_turn(void **state)
{
    (void)state;
    const char *s = "aé邻𬭚";
    assert_int_equal(utf8_next(&s), 'a');
    assert_int_equal(utf8_next(&s), 0xE9);
    assert_int_equal(utf8_next(&s), 0x90BB);
    assert_int_equal(utf8_next(&s), 0x2CB5A);
    assert_int_equal(utf8_next(&s), 0);
    assert_int_equal(utf8_next(&s), 0); /* stays at the end */
}

static void malformed_bytes_move_by_one(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xFF",     "\x80",         "\xE9\x82",     "\xF8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *s = bad[i];
        assert_int_equal(utf8_next(&s), 0xFFFD);
        assert_ptr_equal(s, bad[i] + 1);
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
}

static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp == 0xD800)
            cp = 0xE000;
        char s[5] = {0};
        int n = utf8_put(s, cp);
        const char *p = s;
        if (utf8_next(&p) != cp || p != s + n || !utf8_valid(s, (size_t)n))
            fail_msg("U+%04X", cp);
    }
    char s[5] = {0};
    assert_int_equal(utf8_put(s, 0xD800), 3); /* a lone surrogate becomes U+FFFD */
    assert_string_equal(s, "\xEF\xBF\xBD");
}

static void a_nul_or_a_cut_is_not_valid(void **state)
{
    (void)state;
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("邻里", 6));
    assert_false(utf8_valid("邻里", 5));
    assert_false(utf8_valid("a\0b", 3));
}

static void counting_is_by_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_count("邻里ab"), 4);
    assert_int_equal(utf8_offset("邻里ab", 2), 6);
    assert_int_equal(utf8_offset("邻里ab", 0), 0);
    assert_int_equal(utf8_offset("邻里ab", 99), 8);
    assert_int_equal(utf8_width("邻里ab，１"), 10);
    assert_int_equal(utf8_width(""), 0);
}

static void han_are_han(void **state)
{
    (void)state;
    assert_true(cp_is_han(0x90BB));
    assert_true(cp_is_han(0x3007));
    assert_true(cp_is_han(0x2CB5A));
    assert_false(cp_is_han('a'));
    assert_false(cp_is_han(0xFF0C));
    assert_false(cp_is_han(0x3042)); /* あ */
}

struct pair {
    const char *in, *out;
};

static void cells_are_cleaned(void **state)
{
    static const struct pair t[] = {
        {"１３８００１３８０００", "13800138000"},
        {"ＡＢｃ－１２３／４", "ABc-123/4"},
        {"　张 三　", "张 三"},
        {"\xEF\xBB\xBF"
         "编号",
         "编号"},
        {"张\xE2\x80\x8B三", "张三"},                      /* zero-width space */
        {"\xC2\xA0李四\xC2\xA0王五\xC2\xA0", "李四 王五"}, /* NBSP */
        {"上\r\n下\r末", "上\n下\n末"},
        {"好，对；是：吗？啊！（一）“二”、。", "好，对；是：吗？啊！（一）“二”、。"},
        {"幸福里（３）栋", "幸福里（3）栋"},
        {"９：００～１１：００", "9：00～11：00"},
        {"a\x01"
         "b\x7F",
         "ab"},
        {"\n\t 内 \t\n", "内"},
        {"⼀⽉", "一月"}, /* Kangxi radicals */
        {"", ""},
        {"　", ""},
        {"𬭚", "𬭚"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(text_clean(*state, t[i].in), t[i].out);
}

static void malformed_cells_become_valid(void **state)
{
    char *s = text_clean(*state, "\xFF\xFE\xC3\xD5");
    assert_true(utf8_valid(s, strlen(s)));
    assert_int_equal(utf8_count(s), 4);
}

static void names_and_codes_are_squeezed(void **state)
{
    static const struct pair t[] = {
        {"张　三", "张三"}, {" 138 0013 8000 ", "13800138000"}, {"李\n四", "李四"}, {"1101 01\t1990", "1101011990"},
        {" ", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(text_squeeze(*state, t[i].in), t[i].out);
}

static void headers_are_folded(void **state)
{
    static const struct pair t[] = {
        {"联系电话（必填）", "联系电话"},
        {"联系电话(必填）", "联系电话"},
        {"*姓 名", "姓名"},
        {"★身份证号：", "身份证号"},
        {"入党时间【年-月】", "入党时间"},
        {"ID号", "id号"},
        {"满意率%", "满意率%"},
        {"受理/办结", "受理办结"},
        {"姓名\n", "姓名"},
        {"（备注）", "备注"}, /* all in brackets: kept */
        {"姓名（", "姓名"},   /* never closed */
        {"ＰＨＯＮＥ", "phone"},
        {"", ""},
        {"——", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(text_fold(*state, t[i].in), t[i].out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_are_read_in_turn),
        cmocka_unit_test(malformed_bytes_move_by_one),
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(a_nul_or_a_cut_is_not_valid),
        cmocka_unit_test(counting_is_by_character),
        cmocka_unit_test(han_are_han),
        WITH_ARENA(cells_are_cleaned),
        WITH_ARENA(malformed_cells_become_valid),
        WITH_ARENA(names_and_codes_are_squeezed),
        WITH_ARENA(headers_are_folded),
    };
    return cmocka_run_group_tests_name("base/utf8", tests, NULL, NULL);
}
