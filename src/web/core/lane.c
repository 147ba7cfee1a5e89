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
    struct queue hashes, others;
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

static void *lane_run(void *arg)
{
    struct lane *l = arg;
    struct req *q;
    bool hashes_only;

    pthread_mutex_lock(&l->lock);
    hashes_only = l->started++ == 0;
    /* On Linux this is about one thread. Where it is not allowed the worker takes its turn like everybody. */
    if (!hashes_only)
        setpriority(PRIO_PROCESS, (id_t)gettid(), LANE_NICE);
    for (;;) {
        while (!l->hashes.first && (hashes_only || !l->others.first) && !l->stop)
            pthread_cond_wait(&l->wake, &l->lock);
        q = queue_take(&l->hashes);
        if (!q && !hashes_only)
            q = queue_take(&l->others);
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
    struct queue *k = q->route && q->route->cls == HASH ? &l->hashes : &l->others;
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
