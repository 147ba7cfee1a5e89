/* SPDX-License-Identifier: Apache-2.0 */
/* user.c: accounts, grants, sessions and the brake on guessing. */
#include "both.h"

#include "store/sys_user.h"

#define NOW ((int64_t)1700000000000)
#define HOUR ((int64_t)3600 * 1000)

static int64_t make(struct place *p, const char *login, const char *name, const char *pinyin)
{
    struct user u = {.login = login, .name = name, .pinyin = pinyin, .password = "hash", .active = true};

    OK(user_create(p->d, &u, &p->e));
    assert_true(u.id > 0 && u.created > 0);
    return u.id;
}

static void accounts_are_found_and_changed(void **state)
{
    struct place *p = *state;
    int64_t id = make(p, "wen", "文秀兰", "wenxiulan wxl");
    struct user u;

    make(p, "gao", "高启明", "gaoqiming gqm");
    assert_int_equal(user_by_login(&u, p->a, p->d, "wen", &p->e), 1);
    assert_true(u.id == id);
    assert_string_equal(u.name, "文秀兰");
    assert_int_equal(user_by_login(&u, p->a, p->d, "WEN", &p->e), 0);
    assert_int_equal(user_by_login(&u, p->a, p->d, "' OR '1'='1", &p->e), 0);
    assert_int_equal(user_find(&u, p->a, p->d, id - 1, &p->e), 0);
    assert_int_equal(user_find(&u, p->a, p->d, id, &p->e), 1);
    u.name = "文秀岚";
    OK(user_update(p->d, &u, &p->e));
    OK(user_set_totp(p->d, id, "sealed", &p->e));
    assert_int_equal(user_find(&u, p->a, p->d, id, &p->e), 1);
    assert_string_equal(u.name, "文秀岚");
    assert_string_equal(u.totp, "sealed");
}

static void a_login_is_taken_once(void **state)
{
    struct place *p = *state;
    struct user u = {.login = "wen", .name = "另一人"};

    make(p, "wen", "文秀兰", "");
    FAILS(user_create(p->d, &u, &p->e), ERR_CONFLICT);
    assert_string_equal(p->e.field, "login");
    u.login = "wen2";
    u.id = 0;
    OK(user_create(p->d, &u, &p->e));
    u.login = "wen";
    FAILS(user_update(p->d, &u, &p->e), ERR_CONFLICT);
    u.id = 5;
    u.login = "nobody";
    FAILS(user_update(p->d, &u, &p->e), ERR_MISSING);
    FAILS(user_set_password(p->d, 5, "h", NULL, &p->e), ERR_MISSING);
    FAILS(user_set_totp(p->d, 5, "h", &p->e), ERR_MISSING);
}

static size_t listed(struct place *p, const char *word)
{
    struct user *u;
    size_t n;

    OK(user_list(&u, &n, p->a, p->d, word, 10, &p->e));
    return n;
}

static void lists_search_all_names(void **state)
{
    struct place *p = *state;
    struct user *u;
    size_t n;

    make(p, "wen", "文秀兰", "wenxiulan wxl");
    make(p, "Gao_1", "高启明", "gaoqiming gqm");
    assert_int_equal(listed(p, NULL), 2);
    assert_int_equal(listed(p, "秀兰"), 1);
    assert_int_equal(listed(p, "wxl"), 1);
    assert_int_equal(listed(p, "gao_"), 1);
    assert_int_equal(listed(p, "GAO"), 1);
    assert_int_equal(listed(p, "%"), 0);
    assert_int_equal(listed(p, "_en"), 0);
    OK(user_list(&u, &n, p->a, p->d, "", 1, &p->e));
    assert_int_equal(n, 1);
    assert_string_equal(u[0].name, "高启明");
}

static void grants_hold_once(void **state)
{
    struct place *p = *state;
    int64_t wen = make(p, "wen", "文秀兰", ""), gao = make(p, "gao", "高启明", "");
    int64_t units[] = {7, 8};
    struct user_grant *g;
    struct user u;
    size_t n;

    OK(grant_add(p->d, wen, "clerk", 7, &p->e));
    OK(grant_add(p->d, wen, "clerk", 7, &p->e));
    OK(grant_add(p->d, wen, "chief", 9, &p->e));
    OK(grant_add(p->d, gao, "clerk", 8, &p->e));
    OK(grant_list(&g, &n, p->a, p->d, wen, &p->e));
    assert_int_equal(n, 2);
    assert_string_equal(g[0].role, "chief");
    OK(grant_holders(&g, &n, p->a, p->d, "clerk", units, 2, &p->e));
    assert_int_equal(n, 2);
    OK(grant_holders(&g, &n, p->a, p->d, NULL, NULL, 0, &p->e));
    assert_int_equal(n, 3);
    OK(grant_holders(&g, &n, p->a, p->d, "clerk", units, 0, &p->e));
    assert_int_equal(n, 0);
    assert_int_equal(user_find(&u, p->a, p->d, gao, &p->e), 1);
    u.active = false;
    OK(user_update(p->d, &u, &p->e));
    OK(grant_holders(&g, &n, p->a, p->d, "clerk", NULL, 0, &p->e));
    assert_int_equal(n, 1);
    OK(grant_drop(p->d, wen, "clerk", 7, &p->e));
    OK(grant_list(&g, &n, p->a, p->d, wen, &p->e));
    assert_int_equal(n, 1);
}

