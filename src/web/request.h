/* SPDX-License-Identifier: Apache-2.0 */
/* request.h: one request and its answer, as handlers see them.
 *
 *   int page_visit(struct req *q, struct err *e)
 *   {
 *       const struct reg *r = schema_reg(q->view.schema, req_arg(q, "register"));
 *       if (!r)
 *           return err_set(e, ERR_MISSING, "没有这个台账。");
 *       html_raw(&q->out, "<h1>"); html_text(&q->out, label_in(&r->label, q->lang)); html_raw(&q->out, "</h1>");
 *       return 0;                             200, text/html, built whole, then sent
 *   }
 *
 * A write ends in req_write(): its function runs on the writer inside a savepoint, writes the answer as well (the
 * answer is kept under the idempotency key in the same transaction), and nothing is sent before COMMIT returned:
 *
 *   static int save_in(struct req *q, struct db *d, void *arg, struct err *e)
 *   {
 *       …record_save_in(d, &s, r, &what, e)…
 *       return resp_redirect(q, req_printf(q, "/r/%s/%lld", …));
 *   }
 *   int page_save(struct req *q, struct err *e)
 *   {
 *       …read the form into r…
 *       return req_write(q, save_in, form_again, r);   form_again writes the form with what was wrong
 *   }
 */
#ifndef LINLI_WEB_REQUEST_H
#define LINLI_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/lang.h"
#include "format/urlenc.h"
#include "model/perm.h"
#include "store/store.h"
#include "web/route.h"

#define REQ_HEADERS_MAX (16 * 1024)
#define REQ_URL_MAX (8 * 1024)
#define REQ_FIELDS_MAX 1000
#define IDEM_KEY_MAX 200
#define REQ_OUT_MAX ((size_t)32 * 1024 * 1024) /* a page; larger things go through resp_file */

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_OTHER };

/* The headers we look at; every other one is passed over. */
enum head {
    HEAD_HOST,
    HEAD_COOKIE,
    HEAD_CONTENT_TYPE,
    HEAD_CONTENT_LENGTH,
    HEAD_TRANSFER_ENCODING,
    HEAD_ACCEPT,
    HEAD_ACCEPT_ENCODING,
    HEAD_ACCEPT_LANGUAGE,
    HEAD_AUTHORIZATION,
    HEAD_IF_NONE_MATCH,
    HEAD_IF_MATCH,
    HEAD_ORIGIN,
    HEAD_SEC_FETCH_SITE,
    HEAD_PREFER,
    HEAD_IDEMPOTENCY_KEY,
    HEAD_CSRF,
    HEAD_HX_REQUEST,
    HEAD_FORWARDED_FOR,
    HEAD_FORWARDED_PROTO,
    HEAD_USER_AGENT,
    HEAD_REFERER,
    HEAD_EXPECT,
    HEAD_CONTENT_ENCODING,
    HEAD__MAX
};

/* An uploaded file in a temporary place; removed with the request unless upload_keep was called. */
struct upload {
    const char *field, *name, *type; /* name: the last part of what the browser said, cleaned */
    const char *path;
    int64_t size;
};

struct login; /* session.h */
struct http;
struct conn;
struct multipart;
struct deferred;
struct part;

typedef int (*req_write_fn)(struct req *q, struct db *d, void *arg, struct err *e);
typedef int (*req_rebuild_fn)(struct req *q, struct db *d, const char *kept, struct err *e);
typedef int (*req_failed_fn)(struct req *q, void *arg, struct err *e);

struct resp_header {
    const char *name, *value;
};

struct req {
    struct arena *a; /* everything of this request; reset when the answer is sent */
    struct site *site;
    struct view view;          /* schema and trees, held for the whole request */
    const struct actor *actor; /* never NULL; without login an actor without grants */
    const struct login *login; /* who has logged in, NULL: nobody; see session.h */
    struct db *db;             /* this thread's reader */
    const struct route *route;
    struct route_args args;
    enum method method;
    const char *target; /* path and query as sent, e.g. for "come back here": /r/visit?state=open */
    const char *path;   /* path as sent (percent-encoded) */
    const char *query_string;
    struct params query, form; /* form: urlencoded or multipart text fields */
    struct upload *uploads;
    size_t nuploads, cap_uploads;
    struct buf body; /* JSON and other bodies, whole */
    const char *head[HEAD__MAX];
    const char *ip; /* the client's address; behind a trusted proxy the one it names */
    bool secure;    /* came by TLS, here or at the proxy */
    bool htmx;
    bool api; /* path under /api/: errors are JSON */
    enum lang lang;
    char id[24];     /* request id */
    int64_t started; /* monotonic microseconds */

