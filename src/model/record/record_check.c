/* SPDX-License-Identifier: Apache-2.0 */
/* record_check.c: is a record fit to be kept? Also finds when it happened, its unit and home, and computes. */
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "model/query_record.h"
#include "model/record_inner.h"

struct check {
    struct db *d;
    struct save *s;
    struct record *r;
    const struct record *was;
    struct field_errors *fe;
    struct err *e;
    struct ref_want *refs; /* references to look up at the end, together */
    size_t nrefs, cap_refs;
    const char *prefix; /* "parties.2." in a child row, counted from 1 */
};

static const char *full_name(struct check *c, const struct field *f)
{
    return c->prefix[0] ? arena_printf(c->s->a, "%s%s", c->prefix, f->name) : f->name;
}

#define BAD(c, f, why, ...) field_error_add((c)->fe, full_name((c), (f)), (why), __VA_ARGS__)

/* --- one value */

static void check_text(struct check *c, const struct field *f, struct value v)
{
    size_t n = utf8_count(v.s);

    if (f->max_len && n > f->max_len)
        BAD(c, f, REASON_LENGTH, "“%s”有 %zu 个字，最多 %zu 个字，请精简后再保存。", label_in(&f->label, LANG_HANS),
            n, f->max_len);
}

static void check_range(struct check *c, const struct field *f, struct value v)
{
    const char *label = label_in(&f->label, LANG_HANS), *shown = type_show(c->s->a, f, v, LANG_HANS);

    if (f->min != INT64_MIN && v.i < f->min)
        BAD(c, f, REASON_RANGE, "“%s”是 %s，不能小于 %s。", label, shown,
            type_show(c->s->a, f, value_int(f->min), LANG_HANS));
    else if (f->max != INT64_MAX && v.i > f->max)
        BAD(c, f, REASON_RANGE, "“%s”是 %s，不能大于 %s。", label, shown,
            type_show(c->s->a, f, value_int(f->max), LANG_HANS));
}

static void check_choices(struct check *c, const struct field *f, struct value v)
{
    const char *p = v.s;

    while (*p) {
        size_t n = strcspn(p, ",");

        if (n && !field_choice(f, arena_strn(c->s->a, p, n)))
            BAD(c, f, REASON_CHOICE, "“%s”没有“%.*s”这个选项，请从列表中选择。", label_in(&f->label, LANG_HANS),
                (int)n, p);
        p += n + (p[n] == ',');
    }
}

static void check_choice(struct check *c, const struct field *f, struct value v)
{
    if (!field_choice(f, v.s))
        BAD(c, f, REASON_CHOICE, "“%s”没有“%s”这个选项，请从列表中选择。", label_in(&f->label, LANG_HANS), v.s);
}

static void check_idno(struct check *c, const struct field *f, struct value v)
{
    if (strlen(v.s) != 18 || !idno_valid(v.s))
        BAD(c, f, REASON_CHECKSUM, "“%s”的校验位不对，请对照证件核对 18 位号码。", label_in(&f->label, LANG_HANS));
}

static void check_credit(struct check *c, const struct field *f, struct value v)
{
    if (strlen(v.s) != 18 || !credit_valid(v.s))
        BAD(c, f, REASON_CHECKSUM, "“%s”的校验位不对，请对照证照核对 18 位代码。", label_in(&f->label, LANG_HANS));
}

/* A grid belongs to the community of the record; one above or below (a subdistrict's record) may name it too. */
static bool grid_near(const struct check *c, const struct node *n)
{
    const struct tree *t = c->s->view->units;
    const struct node *mine = tree_find(t, c->r->home), *its = tree_find(t, n->home);

    return !mine || !its || tree_within(its, mine) || tree_within(mine, its);
}

static void want_node(struct check *c, const struct field *f, struct value v)
{
    VEC_PUSH(c->s->a, c->refs, c->nrefs, c->cap_refs) =
        (struct ref_want){.reg = schema_reg(c->s->view->schema, f->type == TYPE_GRID ? "grid" : "unit"),
                          .any_home = true,
                          .id = v.i,
                          .field = full_name(c, f),
                          .label = label_in(&f->label, LANG_HANS)};
}

/* A unit or grid may have been made a moment ago, after the trees were held; then the register itself is asked. */
static void check_node(struct check *c, const struct field *f, struct value v)
{
    bool grid = f->type == TYPE_GRID;
    const struct node *n = tree_find(grid ? c->s->view->grids : c->s->view->units, v.i);

    if (!n)
        want_node(c, f, v);
    else if (f->kind && strcmp(n->kind, f->kind))
        BAD(c, f, REASON_REFERENCE, "“%s”选了“%s”，它不是这里要的类别，请重新选择。",
            label_in(&f->label, LANG_HANS), n->name);
    else if (grid && !grid_near(c, n))
        BAD(c, f, REASON_REFERENCE, "“%s”选了“%s”，它属于别的社区，请重新选择。", label_in(&f->label, LANG_HANS),
            n->name);
}

