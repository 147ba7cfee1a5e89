/* SPDX-License-Identifier: Apache-2.0 */
/* search_index.c: SQLite's text index is told what changed: tokens that stay are not touched.
 *
 * Taking a token of a record out for good means walking through all records that have the token. That is done for
 * personal words alone: these leave the file with the transaction (FTS5's secure-delete). Of all others the index
 * notes that they are gone, and forgets them when it merges. */
#include <stdlib.h>
#include <string.h>

#include "store/backend.h"
#include "store/search.h"
#include "store/search_tokens.h"
#include "store/sql.h"

#define ARENA_CHANGES 64 /* changes compared before the memory is used again */
/* From so many changed records on, where the index has at most so many times as many, it is cheaper to merge the
 * whole of it, which forgets everything that is gone, than to walk for each word of each. */
#define MERGE_FROM 128
#define MERGE_TIMES 32

/* What the index is to be told when the transaction commits. A contentless index has to be told what to take out.
 */
struct index_change {
    int64_t id;
    const char *was, *now; /* tokens; NULL: the record has no text */
    char text[];           /* both */
};

/* All changes of one record, as one. */
struct net {
    int64_t id;
    size_t at; /* in order of coming */
    const char *was, *now;
};

static int by_id(const void *p, const void *q)
{
    const struct net *x = p, *y = q;
    int c = (x->id > y->id) - (x->id < y->id);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* In order of ids, as the index writes them; returns how many. */
static size_t net_changes(struct net *out, void *const *changes, size_t n)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        const struct index_change *c = changes[i];

        out[i] = (struct net){c->id, i, c->was, c->now};
    }
    qsort(out, n, sizeof *out, by_id);
    for (size_t i = 0; i < n; i++) {
        if (m > 0 && out[m - 1].id == out[i].id)
            out[m - 1].now = out[i].now;
        else
            out[m++] = out[i];
    }
    return m;
}

static int put_in(struct db *d, int64_t id, const char *tokens, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_find (rowid, tokens) VALUES (?1, ?2)", "it", id, tokens) < 0 ? -1 : 0;
}

static int take_out(struct db *d, int64_t id, const char *tokens, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_find (s_find, rowid, tokens) VALUES ('delete', ?1, ?2)", "it", id, tokens) <
                   0
               ? -1
               : 0;
}

/* Writes out what was said so far. */
static int for_good(struct db *d, bool yes, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_find (s_find, rank) VALUES ('secure-delete', ?1)", "i", I64(yes)) < 0 ? -1
                                                                                                              : 0;
}

/* Personal words go first, by themselves: how the index forgets is a setting of the whole of it. The index counts
 * its records: who is taken out with a part only is put in again with nothing. */
static int forget_personal(struct db *d, struct arena *a, const struct net *v, size_t n, struct err *e)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        struct token_change t;

        if (!v[i].was)
            continue;
        if (i % ARENA_CHANGES == 0)
            arena_reset(a);
        token_change(&t, a, v[i].was, v[i].now);
        if (!*t.personal)
            continue;
        if (!any && for_good(d, true, e) < 0)
            return -1;
        any = true;
        if (take_out(d, v[i].id, t.personal, e) < 0 || put_in(d, v[i].id, "", e) < 0)
            return -1;
    }
    return any ? for_good(d, false, e) : 0;
}

/* whole: personal words go like the others, and *owed says that some did. */
static int change_one(bool *owed, struct db *d, struct arena *a, const struct net *v, bool whole, struct err *e)
{
    struct token_change t;

    if (!v->was)
        return v->now ? put_in(d, v->id, v->now, e) : 0;
    token_change(&t, a, v->was, v->now);
    if (whole && *t.personal) {
        *owed = true;
        t.gone = arena_printf(a, "%s %s", t.personal, t.gone);
    }
    if (v->now && !*t.gone && !*t.fresh)
        return 0;
    return take_out(d, v->id, t.gone, e) < 0 || (v->now && put_in(d, v->id, t.fresh, e) < 0) ? -1 : 0;
}

/* Are so many changed at once that the whole is merged instead? */
static int many_at_once(bool *out, struct db *d, const struct net *v, size_t n, struct err *e)
{
    int64_t all, some = 0;

    for (size_t i = 0; i < n; i++)
        some += v[i].was && tokens_are_closed(v[i].was);
    *out = false;
    if (some < MERGE_FROM)
        return 0;
    if (sql_int(&all, d, e, "SELECT COUNT(*) FROM s_text", "") < 0)
        return -1;
    *out = all <= some * MERGE_TIMES;
    return 0;
}

static int change_index(struct db *d, void *const *changes, size_t n, struct err *e)
{
    struct net *v = xmalloc((n + 1) * sizeof *v);
    struct arena *a = arena_new();
    bool whole, owed = false;
    int rc;

    n = net_changes(v, changes, n);
    rc = many_at_once(&whole, d, v, n, e);
    if (rc == 0 && !whole)
        rc = forget_personal(d, a, v, n, e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (i % ARENA_CHANGES == 0)
            arena_reset(a);
        rc = change_one(&owed, d, a, &v[i], whole, e);
    }
    if (rc == 0 && owed)
        rc = db_exec(d, "INSERT INTO s_find (s_find) VALUES ('optimize')", e);
    arena_free(a);
    free(v);
    return rc;
}

int search_index_change(struct db *d, int64_t id, const char *was, const char *now, struct err *e)
{
    size_t nwas = was ? strlen(was) + 1 : 0, nnow = now ? strlen(now) + 1 : 0;
    struct index_change *c = xmalloc(sizeof *c + nwas + nnow);

    *c = (struct index_change){id, was ? c->text : NULL, now ? c->text + nwas : NULL};
    if (was)
        memcpy(c->text, was, nwas);
    if (now)
        memcpy(c->text + nwas, now, nnow);
    return db_put_off(d, change_index, c, e);
}

int search_forget_by_merging(struct db *d, struct err *e)
{
    return db_kind(d) == DB_SQLITE ? for_good(d, false, e) : 0;
}
