/* SPDX-License-Identifier: Apache-2.0 */
/* lane.c: the lane of heavy requests. */
#include "web/lane.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "web/dispatch.h"
#include "web/http.h"

enum { HASHES, ATTACHMENTS, OTHERS, QUEUES };

/* Which queues a worker takes from, by the order they have started in; the last is that of all further ones. */
static const struct {
    int n, from[2];
    bool stands_back;
} work[] = {{1, {HASHES}, false}, {1, {ATTACHMENTS}, false}, {2, {HASHES, OTHERS}, true}};
enum { WORKS = sizeof work / sizeof *work };

struct queue {
    struct req *first, *last;
    int n;
};

struct lane {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread[LANE_WORKERS];
    int threads, started;
    bool stop;
    struct queue queue[QUEUES];
};

static void queue_put(struct queue *k, struct req *q)
{
    q->next = NULL;
    *(k->last ? &k->last->next : &k->first) = q;
    k->last = q;
    k->n++;
}

static struct req *queue_take(struct queue *k)
{
    struct req *q = k->first;

    if (!q)
        return NULL;
    k->first = q->next;
    if (!k->first)
        k->last = NULL;
    q->next = NULL;
    k->n--;
    return q;
}

/* The next request of these queues, NULL: none. */
static struct req *take(struct lane *l, int kind)
{
    struct req *q = NULL;

    for (int i = 0; i < work[kind].n && !q; i++)
        q = queue_take(&l->queue[work[kind].from[i]]);
    return q;
}

static void *lane_run(void *arg)
{
    struct lane *l = arg;
    struct req *q;
    int kind;

    pthread_mutex_lock(&l->lock);
    kind = l->started < WORKS ? l->started : WORKS - 1;
    l->started++;
    /* On Linux this is about one thread. Where it is not allowed the worker takes its turn like everybody. */
    if (work[kind].stands_back)
        setpriority(PRIO_PROCESS, (id_t)gettid(), LANE_NICE);
    for (;;) {
        while (!(q = take(l, kind)) && !l->stop)
            pthread_cond_wait(&l->wake, &l->lock);
        if (!q)
            break;
        pthread_mutex_unlock(&l->lock);
        dispatch_lane(q);
        pthread_mutex_lock(&l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

int lane_start(struct lane **out, struct err *e)
{
    struct lane *l = xcalloc(1, sizeof *l);

    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wake, NULL);
    for (; l->threads < LANE_WORKERS; l->threads++)
        if (pthread_create(&l->thread[l->threads], NULL, lane_run, l) != 0) {
            lane_stop(l);
            return err_log(e, "pthread_create: lane");
        }
    *out = l;
    return 0;
}

void lane_stop(struct lane *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_cond_broadcast(&l->wake);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < l->threads; i++)
        pthread_join(l->thread[i], NULL);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

bool lane_push(struct lane *l, struct req *q)
{
    static const int of[ROUTE_CLASS__MAX] = {
        [FAST] = OTHERS, [HASH] = HASHES, [FILES] = ATTACHMENTS, [HEAVY] = OTHERS, [WRITE] = OTHERS};
    struct queue *k = &l->queue[q->route ? of[q->route->cls] : OTHERS];
    bool room;

    pthread_mutex_lock(&l->lock);
    room = !l->stop && k->n < LANE_QUEUE;
    if (room) {
        http_park(q);
        queue_put(k, q);
        pthread_cond_broadcast(&l->wake);
    }
    pthread_mutex_unlock(&l->lock);
    return room;
}
