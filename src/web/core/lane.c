/* SPDX-License-Identifier: Apache-2.0 */
/* lane.c: the lane of heavy requests. */
#include "web/lane.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "web/dispatch.h"
#include "web/http.h"

struct lane {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread[LANE_WORKERS];
    int threads;
    bool stop;
    struct req *first, *last;
    int waiting;
};

static void *lane_run(void *arg)
{
    struct lane *l = arg;

    pthread_mutex_lock(&l->lock);
    for (;;) {
        while (!l->first && !l->stop)
            pthread_cond_wait(&l->wake, &l->lock);
        struct req *q = l->first;
        if (!q)
            break;
        l->first = q->next;
        if (!l->first)
            l->last = NULL;
        l->waiting--;
        q->next = NULL;
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
    bool room;

    pthread_mutex_lock(&l->lock);
    room = !l->stop && l->waiting < LANE_QUEUE;
    if (room) {
        http_park(q);
        q->next = NULL;
        if (l->last)
            l->last->next = q;
        else
            l->first = q;
        l->last = q;
        l->waiting++;
        pthread_cond_signal(&l->wake);
    }
    pthread_mutex_unlock(&l->lock);
    return room;
}
