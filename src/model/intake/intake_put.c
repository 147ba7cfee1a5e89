/* SPDX-License-Identifier: Apache-2.0 */
/* intake_put.c: one record of a ledger meets the register: new, the same, or different. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "model/intake_parts.h"
#include "model/record_inner.h"
#include "store/sys_intake.h"

static struct save save_of(struct run *x, struct field_errors *fe)
{
    return (struct save){.site = x->job->site,
                         .view = x->job->view,
                         .actor = x->job->actor,
                         .a = x->chunk,
                         .batch = x->batch,
                         .act = "import",
                         .note = x->job->file_name,
                         .errors = fe,
                         .quiet_required = true};
}

/* --- what is wrong, by the columns of the sheet */

/* The column that gave a field: "phone", or "parties.2.phone" for the second row of a child table. */
static const struct col_plan *column_of(const struct intake_row *r, const char *field)
{
    const char *dot = strchr(field, '.'), *last = dot ? strrchr(field, '.') + 1 : NULL;
    long nth = dot ? strtol(dot + 1, NULL, 10) : 0;
    const struct col_plan *any = NULL;

    for (size_t i = 0; i < r->plan->ncols; i++) {
        const struct col_plan *c = &r->plan->cols[i];

        if (c->kind == COL_STATE && strcmp(field, "state") == 0)
            return c;
        if (!c->use.field)
            continue;
        if (!dot && ((c->kind == COL_FIELD && strcmp(c->use.field->name, field) == 0) ||
                     (c->kind == COL_REF &&
                      (strcmp(c->use.via->name, field) == 0 || strcmp(c->use.field->name, field) == 0))))
            return c;
        if (!dot || (c->kind != COL_CHILD && c->kind != COL_SPLIT) || strcmp(c->use.field->name, last) != 0 ||
            strncmp(c->use.child->name, field, (size_t)(dot - field)) != 0)
            continue;
        if (c->kind == COL_SPLIT || (long)c->slot + 1 == nth)
            return c;
        any = any ? any : c;
    }
    return any;
}

static void wrong_field(struct run *x, struct intake_row *r, const struct reg *reg, const char *field,
                        enum reason why, const char *msg)
{
    const struct col_plan *c = column_of(r, field);
    const struct field *f = reg_field(reg, field);

    if (c)
        row_wrong(x->chunk, r, c->map->col, c->map->header,
                  cell_shown(x->chunk, row_cell(r->plan, r->index, c->map), x->types.date1904), why, "%s", msg);
    else
        row_wrong(x->chunk, r, -1, f ? f->label.t[LANG_HANS] : field, "", why, "%s", msg);
}

static int wrong_all(struct run *x, struct intake_row *r, const struct reg *reg, const struct field_errors *fe)
{
    for (size_t i = 0; i < fe->n; i++)
        wrong_field(x, r, reg, fe->v[i].field, fe->v[i].reason, fe->v[i].msg);
    return -1;
}

/* A new record needs every required field, whether the ledger has a column for it or not. */
static bool complete(struct run *x, struct intake_row *r, const struct record *rec)
{
    const struct reg *reg = rec->reg;
    bool ok = true;

    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];

        if (!f->required || f->computed || rec->values[i].kind != VALUE_NULL ||
            (reg->number_field && strcmp(reg->number_field, f->name) == 0))
            continue;
        wrong_field(x, r, reg, f->name, REASON_REQUIRED,
                    arena_printf(x->chunk, "“%s”是必填项，没有填。请补填后再导入", f->label.t[LANG_HANS]));
        ok = false;
    }
    return ok;
}

/* --- states */

static const char *state_of(struct run *x, const struct intake_row *r, const struct record *rec, const char *now)
{
    const struct import_def *d = &rec->reg->import;
    struct scope sc;

    if (rec == r->record && r->state)
        return r->state;
    if (rec->reg != r->plan->reg || d->nstates == 0)
        return now;
    if (r->state)
        return r->state;
    sc = record_scope(x->job->site, rec);
    for (size_t i = 0; i < d->nstates; i++)
        if (!d->states[i].when || expr_true(x->chunk, d->states[i].when, &sc))
            return d->states[i].state;
    return now;
}

/* --- dry run: references to records that would be made are not there yet */

static int64_t pseudo_id(struct run *x)
{
    int64_t id = store_id();

    map_put(x->pseudo, arena_printf(x->chunk, "%lld", (long long)id), x);
    return id;
}

