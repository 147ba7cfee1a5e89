/* SPDX-License-Identifier: Apache-2.0 */
/* xls_scan.c: the compound file around a .xls ([MS-CFB]) and the records of its workbook stream ([MS-XLS]). */
#include "format/xls_scan.h"

#include <stdint.h>
#include <string.h>

#include "format/book_build.h"

#define SECTOR_LAST 0xFFFFFFFAu /* from here on: no sector */
#define XLS_CELLS 8000000       /* rows × columns that all sheets claim: 24 bytes each in FreeXL */

struct cfb {
    const unsigned char *p;
    size_t n, shift;
    uint32_t *fat, *mini_fat;
    size_t nfat, nmini;
    const unsigned char *mini; /* the root entry's stream */
    size_t mini_n;
    struct arena *a;
};

static uint32_t u16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static const unsigned char *sector(const struct cfb *c, uint32_t i)
{
    size_t at = ((size_t)i + 1) << c->shift;

    return i < SECTOR_LAST && at + ((size_t)1 << c->shift) <= c->n ? c->p + at : NULL;
}

/* Follow a chain from start for at most size bytes (SIZE_MAX: to its end); NULL if it leads astray. */
static unsigned char *chain(const struct cfb *c, uint32_t start, size_t size, size_t *got)
{
    size_t one = (size_t)1 << c->shift, max = c->n >> c->shift,
           want = size == SIZE_MAX ? max : (size + one - 1) / one;
    unsigned char *out;
    size_t count = 0;

    if (want > max)
        return NULL;
    out = arena_alloc(c->a, want * one + 1);
    for (uint32_t i = start; i < SECTOR_LAST && count < want; i = c->fat[i]) {
        const unsigned char *s = sector(c, i);

        if (!s || i >= c->nfat)
            return NULL;
        memcpy(out + count++ * one, s, one);
    }
    *got = size == SIZE_MAX || count * one < size ? count * one : size;
    return out;
}

static bool fat_read(struct cfb *c)
{
    size_t one = (size_t)1 << c->shift, per = one / 4, count = 0, want = u32(c->p + 44);
    uint32_t next = u32(c->p + 68);

    if (want > (c->n >> c->shift))
        return false;
    c->fat = arena_array(c->a, want * per + 1, sizeof *c->fat);
    for (size_t k = 0; k < want; k++) {
        const unsigned char *list = c->p + 76, *s;

        if (k >= 109) { /* further sectors list them, the last entry of each leads to the next */
            list = sector(c, next);
            if (!list)
                return false;
            if ((k - 109) % (per - 1) == per - 2)
                next = u32(list + one - 4);
        }
        s = sector(c, u32(list + 4 * (k < 109 ? k : (k - 109) % (per - 1))));
        if (!s)
            return false;
        for (size_t i = 0; i < per; i++)
            c->fat[count++] = u32(s + 4 * i);
    }
    c->nfat = count;
    return count > 0;
}

static bool name_is(const unsigned char *entry, const char *name)
{
    size_t n = strlen(name);

    if (u16(entry + 64) != 2 * (n + 1))
        return false;
    for (size_t i = 0; i < n; i++)
        if (entry[2 * i] != (unsigned char)name[i] || entry[2 * i + 1])
            return false;
    return true;
}

static const unsigned char *mini_chain(const struct cfb *c, uint32_t start, size_t size)
{
    size_t want = (size + 63) / 64, count = 0;
    unsigned char *out = arena_alloc(c->a, want * 64 + 1);

    for (uint32_t i = start; i < SECTOR_LAST && count < want; i = c->mini_fat[i]) {
        if (i >= c->nmini || ((size_t)i + 1) * 64 > c->mini_n)
            return NULL;
        memcpy(out + count++ * 64, c->mini + (size_t)i * 64, 64);
    }
    return count == want ? out : NULL;
}

static const unsigned char *stream_of(struct cfb *c, const unsigned char *root, const unsigned char *entry,
                                      size_t *n)
{
    size_t size = u32(entry + 120), got = 0;
    unsigned char *list;

    *n = size;
    if (size >= u32(c->p + 56)) {
        const unsigned char *s = chain(c, u32(entry + 116), size, &got);

        return got == size ? s : NULL;
    }
    c->mini = chain(c, u32(root + 116), u32(root + 120), &c->mini_n);
    list = chain(c, u32(c->p + 60), SIZE_MAX, &got);
    if (!c->mini || !list)
        return NULL;
    c->nmini = got / 4;
    c->mini_fat = arena_array(c->a, c->nmini + 1, sizeof *c->mini_fat);
    for (size_t i = 0; i < c->nmini; i++)
        c->mini_fat[i] = u32(list + 4 * i);
    return mini_chain(c, u32(entry + 116), size);
}

static const unsigned char *workbook_stream(struct cfb *c, size_t *n)
{
    const unsigned char *dir, *book = NULL;
    size_t bytes;

    if (c->n < 1024 || (u16(c->p + 30) != 9 && u16(c->p + 30) != 12))
        return NULL;
    c->shift = u16(c->p + 30);
    if (!fat_read(c))
        return NULL;
    dir = chain(c, u32(c->p + 48), SIZE_MAX, &bytes);
    if (!dir || bytes < 128)
        return NULL;
    for (size_t at = 128; at + 128 <= bytes; at += 128)
        if (dir[at + 66] == 2 && (name_is(dir + at, "Workbook") || (!book && name_is(dir + at, "Book"))))
            book = dir + at;
    return book ? stream_of(c, dir, book, n) : NULL;
}

