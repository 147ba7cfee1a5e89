/* SPDX-License-Identifier: Apache-2.0 */
/* trail.c: the chain grows, is listed, and shows every kind of tampering. */
#include "both.h"

#include "base/sec.h"
#include "store/sys_trail.h"

static void append(struct place *p, int64_t home, const char *act, int64_t record, struct trail_entry *out)
{
    struct trail_entry t = {.home = home,
                            .at = 1700000000000 + record,
                            .who = 42,
                            .act = act,
                            .table = "visit",
                            .record = record,
                            .detail = "{\"result\":\"已走访\"}"};

    OK(db_begin(p->d, &p->e));
    OK(trail_append(p->d, &t, &p->e));
    OK(db_commit(p->d, &p->e));
    if (out)
        *out = t;
}

static void fill(struct place *p)
{
    for (int i = 1; i <= 5; i++) {
        append(p, 10, "insert", i, NULL);
        append(p, 20, "insert", 100 + i, NULL);
    }
    append(p, 10, "update", 2, NULL);
}

/* Within one transaction: what is undone leaves no gap in any chain, however deep it was undone. */
static void one_more(struct place *p, int64_t home, int64_t seq)
{
    struct trail_entry t = {.home = home, .act = "update", .table = "visit", .record = 7};

    OK(trail_append(p->d, &t, &p->e));
    assert_int_equal(t.seq, seq);
}

static void verified(struct place *p, int64_t homes, int64_t entries)
{
    struct trail_check c;

    OK(trail_verify(&c, p->d, 0, NULL, NULL, &p->e));
    assert_int_equal(c.breaks, 0);
    assert_int_equal(c.homes, homes);
    assert_int_equal(c.entries, entries);
}

static void what_is_undone_leaves_no_gap(void **state)
{
    struct place *p = *state;

    OK(db_begin(p->d, &p->e));
    one_more(p, 10, 1);
    OK(db_save(p->d, &p->e));
    one_more(p, 10, 2);
    one_more(p, 20, 1);
    OK(db_save(p->d, &p->e));
    one_more(p, 10, 3);
    OK(db_release(p->d, &p->e));
    one_more(p, 10, 4);
    verified(p, 2, 5);
    db_undo(p->d);
    one_more(p, 10, 2);
    one_more(p, 20, 1);
    OK(db_save(p->d, &p->e));
    one_more(p, 20, 2);
    db_undo(p->d);
    OK(db_commit(p->d, &p->e));
    verified(p, 2, 3);
    OK(db_begin(p->d, &p->e));
    one_more(p, 10, 3);
    db_rollback(p->d);
    OK(db_begin(p->d, &p->e));
    one_more(p, 10, 3);
    for (int home = 100; home < 250; home++) /* more chains than are kept in memory */
        one_more(p, home, 1);
    for (int home = 100; home < 250; home++)
        one_more(p, home, 2);
    OK(db_commit(p->d, &p->e));
    verified(p, 152, 304);
}

struct seen {
    int n;
    int64_t seq[32];
    char act[32][32];
    int stop_after;
};

static int note(void *arg, const struct trail_entry *t, struct err *e)
{
    struct seen *s = arg;

    (void)e;
    s->seq[s->n] = t->seq;
    snprintf(s->act[s->n], sizeof s->act[0], "%s", t->act);
    s->n++;
    return s->stop_after > 0 && s->n >= s->stop_after;
}

static void hashes_chain(void **state)
{
    struct place *p = *state;
    struct trail_entry one, two;
    char line[512], hex[65];
    unsigned char raw[SEC_HASH];

    append(p, 10, "insert", 1, &one);
    append(p, 10, "update", 1, &two);
    assert_int_equal(one.seq, 1);
    assert_int_equal(two.seq, 2);
    assert_string_equal(two.prev, one.hash);
    /* As the header gives it, so that others can verify. */
    snprintf(line, sizeof line, "10 2 1700000000001 42 1 6:update 5:visit %zu:%s %s", strlen(two.detail),
             two.detail, one.hash);
    sec_sha256(raw, line, strlen(line));
    sec_hex(hex, raw, sizeof raw);
    assert_string_equal(two.hash, hex);
}

