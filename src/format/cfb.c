/* SPDX-License-Identifier: Apache-2.0 */
/* cfb.c: one stream out of a compound file ([MS-CFB]). */
#include "format/cfb.h"

#include <stdbool.h>
#include <string.h>

#define SECTOR_LAST 0xFFFFFFFAu /* from here on: no sector */

struct cfb {
    const unsigned char *p;
    size_t n, shift;
    uint32_t *fat, *mini_fat;
    size_t nfat, nmini;
    const unsigned char *mini; /* the root entry's stream */
    size_t mini_n;
    struct arena *a;
};

static const unsigned char *sector(const struct cfb *c, uint32_t i)
{
    size_t at = ((size_t)i + 1) << c->shift;

    return i < SECTOR_LAST && at + ((size_t)1 << c->shift) <= c->n ? c->p + at : NULL;
}

/* Follow a chain from start for at most size bytes (SIZE_MAX: to its end); NULL if it leads astray. */
static unsigned char *chain(const struct cfb *c, uint32_t start, size_t size, size_t *got)
{
    size_t one = (size_t)1 << c->shift, max = c->n >> c->shift,
           want = size == SIZE_MAX ? max : (size + one - 1) / one;
    unsigned char *out;
    size_t count = 0;

    if (want > max)
        return NULL;
    out = arena_alloc(c->a, want * one + 1);
    for (uint32_t i = start; i < SECTOR_LAST && count < want; i = c->fat[i]) {
        const unsigned char *s = sector(c, i);

        if (!s || i >= c->nfat)
            return NULL;
        memcpy(out + count++ * one, s, one);
    }
    *got = size == SIZE_MAX || count * one < size ? count * one : size;
    return out;
}

static bool fat_read(struct cfb *c)
{
    size_t one = (size_t)1 << c->shift, per = one / 4, count = 0, want = le32(c->p + 44);
    uint32_t next = le32(c->p + 68);

    if (want > (c->n >> c->shift))
        return false;
    c->fat = arena_array(c->a, want * per + 1, sizeof *c->fat);
    for (size_t k = 0; k < want; k++) {
        const unsigned char *list = c->p + 76, *s;

        if (k >= 109) { /* further sectors list them, the last entry of each leads to the next */
            list = sector(c, next);
            if (!list)
                return false;
            if ((k - 109) % (per - 1) == per - 2)
                next = le32(list + one - 4);
        }
        s = sector(c, le32(list + 4 * (k < 109 ? k : (k - 109) % (per - 1))));
        if (!s)
            return false;
        for (size_t i = 0; i < per; i++)
            c->fat[count++] = le32(s + 4 * i);
    }
    c->nfat = count;
    return count > 0;
}

static bool name_is(const unsigned char *entry, const char *name)
{
    size_t n = strlen(name);

    if (le16(entry + 64) != 2 * (n + 1))
        return false;
    for (size_t i = 0; i < n; i++)
        if (entry[2 * i] != (unsigned char)name[i] || entry[2 * i + 1])
            return false;
    return true;
}

static const unsigned char *mini_chain(const struct cfb *c, uint32_t start, size_t size)
{
    size_t want = (size + 63) / 64, count = 0;
    unsigned char *out = arena_alloc(c->a, want * 64 + 1);

    for (uint32_t i = start; i < SECTOR_LAST && count < want; i = c->mini_fat[i]) {
        if (i >= c->nmini || ((size_t)i + 1) * 64 > c->mini_n)
            return NULL;
        memcpy(out + count++ * 64, c->mini + (size_t)i * 64, 64);
    }
    return count == want ? out : NULL;
}

static const unsigned char *stream_of(struct cfb *c, const unsigned char *root, const unsigned char *entry,
                                      size_t *n)
{
    size_t size = le32(entry + 120), got = 0;
    unsigned char *list;

    *n = size;
    if (size >= le32(c->p + 56)) {
        const unsigned char *s = chain(c, le32(entry + 116), size, &got);

        return got == size ? s : NULL;
    }
    c->mini = chain(c, le32(root + 116), le32(root + 120), &c->mini_n);
    list = chain(c, le32(c->p + 60), SIZE_MAX, &got);
    if (!c->mini || !list)
        return NULL;
    c->nmini = got / 4;
    c->mini_fat = arena_array(c->a, c->nmini + 1, sizeof *c->mini_fat);
    for (size_t i = 0; i < c->nmini; i++)
        c->mini_fat[i] = le32(list + 4 * i);
    return mini_chain(c, le32(entry + 116), size);
}

const unsigned char *cfb_stream(struct arena *a, const void *p, size_t n, const char *const *names, size_t *size)
{
    struct cfb c = {.p = p, .n = n, .a = a};
    const unsigned char *dir, *found = NULL;
    size_t bytes;

    if (n < 1024 || (le16(c.p + 30) != 9 && le16(c.p + 30) != 12))
        return NULL;
    c.shift = le16(c.p + 30);
    if (!fat_read(&c))
        return NULL;
    dir = chain(&c, le32(c.p + 48), SIZE_MAX, &bytes);
    if (!dir || bytes < 128)
        return NULL;
    for (; *names && !found; names++)
        for (size_t at = 128; at + 128 <= bytes && !found; at += 128)
            if (dir[at + 66] == 2 && name_is(dir + at, *names))
                found = dir + at;
    return found ? stream_of(&c, dir, found, size) : NULL;
}
