/* SPDX-License-Identifier: Apache-2.0 */
/* sec.h: everything secret, on libsodium. sec_init must have been called. */
#ifndef LINLI_BASE_SEC_H
#define LINLI_BASE_SEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define SEC_HASH 32

int sec_init(struct err *e);
void sec_random(void *p, size_t n);
/* A random word of n characters from an alphabet without 0 O 1 l I, for passwords and tokens. */
void sec_word(char *out, size_t n); /* writes n characters and a NUL */

/* SHA-256; hex is 64 characters and a NUL. */
void sec_sha256(unsigned char out[SEC_HASH], const void *p, size_t n);
void sec_hex(char *out, const void *p, size_t n);
bool sec_equal(const void *a, const void *b, size_t n); /* constant time */

/* Passwords: argon2id (interactive limits). At most two run at once; more wait. */
int sec_password_hash(char out[128], const char *password, struct err *e);
bool sec_password_ok(const char *hash, const char *password);

/* The site's key: DIR/key, made on first use with mode 0600. */
struct sec_key {
    unsigned char seal[32]; /* for protected columns */
    unsigned char find[32]; /* for searching them */
    unsigned char sign[32]; /* for tokens */
};
int sec_key_load(struct sec_key *k, const char *path, bool create, struct err *e);
/* Protected columns: base64 of nonce and secretbox; the keyed hash finds equal values. */
char *sec_seal(struct arena *a, const struct sec_key *k, const char *text);
char *sec_open(struct arena *a, const struct sec_key *k, const char *sealed); /* NULL if forged */
char *sec_find(struct arena *a, const struct sec_key *k, const char *text);   /* hex of a keyed hash */
/* HMAC of a message under the signing key, hex, for CSRF and links. */
char *sec_mac(struct arena *a, const struct sec_key *k, const char *msg);
/* RFC 6238: the six digits for a base32 secret at a time, or -1. */
int sec_totp(const char *base32, int64_t unix_seconds);
char *sec_base32(struct arena *a, const void *p, size_t n);

#endif
