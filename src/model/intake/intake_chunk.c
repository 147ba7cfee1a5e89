/* SPDX-License-Identifier: Apache-2.0 */
/* intake_chunk.c: rows on their way through the writer: many to a transaction, which gives way to whoever waits;
 * and where no row can name another one, the next rows are read meanwhile. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "model/intake_parts.h"

/* --- savepoints and threads */

struct errand {
    struct run *x;
    int (*fn)(struct run *, void *, struct err *);
    void *arg;
};

static int errand_run(struct db *d, void *arg, struct err *e)
{
    struct errand *t = arg;

    t->x->db = d;
    return t->fn(t->x, t->arg, e);
}

int run_on_writer(struct run *x, int (*fn)(struct run *, void *, struct err *), void *arg, struct err *e)
{
    struct errand t = {x, fn, arg};

    if (!x->job->dry_run)
        return store_write_long(x->job->site->store, errand_run, &t, e);
    x->db = store_reader(x->job->site->store, e);
    return x->db ? fn(x, arg, e) : -1;
}

static bool row_fault(enum err_code c)
{
    return c == ERR_INPUT || c == ERR_CONFLICT || c == ERR_MISSING || c == ERR_DENIED;
}

static int row_failed(struct run *x, struct intake_row *r, const struct err *own, struct err *e)
{
    if (r->nwrongs == 0 && row_fault(own->code))
        row_wrong(x->chunk, r, -1, "", "", own->code == ERR_CONFLICT ? REASON_CONFLICT : REASON_CHECK, "%s",
                  own->msg);
    if (r->nwrongs) {
        r->out = OUT_REJECTED;
        return 0;
    }
    if (e)
        *e = *own;
    return -1;
}

int row_guarded(struct run *x, struct intake_row *r, int (*fn)(struct run *, struct intake_row *, struct err *),
                struct err *e)
{
    struct err own = {0};
    bool saved = x->one_by_one && !x->job->dry_run;
    uint64_t writes;

    x->nfresh = 0;
    x->npending = 0;
    if (saved && db_save(x->db, e))
        return -1;
    writes = db_writes(x->db);
    if (fn(x, r, &own) == 0 && r->nwrongs == 0) {
        for (size_t i = 0; i < x->npending; i++)
            VEC_PUSH(x->chunk, x->counted, x->ncounted, x->cap_counted) = x->pending[i];
        return saved ? db_release(x->db, e) : 0;
    }
    for (size_t i = 0; i < x->nfresh; i++)
        x->fresh[i]->id = 0;
    if (saved)
        db_undo(x->db);
    else if (!x->job->dry_run && db_writes(x->db) != writes) {
        x->again = r->nwrongs || row_fault(own.code);
        if (e)
            *e = own;
        return -1;
    }
    return row_failed(x, r, &own, e);
}

/* --- pieces */

static int row_apply(struct run *x, struct intake_row *r, struct err *e)
{
    if (others_resolve(x, r, e) || record_put(x, r, r->record, r->given, &r->out, e))
        return -1;
    if (!x->ahead)
        run_bring(x, r->plan->reg, r->record->values, r->record->id);
    return 0;
}

static bool asked_to_stop(const struct run *x)
{
    return !x->job->dry_run && x->job->stop && x->job->stop(x->job->stop_arg);
}

/* Somebody else waits for the writer, or for the end. */
static bool piece_is_enough(const struct run *x)
{
    return x->upto - x->from >= CHUNK_LEAST && !x->job->dry_run &&
           (store_waited_for(x->job->site->store) || asked_to_stop(x));
}

/* As many rows as the writer has time for: the rest comes in another transaction. */
static int chunk_apply(struct run *x, void *arg, struct err *e)
{
    long *more = arg;

    memcpy(more, x->more, sizeof x->more);
    x->nbrought = 0;
    x->ncounted = x->ntold;
    rows_unstored(x->rows + x->from, x->nrows - x->from);
    for (x->upto = x->from; x->upto < x->nrows; x->upto++) {
        struct intake_row *r = &x->rows[x->upto];

        if (piece_is_enough(x))
            break;
        if (r->live && !row_settled(x, r)) {
            if (row_guarded(x, r, row_apply, e))
                return -1;
            if (r->nwrongs == 0)
                row_stored(r);
        }
        more[r->nwrongs ? OUT_REJECTED : r->out]++;
    }
    return run_batch_count(x, more, e);
}

