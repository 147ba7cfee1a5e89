/* SPDX-License-Identifier: Apache-2.0 */
/* login.c: logging in and out, the password, the language: pages and their twins in the API. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "base/sec.h"
#include "base/utf8.h"
#include "format/html.h"
#include "format/json.h"
#include "model/account.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"
#include "web/fault.h"
#include "web/page.h"
#include "web/session.h"

#define PASSWORD_MAX 256 /* bytes: argon2id reads them all */
#define CODES_KEPT 256

/* One attempt to log in, by form or by API. */
struct attempt {
    const char *account, *password, *code, *to;
    int64_t user;
    int64_t owner; /* whose account it is, 0 nobody's */
    bool api;
    const char *why; /* what to say when it failed */
    int status;
};

/* --- the page */

static void field(struct req *q, const char *name, const char *label, const char *type, const char *value,
                  const char *autocomplete)
{
    struct buf *b = &q->out;

    html_raw(b, "<p><label");
    html_set(b, "for", name);
    html_raw(b, ">");
    html_text(b, req_tr(q, label));
    html_raw(b, "</label><input");
    html_set(b, "id", name);
    html_set(b, "name", name);
    html_set(b, "type", type);
    html_set(b, "value", value);
    html_set(b, "autocomplete", autocomplete);
    html_raw(b, "></p>");
}

static void begin_form(struct req *q, const char *title, const char *action, const char *error)
{
    struct buf *b = &q->out;

    if (q->login) {
        page_begin(q,
                   &(struct page){
                       .title = title, .place = PLACE_MORE, .cls = "text", .up = "/me", .up_text = q->login->name});
    } else {
        plain_begin(q, req_tr(q, title));
        html_elem(b, "h1", req_tr(q, title));
    }
    if (error) {
        html_raw(b, "<p class=errors role=alert>");
        html_text(b, req_tr(q, error));
        html_raw(b, "</p>");
    }
    html_raw(b, "<form method=\"post\" class=\"login\"");
    html_set(b, "action", action);
    html_raw(b, ">");
    html_hidden(b, "_csrf", req_csrf(q));
}

static void end_form(struct req *q, const char *button)
{
    html_raw(&q->out, "<p><button class=\"main\">");
    html_text(&q->out, req_tr(q, button));
    html_raw(&q->out, "</button></p></form>");
    if (q->login)
        page_end(q);
    else
        plain_end(q);
}

void login_form(struct req *q, const char *to, const char *error)
{
    const char *account = q->route->fn == page_login_post ? req_form(q, "login") : NULL;

    begin_form(q, "登录邻里", "/login", error);
    html_hidden(&q->out, "to", to ? to : "/");
    field(q, "login", "登录名", "text", account ? account : "", "username");
    field(q, "password", "口令", "password", NULL, "current-password");
    field(q, "code", "动态码（如已开启）", "text", NULL, "one-time-code");
}

void login_form_end(struct req *q)
{
    end_form(q, "登录");
}

static void write_login(struct req *q, const char *to, const char *error)
{
    login_form(q, to, error);
    if (again_kept(q))
        again_fields(q);
    login_form_end(q);
}

int page_login(struct req *q, struct err *e)
{
    (void)e;
    if (q->login)
        return resp_redirect(q, req_query(q, "to"));
    write_login(q, req_query(q, "to"), NULL);
    return 0;
}

/* --- the attempt */

/* Codes that have let somebody in, so that none does twice; the oldest give way. */
static struct {
    pthread_mutex_t lock;
    struct {
        int64_t user, step;
    } v[CODES_KEPT];
    size_t next;
} used = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool code_take(int64_t user, int64_t step)
{
    bool fresh = true;

    pthread_mutex_lock(&used.lock);
    for (size_t i = 0; i < CODES_KEPT; i++)
        fresh = fresh && !(used.v[i].user == user && used.v[i].step == step);
    if (fresh) {
        used.v[used.next].user = user;
        used.v[used.next].step = step;
        used.next = (used.next + 1) % CODES_KEPT;
    }
    pthread_mutex_unlock(&used.lock);
    return fresh;
}

/* The six digits of now, or of half a minute to either side (RFC 6238, 5.2), each once. */
static bool code_ok(int64_t user, const char *secret, const char *code)
{
    int64_t now = now_ms() / 1000;

    if (!secret || !code || strlen(code) != 6 || parse_count(code) < 0)
        return false;
    for (int step = -1; step <= 1; step++)
        if (sec_totp(secret, now + step * 30) == (int)parse_count(code))
            return code_take(user, now / 30 + step);
    return false;
}

