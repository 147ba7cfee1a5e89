/* SPDX-License-Identifier: Apache-2.0 */
/* pages.h: the handlers of the pages, one line each; routes.c says where they stand. */
#ifndef LINLI_WEB_PAGES_H
#define LINLI_WEB_PAGES_H

#include "web/request.h"

#endif
