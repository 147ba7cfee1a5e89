/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_read.h: a workbook from .xlsx or .xlsm bytes (ECMA-376), data only. Called by book_read. */
#ifndef LINLI_FORMAT_XLSX_READ_H
#define LINLI_FORMAT_XLSX_READ_H

#include <zip.h>

#include "base/err.h"
#include "model/table.h"

int xlsx_read(struct book **out, struct arena *a, zip_t *z, struct err *e);

#endif
