/* SPDX-License-Identifier: Apache-2.0 */
/* docx.h: a finished document as Word reads it, laid out by GB/T 9704-2012.
 *
 * A4, 天头 37 mm, 订口 28 mm, 版心 156×225 mm, 22 lines of 28 characters, body in 3 号仿宋, title in 2 号小标宋,
 * headings 黑体, 楷体, 仿宋 as real heading styles, page numbers — 1 — outside 版心. Fonts are named, not embedded.
 * A printed figure is plain text that leads to its row in the source table at the end; the same rows stand in
 * customXml/item1.xml for programs. The bytes depend on the document and the options alone. */
#ifndef LINLI_FORMAT_DOCX_H
#define LINLI_FORMAT_DOCX_H

#include <stdint.h>

#include "base/buf.h"
#include "base/doc.h"
#include "base/err.h"

struct docx_fonts {
    const char *body, *kai, *hei, *title, *song, *latin;
};
extern const struct docx_fonts
    docx_fonts_default; /* 仿宋_GB2312 楷体_GB2312 黑体 方正小标宋简体 宋体 Times New Roman */

struct docx_options {
    int64_t at;                     /* ms UTC: the document's and the archive's time */
    const struct docx_fonts *fonts; /* NULL: the default ones */
    bool no_sources;                /* leave the source table out (the custom XML part stays) */
    bool centred;                   /* page numbers centred, for papers that are no formal documents */
};

int docx_write(struct buf *out, const struct doc *d, const struct docx_options *o, struct err *e);

#endif
