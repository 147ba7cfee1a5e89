/* SPDX-License-Identifier: Apache-2.0 */
/* http.c: the server: libmicrohttpd stands behind this file and nowhere else. */
#include "web/http.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/file.h"
#include "base/log.h"
#include "format/gzip.h"
#include "format/urlenc.h"
#include "web/body.h"
#include "web/conn.h"
#include "web/dispatch.h"
#include "web/fault.h"
#include "web/health.h"
#include "web/http_inner.h"
#include "web/lane.h"
#include "web/listen.h"
#include "web/static_files.h"

#define POOL_BYTES ((size_t)32 * 1024) /* libmicrohttpd's memory of one connection: headers and read buffer */
#define STOP_MS 30000
#define GZIP_MIN 1024
#define GZIP_LEVEL 3

enum { NEW, BODY, PARKED };

struct http {
    struct MHD_Daemon *daemon;
    struct site *site;
    struct lane *lane;
    struct watch *watch;
    char *cert, *key;
    int fd, port;
    bool proxy, tls;
    atomic_bool stopping;
    _Atomic int64_t running; /* requests between their first line and the end of their answer */
    _Atomic int64_t parked;
    pthread_mutex_t lock;
    struct req **all; /* every request object made, for freeing; under lock */
    size_t nall, capall;
};

/* Request objects ready for reuse on this thread, with their memory. */
static _Thread_local struct req *spare;
static _Thread_local struct http *spare_of;

static struct req *req_take(struct http *h)
{
    struct req *q = spare_of == h ? spare : NULL;

    if (q) {
        spare = q->next;
        q->next = NULL;
        return q;
    }
    q = xcalloc(1, sizeof *q);
    q->a = arena_new();
    buf_init(&q->out, REQ_OUT_MAX);
    buf_init(&q->body, BODY_FORM);
    buf_init(&q->packed, REQ_OUT_MAX);
    pthread_mutex_lock(&h->lock);
    if (h->nall == h->capall) {
        h->capall = h->capall ? h->capall * 2 : 64;
        h->all = xrealloc(h->all, h->capall * sizeof *h->all);
    }
    h->all[h->nall++] = q;
    pthread_mutex_unlock(&h->lock);
    return q;
}

/* A page of ordinary size keeps its memory for the next one; a huge one gives it back. */
static void shrink(struct buf *b)
{
    if (b->cap > (size_t)1024 * 1024)
        buf_done(b);
    else
        buf_clear(b);
}

static void req_give(struct http *h, struct req *q)
{
    struct arena *a = q->a;
    struct buf out = q->out, body = q->body, packed = q->packed;

    shrink(&out);
    shrink(&body);
    shrink(&packed);
    arena_reset(a);
    memset(q, 0, sizeof *q);
    q->a = a;
    q->out = out;
    q->body = body;
    q->packed = packed;
    if (spare_of != h) {
        spare = NULL;
        spare_of = h;
    }
    q->next = spare;
    spare = q;
}

static void make_id(char id[24])
{
    static _Thread_local unsigned char prefix[5];
    static _Thread_local uint32_t n;
    unsigned char raw[9];

    if (!n++)
        sec_random(prefix, sizeof prefix);
    memcpy(raw, prefix, 5);
    for (int i = 0; i < 4; i++)
        raw[5 + i] = (unsigned char)(n >> (24 - 8 * i));
    sec_hex(id, raw, sizeof raw);
}

/* --- the callbacks, in the order they come */

/* A request that was refused or cut before its headers were complete: libmicrohttpd does not tell us about it. */
static void drop_pending(struct http *h, struct conn *c)
{
    if (!c->pending)
        return;
    req_give(h, c->pending);
    c->pending = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *h = cls;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        const union MHD_ConnectionInfo *sa = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        *slot = watch_open(h->watch, fd ? fd->connect_fd : -1, sa ? sa->client_addr : NULL);
    } else if (*slot) {
        drop_pending(h, *slot);
        watch_close(h->watch, *slot);
        *slot = NULL;
    }
}

