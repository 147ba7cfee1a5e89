/* SPDX-License-Identifier: Apache-2.0 */
/* perm.c: who may do what. Every decision goes through covers(). */
#include "model/perm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "model/record.h"

const char *const permission_word[MAY__MAX] = {
    [MAY_NONE] = "none",     [MAY_LOGIN] = "login",   [MAY_READ] = "read",   [MAY_WRITE] = "write",
    [MAY_IMPORT] = "import", [MAY_REPORT] = "report", [MAY_ADMIN] = "admin", [MAY_PERSONAL] = "personal",
};

const struct actor actor_system = {.user = 0, .name = "系统"};

static const struct role_def *role_find(const struct view *v, const char *name)
{
    for (size_t i = 0; i < v->schema->nroles; i++)
        if (!strcmp(v->schema->roles[i].name, name))
            return &v->schema->roles[i];
    return NULL;
}

static bool listed(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (!strcmp(*words, word))
            return true;
    return false;
}

/* The decision: does this grant give permission p at the unit, to somebody in one of these roles (NULL: any)?
 * Who may admin stands in every list. unit 0: at whichever unit it was granted. */
static bool covers(const struct view *v, const struct grant *g, enum permission p, const char *const *roles,
                   int64_t unit)
{
    const struct role_def *role = role_find(v, g->role);

    if (!role || !listed(role->may, permission_word[p]))
        return false;
    if (roles && !listed(role->may, permission_word[MAY_ADMIN]) && !listed(roles, g->role))
        return false;
    if (unit == 0)
        return true;
    return tree_within(tree_find(v->units, unit), tree_find(v->units, g->unit));
}

static bool may(const struct view *v, const struct actor *a, enum permission p, const char *const *roles,
                int64_t unit)
{
    for (size_t i = 0; i < a->ngrants; i++)
        if (covers(v, &a->grants[i], p, roles, unit))
            return true;
    return false;
}

bool actor_may(const struct view *v, const struct actor *a, enum permission p, int64_t unit)
{
    if (p == MAY_NONE)
        return true;
    if (!a || a->user < 0)
        return false; /* nobody is logged in */
    if (a->user == 0 || p == MAY_LOGIN)
        return true;
    return may(v, a, p, NULL, unit);
}

bool actor_may_all(const struct view *v, const struct actor *a, enum permission p)
{
    bool any = false;

    if (a && a->user == 0)
        return true;
    for (size_t i = 0; i < v->units->n; i++) {
        if (v->units->nodes[i].up)
            continue;
        if (!actor_may(v, a, p, v->units->nodes[i].id))
            return false;
        any = true;
    }
    return any;
}

bool actor_over(const struct view *v, const struct actor *a, const struct grant *grants, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!tree_find(v->units, grants[i].unit) ? !actor_may_all(v, a, MAY_ADMIN)
                                                 : !actor_may(v, a, MAY_ADMIN, grants[i].unit))
            return false;
    return n > 0 || actor_may_all(v, a, MAY_ADMIN);
}

/* "书记、社区工作者" */
static const char *role_list(struct buf *b, const struct view *v, const char *const *roles)
{
    buf_clear(b);
    for (; roles && *roles; roles++) {
        const struct role_def *r = role_find(v, *roles);

        buf_printf(b, "%s%s", b->n ? "、" : "", r ? label_in(&r->label, LANG_HANS) : *roles);
    }
    return b->n ? buf_cstr(b) : "管理员";
}

/* Roles of the schema that hold a permission, for the message where a register names none. */
static const char *role_holders(struct buf *b, const struct view *v, enum permission p)
{
    buf_clear(b);
    for (size_t i = 0; i < v->schema->nroles; i++)
        if (listed(v->schema->roles[i].may, permission_word[p]))
            buf_printf(b, "%s%s", b->n ? "、" : "", label_in(&v->schema->roles[i].label, LANG_HANS));
    return b->n ? buf_cstr(b) : "管理员";
}

static int refuse(const struct view *v, const struct reg *r, const char *what, enum permission p,
                  const char *const *roles, int64_t unit, struct err *e)
{
    const struct node *n = tree_find(v->units, unit);
    struct buf b;

    buf_init(&b, 400);
    err_set(e, ERR_DENIED, "“%s”只能由%s来%s，您在“%s”没有这样的角色。请联系管理员授权。",
            label_in(&r->label, LANG_HANS), roles ? role_list(&b, v, roles) : role_holders(&b, v, p), what,
            n ? n->name : "本单位");
    buf_done(&b);
    return -1;
}

static int not_logged_in(struct err *e)
{
    return err_set(e, ERR_LOGIN, "请先登录。");
}

int actor_reg(const struct view *v, const struct actor *a, const struct reg *r, bool write, int64_t unit,
              struct err *e)
{
    const struct roles *who;
    enum permission p = write ? MAY_WRITE : MAY_READ;

    if (r->parent)
        r = r->parent;
    who = write ? &r->write : &r->read;
    if (!a || a->user < 0)
        return not_logged_in(e);
    if (a->user == 0 || may(v, a, p, who->names, unit))
        return 0;
    return refuse(v, r, write ? "填写" : "查看", p, who->names, unit, e);
}

int actor_move(const struct view *v, const struct actor *a, const struct reg *r, const struct move *m, int64_t unit,
               struct err *e)
{
    const char *const *roles = m->by.names && m->by.names[0] ? m->by.names : r->write.names;
    char what[128];

