/* SPDX-License-Identifier: Apache-2.0 */
/* fence.c: what a user's SELECT may not do, and what it may. */
#include "both.h"

#include "store/fence.h"

static const char *const tables[] = {"r_visit", "r_dispute", NULL};

static struct db *reader(struct place *p)
{
    struct db *r;

    OK(db_exec(p->d, "CREATE TABLE r_visit (id BIGINT, name TEXT, amount BIGINT)", &p->e));
    OK(db_exec(p->d, "CREATE TABLE r_dispute (id BIGINT, visit BIGINT)", &p->e));
    OK(db_exec(p->d, "CREATE TABLE r_secret (id BIGINT, name TEXT)", &p->e));
    OK(db_exec(p->d, "INSERT INTO r_visit VALUES (1, '甲', 10), (2, '乙', 20), (3, '甲', 5)", &p->e));
    OK(db_exec(p->d, "INSERT INTO r_dispute VALUES (7, 1), (8, 3)", &p->e));
    OK(db_exec(p->d, "INSERT INTO r_secret VALUES (1, '机密')", &p->e));
    OK(db_open(&r, p->where, DB_READ, &p->e));
    return r;
}

static int take(void *arg, const struct stmt *s, struct err *e)
{
    struct buf *b = arg;
    int i;

    (void)e;
    for (i = 0; i < stmt_cols(s); i++)
        buf_printf(b, "%s%s", i ? "," : "", stmt_col_null(s, i) ? "-" : stmt_col_text(s, i));
    buf_char(b, ' ');
    return 0;
}

static int run(struct place *p, struct db *r, const char *sql, struct buf *b)
{
    struct fence f = {.tables = tables, .steps = 2000000, .ms = 300, .rows = 1000};
    const char *params[] = {"甲"};

    buf_clear(b);
    err_clear(&p->e);
    return fence_run(r, &f, sql, params, strstr(sql, "?1") != NULL, take, b, &p->e);
}

static void allowed_ones_give_rows(void **state)
{
    struct place *p = *state;
    struct db *r = reader(p);
    static const char *const good[][2] = {
        {"SELECT id FROM r_visit ORDER BY id", "1 2 3 "},
        {"select name, sum(amount) as 合计 from r_visit group by name order by 2", "甲,15 乙,20 "},
        {"SELECT COUNT(*) FROM r_visit", "3 "},
        {"SELECT v.id FROM r_visit v JOIN r_dispute d ON d.visit = v.id WHERE (v.amount > 5)", "1 "},
        {"WITH x AS (SELECT id FROM r_visit WHERE name = ?1) SELECT COUNT(*) FROM x", "2 "},
        {"SELECT id FROM r_visit WHERE id IN (SELECT visit FROM r_dispute) ORDER BY id LIMIT 1", "1 "},
        {"SELECT CASE WHEN amount >= 10 THEN '大' ELSE '小' END FROM r_visit ORDER BY id", "大 大 小 "},
        {"SELECT name FROM r_visit WHERE name = 'r_secret; DROP TABLE x'", ""},
        {"SELECT \"id\" FROM \"r_visit\" WHERE id = 1", "1 "},
        {"SELECT id, row_number() OVER (ORDER BY amount) FROM r_visit ORDER BY id", "1,2 2,3 3,1 "},
    };
    struct buf b;

    buf_init(&b, 10000);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        OK(run(p, r, good[i][0], &b));
        assert_string_equal(buf_cstr(&b), good[i][1]);
    }
    buf_done(&b);
    db_close(r);
}

/* Each must fail, and without giving a row. */
static const char *const refused[] = {
    "SELECT name FROM r_secret",
    "SELECT name FROM R_SECRET",
    "SELECT name FROM \"r_secret\"",
    "SELECT name FROM main.r_secret",
    "SELECT id FROM r_visit UNION SELECT id FROM r_secret",
    "SELECT (SELECT name FROM r_secret)",
    "WITH x AS (SELECT name FROM r_secret) SELECT * FROM x",
    "SELECT v.id FROM r_visit v, r_secret s",
    "SELECT COUNT(*) FROM r_secret",
    "SELECT password FROM s_user",
    "SELECT hash FROM s_trail",
    "SELECT sql FROM sqlite_master",
    "SELECT sql FROM sqlite_schema",
    "SELECT sql FROM \"SQLITE_SCHEMA\"",
    "SELECT * FROM pragma_table_info('s_user')",
    "SELECT * FROM dbstat",
    "SELECT * FROM json_each('[1]')",
    "SELECT * FROM pg_catalog.pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM information_schema.tables",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_sleep(5)",
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    "SELECT load_extension('x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT randomblob(1000000)",
    "SELECT set_config('a', 'b', false)",
    "SELECT \"pg_sleep\"(5)",
    "SELECT pg_sleep /**/ (5)",
    "SELECT 1; SELECT 2",
    "SELECT 1;",
    "SELECT 1 -- x",
    "SELECT /* x */ 1",
    "SELECT $$x$$",
    "SELECT E'\\x41'",
    "SELECT U&'\\0041'",
    "SELECT x'41'",
    "SELECT 'a''b'",
    "SELECT 'open",
    "SELECT (1",
    "SELECT 1)",
    "",
    "   ",
    "EXPLAIN SELECT 1",
    "VALUES (1)",
    "TABLE r_visit",
    "DELETE FROM r_visit",
    "INSERT INTO r_visit VALUES (9, 'x', 1)",
    "WITH x AS (DELETE FROM r_visit RETURNING id) SELECT * FROM x",
    "SELECT id INTO r_new FROM r_visit",
    "SELECT id FROM r_visit FOR UPDATE",
    "DROP TABLE r_visit",
    "PRAGMA table_info(s_user)",
    "ATTACH DATABASE 'x' AS y",
    "COPY r_visit TO '/tmp/x'",
    "SET statement_timeout = 0",
    "BEGIN",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    "WITH c AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    "SELECT nothing FROM r_visit",
    "SELECT FROM WHERE",
};

