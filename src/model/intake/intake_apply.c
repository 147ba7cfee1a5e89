/* SPDX-License-Identifier: Apache-2.0 */
/* intake_apply.c: one import from its first row to its batch. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/intake_parts.h"
#include "model/query.h"
#include "store/sys_batch.h"

/* --- counting */

void run_count(struct run *x, const struct reg *reg, int what, long n)
{
    long *c = map_get(x->res->by_register, reg->name);

    if (!c) {
        c = arena_array(x->job->a, 4, sizeof *c);
        map_put(x->res->by_register, reg->name, c);
    }
    c[what] += n;
}

void run_count_later(struct run *x, const struct reg *reg, int what)
{
    if (x->npending < sizeof x->pending / sizeof *x->pending)
        x->pending[x->npending++] = (struct pending){reg, what};
}

void run_reject(struct run *x, struct intake_row *r)
{
    struct import_result *res = x->res;
    struct arena *a = x->job->a;
    const struct sheet_row *row = &r->plan->sheet->rows[r->index];

    r->out = OUT_REJECTED;
    res->refused++;
    res->problems += (long)r->nwrongs;
    for (size_t i = 0; i < r->nwrongs && res->nrejects < LISTED_MAX; i++) {
        const struct wrong *w = &r->wrongs[i];

        VEC_PUSH(a, res->rejects, res->nrejects, res->cap_rejects) =
            (struct reject){.sheet_no = r->plan->sheet_no,
                            .col = w->col,
                            .sheet = r->plan->sheet->name,
                            .row = row->r + 1,
                            .line = row->line,
                            .column = arena_str(a, w->column),
                            .value = arena_str(a, w->value),
                            .reason = w->reason,
                            .msg = arena_str(a, w->msg)};
    }
}

void row_skipped(struct run *x, const struct sheet_plan *p, size_t index, enum row_kind k)
{
    static const char *const why[] = {
        [ROW_TOTAL] = "合计行", [ROW_NOTE] = "说明或签名", [ROW_HEADER] = "重复的表头"};

    if (k != ROW_BLANK && x->res->nskipped < LISTED_MAX)
        VEC_PUSH(x->job->a, x->res->skipped, x->res->nskipped, x->res->cap_skipped) =
            (struct skipped){p->sheet->name, p->sheet->rows[index].r + 1, why[k]};
}

/* --- what the batch has come to */

static struct batch batch_of(const struct run *x)
{
    const struct import_result *r = x->res;

    return (struct batch){.home = x->home,
                          .id = x->batch,
                          .file = x->job->file_name ? x->job->file_name : "",
                          .sha = x->job->sha ? x->job->sha : "",
                          .who = x->job->actor->user,
                          .at = now_ms(),
                          .unit = x->job->unit->id,
                          .read = r->read,
                          .inserted = r->inserted,
                          .updated = r->updated,
                          .unchanged = r->unchanged,
                          .rejected = r->refused};
}

int run_batch_count(struct run *x, const long more[OUT_REJECTED + 1], struct err *e)
{
    struct batch b = batch_of(x);

    if (x->job->dry_run)
        return 0;
    b.inserted += more[OUT_INSERTED];
    b.updated += more[OUT_UPDATED];
    b.unchanged += more[OUT_UNCHANGED];
    b.rejected += more[OUT_REJECTED];
    return batch_count(x->db, &b, e);
}

/* --- rows that mean the same */

/* Which column of the row holds the (first field of the) key. */
static const struct col_plan *key_column(const struct intake_row *r)
{
    for (const char *const *k = (const char *const *)r->plan->reg->key; k && *k; k++)
        for (size_t i = 0; i < r->plan->ncols; i++)
            if (r->plan->cols[i].kind == COL_FIELD && strcmp(r->plan->cols[i].use.field->name, *k) == 0)
                return &r->plan->cols[i];
    return NULL;
}

static void row_conflict(struct run *x, struct intake_row *r, const struct met *k)
{
    const struct col_plan *c = key_column(r);
    const char *value = c ? cell_shown(x->chunk, row_cell(r->plan, r->index, c->map), x->job->book->date1904) : "";

    row_wrong(x->chunk, r, c ? c->map->col : -1, c ? c->map->header : "", value, REASON_CONFLICT,
              "与第%d行的“%s”相同（%s），" CONFLICT_WORDS "。请核对：若是两件事，请改编号；若是同一件，请只留一行",
              k->row->r + 1, c ? c->map->header : "关键字段", value);
}

