/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: a workbook as it was read: sheets of cells, before anybody knows what they mean.
 *
 * Made by format/{xlsx_read,xls_read,csv}, read by model/intake. Rows and columns count from 0 here; people see
 * row + 1. A cell keeps what the file said, so that nothing is lost before it is understood. */
#ifndef LINLI_MODEL_TABLE_H
#define LINLI_MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum cell_kind {
    CELL_EMPTY = 0,
    CELL_TEXT,
    CELL_NUMBER, /* num holds it, text how the file wrote it (1.10101E+17) */
    CELL_DATE,   /* a number whose style is a date: num is the serial, date1904 of the book applies */
    CELL_BOOL,
    CELL_ERROR /* #N/A and the like: text holds the word */
};

struct cell {
    enum cell_kind kind;
    double num;
    const char *text; /* UTF-8; for CELL_TEXT as in the file (rich text joined, phonetic guides left out) */
};

struct merge {
    int r1, c1, r2, c2; /* inclusive */
};

/* A merge as one of its columns sees it. */
struct merge_span {
    int c, r1, r2;
    const struct merge *m;
};

struct sheet_row {
    int r;    /* 0-based row number in the sheet */
    int line; /* CSV: physical line where the record begins, from 1; else 0 */
    bool hidden;
    int ncells; /* cells[0 … ncells-1]; the rest of the row is empty */
    struct cell *cells;
};

struct sheet {
    const char *name; /* NULL for CSV */
    bool hidden;
    size_t nrows; /* rows present in the file, in order; gaps are empty rows */
    struct sheet_row *rows;
    int ncols; /* widest row */
    size_t nmerges;
    struct merge *merges;
    size_t nspans; /* the merges column by column, for sheet_merge; made by sheet_index */
    struct merge_span *spans;
};

struct book {
    struct arena *a;
    bool date1904;
    const char *kind; /* "xlsx", "xls", "csv" */
    size_t nsheets;
    struct sheet *sheets;
};

/* What is wrong in a workbook that was read, for whoever writes it out again. */
struct sheet_note {
    size_t sheet;
    int row, col; /* 0-based; col -1: the row as a whole */
    const char *msg;
};
struct notes {
    size_t n;
    struct sheet_note *v;
    int *header_last; /* per sheet: row number of its last header row, -1 if it was not read */
};

/* The cell at a row index into rows[] (not a row number) and column; an empty one outside. */
const struct cell *sheet_cell(const struct sheet *s, size_t row, int col);
/* The merge that covers a row number and column, or NULL. Logarithmic; whoever made the sheet has called
 * sheet_index after its last merge. */
const struct merge *sheet_merge(const struct sheet *s, int r, int c);
void sheet_index(struct arena *a, struct sheet *s);

#endif