    struct buf out;    /* the answer's body */
    int status;        /* 200 unless set */
    const char *type;  /* "text/html; charset=utf-8" unless set; texts over 1 KiB are compressed where accepted */
    const char *cache; /* Cache-Control: "no-store" unless set */
    struct resp_header *headers;
    size_t nheaders, cap_headers;
    int64_t size;      /* bytes of the answer's body as it goes out */
    const char *file;  /* resp_file: sent instead of out */
    const char *fixed; /* bytes that outlive the request, sent instead of out */
    size_t fixed_len;

    /* The core's own. */
    struct http *http;
    struct conn *conn;
    void *mhd;
    struct params cookies;
    struct buf packed; /* out, compressed */
    size_t target_len;
    int64_t declared; /* Content-Length, 0 without */
    const char *method_word;
    int nhead;
    bool conn_loopback, proxied;
    const char *form_error; /* what was wrong with the body's format */
    int body_status;
    struct multipart *multipart;
    struct part *part;
    int64_t body_seen;
    int phase;
    bool counted, held, answered, close, bearer, chunked, retry, precompressed;
    const char **temps;
    size_t ntemps, cap_temps;
    req_write_fn write;
    req_failed_fn write_failed;
    void *write_arg;
    bool write_again;       /* set by the handler: write may be called again after all it did has been undone */
    const char *keep;       /* set by write: kept for a retry in place of the answer, which holds personal values */
    req_rebuild_fn rebuild; /* set by the handler: what was kept becomes the answer to a retry */
    bool tried;             /* write was called before */
    struct map *options;    /* register's name → what a form offers of it, read once */
    const char *content;    /* hash of what was sent, once it was asked for */
    struct write_job job;
    int write_rc;
    struct err write_err;
    bool replayed, forget_logins;
    const char *csrf;
    struct deferred *deferred;
    struct req *next;
};

/* --- what was asked */

/* A capture of the route's pattern; "" never, NULL only if the pattern has no such name. */
const char *req_arg(const struct req *q, const char *name);
/* A capture that is an id (decimal, > 0), or -1 with ERR_MISSING. */
int req_arg_id(int64_t *out, const struct req *q, const char *name, struct err *e);
const char *req_query(const struct req *q, const char *name); /* first value in the address, NULL if absent */
int64_t req_query_int(const struct req *q, const char *name, int64_t otherwise);
const char *req_form(const struct req *q, const char *name); /* first value in the form, NULL if absent */
const char *req_cookie(const struct req *q, const char *name);
const struct upload *req_upload(const struct req *q, const char *field); /* first with a name, NULL if none */
/* Move an upload into the site's files, synced (heavy routes only): its hash, ready for attachment_insert. */
int upload_keep(struct req *q, const struct upload *u, char sha[65], int64_t *size, struct err *e);
const char *req_printf(struct req *q, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A text in the request's language. */
const char *req_tr(struct req *q, const char *hans);
/* Call fn(p) when the request is over: for what is not in the arena. */
void req_defer(struct req *q, void (*fn)(void *p), void *p);
/* May the actor do this (unit 0: anywhere)? */
bool req_may(const struct req *q, enum permission p, int64_t unit);

/* --- forms */

/* The token against forged forms, fresh for each answer: <input type=hidden name=_csrf value=…>. */
const char *req_csrf(struct req *q);
/* A new idempotency key for a form: <input type=hidden name=_once value=…>. */
const char *req_once(struct req *q);

/* --- the answer; the int ones return 0 so that a handler can return them */

void resp_header(struct req *q, const char *name, const char *value); /* no line ends in value */
/* max_age in seconds; 0 forgets it, -1 for the browser's session. HttpOnly, SameSite=Lax, Secure with TLS. */
void resp_cookie(struct req *q, const char *name, const char *value, int64_t max_age);
int resp_redirect(struct req *q, const char *location); /* 303; only addresses of this site (begin with one /) */
int resp_json(struct req *q, int status);               /* q->out holds it */
/* q->out as a download under this name (any UTF-8). */
int resp_download(struct req *q, const char *type, const char *filename);
/* A file from disk, streamed; filename NULL: shown inline. */
int resp_file(struct req *q, const char *path, const char *type, const char *filename);
/* A path for a temporary file that is removed after the answer (exports: write, then resp_file). */
const char *req_temp(struct req *q, struct err *e);

/* --- writes */

/* After the handler has returned: run fn on the writer in a savepoint, answer after the commit. fn writes the
 * answer (resp_redirect, resp_json, q->out) on success. The idempotency key is the header Idempotency-Key or the
 * form field _once: a key this user has used before gives the kept answer without running fn (not on routes that
 * ask for no login: nothing of those is kept). If fn fails, what it did and wrote is forgotten and failed runs on a
 * request thread to write the answer (it may return -1 with *e for the standard one, which is also what NULL does).
 * q->db is not to be used inside fn: use d. */
int req_write(struct req *q, req_write_fn fn, req_failed_fn failed, void *arg);
/* Has this user's form been saved already, so that req_write will give the kept answer? Read from q->db. */
bool req_sent_before(struct req *q);

#endif
