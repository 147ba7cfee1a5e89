/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_init.c: linli init: a new data directory, with units and grids and, if asked, a demonstration community. */
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/file.h"
#include "main/open.h"
#include "model/seed.h"
#include "store/making.h"

static const struct option_def options[] = {
    {"demo", NULL, "放入一个虚构的演示社区和演示账号"},
    {"site", "FILE.yaml", "组织和网格（形式见 doc/admin.md）"},
    {"database", "WHERE", "postgres:连接串；不给则用内置 SQLite"},
    {"seed", "N", "演示数据的随机种子，默认 1"},
    {NULL, NULL, NULL},
};

/* The accounts that were made, with their passwords, which are nowhere else. */
struct logins {
    struct buf text, list;
    struct json j;
    size_t n;
};

static void login_made(void *arg, const char *login, const char *password, const char *name)
{
    struct logins *l = arg;
    l->n++;
    buf_printf(&l->text, "  %-10s %s   %s\n", login, password, name);
    json_obj_begin(&l->j);
    json_put_str(&l->j, "login", login);
    json_put_str(&l->j, "password", password);
    json_put_str(&l->j, "name", name);
    json_obj_end(&l->j);
}

static int init_seed(struct args *args, struct open *o, struct logins *l, const char *file, const char *text,
                     size_t n, struct err *e)
{
    const char *seed = args_get(args, "seed");
    struct seed_job j = {.site = o->site,
                         .a = args->a,
                         .seed = seed ? (uint64_t)strtoull(seed, NULL, 10) : 1,
                         .account = login_made,
                         .account_arg = l};
    if (seed_run(&j, file, text, n, e))
        return -1;
    say(args, stderr, "%s：写入 %ld 条", file, j.made);
    return open_refresh(o, e);
}

static int init_site(struct args *args, struct open *o, struct logins *l, struct err *e)
{
    char *text;
    size_t n;
    const char *path = args_get(args, "site");
    if (!path)
        return 0;
    if (file_read(&text, &n, args->a, path, 4 << 20, e))
        return -1;
    return init_seed(args, o, l, path, text, n, e);
}

static int init_demo(struct args *args, struct open *o, struct logins *l, struct err *e)
{
    if (!args_has(args, "demo"))
        return 0;
    for (const struct embed *f = embed_next("assets/demo/", NULL); f; f = embed_next("assets/demo/", f + 1))
        if (init_seed(args, o, l, f->path, (const char *)f->p, f->n, e))
            return -1;
    return 0;
}

static int init_all(struct args *args, struct logins *l, struct err *e)
{
    struct open o;
    if (store_create(args->data, args_get(args, "database"), e))
        return -1;
    if (open_site(&o, args, STORE_WRITE, e))
        return -1;
    int rc = init_site(args, &o, l, e) || init_demo(args, &o, l, e) ? -1 : EXIT_OK;
    open_close(&o);
    return rc;
}

static void init_told(const struct args *args, struct logins *l)
{
    if (args->json) {
        print_json(&l->list);
        return;
    }
    if (l->n)
        say(args, stdout, "账号（口令只显示这一次）：");
    fwrite(buf_cstr(&l->text), 1, l->text.n, stdout);
    say(args, stdout, "数据目录 %s 已建好", args->data);
}

static int init_run(struct args *args, struct err *e)
{
    struct making m;
    struct logins l = {.n = 0};
    if (making_begin(&m, args->data, args_get(args, "database"), e))
        return -1;
    buf_init(&l.text, 1 << 20);
    buf_init(&l.list, 1 << 20);
    json_init(&l.j, &l.list);
    json_obj_begin(&l.j);
    json_put_bool(&l.j, "data", true);
    json_key(&l.j, "logins");
    json_arr_begin(&l.j);
    int rc = init_all(args, &l, e);
    json_arr_end(&l.j);
    json_obj_end(&l.j);
    if (rc) {
        making_undo(&m);
    } else {
        making_end(&m);
        init_told(args, &l);
    }
    buf_done(&l.text);
    buf_done(&l.list);
    return rc;
}

const struct command cmd_init = {
    .name = "init", .words = "", .options = options, .run = init_run, .summary = "建立数据目录"};
