/* SPDX-License-Identifier: Apache-2.0 */
/* account.c: making an account. */
#include "model/account.h"

#include <ctype.h>
#include <string.h>

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

int account_role(const struct view *v, const char *name, const struct node *unit, struct err *e)
{
    const struct role_def *role = NULL;
    for (size_t i = 0; i < v->schema->nroles; i++)
        if (strcmp(v->schema->roles[i].name, name) == 0)
            role = &v->schema->roles[i];
    if (!role)
        return err_field(e, "role", "没有角色“%s”", name);
    for (const char **k = role->kinds; k; k++) {
        if (!*k)
            return err_field(e, "role", "“%s”不能设在“%s”这一级", label_in(&role->label, LANG_HANS), unit->name);
        if (strcmp(*k, unit->kind) == 0)
            break;
    }
    return 0;
}

struct account_job {
    struct account *acc;
    struct user user;
    int64_t home;
};

static int account_write(struct db *d, void *arg, struct err *e)
{
    struct account_job *j = arg;
    if (user_create(d, &j->user, e) || grant_add(d, j->user.id, j->acc->role, j->acc->unit, e))
        return -1;
    struct trail_entry t = {.home = j->home,
                            .at = now_ms(),
                            .who = j->acc->by,
                            .act = "account",
                            .table = "",
                            .record = j->user.id,
                            .detail = j->acc->role};
    return trail_append(d, &t, e);
}

int account_add(struct site *s, const struct view *v, struct account *acc, struct err *e)
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
    struct arena *a = arena_new();
    struct account_job j = {.acc = acc, .home = unit->home};
    j.user =
        (struct user){.login = acc->login,
                      .name = acc->name,
                      .password = hash,
                      .totp = "",
                      .active = true,
                      .pinyin = arena_printf(a, "%s %s", pinyin_name(a, acc->name), pinyin_initials(a, acc->name))};
    int rc = store_write(s->store, account_write, &j, e);
    acc->id = j.user.id;
    arena_free(a);
    return rc;
}
