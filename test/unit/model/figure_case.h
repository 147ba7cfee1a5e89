/* SPDX-License-Identifier: Apache-2.0 */
/* figure_case.h: five loans and what is asked of them, for figure.c and figure_check.c. */
#ifndef LINLI_TEST_MODEL_FIGURE_CASE_H
#define LINLI_TEST_MODEL_FIGURE_CASE_H

#include "site_case.h"

#define Y2026 DAY(2026, 1, 1), DAY(2026, 12, 31)

static inline struct db *reader(struct site_case *c)
{
    struct db *d = store_reader(c->site->store, &c->e);

    assert_non_null(d);
    return d;
}

static inline const struct figure *fig(struct site_case *c, const char *name)
{
    const struct figure *f = schema_figure(c->v.schema, name);

    assert_non_null(f);
    return f;
}

static inline struct figure_at at(struct site_case *c, int64_t unit, int32_t from, int32_t to)
{
    return (struct figure_at){
        .view = &c->v, .unit = unit ? tree_find(c->v.units, unit) : NULL, .from = from, .to = to};
}

static inline struct figure_value value(struct site_case *c, const char *name, const struct figure_at *a)
{
    struct figure_value v;

    GOOD(figure_compute(&v, c->a, reader(c), fig(c, name), a, &c->e));
    return v;
}

static inline struct behind *behind(struct site_case *c, const char *name, const struct figure_at *a, size_t *n)
{
    struct behind *b;

    GOOD(figure_behind(&b, n, c->a, reader(c), fig(c, name), a, 0, 0, &c->e));
    return b;
}

/* The number, and as many lines behind it with as much in them. */
static inline void counts(struct site_case *c, const char *name, const struct figure_at *a, int64_t want)
{
    struct figure_value v = value(c, name, a);
    struct behind *b;
    int64_t sum = 0;
    size_t n;

    b = behind(c, name, a, &n);
    for (size_t i = 0; i < n; i++)
        sum += b[i].amount;
    if (v.value != want || v.gap)
        fprintf(stderr, "%s: %lld, not %lld%s\n", name, (long long)v.value, (long long)want, v.gap ? " (gap)" : "");
    assert_false(v.gap);
    assert_int_equal(v.value, want);
    assert_int_equal(v.records, n);
    assert_int_equal(sum, want);
}

static inline struct record *loan(struct site_case *c, int64_t unit, int m, int d, const char *kind,
                                  const char *who, const char *phone)
{
    struct record *r = case_loan_new(c, unit, 2026, m, d, kind, who);

    if (phone)
        record_set(r, "phone", value_text(phone));
    return r;
}

static inline void helper(struct site_case *c, struct record *r, const char *name, const char *role, int minutes)
{
    struct child_row *row = record_child_add(c->a, r, "helpers");

    row->values[0] = value_text(name);
    row->values[1] = value_text(role);
    if (minutes >= 0)
        row->values[2] = value_int(minutes);
}

/* Five loans: three in the first branch, one in the second, one in the other community. */
static inline void five(struct site_case *c)
{
    struct record *r = loan(c, c->peach1, 1, 5, "tool", "周明远", "19900000001");

    record_set(r, "hours", value_int(25));
    record_set(r, "fee", value_int(10050));
    record_set(r, "heads", value_int(7));
    record_set(r, "grid", value_int(c->grid));
    helper(c, r, "吴一鸣", "lead", 30);
    helper(c, r, "郑小满", "help", 0);
    helper(c, r, "冯大年", NULL, 15);
    case_put(c, r);
    r = loan(c, c->peach1, 1, 31, "tool", "周明远", "19900000002"); /* of the same name, another person */
    record_set(r, "hours", value_int(5));
    record_set(r, "heads", value_int(0));
    record_set(r, "back_on", value_int(DAY(2026, 2, 3)));
    case_put(c, r);
    r = loan(c, c->peach1, 2, 1, "book", "周明远", "19900000001"); /* the first one again */
    record_set(r, "fee", value_int(200));
    helper(c, r, "吴一鸣", "lead", 45);
    case_put(c, r);
    r = loan(c, c->peach2, 4, 30, "other", "沈从容", "19900000003");
    record_set(r, "fee", value_int(99900)); /* where: kind != other */
    record_set(r, "back_on", value_int(DAY(2026, 4, 30)));
    case_put(c, r);
    r = loan(c, c->willow1, 5, 1, "tool", "沈从容", "19900000003"); /* the same person in two communities */
    case_put(c, r);
}

#endif