/* A name that nobody has takes as long as one that somebody has. */
static const char *hash_of_nobody(struct req *q)
{
    static _Thread_local char hash[128];

    if (!hash[0] && sec_password_hash(hash, q->id, NULL) < 0)
        return "";
    return hash;
}

static const char *wait_words(struct req *q, int64_t wait)
{
    return req_printf(q, "连续输错多次，请%lld分钟后再试，或请管理员重设口令。", (long long)(wait + 59999) / 60000);
}

/* Decide; on refusal at->why and at->status are set. -1 only when the database does not answer. */
static int decide(struct req *q, struct attempt *at, struct err *e)
{
    struct user u = {0};
    int64_t wait;
    int rc;

    if (!at->account || !at->password || !*at->account || strlen(at->password) > PASSWORD_MAX) {
        at->status = 422;
        at->why = "请填写登录名和口令。";
        return 0;
    }
    if (attempt_wait(&wait, q->db, at->account, q->ip, now_ms(), e) < 0)
        return -1;
    if (wait > 0) {
        at->status = 429;
        at->why = wait_words(q, wait);
        return 0;
    }
    rc = user_by_login(&u, q->a, q->db, at->account, e);
    if (rc < 0)
        return -1;
    bool known = rc > 0 && u.active && u.password && *u.password;
    bool ok = sec_password_ok(known ? u.password : hash_of_nobody(q), at->password) && known;
    if (ok && u.totp && *u.totp)
        ok = code_ok(u.id, sec_open(q->a, store_key(q->site->store), u.totp), at->code);
    at->user = ok ? u.id : 0;
    at->owner = rc > 0 ? u.id : 0;
    at->status = ok ? 200 : 401;
    at->why = ok ? NULL : "登录名、口令或动态码不对。请核对后重新输入。";
    return 0;
}

static void say_failed(struct req *q, const struct attempt *at)
{
    if (at->api) {
        fault(q, at->status, at->why);
    } else {
        buf_clear(&q->out);
        write_login(q, at->to, at->why);
        q->status = at->status;
    }
    if (at->status == 401)
        resp_header(q, "WWW-Authenticate", at->api ? "Bearer" : "Form");
}

/* One more failure. *locked: from now on whoever tries has to wait, which stands in the trail. An account that
 * nobody has is not named there: what was typed may be a password. */
static int refuse_in(struct req *q, struct db *d, const char *account, int64_t owner, bool *locked, struct err *e)
{
    const int64_t now = now_ms();
    struct trail_entry t = {.who = owner, .at = now, .act = "login_locked", .table = ""};
    int64_t wait;
    struct json j;
    struct buf b;

    if (attempt_note(d, account, q->ip, now, e) < 0 || attempt_wait(&wait, d, account, q->ip, now, e) < 0)
        return -1;
    *locked = wait > 0;
    if (!*locked)
        return 0;
    buf_init(&b, 1024);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "address", q->ip);
    json_obj_end(&j);
    t.detail = buf_cstr(&b);
    int rc = trail_append(d, &t, e);
    buf_done(&b);
    return rc;
}

static int note_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct attempt *at = arg;
    bool locked;

    if (refuse_in(q, d, at->account, at->owner, &locked, e) < 0)
        return -1;
    say_failed(q, at);
    return 0;
}

static int login_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct attempt *at = arg;
    char token[TOKEN_CHARS + 1];
    struct json j;

    if (q->login && session_end(d, q->login->token_hash, e) < 0)
        return -1;
    if (attempt_clear(d, at->account, e) < 0 || login_open(q, d, at->user, at->api, token, e) < 0)
        return -1;
    if (!at->api)
        return again_kept(q) ? again_send(q, at->to) : resp_redirect(q, at->to);
    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "token", token);
    json_put_str(&j, "type", "Bearer");
    json_put_id(&j, "user", at->user);
    json_put_int(&j, "idle_seconds", SESSION_IDLE_MS / 1000);
    json_obj_end(&j);
    return resp_json(q, 201);
}

static int try_login(struct req *q, struct attempt *at, struct err *e)
{
    if (decide(q, at, e) < 0)
        return -1;
    q->forget_logins = true;
    if (at->user)
        return req_write(q, login_in, NULL, at);
    if (at->status == 401)
        return req_write(q, note_in, NULL, at);
    say_failed(q, at);
    return 0;
}

int page_login_post(struct req *q, struct err *e)
{
    struct attempt *at = arena_alloc(q->a, sizeof *at);

    at->account = req_form(q, "login");
    at->password = req_form(q, "password");
    at->code = req_form(q, "code");
    at->to = req_form(q, "to");
    return try_login(q, at, e);
}

