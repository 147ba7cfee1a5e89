/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: data directories, the lock, readers, and the writer's promises. */
#include "both.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct store *open_store(struct place *p)
{
    struct store *s;

    OK(store_create(p->dir, both_kind == DB_SQLITE ? NULL : p->where, &p->e));
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    return s;
}

static int put(struct db *d, void *arg, struct err *e)
{
    struct stmt *s;
    int rc;

    if (db_prep(&s, d, "INSERT INTO s_meta (name, value) VALUES (?1, 'x')", e) < 0)
        return -1;
    stmt_text(s, 1, arg);
    rc = stmt_run(s, e);
    stmt_done(s);
    return rc;
}

static int put_then_fail(struct db *d, void *arg, struct err *e)
{
    return put(d, arg, e) < 0 ? -1 : err_set(e, ERR_INPUT, "不行");
}

static int put_in_open_savepoint_then_fail(struct db *d, void *arg, struct err *e)
{
    return db_save(d, e) < 0 || db_save(d, e) < 0 ? -1 : put_then_fail(d, arg, e);
}

static bool there(struct place *p, struct store *s, const char *name)
{
    struct db *d = store_reader(s, &p->e);
    char *v;
    int rc;

    assert_non_null(d);
    rc = meta_get(&v, p->a, d, name, &p->e);
    OK(rc);
    return rc == 1;
}

static int mode_of(struct place *p, const char *name)
{
    struct stat st;

    assert_int_equal(stat(path_join(p->a, p->dir, name), &st), 0);
    return (int)(st.st_mode & 0777);
}

static void a_directory_is_made_once(void **state)
{
    struct place *p = *state;
    struct store *s;

    FAILS(store_open(&s, p->dir, STORE_WRITE, &p->e), ERR_MISSING);
    assert_null(s);
    s = open_store(p);
    assert_string_equal(store_config(s, "zone"), "480");
    assert_null(store_config(s, "nothing"));
    assert_int_equal(store_kind(s), both_kind);
    assert_string_equal(store_dir(s), p->dir);
    assert_int_equal(mode_of(p, "linli.yaml"), 0600);
    assert_int_equal(mode_of(p, "key"), 0600);
    assert_int_equal(mode_of(p, "files"), 0700);
    if (both_kind == DB_SQLITE)
        assert_int_equal(mode_of(p, "linli.db"), 0600);
    store_close(s);
    FAILS(store_create(p->dir, NULL, &p->e), ERR_CONFLICT);
}

static void a_bad_configuration_is_refused(void **state)
{
    struct place *p = *state;
    const char *path = path_join(p->a, p->dir, "linli.yaml");
    const char *twice = "zone: 480\nzone: 0\n", *list = "- a\n", *torn = "a: [1\nb: 2";
    struct store *s;

    OK(store_create(p->dir, both_kind == DB_SQLITE ? NULL : p->where, &p->e));
    OK(file_write(path, twice, strlen(twice), 0600, &p->e));
    FAILS(store_open(&s, p->dir, STORE_READ, &p->e), ERR_INPUT);
    assert_non_null(strstr(p->e.msg, "第 2 行"));
    OK(file_write(path, list, strlen(list), 0600, &p->e));
    FAILS(store_open(&s, p->dir, STORE_READ, &p->e), ERR_INPUT);
    OK(file_write(path, torn, strlen(torn), 0600, &p->e));
    FAILS(store_open(&s, p->dir, STORE_READ, &p->e), ERR_INPUT);
}

static void one_process_writes(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p), *other;
    char pid[32];

    FAILS(store_open(&other, p->dir, STORE_WRITE, &p->e), ERR_BUSY);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    assert_non_null(strstr(p->e.msg, pid));
    OK(store_open(&other, p->dir, STORE_READ, &p->e));
    assert_false(there(p, other, "a"));
    FAILS(store_write(other, put, "a", &p->e), ERR_IO);
    OK(store_write(s, put, "a", &p->e));
    assert_true(there(p, other, "a"));
    store_close(other);
    store_close(s);
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    store_close(s);
}

static void copy(struct place *p, const char *name, const char *to)
{
    char *text;
    size_t n;

    OK(file_read(&text, &n, p->a, path_join(p->a, p->dir, name), 4096, &p->e));
    OK(file_write(path_join(p->a, to, name), text, n, 0600, &p->e));
}

