/* SPDX-License-Identifier: Apache-2.0 */
/* xls_text.c: texts in the records of a .xls ([MS-XLS] 2.5.293 XLUnicodeRichExtendedString). */
#include "format/xls_text.h"

#include <string.h>

#include "base/utf8.h"
#include "format/cfb.h"

void xls_cursor(struct xls_cursor *c, const unsigned char *body, size_t n, const unsigned char *limit)
{
    *c = (struct xls_cursor){body, body + n, body + n, limit, false};
}

/* Go to the next piece; false at the end. */
static bool more(struct xls_cursor *c)
{
    while (c->p == c->end) {
        if (c->limit - c->next < 4 || le16(c->next) != 0x3C ||
            (size_t)(c->limit - c->next) < 4 + le16(c->next + 2)) {
            c->bad = true;
            return false;
        }
        c->p = c->next + 4;
        c->end = c->next = c->p + le16(c->next + 2);
    }
    return true;
}

uint32_t xls_get(struct xls_cursor *c, int bytes)
{
    uint32_t v = 0;

    for (int i = 0; i < bytes; i++)
        if (more(c))
            v |= (uint32_t)*c->p++ << (8 * i);
    return v;
}

void xls_skip(struct xls_cursor *c, size_t n)
{
    while (n > 0 && more(c)) {
        size_t here = (size_t)(c->end - c->p);

        here = here < n ? here : n;
        c->p += here;
        n -= here;
    }
}

/* One UTF-16 unit after another into UTF-8; a half of a pair waits for the other. */
static char *put_unit(char *q, uint32_t u, uint32_t *high)
{
    if (u >= 0xD800 && u < 0xDC00) {
        *high = u;
        return q;
    }
    if (u >= 0xDC00 && u < 0xE000)
        u = *high ? 0x10000 + ((*high - 0xD800) << 10) + (u - 0xDC00) : 0xFFFD;
    *high = 0;
    return q + utf8_put(q, u ? u : 0xFFFD);
}

const char *xls_text(struct arena *a, struct xls_cursor *c, int length_bytes)
{
    size_t n = xls_get(c, length_bytes);
    uint32_t flags = xls_get(c, 1), high = 0;
    size_t runs = flags & 8 ? xls_get(c, 2) : 0, extra = flags & 4 ? xls_get(c, 4) : 0;
    char *out, *q;

    /* what a lying length may cost is bounded by the rest of the stream */
    if (c->bad || n > (size_t)(c->limit - c->p))
        return NULL;
    out = q = arena_alloc(a, 3 * n + 4);
    for (size_t i = 0; i < n && !c->bad; i++) {
        if (c->p == c->end) { /* characters go on in the next piece, which says anew how wide they are */
            if (!more(c))
                break;
            flags = xls_get(c, 1);
        }
        q = put_unit(q, xls_get(c, flags & 1 ? 2 : 1), &high);
    }
    *q = '\0';
    xls_skip(c, 4 * runs + extra);
    return c->bad ? NULL : out;
}

const char *xls_text5(struct arena *a, struct xls_cursor *c, int length_bytes)
{
    size_t n = xls_get(c, length_bytes), size;
    char *raw, *out, *q;

    if (c->bad || n > (size_t)(c->limit - c->p))
        return NULL;
    raw = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        raw[i] = (char)xls_get(c, 1);
    if (c->bad)
        return NULL;
    out = gb18030_utf8(a, raw, n, &size);
    if (out && !memchr(out, 0, size))
        return out;
    out = q = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        q += utf8_put(q, raw[i] ? (unsigned char)raw[i] : '?');
    *q = '\0';
    return out;
}
