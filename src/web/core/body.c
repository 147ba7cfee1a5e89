/* SPDX-License-Identifier: Apache-2.0 */
/* body.c: what a request carries: forms, uploads, JSON. */
#include "web/body.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "format/multipart.h"
#include "format/urlenc.h"

#define SWALLOW ((int64_t)4 * 1024 * 1024) /* read past the ceiling before the connection is cut */

/* The part that is arriving. */
struct part {
    struct req *q;
    const char *name;
    bool file;
    int fd;
    struct buf text;
    struct upload up;
};

static void wrong(struct req *q, int status, const char *what)
{
    if (q->body_status)
        return;
    q->body_status = status;
    q->form_error = what;
}

/* The last part of a path as any system writes it, without control characters. */
static const char *clean_name(struct arena *a, const char *s)
{
    const char *slash = strrchr(s, '/'), *back = strrchr(s, '\\');
    const char *from = slash > back ? slash : back;
    char *out = text_clean(a, from ? from + 1 : s);

    for (char *p = out; *p; p++)
        if ((unsigned char)*p < 32 || *p == 127)
            *p = '_';
    return strcmp(out, ".") == 0 || strcmp(out, "..") == 0 ? "" : out;
}

static int part_begin(void *arg, const char *name, const char *filename, const char *type)
{
    struct part *pt = arg;
    struct req *q = pt->q;
    struct err e = {0};

    if (q->form.n + q->nuploads >= REQ_FIELDS_MAX)
        return 413;
    pt->name = arena_str(q->a, name);
    pt->file = filename != NULL;
    if (!pt->file) {
        buf_clear(&pt->text);
        return 0;
    }
    pt->up = (struct upload){.field = pt->name, .name = clean_name(q->a, filename), .type = type ? type : ""};
    if (!*pt->up.name)
        return 0; /* an empty file field */
    pt->up.path = req_temp(q, &e);
    pt->fd = pt->up.path ? open(pt->up.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    return pt->fd < 0 ? 500 : 0;
}

static int part_data(void *arg, const void *p, size_t n)
{
    struct part *pt = arg;

    if (!pt->file) {
        buf_add(&pt->text, p, n);
        return buf_overflow(&pt->text) ? 413 : 0;
    }
    if (pt->fd < 0)
        return 0;
    for (size_t done = 0; done < n;) {
        ssize_t w = write(pt->fd, (const char *)p + done, n - done);
        if (w <= 0)
            return 500;
        done += (size_t)w;
    }
    pt->up.size += (int64_t)n;
    return 0;
}

static int part_end(void *arg)
{
    struct part *pt = arg;
    struct req *q = pt->q;

    if (pt->file) {
        if (pt->fd < 0)
            return 0;
        close(pt->fd);
        pt->fd = -1;
        VEC_PUSH(q->a, q->uploads, q->nuploads, q->cap_uploads) = pt->up;
        return 0;
    }
    if (memchr(buf_cstr(&pt->text), 0, pt->text.n) || !utf8_valid(buf_cstr(&pt->text), pt->text.n))
        return 400;
    params_add(&q->form, q->a, pt->name, arena_strn(q->a, buf_cstr(&pt->text), pt->text.n));
    return 0;
}

int body_begin(struct req *q)
{
    struct part *pt;

    buf_clear(&q->body);
    q->body.max = q->route && q->route->body < BODY_FORM ? q->route->body : BODY_FORM;
    if (!media_is(q->head[HEAD_CONTENT_TYPE], "multipart/form-data"))
        return 0;
    pt = arena_alloc(q->a, sizeof *pt);
    pt->q = q;
    pt->fd = -1;
    buf_init(&pt->text, BODY_FORM);
    q->part = pt;
    q->multipart = multipart_new(q->a, q->head[HEAD_CONTENT_TYPE],
                                 &(struct multipart_sink){part_begin, part_data, part_end, pt});
    if (q->multipart)
        return 0;
    wrong(q, 400, "表单格式不完整（multipart 缺少 boundary）。请刷新页面后重新提交。");
    return -1;
}

int body_add(struct req *q, const char *p, size_t n)
{
    int64_t max = q->route ? (int64_t)q->route->body : 0;
    int rc;

    q->body_seen += (int64_t)n;
    if (q->body_seen > max) {
        wrong(q, 413, NULL);
        return q->body_seen > max + SWALLOW ? -1 : 0;
    }
    if (q->body_status)
        return 0;
    if (!q->multipart) {
        buf_add(&q->body, p, n);
        if (buf_overflow(&q->body))
            wrong(q, 413, NULL);
        return 0;
    }
    rc = multipart_feed(q->multipart, p, n);
    if (rc)
        wrong(q, rc < 0 ? 400 : rc, rc < 0 ? "上传的内容格式不完整，请重新选择文件后提交。" : NULL);
    return 0;
}

void body_end(struct req *q)
{
    enum parsed rc;

    if (q->body_status)
        return;
    if (q->multipart) {
        if (multipart_finish(q->multipart) < 0)
            wrong(q, 400, "上传中断，内容没有收全。请重新提交。");
        return;
    }
    if (!media_is(q->head[HEAD_CONTENT_TYPE], "application/x-www-form-urlencoded"))
        return;
    rc = parse_params(&q->form, q->a, buf_cstr(&q->body), q->body.n, REQ_FIELDS_MAX);
    if (rc == PARSED_BAD)
        wrong(q, 400, "表单内容读不出来（编码不是 UTF-8 或不完整）。请刷新页面后重新提交。");
    else if (rc == PARSED_MANY)
        wrong(q, 413, "表单的字段超过1000个。请分几次提交。");
}

void body_done(struct req *q)
{
    struct part *pt = q->part;

    if (pt) {
        if (pt->fd >= 0)
            close(pt->fd);
        buf_done(&pt->text);
    }
    multipart_free(q->multipart);
    for (size_t i = 0; i < q->ntemps; i++)
        unlink(q->temps[i]);
}
