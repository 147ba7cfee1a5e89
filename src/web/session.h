/* SPDX-License-Identifier: Apache-2.0 */
/* session.h: who is asking.
 *
 * The cookie holds a random token; the database holds its SHA-256. A living session is kept in each request
 * thread's memory and read again after login_forget_all(), which everything calls that changes users, grants or
 * sessions. */
#ifndef LINLI_WEB_SESSION_H
#define LINLI_WEB_SESSION_H

#include "web/request.h"

#define SESSION_COOKIE "linli"
#define VISITOR_COOKIE "linli_visitor"
#define TOKEN_CHARS 32

struct login {
    int64_t user;
    const char *account, *name; /* what is typed to log in; what is shown */
    struct actor actor;
    char token_hash[65];
    char csrf[33];         /* 32 hex characters */
    int64_t created, seen; /* instants */
};

/* Fill q->login and q->actor from the cookie or the bearer token; no login is no error. */
int login_enter(struct req *q, struct err *e);
void login_leave(struct req *q);
/* Inside a req_write function: start a session for a user; sets the cookie unless bearer, gives the token. */
int login_open(struct req *q, struct db *d, int64_t user, bool bearer, char token[TOKEN_CHARS + 1], struct err *e);
/* After changes to users, grants or sessions have been committed. req_write does it by itself for every route that
 * needs MAY_ADMIN and for login and logout. */
void login_forget_all(void);

/* 0, or -1 with ERR_DENIED: the token of the form or header does not belong to this session or visitor. */
int csrf_check(struct req *q, struct err *e);

/* --- the pages of login.c */
int page_login(struct req *q, struct err *e);
int page_login_post(struct req *q, struct err *e);
int page_logout(struct req *q, struct err *e);
int page_password(struct req *q, struct err *e);
int page_password_post(struct req *q, struct err *e);
int page_lang(struct req *q, struct err *e);
int api_session_post(struct req *q, struct err *e);
int api_session_delete(struct req *q, struct err *e);

#endif
