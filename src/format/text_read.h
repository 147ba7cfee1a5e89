/* SPDX-License-Identifier: Apache-2.0 */
/* text_read.h: the text of somebody's file: .txt (UTF-8, GB18030), .docx, .pdf with text, or standard input. */
#ifndef LINLI_FORMAT_TEXT_READ_H
#define LINLI_FORMAT_TEXT_READ_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { TEXT_FILE_MAX = 64 << 20, TEXT_MAX = 8 << 20 }; /* bytes of the file, of its text as UTF-8 */

/* Told from what the file is, not from its name. "-" is standard input. Paragraphs end with \n, cells with \t.
 * ERR_REFUSED with what to do where there is no text: a scanned, encrypted or broken file; ERR_TOOBIG over the
 * ceilings. */
int text_read(char **out, size_t *n, struct arena *a, const char *path, struct err *e);
int text_from_bytes(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e);
/* The text of a .docx and of a .pdf held in memory. */
int text_from_docx(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e);
int text_from_pdf(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e);

#endif
