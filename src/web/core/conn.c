/* SPDX-License-Identifier: Apache-2.0 */
/* conn.c: open connections and the watch that cuts slow ones. */
#include "web/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"

struct watch {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stop;
    int limits[CONN_PHASE__MAX];
    struct conn *first;
    int64_t count;
};

int64_t mono_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool overdue(const struct watch *w, struct conn *c, int64_t now)
{
    int phase = atomic_load_explicit(&c->phase, memory_order_relaxed);
    int64_t since = atomic_load_explicit(&c->since, memory_order_relaxed);
    int64_t limit = w->limits[phase];

    if (phase == CONN_BODY || phase == CONN_SEND)
        limit += atomic_load_explicit(&c->bytes, memory_order_relaxed) / 65536 * 1000;
    return w->limits[phase] > 0 && now - since > limit;
}

static void *watch_run(void *arg)
{
    struct watch *w = arg;
    struct timespec at;

    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        int64_t now = mono_us() / 1000;
        for (struct conn *c = w->first; c; c = c->next)
            if (overdue(w, c, now)) {
                /* The descriptor is closed only after watch_close, which waits for this lock. */
                shutdown(c->fd, SHUT_RDWR);
                log_line(LOG_INFO, "connection cut: too slow in phase %d", atomic_load(&c->phase));
                conn_phase(c, CONN_RUN);
            }
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += 1;
        pthread_cond_timedwait(&w->wake, &w->lock, &at);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int watch_start(struct watch **out, const int limits[CONN_PHASE__MAX], struct err *e)
{
    struct watch *w = xcalloc(1, sizeof *w);

    memcpy(w->limits, limits, sizeof w->limits);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, watch_run, w) != 0) {
        free(w);
        return err_log(e, "pthread_create: watch");
    }
    *out = w;
    return 0;
}

void watch_stop(struct watch *w)
{
    struct conn *next;

    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    for (struct conn *c = w->first; c; c = next) {
        next = c->next;
        free(c);
    }
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static void address(struct conn *c, const struct sockaddr *sa)
{
    if (sa && sa->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)sa;
        inet_ntop(AF_INET, &v4->sin_addr, c->ip, sizeof c->ip);
        c->loopback = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    } else if (sa && sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)sa;
        inet_ntop(AF_INET6, &v6->sin6_addr, c->ip, sizeof c->ip);
        c->loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
                      (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) && v6->sin6_addr.s6_addr[12] == 127);
    }
}

struct conn *watch_open(struct watch *w, int fd, const void *sockaddr)
{
    struct conn *c = xcalloc(1, sizeof *c);

    c->fd = fd;
    address(c, sockaddr);
    conn_phase(c, CONN_IDLE);
    pthread_mutex_lock(&w->lock);
    c->next = w->first;
    if (w->first)
        w->first->prev = c;
    w->first = c;
    w->count++;
    pthread_mutex_unlock(&w->lock);
    return c;
}

void watch_close(struct watch *w, struct conn *c)
{
    pthread_mutex_lock(&w->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        w->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    w->count--;
    pthread_mutex_unlock(&w->lock);
    free(c);
}

void conn_phase(struct conn *c, enum conn_phase p)
{
    atomic_store_explicit(&c->since, mono_us() / 1000, memory_order_relaxed);
    atomic_store_explicit(&c->bytes, 0, memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)p, memory_order_relaxed);
}

int64_t watch_count(struct watch *w)
{
    pthread_mutex_lock(&w->lock);
    int64_t n = w->count;
    pthread_mutex_unlock(&w->lock);
    return n;
}
