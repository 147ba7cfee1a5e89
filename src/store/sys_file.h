/* SPDX-License-Identifier: Apache-2.0 */
/* sys_file.h: which attachment belongs to which record. The bytes are files.h's matter and are on disk, synced,
 * before the row is written (design §5.1).
 * s_file(home, id, sha, name, mime, size, at, who, register, record, field). */
#ifndef LINLI_STORE_SYS_FILE_H
#define LINLI_STORE_SYS_FILE_H

#include "base/arena.h"
#include "base/map.h"
#include "store/db.h"

struct attachment {
    int64_t home, id; /* id 0 gets a new one */
    const char *sha;  /* SHA-256 hex of the content */
    const char *name; /* as it was called when it came */
    const char *mime;
    int64_t size; /* bytes */
    int64_t at, who;
    const char *table; /* the register's name (column register), "" while it belongs to no record yet */
    int64_t record;
    const char *field;
    int64_t reused; /* attachment_list: in how many other records of the home the same content stands */
};
int attachment_insert(struct db *d, struct attachment *f, struct err *e);
/* 1 found, 0 none, -1; strings held by the arena. */
int attachment_find(struct attachment *out, struct arena *a, struct db *d, int64_t home, int64_t id, struct err *e);
/* In the order they came. field NULL: all fields. */
int attachment_list(struct attachment **out, size_t *n, struct arena *a, struct db *d, int64_t home,
                    const char *table, int64_t record, const char *field, struct err *e);
/* Give an attachment that came ahead of its record to the record. ERR_MISSING if it is not who's or is taken. */
int attachment_claim(struct db *d, int64_t home, int64_t id, int64_t who, const char *table, int64_t record,
                     const char *field, struct err *e);
int attachment_drop(struct db *d, int64_t home, int64_t id, struct err *e);
/* How many rows still use a content, everywhere: 0 lets files_remove delete it. */
int attachment_uses(int64_t *n, struct db *d, const char *sha, struct err *e);
/* The contents in use whose SHA-256 begins with these hex digits, as keys; made here. */
int attachment_contents(struct map **out, struct arena *a, struct db *d, const char *prefix, struct err *e);
/* Every row, those of the same content one after another; one at a time. */
int attachment_each(struct db *d, int (*fn)(void *arg, const struct attachment *f, struct err *e), void *arg,
                    struct err *e);

#endif
