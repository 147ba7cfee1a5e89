/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c: one thread takes what has queued, runs each job in a savepoint, commits once, then answers all. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/backend.h"
#include "store/writer.h"

struct writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct write_job *first, *last; /* waiting; under lock */
    atomic_size_t waiting;          /* changed under lock */
    bool stop;
    atomic_bool failed;
    int flush_delay_ms;
    bool wal_busy; /* a reader kept the last checkpoint from finishing */
};

static int64_t clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void sleep_ms(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

static int refuse_failed(struct err *e)
{
    return err_set(e, ERR_IO, "数据未能写入磁盘，服务已停止接收新的内容。请联系管理员检查磁盘后重新启动服务。");
}

void writer_give_up(struct writer *w, const struct err *e)
{
    if (!atomic_exchange(&w->failed, true))
        log_line(LOG_ERROR, "the store stops accepting writes: %s", e->log[0] ? e->log : e->msg);
}

/* --- one batch */

/* May the next job share a transaction with this one? */
static bool goes_with(const struct write_job *next, const struct write_job *with)
{
    return !with || (!next->alone && !with->alone && next->again == with->again);
}

/* The next job; NULL if none is waiting that goes with this one. */
static struct write_job *take(struct writer *w, const struct write_job *with)
{
    struct write_job *j;

    pthread_mutex_lock(&w->lock);
    j = w->first && !goes_with(w->first, with) ? NULL : w->first;
    if (j) {
        w->first = j->next;
        if (!w->first)
            w->last = NULL;
        w->waiting--;
        j->next = NULL;
    }
    pthread_mutex_unlock(&w->lock);
    return j;
}

/* Run one job without a savepoint: SQLite copies each page that is changed within one. 1: it failed after it had
 * changed something, so that the whole transaction has to be undone. -1 as below. */
static int try_job(struct writer *w, struct write_job *j, struct err *e)
{
    struct db *d = w->db;
    uint64_t writes = d->writes;

    err_clear(&j->err);
    j->rc = j->fn(d, j->arg, &j->err);
    if (!db_alive(d)) {
        *e = j->err;
        return -1;
    }
    return d->failed || d->depth > 0 || (j->rc < 0 && d->writes != writes);
}

/* Run one job in its own savepoint. -1: the whole transaction is gone, *e says why. */
static int run_job(struct writer *w, struct write_job *j, struct err *e)
{
    struct db *d = w->db;

    err_clear(&j->err);
    j->rc = -1;
    if (db_save(d, e) < 0)
        return -1;
    j->rc = j->fn(d, j->arg, &j->err);
    if (j->rc == 0 && db_release(d, &j->err) == 0)
        return 0;
    j->rc = -1;
    while (d->depth > 0) /* also savepoints the job left open */
        db_undo(d);
    if (db_alive(d) && !d->failed)
        return 0;
    *e = j->err;
    return -1;
}

/* After one of them has failed half-way: all of them from the start, each in its savepoint. */
static int run_again(struct writer *w, struct write_job *j, struct err *e)
{
    db_rollback(w->db);
    if (db_begin(w->db, e) < 0)
        return -1;
    for (; j; j = j->next)
        if (run_job(w, j, e) < 0)
            return -1;
    return 0;
}

/* Runs what has queued, at most WRITER_BATCH jobs begun within WRITER_BATCH_MS. */
static int run_batch(struct writer *w, struct write_job *j, struct write_job **done, struct err *e)
{
    struct write_job **all = done;
    int64_t until = clock_ms() + WRITER_BATCH_MS;
    int n = 0, spoilt = 0;

    for (; j; j = !spoilt && n < WRITER_BATCH && clock_ms() < until ? take(w, j) : NULL) {
        *done = j;
        done = &j->next;
        n++;
        if (j->again)
            spoilt = try_job(w, j, e);
        else if (run_job(w, j, e) < 0)
            return -1;
        if (spoilt < 0)
            return -1;
    }
    return spoilt ? run_again(w, *all, e) : 0;
}

static void answer(struct write_job *j, int rc, const struct err *e)
{
    while (j) {
        struct write_job *next = j->next; /* done may free the job */

        if (rc < 0 && j->rc == 0) {
            j->rc = -1;
            j->err = *e;
        }
        j->done(j, j->rc, &j->err);
        j = next;
    }
}

static void write_batch(struct writer *w, struct write_job *first)
{
    struct write_job *done = NULL;
    struct err e = {0};
    int rc = -1;

    if (first->alone)
        db_wide(w->db, true);
    if (db_begin(w->db, &e) < 0) {
        first->rc = -1;
        first->err = e;
        done = first;
        if (w->db->fatal && w->db->kind == DB_SQLITE)
            writer_give_up(w, &e);
        answer(done, -1, &e);
        return;
    }
    if (run_batch(w, first, &done, &e) < 0) {
        if (w->db->fatal && w->db->kind == DB_SQLITE)
            writer_give_up(w, &e);
        db_rollback(w->db);
    } else if ((rc = db_commit(w->db, &e)) < 0) {
        writer_give_up(w, &e); /* what the disk holds now is unknown: never try again */
        refuse_failed(&e);
    } else if (w->flush_delay_ms > 0) {
        sleep_ms(w->flush_delay_ms);
    }
    if (rc < 0 && e.code == ERR_NONE)
        refuse_failed(&e);
    answer(done, rc, &e);
}

/* --- the thread */

static void checkpoint(struct writer *w, bool whole)
{
    struct err e = {0};

    if (atomic_load(&w->failed))
        return;
    if (db_checkpoint(w->db, whole, &e) < 0)
        writer_give_up(w, &e);
}

/* Wait for a job; while nothing comes, move the log into the database. NULL: stop. */
static struct write_job *wait_job(struct writer *w)
{
    struct write_job *j;
    bool tried = false;

    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stop) {
        struct timespec t;

        if (w->db->wal_pages == 0 || tried) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_nsec += WRITER_IDLE_MS * 1000000L;
        t.tv_sec += t.tv_nsec / 1000000000;
        t.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&w->wake, &w->lock, &t) != ETIMEDOUT)
            continue;
        pthread_mutex_unlock(&w->lock);
        checkpoint(w, w->db->wal_pages > WRITER_WAL_PAGES / 4);
        db_wide(w->db, false);
        tried = true;
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    j = take(w, NULL);
    return j;
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    struct write_job *j;
    int64_t next_try = WRITER_WAL_PAGES;

    while ((j = wait_job(w)) != NULL) {
        if (atomic_load(&w->failed)) {
            j->rc = refuse_failed(&j->err);
            j->done(j, -1, &j->err);
            continue;
        }
        write_batch(w, j);
        if (w->db->wal_pages < WRITER_WAL_PAGES)
            next_try = WRITER_WAL_PAGES;
        if (w->db->wal_pages < next_try * (w->db->wide ? WRITER_WAL_LONG : 1))
            continue;
        /* The log is used again from its start: an emptied file would have to grow anew. */
        checkpoint(w, w->db->wal_pages >= 4 * WRITER_WAL_PAGES * (w->db->wide ? WRITER_WAL_LONG : 1));
        /* Readers in the way: the log grows by another step before the next attempt. */
        next_try = w->db->wal_pages + WRITER_WAL_PAGES;
    }
    checkpoint(w, true);
    db_close(w->db);
    return NULL;
}

