/* SPDX-License-Identifier: Apache-2.0 */
/* book_read.h: a workbook from the bytes of a file, whatever its name says.
 *
 * The kind is told by the first bytes, not by the suffix: .xlsx and .xlsm (data only), .xls (BIFF), CSV and text
 * with tabs in UTF-8, UTF-16 or GB18030. Everything else, and whatever is broken, locked with a password or beyond
 * the ceilings of book_build.h, is refused (ERR_REFUSED) with words that say what it is and what to do; files over
 * 50 MiB with ERR_TOOBIG. Nothing outside the given bytes is ever read: no entities, no external links, no macros.
 */
#ifndef LINLI_FORMAT_BOOK_READ_H
#define LINLI_FORMAT_BOOK_READ_H

#include "base/err.h"
#include "model/table.h"

/* The book lives in the arena; name is the file's name for messages, may be NULL. */
int book_read_bytes(struct book **out, struct arena *a, const void *p, size_t n, const char *name, struct err *e);
int book_read_file(struct book **out, struct arena *a, const char *path, struct err *e);

/* What the bytes are: "xlsx" "xlsb" "docx" "ods" "ofd" "zip" "xls" "locked" "cut" "ole" "html" "xml2003" "pdf"
 * "csv" "empty" "unknown". */
const char *book_sniff(const void *p, size_t n);

#endif
