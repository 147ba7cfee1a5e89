/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c: a growing byte buffer born with a ceiling. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4};
}

void buf_done(struct buf *b)
{
    free(b->p);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->p)
        b->p[0] = '\0';
}

bool buf_overflow(const struct buf *b)
{
    return b->over;
}

const char *buf_cstr(const struct buf *b)
{
    return b->p ? b->p : "";
}

/* Room for n more bytes and the NUL; false, and the flag set, where the ceiling is in the way. */
static bool buf_room(struct buf *b, size_t n)
{
    if (b->over)
        return false;
    if (n > b->max - b->n) {
        b->over = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        while (cap < need)
            cap *= 2;
        if (cap > b->max + 1)
            cap = b->max + 1;
        b->p = xrealloc(b->p, cap);
        b->cap = cap;
    }
    return true;
}

void buf_add_slowly(struct buf *b, const void *p, size_t n)
{
    if (!n || !buf_room(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_int(struct buf *b, int64_t v)
{
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849505152"
        "5354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    char s[24], *p = s + sizeof s;
    uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

    for (; u >= 100; u /= 100)
        memcpy(p -= 2, pairs + u % 100 * 2, 2);
    if (u >= 10)
        memcpy(p -= 2, pairs + u * 2, 2);
    else
        *--p = (char)('0' + u);
    if (v < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(s + sizeof s - p));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    char small[256];
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, again);
    va_end(again);
    if (n <= 0)
        return;
    size_t len = (size_t)n;
    if (len < sizeof small) {
        buf_add(b, small, len);
    } else if (buf_room(b, len)) {
        vsnprintf(b->p + b->n, len + 1, fmt, ap);
        b->n += len;
    }
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void buf_truncate(struct buf *b, size_t n)
{
    if (n >= b->n)
        return;
    b->n = n;
    b->p[n] = '\0';
}
