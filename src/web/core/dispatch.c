/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch.c: from a request to its answer: the columns of the route table, enforced once. */
#include "web/dispatch.h"

#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/sec.h"
#include "format/html.h"
#include "store/sys_idem.h"
#include "web/fault.h"
#include "web/http.h"
#include "web/http_inner.h"
#include "web/page_list.h"
#include "web/session.h"
#include "web/task.h"

#define IDEM_ANSWER_MAX ((size_t)1024 * 1024)

/* --- before the body */

static void ask_login(struct req *q)
{
    const char *to = "/login";
    struct buf b;

    if (q->method == METHOD_GET && !q->htmx && strcmp(q->path, "/") != 0) {
        buf_init(&b, 3 * REQ_URL_MAX + 64);
        buf_str(&b, "/login?to=");
        html_url(&b, q->target);
        to = arena_str(q->a, buf_cstr(&b));
        buf_done(&b);
    }
    if (q->api) {
        fault(q, 401, NULL);
        resp_header(q, "WWW-Authenticate", "Bearer");
    } else if (q->htmx) {
        fault(q, 401, NULL);
        resp_header(q, "HX-Redirect", to);
    } else {
        resp_redirect(q, to);
    }
}

/* The route's permission and size columns. true: refused, the answer stands. */
static bool refused(struct req *q)
{
    enum permission may = (enum permission)(q->route->may - 1);

    if (may != MAY_NONE && !q->login && again_possible(q))
        return false; /* its body is read, so that nothing typed is lost */
    if (may != MAY_NONE && !q->login) {
        ask_login(q);
        return true;
    }
    if (!actor_may(&q->view, q->actor, may, 0)) {
        fault(q, 403, NULL);
        return true;
    }
    if (q->declared > (int64_t)q->route->body || (q->chunked && q->route->body == 0)) {
        fault(q, 413, NULL);
        q->close = true;
        return true;
    }
    return false;
}

bool dispatch_head(struct req *q)
{
    const char *seg[PATH_SEGMENTS];
    size_t nseg;
    bool other = false;
    struct err e = {0};

    if (parse_path(seg, &nseg, q->a, q->path) != PARSED_OK) {
        q->close = true;
        fault(q, 400, NULL);
        return true;
    }
    q->route = routes_find(&q->args, &other, q->method_word, seg, nseg);
    site_hold(q->site, &q->view);
    q->held = true;
    q->db = store_reader(q->site->store, &e);
    if (!q->db || login_enter(q, &e) < 0) {
        fault_err(q, &e);
        return true;
    }
    if (!q->route) { /* by now it is known who asks: the page leads on */
        fault(q, q->method == METHOD_OTHER ? 501 : other ? 405 : 404, NULL);
        return true;
    }
    return refused(q);
}

/* --- running */

/* The handler with this thread's reader. false: it failed, *e says how. */
static bool run(struct req *q, bool fast, struct err *e)
{
    log_request(q->id);
    q->db = store_reader(q->site->store, e);
    if (!q->db)
        return false;
    db_limit(q->db, fast ? FAST_STEPS : HEAVY_STEPS, fast ? FAST_MS : HEAVY_MS);
    if (q->route->fn(q, e) == 0)
        return true;
    q->write = NULL;
    return false;
}

/* --- writes: idempotency, the parked connection, what comes after */

/* What the key stands for: the same key with other content is not a retry. Keyed: what was sent may be guessable.
 */
