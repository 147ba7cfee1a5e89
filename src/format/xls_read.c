/* SPDX-License-Identifier: Apache-2.0 */
/* xls_read.c: a workbook from .xls bytes: the records of its stream ([MS-XLS]), first those of the book (texts,
 * styles, sheets), then those of each sheet. */
#include "format/xls_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/book_build.h"
#include "format/cfb.h"
#include "format/xls_text.h"
#include "format/xlsx_style.h"

enum {
    REC_FORMULA = 0x06,
    REC_EOF = 0x0A,
    REC_1904 = 0x22,
    REC_FILEPASS = 0x2F,
    REC_BOUNDSHEET = 0x85,
    REC_MULRK = 0xBD,
    REC_RSTRING = 0xD6,
    REC_XF = 0xE0,
    REC_MERGES = 0xE5,
    REC_SST = 0xFC,
    REC_LABELSST = 0xFD,
    REC_NUMBER = 0x203,
    REC_LABEL = 0x204,
    REC_BOOLERR = 0x205,
    REC_STRING = 0x207,
    REC_ROW = 0x208,
    REC_RK = 0x27E,
    REC_FORMAT = 0x41E,
    REC_BOF = 0x809
};

struct xls_cell {
    int r, c;
    struct cell cell;
};
struct xls_sheet {
    size_t at; /* of its first record in the stream */
    const char *name;
    bool hidden;
};
struct xls {
    struct arena *a;
    struct err *e;
    struct book_build build;
    const unsigned char *p;
    size_t n, scanned; /* bytes of all sheets: one listed many times is not read many times */
    bool biff8;
    struct xls_sheet *sheets;
    size_t nsheets, cap_sheets;
    const char **texts;
    size_t ntexts, cap_texts;
    bool date_code[0x10000]; /* numFmtId → a custom code that shows a date */
    bool has_code[0x10000];
    bool *xf_date;
    size_t nxf, cap_xf;
    /* the sheet being read */
    struct xls_cell *cells;
    size_t ncells, cap_cells;
    unsigned char hidden[65536 / 8];
    bool await; /* the last cell is a formula whose text follows */
};

static int damaged(struct err *e)
{
    return err_set(e, ERR_REFUSED, "文件损坏，打不开。请用表格软件打开后另存为 .xlsx 再上传");
}

static const char *text_at(struct xls *x, const unsigned char *body, size_t n, int length_bytes)
{
    struct xls_cursor c;

    xls_cursor(&c, body, n, x->p + x->n);
    return x->biff8 ? xls_text(x->a, &c, length_bytes) : xls_text5(x->a, &c, length_bytes);
}

/* --- the book */

static int rec_sst(struct xls *x, const unsigned char *body, size_t n)
{
    struct xls_cursor c;
    uint32_t count;

    xls_cursor(&c, body, n, x->p + x->n);
    xls_get(&c, 4);
    count = xls_get(&c, 4);
    for (uint32_t i = 0; i < count; i++) {
        const char *s = xls_text(x->a, &c, 2);

        if (!s)
            return damaged(x->e);
        VEC_PUSH(x->a, x->texts, x->ntexts, x->cap_texts) = s;
    }
    return 0;
}

static int rec_sheet(struct xls *x, const unsigned char *body, size_t n)
{
    const char *name = n < 8 ? NULL : text_at(x, body + 6, n - 6, 1);

    if (!name)
        return damaged(x->e);
    if (body[5] != 0) /* a chart or macro sheet */
        return 0;
    if (x->nsheets >= BOOK_SHEETS)
        return err_set(x->e, ERR_REFUSED, "工作簿里的工作表超过%d张，请拆成几个文件再上传", BOOK_SHEETS);
    VEC_PUSH(x->a, x->sheets, x->nsheets, x->cap_sheets) =
        (struct xls_sheet){.at = le32(body), .name = name, .hidden = (body[4] & 3) != 0};
    return 0;
}

static int rec_format(struct xls *x, const unsigned char *body, size_t n)
{
    const char *code = n < 4 ? NULL : text_at(x, body + 2, n - 2, x->biff8 ? 2 : 1);

    if (!code)
        return damaged(x->e);
    x->has_code[le16(body)] = true;
    x->date_code[le16(body)] = style_code_date(code);
    return 0;
}

static int rec_xf(struct xls *x, const unsigned char *body, size_t n)
{
    uint32_t id = n >= 4 ? le16(body + 2) : 0;

    VEC_PUSH(x->a, x->xf_date, x->nxf, x->cap_xf) =
        x->has_code[id] ? x->date_code[id] : style_builtin_date((int)id);
    return 0;
}

