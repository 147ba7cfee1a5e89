/* SPDX-License-Identifier: Apache-2.0 */
/* page_form.c: a new record, an edited one, a move that asks for something: three forms, one way to save. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/alike.h"
#include "model/expr.h"
#include "model/flow.h"
#include "model/query.h"
#include "model/roster.h"
#include "web/editing.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"
#include "web/session.h"
#include "web/task.h"

static struct editing *editing_new(struct req *q, const struct reg *reg)
{
    struct editing *ed = arena_alloc(q->a, sizeof *ed);
    ed->reg = reg;
    ed->errors.a = q->a;
    return ed;
}

/* --- new */

/* The unit a new record is most likely of: this one, where it is of the field's kind, or the only such one beneath.
 * Where several fit, nobody chooses for whoever fills it in. */
static struct value likely_unit(struct req *q, const struct field *f, const struct node *here)
{
    const struct tree *t = q->view.units;
    const struct node *only = NULL;
    if (!f->kind || strcmp(f->kind, here->kind) == 0)
        return value_int(here->id);
    for (size_t i = 0; i < t->n; i++) {
        const struct node *n = &t->nodes[i];
        if (strcmp(n->kind, f->kind) != 0 || !tree_within(n, here))
            continue;
        if (only)
            return value_null();
        only = n;
    }
    return only ? value_int(only->id) : value_null();
}

static void initial_values(struct req *q, struct record *r)
{
    const struct node *here = page_unit(q);
    struct scope sc = {.reg = r->reg,
                       .values = r->values,
                       .state = r->state,
                       .happened = DAY_NONE,
                       .today = today(),
                       .entered = now_ms(),
                       .working_day = q->site->working_day,
                       .working_arg = q->site->working_arg};
    if (!r->reg->site_wide && here) {
        r->unit = here->id;
        r->home = here->home;
    }
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];
        if (f->initial)
            r->values[i] = expr_eval(q->a, f->initial, &sc);
        if (r->reg->unit_field && strcmp(f->name, r->reg->unit_field) == 0 && here)
            r->values[i] = likely_unit(q, f, here);
        if (f->type == TYPE_PERSON && f->cls == CLASS_INTERNAL && f->required && q->login)
            r->values[i] = value_text(account_person(q->login->name));
    }
}

/* The grid of the last record that this person has entered here today, among the newest ones: a round goes on in
 * the same grid. */
static int last_grid(struct value *out, struct req *q, const struct record *r, const struct field *f, struct err *e)
{
    const struct node *home = tree_find(q->view.units, r->home);
    const struct filter recent = {.field = "happened", .op = CMP_GE, .v = value_int(today() - 3)};
    struct list_query lq = {.reg = r->reg, .filters = &recent, .nfilters = 1, .limit = 50};
    struct record **rows;
    size_t n = 0;
    bool more;
    int64_t id = 0;
    if (!home || !q->login)
        return 0;
    lq.units = tree_below(q->a, home, &lq.nunits);
    if (query_list(&rows, &n, &more, q->a, q->db, &lq, e))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (rows[i]->by == q->login->user && rows[i]->id > id && instant_day(rows[i]->entered) == today()) {
            id = rows[i]->id;
            *out = rows[i]->values[f->index];
        }
    return 0;
}

int page_new(struct req *q, struct err *e)
{
    const struct reg *reg = page_register(q, true, e);
    if (!reg)
        return -1;
    struct editing *ed = editing_new(q, reg);
    ed->r = record_new(q->a, reg);
    initial_values(q, ed->r);
    const struct field *grid = reg->grid_field ? reg_field(reg, reg->grid_field) : NULL;
    if (grid && last_grid(&ed->r->values[grid->index], q, ed->r, grid, e))
        return -1;
    return editing_page(q, ed, NULL);
}

/* --- save */

static struct save saving(struct req *q, struct editing *ed)
{
    return (struct save){.site = q->site, .view = &q->view, .actor = q->actor, .a = q->a, .errors = &ed->errors};
}

static int form_again(struct req *q, void *arg, struct err *e)
{
    struct editing *ed = arg;
    if (e->code == ERR_DENIED || e->code == ERR_MISSING || e->code == ERR_IO || e->code == ERR_BUSY)
        return -1;
    q->status = err_http(e->code == ERR_NONE ? ERR_INPUT : e->code);
    if (e->code == ERR_CONFLICT && ed->id && ed->errors.n == 0) {
        struct record *now;
        struct err no = {0};
        if (record_load(&now, q->a, q->db, ed->reg, ed->r->home, ed->id, &no) == 0 && now->version != ed->version) {
            now->own = actor_owns(&q->view, q->actor, now);
            ed->theirs = now;
        }
    }
    return editing_page(q, ed, ed->theirs ? NULL : e);
}

