/* SPDX-License-Identifier: Apache-2.0 */
/* lang.c: tests of base/lang.h and base/embed.h */
#include <pthread.h>

#include "check.h"

#include "base/embed.h"
#include "base/lang.h"
#include "base/lang_match.h"

static void embedded_files_are_sorted_and_found(void **state)
{
    (void)state;
    assert_true(embed_count > 0);
    for (size_t i = 0; i < embed_count; i++) {
        if (i)
            assert_true(strcmp(embed_files[i - 1].path, embed_files[i].path) < 0);
        assert_ptr_equal(embed_find(embed_files[i].path), &embed_files[i]);
        assert_int_equal(embed_files[i].p[embed_files[i].n], 0);
    }
    assert_null(embed_find("lang/none.yaml"));
    assert_null(embed_find(""));
    assert_null(embed_find("zzz"));
}

static void a_prefix_walks_its_files(void **state)
{
    (void)state;
    size_t n = 0, want = 0;
    for (const struct embed *f = embed_next("lang/", NULL); f; f = embed_next("lang/", f + 1)) {
        assert_int_equal(strncmp(f->path, "lang/", 5), 0);
        n++;
    }
    for (size_t i = 0; i < embed_count; i++)
        want += !strncmp(embed_files[i].path, "lang/", 5);
    assert_int_equal(n, want);
    assert_true(n >= 2);
    assert_null(embed_next("no such folder/", NULL));
    assert_ptr_equal(embed_next("", NULL), &embed_files[0]);
}

static void words_are_translated(void **state)
{
    assert_string_equal(lang_tr(*state, LANG_EN, "登录"), "Sign in");
    assert_string_equal(lang_tr(*state, LANG_HANS, "登录"), "登录");
    assert_string_equal(lang_tr(*state, LANG_HANT, "邻里"), "鄰里"); /* from the catalogue */
    assert_string_equal(lang_tr(*state, LANG_HANT, "头发"), "頭髮"); /* from OpenCC */
    assert_string_equal(lang_tr(*state, LANG_EN, "没有这一条"), "没有这一条");
    assert_string_equal(lang_tr(*state, LANG_EN, ""), "");
    assert_null(lang_tr(*state, LANG_EN, NULL));
}

static void a_message_is_taken_apart(void **state)
{
    struct lang_slot slot[LANG_SLOTS];
    assert_int_equal(lang_match(slot, "第%d行“%s”：%s。", "第7行“排查日期”：没有这一天。"), 3);
    assert_string_equal(lang_fill(*state, "%3$s; row %1$d, “%2$s”", slot, 3), "没有这一天; row 7, “排查日期”");
    assert_string_equal(lang_fill(*state, "Row %d, “%s”: %s; 100%%", slot, 3),
                        "Row 7, “排查日期”: 没有这一天; 100%");
    assert_string_equal(lang_fill(*state, "%s %s %s %s %9$s.", slot, 3), "7 排查日期 没有这一天  .");
    assert_true(slot[1].quoted);
    assert_false(slot[2].quoted);
    assert_int_equal(lang_match(slot, "共%d%%，%.40s%s完成", "共50%，已完成"), 3);
    assert_int_equal(slot[1].n, 3);
    assert_int_equal(slot[2].n, 0);
    assert_int_equal(lang_match(slot, "到%s为止", "到为止为止"), 1); /* the last text is that at the end */
    assert_int_equal(slot[0].n, strlen("为止"));
    assert_int_equal(lang_match(slot, "%s不是日期", "5月不是日期"), 1);
    static const char *const other[][2] = {
        {"第%d行", "第七行"},
        {"第%d行", "第行"},
        {"%d年%d月", "2026年3月5日"},
        {"第%d行", "第7列"},
        {"第%d行", "7行"},
        {"第%d行", "第7行！"},
        {"第%d行", ""},
        {"没有格式", "没有"},
        {"到%s为止", "到此为"},
        {"%s完成%s。", "没有。"},
        {"%s%s%s%s%s%s%s%s%s%s%s%s%s好", "好"}, /* more slots than there are */
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_int_equal(lang_match(slot, other[i][0], other[i][1]), -1);
}

static void a_format_is_known_by_enough_text(void **state)
{
    (void)state;
    assert_true(lang_is_format("“%s”不是日期。"));
    assert_true(lang_is_format("共 %zu 条记录"));
    assert_false(lang_is_format("不是日期，写了 100%"));
    assert_false(lang_is_format("满意率 100%%，很好"));
    assert_true(lang_is_format("%d年"));
    assert_false(lang_is_format("%d"));
    assert_false(lang_is_format("%s年"));
    assert_false(lang_is_format("%s：%s"));
    assert_false(lang_is_format(""));
}

static void formatted_messages_are_translated(void **state)
{
    assert_string_equal(lang_tr(*state, LANG_EN, "找不到文件“甲.xlsx”，请核对路径和文件名。"),
                        "There is no file “甲.xlsx”. Check the path and the name.");
    /* what the user typed is not a word of ours, though it reads like one */
    assert_string_equal(lang_tr(*state, LANG_EN, "找不到文件“登录台账.xlsx”，请核对路径和文件名。"),
                        "There is no file “登录台账.xlsx”. Check the path and the name.");
    /* a label in quotes, a name before its explanation, a list */
    assert_string_equal(lang_tr(*state, LANG_EN, "请填写“状态”。"), "Fill in “State”.");
    assert_string_equal(lang_tr(*state, LANG_EN, "状态：请填写“原因”。"), "State: Fill in “Reason”.");
    assert_string_equal(lang_tr(*state, LANG_EN, "状态、原因"), "State, Reason");
    assert_string_equal(lang_tr(*state, LANG_EN, "状态、别的什么"), "状态、别的什么");
}

/* More words than are kept, from several threads: each answer must still be that word's. */
static void *translate_many(void *bad)
{
    struct arena *a = arena_new();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            const char *s = lang_tr(a, LANG_HANT, arena_printf(a, "第%d页头发", i));
            if (strcmp(s, arena_printf(a, "第%d頁頭髮", i)))
                *(int *)bad = 1;
            arena_reset(a);
        }
    arena_free(a);
    return NULL;
}

