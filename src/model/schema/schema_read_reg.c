/* SPDX-License-Identifier: Apache-2.0 */
/* schema_read_reg.c: whole files: modules, registers, report templates; and the words that are read in their own
 * way. */
#include <stdlib.h>
#include <string.h>

#include "model/schema_read.h"

/* Words that wait for what stands beside them; read in the vocabulary's `after`. */
void read_later(struct reader *r, const struct yaml *y, void *into)
{
    (void)r;
    (void)y;
    (void)into;
}

void read_covers_only(struct reader *r, const struct yaml *y, void *into)
{
    (void)into;
    read_covers(r, y);
}

void read_title(struct reader *r, const struct yaml *y, void *into)
{
    struct reg *reg = into;
    reg->title = y->kind == YAML_TEXT ? y->text : NULL;
    place_put(r, &reg->title_expr, y);
    reg->title_expr = read_expr(r, y, NULL);
}

static struct unique_key *read_keys(struct reader *r, const struct yaml *y, size_t *n)
{
    *n = 0;
    if (y->kind != YAML_LIST) {
        read_bad(r, y, "expected a list of lists of fields: [[number]]");
        return NULL;
    }
    struct unique_key *keys = arena_array(r->a, y->n + 1, sizeof *keys);
    for (size_t i = 0; i < y->n; i++) {
        if (y->item[i]->kind != YAML_LIST)
            read_bad(r, y->item[i], "expected a list of fields: [[number]]");
        const char **f = read_texts(r, y->item[i], NULL, true);
        if (f && f[0])
            keys[(*n)++].f = f;
    }
    return keys;
}

void read_unique(struct reader *r, const struct yaml *y, void *into)
{
    struct reg *reg = into;
    reg->uniques = read_keys(r, y, &reg->nuniques);
}

void read_alike(struct reader *r, const struct yaml *y, void *into)
{
    struct reg *reg = into;
    reg->alikes = read_keys(r, y, &reg->nalikes);
}

void read_after(struct reader *r, const struct yaml *y, void *into)
{
    struct clock_def *c = into;
    const char *s = read_string(r, y);
    if (!s)
        return;
    char *end;
    long n = strtol(s, &end, 10);
    bool space = *end == ' ';
    while (*end == ' ')
        end++;
    bool unit = !strcmp(end, "wd") || !strcmp(end, "d") || !strcmp(end, "h");
    if (*s < '0' || *s > '9' || !space || !unit || n < 1 || n > 10000) {
        read_bad(r, y, "\"%s\" is not an amount of time: N wd (working days), N d (days) or N h (hours)", s);
        return;
    }
    c->amount = (int)n;
    c->unit = *end;
}

void read_set(struct reader *r, const struct yaml *y, void *into)
{
    struct make *m = into;
    if (y->kind != YAML_MAP) {
        read_bad(r, y, "expected a map: field of the other register → expression");
        return;
    }
    m->set_field = arena_array(r->a, y->n + 1, sizeof *m->set_field);
    m->set_expr = arena_array(r->a, y->n + 1, sizeof(struct expr *));
    for (size_t i = 0; i < y->n; i++) {
        const char *name = read_name(r, y->key[i], KEY_NAME);
        if (!name)
            continue;
        place_put(r, &m->set_field[m->nset], y->key[i]);
        place_put(r, &m->set_expr[m->nset], y->item[i]);
        m->set_field[m->nset] = name;
        m->set_expr[m->nset++] = read_expr(r, y->item[i], NULL);
    }
}

/* --- child tables */

void child_before(struct reader *r, void *into, const char *name)
{
    struct reg *child = into;
    (void)name;
    child->parent = r->top;
    child->module = r->top->module;
    child->file = r->file;
    child->line = place_of(r, into, r->top).line;
    r->reg = child;
}

static void fields_index(struct reader *r, struct reg *reg)
{
    reg->by_name = map_new(r->a);
    for (size_t i = 0; i < reg->nfields; i++) {
        reg->fields[i].index = (int)i;
        map_put(reg->by_name, reg->fields[i].name, &reg->fields[i]);
    }
}

