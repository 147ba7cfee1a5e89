/* SPDX-License-Identifier: Apache-2.0 */
/* import_task.c: uploaded ledgers on their way. */
#include "web/import_task.h"

#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "format/book_read.h"

#define TASK_KEEP_MS ((int64_t)2 * 3600 * 1000)
#define TASK_FILE_MAX ((size_t)50 << 20)

/* The tasks of this process. */
static struct import_task *tasks[TASKS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A thread that is joined here has said its last word: it takes the lock no more. */
static void task_free(struct import_task *t)
{
    struct arena *a = t->a;

    if (t->started)
        pthread_join(t->thread, NULL);
    if (t->run)
        arena_free(t->run);
    for (size_t i = 0; i < t->npast; i++)
        arena_free(t->past[i]);
    arena_free(a);
}

/* --- places */

static bool idle(const struct import_task *t)
{
    return t->holders == 0 && t->phase != TASK_RUNNING;
}

static bool over(const struct import_task *t)
{
    return t->phase == TASK_DONE || t->phase == TASK_FAILED;
}

/* The idle task to give way first, of this user only unless 0: what is over, then what has lain longest. -1: none.
 */
static int first_to_go(int64_t user)
{
    int best = -1;

    for (int i = 0; i < TASKS_MAX; i++) {
        const struct import_task *t = tasks[i], *b = best < 0 ? NULL : tasks[best];

        if (!t || !idle(t) || (user && t->user != user))
            continue;
        if (!b || (over(t) != over(b) ? over(t) : t->used < b->used))
            best = i;
    }
    return best;
}

static void clear(int i)
{
    task_free(tasks[i]);
    tasks[i] = NULL;
}

/* A free place for this user; -1: there is none. The lock is held. */
static int place(int64_t user, int64_t now)
{
    int own = 0, at = -1;

    for (int i = 0; i < TASKS_MAX; i++) {
        if (tasks[i] && idle(tasks[i]) && now - tasks[i]->used > TASK_KEEP_MS)
            clear(i);
        own += tasks[i] && tasks[i]->user == user;
    }
    if (own >= TASKS_USER) {
        at = first_to_go(user);
    } else {
        for (int i = 0; i < TASKS_MAX && at < 0; i++)
            at = tasks[i] ? -1 : i;
        if (at < 0)
            at = first_to_go(0);
    }
    if (at >= 0 && tasks[at])
        clear(at);
    return at;
}

/* --- tasks */

/* The book keeps nothing of the file's bytes. */
static int read_book(struct import_task *t, const char *path, struct err *e)
{
    struct arena *a = arena_new();
    unsigned char hash[SEC_HASH];
    char *bytes;
    size_t n;
    int rc = file_read(&bytes, &n, a, path, TASK_FILE_MAX, e);

    if (rc == 0) {
        sec_sha256(hash, bytes, n);
        sec_hex(t->sha, hash, sizeof hash);
        rc = book_read_bytes(&t->book, t->a, bytes, n, t->file_name, e);
    }
    arena_free(a);
    return rc;
}

struct import_task *task_new(int64_t user, int64_t unit, const char *path, const char *name, struct err *e)
{
    struct arena *a = arena_new();
    struct import_task *t = arena_alloc(a, sizeof *t);
    int at;

    t->a = a;
    t->user = user;
    t->unit = unit;
    t->file_name = arena_str(a, name);
    t->used = now_ms();
    t->holders = 1;
    sec_word(t->token, TASK_TOKEN);
    if (read_book(t, path, e)) {
        arena_free(a);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    at = place(user, t->used);
    if (at >= 0)
        tasks[at] = t;
    pthread_mutex_unlock(&lock);
    if (at < 0) {
        arena_free(a);
        err_set(e, ERR_BUSY, "正在处理的导入太多，请过几分钟再上传。");
        return NULL;
    }
    return t;
}

struct import_task *task_hold(const char *token, int64_t user, struct err *e)
{
    struct import_task *found = NULL;

    pthread_mutex_lock(&lock);
    for (int i = 0; i < TASKS_MAX; i++)
        if (tasks[i] && tasks[i]->map && tasks[i]->user == user && strcmp(tasks[i]->token, token) == 0)
            found = tasks[i];
    if (found) {
        found->holders++;
        found->used = now_ms();
    }
    pthread_mutex_unlock(&lock);
    if (!found)
        err_set(e, ERR_MISSING, "这次上传已经过期，请重新上传文件。重复导入同一份台账不会产生重复的条目。");
    return found;
}

void task_drop(struct import_task *t)
{
    pthread_mutex_lock(&lock);
    t->holders--;
    pthread_mutex_unlock(&lock);
}

void task_discard(struct import_task *t)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < TASKS_MAX; i++)
        if (tasks[i] == t)
            clear(i);
    pthread_mutex_unlock(&lock);
}

void task_plan(struct import_task *t, struct import_map *m, bool recalled, const char *unknown)
{
    pthread_mutex_lock(&lock);
    t->recalled = recalled;
    t->unknown = unknown;
    t->map = m;
    pthread_mutex_unlock(&lock);
}

struct import_task *task_seen(struct import_task *t, struct arena *a)
{
    struct import_task *c = arena_alloc(a, sizeof *c);

    pthread_mutex_lock(&lock);
    *c = *t;
    c->map = intake_map_copy(a, t->map);
    pthread_mutex_unlock(&lock);
    return c;
}

