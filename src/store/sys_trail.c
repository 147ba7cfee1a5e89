/* SPDX-License-Identifier: Apache-2.0 */
/* sys_trail.c: the append-only log and its chains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sec.h"
#include "store/backend.h"
#include "store/sql.h"
#include "store/sys_trail.h"

#define LINE_MAX_BYTES (16u * 1024 * 1024)
#define COLUMNS "home, seq, at, who, act, register, record, detail, prev, hash"

static const char zeros[TRAIL_HASH] = "0000000000000000000000000000000000000000000000000000000000000000";

static void hash_copy(char out[TRAIL_HASH], const char *hex)
{
    snprintf(out, TRAIL_HASH, "%s", hex ? hex : "");
}

static void add_text(struct buf *b, const char *s)
{
    size_t n = s ? strlen(s) : 0;

    buf_int(b, (int64_t)n);
    buf_char(b, ':');
    if (n)
        buf_add(b, s, n);
    buf_char(b, ' ');
}

/* The canonical line's hash; the line's form is given in the header. */
static int entry_hash(char out[TRAIL_HASH], const struct trail_entry *t, const char *prev, struct err *e)
{
    const int64_t numbers[] = {t->home, t->seq, t->at, t->who, t->record};
    unsigned char raw[SEC_HASH];
    struct buf b;
    int rc = 0;

    buf_init(&b, LINE_MAX_BYTES);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buf_int(&b, numbers[i]);
        buf_char(&b, ' ');
    }
    add_text(&b, t->act);
    add_text(&b, t->table);
    add_text(&b, t->detail);
    buf_str(&b, prev);
    if (buf_overflow(&b)) {
        rc = err_set(e, ERR_TOOBIG, "这次改动的内容过多，无法留痕。请分几次提交。");
    } else {
        sec_sha256(raw, buf_cstr(&b), b.n);
        sec_hex(out, raw, sizeof raw);
    }
    buf_done(&b);
    return rc;
}

/* --- tips: within a transaction they are kept in memory, so that many entries change a row once */

#define TIPS_MAX 64 /* homes; with more of them all are written */

struct tip {
    int64_t home, seq;
    char hash[TRAIL_HASH];
    bool changed;
};
struct tips {
    struct db_aside aside;
    struct tip v[TIPS_MAX];
    size_t n;
};

static int tip_read(struct tip *t, struct db *d, int64_t home, struct err *e)
{
    struct stmt *s;
    int rc;

    *t = (struct tip){.home = home};
    hash_copy(t->hash, zeros);
    if (sql_open(&s, d, e, "SELECT seq, hash FROM s_tip WHERE home = ?1", "i", home) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1) {
        t->seq = stmt_col_int(s, 0);
        hash_copy(t->hash, stmt_col_text(s, 1));
    }
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

static int tip_write(struct db *d, const struct tip *t, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_tip (home, seq, hash) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (home) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
                   "iit", t->home, t->seq, t->hash) < 0
               ? -1
               : 0;
}

static int tips_write(struct db *d, struct err *e)
{
    struct tips *k = (struct tips *)d->aside;

    for (size_t i = 0; i < k->n; i++) {
        if (k->v[i].changed && tip_write(d, &k->v[i], e) < 0)
            return -1;
        k->v[i].changed = false;
    }
    return 0;
}

static void tips_forget(struct db *d)
{
    ((struct tips *)d->aside)->n = 0;
}

static void tips_drop(struct db *d)
{
    free(d->aside);
    d->aside = NULL;
}

/* The tip of a home, kept until the transaction ends. */
static int tip_kept(struct tip **out, struct db *d, int64_t home, struct err *e)
{
    struct tips *k = (struct tips *)d->aside;

    if (!k) {
        k = xcalloc(1, sizeof *k);
        k->aside = (struct db_aside){tips_write, tips_forget, tips_drop};
        d->aside = &k->aside;
    }
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i].home == home) {
            *out = &k->v[i];
            return 0;
        }
    if (k->n == TIPS_MAX) {
        if (tips_write(d, e) < 0)
            return -1;
        k->n = 0;
    }
    *out = &k->v[k->n];
    if (tip_read(*out, d, home, e) < 0)
        return -1;
    k->n++;
    return 0;
}

int trail_tip(struct db *d, int64_t home, int64_t *seq, char hash[TRAIL_HASH], struct err *e)
{
    struct tip t;

    if ((d->aside && tips_write(d, e) < 0) || tip_read(&t, d, home, e) < 0)
        return -1;
    *seq = t.seq;
    hash_copy(hash, t.hash);
    return 0;
}

int trail_append(struct db *d, struct trail_entry *t, struct err *e)
{
    struct tip own, *tip = &own;

    if ((db_in_tx(d) ? tip_kept(&tip, d, t->home, e) : tip_read(tip, d, t->home, e)) < 0)
        return -1;
    t->seq = tip->seq + 1;
    hash_copy(t->prev, tip->hash);
    if (entry_hash(t->hash, t, t->prev, e) < 0)
        return -1;
    if (sql_run(d, e, "INSERT INTO s_trail (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                "iiiieeiett", t->home, t->seq, t->at, t->who, t->act, t->table, t->record, t->detail, t->prev,
                t->hash) < 0)
        return -1;
    tip->seq = t->seq;
    hash_copy(tip->hash, t->hash);
    tip->changed = true;
    return db_in_tx(d) ? 0 : tip_write(d, tip, e);
}

/* --- reading */

static const char *text_or_empty(const struct stmt *s, int i)
{
    const char *v = stmt_col_text(s, i);

    return v ? v : "";
}

