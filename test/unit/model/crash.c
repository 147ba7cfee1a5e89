/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c: a process that saves, moves and withdraws records is killed at any moment: what it had acknowledged is
 * there, the totals are those of the records, the trail is whole. On both back ends (LINLI_TEST_PG). */
#include "site_case.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#define ROUNDS 6 /* LINLI_CRASH_ROUNDS asks for more: test/crash/records.sh */
#define THREADS 4
#define SEEN_MAX 200000

/* What the child says was done, after it was committed. */
struct said {
    int64_t home, id;
    int version;
    bool gone;
};

struct worker {
    struct site_case *c;
    int fd, no;
};

static void say(const struct worker *w, const struct record *r, bool gone)
{
    struct said s = {r->home, r->id, r->version + gone, gone};

    if (write(w->fd, &s, sizeof s) != sizeof s)
        _exit(8);
}

static void must(int rc, const struct err *e)
{
    if (rc == 0)
        return;
    fprintf(stderr, "child: %s (%s)\n", e->msg, e->log);
    _exit(9);
}

/* One record through its life, each step acknowledged. */
static void one_life(const struct worker *w, struct save *s, int i)
{
    struct site_case *c = w->c;
    int64_t units[] = {c->peach1, c->peach2, c->willow1};
    const struct node *n = tree_find(c->v.units, units[i % 3]);
    struct record *r = record_new(s->a, schema_reg(c->v.schema, "loan"));
    struct child_row *row;
    struct err e = {0};

    r->home = n->home;
    record_set(r, "branch", value_int(n->id));
    record_set(r, "lent_at", value_int(now_ms() + (int64_t)i * 1000 + w->no));
    record_set(r, "kind", value_text(i % 2 ? "tool" : "book"));
    record_set(r, "borrower", value_text(arena_printf(s->a, "人%d", w->no)));
    record_set(r, "fee", value_int(i));
    record_set(r, "broken", value_int(i % 5 == 0));
    row = record_child_add(s->a, r, "helpers");
    row->values[0] = value_text("吴一鸣");
    row->values[2] = value_int(i % 60);
    must(record_save(s, r, NULL, &e), &e);
    say(w, r, false);
    record_set(r, "heads", value_int(i % 9));
    must(record_save(s, r, NULL, &e), &e);
    say(w, r, false);
    if (i % 3 == 1) {
        must(flow_move(s, r, reg_move(r->reg, "lose"), &e), &e);
        say(w, r, false);
    } else if (i % 3 == 2) {
        must(record_withdraw(s, r->reg, r->home, r->id, "试验", &e), &e);
        say(w, r, true);
    }
}

static void *live_on(void *arg)
{
    struct worker *w = arg;
    struct save s = case_save(w->c);

    s.a = arena_new();
    for (int i = 0;; i++) {
        one_life(w, &s, i);
        arena_reset(s.a);
    }
    return NULL;
}

static void child_main(struct site_case *c, int fd)
{
    struct worker w[THREADS];
    pthread_t t[THREADS];
    struct err e = {0};

    date_fix_now(0);
    must(site_open(&c->site, c->p->dir, STORE_WRITE, &e), &e);
    site_hold(c->site, &c->v);
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){c, fd, i};
        pthread_create(&t[i], NULL, live_on, &w[i]);
    }
    pause();
    _exit(6);
}

static size_t run_and_kill(struct site_case *c, useconds_t us, struct said *seen, size_t n)
{
    int pipes[2], status;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        child_main(c, pipes[1]);
    }
    close(pipes[1]);
    fcntl(pipes[0], F_SETPIPE_SZ, 1 << 20);
    if (read(pipes[0], &seen[n], sizeof *seen) == sizeof *seen) /* wait until it writes */
        n++;
    usleep(us);
    kill(child, SIGKILL);
    while (n < SEEN_MAX && read(pipes[0], &seen[n], sizeof *seen) == sizeof *seen)
        n++;
    close(pipes[0]);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return n;
}

/* Every record stands at least at the version that was acknowledged last. */
static void all_there(struct site_case *c, const struct said *seen, size_t n)
{
    struct arena *a = arena_new();
    struct db *d = store_reader(c->site->store, &c->e);

    for (size_t i = 0; i < n; i++) {
        struct record *r;

        if (record_load(&r, a, d, schema_reg(c->v.schema, "loan"), seen[i].home, seen[i].id, &c->e) < 0)
            fail_msg("acknowledged record %lld is lost: %s", (long long)seen[i].id, c->e.msg);
        assert_true(r->version >= seen[i].version);
        assert_true(!seen[i].gone || r->gone);
        assert_int_equal(r->children[0].n, 1);
        if (i % 500 == 0)
            arena_reset(a);
    }
    arena_free(a);
}

static void survives_kill(void **state)
{
    struct site_case *c = *state;
    struct said *seen = calloc(SEEN_MAX, sizeof *seen);
    const char *more = getenv("LINLI_CRASH_ROUNDS");
    int rounds = more ? atoi(more) : ROUNDS;
    size_t n = 0;

    case_close(c);
    for (int round = 0; round < rounds; round++) {
        n = run_and_kill(c, (useconds_t)(20000 + round * 37000 % 400000), seen, n);
        /* The server may need a moment to notice that the writer is gone. */
        for (int i = 0; i < 100 && site_open(&c->site, c->p->dir, STORE_WRITE, &c->e) < 0; i++)
            usleep(50000);
        assert_non_null(c->site);
        memset(&c->v, 0, sizeof c->v);
        case_again(c);
        all_there(c, seen, n);
        case_clean(c);
        case_close(c);
    }
    assert_true(n >= (size_t)rounds);
    print_message("%zu acknowledged writes, %d kills\n", n, rounds);
    free(seen);
}

static const struct CMUnitTest tests[] = {TEST_SITE(survives_kill)};

BOTH_MAIN(tests)
