/* SPDX-License-Identifier: Apache-2.0 */
/* pdf_page.h: the page being drawn; private to src/format/pdf*.c. Lengths are points, y grows downward. */
#ifndef LINLI_FORMAT_PDF_PAGE_H
#define LINLI_FORMAT_PDF_PAGE_H

#include <pango/pangocairo.h>

#include "format/pdf.h"

#define MM (72.0 / 25.4)
#define PAGE_W (210 * MM)
#define PAGE_H (297 * MM)
#define TEXT_X (28 * MM)
#define TEXT_Y (37 * MM)
#define TEXT_W (156 * MM)
#define TEXT_H (225 * MM)
#define LINE (TEXT_H / 22)
#define BODY 16.0 /* 3 号 */

enum pdf_face { FACE_BODY, FACE_KAI, FACE_HEI, FACE_TITLE, FACE_SONG, FACE__MAX };

struct pdf {
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *pango;
    const struct doc *d;
    const struct pdf_options *o;
    int page;
    double y;        /* where the next line's box begins, from the top of the page */
    bool title_bold; /* 小标宋 is missing: its stand-in is drawn heavier */
};

struct pdf_text {
    enum pdf_face face;
    double size, width, indent, squeeze; /* points; squeeze: taken from each character */
    double pitch;                        /* 0: as the fonts have it */
    bool spread;                         /* lines fill the width */
};

void pdf_page_end(struct pdf *p);
void pdf_page_begin(struct pdf *p);
double pdf_room(const struct pdf *p); /* from y to the lower edge of 版心 */

/* Spans as one layout; the caller unrefs it. */
PangoLayout *pdf_layout(struct pdf *p, const struct doc_span *spans, size_t n, const struct pdf_text *t);
PangoLayout *pdf_layout_plain(struct pdf *p, const char *text, const struct pdf_text *t);
/* Draw each line in a box of the given pitch from p->y on, over as many pages as it takes. */
void pdf_lines(struct pdf *p, PangoLayout *l, const struct doc_span *spans, size_t n, double x, double pitch);

/* pdf_table.c */
void pdf_table(struct pdf *p, const struct doc_table *t);
void pdf_sources(struct pdf *p);

#endif
