/* SPDX-License-Identifier: Apache-2.0 */
/* expr_name.h: what expr_bind.c and expr_name.c share. Private to src/model/expr*.c. */
#ifndef LINLI_MODEL_EXPR_NAME_H
#define LINLI_MODEL_EXPR_NAME_H

#include "model/expr.h"
#include "model/schema.h"

struct bind {
    struct arena *a;
    const struct reg *reg, *child;
    int *where;
    struct err *e;
};

/* What stands beside a word and tells which codes it may be. */
struct want {
    enum expr_type type; /* EXT_CODE, EXT_CODES, EXT_STATE, or EXT_NONE */
    const struct field *field;
};

extern const struct want name_no_want;
extern const char *const name_type_word[EXT__MAX]; /* for messages: "a date" */

/* Say what is wrong with a node; -1. */
int bind_fail(struct bind *b, const struct expr *x, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A field's kind and scale in expressions. */
enum expr_type name_type(const struct field *f);
int name_scale(const struct field *f);
const struct choice *name_choice(const struct field *f, const char *code);
/* " (did you mean …?)" over a list of names, "" when nothing is near. */
const char *name_hint(struct bind *b, const char **names, const char *word);
/* Refuse a word that is no field. */
int name_unknown(struct bind *b, const struct expr *x);
/* A word beside a choice or a state becomes its code. */
int name_code(struct bind *b, struct expr *x, struct want w);
/* A name becomes a code that is wanted, a field, or a word of the language; else it stays EXT_WORD. */
int name_bind(struct bind *b, struct expr *x, struct want w);

#endif