/* The rows as they were before they were applied: saving has filled in numbers and ids. */
static void chunk_again(struct run *x)
{
    for (size_t i = 0; i < x->nbrought; i++)
        x->brought[i]->id = 0;
    for (size_t i = x->from; i < x->nrows; i++) {
        struct intake_row *r = &x->rows[i], fresh = {.plan = r->plan,
                                                     .index = r->index,
                                                     .print = r->print,
                                                     .keyed = r->keyed,
                                                     .met = r->met,
                                                     .repeated = r->repeated,
                                                     .live = true};

        if (!r->live)
            continue;
        row_read(x, &fresh);
        others_prepare(x, &fresh);
        *r = fresh;
    }
}

/* One transaction, from x->from on. On a thread of its own a piece is not read again: that waits for the landing.
 */
static int chunk_piece(struct run *x, struct err *e)
{
    long more[OUT_REJECTED + 1];
    int rc = x->again ? -1 : run_on_writer(x, chunk_apply, more, e);

    if (rc && x->again && !x->flying) {
        chunk_again(x);
        x->one_by_one = true;
        rc = run_on_writer(x, chunk_apply, more, e);
        x->one_by_one = false;
    }
    if (rc)
        return -1;
    x->again = false;
    x->ntold = x->ncounted;
    memcpy(x->more, more, sizeof more);
    if (x->job->progress)
        x->job->progress(x->job->progress_arg, x->done + (long)x->upto, x->total);
    return 0;
}

/* From x->from on to the end, or as far as it was asked to go. */
static int chunk_write(struct run *x, struct err *e)
{
    for (; x->from < x->nrows; x->from = x->upto) {
        if (chunk_piece(x, e))
            return -1;
        if (asked_to_stop(x))
            break;
    }
    return 0;
}

/* Rows that were read and are not applied any more. */
static void chunk_leave(struct run *x)
{
    for (; x->nrows > x->upto; x->nrows--) {
        x->res->read--;
        run_count(x, x->rows[x->nrows - 1].plan->reg, 0, -1);
    }
}

int run_stop(struct run *x, struct err *e)
{
    if (!asked_to_stop(x))
        return 0;
    x->res->stopped = true;
    return err_set(e, ERR_BUSY, "导入已停止");
}

static void row_counted(struct run *x, struct intake_row *r)
{
    struct import_result *res = x->res;
    struct arena *a = x->job->a;

    if (r->out == OUT_INSERTED) {
        res->inserted++;
        run_count(x, r->plan->reg, 1, 1);
    } else if (r->out == OUT_UPDATED) {
        res->updated++;
        run_count(x, r->plan->reg, 2, 1);
    } else if (r->out == OUT_UNCHANGED) {
        res->unchanged++;
        run_count(x, r->plan->reg, 3, 1);
    } else {
        run_reject(x, r);
        return;
    }
    for (size_t i = 0; i < r->nchanges && res->nchanges < LISTED_MAX; i++) {
        const struct change *c = &r->changes[i];

        VEC_PUSH(a, res->changes, res->nchanges, res->cap_changes) =
            (struct change){arena_str(a, c->title), c->field, arena_str(a, c->was), arena_str(a, c->is), c->row};
    }
}

/* What came of a chunk's rows, once it is written. */
static void chunk_told(struct run *x)
{
    for (size_t i = 0; i < x->ncounted; i++)
        run_count(x, x->counted[i].reg, x->counted[i].what, 1);
    for (size_t i = 0; i < x->nrows; i++) {
        const struct intake_row *r = &x->rows[i];

        if (x->ahead && r->live && r->nwrongs == 0 && r->record->id)
            run_bring(x, r->plan->reg, r->record->values, r->record->id);
        row_counted(x, &x->rows[i]);
        run_preview(x, r);
    }
    x->nfresh = x->nbrought = 0;
    x->done += (long)x->nrows;
}

/* --- one chunk is written while the next one is read */

