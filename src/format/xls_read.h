/* SPDX-License-Identifier: Apache-2.0 */
/* xls_read.h: a workbook from .xls bytes (BIFF, through FreeXL 1.x). Called by book_read. */
#ifndef LINLI_FORMAT_XLS_READ_H
#define LINLI_FORMAT_XLS_READ_H

#include "base/err.h"
#include "model/table.h"

int xls_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e);

#endif
