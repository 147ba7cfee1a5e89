/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.c: SHA-256 (FIPS 180-4) with the x86 SHA instructions: the trail hashes a line for each record written,
 * ten times faster so than libsodium's portable code, which sec.c takes elsewhere. */
#include "base/sha256.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 64
#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static bool have_sha;

static void look(void)
{
    unsigned a, b, c, d, b7, c7, d7;

    have_sha = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1) &&
               __get_cpuid_count(7, 0, &a, &b7, &c7, &d7) && (b7 & bit_SHA);
}

/* The state as the instructions want it: ABEF and CDGH. */
struct state {
    __m128i abef, cdgh;
};

WITH_SHA static void take_block(struct state *s, const unsigned char *p)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef = s->abef, cdgh = s->cdgh, w[4], k;

    for (int i = 0; i < 4; i++) {
        w[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * (size_t)i));
        w[i] = _mm_shuffle_epi8(w[i], swap);
    }
    for (int i = 0; i < 16; i++) {
        if (i >= 4) {
            k = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
            k = _mm_add_epi32(k, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
            w[i & 3] = _mm_sha256msg2_epu32(k, w[(i + 3) & 3]);
        }
        k = _mm_add_epi32(w[i & 3], _mm_loadu_si128((const __m128i *)(const void *)(constants + 4 * (size_t)i)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
    }
    s->abef = _mm_add_epi32(s->abef, abef);
    s->cdgh = _mm_add_epi32(s->cdgh, cdgh);
}

WITH_SHA static void begin(struct state *s)
{
    s->abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
    s->cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
}

WITH_SHA static void give(unsigned char out[32], const struct state *s)
{
    uint32_t h[2][4];

    _mm_storeu_si128((__m128i *)(void *)h[0], s->abef); /* F E B A */
    _mm_storeu_si128((__m128i *)(void *)h[1], s->cdgh); /* H G D C */
    const uint32_t in_order[8] = {h[0][3], h[0][2], h[1][3], h[1][2], h[0][1], h[0][0], h[1][1], h[1][0]};
    for (size_t i = 0; i < 8; i++) {
        out[4 * i] = (unsigned char)(in_order[i] >> 24);
        out[4 * i + 1] = (unsigned char)(in_order[i] >> 16);
        out[4 * i + 2] = (unsigned char)(in_order[i] >> 8);
        out[4 * i + 3] = (unsigned char)in_order[i];
    }
}

bool sha256_fast(unsigned char out[32], const void *p, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned char end[2 * BLOCK] = {0};
    const unsigned char *from = p;
    struct state s;
    size_t left = n, blocks;

    pthread_once(&once, look);
    if (!have_sha)
        return false;
    begin(&s);
    for (; left >= BLOCK; left -= BLOCK, from += BLOCK)
        take_block(&s, from);
    if (left)
        memcpy(end, from, left);
    end[left] = 0x80;
    blocks = left + 9 <= BLOCK ? 1 : 2;
    for (size_t i = 0; i < 8; i++)
        end[blocks * BLOCK - 1 - i] = (unsigned char)((uint64_t)n * 8 >> (8 * i));
    for (size_t i = 0; i < blocks; i++)
        take_block(&s, end + i * BLOCK);
    give(out, &s);
    return true;
}

#else

bool sha256_fast(unsigned char out[32], const void *p, size_t n)
{
    (void)out, (void)p, (void)n;
    return false;
}

#endif
