/* SPDX-License-Identifier: Apache-2.0 */
/* request.c: what was asked and what is answered, as handlers see it. */
#include "web/request.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "format/html.h"
#include "format/urlenc.h"
#include "store/files.h"
#include "web/http_inner.h"

const char *req_arg(const struct req *q, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < q->args.n; i++)
        if (strncmp(q->args.name[i], name, n) == 0 && (q->args.name[i][n] == '/' || q->args.name[i][n] == '\0'))
            return q->args.value[i];
    return NULL;
}

int req_arg_id(int64_t *out, const struct req *q, const char *name, struct err *e)
{
    const char *s = req_arg(q, name);
    char *end;

    *out = 0;
    if (s && *s >= '1' && *s <= '9' && strlen(s) <= 19)
        *out = strtoll(s, &end, 10);
    if (*out > 0 && *end == '\0' && *out < INT64_MAX)
        return 0;
    *out = 0;
    return err_set(e, ERR_MISSING, "网址里的编号“%.40s”不对，没有这一条。请从列表重新打开。", s ? s : "");
}

const char *req_query(const struct req *q, const char *name)
{
    return params_get(&q->query, name);
}

int64_t req_query_int(const struct req *q, const char *name, int64_t otherwise)
{
    const char *s = req_query(q, name);
    int64_t v = s ? parse_count(s) : -1;

    return v < 0 ? otherwise : v;
}

const char *req_form(const struct req *q, const char *name)
{
    return params_get(&q->form, name);
}

const char *req_cookie(const struct req *q, const char *name)
{
    return params_get(&q->cookies, name);
}

const struct upload *req_upload(const struct req *q, const char *field)
{
    for (size_t i = 0; i < q->nuploads; i++)
        if (strcmp(q->uploads[i].field, field) == 0)
            return &q->uploads[i];
    return NULL;
}

int upload_keep(struct req *q, const struct upload *u, char sha[65], int64_t *size, struct err *e)
{
    struct file_in *in = NULL;
    char piece[64 * 1024];
    ssize_t n = 0;
    int fd = open(u->path, O_RDONLY | O_CLOEXEC), rc = -1;

    if (fd < 0)
        return err_log(e, "cannot read upload %s", u->path);
    if (file_in_begin(&in, store_dir(q->site->store), (int64_t)BODY_UPLOAD, e) < 0)
        goto out;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        if (file_in_add(in, piece, (size_t)n, e) < 0) {
            file_in_drop(in);
            goto out;
        }
    if (n < 0) {
        file_in_drop(in);
        err_log(e, "cannot read upload %s", u->path);
        goto out;
    }
    rc = file_in_end(in, sha, size, e);
    if (rc == FILES_UNSYNCED) {
        store_give_up(q->site->store, e);
        rc = -1;
    }
out:
    close(fd);
    return rc;
}

const char *req_printf(struct req *q, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(q->a, fmt, ap);
    va_end(ap);
    return s;
}

const char *req_tr(struct req *q, const char *hans)
{
    return q->lang == LANG_HANS ? hans : lang_tr(q->a, q->lang, hans);
}

struct deferred {
    void (*fn)(void *p);
    void *p;
    struct deferred *next;
};

void req_defer(struct req *q, void (*fn)(void *p), void *p)
{
    struct deferred *d = arena_alloc(q->a, sizeof *d);

    *d = (struct deferred){fn, p, q->deferred};
    q->deferred = d;
}

void req_deferred(struct req *q)
{
    for (struct deferred *d = q->deferred; d; d = d->next)
        d->fn(d->p);
    q->deferred = NULL;
}

bool req_may(const struct req *q, enum permission p, int64_t unit)
{
    return actor_may(&q->view, q->actor, p, unit);
}

const char *req_once(struct req *q)
{
    char word[25];

    sec_word(word, sizeof word - 1);
    return arena_str(q->a, word);
}

const char *req_temp(struct req *q, struct err *e)
{
    char word[25];
    const char *path;

    sec_word(word, sizeof word - 1);
    path = req_printf(q, "%s/tmp/%s", store_dir(q->site->store), word);
    if (dir_make(req_printf(q, "%s/tmp", store_dir(q->site->store)), 0700, e) < 0)
        return NULL;
    VEC_PUSH(q->a, q->temps, q->ntemps, q->cap_temps) = path;
    return path;
}

/* --- the answer */

void resp_header(struct req *q, const char *name, const char *value)
{
    if (!value || strpbrk(value, "\r\n"))
        return;
    VEC_PUSH(q->a, q->headers, q->nheaders, q->cap_headers) = (struct resp_header){name, value};
}

void resp_cookie(struct req *q, const char *name, const char *value, int64_t max_age)
{
    const char *age = max_age < 0 ? "" : req_printf(q, "; Max-Age=%lld", (long long)max_age);

    resp_header(
        q, "Set-Cookie",
        req_printf(q, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", name, value, age, q->secure ? "; Secure" : ""));
}

/* An address of this site: one slash, then no second one, and nothing a browser would drop or turn around. */
static bool here(const char *s)
{
    if (s[0] != '/' || s[1] == '/' || s[1] == '\\')
        return false;
    for (; *s; s++)
        if ((unsigned char)*s <= 32 || (unsigned char)*s >= 127 || *s == '\\')
            return false;
    return true;
}

int resp_redirect(struct req *q, const char *location)
{
    q->status = 303;
    buf_clear(&q->out);
    resp_header(q, "Location", location && here(location) ? location : "/");
    return 0;
}

int resp_json(struct req *q, int status)
{
    q->status = status;
    q->type = "application/json; charset=utf-8";
    return 0;
}

static void attachment(struct req *q, const char *filename)
{
    struct buf b;
    char *plain = arena_str(q->a, filename);

    buf_init(&b, 4096);
    for (char *p = plain; *p; p++)
        if ((unsigned char)*p < 32 || (unsigned char)*p > 126 || strchr("\"\\%;", *p))
            *p = '_';
    html_url(&b, filename);
    resp_header(q, "Content-Disposition",
                req_printf(q, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, buf_cstr(&b)));
    buf_done(&b);
}

int resp_download(struct req *q, const char *type, const char *filename)
{
    q->type = type;
    attachment(q, filename);
    return 0;
}

int resp_file(struct req *q, const char *path, const char *type, const char *filename)
{
    q->file = arena_str(q->a, path);
    q->type = type;
    if (filename)
        attachment(q, filename);
    return 0;
}

int req_write(struct req *q, req_write_fn fn, req_failed_fn failed, void *arg)
{
    q->write = fn;
    q->write_failed = failed;
    q->write_arg = arg;
    return 0;
}
