/* SPDX-License-Identifier: Apache-2.0 */
/* listen.h: the listening socket. Private to the core. */
#ifndef LINLI_WEB_LISTEN_H
#define LINLI_WEB_LISTEN_H

#include <stdbool.h>

#include "base/err.h"

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "*:8080"; port 0 takes a free one. anywhere false: only
 * loopback is allowed (ERR_REFUSED). ERR_CONFLICT when the port is taken. */
int listen_open(int *fd, int *port, const char *where, bool anywhere, struct err *e);

#endif
