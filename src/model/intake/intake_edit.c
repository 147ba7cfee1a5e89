/* SPDX-License-Identifier: Apache-2.0 */
/* intake_edit.c: a plan that people change: another register or header than proposed, another field for a column;
 * and what they confirmed, remembered for the unit and for files of this form. */
#include <string.h>

#include "model/intake_fit.h"
#include "store/sys_batch.h"

struct import_map *intake_map_copy(struct arena *a, const struct import_map *m)
{
    struct import_map *c = arena_alloc(a, sizeof *c);

    *c = *m;
    c->a = a;
    c->fingerprint = arena_str(a, m->fingerprint);
    c->sheets = arena_array(a, m->nsheets + 1, sizeof *c->sheets);
    for (size_t i = 0; i < m->nsheets; i++) {
        const struct map_sheet *from = &m->sheets[i];
        struct map_sheet *s = &c->sheets[i];

        *s = *from;
        s->columns = arena_array(a, s->ncolumns + 1, sizeof *s->columns);
        for (size_t k = 0; k < s->ncolumns; k++) {
            s->columns[k] = from->columns[k];
            s->columns[k].header = arena_str(a, from->columns[k].header);
            s->columns[k].target = arena_str(a, from->columns[k].target);
        }
        s->fixed_field = arena_array(a, s->nfixed + 1, sizeof *s->fixed_field);
        s->fixed_value = arena_array(a, s->nfixed + 1, sizeof *s->fixed_value);
        for (size_t k = 0; k < s->nfixed; k++) {
            s->fixed_field[k] = arena_str(a, from->fixed_field[k]);
            s->fixed_value[k] = arena_str(a, from->fixed_value[k]);
        }
        s->cross_cols = arena_array(a, s->ncross + 1, sizeof *s->cross_cols);
        for (size_t k = 0; k < s->ncross; k++)
            s->cross_cols[k] = from->cross_cols[k];
        s->why_skip = from->why_skip ? arena_str(a, from->why_skip) : NULL;
    }
    return c;
}

int intake_replan(struct map_sheet *m, struct arena *a, const struct view *v, const struct sheet *sheet,
                  const struct reg *reg, int first, int last)
{
    struct map_sheet fresh = {
        .sheet = m->sheet, .reg = reg, .header_first = first, .header_last = last, .proposed = m->proposed};
    size_t at = row_index(sheet, first);
    struct header h;

    if (last < first || last - first >= HEADER_LEVELS || at == SIZE_MAX ||
        !header_at(&h, a, sheet, at, last - first + 1))
        return -1;
    if (!intake_plan_header(&fresh, a, v->schema, sheet, &h))
        fresh.columns = NULL;
    fresh.year = header_year(a, sheet, first, fresh.ncross > 0, NULL);
    *m = fresh;
    return 0;
}

void intake_retarget(struct map_sheet *m, struct map_column *c, struct arena *a, const char *target,
                     const struct import_group *group)
{
    c->target = arena_str(a, target);
    c->group = group;
    c->score = 1;
    for (size_t i = 0; *target && i < m->ncolumns; i++)
        if (&m->columns[i] != c && strcmp(m->columns[i].target, target) == 0 && m->columns[i].group == group)
            m->columns[i].target = ""; /* what people say goes before what was proposed */
}

int intake_target(struct map_sheet *m, size_t column, struct arena *a, const char *target, const char *group,
                  struct err *e)
{
    struct use u;

    if (!target_use(&u, a, m->reg, target, group && *group ? group : NULL))
        return err_set(e, ERR_INPUT, "“%s”没有栏目“%s”。请重新选择列“%s”对应的栏目",
                       label_in(&m->reg->label, LANG_HANS), target, m->columns[column].header);
    intake_retarget(m, &m->columns[column], a, target, u.group);
    return 0;
}

/* --- remembering */

struct keep_job {
    int64_t unit;
    const char *fingerprint, *text;
};

static int keep_map(struct db *d, void *arg, struct err *e)
{
    const struct keep_job *j = arg;

    return map_keep(d, j->unit, j->fingerprint, j->text, e);
}

static void map_relative(struct buf *out, const struct import_map *m)
{
    struct arena *a = arena_new();
    struct import_map *kept = intake_map_copy(a, m);

    for (size_t i = 0; i < kept->nsheets; i++) {
        kept->sheets[i].header_first += HEADER_BASE - m->sheets[i].proposed;
        kept->sheets[i].header_last += HEADER_BASE - m->sheets[i].proposed;
    }
    intake_map_write(out, kept);
    arena_free(a);
}

int intake_remember(struct site *s, int64_t unit, const struct import_map *m, struct err *e)
{
    struct buf b;
    struct keep_job j = {unit, m->fingerprint, NULL};
    int rc;

    buf_init(&b, (size_t)1 << 20);
    map_relative(&b, m);
    j.text = buf_cstr(&b);
    rc = store_write(s->store, keep_map, &j, e);
    buf_done(&b);
    return rc;
}

static int drop_map(struct db *d, void *arg, struct err *e)
{
    const struct keep_job *j = arg;

    return map_forget(d, j->unit, j->fingerprint, e);
}

int intake_forget(struct site *s, int64_t unit, const struct import_map *m, struct err *e)
{
    struct keep_job j = {unit, m->fingerprint, NULL};

    return store_write(s->store, drop_map, &j, e);
}

/* What this file itself says goes before what the last one said: its year, its day, the names of its sheets. */
static void own_words(struct map_sheet *s, const struct map_sheet *proposed)
{
    if (s->reg != proposed->reg)
        return;
    s->year = proposed->year;
    for (size_t i = 0; i < s->nfixed; i++)
        for (size_t k = 0; k < proposed->nfixed; k++)
            if (strcmp(s->fixed_field[i], proposed->fixed_field[k]) == 0)
                s->fixed_value[i] = proposed->fixed_value[k];
}

int intake_recall(struct import_map *m, struct db *d, int64_t unit, const struct view *v, const struct book *b,
                  bool *found, struct err *e)
{
    struct schema_errors es = {.a = m->a};
    const struct import_map *as_proposed = intake_map_copy(m->a, m);
    char *text;
    int rc = map_find(&text, m->a, d, unit, m->fingerprint, e);

    *found = false;
    if (rc <= 0)
        return rc;
    *found = map_read_remembered(m, v, b, text, strlen(text), &es) == 0;
    for (size_t i = 0; *found && i < m->nsheets; i++)
        own_words(&m->sheets[i], &as_proposed->sheets[i]);
    if (!*found) /* it no longer fits the declarations or this file: the proposal stands as it was */
        *m = *as_proposed;
    return 0;
}
