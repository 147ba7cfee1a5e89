/* SPDX-License-Identifier: Apache-2.0 */
/* record_case.h: short words for saving and reading loans, for record.c and record_parts.c. */
#ifndef LINLI_TEST_MODEL_RECORD_CASE_H
#define LINLI_TEST_MODEL_RECORD_CASE_H

#include "site_case.h"

static inline struct db *reader(struct site_case *c)
{
    struct db *d = store_reader(c->site->store, &c->e);

    assert_non_null(d);
    return d;
}

static inline struct record *again(struct site_case *c, const struct record *r)
{
    struct record *x;

    GOOD(record_load(&x, c->a, reader(c), r->reg, r->home, r->id, &c->e));
    return x;
}

static inline int save(struct site_case *c, struct record *r, enum saved *what)
{
    struct save s = case_save(c);

    return record_save(&s, r, what, &c->e);
}

static inline int count_rows(struct site_case *c, const char *sql)
{
    struct stmt *s;
    int n;

    GOOD(db_prep(&s, reader(c), sql, &c->e));
    assert_int_equal(stmt_step(s, &c->e), 1);
    n = (int)stmt_col_int(s, 0);
    stmt_done(s);
    return n;
}

static inline struct child_row *helper(struct site_case *c, struct record *r, const char *name, const char *role,
                                       int minutes)
{
    struct child_row *row = record_child_add(c->a, r, "helpers");

    row->values[0] = value_text(name);
    row->values[1] = value_text(role);
    row->values[2] = value_int(minutes);
    return row;
}

#endif
