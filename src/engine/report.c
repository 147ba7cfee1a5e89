/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: a template, a unit and a period become a document; figures come from model/figure. */
#include "engine/report.h"

#include "engine/template.h"
#include "store/sys_text.h"

/* Figures of a database as one actor may read them. */
struct reader {
    struct db *d;
    const struct actor *actor; /* NULL: all */
};

/* e says which register it is and whom to ask. */
static bool readable(const struct reader *x, const struct figure *f, const struct figure_at *at, struct err *e)
{
    if (!f)
        return true;
    if (x->actor && f->reg && actor_reg(at->view, x->actor, f->reg, false, at->unit ? at->unit->id : 0, e) != 0)
        return false;
    return readable(x, f->fnum, at, e) && readable(x, f->fden, at, e) && readable(x, f->fof, at, e);
}

static int db_compute(void *arg, struct figure_value *out, struct arena *a, const struct figure *f,
                      const struct figure_at *at, struct err *e)
{
    const struct reader *x = arg;
    struct err why = {0};
    if (readable(x, f, at, &why))
        return figure_compute(out, a, x->d, f, at, e);
    *out = (struct figure_value){.figure = f, .gap = true, .denied = arena_str(a, why.msg)};
    return 0;
}

static int db_slices(void *arg, struct figure_slice **out, size_t *n, struct arena *a, const struct figure *f,
                     const struct figure_at *at, enum lang l, struct err *e)
{
    const struct reader *x = arg;
    *out = NULL;
    *n = 0;
    struct err no = {0};
    return readable(x, f, at, &no) ? figure_slices(out, n, a, x->d, f, at, l, e) : 0;
}

static int db_behind(void *arg, struct behind **out, size_t *n, struct arena *a, const struct figure *f,
                     const struct figure_at *at, size_t limit, struct err *e)
{
    const struct reader *x = arg;
    *out = NULL;
    *n = 0;
    struct err no = {0};
    return readable(x, f, at, &no) ? figure_behind(out, n, a, x->d, f, at, 0, limit, e) : 0;
}

int report_fill(struct report **out, struct arena *a, const struct report_source *src, const struct view *v,
                const struct template *t, const struct report_params *p, struct err *e)
{
    char from[16], to[16], at[32];
    if (p->from == DAY_NONE || p->to == DAY_NONE || p->to < p->from)
        return err_set(e, ERR_INPUT, "报告期间不对：起始日应不晚于截止日");
    struct report *r = arena_alloc(a, sizeof *r);
    struct fill f = {.a = a, .src = src, .view = v, .t = t, .p = p, .r = r, .e = e};
    f.values = map_new(a);
    f.rows = map_new(a);
    f.computed_at = arena_str(a, instant_local(p->now ? p->now : now_ms(), at));
    r->doc = doc_new(a);
    r->def = t->def;
    r->params = p;
    r->sound = true;
    r->period = period_words(a, (struct period){p->from, p->to});
    if (render_body(&f) != 0 || fill_identities(&f) != 0)
        return -1;
    r->title = r->doc->title;
    r->doc->report = t->def->name;
    r->doc->unit = p->unit ? p->unit->name : "";
    r->doc->from = arena_str(a, day_iso(p->from, from));
    r->doc->to = arena_str(a, day_iso(p->to, to));
    *out = r;
    return 0;
}

struct text_at report_text_at(const struct report_def *def, const struct report_params *p)
{
    return (struct text_at){.home = p->unit ? p->unit->home : 0,
                            .unit = p->unit ? p->unit->id : 0,
                            .report = def->name,
                            .from = p->from,
                            .to = p->to};
}

/* What was typed now, and for the other slots what is kept. */
static int add_kept(struct report_params *p, struct arena *a, struct db *d, const struct report_def *def,
                    struct err *e)
{
    struct text_at at = report_text_at(def, p);
    struct map *texts = map_new(a);
    struct text_kept *kept;
    size_t n;
    if (text_list(&kept, &n, a, d, &at, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        map_put(texts, kept[i].slot, (void *)(uintptr_t)kept[i].text);
    for (size_t i = 0; p->texts && i < map_count(p->texts); i++)
        map_put(texts, map_key(p->texts, i), map_get(p->texts, map_key(p->texts, i)));
    p->texts = texts;
    return 0;
}

int report_build(struct report **out, struct arena *a, struct db *d, const struct view *v,
                 const struct report_def *def, const struct report_params *p, struct err *e)
{
    struct reader reader = {d, p->actor};
    const struct report_source src = {db_compute, db_slices, db_behind, &reader};
    struct schema_errors es = {.a = a};
    struct template *t = report_parse(a, v->schema, def, &es);
    if (!t)
        return err_set(e, ERR_INPUT, "报告模板有%zu处错误，第一处在 %s:%d:%d：%s", es.n, es.v[0].file, es.v[0].line,
                       es.v[0].col, es.v[0].msg);
    struct report_params *all = arena_alloc(a, sizeof *all);
    *all = *p;
    return add_kept(all, a, d, def, e) < 0 ? -1 : report_fill(out, a, &src, v, t, all, e);
}
