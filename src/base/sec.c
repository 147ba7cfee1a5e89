/* SPDX-License-Identifier: Apache-2.0 */
/* sec.c: everything secret, on libsodium. */
#include "base/sec.h"

#include <glib.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/sha256.h"

int sec_init(struct err *e)
{
    return sodium_init() < 0 ? err_log(e, "libsodium does not start") : 0;
}

void sec_random(void *p, size_t n)
{
    randombytes_buf(p, n);
}

void sec_word(char *out, size_t n)
{
    static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    for (size_t i = 0; i < n; i++)
        out[i] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    out[n] = '\0';
}

void sec_sha256(unsigned char out[SEC_HASH], const void *p, size_t n)
{
    if (!sha256_fast(out, p, n))
        crypto_hash_sha256(out, p, n);
}

void sec_hex(char *out, const void *p, size_t n)
{
    sodium_bin2hex(out, n * 2 + 1, p, n);
}

bool sec_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

/* --- passwords: each hash takes 64 MiB and a core, so no more than two at a time (design §5.6) */

static pthread_mutex_t hash_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hash_free = PTHREAD_COND_INITIALIZER;
static int hash_running;

static void hash_begin(void)
{
    pthread_mutex_lock(&hash_lock);
    while (hash_running >= 2)
        pthread_cond_wait(&hash_free, &hash_lock);
    hash_running++;
    pthread_mutex_unlock(&hash_lock);
}

static void hash_end(void)
{
    pthread_mutex_lock(&hash_lock);
    hash_running--;
    pthread_cond_signal(&hash_free);
    pthread_mutex_unlock(&hash_lock);
}

int sec_password_hash(char out[128], const char *password, struct err *e)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 128, "the hash fits");
    hash_begin();
    int rc = crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                               crypto_pwhash_MEMLIMIT_INTERACTIVE);
    hash_end();
    return rc ? err_log(e, "argon2id: out of memory") : 0;
}

bool sec_password_ok(const char *hash, const char *password)
{
    hash_begin();
    int rc = crypto_pwhash_str_verify(hash, password, strlen(password));
    hash_end();
    return rc == 0;
}

/* --- protected columns */

char *sec_seal(struct arena *a, const struct sec_key *k, const char *text)
{
    size_t n = strlen(text), all = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + n;
    unsigned char *box = arena_alloc(a, all);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)text, n, box, k->seal);
    size_t room = sodium_base64_encoded_len(all, sodium_base64_VARIANT_ORIGINAL);
    return sodium_bin2base64(arena_alloc(a, room), room, box, all, sodium_base64_VARIANT_ORIGINAL);
}

char *sec_open(struct arena *a, const struct sec_key *k, const char *sealed)
{
    size_t n = sealed ? strlen(sealed) : 0, all = 0;
    unsigned char *box = arena_alloc(a, n + 1);
    const char *end = NULL;
    if (!n || sodium_base642bin(box, n, sealed, n, NULL, &all, &end, sodium_base64_VARIANT_ORIGINAL) ||
        end != sealed + n || all < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
        return NULL;
    size_t len = all - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES;
    char *text = arena_alloc(a, len + 1);
    if (crypto_secretbox_open_easy((unsigned char *)text, box + crypto_secretbox_NONCEBYTES,
                                   all - crypto_secretbox_NONCEBYTES, box, k->seal))
        return NULL;
    return text;
}

static char *hex_of(struct arena *a, const unsigned char *p, size_t n)
{
    char *out = arena_alloc(a, n * 2 + 1);
    sec_hex(out, p, n);
    return out;
}

char *sec_find(struct arena *a, const struct sec_key *k, const char *text)
{
    unsigned char h[32];
    crypto_generichash(h, sizeof h, (const unsigned char *)text, strlen(text), k->find, sizeof k->find);
    return hex_of(a, h, sizeof h);
}

char *sec_mac(struct arena *a, const struct sec_key *k, const char *msg)
{
    unsigned char h[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(h, (const unsigned char *)msg, strlen(msg), k->sign);
    return hex_of(a, h, sizeof h);
}

/* --- one-time codes */

static const char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *sec_base32(struct arena *a, const void *p, size_t n)
{
    const unsigned char *in = p;
    char *out = arena_alloc(a, n * 8 / 5 + 2), *o = out;
    uint32_t acc = 0;
    int bits = 0;
    for (size_t i = 0; i < n; i++) {
        acc = (acc << 8 | in[i]) & 0xFFFFF;
        for (bits += 8; bits >= 5; bits -= 5)
            *o++ = base32_alphabet[acc >> (bits - 5) & 31];
    }
    if (bits)
        *o++ = base32_alphabet[acc << (5 - bits) & 31];
    *o = '\0';
    return out;
}

/* Case, blanks, hyphens and padding do not matter. Bytes written, or 0. */
static size_t base32_decode(unsigned char *out, size_t room, const char *s)
{
    size_t n = 0;
    uint32_t acc = 0;
    int bits = 0;
    for (; *s; s++) {
        if (*s == ' ' || *s == '-' || *s == '=')
            continue;
        char up = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
        const char *at = strchr(base32_alphabet, up);
        if (!at || n == room)
            return 0;
        acc = (acc << 5 | (uint32_t)(at - base32_alphabet)) & 0xFFFFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (unsigned char)(acc >> bits);
        }
    }
    return n;
}

int sec_totp(const char *base32, int64_t unix_seconds)
{
    unsigned char secret[128], counter[8], h[20];
    size_t n = base32 && unix_seconds >= 0 ? base32_decode(secret, sizeof secret, base32) : 0;
    if (!n)
        return -1;
    uint64_t t = (uint64_t)unix_seconds / 30;
    for (int i = 7; i >= 0; i--, t >>= 8)
        counter[i] = (unsigned char)t;
    gsize len = sizeof h;
    GHmac *mac = g_hmac_new(G_CHECKSUM_SHA1, secret, n); /* libsodium has no SHA-1; RFC 6238 wants it */
    g_hmac_update(mac, counter, sizeof counter);
    g_hmac_get_digest(mac, h, &len);
    g_hmac_unref(mac);
    sodium_memzero(secret, sizeof secret);
    int at = h[19] & 15;
    uint32_t code =
        (uint32_t)(h[at] & 0x7F) << 24 | (uint32_t)h[at + 1] << 16 | (uint32_t)h[at + 2] << 8 | h[at + 3];
    return (int)(code % 1000000);
}
