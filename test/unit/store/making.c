/* SPDX-License-Identifier: Apache-2.0 */
/* making.c: a data directory is made wholly or not at all, and opens with its own key only. */
#include "both.h"

#include <sys/wait.h>

#include "store/dialect.h"
#include "store/making.h"

static struct store *open_store(struct place *p)
{
    struct store *s;

    OK(store_create(p->dir, both_kind == DB_SQLITE ? NULL : p->where, &p->e));
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    return s;
}

static void the_key_is_the_one_it_was_made_with(void **state)
{
    struct place *p = *state;
    const char *key = path_join(p->a, p->dir, "key");
    struct store *s = open_store(p);
    struct sec_key fresh;
    char *text;
    size_t n;

    store_close(s);
    OK(file_read(&text, &n, p->a, key, 4096, &p->e));
    unlink(key);
    FAILS(store_open(&s, p->dir, STORE_READ, &p->e), ERR_REFUSED);
    assert_non_null(strstr(p->e.msg, "缺少密钥文件"));
    OK(sec_key_load(&fresh, key, true, &p->e));
    FAILS(store_open(&s, p->dir, STORE_READ, &p->e), ERR_REFUSED);
    FAILS(store_open(&s, p->dir, STORE_WRITE, &p->e), ERR_REFUSED);
    assert_non_null(strstr(p->e.msg, "不是建立这个数据库时的"));
    OK(file_write(key, text, n, 0600, &p->e));
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    store_close(s);
}

/* Made by a program that did not keep the check: it is kept from now on. */
static void an_older_database_takes_its_key(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);
    const char *where = arena_str(p->a, store_where(s)), *key = path_join(p->a, p->dir, "key");
    struct sec_key fresh;

    store_close(s);
    OK(db_open(&p->d, where, DB_WRITE, &p->e));
    OK(db_exec(p->d, "DELETE FROM s_meta WHERE name = 'key.check'", &p->e));
    db_close(p->d);
    p->d = NULL;
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    store_close(s);
    unlink(key);
    OK(sec_key_load(&fresh, key, true, &p->e));
    FAILS(store_open(&s, p->dir, STORE_WRITE, &p->e), ERR_REFUSED);
}

/* --- made wholly or not at all */

static size_t tables(struct place *p, const char *where)
{
    struct db *d;
    char **names;
    size_t n;

    OK(db_open(&d, where, DB_WRITE, &p->e));
    OK(dialect_tables(&names, &n, p->a, d, &p->e));
    db_close(d);
    return n;
}

static const char *database(struct place *p)
{
    return both_kind == DB_SQLITE ? NULL : p->where;
}

static void what_fails_is_taken_back(void **state)
{
    struct place *p = *state;
    struct making m;
    struct store *s;

    OK(making_begin(&m, p->dir, database(p), &p->e));
    OK(store_create(p->dir, database(p), &p->e));
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e)); /* whoever makes it may */
    store_close(s);
    making_undo(&m);
    assert_null(dir_list(p->a, p->dir)[0]);
    if (both_kind == DB_POSTGRES)
        assert_int_equal(tables(p, p->where), 0);
    OK(making_begin(&m, p->dir, database(p), &p->e));
    OK(store_create(p->dir, database(p), &p->e));
    making_end(&m);
    FAILS(making_begin(&m, p->dir, database(p), &p->e), ERR_CONFLICT);
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    store_close(s);
}

/* A process makes it and dies; where is how far it came. */
static void broken_off(struct place *p, bool created)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct making m;

        if (making_begin(&m, p->dir, database(p), &p->e) == 0 && created &&
            store_create(p->dir, database(p), &p->e) == 0)
            _exit(7);
        _exit(created ? 1 : 7);
    }
    waitpid(pid, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void what_was_broken_off_is_made_anew(void **state)
{
    struct place *p = *state;
    struct making m;
    struct store *s;

    broken_off(p, false);
    broken_off(p, true); /* in the place of the other */
    FAILS(store_open(&s, p->dir, STORE_WRITE, &p->e), ERR_CONFLICT);
    assert_non_null(strstr(p->e.msg, "重新运行 linli init"));
    OK(making_begin(&m, p->dir, database(p), &p->e));
    FAILS(making_begin(&(struct making){0}, p->dir, database(p), &p->e), ERR_BUSY);
    OK(store_create(p->dir, database(p), &p->e));
    making_end(&m);
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    store_close(s);
}

/* Somebody else's tables stay, whatever broke off in between. */
static void only_own_tables_are_dropped(void **state)
{
    struct place *p = *state;
    struct making m;
    char dir[96];
    size_t n;

    if (both_kind == DB_SQLITE)
        return;
    snprintf(dir, sizeof dir, "%s/first", p->dir);
    OK(store_create(dir, p->where, &p->e));
    n = tables(p, p->where);
    assert_true(n > 10);
    OK(making_begin(&m, p->dir, p->where, &p->e));
    FAILS(store_create(p->dir, p->where, &p->e), ERR_CONFLICT);
    making_undo(&m);
    assert_int_equal(tables(p, p->where), n);
    assert_false(file_exists(path_join(p->a, p->dir, "key")));
}

static const struct CMUnitTest tests[] = {
    TEST_DIR(the_key_is_the_one_it_was_made_with),
    TEST_DIR(an_older_database_takes_its_key),
    TEST_DIR(what_fails_is_taken_back),
    TEST_DIR(what_was_broken_off_is_made_anew),
    TEST_DIR(only_own_tables_are_dropped),
};

BOTH_MAIN(tests)
