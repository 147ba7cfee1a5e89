/* SPDX-License-Identifier: Apache-2.0 */
/* session.h: who is asking.
 *
 * The cookie holds a random token; the database holds its SHA-256. A living session is kept in each request
 * thread's memory and read again after session_forget_all(), which everything calls that changes users, grants or
 * sessions. */
#ifndef LINLI_WEB_SESSION_H
#define LINLI_WEB_SESSION_H

#include "web/request.h"

#define SESSION_COOKIE "linli"
#define VISITOR_COOKIE "linli_visitor"

struct session_now; /* the cached object behind struct session */

struct session {
    int64_t user;
    const char *login, *name;
    struct actor actor;
    const char *token_hash; /* SHA-256 hex */
    char csrf[33];          /* 32 hex characters */
    int64_t created, seen;
};

/* Fill q->session and q->actor from the cookie or the bearer token; no login is no error. */
int session_enter(struct req *q, struct err *e);
void session_leave(struct req *q);
/* Inside a req_write function: start a session for a user; sets the cookie unless bearer, gives the token. */
int session_open(struct req *q, struct db *d, int64_t user, char token[33], struct err *e);
/* After changes to users, grants or sessions have been committed (req_write does it for routes that need
 * MAY_ADMIN). */
void session_forget_all(void);

/* 0, or -1 with ERR_DENIED: the token of the form or header does not belong to this session or visitor. */
int csrf_check(struct req *q, struct err *e);

#endif
