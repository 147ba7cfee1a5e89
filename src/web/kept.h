/* SPDX-License-Identifier: Apache-2.0 */
/* kept.h: the part of a page that holds no records, kept between requests.
 *
 * The bar, the places, the filters and the heads of a list's columns come out the same as long as the same session
 * asks for the same address: they hang on who is asking and what that person may see, on the declarations, the two
 * trees, the language and the day. All of these are the key, so a piece is never shown to another session, nor to
 * the same one once its grants, a unit or a grid have changed. What hangs on a record, a clock's hour or a form's
 * token must not be kept. */
#ifndef LINLI_WEB_KEPT_H
#define LINLI_WEB_KEPT_H

#include "web/request.h"

/* Append a piece of this page to the answer as it was written before; false: it is not there, write it and call
 * kept_take. part counts the pieces of one page from 0; shows is a number in the piece that changes by itself (how
 * many tasks wait), 0 where there is none. Nothing is kept without a login. */
bool kept_put(struct req *q, int part, int64_t shows);
/* Keep what the answer holds from this byte on. */
void kept_take(struct req *q, int part, int64_t shows, size_t from);

#endif
