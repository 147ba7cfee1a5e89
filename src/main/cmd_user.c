/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_user.c: linli user: accounts and their roles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "main/open.h"
#include "model/account.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"

static const struct option_def options[] = {
    {"login", "NAME", "登录名"},
    {"name", "NAME", "姓名"},
    {"role", "ROLE", "角色，写错时列出全部"},
    {"unit", "CODE", "在哪个组织（含下级）担任"},
    {"password", "-", "从标准输入读口令；不给则生成一个并显示一次"},
    {"off", NULL, "totp：关闭动态口令"},
    {NULL, NULL, NULL},
};

#define PASSWORD_BUF 128

/* From standard input with --password -, else a new one. */
static int password_get(const struct args *args, char password[PASSWORD_BUF], struct err *e)
{
    if (!args_has(args, "password")) {
        sec_word(password, 12);
        return 0;
    }
    if (!fgets(password, PASSWORD_BUF, stdin))
        return err_set(e, ERR_INPUT, "标准输入上没有口令");
    password[strcspn(password, "\r\n")] = '\0';
    return 0;
}

static void password_told(const struct args *args, const char *what, const char *login, const char *password)
{
    bool given = args_has(args, "password");
    if (!args->json) {
        if (given)
            say(args, stdout, "%s %s", told(args, "%s", what), login);
        else
            say(args, stdout, "%s %s，口令 %s（只显示这一次）", told(args, "%s", what), login, password);
        return;
    }
    struct buf b;
    struct json j;
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "login", login);
    if (!given)
        json_put_str(&j, "password", password);
    json_obj_end(&j);
    print_json(&b);
    buf_done(&b);
}

static int user_add(struct args *args, struct open *o, struct err *e)
{
    struct node *unit;
    const char *login = args_need(args, "login", e);
    const char *role = login ? args_need(args, "role", e) : NULL;
    char password[PASSWORD_BUF];
    if (!role || args_unit(args, &o->view, true, &unit, e) || password_get(args, password, e))
        return -1;
    const char *name = args_get(args, "name");
    struct account acc = {
        .login = login, .name = name ? name : login, .role = role, .unit = unit->id, .password = password};
    if (account_add(o->site, &o->view, &acc, e))
        return -1;
    password_told(args, "已建立", login, password);
    return EXIT_OK;
}

static int user_print(struct args *args, struct open *o, struct err *e)
{
    struct user *users;
    size_t n;
    if (user_list(&users, &n, args->a, o->db, NULL, 10000, e))
        return -1;
    struct buf b;
    struct json j;
    buf_init(&b, 16 << 20);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++) {
        json_obj_begin(&j);
        json_put_str(&j, "login", users[i].login);
        json_put_str(&j, "name", users[i].name);
        json_put_bool(&j, "active", users[i].active);
        json_obj_end(&j);
        if (!args->json)
            printf("%-16s %s%s\n", users[i].login, users[i].name, users[i].active ? "" : told(args, "（停用）"));
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
    return EXIT_OK;
}

/* --- a new password, a second factor: the same job with another column */

struct secret_job {
    int64_t user;
    const char *hash, *totp; /* one of them */
    const char *act;
};

static int secret_write(struct db *d, void *arg, struct err *e)
{
    struct secret_job *j = arg;
    int rc = j->hash ? user_set_password(d, j->user, j->hash, NULL, e) : user_set_totp(d, j->user, j->totp, e);
    struct trail_entry t = {.home = 0, .at = now_ms(), .act = j->act, .table = "", .record = j->user, .detail = ""};
    return rc || trail_append(d, &t, e) ? -1 : 0;
}

static int user_named(struct user *u, struct args *args, struct open *o, struct err *e)
{
    const char *login = args_need(args, "login", e);
    int found = login ? user_by_login(u, args->a, o->db, login, e) : -1;
    if (found == 0)
        err_set(e, ERR_INPUT, "没有登录名为“%s”的账号。linli user list 列出全部账号", login);
    return found == 1 ? 0 : -1;
}

