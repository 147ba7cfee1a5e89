/* SPDX-License-Identifier: Apache-2.0 */
/* import_task.c: uploaded ledgers on their way. */
#include "web/import_task.h"

#include <pthread.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "format/book_read.h"

#define TASK_KEEP_MS ((int64_t)2 * 3600 * 1000)
#define TASK_FILE_MAX ((size_t)50 << 20)

/* The tasks of this process. */
static struct import_task *tasks[TASKS_MAX];
static int running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;

static void task_free(struct import_task *t)
{
    struct arena *a = t->a;
    arena_free(a);
}

/* A free place; the lock is held. Tasks nobody has used for long make room. */
static int place(int64_t now)
{
    for (int i = 0; i < TASKS_MAX; i++) {
        struct import_task *t = tasks[i];
        if (t && t->holders == 0 && t->phase != TASK_RUNNING && now - t->used > TASK_KEEP_MS) {
            task_free(t);
            tasks[i] = NULL;
        }
        if (!tasks[i])
            return i;
    }
    return -1;
}

static int read_book(struct import_task *t, const char *path, struct err *e)
{
    char *bytes;
    size_t n;
    unsigned char hash[SEC_HASH];
    if (file_read(&bytes, &n, t->a, path, TASK_FILE_MAX, e))
        return -1;
    sec_sha256(hash, bytes, n);
    sec_hex(t->sha, hash, sizeof hash);
    return book_read_bytes(&t->book, t->a, bytes, n, t->file_name, e);
}

struct import_task *task_new(const struct actor *actor, int64_t unit, const char *path, const char *name,
                             struct err *e)
{
    struct arena *a = arena_new();
    struct import_task *t = arena_alloc(a, sizeof *t);
    t->a = a;
    t->user = actor->user;
    t->unit = unit;
    t->actor = (struct actor){.user = actor->user, .name = arena_str(a, actor->name), .grants = t->grants};
    for (size_t i = 0; i < actor->ngrants && i < sizeof t->grants / sizeof *t->grants; i++)
        t->grants[t->actor.ngrants++] = (struct grant){arena_str(a, actor->grants[i].role), actor->grants[i].unit};
    t->file_name = arena_str(a, name);
    t->used = now_ms();
    t->holders = 1;
    sec_word(t->token, TASK_TOKEN);
    if (read_book(t, path, e)) {
        arena_free(a);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    int at = place(t->used);
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
        if (tasks[i] && tasks[i]->user == user && strcmp(tasks[i]->token, token) == 0)
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

struct run {
    struct import_task *t;
    struct site *site;
};

static void progress(void *arg, long done, long total)
{
    struct import_task *t = arg;
    pthread_mutex_lock(&lock);
    t->done = done;
    t->total = total;
    pthread_mutex_unlock(&lock);
}

static void *run_thread(void *arg)
{
    struct run *r = arg;
    struct import_task *t = r->t;
    struct view v;
    struct err e = {0};
    struct import_result *result = NULL;
    site_hold(r->site, &v);
    struct import_job job = {.site = r->site,
                             .view = &v,
                             .actor = &t->actor,
                             .a = t->a,
                             .book = t->book,
                             .map = t->map,
                             .file_name = t->file_name,
                             .sha = t->sha,
                             .unit = tree_find(v.units, t->unit),
                             .progress = progress,
                             .progress_arg = t};
    int rc = intake_run(&result, &job, &e);
    if (rc == 0)
        intake_remember(r->site, t->unit, t->map, &(struct err){0});
    site_drop(r->site, &v);
    pthread_mutex_lock(&lock);
    t->result = result;
    t->err = e;
    t->phase = rc ? TASK_FAILED : TASK_DONE;
    t->used = now_ms();
    t->holders--;
    running--;
    pthread_cond_broadcast(&idle);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int task_run(struct import_task *t, struct site *s, struct err *e)
{
    pthread_t thread;
    pthread_mutex_lock(&lock);
    bool ready = t->phase == TASK_PLANNED || t->phase == TASK_FAILED;
    if (ready) {
        t->phase = TASK_RUNNING;
        t->holders++;
        running++;
    }
    pthread_mutex_unlock(&lock);
    if (!ready)
        return 0; /* pressed twice: it runs, or has run */
    struct run *r = arena_alloc(t->a, sizeof *r);
    *r = (struct run){t, s};
    if (pthread_create(&thread, NULL, run_thread, r) == 0) {
        pthread_detach(thread);
        return 0;
    }
    pthread_mutex_lock(&lock);
    t->phase = TASK_PLANNED;
    t->holders--;
    running--;
    pthread_mutex_unlock(&lock);
    return err_set(e, ERR_BUSY, "现在无法开始导入，请稍后再试。");
}

void task_finish_all(void)
{
    pthread_mutex_lock(&lock);
    while (running > 0)
        pthread_cond_wait(&idle, &lock);
    for (int i = 0; i < TASKS_MAX; i++)
        if (tasks[i]) {
            task_free(tasks[i]);
            tasks[i] = NULL;
        }
    pthread_mutex_unlock(&lock);
}
