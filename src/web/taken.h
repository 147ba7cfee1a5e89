/* SPDX-License-Identifier: Apache-2.0 */
/* taken.h: what somebody took away in bulk, as its entry in the trail tells it. */
#ifndef LINLI_WEB_TAKEN_H
#define LINLI_WEB_TAKEN_H

#include "web/request.h"

/* Rows from which on a list with personal columns in the clear is taken in bulk. */
#define TAKEN_ROWS 50

/* {"rows":12,"by":"api","unit":"CODE","query":{"state":"open",…}}: the words of the address, no protected value
 * among them. by and unit may be NULL. */
const char *taken_detail(struct req *q, const struct reg *r, int64_t rows, const char *by, const char *unit);

#endif
