/* SPDX-License-Identifier: Apache-2.0 */
/* total.c: sums over days and months agree with adding up by hand. */
#include "both.h"

#include "base/date.h"
#include "store/sys_total.h"

static void add(struct place *p, int64_t home, int64_t unit, int32_t day, const char *slice, int64_t n, int64_t v)
{
    struct total_delta t = {home, unit, day, "mediation", slice, {n, v, v % 2}};

    OK(total_add(p->d, &t, 1, &p->e));
}

static struct total sum(struct place *p, const int64_t *homes, size_t nhomes, const int64_t *units, size_t nunits,
                        const char *slice, int32_t from, int32_t to)
{
    struct total_scope s = {homes, nhomes, units, nunits, "mediation", slice, from, to};
    struct total t;

    OK(total_sum(&t, p->d, &s, &p->e));
    return t;
}

static const int64_t one_home[] = {1}, both_homes[] = {1, 2};

/* One record each third day over two years, v = its number. */
static int fill(struct place *p, int32_t first)
{
    int i;

    OK(db_begin(p->d, &p->e));
    for (i = 0; i < 243; i++)
        add(p, 1 + i % 2, 100 + i % 5, first + i * 3, NULL, 1, i);
    OK(db_commit(p->d, &p->e));
    return i;
}

static struct total by_hand(int n, int32_t first, int64_t home, int64_t unit, int32_t from, int32_t to)
{
    struct total t = {0};

    for (int i = 0; i < n; i++) {
        int32_t day = first + i * 3;

        if (day < from || day > to || (home && home != 1 + i % 2) || (unit && unit != 100 + i % 5))
            continue;
        t.n++;
        t.v += i;
        t.late += i % 2;
    }
    return t;
}

static void same(struct total x, struct total y)
{
    assert_int_equal(x.n, y.n);
    assert_int_equal(x.v, y.v);
    assert_int_equal(x.late, y.late);
}

static void any_range_is_the_sum_of_its_days(void **state)
{
    struct place *p = *state;
    int32_t first = day_from_ymd(2024, 1, 1);
    int n = fill(p, first);
    int64_t unit = 103;
    /* within a month, at its edges, across one and many months, whole months, all, nothing */
    static const int ranges[][2] = {{5, 9},   {0, 30},   {0, 31},   {1, 30},   {30, 31},   {15, 45},
                                    {31, 59}, {30, 60},  {10, 400}, {31, 365}, {-50, 900}, {366, 730},
                                    {7, 6},   {-10, -5}, {60, 60},  {121, 273}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        int32_t from = first + ranges[i][0], to = first + ranges[i][1];

        same(sum(p, both_homes, 2, NULL, 0, NULL, from, to), by_hand(n, first, 0, 0, from, to));
        same(sum(p, one_home, 1, NULL, 0, "", from, to), by_hand(n, first, 1, 0, from, to));
        same(sum(p, both_homes, 2, &unit, 1, NULL, from, to), by_hand(n, first, 0, unit, from, to));
    }
    same(sum(p, both_homes, 2, NULL, 0, NULL, INT32_MIN, INT32_MAX), by_hand(n, first, 0, 0, INT32_MIN, INT32_MAX));
}

static void nothing_is_zero(void **state)
{
    struct place *p = *state;
    static const int64_t other = 99;
    int32_t day = day_from_ymd(2024, 5, 6);

    add(p, 1, 100, day, NULL, 1, 7);
    same(sum(p, &other, 1, NULL, 0, NULL, day, day), (struct total){0});
    same(sum(p, one_home, 1, &other, 1, NULL, day, day), (struct total){0});
    same(sum(p, one_home, 1, &other, 0, NULL, day, day), (struct total){0});
    same(sum(p, one_home, 0, NULL, 0, NULL, day, day), (struct total){0});
    same(sum(p, one_home, 1, NULL, 0, "kind=none", day, day), (struct total){0});
    same(sum(p, one_home, 1, NULL, 0, NULL, day, day), (struct total){1, 7, 1});
}

static void what_is_taken_back_is_gone(void **state)
{
    struct place *p = *state;
    int32_t day = day_from_ymd(2024, 2, 29);
    struct total_delta t[2] = {{1, 100, day, "mediation", NULL, {1, 4, 1}},
                               {1, 100, day, "mediation", NULL, {-1, -4, -1}}};

    OK(total_add(p->d, t, 2, &p->e));
    same(sum(p, one_home, 1, NULL, 0, NULL, day, day), (struct total){0});
    same(sum(p, one_home, 1, NULL, 0, NULL, day - 28, day), (struct total){0});
}

