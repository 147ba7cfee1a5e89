/* SPDX-License-Identifier: Apache-2.0 */
/* key_bits.c: a set of up to KEYS_A_CHUNK numbered keys, and how it is written as text. */
#include "store/total_inner.h"

#include <string.h>

/* Six bits as one printable character, '0' to 'o'. */
enum { SIX = 6, ZERO = '0', LIST_MAX = (KEY_TEXT - 2) / 2 };

void key_bit_set(struct key_bits *b, int64_t ord)
{
    uint64_t at = (uint64_t)ord % KEYS_A_CHUNK;

    b->w[at / 64] |= UINT64_C(1) << at % 64;
}

void key_bit_clear(struct key_bits *b, int64_t ord)
{
    uint64_t at = (uint64_t)ord % KEYS_A_CHUNK;

    b->w[at / 64] &= ~(UINT64_C(1) << at % 64);
}

int64_t key_bits_count(const struct key_bits *b)
{
    int64_t n = 0;

    for (int i = 0; i < KEY_WORDS; i++)
        n += __builtin_popcountll(b->w[i]);
    return n;
}

static unsigned six_at(const char *p)
{
    return (unsigned)(*p - ZERO) & 63;
}

void key_bits_read(struct key_bits *b, const char *text)
{
    const char *p = text + 1;
    size_t n = strnlen(text, KEY_TEXT);

    if (*text == 's') {
        for (; p + 1 < text + n; p += 2)
            key_bit_set(b, (int64_t)(six_at(p) << SIX | six_at(p + 1)));
        return;
    }
    for (size_t at = 0; p < text + n && at < KEYS_A_CHUNK; p++, at += SIX) {
        uint64_t v = six_at(p);

        b->w[at / 64] |= v << at % 64;
        if (at % 64 > 64 - SIX && at / 64 + 1 < KEY_WORDS)
            b->w[at / 64 + 1] |= v >> (64 - at % 64);
    }
}

static char *put_list(char *p, const struct key_bits *b)
{
    for (unsigned i = 0; i < KEY_WORDS; i++)
        for (uint64_t w = b->w[i]; w; w &= w - 1) {
            unsigned at = i * 64 + (unsigned)__builtin_ctzll(w);

            *p++ = (char)(ZERO + (at >> SIX));
            *p++ = (char)(ZERO + (at & 63));
        }
    return p;
}

static char *put_bits(char *p, const struct key_bits *b)
{
    char *last = p;

    for (unsigned at = 0; at < KEYS_A_CHUNK; at += SIX) {
        uint64_t v = b->w[at / 64] >> at % 64;

        if (at % 64 > 64 - SIX && at / 64 + 1 < KEY_WORDS)
            v |= b->w[at / 64 + 1] << (64 - at % 64);
        *p++ = (char)(ZERO + (int)(v & 63));
        if (v & 63)
            last = p;
    }
    return last;
}

const char *key_bits_write(char out[KEY_TEXT], const struct key_bits *b)
{
    bool list = key_bits_count(b) < LIST_MAX;
    char *p = out;

    *p++ = list ? 's' : 'd';
    p = list ? put_list(p, b) : put_bits(p, b);
    *p = '\0';
    return out;
}
