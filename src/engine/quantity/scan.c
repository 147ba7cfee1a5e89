/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c: from text to claims. */
#include <string.h>

#include "base/utf8.h"
#include "engine/quantity_inner.h"

struct scan {
    struct qtext x;
    const struct quantity_words *w;
    struct qtok *t;
    size_t n, cap;
};

static bool may_begin(uint32_t cp)
{
    return cp >= 0x4E00 || cp_digit(cp) || cp_latin(cp) || cp == '*' || cp == 0xD7 || cp == 0xA5 || cp == 0x25CB ||
           cp == 0x25A1 || cp == '_';
}

static void tokens(struct scan *s)
{
    struct qtext *x = &s->x;
    for (size_t i = 0; i < x->n;) {
        struct qtok t;
        size_t date;
        if (!may_begin(x->c[i].cp)) {
            i++;
            continue;
        }
        if ((date = qdate_skip(x, s->w, i))) {
            i += date;
            continue;
        }
        if (qfixed_read(&t, x, s->w, i)) {
            t.verdict = Q_CLAIM;
        } else if (qtok_read(&t, x, s->w, i)) {
            t.verdict = qcontext(&t, x, s->w, s->n ? &s->t[s->n - 1] : NULL);
        } else {
            i++;
            continue;
        }
        VEC_PUSH(x->a, s->t, s->n, s->cap) = t;
        i = t.j > i ? t.j : i + 1;
    }
}

static void claim_put(struct quantity *q, const struct qtok *t, const struct qtext *x)
{
    *q = (struct quantity){.start = x->c[t->i].at,
                           .end = x->c[t->j - 1].at + 1,
                           .text = qtext_given(x, t->i, t->j),
                           .value = t->num.blank ? NAN : t->value,
                           .upper = t->num.blank ? NAN : t->upper,
                           .places = t->num.places,
                           .kind = t->kind,
                           .modifier = t->modifier,
                           .unit = t->unit_name,
                           .per = t->per,
                           .nested = t->nested,
                           .period = {DAY_NONE, DAY_NONE}};
}

static void claims(struct quantity_list *out, struct scan *s)
{
    size_t kept = 0, whole = 0;
    out->items = arena_array(s->x.a, s->n + 1, sizeof *out->items);
    for (size_t i = 0; i < s->n; i++) {
        if (s->t[i].verdict != Q_CLAIM)
            continue;
        claim_put(&out->items[kept], &s->t[i], &s->x);
        if (!s->t[i].nested)
            whole = kept;
        out->items[kept].whole = whole;
        out->items[kept].nested &= whole < kept;
        s->t[kept++] = s->t[i];
    }
    out->n = s->n = kept;
}

int quantity_scan(struct quantity_list *out, struct arena *a, const struct quantity_words *w, const char *text,
                  size_t n, const struct quantity_options *o, struct err *e)
{
    struct scan s = {.w = w};
    *out = (struct quantity_list){0};
    if (n > QUANTITY_TEXT_MAX)
        return err_set(e, ERR_TOOBIG, "文字太长：最多 %d MB", QUANTITY_TEXT_MAX >> 20);
    if (!utf8_valid(text, n))
        return err_set(e, ERR_INPUT, "这段文字不是 UTF-8");
    qtext_read(&s.x, a, w, text, n);
    qtext_mask(&s.x, w);
    tokens(&s);
    qlink(s.t, s.n, &s.x, w);
    claims(out, &s);
    qmeaning(out, s.t, &s.x, w);
    qperiods(out, s.t, &s.x, w, o);
    qidentities(out, a, s.t, &s.x);
    return 0;
}