static void pseudo_clear(struct run *x, const struct reg *reg, struct value *v)
{
    for (size_t i = 0; i < reg->nfields; i++)
        if (reg->fields[i].type == TYPE_REF && v[i].kind == VALUE_INT &&
            map_get(x->pseudo, arena_printf(x->chunk, "%lld", (long long)v[i].i)))
            v[i] = value_null();
}

static struct value *values_copy(struct arena *a, const struct value *v, size_t n)
{
    struct value *out = arena_array(a, n ? n : 1, sizeof *out);

    memcpy(out, v, n * sizeof *out);
    return out;
}

static struct record *record_copy(struct arena *a, const struct record *r)
{
    struct record *out = arena_alloc(a, sizeof *out);

    *out = *r;
    out->values = values_copy(a, r->values, r->reg->nfields);
    out->children = arena_array(a, r->reg->nchildren ? r->reg->nchildren : 1, sizeof *out->children);
    for (size_t c = 0; c < r->reg->nchildren; c++) {
        struct child_rows *rows = &out->children[c];

        rows->n = rows->cap = r->children[c].n;
        rows->rows = arena_array(a, rows->n ? rows->n : 1, sizeof *rows->rows);
        for (size_t i = 0; i < rows->n; i++) {
            rows->rows[i].id = r->children[c].rows[i].id;
            rows->rows[i].values = values_copy(a, r->children[c].rows[i].values, r->reg->children[c].nfields);
        }
    }
    return out;
}

static int check_only(struct run *x, struct save *s, const struct record *rec, const struct record *was,
                      struct err *e)
{
    struct record *copy = record_copy(x->chunk, rec);

    pseudo_clear(x, copy->reg, copy->values);
    for (size_t c = 0; c < copy->reg->nchildren; c++)
        for (size_t i = 0; i < copy->children[c].n; i++)
            pseudo_clear(x, &copy->reg->children[c], copy->children[c].rows[i].values);
    x->checked = copy;
    if (record_check_on(x->db, s, copy, was, e))
        return -1;
    return was ? actor_edit(s->view, s->actor, was, e)
               : actor_reg(s->view, s->actor, copy->reg, true, copy->unit, e);
}

/* --- insert */

static int put_new(struct run *x, struct intake_row *r, struct record *rec, struct err *e)
{
    struct field_errors fe = {.a = x->chunk};
    struct save s = save_of(x, &fe);
    int rc;

    if (!complete(x, r, rec))
        return -1;
    rec->state = state_of(x, r, rec, rec->state);
    s.ready = rec == r->record ? r->ready : NULL;
    rc = x->job->dry_run ? check_only(x, &s, rec, NULL, e) : record_save_in(x->db, &s, rec, NULL, e);
    if (fe.n)
        return wrong_all(x, r, rec->reg, &fe);
    if (rc)
        return -1;
    if (x->job->dry_run) {
        if (rec == r->record)
            r->checked = x->checked;
        rec->id = pseudo_id(x);
        return 0;
    }
    if (rec == r->record && !r->keyed && seen_put(x->db, x->home, rec->reg->name, r->print, rec->id, x->batch, e))
        return -1;
    return run_note(x, rec, NULL, e);
}

/* --- update */

const char *run_shown(struct run *x, const struct field *f, struct value v)
{
    const struct tree *t = f->type == TYPE_UNIT   ? x->job->view->units
                           : f->type == TYPE_GRID ? x->job->view->grids
                                                  : NULL;
    const struct node *n = t && v.kind == VALUE_INT ? tree_find(t, v.i) : NULL;

    if (v.kind == VALUE_NULL)
        return "";
    if (n)
        return n->name;
    return f->cls == CLASS_PROTECTED ? type_mask(x->chunk, f, v) : type_show(x->chunk, f, v, LANG_HANS);
}

/* What stands there now: not more than whoever imports may see. */
static const char *shown_was(struct run *x, const struct record *was, const struct field *f, struct value v)
{
    if (v.kind != VALUE_NULL && !actor_sees(x->job->view, x->job->actor, f, was->unit))
        return type_mask(x->chunk, f, v);
    return run_shown(x, f, v);
}

/* Held by the chunk: what is listed of it in the end is copied. */
static void changed(struct run *x, struct intake_row *r, const struct record *was, const char *field,
                    const char *old, const char *now)
{
    const struct looker who = {.view = x->job->view, .who = x->job->actor};

    VEC_PUSH(x->chunk, r->changes, r->nchanges, r->cap_changes) =
        (struct change){.title = record_title_for(x->chunk, &who, was),
                        .field = field,
                        .was = old,
                        .is = now,
                        .row = r->plan->sheet->rows[r->index].r + 1};
}

