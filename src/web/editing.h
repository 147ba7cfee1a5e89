/* SPDX-License-Identifier: Apache-2.0 */
/* editing.h: one form of a record in hand: a new one, an edited one, a move that asks. Private to src/web/form:
 * page_form.c takes it, editing_page.c shows it, editing_conflict.c says what stands in its way. */
#ifndef LINLI_WEB_EDITING_H
#define LINLI_WEB_EDITING_H

#include "web/form.h"

/* One sent form on its way into the database. */
struct editing {
    const struct reg *reg;
    const struct move *move; /* a move's form, or NULL */
    struct record *r;
    struct field_errors errors;
    int64_t id;                  /* 0: new */
    int version;                 /* the one the form was based on */
    const struct record *theirs; /* somebody was faster: what stands now */
    struct record *twin;         /* a new one: what it resembles */
    struct form_files files;     /* chosen in the form */
    const char *brought;         /* what came from a roster, in words */
};

/* The page with the form; said: what was wrong with it as a whole, or NULL. */
int editing_page(struct req *q, struct editing *ed, const struct err *said);
/* Somebody was faster: both values side by side, so that nothing is lost (design §5.3). Nothing where nobody was.
 */
void editing_conflict(struct req *q, const struct editing *ed);
/* What a new record resembles: 仍要保存 / 打开那条. Nothing where there is no such one. */
void editing_twin(struct req *q, const struct editing *ed);

#endif
