/* SPDX-License-Identifier: Apache-2.0 */
/* making.c: the mark of a directory that is being made, and taking back what was begun. */
#include "store/making.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/sec.h"
#include "store/db.h"
#include "store/dialect.h"
#include "store/key_check.h"

#define MARK "making"
#define MARK_MAX (64 * 1024)

/* The mark's lines: process, whether the key is ours to remove, the database ("" in the directory). */
struct mark {
    long pid;
    bool key;
    const char *database;
};

static int mark_read(struct mark *m, struct arena *a, const char *path, struct err *e)
{
    char *text, *line[3] = {0}, *save = NULL;
    size_t n;

    *m = (struct mark){.database = ""};
    if (file_read(&text, &n, a, path, MARK_MAX, e) < 0)
        return -1;
    line[0] = strtok_r(text, "\n", &save);
    line[1] = line[0] ? strtok_r(NULL, "\n", &save) : NULL;
    line[2] = line[1] ? strtok_r(NULL, "\n", &save) : NULL;
    m->pid = line[0] ? strtol(line[0], NULL, 10) : 0;
    m->key = line[1] && strcmp(line[1], "key") == 0;
    m->database = line[2] ? line[2] : "";
    return 0;
}

static int mark_write(const struct making *m, const char *path, const struct mark *k, struct err *e)
{
    struct arena *a = arena_new();
    const char *text = arena_printf(a, "%ld\n%s\n%s\n", k->pid, k->key ? "key" : "-", k->database);
    const size_t n = strlen(text);
    int rc = 0;

    if (ftruncate(m->fd, 0) < 0 || pwrite(m->fd, text, n, 0) != (ssize_t)n || fsync(m->fd) < 0)
        rc = err_log(e, "cannot write %s: %s", path, strerror(errno));
    arena_free(a);
    return rc < 0 ? -1 : dir_sync(path, e);
}

/* --- taking back */

