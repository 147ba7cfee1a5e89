/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the table of subcommands and the way to one of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/sec.h"
#include "main/command.h"

static const struct command *const commands[] = {
    &cmd_init,   &cmd_serve, &cmd_user,  &cmd_unit, &cmd_import,  &cmd_undo,   &cmd_figures,  &cmd_records,
    &cmd_report, &cmd_check, &cmd_trail, &cmd_dump, &cmd_modules, &cmd_routes, &cmd_coverage, &cmd_version,
};
#define NCOMMANDS (sizeof commands / sizeof *commands)

static const struct option_def common[] = {
    {"data", "DIR", "数据目录，默认 ./data"},
    {"json", NULL, "在标准输出上给出一份 JSON"},
    {"help", NULL, "显示用法"},
    {NULL, NULL, NULL},
};

static void usage(FILE *f)
{
    fprintf(f, "Linli 邻里：街道和社区的工作平台\n\n用法：linli 命令 [选项]\n\n");
    for (size_t i = 0; i < NCOMMANDS; i++)
        fprintf(f, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(f, "\n每个命令的选项：linli 命令 --help\n"
               "退出码：0 完成，2 用法或输入有误，3 部分行被退回或发现差异，4 文件被拒收，5 无权，6 冲突，7 "
               "正忙，8 读写故障\n");
}

static void command_options(const struct option_def *o)
{
    for (; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-22s %s\n", left, o->help);
    }
}

static void command_usage(const struct command *c)
{
    printf("用法：linli %s %s [选项]\n\n%s\n", c->name, c->words, c->summary);
    if (c->help)
        printf("%s\n", c->help);
    printf("\n选项：\n");
    command_options(c->options);
    command_options(common);
}

static const struct option_def *option_find(const struct command *c, const char *name, size_t n)
{
    const struct option_def *lists[] = {c->options, common};
    for (size_t i = 0; i < 2; i++)
        for (const struct option_def *o = lists[i]; o->name; o++)
            if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
                return o;
    return NULL;
}

/* One --option of the line; *i moves over its value. */
static int option_read(struct args *args, char **argv, int argc, int *i, struct err *e)
{
    const char *name = argv[*i] + 2;
    const char *eq = strchr(name, '=');
    size_t n = eq ? (size_t)(eq - name) : strlen(name);
    const struct option_def *o = option_find(args->command, name, n);
    if (!o)
        return err_set(e, ERR_INPUT, "不认识选项 --%.*s。用法：linli %s --help", (int)n, name, args->command->name);
    const char *value = "";
    if (o->value) {
        if (eq)
            value = eq + 1;
        else if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
            value = argv[++*i];
        else
            return err_set(e, ERR_INPUT, "选项 --%s 后面缺少 %s", o->name, o->value);
    } else if (eq) {
        return err_set(e, ERR_INPUT, "选项 --%s 不带值", o->name);
    }
    map_put(args->options, o->name, arena_str(args->a, value));
    return 0;
}

static int args_read(struct args *args, int argc, char **argv, struct err *e)
{
    args->words = arena_array(args->a, (size_t)argc + 1, sizeof *args->words);
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "-o") == 0 && option_find(args->command, "output", 6)) {
            if (++i == argc)
                return err_set(e, ERR_INPUT, "选项 -o 后面缺少文件名");
            map_put(args->options, "output", argv[i]);
        } else if (strncmp(argv[i], "--", 2) == 0) {
            if (option_read(args, argv, argc, &i, e))
                return -1;
        } else {
            args->words[args->nwords++] = argv[i];
        }
    }
    const char *data = args_get(args, "data");
    args->data = data ? data : "data";
    args->json = args_has(args, "json");
    if (args_has(args, "help"))
        return 0;
    const struct command *c = args->command;
    if (args->nwords < c->min_words || args->nwords > c->max_words)
        return err_set(e, ERR_INPUT, "用法：linli %s %s", c->name, c->words);
    return 0;
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < NCOMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* With --json a failure is a JSON document on stdout too, so that a script need not read prose. */
static int fail(const struct args *args, const struct err *e)
{
    if (args->json) {
        struct buf b;
        struct json j;
        buf_init(&b, 1 << 16);
        json_init(&j, &b);
        json_obj_begin(&j);
        json_key(&j, "error");
        json_obj_begin(&j);
        json_put_str(&j, "code", err_word(e->code));
        json_put_str(&j, "message", e->msg);
        json_obj_end(&j);
        json_obj_end(&j);
        print_json(&b);
        buf_done(&b);
    }
    fprintf(stderr, "linli: %s\n", e->msg);
    if (e->log[0])
        log_line(LOG_ERROR, "%s", e->log);
    return err_exit(e->code);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_OK;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const struct command *c = command_find(name);
    if (!c) {
        const char *words[NCOMMANDS + 1] = {0};
        for (size_t i = 0; i < NCOMMANDS; i++)
            words[i] = commands[i]->name;
        const char *near = word_nearest(words, name);
        fprintf(stderr, "linli: 没有命令“%s”%s%s%s。linli --help 列出全部命令\n", name, near ? "，是不是“" : "",
                near ? near : "", near ? "”？" : "");
        return EXIT_USAGE;
    }
    struct arena *a = arena_new();
    struct args args = {.a = a, .command = c, .options = map_new(a)};
    int rc = -1;
    if (sec_init(&e) || lang_init(&e) || args_read(&args, argc - 2, argv + 2, &e))
        goto out;
    if (args_has(&args, "help")) {
        command_usage(c);
        rc = EXIT_OK;
        goto out;
    }
    rc = c->run(&args, &e);
out:
    if (rc < 0)
        rc = fail(&args, &e);
    arena_free(a);
    return rc;
}
