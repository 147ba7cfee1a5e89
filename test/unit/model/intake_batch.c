/* SPDX-License-Identifier: Apache-2.0 */
/* intake_apply.c, intake_undo.c: an import as a whole: who may, in chunks, counted, and out again. */
#include <stdatomic.h>

#include "intake_case.h"
#include "model/intake_parts.h"
#include "store/sql.h"
#include "store/sys_batch.h"

static void who_may(void **state)
{
    struct site_case *c = *state;
    struct grant grants[] = {{"viewer", c->peach}};
    struct actor viewer = {.user = 5, .name = "v", .grants = grants, .ngrants = 1};
    struct book *b = book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &viewer,
                           .a = c->a,
                           .book = b,
                           .map = plan_of(c, b, NULL),
                           .unit = tree_find(c->v.units, c->peach)};
    struct import_result *r;

    BAD(intake_run(&r, &j, &c->e), ERR_DENIED);
    assert_int_equal(how_many(c, "walk"), 0);
}

static void undone(void **state)
{
    struct site_case *c = *state;
    struct book *first = book_of(c, "口角", QUARREL "K1|2026-01-02|吵|#5|||旧\n", NULL);
    struct book *second =
        book_of(c, "口角",
                QUARREL "K1|2026-01-02|大吵|#6||2026-01-09|新\nK2|2026-01-03|闹||||\nK3|2026-01-03|嚷||||\n", NULL);
    struct import_result *r;
    struct record *k;
    long done, kept;

    import(c, first);
    r = import(c, second);
    counts(r, 3, 2, 1, 0, 0);
    k = one_of(c, "quarrel", "number", "K3");
    record_set(k, "note", value_text("有人改过"));
    case_put(c, k);
    struct grant g = {"clerk", c->street}; /* may import, writes nothing */
    struct actor clerk = {.user = 7, .name = "甲", .grants = &g, .ngrants = 1};
    BAD(intake_undo(c->site, &clerk, c->peach, r->batch, &done, &kept, &c->e), ERR_DENIED);
    assert_int_equal(how_many(c, "quarrel"), 3);
    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 2);
    assert_int_equal(kept, 1);
    assert_non_null(strstr(c->e.msg, "嚷")); /* which one */
    assert_int_equal(how_many(c, "quarrel"), 2);
    k = one_of(c, "quarrel", "number", "K1");
    assert_string_equal(record_get(k, "summary").s, "吵");
    assert_string_equal(record_get(k, "note").s, "旧");
    assert_int_equal(record_get(k, "closed_on").kind, VALUE_NULL);
    assert_int_equal(record_get(k, "amount").i, 500);
    assert_string_equal(k->state, "open");
    case_clean(c);
    BAD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e), ERR_CONFLICT);
    BAD(intake_undo(c->site, &actor_system, c->peach, 77, &done, &kept, &c->e), ERR_MISSING);
    counts(import(c, second), 3, 1, 1, 1, 0);
}

static void undone_without_a_key(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL);
    struct import_result *r = import(c, b);
    long done, kept;

    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 1);
    assert_int_equal(how_many(c, "walk"), 0);
    counts(import(c, b), 1, 1, 0, 0, 0); /* it is not taken for one that is there */
}

