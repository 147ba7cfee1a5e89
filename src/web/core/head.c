/* SPDX-License-Identifier: Apache-2.0 */
/* head.c: the first line and the headers: what is kept, what is refused before anybody looks at the request.
 *
 * libmicrohttpd 0.9.75 takes two Content-Lengths as two requests; a proxy in front may see one. Whatever two
 * readers could understand differently is therefore refused, and the connection closed (RFC 9112, 3.2, 6.1
 * and 6.3). */
#include <string.h>
#include <strings.h>

#include "web/http_inner.h"

#define HEADERS_COUNT 100

/* Which headers are kept; once: a second one is refused. */
static const struct {
    const char *name;
    bool once;
} heads[HEAD__MAX] = {
    [HEAD_HOST] = {"Host", true},
    [HEAD_COOKIE] = {"Cookie", false},
    [HEAD_CONTENT_TYPE] = {"Content-Type", true},
    [HEAD_CONTENT_LENGTH] = {"Content-Length", true},
    [HEAD_TRANSFER_ENCODING] = {"Transfer-Encoding", true},
    [HEAD_ACCEPT] = {"Accept", false},
    [HEAD_ACCEPT_ENCODING] = {"Accept-Encoding", false},
    [HEAD_ACCEPT_LANGUAGE] = {"Accept-Language", false},
    [HEAD_AUTHORIZATION] = {"Authorization", true},
    [HEAD_IF_NONE_MATCH] = {"If-None-Match", false},
    [HEAD_IF_MATCH] = {"If-Match", true},
    [HEAD_ORIGIN] = {"Origin", true},
    [HEAD_SEC_FETCH_SITE] = {"Sec-Fetch-Site", true},
    [HEAD_PREFER] = {"Prefer", false},
    [HEAD_IDEMPOTENCY_KEY] = {"Idempotency-Key", true},
    [HEAD_CSRF] = {"X-CSRF-Token", true},
    [HEAD_HX_REQUEST] = {"HX-Request", false},
    [HEAD_FORWARDED_FOR] = {"X-Forwarded-For", false},
    [HEAD_FORWARDED_PROTO] = {"X-Forwarded-Proto", false},
    [HEAD_USER_AGENT] = {"User-Agent", false},
    [HEAD_REFERER] = {"Referer", false},
    [HEAD_EXPECT] = {"Expect", true},
    [HEAD_CONTENT_ENCODING] = {"Content-Encoding", true},
};

static void refuse(struct req *q, int status)
{
    if (!q->close)
        q->status = status;
    q->close = true;
}

/* RFC 9110, 5.6.2: the characters of a field name. */
static bool is_token(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] <= 32 || (unsigned char)s[i] >= 127 || strchr("\"(),/:;<=>?@[\\]{}", s[i]))
            return false;
    return n > 0;
}

void head_take(struct req *q, const char *name, size_t nname, const char *value, size_t nvalue)
{
    if (++q->nhead > HEADERS_COUNT)
        refuse(q, 431);
    if (!is_token(name, nname))
        refuse(q, 400);
    for (size_t i = 0; i < nvalue; i++)
        if (((unsigned char)value[i] < 32 && value[i] != '\t') || value[i] == 127)
            refuse(q, 400);
    for (int h = 0; h < HEAD__MAX; h++) {
        const char *w = heads[h].name;
        if ((w[0] | 32) != (name[0] | 32) || strlen(w) != nname || strncasecmp(w, name, nname) != 0)
            continue;
        if (q->head[h] && heads[h].once)
            refuse(q, 400);
        if (!q->head[h])
            q->head[h] = value;
        return;
    }
}

