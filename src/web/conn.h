/* SPDX-License-Identifier: Apache-2.0 */
/* conn.h: open connections and the watch that cuts slow ones. Private to the core.
 *
 * libmicrohttpd's own timeout begins anew with every byte, so that a byte every ten seconds holds a connection for
 * ever. Each connection therefore notes in which phase it is and since when; once a second the watch shuts down
 * those that are over the phase's time. Nothing is locked on a request's way. */
#ifndef LINLI_WEB_CONN_H
#define LINLI_WEB_CONN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum conn_phase { CONN_IDLE, CONN_HEADERS, CONN_BODY, CONN_RUN, CONN_SEND, CONN_PHASE__MAX };

struct req;
struct conn {
    int fd;
    char ip[48];
    bool loopback;
    _Atomic int phase;
    _Atomic int64_t since; /* monotonic ms */
    _Atomic int64_t bytes; /* of the body so far, or of the answer: a second more for each 64 KiB */
    struct req *pending;   /* its first line is there, its headers not yet */
    struct conn *prev, *next;
};

struct watch;

int64_t mono_us(void);
/* limits in ms by phase, 0: none. */
int watch_start(struct watch **out, const int limits[CONN_PHASE__MAX], struct err *e);
void watch_stop(struct watch *w);
struct conn *watch_open(struct watch *w, int fd, const void *sockaddr);
void watch_close(struct watch *w, struct conn *c);
void conn_phase(struct conn *c, enum conn_phase p);
int64_t watch_count(struct watch *w); /* open connections */

#endif
