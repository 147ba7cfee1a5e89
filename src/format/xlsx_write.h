/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_write.h: a table into a workbook, row by row, in constant memory.
 *
 * Cells are written from left to right and rows from top to bottom. Texts stay texts: one that a spreadsheet
 * program would take for a formula once it is edited (= + - @ in front) is marked as quoted, its characters stay as
 * they are. */
#ifndef LINLI_FORMAT_XLSX_WRITE_H
#define LINLI_FORMAT_XLSX_WRITE_H

#include <stdint.h>

#include "base/err.h"

struct xlsx_out;

/* A new workbook at path with one sheet; name is cut and cleaned to what sheets may be called. */
int xlsx_out_open(struct xlsx_out **out, const char *path, const char *name, struct err *e);
/* Another sheet; the one before is finished. */
int xlsx_out_sheet(struct xlsx_out *x, const char *name, struct err *e);
/* A line of its own in large type, before the header. */
void xlsx_out_title(struct xlsx_out *x, const char *text);
/* One header cell; xlsx_out_row ends the header, which stays in sight when scrolling. */
void xlsx_out_head(struct xlsx_out *x, const char *text);
void xlsx_out_text(struct xlsx_out *x, const char *text); /* NULL: an empty cell */
void xlsx_out_number(struct xlsx_out *x, double v, int places);
void xlsx_out_day(struct xlsx_out *x, int32_t day); /* shown as 2026-03-05 */
void xlsx_out_row(struct xlsx_out *x);
/* Finish and free, also after errors (then e may be NULL and the file is of no use). */
int xlsx_out_close(struct xlsx_out *x, struct err *e);

/* What a sheet may be called: at most 31 characters, none of []:*?/\, not empty. */
void sheet_name_clean(char out[128], const char *name);

#endif