static void check_ref(struct check *c, const struct field *f, struct value v)
{
    VEC_PUSH(c->s->a, c->refs, c->nrefs, c->cap_refs) =
        (struct ref_want){.reg = f->ref,
                          .home = f->ref->site_wide ? 0 : c->r->home,
                          .id = v.i,
                          .field = full_name(c, f),
                          .label = label_in(&f->label, LANG_HANS)};
}

static void check_flag(struct check *c, const struct field *f, struct value v)
{
    if (v.i != 0 && v.i != 1)
        BAD(c, f, REASON_RANGE, "“%s”只能填是或否。", label_in(&f->label, LANG_HANS));
}

static void (*const check_type[TYPE__MAX])(struct check *, const struct field *, struct value) = {
    [TYPE_TEXT] = check_text,     [TYPE_LONGTEXT] = check_text,   [TYPE_INT] = check_range,
    [TYPE_DECIMAL] = check_range, [TYPE_MONEY] = check_range,     [TYPE_DATE] = check_range,
    [TYPE_MONTH] = check_range,   [TYPE_INSTANT] = check_range,   [TYPE_FLAG] = check_flag,
    [TYPE_CHOICE] = check_choice, [TYPE_CHOICES] = check_choices, [TYPE_PHONE] = check_text,
    [TYPE_IDNO] = check_idno,     [TYPE_CREDIT] = check_credit,   [TYPE_UNIT] = check_node,
    [TYPE_GRID] = check_node,     [TYPE_PERSON] = check_text,     [TYPE_REF] = check_ref,
    [TYPE_LOCATION] = check_text,
};

/* now: the plain value; kept: as the record holds it; old: the kept value before. What was not touched stays as it
 * was accepted: a unit dissolved since, a number taken over from paper. */
static void check_value(struct check *c, const struct field *f, struct value now, struct value kept,
                        struct value old)
{
    if (now.kind == VALUE_NULL) {
        if (f->required && !c->s->quiet_required && !f->computed)
            BAD(c, f, REASON_REQUIRED, "请填写“%s”。", label_in(&f->label, LANG_HANS));
        else if (kept.kind != VALUE_NULL)
            BAD(c, f, REASON_CHECK, "“%s”的密文无法打开，请重新填写。", label_in(&f->label, LANG_HANS));
        return;
    }
    if (c->was && value_equal(kept, old))
        return;
    if ((now.kind == VALUE_TEXT) != type_is_text(f->type))
        BAD(c, f, REASON_NUMBER, "“%s”的内容与字段类型不符。", label_in(&f->label, LANG_HANS));
    else if (check_type[f->type])
        check_type[f->type](c, f, now);
}

/* --- declared checks */

/* A comparison with something empty says neither yes nor no. */
static bool undecided(struct arena *a, const struct expr *x, const struct scope *sc)
{
    bool compares = x->op >= EX_EQ && x->op <= EX_IN;

    if (x->op == EX_EMPTY || x->op == EX_NOT_EMPTY)
        return false;
    for (int i = 0; i < x->nargs; i++) {
        if (compares && expr_eval(a, x->arg[i], sc).kind == VALUE_NULL)
            return true;
        if (!compares && undecided(a, x->arg[i], sc))
            return true;
    }
    return false;
}

static void check_declared(struct check *c, const struct field *f, struct value v, const struct scope *sc)
{
    if (!f->check || v.kind == VALUE_NULL || expr_true(c->s->a, f->check, sc) || undecided(c->s->a, f->check, sc))
        return;
    if (f->check_msg)
        BAD(c, f, REASON_CHECK, "%s。", f->check_msg);
    else
        BAD(c, f, REASON_CHECK, "“%s”不符合要求：%s。", label_in(&f->label, LANG_HANS), expr_text(f->check));
}

/* --- rows */

static void compute(struct check *c, const struct reg *reg, struct value *values, const struct scope *sc)
{
    for (size_t i = 0; i < reg->nfields; i++)
        if (reg->fields[i].computed)
            values[i] = expr_eval(c->s->a, reg->fields[i].computed, sc);
}

