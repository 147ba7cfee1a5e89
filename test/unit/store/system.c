/* SPDX-License-Identifier: Apache-2.0 */
/* system.c: retries, running numbers, import batches, messages, clocks, attachments, migration. */
#include "both.h"

#include "base/date.h"

#include "store/sys_batch.h"
#include "store/sys_clock.h"
#include "store/sys_file.h"
#include "store/sys_idem.h"
#include "store/sys_intake.h"
#include "store/sys_outbox.h"
#include "store/sys_series.h"

#define NOW ((int64_t)1700000000000)
#define MINUTE ((int64_t)60000)

static void a_retry_finds_its_answer(void **state)
{
    struct place *p = *state;
    struct idem first = {303, "/dispute/12", NOW}, found;

    assert_int_equal(idem_find(&found, p->a, p->d, 1, "k1", &p->e), 0);
    OK(idem_keep(p->d, 1, "k1", &first, &p->e));
    assert_int_equal(idem_find(&found, p->a, p->d, 1, "k1", &p->e), 1);
    assert_int_equal(found.status, 303);
    assert_string_equal(found.answer, "/dispute/12");
    assert_int_equal(idem_find(&found, p->a, p->d, 2, "k1", &p->e), 0); /* somebody else's key */
    FAILS(idem_keep(p->d, 1, "k1", &first, &p->e), ERR_CONFLICT);
    OK(idem_prune(p->d, NOW + IDEM_KEEP_MS, &p->e));
    assert_int_equal(idem_find(&found, p->a, p->d, 1, "k1", &p->e), 1);
    OK(idem_prune(p->d, NOW + IDEM_KEEP_MS + 1, &p->e));
    assert_int_equal(idem_find(&found, p->a, p->d, 1, "k1", &p->e), 0);
}

static int64_t next(struct place *p, int64_t home, const char *period)
{
    int64_t n;

    OK(series_next(&n, p->d, home, "dispute", period, &p->e));
    return n;
}

static void numbers_run_without_gaps(void **state)
{
    struct place *p = *state;
    int64_t n;

    assert_int_equal(next(p, 1, "2026"), 1);
    assert_int_equal(next(p, 1, "2026"), 2);
    assert_int_equal(next(p, 1, "2027"), 1);
    assert_int_equal(next(p, 2, "2026"), 1);
    assert_int_equal(next(p, 1, NULL), 1);
    OK(db_begin(p->d, &p->e));
    OK(db_save(p->d, &p->e));
    assert_int_equal(next(p, 1, "2026"), 3);
    db_undo(p->d); /* the record was not saved: nor is its number used */
    assert_int_equal(next(p, 1, "2026"), 3);
    OK(db_commit(p->d, &p->e));
    OK(series_set(p->d, 1, "dispute", "2026", 80, &p->e));
    assert_int_equal(next(p, 1, "2026"), 81);
    FAILS(series_set(p->d, 1, "dispute", "2026", 80, &p->e), ERR_CONFLICT);
    OK(series_last(&n, p->d, 1, "dispute", "2026", &p->e));
    assert_int_equal(n, 81);
    OK(series_last(&n, p->d, 1, "visit", "2026", &p->e));
    assert_int_equal(n, 0);
}

static void batches_are_kept_and_undone_once(void **state)
{
    struct place *p = *state;
    struct batch
        b = {.home = 1, .table = "visit", .file = "走访记录.xlsx", .sha = "ab", .who = 5, .at = NOW, .unit = 3},
        found, *list;
    size_t n;

    OK(batch_insert(p->d, &b, &p->e));
    b.read = 10;
    b.inserted = 7;
    b.rejected = 3;
    OK(batch_count(p->d, &b, &p->e));
    assert_int_equal(batch_find(&found, p->a, p->d, 1, b.id, &p->e), 1);
    assert_int_equal(found.inserted, 7);
    assert_string_equal(found.file, "走访记录.xlsx");
    assert_string_equal(found.map, "");
    assert_int_equal(batch_find(&found, p->a, p->d, 2, b.id, &p->e), 0);
    OK(batch_list(&list, &n, p->a, p->d, 1, (int64_t[]){2, 3}, 2, 10, &p->e));
    assert_int_equal(n, 1);
    OK(batch_list(&list, &n, p->a, p->d, 1, (int64_t[]){2, 4}, 2, 10, &p->e)); /* nothing of other units */
    assert_int_equal(n, 0);
    OK(batch_list(&list, &n, p->a, p->d, 1, NULL, 0, 10, &p->e));
    assert_int_equal(n, 0);
    OK(batch_undo_begin(p->d, 1, b.id, NOW, &p->e));
    FAILS(batch_count(p->d, &b, &p->e), ERR_CONFLICT); /* it takes nothing in any more */
    OK(batch_undo_begin(p->d, 1, b.id, NOW, &p->e));
    OK(batch_undo(p->d, 1, b.id, NOW, &p->e));
    FAILS(batch_undo(p->d, 1, b.id, NOW, &p->e), ERR_CONFLICT);
}

