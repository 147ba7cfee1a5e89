/* SPDX-License-Identifier: Apache-2.0 */
/* query_alike.c: probable twins of records, for a whole set of them at once.
 *
 * The first field of a rule (and the span of days, where the rule has the day) is looked up by SQL over all records
 * together; the other fields are compared here. So a rule costs one query, and its index is used. */
#include <string.h>

#include "base/date.h"
#include "base/map.h"
#include "model/alike.h"
#include "model/query_inner.h"

struct wanted {
    struct arena *a;
    const struct sec_key *k;
    struct record *const *rs;
    struct record **twins;
    size_t n;
    size_t rule;
    const char **keys; /* of each record by this rule, NULL: none */
    struct map *first; /* key → the first record that has it, as its index + 1 */
    size_t *next;      /* the next record with the same key, as its index + 1; 0: none */
};

/* What a record holds where the rule looks: as a value that the column of the same word holds. */
static struct value part_of(struct arena *a, const struct sec_key *k, const struct record *r, const char *word)
{
    const struct field *f = reg_field(r->reg, word);

    if (!f)
        return strcmp(word, "unit") == 0 ? value_int(r->unit)
               : r->happened == DAY_NONE ? value_null()
                                         : value_int(r->happened);
    struct value v = r->values[f->index];
    if (v.kind == VALUE_NULL || f->cls != CLASS_PROTECTED)
        return v;
    const char *hash = k ? record_hash(a, k, f, v) : NULL;
    return hash ? value_text(hash) : value_null();
}

const char *alike_key(struct arena *a, const struct sec_key *k, const struct record *r, size_t rule)
{
    const char *key = arena_printf(a, "%lld", (long long)r->home);

    for (const char **f = r->reg->alikes[rule].f; *f; f++) {
        struct value v = part_of(a, k, r, *f);

        if (v.kind == VALUE_NULL)
            return NULL;
        key = v.kind == VALUE_TEXT ? arena_printf(a, "%s\x1f%s", key, v.s)
                                   : arena_printf(a, "%s\x1f%lld", key, (long long)v.i);
    }
    return key;
}

static void put_first(struct sql *s, const struct wanted *w, enum db_kind kind, const struct query_column *c,
                      const char *word)
{
    struct value *texts = arena_array(w->a, w->n + 1, sizeof *texts);
    int64_t *ids = arena_array(w->a, w->n + 1, sizeof *ids);
    size_t n = 0;

    for (size_t i = 0; i < w->n; i++) {
        if (!w->keys[i])
            continue;
        texts[n] = part_of(w->a, w->k, w->rs[i], word);
        ids[n] = texts[n].i;
        n++;
    }
    buf_printf(&s->text, " AND %s ", c->sql);
    if (c->text)
        query_in_texts(s, w->a, kind, texts, n);
    else
        query_in_ids(s, w->a, kind, ids, n);
}

static void put_days(struct sql *s, const struct wanted *w)
{
    int32_t from = INT32_MAX, to = INT32_MIN;

    for (size_t i = 0; i < w->n; i++) {
        if (!w->keys[i])
            continue;
        from = w->rs[i]->happened < from ? w->rs[i]->happened : from;
        to = w->rs[i]->happened > to ? w->rs[i]->happened : to;
    }
    buf_str(&s->text, " AND r.day >= ");
    query_bind(s, value_int(from));
    buf_str(&s->text, " AND r.day <= ");
    query_bind(s, value_int(to));
}

static int put_query(struct sql *s, const struct wanted *w, enum db_kind kind, struct err *e)
{
    const struct reg *reg = w->rs[0]->reg;
    const char **rule = reg->alikes[w->rule].f;
    int64_t *homes = arena_array(w->a, w->n, sizeof *homes);
    struct query_column c;

    for (size_t i = 0; i < w->n; i++)
        homes[i] = w->rs[i]->home;
    buf_str(&s->text, "SELECT ");
    query_row_columns(s, reg, NULL);
    query_from(s, reg);
    buf_str(&s->text, " WHERE r.gone = 0 AND r.home ");
    query_in_ids(s, w->a, kind, homes, w->n);
    if (query_column(&c, reg, rule[0], e))
        return -1;
    put_first(s, w, kind, &c, rule[0]);
    for (const char **f = rule; *f; f++)
        if (strcmp(*f, "happened") == 0 || (reg->happened && strcmp(*f, reg->happened) == 0)) {
            put_days(s, w);
            break;
        }
    buf_str(&s->text, " ORDER BY r.day, r.id");
    return 0;
}

/* A kept record beside those that it may be the twin of; later rows are newer. */
static void match(struct wanted *w, struct record *found)
{
    const char *key = alike_key(w->a, w->k, found, w->rule);
    size_t first = key ? (size_t)(uintptr_t)map_get(w->first, key) : 0;

    for (size_t i = first; i; i = w->next[i - 1]) {
        struct record **twin = &w->twins[i - 1];
        bool newer = !*twin || (*twin)->happened <= found->happened;

        if (newer && w->rs[i - 1]->id != found->id)
            *twin = found;
    }
}

static int by_rule(struct wanted *w, struct db *d, struct err *e)
{
    struct stmt *st;
    struct sql s;
    bool any = false;
    int rc;

    memset(w->next, 0, w->n * sizeof *w->next);
    w->first = map_new(w->a);
    for (size_t i = w->n; i > 0; i--) {
        w->keys[i - 1] = alike_key(w->a, w->k, w->rs[i - 1], w->rule);
        if (w->keys[i - 1])
            w->next[i - 1] = (size_t)(uintptr_t)map_put(w->first, w->keys[i - 1], (void *)(uintptr_t)i);
        any = any || w->keys[i - 1];
    }
    if (!any)
        return 0;
    query_begin(&s);
    rc = put_query(&s, w, db_kind(d), e) || query_prep(&st, d, &s, e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, e)) == 1)
        match(w, query_row(w->a, st, w->rs[0]->reg, NULL));
    stmt_done(st);
    return rc;
}

int record_alike(struct record **twins, struct arena *a, struct db *d, const struct sec_key *k,
                 struct record *const *rs, size_t n, struct err *e)
{
    struct wanted w = {.a = a, .k = k, .rs = rs, .twins = twins, .n = n};

    for (size_t i = 0; i < n; i++)
        twins[i] = NULL;
    w.keys = arena_array(a, n + 1, sizeof *w.keys);
    w.next = arena_array(a, n + 1, sizeof *w.next);
    for (w.rule = 0; n && w.rule < rs[0]->reg->nalikes; w.rule++)
        if (by_rule(&w, d, e))
            return -1;
    return 0;
}

bool alike_told(const struct view *v, const struct actor *who, const struct record *twin)
{
    struct err no = {0};

    if (actor_reg(v, who, twin->reg, false, twin->unit, &no))
        return false;
    for (size_t i = 0; twin->by != who->user && i < twin->reg->nalikes; i++)
        for (const char **f = twin->reg->alikes[i].f; *f; f++) {
            const struct field *field = reg_field(twin->reg, *f);

            if (field && !actor_sees(v, who, field, twin->unit))
                return false;
        }
    return true;
}
