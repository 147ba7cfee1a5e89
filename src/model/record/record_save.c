/* SPDX-License-Identifier: Apache-2.0 */
/* record_save.c: saving, withdrawing, restoring: one transaction for the row and all that hangs on it. */
#include <string.h>

#include "base/date.h"
#include "model/figure.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "store/search.h"
#include "store/sys_clock.h"
#include "store/sys_file.h"

static const struct sec_key *key_of(const struct save *s)
{
    return store_key(s->site->store);
}

/* --- unique keys */

static bool fields_changed(const struct record *was, const struct record *is, const char *const *fields)
{
    if (!was)
        return true;
    for (; *fields; fields++) {
        int i = reg_field(is->reg, *fields)->index;

        if (!value_equal(was->values[i], is->values[i]))
            return true;
    }
    return false;
}

static int refuse_twin(struct db *d, struct save *s, const struct record *r, const char *const *fields,
                       int64_t twin, struct err *e)
{
    const struct field *f = reg_field(r->reg, fields[0]);
    const char *labels = label_in(&f->label, LANG_HANS), *msg;
    struct record *other;
    struct err no = {0};

    for (const char *const *more = fields + 1; *more; more++)
        labels = arena_printf(s->a, "%s、%s", labels, label_in(&reg_field(r->reg, *more)->label, LANG_HANS));
    if (record_load(&other, s->a, d, r->reg, r->home, twin, e) < 0)
        return -1;
    if (actor_reg(s->view, s->actor, r->reg, false, other->unit, &no) == 0)
        msg = arena_printf(
            s->a, "“%s”与已有记录“%s”（%lld）相同，不能重复。请改用别的内容，或打开那条记录修改。", labels,
            record_title_for(s->a, &(struct looker){.view = s->view, .who = s->actor}, other), (long long)twin);
    else /* which one it is, is not for this actor */
        msg = arena_printf(
            s->a, "“%s”与别的组织已有的一条记录相同，不能重复。请核对后改用别的内容，或请管理员查看。", labels);
    if (s->errors)
        field_error_add(s->errors, f->name, REASON_CONFLICT, "%s", msg);
    err_field(e, f->name, "%s", msg);
    if (e)
        e->code = ERR_CONFLICT;
    return -1;
}

static int check_uniques(struct db *d, struct save *s, const struct record *r, const struct record *was,
                         struct err *e)
{
    for (size_t i = 0; i < r->reg->nuniques; i++) {
        const char *const *fields = r->reg->uniques[i].f;
        int64_t twin;

        if (!fields_changed(was, r, fields))
            continue;
        if (query_twin(&twin, s->a, d, key_of(s), r, fields, r->id, e) < 0)
            return -1;
        if (twin)
            return refuse_twin(d, s, r, fields, twin, e);
    }
    return 0;
}

/* --- sealing */

static void seal_values(struct arena *a, const struct sec_key *k, const struct reg *r, struct value *v)
{
    for (size_t i = 0; i < r->nfields; i++) {
        struct value plain;

        if (r->fields[i].cls != CLASS_PROTECTED || v[i].kind == VALUE_NULL)
            continue;
        plain = record_open(a, k, &r->fields[i], v[i]);
        if (value_sealed(v[i]) && plain.kind != VALUE_NULL)
            continue; /* ours already */
        plain = v[i];
        v[i] = value_text(arena_printf(
            a, RECORD_SEALED "%s",
            sec_seal(a, k, plain.kind == VALUE_TEXT ? plain.s : arena_printf(a, "%lld", (long long)plain.i))));
    }
}

void record_seal(struct save *s, struct record *r)
{
    if (!reg_has_protected(r->reg))
        return;
    seal_values(s->a, key_of(s), r->reg, r->values);
    for (size_t c = 0; c < r->reg->nchildren; c++)
        for (size_t i = 0; i < r->children[c].n; i++)
            seal_values(s->a, key_of(s), &r->reg->children[c], r->children[c].rows[i].values);
}

