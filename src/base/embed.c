/* SPDX-License-Identifier: Apache-2.0 */
/* embed.c: looking up the files built into the program. */
#include "base/embed.h"

#include <string.h>

/* The first entry whose path is not before the given one. */
static size_t lower_bound(const char *path)
{
    size_t lo = 0, hi = embed_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(embed_files[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct embed *embed_find(const char *path)
{
    size_t i = lower_bound(path);
    return i < embed_count && !strcmp(embed_files[i].path, path) ? &embed_files[i] : NULL;
}

const struct embed *embed_next(const char *prefix, const struct embed *from)
{
    size_t i = lower_bound(prefix);
    if (from && (size_t)(from - embed_files) > i)
        i = (size_t)(from - embed_files);
    return i < embed_count && !strncmp(embed_files[i].path, prefix, strlen(prefix)) ? &embed_files[i] : NULL;
}
