/* SPDX-License-Identifier: Apache-2.0 */
/* page_admin.c: everything else: more, me, users. Units and grids are registers like any other. */
#include <string.h>

#include "model/account.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"
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

int page_more(struct req *q, struct err *e)
{
    const struct node *unit = page_unit(q);
    (void)e;
    page_begin(q, &(struct page){.title = "更多", .place = PLACE_MORE});
    html_raw(&q->out, "<ul class=tasks>");
    item(q, "/calendar", "日历", "会议和活动");
    if (unit && req_may(q, MAY_IMPORT, unit->id))
        item(q, "/import", "导入台账", "Excel、CSV 原样导入，可撤销");
    item(q, "/r/unit", "组织", "街道、社区、支部");
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
    bool made;
};

static void unit_select(struct req *q, const char *name, const char *now)
{
    struct buf *b = &q->out;
    html_raw(b, "<select");
    html_set(b, "id", name);
    html_set(b, "name", name);
    html_raw(b, ">");
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
    html_raw(b, "<select id=role name=role>");
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
    if (user_list(&users, &n, q->a, q->db, req_query(q, "q"), 500, e))
        return -1;
    page_begin(
        q, &(struct page){.title = "账号", .place = PLACE_MORE, .cls = "form", .up = "/more", .up_text = "更多"});
    if (ad && ad->made) {
        html_raw(b, "<p class=said role=status>");
        html_text(b, req_printf(q, "已建立 %s，口令 %s。只显示这一次，请转告本人并请其修改。", ad->acc.login,
                                ad->password));
        html_raw(b, "</p>");
    }
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
    user_form(q, ad && !ad->made ? &ad->err : NULL);
    page_end(q);
    return 0;
}

int page_users(struct req *q, struct err *e)
{
    return users_page(q, NULL, e);
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
    ad->made = account_add(q->site, &q->view, &ad->acc, &ad->err) == 0;
    if (!ad->made)
        q->status = err_http(ad->err.code);
    return users_page(q, ad, e);
}

/* --- one user: roles, active */

static int user_of(struct user *u, struct req *q, struct err *e)
{
    int64_t id;
    if (req_arg_id(&id, q, "id", e))
        return -1;
    int found = user_find(u, q->a, q->db, id, e);
    if (found == 0)
        err_set(e, ERR_MISSING, "没有这个账号。");
    return found == 1 ? 0 : -1;
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
    const char **roles = arena_array(q->a, n + 1, sizeof *roles);
    int64_t *units = arena_array(q->a, n + 1, sizeof *units);
    for (size_t i = 0; i < n; i++) {
        roles[i] = g[i].role;
        units[i] = g[i].unit;
    }
    grants(q, roles, units, n);
    html_raw(b, "<form method=post>");
    page_form_keys(q);
    html_raw(b, "<div class=acts><button name=act");
    html_set(b, "value", u.active ? "off" : "on");
    html_raw(b, ">");
    page_text(q, u.active ? "停用（离岗当天）" : "恢复使用");
    html_raw(b, "</button></div></form><h2>");
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
    struct user u;
    const char *act, *role;
    const struct node *unit;
};

static int change_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct changing *c = arg;
    int rc;
    if (strcmp(c->act, "grant") == 0) {
        rc = grant_add(d, c->u.id, c->role, c->unit->id, e);
    } else {
        c->u.active = strcmp(c->act, "on") == 0;
        rc = user_update(d, &c->u, e);
    }
    struct trail_entry t = {.home = c->unit ? c->unit->home : 0,
                            .at = now_ms(),
                            .who = q->actor->user,
                            .act = "account",
                            .table = "",
                            .record = c->u.id,
                            .detail = c->role ? c->role : c->act};
    if (rc || trail_append(d, &t, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/users/%lld", (long long)c->u.id));
}

int page_user_save(struct req *q, struct err *e)
{
    struct changing *c = arena_alloc(q->a, sizeof *c);
    const char *act = req_form(q, "act"), *code = req_form(q, "unit");
    if (user_of(&c->u, q, e))
        return -1;
    c->act = act ? act : "";
    if (strcmp(c->act, "grant") == 0) {
        c->role = req_form(q, "role");
        c->unit = code ? tree_code(q->view.units, code) : NULL;
        if (!c->unit || !c->role || !actor_may(&q->view, q->actor, MAY_ADMIN, c->unit->id))
            return err_set(e, ERR_DENIED, "您不能在这个组织设置角色。");
        if (account_role(&q->view, c->role, c->unit, e))
            return -1;
    } else if (strcmp(c->act, "on") != 0 && strcmp(c->act, "off") != 0) {
        return err_set(e, ERR_INPUT, "没有这个操作。");
    }
    return req_write(q, change_in, NULL, c);
}
