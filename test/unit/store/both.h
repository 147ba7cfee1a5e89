/* SPDX-License-Identifier: Apache-2.0 */
/* both.h: each test of the store runs on SQLite and, where LINLI_TEST_PG holds a connection string
 * (tools/pg.sh start DIR prints one), on PostgreSQL in a schema of its own. */
#ifndef LINLI_TEST_BOTH_H
#define LINLI_TEST_BOTH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/sec.h"
#include "store/migrate.h"
#include "store/store.h"

struct place {
    char dir[64];    /* a folder that goes away afterwards */
    char where[768]; /* as db_open takes it */
    char schema[64]; /* PostgreSQL */
    struct db *d;    /* a writer with the system tables */
    struct arena *a;
    struct err e;
};

static enum db_kind both_kind;

/* Fails the test with what *e says. */
#define OK(x) both_ok((x), &p->e, __FILE__, __LINE__)
static void both_ok(int rc, const struct err *e, const char *file, int line)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s:%d: error %d: %s (%s)\n", file, line, (int)e->code, e->msg, e->log);
    _fail(file, line);
}
/* The call must fail with this code. */
#define FAILS(x, want)                                                                                             \
    do {                                                                                                           \
        err_clear(&p->e);                                                                                          \
        assert_int_equal((x), -1);                                                                                 \
        assert_int_equal(p->e.code, (want));                                                                       \
    } while (0)

static void both_admin(const char *before, const char *schema, const char *after)
{
    struct db *d;
    struct err e = {0};
    char sql[160];

    snprintf(sql, sizeof sql, "%s %s %s", before, schema, after);
    if (db_open(&d, getenv("LINLI_TEST_PG"), DB_WRITE, &e) < 0 || db_exec(d, sql, &e) < 0) {
        fprintf(stderr, "PostgreSQL: %s (%s)\n", e.msg, e.log);
        exit(1);
    }
    db_close(d);
}

static __attribute__((unused)) int place_begin(void **state)
{
    static int count;
    struct place *p = calloc(1, sizeof *p);

    snprintf(p->dir, sizeof p->dir, "/tmp/linli-store-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    p->a = arena_new();
    if (both_kind == DB_SQLITE) {
        snprintf(p->where, sizeof p->where, "%s/test.db", p->dir);
    } else {
        snprintf(p->schema, sizeof p->schema, "t_%ld_%d", (long)getpid(), ++count);
        both_admin("CREATE SCHEMA", p->schema, "");
        snprintf(p->where, sizeof p->where, "%s options='-csearch_path=%s'", getenv("LINLI_TEST_PG"), p->schema);
    }
    *state = p;
    return 0;
}

static __attribute__((unused)) int place_end(void **state)
{
    struct place *p = *state;
    char cmd[128];

    db_close(p->d);
    if (p->schema[0])
        both_admin("DROP SCHEMA", p->schema, "CASCADE");
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", p->dir);
    if (system(cmd) != 0)
        return -1;
    arena_free(p->a);
    free(p);
    return 0;
}

/* With an open writer and the system tables. */
static __attribute__((unused)) int place_begin_db(void **state)
{
    struct place *p;

    place_begin(state);
    p = *state;
    OK(db_open(&p->d, p->where, DB_WRITE, &p->e));
    OK(migrate_system(p->d, &p->e));
    return 0;
}

#define TEST_DB(f) cmocka_unit_test_setup_teardown(f, place_begin_db, place_end)
#define TEST_DIR(f) cmocka_unit_test_setup_teardown(f, place_begin, place_end)

/* Run a group on both back ends. */
#define BOTH_MAIN(group)                                                                                           \
    int main(void)                                                                                                 \
    {                                                                                                              \
        struct err e = {0};                                                                                        \
        int bad;                                                                                                   \
                                                                                                                   \
        if (sec_init(&e) < 0)                                                                                      \
            return 1;                                                                                              \
        both_kind = DB_SQLITE;                                                                                     \
        bad = cmocka_run_group_tests_name("SQLite", group, NULL, NULL);                                            \
        if (!getenv("LINLI_TEST_PG")) {                                                                            \
            fprintf(stderr, "skipped: no PostgreSQL\n");                                                           \
            return bad;                                                                                            \
        }                                                                                                          \
        both_kind = DB_POSTGRES;                                                                                   \
        return bad + cmocka_run_group_tests_name("PostgreSQL", group, NULL, NULL);                                 \
    }

#endif