static void kept_words_are_not_mixed_up(void **state)
{
    pthread_t t[3];
    int bad[3] = {0};
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&t[i], NULL, translate_many, &bad[i]), 0);
    for (int i = 0; i < 3; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(bad[i], 0);
    }
    const char *once = lang_tr(*state, LANG_HANT, "第1页头发");
    assert_ptr_equal(lang_tr(*state, LANG_HANT, "第1页头发"), once);
    char *longest = arena_alloc(*state, 3 * 200 + 1);
    for (int i = 0; i < 200; i++)
        memcpy(longest + i * 3, "头", 3);
    assert_ptr_not_equal(lang_tr(*state, LANG_HANT, longest), lang_tr(*state, LANG_HANT, longest));
}

static void the_browser_says_which(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum lang lang;
    } t[] = {
        {NULL, LANG_HANS},
        {"", LANG_HANS},
        {"zh-CN,zh;q=0.9,en;q=0.8", LANG_HANS},
        {"en-US,en;q=0.9", LANG_EN},
        {"zh-TW", LANG_HANT},
        {"zh-Hant-HK, zh;q=0.5", LANG_HANT},
        {"zh-hk;q=0.8,en;q=0.9", LANG_EN},
        {"fr-FR,de;q=0.9", LANG_HANS},
        {"fr,en;q=0.1", LANG_EN},
        {"en;q=0,zh-TW;q=0.001", LANG_HANT},
        {"english", LANG_HANS},
        {"zh-Hans-TW", LANG_HANS},
        {",,;q=1,, en", LANG_EN},
        {"en;q=abc", LANG_HANS},
        {"*", LANG_HANS},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (lang_pick(t[i].header) != t[i].lang)
            fail_msg("“%s”: %s", t[i].header ? t[i].header : "(none)", lang_tag[lang_pick(t[i].header)]);
}

static int start(void **state)
{
    (void)state;
    struct err e;
    return lang_init(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embedded_files_are_sorted_and_found),
        cmocka_unit_test(a_prefix_walks_its_files),
        WITH_ARENA(words_are_translated),
        WITH_ARENA(a_message_is_taken_apart),
        cmocka_unit_test(a_format_is_known_by_enough_text),
        WITH_ARENA(formatted_messages_are_translated),
        WITH_ARENA(kept_words_are_not_mixed_up),
        cmocka_unit_test(the_browser_says_which),
    };
    return cmocka_run_group_tests_name("base/lang", tests, start, NULL);
}