static void lists_and_pages(void **state)
{
    struct place *p = *state;
    struct seen s = {0}, all = {0}, page = {0};

    fill(p);
    OK(trail_list(p->d, 10, "visit", 2, 0, 100, note, &s, &p->e));
    assert_int_equal(s.n, 2);
    assert_string_equal(s.act[0], "insert");
    assert_string_equal(s.act[1], "update");
    OK(trail_list(p->d, 10, NULL, 0, 0, 4, note, &all, &p->e));
    assert_int_equal(all.n, 4);
    assert_int_equal(all.seq[0], 6);
    assert_int_equal(all.seq[3], 3);
    page.stop_after = 1;
    OK(trail_list(p->d, 10, NULL, 0, 3, 4, note, &page, &p->e));
    assert_int_equal(page.n, 1);
    assert_int_equal(page.seq[0], 2);
}

static void a_whole_chain_verifies(void **state)
{
    struct place *p = *state;
    struct trail_check c;

    fill(p);
    OK(trail_verify(&c, p->d, 0, NULL, NULL, &p->e));
    assert_int_equal(c.homes, 2);
    assert_int_equal(c.entries, 11);
    assert_int_equal(c.breaks, 0);
    OK(trail_verify(&c, p->d, 20, NULL, NULL, &p->e));
    assert_int_equal(c.entries, 5);
    OK(trail_verify(&c, p->d, 30, NULL, NULL, &p->e));
    assert_int_equal(c.entries + c.breaks, 0);
}

static void tampered(struct place *p, const char *sql, int64_t seq, enum trail_fault fault)
{
    struct trail_check c;

    OK(db_exec(p->d, sql, &p->e));
    OK(trail_verify(&c, p->d, 0, NULL, NULL, &p->e));
    assert_true(c.breaks > 0);
    assert_int_equal(c.first.home, 10);
    assert_int_equal(c.first.seq, seq);
    assert_int_equal(c.first.fault, fault);
    assert_non_null(trail_fault_text(c.first.fault));
}

static void changed_content_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "UPDATE s_trail SET detail = '{}' WHERE home = 10 AND seq = 3", 3, TRAIL_CONTENT);
}

static void moved_text_between_fields_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "UPDATE s_trail SET act = 'insertvisit', register = '' WHERE home = 10 AND seq = 4", 4,
             TRAIL_CONTENT);
}

static void a_deleted_entry_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "DELETE FROM s_trail WHERE home = 10 AND seq = 2", 2, TRAIL_GAP);
}

static void a_cut_end_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "DELETE FROM s_trail WHERE home = 10 AND seq = 6", 6, TRAIL_TIP);
}

static void a_deleted_home_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "DELETE FROM s_trail WHERE home = 10", 6, TRAIL_TIP);
}

static void a_rewritten_link_is_found(void **state)
{
    struct place *p = *state;

    fill(p);
    tampered(p, "UPDATE s_trail SET prev = hash WHERE home = 10 AND seq = 5", 5, TRAIL_PREV);
}

static void an_undone_entry_leaves_no_gap(void **state)
{
    struct place *p = *state;
    struct trail_entry t = {.home = 10, .act = "insert", .table = "visit", .record = 9};
    struct trail_check c;

    fill(p);
    OK(db_begin(p->d, &p->e));
    OK(db_save(p->d, &p->e));
    OK(trail_append(p->d, &t, &p->e));
    db_undo(p->d);
    OK(trail_append(p->d, &t, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_int_equal(t.seq, 7);
    OK(trail_verify(&c, p->d, 10, NULL, NULL, &p->e));
    assert_int_equal(c.entries, 7);
    assert_int_equal(c.breaks, 0);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(hashes_chain),
    TEST_DB(what_is_undone_leaves_no_gap),
    TEST_DB(lists_and_pages),
    TEST_DB(a_whole_chain_verifies),
    TEST_DB(changed_content_is_found),
    TEST_DB(moved_text_between_fields_is_found),
    TEST_DB(a_deleted_entry_is_found),
    TEST_DB(a_cut_end_is_found),
    TEST_DB(a_deleted_home_is_found),
    TEST_DB(a_rewritten_link_is_found),
    TEST_DB(an_undone_entry_leaves_no_gap),
};
BOTH_MAIN(tests)
