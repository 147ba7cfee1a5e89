/* SPDX-License-Identifier: Apache-2.0 */
/* key_check.c: the key and its database belong together. */
#include "store/key_check.h"

#include <string.h>

#include "store/migrate.h"

#define KEY_CHECK "key.check"

/* Says which key it is, and nothing about it: the key is 96 random bytes. */
static void mark_of(char hex[2 * SEC_HASH + 1], const struct sec_key *k)
{
    unsigned char h[SEC_HASH];

    sec_sha256(h, k, sizeof *k);
    sec_hex(hex, h, sizeof h);
}

int key_check_read(enum key_check *out, struct db *d, const struct sec_key *k, struct err *e)
{
    struct arena *a = arena_new();
    char is[2 * SEC_HASH + 1], *was = NULL;
    int rc = db_has_table(d, "s_meta") ? meta_get(&was, a, d, KEY_CHECK, e) : 0;

    mark_of(is, k);
    *out = !was ? KEY_UNKNOWN : strcmp(was, is) == 0 ? KEY_SAME : KEY_OTHER;
    arena_free(a);
    return rc < 0 ? -1 : 0;
}

int key_check_write(struct db *d, const struct sec_key *k, struct err *e)
{
    char is[2 * SEC_HASH + 1];

    mark_of(is, k);
    return meta_set(d, KEY_CHECK, is, e);
}
