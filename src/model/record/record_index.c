/* SPDX-License-Identifier: Apache-2.0 */
/* record_index.c: the searched texts of a register are put in anew when the program or the declaration came to
 * search it in another way: a column that became personal must not stay findable by everybody. */
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "model/query.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "store/migrate.h"
#include "store/search.h"

/* CHANGE: all is put in anew when the way of putting it in (this number) changes. 2: personal columns apart. */
enum { PUT_IN_BY = 2, CHUNK = 256, TEXT_MAX = 1 << 20 };
#define META "search."

struct renewal {
    struct save save;
    const struct reg *reg;
    int64_t home, id; /* the last one done */
    size_t got;
};

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

static int put_in(struct db *d, struct save *s, const struct record *r, struct err *e)
{
    if (!r->reg->search || !r->reg->search[0])
        return search_drop(d, r->home, r->id, e);
    return record_text(d, s, r, NULL, e);
}

static int renew_chunk(struct db *d, void *arg, struct err *e)
{
    struct renewal *n = arg;
    struct record **rs;

    if (query_chunk(&rs, &n->got, n->save.a, d, n->reg, n->home, n->id, CHUNK, e) < 0)
        return -1;
    for (size_t i = 0; i < n->got; i++)
        if (put_in(d, &n->save, rs[i], e) < 0)
            return -1;
    if (n->got) {
        n->home = rs[n->got - 1]->home;
        n->id = rs[n->got - 1]->id;
    }
    return 0;
}

/* Chunk by chunk, so that neither memory nor the log grows with the register. */
static int renew_register(struct site *s, const struct reg *r, struct err *e)
{
    struct view v;
    struct renewal n = {.reg = r, .home = INT64_MIN};
    struct arena *a = arena_new();
    size_t all = 0;
    int rc;

    site_hold(s, &v);
    n.save = (struct save){.site = s, .view = &v, .actor = &actor_system, .a = a};
    do {
        rc = store_write(s->store, renew_chunk, &n, e);
        all += n.got;
        arena_reset(a);
    } while (rc == 0 && n.got == CHUNK);
    site_drop(s, &v);
    arena_free(a);
    if (rc == 0 && all)
        log_line(LOG_INFO, "search: %zu texts of %s are put in anew", all, r->name);
    return rc;
}

static int note_in(struct db *d, void *arg, struct err *e)
{
    const struct map *notes = arg;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < map_count(notes); i++)
        rc = meta_set(d, map_key(notes, i), map_get(notes, map_key(notes, i)), e);
    return rc;
}

int record_index_renew(struct site *s, struct err *e)
{
    struct arena *a = arena_new();
    struct db *d = store_reader(s->store, e);
    struct map *known, *notes = map_new(a);
    int rc = d ? meta_all(&known, a, d, META, e) : -1;

    for (size_t i = 0; rc == 0 && i < s->schema->nregs; i++) {
        const struct reg *r = s->schema->regs[i];
        const char *was = map_get(known, r->name), *is = declaration(a, r);

        if (was && !strcmp(was, is))
            continue;
        rc = renew_register(s, r, e);
        map_put(notes, arena_printf(a, META "%s", r->name), (void *)(uintptr_t)is);
    }
    if (rc == 0 && map_count(notes))
        rc = store_write(s->store, note_in, notes, e);
    arena_free(a);
    return rc;
}
