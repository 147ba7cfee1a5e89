/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: finding things in a linked schema; loading one. */
#include "model/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/sec.h"
#include "model/schema_read.h"

struct reg *schema_reg(const struct schema *s, const char *name)
{
    return map_get(s->reg_by_name, name);
}

struct field *reg_field(const struct reg *r, const char *name)
{
    return r->by_name ? map_get(r->by_name, name) : NULL;
}

struct reg *reg_child(const struct reg *r, const char *name)
{
    for (size_t i = 0; i < r->nchildren; i++)
        if (!strcmp(r->children[i].name, name))
            return &r->children[i];
    return NULL;
}

const struct state *reg_state(const struct reg *r, const char *name)
{
    for (size_t i = 0; i < r->nstates; i++)
        if (!strcmp(r->states[i].name, name))
            return &r->states[i];
    return NULL;
}

const struct move *reg_move(const struct reg *r, const char *name)
{
    for (size_t i = 0; i < r->nmoves; i++)
        if (!strcmp(r->moves[i].name, name))
            return &r->moves[i];
    return NULL;
}

struct figure *schema_figure(const struct schema *s, const char *name)
{
    return map_get(s->figure_by_name, name);
}

const struct choice *field_choice(const struct field *f, const char *code)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (!strcmp(f->choices[i].code, code))
            return &f->choices[i];
    return NULL;
}

const char *label_in(const struct label *l, enum lang lang)
{
    const char *s = l->t[lang] ? l->t[lang] : l->t[LANG_HANS];
    return s ? s : "";
}

void schema_free(struct schema *s)
{
    if (s)
        arena_free(s->a);
}

/* --- loading */

static bool ends(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n > k && !strcmp(s + n - k, end);
}

/* modules/NAME/FILE.yaml or modules/NAME/reports/FILE.md; everything else is left to others (print/, help/, test/).
 */
static void load_source(struct reader *r, const struct schema_source *src)
{
    const char *p = strstr(src->path, "modules/");
    const char *dir = p ? p + strlen("modules/") : NULL, *file = dir ? strchr(dir, '/') : NULL;
    if (!file)
        return;
    const char *module = arena_strn(r->a, dir, (size_t)(file - dir));
    file++;
    r->file = arena_str(r->a, src->path);
    if (!strcmp(file, "module.yaml"))
        read_module_file(r, src, module);
    else if (!strchr(file, '/') && ends(file, ".yaml"))
        read_register_file(r, src, module, arena_strn(r->a, file, strlen(file) - 5));
    else if (!strncmp(file, "reports/", 8) && !strchr(file + 8, '/') && ends(file, ".md"))
        read_report_file(r, src, module, arena_strn(r->a, file + 8, strlen(file) - 11));
}

static int error_order(const void *x, const void *y)
{
    const struct schema_error *a = x, *b = y;
    int c = strcmp(a->file, b->file);
    if (c)
        return c;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->col != b->col)
        return a->col < b->col ? -1 : 1;
    return strcmp(a->msg, b->msg);
}

/* Of the declarations, not of the report templates: those change nothing in the database. */
static void schema_digest(struct arena *a, const struct schema_source *src, size_t n, unsigned char out[SEC_HASH])
{
    unsigned char *all = arena_alloc(a, n * SEC_HASH + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char two[2][SEC_HASH];
        if (ends(src[i].path, ".md"))
            continue;
        sec_sha256(two[0], src[i].path, strlen(src[i].path));
        sec_sha256(two[1], src[i].text, src[i].n);
        sec_sha256(all + k++ * SEC_HASH, two, sizeof two);
    }
    sec_sha256(out, all, k * SEC_HASH);
}

/* --- the order of the menu: modules by order:, registers as their module lists them, figures by their register */

static int module_order(const void *x, const void *y)
{
    const struct module *a = x, *b = y;
    return a->order != b->order ? (a->order < b->order ? -1 : 1) : strcmp(a->name, b->name);
}

static void menu_order(struct schema *s)
{
    size_t nregs = 0, nfigures = 0;
    struct figure **figures = arena_array(s->a, s->nfigures + 1, sizeof *figures);
    if (s->nmodules)
        qsort(s->modules, s->nmodules, sizeof *s->modules, module_order);
    for (size_t m = 0; m < s->nmodules; m++)
        for (const char **name = s->modules[m].registers; name && *name; name++)
            s->regs[nregs++] = schema_reg(s, *name);
    for (size_t i = 0; i < s->nregs; i++)
        for (size_t k = 0; k < s->nfigures; k++)
            if (s->figures[k]->reg == s->regs[i])
                figures[nfigures++] = s->figures[k];
    if (nfigures)
        memcpy(s->figures, figures, nfigures * sizeof *figures);
}

struct schema *schema_load(struct arena *a, const struct schema_source *src, size_t n, struct schema_errors *es)
{
    struct schema *s = arena_alloc(a, sizeof *s);
    struct reader r = {.a = a, .s = s, .es = es, .places = map_new(a), .file = "modules"};
    size_t before = es->n;
    if (!es->a)
        es->a = a;
    s->a = a;
    s->reg_by_name = map_new(a);
    s->figure_by_name = map_new(a);
    for (size_t i = 0; i < n; i++)
        load_source(&r, &src[i]);
    link_schema(&r);
    if (es->n > before) {
        qsort(es->v + before, es->n - before, sizeof *es->v, error_order);
        return NULL;
    }
    menu_order(s);
    schema_digest(a, src, n, s->hash);
    return s;
}