/* Two rows without a key that say the same are two things: the n-th of them is known by its n. */
static void row_nth(struct run *x, struct intake_row *r)
{
    struct known *k = map_get(x->times, r->print);

    if (!k) {
        k = arena_alloc(x->job->a, sizeof *k);
        map_put(x->times, r->print, k);
    }
    r->print = arena_printf(x->job->a, "%s#%lld", r->print, (long long)++k->id);
}

void row_identify(struct run *x, struct intake_row *r)
{
    const char *key = record_key(x->chunk, r->plan->reg, r->record->values);

    r->print = row_print(x, r);
    r->keyed = key != NULL;
    if (!key) {
        row_nth(x, r);
        return;
    }
    r->met = map_get(x->seen, key);
    r->repeated = r->met != NULL;
    if (!r->met) {
        r->met = arena_alloc(x->job->a, sizeof *r->met);
        map_put(x->seen, key, r->met);
    }
}

bool row_settled(struct run *x, struct intake_row *r)
{
    const struct met *k = r->met;

    if (!r->repeated || !k->row)
        return false;
    if (strcmp(k->print, r->print) == 0)
        r->out = OUT_UNCHANGED;
    else
        row_conflict(x, r, k);
    return true;
}

void row_stored(struct intake_row *r)
{
    if (r->met)
        *r->met = (struct met){&r->plan->sheet->rows[r->index], r->print};
}

void rows_unstored(struct intake_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].met && rows[i].met->row == &rows[i].plan->sheet->rows[rows[i].index])
            *rows[i].met = (struct met){0};
}

static bool refers(const struct reg *r, const struct reg *to)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].type == TYPE_REF && r->fields[i].ref == to)
            return true;
    for (size_t i = 0; i < r->nchildren; i++)
        if (refers(&r->children[i], to))
            return true;
    return false;
}

/* May a chunk be read while the one before it is being written? Not if its rows may name records of that one. */
static bool reads_ahead(const struct run *x, const struct sheet_plan *p)
{
    if (x->job->dry_run || p->reg->tree || refers(p->reg, p->reg))
        return false;
    for (size_t i = 0; i < p->ncols; i++)
        if (p->cols[i].kind == COL_REF)
            return false;
    return true;
}

static int sheet_run(struct run *x, const struct sheet_plan *p, struct err *e)
{
    x->ahead = reads_ahead(x, p);
    for (size_t i = 0; i < p->sheet->nrows; i++) {
        struct intake_row *r;
        enum row_kind kind;

        if (p->sheet->rows[i].r <= p->map->header_last)
            continue;
        kind = row_kind(x->chunk, p->sheet, i, p->map);
        if (kind != ROW_RECORD) {
            row_skipped(x, p, i, kind);
            continue;
        }
        x->res->read++;
        run_count(x, p->reg, 0, 1);
        r = &x->rows[x->nrows++];
        *r = (struct intake_row){.plan = p, .index = i};
        row_read(x, r);
        if (r->nwrongs == 0)
            others_prepare(x, r);
        if (r->nwrongs == 0)
            row_identify(x, r);
        if (x->ahead && r->nwrongs == 0 && !r->repeated)
            row_ready(x, r);
        if (x->nrows == CHUNK_ROWS && chunk_flush(x, e))
            return -1;
    }
    if (x->nrows && chunk_flush(x, e))
        return -1;
    return chunk_land(x, e);
}

/* --- the order of sheets: what is referred to comes first */

static bool must_wait(const struct sheet_plan *plans, size_t n, const bool *done, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (k != i && !done[k] && plans[k].reg != plans[i].reg && refers(plans[i].reg, plans[k].reg) &&
            !refers(plans[k].reg, plans[i].reg))
            return true;
    return false;
}

static int sheets_run(struct run *x, struct sheet_plan *plans, size_t n, struct err *e)
{
    bool *done = arena_array(x->job->a, n + 1, sizeof *done);

    for (size_t left = n; left > 0; left--) {
        size_t i = 0;

        while (i < n && (done[i] || must_wait(plans, n, done, i)))
            i++;
        if (i == n) /* a circle: as they stand */
            for (i = 0; done[i]; i++)
                ;
        done[i] = true;
        plan_constants(x, &plans[i]);
        if (sheet_is_cross(plans[i].map)) {
            size_t first = 0;

            while (!sheet_is_cross(plans[first].map) || plans[first].reg != plans[i].reg)
                first++;
            /* all cross sheets of a register are one table: run with the first of them */
            if (first == i && cross_run(x, plans, n, i, e))
                return -1;
        } else if (sheet_run(x, &plans[i], e)) {
            return -1;
        }
    }
    return 0;
}

