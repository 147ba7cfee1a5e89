/* SPDX-License-Identifier: Apache-2.0 */
/* total_inner.h: what the files in total/ share. Private to src/store. */
#ifndef LINLI_STORE_TOTAL_INNER_H
#define LINLI_STORE_TOTAL_INNER_H

#include "base/arena.h"
#include "store/dialect.h"
#include "store/sys_total.h"

/* --- writing */

/* What is added to one sum, or (with a key) to one key's count. */
struct delta {
    int64_t home, unit;
    int32_t day;
    uint32_t part; /* place of its figure and slice among all that are written with it: see delta_parts */
    const char *figure, *slice, *key;
    struct total amount;
};
/* Number the parts in the order of their bytes, so that sorting compares numbers; equal figures become one pointer.
 * Before delta_merge. */
void delta_parts(struct delta *v, size_t n);
/* Sorted by primary key, one for each sum, none that changes nothing; returns how many are left. */
size_t delta_merge(struct delta *v, size_t n);
/* SQLite: what stands there now (0 where nothing does), for deltas in that order. sql reads day, unit, key and
 * three amounts in the order of the primary key, from ?1 home ?2 figure ?3 slice ?4 day ?5 unit ?6 key ("": none)
 * on. */
int held_read(struct total *out, struct db *d, const char *sql, const struct delta *v, size_t n, struct err *e);
/* key_write.c: the counts of keys and what is rolled up from them. */
int key_write(struct db *d, struct delta *v, size_t n, struct err *e);

/* --- reading */

/* A range as days before the first whole month, whole months, days after the last one. Empty: from > to. */
struct total_parts {
    int32_t head_from, head_to, month_from, month_to, tail_from, tail_to;
};
struct total_parts total_split(int32_t from, int32_t to);

/* ?1 homes ?2 figure ?3 slice ?4-?5 days ?6-?7 days ?8-?9 months ?10 units. */
#define TOTAL_SCOPE(IN) "home " IN(1) " AND figure = ?2 AND slice = ?3"
#define TOTAL_UNITS(IN) " AND unit " IN(10)
/* Prepared ([all or some units][back end]) and bound. The arena holds the lists until stmt_done. */
int total_open(struct stmt **out, struct arena *a, struct db *d, const char *const sql[2][2],
               const struct total_scope *s, struct err *e);

/* The slices of the scope's homes, each once, in the order of their bytes; sql names the table to look in. */
struct total_slices {
    size_t n, cap;
    const char **v;
};
int total_slice_list(struct total_slices *out, struct arena *a, struct db *d, const char *sql,
                     const struct total_scope *s, struct err *e);

/* --- sets of keys (key_bits.c): a figure's keys are numbered from 0; KEYS_A_CHUNK of them stand in one text */

enum { KEYS_A_CHUNK = 4096, KEY_WORDS = KEYS_A_CHUNK / 64, KEY_TEXT = 2 + (KEYS_A_CHUNK + 5) / 6 };

struct key_bits {
    uint64_t w[KEY_WORDS];
};
void key_bit_set(struct key_bits *b, int64_t ord);
void key_bit_clear(struct key_bits *b, int64_t ord);
int64_t key_bits_count(const struct key_bits *b);
/* Add what a text says; few keys are written as a list (s and two characters each), many as bits (d and six bits a
 * character, its zeros at the end left out). */
void key_bits_read(struct key_bits *b, const char *text);
const char *key_bits_write(char out[KEY_TEXT], const struct key_bits *b);

#endif
