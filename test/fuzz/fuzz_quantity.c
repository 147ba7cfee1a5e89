/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_quantity.c: any text: claims in order that do not overlap, each standing in the text where it says. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct quantity_words *words_once(void)
{
    static struct quantity_words *w;
    struct err e = {0};
    if (!w && !(w = quantity_words_load(arena_new(), &e)))
        abort();
    return w;
}

/* Byte of a code point, past NULs. */
static size_t byte_of(const char *s, size_t n, size_t point)
{
    size_t i = 0;
    for (; i < n && point; point--)
        for (i++; i < n && ((unsigned char)s[i] & 0xC0) == 0x80; i++)
            ;
    return i;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct quantity_list l;
    struct err e = {0};
    struct quantity_options o = {19904, DAY_NONE, DAY_NONE};
    const struct quantity_words *w = words_once();
    struct arena *a = arena_new();
    char *text = arena_alloc(a, size + 1);
    memcpy(text, data, size);
    if (quantity_scan(&l, a, w, text, size, &o, &e)) {
        if (!*e.msg || utf8_valid(text, size))
            abort();
        l.n = 0;
    }
    for (size_t i = 0, end = 0; i < l.n; end = l.items[i++].end) {
        const struct quantity *q = &l.items[i];
        size_t from = byte_of(text, size, q->start), to = byte_of(text, size, q->end);
        if (q->start < end || q->end <= q->start || to > size || !q->unit || !q->counted)
            abort();
        if (strncmp(text + from, q->text, to - from) != 0)
            abort();
    }
    for (size_t i = 0; i < l.nidentities; i++)
        for (size_t k = 0; k < l.identities[i].nclaims; k++)
            if (l.identities[i].claim[k] >= l.n)
                abort();
    arena_free(a);
    return 0;
}
