/* SPDX-License-Identifier: Apache-2.0 */
/* figure_slice.c: the parts of a figure, and what they are called. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/figure_inner.h"
#include "model/query_record.h"

struct slicing {
    struct arena *a;
    struct figure_slice *v;
    size_t n, cap;
    bool distinct;
};

static int take_slice(void *arg, const struct total_row *r, struct err *e)
{
    struct slicing *s = arg;
    struct figure_slice x = {
        .code = arena_str(s->a, r->slice), .value = s->distinct ? r->t.n : r->t.v, .records = r->t.n};

    (void)e;
    VEC_PUSH(s->a, s->v, s->n, s->cap) = x;
    return 0;
}

static const char *slice_label(struct arena *a, const struct figure *f, const struct figure_at *at,
                               const char *code, enum lang l)
{
    const struct field *fd = f->slice_field;
    const struct choice *c;
    const struct state *st;
    const struct node *n;
    struct value v;

    if (!strcmp(code, SLICE_NONE))
        return lang_tr(a, l, "未填");
    if (fd && (fd->type == TYPE_CHOICE || fd->type == TYPE_CHOICES) && (c = field_choice(fd, code)))
        return label_in(&c->label, l);
    if (!fd && f->slice_reg && (st = reg_state(f->slice_reg, code)))
        return label_in(&st->label, l);
    if (fd && (fd->type == TYPE_UNIT || fd->type == TYPE_GRID)) {
        n = tree_find(fd->type == TYPE_UNIT ? at->view->units : at->view->grids, strtoll(code, NULL, 10));
        return n ? n->name : code;
    }
    if (!fd || fd->type == TYPE_REF)
        return code;
    v = type_is_text(fd->type) ? value_text(code) : value_int(strtoll(code, NULL, 10));
    if (at->who && !actor_sees(at->view, at->who, fd, at->unit ? at->unit->id : 0))
        return type_mask(a, fd, v);
    return type_show(a, fd, v, l);
}

static int by_value(const void *x, const void *y)
{
    const struct figure_slice *a = x, *b = y;

    if (a->value != b->value)
        return a->value < b->value ? 1 : -1;
    return strcmp(a->code, b->code);
}

/* References by their titles: one query. */
static int label_refs(struct slicing *s, struct db *d, const struct figure *f, const struct figure_scope *w,
                      const struct looker *look, struct err *e)
{
    const struct field *fd = f->slice_field;
    int64_t *ids = arena_array(s->a, s->n + 1, sizeof *ids);
    struct record **rs;
    size_t n;

    if (!fd || fd->type != TYPE_REF || !fd->ref || !s->n)
        return 0;
    for (size_t i = 0; i < s->n; i++)
        ids[i] = strtoll(s->v[i].code, NULL, 10);
    w->homes[w->nhomes] = 0; /* there is room for one more: see figure_scope */
    if (query_many(&rs, &n, s->a, d, fd->ref, w->homes, w->nhomes + 1, ids, s->n, e) < 0)
        return -1;
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < n; j++)
            if (ids[i] == rs[j]->id)
                s->v[i].label = record_title_for(s->a, look, rs[j]);
    return 0;
}

static int slice_ratio(struct figure_slice *x, struct arena *a, struct db *d, const struct figure *f,
                       const struct figure_at *at, struct err *e)
{
    struct figure_at one = *at;
    struct figure_value v;

    one.slice = x->code;
    if (figure_compute(&v, a, d, f, &one, e) < 0)
        return -1;
    x->value = v.gap ? 0 : v.value;
    x->records = v.records;
    return 0;
}

static const struct figure *sliced_by(const struct figure *f)
{
    return f->kind == FIG_RATIO ? f->fden : f->kind == FIG_MISSED ? f->fof : f;
}

