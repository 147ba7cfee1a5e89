/* SPDX-License-Identifier: Apache-2.0 */
/* schema_sources.c: the built-in declarations with those of a site laid over them. */
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "model/schema.h"
#include "model/yaml.h"

enum { SOURCES_MAX = 5000, DEPTH_MAX = 4 };

struct sources {
    struct arena *a;
    struct map *by_path; /* → struct schema_source * */
    struct err *e;
    bool bad;
};

/* Tests of modules are not declarations. */
static bool wanted(const char *path)
{
    size_t n = strlen(path);
    bool kind = (n > 5 && !strcmp(path + n - 5, ".yaml")) || (n > 3 && !strcmp(path + n - 3, ".md"));
    return kind && !strstr(path, "/test/");
}

static void sources_put(struct sources *s, const char *path, const char *text, size_t n)
{
    struct schema_source *src = arena_alloc(s->a, sizeof *src);
    *src = (struct schema_source){arena_str(s->a, path), text, n};
    map_put(s->by_path, src->path, src);
}

static void sources_file(struct sources *s, const char *file, const char *path)
{
    char *text;
    size_t n;
    if (!wanted(path))
        return;
    if (map_count(s->by_path) >= SOURCES_MAX) {
        err_set(s->e, ERR_TOOBIG, "modules 目录里的文件超过 %d 个，请清理后再启动。", SOURCES_MAX);
        s->bad = true;
    } else if (file_read(&text, &n, s->a, file, YAML_BYTES_MAX, s->e) < 0) {
        s->bad = true;
    } else {
        sources_put(s, path, text, n);
    }
}

/* Files of a folder and the folders in it; hidden ones and editors' leavings (~) are passed over. */
static void sources_dir(struct sources *s, const char *dir, const char *path, int depth)
{
    char **names = dir_list(s->a, dir);
    for (; *names && !s->bad; names++) {
        char *file = path_join(s->a, dir, *names), *under = path_join(s->a, path, *names);
        if (**names == '.' || strchr(*names, '~'))
            continue;
        if (strchr(*names, '.'))
            sources_file(s, file, under);
        else if (depth < DEPTH_MAX)
            sources_dir(s, file, under, depth + 1);
    }
}

static int by_path(const void *x, const void *y)
{
    return strcmp(((const struct schema_source *)x)->path, ((const struct schema_source *)y)->path);
}

size_t schema_sources(struct arena *a, const char *dir, struct schema_source **out, struct err *e)
{
    struct sources s = {.a = a, .by_path = map_new(a), .e = e};
    *out = NULL;
    for (const struct embed *f = embed_next("modules/", NULL); f; f = embed_next("modules/", f + 1))
        if (wanted(f->path))
            sources_put(&s, f->path, (const char *)f->p, f->n);
    if (dir)
        sources_dir(&s, path_join(a, dir, "modules"), "modules", 0);
    if (s.bad)
        return 0;
    size_t n = map_count(s.by_path), used = 0;
    struct schema_source *v = arena_array(a, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        const struct schema_source *src = map_value(s.by_path, i);
        if (src->n) /* an empty file of the site removes the built-in one */
            v[used++] = *src;
    }
    qsort(v, used, sizeof *v, by_path);
    *out = v;
    return used;
}
