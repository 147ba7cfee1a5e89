/* SPDX-License-Identifier: Apache-2.0 */
/* xls_read.h: a workbook from .xls bytes (BIFF5 and BIFF8, Excel 5 to 2003). Called by book_read.
 *
 * Our own reader: FreeXL 1.0.6 reads outside its buffers on crafted files, and tells nothing about merges, hidden
 * sheets and rows, and the serial numbers of dates. */
#ifndef LINLI_FORMAT_XLS_READ_H
#define LINLI_FORMAT_XLS_READ_H

#include "base/err.h"
#include "model/table.h"

int xls_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e);

#endif