static void others_are_refused(void **state)
{
    struct place *p = *state;
    struct db *r = reader(p);
    struct buf b;

    buf_init(&b, 10000);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (run(p, r, refused[i], &b) != -1)
            fail_msg("allowed: %s", refused[i]);
        assert_string_equal(buf_cstr(&b), "");
        assert_string_not_equal(p->e.msg, "");
        if (p->e.code != ERR_DENIED && p->e.code != ERR_INPUT)
            fail_msg("code %d: %s", (int)p->e.code, refused[i]);
    }
    OK(run(p, r, "SELECT COUNT(*) FROM r_visit", &b));
    assert_string_equal(buf_cstr(&b), "3 ");
    buf_done(&b);
    db_close(r);
}

/* A statement the program itself has prepared does not open the fence for the same text. */
static void the_cache_is_no_way_around(void **state)
{
    struct place *p = *state;
    struct db *r = reader(p);
    struct stmt *s;
    struct buf b;

    buf_init(&b, 1000);
    OK(db_prep(&s, r, "SELECT name FROM r_secret", &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    stmt_done(s);
    assert_int_equal(run(p, r, "SELECT name FROM r_secret", &b), -1);
    assert_int_equal(p->e.code, ERR_DENIED);
    OK(db_prep(&s, r, "SELECT name FROM r_secret", &p->e)); /* and the program is not fenced in */
    assert_int_equal(stmt_step(s, &p->e), 1);
    stmt_done(s);
    buf_done(&b);
    db_close(r);
}

static void what_takes_long_or_gives_much_is_stopped(void **state)
{
    struct place *p = *state;
    struct db *r = reader(p);
    struct buf b;
    char sql[1000] = "SELECT COUNT(*) FROM r_visit a0";

    OK(db_begin(p->d, &p->e));
    for (int i = 0; i < 1200; i++)
        OK(db_exec(p->d, "INSERT INTO r_visit VALUES (9, 'x', 1)", &p->e));
    OK(db_commit(p->d, &p->e));
    buf_init(&b, 100000);
    for (int i = 1; i < 6; i++)
        snprintf(sql + strlen(sql), sizeof sql - strlen(sql), " CROSS JOIN r_visit a%d", i);
    FAILS(run(p, r, sql, &b), ERR_TOOBIG);
    FAILS(run(p, r, "SELECT id FROM r_visit", &b), ERR_TOOBIG);
    memset(sql, ' ', sizeof sql);
    OK(run(p, r, "SELECT COUNT(*) FROM r_visit", &b));
    buf_done(&b);
    db_close(r);
}

static void a_very_long_text_is_refused(void **state)
{
    struct place *p = *state;
    struct db *r = reader(p);
    char *sql = calloc(1, FENCE_SQL + 100);
    struct buf b;

    buf_init(&b, 1000);
    memset(sql, ' ', FENCE_SQL + 50);
    memcpy(sql, "SELECT 1", 8);
    FAILS(run(p, r, sql, &b), ERR_TOOBIG);
    buf_done(&b);
    free(sql);
    db_close(r);
}

static void a_writer_is_not_given_to_users(void **state)
{
    struct place *p = *state;
    struct buf b;

    buf_init(&b, 1000);
    FAILS(run(p, p->d, "SELECT 1", &b), ERR_IO);
    buf_done(&b);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(allowed_ones_give_rows),      TEST_DB(others_are_refused),
    TEST_DB(the_cache_is_no_way_around),  TEST_DB(what_takes_long_or_gives_much_is_stopped),
    TEST_DB(a_very_long_text_is_refused), TEST_DB(a_writer_is_not_given_to_users),
};
BOTH_MAIN(tests)
