/* SPDX-License-Identifier: Apache-2.0 */
/* han.c: tests of what base/utf8.h does through ICU, OpenCC and iconv */
#include <pthread.h>

#include "check.h"

#include "base/utf8.h"

struct pair {
    const char *in, *out;
};

static void surnames_are_read_as_surnames(void **state)
{
    static const struct pair t[] = {
        {"单志敏", "shanzhimin"},
        {"曾小雨", "zengxiaoyu"},
        {"仇阿妹", "qiuamei"},
        {"翟明", "zhaiming"},
        {"解放", "xiefang"},
        {"查春", "zhachun"},
        {"朴秀", "piaoxiu"},
        {"缪红", "miaohong"},
        {"覃亮", "qinliang"},
        {"盖文", "gewen"},
        {"区伟", "ouwei"},
        {"万俟雪", "moqixue"},
        {"尉迟青", "yuchiqing"},
        {"欧阳兰", "ouyanglan"},
        {"吕布衣", "lvbuyi"},
        {"任重", "renzhong"},
        {"张　三", "zhangsan"},
        {"乐平", "yueping"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(pinyin_name(*state, t[i].in), t[i].out);
}

/* The reading as a surname is for the front of a name only. */
static void given_names_keep_the_common_reading(void **state)
{
    assert_string_equal(pinyin_name(*state, "张单"), "zhangdan");
    assert_string_equal(pinyin_name(*state, "王朴"), "wangpu");
}

static void initials_are_one_letter_a_syllable(void **state)
{
    static const struct pair t[] = {
        {"单志敏", "szm"}, {"欧阳兰", "oyl"}, {"阿依·买提", "aymt"}, {"李 John", "lj"}, {"吕梁", "ll"},
        {"", ""},          {"·", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(pinyin_initials(*state, t[i].in), t[i].out);
}

static void a_long_text_is_cut_not_overrun(void **state)
{
    char *s = arena_alloc(*state, 3 * 5000 + 1);
    for (int i = 0; i < 5000; i++)
        memcpy(s + i * 3, "庄", 3);
    assert_int_equal(strlen(pinyin_initials(*state, s)), 60);
    assert_int_equal(strlen(pinyin_name(*state, s)), 60 * strlen("zhuang"));
}

static void traditional_goes_by_phrase(void **state)
{
    assert_string_equal(han_hant(*state, "邻里社区"), "鄰里社區");
    assert_string_equal(han_hant(*state, "头发很干净，皇后在后台"), "頭髮很乾淨，皇后在後臺");
    assert_string_equal(han_hant(*state, "台账里的账号"), "臺帳裡的帳號");
    assert_string_equal(han_hans(*state, "頭髮乾淨"), "头发干净");
    assert_string_equal(han_hans(*state, "鄰里社區"), "邻里社区");
    assert_string_equal(han_hant(*state, ""), "");
    assert_string_equal(han_hant(*state, "abc 123"), "abc 123");
}

static void *convert_often(void *fail)
{
    struct arena *a = arena_new();
    for (int i = 0; i < 300; i++) {
        if (strcmp(pinyin_name(a, "单志敏"), "shanzhimin") || strcmp(han_hant(a, "头发"), "頭髮") ||
            strcmp(han_hans(a, "頭髮"), "头发"))
            *(int *)fail = 1;
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    (void)state;
    pthread_t t[4];
    int bad[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, convert_often, &bad[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(bad[i], 0);
    }
}

static void gb18030_is_decoded(void **state)
{
    size_t n = 0;
    assert_string_equal(gb18030_utf8(*state, "\xC9\xE7\xC7\xF8,1", 6, &n), "社区,1");
    assert_int_equal(n, 8);
    /* four bytes: 㛃 U+36C3 of the 2000 edition */
    static const char four[] = "\x82\x30\xB7\x31";
    assert_string_equal(gb18030_utf8(*state, four, 4, &n), "㛃");
    assert_string_equal(gb18030_utf8(*state, "\x80", 0, &n), "");
    assert_int_equal(n, 0);
}

static void what_is_not_gb18030_is_refused(void **state)
{
    size_t n = 7;
    assert_null(gb18030_utf8(*state, "\xC9", 1, &n)); /* cut in the middle */
    assert_null(gb18030_utf8(*state, "ok\xFF\xFF", 4, &n));
    assert_null(gb18030_utf8(*state, "\xC9\xE7\xC7", 3, NULL));
    assert_int_equal(n, 7);
}

static void numerals_are_those_of_documents(void **state)
{
    static const struct {
        int64_t n;
        const char *text;
    } t[] = {
        {0, "零"},
        {1, "一"},
        {10, "十"},
        {15, "十五"},
        {20, "二十"},
        {23, "二十三"},
        {100, "一百"},
        {101, "一百零一"},
        {110, "一百一十"},
        {115, "一百一十五"},
        {1001, "一千零一"},
        {1010, "一千零一十"},
        {1100, "一千一百"},
        {2024, "二千零二十四"},
        {10000, "一万"},
        {10010, "一万零一十"},
        {100000, "十万"},
        {110000, "十一万"},
        {101000, "十万一千"},
        {1000001, "一百万零一"},
        {100010000, "一亿零一万"},
        {100000005000, "一千亿零五千"},
        {-7, "负七"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(han_number(*state, t[i].n), t[i].text);
    assert_non_null(strstr(han_number(*state, INT64_MIN), "负九百二十二亿亿"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(surnames_are_read_as_surnames),
        WITH_ARENA(given_names_keep_the_common_reading),
        WITH_ARENA(initials_are_one_letter_a_syllable),
        WITH_ARENA(a_long_text_is_cut_not_overrun),
        WITH_ARENA(traditional_goes_by_phrase),
        cmocka_unit_test(threads_do_not_disturb_each_other),
        WITH_ARENA(gb18030_is_decoded),
        WITH_ARENA(what_is_not_gb18030_is_refused),
        WITH_ARENA(numerals_are_those_of_documents),
    };
    return cmocka_run_group_tests_name("base/han", tests, NULL, NULL);
}
