/* SPDX-License-Identifier: Apache-2.0 */
/* xls_read.c: a workbook from .xls bytes, through FreeXL 1.x, which reads files only: the bytes are lent to it as
 * an anonymous file. FreeXL gives no merged cells, hidden rows or date serials; dates come as text. */
#include "format/xls_read.h"

#include <freexl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/book_build.h"
#include "format/xls_scan.h"

/* 2024-03-05 14:30:00 without its seconds; a midnight is a day. */
static const char *date_text(struct arena *a, const char *s)
{
    size_t n = strlen(s);

    if (n == 19 && strcmp(s + 10, " 00:00:00") == 0)
        n = 10;
    else if (n == 19)
        n = 16;
    return arena_strn(a, s, n);
}

static void xls_number(struct arena *a, struct cell *c, double v)
{
    c->kind = CELL_NUMBER;
    c->num = v;
    c->text = fabs(v) < 1e15 && floor(v) == v ? arena_printf(a, "%.0f", v) : arena_printf(a, "%.15g", v);
}

static int xls_cell(struct book_build *bb, int col, const FreeXL_CellValue *v, struct err *e)
{
    struct arena *a = bb->b->a;
    struct cell *c;

    if (v->type == FREEXL_CELL_NULL || (v->type != FREEXL_CELL_INT && v->type != FREEXL_CELL_DOUBLE &&
                                        (!v->value.text_value || !*v->value.text_value)))
        return 0;
    c = book_cell(bb, col, e);
    if (!c)
        return -1;
    if (v->type == FREEXL_CELL_INT) {
        xls_number(a, c, v->value.int_value);
    } else if (v->type == FREEXL_CELL_DOUBLE) {
        xls_number(a, c, v->value.double_value);
    } else {
        bool date = v->type == FREEXL_CELL_DATE || v->type == FREEXL_CELL_DATETIME;

        c->kind = *v->value.text_value == '#' && strchr(v->value.text_value, '!') ? CELL_ERROR : CELL_TEXT;
        if (strcmp(v->value.text_value, "#N/A") == 0 || strcmp(v->value.text_value, "#NAME?") == 0)
            c->kind = CELL_ERROR;
        c->text = date ? date_text(a, v->value.text_value) : arena_str(a, v->value.text_value);
    }
    return 0;
}

static bool row_hidden(const struct xls_sheet *f, unsigned int r)
{
    size_t lo = 0, hi = f ? f->nrows : 0;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if ((unsigned int)f->rows[mid] < r)
            lo = mid + 1;
        else
            hi = mid;
    }
    return f && lo < f->nrows && (unsigned int)f->rows[lo] == r;
}

/* f: what xls_scan knows about the sheet, NULL where the two do not count alike. */
static int xls_sheet(struct book_build *bb, const void *h, unsigned short i, const struct xls_sheet *f,
                     struct err *e)
{
    const char *name = NULL;
    unsigned int rows = 0;
    unsigned short cols = 0;

    if (freexl_get_worksheet_name(h, i, &name) != FREEXL_OK || freexl_select_active_worksheet(h, i) != FREEXL_OK ||
        freexl_worksheet_dimensions(h, &rows, &cols) != FREEXL_OK)
        return err_set(e, ERR_REFUSED, "文件损坏：第%d张工作表读不出来。请用表格软件打开后另存为 .xlsx 再上传",
                       i + 1);
    if (book_sheet(bb, name ? name : "", f && f->hidden, e))
        return -1;
    for (size_t m = 0; f && m < f->nmerges; m++)
        if (book_merge(bb, f->merges[m], e))
            return -1;
    for (unsigned int r = 0; r < rows; r++) {
        for (unsigned short c = 0; c < cols; c++) {
            FreeXL_CellValue v;

            if (freexl_get_cell_value(h, r, c, &v) == FREEXL_OK && xls_cell(bb, c, &v, e))
                return -1;
        }
        if (book_row(bb, (int)r, 0, row_hidden(f, r), e))
            return -1;
    }
    return 0;
}

static int xls_book(struct book_build *bb, const void *h, const struct xls_facts *facts, struct err *e)
{
    unsigned int locked = 0, sheets = 0, mode = 0;

    freexl_get_info(h, FREEXL_BIFF_PASSWORD, &locked);
    if (locked == FREEXL_BIFF_OBFUSCATED)
        return err_set(e, ERR_REFUSED, "文件设了打开密码，读不了。请在表格软件里取消密码后再上传");
    if (freexl_get_info(h, FREEXL_BIFF_SHEET_COUNT, &sheets) != FREEXL_OK || sheets == 0)
        return err_set(e, ERR_REFUSED, "工作簿里没有工作表，或文件已损坏");
    freexl_get_info(h, FREEXL_BIFF_DATEMODE, &mode);
    bb->b->date1904 = mode == FREEXL_BIFF_DATEMODE_1904;
    for (unsigned int i = 0; i < sheets; i++)
        if (xls_sheet(bb, h, (unsigned short)i, facts->nsheets == sheets ? &facts->sheets[i] : NULL, e))
            return -1;
    return 0;
}

static int xls_lend(const void *p, size_t n)
{
    int fd = memfd_create("xls", MFD_CLOEXEC);

    for (size_t done = 0; fd >= 0 && done < n;) {
        ssize_t k = write(fd, (const char *)p + done, n - done);

        if (k <= 0) {
            close(fd);
            return -1;
        }
        done += (size_t)k;
    }
    return fd;
}

int xls_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e)
{
    struct book_build bb;
    struct xls_facts facts;
    const void *h = NULL;
    char path[64];
    int rc, fd;

    if (xls_scan(&facts, a, p, n, e))
        return -1;
    fd = xls_lend(p, n);
    if (fd < 0)
        return err_log(e, "xls: memfd: cannot lend %zu bytes", n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rc = freexl_open(path, &h);
    if (rc != FREEXL_OK) {
        rc = err_set(e, ERR_REFUSED,
                     rc == FREEXL_INSUFFICIENT_MEMORY
                         ? "文件声明的表格过大，已拒收。请把内容复制到新的工作簿再上传"
                         : "文件损坏或不是 Excel 工作簿，打不开。请用表格软件打开后另存为 .xlsx 再上传");
    } else {
        book_build_init(&bb, a, "xls");
        rc = xls_book(&bb, h, &facts, e);
        if (rc == 0)
            *out = book_finish(&bb);
    }
    if (h)
        freexl_close(h);
    close(fd);
    return rc;
}
