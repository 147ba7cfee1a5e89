/* SPDX-License-Identifier: Apache-2.0 */
/* body.h: what a request carries: forms, uploads, JSON. Private to the core. */
#ifndef LINLI_WEB_BODY_H
#define LINLI_WEB_BODY_H

#include "web/request.h"

/* Before the first byte: settles by Content-Type how the body is read. -1: a multipart without boundary. */
int body_begin(struct req *q);
/* A piece. What is wrong is remembered in q->body_status (400, 413, 500) and q->form_error; the rest is then passed
 * over. -1: so much too much that the connection is to be cut. */
int body_add(struct req *q, const char *p, size_t n);
/* All is there: parse what was kept. */
void body_end(struct req *q);
/* Close and remove temporary files. */
void body_done(struct req *q);

#endif
