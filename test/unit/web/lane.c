/* SPDX-License-Identifier: Apache-2.0 */
/* lane.c: whoever logs in or looks at photos does not wait behind long jobs; a full queue refuses. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/dispatch.h"
#include "web/http.h"
#include "web/http_inner.h"
#include "web/lane.h"
#include "web/request.h"
#include "web/route.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool gate;                   /* long jobs may end */
static int begun, hashed, sent;     /* long jobs, hashes, files */
static int eager_jobs, eager_files; /* long jobs, files that ran at the priority of a request thread */

void http_park(struct req *q)
{
    (void)q;
}

/* Instead of the program's own: a long job ends when the gate opens, a hash at once. */
void dispatch_lane(struct req *q)
{
    pthread_mutex_lock(&lock);
    if (q->route->cls == HASH) {
        hashed++;
    } else if (q->route->cls == FILES) {
        sent++;
        eager_files += getpriority(PRIO_PROCESS, (id_t)gettid()) < LANE_NICE;
    } else {
        begun++;
        eager_jobs += getpriority(PRIO_PROCESS, (id_t)gettid()) < LANE_NICE;
        while (!gate)
            pthread_cond_wait(&moved, &lock);
    }
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
}

static void logins_and_photos_pass_long_jobs(void **state)
{
    static const struct route heavy = {.cls = HEAVY}, hash = {.cls = HASH}, file = {.cls = FILES};
    static struct req job[LANE_QUEUE + LANE_WORKERS + 1], login[2], photo[12];
    struct lane *l;
    struct err e = {0};
    int refused = 0, usual = getpriority(PRIO_PROCESS, (id_t)gettid());

    (void)state;
    assert_int_equal(lane_start(&l, &e), 0);
    for (size_t i = 0; i < sizeof job / sizeof *job; i++) {
        job[i].route = &heavy;
        refused += !lane_push(l, &job[i]);
    }
    assert_true(refused >= 1); /* more than the queue and all workers hold */
    for (int i = 0; i < 2; i++) {
        login[i].route = &hash;
        assert_true(lane_push(l, &login[i]));
    }
    for (int i = 0; i < 12; i++) {
        photo[i].route = &file;
        assert_true(lane_push(l, &photo[i]));
    }
    pthread_mutex_lock(&lock);
    while (hashed < 2 ||
           sent < 12) /* with the gate shut: waits for ever where one of them stands behind a long job */
        pthread_cond_wait(&moved, &lock);
    assert_true(begun <= LANE_WORKERS - 2); /* not the ones kept for hashes and for files */
    gate = true;
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
    lane_stop(l); /* what has queued is finished */
    assert_int_equal(begun + refused, (int)(sizeof job / sizeof *job));
    assert_int_equal(eager_jobs, 0);
    assert_int_equal(eager_files, 12);
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)gettid()), usual); /* nobody else stands back */
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(logins_and_photos_pass_long_jobs)};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
