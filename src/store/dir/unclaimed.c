/* SPDX-License-Identifier: Apache-2.0 */
/* unclaimed.c: contents that came with a form which nobody finished. */
#include "store/unclaimed.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "store/files.h"
#include "store/sys_file.h"

#define UPLOAD_DAYS 2

int upload_days(const struct store *s)
{
    int n = store_config_int(s, "upload_days", UPLOAD_DAYS);

    return n > 0 ? n : UPLOAD_DAYS;
}

/* One of the 256 folders under files/. */
struct folder {
    struct arena *a;
    const char *dir; /* the data directory */
    char prefix[3];
    int64_t before;
    const char **left; /* contents without a row */
    size_t n, cap;
};

static bool is_old(const struct folder *f, const char *sha)
{
    const char *path = files_path(f->a, f->dir, sha);
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISREG(st.st_mode) && (int64_t)st.st_mtime * 1000 < f->before;
}

static int look(struct folder *f, struct db *d, struct err *e)
{
    char **names = dir_list(f->a, arena_printf(f->a, "%s/files/%s", f->dir, f->prefix));
    struct map *used;

    if (!*names)
        return 0;
    if (attachment_contents(&used, f->a, d, f->prefix, e) < 0)
        return -1;
    for (; *names; names++)
        if (!map_get(used, *names) && is_old(f, *names))
            VEC_PUSH(f->a, f->left, f->n, f->cap) = *names;
    return 0;
}

/* On the writer: nobody writes a row meanwhile. */
static int remove_in(struct db *d, void *arg, struct err *e)
{
    struct folder *f = arg;

    f->n = 0;
    if (look(f, d, e) < 0)
        return -1;
    for (size_t i = 0; i < f->n; i++)
        if (files_remove(f->dir, f->left[i], e) < 0)
            return -1;
    return 0;
}

int unclaimed_sweep(struct store *s, int64_t before, struct err *e)
{
    struct arena *a = arena_new();
    struct db *d = store_reader(s, e);
    int rc = d ? 0 : -1;

    for (unsigned i = 0; i < 256 && rc == 0; i++) { /* as many questions as folders, however many files */
        struct folder f = {.a = a, .dir = store_dir(s), .before = before};

        arena_reset(a);
        snprintf(f.prefix, sizeof f.prefix, "%02x", i & 0xff);
        rc = look(&f, d, e);
        if (rc == 0 && f.n)
            rc = store_write(s, remove_in, &f, e);
    }
    arena_free(a);
    return rc;
}
