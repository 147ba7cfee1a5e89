/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_coverage.c: linli coverage: which mechanisms and figures of the catalogue the declarations cover. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "main/command.h"

static const struct option_def none[] = {{NULL, NULL, NULL}};

struct cover {
    const char *id;
    const char *by[32];
    size_t n;
};

static void cover_add(struct arena *a, struct map *all, const char *const *ids, const char *by)
{
    for (; ids && *ids; ids++) {
        struct cover *c = map_get(all, *ids);
        if (!c) {
            c = arena_alloc(a, sizeof *c);
            c->id = *ids;
            map_put(all, *ids, c);
        }
        bool said = false;
        for (size_t i = 0; i < c->n; i++)
            said |= strcmp(c->by[i], by) == 0;
        if (!said && c->n < sizeof c->by / sizeof *c->by)
            c->by[c->n++] = by;
    }
}

static int cover_order(const void *x, const void *y)
{
    return strcmp((*(struct cover *const *)x)->id, (*(struct cover *const *)y)->id);
}

static struct map *cover_collect(struct arena *a, const struct schema *s)
{
    struct map *all = map_new(a);
    for (size_t i = 0; i < s->nmodules; i++)
        cover_add(a, all, s->modules[i].covers, s->modules[i].name);
    for (size_t i = 0; i < s->nregs; i++)
        cover_add(a, all, s->regs[i]->covers, s->regs[i]->name);
    for (size_t i = 0; i < s->nfigures; i++)
        cover_add(a, all, s->figures[i]->covers, s->figures[i]->name);
    return all;
}

static void cover_print(const struct args *args, struct cover **rows, size_t n)
{
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 22);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++) {
        if (!args->json)
            printf("%s", rows[i]->id);
        json_obj_begin(&j);
        json_put_str(&j, "id", rows[i]->id);
        json_key(&j, "declared_by");
        json_arr_begin(&j);
        for (size_t k = 0; k < rows[i]->n; k++) {
            if (!args->json)
                printf(" %s", rows[i]->by[k]);
            json_str(&j, rows[i]->by[k]);
        }
        json_arr_end(&j);
        json_obj_end(&j);
        if (!args->json)
            putchar('\n');
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
}

static int coverage_run(struct args *args, struct err *e)
{
    struct schema_source *src;
    struct schema_errors es = {.a = args->a};
    size_t n = schema_sources(args->a, file_exists(args->data) ? args->data : NULL, &src, e);
    struct schema *s = n ? schema_load(arena_new(), src, n, &es) : NULL;
    if (!s)
        return n ? err_set(e, ERR_INPUT, "声明有 %zu 处错误，见 linli modules check", es.n) : -1;
    struct map *all = cover_collect(args->a, s);
    size_t rows = map_count(all);
    struct cover **v = arena_array(args->a, rows + 1, sizeof *v);
    for (size_t i = 0; i < rows; i++)
        v[i] = map_value(all, i);
    qsort(v, rows, sizeof *v, cover_order);
    cover_print(args, v, rows);
    schema_free(s);
    return EXIT_OK;
}

const struct command cmd_coverage = {.name = "coverage",
                                     .words = "",
                                     .options = none,
                                     .run = coverage_run,
                                     .summary = "机制和指标目录中已声明的各项"};