static void check_values(struct check *c, const struct reg *reg, const struct value *plain,
                         const struct value *kept, const struct value *old)
{
    for (size_t i = 0; i < reg->nfields; i++)
        check_value(c, &reg->fields[i], plain[i], kept[i], old ? old[i] : value_null());
}

static const struct child_row *row_was(const struct check *c, size_t child, int64_t id)
{
    if (!c->was || !id)
        return NULL;
    for (size_t i = 0; i < c->was->children[child].n; i++)
        if (c->was->children[child].rows[i].id == id)
            return &c->was->children[child].rows[i];
    return NULL;
}

/* Numbers that the rows say, where there are rows. */
static void count_rows(struct check *c, struct scope *sc)
{
    const struct reg *reg = c->r->reg;

    for (const struct field *f = reg->fields; f < reg->fields + reg->nfields; f++) {
        const struct child_rows *rows = f->counted ? &c->r->children[f->counted - reg->children] : NULL;
        int64_t n = 0;

        for (size_t i = 0; rows && i < rows->n; i++) {
            scope_row(sc, f->counted, &rows->rows[i]);
            n += !f->count_where || expr_true(c->s->a, f->count_where, sc);
        }
        scope_row(sc, NULL, NULL);
        if (!rows || !rows->n)
            continue;
        c->r->values[f->index] = value_int(n);
        if (sc->values != c->r->values)
            ((struct value *)sc->values)[f->index] = value_int(n);
    }
}

/* Computed fields first the children's, then the record's, which may count or use them. */
static void compute_all(struct check *c)
{
    const struct reg *reg = c->r->reg;
    struct scope sc =
        record_scope(c->s->site, record_with(c->s->a, store_key(c->s->site->store), c->r, PROTECTED_PLAIN));

    for (size_t k = 0; k < reg->nchildren; k++)
        for (size_t i = 0; i < c->r->children[k].n; i++) {
            scope_row(&sc, &reg->children[k], &c->r->children[k].rows[i]);
            compute(c, &reg->children[k], c->r->children[k].rows[i].values, &sc);
        }
    scope_row(&sc, NULL, NULL);
    count_rows(c, &sc);
    /* A computed field may use another one declared before it, so it is computed in place. */
    for (size_t i = 0; i < reg->nfields; i++)
        if (reg->fields[i].computed) {
            c->r->values[i] = expr_eval(c->s->a, reg->fields[i].computed, &sc);
            if (sc.values != c->r->values)
                ((struct value *)sc.values)[i] = c->r->values[i];
        }
}

static void check_rows(struct check *c, const struct record *plain, struct scope *sc)
{
    const struct reg *reg = c->r->reg;
    const struct field *f;

    for (size_t k = 0; k < reg->nchildren; k++) {
        const struct reg *child = &reg->children[k];

        for (size_t i = 0; i < plain->children[k].n; i++) {
            const struct child_row *row = &plain->children[k].rows[i], *old = row_was(c, k, row->id);

            c->prefix = arena_printf(c->s->a, "%s.%zu.", child->name, i + 1);
            check_values(c, child, row->values, c->r->children[k].rows[i].values, old ? old->values : NULL);
            scope_row(sc, child, row);
            for (f = child->fields; f < child->fields + child->nfields; f++)
                check_declared(c, f, row->values[f->index], sc);
        }
    }
    c->prefix = "";
    scope_row(sc, NULL, NULL);
}

/* --- when, where */

static void find_happened(struct check *c)
{
    struct record *r = c->r;
    const struct field *f = r->reg->happened ? reg_field(r->reg, r->reg->happened) : NULL;
    struct value v = f ? r->values[f->index] : value_null();

    if (v.kind == VALUE_INT)
        r->happened = f->type == TYPE_INSTANT ? instant_day(v.i) : (int32_t)v.i;
    else if (f || r->happened == DAY_NONE)
        r->happened = instant_day(r->captured);
    r->late = instant_day(r->entered) - r->happened > c->s->site->late_days;
}

/* The unit of a record: its unit field, else its home. A record entered for the subdistrict about one of its
 * communities belongs to that community. */
