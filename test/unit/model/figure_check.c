/* SPDX-License-Identifier: Apache-2.0 */
/* figure_check.c: a recount finds what differs, totals are built anew, and whatever is written in whatever order,
 * they are those of the records; on both back ends (LINLI_TEST_PG). */
#include "figure_case.h"

#include "store/sys_total.h"

static int spoil(struct db *d, void *arg, struct err *e)
{
    struct total_delta t = {.figure = "loan.count", .slice = "", .amount = {.n = 1, .v = 1}};
    const int64_t *w = arg;

    t.home = w[0];
    t.unit = w[1];
    t.day = (int32_t)w[2];
    return total_add(d, &t, 1, e);
}

static int lose_month(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return db_exec(d, "UPDATE s_total_month SET v = v + 2 WHERE figure = 'loan.heads' AND slice = ''", e);
}

static int change_record(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return db_exec(d, "UPDATE r_loan SET f_borrower = 'x' WHERE f_kind = 'other'", e);
}

static size_t check(struct site_case *c, struct check_diff **diff)
{
    size_t n, compared;

    GOOD(figure_check(diff, &n, &compared, c->a, c->site, &c->e));
    return n;
}

static void finds_differences(void **state)
{
    struct site_case *c = *state;
    struct check_diff *diff;
    int64_t where[3] = {c->peach, c->peach1, DAY(2026, 1, 5)};
    struct figure_at a;

    five(c);
    assert_int_equal(check(c, &diff), 0);
    GOOD(store_write(c->site->store, spoil, where, &c->e));
    a = at(c, c->peach, Y2026);
    assert_int_equal(value(c, "loan.count", &a).value, 5);
    assert_int_equal(check(c, &diff), 1);
    assert_string_equal(diff[0].figure, "loan.count");
    assert_int_equal(diff[0].unit, c->peach1);
    assert_int_equal(diff[0].day, DAY(2026, 1, 5));
    assert_int_equal(diff[0].kept, 2);
    assert_int_equal(diff[0].counted, 1);
    GOOD(store_write(c->site->store, lose_month, NULL, &c->e));
    assert_true(check(c, &diff) >= 2);
    GOOD(store_write(c->site->store, change_record, NULL, &c->e)); /* behind the program's back */
    assert_true(check(c, &diff) >= 4);
}

static int lose_set(struct db *d, void *arg, struct err *e)
{
    return db_exec(d, arg, e);
}

/* The sets of keys are compared with the keys that were counted: those of a day, those of a month. */
static void finds_lost_keys(void **state)
{
    static const char *const lose[] = {"DELETE FROM s_key_set WHERE span = 1",
                                       "DELETE FROM s_key_set WHERE span = 0", "UPDATE s_key SET ord = ord + 50"};
    struct site_case *c = *state;
    struct check_diff *diff;

    five(c);
    assert_int_equal(check(c, &diff), 0);
    for (size_t i = 0; i < sizeof lose / sizeof *lose; i++) {
        GOOD(store_write(c->site->store, lose_set, (void *)lose[i], &c->e));
        assert_true(check(c, &diff) > 0);
    }
}

static int rebuild(struct db *d, void *arg, struct err *e)
{
    struct site_case *c = arg;

    return figure_rebuild(c->site, d, fig(c, "loan.count"), e);
}

static void rebuilt(void **state)
{
    struct site_case *c = *state;
    struct check_diff *diff;
    int64_t where[3] = {c->peach, c->peach1, DAY(2026, 1, 5)};

    five(c);
    GOOD(store_write(c->site->store, spoil, where, &c->e));
    GOOD(store_write(c->site->store, rebuild, c, &c->e));
    assert_int_equal(check(c, &diff), 0);
}

/* A declaration changes between two starts. */
static void redeclared(void **state)
{
    struct site_case *c = *state;
    struct figure_at a;
    char *text = strdup(case_repair), *at_figures;

    five(c);
    case_close(c);
    at_figures = strstr(text, "figures:");
    *at_figures = '\0';
    case_file(c->p, "modules/t/repair.yaml", text); /* repair.count is gone */
    free(text);
    case_file(
        c->p, "modules/t/loan.yaml",
        arena_printf(c->a, "%s  loan.long: {label: 长借, kind: records, unit: 次, where: hours > 1}\n", case_loan));
    case_open(c, STORE_WRITE);
    a = at(c, c->street, Y2026);
    counts(c, "loan.long", &a, 1);
    case_clean(c);
    case_close(c);
    case_file(
        c->p, "modules/t/loan.yaml",
        arena_printf(c->a, "%s  loan.long: {label: 长借, kind: records, unit: 次, where: hours > 0}\n", case_loan));
    BAD(site_open(&c->site, c->p->dir, STORE_READ, &c->e), ERR_CONFLICT); /* a reader does not change tables */
    c->site = NULL;
    case_open(c, STORE_WRITE);
    a = at(c, c->street, Y2026);
    counts(c, "loan.long", &a, 2);
    case_clean(c);
}

/* Whatever is written, in whatever order, the totals are those of the records. */
static void random_writes(void **state)
{
    static const char *const kind[] = {"tool", "book", "other"};
    static const char *const who[] = {"周明远", "沈从容", "褚新"};
    struct site_case *c = *state;
    int64_t units[] = {c->peach1, c->peach2, c->willow1, c->peach};
    struct save s = case_save(c);
    struct record *rs[60];
    uint32_t x = 20260715;

    for (int i = 0; i < 300; i++) {
        int k = (int)((x = x * 1664525u + 1013904223u) >> 8) % 60, what = (int)(x >> 20) % 10;
        struct record *r;

        if (i < 60) {
            r = rs[i] =
                loan(c, units[i % 4], 1 + i % 6, 1 + i % 28, kind[i % 3], who[i % 3], i % 5 ? "19900000001" : NULL);
            record_set(r, "lent_at", value_int(record_get(r, "lent_at").i + i * 60000));
            case_put(c, r);
            continue;
        }
        GOOD(record_load(&r, c->a, reader(c), rs[k]->reg, rs[k]->home, rs[k]->id, &c->e));
        if (r->gone) {
            GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
            continue;
        }
        if (what == 0) {
            GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
            continue;
        }
        if (what < 3 && r->state && !reg_state(r->reg, r->state)->final) {
            GOOD(flow_move(&s, r, reg_move(r->reg, what == 1 ? "return" : "lose"), &c->e));
            continue;
        }
        record_set(r, "kind", value_text(kind[x % 3]));
        record_set(r, "fee", x % 4 ? value_int((int64_t)(x % 9000)) : value_null());
        record_set(r, "heads", value_int((int64_t)(x % 12)));
        record_set(r, "grid", x % 2 && r->home == c->peach ? value_int(c->grid) : value_null());
        if (x % 3)
            helper(c, r, who[x % 3], x % 2 ? "lead" : NULL, (int)(x % 500));
        else
            r->children[0].n /= 2;
        case_put(c, r);
    }
    case_clean(c);
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(finds_differences), TEST_SITE(finds_lost_keys), TEST_SITE(rebuilt),
    TEST_SITE(redeclared),        TEST_SITE(random_writes),
};

BOTH_MAIN(tests)
