/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h: comma, semicolon or tab separated text, in and out. */
#ifndef LINLI_FORMAT_CSV_H
#define LINLI_FORMAT_CSV_H

#include "base/buf.h"
#include "base/err.h"
#include "model/table.h"

/* One sheet without a name. Encoding: a BOM decides, else valid UTF-8, else GB18030. Row numbers are record
 * numbers, line is the physical line where the record begins. Quoted cells may hold separators, doubled quotes and
 * line breaks; a quote that is never closed is refused with its line. The apostrophe that csv_cell writes is taken
 * off again. */
int csv_read(struct book **out, struct arena *a, const void *p, size_t n, struct err *e);

/* Writing: begins with a UTF-8 BOM (for spreadsheet programs), lines end in CRLF. */
void csv_begin(struct buf *b);
void csv_cell(struct buf *b, const char *text, bool last);
/* A text that a spreadsheet program would take for a formula (it begins with = + - @ tab or CR) is given a leading
 * apostrophe; plain numbers (-12.5, +3) stay. Returns s itself where nothing is to be done. */
const char *cell_guard(struct arena *a, const char *s);

#endif