static int find_unit(struct check *c)
{
    struct record *r = c->r;
    const struct reg *reg = r->reg;
    const struct field *f = reg->unit_field ? reg_field(reg, reg->unit_field) : NULL;
    struct value v = f ? r->values[f->index] : value_null();
    const struct node *n = v.kind == VALUE_INT ? tree_find(c->s->view->units, v.i) : NULL;
    const struct node *home;

    if (reg->site_wide) {
        r->home = 0;
        r->unit = v.kind == VALUE_INT ? v.i : 0;
        return 0;
    }
    home = r->home ? tree_find(c->s->view->units, r->home) : NULL;
    if (v.kind == VALUE_INT && !n)
        return 0; /* check_node says so */
    if (n && n->home != r->home && !c->was && (!r->home || (home && tree_within(n, home))))
        r->home = n->home;
    if (n && n->home != r->home) {
        BAD(c, f, REASON_REFERENCE, "“%s”选了“%s”，它不属于%s，请重新选择。", label_in(&f->label, LANG_HANS),
            n->name, home ? home->name : "本社区");
        return 0;
    }
    if (!r->home || (!c->was && !tree_find(c->s->view->units, r->home)))
        return err_set(c->e, ERR_INPUT, "不知道这条记录属于哪个社区。请先选择所属社区。");
    r->unit = n ? n->id : r->home;
    return 0;
}

/* --- nodes that lie in others: an area in its grid */

static const struct node *node_of(const struct check *c, const struct field *f)
{
    struct value v = c->r->values[f->index];

    return v.kind == VALUE_INT ? tree_find(f->type == TYPE_GRID ? c->s->view->grids : c->s->view->units, v.i)
                               : NULL;
}

/* Who says the area has said the grid. */
static void fill_outer(struct check *c)
{
    const struct reg *reg = c->r->reg;

    for (const struct field *f = reg->fields; f < reg->fields + reg->nfields; f++) {
        const struct field *outer = f->within ? reg_field(reg, f->within) : NULL;
        const struct node *n = outer ? node_of(c, f) : NULL;

        if (!n || c->r->values[outer->index].kind != VALUE_NULL)
            continue;
        for (n = n->up; n && outer->kind && strcmp(n->kind, outer->kind) != 0;)
            n = n->up;
        if (n)
            c->r->values[outer->index] = value_int(n->id);
    }
}

static bool untouched(const struct check *c, const struct field *f)
{
    return c->was && value_equal(c->was->values[f->index], c->r->values[f->index]);
}

static void check_within(struct check *c)
{
    const struct reg *reg = c->r->reg;

    for (const struct field *f = reg->fields; f < reg->fields + reg->nfields; f++) {
        const struct field *outer = f->within ? reg_field(reg, f->within) : NULL;
        const struct node *in = outer ? node_of(c, f) : NULL, *out = outer ? node_of(c, outer) : NULL;

        if (in && out && !tree_within(in, out) && !(untouched(c, f) && untouched(c, outer)))
            BAD(c, f, REASON_CHECK, "“%s”选的“%s”不在“%s”里，它属于“%s”。请改选其中一个。",
                label_in(&f->label, LANG_HANS), in->name, out->name, in->up ? in->up->name : "别处");
    }
}

/* A tree must not bite its own tail. */
static void check_ring(struct check *c)
{
    const struct reg *reg = c->r->reg;
    const struct field *f = reg->tree ? reg_field(reg, reg->tree) : NULL;
    const struct tree *t;
    const struct node *n, *self;

    if (!f || !c->r->id || c->r->values[f->index].kind != VALUE_INT || f->type == TYPE_REF)
        return;
    t = f->type == TYPE_GRID ? c->s->view->grids : c->s->view->units;
    n = tree_find(t, c->r->values[f->index].i);
    self = tree_find(t, c->r->id);
    if (n && self && tree_within(n, self))
        BAD(c, f, REASON_CHECK, "“%s”不能是自己或自己的下级，请重新选择。", label_in(&f->label, LANG_HANS));
}

/* --- states reached without moving: an import that says "closed" owes what the moves to it require */

static bool state_known(struct check *c)
{
    if (!c->r->reg->nstates || (c->r->state && reg_state(c->r->reg, c->r->state)))
        return true;
    field_error_add(c->fe, "state", REASON_CHOICE, "“%s”没有“%s”这个状态。", label_in(&c->r->reg->label, LANG_HANS),
                    c->r->state ? c->r->state : "");
    return false;
}

static bool move_requires(const struct move *m, const char *field)
{
    for (const char **q = m->requires; q && *q; q++)
        if (strcmp(*q, field) == 0)
            return true;
    return false;
}

/* Does every way into this state require the field? One that is owed on one way only is not owed here. */
static bool state_requires(const struct reg *reg, const char *state, const char *field)
{
    bool any = false;

    for (size_t i = 0; i < reg->nmoves; i++) {
        const struct move *m = &reg->moves[i];

        if (!m->to || strcmp(m->to, state) != 0)
            continue;
        if (!move_requires(m, field))
            return false;
        any = true;
    }
    return any;
}