static int user_password(struct args *args, struct open *o, struct err *e)
{
    struct user u;
    char password[PASSWORD_BUF], hash[128];
    if (user_named(&u, args, o, e) || password_get(args, password, e))
        return -1;
    if (utf8_count(password) < PASSWORD_MIN)
        return err_field(e, "password", "口令太短，至少 %d 个字符", PASSWORD_MIN);
    if (sec_password_hash(hash, password, e))
        return -1;
    struct secret_job j = {.user = u.id, .hash = hash, .act = "password"};
    if (store_write(o->site->store, secret_write, &j, e))
        return -1;
    password_told(args, "已改口令", u.login, password);
    return EXIT_OK;
}

/* Back into use: also the way out where nobody is left who could do it in the pages. */
static int enable_write(struct db *d, void *arg, struct err *e)
{
    const struct secret_job *j = arg;
    struct user u;
    struct arena *a = arena_new();
    struct trail_entry t = {
        .home = 0, .at = now_ms(), .act = j->act, .table = "", .record = j->user, .detail = "on"};
    int rc = user_find(&u, a, d, j->user, e) == 1 ? 0 : -1;
    u.active = true;
    rc = rc || user_update(d, &u, e) || trail_append(d, &t, e) ? -1 : 0;
    arena_free(a);
    return rc;
}

static int user_enable(struct args *args, struct open *o, struct err *e)
{
    struct user u;
    if (user_named(&u, args, o, e))
        return -1;
    struct secret_job j = {.user = u.id, .act = "account"};
    if (store_write(o->site->store, enable_write, &j, e))
        return -1;
    if (args->json)
        printf("{\"active\":true}\n");
    else
        say(args, stdout, "%s 已恢复使用", u.login);
    return EXIT_OK;
}

/* The secret is shown once, for the person's authenticator (RFC 6238); it is kept sealed. */
static int user_totp(struct args *args, struct open *o, struct err *e)
{
    struct user u;
    unsigned char bytes[20];
    if (user_named(&u, args, o, e))
        return -1;
    bool off = args_has(args, "off");
    sec_random(bytes, sizeof bytes);
    const char *secret = sec_base32(args->a, bytes, sizeof bytes);
    struct secret_job j = {
        .user = u.id, .act = "totp", .totp = off ? "" : sec_seal(args->a, store_key(o->site->store), secret)};
    if (store_write(o->site->store, secret_write, &j, e))
        return -1;
    if (off)
        printf("%s\n", args->json ? "{\"totp\":false}" : told(args, "已关闭动态口令"));
    else if (args->json)
        printf("{\"totp\":true,\"secret\":\"%s\"}\n", secret);
    else
        say(args, stdout, "动态口令密钥（只显示这一次）：%s", secret);
    return EXIT_OK;
}

static const struct {
    const char *word;
    int (*fn)(struct args *args, struct open *o, struct err *e);
    enum store_mode mode;
} verbs[] = {
    {"add", user_add, STORE_WRITE},           {"list", user_print, STORE_READ},
    {"password", user_password, STORE_WRITE}, {"totp", user_totp, STORE_WRITE},
    {"enable", user_enable, STORE_WRITE},
};

static int user_run(struct args *args, struct err *e)
{
    struct open o;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(args->words[0], verbs[i].word) != 0)
            continue;
        if (open_site(&o, args, verbs[i].mode, e))
            return -1;
        int rc = verbs[i].fn(args, &o, e);
        open_close(&o);
        return rc;
    }
    return err_set(e, ERR_INPUT, "用法：linli user add|list|password|totp|enable");
}

const struct command cmd_user = {.name = "user",
                                 .words = "add|list|password|totp|enable",
                                 .min_words = 1,
                                 .max_words = 1,
                                 .options = options,
                                 .run = user_run,
                                 .summary = "账号和角色"};