/* What it is undone by has been cleared away by then: nothing is half undone. */
static void undone_too_late(void **state)
{
    struct site_case *c = *state;
    const int64_t now = day_instant(day_from_ymd(2026, 7, 15), 600), day = (int64_t)24 * 3600 * 1000;
    struct import_result *r = import(c, book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL));
    long done, kept;

    date_fix_now(now + 90 * day + 1);
    BAD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e), ERR_CONFLICT);
    assert_non_null(strstr(c->e.msg, "已超过90天"));
    assert_int_equal(how_many(c, "walk"), 1);
    date_fix_now(now + 89 * day);
    GOOD(intake_undo(c->site, &actor_system, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(done, 1);
    date_fix_now(now);
}

static void batches_are_listed(void **state)
{
    struct site_case *c = *state;
    struct import_result *r =
        import(c, book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n|2026-01-02|x||\n", NULL));
    struct batch b;

    assert_int_equal(batch_find(&b, c->a, store_reader(c->site->store, &c->e), c->peach, r->batch, &c->e), 1);
    assert_string_equal(b.table, "walk");
    assert_int_equal(b.read, 2);
    assert_int_equal(b.inserted, 1);
    assert_int_equal(b.rejected, 1);
    assert_non_null(strstr(b.map, "register: walk"));
    assert_int_equal(one_of(c, "walk", "visitor", "张三")->batch, r->batch);
}

static int64_t number(struct site_case *c, const char *sql)
{
    int64_t out;

    assert_int_equal(sql_int(&out, store_reader(c->site->store, &c->e), &c->e, sql, ""), 1);
    return out;
}

/* Many rows, two chunks; one that fails only when it is written does not take the others with it, and the series of
 * numbers has no gap. */
enum { MANY = 9000 }; /* more than are read before the first of them are written */

static void many_rows(void **state)
{
    struct site_case *c = *state;
    struct buf b;
    struct import_result *r;

    buf_init(&b, 1 << 20);
    buf_str(&b, "借出时间|类别|借用人|所在支部|说明\n");
    for (int i = 0; i < MANY; i++)
        buf_printf(&b, "2026-%02d-%02d %d:%02d|工具|张三|第一党支部|x\n", i / 1000 + 1, i % 28 + 1,
                   8 + i / 100 % 10, i % 60);
    buf_str(&b, "2026-01-01 8:00|图书|张三|第一党支部|又一次\n"); /* the same person at the same time */
    r = import(c, book_of(c, "借用", buf_cstr(&b), NULL));
    buf_done(&b);
    assert_int_equal(r->read, MANY + 1);
    assert_int_equal(r->refused, MANY + 1 - r->inserted);
    assert_true(r->refused >= 1);
    for (size_t i = 0; i < r->nrejects; i++)
        assert_int_equal(r->rejects[i].reason, REASON_CONFLICT);
    assert_int_equal(number(c, "SELECT COUNT(*) FROM r_loan"), r->inserted);
    /* as many numbers as records */
    assert_int_equal(number(c, "SELECT COUNT(DISTINCT f_number) FROM r_loan"), r->inserted);
    assert_int_equal(number(c, "SELECT last FROM s_series WHERE name = 'loan.number'"), r->inserted);
    case_clean(c);
}

struct half {
    struct site_case *c;
    long inserted[8]; /* as the batch said it after each transaction */
    long done[8];
    size_t n;
    struct write_job busy;
    atomic_bool enough, gone;
};

static void half_way(void *arg, long done, long total)
{
    struct half *h = arg;
    struct site_case *c = h->c;
    struct batch *list;
    size_t n;

    (void)total;
    if (h->n == 8)
        return;
    GOOD(batch_list(&list, &n, h->c->a, store_reader(c->site->store, &c->e), c->peach, &h->c->peach, 1, 10, &c->e));
    assert_int_equal(n, 1);
    h->done[h->n] = done;
    h->inserted[h->n++] = (long)list[0].inserted;
}

static int nothing(struct db *d, void *arg, struct err *e)
{
    (void)d, (void)arg, (void)e;
    return 0;
}

/* Somebody who saves all the time: answered, he queues up again before the writer takes the next job, so that he
 * waits whenever another job runs. */
static void save_again(struct write_job *job, int rc, const struct err *e)
{
    struct half *h = job->arg;

    (void)rc, (void)e;
    if (atomic_load(&h->enough))
        atomic_store(&h->gone, true);
    else
        store_submit(h->c->site->store, job);
}

/* An import lets others in between, and each time has said how much it made: cut off there it can be taken back. */
static void counted_on_the_way(void **state)
{
    struct site_case *c = *state;
    static const long inserted[] = {200, 400, 600, 700, 700};
    struct half h = {.c = c, .busy = {.fn = nothing, .done = save_again}};
    struct import_result *r;
    struct buf b;
    struct book *book;

    buf_init(&b, 1 << 20);
    buf_str(&b, WALK);
    for (int i = 0; i < 700; i++)
        buf_printf(&b, "张三|2026-01-%02d|第%d户|好|\n", i % 28 + 1, i);
    book = book_of(c, "走动", arena_str(c->a, buf_cstr(&b)), NULL);
    buf_done(&b);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &actor_system,
                           .a = c->a,
                           .book = book,
                           .map = plan_of(c, book, NULL),
                           .unit = tree_find(c->v.units, c->peach),
                           .progress = half_way,
                           .progress_arg = &h};
    h.busy.arg = &h;
    store_submit(c->site->store, &h.busy);
    GOOD(intake_run(&r, &j, &c->e));
    atomic_store(&h.enough, true);
    while (!atomic_load(&h.gone))
        GOOD(store_write(c->site->store, nothing, NULL, &c->e));
    assert_int_equal(h.n, 5);
    for (size_t i = 0; i < h.n; i++) {
        assert_int_equal(h.inserted[i], inserted[i]);
        assert_int_equal(h.done[i], i < 4 ? inserted[i] : 701); /* at the end the header counts too */
    }
}

static void notes_for_the_workbook(void **state)
{
    struct site_case *c = *state;
    struct book *b = book_of(c, "走动", WALK "张三|2026.2.30|院里|好|\n", NULL);
    struct import_map *m = plan_of(c, b, NULL);
    struct notes *n = intake_notes(c->a, b, m, import_map(c, b, m, true));

    assert_int_equal(n->n, 1);
    assert_int_equal(n->v[0].row, 1);
    assert_int_equal(n->v[0].col, 1);
    assert_int_equal(n->header_last[0], 0);
    /* the workbook that goes back has a column more, which is passed over */
    b = book_of(c, "走动", "走动人|走动日期|去处|情况|方式|【错误说明】\n张三|2026-02-03|院里|好||没有这一天\n",
                NULL);
    assert_string_equal(column(&plan_of(c, b, NULL)->sheets[0], "【错误说明】")->target, "");
    counts(import(c, b), 1, 1, 0, 0, 0);
}

static bool at_once(void *arg)
{
    (void)arg;
    return true;
}

/* Asked to stop, it ends soon: what is in stays, the batch has no end, and the same file goes on. */
static void stopped_on_the_way(void **state)
{
    struct site_case *c = *state;
    struct import_result *r;
    struct batch done;
    struct buf b;
    struct book *book;
    long first;

    buf_init(&b, 1 << 20);
    buf_str(&b, WALK);
    for (int i = 0; i < 700; i++)
        buf_printf(&b, "张三|2026-01-%02d|第%d户|好|\n", i % 28 + 1, i);
    book = book_of(c, "走动", arena_str(c->a, buf_cstr(&b)), NULL);
    buf_done(&b);
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &actor_system,
                           .a = c->a,
                           .book = book,
                           .map = plan_of(c, book, NULL),
                           .unit = tree_find(c->v.units, c->peach),
                           .stop = at_once};
    GOOD(intake_run(&r, &j, &c->e));
    assert_true(r->stopped);
    first = r->inserted;
    assert_in_range(first, 1, 699);
    assert_int_equal(r->read, first);
    assert_int_equal(batch_find(&done, c->a, store_reader(c->site->store, &c->e), c->peach, r->batch, &c->e), 1);
    assert_int_equal(done.inserted, first);
    assert_int_equal(done.ended, 0);
    j.stop = NULL;
    GOOD(intake_run(&r, &j, &c->e));
    counts(r, 700, 700 - first, 0, first, 0);
    assert_false(r->stopped);
    assert_int_equal(batch_find(&done, c->a, store_reader(c->site->store, &c->e), c->peach, r->batch, &c->e), 1);
    assert_true(done.ended > 0);
}