static void mappings_are_remembered(void **state)
{
    struct place *p = *state;
    char *map;

    assert_int_equal(map_find(&map, p->a, p->d, 1, "f", &p->e), 0);
    OK(map_keep(p->d, 1, "f", "{\"1\":\"name\"}", &p->e));
    OK(map_keep(p->d, 1, "f", "{\"2\":\"name\"}", &p->e));
    assert_int_equal(map_find(&map, p->a, p->d, 1, "f", &p->e), 1);
    assert_string_equal(map, "{\"2\":\"name\"}");
    assert_int_equal(map_find(&map, p->a, p->d, 2, "f", &p->e), 0);
}

static void messages_wait_until_they_are_dropped(void **state)
{
    struct place *p = *state;
    const int64_t begin = now_ms();
    struct message *m;
    size_t n;

    OK(outbox_put(p->d, 1, "clock", "{\"n\":1}", NOW, &p->e));
    OK(outbox_put(p->d, 2, "clock", "{\"n\":2}", NOW + 1, &p->e));
    OK(outbox_list(&m, &n, p->a, p->d, 0, 10, &p->e));
    assert_int_equal(n, 2);
    assert_string_equal(m[0].payload, "{\"n\":1}");
    assert_int_equal(m[1].home, 2);
    OK(outbox_list(&m, &n, p->a, p->d, m[0].id, 10, &p->e));
    assert_int_equal(n, 1);
    OK(outbox_drop(p->d, m[0].id, &p->e));
    OK(outbox_drop(p->d, m[0].id, &p->e)); /* the answer to the first was lost */
    OK(outbox_list(&m, &n, p->a, p->d, 0, 10, &p->e));
    assert_int_equal(n, 1);
    assert_string_equal(m[0].payload, "{\"n\":1}");
    OK(outbox_prune(p->d, begin - 1, &p->e));
    OK(outbox_list(&m, &n, p->a, p->d, 0, 10, &p->e));
    assert_int_equal(n, 1);
    OK(outbox_prune(p->d, now_ms() + 1000, &p->e));
    OK(outbox_list(&m, &n, p->a, p->d, 0, 10, &p->e));
    assert_int_equal(n, 0);
}

static size_t undo_count(struct place *p, int64_t batch)
{
    struct undo *u;
    size_t n;

    OK(undo_list(&u, &n, p->a, p->d, 1, batch, INT64_MAX, 100, &p->e));
    return n;
}

static void old_batches_cannot_be_undone(void **state)
{
    struct place *p = *state;
    struct batch old = {.home = 1, .table = "visit", .file = "a", .sha = "a", .at = NOW, .map = ""}, young = old;

    young.at = NOW + 1000;
    OK(batch_insert(p->d, &old, &p->e));
    OK(batch_insert(p->d, &young, &p->e));
    for (int i = 1; i <= 3; i++) {
        OK(undo_put(p->d, &(struct undo){.home = 1, .batch = old.id, .seq = i, .table = "visit", .made = true},
                    &p->e));
        OK(undo_put(p->d, &(struct undo){.home = 1, .batch = young.id, .seq = i, .table = "visit", .made = true},
                    &p->e));
    }
    OK(undo_prune(p->d, NOW, &p->e));
    assert_int_equal(undo_count(p, old.id), 3);
    OK(undo_prune(p->d, NOW + 1, &p->e));
    assert_int_equal(undo_count(p, old.id), 0);
    assert_int_equal(undo_count(p, young.id), 3);
}

