/* SPDX-License-Identifier: Apache-2.0 */
/* book_build.h: putting a workbook together cell by cell, under ceilings. Private to the readers in src/format.
 *
 * Whatever a file claims, at most these many sheets, rows and cells are kept; more is refused in words. Rows and
 * cells without content are not kept, so that a sheet with a million styled empty rows costs nothing. */
#ifndef LINLI_FORMAT_BOOK_BUILD_H
#define LINLI_FORMAT_BOOK_BUILD_H

#include "base/err.h"
#include "model/table.h"

#define BOOK_BYTES ((size_t)50 << 20) /* of the file */
#define BOOK_SHEETS 200
#define BOOK_ROWS 300000   /* with content, in the whole book */
#define BOOK_COLS 1000     /* with content */
#define BOOK_CELLS 5000000 /* kept, gaps included */
#define BOOK_MERGES 200000 /* columns covered by merges, in one sheet */

struct book_build {
    struct book *b;
    size_t cap_sheets, cap_rows, cap_merges;
    size_t rows, cells, covered;
    struct cell *row; /* the row in the making: BOOK_COLS cells */
    int nrow;
    int next_r;
};

void book_build_init(struct book_build *bb, struct arena *a, const char *kind);
/* Begin a sheet; the cells and merges that follow are its. */
int book_sheet(struct book_build *bb, const char *name, bool hidden, struct err *e);
struct sheet *book_now(struct book_build *bb);
/* The cell of the row in the making at a column; NULL with *e set beyond BOOK_COLS. */
struct cell *book_cell(struct book_build *bb, int col, struct err *e);
/* Finish the row as number r (0-based; one that is not after the last row is taken as the next). */
int book_row(struct book_build *bb, int r, int line, bool hidden, struct err *e);
int book_merge(struct book_build *bb, struct merge m, struct err *e);
/* After the last sheet. */
struct book *book_finish(struct book_build *bb);

#endif
