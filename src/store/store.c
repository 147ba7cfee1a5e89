/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: a data directory: configuration, lock, key, the writer and each thread's reader. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "store/conf.h"
#include "store/dialect.h"
#include "store/key_check.h"
#include "store/making.h"
#include "store/migrate.h"
#include "store/store.h"
#include "store/writer.h"

struct reader {
    struct store *store;
    struct db *db;
    struct reader *next;
};

struct store {
    struct arena *a;
    const char *dir, *where;
    struct map *conf;
    struct sec_key key;
    enum db_kind kind;
    int lock_fd;
    struct writer *writer; /* NULL when STORE_READ */
    pthread_key_t reader_key;
    bool has_reader_key;
    pthread_mutex_t lock;
    struct reader *readers; /* under lock */
};

/* --- the key and its database belong together */

/* A database made before this was kept takes the key it is opened with. */
static int same_key(const struct store *s, struct db *d, bool write, struct err *e)
{
    enum key_check is;

    if (key_check_read(&is, d, &s->key, e) < 0)
        return -1;
    if (is == KEY_OTHER)
        return err_set(
            e, ERR_REFUSED,
            "密钥文件“%s/key”不是建立这个数据库时的那一个，加密保存的内容用它读不出来。请从备份放回原来的"
            "密钥文件后再启动。",
            s->dir);
    return is == KEY_UNKNOWN && write && db_has_table(d, "s_meta") ? key_check_write(d, &s->key, e) : 0;
}

/* --- making a data directory */

/* The key's mark comes first, in one transaction with the first table: whatever happens later, the tables are known
 * to be this directory's. */
static int begin_tables(struct db *d, struct arena *a, const struct sec_key *k, struct err *e)
{
    char **names;
    size_t n;

    if (dialect_tables(&names, &n, a, d, e) < 0)
        return -1;
    if (n > 0)
        return err_set(
            e, ERR_CONFLICT,
            db_kind(d) == DB_POSTGRES
                ? "数据库里已有 %zu 张表，不能在上面初始化。请另建一个空的数据库；要接着用原有的数据，请放回"
                  "原来的 linli.yaml 和密钥文件 key。"
                : "数据库文件里已有 %zu 张表，但缺少 linli.yaml，不能在上面初始化。请换一个目录；要接着用原有"
                  "的数据，请放回原来的 linli.yaml 和密钥文件 key。",
            n);
    if (db_begin(d, e) < 0)
        return -1;
    if (meta_create(d, e) < 0 || key_check_write(d, k, e) < 0) {
        db_rollback(d);
        return -1;
    }
    return db_commit(d, e);
}

int store_create(const char *dir, const char *database, struct err *e)
{
    struct arena *a = arena_new();
    struct sec_key key;
    struct db *d = NULL;
    const char *where = database ? database : path_join(a, dir, "linli.db");
    int rc = -1;

    if (dir_make(dir, 0700, e) < 0)
        goto out;
    if (file_exists(path_join(a, dir, "linli.yaml"))) {
        rc = err_set(e, ERR_CONFLICT, "“%s”里已有 linli.yaml，不能重复初始化。请换一个目录，或直接启动服务。", dir);
        goto out;
    }
    if (dir_make(path_join(a, dir, "files"), 0700, e) < 0 || dir_make(path_join(a, dir, "modules"), 0700, e) < 0)
        goto out;
    if (sec_key_load(&key, path_join(a, dir, "key"), true, e) < 0)
        goto out;
    if (db_open(&d, where, DB_WRITE, e) < 0 || begin_tables(d, a, &key, e) < 0 || migrate_system(d, e) < 0)
        goto out;
    if (!database)
        chmod(where, 0600);
    /* The configuration comes last: with it the directory counts as made. */
    rc = conf_create(path_join(a, dir, "linli.yaml"), database, e);
out:
    explicit_bzero(&key, sizeof key);
    db_close(d);
    arena_free(a);
    return rc;
}

/* --- opening one */

