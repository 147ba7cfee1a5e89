/* SPDX-License-Identifier: Apache-2.0 */
/* key_count.c: how many different keys a range holds, from the sets of its whole months and of the days at its two
 * ends: it costs months × units × keys / KEYS_A_CHUNK, however often a key contributed. */
#include <stdlib.h>
#include <string.h>

#include "store/sql.h"
#include "store/total_inner.h"

#define SETS(IN, UNITS)                                                                                            \
    "SELECT chunk, bits FROM s_key_set WHERE " TOTAL_SCOPE(IN) UNITS                                               \
        " AND span = 0 AND start >= ?4 AND start <= ?5 "                                                           \
        "UNION ALL SELECT chunk, bits FROM s_key_set WHERE " TOTAL_SCOPE(IN) UNITS                                 \
        " AND span = 0 AND start >= ?6 AND start <= ?7 "                                                           \
        "UNION ALL SELECT chunk, bits FROM s_key_set WHERE " TOTAL_SCOPE(IN) UNITS                                 \
        " AND span = 1 AND start >= ?8 AND start <= ?9"
#define SETS_ALL(IN) SETS(IN, "")
#define SETS_UNITS(IN) SETS(IN, TOTAL_UNITS(IN))

static const char *const sets_sql[2][2] = {DIALECT(SETS_ALL), DIALECT(SETS_UNITS)};

/* The union of sets, by chunk. */
struct unions {
    struct key_bits **v; /* NULL: no key of that chunk */
    size_t n;
};

static struct key_bits *chunk_at(struct unions *u, size_t chunk)
{
    if (chunk >= u->n) {
        u->v = xrealloc(u->v, (chunk + 1) * sizeof(struct key_bits *));
        memset(u->v + u->n, 0, (chunk + 1 - u->n) * sizeof(struct key_bits *));
        u->n = chunk + 1;
    }
    if (!u->v[chunk])
        u->v[chunk] = xcalloc(1, sizeof **u->v);
    return u->v[chunk];
}

static int64_t unions_done(struct unions *u)
{
    int64_t n = 0;

    for (size_t i = 0; i < u->n; i++) {
        if (u->v[i])
            n += key_bits_count(u->v[i]);
        free(u->v[i]);
    }
    free(u->v);
    return n;
}

static int count_in(int64_t *out, struct arena *a, struct db *d, const struct total_scope *s, struct err *e)
{
    struct unions u = {0};
    struct stmt *st;
    int rc;

    if (total_open(&st, a, d, sets_sql, s, e) < 0)
        return -1;
    while ((rc = stmt_step(st, e)) == 1)
        key_bits_read(chunk_at(&u, (size_t)stmt_col_int(st, 0)), stmt_col_text(st, 1));
    stmt_done(st);
    *out = unions_done(&u);
    return rc;
}

int distinct_count(int64_t *out, struct db *d, const struct total_scope *s, struct err *e)
{
    struct arena *a = arena_new();
    int rc = count_in(out, a, d, s, e);

    arena_free(a);
    return rc;
}

int distinct_slices(struct db *d, const struct total_scope *s, total_fn fn, void *arg, struct err *e)
{
    static const char sql[] = "SELECT slice FROM s_key_set WHERE home = ?1 AND figure = ?2 AND slice > ?3 "
                              "ORDER BY slice LIMIT 1";
    struct arena *a = arena_new();
    struct total_slices list = {0};
    int rc = total_slice_list(&list, a, d, sql, s, e);

    for (size_t i = 0; rc == 0 && i < list.n; i++) {
        struct total_scope one = *s;
        struct total_row r = {.slice = list.v[i]};

        one.slice = list.v[i];
        rc = count_in(&r.t.n, a, d, &one, e);
        if (rc == 0 && r.t.n)
            rc = fn(arg, &r, e);
    }
    arena_free(a);
    return rc < 0 ? -1 : 0;
}

static int give_set(const struct key_in_set *at, const char *text, key_set_fn fn, void *arg, struct err *e)
{
    struct key_in_set k = *at;
    struct key_bits b = {0};
    int rc = 0;

    key_bits_read(&b, text);
    for (int i = 0; rc == 0 && i < KEYS_A_CHUNK; i++) {
        if (!(b.w[i / 64] >> i % 64 & 1))
            continue;
        k.ord = at->ord + i;
        rc = fn(arg, &k, e);
    }
    return rc;
}

int distinct_sets(struct db *d, bool months, key_set_fn fn, void *arg, struct err *e)
{
    struct stmt *s;
    int rc;

    if (sql_open(&s, d, e, "SELECT home, figure, slice, start, unit, chunk, bits FROM s_key_set WHERE span = ?1",
                 "i", I64(months)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct key_in_set k = {.home = stmt_col_int(s, 0),
                               .figure = stmt_col_text(s, 1),
                               .slice = stmt_col_text(s, 2),
                               .day = (int32_t)stmt_col_int(s, 3),
                               .unit = stmt_col_int(s, 4),
                               .ord = stmt_col_int(s, 5) * KEYS_A_CHUNK};

        rc = give_set(&k, stmt_col_text(s, 6), fn, arg, e);
        if (rc != 0)
            break;
    }
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}
