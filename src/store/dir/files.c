/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: attachments on disk by their SHA-256. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sec.h"
#include "store/files.h"

#define PIECE (64 * 1024)

struct file_in {
    struct arena *a;
    const char *dir; /* the data directory */
    const char *tmp; /* where it is written first */
    int fd;
    int64_t size, max;
    crypto_hash_sha256_state hash;
};

static int io_error(struct err *e, const char *what, const char *path)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return err_set(e, ERR_IO, "磁盘空间不足，附件未能保存。请联系管理员清理磁盘。");
    return err_log(e, "%s %s: %s", what, path, strerror(errno));
}

/* --- coming in */

int file_in_begin(struct file_in **out, const char *dir, int64_t max, struct err *e)
{
    struct arena *a = arena_new();
    struct file_in *f = arena_alloc(a, sizeof *f);
    char *tmp = arena_printf(a, "%s/files/tmp", dir);

    *out = NULL;
    f->a = a;
    f->dir = arena_str(a, dir);
    f->max = max;
    f->fd = -1;
    if (dir_make(tmp, 0700, e) < 0)
        goto fail;
    tmp = arena_printf(a, "%s/files/tmp/XXXXXX", dir);
    f->fd = mkostemp(tmp, O_CLOEXEC); /* mode 0600 */
    if (f->fd < 0) {
        io_error(e, "create", tmp);
        goto fail;
    }
    f->tmp = tmp;
    crypto_hash_sha256_init(&f->hash);
    *out = f;
    return 0;
fail:
    file_in_drop(f);
    return -1;
}

int file_in_add(struct file_in *f, const void *p, size_t n, struct err *e)
{
    const char *at = p;

    if (n > (uint64_t)(f->max - f->size))
        return err_set(e, ERR_TOOBIG, "附件超过 %lld MB，不能上传。请压缩后重试。",
                       (long long)(f->max / (1024 * 1024)));
    crypto_hash_sha256_update(&f->hash, p, n);
    f->size += (int64_t)n;
    while (n > 0) {
        ssize_t k = write(f->fd, at, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return io_error(e, "write", f->tmp);
        at += k;
        n -= (size_t)k;
    }
    return 0;
}

static int unsynced(struct err *e, const char *path)
{
    io_error(e, "fsync", path);
    return FILES_UNSYNCED;
}

static int sync_folder(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc;

    if (fd < 0)
        return io_error(e, "open", path);
    rc = fsync(fd) < 0 ? unsynced(e, path) : 0;
    close(fd);
    return rc;
}

/* Into its place, durably. Both folders are synced each time: another upload may have made the inner one and not
 * have come to its own sync yet. */
static int settle(struct file_in *f, const char *sha, struct err *e)
{
    char *files = arena_printf(f->a, "%s/files", f->dir);
    char *folder = arena_printf(f->a, "%s/%.2s", files, sha);
    char *path = files_path(f->a, f->dir, sha);
    int rc;

    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return io_error(e, "mkdir", folder);
    if (fsync(f->fd) < 0)
        return unsynced(e, f->tmp);
    if (rename(f->tmp, path) < 0)
        return io_error(e, "rename", path);
    f->tmp = NULL;
    rc = sync_folder(folder, e);
    return rc < 0 ? rc : sync_folder(files, e);
}

int file_in_end(struct file_in *f, char sha[FILES_SHA], int64_t *size, struct err *e)
{
    unsigned char raw[SEC_HASH];
    int rc;

    crypto_hash_sha256_final(&f->hash, raw);
    sec_hex(sha, raw, sizeof raw);
    if (size)
        *size = f->size;
    rc = settle(f, sha, e);
    file_in_drop(f);
    return rc;
}

void file_in_drop(struct file_in *f)
{
    struct arena *a;

    if (!f)
        return;
    if (f->fd >= 0)
        close(f->fd);
    if (f->tmp)
        unlink(f->tmp);
    a = f->a;
    arena_free(a);
}

int files_put(char sha[FILES_SHA], const char *dir, const void *p, size_t n, struct err *e)
{
    struct file_in *f;

    if (file_in_begin(&f, dir, INT64_MAX, e) < 0)
        return -1;
    if (file_in_add(f, p, n, e) < 0) {
        file_in_drop(f);
        return -1;
    }
    return file_in_end(f, sha, NULL, e);
}

/* --- on disk */

char *files_path(struct arena *a, const char *dir, const char *sha)
{
    if (!sha || strlen(sha) != FILES_SHA - 1 || strspn(sha, "0123456789abcdef") != FILES_SHA - 1)
        return NULL;
    return arena_printf(a, "%s/files/%.2s/%s", dir, sha, sha);
}

bool files_here(const char *dir, const char *sha)
{
    struct arena *a = arena_new();
    const char *path = files_path(a, dir, sha);
    bool here = path && file_exists(path);

    arena_free(a);
    return here;
}

static int missing(struct err *e)
{
    return err_set(e, ERR_MISSING, "附件已不存在。如需查看，请联系管理员从备份中找回。");
}

int files_read(char **out, size_t *n, struct arena *a, const char *dir, const char *sha, size_t max, struct err *e)
{
    const char *path = files_path(a, dir, sha);

    if (!path || !file_exists(path))
        return missing(e);
    return file_read(out, n, a, path, max, e);
}

static int hash_file(int fd, const char *path, const char *sha, struct err *e)
{
    crypto_hash_sha256_state h;
    unsigned char raw[SEC_HASH];
    char hex[FILES_SHA], *piece = xmalloc(PIECE);
    ssize_t k;
    int rc;

    crypto_hash_sha256_init(&h);
    while ((k = read(fd, piece, PIECE)) > 0 || (k < 0 && errno == EINTR))
        if (k > 0)
            crypto_hash_sha256_update(&h, (unsigned char *)piece, (unsigned long long)k);
    rc = k < 0 ? io_error(e, "read", path) : 0;
    free(piece);
    if (rc < 0)
        return -1;
    crypto_hash_sha256_final(&h, raw);
    sec_hex(hex, raw, sizeof raw);
    return strcmp(hex, sha) == 0;
}

int files_verify(const char *dir, const char *sha, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = files_path(a, dir, sha);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    int rc = 0;

    if (fd >= 0) {
        rc = hash_file(fd, path, sha, e);
        close(fd);
    } else if (path && errno != ENOENT) {
        rc = io_error(e, "open", path);
    }
    arena_free(a);
    return rc;
}

int files_remove(const char *dir, const char *sha, struct err *e)
{
    struct arena *a = arena_new();
    const char *path = files_path(a, dir, sha);
    int rc = 0;

    if (path && unlink(path) < 0 && errno != ENOENT)
        rc = io_error(e, "unlink", path);
    arena_free(a);
    return rc;
}

int files_sweep(const char *dir, struct err *e)
{
    struct arena *a = arena_new();
    const char *tmp = arena_printf(a, "%s/files/tmp", dir);
    char **names = dir_list(a, tmp);
    int rc = 0;

    for (; *names && rc == 0; names++) {
        const char *path = path_join(a, tmp, *names);

        if (unlink(path) < 0 && errno != ENOENT)
            rc = io_error(e, "unlink", path);
    }
    arena_free(a);
    return rc;
}