static int drop_tables(struct db *d, struct arena *a, struct err *e)
{
    char **names;
    size_t n;

    if (dialect_tables(&names, &n, a, d, e) < 0 || db_begin(d, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (db_exec(d, arena_printf(a, "DROP TABLE \"%s\" CASCADE", names[i]), e) < 0) {
            db_rollback(d);
            return -1;
        }
    return db_commit(d, e);
}

/* Only what was made with this directory's key. */
static int empty_server(struct arena *a, const char *dir, const char *where, struct err *e)
{
    struct sec_key key;
    struct db *d = NULL;
    enum key_check is = KEY_UNKNOWN;
    int rc = -1;

    if (!file_exists(path_join(a, dir, "key")))
        return 0; /* the tables come after the key */
    if (sec_key_load(&key, path_join(a, dir, "key"), false, e) < 0)
        return -1;
    if (db_open(&d, where, DB_WRITE, e) == 0)
        rc = key_check_read(&is, d, &key, e);
    if (rc == 0 && is == KEY_SAME)
        rc = drop_tables(d, a, e);
    db_close(d);
    explicit_bzero(&key, sizeof key);
    return rc;
}

static void remove_all(struct arena *a, const char *dir, const struct mark *k)
{
    static const char *const database[] = {"linli.db", "linli.db-wal", "linli.db-shm"};
    size_t n = k->database[0] ? 0 : sizeof database / sizeof *database;

    unlink(path_join(a, dir, "linli.yaml"));
    for (size_t i = 0; i < n; i++)
        unlink(path_join(a, dir, database[i]));
    unlink(path_join(a, dir, "lock"));
    if (k->key)
        unlink(path_join(a, dir, "key"));
    rmdir(path_join(a, dir, "files")); /* stay if somebody has put something in */
    rmdir(path_join(a, dir, "modules"));
}

static int take_back(const char *dir, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = path_join(a, dir, MARK);
    struct mark k;
    int rc = mark_read(&k, a, path, e);

    if (rc == 0 && k.database[0])
        rc = empty_server(a, dir, k.database, e);
    if (rc == 0 && k.pid) {
        remove_all(a, dir, &k);
        rc = dir_sync(path, e);
    }
    arena_free(a);
    return rc;
}

/* --- the mark */

static int mark_take(struct making *m, const char *path, struct err *e)
{
    m->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m->fd < 0)
        return err_log(e, "cannot open %s: %s", path, strerror(errno));
    if (flock(m->fd, LOCK_EX | LOCK_NB) < 0) {
        close(m->fd);
        m->fd = -1;
        return err_set(e, ERR_BUSY, "另一个 linli init 正在“%s”里工作，请等它做完。", m->dir);
    }
    return 0;
}

static void mark_drop(struct making *m)
{
    struct arena *a = arena_new();
    const char *path = path_join(a, m->dir, MARK);

    unlink(path);
    close(m->fd);
    m->fd = -1;
    if (dir_sync(path, NULL) < 0)
        log_line(LOG_ERROR, "cannot sync %s", m->dir);
    arena_free(a);
}

/* Asked before anything is written: what cannot be reached now cannot be taken back either. */
static int reachable(const char *database, struct err *e)
{
    struct err why = {0};
    struct db *d;

    if (!database)
        return 0;
    if (strncmp(database, "postgres:", 9) != 0 && strncmp(database, "postgresql:", 11) != 0)
        return err_set(e, ERR_INPUT,
                       "不认识数据库“%s”。请写 postgres:连接串（如 postgres:host=… dbname=linli），"
                       "不写则用数据目录里的 SQLite。",
                       database);
    if (db_open(&d, database, DB_WRITE, &why) < 0)
        return err_set(e, ERR_INPUT, "连不上数据库，什么也没有建：%s 请核对连接串，确认服务在运行、数据库已建好。",
                       why.log);
    db_close(d);
    return 0;
}

int making_begin(struct making *m, const char *dir, const char *database, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = path_join(a, dir, MARK), *conf = path_join(a, dir, "linli.yaml");
    struct mark k = {.pid = (long)getpid(), .database = database ? database : ""};
    bool again = file_exists(path);
    int rc = -1;

    *m = (struct making){.dir = dir, .fd = -1};
    if (!again && file_exists(conf)) {
        err_set(e, ERR_CONFLICT, "“%s”里已有 linli.yaml，不能重复初始化。请换一个目录，或直接启动服务。", dir);
        goto out;
    }
    if (reachable(database, e) < 0 || dir_make(dir, 0700, e) < 0 || mark_take(m, path, e) < 0)
        goto out;
    if (again && take_back(dir, e) < 0) {
        close(m->fd); /* the mark stays: there is still something to take back */
        goto out;
    }
    k.key = !file_exists(path_join(a, dir, "key"));
    rc = mark_write(m, path, &k, e);
    if (rc < 0)
        mark_drop(m);
out:
    arena_free(a);
    return rc;
}

void making_end(struct making *m)
{
    mark_drop(m);
}

void making_undo(struct making *m)
{
    struct err e = {0};

    if (take_back(m->dir, &e) < 0) {
        log_line(LOG_ERROR, "%s is not taken back: %s", m->dir, e.log[0] ? e.log : e.msg);
        close(m->fd);
        return;
    }
    mark_drop(m);
}

/* The mark of a process at work is locked. */
static int state_of(const char *dir, const char *path, struct arena *a, int fd, struct err *e)
{
    struct mark k;

    if (flock(fd, LOCK_SH | LOCK_NB) == 0)
        return err_set(e, ERR_CONFLICT, "“%s”的初始化上次没有做完就中断了。请重新运行 linli init，它会从头做起。",
                       dir);
    if (mark_read(&k, a, path, e) < 0)
        return -1;
    return k.pid == (long)getpid() ? 0
                                   : err_set(e, ERR_BUSY, "“%s”正在由另一个 linli init 初始化，请等它做完。", dir);
}

int making_check(const char *dir, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = path_join(a, dir, MARK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = fd < 0 ? 0 : state_of(dir, path, a, fd, e);

    if (fd >= 0)
        close(fd);
    arena_free(a);
    return rc;
}
