/* SPDX-License-Identifier: Apache-2.0 */
/* seed.c: a seed file's lists of records, written in order. */
#include "model/seed.h"

#include <stdlib.h>
#include <string.h>

#include "model/account.h"
#include "model/query.h"
#include "model/seed_value.h"

#define SEED_CHUNK 500

static int seed_bad(const struct seed *s, const struct yaml *y, struct err *e, const char *msg)
{
    return err_set(e, ERR_INPUT, "%s:%d:%d: %s", s->file, y->line, y->col, msg);
}

/* Child rows: a list of maps. */
static int seed_children(struct seed *s, struct record *r, const struct reg *child, const struct yaml *list,
                         struct err *e)
{
    if (list->kind != YAML_LIST)
        return seed_bad(s, list, e, "a list of child rows is expected");
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml *row = list->item[i];
        struct child_row *c = record_child_add(s->a, r, child->name);
        for (size_t k = 0; k < row->n; k++) {
            struct field *f = reg_field(child, row->key[k]->text);
            if (!f)
                return seed_bad(s, row->key[k], e, "no such field in the child table");
            if (seed_value(&c->values[f->index], s, r, f, row->item[k], e))
                return -1;
        }
    }
    return 0;
}

static int seed_set(struct seed *s, struct record *r, const struct yaml *set, struct err *e)
{
    for (size_t i = 0; i < set->n; i++) {
        const char *name = set->key[i]->text;
        const struct reg *child = reg_child(r->reg, name);
        struct field *f = reg_field(r->reg, name);
        if (!child && !f)
            return seed_bad(s, set->key[i], e, "no such field");
        if (child ? seed_children(s, r, child, set->item[i], e)
                  : seed_value(&r->values[f->index], s, r, f, set->item[i], e))
            return -1;
    }
    return 0;
}

/* An area without a unit belongs to its parent's. */
static void seed_inherit(struct seed *s, struct record *r)
{
    const struct reg *reg = r->reg;
    if (!reg->tree || !reg->unit_field || record_get(r, reg->unit_field).kind != VALUE_NULL)
        return;
    const struct node *up = tree_find(s->view.grids, record_get(r, reg->tree).i);
    if (up)
        record_set(r, reg->unit_field, value_int(up->home));
}

struct seed_chunk {
    struct seed *s;
    struct record **records;
    const struct yaml **from;
    size_t n;
    long made, unchanged;
};

static int seed_write(struct db *d, void *arg, struct err *e)
{
    struct seed_chunk *c = arg;
    struct save save = {
        .site = c->s->job->site, .view = &c->s->view, .actor = &actor_system, .a = c->s->a, .act = "seed"};
    c->made = c->unchanged = 0;
    for (size_t i = 0; i < c->n; i++) {
        struct record *old = NULL;
        enum saved what;
        if (c->records[i]->reg->key && record_by_key(&old, c->s->a, d, c->records[i], e))
            return -1;
        if (old) {
            c->unchanged++;
            continue;
        }
        struct err why = {0};
        if (record_save_in(d, &save, c->records[i], &what, &why)) {
            err_set(e, why.code, "%s:%d: %s", c->s->file, c->from[i]->line, why.msg);
            return -1;
        }
        c->made++;
    }
    return 0;
}

static int seed_flush(struct seed_chunk *c, struct err *e)
{
    if (c->n == 0)
        return 0;
    if (store_write(c->s->job->site->store, seed_write, c, e))
        return -1;
    c->s->job->made += c->made;
    c->s->job->unchanged += c->unchanged;
    c->n = 0;
    return 0;
}

static struct record *seed_record(struct seed *s, const struct reg *reg, const struct yaml *group,
                                  const struct yaml *set, struct err *e)
{
    struct record *r = record_blank(s->a, reg);
    const struct yaml *state = group ? yaml_get(group, "state") : NULL;
    if (s->unit) {
        r->unit = s->unit->id;
        r->home = s->unit->home;
        if (reg->unit_field)
            record_set(r, reg->unit_field, value_int(s->unit->id));
    }
    if (state) {
        const struct state *st = reg_state(reg, state->text);
        if (!st) {
            seed_bad(s, state, e, "no such state");
            return NULL;
        }
        r->state = st->name;
    }
    if (seed_set(s, r, set, e))
        return NULL;
    seed_inherit(s, r);
    return r;
}