static void another_directory_on_the_same_server_is_refused(void **state)
{
    struct place *p = *state;
    struct store *s, *other;
    char dir[96];

    if (both_kind == DB_SQLITE)
        return;
    s = open_store(p);
    snprintf(dir, sizeof dir, "%s/second", p->dir);
    FAILS(store_create(dir, p->where, &p->e), ERR_CONFLICT); /* two sites never mix */
    assert_non_null(strstr(p->e.msg, "张表"));
    copy(p, "linli.yaml", dir);
    FAILS(store_open(&other, dir, STORE_READ, &p->e), ERR_REFUSED); /* its key is a new one */
    copy(p, "key", dir);
    FAILS(store_open(&other, dir, STORE_WRITE, &p->e), ERR_BUSY);
    store_close(s);
    OK(store_open(&other, dir, STORE_WRITE, &p->e));
    store_close(other);
}

static void a_closed_store_reads_without_a_server(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);

    OK(store_write(s, put, "a", &p->e));
    store_close(s);
    OK(store_open(&s, p->dir, STORE_READ, &p->e));
    assert_true(there(p, s, "a"));
    store_close(s);
}

static void a_failed_job_leaves_nothing_and_harms_nobody(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);

    FAILS(store_write(s, put_then_fail, "bad", &p->e), ERR_INPUT);
    assert_string_equal(p->e.msg, "不行");
    FAILS(store_write(s, put_in_open_savepoint_then_fail, "bad", &p->e), ERR_INPUT);
    OK(store_write(s, put, "good", &p->e));
    FAILS(store_write(s, put, "good", &p->e), ERR_CONFLICT);
    assert_false(there(p, s, "bad"));
    assert_true(there(p, s, "good"));
    assert_false(store_failed(s));
    store_close(s);
}

/* --- a long job among short ones */

struct among {
    struct store *s;
    pthread_mutex_t gate;        /* held until all have queued */
    atomic_int answered, before; /* short jobs answered: so far, when the long one began */
    bool waited_for;
};

static int wait_at_gate(struct db *d, void *arg, struct err *e)
{
    struct among *m = arg;

    (void)d, (void)e;
    pthread_mutex_lock(&m->gate);
    pthread_mutex_unlock(&m->gate);
    return 0;
}

static int look_around(struct db *d, void *arg, struct err *e)
{
    struct among *m = arg;

    (void)d, (void)e;
    atomic_store(&m->before, atomic_load(&m->answered));
    m->waited_for = store_waited_for(m->s);
    return 0;
}

static void was_answered(struct write_job *job, int rc, const struct err *e)
{
    struct among *m = job->arg;

    (void)e;
    assert_int_equal(rc, 0);
    atomic_fetch_add(&m->answered, 1);
}

/* Whoever came before it has been answered when it begins; whoever comes after it is seen waiting. */
static void nobody_waits_for_a_long_job(void **state)
{
    struct place *p = *state;
    struct among m = {.s = open_store(p), .gate = PTHREAD_MUTEX_INITIALIZER};
    struct write_job jobs[4];

    pthread_mutex_lock(&m.gate);
    for (int i = 0; i < 4; i++) {
        jobs[i] = (struct write_job){
            .fn = i == 2 ? look_around : wait_at_gate, .arg = &m, .done = was_answered, .alone = i == 2};
        store_submit(m.s, &jobs[i]);
    }
    pthread_mutex_unlock(&m.gate);
    OK(store_write(m.s, put, "last", &p->e));
    assert_int_equal(atomic_load(&m.before), 2);
    assert_true(m.waited_for);
    store_close(m.s);
    assert_int_equal(atomic_load(&m.answered), 4);
}

/* --- jobs that may be run again share a transaction without savepoints */

struct again {
    const char *name;
    int fail; /* 1 before it writes, 2 after */
    int runs, rc;
    struct write_job job;
};

static int put_or_fail(struct db *d, void *arg, struct err *e)
{
    struct again *j = arg;

    j->runs++;
    if (j->fail == 1)
        return err_set(e, ERR_INPUT, "不行");
    if (put(d, (void *)(uintptr_t)j->name, e) < 0)
        return -1;
    return j->fail == 2 ? err_set(e, ERR_INPUT, "不行") : 0;
}

static void keep_rc(struct write_job *job, int rc, const struct err *e)
{
    (void)e;
    ((struct again *)job->arg)->rc = rc;
}

