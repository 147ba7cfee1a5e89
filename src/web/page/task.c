/* SPDX-License-Identifier: Apache-2.0 */
/* task.c: whose turn it is, and how many wait for whoever is logged in. */
#include "web/task.h"

#include <pthread.h>
#include <string.h>

#include "base/date.h"
#include "store/sys_user.h"
#include "web/page.h"
#include "web/session.h"

#define COUNT_MS 5000   /* a count is shown so long */
#define COUNT_SLOTS 512 /* accounts whose counts are kept */

/* --- mine */

static const char *role_name(const struct req *q, const char *role)
{
    for (size_t i = 0; i < q->view.schema->nroles; i++)
        if (strcmp(q->view.schema->roles[i].name, role) == 0)
            return q->view.schema->roles[i].label.t[LANG_HANS];
    return role;
}

bool task_is_mine(const struct req *q, const struct clock *c)
{
    return c->who && *c->who && q->login && actor_named(&q->view, q->actor, c->who, c->unit);
}

/* My name, and what my roles are called. */
static size_t my_names(const struct req *q, const char *names[CLOCK_NAMES])
{
    size_t n = 0;
    names[n++] = q->login->name;
    if (account_person(q->login->name) != q->login->name)
        names[n++] = account_person(q->login->name);
    for (size_t i = 0; i < q->actor->ngrants && n < CLOCK_NAMES; i++) {
        const char *name = role_name(q, q->actor->grants[i].role);
        size_t k = 0;
        while (k < n && strcmp(names[k], name) != 0)
            k++;
        if (k == n)
            names[n++] = name;
    }
    return n;
}

/* The homes beneath all that the actor has a role at. */
static int64_t *my_homes(struct req *q, size_t *n)
{
    int64_t *all = NULL;
    size_t cap = 0;
    *n = 0;
    for (size_t i = 0; i < q->actor->ngrants; i++) {
        const struct node *u = tree_find(q->view.units, q->actor->grants[i].unit);
        size_t k = 0;
        int64_t *homes = u ? page_homes(q, u, &k) : NULL;
        for (size_t j = 0; j < k; j++)
            VEC_PUSH(q->a, all, *n, cap) = homes[j];
    }
    return all;
}

int task_mine(struct clock **out, size_t *n, struct req *q, int limit, struct err *e)
{
    const char *names[CLOCK_NAMES];
    size_t nhomes, all, nnames = my_names(q, names);
    int64_t *homes = my_homes(q, &nhomes);
    struct clock *c;
    *n = 0;
    if (clock_mine(&c, &all, q->a, q->db, names, nnames, homes, nhomes, limit, e))
        return -1;
    for (size_t i = 0; i < all; i++) {
        const struct reg *r = schema_reg(q->view.schema, c[i].table);
        struct err no = {0};
        if (r && task_is_mine(q, &c[i]) && actor_reg(&q->view, q->actor, r, false, c[i].unit, &no) == 0)
            c[(*n)++] = c[i];
    }
    *out = c;
    return 0;
}

/* --- how many: the pages' bar asks with every page, so it is counted seldom */

static struct {
    pthread_mutex_t lock;
    struct {
        int64_t user, until;
        int n;
    } v[COUNT_SLOTS];
} counts = {.lock = PTHREAD_MUTEX_INITIALIZER};

int task_count(struct req *q)
{
    const int64_t user = q->login->user, now = now_ms();
    const size_t slot = (size_t)(uint64_t)user % COUNT_SLOTS;
    struct err no = {0};
    struct clock *c;
    size_t n = 0;
    int kept = -1;
    pthread_mutex_lock(&counts.lock);
    if (counts.v[slot].user == user && now < counts.v[slot].until)
        kept = counts.v[slot].n;
    pthread_mutex_unlock(&counts.lock);
    if (kept >= 0 || !q->db || !q->actor->ngrants)
        return kept < 0 ? 0 : kept;
    if (task_mine(&c, &n, q, TASKS_COUNTED, &no))
        return 0;
    pthread_mutex_lock(&counts.lock);
    counts.v[slot].user = user;
    counts.v[slot].until = now + COUNT_MS;
    counts.v[slot].n = (int)n;
    pthread_mutex_unlock(&counts.lock);
    return (int)n;
}

void task_forget(int64_t user)
{
    const size_t slot = (size_t)(uint64_t)user % COUNT_SLOTS;
    pthread_mutex_lock(&counts.lock);
    if (counts.v[slot].user == user)
        counts.v[slot].until = 0;
    pthread_mutex_unlock(&counts.lock);
}

/* --- whom it can be with */

/* The community's units and those above it. */
static int64_t *units_of(struct req *q, const struct node *unit, size_t *n)
{
    const struct node *top = tree_find(q->view.units, unit->home);
    int64_t *below = tree_below(q->a, top ? top : unit, n), *out = arena_array(q->a, *n + 32, sizeof *out);
    for (size_t i = 0; i < *n; i++)
        out[i] = below[i];
    for (const struct node *u = (top ? top : unit)->up; u; u = u->up)
        out[(*n)++] = u->id;
    return out;
}

static bool writes(const struct reg *r, const char *role)
{
    for (const char **w = r->write.names; w && *w; w++)
        if (strcmp(*w, role) == 0)
            return true;
    return r->write.names == NULL;
}

/* Each account once, with what it may do there. */
static size_t holders(struct req *q, const struct reg *r, const struct user_grant *g, size_t n,
                      const struct map *names, struct task_who *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = map_get(names, req_printf(q, "%lld", (long long)g[i].user));
        const char *role = role_name(q, g[i].role);
        if (!name || !writes(r, g[i].role))
            continue;
        if (k && strcmp(out[k - 1].name, account_person(name)) == 0) {
            if (!strstr(out[k - 1].roles, role))
                out[k - 1].roles = req_printf(q, "%s、%s", out[k - 1].roles, role);
        } else {
            out[k++] = (struct task_who){account_person(name), role};
        }
    }
    return k;
}

int task_who(struct task_who **out, size_t *n, struct req *q, const struct reg *r, const struct node *unit,
             struct err *e)
{
    struct user_grant *g;
    struct map *names;
    size_t nunits, ng;
    *n = 0;
    *out = NULL;
    if (!unit)
        return 0;
    const int64_t *units = units_of(q, unit, &nunits);
    if (grant_holders(&g, &ng, q->a, q->db, NULL, units, nunits, e))
        return -1;
    int64_t *ids = arena_array(q->a, ng + 1, sizeof *ids);
    for (size_t i = 0; i < ng; i++)
        ids[i] = g[i].user;
    if (user_names(&names, q->a, q->db, ids, ng, e))
        return -1;
    *out = arena_array(q->a, ng + q->view.schema->nroles + 1, sizeof **out);
    *n = holders(q, r, g, ng, names, *out);
    for (size_t i = 0; i < q->view.schema->nroles; i++) {
        const struct role_def *role = &q->view.schema->roles[i];
        if (r->write.names && writes(r, role->name))
            (*out)[(*n)++] = (struct task_who){role->label.t[LANG_HANS], NULL};
    }
    return 0;
}
