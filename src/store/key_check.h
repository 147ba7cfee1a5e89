/* SPDX-License-Identifier: Apache-2.0 */
/* key_check.h: which key a database was made with: a hash of it in s_meta. Private to src/store. */
#ifndef LINLI_STORE_KEY_CHECK_H
#define LINLI_STORE_KEY_CHECK_H

#include "base/sec.h"
#include "store/db.h"

enum key_check {
    KEY_UNKNOWN, /* made before this was kept, or there are no tables yet */
    KEY_SAME,
    KEY_OTHER
};
int key_check_read(enum key_check *out, struct db *d, const struct sec_key *k, struct err *e);
int key_check_write(struct db *d, const struct sec_key *k, struct err *e);

#endif
