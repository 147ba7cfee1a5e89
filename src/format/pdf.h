/* SPDX-License-Identifier: Apache-2.0 */
/* pdf.h: a finished document as PDF, drawn directly: the page of GB/T 9704-2012 without Word in between.
 *
 * A4, 版心 156×225 mm, 22 lines of 28 characters as near as the rules for punctuation allow (a line that may not
 * end or begin with a mark has 27 and is spread), page numbers outside 版心, headings as outline, figures that lead
 * to their rows in the source table. Fonts are taken from the machine and embedded as subsets: 仿宋_GB2312 and the
 * like where they are, else Noto Serif CJK SC, LXGW WenKai, Noto Sans CJK SC. The bytes depend on the document, the
 * options and the fonts alone. Safe to call from several threads. */
#ifndef LINLI_FORMAT_PDF_H
#define LINLI_FORMAT_PDF_H

#include <stdint.h>

#include "base/buf.h"
#include "base/doc.h"
#include "base/err.h"

struct pdf_options {
    int64_t at;      /* ms UTC: the time of making */
    bool no_sources; /* leave the source table out */
    bool centred;    /* page numbers centred */
};

int pdf_write(struct buf *out, const struct doc *d, const struct pdf_options *o, struct err *e);

#endif
