/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.c: RFC 1952 for answers and embedded files. */
#include "format/gzip.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/arena.h"

struct packer {
    z_stream z;
    int level;
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void packer_free(void *p)
{
    struct packer *k = p;

    deflateEnd(&k->z);
    free(k);
}

static void make_key(void)
{
    pthread_key_create(&key, packer_free);
}

/* A compressor takes 256 KB to set up: one per thread is kept and begun anew. */
static struct packer *packer_get(int level)
{
    struct packer *k;

    pthread_once(&once, make_key);
    k = pthread_getspecific(key);
    if (k && k->level == level)
        return deflateReset(&k->z) == Z_OK ? k : NULL;
    if (k)
        packer_free(k);
    k = xcalloc(1, sizeof *k);
    k->level = level;
    if (deflateInit2(&k->z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(k);
        pthread_setspecific(key, NULL);
        return NULL;
    }
    pthread_setspecific(key, k);
    return k;
}

int gzip_pack(struct buf *out, const void *p, size_t n, int level)
{
    struct packer *k = packer_get(level);
    unsigned char piece[16384];
    int rc;

    if (!k || n > UINT32_MAX / 2)
        return -1;
    k->z.next_in = (z_const Bytef *)(uintptr_t)p;
    k->z.avail_in = (uInt)n;
    do {
        k->z.next_out = piece;
        k->z.avail_out = sizeof piece;
        rc = deflate(&k->z, Z_FINISH);
        buf_add(out, piece, sizeof piece - k->z.avail_out);
    } while (rc == Z_OK);
    return rc == Z_STREAM_END && !buf_overflow(out) ? 0 : -1;
}

void gzip_done(void)
{
    pthread_once(&once, make_key);
    struct packer *k = pthread_getspecific(key);
    if (k)
        packer_free(k);
    pthread_setspecific(key, NULL);
}
