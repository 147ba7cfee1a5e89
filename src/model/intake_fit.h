/* SPDX-License-Identifier: Apache-2.0 */
/* intake_fit.h: how well a header fits a register. Private to src/model. */
#ifndef LINLI_MODEL_INTAKE_FIT_H
#define LINLI_MODEL_INTAKE_FIT_H

#include "model/intake_parts.h"

struct fit {
    const struct reg *reg;
    bool cross;
    struct header header;
    struct use *uses;   /* per column of the header; reg NULL: not known */
    bool *session;      /* per column: a session of a cross table */
    size_t known;       /* columns that are understood, sessions included */
    size_t counted;     /* columns but 序号 */
    size_t missing;     /* required fields without a column */
    const char *missed; /* their labels, 、 between */
    double sum, score;
};

/* The best fit of the sheet's first rows with any register (or the only one of the words); false if none is good
 * enough. bonus adds for the names of sheets and titles. */
bool fit_sheet(struct fit *out, const struct words *w, const struct sheet *s);

/* How a header that was chosen fits the register that was chosen, however badly. */
void fit_chosen(struct fit *out, const struct words *w, const struct sheet *s, const struct header *h);

#endif