/* --- attachments */

static bool had_value(const struct record *was, const struct reg *child, size_t index, struct value v)
{
    const struct child_rows *rows;

    if (!was)
        return false;
    if (!child)
        return value_equal(was->values[index], v);
    rows = &was->children[child - was->reg->children];
    for (size_t i = 0; i < rows->n; i++)
        if (value_equal(rows->rows[i].values[index], v))
            return true;
    return false;
}

static int claim(struct db *d, struct save *s, const struct record *r, const struct record *was,
                 const struct reg *child, const struct value *values, struct err *e)
{
    const struct reg *reg = child ? child : r->reg;

    for (size_t i = 0; i < reg->nfields; i++) {
        const char *name = reg->fields[i].name;

        if (reg->fields[i].type != TYPE_FILE || values[i].kind != VALUE_INT || had_value(was, child, i, values[i]))
            continue;
        if (child)
            name = arena_printf(s->a, "%s.%s", child->name, name);
        if (attachment_claim(d, r->home, values[i].i, s->actor->user, r->reg->name, r->id, name, e) < 0)
            return -1;
    }
    return 0;
}

static int claim_files(struct db *d, struct save *s, const struct record *r, const struct record *was,
                       struct err *e)
{
    if (claim(d, s, r, was, NULL, r->values, e) < 0)
        return -1;
    for (size_t c = 0; c < r->reg->nchildren; c++)
        for (size_t i = 0; i < r->children[c].n; i++)
            if (claim(d, s, r, was, &r->reg->children[c], r->children[c].rows[i].values, e) < 0)
                return -1;
    return 0;
}

/* --- the transaction */

static int write_row(struct db *d, struct save *s, struct record *r, const struct record *was, struct err *e)
{
    const struct sec_key *k = key_of(s);

    if (was)
        return query_update(d, s->a, k, r, was, e);
    return query_insert(d, s->a, k, r, e);
}

static int write_all(struct db *d, struct save *s, struct record *r, const struct record *was, const char *act,
                     struct err *e)
{
    if (record_number(d, s, r, e) < 0 || check_uniques(d, s, r, was, e) < 0 ||
        record_tree_move(d, s, r, was, e) < 0)
        return -1;
    if (was)
        record_clock_switch(s, r, was);
    else
        record_clock_fields(s, r, NULL);
    if (record_makes(d, s, r, NULL, e) < 0)
        return -1;
    record_seal(s, r);
    ready_compare(s, r);
    if (write_row(d, s, r, was, e) < 0 || query_children(d, s->a, key_of(s), r, was, e) < 0)
        return -1;
    if (claim_files(d, s, r, was, e) < 0 || record_trail(d, s, was, r, act, s->note, e) < 0)
        return -1;
    if (figure_apply(d, s, was, r, e) < 0 || record_text(d, s, r, was, e) < 0)
        return -1;
    if (record_clocks(d, s, r, was, e) < 0)
        return -1;
    record_stale(s, r->reg);
    return 0;
}

int record_write(struct db *d, struct save *s, struct record *r, const struct record *was, const char *act,
                 struct err *e)
{
    int64_t id = r->id;
    int version = r->version;

    if (!was) {
        r->id = store_id();
        r->version = 1;
        r->by = s->actor->user;
        r->batch = s->batch;
    } else {
        r->version = was->version + 1;
    }
    if (r->reg == schema_reg(s->view->schema, "unit") && !r->reg->unit_field)
        r->unit = r->id; /* a unit belongs to itself */
    if (write_all(d, s, r, was, act, e) == 0)
        return 0;
    r->id = id; /* the transaction is undone: so is this */
    r->version = version;
    return -1;
}

/* --- saving */

/* A unit hangs under its parent: whoever makes or moves one writes there too. At the root only who is admin
 * everywhere. */
