/* SPDX-License-Identifier: Apache-2.0 */
/* static_files.h: what stands under assets/, built into the program, served under /static/. */
#ifndef LINLI_WEB_STATIC_FILES_H
#define LINLI_WEB_STATIC_FILES_H

#include "web/request.h"

/* Hash and compress every asset once; before the first request. */
int static_prepare(struct err *e);
/* "/static/linli.css?v=0123456789ab" for "linli.css"; NULL if there is none. The address changes with the content,
 * so that it may be kept for a year. */
const char *static_url(const char *name);

int page_static(struct req *q, struct err *e);
int page_favicon(struct req *q, struct err *e);

#endif
