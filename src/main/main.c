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
    &cmd_init,    &cmd_serve,   &cmd_user,   &cmd_unit,     &cmd_import,  &cmd_undo,
    &cmd_figures, &cmd_records, &cmd_report, &cmd_verify,   &cmd_check,   &cmd_trail,
    &cmd_dump,    &cmd_modules, &cmd_routes, &cmd_coverage, &cmd_version,
};
#define NCOMMANDS (sizeof commands / sizeof *commands)

static const struct option_def common[] = {
    {"data", "DIR", "数据目录，默认 ./data"},
    {"json", NULL, "在标准输出上给出一份 JSON"},
    {"lang", "LANG", "说明和消息的语言：zh-Hans zh-Hant en；不给则按环境变量 LANG"},
    {"help", NULL, "显示用法"},
    {NULL, NULL, NULL},
};

/* The names that --lang takes and a locale begins with; the first that fits counts. */
static const struct {
    const char *name;
    enum lang lang;
} languages[] = {
    {"en", LANG_EN},      {"zh-Hant", LANG_HANT}, {"zh_Hant", LANG_HANT}, {"zh_TW", LANG_HANT},
    {"zh_HK", LANG_HANT}, {"zh_MO", LANG_HANT},   {"zh", LANG_HANS},
};

static int lang_named(enum lang *out, const char *name)
{
    for (size_t i = 0; name && i < sizeof languages / sizeof *languages; i++)
        if (strncmp(name, languages[i].name, strlen(languages[i].name)) == 0) {
            *out = languages[i].lang;
            return 0;
        }
    return -1;
}

/* As the C library finds the language of messages; other languages and none: zh-Hans. */
static enum lang lang_wanted(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum lang l = LANG_HANS;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (v && *v) {
            if (lang_named(&l, v))
                l = LANG_HANS;
            return l;
        }
    }
    return l;
}

static void usage(const struct args *args, FILE *f)
{
    say(args, f, "Linli 邻里：街道和社区的工作平台");
    fputc('\n', f);
    say(args, f, "用法：linli 命令 [选项]");
    fputc('\n', f);
    for (size_t i = 0; i < NCOMMANDS; i++)
        fprintf(f, "  %-10s %s\n", commands[i]->name, told(args, "%s", commands[i]->summary));
    fputc('\n', f);
    say(args, f, "每个命令的选项：linli 命令 --help");
    say(args, f,
        "退出码：0 完成，2 用法或输入有误，3 部分行被退回或发现差异，4 文件被拒收，5 无权，6 冲突，7 正忙，8 "
        "读写故障");
}

static void command_options(const struct args *args, const struct option_def *o)
{
    for (; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-22s %s\n", left, told(args, "%s", o->help));
    }
}

static void command_usage(const struct args *args)
{
    const struct command *c = args->command;
    say(args, stdout, "用法：linli %s %s [选项]", c->name, c->words);
    printf("\n%s\n", told(args, "%s", c->summary));
    if (c->help)
        say(args, stdout, "%s", c->help);
    fputc('\n', stdout);
    say(args, stdout, "选项：");
    command_options(args, c->options);
    command_options(args, common);
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
        return err_set(e, ERR_INPUT, "不认识选项 --%s。用法：linli %s --help", arena_strn(args->a, name, n),
                       args->command->name);
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
    if (args_has(args, "lang") && lang_named(&args->lang, args_get(args, "lang")))
        return err_set(e, ERR_INPUT, "--lang 写的是“%s”，应为 zh-Hans、zh-Hant 或 en", args_get(args, "lang"));
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
        json_put_str(&j, "message", told(args, "%s", e->msg));
        json_obj_end(&j);
        json_obj_end(&j);
        print_json(&b);
        buf_done(&b);
    }
    fprintf(stderr, "linli: %s\n", told(args, "%s", e->msg));
    if (e->log[0])
        log_line(LOG_ERROR, "%s", e->log);
    return err_exit(e->code);
}

static int no_command(const struct args *args, const char *name)
{
    const char *words[NCOMMANDS + 1] = {0};
    for (size_t i = 0; i < NCOMMANDS; i++)
        words[i] = commands[i]->name;
    const char *near = word_nearest(words, name);
    fprintf(stderr, "linli: %s\n",
            near ? told(args, "没有命令“%s”，是不是“%s”？linli --help 列出全部命令", name, near)
                 : told(args, "没有命令“%s”。linli --help 列出全部命令", name));
    return EXIT_USAGE;
}

static int run(struct args *args, int argc, char **argv, struct err *e)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        if (argc > 3 && strcmp(argv[2], "--lang") == 0)
            lang_named(&args->lang, argv[3]);
        usage(args, argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_OK;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    args->command = command_find(name);
    if (!args->command)
        return no_command(args, name);
    if (sec_init(e) || args_read(args, argc - 2, argv + 2, e))
        return -1;
    if (args_has(args, "help")) {
        command_usage(args);
        return EXIT_OK;
    }
    return args->command->run(args, e);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct arena *a = arena_new();
    struct args args = {.a = a, .options = map_new(a), .lang = lang_wanted()};
    int rc = lang_init(&e) ? -1 : run(&args, argc, argv, &e);
    if (rc < 0)
        rc = fail(&args, &e);
    arena_free(a);
    return rc;
}