/* Behind a closed gate all of them queue up and come into one transaction. */
static void run_together(struct place *p, struct store *s, struct again *v, size_t n)
{
    struct among m = {.s = s, .gate = PTHREAD_MUTEX_INITIALIZER};
    struct write_job first = {.fn = wait_at_gate, .arg = &m, .done = was_answered};

    pthread_mutex_lock(&m.gate);
    store_submit(s, &first);
    for (size_t i = 0; i < n; i++) {
        v[i].job = (struct write_job){.fn = put_or_fail, .arg = &v[i], .done = keep_rc, .again = true};
        store_submit(s, &v[i].job);
    }
    pthread_mutex_unlock(&m.gate);
    OK(store_write(s, wait_at_gate, &m, &p->e)); /* answered after them */
}

static void one_that_fails_undoes_only_itself(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);
    struct again mild[] = {{.name = "m1"}, {.name = "m2", .fail = 1}, {.name = "m3"}};
    struct again hard[] = {{.name = "h1"}, {.name = "h2", .fail = 2}, {.name = "h3"}, {.name = "h1"}};

    run_together(p, s, mild, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mild[i].runs, 1);
        assert_int_equal(mild[i].rc, i == 1 ? -1 : 0);
        assert_int_equal(there(p, s, mild[i].name), i != 1);
    }
    run_together(p, s, hard, 4);
    assert_int_equal(hard[0].runs, 2); /* undone with the second, and run again */
    assert_int_equal(hard[0].rc, 0);
    assert_int_equal(hard[1].rc, -1);
    assert_int_equal(hard[2].rc, 0);
    assert_int_equal(hard[3].rc, -1); /* there already */
    assert_true(there(p, s, "h1"));
    assert_false(there(p, s, "h2"));
    assert_true(there(p, s, "h3"));
    assert_false(store_failed(s));
    store_close(s);
}

/* --- many at once */

#define JOBS 1500

struct many {
    atomic_int good, bad, left;
    struct write_job jobs[JOBS];
};

static void count_answer(struct write_job *job, int rc, const struct err *e)
{
    struct many *m = *(struct many *const *)(const void *)((char *)job->arg - sizeof(struct many *));

    (void)e;
    atomic_fetch_add(rc == 0 ? &m->good : &m->bad, 1);
    atomic_fetch_sub(&m->left, 1);
}

struct named {
    struct many *m;
    char name[16];
};

static void a_queue_is_answered_whole(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);
    struct many *m = calloc(1, sizeof *m);
    struct named *args = calloc(JOBS, sizeof *args);

    atomic_store(&m->left, JOBS);
    for (int i = 0; i < JOBS; i++) {
        args[i].m = m;
        snprintf(args[i].name, sizeof args[i].name, "job%d", i);
        m->jobs[i] =
            (struct write_job){.fn = i % 10 == 9 ? put_then_fail : put, .arg = args[i].name, .done = count_answer};
        store_submit(s, &m->jobs[i]);
    }
    store_close(s); /* finishes what has queued */
    assert_int_equal(atomic_load(&m->left), 0);
    assert_int_equal(atomic_load(&m->bad), JOBS / 10);
    OK(store_open(&s, p->dir, STORE_READ, &p->e));
    assert_true(there(p, s, "job1498"));
    assert_false(there(p, s, "job1499"));
    store_close(s);
    free(args);
    free(m);
}

static void *write_fifty(void *arg)
{
    struct store *s = arg;
    struct err e = {0};
    char name[64];
    intptr_t bad = 0;

    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "t%lu-%d", (unsigned long)pthread_self(), i);
        if (store_write(s, put, name, &e) < 0)
            bad++;
        else {
            struct db *d = store_reader(s, &e);
            struct arena *a = arena_new();
            char *v;

            if (!d || meta_get(&v, a, d, name, &e) != 1) /* what was answered is seen */
                bad++;
            arena_free(a);
        }
    }
    return (void *)bad;
}

static void threads_see_what_was_answered(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);
    pthread_t t[8];

    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&t[i], NULL, write_fifty, s), 0);
    for (int i = 0; i < 8; i++) {
        void *bad;

        pthread_join(t[i], &bad);
        assert_null(bad);
    }
    store_close(s);
}

static int hold(struct db *d, void *arg, struct err *e)
{
    (void)d;
    (void)e;
    while (!atomic_load((atomic_bool *)arg))
        usleep(1000);
    return 0;
}

static void note_busy(struct write_job *job, int rc, const struct err *e)
{
    if (rc < 0 && e->code == ERR_BUSY)
        atomic_fetch_add((atomic_int *)job->arg, 1);
    free(job);
}

static int nothing(struct db *d, void *arg, struct err *e)
{
    (void)d;
    (void)arg;
    (void)e;
    return 0;
}

static void ignore(struct write_job *job, int rc, const struct err *e)
{
    (void)job;
    (void)rc;
    (void)e;
}

