/* SPDX-License-Identifier: Apache-2.0 */
/* err.c: one error, passed explicitly as the last argument. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef err_set
#undef err_field
#undef err_log

static const struct {
    const char *word;
    int http, exit;
} codes[ERR__MAX] = {
    [ERR_NONE] = {"none", 200, 0},      [ERR_INPUT] = {"input", 422, 2},     [ERR_DENIED] = {"denied", 403, 5},
    [ERR_LOGIN] = {"login", 401, 5},    [ERR_MISSING] = {"missing", 404, 2}, [ERR_CONFLICT] = {"conflict", 409, 6},
    [ERR_TOOBIG] = {"too_big", 413, 4}, [ERR_REFUSED] = {"refused", 415, 4}, [ERR_BUSY] = {"busy", 503, 7},
    [ERR_IO] = {"io", 500, 8},          [ERR_BUG] = {"bug", 500, 8},
};

/* As vsnprintf, but a text that did not fit ends at a whole UTF-8 character. */
static void format_whole(char *out, size_t size, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
static void format_whole(char *out, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(out, size, fmt, ap);
    if (n < 0 || (size_t)n < size)
        return;
    size_t end = size - 1, lead = end;
    while (lead > 0 && ((unsigned char)out[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char)out[lead - 1] < 0x80)
        return;
    unsigned char c = (unsigned char)out[lead - 1];
    size_t want = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (end - (lead - 1) < want)
        out[lead - 1] = '\0';
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    err_clear(e);
    e->code = code;
    format_whole(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    return -1;
}

int err_field(struct err *e, const char *field, const char *fmt, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    err_clear(e);
    e->code = ERR_INPUT;
    snprintf(e->field, sizeof e->field, "%s", field ? field : "");
    format_whole(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    return -1;
}

int err_log(struct err *e, const char *fmt, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    err_clear(e);
    e->code = ERR_IO;
    snprintf(e->msg, sizeof e->msg,
             "系统读写数据时出错，这一步没有完成。请稍后再试；仍不行的，请把发生时间告诉管理员。");
    format_whole(e->log, sizeof e->log, fmt, ap);
    va_end(ap);
    return -1;
}

void err_clear(struct err *e)
{
    if (!e)
        return;
    e->code = ERR_NONE;
    e->field[0] = e->msg[0] = e->log[0] = '\0';
}

static enum err_code code_known(enum err_code code)
{
    return (unsigned)code < ERR__MAX ? code : ERR_BUG;
}

int err_http(enum err_code code)
{
    return codes[code_known(code)].http;
}

int err_exit(enum err_code code)
{
    return codes[code_known(code)].exit;
}

const char *err_word(enum err_code code)
{
    return codes[code_known(code)].word;
}