static int may_hang(struct save *s, const struct record *r, struct err *e)
{
    struct value v = r->reg->tree ? record_get(r, r->reg->tree) : value_null();

    if (v.kind == VALUE_INT)
        return actor_reg(s->view, s->actor, r->reg, true, v.i, e);
    if (actor_may_all(s->view, s->actor, MAY_ADMIN))
        return 0;
    return err_set(e, ERR_DENIED, "没有上级的组织只能由全部组织的管理员设立或改动。请选择上级，或联系管理员。");
}

static bool same_parent(const struct record *x, const struct record *y)
{
    return !x->reg->tree || value_equal(record_get(x, x->reg->tree), record_get(y, y->reg->tree));
}

static int may_write(struct save *s, const struct record *r, const struct record *was, struct err *e)
{
    bool unit = r->reg == schema_reg(s->view->schema, "unit");

    if (s->trusted)
        return 0;
    if (unit && !tree_find(s->view->units, r->unit))
        return may_hang(s, r, e); /* a new one */
    if (actor_reg(s->view, s->actor, r->reg, true, r->unit, e) < 0)
        return -1;
    if (!unit || !was || same_parent(r, was))
        return 0;
    return may_hang(s, was, e) < 0 || may_hang(s, r, e) < 0 ? -1 : 0;
}

/* The record as it stands, fit to be changed by r. */
static int load_was(struct record **was, struct db *d, struct save *s, struct record *r, struct err *e)
{
    if (record_load(was, s->a, d, r->reg, r->home, r->id, e) < 0)
        return -1;
    if ((*was)->gone)
        return err_set(e, ERR_CONFLICT, "这条记录已经撤回，不能修改。如需修改，请先恢复。");
    if ((*was)->version != r->version)
        return err_set(e, ERR_CONFLICT,
                       "这条记录刚刚被别人改过（您看到的是第 %d 版，现在是第 %d "
                       "版）。请查看新的内容，再决定是否保存您的修改。",
                       r->version, (*was)->version);
    record_adopt(s->a, key_of(s), r, *was);
    r->captured = (*was)->captured;
    r->entered = (*was)->entered;
    r->by = (*was)->by;
    r->gone = false;
    if (!s->batch)
        r->batch = (*was)->batch;
    if (!s->batch && !s->trusted)
        r->state = (*was)->state; /* only moves change it */
    return s->trusted ? 0 : actor_edit(s->view, s->actor, *was, e);
}

static const char *act_of(const struct save *s, bool insert)
{
    if (s->act)
        return s->act;
    return s->batch ? "import" : insert ? "create" : "edit";
}

static bool same_state(const struct record *x, const struct record *y)
{
    return x->state == y->state || (x->state && y->state && !strcmp(x->state, y->state));
}

int record_save_in(struct db *d, struct save *s, struct record *r, enum saved *what, struct err *e)
{
    struct record *was = NULL;

    if (r->id && load_was(&was, d, s, r, e) < 0)
        return -1;
    if (ready_check(d, s, r, e) < 0 || (!s->ready && record_check_on(d, s, r, was, e) < 0) ||
        may_write(s, r, was, e) < 0)
        return -1;
    if (was && record_same(was, r) && same_state(was, r) && was->unit == r->unit) {
        if (what)
            *what = SAVED_UNCHANGED;
        return 0;
    }
    if (what)
        *what = was ? SAVED_UPDATED : SAVED_INSERTED;
    return record_write(d, s, r, was, act_of(s, !was), e);
}

struct save_job {
    struct save *s;
    struct record *r;
    enum saved *what;
    const struct reg *reg;
    int64_t home, id;
    const char *reason;
};

static int save_job(struct db *d, void *arg, struct err *e)
{
    struct save_job *j = arg;

    return record_save_in(d, j->s, j->r, j->what, e);
}

int record_save(struct save *s, struct record *r, enum saved *what, struct err *e)
{
    struct save_job j = {.s = s, .r = r, .what = what};

    if (store_write(s->site->store, save_job, &j, e) < 0)
        return -1;
    return site_refresh(s->site, e);
}

/* --- withdrawing and restoring */

