/* SPDX-License-Identifier: Apache-2.0 */
/* list_total.c: how many records a list holds, and the sums of what its register measures, above the list. What was
 * counted is kept for a moment, and what takes too long is not said: a list must not wait for its totals. */
#include <pthread.h>
#include <string.h>

#include "base/date.h"
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
#define KEY_MAX 400
#define SLOTS 256

struct totals {
    int64_t n; /* -1: not known */
    int64_t sum[SUMS];
    bool summed;
};

static struct {
    pthread_mutex_t lock;
    uint64_t writes;
    struct {
        char key[KEY_MAX];
        int64_t at;
        uint64_t writes;
        struct totals t;
    } v[SLOTS];
    struct {
        int64_t user, at;
    } wrote[SLOTS];
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
    kept.wrote[slot].user = user;
    kept.wrote[slot].at = now_ms();
    pthread_mutex_unlock(&kept.lock);
}

/* What a list is a list of, however its address says it; NULL if that is long. */
static const char *key_of(struct req *q, const struct list_query *lq)
{
    const struct node *unit = lq->all ? NULL : page_unit(q);
    struct buf b;
    buf_init(&b, KEY_MAX);
    buf_printf(&b, "%s %lld %d %s", lq->reg->name, unit ? (long long)unit->id : 0LL, lq->personal,
               lq->text ? lq->text : "");
    for (size_t i = 0; i < lq->nfilters; i++) {
        const struct filter *f = &lq->filters[i];
        buf_printf(&b, "\n%s %d %lld %s", f->field, (int)f->op, f->v.kind == VALUE_INT ? (long long)f->v.i : 0LL,
                   f->v.kind == VALUE_TEXT ? f->v.s : "");
    }
    const char *key = buf_overflow(&b) ? NULL : arena_str(q->a, buf_cstr(&b));
    buf_done(&b);
    return key;
}

/* --- what a register measures: its figures that add up a field of every record */

struct measure {
    const struct field *f;
    const struct figure *figure; /* says what the sum is of: 人次, not 人 */
};

static const struct field *measured(const struct reg *r, const struct figure *f)
{
    const struct contribution *c = f->parts;
    bool sums = f->kind == FIG_TIMES || f->kind == FIG_HOURS || f->kind == FIG_AMOUNT;
    if (!sums || f->nparts != 1 || c->reg != r || c->child || c->where || !c->sum || c->sum->op != EX_FIELD)
        return NULL;
    return c->sum->field;
}

static size_t measures(struct req *q, const struct list_query *lq, struct measure out[SUMS])
{
    const struct schema *s = q->view.schema;
    size_t n = 0;
    for (size_t i = 0; i < s->nfigures && n < SUMS; i++) {
        const struct field *f = measured(lq->reg, s->figures[i]);
        for (size_t k = 0; f && k < n; k++)
            if (out[k].f == f)
                f = NULL;
        if (f && query_compares(&q->view, q->actor, lq, f->name))
            out[n++] = (struct measure){f, s->figures[i]};
    }
    return n;
}

static void count(struct totals *t, struct req *q, const struct list_query *lq, const struct measure *m, size_t nm)
{
    struct err no = {0};
    int64_t steps, ms;
    *t = (struct totals){.n = -1};
    db_limits(q->db, &steps, &ms);
    db_limit(q->db, TOTAL_STEPS, TOTAL_MS);
    if (query_count(&t->n, q->db, lq, COUNTED + 1, &no))
        t->n = -1;
    const struct field *f[SUMS];
    for (size_t i = 0; i < nm; i++)
        f[i] = m[i].f;
    if (nm && !lq->text && t->n > 0 && t->n <= SUMMED)
        t->summed = query_sums(t->sum, q->db, lq, f, nm, &no) == 0;
    db_limit(q->db, steps, ms);
}

static void totals_of(struct totals *t, struct req *q, const struct list_query *lq, const struct measure *m,
                      size_t nm)
{
    const char *key = key_of(q, lq);
    const size_t slot = key ? (size_t)(hash(key) % SLOTS) : 0, mine = (size_t)((uint64_t)q->login->user % SLOTS);
    const int64_t now = now_ms();
    bool known = false;
    pthread_mutex_lock(&kept.lock);
    const uint64_t writes = kept.writes;
    const int64_t at = kept.v[slot].at;
    if (key && strcmp(kept.v[slot].key, key) == 0) {
        bool wrote = kept.wrote[mine].user == q->login->user && kept.wrote[mine].at >= at;
        known = !wrote && now - at < (kept.v[slot].writes == writes ? KEPT_MS : KEPT_WRITTEN_MS);
        *t = kept.v[slot].t;
    }
    pthread_mutex_unlock(&kept.lock);
    if (known)
        return;
    count(t, q, lq, m, nm);
    if (!key)
        return;
    pthread_mutex_lock(&kept.lock);
    strcpy(kept.v[slot].key, key);
    kept.v[slot].at = now;
    kept.v[slot].writes = writes;
    kept.v[slot].t = *t;
    pthread_mutex_unlock(&kept.lock);
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

void list_totals(struct req *q, const struct list_query *lq)
{
    struct buf *b = &q->out;
    struct measure m[SUMS];
    const size_t nm = measures(q, lq, m);
    struct totals t;
    totals_of(&t, q, lq, m, nm);
    if (t.n <= 0)
        return;
    html_raw(b, "<p class=sum><span><b class=num>");
    html_text(b, t.n > COUNTED ? req_printf(q, "%s+", grouped(q, COUNTED)) : grouped(q, t.n));
    html_raw(b, "</b> ");
    page_text(q, lq->reg->measure ? lq->reg->measure : "条");
    html_raw(b, "</span>");
    for (size_t i = 0; t.summed && i < nm; i++) {
        struct field bare = *m[i].f;
        bare.suffix = NULL;
        html_raw(b, "<span>");
        page_label(q, &m[i].figure->label);
        html_raw(b, " <b class=num>");
        html_text(b, type_show(q->a, &bare, value_int(t.sum[i]), q->lang));
        html_raw(b, "</b> ");
        page_label(q, &m[i].figure->unit);
        html_raw(b, "</span>");
    }
    html_raw(b, "</p>");
}