struct flight {
    pthread_t thread;
    bool out;
    struct run run; /* its own rows and counts; what it shares with the reading thread it only reads */
    struct import_job job;
    struct import_result res; /* the counts so far */
    struct arena *kept;       /* instead of the job's arena */
    struct err err;
    int rc;
};

static void chunk_swap(struct run *x, struct run *y)
{
    struct run t = *x;

#define SWAP(FIELD) memcpy(&x->FIELD, &y->FIELD, sizeof x->FIELD), memcpy(&y->FIELD, &t.FIELD, sizeof t.FIELD)
    SWAP(chunk), SWAP(types.a), SWAP(rows), SWAP(nrows), SWAP(from), SWAP(upto), SWAP(more), SWAP(again);
    SWAP(counted), SWAP(ncounted), SWAP(cap_counted), SWAP(ntold);
#undef SWAP
}

static void *flight_main(void *arg)
{
    struct flight *f = arg;

    f->rc = chunk_write(&f->run, &f->err);
    return NULL;
}

static struct flight *flight_of(struct run *x)
{
    if (!x->flight) {
        x->flight = arena_alloc(x->job->a, sizeof *x->flight);
        x->flight->kept = arena_new();
        x->flight->run.chunk = arena_new();
    }
    return x->flight;
}

static int flight_start(struct run *x, struct err *e)
{
    struct flight *f = flight_of(x);
    struct arena *next = f->run.chunk;

    f->run = *x;
    f->job = *x->job;
    f->res = *x->res;
    f->job.a = f->kept;
    f->run.job = &f->job;
    f->run.res = &f->res;
    f->run.flying = true;
    f->err = (struct err){0};
    x->chunk = x->types.a = next;
    run_fresh_chunk(x);
    f->out = pthread_create(&f->thread, NULL, flight_main, f) == 0;
    return f->out ? 0 : err_log(e, "cannot start a thread for the import");
}

int chunk_land(struct run *x, struct err *e)
{
    struct flight *f = x->flight;
    int rc;

    if (!f || !f->out)
        return 0;
    pthread_join(f->thread, NULL);
    f->out = false;
    x->seq = f->run.seq;
    chunk_swap(x, &f->run);
    rc = f->rc;
    if (rc && x->again) /* some row has failed: the rest here, where it can be read again */
        rc = chunk_write(x, e);
    else if (rc)
        *e = f->err;
    if (rc == 0) {
        if (x->upto < x->nrows)
            chunk_leave(x);
        chunk_told(x);
    }
    chunk_swap(x, &f->run);
    arena_reset(f->kept);
    return rc ? -1 : run_stop(x, e);
}

void chunk_done(struct run *x)
{
    if (x->flight) {
        if (x->flight->out)
            pthread_join(x->flight->thread, NULL);
        arena_free(x->flight->kept);
        arena_free(x->flight->run.chunk);
    }
    arena_free(x->chunk);
}

int chunk_flush(struct run *x, struct err *e)
{
    bool work = false;

    for (size_t i = 0; i < x->nrows; i++) {
        x->rows[i].live = x->rows[i].out == OUT_NONE && x->rows[i].nwrongs == 0;
        work |= x->rows[i].live;
    }
    x->from = x->upto = x->ntold = x->ncounted = 0;
    memset(x->more, 0, sizeof x->more);
    x->again = false;
    if (chunk_land(x, e)) {
        chunk_leave(x);
        return -1;
    }
    if (work && x->ahead)
        return flight_start(x, e);
    if (work && (chunk_write(x, e) || chunk_alike(x, e)))
        return -1;
    if (work && x->upto < x->nrows)
        chunk_leave(x);
    chunk_told(x);
    run_fresh_chunk(x);
    if (!work && x->job->progress)
        x->job->progress(x->job->progress_arg, x->done, x->total);
    return run_stop(x, e);
}

void run_fresh_chunk(struct run *x)
{
    arena_reset(x->chunk);
    x->nrows = 0;
    x->rows = arena_array(x->chunk, CHUNK_ROWS, sizeof *x->rows);
    x->counted = NULL;
    x->ncounted = x->cap_counted = 0;
}