static int load_gone(struct record **r, struct db *d, struct save *s, const struct reg *reg, int64_t home,
                     int64_t id, bool gone, struct err *e)
{
    if (record_load(r, s->a, d, reg, home, id, e) < 0)
        return -1;
    if ((*r)->gone == gone)
        return err_set(e, ERR_CONFLICT, gone ? "这条记录已经撤回。" : "这条记录没有撤回，不需要恢复。");
    return s->trusted ? 0 : actor_edit(s->view, s->actor, *r, e);
}

int record_withdraw_in(struct db *d, struct save *s, const struct reg *reg, int64_t home, int64_t id,
                       const char *reason, struct err *e)
{
    struct record *r;

    if (!reason || !*reason)
        return err_field(e, "reason", "请写明撤回的原因。");
    if (load_gone(&r, d, s, reg, home, id, true, e) < 0 || record_tree_gone(d, s, r, e) < 0)
        return -1;
    if (query_gone(d, r, true, r->version + 1, e) < 0 || record_trail(d, s, NULL, r, "withdraw", reason, e) < 0)
        return -1;
    if (figure_apply(d, s, r, NULL, e) < 0 || search_drop(d, home, id, e) < 0 ||
        clock_aside(d, home, reg->name, id, true, e) < 0)
        return -1;
    record_stale(s, reg);
    return 0;
}

int record_restore_in(struct db *d, struct save *s, const struct reg *reg, int64_t home, int64_t id, struct err *e)
{
    struct record *r;

    if (load_gone(&r, d, s, reg, home, id, false, e) < 0 || record_check_back(d, s, r, e) < 0 ||
        check_uniques(d, s, r, NULL, e) < 0)
        return -1;
    if (query_gone(d, r, false, r->version + 1, e) < 0 || record_trail(d, s, NULL, r, "restore", s->note, e) < 0)
        return -1;
    r->gone = false;
    r->version++;
    if (figure_apply(d, s, NULL, r, e) < 0 || record_text(d, s, r, NULL, e) < 0 ||
        record_clocks_back(d, s, r, e) < 0)
        return -1;
    record_stale(s, reg);
    return 0;
}

static int withdraw_job(struct db *d, void *arg, struct err *e)
{
    struct save_job *j = arg;

    return record_withdraw_in(d, j->s, j->reg, j->home, j->id, j->reason, e);
}

static int restore_job(struct db *d, void *arg, struct err *e)
{
    struct save_job *j = arg;

    return record_restore_in(d, j->s, j->reg, j->home, j->id, e);
}

int record_withdraw(struct save *s, const struct reg *r, int64_t home, int64_t id, const char *reason,
                    struct err *e)
{
    struct save_job j = {.s = s, .reg = r, .home = home, .id = id, .reason = reason};

    return store_write(s->site->store, withdraw_job, &j, e) < 0 ? -1 : site_refresh(s->site, e);
}

int record_restore(struct save *s, const struct reg *r, int64_t home, int64_t id, struct err *e)
{
    struct save_job j = {.s = s, .reg = r, .home = home, .id = id};

    return store_write(s->site->store, restore_job, &j, e) < 0 ? -1 : site_refresh(s->site, e);
}

/* --- reading */

int record_load(struct record **out, struct arena *a, struct db *d, const struct reg *r, int64_t home, int64_t id,
                struct err *e)
{
    return query_one(out, a, d, r, home, id, e);
}

int record_by_key_in(struct record **out, struct arena *a, struct db *d, const struct sec_key *k,
                     const struct record *like, struct err *e)
{
    int64_t id;

    *out = NULL;
    if (!like->reg->key || !like->reg->key[0])
        return 0;
    if (query_twin(&id, a, d, k, like, like->reg->key, 0, e) < 0)
        return -1;
    return id ? query_one(out, a, d, like->reg, like->home, id, e) : 0;
}

int record_by_key(struct record **out, struct arena *a, struct db *d, const struct record *like, struct err *e)
{
    return record_by_key_in(out, a, d, NULL, like, e);
}
