/* SPDX-License-Identifier: Apache-2.0 */
/* buf.h: a growing byte buffer born with a ceiling.
 *
 * Appending past the ceiling sets a sticky flag and drops the bytes, so that a writer need not check
 * every call: it asks buf_overflow() once at the end (design: oversized input never aborts). The bytes
 * are always followed by a NUL. The buffer owns malloc memory; buf_done releases it. */
#ifndef LINLI_BASE_BUF_H
#define LINLI_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *p;  /* NULL until the first byte; read through buf_cstr */
    size_t n; /* bytes used, without the NUL */
    size_t cap;
    size_t max; /* ceiling in bytes */
    bool over;
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);
void buf_clear(struct buf *b); /* empty, flag cleared, memory kept */
bool buf_overflow(const struct buf *b);
const char *buf_cstr(const struct buf *b); /* never NULL */

void buf_add_slowly(struct buf *b, const void *p, size_t n);
/* Inline: a page is some thousand small pieces, most of them literals. */
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
    if (b->over || n == 0 || n >= b->cap - b->n) {
        buf_add_slowly(b, p, n);
        return;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Cut back to a length noted earlier. */
void buf_truncate(struct buf *b, size_t n);

#endif
