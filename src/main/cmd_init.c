/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_init.c: linli init: a new data directory, with units and grids and, if asked, a demonstration community. */
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/file.h"
#include "main/open.h"
#include "model/account.h"
#include "model/seed.h"
#include "store/making.h"

static const struct option_def options[] = {
    {"demo", NULL, "放入一个虚构的演示社区和演示账号"},
    {"site", "FILE.yaml", "组织和网格（形式见 doc/admin.md）"},
    {"database", "WHERE", "postgres:连接串；不给则用内置 SQLite"},
    {"seed", "N", "演示数据的随机种子，默认 1"},
    {NULL, NULL, NULL},
};

/* The demonstration logins: one for each of the persons who use Linli. */
static const struct {
    const char *login, *name, *role, *unit;
} demo_users[] = {
    {"admin", "系统管理员", "admin", "YL"},
    {"clerk", "街道经办 沈文", "clerk", "YL"},
    {"secretary", "社区书记 陆秀兰", "secretary", "HT"},
    {"worker", "社区工作者 江小舟", "worker", "HT"},
    {"grid", "网格员 何田", "grid", "HT"},
};

static int init_seed(struct args *args, struct open *o, const char *file, const char *text, size_t n, struct err *e)
{
    const char *seed = args_get(args, "seed");
    struct seed_job j = {.site = o->site, .a = args->a, .seed = seed ? (uint64_t)strtoull(seed, NULL, 10) : 1};
    if (seed_run(&j, file, text, n, e))
        return -1;
    say(args, stderr, "%s：写入 %ld 条", file, j.made);
    return open_refresh(o, e);
}

static int init_site(struct args *args, struct open *o, struct err *e)
{
    char *text;
    size_t n;
    const char *path = args_get(args, "site");
    if (!path)
        return 0;
    if (file_read(&text, &n, args->a, path, 4 << 20, e))
        return -1;
    return init_seed(args, o, path, text, n, e);
}

static int init_users(struct args *args, struct open *o, struct err *e)
{
    struct buf b;
    struct json j;
    int rc = -1;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_key(&j, "logins");
    json_arr_begin(&j);
    for (size_t i = 0; i < sizeof demo_users / sizeof *demo_users; i++) {
        char password[16];
        sec_word(password, 10);
        struct account acc = {.login = demo_users[i].login,
                              .name = demo_users[i].name,
                              .role = demo_users[i].role,
                              .unit = tree_code(o->view.units, demo_users[i].unit)->id,
                              .password = password};
        if (account_add(o->site, &o->view, &acc, e))
            goto out;
        json_obj_begin(&j);
        json_put_str(&j, "login", acc.login);
        json_put_str(&j, "password", password);
        json_put_str(&j, "name", acc.name);
        json_obj_end(&j);
        if (!args->json)
            printf("  %-10s %s   %s\n", acc.login, password, acc.name);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    if (args->json)
        print_json(&b);
    rc = 0;
out:
    buf_done(&b);
    return rc;
}

static int init_demo(struct args *args, struct open *o, struct err *e)
{
    if (!args_has(args, "demo"))
        return 0;
    for (const struct embed *f = embed_next("assets/demo/", NULL); f; f = embed_next("assets/demo/", f + 1))
        if (init_seed(args, o, f->path, (const char *)f->p, f->n, e))
            return -1;
    if (!args->json)
        say(args, stdout, "演示账号（口令只显示这一次）：");
    return init_users(args, o, e);
}

static int init_all(struct args *args, struct err *e)
{
    struct open o;
    if (store_create(args->data, args_get(args, "database"), e))
        return -1;
    if (open_site(&o, args, STORE_WRITE, e))
        return -1;
    int rc = init_site(args, &o, e) || init_demo(args, &o, e) ? -1 : EXIT_OK;
    open_close(&o);
    return rc;
}

static int init_run(struct args *args, struct err *e)
{
    struct making m;
    if (making_begin(&m, args->data, args_get(args, "database"), e))
        return -1;
    int rc = init_all(args, e);
    if (rc) {
        making_undo(&m);
        return -1;
    }
    making_end(&m);
    if (!args->json)
        say(args, stdout, "数据目录 %s 已建好", args->data);
    else if (!args_has(args, "demo"))
        printf("{\"data\":true}\n");
    return rc;
}

const struct command cmd_init = {
    .name = "init", .words = "", .options = options, .run = init_run, .summary = "建立数据目录"};
