/* SPDX-License-Identifier: Apache-2.0 */
/* query_expr.c: an expression means in SQL exactly what it means evaluated, on SQLite and, where LINLI_TEST_PG is
 * set, on PostgreSQL: random expressions over random records. */
#include "lending.h"

/* --- an expression means the same in SQL */

static const char *const conditions[] = {"done",
                                         "true",
                                         "state = out",
                                         "kind is empty",
                                         "(%b and %b)",
                                         "(%b or %b)",
                                         "not %b",
                                         "(not (%b))",
                                         "%n = %n",
                                         "%n != %n",
                                         "%n < %n",
                                         "%n >= %n",
                                         "%d <= %d",
                                         "%d > %i",
                                         "%i = %d",
                                         "%i < %i",
                                         "%t = %t",
                                         "%t != %t",
                                         "%t < %t",
                                         "%k = %k",
                                         "%k != tool",
                                         "kind in (tool, 80_84, other)",
                                         "state in (back, lost)",
                                         "state != back",
                                         "%n in (1, 2, %n)",
                                         "%d in (%d, %i)",
                                         "tags = tool",
                                         "tags != book",
                                         "tags in (other, 80_84)",
                                         "%t is empty",
                                         "%n is not empty",
                                         "%d is empty",
                                         "done = %b",
                                         "done != true",
                                         "coalesce(done, %b)",
                                         "if(%b, done, %b)",
                                         "branch = unit",
                                         "branch in (100, unit)",
                                         "branch is empty",
                                         "(%b) is empty",
                                         "%b = %b",
                                         "not tags = tool",
                                         "not kind = book"};
static const char *const numbers[] = {"copies",        "fee",         "hours",          "3",
                                      "2.5",           "-1",          "%n + %n",        "%n - %n",
                                      "copies * 2",    "hours * 1.5", "year(%d)",       "month(%i)",
                                      "days(%d, %i)",  "%d - %d",     "count(helpers)", "coalesce(%n, %n)",
                                      "if(%b, %n, %n)"};
static const char *const days[] = {"lent_on",          "happened",      "today",        "period",
                                   "2024-02-29",       "%d + 30 d",     "%d - 1 month", "%d + 13 months",
                                   "coalesce(%d, %d)", "if(%b, %d, %i)"};
static const char *const instants[] = {"closed_at", "entered", "closed_at + 1 d", "closed_at - 2 months",
                                       "coalesce(%i, %i)"};
static const char *const texts[] = {"item",
                                    "borrower",
                                    "'ladder'",
                                    "lower(%t)",
                                    "concat(%t, kind, state)",
                                    "concat(fee, hours, copies)",
                                    "concat(%d, '/', %i)",
                                    "concat(done, %b, unit)",
                                    "coalesce(%t, 'x')",
                                    "if(%b, %t, %t)",
                                    "join('·', %t, kind, '末', item)",
                                    "join(', ', item, fee)",
                                    "concat(item)"};
static const char *const codes[] = {"kind", "coalesce(kind, book)", "if(%b, kind, kind)"};
static const struct {
    char kind;
    const char *const *patterns;
    size_t n, leaves;
} kinds_of[] = {{'b', conditions, sizeof conditions / sizeof *conditions, 4},
                {'n', numbers, sizeof numbers / sizeof *numbers, 6},
                {'d', days, sizeof days / sizeof *days, 5},
                {'i', instants, sizeof instants / sizeof *instants, 4},
                {'t', texts, sizeof texts / sizeof *texts, 3},
                {'k', codes, 3, 1}};

static const char *gen(struct arena *a, char kind, int depth);

/* One of some patterns, in which %b %n %d %i %t %k stand for conditions, numbers, days, instants, texts, codes. */
static const char *fill_in(struct arena *a, const char *pattern, int depth)
{
    const char *out = "";

    for (const char *s = pattern; *s; s++)
        out = *s == '%' ? arena_printf(a, "%s%s", out, gen(a, *++s, depth - 1)) : arena_printf(a, "%s%c", out, *s);
    return out;
}

static const char *gen(struct arena *a, char kind, int depth)
{
    for (size_t i = 0; i < sizeof kinds_of / sizeof *kinds_of; i++)
        if (kinds_of[i].kind == kind)
            return fill_in(a, kinds_of[i].patterns[rnd((int64_t)(depth > 0 ? kinds_of[i].n : kinds_of[i].leaves))],
                           depth);
    return "";
}

