/* SPDX-License-Identifier: Apache-2.0 */
/* record_parts.c: what a save leaves besides the row: trail, searched text, clocks, records made elsewhere; on both
 * back ends (LINLI_TEST_PG). */
#include "record_case.h"

#include "store/search.h"
#include "store/sys_clock.h"

static int no_secrets(void *arg, const struct trail_entry *t, struct err *e)
{
    int *n = arg;

    (void)e;
    ++*n;
    assert_null(strstr(t->detail, "周明远"));
    assert_null(strstr(t->detail, "19900001234"));
    assert_null(strstr(t->detail, "褚新"));
    return 0;
}

static int last_detail(void *arg, const struct trail_entry *t, struct err *e)
{
    (void)e;
    snprintf(arg, 2000, "%s %s", t->act, t->detail);
    return 0;
}

static void trail_masks(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    char last[2000];
    int n = 0;

    record_set(r, "phone", value_text("19900001234"));
    record_set(r, "note", value_text("带“引号”和\\反斜线\"\n换行"));
    helper(c, r, "褚新", "lead", 3);
    case_put(c, r);
    record_set(r, "phone", value_text("19900001235"));
    record_set(r, "note", value_null());
    case_put(c, r);
    GOOD(trail_list(reader(c), r->home, "loan", r->id, 0, 10, no_secrets, &n, &c->e));
    assert_int_equal(n, 2);
    GOOD(trail_list(reader(c), r->home, "loan", r->id, 0, 10, last_detail, last, &c->e));
    assert_non_null(strstr(last, "edit {"));
    assert_non_null(strstr(last, "\"note\":[\"带“引号”和\\\\反斜线\\\"\\u000a换行\",null]"));
    assert_non_null(strstr(last, "\"phone\":[\""));
    assert_null(strstr(last, "borrower")); /* unchanged */
}

static int one_hit(void *arg, const struct search_hit *h, struct err *e)
{
    (void)h;
    (void)e;
    ++*(int *)arg;
    return 0;
}

static int found_in(struct site_case *c, const char *word, bool closed)
{
    struct search_scope s = {.homes = &c->peach, .nhomes = 1, .limit = 10, .closed = closed};
    int n = 0;

    GOOD(search_find(reader(c), &s, word, one_hit, &n, &c->e));
    return n;
}

static int found(struct site_case *c, const char *word)
{
    return found_in(c, word, false);
}

static void searched(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct save s = case_save(c);

    record_set(r, "note", value_text("修理晾衣架"));
    helper(c, r, "褚新", "lead", 3);
    case_put(c, r);
    assert_int_equal(found(c, "晾衣"), 1);
    assert_int_equal(found_in(c, "晾衣", true), 1);
    assert_int_equal(found_in(c, "褚新", true), 1); /* helpers.name */
    assert_int_equal(found(c, "褚新"), 0);          /* which is personal */
    record_set(r, "note", value_text("还有梯子"));
    case_put(c, r);
    assert_int_equal(found(c, "晾衣"), 0);
    assert_int_equal(found(c, "梯子"), 1);
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    assert_int_equal(found(c, "梯子"), 0);
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    assert_int_equal(found(c, "梯子"), 1);
}

struct old_text {
    int64_t home, id;
    const char *body;
};

/* As programs put texts in before personal columns stood apart, and never noted how. */
static int put_old(struct db *d, void *arg, struct err *e)
{
    const struct old_text *o = arg;

    if (search_put(d, o->home, "loan", o->id, 20000, o->body, e) < 0)
        return -1;
    return db_exec(d, "DELETE FROM s_meta WHERE name = 'search.loan'", e);
}

static int put_plain(struct db *d, void *arg, struct err *e)
{
    const struct old_text *o = arg;

    return search_put(d, o->home, "loan", o->id, 20000, o->body, e);
}

/* The declaration makes what was open personal. */
static void searched_as_declared(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    char *text = arena_str(c->a, case_loan),
         *at = strstr(text, "note: {type: longtext, label: 说明, class: internal");

    record_set(r, "note", value_text("修理晾衣架"));
    case_put(c, r);
    assert_int_equal(found(c, "晾衣"), 1);
    case_close(c);
    memcpy(strstr(at, "internal"), "personal", strlen("personal"));
    case_file(c->p, "modules/t/loan.yaml", text);
    case_open(c, STORE_WRITE);
    assert_int_equal(found(c, "晾衣"), 0);
    assert_int_equal(found_in(c, "晾衣", true), 1);
}

