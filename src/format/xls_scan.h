/* SPDX-License-Identifier: Apache-2.0 */
/* xls_scan.h: what FreeXL does not tell about a .xls: merged cells, hidden sheets and rows, and whether its claims
 * about its own size are bearable. Private to xls_read.c. Read before FreeXL sees the file: what cannot be followed
 * here, or would cost it too much memory, never gets there. */
#ifndef LINLI_FORMAT_XLS_SCAN_H
#define LINLI_FORMAT_XLS_SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "model/table.h"

struct xls_sheet {
    size_t at; /* of its first record in the stream */
    bool hidden;
    size_t nmerges, cap_merges;
    struct merge *merges;
    size_t nrows, cap_rows;
    int *rows; /* numbers of hidden rows, in order */
};
struct xls_facts {
    size_t nsheets, cap_sheets;
    struct xls_sheet *sheets; /* worksheets, in order */
};

/* ERR_REFUSED: damaged, locked with a password, too big, or older than Excel 5. */
int xls_scan(struct xls_facts *out, struct arena *a, const void *p, size_t n, struct err *e);

#endif