static const char *content_hash(struct req *q)
{
    unsigned char raw[SEC_HASH];
    char hex[65];
    struct buf b;

    if (q->content)
        return q->content;
    buf_init(&b, 2 * BODY_FORM);
    for (size_t i = 0; i < q->form.n; i++)
        if (strcmp(q->form.v[i].name, "_csrf") != 0)
            buf_printf(&b, "%zu:%s%zu:%s", strlen(q->form.v[i].name), q->form.v[i].name, strlen(q->form.v[i].value),
                       q->form.v[i].value);
    if (!q->form.n)
        buf_add(&b, buf_cstr(&q->body), q->body.n);
    for (size_t i = 0; i < q->query.n; i++)
        buf_printf(&b, "?%zu:%s%zu:%s", strlen(q->query.v[i].name), q->query.v[i].name, strlen(q->query.v[i].value),
                   q->query.v[i].value);
    sec_sha256(raw, buf_cstr(&b), b.n);
    sec_hex(hex, raw, sizeof raw);
    buf_done(&b);
    q->content = sec_mac(q->a, store_key(q->site->store), req_printf(q, "idem:%s", hex));
    return q->content;
}

static const char *idem_key(struct req *q)
{
    const char *key = q->head[HEAD_IDEMPOTENCY_KEY] ? q->head[HEAD_IDEMPOTENCY_KEY] : req_form(q, "_once");

    /* Who has not logged in has no keys of his own, and the answer to a login is secret. */
    if (q->route->may == MAY_NONE + 1 || !q->login)
        return NULL;
    /* A read that is written into the trail is shown anew each time: its answer may hold protected values. */
    if (!key || !*key || strlen(key) > IDEM_KEY_MAX || q->method == METHOD_GET || q->method == METHOD_HEAD)
        return NULL;
    return req_printf(q, "%s %s %s", q->method_word, q->path, key);
}

bool req_sent_before(struct req *q)
{
    const char *key = idem_key(q);
    struct err no = {0};
    struct idem kept;

    return key && idem_find(&kept, q->a, q->db, q->login->user, key, &no) > 0;
}

static const char *location_of(const struct req *q)
{
    for (size_t i = 0; i < q->nheaders; i++)
        if (strcmp(q->headers[i].name, "Location") == 0)
            return q->headers[i].value;
    return "";
}

/* Kept as: content hash, Location, media type, each with a line end, then the body. */
static int replay(struct req *q, struct db *d, const struct idem *kept, struct err *e)
{
    char *hash = arena_str(q->a, kept->answer), *location = strchr(hash, '\n');
    char *type = location ? strchr(location + 1, '\n') : NULL, *body = type ? strchr(type + 1, '\n') : NULL;

    if (!body)
        return err_log(e, "idempotency answer without its parts");
    *location++ = *type++ = *body++ = '\0';
    if (strcmp(hash, content_hash(q)) != 0)
        return err_set(e, ERR_CONFLICT,
                       "这张表单已经提交过，而这次的内容不同。请打开已保存的条目修改，或重新新建。");
    q->status = kept->status;
    q->replayed = true;
    if (*type)
        q->type = type;
    if (*location)
        resp_header(q, "Location", location);
    resp_header(q, "Idempotency-Replayed", "true");
    buf_str(&q->out, body);
    return q->rebuild ? q->rebuild(q, d, body, e) : 0;
}

static int keep(struct req *q, struct db *d, int64_t who, const char *key, struct err *e)
{
    struct idem kept = {.status = q->status, .at = now_ms()};
    struct buf b;
    int rc;

    buf_init(&b, IDEM_ANSWER_MAX);
    buf_printf(&b, "%s\n%s\n%s\n", content_hash(q), location_of(q), q->type ? q->type : "");
    if (q->keep)
        buf_str(&b, q->keep);
    else
        buf_add(&b, buf_cstr(&q->out), q->out.n);
    kept.answer = buf_cstr(&b);
    rc = buf_overflow(&b) ? err_log(e, "answer too large to keep: %s", q->path) : idem_keep(d, who, key, &kept, e);
    buf_done(&b);
    return rc;
}

/* What a write that is undone left in the answer is forgotten. */
static void answer_clear(struct req *q)
{
    buf_clear(&q->out);
    q->status = 200;
    q->nheaders = 0;
    q->type = q->cache = q->keep = NULL;
    q->csrf = NULL;
}