/* The expression over the whole table and over each record. */
static void compare(struct place *p, struct arena *a, const struct expr *x)
{
    bool condition = x->type == EXT_BOOL, text = x->type == EXT_TEXT || x->type == EXT_CODE;
    struct stmt *st;
    struct sql s;
    int rc, n = 0;

    query_begin(&s);
    buf_str(&s.text, condition ? "SELECT r.id, CASE WHEN " : "SELECT r.id, ");
    OK(query_expr(&s, db_kind(p->d), x, "r", NULL, today(), &p->e));
    buf_str(&s.text, condition ? " THEN 1 ELSE 0 END" : "");
    buf_str(&s.text, " FROM r_lending r ORDER BY r.id");
    if (query_prep(&st, p->d, &s, &p->e)) {
        if (p->e.code == ERR_TOOBIG)
            goto out; /* the generator is not bounded, the compiler is */
        fail_msg("%s: %s %s\n%s", expr_text(x), p->e.msg, p->e.log, buf_cstr(&s.text));
    }
    while ((rc = stmt_step(st, &p->e)) == 1) {
        const struct record *r = all[stmt_col_int(st, 0) - 1000];
        struct scope sc = record_scope(NULL, r);
        struct value is = expr_eval(a, x, &sc), sql = value_null();
        if (condition)
            is = value_int(expr_true(a, x, &sc));
        if (!stmt_col_null(st, 1))
            sql = text ? value_text(stmt_col_text(st, 1)) : value_int(stmt_col_int(st, 1));
        if (!value_equal(is, sql))
            fail_msg("%s of record %lld: %d %lld %s, in SQL %d %lld %s\n%s", expr_text(x), (long long)r->id,
                     is.kind, (long long)is.i, is.s ? is.s : "", sql.kind, (long long)sql.i, sql.s ? sql.s : "",
                     buf_cstr(&s.text));
        n++;
    }
    if (rc < 0)
        fail_msg("%s: %s %s\n%s", expr_text(x), p->e.msg, p->e.log, buf_cstr(&s.text));
    assert_int_equal(n, RECORDS);
    stmt_done(st);
out:
    query_end(&s);
}

static void test_expressions(void **state)
{
    struct place *p = *state;
    int bound = 0;

    srand(11);
    for (int i = 0; i < 1500; i++) {
        struct arena *a = arena_new();
        const char *text = gen(a, "bbbbndit"[i % 8], 1 + i % 4);
        struct expr *x = expr_parse(a, text, NULL, &p->e);
        if (x && !expr_bind(a, x, reg, NULL, NULL, &p->e)) {
            bound++;
            compare(p, a, x);
        }
        arena_free(a);
    }
    assert_true(bound > 1200); /* the rest is too long or has no common kind */
}

/* The rows of a child table, with their record in sight. */
static void compare_rows(struct place *p, const char *text)
{
    struct expr *x = expr_parse(p->a, text, NULL, &p->e);
    struct stmt *st;
    struct sql s;
    int rc, n = 0;

    assert_non_null(x);
    OK(expr_bind(p->a, x, reg, &reg->children[0], NULL, &p->e));
    query_begin(&s);
    buf_str(&s.text, "SELECT r.id, c.pos, ");
    OK(query_value(&s, db_kind(p->d), x, "r", "c", today(), &p->e));
    buf_str(&s.text, " FROM r_lending r JOIN r_lending_helpers c ON c.home = r.home AND c.parent = r.id");
    OK(query_prep(&st, p->d, &s, &p->e));
    while ((rc = stmt_step(st, &p->e)) == 1) {
        const struct record *r = all[stmt_col_int(st, 0) - 1000];
        struct scope sc = record_scope(NULL, r);
        scope_row(&sc, &reg->children[0], &r->children[0].rows[stmt_col_int(st, 1)]);
        struct value is = expr_eval(p->a, x, &sc), sql = value_null();
        if (!stmt_col_null(st, 2))
            sql = x->type == EXT_TEXT ? value_text(stmt_col_text(st, 2)) : value_int(stmt_col_int(st, 2));
        if (!value_equal(is, sql))
            fail_msg("%s of record %lld", text, (long long)r->id);
        n++;
    }
    OK(rc);
    assert_true(n > 50);
    stmt_done(st);
    query_end(&s);
}

static void test_rows(void **state)
{
    static const char *const rows[] = {
        "role = tool and kind != tool", "not role = tool or not done", "copies * 2 - 1",
        "concat(name, item, role)",     "copies = count(helpers)",     "role is empty",
        "if(role = tool, fee, copies)", "state = out and copies > 1"};
    struct place *p = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        compare_rows(p, rows[i]);
    struct expr *x = expr_parse(p->a, "role = tool", NULL, &p->e);
    struct sql s;
    OK(expr_bind(p->a, x, reg, &reg->children[0], NULL, &p->e));
    query_begin(&s);
    FAILS(query_expr(&s, db_kind(p->d), x, "r", NULL, today(), &p->e), ERR_INPUT); /* no child table in sight */
    query_end(&s);
}

static void test_refused(void **state)
{
    struct place *p = *state;
    struct sql s;

    query_begin(&s);
    FAILS(query_expr(&s, db_kind(p->d), bind(p, "lent_on + 5 wd < today"), "r", NULL, today(), &p->e), ERR_INPUT);
    assert_non_null(strstr(p->e.msg, "工作日"));
    query_end(&s);
    fixture_fields[F_LENT].cls = CLASS_PROTECTED;
    query_begin(&s);
    FAILS(query_expr(&s, db_kind(p->d), bind(p, "lent_on < today"), "r", NULL, today(), &p->e), ERR_INPUT);
    query_end(&s);
    query_begin(&s);
    OK(query_expr(&s, db_kind(p->d), bind(p, "lent_on is empty"), "r", NULL, today(), &p->e));
    assert_string_equal(buf_cstr(&s.text), "(r.f_lent_on_h IS NULL)");
    query_end(&s);
    fixture_fields[F_LENT].cls = CLASS_PUBLIC;
    query_begin(&s);
    for (int i = 0; i < 300; i++)
        query_bind(&s, value_int(i));
    struct stmt *st;
    FAILS(query_prep(&st, p->d, &s, &p->e), ERR_TOOBIG);
    query_end(&s);
}

static const struct CMUnitTest tests[] = {TEST(test_expressions), TEST(test_rows), TEST(test_refused)};

BOTH_MAIN(tests)
