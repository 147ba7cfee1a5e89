/* SPDX-License-Identifier: Apache-2.0 */
/* page_admin.c: everything else: more, me, users. Units and grids are registers like any other. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/sec.h"
#include "model/account.h"
#include "web/page.h"
#include "web/pages.h"
#include "web/session.h"

static void item(struct req *q, const char *href, const char *label, const char *hint)
{
    struct buf *b = &q->out;
    html_raw(b, "<li><span class=what><a");
    html_set(b, "href", href);
    html_raw(b, ">");
    page_text(q, label);
    html_raw(b, "</a></span><span class=quiet>");
    page_text(q, hint);
    html_raw(b, "</span></li>");
}

static bool may_list(struct req *q, const char *name)
{
    const struct reg *r = schema_reg(q->view.schema, name);
    const struct node *unit = page_unit(q);
    struct err no = {0};
    return r && actor_reg(&q->view, q->actor, r, false, unit ? unit->id : 0, &no) == 0;
}

int page_more(struct req *q, struct err *e)
{
    const struct node *unit = page_unit(q);
    (void)e;
    page_begin(q, &(struct page){.title = "更多", .place = PLACE_MORE});
    html_raw(&q->out, "<ul class=tasks>");
    item(q, "/calendar", "日历", "会议和活动");
    if (unit && req_may(q, MAY_IMPORT, unit->id))
        item(q, "/import", "导入台账", "Excel、CSV 原样导入，可撤销");
    if (may_list(q, "unit"))
        item(q, "/r/unit", "组织", "街道、社区、支部");
    if (may_list(q, "grid"))
        item(q, "/r/grid", "网格", "网格、片区、小区");
    if (req_may(q, MAY_ADMIN, 0))
        item(q, "/users", "账号", "登录名、角色、停用");
    item(q, "/me", "我", "口令、语言、大字");
    html_raw(&q->out, "</ul>");
    page_end(q);
    return 0;
}

static const char *role_label(struct req *q, const char *role)
{
    for (size_t i = 0; i < q->view.schema->nroles; i++)
        if (strcmp(q->view.schema->roles[i].name, role) == 0)
            return label_in(&q->view.schema->roles[i].label, q->lang);
    return role;
}

static void grants(struct req *q, const char *const *roles, const int64_t *units, size_t n)
{
    html_raw(&q->out, "<dl class=known>");
    for (size_t i = 0; i < n; i++) {
        const struct node *u = tree_find(q->view.units, units[i]);
        html_elem(&q->out, "dt", role_label(q, roles[i]));
        html_elem(&q->out, "dd", u ? u->name : "");
    }
    html_raw(&q->out, "</dl>");
}

int page_me(struct req *q, struct err *e)
{
    struct buf *b = &q->out;
    const char *elder = req_cookie(q, "linli_elder");
    bool on = elder && strcmp(elder, "1") == 0;
    (void)e;
    page_begin(q,
               &(struct page){
                   .title = q->login->name, .place = PLACE_MORE, .cls = "text", .up = "/more", .up_text = "更多"});
    const char **roles = arena_array(q->a, q->actor->ngrants + 1, sizeof *roles);
    int64_t *units = arena_array(q->a, q->actor->ngrants + 1, sizeof *units);
    for (size_t i = 0; i < q->actor->ngrants; i++) {
        roles[i] = q->actor->grants[i].role;
        units[i] = q->actor->grants[i].unit;
    }
    grants(q, roles, units, q->actor->ngrants);
    html_raw(b, "<h2>");
    page_text(q, "显示");
    html_raw(b, "</h2><p class=quick>");
    html_raw(b, "<a class=button href=\"/elder\">");
    page_text(q, on ? "恢复普通字号" : "大字版");
    html_raw(b, "</a><a class=button href=\"/lang/zh-Hans\">简体</a><a class=button href=\"/lang/zh-Hant\">繁體</a>"
                "<a class=button href=\"/lang/en\">English</a></p><h2>");
    page_text(q, "账号");
    html_raw(b, "</h2><p><a class=button href=\"/password\">");
    page_text(q, "修改口令");
    html_raw(b, "</a> <a class=button href=\"/twostep\">");
    page_text(q, "两步验证");
    html_raw(b, "</a></p><form method=post action=\"/logout\">");
    page_form_keys(q);
    html_raw(b, "<button>");
    page_text(q, "退出");
    html_raw(b, "</button></form>");
    page_end(q);
    return 0;
}

int page_elder(struct req *q, struct err *e)
{
    const char *elder = req_cookie(q, "linli_elder");
    (void)e;
    resp_cookie(q, "linli_elder", elder && strcmp(elder, "1") == 0 ? "0" : "1", 365 * 24 * 3600);
    return resp_redirect(q, "/me");
}

/* --- users */