static bool rows_same(const struct reg *child, const struct child_rows *x, const struct child_rows *y)
{
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++)
        for (size_t f = 0; f < child->nfields; f++)
            if (!child->fields[f].computed && !value_equal(x->rows[i].values[f], y->rows[i].values[f]))
                return false;
    return true;
}

/* Lay what the ledger says over the record as it is; how many differences. Empty cells change nothing. */
static size_t merge_into(struct run *x, struct intake_row *r, struct record *is, const struct record *was,
                         const struct record *like, const bool *given)
{
    const struct sec_key *key = store_key(x->job->site->store);
    size_t n = 0;

    for (size_t i = 0; i < is->reg->nfields; i++) {
        const struct field *f = &is->reg->fields[i];
        struct value old;

        if (!given[i] || like->values[i].kind == VALUE_NULL || f->computed)
            continue;
        old = record_open(x->chunk, key, f, was->values[i]);
        if (value_equal(old, like->values[i]))
            continue;
        changed(x, r, was, f->label.t[LANG_HANS], shown_was(x, was, f, old), run_shown(x, f, like->values[i]));
        is->values[i] = like->values[i];
        n++;
    }
    for (size_t c = 0; c < is->reg->nchildren; c++) {
        const struct reg *child = &is->reg->children[c];

        if (like->children[c].n == 0 || rows_same(child, &like->children[c], &was->children[c]))
            continue;
        changed(x, r, was, child->label.t[LANG_HANS], arena_printf(x->chunk, "%zu行", was->children[c].n),
                arena_printf(x->chunk, "%zu行", like->children[c].n));
        is->children[c] = like->children[c];
        n++;
    }
    return n;
}

/* A ledger takes a record forward, in the order in which the states are declared, never back: people may have
 * worked on it since. From one end to another only together with other changes. */
static bool moves_on(const struct reg *reg, const struct state *old, const struct state *now, bool changes)
{
    if (!now || now == old || now < reg->states)
        return false;
    return old->final ? changes && now->final : now > old;
}

static int put_over(struct run *x, struct intake_row *r, struct record *like, const bool *given, struct record *was,
                    enum outcome *what, struct err *e)
{
    struct field_errors fe = {.a = x->chunk};
    struct save s = save_of(x, &fe);
    struct record *is = record_copy(x->chunk, was);
    const struct state *old = was->state ? reg_state(was->reg, was->state) : NULL;
    size_t n = merge_into(x, r, is, was, like, given);
    bool moved; /* to another state */
    int rc;

    like->id = was->id;
    *what = OUT_UNCHANGED;
    if (n && r->warned && like == r->record) {
        /* it would overwrite the very record it was told apart from */
        wrong_field(x, r, was->reg, was->reg->key[0], REASON_CONFLICT,
                    "与已有的一条记录编号相同，" CONFLICT_WORDS
                    "。若是两件事，请改编号；若要用这一行更新那条记录，请清空这一行的【错误说明】");
        return -1;
    }
    is->state = like == r->record && r->state ? r->state : n ? state_of(x, r, is, was->state) : was->state;
    moved = old && is->state && moves_on(was->reg, old, reg_state(was->reg, is->state), n > 0);
    if (!moved)
        is->state = was->state;
    else
        changed(x, r, was, "状态", old->label.t[LANG_HANS], reg_state(is->reg, is->state)->label.t[LANG_HANS]);
    if (n == 0 && !moved)
        return 0;
    rc = x->job->dry_run ? check_only(x, &s, is, was, e) : record_save_in(x->db, &s, is, NULL, e);
    if (fe.n)
        return wrong_all(x, r, is->reg, &fe);
    if (rc)
        return -1;
    *what = OUT_UPDATED;
    return x->job->dry_run ? 0 : run_note(x, is, was, e);
}

/* The community of the unit it names. */
static void settle_home(struct run *x, struct record *like)
{
    const struct reg *reg = like->reg;
    const struct field *unit = reg->unit_field ? reg_field(reg, reg->unit_field) : NULL;
    struct value v = unit ? like->values[unit->index] : value_null();
    const struct node *n = v.kind == VALUE_INT ? tree_find(x->job->view->units, v.i) : NULL;

    if (n && !reg->site_wide && n->home)
        like->home = n->home;
}

static bool key_computed(const struct reg *reg)
{
    for (const char *const *k = (const char *const *)reg->key; k && *k; k++)
        if (reg_field(reg, *k)->computed)
            return true;
    return false;
}