/* Content-Length is digits only; with it no Transfer-Encoding; that is "chunked" and nothing else. */
static void check_framing(struct req *q, bool http11)
{
    const char *te = q->head[HEAD_TRANSFER_ENCODING], *cl = q->head[HEAD_CONTENT_LENGTH];
    const char *ce = q->head[HEAD_CONTENT_ENCODING], *expect = q->head[HEAD_EXPECT];

    q->declared = cl ? parse_count(cl) : 0;
    q->chunked = te != NULL;
    if (q->declared < 0 || (te && cl) || (te && (!http11 || strcasecmp(te, "chunked") != 0)))
        refuse(q, 400);
    if (ce && strcasecmp(ce, "identity") != 0)
        refuse(q, 400);
    if (expect && strcasecmp(expect, "100-continue") != 0)
        refuse(q, 400);
}

static void check_host(struct req *q, bool http11)
{
    const char *host = q->head[HEAD_HOST];

    if (!host) {
        if (http11)
            refuse(q, 400);
        return;
    }
    if (!*host || strlen(host) > 255 ||
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                     "-._:[]") != strlen(host))
        refuse(q, 400);
}

static enum method method_of(const char *m)
{
    static const struct {
        const char *word;
        enum method m;
    } words[] = {{"GET", METHOD_GET},     {"HEAD", METHOD_HEAD},     {"POST", METHOD_POST},
                 {"PATCH", METHOD_PATCH}, {"DELETE", METHOD_DELETE}, {"PUT", METHOD_PUT}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(m, words[i].word) == 0)
            return words[i].m;
    return METHOD_OTHER;
}

/* Path and query; "GET http://host/" and "*" are not for us, and a raw blank, control or fragment never is. */
static void take_target(struct req *q)
{
    const char *mark;

    if (q->target_len > REQ_URL_MAX) {
        refuse(q, 414);
        return;
    }
    for (const char *s = q->target; *s; s++)
        if ((unsigned char)*s <= 32 || (unsigned char)*s >= 127 || *s == '#' || *s == '\\')
            refuse(q, 400);
    if (q->target[0] != '/')
        refuse(q, 400);
    mark = strchr(q->target, '?');
    q->path = mark ? arena_strn(q->a, q->target, (size_t)(mark - q->target)) : q->target;
    q->query_string = mark ? mark + 1 : "";
    q->api = strncmp(q->path, "/api/", 5) == 0;
    switch (parse_params(&q->query, q->a, q->query_string, strlen(q->query_string), REQ_FIELDS_MAX)) {
    case PARSED_OK:
        break;
    case PARSED_BAD:
        refuse(q, 400);
        break;
    case PARSED_MANY:
        refuse(q, 413);
    }
}

/* Only a proxy on this machine is believed; of a list the last entry is the one it wrote itself. */
static void take_proxy(struct req *q)
{
    const char *list = q->head[HEAD_FORWARDED_FOR], *proto = q->head[HEAD_FORWARDED_PROTO];

    if (list) {
        const char *comma = strrchr(list, ',');
        const char *last = comma ? comma + 1 : list;
        last += strspn(last, " \t");
        if (*last && strlen(last) < 48 && strspn(last, "0123456789abcdefABCDEF.:") == strlen(last))
            q->ip = last;
    }
    q->proxied = list != NULL;
    q->secure = proto && strcasecmp(proto, "https") == 0;
}

void head_settle(struct req *q, const char *method, const char *version, size_t header_bytes, bool proxy)
{
    bool http11 = strcmp(version, "HTTP/1.1") == 0;

    q->method = method_of(method);
    q->method_word = arena_str(q->a, method);
    take_target(q);
    if (!http11 && strcmp(version, "HTTP/1.0") != 0)
        refuse(q, 505);
    if (header_bytes > REQ_HEADERS_MAX + q->target_len)
        refuse(q, 431);
    check_host(q, http11);
    check_framing(q, http11);
    parse_cookies(&q->cookies, q->a, q->head[HEAD_COOKIE]);
    q->htmx = q->head[HEAD_HX_REQUEST] != NULL;
    if (proxy && q->conn_loopback)
        take_proxy(q);
    const char *lang = req_cookie(q, "lang");
    q->lang = lang_pick(lang ? lang : q->head[HEAD_ACCEPT_LANGUAGE]);
}
