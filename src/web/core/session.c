/* SPDX-License-Identifier: Apache-2.0 */
/* session.c: who is asking: cookies, bearer tokens, living sessions in memory, tokens against forged forms. */
#include "web/session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/log.h"
#include "base/sec.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"
#include "web/http_inner.h"

#define SLOTS 256

const struct actor actor_nobody = {.user = -1, .name = ""};

/* A living session as some thread read it; used by requests of any thread, never changed but for seen. */
struct living {
    struct login login; /* first: a request's login points here */
    struct arena *a;
    _Atomic int refs;
    _Atomic int64_t seen, touched;
};

/* Everything read before the current era is read again. */
static _Atomic uint64_t era = 1;

struct slots {
    struct living *v[SLOTS];
};
static pthread_key_t slots_key;
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static void drop(struct living *l)
{
    if (l && atomic_fetch_sub(&l->refs, 1) == 1)
        arena_free(l->a);
}

static void slots_free(void *p)
{
    struct slots *s = p;

    for (int i = 0; i < SLOTS; i++)
        drop(s->v[i]);
    free(s);
}

static void slots_make_key(void)
{
    pthread_key_create(&slots_key, slots_free);
}

static struct slots *slots_here(void)
{
    pthread_once(&slots_once, slots_make_key);
    struct slots *s = pthread_getspecific(slots_key);
    if (!s) {
        s = xcalloc(1, sizeof *s);
        pthread_setspecific(slots_key, s);
    }
    return s;
}

void login_forget_all(void)
{
    atomic_fetch_add(&era, 1);
}

/* --- reading a session */

static int read_grants(struct living *l, struct req *q, struct err *e)
{
    struct user_grant *g;
    struct grant *grants;
    size_t n;

    if (grant_list(&g, &n, q->a, q->db, l->login.user, e) < 0)
        return -1;
    grants = arena_array(l->a, n + 1, sizeof *grants);
    for (size_t i = 0; i < n; i++)
        grants[i] = (struct grant){arena_str(l->a, g[i].role), g[i].unit};
    l->login.actor = (struct actor){.user = l->login.user, .name = l->login.name, .grants = grants, .ngrants = n};
    return 0;
}

/* 1 and *out with one reference, 0 no such session, -1. */
static int read_session(struct living **out, struct req *q, const char *hash, struct err *e)
{
    uint64_t now_era = atomic_load(&era);
    struct session s;
    struct user u;
    int rc = session_find(&s, q->a, q->db, hash, now_ms(), e);

    if (rc <= 0)
        return rc;
    rc = user_find(&u, q->a, q->db, s.user, e);
    if (rc <= 0 || !u.active)
        return rc < 0 ? -1 : 0;
    struct arena *a = arena_new();
    struct living *l = arena_alloc(a, sizeof *l);
    l->a = a;
    l->login.era = now_era;
    atomic_init(&l->refs, 1);
    atomic_init(&l->seen, s.seen);
    atomic_init(&l->touched, s.seen);
    l->login.user = u.id;
    l->login.account = arena_str(a, u.login);
    l->login.name = arena_str(a, u.name);
    l->login.created = s.created;
    l->login.seen = s.seen;
    snprintf(l->login.token_hash, sizeof l->login.token_hash, "%s", hash);
    snprintf(l->login.csrf, sizeof l->login.csrf, "%.32s", s.csrf ? s.csrf : "");
    if (read_grants(l, q, e) < 0) {
        arena_free(a);
        return -1;
    }
    *out = l;
    return 1;
}

static bool alive(const struct living *l, const char *hash, int64_t now)
{
    return l && l->login.era == atomic_load_explicit(&era, memory_order_acquire) &&
           strcmp(l->login.token_hash, hash) == 0 &&
           now - atomic_load_explicit(&l->seen, memory_order_relaxed) < SESSION_IDLE_MS &&
           now - l->login.created < SESSION_TOTAL_MS;
}

/* --- writing when it was last seen, without anybody waiting */

struct touch {
    struct write_job job; /* first */
    char hash[65];
    int64_t at;
};

static int touch_in(struct db *d, void *arg, struct err *e)
{
    struct touch *t = arg;

    return session_touch(d, t->hash, t->at, e);
}

static void touch_done(struct write_job *job, int rc, const struct err *e)
{
    if (rc < 0)
        log_line(LOG_WARN, "session_touch: %s", e ? e->log : "");
    free(job);
}

static void touch(struct req *q, struct living *l, int64_t now)
{
    struct touch *t;

    atomic_store_explicit(&l->seen, now, memory_order_relaxed);
    if (now - atomic_load_explicit(&l->touched, memory_order_relaxed) < SESSION_TOUCH_MS)
        return;
    atomic_store_explicit(&l->touched, now, memory_order_relaxed);
    t = xcalloc(1, sizeof *t);
    memcpy(t->hash, l->login.token_hash, sizeof t->hash);
    t->at = now;
    t->job = (struct write_job){.fn = touch_in, .arg = t, .done = touch_done};
    store_submit(q->site->store, &t->job);
}

/* --- a request's login */

static const char *token_of(struct req *q)
{
    const char *auth = q->head[HEAD_AUTHORIZATION];

    if (q->api && auth && strncasecmp(auth, "Bearer ", 7) == 0) {
        q->bearer = true;
        return auth + 7 + strspn(auth + 7, " ");
    }
    return req_cookie(q, SESSION_COOKIE);
}

