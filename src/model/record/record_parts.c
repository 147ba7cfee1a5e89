/* SPDX-License-Identifier: Apache-2.0 */
/* record_parts.c: what a save leaves besides the row: the entry in the trail, the searched text, the number. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "model/query.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "store/search.h"
#include "store/sys_series.h"
#include "store/sys_trail.h"

enum {
    TRAIL_MAX = 256 * 1024,
    TRAIL_VALUE = 2000, /* bytes of one value that are written out; the rest by its digest */
    TRAIL_ROWS = 50,    /* changed child rows that are written out; more are counted */
    DIGEST = 12,
    SERIES_TRIES = 1000
};

/* --- the trail's detail: {"state":["a","b"],"fields":{"item":[null,"梯子"]},"children":{"helpers":{"ID":{…}}}} */

static void json_text(struct buf *b, const char *s)
{
    buf_char(b, '"');
    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_char(b, '\\');
        if (*p < 0x20)
            buf_printf(b, "\\u%04x", *p);
        else
            buf_char(b, (char)*p);
    }
    buf_char(b, '"');
}

/* A value for the log: as it is, masked with a digest, or the digest alone (design §5.5). */
static void json_value(struct buf *b, struct save *s, const struct field *f, struct value v)
{
    const struct sec_key *k = store_key(s->site->store);
    const char *t, *hash;

    if (v.kind == VALUE_NULL) {
        buf_str(b, "null");
        return;
    }
    if (f->cls == CLASS_PROTECTED || f->cls == CLASS_PERSONAL) {
        hash = record_hash(s->a, k, f, v);
        t = f->cls == CLASS_PERSONAL ? type_mask(s->a, f, v) : "";
        json_text(b, arena_printf(s->a, "%s#%.*s", t, DIGEST, hash ? hash : ""));
        return;
    }
    t = type_plain(s->a, f, v);
    if (strlen(t) > TRAIL_VALUE) {
        size_t n = TRAIL_VALUE;

        while (n && ((unsigned char)t[n] & 0xC0) == 0x80)
            n--;
        t = arena_printf(s->a, "%s…#%.*s", arena_strn(s->a, t, n), DIGEST, sec_find(s->a, k, t));
    }
    json_text(b, t);
}

/* {"name":[was,is],…} of the fields that differ; false and nothing written if none does. */
static bool json_fields(struct buf *b, struct save *s, const struct reg *r, const struct value *was,
                        const struct value *is)
{
    size_t start = b->n;

    for (size_t i = 0; i < r->nfields; i++) {
        struct value x = was ? was[i] : value_null(), y = is ? is[i] : value_null();

        if (value_equal(x, y))
            continue;
        buf_char(b, b->n == start ? '{' : ',');
        json_text(b, r->fields[i].name);
        buf_str(b, ":[");
        json_value(b, s, &r->fields[i], x);
        buf_char(b, ',');
        json_value(b, s, &r->fields[i], y);
        buf_char(b, ']');
    }
    if (b->n == start)
        return false;
    buf_char(b, '}');
    return true;
}

static const struct child_row *row_with(const struct child_rows *rows, int64_t id)
{
    for (size_t i = 0; rows && i < rows->n; i++)
        if (rows->rows[i].id == id)
            return &rows->rows[i];
    return NULL;
}

static bool json_row(struct buf *b, struct save *s, const struct reg *child, const struct child_row *was,
                     const struct child_row *is)
{
    size_t start = b->n;

    const struct child_row none = {0};

    is = is ? is : &none;
    was = was ? was : &none;
    buf_printf(b, "%s\"%lld\":", b->p[b->n - 1] == '{' ? "" : ",", (long long)(is->id ? is->id : was->id));
    if (json_fields(b, s, child, was->values, is->values))
        return true;
    buf_truncate(b, start);
    return false;
}

/* "helpers":{"ID":{…},…} or, of many, "helpers":{"changed":120}. */
static void json_child(struct buf *b, struct save *s, const struct reg *child, const struct child_rows *was,
                       const struct child_rows *is)
{
    size_t start, changed = 0;

    json_text(b, child->name);
    buf_str(b, ":{");
    start = b->n;
    for (size_t i = 0; is && i < is->n; i++) {
        const struct child_row *old = row_with(was, is->rows[i].id);

        if (changed < TRAIL_ROWS)
            changed += json_row(b, s, child, old, &is->rows[i]);
        else
            changed++;
    }
    for (size_t i = 0; was && i < was->n; i++)
        if (!row_with(is, was->rows[i].id)) {
            if (changed++ < TRAIL_ROWS)
                json_row(b, s, child, &was->rows[i], NULL);
        }
    if (changed > TRAIL_ROWS) {
        buf_truncate(b, start);
        buf_printf(b, "\"rows\":[%zu,%zu]", was ? was->n : 0, is ? is->n : 0);
    }
    buf_char(b, '}');
}

static bool same_text(const char *x, const char *y)
{
    return x == y || (x && y && !strcmp(x, y));
}

static void json_key(struct buf *b, const char *key)
{
    buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", key);
}

