/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c: a process that writes is killed at any moment; what it had acknowledged is there afterwards. */
#include "both.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/sys_series.h"
#include "store/sys_trail.h"

#define ROUNDS 12
#define THREADS 4

struct work {
    struct store *s;
    int fd;
    int64_t id; /* written by the job */
};

/* A record, its trail and its number: all or nothing. */
static int write_one(struct db *d, void *arg, struct err *e)
{
    struct work *w = arg;
    struct trail_entry t = {.home = 1, .act = "insert", .table = "visit", .record = w->id, .detail = "{}"};
    struct stmt *s;
    int64_t number;
    char name[32];
    int rc;

    if (series_next(&number, d, 1, "visit", "", e) < 0 || trail_append(d, &t, e) < 0)
        return -1;
    if (db_prep(&s, d, "INSERT INTO s_meta (name, value) VALUES (?1, ?2)", e) < 0)
        return -1;
    snprintf(name, sizeof name, "r%lld", (long long)w->id);
    stmt_text(s, 1, name);
    stmt_int(s, 2, number);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

static void *write_on(void *arg)
{
    struct work w = *(struct work *)arg;
    struct err e = {0};

    for (;;) {
        w.id = store_id();
        if (store_write(w.s, write_one, &w, &e) < 0)
            _exit(9);
        if (write(w.fd, &w.id, sizeof w.id) != sizeof w.id) /* acknowledged */
            _exit(8);
    }
    return NULL;
}

static void child_main(struct place *p, int fd)
{
    struct work w = {.fd = fd};
    pthread_t t[THREADS];

    if (store_open(&w.s, p->dir, STORE_WRITE, &p->e) < 0)
        _exit(7);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, write_on, &w);
    pause();
    _exit(6);
}

static int64_t number(struct place *p, struct db *d, const char *sql)
{
    struct stmt *s;
    int64_t n;

    OK(db_prep(&s, d, sql, &p->e));
    assert_int_equal(stmt_step(s, &p->e), 1);
    n = stmt_col_int(s, 0);
    stmt_done(s);
    return n;
}

/* The ids acknowledged before the child was killed after so many microseconds. */
static size_t run_and_kill(struct place *p, useconds_t us, int64_t *ids, size_t n, size_t max)
{
    int pipes[2], status;
    pid_t child;
    ssize_t k;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        child_main(p, pipes[1]);
    }
    close(pipes[1]);
    k = read(pipes[0], &ids[n], sizeof *ids); /* wait until it writes */
    n += k == sizeof *ids;
    usleep(us);
    kill(child, SIGKILL);
    while (n < max && read(pipes[0], &ids[n], sizeof *ids) == sizeof *ids)
        n++;
    close(pipes[0]);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return n;
}

static void check_all(struct place *p, const int64_t *ids, size_t n)
{
    struct store *s = NULL;
    struct trail_check c;
    struct db *d;

    /* The server may need a moment to notice that the writer is gone. */
    for (int i = 0; i < 100 && store_open(&s, p->dir, STORE_WRITE, &p->e) < 0; i++)
        usleep(50000);
    assert_non_null(s);
    d = store_reader(s, &p->e);
    assert_non_null(d);
    for (size_t i = 0; i < n; i++) {
        char name[32], *v;

        snprintf(name, sizeof name, "r%lld", (long long)ids[i]);
        arena_reset(p->a);
        if (meta_get(&v, p->a, d, name, &p->e) != 1)
            fail_msg("acknowledged id %s is lost", name);
    }
    OK(trail_verify(&c, d, 0, NULL, NULL, &p->e));
    assert_int_equal(c.breaks, 0);
    /* no half of anything: as many records as trail entries as numbers given out */
    assert_int_equal(number(p, d, "SELECT COUNT(*) FROM s_meta WHERE name LIKE 'r%'"), c.entries);
    assert_int_equal(number(p, d, "SELECT last FROM s_series WHERE name = 'visit'"), c.entries);
    store_close(s);
}

static void nothing_acknowledged_is_lost(void **state)
{
    struct place *p = *state;
    size_t max = 400000, n = 0;
    int64_t *ids = calloc(max, sizeof *ids);

    srand((unsigned)getpid());
    OK(store_create(p->dir, both_kind == DB_SQLITE ? NULL : p->where, &p->e));
    for (int i = 0; i < ROUNDS; i++) {
        size_t before = n;

        n = run_and_kill(p, (useconds_t)(rand() % 60000), ids, n, max);
        assert_true(n > before);
        check_all(p, ids, n);
    }
    print_message("%d kills, %zu acknowledged, none lost\n", ROUNDS, n);
    free(ids);
}

static const struct CMUnitTest tests[] = {
    TEST_DIR(nothing_acknowledged_is_lost),
};
BOTH_MAIN(tests)
