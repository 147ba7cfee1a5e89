/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c: comma, semicolon or tab separated text, in and out. */
#include "format/csv.h"

#include <string.h>

#include "base/utf8.h"
#include "format/book_build.h"

/* --- reading */

static char *utf16_utf8(struct arena *a, const unsigned char *p, size_t n, bool big)
{
    char *out = arena_alloc(a, n / 2 * 3 + 1), *q = out;

    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t u = big ? (uint32_t)p[i] << 8 | p[i + 1] : (uint32_t)p[i + 1] << 8 | p[i];

        if (u >= 0xD800 && u < 0xDC00 && i + 3 < n) {
            uint32_t l = big ? (uint32_t)p[i + 2] << 8 | p[i + 3] : (uint32_t)p[i + 3] << 8 | p[i + 2];

            if (l >= 0xDC00 && l < 0xE000) {
                u = 0x10000 + ((u - 0xD800) << 10) + (l - 0xDC00);
                i += 2;
            }
        }
        if (u == 0 || (u >= 0xD800 && u < 0xE000))
            u = 0xFFFD;
        q += utf8_put(q, u);
    }
    *q = '\0';
    return out;
}

/* The text as UTF-8 without BOM, or NULL with *e set. */
static const char *csv_text(struct arena *a, const unsigned char *p, size_t n, struct err *e)
{
    char *s;
    size_t out_n;

    if (n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
        return utf16_utf8(a, p + 2, n - 2, p[0] == 0xFE);
    if (memchr(p, 0, n)) {
        err_set(e, ERR_REFUSED, "这不是文本表格：里面有文本文件不会有的字节。请另存为 .xlsx 或 CSV 再上传");
        return NULL;
    }
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        n -= 3;
    }
    if (utf8_valid((const char *)p, n))
        return arena_strn(a, (const char *)p, n);
    s = gb18030_utf8(a, (const char *)p, n, &out_n);
    if (!s)
        err_set(e, ERR_REFUSED,
                "文字的编码认不出来（既不是 UTF-8，也不是 GB18030）。请用表格软件打开后另存为 .xlsx 再上传");
    return s;
}

/* The separator that stands most often outside quotes in the first lines. */
static char csv_separator(const char *s)
{
    static const char seps[] = ",;\t";
    size_t count[3] = {0}, best = 0;
    bool quoted = false;
    int lines = 0;

    for (; *s && lines < 30; s++) {
        const char *k;

        if (*s == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (*s == '\n')
            lines++;
        else if ((k = strchr(seps, *s)))
            count[k - seps]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (count[i] > count[best])
            best = i;
    return seps[best];
}

struct csv_scan {
    const char *p;
    char sep;
    int line; /* physical line of p, from 1 */
};

static void csv_newline(struct csv_scan *sc)
{
    if (*sc->p == '\r' && sc->p[1] == '\n')
        sc->p++;
    sc->p++;
    sc->line++;
}

/* Without the apostrophe that csv_cell puts before what looks like a formula. */
static const char *csv_unguard(const char *s)
{
    return s[0] == '\'' && s[1] && strchr("=+-@\t\r", s[1]) ? s + 1 : s;
}

/* Read one cell into out (big enough), leave p at its separator, line end or NUL. Returns the length or -1. */
static long csv_scan_cell(struct csv_scan *sc, char *out, struct err *e)
{
    char *q = out;
    int began = sc->line;

    if (*sc->p == '"') {
        for (sc->p++;;) {
            if (*sc->p == '\0') {
                err_set(e, ERR_REFUSED,
                        "第%d行有一个引号没有配对，后面的内容分不清行列。请检查这一行的引号后再上传", began);
                return -1;
            }
            if (*sc->p == '"') {
                sc->p++;
                if (*sc->p != '"')
                    break;
            }
            if (*sc->p == '\n' || (*sc->p == '\r' && sc->p[1] != '\n'))
                sc->line++;
            *q++ = *sc->p++;
        }
    }
    while (*sc->p && *sc->p != sc->sep && *sc->p != '\n' && *sc->p != '\r')
        *q++ = *sc->p++;
    *q = '\0';
    return q - out;
}

static int csv_record(struct csv_scan *sc, struct book_build *bb, char *scratch, struct err *e)
{
    for (int col = 0;; col++) {
        long n = csv_scan_cell(sc, scratch, e);

        if (n < 0)
            return -1;
        if (n > 0) {
            struct cell *c = book_cell(bb, col, e);

            if (!c)
                return -1;
            c->kind = CELL_TEXT;
            c->text = arena_str(bb->b->a, csv_unguard(scratch));
        }
        if (*sc->p != sc->sep)
            return 0;
        sc->p++;
    }
}

int csv_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e)
{
    struct book_build bb;
    struct csv_scan sc = {.line = 1};
    const char *text = csv_text(a, p, n, e);
    char *scratch;

    if (!text)
        return -1;
    book_build_init(&bb, a, "csv");
    if (book_sheet(&bb, NULL, false, e))
        return -1;
    scratch = arena_alloc(a, strlen(text) + 1);
    sc.p = text;
    sc.sep = csv_separator(text);
    for (int r = 0; *sc.p; r++) {
        int line = sc.line;

        if (csv_record(&sc, &bb, scratch, e) || book_row(&bb, r, line, false, e))
            return -1;
        if (*sc.p)
            csv_newline(&sc);
    }
    *out = book_finish(&bb);
    return 0;
}

/* --- writing */

static bool plain_number(const char *s)
{
    size_t digits, n = *s == '-' || *s == '+';

    digits = strspn(s + n, "0123456789");
    n += digits;
    if (digits && s[n] == '.')
        n += 1 + strspn(s + n + 1, "0123456789");
    return digits && s[n] == '\0';
}

const char *cell_guard(struct arena *a, const char *s)
{
    if (!s || !*s || !strchr("=+-@\t\r", *s) || plain_number(s))
        return s;
    return arena_printf(a, "'%s", s);
}

void csv_begin(struct buf *b)
{
    buf_str(b, "\xEF\xBB\xBF");
}

void csv_cell(struct buf *b, const char *text, bool last)
{
    const char *s = text ? text : "";

    if (*s && strchr("=+-@\t\r", *s) && !plain_number(s)) {
        buf_str(b, "\"'");
        for (; *s; s++)
            buf_str(b, *s == '"' ? "\"\"" : (char[]){*s, 0});
        buf_char(b, '"');
    } else if (strpbrk(s, ",\"\r\n;\t") || (*s && (*s == ' ' || s[strlen(s) - 1] == ' '))) {
        buf_char(b, '"');
        for (; *s; s++)
            buf_str(b, *s == '"' ? "\"\"" : (char[]){*s, 0});
        buf_char(b, '"');
    } else {
        buf_str(b, s);
    }
    buf_str(b, last ? "\r\n" : ",");
}
