/* SPDX-License-Identifier: Apache-2.0 */
/* lang_match.c: a formatted message is taken apart by its format and put together in another language. */
#include "base/lang_match.h"

#include <string.h>

#include "base/buf.h"

/* A conversion at s, which is at its '%': its end, or NULL if this is %% or no conversion. *arg: the N of %N$s or
 * 0. */
static const char *conversion(const char *s, int *arg)
{
    const char *p = s + 1;
    *arg = 0;
    size_t digits = strspn(p, "0123456789");
    if (digits == 1 && p[1] == '$') {
        *arg = p[0] - '0';
        p += 2;
    }
    p += strspn(p, "-+ #0");
    p += strspn(p, "0123456789*");
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789*");
    p += strspn(p, "hlzjt");
    return *p && strchr("sdiuxXcfgl", *p) ? p + 1 : NULL;
}

/* The fixed text at *format up to the next conversion or the end, with %% as %. Moves on to where it stops. */
static size_t fixed_text(char *out, size_t room, const char **format)
{
    size_t n = 0;
    const char *p = *format;
    int arg;
    while (*p && n + 1 < room) {
        if (*p == '%' && conversion(p, &arg))
            break;
        p += *p == '%' && p[1] == '%';
        out[n++] = *p++;
    }
    out[n] = '\0';
    *format = p;
    return n;
}

enum { FIXED_MAX = 512, FIXED_LEAST = 9 };

/* Is the conversion that ends here one of a number? */
static bool is_number(const char *end)
{
    return strchr("diuxXfg", end[-1]) != NULL;
}

bool lang_is_format(const char *format)
{
    char text[FIXED_MAX];
    size_t fixed = fixed_text(text, sizeof text, &format);
    bool any = false, words = false;
    int arg;
    while (*format) {
        const char *end = *format == '%' ? conversion(format, &arg) : NULL;
        if (!end)
            return false; /* longer than we keep */
        any = true;
        words = words || !is_number(end);
        format = end;
        fixed += fixed_text(text, sizeof text, &format);
    }
    return any && (fixed >= FIXED_LEAST || (fixed && !words));
}

static bool ends_with(const char *s, size_t n, const char *tail)
{
    size_t t = strlen(tail);
    return n >= t && !memcmp(s + n - t, tail, t);
}

/* Where the text that follows a conversion begins in the message; at the end of the format it must end the message.
 */
static const char *find_next(const char *msg, const char *text, size_t n, bool last)
{
    if (!last)
        return n ? strstr(msg, text) : msg;
    size_t len = strlen(msg);
    return ends_with(msg, len, text) ? msg + len - n : NULL;
}

int lang_match(struct lang_slot slot[LANG_SLOTS], const char *format, const char *msg)
{
    char text[FIXED_MAX];
    int n = 0, arg;
    size_t len = fixed_text(text, sizeof text, &format);
    if (strncmp(msg, text, len))
        return -1;
    msg += len;
    while (*format) {
        bool quoted = ends_with(text, len, "“");
        int first = n;
        bool number = true;
        do { /* conversions that touch */
            format = *format == '%' ? conversion(format, &arg) : NULL;
            if (!format || n == LANG_SLOTS)
                return -1;
            number = number && is_number(format);
            slot[n++] = (struct lang_slot){"", 0, quoted};
            len = fixed_text(text, sizeof text, &format);
        } while (!len && *format);
        const char *next = find_next(msg, text, len, !*format);
        if (!next || (number && (next == msg || strspn(msg, "+-.0123456789") < (size_t)(next - msg))))
            return -1;
        slot[first].p = msg;
        slot[first].n = (size_t)(next - msg);
        msg = next + len;
    }
    return *msg ? -1 : n;
}

char *lang_fill(struct arena *a, const char *format, const struct lang_slot *slot, int n)
{
    char text[FIXED_MAX];
    struct buf b;
    int next = 0, arg;
    buf_init(&b, 64 * 1024);
    for (;;) {
        size_t len = fixed_text(text, sizeof text, &format);
        buf_add(&b, text, len);
        if (!*format)
            break;
        const char *end = *format == '%' ? conversion(format, &arg) : format;
        int i = end == format ? -1 : arg ? arg - 1 : next++;
        if (i >= 0 && i < n)
            buf_add(&b, slot[i].p, slot[i].n);
        if (!end)
            break;
        format = end;
    }
    char *out = arena_strn(a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}