static void searched_anew(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct old_text old = {.home = r->home, .body = "修理晾衣架 周明远"};

    record_set(r, "note", value_text("修理晾衣架"));
    case_put(c, r);
    old.id = r->id;
    old.home = r->home;
    GOOD(store_write(c->site->store, put_old, &old, &c->e));
    assert_int_equal(found(c, "周明远"), 1); /* what is to be mended */
    case_close(c);
    case_open(c, STORE_WRITE);
    assert_int_equal(found(c, "周明远"), 0);
    assert_int_equal(found_in(c, "周明远", true), 1);
    assert_int_equal(found(c, "晾衣"), 1);
    /* Noted: texts stay as they are when nothing has changed. */
    GOOD(store_write(c->site->store, put_plain, &old, &c->e));
    case_close(c);
    case_open(c, STORE_WRITE);
    assert_int_equal(found(c, "周明远"), 1);
}

static void clocks_begin(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"); /* a Tuesday */
    struct save s = case_save(c);
    struct clock *cl;
    size_t n;

    case_put(c, r);
    assert_int_equal(record_get(r, "due_on").i, DAY(2026, 7, 28)); /* ten working days */
    GOOD(clock_of_record(&cl, &n, c->a, reader(c), r->home, "loan", r->id, &c->e));
    assert_int_equal(n, 1);
    assert_string_equal(cl[0].name, "due");
    assert_int_equal(cl[0].due, DAY(2026, 7, 28));
    assert_int_equal(cl[0].unit, c->peach1);
    assert_string_equal(cl[0].owner_role, "worker");
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_outbox WHERE topic = 'clock'"), 1);
    record_set(r, "due_on", value_int(DAY(2026, 8, 3))); /* put off */
    case_put(c, r);
    GOOD(clock_of_record(&cl, &n, c->a, reader(c), r->home, "loan", r->id, &c->e));
    assert_int_equal(cl[0].due, DAY(2026, 8, 3));
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    GOOD(clock_of_record(&cl, &n, c->a, reader(c), r->home, "loan", r->id, &c->e));
    assert_int_equal(n, 1);
    assert_true(cl[0].done == CLOCK_ASIDE);
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    GOOD(clock_of_record(&cl, &n, c->a, reader(c), r->home, "loan", r->id, &c->e));
    assert_int_equal(n, 1);
    assert_true(cl[0].done == 0 && cl[0].due == DAY(2026, 8, 3));
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_outbox WHERE topic = 'clock'"), 1); /* told once */
}

/* The kind was corrected: another clock, another day, but a day that was typed stays. */
static void clocks_switch(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct clock *cl;
    size_t n, open = 0;

    case_put(c, r);
    record_set(r, "kind", value_text("book"));
    case_put(c, r);
    assert_int_equal(record_get(r, "due_on").i, DAY(2026, 8, 13));
    GOOD(clock_of_record(&cl, &n, c->a, reader(c), r->home, "loan", r->id, &c->e));
    for (size_t i = 0; i < n; i++)
        if (!cl[i].done) {
            assert_string_equal(cl[i].name, "long");
            assert_int_equal(cl[i].due, DAY(2026, 8, 13));
            open++;
        }
    assert_int_equal(open, 1);
    record_set(r, "due_on", value_int(DAY(2026, 9, 1)));
    case_put(c, r);
    record_set(r, "kind", value_text("tool"));
    case_put(c, r);
    assert_int_equal(record_get(r, "due_on").i, DAY(2026, 9, 1));
}

static void makes_another(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *other;
    int64_t made;
    char name[600]; /* 199 characters and 修理 are more than 200 */

    record_set(r, "broken", value_int(1));
    case_put(c, r);
    made = record_get(again(c, r), "order").i;
    assert_true(made > 0);
    GOOD(record_load(&other, c->a, reader(c), schema_reg(c->v.schema, "repair"), r->home, made, &c->e));
    assert_string_equal(record_get(other, "what").s, "修理 周明远");
    assert_int_equal(other->happened, DAY(2026, 7, 14));
    assert_int_equal(other->unit, c->peach);
    record_set(r, "heads", value_int(1)); /* once is enough */
    case_put(c, r);
    assert_int_equal(record_get(again(c, r), "order").i, made);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM r_repair"), 1);
    /* what cannot be made stops the whole */
    for (int i = 0; i < 199; i++)
        memcpy(name + 3 * i, "长", 4);
    r = case_loan_new(c, c->peach1, 2026, 7, 13, "tool", name);
    record_set(r, "broken", value_int(1));
    BAD(save(c, r, NULL), ERR_INPUT);
    assert_non_null(strstr(c->e.msg, "维修"));
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM r_loan"), 1);
    case_clean(c);
}

