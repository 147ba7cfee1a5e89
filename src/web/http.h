/* SPDX-License-Identifier: Apache-2.0 */
/* http.h: the server. libmicrohttpd stands behind http.c and nowhere else.
 *
 * Worker threads with epoll, one per core. Before anything is dispatched a request is refused (400 and close) that
 * has two Host or Content-Length headers, both Content-Length and Transfer-Encoding, an unknown transfer or content
 * encoding, or a target that is not a clean path; 431 over 16 KiB of headers, 414 over 8 KiB of address, 413 over
 * the route's body. A watch closes connections that are slow in sending headers or body or in reading. */
#ifndef LINLI_WEB_HTTP_H
#define LINLI_WEB_HTTP_H

#include "model/site.h"
#include "web/request.h"

struct http_options {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:8080", "*:8080"; port 0 takes a free one */
    const char *tls_cert; /* PEM files, both or neither */
    const char *tls_key;
    bool insecure;   /* listen beyond loopback without TLS, on purpose */
    bool proxy;      /* a proxy on loopback is trusted for X-Forwarded-For and -Proto */
    int threads;     /* 0: one per core */
    int connections; /* 0: 4096 in all */
    int per_address; /* 0: 1024, since a whole office may come from one; not counted behind a proxy */
    int header_ms, body_ms, idle_ms, send_ms; /* 0: 15 s, 60 s, 30 s, 300 s; body and send 1 s more per 64 KiB */
};

/* ERR_REFUSED for an address beyond loopback without TLS, ERR_CONFLICT if the port is taken. */
int http_start(struct http **out, struct site *s, const struct http_options *o, struct err *e);
int http_port(const struct http *h);
/* Stop accepting, let running requests finish (at most 30 s), end the threads. */
void http_stop(struct http *h);
/* Start, print the address, wait for SIGTERM or SIGINT (or for the store to fail: ERR_IO), stop. */
int http_serve(struct site *s, const struct http_options *o, struct err *e);

/* --- for dispatch and lane: park a connection and wake it from any thread */
void http_park(struct req *q);
void http_wake(struct req *q);
bool http_stopping(const struct http *h);
bool http_trusts_proxy(const struct http *h);

#endif