struct meanwhile {
    struct site_case *c;
    struct import_job *job;
    long at;   /* undone once so many rows are in */
    long done; /* what that took back */
    long calls;
};

static void undo_it(void *arg, long done, long total)
{
    struct meanwhile *m = arg;
    struct err e = {0};
    long kept;

    (void)total;
    if (done < m->at || m->calls++)
        return;
    assert_int_equal(intake_undo(m->c->site, &actor_system, m->c->peach, m->job->batch, &m->done, &kept, &e), 0);
    assert_int_equal(kept, 0);
}

/* Undone between two of its transactions, or between the last row and the end: what was in is out, what was not
 * stays out, and the run says so. */
static void undone_on_the_way(void **state)
{
    static const struct {
        long rows, at, back;
    } cases[] = {{MANY, 1, CHUNK_ROWS}, {MANY, MANY, MANY}, {3, 3, 3}};
    struct site_case *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct meanwhile m = {.c = c, .at = cases[i].at};
        struct import_result *r;
        struct batch b;
        struct buf text;
        long kept;

        buf_init(&text, 1 << 20);
        buf_str(&text, WALK);
        for (long k = 0; k < cases[i].rows; k++)
            buf_printf(&text, "张三|2026-01-%02ld|第%zu回第%ld户|好|\n", k % 28 + 1, i, k);
        struct book *book = book_of(c, "走动", arena_str(c->a, buf_cstr(&text)), NULL);
        buf_done(&text);
        struct import_job j = {.site = c->site,
                               .view = &c->v,
                               .actor = &actor_system,
                               .a = c->a,
                               .book = book,
                               .map = plan_of(c, book, NULL),
                               .unit = tree_find(c->v.units, c->peach),
                               .progress = undo_it,
                               .progress_arg = &m};
        m.job = &j;
        BAD(intake_run(&r, &j, &c->e), ERR_CONFLICT);
        assert_non_null(strstr(c->e.msg, "被撤销"));
        assert_int_equal(m.done, cases[i].back);
        assert_int_equal(how_many(c, "walk"), 0);
        assert_int_equal(batch_find(&b, c->a, store_reader(c->site->store, &c->e), c->peach, j.batch, &c->e), 1);
        assert_true(b.undone > 0);
        assert_int_equal(b.inserted, cases[i].back);
        BAD(intake_undo(c->site, &actor_system, c->peach, j.batch, &m.done, &kept, &c->e), ERR_CONFLICT);
    }
    case_clean(c);
}

