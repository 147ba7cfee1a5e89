/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c: moves between states. */
#include "model/flow.h"

#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "store/sys_clock.h"

static bool listed(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (!strcmp(*words, word))
            return true;
    return false;
}

/* "*" is any state that is not final. */
static bool starts_from(const struct reg *reg, const struct move *m, const char *state)
{
    const struct state *st = state ? reg_state(reg, state) : NULL;

    return st && (listed(m->from, state) || (listed(m->from, "*") && !st->final));
}

static const char *state_label(const struct reg *reg, const char *state)
{
    const struct state *st = state ? reg_state(reg, state) : NULL;

    return st ? label_in(&st->label, LANG_HANS) : "（无）";
}

static const struct field *field_missing(const struct record *r, const struct move *m, const char *const *but)
{
    for (const char **q = m->requires; q && *q; q++) {
        const struct field *f = reg_field(r->reg, *q);

        if (f && r->values[f->index].kind == VALUE_NULL && !listed(but, *q))
            return f;
    }
    return NULL;
}

/* A child table may be required too: at least one row. */
static const struct reg *child_missing(const struct record *r, const struct move *m, const char *const *but)
{
    for (const char **q = m->requires; q && *q; q++) {
        const struct reg *c = reg_child(r->reg, *q);

        if (c && !r->children[c - r->reg->children].n && !listed(but, *q))
            return c;
    }
    return NULL;
}

static const char *why_not(const struct move *m)
{
    return m->why_not && *m->why_not ? m->why_not : "现在还不具备办理的条件";
}

static bool condition_holds(struct arena *a, const struct save *s, const struct record *r, const struct move *m)
{
    const struct record *plain;
    struct scope sc;

    if (!m->when)
        return true;
    plain = record_with(a, store_key(s->site->store), r, PROTECTED_PLAIN);
    sc = record_scope(s->site, plain);
    return expr_true(a, m->when, &sc);
}

/* --- options */

static const char *obstacle(struct arena *a, const struct save *s, const struct record *r, const struct move *m)
{
    const struct field *f = field_missing(r, m, m->asks);
    const struct reg *c = child_missing(r, m, m->asks);

    if (m->stamp && f && !strcmp(f->name, m->stamp))
        f = NULL;
    if (!condition_holds(a, s, r, m))
        return arena_printf(a, "%s。", why_not(m));
    if (f || c)
        return arena_printf(a, "请先填写“%s”。", label_in(f ? &f->label : &c->label, LANG_HANS));
    return NULL;
}

struct move_option *flow_options(struct arena *a, const struct save *s, const struct record *r, size_t *n)
{
    struct move_option *v = arena_array(a, r->reg->nmoves + 1, sizeof *v);

    *n = 0;
    for (int main_first = 1; main_first >= 0 && !r->gone; main_first--)
        for (size_t i = 0; i < r->reg->nmoves; i++) {
            const struct move *m = &r->reg->moves[i];
            struct err e = {0};

            if (m->main != (main_first == 1) || !starts_from(r->reg, m, r->state) ||
                actor_move(s->view, s->actor, r->reg, m, r->unit, &e) < 0)
                continue;
            v[*n].move = m;
            v[*n].why_not = obstacle(a, s, r, m);
            v[*n].allowed = !v[*n].why_not;
            (*n)++;
        }
    return v;
}

/* --- moving */

static int refuse_state(const struct record *r, const struct move *m, struct err *e)
{
    struct buf b;

    buf_init(&b, 300);
    for (const char **f = m->from; f && *f; f++)
        buf_printf(&b, "%s“%s”", b.n ? "、" : "", strcmp(*f, "*") ? state_label(r->reg, *f) : "尚未办结");
    err_set(e, ERR_CONFLICT, "“%s”只能在%s时办理，这条记录现在是“%s”。请刷新后再办理。",
            label_in(&m->label, LANG_HANS), buf_cstr(&b), state_label(r->reg, r->state));
    buf_done(&b);
    return -1;
}

/* Only what the move asks for may differ from what was. */
static void keep_the_rest(struct record *r, const struct record *was, const struct move *m)
{
    for (size_t i = 0; i < r->reg->nfields; i++)
        if (!listed(m->asks, r->reg->fields[i].name))
            r->values[i] = was->values[i];
    for (size_t c = 0; c < r->reg->nchildren; c++)
        if (!listed(m->asks, r->reg->children[c].name))
            r->children[c] = was->children[c];
    r->captured = was->captured;
    r->entered = was->entered;
    r->happened = was->happened;
    r->unit = was->unit;
    r->by = was->by;
    r->batch = was->batch;
    r->gone = false;
    r->state = was->state;
}