static int book_record(struct xls *x, uint32_t kind, const unsigned char *body, size_t n)
{
    switch (kind) {
    case REC_FILEPASS:
        return err_set(x->e, ERR_REFUSED, "文件设了打开密码，读不了。请在表格软件里取消密码后再上传");
    case REC_1904:
        x->build.b->date1904 = n >= 2 && le16(body) == 1;
        return 0;
    case REC_BOUNDSHEET:
        return rec_sheet(x, body, n);
    case REC_SST:
        return rec_sst(x, body, n);
    case REC_FORMAT:
        return rec_format(x, body, n);
    case REC_XF:
        return rec_xf(x, body, n);
    default:
        return 0;
    }
}

static int read_globals(struct xls *x)
{
    if (x->n < 8 || le16(x->p) != REC_BOF || le16(x->p + 4) < 0x500)
        return err_set(x->e, ERR_REFUSED, "这是很旧的 Excel 格式（4.0 以前），请用表格软件另存为 .xlsx 再上传");
    x->biff8 = le16(x->p + 4) >= 0x600;
    for (size_t at = 0; at + 4 <= x->n;) {
        uint32_t kind = le16(x->p + at), n = le16(x->p + at + 2);

        if (at + 4 + n > x->n)
            return damaged(x->e);
        if (kind == REC_EOF)
            return 0;
        if (book_record(x, kind, x->p + at + 4, n))
            return -1;
        at += 4 + n;
    }
    return damaged(x->e);
}

/* --- cells */

static struct cell *cell_new(struct xls *x, uint32_t r, uint32_t c)
{
    static struct cell none;

    x->await = false;
    if (x->ncells >= BOOK_CELLS)
        return &none; /* the row builder will refuse the sheet */
    VEC_PUSH(x->a, x->cells, x->ncells, x->cap_cells) = (struct xls_cell){(int)r, (int)c, {CELL_EMPTY, 0, NULL}};
    return &x->cells[x->ncells - 1].cell;
}

static void put_text(struct cell *c, const char *s)
{
    if (s && *s) {
        c->kind = CELL_TEXT;
        c->text = s;
    }
}

static void put_number(struct xls *x, struct cell *c, uint32_t xf, double v)
{
    c->kind = xf < x->nxf && x->xf_date[xf] ? CELL_DATE : CELL_NUMBER;
    c->num = v;
    c->text = fabs(v) < 1e15 && floor(v) == v ? arena_printf(x->a, "%.0f", v) : arena_printf(x->a, "%.15g", v);
}

static double rk_number(uint32_t rk)
{
    double v;

    if (rk & 2) {
        v = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & 0xFFFFFFFCu) << 32;

        memcpy(&v, &bits, sizeof v);
    }
    return rk & 1 ? v / 100 : v;
}

