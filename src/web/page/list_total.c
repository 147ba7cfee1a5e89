/* SPDX-License-Identifier: Apache-2.0 */
/* list_total.c: how many records a list holds, and the sums of what its register measures, above the list. What was
 * counted is kept for a moment, and what takes too long is not said: a list must not wait for its totals. */
#include <pthread.h>
#include <string.h>

#include "base/date.h"
#include "base/sec.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/session.h"

#define COUNTED 10000        /* beyond it: 10,000+ */
#define SUMMED 2000          /* sums are of so many records at most */
#define SUMS 3               /* columns that are summed */
#define TOTAL_STEPS 400000   /* SQLite steps for one of them, some 10 ms */
#define TOTAL_MS 30          /* the same on PostgreSQL */
#define KEPT_MS 60000        /* while nobody writes */
#define KEPT_WRITTEN_MS 3000 /* while others write */
#define KEY_MAX 65           /* hex of a hash, and a NUL */
#define KEY_TEXT ((size_t)64 * 1024)
#define HTML_MAX 1000
#define SLOTS 256

/* What was said of a list lately, as it was written. */
static struct {
    pthread_mutex_t lock;
    uint64_t writes;
    struct {
        char key[KEY_MAX], html[HTML_MAX];
        int64_t at;
        uint64_t writes;
    } v[SLOTS];
    int64_t wrote[SLOTS]; /* when anybody of this slot last wrote */
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint64_t hash(const char *s)
{
    uint64_t h = 14695981039346656037u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

void list_written(int64_t user)
{
    const size_t slot = (size_t)((uint64_t)user % SLOTS);
    pthread_mutex_lock(&kept.lock);
    kept.writes++;
    kept.wrote[slot] = now_ms();
    pthread_mutex_unlock(&kept.lock);
}

static void key_text(struct buf *b, const char *s)
{
    if (s)
        buf_printf(b, "%zu:%s", strlen(s), s);
    else
        buf_char(b, '-');
}

static void key_value(struct buf *b, struct value v)
{
    if (v.kind == VALUE_TEXT)
        key_text(b, v.s);
    else
        buf_printf(b, "%d=%lld;", (int)v.kind, v.kind == VALUE_INT ? (long long)v.i : 0LL);
}

/* What a list is a list of, however its address says it: a hash of everything that decides which records it holds
 * and how they are told, each text with its length before it. */
static const char *key_of(struct req *q, const struct list_query *lq)
{
    unsigned char raw[SEC_HASH];
    char hex[KEY_MAX];
    struct buf b;

    buf_init(&b, KEY_TEXT);
    key_text(&b, lq->reg->name);
    key_text(&b, lq->text);
    buf_printf(&b, "%d %d %d %d %zu", (int)q->lang, lq->personal, lq->gone, lq->all, lq->all ? 0 : lq->nunits);
    for (size_t i = 0; !lq->all && i < lq->nunits; i++)
        buf_printf(&b, " %lld", (long long)lq->units[i]);
    for (size_t i = 0; i < lq->nfilters; i++) {
        const struct filter *f = &lq->filters[i];
        key_text(&b, f->field);
        buf_printf(&b, "%d %d %zu ", (int)f->op, f->negate, f->nv);
        key_value(&b, f->v);
        for (size_t k = 0; k < f->nv; k++)
            key_value(&b, f->vs[k]);
    }
    const char *key = NULL;
    if (!buf_overflow(&b) && !lq->where) {
        sec_sha256(raw, buf_cstr(&b), b.n);
        sec_hex(hex, raw, sizeof raw);
        key = arena_str(q->a, hex);
    }
    buf_done(&b);
    return key;
}

/* --- what a register measures: its figures that add up a field of every record, if nobody sees it masked */

struct measure {
    const struct field *f;
    const struct figure *figure; /* says what the sum is of: 人次, not 人 */
};

static const struct field *measured(const struct reg *r, const struct figure *f)
{
    const struct contribution *c = f->parts;
    bool sums = f->kind == FIG_TIMES || f->kind == FIG_HOURS || f->kind == FIG_AMOUNT;
    if (!sums || f->nparts != 1 || c->reg != r || c->child || c->where || !c->sum || c->sum->op != EX_FIELD ||
        c->sum->field->cls >= CLASS_PERSONAL)
        return NULL;
    return c->sum->field;
}

static size_t measures(struct req *q, const struct reg *r, struct measure out[SUMS])
{
    const struct schema *s = q->view.schema;
    size_t n = 0;
    for (size_t i = 0; i < s->nfigures && n < SUMS; i++) {
        const struct field *f = measured(r, s->figures[i]);
        for (size_t k = 0; f && k < n; k++)
            if (out[k].f == f)
                f = NULL;
        if (f)
            out[n++] = (struct measure){f, s->figures[i]};
    }
    return n;
}

/* 12,345 */
static const char *grouped(struct req *q, int64_t n)
{
    const char *digits = req_printf(q, "%lld", (long long)n);
    size_t len = strlen(digits), k = 0;
    char *out = arena_alloc(q->a, len + len / 3 + 1);
    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    out[k] = '\0';
    return out;
}

static void sums(struct req *q, const struct list_query *lq)
{
    struct buf *b = &q->out;
    struct measure m[SUMS];
    const struct field *f[SUMS];
    int64_t sum[SUMS] = {0};
    struct err no = {0};
    const size_t n = measures(q, lq->reg, m);
    for (size_t i = 0; i < n; i++)
        f[i] = m[i].f;
    if (!n || query_sums(sum, q->db, lq, f, n, &no))
        return;
    for (size_t i = 0; i < n; i++) {
        struct field bare = *f[i];
        bare.suffix = NULL;
        html_raw(b, "<span>");
        page_label(q, &m[i].figure->label);
        html_raw(b, " <b class=num>");
        html_text(b, type_show(q->a, &bare, value_int(sum[i]), q->lang));
        html_raw(b, "</b> ");
        page_label(q, &m[i].figure->unit);
        html_raw(b, "</span>");
    }
}

static void count(struct req *q, const struct list_query *lq)
{
    struct buf *b = &q->out;
    struct err no = {0};
    int64_t steps, ms, n = 0;
    db_limits(q->db, &steps, &ms);
    db_limit(q->db, TOTAL_STEPS, TOTAL_MS);
    if (query_count(&n, q->db, lq, COUNTED + 1, &no) == 0 && n > 0) {
        html_raw(b, "<p class=sum><span><b class=num>");
        html_text(b, n > COUNTED ? req_printf(q, "%s+", grouped(q, COUNTED)) : grouped(q, n));
        html_raw(b, "</b> ");
        page_text(q, lq->reg->measure ? lq->reg->measure : "条");
        html_raw(b, "</span>");
        if (!lq->text && n <= SUMMED)
            sums(q, lq);
        html_raw(b, "</p>");
    }
    db_limit(q->db, steps, ms);
}

/* Said already, and nothing has happened that it should say otherwise? Then it is written. */
static bool said(struct req *q, const char *key, size_t slot, uint64_t *writes)
{
    const size_t mine = (size_t)((uint64_t)q->login->user % SLOTS);
    const int64_t now = now_ms();
    bool known = false;
    pthread_mutex_lock(&kept.lock);
    *writes = kept.writes;
    if (strcmp(kept.v[slot].key, key) == 0) {
        const int64_t at = kept.v[slot].at;
        bool wrote = kept.wrote[mine] >= at;
        known = !wrote && now - at < (kept.v[slot].writes == *writes ? KEPT_MS : KEPT_WRITTEN_MS);
        html_raw(&q->out, known ? kept.v[slot].html : "");
    }
    pthread_mutex_unlock(&kept.lock);
    return known;
}

void list_totals(struct req *q, const struct list_query *lq)
{
    const char *key = key_of(q, lq);
    const size_t slot = key ? (size_t)(hash(key) % SLOTS) : 0, from = q->out.n;
    const int64_t now = now_ms();
    uint64_t writes = 0;
    if (key && said(q, key, slot, &writes))
        return;
    count(q, lq);
    const size_t n = q->out.n - from;
    if (!key || n >= HTML_MAX)
        return;
    pthread_mutex_lock(&kept.lock);
    memcpy(kept.v[slot].key, key, strlen(key) + 1);
    memcpy(kept.v[slot].html, buf_cstr(&q->out) + from, n);
    kept.v[slot].html[n] = '\0';
    kept.v[slot].at = now;
    kept.v[slot].writes = writes;
    pthread_mutex_unlock(&kept.lock);
}
