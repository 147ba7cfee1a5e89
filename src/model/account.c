/* SPDX-License-Identifier: Apache-2.0 */
/* account.c: making and changing accounts. */
#include "model/account.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/utf8.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"

static int login_check(const char *login, struct err *e)
{
    size_t n = strlen(login);
    bool ok = n >= 2 && n <= 32;
    for (size_t i = 0; i < n && ok; i++)
        ok = islower((unsigned char)login[i]) || isdigit((unsigned char)login[i]) || strchr("._-", login[i]);
    if (!ok)
        return err_field(e, "login", "登录名“%s”不能用。请用 2 到 32 个小写字母、数字或 . _ -", login);
    return 0;
}

static int no_role(const struct view *v, const char *name, struct err *e)
{
    struct buf b;
    buf_init(&b, 512);
    for (size_t i = 0; i < v->schema->nroles; i++)
        buf_printf(&b, "%s%s", i ? "、" : "", v->schema->roles[i].name);
    int rc = err_field(e, "role", "没有角色“%s”，现有：%s", name, buf_cstr(&b));
    buf_done(&b);
    return rc;
}

int account_role(const struct view *v, const char *name, const struct node *unit, struct err *e)
{
    const struct role_def *role = NULL;
    for (size_t i = 0; i < v->schema->nroles; i++)
        if (strcmp(v->schema->roles[i].name, name) == 0)
            role = &v->schema->roles[i];
    if (!role)
        return no_role(v, name, e);
    for (const char **k = role->kinds; k; k++) {
        if (!*k)
            return err_field(e, "role", "“%s”不能设在“%s”这一级", label_in(&role->label, LANG_HANS), unit->name);
        if (strcmp(*k, unit->kind) == 0)
            break;
    }
    return 0;
}

int account_ready(struct arena *a, const struct view *v, struct account *acc, struct err *e)
{
    char hash[128];
    const struct node *unit = tree_find(v->units, acc->unit);
    if (!unit)
        return err_field(e, "unit", "没有这个组织");
    if (login_check(acc->login, e) || account_role(v, acc->role, unit, e))
        return -1;
    if (utf8_count(acc->password) < PASSWORD_MIN)
        return err_field(e, "password", "口令太短，至少 %d 个字符", PASSWORD_MIN);
    if (sec_password_hash(hash, acc->password, e))
        return -1;
    acc->hash = arena_str(a, hash);
    return 0;
}

static int told(struct db *d, int64_t home, int64_t by, int64_t user, const char *detail, struct err *e)
{
    struct trail_entry t = {
        .home = home, .at = now_ms(), .who = by, .act = "account", .table = "", .record = user, .detail = detail};
    return trail_append(d, &t, e);
}

/* A login taken by an account that is suspended: say so, it is mended otherwise than a login in use. */
static int login_asleep(struct db *d, struct arena *a, const char *login, struct err *e)
{
    struct user u;
    int found = user_by_login(&u, a, d, login, e);
    if (found < 1 || u.active)
        return found < 0 ? -1 : 0;
    err_set(e, ERR_CONFLICT,
            "登录名“%s”已有账号，现在停用。请在“账号”页恢复使用，或在命令行用 linli user enable --login %s", login,
            login);
    snprintf(e->field, sizeof e->field, "login");
    return -1;
}

int account_add_in(struct db *d, struct arena *a, const struct view *v, struct account *acc, struct err *e)
{
    const struct node *unit = tree_find(v->units, acc->unit);
    struct user u = {.login = acc->login,
                     .name = acc->name,
                     .password = acc->hash,
                     .totp = "",
                     .active = true,
                     .pinyin = arena_printf(a, "%s %s", pinyin_name(a, acc->name), pinyin_initials(a, acc->name))};
    if (!unit)
        return err_field(e, "unit", "没有这个组织");
    if (login_asleep(d, a, acc->login, e) || user_create(d, &u, e) || grant_add(d, u.id, acc->role, acc->unit, e))
        return -1;
    acc->id = u.id;
    return told(d, unit->home, acc->by, u.id, acc->role, e);
}

struct account_job {
    struct account *acc;
    const struct view *view;
    struct arena *a;
};

static int account_write(struct db *d, void *arg, struct err *e)
{
    struct account_job *j = arg;
    return account_add_in(d, j->a, j->view, j->acc, e);
}

int account_add(struct site *s, const struct view *v, struct account *acc, struct err *e)
{
    struct account_job j = {.acc = acc, .view = v, .a = arena_new()};
    int rc = account_ready(j.a, v, acc, e) || store_write(s->store, account_write, &j, e) ? -1 : 0;
    acc->hash = NULL;
    arena_free(j.a);
    return rc;
}

/* --- over whom one decides */

/* 1 yes, 0 no, -1. The grants too, where they are asked for. */
static int decides(struct user_grant **grants, size_t *n, struct arena *a, struct db *d, const struct view *v,
                   const struct actor *by, int64_t user, struct err *e)
{
    if (grant_list(grants, n, a, d, user, e))
        return -1;
    struct grant *g = arena_array(a, *n + 1, sizeof *g);
    for (size_t i = 0; i < *n; i++)
        g[i] = (struct grant){.role = (*grants)[i].role, .unit = (*grants)[i].unit};
    return actor_over(v, by, g, *n);
}

