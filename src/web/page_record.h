/* SPDX-License-Identifier: Apache-2.0 */
/* page_record.h: parts of the record page. */
#ifndef LINLI_WEB_PAGE_RECORD_H
#define LINLI_WEB_PAGE_RECORD_H

#include "model/record.h"
#include "web/request.h"

/* 经过: who did what when, what it changed from what to what, and the reason that was given. Values stand in the
 * trail masked where they are personal; ?history= asks for more entries. */
int page_history(struct req *q, const struct record *r, struct err *e);

#endif