struct adding {
    struct account acc;
    struct err err;
    char password[16];
};

/* A new password is shown once, to whoever had it made: it travels sealed in the address of the next page, so that
 * neither the kept answer of the form nor a log holds it, and opens for a few minutes only. */
#define SHOWN_MS (10 * 60 * 1000)

/* Base64 as it may stand in an address, and back. */
static char *swap(char *s, const char *from, const char *to)
{
    for (char *p = s; *p; p++)
        if (strchr(from, *p))
            *p = to[strchr(from, *p) - from];
    return s;
}

static int shown_later(struct req *q, int64_t user, const char *password)
{
    const char *plain = req_printf(q, "shown %lld %lld %lld %s", (long long)q->actor->user, (long long)user,
                                   (long long)now_ms(), password);
    char *sealed = swap(sec_seal(q->a, store_key(q->site->store), plain), "+/=", "-_.");
    return resp_redirect(q, req_printf(q, "/users/%lld?shown=%s", (long long)user, sealed));
}

static void shown(struct req *q, const struct user *u)
{
    const char *sealed = req_query(q, "shown");
    const char *plain =
        sealed ? sec_open(q->a, store_key(q->site->store), swap(arena_str(q->a, sealed), "-_.", "+/=")) : NULL;
    long long by, user, at;
    int end = 0;
    if (!plain || sscanf(plain, "shown %lld %lld %lld %n", &by, &user, &at, &end) != 3 || !end ||
        by != q->actor->user || user != u->id || now_ms() - at > SHOWN_MS)
        return;
    html_raw(&q->out, "<p class=said role=status>");
    html_text(&q->out,
              req_printf(q, "%s 的口令是 %s。只显示十分钟，请转告本人并请其修改。", u->login, plain + end));
    html_raw(&q->out, "</p>");
}

static void unit_select(struct req *q, const char *name, const char *now)
{
    struct buf *b = &q->out;
    html_raw(b, "<select");
    html_set(b, "id", name);
    html_set(b, "name", name);
    html_raw(b, " required>");
    html_option(b, "", req_tr(q, "请选择"), !now || !*now);
    for (size_t i = 0; i < q->view.units->n; i++) {
        const struct node *n = &q->view.units->nodes[i];
        if (actor_may(&q->view, q->actor, MAY_ADMIN, n->id))
            html_option(b, n->code, n->name, now && strcmp(now, n->code) == 0);
    }
    html_raw(b, "</select>");
}

static void role_select(struct req *q, const char *now)
{
    struct buf *b = &q->out;
    html_raw(b, "<select id=role name=role required>");
    html_option(b, "", req_tr(q, "请选择"), !now || !*now);
    for (size_t i = 0; i < q->view.schema->nroles; i++) {
        const struct role_def *r = &q->view.schema->roles[i];
        html_option(b, r->name, label_in(&r->label, q->lang), now && strcmp(now, r->name) == 0);
    }
    html_raw(b, "</select>");
}

static void text_input(struct req *q, const char *name, const char *label, const struct err *e)
{
    struct buf *b = &q->out;
    bool bad = e && e->code != ERR_NONE && strcmp(e->field, name) == 0;
    html_raw(b, bad ? "<div class=\"field bad\"><label class=name" : "<div class=field><label class=name");
    html_set(b, "for", name);
    html_raw(b, ">");
    page_text(q, label);
    html_raw(b, "</label>");
    if (bad)
        html_elem(b, "p class=wrong", req_tr(q, e->msg));
    html_raw(b, "<input");
    html_set(b, "id", name);
    html_set(b, "name", name);
    html_set(b, "value", req_form(q, name));
    html_raw(b, " maxlength=60 required></div>");
}

