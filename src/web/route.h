/* SPDX-License-Identifier: Apache-2.0 */
/* route.h: the one table of everything the server answers.
 *
 * A row says method, path, who may, how it runs, whether a token against forged forms is asked for and how large a
 * body may be; dispatch.c enforces the columns, so a handler need not. The macro takes every column: a row without
 * a permission cannot be written by accident (MAY_NONE must be spelt), and routes_check refuses a zeroed row at
 * start.
 *
 * Patterns: "/r/:register/:id" captures two segments for req_arg(); the first row that fits wins, so literal rows
 * stand before those that capture. HEAD is answered by the GET row. */
#ifndef LINLI_WEB_ROUTE_H
#define LINLI_WEB_ROUTE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/perm.h"

struct req;

enum route_class {
    FAST,  /* on the request's own thread; the reader stops a query that takes too long, and a GET that was stopped
              runs again in the lane */
    HASH,  /* a password hash: in the lane, before everything else and with a worker of its own */
    FILES, /* an attachment: in the lane, with a queue and a worker of its own; sent piece by piece */
    HEAVY, /* in the lane: two workers, a bounded queue, 503 when it is full. Reports, imports, exports, uploads */
    WRITE, /* handler on the request's thread ends in req_write(); the connection is parked until the commit */
    ROUTE_CLASS__MAX
};

enum csrf_rule {
    CSRF_NONE, /* reads; anything else must have a reason written beside it */
    CSRF_FORM, /* form field _csrf or header X-CSRF-Token must match the session (or, without login, the visitor) */
    CSRF_API,  /* as CSRF_FORM with a session cookie; a bearer token in the header needs none */
    CSRF__MAX
};

/* Answers the request: writes q->out, or calls a resp_… or req_write. 0, or -1 with *e: the standard error page or
 * JSON with the code's HTTP status. */
typedef int (*handler_fn)(struct req *q, struct err *e);

struct route {
    const char *method, *path;
    handler_fn fn;
    int may; /* enum permission + 1, so that 0 is "forgotten" */
    enum route_class cls;
    enum csrf_rule csrf;
    size_t body;       /* ceiling in bytes; 0: none is taken */
    const char *label; /* for linli routes: what it is for */
};
#define ROUTE(method, path, fn, may, cls, csrf, body, label)                                                       \
    {                                                                                                              \
        method, path, fn, (int)(may) + 1, cls, csrf, body, label                                                   \
    }

#define BODY_NONE ((size_t)0)
#define BODY_SMALL ((size_t)64 * 1024)
#define BODY_FORM ((size_t)10 * 1024 * 1024) /* forms and JSON, held in memory */
#define BODY_UPLOAD                                                                                                \
    ((size_t)50 * 1024 * 1024) /* multipart with files, streamed to temporary files: class HEAVY                   \
                                */

#define ROUTE_ARGS 8 /* captures in one pattern */
struct route_args {
    size_t n;
    const char *name[ROUTE_ARGS];  /* points into the pattern: ends at a slash or at its end */
    const char *value[ROUTE_ARGS]; /* decoded, held by the arena */
};

extern const struct route routes[];
extern const size_t routes_count;

/* Every row has method, path, handler, permission and label; writes ask for a token or are listed; no row is hidden
 * behind an earlier one. Called before the server listens. */
int routes_check(struct err *e);
/* The row for a method and a path of decoded segments. NULL: no such path, or (*other) the path exists with another
 * method. "HEAD" finds GET. */
const struct route *routes_find(struct route_args *args, bool *other, const char *method, const char *const *seg,
                                size_t nseg);
/* linli routes: the table as text or JSON. */
void routes_text(struct buf *out);
void routes_json(struct buf *out);
const char *route_class_word(enum route_class c);

#endif