struct rows {
    int n;
    struct total_row r[64];
    char slice[64][32];
};

static int take_row(void *arg, const struct total_row *r, struct err *e)
{
    struct rows *rows = arg;

    (void)e;
    rows->r[rows->n] = *r;
    if (r->slice)
        snprintf(rows->slice[rows->n], sizeof rows->slice[0], "%s", r->slice);
    rows->n++;
    return 0;
}

static void the_parts_of_a_figure(void **state)
{
    struct place *p = *state;
    int32_t day = day_from_ymd(2024, 1, 15), feb = day_from_ymd(2024, 2, 10), mar = day_from_ymd(2024, 3, 2);
    struct total_scope s = {both_homes, 2, NULL, 0, "mediation", NULL, day, mar};
    struct rows r = {0};

    add(p, 1, 100, day, NULL, 2, 20);
    add(p, 1, 100, day, "kind=noise", 1, 12);
    add(p, 1, 100, day, "kind=water", 1, 8);
    add(p, 2, 200, feb, NULL, 1, 5);
    add(p, 2, 200, feb, "kind=noise", 1, 5);
    add(p, 2, 200, feb, "source=call", 1, 5);
    add(p, 2, 201, mar, NULL, 3, 1);
    OK(total_slices(p->d, &s, take_row, &r, &p->e));
    assert_int_equal(r.n, 3); /* not the whole itself */
    assert_string_equal(r.slice[0], "kind=noise");
    same(r.r[0].t, (struct total){2, 17, 1});
    assert_string_equal(r.slice[2], "source=call");
    r.n = 0;
    s.slice = "kind=";
    OK(total_slices(p->d, &s, take_row, &r, &p->e));
    assert_int_equal(r.n, 2);
}

static void key(struct place *p, int64_t home, int64_t unit, int32_t day, const char *k, int64_t n)
{
    struct distinct_delta t = {home, unit, day, "volunteers", NULL, k, n};

    OK(distinct_add(p->d, &t, 1, &p->e));
}

static int64_t distinct(struct place *p, const int64_t *units, size_t nunits, int32_t from, int32_t to)
{
    struct total_scope s = {both_homes, 2, units, nunits, "volunteers", NULL, from, to};
    int64_t n;

    OK(distinct_count(&n, p->d, &s, &p->e));
    return n;
}

static void a_person_counts_once(void **state)
{
    struct place *p = *state;
    struct total_scope s = {both_homes, 2, NULL, 0, "volunteers", NULL, 0, 40000};
    struct rows r = {0};
    int64_t unit = 200;

    key(p, 1, 100, 20000, "甲", 1);
    key(p, 1, 100, 20001, "甲", 1);
    key(p, 2, 200, 20001, "甲", 1);
    key(p, 2, 200, 20001, "乙", 1);
    key(p, 2, 200, 20001, "乙", 1);
    assert_int_equal(distinct(p, NULL, 0, 20000, 20001), 2);
    assert_int_equal(distinct(p, NULL, 0, 20000, 20000), 1);
    assert_int_equal(distinct(p, &unit, 1, 0, 20000), 0);
    key(p, 2, 200, 20001, "乙", -1);
    assert_int_equal(distinct(p, &unit, 1, 0, 30000), 2);
    key(p, 2, 200, 20001, "乙", -1);
    assert_int_equal(distinct(p, &unit, 1, 0, 30000), 1);
    OK(distinct_slices(p->d, &s, take_row, &r, &p->e));
    assert_int_equal(r.n, 0);
}

/* Keys come and go over days, months, units and homes, more of them than one set's text holds; every range must
 * agree with a count by hand. */
enum { MANY_KEYS = 4700, MANY_DAYS = 100, MANY_UNITS = 3 };
static unsigned char there[MANY_DAYS][MANY_UNITS][MANY_KEYS];

static void move_key(struct place *p, unsigned *seed, int32_t first, int sign)
{
    int day, unit, k;
    char name[16];

    do { /* some keys come often */
        *seed = *seed * 1103515245 + 12345;
        day = (int)(*seed >> 8) % MANY_DAYS;
        unit = (int)(*seed >> 5) % MANY_UNITS;
        k = *seed >> 30 ? (int)(*seed >> 4) % 40 : (int)(*seed >> 4) % MANY_KEYS;
    } while (sign < 0 && !there[day][unit][k]);
    snprintf(name, sizeof name, "k%d", k);
    key(p, 1 + unit / 2, 100 + unit, first + day, name, sign);
    there[day][unit][k] = (unsigned char)(there[day][unit][k] + sign);
}