int api_session_post(struct req *q, struct err *e)
{
    struct attempt *at = arena_alloc(q->a, sizeof *at);
    json_t *in = json_loadb(buf_cstr(&q->body), q->body.n, JSON_REJECT_DUPLICATES, NULL);

    at->api = true;
    if (!json_is_object(in)) {
        json_decref(in);
        return err_set(e, ERR_INPUT, "正文应是 JSON 对象，含 login 和 password（开启两步验证的再加 code）。");
    }
    at->account = arena_str(q->a, json_string_value(json_object_get(in, "login")));
    at->password = arena_str(q->a, json_string_value(json_object_get(in, "password")));
    at->code = arena_str(q->a, json_string_value(json_object_get(in, "code")));
    json_decref(in);
    return try_login(q, at, e);
}

/* --- out */

static int logout_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct trail_entry t = {.who = q->login->user, .at = now_ms(), .act = "logout", .table = "", .detail = ""};

    (void)arg;
    if (session_end(d, q->login->token_hash, e) < 0 || trail_append(d, &t, e) < 0)
        return -1;
    if (q->api) {
        q->status = 204;
        return 0;
    }
    resp_cookie(q, SESSION_COOKIE, "", 0);
    return resp_redirect(q, "/login");
}

int page_logout(struct req *q, struct err *e)
{
    (void)e;
    q->forget_logins = true;
    return req_write(q, logout_in, NULL, NULL);
}

int api_session_delete(struct req *q, struct err *e)
{
    return page_logout(q, e);
}

/* --- the password */

static void write_password(struct req *q, const char *error)
{
    begin_form(q, "修改口令", "/password", error);
    field(q, "old", "现在的口令", "password", NULL, "current-password");
    field(q, "new", "新口令（不少于8个字符）", "password", NULL, "new-password");
    field(q, "again", "再输一遍新口令", "password", NULL, "new-password");
    end_form(q, "修改");
}

int page_password(struct req *q, struct err *e)
{
    (void)e;
    write_password(q, NULL);
    return 0;
}

static int password_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct trail_entry t = {.who = q->login->user, .at = now_ms(), .act = "password", .table = "", .detail = ""};

    if (user_set_password(d, q->login->user, arg, q->login->token_hash, e) < 0 || trail_append(d, &t, e) < 0 ||
        attempt_clear(d, q->login->account, e) < 0)
        return -1;
    return resp_redirect(q, "/");
}

/* The old password was wrong once more; at the ceiling this session is over. */
static int old_wrong_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    bool locked;

    if (refuse_in(q, d, q->login->account, q->login->user, &locked, e) < 0)
        return -1;
    if (locked) {
        if (session_end(d, q->login->token_hash, e) < 0)
            return -1;
        resp_cookie(q, SESSION_COOKIE, "", 0);
        return resp_redirect(q, "/login");
    }
    buf_str(&q->out, arg);
    q->status = 422;
    return 0;
}

static const char *password_wrong(const char *old, const char *new, const char *again)
{
    if (!old || !new || !again || !*old)
        return "请填写现在的口令和新口令。";
    if (strlen(new) > PASSWORD_MAX || strlen(old) > PASSWORD_MAX)
        return "口令太长，不超过256个字节。";
    if (utf8_count(new) < PASSWORD_MIN)
        return "新口令太短，不少于8个字符。";
    if (strcmp(new, again) != 0)
        return "两遍新口令不一样，请重新输入。";
    if (strcmp(new, old) == 0)
        return "新口令和现在的一样，请换一个。";
    return NULL;
}

int page_password_post(struct req *q, struct err *e)
{
    const char *old = req_form(q, "old"), *new = req_form(q, "new"), *again = req_form(q, "again");
    const char *why = password_wrong(old, new, again);
    char *hash = arena_alloc(q->a, 128);
    struct user u;
    int64_t wait = 0;

    if (!why && attempt_wait(&wait, q->db, q->login->account, q->ip, now_ms(), e) < 0)
        return -1;
    if (wait > 0)
        why = wait_words(q, wait);
    if (!why) {
        if (user_find(&u, q->a, q->db, q->login->user, e) <= 0)
            return -1;
        q->forget_logins = true;
        if (!sec_password_ok(u.password, old)) {
            write_password(q, "现在的口令不对。");
            return req_write(q, old_wrong_in, NULL, arena_str(q->a, buf_cstr(&q->out)));
        }
    }
    if (why) {
        write_password(q, why);
        q->status = wait > 0 ? 429 : 422;
        return 0;
    }
    if (sec_password_hash(hash, new, e) < 0)
        return -1;
    return req_write(q, password_in, NULL, hash);
}

/* --- the second step: an authenticator's code besides the password */