static int take_lock(struct store *s, struct err *e)
{
    const char *path = path_join(s->a, s->dir, "lock");
    char pid[32] = "";
    ssize_t n;

    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_fd < 0)
        return err_log(e, "cannot open %s: %s", path, strerror(errno));
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        n = read(s->lock_fd, pid, sizeof pid - 1);
        pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
        return err_set(e, ERR_BUSY,
                       "服务正在运行（进程 %s），数据目录“%s”由它写入。请先停止服务，或在服务中完成这项操作。",
                       pid[0] ? pid : "未知", s->dir);
    }
    snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(s->lock_fd, 0) < 0 || pwrite(s->lock_fd, pid, strlen(pid), 0) < 0)
        return err_log(e, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static int take_key(struct store *s, struct err *e)
{
    const char *path = path_join(s->a, s->dir, "key");

    if (!file_exists(path))
        return err_set(e, ERR_REFUSED,
                       "缺少密钥文件“%s”。没有它，加密保存的内容读不出来。请从备份放回原来的密钥文件，不要新建。",
                       path);
    return sec_key_load(&s->key, path, false, e);
}

static int start_writer(struct store *s, struct err *e)
{
    struct db *d = NULL;

    if (take_lock(s, e) < 0 || db_open(&d, s->where, DB_WRITE, e) < 0)
        return -1;
    if (dialect_sole_writer(d, e) < 0 || same_key(s, d, true, e) < 0 || migrate_system(d, e) < 0 ||
        writer_start(&s->writer, d, e) < 0) {
        db_close(d);
        return -1;
    }
    return 0;
}

static void reader_close(void *p)
{
    struct reader *r = p, **at;

    pthread_mutex_lock(&r->store->lock);
    for (at = &r->store->readers; *at != r; at = &(*at)->next)
        ;
    *at = r->next;
    pthread_mutex_unlock(&r->store->lock);
    db_close(r->db);
    free(r);
}

static int read_key_check(struct store *s, struct err *e)
{
    struct db *d = store_reader(s, e);

    return d && same_key(s, d, false, e) == 0 ? migrate_check(d, e) : -1;
}

int store_open(struct store **out, const char *dir, enum store_mode mode, struct err *e)
{
    struct arena *a = arena_new();
    struct store *s = arena_alloc(a, sizeof *s);
    const char *path = path_join(a, dir, "linli.yaml");

    *out = NULL;
    s->a = a;
    s->dir = arena_str(a, dir);
    s->lock_fd = -1;
    pthread_mutex_init(&s->lock, NULL);
    if (!file_exists(path)) {
        err_set(e, ERR_MISSING, "“%s”不是邻里的数据目录：缺少 linli.yaml。请先运行 linli init 初始化。", dir);
        goto fail;
    }
    if (making_check(dir, e) < 0 || conf_read(&s->conf, a, path, e) < 0 || take_key(s, e) < 0)
        goto fail;
    s->where = map_get(s->conf, "database");
    if (!s->where || !s->where[0])
        s->where = path_join(a, dir, "linli.db");
    s->kind = dialect_kind(s->where);
    if (mode == STORE_WRITE && start_writer(s, e) < 0)
        goto fail;
    if (pthread_key_create(&s->reader_key, reader_close) != 0) {
        err_log(e, "pthread_key_create");
        goto fail;
    }
    s->has_reader_key = true;
    if (mode == STORE_READ && read_key_check(s, e) < 0)
        goto fail;
    *out = s;
    return 0;
fail:
    store_close(s);
    return -1;
}

void store_close(struct store *s)
{
    struct arena *a;

    if (!s)
        return;
    while (s->readers) {
        struct reader *r = s->readers;

        s->readers = r->next;
        db_close(r->db);
        free(r);
    }
    if (s->has_reader_key)
        pthread_key_delete(s->reader_key);
    if (s->writer)
        writer_stop(s->writer);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    pthread_mutex_destroy(&s->lock);
    explicit_bzero(&s->key, sizeof s->key);
    a = s->a;
    arena_free(a);
}

/* --- what it knows */

const char *store_dir(const struct store *s)
{
    return s->dir;
}

const char *store_where(const struct store *s)
{
    return s->where;
}

enum db_kind store_kind(const struct store *s)
{
    return s->kind;
}

const struct sec_key *store_key(const struct store *s)
{
    return &s->key;
}

const char *store_config(const struct store *s, const char *name)
{
    return map_get(s->conf, name);
}

int store_config_int(const struct store *s, const char *name, int otherwise)
{
    const char *t = store_config(s, name);
    char *end = NULL;
    long v = t && *t ? strtol(t, &end, 10) : otherwise;

    return end && *end ? otherwise : (int)v;
}

void store_give_up(struct store *s, const struct err *e)
{
    if (s->writer)
        writer_give_up(s->writer, e);
}

bool store_failed(const struct store *s)
{
    return s->writer && writer_failed(s->writer);
}

/* --- reading and writing */

struct db *store_reader(struct store *s, struct err *e)
{
    struct reader *r = pthread_getspecific(s->reader_key);

    if (r)
        return r->db;
    r = xcalloc(1, sizeof *r);
    r->store = s;
    if (db_open(&r->db, s->where, DB_READ, e) < 0) {
        free(r);
        return NULL;
    }
    pthread_setspecific(s->reader_key, r);
    pthread_mutex_lock(&s->lock);
    r->next = s->readers;
    s->readers = r;
    pthread_mutex_unlock(&s->lock);
    return r->db;
}

bool store_waited_for(const struct store *s)
{
    return s->writer && writer_waited_for(s->writer);
}

void store_submit(struct store *s, struct write_job *job)
{
    err_clear(&job->err);
    if (s->writer) {
        writer_submit(s->writer, job);
        return;
    }
    job->rc = err_set(&job->err, ERR_IO, "数据目录以只读方式打开，不能保存。");
    job->done(job, -1, &job->err);
}

struct waiting {
    struct write_job job; /* first: done casts back */
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool answered;
};

static void wait_done(struct write_job *job, int rc, const struct err *e)
{
    struct waiting *w = (struct waiting *)(void *)job;

    (void)rc;
    (void)e;
    pthread_mutex_lock(&w->lock);
    w->answered = true;
    pthread_cond_signal(&w->ready);
    pthread_mutex_unlock(&w->lock);
}

static int write_and_wait(struct store *s, write_fn fn, void *arg, bool alone, struct err *e)
{
    struct waiting w = {.job = {.fn = fn, .arg = arg, .done = wait_done, .alone = alone},
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .ready = PTHREAD_COND_INITIALIZER};

    store_submit(s, &w.job);
    pthread_mutex_lock(&w.lock);
    while (!w.answered)
        pthread_cond_wait(&w.ready, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_mutex_destroy(&w.lock);
    pthread_cond_destroy(&w.ready);
    if (w.job.rc < 0 && e)
        *e = w.job.err;
    return w.job.rc;
}

int store_write(struct store *s, write_fn fn, void *arg, struct err *e)
{
    return write_and_wait(s, fn, arg, false, e);
}

int store_write_long(struct store *s, write_fn fn, void *arg, struct err *e)
{
    return write_and_wait(s, fn, arg, true, e);
}
