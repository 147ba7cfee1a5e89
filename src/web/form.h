/* SPDX-License-Identifier: Apache-2.0 */
/* form.h: fields of a register as an HTML form and back. Names in the form are field names; child rows are
 * CHILD.N.FIELD, N from 1, with CHILD.N.id the row it was read from (0: a new one),
 * as in the errors of record_check. */
#ifndef LINLI_WEB_FORM_H
#define LINLI_WEB_FORM_H

#include "model/record.h"
#include "store/sys_file.h"
#include "web/request.h"

#define FORM_ROWS_MAX 1000 /* of a child table in one form */

/* One field with label, help and, if errors holds one for it, what is wrong. name is its name in the form. When the
 * form was sent (typed), what was typed is shown again, else the record's value: masked where a protected column
 * stands, or a personal one that the actor may not see of this record. Left empty, a masked value stays as it is.
 */
void form_field(struct req *q, const struct field *f, struct value v, const struct record *r, const char *name,
                bool must, const struct field_errors *errors);
/* The day, month or minute that a text in such a field means, in words; NULL for anything else. */
const char *form_understood(struct req *q, const struct field *f, const char *text);
/* Is a value masked in forms? Of a new record nothing personal is: whoever fills it in has typed it. */
bool form_masks(const struct req *q, const struct field *f, struct value v, const struct record *r);
/* A field whose number the rows say (counted), where there are rows: shown, not asked for. False: it is to be
 * asked. */
bool form_counted(struct req *q, const struct record *r, const struct field *f);
/* What was sent of a child table is forgotten: the record's rows are shown. */
void form_children_anew(struct req *q, const struct reg *child);
/* A child table: its rows, and three empty ones to go on. */
void form_children(struct req *q, const struct record *r, size_t child, const struct field_errors *errors);

/* The sent form into the record: every field (or only those in only, NULL-terminated) that the form has. What
 * cannot be read is added to the errors; the rest is set. 0 if all could be read. */
int form_read(struct req *q, struct db *d, struct record *r, const char *const *only, struct field_errors *errors);

/* Photos and files chosen in the form, kept on disk; they become the record's with form_files_attach. */
struct form_files {
    struct attachment *v;
    size_t n, cap;
};
bool form_has_files(const struct reg *reg);
/* What was sent now, and what an earlier try of the same form has kept. A field of type file that is empty gets the
 * first one's id. Heavy routes only. */
int form_files_read(struct form_files *out, struct req *q, struct record *r, struct field_errors *errors,
                    struct err *e);
/* In one transaction: before the record is saved, its home known; and after. */
int form_files_bring(struct req *q, struct db *d, const struct form_files *files, const struct record *r,
                     struct err *e);
int form_files_attach(struct db *d, const struct form_files *files, const struct record *r, struct err *e);
/* The input of a file field, with what is kept already. */
void form_file_field(struct req *q, const struct field *f, bool must, const struct form_files *files,
                     const struct field_errors *errors);

#endif