static void shows(struct site_case *c, const struct record *r, int64_t hands)
{
    const struct record *x = again(c, r);

    assert_int_equal(record_get(x, "hands").kind, VALUE_INT);
    assert_true(record_get(x, "hands").i == hands);
    assert_true(record_get(x, "fed").i == 2 * hands);
}

/* A typed number stands until there are rows; then they say it, as often as they change; what is computed follows.
 */
static void counted_from_rows(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");

    case_put(c, r);
    assert_int_equal(record_get(again(c, r), "hands").kind, VALUE_NULL); /* nobody has said it */
    record_set(r, "hands", value_int(7));
    case_put(c, r);
    shows(c, r, 7);
    helper(c, r, "褚新", "lead", 3);
    helper(c, r, "卫林", "help", 0); /* not one of those that count */
    record_set(r, "hands", value_int(9));
    case_put(c, r);
    shows(c, r, 1);
    r->children[0].rows[1].values[2] = value_int(5);
    case_put(c, r);
    shows(c, r, 2);
    r->children[0].rows[0].values[2] = r->children[0].rows[1].values[2] = value_int(0);
    case_put(c, r);
    shows(c, r, 0); /* rows of which none counts are no typed number either */
    r->children[0].n = 0;
    case_put(c, r);
    shows(c, r, 0); /* without rows the last number stands, until another is typed */
    record_set(r, "hands", value_int(4));
    case_put(c, r);
    shows(c, r, 4);
}

/* --- putting all texts in anew, broken off */

struct broken {
    struct record *first, *second;
    int64_t texts; /* noted; 0: as many as there are */
};

/* As the power went off after the first of two texts: it says now what no record says, so that one sees who stays.
 */
static int break_off(struct db *d, void *arg, struct err *e)
{
    struct broken *b = arg;
    struct arena *a = arena_new();
    struct map *declared, *counts;
    int64_t texts = b->texts;
    int rc = -1;

    if (meta_all(&declared, a, d, "search.", e) == 0 &&
        search_put(d, b->first->home, "loan", b->first->id, 20000, "留声机", e) == 0 &&
        search_drop(d, b->second->home, b->second->id, e) == 0 && meta_drop(d, "search.loan", e) == 0 &&
        search_counts(&counts, a, d, e) == 0) {
        for (size_t i = 0; !b->texts && i < map_count(counts); i++)
            texts += *(int64_t *)map_value(counts, i);
        rc = meta_set(d, "searching", arena_printf(a, "%lld", (long long)texts), e);
    }
    if (rc == 0)
        rc = meta_set(d, "searching.loan",
                      arena_printf(a, "%lld %lld %s", (long long)b->first->home, (long long)b->first->id,
                                   (char *)map_get(declared, "loan")),
                      e);
    arena_free(a);
    return rc;
}

static void broken_off(struct site_case *c, int64_t texts)
{
    struct broken b = {.texts = texts};

    b.first = case_loan_new(c, c->peach1, 2026, 7, 13, "tool", "周明远");
    b.second = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "褚新");
    record_set(b.first, "note", value_text("修理晾衣架"));
    record_set(b.second, "note", value_text("还有梯子"));
    case_put(c, b.first);
    case_put(c, b.second);
    GOOD(store_write(c->site->store, break_off, &b, &c->e));
    case_close(c);
    BAD(site_open(&c->site, c->p->dir, STORE_READ, &c->e), ERR_BUSY); /* half of it would be missing */
    c->site = NULL;
    case_open(c, STORE_WRITE);
    assert_int_equal(found(c, "梯子"), 1);
}

static void goes_on(void **state)
{
    struct site_case *c = *state;

    broken_off(c, 0);
    assert_int_equal(found(c, "留声机"), 1); /* was done already */
    case_close(c);
    case_open(c, STORE_READ);
    assert_int_equal(found(c, "留声机"), 1);
    case_close(c);
    case_open(c, STORE_WRITE);
}

/* Somebody has written since: it is not known what. */
static void starts_over(void **state)
{
    struct site_case *c = *state;

    broken_off(c, 1000);
    assert_int_equal(found(c, "留声机"), 0);
    assert_int_equal(found(c, "晾衣"), 1);
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(trail_masks),          TEST_SITE(searched),      TEST_SITE(searched_anew),
    TEST_SITE(searched_as_declared), TEST_SITE(goes_on),       TEST_SITE(starts_over),
    TEST_SITE(clocks_begin),         TEST_SITE(clocks_switch), TEST_SITE(makes_another),
    TEST_SITE(counted_from_rows),
};

BOTH_MAIN(tests)