/* One entry of records:, repeated. */
static int seed_group(struct seed *s, struct seed_chunk *c, const struct yaml *group, struct err *e)
{
    const struct yaml *reg_name = yaml_get(group, "register"), *unit = yaml_get(group, "unit");
    const struct yaml *set = yaml_get(group, "set"), *repeat = yaml_get(group, "repeat");
    const struct reg *reg = reg_name ? schema_reg(s->view.schema, reg_name->text) : NULL;
    if (!reg || !set || set->kind != YAML_MAP)
        return seed_bad(s, group, e, "needs register: (one that exists) and set:");
    s->unit = unit ? tree_code(s->view.units, unit->text) : NULL;
    if (unit && !s->unit)
        return seed_bad(s, unit, e, "no unit with this code");
    long times = repeat ? strtol(repeat->text, NULL, 10) : 1;
    for (long i = 0; i < times; i++) {
        s->index = (int)i;
        struct record *r = seed_record(s, reg, group, set, e);
        if (!r)
            return -1;
        c->records[c->n] = r;
        c->from[c->n++] = group;
        if (c->n == SEED_CHUNK && seed_flush(c, e))
            return -1;
    }
    return seed_flush(c, e);
}

/* units: and grids: one by one, because each may be the parent of the next. */
static int seed_tree(struct seed *s, struct seed_chunk *c, const char *reg_name, const struct yaml *list,
                     struct err *e)
{
    const struct reg *reg = schema_reg(s->view.schema, reg_name);
    s->unit = NULL;
    if (!list)
        return 0;
    if (!reg || list->kind != YAML_LIST)
        return seed_bad(s, list, e, "a list of units or grids is expected");
    for (size_t i = 0; i < list->n; i++) {
        struct record *r = seed_record(s, reg, NULL, list->item[i], e);
        if (!r)
            return -1;
        c->records[0] = r;
        c->from[0] = list->item[i];
        c->n = 1;
        if (seed_flush(c, e) || site_trees(s->job->site, e))
            return -1;
        site_drop(s->job->site, &s->view);
        site_hold(s->job->site, &s->view);
    }
    return 0;
}

static const char *seed_text(const struct yaml *map, const char *key)
{
    const struct yaml *y = map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
    return y && y->kind == YAML_TEXT ? y->text : NULL;
}

static int seed_account(struct seed *s, const struct yaml *y, struct err *e)
{
    char password[16];
    const char *unit = seed_text(y, "unit");
    const struct node *at = unit ? tree_code(s->view.units, unit) : NULL;
    struct account acc = {.login = seed_text(y, "login"),
                          .name = seed_text(y, "name"),
                          .role = seed_text(y, "role"),
                          .password = password};
    struct err why = {0};
    if (!acc.login || !acc.name || !acc.role || !at)
        return seed_bad(s, y, e, "an account needs login, name, role and unit (a code that exists)");
    sec_word(password, 10);
    acc.unit = at->id;
    if (account_add(s->job->site, &s->view, &acc, &why)) {
        err_set(e, why.code, "%s:%d: %s", s->file, y->line, why.msg);
        return -1;
    }
    s->job->account(s->job->account_arg, acc.login, password, acc.name);
    return 0;
}

static int seed_accounts(struct seed *s, const struct yaml *list, struct err *e)
{
    if (!list || !s->job->account)
        return 0;
    if (list->kind != YAML_LIST)
        return seed_bad(s, list, e, "a list of accounts is expected");
    for (size_t i = 0; i < list->n; i++)
        if (seed_account(s, list->item[i], e))
            return -1;
    return 0;
}

static int seed_all(struct seed *s, const struct yaml *root, struct err *e)
{
    struct seed_chunk c = {.s = s};
    c.records = arena_array(s->a, SEED_CHUNK, sizeof *c.records);
    c.from = arena_array(s->a, SEED_CHUNK, sizeof *c.from);
    const struct yaml *groups = yaml_get(root, "records");
    s->lists = yaml_get(root, "lists");
    if (seed_tree(s, &c, "unit", yaml_get(root, "units"), e) ||
        seed_tree(s, &c, "grid", yaml_get(root, "grids"), e) || seed_accounts(s, yaml_get(root, "accounts"), e))
        return -1;
    for (size_t i = 0; groups && i < groups->n; i++)
        if (seed_group(s, &c, groups->item[i], e))
            return -1;
    return 0;
}

int seed_run(struct seed_job *j, const char *file, const char *text, size_t n, struct err *e)
{
    struct schema_errors es = {.a = j->a};
    struct yaml *root = yaml_read(j->a, file, text, n, &es);
    if (!root || root->kind != YAML_MAP)
        return err_set(e, ERR_INPUT, "%s:%d:%d: %s", file, es.n ? es.v[0].line : 1, es.n ? es.v[0].col : 1,
                       es.n ? es.v[0].msg : "a map with units, grids, records is expected");
    struct seed s = {.job = j, .a = j->a, .file = file, .state = j->seed ? j->seed : 1};
    site_hold(j->site, &s.view);
    int rc = seed_all(&s, root, e);
    site_drop(j->site, &s.view);
    return rc;
}
