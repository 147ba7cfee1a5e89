/* SPDX-License-Identifier: Apache-2.0 */
/* flow.c: who may move what from where, what is asked for, which clocks start and stop; on both back ends
 * (LINLI_TEST_PG). */
#include "site_case.h"

#include "store/sys_clock.h"

static struct record *again(struct site_case *c, const struct record *r)
{
    struct record *x;

    GOOD(record_load(&x, c->a, store_reader(c->site->store, &c->e), r->reg, r->home, r->id, &c->e));
    return x;
}

static struct record *put_loan(struct site_case *c)
{
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");

    case_put(c, r);
    return r;
}

static int go(struct site_case *c, struct record *r, const char *move)
{
    struct save s = case_save(c);

    return flow_move(&s, r, reg_move(r->reg, move), &c->e);
}

/* The open clocks of a record as "name:day name:day". */
static const char *open_clocks(struct site_case *c, const struct record *r)
{
    struct clock *cl;
    const char *out = "";
    size_t n;
    char day[16];

    GOOD(clock_of_record(&cl, &n, c->a, store_reader(c->site->store, &c->e), r->home, "loan", r->id, &c->e));
    for (size_t i = 0; i < n; i++)
        if (!cl[i].done)
            out =
                arena_printf(c->a, "%s%s%s:%s", out, *out ? " " : "", cl[i].name, day_iso((int32_t)cl[i].due, day));
    return out;
}

static void whole_way(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c);

    assert_string_equal(open_clocks(c, r), "due:2026-07-28");
    record_set(r, "note", value_text("完好"));
    GOOD(go(c, r, "see"));
    assert_string_equal(r->state, "seen");
    assert_int_equal(r->version, 2);
    assert_string_equal(record_get(again(c, r), "note").s, "完好");
    assert_string_equal(open_clocks(c, r), "look:2026-07-17 due:2026-07-28");
    GOOD(go(c, r, "return"));
    r = again(c, r);
    assert_string_equal(r->state, "back");
    assert_int_equal(record_get(r, "back_on").i, DAY(2026, 7, 15)); /* stamped */
    assert_int_equal(record_get(r, "kept").i, 1);                   /* computed anew */
    assert_string_equal(open_clocks(c, r), "");
    case_clean(c);
}

/* A time limit that a move started, or ended, is as it was when a withdrawn record comes back. */
static void back_again(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c);
    struct save s = case_save(c);

    record_set(r, "note", value_text("完好"));
    GOOD(go(c, r, "see"));
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    assert_string_equal(open_clocks(c, r), "");
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    assert_string_equal(open_clocks(c, r), "look:2026-07-17 due:2026-07-28");
    r = again(c, r);
    GOOD(go(c, r, "return"));
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    assert_string_equal(open_clocks(c, r), "");
    case_clean(c);
}

static void wrong_state(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c);

    GOOD(go(c, r, "return"));
    record_set(r, "note", value_text("完好"));
    BAD(go(c, r, "see"), ERR_CONFLICT);
    assert_non_null(strstr(c->e.msg, "“核查”只能在“借出”时办理"));
    assert_non_null(strstr(c->e.msg, "“已归还”"));
    BAD(go(c, r, "lose"), ERR_CONFLICT); /* from any means: not from a final state */
    assert_int_equal(again(c, r)->version, 2);
}

static void asks_and_requires(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c);
    struct field_errors fe = {.a = c->a};
    struct save s = case_save(c);

    s.errors = &fe;
    BAD(flow_move(&s, r, reg_move(r->reg, "see"), &c->e), ERR_INPUT);
    assert_string_equal(c->e.field, "note");
    assert_int_equal(fe.n, 1);
    assert_int_equal(fe.v[0].reason, REASON_REQUIRED);
    assert_string_equal(r->state, "out");
    assert_int_equal(r->version, 1);
    record_set(r, "note", value_text("完好"));
    record_set(r, "heads", value_int(50)); /* not asked for: stays as it was */
    GOOD(go(c, r, "see"));
    assert_int_equal(record_get(again(c, r), "heads").kind, VALUE_NULL);
    record_set(r, "back_on", value_int(DAY(2026, 7, 1))); /* before it was lent */
    BAD(go(c, r, "return"), ERR_INPUT);
    assert_string_equal(c->e.field, "back_on");
    assert_string_equal(again(c, r)->state, "seen");
}

