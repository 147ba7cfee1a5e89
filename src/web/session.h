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
    uint64_t era;          /* grows with login_forget_all: what was read before is read again */
};

/* Fill q->login and q->actor from the cookie or the bearer token; no login is no error. */
int login_enter(struct req *q, struct err *e);
void login_leave(struct req *q);
/* Inside a req_write function: start a session for a user; sets the cookie and the token of
 * forms (req_csrf) unless bearer, gives the token. */
int login_open(struct req *q, struct db *d, int64_t user, bool bearer, char token[TOKEN_CHARS + 1], struct err *e);
/* After changes to users, grants or sessions have been committed. req_write does it by itself for every route that
 * needs MAY_ADMIN and for login and logout. */
void login_forget_all(void);

/* 0, or -1 with ERR_DENIED: the token of the form or header does not belong to this session or visitor. */
int csrf_check(struct req *q, struct err *e);

/* --- again.c: a form that came when its session was over */
/* Was it sent by our own page, and is it small enough to keep? Asked before its body is read. */
bool again_possible(const struct req *q);
/* The login page with what was typed in it, then (again_kept: such a login page was sent) in place of the redirect
 * a page that sends it on. */
void again_login(struct req *q);
bool again_kept(const struct req *q);
void again_fields(struct req *q); /* on with them, when the password was wrong */
int again_send(struct req *q, const char *to);
/* Logged in, but the page's token is another session's: the same with a token of this one. */
void again_fresh(struct req *q);

/* The login page's form, open for more hidden fields; to: where it leads. */
void login_form(struct req *q, const char *to, const char *error);
void login_form_end(struct req *q);

/* --- the pages of login.c */
int page_login(struct req *q, struct err *e);
int page_login_post(struct req *q, struct err *e);
int page_logout(struct req *q, struct err *e);
int page_password(struct req *q, struct err *e);
int page_password_post(struct req *q, struct err *e);
int page_twostep(struct req *q, struct err *e);
int page_twostep_post(struct req *q, struct err *e);
int page_lang(struct req *q, struct err *e);
int api_session_post(struct req *q, struct err *e);
int api_session_delete(struct req *q, struct err *e);

#endif
