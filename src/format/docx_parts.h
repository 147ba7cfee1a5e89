/* SPDX-License-Identifier: Apache-2.0 */
/* docx_parts.h: the parts of a Word file beside its text; private to src/format/docx*.c. */
#ifndef LINLI_FORMAT_DOCX_PARTS_H
#define LINLI_FORMAT_DOCX_PARTS_H

#include "format/docx.h"

/* Twips (1/1440 inch) of GB/T 9704: the page and the 版心. */
enum {
    GB_PAGE_W = 11906,
    GB_PAGE_H = 16838,
    GB_TOP = 2098,
    GB_LEFT = 1588,
    GB_RIGHT = 1474,
    GB_BOTTOM = 1984,
    GB_FOOTER = 1448,
    GB_TEXT_W = GB_PAGE_W - GB_LEFT - GB_RIGHT, /* 8844 */
    GB_LINE = 579,                              /* 22 lines */
    GB_CHAR = 316,                              /* 28 characters */
    GB_SQUEEZE = -5                             /* twips taken from each 3 号 character so that 28 fit */
};

void docx_content_types(struct buf *b, const struct docx_options *o);
void docx_rels(struct buf *b);
void docx_core(struct buf *b, const struct doc *d, const struct docx_options *o);
void docx_app(struct buf *b);
/* links: addresses of source rows, rId100 + source number */
void docx_document_rels(struct buf *b, const struct doc *d, const struct docx_options *o);
void docx_styles(struct buf *b, const struct docx_fonts *f);
void docx_settings(struct buf *b, const struct docx_options *o);
void docx_font_table(struct buf *b, const struct docx_fonts *f);
enum docx_side { DOCX_ODD, DOCX_EVEN, DOCX_CENTRE };
void docx_footer(struct buf *b, const struct docx_fonts *f, enum docx_side side);
void docx_provenance(struct buf *b, const struct doc *d);
void docx_item_props(struct buf *b);
void docx_item_rels(struct buf *b);
/* Is this source's address one that opens outside the program? */
bool docx_has_link(const struct doc_source *s);

#endif