static void child_groups(struct reader *r, const struct yaml *y, struct reg *child)
{
    if (y->kind != YAML_MAP) {
        read_bad(r, y, "expected a map: parent header → {field: value}");
        return;
    }
    child->groups = arena_array(r->a, y->n + 1, sizeof *child->groups);
    for (size_t i = 0; i < y->n; i++) {
        struct import_group *g = &child->groups[child->ngroups];
        const struct yaml *set = y->item[i];
        if (set->kind != YAML_MAP) {
            read_bad(r, set, "expected a map: field → value");
            continue;
        }
        g->header = read_string(r, y->key[i]);
        g->set_field = arena_array(r->a, set->n + 1, sizeof *g->set_field);
        g->set_value = arena_array(r->a, set->n + 1, sizeof *g->set_value);
        for (size_t j = 0; j < set->n; j++) {
            place_put(r, &g->set_field[g->nset], set->key[j]);
            place_put(r, &g->set_value[g->nset], set->item[j]);
            g->set_field[g->nset] = read_name(r, set->key[j], KEY_NAME);
            g->set_value[g->nset] = read_string(r, set->item[j]);
            g->nset += g->set_field[g->nset] && g->set_value[g->nset];
        }
        child->ngroups += g->header != NULL;
    }
}

static void alias_add(struct reader *r, struct field *f, const char *alias)
{
    size_t n = 0;
    while (f->aliases && f->aliases[n])
        n++;
    const char **v = arena_array(r->a, n + 2, sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = f->aliases[i];
    v[n] = alias;
    f->aliases = v;
}

static void child_split(struct reader *r, const struct yaml *y, struct reg *child)
{
    static const char *const words[] = {"column", "field", "by", NULL};
    const char *v[3] = {0};
    for (size_t i = 0; y->kind == YAML_MAP && i < y->n; i++) {
        size_t w = 0;
        while (words[w] && strcmp(words[w], y->key[i]->text))
            w++;
        if (words[w])
            v[w] = read_string(r, y->item[i]);
        else
            read_bad(r, y->key[i], "unknown word %s in split%s", y->key[i]->text,
                     did_you_mean(r->a, word_nearest(words, y->key[i]->text)));
    }
    struct field *f = v[1] ? reg_field(child, v[1]) : NULL;
    if (!v[0] || !v[1] || !v[2])
        read_bad(r, y, "split needs column, field and by");
    else if (!f)
        read_bad(r, yaml_get(y, "field"), "%s has no field %s%s", child->name, v[1],
                 did_you_mean(r->a, map_nearest(child->by_name, v[1])));
    else {
        f->split = v[2];
        alias_add(r, f, v[0]);
    }
}

void child_after(struct reader *r, const struct yaml *y, void *into)
{
    struct reg *child = into;
    const struct yaml *imp = yaml_get(y, "import");
    fields_index(r, child);
    for (size_t i = 0; imp && imp->kind == YAML_MAP && i < imp->n; i++) {
        if (!strcmp(imp->key[i]->text, "groups"))
            child_groups(r, imp->item[i], child);
        else if (!strcmp(imp->key[i]->text, "split"))
            child_split(r, imp->item[i], child);
        else
            read_bad(r, imp->key[i], "unknown word %s in import of a child table: groups, split",
                     imp->key[i]->text);
    }
    if (imp && imp->kind != YAML_MAP)
        read_bad(r, imp, "expected a map with groups or split");
    r->reg = r->top;
}

/* --- a register */

static void read_figures(struct reader *r, const struct yaml *y)
{
    size_t n = 0;
    struct figure_read *all = read_array(r, y, &vocab_figure, true, &n);
    for (size_t i = 0; i < n; i++) {
        const struct figure *was = map_put(r->s->figure_by_name, all[i].f.name, &all[i].f);
        if (was)
            place_bad(r, &all[i], r->top, "figure %s is declared already in line %d of %s", all[i].f.name,
                      was->line, was->reg ? was->reg->file : "?");
        else
            VEC_PUSH(r->a, r->s->figures, r->s->nfigures, r->capfigures) = &all[i].f;
    }
}

void reg_after(struct reader *r, const struct yaml *y, void *into)
{
    struct reg *reg = into;
    const struct yaml *figures = yaml_get(y, "figures");
    fields_index(r, reg);
    if (figures)
        read_figures(r, figures);
    refuse_label(r, &reg->label, reg, "a register", reg->label.t[LANG_HANS]);
}

void read_register_file(struct reader *r, const struct schema_source *src, const char *module, const char *name)
{
    struct yaml *y = yaml_read(r->a, r->file, src->text, src->n, r->es);
    if (!y)
        return;
    struct reg *reg = arena_alloc(r->a, sizeof *reg);
    reg->module = module;
    reg->file = r->file;
    reg->line = y->line;
    r->reg = r->top = reg;
    place_put(r, reg, y);
    read_vocab(r, y, &vocab_register, reg);
    const struct yaml *declared = yaml_get(y, "register");
    if (reg->name && strcmp(reg->name, name))
        read_bad(r, declared, "register %s stands in a file called %s.yaml: they must agree", reg->name, name);
    if (reg->name) {
        const struct reg *was = map_put(r->s->reg_by_name, reg->name, reg);
        if (was)
            read_bad(r, declared, "register %s is declared already in %s", reg->name, was->file);
        else
            VEC_PUSH(r->a, r->s->regs, r->s->nregs, r->capregs) = reg;
    }
    r->reg = r->top = NULL;
}

/* --- modules */

static void read_roles(struct reader *r, const struct yaml *y, const char *module)
{
    size_t n = 0;
    struct role_def *all;
    if (r->s->nroles) {
        read_bad(r, y, "roles are declared already in module %s: one module says them all", r->roles_in);
        return;
    }
    all = read_array(r, y, &vocab_role, true, &n);
    r->roles_in = module;
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(r->a, r->s->roles, r->s->nroles, r->caproles) = all[i];
}

void read_module_file(struct reader *r, const struct schema_source *src, const char *module)
{
    struct yaml *y = yaml_read(r->a, r->file, src->text, src->n, r->es);
    if (!y)
        return;
    struct module *m = &VEC_PUSH(r->a, r->s->modules, r->s->nmodules, r->capmodules);
    *m = (struct module){0};
    struct module *read = arena_alloc(r->a, sizeof *read);
    place_put(r, read, y);
    read_vocab(r, y, &vocab_module, read);
    const struct yaml *name = yaml_get(y, "module"), *roles = yaml_get(y, "roles");
    if (read->name && strcmp(read->name, module))
        read_bad(r, name, "module %s stands in a folder called %s: they must agree", read->name, module);
    read->name = module;
    if (roles)
        read_roles(r, roles, module);
    *m = *read;
}

/* --- report templates: front matter between two lines ---, then text */

/* The other words are read by engine/report, which knows the templates' language. */
/* clang-format off */
static const struct word report_words[] = {
    {.word = "report", .shape = W_NAME, .at = offsetof(struct report_def, name), .required = true},
    {.word = "label", .shape = W_LABEL, .at = offsetof(struct report_def, label), .required = true},
    {.word = "about", .shape = W_LABEL, .at = offsetof(struct report_def, about)},
    {.word = "title", .shape = W_OWN, .read = read_later},
    {.word = "addressee", .shape = W_OWN, .read = read_later},
    {.word = "sign", .shape = W_OWN, .read = read_later},
    {.word = "identities", .shape = W_OWN, .read = read_later},
    {.word = "covers", .shape = W_OWN, .read = read_covers_only},
};
/* clang-format on */
static const struct vocab vocab_report = {.what = "a report",
                                          .words = report_words,
                                          .n = sizeof report_words / sizeof *report_words,
                                          .size = sizeof(struct report_def)};

void read_report_file(struct reader *r, const struct schema_source *src, const char *module, const char *name)
{
    const struct yaml at = {.kind = YAML_TEXT, .plain = true, .line = 1, .col = 1};
    const char *end = src->n > 4 && !strncmp(src->text, "---\n", 4) ? strstr(src->text + 3, "\n---\n") : NULL;
    if (!end) {
        read_bad(r, &at, "a report begins with front matter between two lines ---");
        return;
    }
    /* The opening --- stays: it is YAML's own mark, and lines keep their numbers. */
    struct yaml *y = yaml_read(r->a, r->file, src->text, (size_t)(end - src->text) + 1, r->es);
    if (!y)
        return;
    struct report_def d = {.module = module, .file = r->file, .text = src->text, .n = src->n};
    struct report_def *p = arena_alloc(r->a, sizeof *p);
    *p = d;
    place_put(r, p, y);
    read_vocab(r, y, &vocab_report, p);
    if (p->name && strcmp(p->name, name))
        read_bad(r, yaml_get(y, "report"), "report %s stands in a file called %s.md: they must agree", p->name,
                 name);
    for (size_t i = 0; p->name && i < r->s->nreports; i++)
        if (!strcmp(r->s->reports[i].name, p->name))
            read_bad(r, &at, "report %s is declared already in %s", p->name, r->s->reports[i].file);
    VEC_PUSH(r->a, r->s->reports, r->s->nreports, r->capreports) = *p;
}