static int load_was(struct record **was, struct db *d, struct save *s, struct record *r, struct err *e)
{
    if (record_load(was, s->a, d, r->reg, r->home, r->id, e) < 0)
        return -1;
    if ((*was)->gone)
        return err_set(e, ERR_CONFLICT, "这条记录已经撤回，不能办理。如需办理，请先恢复。");
    if ((*was)->version != r->version)
        return err_set(e, ERR_CONFLICT, "这条记录刚刚被别人办理过，现在是“%s”。请刷新后再办理。",
                       state_label(r->reg, (*was)->state));
    record_adopt(s->a, store_key(s->site->store), r, *was);
    return 0;
}

static void stamp(struct record *r, const struct move *m)
{
    const struct field *f = m->stamp ? reg_field(r->reg, m->stamp) : NULL;

    if (f && r->values[f->index].kind == VALUE_NULL)
        r->values[f->index] = value_int(f->type == TYPE_INSTANT ? now_ms() / 60000 * 60000 : today());
}

static int check_move(struct save *s, struct record *r, const struct move *m, struct err *e)
{
    const struct field *f;
    const struct reg *c;

    if (!starts_from(r->reg, m, r->state))
        return refuse_state(r, m, e);
    if (!s->trusted && actor_move(s->view, s->actor, r->reg, m, r->unit, e) < 0)
        return -1;
    if (!condition_holds(s->a, s, r, m))
        return err_set(e, ERR_INPUT, "%s。", why_not(m));
    stamp(r, m);
    f = field_missing(r, m, NULL);
    c = child_missing(r, m, NULL);
    if (!f && !c)
        return 0;
    if (s->errors)
        field_error_add(s->errors, f ? f->name : c->name, REASON_REQUIRED, "办理“%s”时，请填写“%s”。",
                        label_in(&m->label, LANG_HANS), label_in(f ? &f->label : &c->label, LANG_HANS));
    return err_field(e, f ? f->name : c->name, "办理“%s”时，请填写“%s”。", label_in(&m->label, LANG_HANS),
                     label_in(f ? &f->label : &c->label, LANG_HANS));
}

static int run_clocks(struct db *d, struct save *s, struct record *r, const struct move *m, struct err *e)
{
    for (const char **n = m->stops; n && *n; n++)
        if (clock_close(d, r->home, r->reg->name, r->id, *n, now_ms(), e) < 0)
            return -1;
    for (struct clock_def **c = m->starts; c && *c; c++)
        if (record_clock_start(d, s, r, *c, e) < 0)
            return -1;
    return 0;
}

static int make_other(struct db *d, struct save *s, struct record *r, const struct move *m, struct err *e)
{
    for (size_t i = 0; m->makes && i < r->reg->nmakes; i++)
        if (!strcmp(r->reg->makes[i].name, m->makes))
            return record_makes(d, s, r, &r->reg->makes[i], e);
    return 0;
}

int flow_move_in(struct db *d, struct save *s, struct record *r, const struct move *m, struct err *e)
{
    const char *act = arena_printf(s->a, "move:%s", m->name);
    struct record *was;

    if (load_was(&was, d, s, r, e) < 0)
        return -1;
    keep_the_rest(r, was, m);
    if (check_move(s, r, m, e) < 0)
        return -1;
    if (m->to)
        r->state = reg_state(r->reg, m->to)->name;
    if (m->starts)
        record_clock_fields(s, r, m->starts);
    if (record_check_on(d, s, r, was, e) < 0 || make_other(d, s, r, m, e) < 0 ||
        record_write(d, s, r, was, act, e) < 0 || run_clocks(d, s, r, m, e) < 0) {
        r->state = was->state;
        r->version = was->version;
        return -1;
    }
    return 0;
}

struct move_job {
    struct save *s;
    struct record *r;
    const struct move *m;
};

static int move_job(struct db *d, void *arg, struct err *e)
{
    struct move_job *j = arg;

    return flow_move_in(d, j->s, j->r, j->m, e);
}

int flow_move(struct save *s, struct record *r, const struct move *m, struct err *e)
{
    struct move_job j = {.s = s, .r = r, .m = m};

    if (store_write(s->site->store, move_job, &j, e) < 0)
        return -1;
    return site_refresh(s->site, e);
}