static void clock(struct place *p, int64_t home, int64_t record, int64_t due, int64_t unit, int64_t grid)
{
    struct clock c = {home, "request", record, "reply", due, NOW, 0, 0, "clerk", unit, grid, ""};

    OK(clock_put(p->d, &c, &p->e));
}

static void clocks_know_whom_they_are_with(void **state)
{
    struct place *p = *state;
    int64_t homes[] = {1, 2};
    const char *names[] = {"书记", "何田"};
    struct clock_scope s = {.homes = homes, .nhomes = 2, .due_to = 200, .limit = 10};
    struct clock *c, one;
    size_t n;

    clock(p, 1, 2, 101, 11, 5);
    clock(p, 2, 3, 100, 12, 6);
    assert_int_equal(clock_find(&one, p->a, p->d, 1, "request", 2, "reply", &p->e), 1);
    one.who = "何田";
    OK(clock_put(p->d, &one, &p->e));
    s.with = CLOCK_NOBODY;
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].record, 3);
    s.with = CLOCK_SOMEBODY;
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    assert_string_equal(c[0].who, "何田");
    OK(clock_mine(&c, &n, p->a, p->d, names, 2, homes, 2, 10, &p->e));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].record, 2);
    OK(clock_mine(&c, &n, p->a, p->d, names, 1, homes, 2, 10, &p->e)); /* another's */
    assert_int_equal(n, 0);
    OK(clock_mine(&c, &n, p->a, p->d, names, 2, homes + 1, 1, 10, &p->e)); /* elsewhere */
    assert_int_equal(n, 0);
    one.paused = NOW;
    OK(clock_put(p->d, &one, &p->e));
    OK(clock_mine(&c, &n, p->a, p->d, names, 2, homes, 2, 10, &p->e));
    assert_int_equal(n, 0);
    OK(db_exec(p->d, "DELETE FROM s_clock", &p->e));
}

