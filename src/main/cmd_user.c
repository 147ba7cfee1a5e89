/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_user.c: linli user: accounts and their roles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/open.h"
#include "model/account.h"
#include "store/sys_user.h"

static const struct option_def options[] = {
    {"login", "NAME", "登录名"},
    {"name", "NAME", "姓名"},
    {"role", "ROLE", "角色：admin clerk secretary worker grid viewer"},
    {"unit", "CODE", "在哪个组织（含下级）担任"},
    {"password", "-", "从标准输入读口令；不给则生成一个并显示一次"},
    {NULL, NULL, NULL},
};

static int user_add(struct args *args, struct open *o, struct err *e)
{
    struct node *unit;
    const char *login = args_need(args, "login", e);
    const char *role = login ? args_need(args, "role", e) : NULL;
    char password[128];
    if (!role || args_unit(args, &o->view, true, &unit, e))
        return -1;
    if (args_has(args, "password")) {
        if (!fgets(password, sizeof password, stdin))
            return err_set(e, ERR_INPUT, "标准输入上没有口令");
        password[strcspn(password, "\r\n")] = '\0';
    } else {
        sec_word(password, 12);
    }
    const char *name = args_get(args, "name");
    struct account acc = {
        .login = login, .name = name ? name : login, .role = role, .unit = unit->id, .password = password};
    if (account_add(o->site, &o->view, &acc, e))
        return -1;
    if (args->json) {
        struct buf b;
        struct json j;
        buf_init(&b, 4096);
        json_init(&j, &b);
        json_obj_begin(&j);
        json_put_str(&j, "login", login);
        if (!args_has(args, "password"))
            json_put_str(&j, "password", password);
        json_obj_end(&j);
        print_json(&b);
        buf_done(&b);
    } else if (args_has(args, "password")) {
        printf("已建立 %s\n", login);
    } else {
        printf("已建立 %s，口令 %s（只显示这一次）\n", login, password);
    }
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
            printf("%-16s %s%s\n", users[i].login, users[i].name, users[i].active ? "" : "（停用）");
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
    return EXIT_OK;
}

static int user_run(struct args *args, struct err *e)
{
    struct open o;
    bool add = strcmp(args->words[0], "add") == 0;
    if (!add && strcmp(args->words[0], "list") != 0)
        return err_set(e, ERR_INPUT, "用法：linli user add|list");
    if (open_site(&o, args, add ? STORE_WRITE : STORE_READ, e))
        return -1;
    int rc = add ? user_add(args, &o, e) : user_print(args, &o, e);
    open_close(&o);
    return rc;
}

const struct command cmd_user = {.name = "user",
                                 .words = "add|list",
                                 .min_words = 1,
                                 .max_words = 1,
                                 .options = options,
                                 .run = user_run,
                                 .summary = "账号和角色"};