int login_enter(struct req *q, struct err *e)
{
    const char *token = token_of(q);
    unsigned char raw[SEC_HASH];
    char hash[65];
    int64_t now;
    int rc;

    q->actor = &actor_nobody;
    if (!token || strlen(token) != TOKEN_CHARS)
        return 0;
    sec_sha256(raw, token, TOKEN_CHARS);
    sec_hex(hash, raw, sizeof raw);
    now = now_ms();
    struct living **slot = &slots_here()->v[raw[0] % SLOTS];
    if (!alive(*slot, hash, now)) {
        struct living *fresh = NULL;
        rc = read_session(&fresh, q, hash, e);
        if (rc <= 0)
            return rc;
        drop(*slot);
        *slot = fresh;
    }
    struct living *l = *slot;
    atomic_fetch_add_explicit(&l->refs, 1, memory_order_relaxed);
    touch(q, l, now);
    q->login = &l->login;
    q->actor = &l->login.actor;
    return 0;
}

void login_leave(struct req *q)
{
    struct living *l = (struct living *)(uintptr_t)q->login;

    q->login = NULL;
    q->actor = &actor_nobody;
    drop(l);
}

/* Random pad and secret under it, so that compressed pages never hold the same bytes twice (BREACH). */
static const char *csrf_word(struct req *q, const unsigned char secret[16])
{
    unsigned char both[32];
    char hex[65];

    sec_random(both, 16);
    for (int i = 0; i < 16; i++)
        both[16 + i] = both[i] ^ secret[i];
    sec_hex(hex, both, sizeof both);
    return arena_str(q->a, hex);
}

int login_open(struct req *q, struct db *d, int64_t user, bool bearer, char token[TOKEN_CHARS + 1], struct err *e)
{
    unsigned char raw[SEC_HASH], csrf[16];
    char hash[65], csrf_hex[33];
    const char *agent = q->head[HEAD_USER_AGENT];
    struct session s = {.user = user, .created = now_ms()};
    struct trail_entry t = {
        .who = user, .at = s.created, .act = "login", .table = "", .detail = bearer ? "api" : ""};

    sec_word(token, TOKEN_CHARS);
    sec_sha256(raw, token, TOKEN_CHARS);
    sec_hex(hash, raw, sizeof raw);
    sec_random(csrf, sizeof csrf);
    sec_hex(csrf_hex, csrf, sizeof csrf);
    s.seen = s.created;
    s.token_hash = hash;
    s.csrf = csrf_hex;
    s.agent = agent ? arena_strn(q->a, agent, strnlen(agent, 200)) : "";
    if (session_start(d, &s, e) < 0 || trail_append(d, &t, e) < 0)
        return -1;
    if (bearer)
        return 0;
    resp_cookie(q, SESSION_COOKIE, arena_str(q->a, token), -1);
    q->csrf = csrf_word(q, csrf);
    return 0;
}

/* --- tokens against forged forms */

static int hex_bytes(unsigned char *out, size_t n, const char *hex)
{
    for (size_t i = 0; i < 2 * n; i++) {
        const char *at = hex[i] ? strchr("0123456789abcdef", hex[i]) : NULL;
        if (!at)
            return -1;
        unsigned char v = (unsigned char)(at - "0123456789abcdef");
        out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | v : v << 4);
    }
    return 0;
}

/* The 16 bytes a form of this visitor must bring. A visitor without login gets a cookie on the first form. */
static int secret_of(struct req *q, unsigned char out[16], bool make)
{
    const char *visitor = req_cookie(q, VISITOR_COOKIE);
    char word[25];

    if (q->login)
        return hex_bytes(out, 16, q->login->csrf);
    if (!visitor || strlen(visitor) != sizeof word - 1) {
        if (!make)
            return -1;
        sec_word(word, sizeof word - 1);
        visitor = arena_str(q->a, word);
        resp_cookie(q, VISITOR_COOKIE, visitor, -1);
        params_add(&q->cookies, q->a, VISITOR_COOKIE, visitor);
    }
    return hex_bytes(out, 16, sec_mac(q->a, store_key(q->site->store), req_printf(q, "csrf:%s", visitor)));
}

const char *req_csrf(struct req *q)
{
    unsigned char secret[16];

    if (!q->csrf)
        q->csrf = secret_of(q, secret, true) < 0 ? "" : csrf_word(q, secret);
    return q->csrf;
}

int csrf_check(struct req *q, struct err *e)
{
    const char *given = q->head[HEAD_CSRF] ? q->head[HEAD_CSRF] : req_form(q, "_csrf");
    const char *site = q->head[HEAD_SEC_FETCH_SITE];
    unsigned char both[32], secret[16];

    if (site && strcmp(site, "cross-site") == 0)
        return err_set(e, ERR_DENIED, "这次提交来自别的网站，没有执行。请在本站页面上操作。");
    if (!given || strlen(given) != 64 || hex_bytes(both, 32, given) < 0 || secret_of(q, secret, false) < 0)
        goto bad;
    for (int i = 0; i < 16; i++)
        both[i] ^= both[16 + i];
    if (sec_equal(both, secret, 16))
        return 0;
bad:
    return err_set(e, ERR_DENIED, "页面停留过久或登录已变，这次提交没有执行。请返回、刷新页面后重新提交。");
}