int figure_slices(struct figure_slice **out, size_t *n, struct arena *a, struct db *d, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e)
{
    const struct figure *of = sliced_by(f);
    struct slicing s = {.a = a, .distinct = figure_is_distinct(of)};
    struct figure_scope w;
    struct total_scope ts;
    int rc = 0;

    *out = NULL;
    *n = 0;
    if (of->kind == FIG_RATIO || of->kind == FIG_MISSED)
        return 0;
    if (of->kind == FIG_CADENCE) {
        for (size_t i = 0; i < of->ncadences; i++)
            VEC_PUSH(a, s.v, s.n, s.cap) = (struct figure_slice){.code = cadence_slice(&of->cadences[i])};
    } else {
        figure_scope(&w, a, of, at);
        ts = figure_totals(of, &w, at);
        ts.slice = NULL;
        rc = (s.distinct ? distinct_slices : total_slices)(d, &ts, take_slice, &s, e);
        if (rc == 0)
            rc = label_refs(&s, d, of, &w, &(struct looker){.view = at->view, .who = at->who}, e);
    }
    for (size_t i = 0; rc == 0 && i < s.n; i++) {
        if (f->kind == FIG_RATIO || of->kind == FIG_CADENCE)
            rc = slice_ratio(&s.v[i], a, d, f, at, e);
        if (!s.v[i].label)
            s.v[i].label = slice_label(a, of, at, s.v[i].code, l);
    }
    if (s.n)
        qsort(s.v, s.n, sizeof *s.v, by_value);
    *out = s.v;
    *n = s.n;
    return rc;
}

/* --- is there such a part? */

struct known {
    struct buf b;
    const char *wanted;
    bool found;
    int n;
};

enum { KNOWN_MAX = 40 }; /* more are not told */

static void know(struct known *k, const char *code, const char *label)
{
    k->found |= !strcmp(code, k->wanted);
    if (k->n++ == KNOWN_MAX)
        buf_str(&k->b, "……");
    if (k->n > KNOWN_MAX)
        return;
    buf_printf(&k->b, "%s%s", k->n > 1 ? "、" : "", code);
    if (label && *label && strcmp(code, label) != 0)
        buf_printf(&k->b, "（%s）", label);
}

static int know_all(struct known *k, struct arena *a, struct db *d, const struct figure *f,
                    const struct figure_at *at, struct err *e)
{
    const struct figure *of = sliced_by(f);
    struct figure_at ever = {.view = at->view, .from = FIGURE_FIRST, .to = FIGURE_LAST, .who = at->who};
    const struct field *fd = of->slice_field;
    struct figure_slice *v;
    size_t n;

    if (fd && fd->nchoices) {
        for (size_t i = 0; i < fd->nchoices; i++)
            know(k, fd->choices[i].code, label_in(&fd->choices[i].label, LANG_HANS));
    } else if (!fd && of->slice_reg) {
        for (size_t i = 0; i < of->slice_reg->nstates; i++)
            know(k, of->slice_reg->states[i].name, label_in(&of->slice_reg->states[i].label, LANG_HANS));
    } else {
        if (figure_slices(&v, &n, a, d, f, &ever, LANG_HANS, e) < 0)
            return -1;
        for (size_t i = 0; i < n; i++)
            if (strcmp(v[i].code, SLICE_NONE) != 0)
                know(k, v[i].code, v[i].label);
    }
    k->found |= k->n && !strcmp(k->wanted, SLICE_NONE);
    return 0;
}

int figure_slice_check(struct arena *a, struct db *d, const struct figure *f, const struct figure_at *at,
                       struct err *e)
{
    struct known k = {.wanted = at->slice};
    int rc;

    if (!at->slice || !*at->slice)
        return 0;
    buf_init(&k.b, 8192);
    rc = know_all(&k, a, d, f, at, e);
    if (rc == 0 && !k.n)
        rc = err_set(e, ERR_INPUT, "指标“%s”没有分类，不能只看“%.40s”。请去掉分类再查。", f->name, at->slice);
    else if (rc == 0 && !k.found)
        rc = err_set(e, ERR_INPUT, "指标“%s”没有“%.40s”这一类。已有的分类：%s", f->name, at->slice, buf_cstr(&k.b));
    buf_done(&k.b);
    return rc;
}
