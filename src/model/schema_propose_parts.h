/* SPDX-License-Identifier: Apache-2.0 */
/* schema_propose_parts.h: what schema_propose*.c share. */
#ifndef LINLI_MODEL_SCHEMA_PROPOSE_PARTS_H
#define LINLI_MODEL_SCHEMA_PROPOSE_PARTS_H

#include "model/intake_parts.h"
#include "model/schema.h"

enum { PROPOSE_CHOICES = 12 };

/* One column of the ledger, what was seen in it and what is made of it. */
struct guess {
    int col;
    const char *header;        /* 当事人甲-姓名 */
    const char *leaf, *parent; /* 姓名; 当事人甲 or NULL */
    const char *refused;       /* why it may not be collected, or NULL */
    bool merged;               /* cells merged downwards */
    /* counts over the rows */
    long rows, filled, dates, minutes, months, plain_days, numbers, whole, phones, idnos, credits, flags, names,
        longs;
    int decimals;
    size_t longest;     /* code points */
    struct map *values; /* distinct texts, at most a few more than PROPOSE_CHOICES … */
    struct map *all;    /* … and all of them, to see whether they tell rows apart */
    struct map *blanks; /* words that mean nothing here: 无, / */
    /* what is made of it */
    const char *name;
    enum field_type type;
    enum data_class cls;
    bool child; /* stands in the child table */
};

void guess_value(struct guess *g, struct arena *a, const struct cell *c, bool date1904);
/* Type and class from what was seen. */
void guess_type(struct arena *a, struct guess *g);
/* A field's name for a header: from the list of common ones, else pinyin; unique among `used`. */
const char *guess_name(struct arena *a, const char *header, struct map *used);
const char *pinyin_word(struct arena *a, const char *s, size_t max);
bool column_says(const char *header, const char *const *words);

#endif
