/* SPDX-License-Identifier: Apache-2.0 */
/* query_options.c: what a reference may point to, and what it is called. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "model/query_inner.h"

/* References look into the home they are in, or into the site's. */
static int64_t home_of(const struct reg *r, int64_t home)
{
    return r->site_wide ? 0 : home;
}

bool query_title(struct sql *s, struct arena *a, enum db_kind kind, const struct reg *r)
{
    struct expr *x = r->title_expr;
    struct err unused;

    if (!x && r->title) {
        x = expr_parse(a, r->title, NULL, &unused);
        if (x && expr_bind(a, x, r, NULL, NULL, &unused))
            x = NULL;
    }
    if (!x || (x->field && x->field->cls == CLASS_PROTECTED))
        return false;
    size_t n = s->text.n;
    int nbind = s->nbind;
    if (!query_text(s, kind, x, "r", NULL, today(), &unused))
        return true;
    buf_truncate(&s->text, n);
    s->nbind = nbind;
    return false;
}

static void lower(char *s)
{
    for (; *s; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
}

/* " AND the title holds part", and those that begin with it first. */
static void put_part(struct sql *s, struct arena *a, enum db_kind kind, const struct reg *r, const char *part)
{
    char *word = text_clean(a, part ? part : "");
    const char *find = kind == DB_POSTGRES ? "strpos" : "instr", *c = kind == DB_POSTGRES ? " COLLATE \"C\"" : "";
    int word_at = 0;

    lower(word);
    for (int twice = 0; *word && twice < 2; twice++) {
        buf_printf(&s->text, twice ? " ORDER BY CASE WHEN %s(lower(" : " AND %s(lower(", find);
        if (!query_title(s, a, kind, r))
            buf_str(&s->text, "''");
        buf_printf(&s->text, "%s), ", c);
        if (!twice) {
            query_bind(s, value_text(word));
            word_at = s->nbind;
            buf_str(&s->text, ") > 0");
        } else {
            buf_printf(&s->text, "?%d) = 1 THEN 0 ELSE 1 END, r.day DESC, r.id DESC", word_at);
        }
    }
    if (!*word)
        buf_str(&s->text, " ORDER BY r.day DESC, r.id DESC");
}

int query_options(struct option **out, size_t *n, struct arena *a, struct db *d, const struct looker *l,
                  const struct reg *r, int64_t home, const char *part, size_t limit, struct err *e)
{
    struct stmt *st;
    struct sql s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    query_begin(&s);
    buf_str(&s.text, "SELECT ");
    query_row_columns(&s, r, NULL);
    query_from(&s, r);
    buf_str(&s.text, " WHERE r.home = ");
    query_bind(&s, value_int(home_of(r, home)));
    buf_str(&s.text, " AND r.gone = 0");
    put_part(&s, a, db_kind(d), r, part);
    buf_str(&s.text, " LIMIT ");
    query_bind(&s, value_int((int64_t)limit));
    rc = query_prep(&st, d, &s, e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, e)) == 1) {
        const struct record *x = query_row(a, st, r, NULL);
        VEC_PUSH(a, *out, *n, cap) = (struct option){x->id, record_title_for(a, l, x)};
    }
    stmt_done(st);
    return rc;
}

/* May the looker read it? Nobody in particular may. */
static bool readable(const struct looker *l, const struct record *x)
{
    struct err no = {0};

    return !l || !l->who || !l->readable || actor_reg(l->view, l->who, x->reg, false, x->unit, &no) == 0;
}

int query_titles(struct map **out, struct arena *a, struct db *d, const struct looker *l, const struct reg *r,
                 int64_t home, const int64_t *ids, size_t n, struct err *e)
{
    struct stmt *st;
    struct sql s;
    char key[24];
    int rc;

    *out = map_new(a);
    if (!n)
        return 0;
    query_begin(&s);
    buf_str(&s.text, "SELECT ");
    query_row_columns(&s, r, NULL);
    query_from(&s, r);
    buf_str(&s.text, " WHERE r.home = ");
    query_bind(&s, value_int(home_of(r, home)));
    buf_str(&s.text, " AND r.id ");
    query_in_ids(&s, a, db_kind(d), ids, n);
    rc = query_prep(&st, d, &s, e);
    query_end(&s);
    if (rc)
        return -1;
    while ((rc = stmt_step(st, e)) == 1) {
        const struct record *x = query_row(a, st, r, NULL);
        snprintf(key, sizeof key, "%lld", (long long)x->id);
        if (readable(l, x))
            map_put(*out, key, (void *)record_title_for(a, l, x));
        if (l && l->states && x->state)
            map_put(l->states, key, (void *)x->state);
    }
    stmt_done(st);
    return rc;
}