static void condition(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");

    record_set(r, "broken", value_int(1));
    case_put(c, r);
    BAD(go(c, r, "return"), ERR_INPUT);
    assert_string_equal(c->e.msg, "损坏的物品要先报修。");
}

static void stale(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c), *other = again(c, r);

    record_set(other, "note", value_text("完好"));
    GOOD(go(c, other, "see"));
    BAD(go(c, r, "return"), ERR_CONFLICT);
    assert_non_null(strstr(c->e.msg, "“已核”"));
    assert_string_equal(again(c, r)->state, "seen");
}

static void makes_once(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c), *made;

    GOOD(go(c, r, "mend"));
    r = again(c, r);
    assert_string_equal(r->state, "out"); /* no to: stays */
    GOOD(record_load(&made, c->a, store_reader(c->site->store, &c->e), schema_reg(c->v.schema, "repair"), r->home,
                     record_get(r, "order").i, &c->e));
    assert_string_equal(record_get(made, "what").s, "修理 周明远");
    GOOD(go(c, r, "mend"));
    assert_int_equal(record_get(again(c, r), "order").i, made->id);
    case_clean(c);
}

static const struct move_option *option(const struct move_option *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(v[i].move->name, name))
            return &v[i];
    return NULL;
}

static void options(void **state)
{
    struct site_case *c = *state;
    struct grant worker = {"worker", c->peach}, secretary = {"secretary", c->peach1}, viewer = {"viewer", c->peach};
    struct actor a = {.user = 5, .name = "甲", .grants = &worker, .ngrants = 1};
    struct record *r = put_loan(c);
    struct save s = case_save(c);
    struct move_option *v;
    size_t n;

    s.actor = &a;
    v = flow_options(c->a, &s, r, &n);
    assert_int_equal(n, 3);
    assert_string_equal(v[0].move->name, "return"); /* the main one first */
    assert_true(v[0].allowed);
    assert_true(option(v, n, "see")->allowed);
    assert_null(option(v, n, "lose"));
    a.grants = &secretary;
    v = flow_options(c->a, &s, r, &n);
    assert_int_equal(n, 2);
    assert_non_null(option(v, n, "lose"));
    assert_null(option(v, n, "see"));
    a.grants = &viewer;
    flow_options(c->a, &s, r, &n);
    assert_int_equal(n, 0);
    record_set(r, "broken", value_int(1));
    case_put(c, r);
    a.grants = &worker;
    v = flow_options(c->a, &s, r, &n);
    assert_false(v[0].allowed);
    assert_string_equal(v[0].why_not, "损坏的物品要先报修。");
}

static void denied(void **state)
{
    struct site_case *c = *state;
    struct grant here = {"worker", c->peach}, there = {"worker", c->willow};
    struct actor a = {.user = 5, .name = "甲", .grants = &there, .ngrants = 1};
    struct record *r = put_loan(c);
    struct save s = case_save(c);

    s.actor = &a;
    BAD(flow_move(&s, r, reg_move(r->reg, "return"), &c->e), ERR_DENIED);
    assert_non_null(strstr(c->e.msg, "社区工作者、书记"));
    a.grants = &here;
    BAD(flow_move(&s, r, reg_move(r->reg, "lose"), &c->e), ERR_DENIED); /* by: [secretary] */
    GOOD(flow_move(&s, r, reg_move(r->reg, "return"), &c->e));
}

static int act_is(void *arg, const struct trail_entry *t, struct err *e)
{
    (void)e;
    snprintf(arg, 200, "%s %s", t->act, t->detail);
    return 0;
}

static void in_the_trail(void **state)
{
    struct site_case *c = *state;
    struct record *r = put_loan(c);
    char last[200];

    GOOD(go(c, r, "return"));
    GOOD(trail_list(store_reader(c->site->store, &c->e), r->home, "loan", r->id, 0, 9, act_is, last, &c->e));
    assert_non_null(
        strstr(last, "move:return {\"state\":[\"out\",\"back\"],\"fields\":{\"back_on\":[null,\"2026-07-15\"]"));
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(whole_way), TEST_SITE(back_again),   TEST_SITE(wrong_state), TEST_SITE(asks_and_requires),
    TEST_SITE(condition), TEST_SITE(stale),        TEST_SITE(makes_once),  TEST_SITE(options),
    TEST_SITE(denied),    TEST_SITE(in_the_trail),
};

BOTH_MAIN(tests)