/* The first line is there; what it returns becomes the request's slot. */
static void *on_line(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct http *h = cls;
    struct req *q = req_take(h);
    const union MHD_ConnectionInfo *ctx = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    q->http = h;
    q->site = h->site;
    q->mhd = c;
    q->conn = ctx ? ctx->socket_context : NULL;
    q->status = 200;
    q->started = mono_us();
    q->actor = &actor_nobody;
    q->ip = q->conn ? q->conn->ip : "";
    q->conn_loopback = q->conn && q->conn->loopback;
    q->secure = h->tls;
    make_id(q->id);
    if (q->conn) {
        drop_pending(h, q->conn);
        q->conn->pending = q;
        conn_phase(q->conn, CONN_HEADERS);
    }
    q->target_len = strlen(uri);
    q->target = q->target_len <= REQ_URL_MAX ? arena_strn(q->a, uri, q->target_len) : "/";
    /* We read the query ourselves. libmicrohttpd would put each of its fields into the connection's memory, and
     * give up without an answer where that is full: it is shown an empty one. (The text is its own buffer,
     * NUL-terminated.) */
    char *mark = strchr((char *)(uintptr_t)uri, '?');
    if (mark)
        mark[1] = '\0';
    return q;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **slot, enum MHD_RequestTerminationCode code)
{
    struct http *h = cls;
    struct req *q = *slot;

    (void)c;
    if (!q)
        return;
    *slot = NULL;
    if (q->conn && q->conn->pending == q)
        q->conn->pending = NULL;
    if (q->counted)
        atomic_fetch_sub_explicit(&h->running, 1, memory_order_relaxed);
    metrics_count(q, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    if (q->conn)
        conn_phase(q->conn, CONN_IDLE);
    dispatch_end(q);
    body_done(q);
    req_give(h, q);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t nname,
                                 const char *value, size_t nvalue)
{
    (void)kind;
    head_take(cls, name, nname, value ? value : "", nvalue);
    return MHD_YES;
}

/* --- the answer */

static const struct {
    const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

static bool is_text(const char *type)
{
    return type && (strncmp(type, "text/", 5) == 0 || strncmp(type, "application/json", 16) == 0 ||
                    strncmp(type, "image/svg+xml", 13) == 0 || strncmp(type, "application/javascript", 22) == 0);
}

static struct MHD_Response *file_response(struct req *q)
{
    struct stat st;
    int fd = open(q->file, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return NULL;
    }
    q->size = (int64_t)st.st_size;
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd); /* closes fd */
}

/* The body as it goes out; *gz when compressed. The buffers live until on_completed, which comes after the send. */
static struct MHD_Response *make_response(struct req *q, bool *gz)
{
    const char *p = q->fixed ? q->fixed : buf_cstr(&q->out);
    size_t n = q->fixed ? q->fixed_len : q->out.n;

    *gz = q->precompressed;
    if (q->file) {
        struct MHD_Response *r = file_response(q);
        if (r)
            return r;
        log_line(LOG_ERROR, "cannot open %s", q->file);
        fault(q, 500, NULL);
        p = buf_cstr(&q->out);
        n = q->out.n;
    } else if (!q->fixed && n >= GZIP_MIN && is_text(q->type) &&
               header_has(q->head[HEAD_ACCEPT_ENCODING], "gzip") && q->method != METHOD_HEAD &&
               gzip_pack(&q->packed, p, n, GZIP_LEVEL) == 0) {
        *gz = true;
        p = buf_cstr(&q->packed);
        n = q->packed.n;
    }
    q->size = (int64_t)n;
    return MHD_create_response_from_buffer(n, (void *)(uintptr_t)p, MHD_RESPMEM_PERSISTENT);
}

static void put_headers(struct req *q, struct MHD_Response *r, bool gz)
{
    MHD_add_response_header(r, "X-Request-Id", q->id);
    MHD_add_response_header(r, "Cache-Control", q->cache ? q->cache : "no-store");
    if (q->status != 304 && q->status != 204)
        MHD_add_response_header(r, "Content-Type", q->type ? q->type : "text/html; charset=utf-8");
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        MHD_add_response_header(r, always[i].name, always[i].value);
    if (q->secure)
        MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
    if (gz)
        MHD_add_response_header(r, "Content-Encoding", "gzip");
    if (gz || is_text(q->type))
        MHD_add_response_header(r, "Vary", "Accept-Encoding");
    for (size_t i = 0; i < q->nheaders; i++)
        MHD_add_response_header(r, q->headers[i].name, q->headers[i].value);
    if (q->close || atomic_load_explicit(&q->http->stopping, memory_order_relaxed))
        MHD_add_response_header(r, "Connection", "close");
}

static enum MHD_Result answer(struct req *q)
{
    struct MHD_Response *r;
    enum MHD_Result rc;
    bool gz;

    if (buf_overflow(&q->out)) {
        log_line(LOG_ERROR, "answer over its ceiling: %s", q->path ? q->path : "");
        q->file = NULL;
        fault(q, 500, NULL);
    }
    r = make_response(q, &gz);
    if (!r)
        return MHD_NO;
    put_headers(q, r, gz);
    if (q->conn) {
        conn_phase(q->conn, CONN_SEND);
        atomic_store_explicit(&q->conn->bytes, q->size, memory_order_relaxed);
    }
    rc = MHD_queue_response(q->mhd, (unsigned)q->status, r);
    MHD_destroy_response(r);
    return rc;
}

/* --- the request */

static enum MHD_Result begin(struct http *h, struct req *q, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(q->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    atomic_fetch_add_explicit(&h->running, 1, memory_order_relaxed);
    q->counted = true;
    if (q->conn)
        q->conn->pending = NULL;
    MHD_get_connection_values_n(q->mhd, MHD_HEADER_KIND, on_header, q);
    head_settle(q, method, version, size ? size->header_size : 0, h->proxy);
    if (q->close) {
        fault(q, q->status, NULL);
        return answer(q);
    }
    if (dispatch_head(q) || body_begin(q) < 0) {
        if (q->body_status)
            fault(q, q->body_status, q->form_error);
        /* Answering now would close the connection: right when a body is on its way that nobody wants. */
        if (q->close || q->declared || q->chunked)
            return answer(q);
        q->answered = true;
    }
    q->phase = BODY;
    if (q->conn)
        conn_phase(q->conn, CONN_BODY);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **slot)
{
    struct req *q = *slot;

    (void)c;
    (void)url;
    if (!q)
        return MHD_NO;
    if (q->phase == NEW)
        return begin(cls, q, method, version);
    if (*size) {
        size_t n = *size;
        *size = 0;
        if (q->conn)
            atomic_fetch_add_explicit(&q->conn->bytes, (int64_t)n, memory_order_relaxed);
        return body_add(q, data, n) < 0 ? MHD_NO : MHD_YES;
    }
    if (q->answered)
        return answer(q);
    if (q->phase == BODY) {
        body_end(q);
        if (q->conn)
            conn_phase(q->conn, CONN_RUN);
        q->phase = PARKED;
        return dispatch_run(q) ? answer(q) : MHD_YES;
    }
    return dispatch_resume(q) ? answer(q) : MHD_YES;
}

/* Escapes are ours to undo, segment by segment. */
static size_t no_unescape(void *cls, struct MHD_Connection *c, char *s)
{
    (void)cls;
    (void)c;
    return strlen(s);
}

__attribute__((format(printf, 2, 0))) static void on_log(void *cls, const char *fmt, va_list ap)
{
    struct buf b;

    (void)cls;
    buf_init(&b, 1024);
    buf_vprintf(&b, fmt, ap);
    log_line(LOG_DEBUG, "http: %s", buf_cstr(&b));
    buf_done(&b);
}

void http_park(struct req *q)
{
    atomic_fetch_add(&q->http->parked, 1);
    MHD_suspend_connection(q->mhd);
}

void http_wake(struct req *q)
{
    struct http *h = q->http;

    MHD_resume_connection(q->mhd); /* from here on the request may be over */
    atomic_fetch_sub(&h->parked, 1);
}

bool http_stopping(const struct http *h)
{
    return atomic_load(&h->stopping);
}

bool http_queue(struct http *h, struct req *q)
{
    return lane_push(h->lane, q);
}

int http_port(const struct http *h)
{
    return h->port;
}

int64_t http_connections(const struct http *h)
{
    return watch_count(h->watch);
}

/* --- start and stop */

static int read_pem(char **out, const char *path, struct err *e)
{
    struct arena *a = arena_new();
    char *text = NULL;
    size_t n;
    int rc = file_read(&text, &n, a, path, (size_t)1024 * 1024, e);

    if (rc == 0)
        *out = xstrdup(text);
    arena_free(a);
    return rc;
}

static int start_daemon(struct http *h, const struct http_options *o, struct err *e)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = (unsigned)(o->threads > 0 ? o->threads : cores > 0 ? cores : 1);
    struct MHD_OptionItem more[8];
    int n = 0;

    if (h->tls) {
        flags |= MHD_USE_TLS;
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert};
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, h->key};
    }
    if (threads > 1)
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL};
    if (!o->proxy)
        more[n++] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                                            o->per_address > 0 ? o->per_address : 1024, NULL};
    more[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    h->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, h, MHD_OPTION_LISTEN_SOCKET, h->fd,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_URI_LOG_CALLBACK, on_line, h, MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, h,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(o->connections > 0 ? o->connections : 4096), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((o->idle_ms > 0 ? o->idle_ms : 30000) + 999) / 1000, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
    if (!h->daemon)
        return err_log(e, "libmicrohttpd did not start");
    return 0;
}