static void user_form(struct req *q, const struct err *e)
{
    struct buf *b = &q->out;
    html_raw(b, "<h2>");
    page_text(q, "新建账号");
    html_raw(b, "</h2>");
    if (e && e->code != ERR_NONE)
        page_errors(q, NULL, e);
    html_raw(b, "<form method=post action=\"/users\">");
    page_form_keys(q);
    text_input(q, "login", "登录名", e);
    text_input(q, "name", "姓名", e);
    html_raw(b, "<div class=field><label class=name for=role>");
    page_text(q, "角色");
    html_raw(b, "</label>");
    role_select(q, req_form(q, "role"));
    html_raw(b, "</div><div class=field><label class=name for=unit>");
    page_text(q, "组织（含下级）");
    html_raw(b, "</label>");
    unit_select(q, "unit", req_form(q, "unit"));
    html_raw(b, "</div><button class=main>");
    page_text(q, "建立");
    html_raw(b, "</button></form>");
}

static int users_page(struct req *q, const struct adding *ad, struct err *e)
{
    struct buf *b = &q->out;
    struct user *users;
    size_t n;
    if (account_list(&users, &n, q->a, q->db, &q->view, q->actor, req_query(q, "q"), 500, e))
        return -1;
    page_begin(
        q, &(struct page){.title = "账号", .place = PLACE_MORE, .cls = "form", .up = "/more", .up_text = "更多"});
    html_raw(b, "<ul class=tasks>");
    for (size_t i = 0; i < n; i++) {
        html_raw(b, "<li><span class=what>");
        html_link(b, req_printf(q, "/users/%lld", (long long)users[i].id), users[i].name);
        html_raw(b, "</span><span class=quiet>");
        html_text(b, users[i].login);
        html_text(b, users[i].active ? "" : req_tr(q, "（停用）"));
        html_raw(b, "</span></li>");
    }
    html_raw(b, "</ul>");
    user_form(q, ad ? &ad->err : NULL);
    page_end(q);
    return 0;
}

int page_users(struct req *q, struct err *e)
{
    return users_page(q, NULL, e);
}

static int add_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct adding *ad = arg;
    if (account_add_in(d, q->a, &q->view, &ad->acc, e))
        return -1;
    return shown_later(q, ad->acc.id, ad->password);
}

static int add_failed(struct req *q, void *arg, struct err *e)
{
    struct adding *ad = arg;
    ad->err = *e;
    q->status = err_http(e->code);
    return users_page(q, ad, e);
}

int page_user_add(struct req *q, struct err *e)
{
    struct adding *ad = arena_alloc(q->a, sizeof *ad);
    const char *code = req_form(q, "unit"), *login = req_form(q, "login"), *name = req_form(q, "name"),
               *role = req_form(q, "role");
    const struct node *unit = code ? tree_code(q->view.units, code) : NULL;
    if (!unit || !actor_may(&q->view, q->actor, MAY_ADMIN, unit->id))
        return err_set(e, ERR_DENIED, "您不能为这个组织建立账号。");
    if (!login || !name || !role)
        return err_set(e, ERR_INPUT, "登录名、姓名、角色都要填写。");
    sec_word(ad->password, 12);
    ad->acc = (struct account){.login = login,
                               .name = *name ? name : login,
                               .role = role,
                               .unit = unit->id,
                               .password = ad->password,
                               .by = q->actor->user};
    if (account_ready(q->a, &q->view, &ad->acc, e))
        return add_failed(q, ad, e);
    return req_write(q, add_in, add_failed, ad);
}

/* --- one user: roles, active */

static int user_of(struct user *u, struct req *q, struct err *e)
{
    int64_t id;
    if (req_arg_id(&id, q, "id", e))
        return -1;
    return account_find(u, q->a, q->db, &q->view, q->actor, id, e);
}

