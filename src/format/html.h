/* SPDX-License-Identifier: Apache-2.0 */
/* html.h: HTML through functions whose names say the context.
 *
 * Only html_raw writes markup as it is, and it takes text that stands in our own code, never data. Everything that
 * came from a person, a file or the database goes through html_text, html_attr, html_url or html_href. Bytes that
 * are not UTF-8 become U+FFFD, control characters that HTML forbids are left out. NULL writes nothing. */
#ifndef LINLI_FORMAT_HTML_H
#define LINLI_FORMAT_HTML_H

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* Markup from our own source. Inline, so that the length of a literal is known when it is compiled. */
static inline void html_raw(struct buf *b, const char *markup)
{
    if (markup)
        buf_add(b, markup, strlen(markup));
}
/* Between tags. */
void html_text(struct buf *b, const char *s);
void html_textn(struct buf *b, const char *s, size_t n);
/* Inside a quoted attribute: html_raw(b, "<a title=\""); html_attr(b, t); html_raw(b, "\">"); */
void html_attr(struct buf *b, const char *s);
/* One path segment or one query value inside an address (also outside HTML): all but A-Z a-z 0-9 - _ . ~ as %XX. */
void html_url(struct buf *b, const char *s);
/* A whole address inside a quoted attribute. Only relative ones and http, https, tel, mailto pass; others become
 * "#". */
void html_href(struct buf *b, const char *s);
void html_int(struct buf *b, int64_t v);

/* ` name="value"`; nothing when value is NULL. name is from our own code. */
void html_set(struct buf *b, const char *name, const char *value);
void html_set_int(struct buf *b, const char *name, int64_t value);
/* ` name` when on. */
void html_flag(struct buf *b, const char *name, int on);
/* `<tag>text</tag>`; tag may carry attributes of our own: html_elem(b, "th scope=col", label). */
void html_elem(struct buf *b, const char *tag, const char *text);
/* `<input type=hidden name=… value=…>` */
void html_hidden(struct buf *b, const char *name, const char *value);
/* `<option value=… selected>label</option>` */
void html_option(struct buf *b, const char *value, const char *label, int selected);
void html_option_int(struct buf *b, int64_t value, const char *label, int selected);
/* `<a href=…>text</a>` */
void html_link(struct buf *b, const char *href, const char *text);

#endif