static int save_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    enum saved what;
    if (form_files_bring(q, d, &ed->files, ed->r, e))
        return -1;
    int rc = ed->move ? flow_move_in(d, &s, ed->r, ed->move, e) : record_save_in(d, &s, ed->r, &what, e);
    if (rc || form_files_attach(d, &ed->files, ed->r, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s/%lld?saved=1", ed->reg->name, (long long)ed->r->id));
}

/* “再加一行”, “查找” without JavaScript: the same form with one more row, with what was found; nothing is saved. */
static bool goes_on(const struct req *q)
{
    return req_form(q, "_rows") || req_form(q, "_find");
}

/* A new record that resembles one that is there: it is shown, and whoever saves again means it. */
static int find_twin(struct req *q, struct editing *ed, struct err *e)
{
    struct save s = saving(q, ed);
    struct field_errors none = {.a = q->a};
    struct err no = {0};
    s.errors = &none;
    if (ed->id || ed->move || (ed->reg->nalikes == 0 && ed->files.n == 0))
        return 0;
    if (record_check(&s, ed->r, &no) || ed->reg->nalikes == 0 || req_form(q, "_alike"))
        return 0; /* its home is known now */
    if (record_alike(&ed->twin, q->a, q->db, store_key(q->site->store), &ed->r, 1, e))
        return -1;
    if (ed->twin && !alike_told(&q->view, q->actor, ed->twin))
        ed->twin = NULL;
    return 0;
}

/* Something could not be read: what else is wrong is told in the same answer. */
static void check_rest(struct req *q, struct editing *ed)
{
    struct field_errors rest = {.a = q->a};
    struct save s = saving(q, ed);
    struct err no = {0};
    s.errors = &rest;
    if (ed->move || record_check(&s, ed->r, &no) == 0)
        return;
    field_errors_join(&ed->errors, &rest);
}

/* The field that says whose people are to come, or when, is still empty. */
static const struct field *bring_lacks(const struct editing *ed)
{
    const char *const names[] = {ed->reg->unit_field, ed->reg->happened};
    for (size_t i = 0; i < 2; i++) {
        const struct field *f = names[i] ? reg_field(ed->reg, names[i]) : NULL;
        if (f && ed->r->values[f->index].kind == VALUE_NULL)
            return f;
    }
    return NULL;
}

/* “从名册带入”: the people of the roster become rows; nothing is saved. */
static int bring(struct req *q, struct editing *ed)
{
    const struct reg *child = reg_child(ed->reg, req_form(q, "_bring"));
    const struct field *lacks = bring_lacks(ed);
    struct field_errors rest = {.a = q->a};
    struct save s = saving(q, ed);
    struct err e = {0}, no = {0};
    size_t n = 0;
    s.errors = &rest;
    if (!child || ed->errors.n) {
        q->status = ed->errors.n ? 422 : 200;
        return editing_page(q, ed, NULL);
    }
    if (lacks) {
        field_error_add(&ed->errors, lacks->name, REASON_REQUIRED, "先填“%s”，再从名册带入。",
                        label_in(&lacks->label, LANG_HANS));
        q->status = 422;
        return editing_page(q, ed, NULL);
    }
    record_check(&s, ed->r, &no); /* finds its unit and day */
    if (record_roster(&n, q->db, &s, ed->r, child, &e)) {
        q->status = err_http(e.code);
        return editing_page(q, ed, &e);
    }
    record_check(&s, ed->r, &no); /* counts the rows */
    form_children_anew(q, child);
    ed->brought = n ? req_printf(q, "带入 %zu 人。请把没有到的人改过来，写上原因，再保存。", n)
                    : "没有新的人可以带入。请核对所选的组织和日期。";
    return editing_page(q, ed, NULL);
}

static int send(struct req *q, struct editing *ed, const char *const *only, struct err *e)
{
    int wrong = form_read(q, q->db, ed->r, only, &ed->errors);
    if (q->route->cls == HEAVY && form_files_read(&ed->files, q, ed->r, &ed->errors, e))
        return -1;
    wrong = wrong || ed->errors.n;
    if (req_form(q, "_bring"))
        return bring(q, ed);
    if (goes_on(q)) {
        ed->errors.n = 0;
        return editing_page(q, ed, NULL);
    }
    if (wrong) {
        check_rest(q, ed);
        q->status = 422;
        return editing_page(q, ed, NULL);
    }
    if (find_twin(q, ed, e))
        return -1;
    if (ed->twin && !req_sent_before(q)) { /* a retry is answered as it was, its own record is no twin */
        q->status = 409;
        return editing_page(q, ed, NULL);
    }
    return req_write(q, save_in, form_again, ed);
}

int page_create(struct req *q, struct err *e)
{
    const struct reg *reg = page_register(q, true, e);
    const struct node *here = page_unit(q);
    if (!reg)
        return -1;
    struct editing *ed = editing_new(q, reg);
    ed->r = record_new(q->a, reg);
    if (!reg->site_wide && here) {
        ed->r->unit = here->id;
        ed->r->home = here->home;
    }
    return send(q, ed, NULL, e);
}

/* The record of the address, for writing, with the version the form was based on. */
static struct editing *existing(struct req *q, struct err *e)
{
    int64_t id;
    const struct reg *reg = page_register(q, false, e);
    if (!reg || req_arg_id(&id, q, "id", e))
        return NULL;
    struct editing *ed = editing_new(q, reg);
    if (record_find(&ed->r, q->a, q->db, &q->view, q->actor, reg, id, e))
        return NULL;
    ed->id = id;
    const char *v = req_form(q, "_version");
    ed->version = v ? atoi(v) : ed->r->version;
    return ed;
}

int page_edit(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_edit(&q->view, q->actor, ed->r, e))
        return -1;
    return editing_page(q, ed, NULL);
}