static int64_t keys_by_hand(int unit, int from, int to)
{
    int64_t n = 0;

    for (int k = 0; k < MANY_KEYS; k++) {
        bool seen = false;

        for (int d = from < 0 ? 0 : from; d <= to && d < MANY_DAYS; d++)
            for (int u = 0; u < MANY_UNITS; u++)
                seen |= (unit < 0 || unit == u) && there[d][u][k];
        n += seen;
    }
    return n;
}

static void ranges_agree(struct place *p, int32_t first)
{
    static const int ranges[][2] = {{0, 99}, {5, 9}, {10, 74}, {16, 46}, {17, 45}, {3, 60}, {-40, 200}, {16, 75}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        int from = ranges[i][0], to = ranges[i][1];

        assert_int_equal(distinct(p, NULL, 0, first + from, first + to), keys_by_hand(-1, from, to));
        for (int u = 0; u < MANY_UNITS; u++) {
            int64_t unit = 100 + u;

            assert_int_equal(distinct(p, &unit, 1, first + from, first + to), keys_by_hand(u, from, to));
        }
    }
}

static int64_t count_rows(struct place *p, const char *sql)
{
    struct stmt *s;
    int64_t n;

    OK(db_prep(&s, p->d, sql, &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    n = stmt_col_int(s, 0);
    stmt_done(s);
    return n;
}

static void keys_of_any_range_are_the_union_of_its_days(void **state)
{
    struct place *p = *state;
    int32_t first = day_from_ymd(2024, 1, 15);
    unsigned seed = 7;

    memset(there, 0, sizeof there);
    OK(db_begin(p->d, &p->e));
    for (int k = 0; k < MANY_KEYS; k++) {
        char name[16];

        snprintf(name, sizeof name, "k%d", k);
        key(p, 1, 100, first + k % 40, name, 1);
        there[k % 40][0][k] = 1;
    }
    OK(db_commit(p->d, &p->e));
    for (int job = 0; job < 30; job++) {
        OK(db_begin(p->d, &p->e));
        for (int i = 0; i < 400; i++)
            move_key(p, &seed, first, job > 3 && i % 3 == 0 ? -1 : 1);
        OK(db_commit(p->d, &p->e));
        if (job % 10 == 9)
            ranges_agree(p, first);
    }
    assert_true(count_rows(p, "SELECT COUNT(*) FROM s_key_set WHERE chunk = 1") > 0);
    assert_true(count_rows(p, "SELECT COUNT(*) FROM s_key_set WHERE bits LIKE 'd%'") > 0);
    OK(db_begin(p->d, &p->e));
    for (int d = 0; d < MANY_DAYS; d++)
        for (int u = 0; u < MANY_UNITS; u++)
            for (int k = 0; k < MANY_KEYS; k++) {
                char name[16];

                snprintf(name, sizeof name, "k%d", k);
                if (there[d][u][k])
                    key(p, 1 + u / 2, 100 + u, first + d, name, -there[d][u][k]);
            }
    OK(db_commit(p->d, &p->e));
    assert_int_equal(distinct(p, NULL, 0, first - 50, first + 200), 0);
    /* Who no longer contributes anywhere leaves nothing behind. */
    assert_int_equal(count_rows(p, "SELECT COUNT(*) FROM s_key"), 0);
    assert_int_equal(count_rows(p, "SELECT COUNT(*) FROM s_key_set"), 0);
    assert_int_equal(count_rows(p, "SELECT COUNT(*) FROM s_distinct"), 0);
}

/* Sums far apart and close together, of parts whose names begin alike, each written by many transactions, some of
 * which are undone in part; every row of the two tables must agree with adding up by hand. */
enum { PARTS = 4, SPREAD = 400, UNITS = 3, JOBS = 40 };
static struct total by_part[PARTS][UNITS][SPREAD];
static const char *const parts[PARTS] = {NULL, "kind=a", "kind=ab", "kind=b"};

static int32_t spread_day(int i)
{
    return 20000 + (i < SPREAD / 2 ? i : i * 11);
}

static void add_some(struct place *p, unsigned *seed, int n, bool kept)
{
    for (int i = 0; i < n; i++) {
        int part, unit, day;
        struct total t;

        *seed = *seed * 1103515245 + 12345;
        part = (int)(*seed >> 8) % PARTS;
        unit = (int)(*seed >> 11) % UNITS;
        day = (int)(*seed >> 14) % SPREAD;
        t = (struct total){(int)(*seed >> 20) % 3 - 1, (int)(*seed >> 7) % 2000 - 1000, (int)(*seed >> 9) % 2};
        OK(total_add(p->d, &(struct total_delta){1, 100 + unit, spread_day(day), "mediation", parts[part], t}, 1,
                     &p->e));
        if (!kept)
            continue;
        by_part[part][unit][day].n += t.n;
        by_part[part][unit][day].v += t.v;
        by_part[part][unit][day].late += t.late;
    }
}

static void every_sum_agrees(struct place *p)
{
    for (int i = 0; i < PARTS; i++)
        for (int u = 0; u < UNITS; u++) {
            struct total all = {0};
            int64_t unit = 100 + u;

            for (int day = 0; day < SPREAD; day++) {
                const struct total *t = &by_part[i][u][day];

                same(sum(p, one_home, 1, &unit, 1, parts[i], spread_day(day), spread_day(day)), *t);
                all = (struct total){all.n + t->n, all.v + t->v, all.late + t->late};
            }
            /* whole months are read from their own table */
            same(sum(p, one_home, 1, &unit, 1, parts[i], 0, 40000), all);
        }
}

static void sums_of_many_transactions_agree(void **state)
{
    struct place *p = *state;
    unsigned seed = 11;

    memset(by_part, 0, sizeof by_part);
    for (int job = 0; job < JOBS; job++) {
        OK(db_begin(p->d, &p->e));
        add_some(p, &seed, job % 4 ? 7 : 500, true);
        OK(db_save(p->d, &p->e));
        add_some(p, &seed, 60, job % 3 != 0);
        if (job % 3)
            OK(db_release(p->d, &p->e));
        else
            db_undo(p->d);
        add_some(p, &seed, 5, true);
        if (job == JOBS / 2) /* what is not written yet is read */
            every_sum_agrees(p);
        OK(db_commit(p->d, &p->e));
    }
    every_sum_agrees(p);
}

/* Ten times as often costs no more: the steps that the sparse one needs suffice. */
static void often_costs_no_more_than_seldom(void **state)
{
    struct place *p = *state;
    struct total_scope s = {one_home, 1, NULL, 0, "often", NULL, 20003, 20388};
    int64_t n;
    char name[16];

    OK(db_begin(p->d, &p->e));
    for (int i = 0; i < 20000; i++) {
        struct distinct_delta t = {1, 100, 20000 + i % 400, "often", NULL, name, 1};

        snprintf(name, sizeof name, "k%d", i * 7 % 1000);
        OK(distinct_add(p->d, &t, 1, &p->e));
    }
    OK(db_commit(p->d, &p->e));
    db_limit(p->d, 4000, 0);
    OK(distinct_count(&n, p->d, &s, &p->e));
    db_limit(p->d, 0, 0);
    assert_int_equal(n, 1000);
}

static void clearing_takes_what_it_names(void **state)
{
    struct place *p = *state;
    struct total_delta other = {1, 100, 20000, "visits", NULL, {1, 1, 0}};
    struct total_scope s = {one_home, 1, NULL, 0, "visits", NULL, 0, 40000};
    struct total t;

    add(p, 1, 100, 20000, NULL, 1, 1);
    add(p, 2, 100, 20000, NULL, 1, 1);
    key(p, 1, 100, 20000, "甲", 1);
    OK(total_add(p->d, &other, 1, &p->e));
    OK(total_clear(p->d, "mediation", &p->e));
    assert_int_equal(sum(p, both_homes, 2, NULL, 0, NULL, 0, 40000).n, 0);
    assert_int_equal(distinct(p, NULL, 0, 0, 40000), 1);
    OK(total_sum(&t, p->d, &s, &p->e));
    assert_int_equal(t.n, 1);
    OK(total_clear(p->d, NULL, &p->e));
    OK(total_sum(&t, p->d, &s, &p->e));
    assert_int_equal(t.n, 0);
    assert_int_equal(distinct(p, NULL, 0, 0, 40000), 0);
}

/* Many jobs of one transaction add to the same sums; one of them is undone, one counts anew. */
static void a_transaction_writes_each_sum_once(void **state)
{
    struct place *p = *state;
    int32_t day = day_from_ymd(2024, 5, 6);

    add(p, 1, 100, day, NULL, 1, 10);
    OK(db_begin(p->d, &p->e));
    for (int i = 0; i < 5; i++) {
        OK(db_save(p->d, &p->e));
        add(p, 1, 100, day + i % 2, NULL, 1, 3);
        key(p, 1, 100, day, i < 2 ? "甲" : "乙", 1);
        OK(db_release(p->d, &p->e));
    }
    OK(db_save(p->d, &p->e));
    add(p, 1, 100, day, NULL, 50, 50);
    key(p, 1, 100, day, "丙", 1);
    same(sum(p, one_home, 1, NULL, 0, NULL, day, day),
         (struct total){51, 60, 0}); /* its own and what is committed */
    db_undo(p->d);
    key(p, 1, 100, day, "甲", -1);
    OK(db_commit(p->d, &p->e));
    same(sum(p, one_home, 1, NULL, 0, NULL, day, day), (struct total){4, 19, 3});
    same(sum(p, one_home, 1, NULL, 0, NULL, day + 1, day + 1), (struct total){2, 6, 2});
    same(sum(p, one_home, 1, NULL, 0, NULL, day - 5, day + 25), (struct total){6, 25, 5});
    assert_int_equal(distinct(p, NULL, 0, day, day), 2);
    OK(db_begin(p->d, &p->e));
    add(p, 1, 100, day, NULL, 7, 7);
    OK(total_clear(p->d, NULL, &p->e));
    add(p, 1, 100, day, NULL, 6, 25);
    OK(db_commit(p->d, &p->e));
    same(sum(p, one_home, 1, NULL, 0, NULL, day - 40, day + 40), (struct total){6, 25, 1});
    assert_int_equal(distinct(p, NULL, 0, day, day), 0);
    OK(db_begin(p->d, &p->e));
    OK(total_clear(p->d, NULL, &p->e));
    db_rollback(p->d);
    same(sum(p, one_home, 1, NULL, 0, NULL, day, day), (struct total){6, 25, 1});
}

/* Whatever else is kept, a sum reads its own stretch of the index: a scan would use up the steps. */
static void other_figures_and_homes_cost_nothing(void **state)
{
    struct place *p = *state;
    struct total_scope s = {both_homes, 2, NULL, 0, "mediation", NULL, 20010, 20020};
    int64_t n, unit = 100;
    struct total t;
    char figure[16];

    OK(db_begin(p->d, &p->e));
    for (int i = 0; i < 20000; i++) {
        struct total_delta other = {1 + i % 7, 100, 20000 + i % 400, figure, NULL, {1, 1, 0}};
        struct distinct_delta key = {1 + i % 7, 100, 20000 + i % 400, figure, NULL, "甲", 1};

        snprintf(figure, sizeof figure, "f%d", i % 50);
        OK(total_add(p->d, &other, 1, &p->e));
        OK(distinct_add(p->d, &key, 1, &p->e));
    }
    add(p, 1, 100, 20015, NULL, 1, 2);
    OK(db_commit(p->d, &p->e));
    db_limit(p->d, 5000, 0);
    OK(total_sum(&t, p->d, &s, &p->e));
    assert_int_equal(t.v, 2);
    s.units = &unit;
    s.nunits = 1;
    OK(total_sum(&t, p->d, &s, &p->e));
    assert_int_equal(t.v, 2);
    s.to = 30000;
    OK(total_sum(&t, p->d, &s, &p->e));
    OK(distinct_count(&n, p->d, &s, &p->e));
    assert_int_equal(n, 0);
    s.figure = "f15";
    s.to = 20020;
    OK(distinct_count(&n, p->d, &s, &p->e));
    assert_int_equal(n, 1);
    db_limit(p->d, 0, 0);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(any_range_is_the_sum_of_its_days),
    TEST_DB(nothing_is_zero),
    TEST_DB(what_is_taken_back_is_gone),
    TEST_DB(the_parts_of_a_figure),
    TEST_DB(a_person_counts_once),
    TEST_DB(sums_of_many_transactions_agree),
    TEST_DB(keys_of_any_range_are_the_union_of_its_days),
    TEST_DB(often_costs_no_more_than_seldom),
    TEST_DB(clearing_takes_what_it_names),
    TEST_DB(a_transaction_writes_each_sum_once),
    TEST_DB(other_figures_and_homes_cost_nothing),
};
BOTH_MAIN(tests)