/* Who may not see personal columns is not told them by the names of what could not be undone. */
static void undone_without_names(void **state)
{
    struct site_case *c = *state;
    struct import_result *r =
        import(c, book_of(c, "值班", "值班支部|值班日期|值班人\n第一党支部|2026-02-02|张三丰\n", NULL));
    struct record *k = one_of(c, "duty", "who", "张三丰");
    struct grant g = {"clerk", c->street}; /* imports, does not see personal columns */
    struct actor clerk = {.user = 7, .name = "甲", .grants = &g, .ngrants = 1};
    long done, kept;

    record_set(k, "who", value_text("李四光"));
    case_put(c, k);
    GOOD(intake_undo(c->site, &clerk, c->peach, r->batch, &done, &kept, &c->e));
    assert_int_equal(kept, 1);
    assert_non_null(strstr(c->e.msg, "李"));
    assert_null(strstr(c->e.msg, "李四光"));
}

/* A dry run names the new rows that are probably there already, and those that are like another of the file; they
 * are imported all the same. */
static void probable_twins(void **state)
{
    struct site_case *c = *state;
    struct import_result *r;
    struct book *b = book_of(c, "走动",
                             WALK "张三|2026-01-02|院里|好|\n李四|2026.1.2|院里|又去|\n王五|2026-01-03|院里||\n"
                                  "赵六|2026-01-03|院里||\n赵六|2026-01-04|||\n",
                             NULL);

    import(c, book_of(c, "走动", WALK "张三|2026-01-02|院里|好|\n", NULL));
    r = import_map(c, b, plan_of(c, b, NULL), true);
    counts(r, 5, 3, 0, 1, 1);
    assert_int_equal(r->nalike_all, 2);
    assert_int_equal(r->alikes[0].row, 3);
    assert_int_equal(r->alikes[0].id, one_of(c, "walk", "visitor", "张三")->id);
    assert_string_equal(r->alikes[0].title, "院里");
    assert_int_equal(r->alikes[1].row, 5);
    assert_int_equal(r->alikes[1].id, 0);
    assert_int_equal(r->alikes[1].like_row, 4);
    r = import_map(c, b, plan_of(c, b, NULL), false);
    counts(r, 5, 3, 0, 1, 1);
    assert_int_equal(r->nalike_all, 0);
}

static const struct CMUnitTest tests[] = {
    TEST_INTAKE(who_may),
    TEST_INTAKE(undone),
    TEST_INTAKE(undone_without_a_key),
    TEST_INTAKE(undone_too_late),
    TEST_INTAKE(batches_are_listed),
    TEST_INTAKE(many_rows),
    TEST_INTAKE(counted_on_the_way),
    TEST_INTAKE(stopped_on_the_way),
    TEST_INTAKE(undone_on_the_way),
    TEST_INTAKE(undone_without_names),
    TEST_INTAKE(probable_twins),
    TEST_INTAKE(notes_for_the_workbook),
};

BOTH_MAIN(tests)
