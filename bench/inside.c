/* SPDX-License-Identifier: Apache-2.0 */
/* inside.c: times inside the database, without HTTP, in microseconds:
 *
 *   inside search DIR           newest fifty that hold two characters: one line, the median over several words
 *   inside report DIR NAME…     a hundred figures over ten years, the median; NAME… are figures or figure|slice
 *   inside edit DIR             another issue and another address for one of the newest visits, durable, the median
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/sec.h"
#include "model/figure.h"
#include "model/record.h"
#include "store/search.h"

enum { ROUNDS = 41, FIGURES = 100, YEARS = 10 };

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    return v[n / 2];
}

static int count(void *arg, const struct search_hit *h, struct err *e)
{
    (void)h, (void)e;
    ++*(int *)arg;
    return 0;
}

static int search(struct site *site, const struct view *v, struct err *e)
{
    static const char *const words[] = {"楼道", "路灯", "漏水", "医保"};
    static const char *const tables[] = {"visit"};
    int64_t home = tree_code(v->units, "BQ")->home;
    struct search_scope scope = {.homes = &home, .nhomes = 1, .tables = tables, .ntables = 1, .limit = 50};
    struct db *d = store_reader(site->store, e);
    double took[ROUNDS * 4];
    size_t n = 0;

    for (int r = 0; d && r < ROUNDS; r++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            double t = now_us();
            int hits = 0;
            if (search_find(d, &scope, words[i], count, &hits, e) < 0)
                return -1;
            if (hits != 50)
                return err_log(e, "%s: %d hits, not 50", words[i], hits);
            took[n++] = now_us() - t;
        }
    printf("%.1f\n", median(took, n));
    return d ? 0 : -1;
}

static int one(struct arena *a, struct db *d, const struct view *v, const char *name, int year, struct err *e)
{
    const char *bar = strchr(name, '|');
    const struct figure *f = schema_figure(v->schema, bar ? arena_strn(a, name, (size_t)(bar - name)) : name);
    int y = day_ymd(today()).y - year;
    struct figure_at at = {.view = v, .unit = tree_code(v->units, "BQ"), .slice = bar ? bar + 1 : NULL};
    struct figure_value out;

    at.from = day_from_ymd(y - 9, 1, 15); /* ten years that begin and end within a month */
    at.to = day_from_ymd(y, 12, 20);
    return f ? figure_compute(&out, a, d, f, &at, e) : err_log(e, "no figure %s", name);
}

static int report(struct site *site, const struct view *v, char **names, int n, struct err *e)
{
    struct db *d = store_reader(site->store, e);
    struct arena *a = arena_new();
    double took[ROUNDS];
    int rc = d && n ? 0 : -1;

    for (int r = 0; rc == 0 && r < ROUNDS; r++) {
        double t = now_us();
        for (int i = 0; rc == 0 && i < FIGURES; i++)
            rc = one(a, d, v, names[i % n], i / n % YEARS, e);
        took[r] = now_us() - t;
        arena_reset(a);
    }
    if (rc == 0)
        printf("%.1f\n", median(took, ROUNDS));
    arena_free(a);
    return rc;
}

struct edit {
    struct save save;
    const struct reg *reg;
    int64_t home, id;
    int round;
};

static int note_id(void *arg, const struct search_hit *h, struct err *e)
{
    (void)e;
    *(int64_t *)arg = h->id;
    return 0;
}

static int edit_one(struct db *d, void *arg, struct err *e)
{
    static const char *const issues[] = {"楼道堆放杂物，希望尽快清理", "小区路灯不亮，晚上出行不便"};
    struct edit *t = arg;
    struct record *r;
    enum saved what;

    if (record_load(&r, t->save.a, d, t->reg, t->home, t->id, e) < 0)
        return -1;
    record_set(r, "issue", value_text(issues[t->round % 2]));
    record_set(r, "address", value_text(arena_printf(t->save.a, "桥头小区%d栋1单元101室", t->round + 1)));
    return record_save_in(d, &t->save, r, &what, e);
}

static int edit(struct site *site, const struct view *v, struct err *e)
{
    static const char *const tables[] = {"visit"};
    struct edit t = {.reg = schema_reg(v->schema, "visit"), .home = tree_code(v->units, "BQ")->home};
    struct search_scope scope = {.homes = &t.home, .nhomes = 1, .tables = tables, .ntables = 1, .limit = 50};
    struct db *d = store_reader(site->store, e);
    struct arena *a = arena_new();
    double took[ROUNDS];
    int rc = d ? search_find(d, &scope, "漏水", note_id, &t.id, e) : -1;

    t.save = (struct save){.site = site, .view = v, .actor = &actor_system, .a = a, .act = "edit"};
    for (; rc == 0 && t.round < ROUNDS; t.round++) {
        double from = now_us();
        rc = store_write(site->store, edit_one, &t, e);
        took[t.round] = now_us() - from;
        arena_reset(a);
    }
    if (rc == 0)
        printf("%.1f\n", median(took, ROUNDS));
    arena_free(a);
    return rc;
}

int main(int argc, char **argv)
{
    struct site *site = NULL;
    struct view v;
    struct err e = {0};
    int rc = -1;

    if (argc < 3) {
        fprintf(stderr, "inside search DIR | inside report DIR FIGURE… | inside edit DIR\n");
        return 2;
    }
    bool edits = strcmp(argv[1], "edit") == 0;
    if (sec_init(&e) < 0 || site_open(&site, argv[2], edits ? STORE_WRITE : STORE_READ, &e) < 0)
        goto out;
    site_hold(site, &v);
    rc = edits                            ? edit(site, &v, &e)
         : strcmp(argv[1], "search") == 0 ? search(site, &v, &e)
                                          : report(site, &v, argv + 3, argc - 3, &e);
    site_drop(site, &v);
    site_close(site);
out:
    if (rc < 0)
        fprintf(stderr, "inside: %s %s\n", e.msg, e.log);
    return rc < 0;
}
