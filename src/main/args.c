/* SPDX-License-Identifier: Apache-2.0 */
/* args.c: reading the command line. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "main/command.h"

const char *args_get(const struct args *args, const char *option)
{
    return map_get(args->options, option);
}

bool args_has(const struct args *args, const char *option)
{
    return map_get(args->options, option) != NULL;
}

const char *args_need(const struct args *args, const char *option, struct err *e)
{
    const char *v = args_get(args, option);
    if (!v)
        err_set(e, ERR_INPUT, "缺少 --%s。用法：linli %s --help", option, args->command->name);
    return v;
}

int args_unit(const struct args *args, const struct view *v, bool required, struct node **unit, struct err *e)
{
    *unit = NULL;
    const char *code = args_get(args, "unit");
    if (!code)
        return required ? (args_need(args, "unit", e), -1) : 0;
    *unit = tree_code(v->units, code);
    if (!*unit)
        return err_set(e, ERR_INPUT, "没有代码为“%s”的组织。请用 linli unit list 查看代码", code);
    return 0;
}

static int read_day(const struct args *args, const char *option, int32_t *day, struct err *e)
{
    const char *text = args_need(args, option, e);
    if (!text)
        return -1;
    struct date_read r = date_parse(text, 0);
    if (r.form != DATE_DAY)
        return err_set(e, ERR_INPUT, "--%s 写的是“%s”，不是一个完整日期。请写成 2024-12-31 这样", option, text);
    *day = r.day;
    return 0;
}

int args_period(const struct args *args, int32_t *from, int32_t *to, struct err *e)
{
    if (read_day(args, "from", from, e) || read_day(args, "to", to, e))
        return -1;
    if (*from > *to)
        return err_set(e, ERR_INPUT, "--from %s 晚于 --to %s。请检查起止日期", args_get(args, "from"),
                       args_get(args, "to"));
    return 0;
}

const char *told(const struct args *args, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(args->a, fmt, ap);
    va_end(ap);
    return lang_tr(args->a, args->lang, text);
}

void say(const struct args *args, FILE *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(args->a, fmt, ap);
    va_end(ap);
    fprintf(f, "%s\n", lang_tr(args->a, args->lang, text));
}

void print_json(struct buf *b)
{
    buf_char(b, '\n');
    fwrite(buf_cstr(b), 1, b->n, stdout);
    fflush(stdout);
}
