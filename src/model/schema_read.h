/* SPDX-License-Identifier: Apache-2.0 */
/* schema_read.h: from trees of YAML to unlinked structs. Private to src/model/schema*.c. */
#ifndef LINLI_MODEL_SCHEMA_READ_H
#define LINLI_MODEL_SCHEMA_READ_H

#include "model/expr.h"
#include "model/schema_words.h"

/* Where something was declared, found again by the address of what it was read into. */
struct place {
    const char *file;
    int line, col;
};

/* A contribution as declared: names not yet resolved. */
struct part_read {
    struct contribution c;
    const char *reg, *child;
};
/* A figure as declared. f comes first: struct schema points at it. */
struct figure_read {
    struct figure f;
    struct part_read own;    /* the words of a contribution beside those of the figure */
    struct part_read *parts; /* parts: instead of own */
    size_t nparts;
    const char *file;
};
struct reader {
    struct arena *a;
    struct schema *s;
    struct schema_errors *es;
    const char *file;
    struct map *places;   /* address → struct place */
    struct reg *reg;      /* the register being read, its child table, or NULL */
    struct reg *top;      /* the register being read, never a child */
    const char *roles_in; /* the module whose roles these are */
    size_t capmodules, capregs, capfigures, capreports, caproles;
};

void read_bad(struct reader *r, const struct yaml *y, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void place_put(struct reader *r, const void *slot, const struct yaml *y);
/* The place of the slot, or of what holds it: file and line of the register. */
struct place place_of(const struct reader *r, const void *slot, const struct reg *reg);
void place_bad(const struct reader *r, const void *slot, const struct reg *reg, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* ", did you mean NEAR?" or "". */
const char *did_you_mean(struct arena *a, const char *near);

/* Read a map by a vocabulary into a zeroed struct. */
void read_vocab(struct reader *r, const struct yaml *y, const struct vocab *v, void *into);
/* Read an array of them; items that are not readable stay zeroed. */
void *read_array(struct reader *r, const struct yaml *y, const struct vocab *v, bool named, size_t *n);
const char *read_string(struct reader *r,
                        const struct yaml *y); /* NULL and an error unless it is a text that is not empty */
const char *read_name(struct reader *r, const struct yaml *y, enum key_form form);
const char **read_texts(struct reader *r, const struct yaml *y, const char *const *words, bool names);
const char **read_covers(struct reader *r, const struct yaml *y);
struct expr *read_expr(struct reader *r, const struct yaml *y, const char *text);
void label_fill(struct arena *a, struct label *l, const char *hans);

/* schema_read_reg.c, schema_read_field.c, schema_read_figure.c: what the tables call. */
void read_covers_only(struct reader *r, const struct yaml *y, void *into);
void read_title(struct reader *r, const struct yaml *y, void *into);
void read_alike(struct reader *r, const struct yaml *y, void *into);
void read_unique(struct reader *r, const struct yaml *y, void *into);
void read_after(struct reader *r, const struct yaml *y, void *into);
void read_set(struct reader *r, const struct yaml *y, void *into);
void read_later(struct reader *r, const struct yaml *y, void *into);
void child_before(struct reader *r, void *into, const char *name);
void child_after(struct reader *r, const struct yaml *y, void *into);
void reg_after(struct reader *r, const struct yaml *y, void *into);
void field_before(struct reader *r, void *into, const char *name);
void field_after(struct reader *r, const struct yaml *y, void *into);
void figure_before(struct reader *r, void *into, const char *name);
void figure_after(struct reader *r, const struct yaml *y, void *into);

void read_module_file(struct reader *r, const struct schema_source *src, const char *module);
void read_register_file(struct reader *r, const struct schema_source *src, const char *module, const char *name);
void read_report_file(struct reader *r, const struct schema_source *src, const char *module, const char *name);

/* schema_refused.c: fields and registers nobody may declare. Adds an error and says why. */
void refuse_field(struct reader *r, const struct reg *reg, const struct field *f);
void refuse_label(struct reader *r, const void *slot, const struct reg *reg, const char *what, const char *text);
/* The reason why a header or name may not become a field, or NULL. */
const char *refused_reason(struct arena *a, const char *name_or_label);

/* schema_link*.c */
void link_schema(struct reader *r);
void link_register(struct reader *r, struct reg *reg);
void link_flow(struct reader *r, struct reg *reg);
void link_import(struct reader *r, struct reg *reg);
void link_figure(struct reader *r, struct figure_read *f);
void link_ratios(struct reader *r);
/* Bind an expression as what the use asks for; an error points into its text. NULL in the slot is fine. */
enum expects { USE_ANY, USE_CONDITION, USE_NUMBER, USE_DAY, USE_SLICE };
bool link_expr(struct reader *r, struct expr *const *slot, const struct reg *reg, const struct reg *child,
               enum expects use);
/* The same for a value that is kept in a field (a computed one, one of another register). */
bool link_expr_for(struct reader *r, struct expr *const *slot, const struct reg *reg, const struct reg *child,
                   const struct field *target);
/* The field of `in` named by *slot, or NULL: nothing named, or an error with a suggestion has been added. */
struct field *link_field(struct reader *r, const char *const *slot, const struct reg *reg, const struct reg *in);
/* A list of fields; extra words allowed beside them (NULL-terminated, may be NULL). */
void link_fields(struct reader *r, const char *const *list, const struct reg *reg, const char *const *extra);
void link_roles(struct reader *r, const char *const *list, const struct reg *reg);
/* Kinds of node are the choices of field kind of register unit or grid, where that is declared. */
void link_kind(struct reader *r, const char *const *slot, const struct reg *reg, const char *tree);
struct reg *link_reg(struct reader *r, const char *const *slot, const struct reg *reg);

#endif