int writer_start(struct writer **out, struct db *d, struct err *e)
{
    struct writer *w = xcalloc(1, sizeof *w);
    const char *delay = getenv("LINLI_FLUSH_DELAY_MS");
    pthread_condattr_t mono;

    w->db = d;
    w->flush_delay_ms = delay ? atoi(delay) : 0;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&mono);
    pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &mono);
    pthread_condattr_destroy(&mono);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        free(w);
        return err_log(e, "cannot start the writer thread");
    }
    *out = w;
    return 0;
}

void writer_stop(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void writer_submit(struct writer *w, struct write_job *j)
{
    bool full;

    j->next = NULL;
    if (atomic_load(&w->failed)) {
        j->rc = refuse_failed(&j->err);
        j->done(j, -1, &j->err);
        return;
    }
    pthread_mutex_lock(&w->lock);
    full = w->waiting >= WRITER_QUEUE || w->stop;
    if (!full) {
        *(w->last ? &w->last->next : &w->first) = j;
        w->last = j;
        if (w->waiting++ == 0)
            pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    if (full) {
        j->rc = err_set(&j->err, ERR_BUSY, "当前提交的人较多，系统正忙，请稍后重试。");
        j->done(j, -1, &j->err);
    }
}

bool writer_waited_for(const struct writer *w)
{
    return atomic_load(&w->waiting) > 0;
}

bool writer_failed(const struct writer *w)
{
    return atomic_load(&w->failed);
}
