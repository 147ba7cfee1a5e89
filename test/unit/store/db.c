/* SPDX-License-Identifier: Apache-2.0 */
/* db.c: statements, values, errors, transactions and limits, alike on both back ends. */
#include "both.h"

#include "store/backend.h"

static void make_table(struct place *p)
{
    OK(db_exec(p->d,
               "CREATE TABLE t (home BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT, amount BIGINT, "
               "PRIMARY KEY (home, id))",
               &p->e));
}

static int put(struct db *d, int64_t id, const char *name, int64_t amount, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d, "INSERT INTO t (home, id, name, amount) VALUES (?1, ?2, ?3, ?4)", e) < 0)
        return -1;
    stmt_int(s, 1, 7);
    stmt_int(s, 2, id);
    stmt_text(s, 3, name);
    stmt_int(s, 4, amount);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

static int64_t count(struct place *p, struct db *d)
{
    struct stmt *s;
    int64_t n;

    OK(db_prep(&s, d, "SELECT COUNT(*) FROM t", &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    n = stmt_col_int(s, 0);
    assert_int_equal(stmt_step(s, &p->e), 0);
    stmt_done(s);
    return n;
}

static void values_come_back(void **state)
{
    struct place *p = *state;
    struct stmt *s;

    make_table(p);
    OK(put(p->d, 1, "走访“三户”; a?1b 'x'", INT64_MAX, &p->e));
    OK(put(p->d, 2, NULL, INT64_MIN, &p->e));
    OK(put(p->d, 3, "", 0, &p->e));
    OK(db_prep(&s, p->d, "SELECT name, amount, '?1', id + ?2 FROM t WHERE home = ?1 ORDER BY id", &p->e));
    stmt_int(s, 1, 7);
    stmt_int(s, 2, (int64_t)1 << 40);
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_int_equal(stmt_cols(s), 4);
    assert_string_equal(stmt_col_name(s, 1), "amount");
    assert_string_equal(stmt_col_text(s, 0), "走访“三户”; a?1b 'x'");
    assert_true(stmt_col_int(s, 1) == INT64_MAX);
    assert_string_equal(stmt_col_text(s, 2), "?1");
    assert_true(stmt_col_int(s, 3) == ((int64_t)1 << 40) + 1);
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_true(stmt_col_null(s, 0));
    assert_null(stmt_col_text(s, 0));
    assert_true(stmt_col_int(s, 0) == 0);
    assert_true(stmt_col_int(s, 1) == INT64_MIN);
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_false(stmt_col_null(s, 0));
    assert_string_equal(stmt_col_text(s, 0), "");
    assert_int_equal(stmt_step(s, &p->e), 0);
    stmt_done(s);
}

static void an_integer_fits_a_text_column(void **state)
{
    struct place *p = *state;
    struct stmt *s;

    make_table(p);
    OK(db_prep(&s, p->d, "INSERT INTO t (home, id, name) VALUES (?1, ?2, ?3)", &p->e));
    stmt_textn(s, 1, "5599", 2);
    stmt_text(s, 2, "55");
    stmt_int(s, 3, 55);
    OK(stmt_run(s, &p->e));
    assert_int_equal(stmt_changes(s), 1);
    stmt_done(s);
    OK(db_prep(&s, p->d, "SELECT id FROM t WHERE name = ?1", &p->e));
    stmt_int(s, 1, 55);
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_int_equal(stmt_col_int(s, 0), 55);
    stmt_done(s);
}

static void a_statement_nests_in_itself(void **state)
{
    struct place *p = *state;
    const char *sql = "SELECT id FROM t ORDER BY id";
    struct stmt *s, *inner;
    int outer_rows = 0, inner_rows = 0;

    make_table(p);
    for (int i = 0; i < 3; i++)
        OK(put(p->d, i, "x", i, &p->e));
    OK(db_prep(&s, p->d, sql, &p->e));
    while (stmt_step(s, &p->e) == 1) {
        assert_int_equal(stmt_col_int(s, 0), outer_rows);
        outer_rows++;
        OK(db_prep(&inner, p->d, sql, &p->e));
        assert_ptr_not_equal(inner, s);
        while (stmt_step(inner, &p->e) == 1)
            inner_rows++;
        stmt_done(inner);
    }
    stmt_done(s);
    assert_int_equal(outer_rows, 3);
    assert_int_equal(inner_rows, 9);
}

static void a_statement_begins_again_without_bindings(void **state)
{
    struct place *p = *state;
    struct stmt *s;

    make_table(p);
    OK(put(p->d, 1, "a", 1, &p->e));
    for (int i = 0; i < 2; i++) {
        OK(db_prep(&s, p->d, "SELECT COALESCE(name, ?2) FROM t WHERE id = ?1", &p->e));
        if (i == 0)
            stmt_int(s, 1, 1);
        assert_int_equal(stmt_step(s, &p->e), i == 0 ? 1 : 0);
        stmt_done(s);
    }
}

static void a_wide_row_fits(void **state)
{
    struct place *p = *state;
    struct buf b;
    struct stmt *s;

    buf_init(&b, 100000);
    buf_str(&b, "CREATE TABLE wide (c1 BIGINT");
    for (int i = 2; i <= 300; i++)
        buf_printf(&b, ", c%d BIGINT", i);
    buf_char(&b, ')');
    OK(db_exec(p->d, buf_cstr(&b), &p->e));
    buf_clear(&b);
    buf_str(&b, "INSERT INTO wide VALUES (?1");
    for (int i = 2; i <= 300; i++)
        buf_printf(&b, ", ?%d", i);
    buf_char(&b, ')');
    OK(db_prep(&s, p->d, buf_cstr(&b), &p->e));
    for (int i = 1; i <= 300; i++)
        stmt_int(s, i, i);
    OK(stmt_run(s, &p->e));
    stmt_done(s);
    OK(db_prep(&s, p->d, "SELECT c300 FROM wide", &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    assert_int_equal(stmt_col_int(s, 0), 300);
    stmt_done(s);
    buf_done(&b);
}

static void more_statements_than_the_cache_holds(void **state)
{
    struct place *p = *state;
    char sql[64];

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 900; i++) {
            struct stmt *s;

            snprintf(sql, sizeof sql, "SELECT %d", i);
            OK(db_prep(&s, p->d, sql, &p->e));
            assert_int_equal(stmt_step(s, &p->e), 1);
            assert_int_equal(stmt_col_int(s, 0), i);
            stmt_done(s);
        }
}

static void errors_have_codes(void **state)
{
    struct place *p = *state;
    struct stmt *s;

    make_table(p);
    OK(put(p->d, 1, "a", 1, &p->e));
    FAILS(put(p->d, 1, "b", 2, &p->e), ERR_CONFLICT);
    FAILS(db_prep(&s, p->d, "SELECT nothing FROM nowhere", &p->e), ERR_IO);
    assert_null(s);
    assert_string_not_equal(p->e.log, "");
    FAILS(db_exec(p->d, "INSERT INTO t (home, id) VALUES (1, NULL)", &p->e), ERR_INPUT);
    FAILS(db_prep(&s, p->d, "SELECT 1; SELECT 2", &p->e), ERR_IO);
    assert_int_equal(count(p, p->d), 1);
}

static void transactions_and_savepoints(void **state)
{
    struct place *p = *state;

    make_table(p);
    OK(db_begin(p->d, &p->e));
    OK(put(p->d, 1, "a", 1, &p->e));
    OK(db_save(p->d, &p->e));
    OK(put(p->d, 2, "b", 1, &p->e));
    OK(db_save(p->d, &p->e));
    OK(put(p->d, 3, "c", 1, &p->e));
    db_undo(p->d);
    OK(put(p->d, 4, "d", 1, &p->e));
    OK(db_release(p->d, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_int_equal(count(p, p->d), 3);
    OK(db_begin(p->d, &p->e));
    OK(put(p->d, 5, "e", 1, &p->e));
    db_rollback(p->d);
    assert_int_equal(count(p, p->d), 3);
}

static void a_failed_transaction_accepts_only_undo(void **state)
{
    struct place *p = *state;

    make_table(p);
    OK(db_begin(p->d, &p->e));
    OK(put(p->d, 1, "a", 1, &p->e));
    OK(db_save(p->d, &p->e));
    FAILS(put(p->d, 1, "again", 1, &p->e), ERR_CONFLICT);
    FAILS(put(p->d, 2, "b", 1, &p->e), ERR_IO);
    FAILS(db_release(p->d, &p->e), ERR_IO);
    db_undo(p->d);
    OK(put(p->d, 2, "b", 1, &p->e));
    FAILS(put(p->d, 2, "b", 1, &p->e), ERR_CONFLICT);
    FAILS(db_commit(p->d, &p->e), ERR_IO);
    assert_int_equal(count(p, p->d), 0);
}

static void misused_transactions_are_refused(void **state)
{
    struct place *p = *state;

    FAILS(db_save(p->d, &p->e), ERR_IO);
    FAILS(db_release(p->d, &p->e), ERR_IO);
    FAILS(db_commit(p->d, &p->e), ERR_IO);
    db_undo(p->d);
    db_rollback(p->d);
    OK(db_begin(p->d, &p->e));
    FAILS(db_begin(p->d, &p->e), ERR_IO);
    db_rollback(p->d);
}

static void a_reader_cannot_write(void **state)
{
    struct place *p = *state;
    struct db *r;

    make_table(p);
    OK(db_open(&r, p->where, DB_READ, &p->e));
    FAILS(put(r, 1, "a", 1, &p->e), ERR_IO);
    FAILS(db_exec(r, "DROP TABLE t", &p->e), ERR_IO);
    assert_int_equal(count(p, r), 0);
    db_close(r);
}

static void a_reader_keeps_its_snapshot(void **state)
{
    struct place *p = *state;
    struct db *r;

    make_table(p);
    OK(put(p->d, 1, "a", 1, &p->e));
    OK(db_open(&r, p->where, DB_READ, &p->e));
    OK(db_begin(r, &p->e));
    assert_int_equal(count(p, r), 1);
    OK(put(p->d, 2, "b", 1, &p->e));
    assert_int_equal(count(p, r), 1);
    OK(db_commit(r, &p->e));
    assert_int_equal(count(p, r), 2);
    db_close(r);
}

static void a_long_statement_is_stopped(void **state)
{
    struct place *p = *state;
    struct db *r;
    struct stmt *s;
    const char *sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000000) "
                      "SELECT COUNT(*) FROM c";

    OK(db_open(&r, p->where, DB_READ, &p->e));
    db_limit(r, 100000, 100);
    OK(db_prep(&s, r, sql, &p->e));
    FAILS(stmt_step(s, &p->e), ERR_TOOBIG);
    stmt_done(s);
    db_limit(r, 0, 0);
    OK(db_prep(&s, r, "SELECT 1", &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    stmt_done(s);
    db_close(r);
}

static void tables_and_columns_are_known(void **state)
{
    struct place *p = *state;
    char names[8][64];

    make_table(p);
    assert_true(db_has_table(p->d, "t"));
    assert_false(db_has_table(p->d, "t2"));
    assert_int_equal(db_columns(p->d, "t", names, 8), 4);
    assert_string_equal(names[0], "home");
    assert_string_equal(names[3], "amount");
    assert_int_equal(db_columns(p->d, "t", names, 1), 4);
    assert_int_equal(db_columns(p->d, "none", names, 8), 0);
}

/* Streams, and is left early, without disturbing what comes after. */
static void many_rows_left_early(void **state)
{
    struct place *p = *state;
    struct stmt *s, *other;

    make_table(p);
    OK(db_begin(p->d, &p->e));
    for (int i = 0; i < 3000; i++)
        OK(put(p->d, i, "某条内容", i, &p->e));
    OK(db_commit(p->d, &p->e));
    OK(db_prep(&s, p->d, "SELECT id FROM t ORDER BY id", &p->e));
    for (int i = 0; i < 10; i++)
        assert_int_equal(stmt_step(s, &p->e), 1);
    OK(db_prep(&other, p->d, "UPDATE t SET amount = 0 WHERE id < ?1", &p->e));
    stmt_int(other, 1, 5);
    OK(stmt_run(other, &p->e));
    assert_int_equal(stmt_changes(other), 5);
    stmt_done(other);
    for (int i = 10; i < 2000; i++) {
        assert_int_equal(stmt_step(s, &p->e), 1);
        assert_int_equal(stmt_col_int(s, 0), i);
    }
    stmt_done(s);
    assert_int_equal(count(p, p->d), 3000);
}

/* --- PostgreSQL's own troubles */

static void cut_off(struct place *p, struct db *other)
{
    struct stmt *s;
    char pid[32], sql[64];

    if (other) {
        OK(db_prep(&s, other, "SELECT pg_backend_pid()", &p->e));
        assert_int_equal(stmt_step(s, &p->e), 1);
        snprintf(pid, sizeof pid, "%s", stmt_col_text(s, 0));
        stmt_done(s);
        snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%s)", pid);
        OK(db_exec(p->d, sql, &p->e));
        usleep(100000);
    }
}

static void a_lost_connection_comes_back(void **state)
{
    struct place *p = *state;
    struct db *r;
    struct stmt *s;

    if (both_kind == DB_SQLITE)
        return;
    make_table(p);
    OK(put(p->d, 1, "a", 1, &p->e));
    OK(db_open(&r, p->where, DB_READ, &p->e));
    assert_int_equal(count(p, r), 1);
    cut_off(p, r);
    /* The first to notice fails, the next has a new connection with its statements prepared anew. */
    if (db_prep(&s, r, "SELECT COUNT(*) FROM t", &p->e) == 0) {
        FAILS(stmt_step(s, &p->e), ERR_IO);
        stmt_done(s);
    }
    assert_int_equal(count(p, r), 1);
    FAILS(put(r, 2, "b", 1, &p->e), ERR_IO); /* and still only reads */
    assert_int_equal(count(p, r), 1);
    db_close(r);
}

static void a_transaction_does_not_survive_its_connection(void **state)
{
    struct place *p = *state;
    struct db *w;

    if (both_kind == DB_SQLITE)
        return;
    make_table(p);
    OK(db_open(&w, p->where, DB_WRITE, &p->e));
    OK(db_begin(w, &p->e));
    OK(put(w, 1, "a", 1, &p->e));
    cut_off(p, w);
    FAILS(put(w, 2, "b", 1, &p->e), ERR_IO);
    FAILS(put(w, 3, "c", 1, &p->e), ERR_IO);
    FAILS(db_commit(w, &p->e), ERR_IO);
    OK(db_begin(w, &p->e));
    OK(put(w, 4, "d", 1, &p->e));
    OK(db_commit(w, &p->e));
    assert_int_equal(count(p, p->d), 1);
    db_close(w);
}

static void a_table_may_change_under_a_statement(void **state)
{
    struct place *p = *state;
    struct db *r;
    struct stmt *s;

    make_table(p);
    OK(put(p->d, 1, "a", 1, &p->e));
    OK(db_open(&r, p->where, DB_READ, &p->e));
    for (int i = 0; i < 2; i++) {
        OK(db_prep(&s, r, "SELECT * FROM t", &p->e));
        assert_int_equal(stmt_step(s, &p->e), 1);
        assert_int_equal(stmt_cols(s), 4 + i);
        stmt_done(s);
        OK(db_exec(p->d, i == 0 ? "ALTER TABLE t ADD COLUMN more TEXT" : "SELECT 1", &p->e));
    }
    db_close(r);
}

/* --- work put off */

static int put_numbers(struct db *d, void *const *args, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (put(d, *(const int64_t *)args[i], "later", 0, e))
            return -1;
    return 0;
}

static void put_off(struct place *p, int64_t id)
{
    int64_t *arg = malloc(sizeof *arg);

    *arg = id;
    OK(db_put_off(p->d, put_numbers, arg, &p->e));
}

static void calls_put_off_come_with_the_commit(void **state)
{
    struct place *p = *state;

    make_table(p);
    put_off(p, 1); /* outside a transaction: at once */
    assert_int_equal(count(p, p->d), 1);
    OK(db_begin(p->d, &p->e));
    put_off(p, 2);
    OK(db_save(p->d, &p->e));
    put_off(p, 3);
    OK(db_save(p->d, &p->e));
    put_off(p, 4);
    db_undo(p->d);
    put_off(p, 5);
    OK(db_release(p->d, &p->e));
    OK(db_save(p->d, &p->e));
    put_off(p, 6);
    db_undo(p->d);
    assert_int_equal(count(p, p->d), 1);
    OK(db_commit(p->d, &p->e));
    assert_int_equal(count(p, p->d), 4); /* 1 2 3 5 */
    OK(db_begin(p->d, &p->e));
    put_off(p, 7);
    db_rollback(p->d);
    OK(db_begin(p->d, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_int_equal(count(p, p->d), 4);
}

static void a_call_that_fails_fails_the_commit(void **state)
{
    struct place *p = *state;

    make_table(p);
    OK(db_begin(p->d, &p->e));
    OK(put(p->d, 1, "a", 0, &p->e));
    put_off(p, 2);
    put_off(p, 1);
    FAILS(db_commit(p->d, &p->e), ERR_CONFLICT);
    assert_int_equal(count(p, p->d), 0);
    OK(db_begin(p->d, &p->e));
    put_off(p, 1);
    OK(db_commit(p->d, &p->e));
    assert_int_equal(count(p, p->d), 1);
}

static void very_many_calls_are_made_early_and_undone_all_the_same(void **state)
{
    struct place *p = *state;

    make_table(p);
    OK(db_begin(p->d, &p->e));
    put_off(p, 900001);
    OK(db_save(p->d, &p->e));
    for (int i = 0; i < DB_LATER + 10; i++)
        put_off(p, i);
    assert_int_equal(count(p, p->d), DB_LATER);
    db_undo(p->d);
    OK(db_save(p->d, &p->e));
    put_off(p, 900002);
    OK(db_release(p->d, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_int_equal(count(p, p->d), 2);
}

static void a_bad_place_is_said(void **state)
{
    struct place *p = *state;
    struct db *d;

    FAILS(db_open(&d, both_kind == DB_SQLITE ? "/nowhere/at/all.db" : "postgres:host=/nowhere dbname=x", DB_READ,
                  &p->e),
          ERR_IO);
    assert_null(d);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(values_come_back),
    TEST_DB(an_integer_fits_a_text_column),
    TEST_DB(a_statement_nests_in_itself),
    TEST_DB(a_statement_begins_again_without_bindings),
    TEST_DB(a_wide_row_fits),
    TEST_DB(more_statements_than_the_cache_holds),
    TEST_DB(errors_have_codes),
    TEST_DB(transactions_and_savepoints),
    TEST_DB(a_failed_transaction_accepts_only_undo),
    TEST_DB(misused_transactions_are_refused),
    TEST_DB(a_reader_cannot_write),
    TEST_DB(a_reader_keeps_its_snapshot),
    TEST_DB(a_long_statement_is_stopped),
    TEST_DB(tables_and_columns_are_known),
    TEST_DB(many_rows_left_early),
    TEST_DB(a_lost_connection_comes_back),
    TEST_DB(a_transaction_does_not_survive_its_connection),
    TEST_DB(a_table_may_change_under_a_statement),
    TEST_DB(calls_put_off_come_with_the_commit),
    TEST_DB(a_call_that_fails_fails_the_commit),
    TEST_DB(very_many_calls_are_made_early_and_undone_all_the_same),
    TEST_DIR(a_bad_place_is_said),
};
BOTH_MAIN(tests)
