/* SPDX-License-Identifier: Apache-2.0 */
/* record_index.c: the searched texts of a register are put in anew when the program or the declaration came to
 * search it in another way: a column that became personal must not stay findable by everybody.
 *
 * Registers that hold few of the texts are gone through one by one. Where many texts change, all of them are
 * forgotten first and put into an empty index, which is far cheaper than to change them. Either may be broken off:
 * each transaction notes how far it came ("searching.NAME": home, id and declaration), and the next opening goes on
 * there; "searching" itself says that all are under way, and how many texts have been put in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "model/query.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "store/migrate.h"
#include "store/search.h"

/* CHANGE: all is put in anew when the way of putting it in (this number) changes. 2: personal columns apart. */
enum { PUT_IN_BY = 2, TEXT_MAX = 1 << 20 };
/* Read at once; of a transaction at most so many records and bytes. */
enum { CHUNK = 500, RECORDS_MAX = 20000, BYTES_MAX = 16 << 20 };
enum { ALL_FROM = 32 }; /* one text in so many is to change: all of them */
#define META "search."
#define UNDER_WAY "searching"

static void put_field(struct buf *b, const char *word, const struct field *f)
{
    buf_printf(b, "\n%s|%d|%d", word, (int)f->type, (int)f->cls);
    for (size_t i = 0; i < f->nchoices; i++)
        buf_printf(b, "|%s", label_in(&f->choices[i].label, LANG_HANS));
}

/* Everything that decides what is found of a record, as one hash; "" for a register that is not searched. */
static const char *declaration(struct arena *a, const struct reg *r)
{
    struct buf b;
    unsigned char h[SEC_HASH];
    char *hex = arena_alloc(a, 2 * SEC_HASH + 1);

    if (!r->search || !r->search[0])
        return "";
    buf_init(&b, TEXT_MAX);
    buf_printf(&b, "%d|%s", PUT_IN_BY, r->happened ? r->happened : "");
    for (const char **w = r->search; *w; w++) {
        const char *dot = strchr(*w, '.');
        const struct reg *of = dot ? reg_child(r, arena_strn(a, *w, (size_t)(dot - *w))) : r;
        const struct field *f = of ? reg_field(of, dot ? dot + 1 : *w) : NULL;

        if (f)
            put_field(&b, *w, f);
    }
    sec_sha256(h, buf_cstr(&b), b.n);
    sec_hex(hex, h, sizeof h);
    buf_done(&b);
    return hex;
}

/* --- which of them */

struct due {
    struct site *site;
    struct arena *a;
    struct map *known, *under_way; /* as s_meta has them */
    struct map *counts;            /* texts of each register */
    const char **declared;         /* of each register */
    size_t n;                      /* registers that are not searched as declared */
    bool all;
    int64_t texts; /* all: put in so far */
};

static bool is_done(const struct due *u, size_t i)
{
    const char *was = map_get(u->known, u->site->schema->regs[i]->name);

    return was && !strcmp(was, u->declared[i]);
}

/* Where it was broken off, if the declaration is still the same. */
static bool goes_on(const struct due *u, size_t i, int64_t *home, int64_t *id)
{
    const char *at = map_get(u->under_way, arena_printf(u->a, ".%s", u->site->schema->regs[i]->name));
    long long h, k;
    int end = 0;

    if (!at || sscanf(at, "%lld %lld %n", &h, &k, &end) < 2 || strcmp(at + end, u->declared[i]))
        return false;
    *home = h;
    *id = k;
    return true;
}

static int find_due(struct due *u, struct arena *a, struct site *s, struct err *e)
{
    struct db *d = store_reader(s->store, e);

    *u = (struct due){.site = s, .a = a, .declared = arena_array(a, s->schema->nregs + 1, sizeof(char *))};
    if (!d || meta_all(&u->known, a, d, META, e) < 0 || meta_all(&u->under_way, a, d, UNDER_WAY, e) < 0)
        return -1;
    for (size_t i = 0; i < s->schema->nregs; i++) {
        u->declared[i] = declaration(a, s->schema->regs[i]);
        u->n += !is_done(u, i);
    }
    u->all = map_get(u->under_way, "") != NULL;
    u->texts = u->all ? strtoll(map_get(u->under_way, ""), NULL, 10) : 0;
    return 0;
}

int record_index_due(bool *due, struct site *s, struct err *e)
{
    struct arena *a = arena_new();
    struct due u;
    int rc = find_due(&u, a, s, e);

    *due = rc == 0 && (u.n > 0 || u.all);
    arena_free(a);
    return rc;
}

static int64_t texts(const struct due *u)
{
    int64_t sum = 0;

    for (size_t i = 0; i < map_count(u->counts); i++)
        sum += *(const int64_t *)map_value(u->counts, i);
    return sum;
}

/* All were under way, and what has been put in since is not as declared now, or others wrote meanwhile. */
static bool starts_over(const struct due *u)
{
    int64_t home, id;

    if (u->all && texts(u) != u->texts)
        return true;
    for (size_t i = 0; u->all && i < u->site->schema->nregs; i++) {
        const char *name = u->site->schema->regs[i]->name;

        if (!is_done(u, i) && !goes_on(u, i, &home, &id) &&
            (map_get(u->known, name) || map_get(u->under_way, arena_printf(u->a, ".%s", name))))
            return true;
    }
    return false;
}

/* Do the registers that are due hold so many of the texts that all are put in anew? */
static bool weigh(const struct due *u)
{
    int64_t due = 0;

    for (size_t i = 0; i < u->site->schema->nregs; i++) {
        const int64_t *n = map_get(u->counts, u->site->schema->regs[i]->name);

        due += n && !is_done(u, i) ? *n : 0;
    }
    return due > 0 && due >= texts(u) / ALL_FROM;
}

