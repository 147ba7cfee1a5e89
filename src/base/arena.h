/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h: memory that is released all at once.
 *
 * One arena serves one request, one loaded schema, one import. Allocation never fails: running out of
 * memory ends the program (design: "Out of memory aborts"). An arena belongs to one thread at a time. */
#ifndef LINLI_BASE_ARENA_H
#define LINLI_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Forget everything allocated so far but keep one block for the next round. */
void arena_reset(struct arena *a);
/* Bytes handed out since new or reset. */
size_t arena_used(const struct arena *a);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t n, size_t size); /* aborts when n * size overflows */
char *arena_str(struct arena *a, const char *s);           /* NULL stays NULL */
char *arena_strn(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* malloc that never returns NULL, for what outlives every arena. */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);

/* Grow an arena-held array so that one more element fits: vec_push(a, p, n, cap) = value.
 * The old block stays in the arena; arrays built this way cost at most twice their size.
 * The value must not mention n, p or cap: C does not say which side of the = comes first. */
void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size);
#define VEC_PUSH(a, p, n, cap) (*((p) = vec_grow((a), (p), (n), &(cap), sizeof *(p)), &(p)[(n)++]))

#endif