static double ieee(const unsigned char *p)
{
    uint64_t bits = (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32;
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static void put_bool_error(struct cell *c, unsigned char v, bool error)
{
    static const struct {
        unsigned char code;
        const char *word;
    } words[] = {{0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0F, "#VALUE!"},
                 {0x17, "#REF!"},  {0x1D, "#NAME?"},  {0x24, "#NUM!"}};

    c->kind = error ? CELL_ERROR : CELL_BOOL;
    c->num = !error && v;
    c->text = error ? "#N/A" : v ? "TRUE" : "FALSE";
    for (size_t i = 0; error && i < sizeof words / sizeof *words; i++)
        if (words[i].code == v)
            c->text = words[i].word;
}

static void rec_formula(struct xls *x, const unsigned char *body)
{
    struct cell *c = cell_new(x, le16(body), le16(body + 2));
    const unsigned char *v = body + 6;

    if (le16(v + 6) != 0xFFFF)
        put_number(x, c, le16(body + 4), ieee(v));
    else if (v[0] == 0)
        x->await = true;
    else if (v[0] == 1 || v[0] == 2)
        put_bool_error(c, v[2], v[0] == 2);
}

static int rec_mulrk(struct xls *x, const unsigned char *body, size_t n)
{
    uint32_t r = le16(body), col = le16(body + 2);

    for (size_t at = 4; at + 8 <= n; at += 6, col++)
        put_number(x, cell_new(x, r, col), le16(body + at), rk_number(le32(body + at + 2)));
    return 0;
}

static int rec_label(struct xls *x, const unsigned char *body, size_t n)
{
    const char *s = text_at(x, body + 6, n - 6, 2);

    if (!s)
        return damaged(x->e);
    put_text(cell_new(x, le16(body), le16(body + 2)), s);
    return 0;
}

static int rec_labelsst(struct xls *x, const unsigned char *body)
{
    uint32_t i = le32(body + 6);

    if (i >= x->ntexts)
        return damaged(x->e);
    put_text(cell_new(x, le16(body), le16(body + 2)), x->texts[i]);
    return 0;
}

static int rec_merges(struct xls *x, const unsigned char *body, size_t n)
{
    size_t count = le16(body);

    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= n; i++) {
        const unsigned char *m = body + 2 + 8 * i;

        if (book_merge(&x->build,
                       (struct merge){(int)le16(m), (int)le16(m + 4), (int)le16(m + 2), (int)le16(m + 6)}, x->e))
            return -1;
    }
    return 0;
}

static int rec_string(struct xls *x, const unsigned char *body, size_t n)
{
    const char *s = x->await && x->ncells ? text_at(x, body, n, 2) : "";

    if (!s)
        return damaged(x->e);
    if (x->await && x->ncells)
        put_text(&x->cells[x->ncells - 1].cell, s);
    x->await = false;
    return 0;
}

static int sheet_record(struct xls *x, uint32_t kind, const unsigned char *b, size_t n)
{
    switch (kind) {
    case REC_LABELSST:
        return n < 10 ? damaged(x->e) : rec_labelsst(x, b);
    case REC_LABEL:
    case REC_RSTRING:
        return n < 9 ? damaged(x->e) : rec_label(x, b, n);
    case REC_MULRK:
        return n < 6 ? damaged(x->e) : rec_mulrk(x, b, n);
    case REC_MERGES:
        return n < 2 ? damaged(x->e) : rec_merges(x, b, n);
    case REC_STRING:
        return rec_string(x, b, n);
    case REC_ROW:
        if (n >= 14 && (le16(b + 12) & 0x20))
            x->hidden[le16(b) / 8] |= (unsigned char)(1 << le16(b) % 8);
        return 0;
    default:
        break;
    }
    if (kind != REC_NUMBER && kind != REC_RK && kind != REC_FORMULA && kind != REC_BOOLERR)
        return 0;
    if (n < (kind == REC_NUMBER || kind == REC_FORMULA ? 14u : kind == REC_RK ? 10u : 8u))
        return damaged(x->e);
    if (kind == REC_FORMULA)
        rec_formula(x, b);
    else if (kind == REC_BOOLERR)
        put_bool_error(cell_new(x, le16(b), le16(b + 2)), b[6], b[7] != 0);
    else
        put_number(x, cell_new(x, le16(b), le16(b + 2)), le16(b + 4),
                   kind == REC_RK ? rk_number(le32(b + 6)) : ieee(b + 6));
    return 0;
}

/* --- sheets */

static int cell_order(const void *x, const void *y)
{
    const struct xls_cell *a = x, *b = y;

    return a->r != b->r ? (a->r < b->r ? -1 : 1) : a->c < b->c ? -1 : a->c > b->c;
}

static int sheet_rows(struct xls *x)
{
    if (x->ncells)
        qsort(x->cells, x->ncells, sizeof *x->cells, cell_order);
    for (size_t i = 0; i < x->ncells;) {
        int r = x->cells[i].r;

        for (; i < x->ncells && x->cells[i].r == r; i++) {
            struct cell *c = x->cells[i].cell.kind == CELL_EMPTY ? NULL : book_cell(&x->build, x->cells[i].c, x->e);

            if (!c && x->cells[i].cell.kind != CELL_EMPTY)
                return -1;
            if (c)
                *c = x->cells[i].cell;
        }
        if (book_row(&x->build, r, 0, x->hidden[r / 8] >> (r % 8) & 1, x->e))
            return -1;
    }
    if (x->ncells >= BOOK_CELLS)
        return err_set(x->e, ERR_REFUSED, "单元格超过%d个，请拆成几个文件再上传", BOOK_CELLS);
    return 0;
}

static int read_sheet(struct xls *x, const struct xls_sheet *s)
{
    int depth = 0;

    if (book_sheet(&x->build, s->name, s->hidden, x->e))
        return -1;
    x->ncells = 0;
    x->await = false;
    memset(x->hidden, 0, sizeof x->hidden);
    for (size_t at = s->at; at < x->n && at + 4 <= x->n && x->scanned <= 2 * x->n;) {
        uint32_t kind = le16(x->p + at), n = le16(x->p + at + 2);

        if (at + 4 + n > x->n || (at == s->at && kind != REC_BOF))
            break;
        if (kind == REC_BOF)
            depth++; /* charts stand inside the sheet */
        else if (kind == REC_EOF && --depth == 0)
            return sheet_rows(x);
        else if (depth == 1 && sheet_record(x, kind, x->p + at + 4, n))
            return -1;
        at += 4 + n;
        x->scanned += 4 + n;
    }
    return damaged(x->e);
}

int xls_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e)
{
    static const char *const names[] = {"Workbook", "Book", NULL};
    struct xls *x = arena_alloc(a, sizeof *x);

    x->a = a;
    x->e = e;
    x->p = cfb_stream(a, p, n, names, &x->n);
    if (!x->p)
        return damaged(e);
    book_build_init(&x->build, a, "xls");
    if (read_globals(x))
        return -1;
    if (x->nsheets == 0)
        return err_set(e, ERR_REFUSED, "工作簿里没有工作表，或文件已损坏");
    for (size_t i = 0; i < x->nsheets; i++)
        if (read_sheet(x, &x->sheets[i]))
            return -1;
    *out = book_finish(&x->build);
    return 0;
}
