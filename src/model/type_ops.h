/* SPDX-License-Identifier: Apache-2.0 */
/* type_ops.h: what type.c asks of each field type. Private to src/model/type*.c. */
#ifndef LINLI_MODEL_TYPE_OPS_H
#define LINLI_MODEL_TYPE_OPS_H

#include "model/type.h"

/* One reading: text is cleaned and not empty; cell is what the file said. */
struct reading {
    const struct type_ctx *c;
    const struct field *f;
    const struct cell *cell;
    const char *text;
    struct value *out;
    enum reason *why;
    struct err *e;
};

struct type_ops {
    bool is_text;
    int (*read)(const struct reading *r);
    const char *(*show)(struct arena *a, const struct field *f, struct value v, enum lang l);
    const char *(*plain)(struct arena *a, const struct field *f, struct value v);
    const char *(*mask)(struct arena *a, const struct field *f, struct value v); /* NULL: *** */
};

/* Refuse: always -1. */
int type_refuse(const struct reading *r, enum reason why, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A cell that lost digits on the way: a number of more than 15 digits, or text such as 1.10101E+17. Refuses it. */
int type_lost_digits(const struct reading *r);
/* The name of a field, choice or state in a language, "" if it has none. */
const char *type_label(const struct label *l, enum lang lang);

int read_text(const struct reading *r);
int read_person(const struct reading *r);
int read_location(const struct reading *r);
const char *show_text(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_text(struct arena *a, const struct field *f, struct value v);
const char *mask_person(struct arena *a, const struct field *f, struct value v);

int read_number(const struct reading *r);
const char *show_number(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_number(struct arena *a, const struct field *f, struct value v);

int read_day(const struct reading *r);
int read_instant(const struct reading *r);
const char *show_day(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_day(struct arena *a, const struct field *f, struct value v);
const char *show_instant(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_instant(struct arena *a, const struct field *f, struct value v);

int read_flag(const struct reading *r);
int read_choice(const struct reading *r);
int read_choices(const struct reading *r);
const char *show_flag(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_flag(struct arena *a, const struct field *f, struct value v);
const char *show_choice(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *show_choices(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_choices(struct arena *a, const struct field *f, struct value v);

int read_phone(const struct reading *r);
int read_idno(const struct reading *r);
int read_credit(const struct reading *r);
const char *mask_phone(struct arena *a, const struct field *f, struct value v);
const char *mask_idno(struct arena *a, const struct field *f, struct value v);

int read_ref(const struct reading *r);
int read_file(const struct reading *r);
const char *show_ref(struct arena *a, const struct field *f, struct value v, enum lang l);
const char *plain_ref(struct arena *a, const struct field *f, struct value v);

#endif