void row_ready(struct run *x, struct intake_row *r)
{
    struct save s = save_of(x, NULL);
    struct record *rec = r->record;
    struct db *d = store_reader(x->job->site->store, NULL);

    /* Sealing would hide what is to be compared; of rows that are there already nothing is needed. */
    if (!d || r->nothers || reg_has_protected(rec->reg) || key_computed(rec->reg) ||
        x->res->unchanged + x->res->updated > x->res->inserted)
        return;
    settle_home(x, rec);
    rec->state = state_of(x, r, rec, rec->state);
    record_ready(d, &s, rec);
    r->ready = s.ready;
}

int record_put(struct run *x, struct intake_row *r, struct record *like, const bool *given, enum outcome *what,
               struct err *e)
{
    const struct reg *reg = like->reg;
    struct record *was = NULL;
    int64_t id = 0;

    settle_home(x, like);
    if (record_by_key_in(&was, x->chunk, x->db, store_key(x->job->site->store), like, e))
        return -1;
    if (!was && like == r->record && !r->keyed) {
        if (seen_find(&id, x->db, x->home, reg->name, r->print, e))
            return -1;
        if (id) {
            like->id = id;
            *what = OUT_UNCHANGED;
            return 0;
        }
    }
    if (was)
        return put_over(x, r, like, given, was, what, e);
    *what = OUT_INSERTED;
    return put_new(x, r, like, e);
}

/* --- what undo needs */

static json_t *freeze_values(const struct reg *reg, const struct value *v)
{
    json_t *o = json_object();

    for (size_t i = 0; i < reg->nfields; i++)
        if (v[i].kind != VALUE_NULL)
            json_object_set_new(o, reg->fields[i].name,
                                v[i].kind == VALUE_INT ? json_integer(v[i].i) : json_string(v[i].s));
    return o;
}

const char *record_freeze(struct arena *a, const struct record *r)
{
    json_t *o = json_object(), *kids = json_object();
    char *text;
    const char *out;

    json_object_set_new(o, "state", r->state ? json_string(r->state) : json_null());
    json_object_set_new(o, "values", freeze_values(r->reg, r->values));
    for (size_t c = 0; c < r->reg->nchildren; c++) {
        json_t *rows = json_array();

        for (size_t i = 0; i < r->children[c].n; i++)
            json_array_append_new(rows, freeze_values(&r->reg->children[c], r->children[c].rows[i].values));
        json_object_set_new(kids, r->reg->children[c].name, rows);
    }
    json_object_set_new(o, "children", kids);
    text = json_dumps(o, JSON_COMPACT);
    out = arena_str(a, text);
    free(text);
    json_decref(o);
    return out;
}

static void thaw_values(struct arena *a, const struct reg *reg, struct value *v, json_t *o)
{
    for (size_t i = 0; i < reg->nfields; i++) {
        json_t *one = json_object_get(o, reg->fields[i].name);

        v[i] = json_is_integer(one)  ? value_int(json_integer_value(one))
               : json_is_string(one) ? value_text(arena_str(a, json_string_value(one)))
                                     : value_null();
    }
}

int record_thaw(struct arena *a, struct record *r, const char *frozen, struct err *e)
{
    json_t *o = json_loads(frozen, 0, NULL);
    const char *state;

    if (!o)
        return err_log(e, "undo: %s %lld: kept state is not JSON", r->reg->name, (long long)r->id);
    state = json_string_value(json_object_get(o, "state"));
    r->state = state && reg_state(r->reg, state) ? reg_state(r->reg, state)->name : r->state;
    thaw_values(a, r->reg, r->values, json_object_get(o, "values"));
    for (size_t c = 0; c < r->reg->nchildren; c++) {
        json_t *rows = json_object_get(json_object_get(o, "children"), r->reg->children[c].name);

        r->children[c] = (struct child_rows){0};
        for (size_t i = 0; i < json_array_size(rows); i++)
            thaw_values(a, &r->reg->children[c], record_child_add(a, r, r->reg->children[c].name)->values,
                        json_array_get(rows, i));
    }
    json_decref(o);
    return 0;
}

int run_note(struct run *x, const struct record *is, const struct record *was, struct err *e)
{
    struct undo u = {.home = x->home,
                     .batch = x->batch,
                     .seq = ++x->seq,
                     .table = is->reg->name,
                     .record_home = is->home,
                     .record = is->id,
                     .version = is->version,
                     .made = !was,
                     .was = was ? record_freeze(x->chunk, was) : ""};

    return undo_put(x->db, &u, e);
}
