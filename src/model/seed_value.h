/* SPDX-License-Identifier: Apache-2.0 */
/* seed_value.h: one value of a seed file. Private to seed*.c. */
#ifndef LINLI_MODEL_SEED_VALUE_H
#define LINLI_MODEL_SEED_VALUE_H

#include "model/seed.h"

struct seed {
    struct seed_job *job;
    struct view view;
    struct arena *a;
    const char *file;
    const struct yaml *lists;
    struct node *unit; /* of the group being written, or NULL */
    int index;         /* of the repeat, from 0 */
    uint64_t state;    /* of chance */
    int count;         /* of {count: …} */
};

/* The value of a field, with chance and expressions resolved. */
int seed_value(struct value *out, struct seed *s, struct record *r, const struct field *f, const struct yaml *y,
               struct err *e);

#endif