/* --- records */

struct scan {
    const unsigned char *p;
    size_t n;
    struct arena *a;
    size_t cells;
    size_t scanned; /* bytes, of all sheets: a sheet listed many times is not read many times */
    struct err *e;
};

static int damaged(struct err *e)
{
    return err_set(e, ERR_REFUSED, "文件损坏，打不开。请用表格软件打开后另存为 .xlsx 再上传");
}

static int bound_sheet(struct scan *s, struct xls_facts *out, const unsigned char *body, size_t n)
{
    if (n < 6)
        return damaged(s->e);
    if (body[5] != 0) /* a chart or macro sheet */
        return 0;
    if (out->nsheets >= BOOK_SHEETS)
        return err_set(s->e, ERR_REFUSED, "工作簿里的工作表超过%d张，请拆成几个文件再上传", BOOK_SHEETS);
    VEC_PUSH(s->a, out->sheets, out->nsheets, out->cap_sheets) =
        (struct xls_sheet){.at = u32(body), .hidden = (body[4] & 3) != 0};
    return 0;
}

static int scan_globals(struct scan *s, struct xls_facts *out)
{
    for (size_t at = 0; at + 4 <= s->n;) {
        uint32_t kind = u16(s->p + at), n = u16(s->p + at + 2);
        const unsigned char *body = s->p + at + 4;

        if (at + 4 + n > s->n)
            return damaged(s->e);
        if (at == 0 && (kind != 0x809 || n < 4 || u16(body) < 0x500))
            return err_set(s->e, ERR_REFUSED, "这是很旧的 Excel 格式（4.0 以前），请用表格软件另存为 .xlsx 再上传");
        if (kind == 0x2F)
            return err_set(s->e, ERR_REFUSED, "文件设了打开密码，读不了。请在表格软件里取消密码后再上传");
        if (kind == 0x85 && bound_sheet(s, out, body, n))
            return -1;
        if (kind == 0x0A)
            return 0;
        at += 4 + n;
    }
    return 0;
}

static int claim(struct scan *s, const unsigned char *body, size_t n)
{
    size_t rows = n >= 14 ? u32(body + 4) : n >= 10 ? u16(body + 2) : 0;
    size_t cols = n >= 14 ? u16(body + 10) : n >= 10 ? u16(body + 6) : 0;

    if (rows > 65536 || cols > 256)
        return damaged(s->e);
    s->cells += rows * cols;
    if (s->cells > XLS_CELLS)
        return err_set(s->e, ERR_REFUSED, "文件声明的表格过大，已拒收。请把内容复制到新的工作簿再上传");
    return 0;
}

static void merges(struct scan *s, struct xls_sheet *sheet, const unsigned char *body, size_t n)
{
    size_t count = n >= 2 ? u16(body) : 0;

    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= n && sheet->nmerges < BOOK_MERGES; i++) {
        const unsigned char *m = body + 2 + 8 * i;

        VEC_PUSH(s->a, sheet->merges, sheet->nmerges, sheet->cap_merges) =
            (struct merge){(int)u16(m), (int)u16(m + 4), (int)u16(m + 2), (int)u16(m + 6)};
    }
}

static int scan_sheet(struct scan *s, struct xls_sheet *sheet)
{
    int depth = 0;

    for (size_t at = sheet->at; at + 4 <= s->n;) {
        uint32_t kind = u16(s->p + at), n = u16(s->p + at + 2);
        const unsigned char *body = s->p + at + 4;

        if (at + 4 + n > s->n || (at == sheet->at && kind != 0x809))
            break;
        if (kind == 0x809)
            depth++; /* charts stand inside the sheet */
        else if (kind == 0x0A && --depth == 0)
            return 0;
        else if (kind == 0x200 && claim(s, body, n))
            return -1;
        else if (kind == 0xE5)
            merges(s, sheet, body, n);
        else if (kind == 0x208 && n >= 14 && (u16(body + 12) & 0x20))
            VEC_PUSH(s->a, sheet->rows, sheet->nrows, sheet->cap_rows) = (int)u16(body);
        at += 4 + n;
        s->scanned += 4 + n;
        if (s->scanned > 2 * s->n)
            break;
    }
    return damaged(s->e);
}

int xls_scan(struct xls_facts *out, struct arena *a, const void *p, size_t n, struct err *e)
{
    struct cfb c = {.p = p, .n = n, .a = a};
    struct scan s = {.a = a, .e = e};

    memset(out, 0, sizeof *out);
    s.p = workbook_stream(&c, &s.n);
    if (!s.p)
        return damaged(e);
    if (scan_globals(&s, out))
        return -1;
    if (out->nsheets == 0)
        return err_set(e, ERR_REFUSED, "工作簿里没有工作表，或文件已损坏");
    for (size_t i = 0; i < out->nsheets; i++)
        if (scan_sheet(&s, &out->sheets[i]))
            return -1;
    return 0;
}