static void read_entry(struct trail_entry *t, const struct stmt *s)
{
    t->home = stmt_col_int(s, 0);
    t->seq = stmt_col_int(s, 1);
    t->at = stmt_col_int(s, 2);
    t->who = stmt_col_int(s, 3);
    t->act = text_or_empty(s, 4);
    t->table = text_or_empty(s, 5);
    t->record = stmt_col_int(s, 6);
    t->detail = text_or_empty(s, 7);
    hash_copy(t->prev, stmt_col_text(s, 8));
    hash_copy(t->hash, stmt_col_text(s, 9));
}

static int give_entries(struct stmt *s, trail_fn fn, void *arg, struct err *e)
{
    struct trail_entry t;
    int rc;

    while ((rc = stmt_step(s, e)) == 1) {
        read_entry(&t, s);
        rc = fn(arg, &t, e);
        if (rc != 0)
            break;
    }
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

int trail_list(struct db *d, int64_t home, const char *table, int64_t record, int64_t before, int limit,
               trail_fn fn, void *arg, struct err *e)
{
    int64_t below = before > 0 ? before : INT64_MAX;
    struct stmt *s;
    int rc;

    if (table)
        rc = sql_open(&s, d, e,
                      "SELECT " COLUMNS " FROM s_trail WHERE home = ?1 AND register = ?2 AND record = ?3 "
                      "AND seq < ?4 ORDER BY seq LIMIT ?5",
                      "itiii", home, table, record, below, I64(limit));
    else
        rc = sql_open(&s, d, e,
                      "SELECT " COLUMNS " FROM s_trail WHERE home = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
                      "iii", home, below, I64(limit));
    return rc < 0 ? -1 : give_entries(s, fn, arg, e);
}

/* --- verifying */

struct verify {
    struct trail_check *out;
    void (*fn)(void *arg, const struct trail_break *b);
    void *arg;
    int64_t home, seq;     /* of the chain being read, and its last entry */
    char hash[TRAIL_HASH]; /* of that entry, as it stands */
};

static void found(struct verify *v, int64_t seq, enum trail_fault fault)
{
    struct trail_break b = {v->home, seq, fault};

    if (v->out->breaks++ == 0)
        v->out->first = b;
    if (v->fn)
        v->fn(v->arg, &b);
}

static int verify_entry(void *arg, const struct trail_entry *t, struct err *e)
{
    struct verify *v = arg;
    char hash[TRAIL_HASH];

    v->out->entries++;
    if (t->seq != v->seq + 1)
        found(v, v->seq + 1, TRAIL_GAP);
    else if (strcmp(t->prev, v->hash) != 0)
        found(v, t->seq, TRAIL_PREV);
    if (entry_hash(hash, t, t->prev, e) < 0)
        return -1;
    if (strcmp(hash, t->hash) != 0)
        found(v, t->seq, TRAIL_CONTENT);
    v->seq = t->seq;
    hash_copy(v->hash, t->hash);
    return 0;
}

static int verify_home(struct verify *v, struct db *d, int64_t home, struct err *e)
{
    char tip[TRAIL_HASH];
    struct stmt *s;
    int64_t seq;

    v->home = home;
    v->seq = 0;
    v->out->homes++;
    hash_copy(v->hash, zeros);
    if (sql_open(&s, d, e, "SELECT " COLUMNS " FROM s_trail WHERE home = ?1 ORDER BY seq", "i", home) < 0 ||
        give_entries(s, verify_entry, v, e) < 0 || trail_tip(d, home, &seq, tip, e) < 0)
        return -1;
    if (seq != v->seq || strcmp(tip, v->hash) != 0)
        found(v, seq, TRAIL_TIP);
    return 0;
}

/* The next home after this one that has a chain or a tip: each step is one look into an index. */
static int next_home(int64_t *home, struct db *d, struct err *e)
{
    int64_t a, b;
    int ra = sql_int(&a, d, e, "SELECT home FROM s_trail WHERE home > ?1 ORDER BY home LIMIT 1", "i", *home);
    int rb =
        ra < 0 ? -1 : sql_int(&b, d, e, "SELECT home FROM s_tip WHERE home > ?1 ORDER BY home LIMIT 1", "i", *home);

    if (ra < 0 || rb < 0)
        return -1;
    if (ra == 0 && rb == 0)
        return 0;
    *home = ra == 0 || (rb == 1 && b < a) ? b : a;
    return 1;
}

int trail_verify(struct trail_check *out, struct db *d, int64_t home,
                 void (*fn)(void *arg, const struct trail_break *b), void *arg, struct err *e)
{
    struct verify v = {.out = out, .fn = fn, .arg = arg};
    int64_t at = INT64_MIN;
    bool own = db_begin(d, NULL) == 0; /* a caller may have a snapshot already */
    int rc = 0;

    memset(out, 0, sizeof *out);
    if (home != 0)
        rc = verify_home(&v, d, home, e);
    while (home == 0 && rc == 0) {
        int more = next_home(&at, d, e);

        if (more <= 0) {
            rc = more;
            break;
        }
        rc = verify_home(&v, d, at, e);
    }
    if (own)
        db_rollback(d);
    return rc;
}

const char *trail_fault_text(enum trail_fault f)
{
    static const char *const text[] = {
        [TRAIL_GAP] = "序号不连续，有条目被删除",
        [TRAIL_PREV] = "与上一条不衔接",
        [TRAIL_CONTENT] = "内容与校验值不符，被改动过",
        [TRAIL_TIP] = "末尾与链尾记录不符，有条目被截去",
    };

    return text[f];
}