static void start(struct place *p, const char *token, int64_t user)
{
    struct session s = {token, user, NOW, NOW, "csrf", "browser"};

    OK(session_start(p->d, &s, &p->e));
}

static int living(struct place *p, const char *token, int64_t now)
{
    struct session s;
    int rc = session_find(&s, p->a, p->d, token, now, &p->e);

    OK(rc);
    if (rc == 1)
        assert_string_equal(s.csrf, "csrf");
    return rc;
}

static void sessions_end_when_idle_or_old(void **state)
{
    struct place *p = *state;
    int64_t at = NOW;

    start(p, "aa", 1);
    assert_int_equal(living(p, "aa", NOW + 12 * HOUR - 1), 1);
    assert_int_equal(living(p, "aa", NOW + 12 * HOUR), 0);
    assert_int_equal(living(p, "bb", NOW), 0);
    for (; at < NOW + 7 * 24 * HOUR; at += 11 * HOUR)
        OK(session_touch(p->d, "aa", at, &p->e));
    assert_int_equal(living(p, "aa", NOW + 7 * 24 * HOUR - 1), 1);
    assert_int_equal(living(p, "aa", NOW + 7 * 24 * HOUR), 0);
    OK(session_prune(p->d, NOW + 7 * 24 * HOUR, &p->e));
    assert_int_equal(living(p, "aa", NOW), 0);
}

static void a_new_password_ends_the_others(void **state)
{
    struct place *p = *state;
    int64_t wen = make(p, "wen", "文秀兰", "");
    struct user u;

    start(p, "aa", wen);
    start(p, "bb", wen);
    start(p, "cc", 99);
    OK(user_set_password(p->d, wen, "other", "bb", &p->e));
    assert_int_equal(living(p, "aa", NOW), 0);
    assert_int_equal(living(p, "bb", NOW), 1);
    assert_int_equal(living(p, "cc", NOW), 1);
    assert_int_equal(user_find(&u, p->a, p->d, wen, &p->e), 1);
    assert_string_equal(u.password, "other");
    u.active = false;
    OK(user_update(p->d, &u, &p->e));
    assert_int_equal(living(p, "bb", NOW), 0);
    OK(session_end(p->d, "cc", &p->e));
    assert_int_equal(living(p, "cc", NOW), 0);
}

static int64_t wait_of(struct place *p, const char *login, const char *ip, int64_t now)
{
    int64_t ms;

    OK(attempt_wait(&ms, p->d, login, ip, now, &p->e));
    return ms;
}

static void guessing_is_slowed(void **state)
{
    struct place *p = *state;
    char ip[32];

    for (int i = 0; i < 4; i++)
        OK(attempt_note(p->d, "wen", "10.0.0.1", NOW + i, &p->e));
    assert_int_equal(wait_of(p, "wen", "10.0.0.1", NOW + 10), 0);
    OK(attempt_note(p->d, "wen", "10.0.0.1", NOW + 4, &p->e));
    assert_int_equal(wait_of(p, "wen", "10.0.0.1", NOW + 10), ATTEMPT_WINDOW_MS - 10);
    assert_int_equal(wait_of(p, "wen", "10.0.0.2", NOW + 10), 0); /* the owner elsewhere is not locked out */
    assert_int_equal(wait_of(p, "gao", "10.0.0.1", NOW + 10), 0);
    assert_int_equal(wait_of(p, "wen", "10.0.0.1", NOW + ATTEMPT_WINDOW_MS), 0);
    for (int i = 0; i < 15; i++) {
        snprintf(ip, sizeof ip, "10.0.1.%d", i);
        OK(attempt_note(p->d, "wen", ip, NOW + 20, &p->e));
    }
    assert_true(wait_of(p, "wen", "10.0.0.2", NOW + 30) > 0);
    OK(attempt_clear(p->d, "wen", &p->e));
    assert_int_equal(wait_of(p, "wen", "10.0.0.1", NOW + 30), 0);
}

static void one_address_cannot_try_all_logins(void **state)
{
    struct place *p = *state;
    char login[32];

    for (int i = 0; i < ATTEMPT_PER_IP; i++) {
        snprintf(login, sizeof login, "user%d", i);
        OK(attempt_note(p->d, login, "10.0.0.9", NOW, &p->e));
    }
    assert_true(wait_of(p, "fresh", "10.0.0.9", NOW + 1) > 0);
    assert_int_equal(wait_of(p, "fresh", "10.0.0.8", NOW + 1), 0);
    OK(attempt_prune(p->d, NOW + ATTEMPT_WINDOW_MS, &p->e));
    assert_int_equal(wait_of(p, "fresh", "10.0.0.9", NOW + 1), 0);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(accounts_are_found_and_changed),
    TEST_DB(a_login_is_taken_once),
    TEST_DB(lists_search_all_names),
    TEST_DB(grants_hold_once),
    TEST_DB(sessions_end_when_idle_or_old),
    TEST_DB(a_new_password_ends_the_others),
    TEST_DB(guessing_is_slowed),
    TEST_DB(one_address_cannot_try_all_logins),
};
BOTH_MAIN(tests)