/* --- putting in */

struct renewal {
    const struct due *due;
    struct save save;
    size_t at;        /* the register */
    int64_t home, id; /* the last one of it that is done */
    size_t done;      /* of it */
    int64_t texts;    /* put in, of all registers */
};

static int put_in(struct db *d, struct renewal *n, const struct record *r, size_t *bytes, struct err *e)
{
    struct save *s = &n->save;
    struct search_text *t;

    if (!n->due->all)
        return !n->due->declared[n->at][0] ? search_drop(d, r->home, r->id, e) : record_text(d, s, r, NULL, e);
    t = record_words(db_kind(d), s, r);
    if (!t)
        return 0;
    n->texts++;
    *bytes += strlen(t->body) + strlen(t->tokens);
    return search_put_new(d, r->home, r->reg->name, r->id, r->happened, t, e);
}

/* The next records of the register; *got: how many there were. */
static int put_chunk(struct db *d, struct renewal *n, size_t *got, size_t *bytes, struct err *e)
{
    const struct reg *r = n->due->site->schema->regs[n->at];
    struct record **rs;

    *got = 0;
    if (!n->due->declared[n->at][0] && (n->due->all || !map_get(n->due->counts, r->name)))
        return 0; /* not searched, and it never was */
    if (query_chunk(&rs, got, n->save.a, d, r, n->home, n->id, CHUNK, e) < 0)
        return -1;
    for (size_t i = 0; i < *got; i++)
        if (put_in(d, n, rs[i], bytes, e) < 0)
            return -1;
    if (*got) {
        n->home = rs[*got - 1]->home;
        n->id = rs[*got - 1]->id;
    }
    n->done += *got;
    return 0;
}

static void next_register(struct renewal *n)
{
    n->at++;
    n->home = INT64_MIN;
    n->id = 0;
    n->done = 0;
    for (; n->at < n->due->site->schema->nregs; n->at++)
        if (!is_done(n->due, n->at)) {
            goes_on(n->due, n->at, &n->home, &n->id);
            return;
        }
}

/* The register is through, or has come so far. */
static int note(struct db *d, struct renewal *n, bool through, struct err *e)
{
    struct arena *a = n->save.a;
    const char *name = n->due->site->schema->regs[n->at]->name, *declared = n->due->declared[n->at];

    if (n->done)
        log_line(LOG_INFO, "search: %zu texts of %s are put in anew%s", n->done, name, through ? "" : " so far");
    if (through)
        return meta_drop(d, UNDER_WAY ".", e) < 0 ? -1 : meta_set(d, arena_printf(a, META "%s", name), declared, e);
    return meta_set(d, arena_printf(a, UNDER_WAY ".%s", name),
                    arena_printf(a, "%lld %lld %s", (long long)n->home, (long long)n->id, declared), e);
}

/* As much as fits into one transaction: many small registers, or a part of a big one. */
static int renew_some(struct db *d, void *arg, struct err *e)
{
    struct renewal *n = arg;
    const size_t nregs = n->due->site->schema->nregs;
    size_t got = 0, records = 0, bytes = 0;

    while (n->at < nregs && records < RECORDS_MAX && bytes < BYTES_MAX) {
        arena_reset(n->save.a);
        if (put_chunk(d, n, &got, &bytes, e) < 0)
            return -1;
        records += got;
        if (got == CHUNK)
            continue;
        if (note(d, n, true, e) < 0)
            return -1;
        next_register(n);
    }
    if (n->due->all && meta_set(d, UNDER_WAY, arena_printf(n->save.a, "%lld", (long long)n->texts), e) < 0)
        return -1;
    return got == CHUNK ? note(d, n, false, e) : 0;
}

/* One transaction after the other, so that neither memory nor the log grows with the register. */
static int renew(struct due *u, struct err *e)
{
    struct renewal n = {.due = u, .at = SIZE_MAX, .texts = u->texts};
    struct view v;
    int rc = 0;

    site_hold(u->site, &v);
    n.save = (struct save){.site = u->site, .view = &v, .actor = &actor_system, .a = arena_new()};
    for (next_register(&n); rc == 0 && n.at < u->site->schema->nregs;)
        rc = store_write_long(u->site->store, renew_some, &n, e);
    arena_free(n.save.a);
    site_drop(u->site, &v);
    return rc;
}

static int begin_all(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    if (meta_drop(d, META, e) < 0 || meta_drop(d, UNDER_WAY, e) < 0 || search_bulk_begin(d, e) < 0)
        return -1;
    return meta_set(d, UNDER_WAY, "0", e);
}

static int end_all(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return search_bulk_end(d, e) < 0 ? -1 : meta_drop(d, UNDER_WAY, e);
}

int record_index_renew(struct site *s, struct err *e)
{
    struct arena *a = arena_new();
    struct due u;
    int rc = find_due(&u, a, s, e);

    if (rc == 0 && (u.n || u.all))
        rc = search_counts(&u.counts, a, store_reader(s->store, e), e);
    if (rc == 0 && (starts_over(&u) || (u.n && !u.all && weigh(&u)))) {
        rc = store_write_long(s->store, begin_all, NULL, e);
        rc = rc == 0 ? find_due(&u, a, s, e) : -1;
    }
    if (rc == 0 && u.n)
        rc = renew(&u, e);
    if (rc == 0 && u.all)
        rc = store_write_long(s->store, end_all, NULL, e);
    arena_free(a);
    return rc;
}