static void json_children(struct buf *b, struct save *s, const struct record *was, const struct record *is)
{
    bool first = true;

    for (size_t c = 0; c < is->reg->nchildren; c++) {
        if (!is->children[c].n && (!was || !was->children[c].n))
            continue;
        if (first)
            json_key(b, "children");
        buf_char(b, first ? '{' : ',');
        json_child(b, s, &is->reg->children[c], was ? &was->children[c] : NULL, &is->children[c]);
        first = false;
    }
    if (!first)
        buf_char(b, '}');
}

static void json_changes(struct buf *b, struct save *s, const struct record *was, const struct record *is)
{
    size_t start;

    if (is->state && (!was || !same_text(was->state, is->state))) {
        json_key(b, "state");
        if (was && was->state)
            buf_printf(b, "[\"%s\",\"%s\"]", was->state, is->state);
        else
            buf_printf(b, "[null,\"%s\"]", is->state);
    }
    start = b->n;
    json_key(b, "fields");
    if (!json_fields(b, s, is->reg, was ? was->values : NULL, is->values))
        buf_truncate(b, start);
    json_children(b, s, was, is);
}

const char *record_detail(struct save *s, const struct record *was, const struct record *is, const char *act,
                          const char *note)
{
    bool only_note = !strcmp(act, "withdraw") || !strcmp(act, "restore");
    const char *out;
    struct buf b;

    buf_init(&b, TRAIL_MAX);
    buf_char(&b, '{');
    if (!only_note)
        json_changes(&b, s, was, is);
    if (s->batch) {
        json_key(&b, "batch");
        buf_int(&b, s->batch);
    }
    if (note && *note) {
        json_key(&b, "note");
        json_text(&b, note);
    }
    buf_char(&b, '}');
    out = buf_overflow(&b) ? "{\"too_long\":true}" : arena_strn(s->a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

int record_trail(struct db *d, struct save *s, const struct record *was, const struct record *is, const char *act,
                 const char *note, struct err *e)
{
    struct trail_entry t = {.home = is->home,
                            .at = now_ms(),
                            .who = s->actor->user,
                            .act = act,
                            .table = is->reg->name,
                            .record = is->id};

    t.detail = s->ready ? s->ready->detail : record_detail(s, was, is, act, note);
    return trail_append(d, &t, e);
}

/* --- searched text */

static void put_words(struct buf *b, struct arena *a, const struct field *f, struct value v)
{
    if (v.kind == VALUE_NULL || f->cls == CLASS_PROTECTED || f->type == TYPE_FILE || f->type == TYPE_REF)
        return;
    if (b->n)
        buf_char(b, ' ');
    buf_str(b, type_show(a, f, v, LANG_HANS));
}

/* The searched text in two parts: personal columns are found only by those who see them, within their register. */
struct searched {
    struct buf open, closed;
};

static struct buf *part_of(struct searched *s, const struct field *f)
{
    return f->cls == CLASS_PERSONAL ? &s->closed : &s->open;
}

static void searched_text(struct searched *s, struct arena *a, const struct record *r)
{
    const struct reg *reg = r->reg;

    for (const char **w = reg->search; *w; w++) {
        const char *dot = strchr(*w, '.');
        const struct reg *child = dot ? reg_child(reg, arena_strn(a, *w, (size_t)(dot - *w))) : NULL;
        const struct field *f = dot ? (child ? reg_field(child, dot + 1) : NULL) : reg_field(reg, *w);

        if (!f)
            continue;
        if (!child)
            put_words(part_of(s, f), a, f, r->values[f->index]);
        for (size_t i = 0; child && i < r->children[child - reg->children].n; i++)
            put_words(part_of(s, f), a, f, r->children[child - reg->children].rows[i].values[f->index]);
    }
}

static void searched_init(struct searched *s)
{
    buf_init(&s->open, SEARCH_TEXT);
    buf_init(&s->closed, SEARCH_TEXT);
}

static void searched_done(struct searched *s)
{
    buf_done(&s->open);
    buf_done(&s->closed);
}

static bool searched_same(struct searched *x, struct searched *y)
{
    return !strcmp(buf_cstr(&x->open), buf_cstr(&y->open)) && !strcmp(buf_cstr(&x->closed), buf_cstr(&y->closed));
}

struct search_text *record_words(enum db_kind kind, struct save *s, const struct record *r)
{
    struct search_text *out = NULL;
    struct searched now;

    if (!r->reg->search || !r->reg->search[0])
        return NULL;
    searched_init(&now);
    searched_text(&now, s->a, r);
    if (now.open.n || now.closed.n) {
        out = arena_alloc(s->a, sizeof *out);
        search_cut(out, s->a, kind, r->home, r->reg->name, buf_cstr(&now.open),
                   query_searches_personal(r->reg) ? buf_cstr(&now.closed) : NULL);
    }
    searched_done(&now);
    return out;
}

int record_text(struct db *d, struct save *s, const struct record *r, const struct record *was, struct err *e)
{
    struct searched now, old;
    const char *closed;
    int rc = 0;

    if (s->ready)
        return s->ready->text ? search_put_new(d, r->home, r->reg->name, r->id, r->happened, s->ready->text, e) : 0;
    if (!r->reg->search || !r->reg->search[0])
        return 0;
    searched_init(&now);
    searched_init(&old);
    searched_text(&now, s->a, r);
    if (was)
        searched_text(&old, s->a, was);
    closed = query_searches_personal(r->reg) ? buf_cstr(&now.closed) : NULL;
    if (!was || was->happened != r->happened || !searched_same(&now, &old))
        rc = now.open.n || now.closed.n
                 ? search_put_closed(d, r->home, r->reg->name, r->id, r->happened, buf_cstr(&now.open), closed, e)
                 : search_drop(d, r->home, r->id, e);
    searched_done(&now);
    searched_done(&old);
    return rc;
}

/* --- numbers: 借〔{year}〕{n}号, {n:3}, {month}, {unit} */

struct number {
    char name[160], period[16];   /* of the series */
    char before[256], after[256]; /* what stands around {n} */
    int width;
};

static void number_parse(struct number *p, struct save *s, const struct record *r)
{
    const struct ymd ymd = day_ymd(r->happened);
    const struct node *n = tree_find(s->view->units, r->unit);
    const char *q = r->reg->number_pattern;
    char *to = p->before;
    size_t left = sizeof p->before;

    snprintf(p->name, sizeof p->name, "%s.%s", r->reg->name, r->reg->number_field);
    while (*q && left > 40) {
        int w = 0, used = 0;

        if (!strncmp(q, "{year}", 6)) {
            w = snprintf(to, left, "%04d", ymd.y);
            if (!p->period[0])
                snprintf(p->period, sizeof p->period, "%04d", ymd.y);
            used = 6;
        } else if (!strncmp(q, "{month}", 7)) {
            w = snprintf(to, left, "%02d", ymd.m);
            snprintf(p->period, sizeof p->period, "%04d-%02d", ymd.y, ymd.m);
            used = 7;
        } else if (!strncmp(q, "{unit}", 6)) {
            w = snprintf(to, left, "%.32s", n ? n->code : "");
            snprintf(p->name, sizeof p->name, "%s.%s:%lld", r->reg->name, r->reg->number_field, (long long)r->unit);
            used = 6;
        } else if (!strncmp(q, "{n}", 3) || !strncmp(q, "{n:", 3)) {
            p->width = q[2] == ':' ? atoi(q + 3) : 0;
            used = (int)(strcspn(q, "}") + 1);
            to = p->after;
            left = sizeof p->after;
        } else {
            *to = *q;
            w = used = 1;
        }
        to += w;
        left -= (size_t)w;
        q += used;
    }
}

/* The running number in a text of this form, 0 if it is another text. */
static int64_t number_in(const struct number *p, const char *text)
{
    size_t nb = strlen(p->before), na = strlen(p->after), n = strlen(text), digits;

    if (n <= nb + na || strncmp(text, p->before, nb) || strcmp(text + n - na, p->after))
        return 0;
    digits = strspn(text + nb, "0123456789");
    return digits == n - nb - na && digits < 15 ? strtoll(text + nb, NULL, 10) : 0;
}

/* A number that was typed or imported moves the series on, so that it is not given out again. */
static int number_seen(struct db *d, const struct record *r, const struct number *p, const char *text,
                       struct err *e)
{
    int64_t n = number_in(p, text), last;

    if (!n)
        return 0;
    if (series_last(&last, d, r->home, p->name, p->period, e) < 0)
        return -1;
    return n > last ? series_set(d, r->home, p->name, p->period, n, e) : 0;
}

static bool unique_alone(const struct reg *r, const char *field)
{
    for (size_t i = 0; i < r->nuniques; i++)
        if (!strcmp(r->uniques[i].f[0], field) && !r->uniques[i].f[1])
            return true;
    return false;
}

int record_number(struct db *d, struct save *s, struct record *r, struct err *e)
{
    const char *field = r->reg->number_field;
    const char *alone[] = {field, NULL};
    struct number p = {0};
    struct value *v;
    int64_t n, twin = 0;

    if (!field || !r->reg->number_pattern)
        return 0;
    number_parse(&p, s, r);
    v = &r->values[reg_field(r->reg, field)->index];
    if (v->kind == VALUE_TEXT)
        return number_seen(d, r, &p, v->s, e);
    for (int i = 0; i < SERIES_TRIES; i++) {
        if (series_next(&n, d, r->home, p.name, p.period, e) < 0)
            return -1;
        *v = value_text(arena_printf(s->a, "%s%0*lld%s", p.before, p.width, (long long)n, p.after));
        if (!unique_alone(r->reg, field))
            return 0;
        if (query_twin(&twin, s->a, d, NULL, r, alone, r->id, e) < 0)
            return -1;
        if (!twin)
            return 0;
    }
    return err_field(e, field, "编号“%s”以后的 %d 个号都已占用，请管理员核对编号。", v->s, SERIES_TRIES);
}
