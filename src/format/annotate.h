/* SPDX-License-Identifier: Apache-2.0 */
/* annotate.h: the rows of a ledger that were refused, as a workbook to be mended and uploaded again.
 *
 * Sheets and rows keep their order; titles and headers stand above them as they were, with their merges; what a
 * vertical merge said stands in each row. Wrong cells are red and carry a comment, and a last column 【错误说明】
 * says everything that is wrong with the row; the import passes over that column. Notes come in the order of sheets
 * and rows. */
#ifndef LINLI_FORMAT_ANNOTATE_H
#define LINLI_FORMAT_ANNOTATE_H

#include "base/err.h"
#include "model/table.h"

/* ERR_INPUT if nothing was refused. */
int annotate_file(const char *path, const struct book *b, const struct notes *notes, struct err *e);

#endif