static void a_full_queue_says_so(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);
    atomic_bool go = false;
    atomic_int busy = 0;
    struct write_job holder = {.fn = hold, .arg = &go, .done = ignore};

    store_submit(s, &holder);
    usleep(20000);
    for (int i = 0; i < 5000; i++) {
        struct write_job *j = calloc(1, sizeof *j);

        *j = (struct write_job){.fn = nothing, .arg = &busy, .done = note_busy};
        store_submit(s, j);
    }
    assert_true(atomic_load(&busy) >= 5000 - 4096);
    atomic_store(&go, true);
    store_close(s);
}

/* --- after the disk failed */

static int orphan(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return db_exec(d, "INSERT INTO child (id, parent) VALUES (1, 99)", e);
}

static int make_child(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    if (db_exec(d, "CREATE TABLE parent (id BIGINT PRIMARY KEY)", e) < 0)
        return -1;
    return db_exec(d,
                   "CREATE TABLE child (id BIGINT, parent BIGINT REFERENCES parent (id) "
                   "DEFERRABLE INITIALLY DEFERRED)",
                   e);
}

static void a_failed_commit_stops_everything(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);

    OK(store_write(s, put, "before", &p->e));
    OK(store_write(s, make_child, NULL, &p->e));
    FAILS(store_write(s, orphan, NULL, &p->e), ERR_IO); /* its commit fails */
    assert_true(store_failed(s));
    FAILS(store_write(s, put, "after", &p->e), ERR_IO);
    store_close(s);
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    assert_true(there(p, s, "before"));
    assert_false(there(p, s, "after"));
    store_close(s);
}

static int end_the_transaction(struct db *d, void *arg, struct err *e)
{
    return put(d, arg, e) < 0 ? -1 : db_exec(d, "ROLLBACK", e);
}

static void a_job_that_ends_the_transaction_is_not_answered_well(void **state)
{
    struct place *p = *state;
    struct store *s = open_store(p);

    FAILS(store_write(s, end_the_transaction, "lost", &p->e), ERR_IO);
    OK(store_write(s, put, "next", &p->e));
    assert_false(there(p, s, "lost"));
    assert_true(there(p, s, "next"));
    store_close(s);
}

/* In a child process whose files may not grow: what a broken disk looks like. */
static int child_on_a_full_disk(struct place *p, struct store **out)
{
    struct rlimit limit = {0, 0};
    struct store *s;
    int good;

    if (store_open(&s, p->dir, STORE_WRITE, &p->e) < 0 || store_write(s, put, "before", &p->e) < 0)
        return 2;
    *out = s; /* stays open: the process ends like this */
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    good = store_write(s, put, "lost", &p->e);
    if (good == 0 || !store_failed(s))
        return 3;
    limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
    return store_write(s, put, "after", &p->e) == 0 ? 4 : 0;
}

static void a_broken_disk_stops_everything(void **state)
{
    struct place *p = *state;
    struct store *s;
    int status;
    pid_t child;

    if (both_kind == DB_POSTGRES)
        return; /* there it is the server that writes */
    store_close(open_store(p));
    child = fork();
    if (child == 0)
        _exit(child_on_a_full_disk(p, &s));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    OK(store_open(&s, p->dir, STORE_WRITE, &p->e));
    assert_true(there(p, s, "before"));
    assert_false(there(p, s, "lost"));
    assert_false(there(p, s, "after"));
    store_close(s);
}

static void ids_grow(void **state)
{
    int64_t last = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t id = store_id();

        assert_true(id > last);
        last = id;
    }
}

static const struct CMUnitTest tests[] = {
    TEST_DIR(a_directory_is_made_once),
    TEST_DIR(a_bad_configuration_is_refused),
    TEST_DIR(one_process_writes),
    TEST_DIR(another_directory_on_the_same_server_is_refused),
    TEST_DIR(a_closed_store_reads_without_a_server),
    TEST_DIR(a_failed_job_leaves_nothing_and_harms_nobody),
    TEST_DIR(nobody_waits_for_a_long_job),
    TEST_DIR(one_that_fails_undoes_only_itself),
    TEST_DIR(a_queue_is_answered_whole),
    TEST_DIR(threads_see_what_was_answered),
    TEST_DIR(a_full_queue_says_so),
    TEST_DIR(a_failed_commit_stops_everything),
    TEST_DIR(a_job_that_ends_the_transaction_is_not_answered_well),
    TEST_DIR(a_broken_disk_stops_everything),
    TEST_DIR(ids_grow),
};
BOTH_MAIN(tests)
