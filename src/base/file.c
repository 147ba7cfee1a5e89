/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: whole files, read with a ceiling and written durably. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_to_read(const char *path, struct err *e)
{
    if (!strcmp(path, "-"))
        return STDIN_FILENO;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0)
        return fd;
    if (errno == ENOENT || errno == ENOTDIR)
        return err_set(e, ERR_MISSING, "找不到文件“%s”，请核对路径和文件名。", path);
    if (errno == EACCES || errno == EPERM)
        return err_set(e, ERR_DENIED, "没有读取文件“%s”的权限，请检查文件权限或换一个用户运行。", path);
    return err_log(e, "open %s: %s", path, strerror(errno));
}

static int read_all(struct buf *b, int fd, const char *path, struct err *e)
{
    char chunk[65536];
    for (;;) {
        ssize_t r = read(fd, chunk, sizeof chunk);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0 && errno == EISDIR)
            return err_set(e, ERR_INPUT, "“%s”是文件夹，不是文件，请指定其中的一个文件。", path);
        if (r < 0)
            return err_log(e, "read %s: %s", path, strerror(errno));
        if (r == 0)
            return 0;
        buf_add(b, chunk, (size_t)r);
        if (buf_overflow(b))
            return err_set(e, ERR_TOOBIG, "文件“%s”超过 %zu 字节的上限，请拆分或压缩后再试。", path, b->max);
    }
}

int file_read(char **out, size_t *n, struct arena *a, const char *path, size_t max, struct err *e)
{
    struct buf b;
    int fd = open_to_read(path, e);
    if (fd < 0)
        return -1;
    buf_init(&b, max);
    int rc = read_all(&b, fd, path, e);
    if (rc == 0) {
        *out = arena_strn(a, buf_cstr(&b), b.n);
        if (n)
            *n = b.n;
    }
    buf_done(&b);
    if (fd != STDIN_FILENO)
        close(fd);
    return rc;
}

static int write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return -1;
        p += w;
        n -= (size_t)w;
    }
    return 0;
}

int dir_sync(const char *path, struct err *e)
{
    const char *base = path_base(path);
    char *dir = base == path ? xstrdup(".") : strndup(path, (size_t)(base - path));
    int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int rc = fd >= 0 ? fsync(fd) : -1;
    if (rc)
        err_log(e, "fsync folder %s: %s", dir ? dir : path, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(dir);
    return rc;
}

int file_write(const char *path, const void *p, size_t n, int mode, struct err *e)
{
    int rc = -1;
    size_t room = strlen(path) + 32;
    char *tmp = xmalloc(room);
    snprintf(tmp, room, "%s.tmp%ld", path, (long)getpid());
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0) {
        err_log(e, "create %s: %s", tmp, strerror(errno));
        goto out;
    }
    if (fchmod(fd, (mode_t)mode) || write_all(fd, p, n) || fsync(fd)) {
        err_log(e, "write %s: %s", tmp, strerror(errno));
        goto out;
    }
    if (close(fd)) {
        fd = -1;
        err_log(e, "close %s: %s", tmp, strerror(errno));
        goto out;
    }
    fd = -1;
    if (rename(tmp, path)) {
        err_log(e, "rename %s: %s", tmp, strerror(errno));
        goto out;
    }
    rc = dir_sync(path, e);
out:
    if (fd >= 0)
        close(fd);
    if (rc)
        unlink(tmp);
    free(tmp);
    return rc;
}

int dir_make(const char *path, int mode, struct err *e)
{
    char *dir = xstrdup(path);
    int rc = 0;
    for (char *p = dir + 1; rc == 0; p++) {
        if (*p && *p != '/')
            continue;
        char was = *p;
        *p = '\0';
        struct stat st;
        if (mkdir(dir, (mode_t)mode) && (errno != EEXIST || stat(dir, &st) || !S_ISDIR(st.st_mode)))
            rc = err_log(e, "mkdir %s: %s", dir, strerror(errno == EEXIST ? ENOTDIR : errno));
        *p = was;
        if (!was)
            break;
    }
    free(dir);
    return rc;
}

void file_ahead(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        (void)readahead(fd, 0, (size_t)st.st_size); /* a hint: that it fails changes nothing */
    close(fd);
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

char **dir_list(struct arena *a, const char *path)
{
    char **names = NULL;
    size_t n = 0, cap = 0;
    DIR *d = opendir(path);
    for (struct dirent *ent; d && (ent = readdir(d));)
        if (strcmp(ent->d_name, ".") && strcmp(ent->d_name, ".."))
            VEC_PUSH(a, names, n, cap) = arena_str(a, ent->d_name);
    if (d)
        closedir(d);
    if (n)
        qsort(names, n, sizeof *names, by_name);
    VEC_PUSH(a, names, n, cap) = NULL;
    return names;
}

char *path_join(struct arena *a, const char *dir, const char *name)
{
    size_t n = strlen(dir);
    if (!n || name[0] == '/')
        return arena_str(a, name);
    return arena_printf(a, "%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_suffix(struct arena *a, const char *path)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    char *s = arena_str(a, dot && dot != base ? dot + 1 : "");
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return s;
}
