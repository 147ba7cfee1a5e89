/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c: memory that is released all at once. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP 16 /* bytes nobody may touch between two allocations */
#else
#define HIDE(p, n) ((void)(p), (void)(n))
#define SHOW(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define ALIGN _Alignof(max_align_t)
#define BLOCK_MIN ((size_t)16 * 1024)
#define BLOCK_MAX ((size_t)1024 * 1024)

struct block {
    struct block *next;
    size_t cap, n;
    max_align_t data[];
};

struct arena {
    struct block *head; /* the block being filled */
    size_t used;
};

static _Noreturn void out_of_memory(size_t n)
{
    fprintf(stderr, "linli: out of memory (%zu bytes)\n", n);
    abort();
}

void *xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *xrealloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q)
        out_of_memory(n);
    return q;
}

char *xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(xmalloc(n), s, n);
}

static struct block *block_new(size_t cap, struct block *next)
{
    if (cap > SIZE_MAX - sizeof(struct block))
        out_of_memory(cap);
    struct block *b = xmalloc(sizeof *b + cap);
    b->next = next;
    b->cap = cap;
    b->n = 0;
    HIDE(b->data, cap);
    return b;
}

static void block_free(struct block *b)
{
    SHOW(b->data, b->cap);
    free(b);
}

struct arena *arena_new(void)
{
    struct arena *a = xmalloc(sizeof *a);
    a->head = block_new(BLOCK_MIN, NULL);
    a->used = 0;
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->head, *next; b; b = next) {
        next = b->next;
        block_free(b);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    struct block *keep = a->head;
    for (struct block *b = keep->next, *next; b; b = next) {
        next = b->next;
        block_free(b);
    }
    keep->next = NULL;
    keep->n = 0;
    a->used = 0;
    if (keep->cap > BLOCK_MAX) { /* one huge request must not hold its memory for ever */
        block_free(keep);
        keep = block_new(BLOCK_MIN, NULL);
    }
    HIDE(keep->data, keep->cap);
    a->head = keep;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

/* A big piece gets a block of its own behind the one being filled, so that the rest of that one is not lost. */
static void *alloc_apart(struct arena *a, size_t n)
{
    struct block *b = block_new(n, a->head->next);
    a->head->next = b;
    b->n = n;
    return b->data;
}

/* n bytes as they happen to be. */
static void *take(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - 2 * ALIGN - GAP)
        out_of_memory(n);
    size_t need = (n + ALIGN - 1) / ALIGN * ALIGN + GAP;
    struct block *b = a->head;
    void *p;
    if (need <= b->cap - b->n) {
        p = (char *)b->data + b->n;
        b->n += need;
    } else if (need > BLOCK_MIN / 2) {
        p = alloc_apart(a, need);
    } else {
        size_t cap = b->cap < BLOCK_MAX / 2 ? b->cap * 2 : BLOCK_MAX;
        a->head = b = block_new(cap < BLOCK_MIN ? BLOCK_MIN : cap, b);
        p = b->data;
        b->n = need;
    }
    a->used += n;
    SHOW(p, n);
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(take(a, n), 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(n, size, &all))
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, all);
}

char *arena_strn(struct arena *a, const char *s, size_t n)
{
    if (n == SIZE_MAX)
        out_of_memory(n);
    char *p = take(a, n + 1);
    if (n)
        memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

char *arena_str(struct arena *a, const char *s)
{
    return s ? arena_strn(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    char small[256];
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, again);
    va_end(again);
    if (n < 0)
        return arena_str(a, "");
    if ((size_t)n < sizeof small)
        return arena_strn(a, small, (size_t)n);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    size_t more = *cap ? *cap * 2 : 8;
    if (more <= n)
        out_of_memory(SIZE_MAX);
    void *q = arena_array(a, more, size);
    if (n)
        memcpy(q, p, n * size);
    *cap = more;
    return q;
}
