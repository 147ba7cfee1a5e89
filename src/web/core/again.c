/* SPDX-License-Identifier: Apache-2.0 */
/* again.c: a record's form that came when its session was over: what was typed is kept on the page, through the
 * login, until it is sent once more. */
#include <string.h>

#include "format/html.h"
#include "web/fault.h"
#include "web/page.h"
#include "web/session.h"

#define KEPT "k." /* what is kept is called so, followed by its name in the form */
#define KEPT_BYTES ((int64_t)(BODY_SMALL / 2))
#define SHOWN_BYTES 2000 /* of each value */

/* Only what our own page sent: nobody is to log in and find a stranger's words ready to be saved. */
static bool from_here(const struct req *q)
{
    const char *site = q->head[HEAD_SEC_FETCH_SITE], *origin = q->head[HEAD_ORIGIN], *host = q->head[HEAD_HOST];
    const char *at = origin ? strstr(origin, "://") : NULL;

    return site ? strcmp(site, "same-origin") == 0 : at && host && strcmp(at + 3, host) == 0;
}

bool again_possible(const struct req *q)
{
    const char *type = q->head[HEAD_CONTENT_TYPE];

    bool form =
        type && (strncmp(type, "application/x-www-form-urlencoded", 33) == 0 ||
                 strncmp(type, "multipart/form-data", 19) == 0); /* its files, if so small, are chosen again */
    return q->method == METHOD_POST && q->route->may == MAY_WRITE + 1 && q->route->csrf == CSRF_FORM && !q->api &&
           !q->htmx && q->declared > 0 && q->declared <= KEPT_BYTES && form && from_here(q);
}

/* The fields of the form that begin with a prefix, called so with another in its place. */
static void fields(struct req *q, const char *was, const char *now)
{
    for (size_t i = 0; i < q->form.n; i++) {
        const char *name = q->form.v[i].name;
        if (strcmp(name, "_csrf") != 0 && strncmp(name, was, strlen(was)) == 0)
            html_hidden(&q->out, req_printf(q, "%s%s", now, name + strlen(was)), q->form.v[i].value);
    }
}

void again_fields(struct req *q)
{
    fields(q, KEPT, KEPT);
}

/* The register that a form of this address belongs to: /r/NAME…; or NULL. */
static const struct reg *reg_of(struct req *q, const char *to)
{
    if (strncmp(to, "/r/", 3) != 0)
        return NULL;
    return schema_reg(q->view.schema, arena_strn(q->a, to + 3, strcspn(to + 3, "/?")));
}

/* What was typed, for whoever is about to send it: words and numbers; what was chosen goes along unseen. */
static void typed(struct req *q, const char *to, const char *prefix)
{
    const struct reg *r = reg_of(q, to);
    struct buf *b = &q->out;

    html_raw(b, "<dl class=known>");
    for (size_t i = 0; r && i < q->form.n; i++) {
        const char *name = q->form.v[i].name, *v = q->form.v[i].value;
        const struct field *f =
            strncmp(name, prefix, strlen(prefix)) == 0 ? reg_field(r, name + strlen(prefix)) : NULL;
        if (!f || !*v || !type_is_text(f->type) || f->nchoices || f->cls == CLASS_PROTECTED)
            continue;
        html_elem(b, "dt", label_in(&f->label, q->lang));
        html_elem(b, "dd", arena_strn(q->a, v, strnlen(v, SHOWN_BYTES)));
    }
    html_raw(b, "</dl>");
}

void again_login(struct req *q)
{
    buf_clear(&q->out);
    q->status = 401;
    resp_header(q, "WWW-Authenticate", "Form");
    login_form(q, q->path, "登录已过期，您填写的内容还在。登录后即可接着保存。");
    fields(q, "", KEPT);
    login_form_end(q);
}

bool again_kept(const struct req *q)
{
    for (size_t i = 0; i < q->form.n; i++)
        if (strncmp(q->form.v[i].name, KEPT, strlen(KEPT)) == 0)
            return true;
    return false;
}

static void send_form(struct req *q, const char *to)
{
    struct buf *b = &q->out;

    html_raw(b, "<form method=post");
    html_set(b, "action", to);
    html_raw(b, ">");
    html_hidden(b, "_csrf", req_csrf(q));
}

static void send_end(struct req *q)
{
    html_raw(&q->out, "<div class=acts><button class=main>");
    html_text(&q->out, req_tr(q, "接着保存"));
    html_raw(&q->out, "</button>");
    html_link(&q->out, "/", req_tr(q, "取消"));
    html_raw(&q->out, "</div></form>");
}

int again_send(struct req *q, const char *to)
{
    if (!to || to[0] != '/' || to[1] == '/' || to[1] == '\\')
        return resp_redirect(q, "/");
    plain_begin(q, req_tr(q, "已登录，内容还没有保存"));
    html_elem(&q->out, "h1", req_tr(q, "已登录，内容还没有保存"));
    html_elem(&q->out, "p", req_tr(q, "请核对您刚才填写的："));
    typed(q, to, KEPT);
    send_form(q, to);
    fields(q, KEPT, "");
    send_end(q);
    plain_end(q);
    return 0;
}

void again_fresh(struct req *q)
{
    struct buf *b = &q->out;

    buf_clear(b);
    q->status = 403;
    page_begin(q, &(struct page){.title = "还没有保存", .place = PLACE__MAX});
    html_elem(b, "p", req_tr(q, "页面停留过久或登录已变，这次提交没有执行。请核对您刚才填写的，再保存一次："));
    typed(q, q->path, "");
    send_form(q, q->path);
    fields(q, "", "");
    send_end(q);
    page_end(q);
}
