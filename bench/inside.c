/* SPDX-License-Identifier: Apache-2.0 */
/* inside.c: times inside the database, without HTTP, in microseconds:
 *
 *   inside search DIR           newest fifty that hold two characters: one line, the median over several words
 *   inside report DIR NAME…     a hundred figures over ten years, the median; NAME… are figures or figure|slice */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/sec.h"
#include "model/figure.h"
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

int main(int argc, char **argv)
{
    struct site *site = NULL;
    struct view v;
    struct err e = {0};
    int rc = -1;

    if (argc < 3) {
        fprintf(stderr, "inside search DIR | inside report DIR FIGURE…\n");
        return 2;
    }
    if (sec_init(&e) < 0 || site_open(&site, argv[2], STORE_READ, &e) < 0)
        goto out;
    site_hold(site, &v);
    rc = strcmp(argv[1], "search") == 0 ? search(site, &v, &e) : report(site, &v, argv + 3, argc - 3, &e);
    site_drop(site, &v);
    site_close(site);
out:
    if (rc < 0)
        fprintf(stderr, "inside: %s %s\n", e.msg, e.log);
    return rc < 0;
}
