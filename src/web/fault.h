/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h: answers that say what went wrong: a page, or JSON under /api/. */
#ifndef LINLI_WEB_FAULT_H
#define LINLI_WEB_FAULT_H

#include "web/request.h"

/* Forgets what was written so far. msg NULL: the usual words for the status. */
void fault(struct req *q, int status, const char *msg);
/* The status of the code, the message of the error; its log line goes to the log with the request's id. */
void fault_err(struct req *q, const struct err *e);

/* A page without navigation (login, faults): head and <main>, then its end. title is already in the request's
 * language. */
void plain_begin(struct req *q, const char *title);
void plain_end(struct req *q);

#endif