bool task_remap(struct import_task *t, const struct import_map *m)
{
    bool open;

    pthread_mutex_lock(&lock);
    open = t->phase == TASK_PLANNED;
    if (open) {
        t->map = intake_map_copy(t->a, m);
        t->recalled = false;
    }
    pthread_mutex_unlock(&lock);
    return open;
}

/* --- the run */

struct run {
    struct import_task *t, *seen; /* the task, and as it was when it began */
    struct site *site;
    struct actor actor;
};

struct watch {
    struct import_task *t;
    struct import_job *job;
};

static void progress(void *arg, long done, long total)
{
    struct watch *w = arg;

    pthread_mutex_lock(&lock);
    w->t->done = done;
    w->t->total = total;
    w->t->batch = w->job->batch;
    pthread_mutex_unlock(&lock);
}

static bool stops(void *arg)
{
    struct watch *w = arg;
    bool stop;

    pthread_mutex_lock(&lock);
    stop = w->t->stop;
    pthread_mutex_unlock(&lock);
    return stop;
}

static void *run_thread(void *arg)
{
    struct run *r = arg;
    struct import_task *t = r->t, *seen = r->seen;
    struct import_result *result = NULL;
    struct err e = {0};
    struct view v;

    site_hold(r->site, &v);
    struct import_job job = {.site = r->site,
                             .view = &v,
                             .actor = &r->actor,
                             .a = t->run,
                             .book = seen->book,
                             .map = seen->map,
                             .file_name = seen->file_name,
                             .sha = seen->sha,
                             .unit = tree_find(v.units, seen->unit),
                             .progress = progress,
                             .stop = stops};
    struct watch w = {t, &job};
    job.progress_arg = job.stop_arg = &w;
    int rc = job.unit ? intake_run(&result, &job, &e) : err_set(&e, ERR_MISSING, "没有这个组织，它可能已被撤销。");
    if (rc == 0)
        intake_remember(r->site, seen->unit, seen->map, &(struct err){0});
    site_drop(r->site, &v);
    pthread_mutex_lock(&lock);
    t->result = result;
    t->err = e;
    t->batch = job.batch;
    t->phase = rc ? TASK_FAILED : TASK_DONE;
    t->used = now_ms();
    t->holders--;
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* The run's own memory: the actor with the grants of now, and the map nobody edits any more. */
static struct run *run_new(struct import_task *t, struct site *s, const struct actor *actor)
{
    struct arena *a = arena_new();
    struct run *r = arena_alloc(a, sizeof *r);
    struct grant *g = arena_array(a, actor->ngrants + 1, sizeof *g);

    for (size_t i = 0; i < actor->ngrants; i++)
        g[i] = (struct grant){arena_str(a, actor->grants[i].role), actor->grants[i].unit};
    r->t = t;
    r->site = s;
    r->actor = *actor;
    r->actor.name = arena_str(a, actor->name);
    r->actor.grants = g;
    t->run = a;
    return r;
}

/* Ready to run: never run before, or stopped. A thread that has set the phase has said its last word. */
static bool ready(struct import_task *t)
{
    if (t->phase == TASK_DONE && t->result->stopped && t->npast < TASK_RUNS_MAX) {
        pthread_join(t->thread, NULL);
        t->started = false;
        t->past[t->npast++] = t->run;
        t->run = NULL;
        t->result = NULL;
        t->phase = TASK_PLANNED;
    }
    return t->phase == TASK_PLANNED;
}

int task_run(struct import_task *t, struct site *s, const struct actor *actor, struct err *e)
{
    int rc = 0;

    pthread_mutex_lock(&lock);
    if (ready(t)) {
        struct run *r = run_new(t, s, actor);

        r->seen = arena_alloc(t->run, sizeof *r->seen);
        *r->seen = *t;
        r->seen->map = intake_map_copy(t->run, t->map);
        t->stop = false;
        t->done = t->total = 0;
        rc = pthread_create(&t->thread, NULL, run_thread, r);
        if (rc == 0) {
            t->started = true;
            t->phase = TASK_RUNNING;
            t->holders++;
        } else {
            arena_free(t->run);
            t->run = NULL;
        }
    }
    pthread_mutex_unlock(&lock); /* not ready: pressed twice, it runs or has run */
    return rc ? err_set(e, ERR_BUSY, "现在无法开始导入，请稍后再试。") : 0;
}

void task_stop(struct import_task *t)
{
    pthread_mutex_lock(&lock);
    t->stop = true;
    pthread_mutex_unlock(&lock);
}

bool task_runs(int64_t batch)
{
    bool any = false;

    pthread_mutex_lock(&lock);
    for (int i = 0; i < TASKS_MAX; i++)
        any |= tasks[i] && tasks[i]->phase == TASK_RUNNING && tasks[i]->batch == batch;
    pthread_mutex_unlock(&lock);
    return any;
}

void task_finish_all(void)
{
    for (int i = 0; i < TASKS_MAX; i++) {
        struct import_task *t;

        pthread_mutex_lock(&lock);
        t = tasks[i];
        tasks[i] = NULL;
        if (t)
            t->stop = true;
        pthread_mutex_unlock(&lock);
        if (t)
            task_free(t); /* outside the lock: the run still needs it */
    }
}