/* The new secret travels sealed in the form until a code of it has been given: nothing is kept before that. */
static const char *secret_sent(struct req *q)
{
    const char *sealed = req_form(q, "sealed");
    const char *plain = sealed ? sec_open(q->a, store_key(q->site->store), sealed) : NULL;
    const char *mine = req_printf(q, "totp %lld ", (long long)q->login->user);
    return plain && strncmp(plain, mine, strlen(mine)) == 0 ? plain + strlen(mine) : NULL;
}

static void secret_shown(struct req *q, const char *secret)
{
    struct buf *b = &q->out;
    html_raw(b, "<p>");
    html_text(
        b,
        req_tr(q,
               "在手机的验证器应用里新建一项，输入下面的密钥（类型：基于时间），再把应用显示的六位数字填在这里。"));
    html_raw(b, "</p><p><strong><code>");
    for (size_t i = 0; secret[i]; i++) {
        html_textn(b, secret + i, 1);
        html_text(b, i % 4 == 3 ? " " : "");
    }
    html_raw(b, "</code></strong></p><p class=small><code>");
    html_text(b, req_printf(q, "otpauth://totp/Linli:%s?secret=%s&issuer=Linli", q->login->account, secret));
    html_raw(b, "</code></p>");
    html_hidden(b, "sealed",
                sec_seal(q->a, store_key(q->site->store),
                         req_printf(q, "totp %lld %s", (long long)q->login->user, secret)));
}

static void write_twostep(struct req *q, bool on, const char *error)
{
    unsigned char bytes[20];
    const char *secret = secret_sent(q);
    begin_form(q, "两步验证", "/twostep", error);
    if (!on) {
        if (!secret) {
            sec_random(bytes, sizeof bytes);
            secret = sec_base32(q->a, bytes, sizeof bytes);
        }
        secret_shown(q, secret);
        field(q, "code", "应用显示的六位数字", "text", NULL, "one-time-code");
    } else {
        html_elem(&q->out, "p", req_tr(q, "已开启：登录时除口令外还要填写动态码。"));
    }
    field(q, "old", "现在的口令", "password", NULL, "current-password");
    end_form(q, on ? "关闭两步验证" : "开启两步验证");
}

static int twostep_find(struct req *q, struct user *u, bool *on, struct err *e)
{
    if (user_find(u, q->a, q->db, q->login->user, e) <= 0)
        return -1;
    *on = u->totp && *u->totp;
    return 0;
}

int page_twostep(struct req *q, struct err *e)
{
    struct user u;
    bool on;
    if (twostep_find(q, &u, &on, e))
        return -1;
    write_twostep(q, on, NULL);
    return 0;
}

static int twostep_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct trail_entry t = {.who = q->login->user, .at = now_ms(), .act = "totp", .table = "", .detail = ""};
    if (user_set_totp(d, q->login->user, arg, e) < 0 || trail_append(d, &t, e) < 0 ||
        attempt_clear(d, q->login->account, e) < 0)
        return -1;
    return resp_redirect(q, "/me");
}

int page_twostep_post(struct req *q, struct err *e)
{
    const char *old = req_form(q, "old"), *secret = secret_sent(q), *why = NULL;
    struct user u;
    bool on;
    int64_t wait = 0;
    if (twostep_find(q, &u, &on, e) || attempt_wait(&wait, q->db, q->login->account, q->ip, now_ms(), e) < 0)
        return -1;
    if (wait > 0)
        why = wait_words(q, wait);
    else if (!old || !*old || strlen(old) > PASSWORD_MAX)
        why = "请填写现在的口令。";
    else if (!sec_password_ok(u.password, old)) {
        q->forget_logins = true;
        write_twostep(q, on, "现在的口令不对。");
        return req_write(q, old_wrong_in, NULL, arena_str(q->a, buf_cstr(&q->out)));
    } else if (!on && (!secret || !code_ok(q->login->user, secret, req_form(q, "code"))))
        why = "六位数字不对，或已经过时。请看应用现在显示的数字，并核对手机的时间。";
    if (why) {
        write_twostep(q, on, why);
        q->status = wait > 0 ? 429 : 422;
        return 0;
    }
    return req_write(q, twostep_in, NULL, on ? "" : sec_seal(q->a, store_key(q->site->store), secret));
}

/* --- the language */

int page_lang(struct req *q, struct err *e)
{
    const char *want = req_arg(q, "lang"), *to = req_query(q, "to");

    for (int l = 0; l < LANG__MAX; l++)
        if (strcmp(want, lang_tag[l]) == 0) {
            resp_cookie(q, "lang", lang_tag[l], (int64_t)365 * 24 * 3600);
            return resp_redirect(q, to ? to : "/");
        }
    return err_set(e, ERR_MISSING, "没有“%.20s”这种语言。", want);
}
