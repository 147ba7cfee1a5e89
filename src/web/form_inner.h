/* SPDX-License-Identifier: Apache-2.0 */
/* form_inner.h: what form.c, form_input.c, form_choose.c and form_read.c share. Private to src/web/form. */
#ifndef LINLI_WEB_FORM_INNER_H
#define LINLI_WEB_FORM_INNER_H

#include "model/query.h"
#include "web/form.h"

#define CHOICES_AS_BUTTONS 7 /* more become a list (interface: up to seven are buttons) */

/* One input to be written. */
struct ask {
    struct req *q;
    const struct field *f;
    const char *name; /* in the form */
    const char *text; /* what stands in it, may be NULL */
    bool bad;         /* it is told what is wrong with it, in the element e.NAME */
    int64_t home;     /* where references look */
};
void form_input(const struct ask *k);
/* id, name and what describes it. */
void form_names(const struct ask *k, const char *also);

/* The input of a file field (form_files.c); files may be NULL. */
void form_file(const struct ask *k, const struct form_files *files);

/* References (form_choose.c): a list, or where there are too many a search and what it found. */
void form_reference(const struct ask *k);
/* Nothing was chosen, but words were typed to look for: the one record that they find. False: bad was said. */
bool form_looked_for(struct req *q, const struct field *f, const char *name, struct value *v,
                     struct field_errors *errors);

/* A day, month or minute as people type them; false: type_read may try. */
bool form_when(const struct field *f, const char *text, struct value *v);

#endif
