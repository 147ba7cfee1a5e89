/* SPDX-License-Identifier: Apache-2.0 */
/* fault.c: answers that say what went wrong: a page, or JSON under /api/. */
#include "web/fault.h"

#include <string.h>

#include "base/log.h"
#include "format/html.h"
#include "format/json.h"
#include "web/page.h"
#include "web/static_files.h"

/* What is said where the handler said nothing; hint: what to do. */
static const struct {
    int status;
    const char *word, *msg, *hint;
} faults[] = {
    {400, "request", "请求的格式不对，服务器没有处理。",
     "请从首页重新打开；如果是程序发来的请求，请核对请求头和编码。"},
    {401, "login", "还没有登录，或登录已过期。", "请登录后再试。"},
    {403, "denied", "您没有做这件事的权限。", "需要时请联系管理员。"},
    {404, "missing", "没有这个页面，或者您看不到它。", "请核对网址，或从首页、台账重新打开。"},
    {405, "method", "这个网址不接受这种操作。", "请从页面上的按钮操作。"},
    {409, "conflict", "这条内容刚刚被别人改过。", "请刷新后核对两边的内容，再保存。"},
    {413, "toobig", "提交的内容太大。", "表单不超过10兆、附件不超过50兆、字段不超过1000个；请分几次提交。"},
    {414, "address", "网址太长。", "网址不超过8千字节；请减少筛选条件。"},
    {415, "media", "这种内容读不了。", "请换成要求的格式。"},
    {422, "input", "填写的内容有误。", "请按提示改正后重新提交。"},
    {429, "slow", "操作太频繁。", "请稍等再试。"},
    {431, "headers", "请求头太大。", "请清除本站的 Cookie 后再试。"},
    {500, "io", "服务器出了问题，这次操作没有完成。", "请稍后重试；仍不行时，把页面下方的编号告诉管理员。"},
    {501, "method", "服务器不认识这种请求方法。", "请从页面上的按钮操作。"},
    {503, "busy", "服务器正忙。", "请稍等片刻再试。"},
    {505, "version", "不支持这个版本的 HTTP。", "请用 HTTP/1.1。"},
};

static void fault_json(struct req *q, int status, const char *word, const char *msg, const char *field,
                       const char *hint)
{
    struct json j;

    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "code", word);
    json_put_str(&j, "message", msg);
    json_put_str(&j, "details", field && *field ? field : NULL);
    json_put_str(&j, "hint", hint);
    json_put_str(&j, "request", q->id);
    json_obj_end(&j);
    resp_json(q, status);
}

void plain_begin(struct req *q, const char *title)
{
    struct buf *b = &q->out;

    html_raw(b, "<!doctype html><html");
    html_set(b, "lang", lang_tag[q->lang]);
    html_raw(b, "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
    html_elem(b, "title", title);
    if (static_url("linli.css")) {
        html_raw(b, "<link rel=\"stylesheet\" href=\"");
        html_href(b, static_url("linli.css"));
        html_raw(b, "\">");
    }
    if (static_url("icon.svg")) {
        html_raw(b, "<link rel=\"icon\" href=\"");
        html_href(b, static_url("icon.svg"));
        html_raw(b, "\">");
    }
    html_raw(b, "</head><body class=\"plain\"><main>");
}

void plain_end(struct req *q)
{
    html_raw(&q->out, "</main></body></html>");
}

/* Whoever is logged in goes on from here by the bar and the places. */
static void fault_html(struct req *q, const char *msg, const char *hint)
{
    struct buf *b = &q->out;

    if (q->login && q->held)
        page_begin(q, &(struct page){.title = "没有完成", .place = PLACE__MAX, .cls = "text", .bare = true});
    else
        plain_begin(q, req_tr(q, "没有完成"));
    html_elem(b, "h1", msg);
    html_elem(b, "p", hint);
    html_raw(b, "<p>");
    html_link(b, "/", req_tr(q, "回到首页"));
    html_raw(b, "</p><p class=\"quiet\">");
    html_text(b, req_tr(q, "编号"));
    html_raw(b, " ");
    html_text(b, q->id);
    html_raw(b, "</p>");
    if (q->login && q->held)
        page_end(q);
    else
        plain_end(q);
}

static void write_fault(struct req *q, int status, const char *word, const char *msg, const char *field)
{
    size_t i = 0, n = sizeof faults / sizeof *faults;

    while (i < n && faults[i].status != status)
        i++;
    if (i == n)
        for (i = 0; faults[i].status != 500; i++)
            ;
    buf_clear(&q->out);
    q->status = status;
    q->file = NULL;
    q->fixed = NULL;
    q->precompressed = false;
    q->type = NULL;
    q->cache = NULL;
    q->nheaders = 0;
    msg = req_tr(q, msg && *msg ? msg : faults[i].msg);
    if (q->api)
        fault_json(q, status, word ? word : faults[i].word, msg, field, req_tr(q, faults[i].hint));
    else
        fault_html(q, msg, req_tr(q, faults[i].hint));
    if (status == 503)
        resp_header(q, "Retry-After", "2");
}

void fault(struct req *q, int status, const char *msg)
{
    write_fault(q, status, NULL, msg, NULL);
}

void fault_err(struct req *q, const struct err *e)
{
    if (e->log[0])
        log_line(e->code == ERR_IO || e->code == ERR_BUG ? LOG_ERROR : LOG_INFO, "%s", e->log);
    write_fault(q, err_http(e->code), err_word(e->code), e->msg, e->field);
}