static void http_free(struct http *h)
{
    lane_stop(h->lane);
    watch_stop(h->watch);
    for (size_t i = 0; i < h->nall; i++) {
        arena_free(h->all[i]->a);
        buf_done(&h->all[i]->out);
        buf_done(&h->all[i]->body);
        buf_done(&h->all[i]->packed);
        free(h->all[i]);
    }
    free(h->all);
    if (h->fd >= 0)
        close(h->fd);
    if (h->key)
        explicit_bzero(h->key, strlen(h->key));
    free(h->key);
    free(h->cert);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

int http_start(struct http **out, struct site *s, const struct http_options *o, struct err *e)
{
    struct http *h = xcalloc(1, sizeof *h);
    const int limits[CONN_PHASE__MAX] = {[CONN_IDLE] = (o->idle_ms > 0 ? o->idle_ms : 30000) + 5000,
                                         [CONN_HEADERS] = o->header_ms > 0 ? o->header_ms : 15000,
                                         [CONN_BODY] = o->body_ms > 0 ? o->body_ms : 60000,
                                         [CONN_SEND] = o->send_ms > 0 ? o->send_ms : 300000};

    *out = NULL;
    h->fd = -1;
    h->site = s;
    h->proxy = o->proxy;
    h->tls = o->tls_cert && o->tls_key;
    pthread_mutex_init(&h->lock, NULL);
    if (routes_check(e) < 0 || static_prepare(e) < 0)
        goto fail;
    if (h->tls && (read_pem(&h->cert, o->tls_cert, e) < 0 || read_pem(&h->key, o->tls_key, e) < 0))
        goto fail;
    if (listen_open(&h->fd, &h->port, o->listen, h->tls || o->insecure, e) < 0)
        goto fail;
    if (watch_start(&h->watch, limits, e) < 0 || lane_start(&h->lane, e) < 0 || start_daemon(h, o, e) < 0)
        goto fail;
    *out = h;
    return 0;
fail:
    http_free(h);
    return -1;
}

void http_stop(struct http *h)
{
    int fd;

    if (!h)
        return;
    atomic_store(&h->stopping, true);
    fd = MHD_quiesce_daemon(h->daemon);
    for (int ms = 0; ms < STOP_MS && atomic_load(&h->running) > 0; ms += 5)
        usleep(5000);
    lane_stop(h->lane);
    h->lane = NULL;
    while (atomic_load(&h->parked) > 0) /* the writer answers everything it has taken */
        usleep(5000);
    MHD_stop_daemon(h->daemon);
    h->fd = fd;
    http_free(h);
}
