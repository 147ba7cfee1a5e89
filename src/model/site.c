/* SPDX-License-Identifier: Apache-2.0 */
/* site.c: a data directory is opened: store, schema, tables, figures, trees. */
#include "model/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "model/ddl.h"
#include "model/figure.h"
#include "model/query_record.h"
#include "model/record_inner.h"
#include "model/tree.h"
#include "store/migrate.h"

#define TABLES_AS "schema.hash" /* in s_meta: all is as these declarations say */
enum { LATE_DAYS = 3, TRIES_APART_MS = 50, STALE_MS = 5000 };

/* --- schema and tables */

static int read_schema(struct site *s, const char *dir, struct err *e)
{
    struct arena *a = arena_new();
    struct schema_errors es = {.a = a};
    struct schema_source *src = NULL;
    struct err why = {0};
    size_t n = schema_sources(a, dir, &src, &why);

    if (!n) {
        arena_free(a);
        if (why.code)
            return err_set(e, why.code, "%s", why.msg);
        return err_set(e, ERR_MISSING, "没有找到任何模块声明（modules/），程序无法启动。");
    }
    s->schema = schema_load(a, src, n, &es);
    if (s->schema)
        return 0;
    err_set(e, ERR_INPUT, "模块声明有 %zu 处错误，第一处：%s:%d:%d: %s。请运行 linli modules check 查看全部。",
            es.n, es.n ? es.v[0].file : "", es.n ? es.v[0].line : 0, es.n ? es.v[0].col : 0,
            es.n ? es.v[0].msg : "");
    for (size_t i = 0; i < es.n; i++)
        log_line(LOG_ERROR, "%s:%d:%d: %s", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    arena_free(a);
    return -1;
}

static const struct reg *tree_reg(const struct site *s, const char *name, struct err *e)
{
    const struct reg *r = schema_reg(s->schema, name);

    if (!r)
        err_set(e, ERR_INPUT, "模块声明里没有台账“%s”（base 模块），程序无法启动。", name);
    return r;
}

static char *declared_hash(struct arena *a, const struct site *s)
{
    char *hex = arena_alloc(a, 2 * sizeof s->schema->hash + 1);

    sec_hex(hex, s->schema->hash, sizeof s->schema->hash);
    return hex;
}

/* From here to note_tables it is not known that all is as declared. */
static int forget_tables(struct arena *a, struct db *d, const struct site *s, struct err *e)
{
    char *kept;
    int rc = meta_get(&kept, a, d, TABLES_AS, e);

    if (rc == 1 && strcmp(kept, declared_hash(a, s)) != 0)
        rc = meta_drop(d, TABLES_AS, e);
    return rc < 0 ? -1 : 0;
}

static int bring_tables(struct db *d, void *arg, struct err *e)
{
    struct site *s = arg;
    struct arena *a = arena_new();
    struct ddl_plan *p;
    int rc = ddl_plan(&p, a, d, s->schema, e);

    if (rc == 0 && p->n)
        log_line(LOG_INFO, "tables: %zu statements bring the database to the declarations", p->n);
    if (rc == 0)
        rc = ddl_apply(d, p, false, e);
    if (rc == 0)
        rc = forget_tables(a, d, s, e);
    arena_free(a);
    return rc;
}

static int note_tables(struct db *d, void *arg, struct err *e)
{
    struct arena *a = arena_new();
    char *kept;
    int rc = meta_get(&kept, a, d, TABLES_AS, e);

    if (rc == 0)
        rc = meta_set(d, TABLES_AS, declared_hash(a, arg), e);
    arena_free(a);
    return rc < 0 ? -1 : 0;
}

static int not_yet(struct err *e)
{
    return err_set(e, ERR_BUSY,
                   "数据还没有按本程序整理完。如有服务正在启动，请等它整理完；如没有，请启动服务，由它接着整理。");
}

/* A reader works only on tables that fit its declarations. */
static int same_tables(struct site *s, struct err *e)
{
    struct arena *a = arena_new();
    struct db *d = store_reader(s->store, e);
    char *kept = NULL;
    int rc = d ? meta_get(&kept, a, d, TABLES_AS, e) : -1;

    if (rc == 0)
        rc = not_yet(e);
    else if (rc > 0 && strcmp(kept, declared_hash(a, s)))
        rc = err_set(e, ERR_CONFLICT, "模块声明改过，数据库还没有更新。请先启动一次服务，由它更新数据库。");
    arena_free(a);
    return rc < 0 ? -1 : 0;
}

/* What is searched, too, must be brought up to date by who writes. */
static int same_texts(struct site *s, struct err *e)
{
    bool due;

    if (record_index_due(&due, s, e) < 0)
        return -1;
    return due ? not_yet(e) : 0;
}

/* --- trees */

static int load_tree(struct tree **out, struct site *s, struct db *d, const char *name, const struct tree *units,
                     struct err *e)
{
    struct arena *a = arena_new();
    const struct reg *r = tree_reg(s, name, e);
    struct node_row *rows;
    size_t n;
    int rc = -1;

    if (r && query_nodes(&rows, &n, a, d, r, e) == 0) {
        *out = tree_build(rows, n, units);
        rc = 0;
    }
    arena_free(a);
    return rc;
}

static void tree_drop(struct tree *t)
{
    if (t && --t->refs == 0)
        tree_free(t);
}

int site_trees(struct site *s, struct err *e)
{
    struct db *d = store_reader(s->store, e);
    struct tree *units = NULL, *grids = NULL;

    if (!d || load_tree(&units, s, d, "unit", NULL, e) < 0)
        return -1;
    if (load_tree(&grids, s, d, "grid", units, e) < 0) {
        tree_free(units);
        return -1;
    }
    pthread_mutex_lock(&s->lock);
    tree_drop(s->units);
    tree_drop(s->grids);
    s->units = units;
    s->grids = grids;
    pthread_mutex_unlock(&s->lock);
    return 0;
}

int site_refresh(struct site *s, struct err *e)
{
    long long at = atomic_load(&s->stale_at);

    if (!at)
        return 0;
    if (site_trees(s, e) < 0)
        return -1;
    atomic_compare_exchange_strong(&s->stale_at, &at, 0);
    return 0;
}

/* Somebody wrote a unit and has not called site_refresh (yet). The write may not be committed, so the mark stays
 * for a while; trees are read at most every TRIES_APART_MS. */
static void refresh_late(struct site *s)
{
    long long at = atomic_load(&s->stale_at);
    int64_t now = now_ms();
    struct err e = {0};

    if (!at || now - atomic_load(&s->tried_at) < TRIES_APART_MS)
        return;
    atomic_store(&s->tried_at, now);
    if (site_trees(s, &e) < 0)
        log_line(LOG_ERROR, "trees: %s", e.log[0] ? e.log : e.msg);
    else if (now - at > STALE_MS)
        atomic_compare_exchange_strong(&s->stale_at, &at, 0);
}

void site_hold(struct site *s, struct view *v)
{
    refresh_late(s);
    pthread_mutex_lock(&s->lock);
    v->schema = s->schema;
    v->units = s->units;
    v->grids = s->grids;
    v->units->refs++;
    v->grids->refs++;
    pthread_mutex_unlock(&s->lock);
}

void site_drop(struct site *s, struct view *v)
{
    pthread_mutex_lock(&s->lock);
    tree_drop(v->units);
    tree_drop(v->grids);
    pthread_mutex_unlock(&s->lock);
    memset(v, 0, sizeof *v);
}

/* --- days */

int32_t site_working_day(const struct site *s, int32_t day, int n)
{
    int step = n < 0 ? -1 : 1;

    if (s->working_day)
        return s->working_day(day, n, s->working_arg);
    for (int left = n * step; left > 0;) {
        day += step;
        left -= day_weekday(day) <= 5;
    }
    return day;
}

/* --- opening */

int site_open(struct site **out, const char *dir, enum store_mode mode, struct err *e)
{
    struct site *s = xcalloc(1, sizeof *s);

    *out = NULL;
    pthread_mutex_init(&s->lock, NULL);
    if (store_open(&s->store, dir, mode, e) < 0)
        goto fail;
    s->zone_minutes = store_config_int(s->store, "zone", 480);
    s->late_days = store_config_int(s->store, "late_days", LATE_DAYS);
    date_set_zone(s->zone_minutes);
    if (read_schema(s, dir, e) < 0)
        goto fail;
    if (mode == STORE_WRITE ? store_write(s->store, bring_tables, s, e) < 0 : same_tables(s, e) < 0)
        goto fail;
    if (site_trees(s, e) < 0)
        goto fail;
    if (mode == STORE_WRITE &&
        (figure_renew(s, e) < 0 || record_index_renew(s, e) < 0 || store_write(s->store, note_tables, s, e) < 0))
        goto fail;
    if (mode == STORE_READ && same_texts(s, e) < 0)
        goto fail;
    *out = s;
    return 0;
fail:
    site_close(s);
    return -1;
}

void site_close(struct site *s)
{
    if (!s)
        return;
    tree_drop(s->units);
    tree_drop(s->grids);
    store_close(s->store);
    schema_free(s->schema);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