static void clocks_are_listed_by_due_day(void **state)
{
    struct place *p = *state;
    int64_t homes[] = {1, 2}, units[] = {12}, grids[] = {5};
    struct clock_scope s = {.homes = homes, .nhomes = 2, .due_to = 102, .limit = 10};
    struct clock *c, one;
    size_t n;

    clock(p, 1, 1, 103, 11, 0);
    clock(p, 1, 2, 101, 11, 5);
    clock(p, 2, 3, 100, 12, 6);
    clock(p, 3, 4, 90, 13, 0);
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 2);
    assert_int_equal(c[0].record, 3);
    s.units = units;
    s.nunits = 1;
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    s.units = NULL;
    s.grids = grids;
    s.ngrids = 1;
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    assert_int_equal(c[0].record, 2);
    s.grids = NULL;
    s.owner_role = "chief";
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 0);
    s.owner_role = NULL;
    assert_int_equal(clock_find(&one, p->a, p->d, 1, "request", 2, "reply", &p->e), 1);
    one.paused = NOW;
    OK(clock_put(p->d, &one, &p->e));
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    s.paused_too = true;
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 2);
    OK(clock_close(p->d, 2, "request", 3, "other", NOW, &p->e));
    OK(clock_close(p->d, 2, "request", 3, NULL, NOW + 1, &p->e));
    OK(clock_close(p->d, 2, "request", 3, NULL, NOW + 9, &p->e)); /* the first end stays */
    OK(clock_of_record(&c, &n, p->a, p->d, 2, "request", 3, &p->e));
    assert_int_equal(n, 1);
    assert_true(c[0].done == NOW + 1);
    OK(clock_aside(p->d, 2, "request", 3, true, &p->e)); /* what was over stays so */
    OK(clock_aside(p->d, 2, "request", 3, false, &p->e));
    assert_int_equal(clock_find(&one, p->a, p->d, 2, "request", 3, "reply", &p->e), 1);
    assert_true(one.done == NOW + 1);
    OK(clock_aside(p->d, 1, "request", 2, true, &p->e));
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 0);
    OK(clock_aside(p->d, 1, "request", 2, false, &p->e));
    OK(clock_open(&c, &n, p->a, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    assert_true(c[0].paused == NOW); /* as it was */
}

static int count_one(void *arg, const struct attachment *f, struct err *e)
{
    (void)f;
    (void)e;
    ++*(int *)arg;
    return 0;
}

static void attachments_belong_to_one_record(void **state)
{
    struct place *p = *state;
    struct attachment
        f = {.home = 1, .sha = "aa", .name = "现场.jpg", .mime = "image/jpeg", .size = 3, .at = NOW, .who = 5},
        g = f, found, *list;
    int64_t uses;
    size_t n;
    int all = 0;

    OK(attachment_insert(p->d, &f, &p->e));
    OK(attachment_insert(p->d, &g, &p->e));
    assert_true(f.id != g.id);
    FAILS(attachment_claim(p->d, 1, f.id, 6, "visit", 77, "photo", &p->e), ERR_MISSING); /* not his */
    FAILS(attachment_claim(p->d, 2, f.id, 5, "visit", 77, "photo", &p->e), ERR_MISSING);
    OK(attachment_claim(p->d, 1, f.id, 5, "visit", 77, "photo", &p->e));
    FAILS(attachment_claim(p->d, 1, f.id, 5, "visit", 78, "photo", &p->e), ERR_MISSING); /* taken */
    OK(attachment_list(&list, &n, p->a, p->d, 1, "visit", 77, NULL, &p->e));
    assert_int_equal(n, 1);
    OK(attachment_list(&list, &n, p->a, p->d, 1, "visit", 77, "scan", &p->e));
    assert_int_equal(n, 0);
    assert_int_equal(attachment_find(&found, p->a, p->d, 1, f.id, &p->e), 1);
    assert_string_equal(found.name, "现场.jpg");
    assert_string_equal(found.field, "photo");
    OK(attachment_claim(p->d, 1, g.id, 5, "dispute", 90, "", &p->e));
    OK(attachment_list(&list, &n, p->a, p->d, 1, "visit", 77, NULL, &p->e));
    assert_int_equal(list[0].reused, 1); /* the same photo in another record */
    OK(attachment_each(p->d, count_one, &all, &p->e));
    assert_int_equal(all, 2);
    OK(attachment_drop(p->d, 1, g.id, &p->e));
    OK(attachment_uses(&uses, p->d, "aa", &p->e));
    assert_int_equal(uses, 1);
}

static void migrating_again_changes_nothing(void **state)
{
    struct place *p = *state;
    char *v;

    OK(meta_set(p->d, "name", "甲", &p->e));
    OK(meta_set(p->d, "name", "乙", &p->e));
    OK(migrate_system(p->d, &p->e));
    assert_int_equal(meta_get(&v, p->a, p->d, "name", &p->e), 1);
    assert_string_equal(v, "乙");
    assert_int_equal(meta_get(&v, p->a, p->d, "other", &p->e), 0);
}

static void a_newer_database_is_refused(void **state)
{
    struct place *p = *state;

    OK(meta_set(p->d, "schema", "900", &p->e));
    FAILS(migrate_system(p->d, &p->e), ERR_REFUSED);
}

static void a_failed_migration_leaves_nothing(void **state)
{
    struct place *p = *state;

    OK(db_open(&p->d, p->where, DB_WRITE, &p->e));
    OK(db_exec(p->d, "CREATE TABLE s_user (id BIGINT)", &p->e)); /* in the way */
    FAILS(migrate_system(p->d, &p->e), ERR_IO);
    assert_false(db_has_table(p->d, "s_trail"));
    OK(db_exec(p->d, "DROP TABLE s_user", &p->e));
    OK(migrate_system(p->d, &p->e));
    assert_true(db_has_table(p->d, "s_trail"));
}

static const struct CMUnitTest tests[] = {
    TEST_DB(a_retry_finds_its_answer),
    TEST_DB(numbers_run_without_gaps),
    TEST_DB(batches_are_kept_and_undone_once),
    TEST_DB(mappings_are_remembered),
    TEST_DB(messages_wait_until_they_are_dropped),
    TEST_DB(clocks_know_whom_they_are_with),
    TEST_DB(old_batches_cannot_be_undone),
    TEST_DB(clocks_are_listed_by_due_day),
    TEST_DB(attachments_belong_to_one_record),
    TEST_DB(migrating_again_changes_nothing),
    TEST_DB(a_newer_database_is_refused),
    TEST_DIR(a_failed_migration_leaves_nothing),
};
BOTH_MAIN(tests)