static void check_state(struct check *c)
{
    const struct reg *reg = c->r->reg;

    if (!state_known(c) || c->was || c->s->quiet_required || !c->r->state)
        return;
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];

        if (c->r->values[i].kind == VALUE_NULL && state_requires(reg, c->r->state, f->name))
            BAD(c, f, REASON_REQUIRED, "状态为“%s”时，请填写“%s”。",
                label_in(&reg_state(reg, c->r->state)->label, LANG_HANS), label_in(&f->label, LANG_HANS));
    }
}

/* --- all of it */

static int check_refs(struct check *c)
{
    if (query_refs(c->d, c->s->a, c->refs, c->nrefs, c->e) < 0)
        return -1;
    for (size_t i = 0; i < c->nrefs; i++)
        if (!c->refs[i].found)
            field_error_add(c->fe, c->refs[i].field, REASON_REFERENCE, "“%s”指向的%s不存在或已撤回，请重新选择。",
                            c->refs[i].label,
                            c->refs[i].reg ? label_in(&c->refs[i].reg->label, LANG_HANS) : "记录");
    return 0;
}

static int check_all(struct check *c)
{
    struct record *r = c->r;
    const struct record *plain;
    struct scope sc;
    const struct field *f;

    if (!r->captured)
        r->captured = c->s->captured ? c->s->captured : now_ms();
    if (!r->entered)
        r->entered = now_ms();
    fill_outer(c);
    if (find_unit(c) < 0)
        return -1;
    find_happened(c);
    compute_all(c);
    plain = record_with(c->s->a, store_key(c->s->site->store), r, PROTECTED_PLAIN);
    sc = record_scope(c->s->site, plain);
    check_values(c, r->reg, plain->values, r->values, c->was ? c->was->values : NULL);
    for (f = r->reg->fields; f < r->reg->fields + r->reg->nfields; f++)
        check_declared(c, f, plain->values[f->index], &sc);
    check_rows(c, plain, &sc);
    check_within(c);
    check_ring(c);
    check_state(c);
    return check_refs(c);
}

int record_check_refs(struct refs *refs, struct db *d, struct save *s, struct record *r, const struct record *was,
                      struct err *e)
{
    struct field_errors own = {.a = s->a};
    struct check c = {.d = d, .s = s, .r = r, .was = was, .fe = s->errors ? s->errors : &own, .e = e, .prefix = ""};
    size_t before = c.fe->n;

    if (check_all(&c) < 0)
        return -1;
    *refs = (struct refs){c.refs, c.nrefs};
    if (c.fe->n == before)
        return 0;
    return err_field(e, c.fe->v[before].field, "%s", c.fe->v[before].msg);
}

int record_check_on(struct db *d, struct save *s, struct record *r, const struct record *was, struct err *e)
{
    struct refs refs;

    return record_check_refs(&refs, d, s, r, was, e);
}

/* --- coming back */

static void want_all(struct check *c, const struct reg *reg, const struct value *values)
{
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];

        if (values[i].kind != VALUE_INT)
            continue;
        if (f->type == TYPE_REF)
            check_ref(c, f, values[i]);
        else if (f->type == TYPE_UNIT || f->type == TYPE_GRID)
            want_node(c, f, values[i]);
    }
}

/* What was accepted once is not asked about again: nobody can mend it while the record is withdrawn. */
int record_check_back(struct db *d, struct save *s, struct record *r, struct err *e)
{
    struct check c = {.d = d, .s = s, .r = r, .e = e, .prefix = ""};

    want_all(&c, r->reg, r->values);
    for (size_t k = 0; k < r->reg->nchildren; k++)
        for (size_t i = 0; i < r->children[k].n; i++)
            want_all(&c, &r->reg->children[k], r->children[k].rows[i].values);
    if (query_refs(d, s->a, c.refs, c.nrefs, e) < 0)
        return -1;
    for (size_t i = 0; i < c.nrefs; i++)
        if (!c.refs[i].found)
            return err_set(e, ERR_CONFLICT,
                           "“%s”指向的%s已撤回或不存在，这条记录现在不能恢复。请先恢复它指向的那一条。",
                           c.refs[i].label, c.refs[i].reg ? label_in(&c.refs[i].reg->label, LANG_HANS) : "记录");
    return 0;
}

int record_check(struct save *s, struct record *r, struct err *e)
{
    struct db *d = store_reader(s->site->store, e);
    struct record *was = NULL;

    if (!d)
        return -1;
    if (r->id) {
        if (record_load(&was, s->a, d, r->reg, r->home, r->id, e) < 0)
            return -1;
        record_adopt(s->a, store_key(s->site->store), r, was);
    }
    return record_check_on(d, s, r, was, e);
}