int page_save(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_edit(&q->view, q->actor, ed->r, e))
        return -1;
    ed->r->version = ed->version;
    return send(q, ed, NULL, e);
}

static const struct move *move_of(struct req *q, struct editing *ed, struct err *e)
{
    const struct move *m = reg_move(ed->reg, req_arg(q, "move"));
    if (!m)
        err_set(e, ERR_MISSING, "没有这一步。");
    return m;
}

int page_move_form(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || !(ed->move = move_of(q, ed, e)) || actor_move(&q->view, q->actor, ed->reg, ed->move, ed->r->unit, e))
        return -1;
    return editing_page(q, ed, NULL);
}

int page_move(struct req *q, struct err *e)
{
    static const char *const nothing[] = {NULL};
    struct editing *ed = existing(q, e);
    if (!ed || !(ed->move = move_of(q, ed, e)) || actor_move(&q->view, q->actor, ed->reg, ed->move, ed->r->unit, e))
        return -1;
    ed->r->version = ed->version;
    return send(q, ed, ed->move->asks ? (const char *const *)ed->move->asks : nothing, e);
}

/* --- withdraw, restore */

/* A button pressed on a page that is no longer true. */
static int same_version(const struct editing *ed, struct db *d, struct req *q, struct err *e)
{
    struct record *now;
    if (record_load(&now, q->a, d, ed->reg, ed->r->home, ed->id, e))
        return -1;
    if (now->version != ed->version)
        return err_set(
            e, ERR_CONFLICT,
            "您打开之后，别人改过这一条（您看到的是第 %d 版，现在是第 %d 版）。请刷新页面，看过新的内容再操作。",
            ed->version, now->version);
    return 0;
}

static int withdraw_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    if (same_version(ed, d, q, e) ||
        record_withdraw_in(d, &s, ed->reg, ed->r->home, ed->id, req_form(q, "reason"), e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s", ed->reg->name));
}

static int restore_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    if (same_version(ed, d, q, e) || record_restore_in(d, &s, ed->reg, ed->r->home, ed->id, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s/%lld?saved=1", ed->reg->name, (long long)ed->id));
}

static struct editing *seen(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_edit(&q->view, q->actor, ed->r, e))
        return NULL;
    if (!req_form(q, "_version")) {
        err_set(e, ERR_INPUT, "这次提交没有说明看到的是第几版。请返回、刷新页面后重新提交。");
        return NULL;
    }
    return ed;
}

int page_withdraw(struct req *q, struct err *e)
{
    struct editing *ed = seen(q, e);
    const char *reason = req_form(q, "reason");
    if (!ed)
        return -1;
    if (!reason || !*reason)
        return err_field(e, "reason", "撤下一条记录要写明原因，例如“重复登记”。请返回填写。");
    return req_write(q, withdraw_in, NULL, ed);
}

int page_restore(struct req *q, struct err *e)
{
    struct editing *ed = seen(q, e);
    return ed ? req_write(q, restore_in, NULL, ed) : -1;
}