    if (!a || a->user < 0)
        return not_logged_in(e);
    if (a->user == 0 || may(v, a, MAY_WRITE, roles, unit))
        return 0;
    snprintf(what, sizeof what, "办理“%s”", label_in(&m->label, LANG_HANS));
    return refuse(v, r, what, MAY_WRITE, roles, unit, e);
}

/* --- one's own records */

const char *account_person(const char *account)
{
    const char *blank = strrchr(account, ' ');

    return blank && blank[1] ? blank + 1 : account;
}

bool account_named(const char *account, const char *who)
{
    return !strcmp(who, account) || !strcmp(who, account_person(account));
}

bool actor_named(const struct view *v, const struct actor *a, const char *who, int64_t unit)
{
    const struct node *at = tree_find(v->units, unit);

    if (account_named(a->name, who))
        return true;
    for (size_t i = 0; at && i < a->ngrants; i++) {
        const struct role_def *role = role_find(v, a->grants[i].role);
        const struct node *top = tree_find(v->units, a->grants[i].unit);

        if (role && top && tree_within(at, top) && !strcmp(who, role->label.t[LANG_HANS]))
            return true;
    }
    return false;
}

/* Is it with somebody, in the state it is in? */
static bool is_assigned(const struct record *r)
{
    const struct state *s = r->state ? reg_state(r->reg, r->state) : NULL;

    if (!r->reg->assigned)
        return false;
    return r->reg->assigned_in ? r->state && listed(r->reg->assigned_in, r->state) : !s || !s->final;
}

bool actor_owns(const struct view *v, const struct actor *a, const struct record *r)
{
    struct value who;

    if (!a || a->user <= 0 || !r->id)
        return false;
    if (r->by == a->user)
        return true;
    if (!is_assigned(r))
        return false;
    who = record_get(r, r->reg->assigned);
    return who.kind == VALUE_TEXT && *who.s && actor_named(v, a, who.s, r->unit);
}

int actor_edit(const struct view *v, const struct actor *a, const struct record *r, struct err *e)
{
    if (actor_reg(v, a, r->reg, true, r->unit, e))
        return -1;
    if (a->user == 0 || !r->reg->own.names || actor_owns(v, a, r))
        return 0;
    for (size_t i = 0; i < a->ngrants; i++)
        if (covers(v, &a->grants[i], MAY_WRITE, r->reg->write.names, r->unit) &&
            !listed(r->reg->own.names, a->grants[i].role))
            return 0;
    return err_set(e, ERR_DENIED,
                   "这条“%s”不是您登记的，也不在您手上，不能修改或撤下。请联系登记人，或联系社区负责人修改。",
                   label_in(&r->reg->label, LANG_HANS));
}

/* Nodes stand in depth-first order, so a subtree is a run of them. */
static size_t subtree_end(const struct tree *t, size_t top)
{
    size_t i = top + 1;

    while (i < t->n && t->nodes[i].depth > t->nodes[top].depth)
        i++;
    return i;
}

int64_t *actor_scope_reg(struct arena *ar, const struct view *v, const struct actor *a, const struct reg *r,
                         size_t *n, bool *all)
{
    const char *const *roles = r ? (r->parent ? r->parent : r)->read.names : NULL;
    const struct tree *t = v->units;
    int64_t *ids;
    bool *in;

    *n = 0;
    *all = a && a->user == 0;
    if (!a || *all)
        return NULL;
    in = arena_array(ar, t->n + 1, sizeof *in);
    for (size_t g = 0; g < a->ngrants; g++) {
        const struct node *top = tree_find(t, a->grants[g].unit);
        if (!top || !covers(v, &a->grants[g], MAY_READ, roles, 0))
            continue;
        size_t from = (size_t)(top - t->nodes), end = subtree_end(t, from);
        for (size_t i = from; i < end; i++) {
            *n += !in[i];
            in[i] = true;
        }
    }
    *all = t->n > 0 && *n == t->n;
    if (*all) {
        *n = 0;
        return NULL;
    }
    ids = arena_array(ar, *n + 1, sizeof *ids);
    for (size_t i = 0, k = 0; i < t->n; i++)
        if (in[i])
            ids[k++] = t->nodes[i].id;
    return ids;
}

int64_t *actor_scope(struct arena *ar, const struct view *v, const struct actor *a, size_t *n, bool *all)
{
    return actor_scope_reg(ar, v, a, NULL, n, all);
}

bool actor_sees(const struct view *v, const struct actor *a, const struct field *f, int64_t unit)
{
    if (f->cls == CLASS_PUBLIC)
        return true;
    if (f->cls == CLASS_INTERNAL)
        return actor_may(v, a, MAY_LOGIN, 0);
    return actor_may(v, a, MAY_PERSONAL, unit);
}

bool actor_sees_in(const struct view *v, const struct actor *a, const struct field *f, const struct record *r)
{
    return actor_sees(v, a, f, r->unit) || (r->own && f->cls == CLASS_PERSONAL);
}

bool actor_sees_all(const struct view *v, const struct actor *a, const struct field *f, const int64_t *units,
                    size_t n, bool all)
{
    for (size_t i = 0; all && i < v->units->n; i++)
        if (v->units->nodes[i].depth == 0 && !actor_sees(v, a, f, v->units->nodes[i].id))
            return false;
    for (size_t i = 0; !all && i < n; i++)
        if (!actor_sees(v, a, f, units[i]))
            return false;
    return true;
}