static int find(struct user *out, struct user_grant **grants, size_t *n, struct arena *a, struct db *d,
                const struct view *v, const struct actor *by, int64_t id, struct err *e)
{
    int found = user_find(out, a, d, id, e);
    if (found == 1)
        found = decides(grants, n, a, d, v, by, id, e);
    return found == 0 ? err_set(e, ERR_MISSING, "没有这个账号，或它的角色不都在您管理的组织里。")
           : found < 0 ? -1
                       : 0;
}

int account_find(struct user *out, struct arena *a, struct db *d, const struct view *v, const struct actor *by,
                 int64_t id, struct err *e)
{
    struct user_grant *g;
    size_t n;
    return find(out, &g, &n, a, d, v, by, id, e);
}

#define ACCOUNTS_MAX 10000 /* looked through for a list */

int account_list(struct user **out, size_t *n, struct arena *a, struct db *d, const struct view *v,
                 const struct actor *by, const char *word, int limit, struct err *e)
{
    struct user *all;
    struct user_grant *g;
    size_t count, grants;
    *n = 0;
    if (user_list(&all, &count, a, d, word, ACCOUNTS_MAX, e))
        return -1;
    *out = all;
    for (size_t i = 0; i < count && *n < (size_t)limit; i++) {
        int mine = decides(&g, &grants, a, d, v, by, all[i].id, e);
        if (mine < 0)
            return -1;
        if (mine)
            all[(*n)++] = all[i];
    }
    return 0;
}

/* --- changes */

static int set_role(struct db *d, const struct view *v, const struct account_change *c, size_t ngrants,
                    struct err *e)
{
    bool add = strcmp(c->act, "grant") == 0;
    if (!c->unit || !c->role || !actor_may(v, c->by, MAY_ADMIN, c->unit->id))
        return err_set(e, ERR_DENIED, "您不能在这个组织设置角色。");
    if (add)
        return account_role(v, c->role, c->unit, e) ? -1 : grant_add(d, c->user, c->role, c->unit->id, e);
    if (ngrants <= 1)
        return err_set(e, ERR_CONFLICT, "这是最后一个角色，不能去掉。人已离岗请停用账号；换岗请先增加新的角色。");
    return grant_drop(d, c->user, c->role, c->unit->id, e);
}

/* After a change that takes something away somebody who can log in must still be admin of everything, if the
 * changed account was: inside the transaction, so that the change is undone with the refusal. */
static int admin_left(struct db *d, struct arena *a, const struct view *v, const struct user_grant *had, size_t n,
                      struct err *e)
{
    struct user_grant *left;
    size_t nleft;
    if (n == 0 || !had)
        return 0;
    struct grant *g = arena_array(a, n + 1, sizeof *g);
    for (size_t i = 0; i < n; i++)
        g[i] = (struct grant){.role = had[i].role, .unit = had[i].unit};
    if (!actor_may_all(v, &(struct actor){.user = had->user, .grants = g, .ngrants = n}, MAY_ADMIN))
        return 0;
    if (grant_holders(&left, &nleft, a, d, NULL, NULL, 0, e))
        return -1;
    g = arena_array(a, nleft + 1, sizeof *g);
    for (size_t i = 0; i < nleft; i++)
        g[i] = (struct grant){.role = left[i].role, .unit = left[i].unit};
    if (actor_may_all(v, &(struct actor){.user = had->user, .grants = g, .ngrants = nleft}, MAY_ADMIN))
        return 0;
    return err_set(e, ERR_CONFLICT,
                   "这是最后一个能管理全部账号的人，不能停用，也不能去掉这个角色。请先让另一个人担任管理员。");
}

static int set_active(struct db *d, const struct account_change *c, struct user *u, struct err *e)
{
    u->active = strcmp(c->act, "on") == 0;
    if (!u->active && c->by->user == c->user)
        return err_set(e, ERR_CONFLICT, "不能停用自己的账号。本人离岗，请由另一位管理员停用。");
    return user_update(d, u, e);
}

int account_change_in(struct db *d, struct arena *a, const struct view *v, const struct account_change *c,
                      struct err *e)
{
    struct user u;
    struct user_grant *g = NULL;
    size_t n = 0;
    int rc;
    if (find(&u, &g, &n, a, d, v, c->by, c->user, e))
        return -1;
    if (strcmp(c->act, "grant") == 0 || strcmp(c->act, "drop") == 0) {
        rc = set_role(d, v, c, n, e);
    } else if (strcmp(c->act, "password") == 0 && c->hash) {
        rc = user_set_password(d, c->user, c->hash, NULL, e);
    } else if (strcmp(c->act, "on") == 0 || strcmp(c->act, "off") == 0) {
        rc = set_active(d, c, &u, e);
    } else {
        return err_set(e, ERR_INPUT, "没有这个操作。");
    }
    if (rc == 0 && (strcmp(c->act, "off") == 0 || strcmp(c->act, "drop") == 0))
        rc = admin_left(d, a, v, g, n, e);
    const struct node *at = c->unit ? c->unit : n ? tree_find(v->units, g[0].unit) : NULL;
    return rc || told(d, at ? at->home : 0, c->by->user, c->user,
                      c->role ? arena_printf(a, "%s %s", c->act, c->role) : c->act, e)
               ? -1
               : 0;
}
