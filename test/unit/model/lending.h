/* SPDX-License-Identifier: Apache-2.0 */
/* lending.h: a database with a hundred and twenty random records of the fixture, for tests of queries. */
#ifndef LINLI_TEST_MODEL_LENDING_H
#define LINLI_TEST_MODEL_LENDING_H

#include "../store/both.h"
#include "fixture.h"

#include "base/date.h"
#include "model/ddl.h"
#include "model/query.h"
#include "model/query_record.h"
#include "model/record_inner.h"

enum { RECORDS = 120, HOMES = 4, UNITS = 3 };

static struct reg *reg;
static struct record *all[RECORDS];

static int64_t rnd(int64_t n)
{
    return (int64_t)(((uint64_t)rand() << 31 | (uint64_t)rand()) % (uint64_t)n);
}

static struct value maybe(struct value v)
{
    return rnd(4) ? v : value_null();
}

static void fill(struct arena *a, struct value *v)
{
    static const char *const words[] = {"梯子", "Ladder", "", "a_b", "工具箱", "'x'", "ladder"};
    static const char *const tags[] = {",tool,", ",tool,book,", ",other,", ",80_84,"};

    v[F_NUMBER] = maybe(value_text(arena_printf(a, "借%lld", (long long)rnd(1000))));
    v[F_LENT] = maybe(value_int(day_from_ymd(2023, 12, 1) + rnd(900)));
    v[F_ITEM] = maybe(value_text(words[rnd(7)]));
    v[F_KIND] = maybe(value_text(fixture_kinds[rnd(5)].code));
    v[F_TAGS] = maybe(value_text(tags[rnd(4)]));
    v[F_BORROWER] = maybe(value_text(rnd(2) ? "温萍" : "张三"));
    v[F_FEE] = maybe(value_int(rnd(1000) * 25 - 5000));
    v[F_HOURS] = maybe(value_int(rnd(100) - 20));
    v[F_COUNT] = maybe(value_int(rnd(10) - 3));
    v[F_DONE] = maybe(value_int(rnd(2)));
    v[F_CLOSED] = maybe(value_int(rnd(2) ? day_instant(day_from_ymd(2024, 1, 1) + (int32_t)rnd(900), (int)rnd(1440))
                                         : rnd(4000000) * 1000 - 2000000000));
    v[F_MONTH] = maybe(value_int(day_from_ymd(2024, 1 + (int)rnd(12), 1)));
    v[F_BRANCH] = maybe(value_int(100 + rnd(UNITS)));
}

static struct record *make(struct place *p, int i)
{
    struct record *r = arena_alloc(p->a, sizeof *r);

    r->reg = reg;
    r->home = 1 + i % HOMES;
    r->id = 1000 + i;
    r->unit = r->home * 10 + i / HOMES % UNITS;
    r->version = 1;
    r->state = i % 5 ? fixture_states[rnd(3)].name : NULL;
    r->happened = day_from_ymd(2024, 1, 1) + (int32_t)rnd(20); /* many on the same day */
    r->entered = r->captured = day_instant(r->happened, (int)rnd(1440)) + rnd(3) * 86400000;
    r->values = arena_array(p->a, F__MAX, sizeof *r->values);
    r->children = arena_array(p->a, 1, sizeof *r->children);
    fill(p->a, r->values);
    for (int64_t n = rnd(3); n > 0; n--) {
        struct child_row *row = record_child_add(p->a, r, "helpers");
        row->values[0] = value_text("李四");
        row->values[1] = maybe(value_text("tool"));
        row->values[2] = maybe(value_int(n));
    }
    return r;
}

static int begin(void **state)
{
    static struct schema schema;
    static struct reg *regs[1];
    struct ddl_plan *plan;
    struct place *p;

    place_begin_db(state);
    p = *state;
    srand(7);
    date_fix_now(day_instant(day_from_ymd(2024, 6, 1), 600));
    reg = fixture(p->a);
    regs[0] = reg;
    schema = (struct schema){.a = p->a, .regs = regs, .nregs = 1};
    OK(db_begin(p->d, &p->e));
    OK(ddl_plan(&plan, p->a, p->d, &schema, &p->e));
    OK(ddl_apply(p->d, plan, false, &p->e));
    for (int i = 0; i < RECORDS; i++) {
        all[i] = make(p, i);
        OK(query_insert(p->d, p->a, NULL, all[i], &p->e));
        OK(query_children(p->d, p->a, NULL, all[i], NULL, &p->e));
    }
    OK(db_commit(p->d, &p->e));
    return 0;
}

static int end(void **state)
{
    date_fix_now(0);
    return place_end(state);
}

static inline struct expr *bind(struct place *p, const char *text)
{
    struct expr *x = expr_parse(p->a, text, NULL, &p->e);

    assert_non_null(x);
    OK(expr_bind(p->a, x, reg, NULL, NULL, &p->e));
    return x;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
