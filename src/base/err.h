/* SPDX-License-Identifier: Apache-2.0 */
/* err.h: one error, passed explicitly as the last argument.
 *
 * A function that can fail returns 0 or -1 and fills *e. msg is for the person who uses Linli, in zh-Hans
 * (the web layer translates through the catalogue); it says what was read, what was expected, what to do.
 * log is for whoever runs the server and may hold file names and SQL state, never personal data. */
#ifndef LINLI_BASE_ERR_H
#define LINLI_BASE_ERR_H

enum err_code {
    ERR_NONE = 0,
    ERR_INPUT,    /* what was given is wrong; 422, exit 2 for usage is separate */
    ERR_DENIED,   /* not allowed; 403 */
    ERR_LOGIN,    /* who are you? 401 */
    ERR_MISSING,  /* no such thing, or none you may see; 404 */
    ERR_CONFLICT, /* somebody was faster, or the key is taken; 409 */
    ERR_TOOBIG,   /* over a ceiling; 413 */
    ERR_REFUSED,  /* a file that is refused as a whole; 415, exit 4 */
    ERR_BUSY,     /* try again; 503 */
    ERR_IO,       /* disk, database, network; 500 */
    ERR_BUG,      /* cannot happen; 500 */
    ERR__MAX
};

struct err {
    enum err_code code;
    char field[64]; /* the field it is about, or "" */
    char msg[768];  /* for the user */
    char log[512];  /* for us, may be "" */
};

/* Fill *e (e may be NULL) and return -1, so that a failing function can say: return err_set(e, …). */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int err_field(struct err *e, const char *field, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* An ERR_IO whose user message is general and whose log line is this. */
int err_log(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#ifdef __clang_analyzer__
/* The analyzer sees one file at a time: told here that these never return 0, it follows only real paths. */
static inline int err_always(int rc)
{
    return rc < 0 ? rc : -1;
}
#define err_set(...) err_always(err_set(__VA_ARGS__))
#define err_field(...) err_always(err_field(__VA_ARGS__))
#define err_log(...) err_always(err_log(__VA_ARGS__))
#endif
void err_clear(struct err *e);
int err_http(enum err_code code); /* the HTTP status */
int err_exit(
    enum err_code code); /* the exit code: 2 usage and input, 4 refused, 5 denied, 6 conflict, 7 busy, 8 I/O */
const char *err_word(enum err_code code); /* a stable word for APIs: "input", "denied" … */

#endif