/* --- the batch */

static int batch_begin(struct run *x, void *arg, struct err *e)
{
    struct batch b = batch_of(x);
    struct buf map;
    int rc;

    buf_init(&map, (size_t)1 << 20);
    intake_map_write(&map, x->job->map);
    b.table = arg;
    b.map = buf_cstr(&map);
    rc = batch_insert(x->db, &b, e);
    x->batch = b.id;
    buf_done(&map);
    return rc;
}

static int batch_over(struct run *x, void *arg, struct err *e)
{
    const long more[OUT_REJECTED + 1] = {0};

    (void)arg;
    if (run_batch_count(x, more, e))
        return -1;
    return x->res->stopped ? 0 : batch_end(x->db, x->home, x->batch, now_ms(), e);
}

static int reject_order(const void *x, const void *y)
{
    const struct reject *a = x, *b = y;

    if (a->sheet_no != b->sheet_no)
        return a->sheet_no < b->sheet_no ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->col - b->col;
}

static int run_plans(struct sheet_plan **out, size_t *n, struct run *x, struct err *e)
{
    const struct import_map *m = x->job->map;
    const struct book *b = x->job->book;

    *n = 0;
    *out = arena_array(x->job->a, m->nsheets + 1, sizeof **out);
    for (size_t i = 0; i < m->nsheets && i < b->nsheets; i++) {
        if (m->sheets[i].skip || !m->sheets[i].reg)
            continue;
        if (plan_sheet(&(*out)[(*n)++], x->job->a, &m->sheets[i], b, i, e))
            return -1;
        x->total += (long)b->sheets[i].nrows;
    }
    if (*n == 0)
        return err_set(e, ERR_INPUT, "没有要导入的工作表");
    return 0;
}

static int run_all(struct run *x, struct err *e)
{
    struct sheet_plan *plans;
    size_t n;
    struct db *d = store_reader(x->job->site->store, e);

    if (!d || run_plans(&plans, &n, x, e))
        return -1;
    run_lookup(x, query_lookup(x->job->a, x->job->view, d, x->home));
    if (!x->job->dry_run && run_on_writer(x, batch_begin, (void *)(intptr_t)plans[0].reg->name, e))
        return -1;
    x->res->batch = x->job->batch = x->batch;
    if (sheets_run(x, plans, n, e) && !x->res->stopped)
        return -1;
    if (!x->job->dry_run && run_on_writer(x, batch_over, NULL, e))
        return -1;
    if (x->job->progress && !x->res->stopped)
        x->job->progress(x->job->progress_arg, x->total, x->total);
    if (x->res->nrejects)
        qsort(x->res->rejects, x->res->nrejects, sizeof *x->res->rejects, reject_order);
    return x->job->dry_run ? 0 : site_refresh(x->job->site, e);
}

int intake_run(struct import_result **out, struct import_job *j, struct err *e)
{
    struct run x = {.job = j, .schema = j->view->schema};
    int rc;

    if (!actor_may(j->view, j->actor, MAY_IMPORT, j->unit->id))
        return err_set(e, ERR_DENIED, "您没有在“%s”导入台账的权限", j->unit->name);
    x.res = arena_alloc(j->a, sizeof *x.res);
    x.res->by_register = map_new(j->a);
    x.home = j->unit->home;
    x.chunk = arena_new();
    run_fresh_chunk(&x);
    x.types = (struct type_ctx){.a = x.chunk, .today = today(), .date1904 = j->book->date1904};
    x.found = map_new(j->a);
    x.known = map_new(j->a);
    x.seen = map_new(j->a);
    x.times = map_new(j->a);
    x.pseudo = map_new(j->a);
    x.alike = map_new(j->a);
    buf_init(&x.scratch, (size_t)4 << 20);
    rc = run_all(&x, e);
    buf_done(&x.scratch);
    chunk_done(&x);
    if (rc == 0)
        *out = x.res;
    return rc;
}