/* One button that does something to the account; role and unit only for what is about a role. */
static void act_button(struct req *q, const char *act, const char *label, const char *role, const struct node *unit)
{
    struct buf *b = &q->out;
    html_raw(b, "<form method=post>");
    page_form_keys(q);
    if (role) {
        html_hidden(b, "role", role);
        html_hidden(b, "unit", unit->code);
    }
    html_raw(b, "<div class=acts><button name=act");
    html_set(b, "value", act);
    html_raw(b, ">");
    html_text(b, label);
    html_raw(b, "</button></div></form>");
}

static void roles_away(struct req *q, const struct user_grant *g, size_t n)
{
    for (size_t i = 0; i < n && n > 1; i++) {
        const struct node *u = tree_find(q->view.units, g[i].unit);
        if (u)
            act_button(q, "drop",
                       req_printf(q, "%s：%s · %s", req_tr(q, "去掉角色"), u->name, role_label(q, g[i].role)),
                       g[i].role, u);
    }
}

/* Asked once more, also where there is no JavaScript. */
static void suspend(struct req *q, const struct user *u)
{
    html_raw(&q->out, "<details><summary>");
    page_text(q, "停用（离岗当天）");
    html_raw(&q->out, "</summary><p>");
    html_text(&q->out, u->name);
    page_text(q, "：停用以后立刻退出，不能再登录；做过的记录都还在，以后可以恢复使用。");
    html_raw(&q->out, "</p>");
    act_button(q, "off", req_tr(q, "确定停用"), NULL, NULL);
    html_raw(&q->out, "</details>");
}

int page_user(struct req *q, struct err *e)
{
    struct buf *b = &q->out;
    struct user u;
    struct user_grant *g;
    size_t n;
    if (user_of(&u, q, e) || grant_list(&g, &n, q->a, q->db, u.id, e))
        return -1;
    page_begin(
        q, &(struct page){.title = u.name, .place = PLACE_MORE, .cls = "form", .up = "/users", .up_text = "账号"});
    html_raw(b, "<p class=quiet>");
    html_text(b, u.login);
    html_text(b, u.active ? "" : req_tr(q, "（停用）"));
    html_raw(b, "</p>");
    shown(q, &u);
    const char **roles = arena_array(q->a, n + 1, sizeof *roles);
    int64_t *units = arena_array(q->a, n + 1, sizeof *units);
    for (size_t i = 0; i < n; i++) {
        roles[i] = g[i].role;
        units[i] = g[i].unit;
    }
    grants(q, roles, units, n);
    if (!u.active)
        act_button(q, "on", req_tr(q, "恢复使用"), NULL, NULL);
    else if (u.id != q->actor->user)
        suspend(q, &u);
    act_button(q, "password", req_tr(q, "重设口令"), NULL, NULL);
    roles_away(q, g, n);
    html_raw(b, "<h2>");
    page_text(q, "增加角色");
    html_raw(b, "</h2><form method=post>");
    page_form_keys(q);
    role_select(q, NULL);
    unit_select(q, "unit", NULL);
    html_raw(b, "<div class=acts><button name=act value=grant>");
    page_text(q, "增加");
    html_raw(b, "</button></div></form>");
    page_end(q);
    return 0;
}

struct changing {
    struct account_change c;
    char password[16];
};

static int change_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct changing *ch = arg;
    if (account_change_in(d, q->a, &q->view, &ch->c, e))
        return -1;
    if (ch->c.hash)
        return shown_later(q, ch->c.user, ch->password);
    return resp_redirect(q, req_printf(q, "/users/%lld", (long long)ch->c.user));
}

int page_user_save(struct req *q, struct err *e)
{
    struct changing *ch = arena_alloc(q->a, sizeof *ch);
    const char *act = req_form(q, "act"), *code = req_form(q, "unit");
    char hash[128];
    struct user u;
    if (user_of(&u, q, e))
        return -1;
    ch->c = (struct account_change){.user = u.id,
                                    .act = act ? act : "",
                                    .role = req_form(q, "role"),
                                    .unit = code ? tree_code(q->view.units, code) : NULL,
                                    .by = q->actor};
    if (strcmp(ch->c.act, "password") == 0) {
        sec_word(ch->password, 12);
        if (sec_password_hash(hash, ch->password, e))
            return -1;
        ch->c.hash = arena_str(q->a, hash);
    }
    return req_write(q, change_in, NULL, ch);
}
