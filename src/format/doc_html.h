/* SPDX-License-Identifier: Apache-2.0 */
/* doc_html.h: a finished document on screen: the same text, its numbers opening their records. */
#ifndef LINLI_FORMAT_DOC_HTML_H
#define LINLI_FORMAT_DOC_HTML_H

#include "base/buf.h"
#include "base/doc.h"
#include "base/err.h"

/* The inside of a report's page: <article class=report> and, folded, the source table. A figure is
 * <a class=figure href=… title=…>, a gap <mark class=gap>, each source row has id=srcN. */
void doc_html(struct buf *b, const struct doc *d);
/* The source table alone. */
void doc_html_sources(struct buf *b, const struct doc *d);
/* A page that stands by itself, with its style inside, for saving and sending. ERR_TOOBIG when b is full. */
int doc_html_page(struct buf *b, const struct doc *d, struct err *e);

#endif
