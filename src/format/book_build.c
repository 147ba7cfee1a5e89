/* SPDX-License-Identifier: Apache-2.0 */
/* book_build.c: putting a workbook together cell by cell, under ceilings. */
#include "format/book_build.h"

#include <string.h>

void book_build_init(struct book_build *bb, struct arena *a, const char *kind)
{
    memset(bb, 0, sizeof *bb);
    bb->b = arena_alloc(a, sizeof *bb->b);
    bb->b->a = a;
    bb->b->kind = kind;
    bb->row = arena_array(a, BOOK_COLS, sizeof *bb->row);
}

struct sheet *book_now(struct book_build *bb)
{
    return &bb->b->sheets[bb->b->nsheets - 1];
}

int book_sheet(struct book_build *bb, const char *name, bool hidden, struct err *e)
{
    struct book *b = bb->b;

    if (b->nsheets >= BOOK_SHEETS)
        return err_set(e, ERR_REFUSED, "工作簿里的工作表超过%d张，请拆成几个文件再上传", BOOK_SHEETS);
    VEC_PUSH(b->a, b->sheets, b->nsheets, bb->cap_sheets) =
        (struct sheet){.name = arena_str(b->a, name), .hidden = hidden};
    bb->cap_rows = bb->cap_merges = bb->covered = 0;
    bb->next_r = 0;
    bb->nrow = 0;
    return 0;
}

struct cell *book_cell(struct book_build *bb, int col, struct err *e)
{
    if (col < 0 || col >= BOOK_COLS) {
        err_set(e, ERR_REFUSED, "表格有内容的列超过%d列，请删去多余的列再上传", BOOK_COLS);
        return NULL;
    }
    if (col >= bb->nrow)
        bb->nrow = col + 1;
    return &bb->row[col];
}

int book_row(struct book_build *bb, int r, int line, bool hidden, struct err *e)
{
    struct sheet *s = book_now(bb);
    int n = bb->nrow;
    struct cell *cells;

    if (r < bb->next_r)
        r = bb->next_r;
    bb->next_r = r + 1;
    while (n > 0 && bb->row[n - 1].kind == CELL_EMPTY)
        n--;
    if (n == 0) {
        bb->nrow = 0;
        return 0;
    }
    bb->cells += (size_t)n;
    if (++bb->rows > BOOK_ROWS)
        return err_set(e, ERR_REFUSED, "有内容的行超过%d行，请按年份或社区拆成几个文件再上传", BOOK_ROWS);
    if (bb->cells > BOOK_CELLS)
        return err_set(e, ERR_REFUSED, "单元格超过%d个，请拆成几个文件再上传", BOOK_CELLS);
    cells = arena_array(bb->b->a, (size_t)n, sizeof *cells);
    memcpy(cells, bb->row, (size_t)n * sizeof *cells);
    memset(bb->row, 0, (size_t)bb->nrow * sizeof *bb->row);
    bb->nrow = 0;
    if (n > s->ncols)
        s->ncols = n;
    VEC_PUSH(bb->b->a, s->rows, s->nrows, bb->cap_rows) = (struct sheet_row){r, line, hidden, n, cells};
    return 0;
}

int book_merge(struct book_build *bb, struct merge m, struct err *e)
{
    struct sheet *s = book_now(bb);

    if (m.r1 < 0 || m.c1 < 0 || m.r2 < m.r1 || m.c2 < m.c1 || m.c1 >= BOOK_COLS)
        return 0;
    if (m.c2 >= BOOK_COLS)
        m.c2 = BOOK_COLS - 1;
    bb->covered += (size_t)(m.c2 - m.c1) + 1;
    if (bb->covered > BOOK_MERGES)
        return err_set(e, ERR_REFUSED, "工作表“%s”里的合并单元格太多（超过%d处），请取消合并再上传",
                       s->name ? s->name : "", BOOK_MERGES);
    VEC_PUSH(bb->b->a, s->merges, s->nmerges, bb->cap_merges) = m;
    return 0;
}

struct book *book_finish(struct book_build *bb)
{
    for (size_t i = 0; i < bb->b->nsheets; i++)
        sheet_index(bb->b->a, &bb->b->sheets[i]);
    return bb->b;
}