/* On the writer; what it does may be undone. */
static int write_in(struct db *d, void *arg, struct err *e)
{
    struct req *q = arg;
    const char *key = idem_key(q);
    int64_t who = q->login ? q->login->user : -1; /* without a login there is no key */
    struct idem kept;
    int rc;

    log_request(q->id);
    if (q->tried)
        answer_clear(q);
    q->tried = true;
    if (key) {
        rc = idem_find(&kept, q->a, d, who, key, e);
        if (rc)
            return rc < 0 ? -1 : replay(q, d, &kept, e);
    }
    if (q->write(q, d, q->write_arg, e) < 0)
        return -1;
    return key ? keep(q, d, who, key, e) : 0;
}

/* On the writer's thread, or at once when the queue is full. */
static void write_done(struct write_job *job, int rc, const struct err *e)
{
    struct req *q = job->arg;

    q->write_rc = rc;
    if (rc < 0 && e)
        q->write_err = *e;
    http_wake(q);
}

static void submit(struct req *q)
{
    buf_clear(&q->out);
    if (idem_key(q))
        content_hash(q); /* here, not on the one thread that writes */
    q->job = (struct write_job){.fn = write_in, .arg = q, .done = write_done, .again = q->write_again};
    store_submit(q->site->store, &q->job);
}

/* What the failed write left in the answer is forgotten; the handler's own words come instead. */
static void write_failed(struct req *q)
{
    struct err e = q->write_err, none = {0};
    int rc = -1;

    answer_clear(q);
    if (e.log[0])
        log_line(LOG_WARN, "%s", e.log);
    q->db = store_reader(q->site->store, &none);
    if (q->write_failed && q->db) {
        db_limit(q->db, FAST_STEPS, FAST_MS);
        q->status = err_http(e.code);
        rc = q->write_failed(q, q->write_arg, &e);
    }
    if (rc < 0)
        fault_err(q, &e);
}

/* --- the three ways through */

bool dispatch_run(struct req *q)
{
    struct err e = {0};
    bool lane = q->route->cls == HEAVY || q->route->cls == HASH || q->route->cls == FILES, ok;

    if (q->body_status) {
        fault(q, q->body_status, q->form_error);
        return true;
    }
    if (q->route->may != MAY_NONE + 1 && !q->login) {
        again_login(q);
        return true;
    }
    if (q->route->csrf != CSRF_NONE && !(q->route->csrf == CSRF_API && q->bearer) && csrf_check(q, &e) < 0) {
        if (q->login && again_possible(q))
            again_fresh(q);
        else
            fault_err(q, &e);
        return true;
    }
    if (!lane) {
        ok = run(q, true, &e);
        if (ok && q->write) {
            http_park(q);
            submit(q);
            return false;
        }
        if (ok)
            return true;
        lane = e.code == ERR_TOOBIG && q->route->cls == FAST && q->route->body == 0;
        if (!lane) {
            fault_err(q, &e);
            return true;
        }
        buf_clear(&q->out);
        q->nheaders = 0;
        q->status = 200;
    }
    if (http_queue(q->http, q))
        return false;
    fault(q, 503, NULL);
    return true;
}

void dispatch_lane(struct req *q)
{
    struct err e = {0};

    if (!run(q, false, &e))
        fault_err(q, &e);
    else if (q->write) {
        submit(q);
        return;
    }
    http_wake(q);
}

bool dispatch_resume(struct req *q)
{
    struct err e = {0};

    if (!q->write)
        return true;
    if (q->write_rc < 0) {
        write_failed(q);
        return true;
    }
    if (q->route->may == MAY_ADMIN + 1 || q->forget_logins)
        login_forget_all();
    if (q->login) {
        task_forget(q->login->user);
        list_written(q->login->user);
    }
    if (site_refresh(q->site, &e) < 0) /* a unit or a grid was written */
        log_line(LOG_ERROR, "trees: %s", e.log);
    return true;
}

void dispatch_end(struct req *q)
{
    req_deferred(q);
    login_leave(q);
    if (q->held)
        site_drop(q->site, &q->view);
    log_request(NULL);
}
