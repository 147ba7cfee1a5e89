/* SPDX-License-Identifier: Apache-2.0 */
/* api.h: the JSON interface: every register under /api/v1/REGISTER, in PostgREST's words. Private to api*.c.
 *
 * A row is one flat object: id, home, unit, version, state, happened, captured, entered, late, by, title, then the
 * fields by their names and the child tables as arrays. A field of the same name stands in place of the system's
 * word. Ids are strings, dates YYYY-MM-DD, instants ISO 8601 with Z, decimals and money numbers with their places.
 */
#ifndef LINLI_WEB_API_H
#define LINLI_WEB_API_H

#include "format/json.h"
#include "model/query.h"
#include "web/request.h"

#define API_LIMIT 1000
#define API_LIMIT_DEFAULT 100
#define API_OFFSET 10000

/* The system's words of a row, in the order they are written. */
enum api_word {
    WORD_ID,
    WORD_HOME,
    WORD_UNIT,
    WORD_VERSION,
    WORD_STATE,
    WORD_HAPPENED,
    WORD_CAPTURED,
    WORD_ENTERED,
    WORD_LATE,
    WORD_BY,
    WORD_TITLE,
    WORD__MAX
};
extern const char *const api_word[WORD__MAX];

/* What select= asks for; all: everything. */
struct api_select {
    bool all;
    bool word[WORD__MAX];
    bool *field; /* reg->nfields */
    bool *child; /* reg->nchildren */
};
struct api_list {
    struct list_query q;
    struct api_select select;
    size_t offset;
    bool count;             /* Prefer: count=exact */
    const char **looked_up; /* protected columns that a filter compares, NULL-terminated; NULL: none */
    const char *reason;     /* why, where there are some */
};

/* The register of the address; ERR_MISSING. */
const struct reg *api_register(struct req *q, struct err *e);
/* The record of the address if this actor may read it (or write it); ERR_MISSING also when it may not be read. */
int api_record(struct record **out, struct req *q, struct db *d, const struct reg *r, bool write, struct err *e);
/* All query parameters of a list, refused with what was read and expected. */
int api_read_list(struct api_list *out, struct req *q, const struct reg *r, struct err *e);
/* reason=, as whoever looks at a protected value has to give it; NULL with ERR_INPUT. */
const char *api_reason(struct req *q, struct err *e);
/* The place after a row: in the query; as after= takes it. */
void api_after(struct list_query *lq, const struct record *r);
const char *api_cursor(struct req *q, const struct list_query *lq, const struct record *r);
/* select=; lists know no child tables unless they are named. */
int api_read_select(struct api_select *s, struct req *q, const struct reg *r, bool one, struct err *e);

/* One row. open: names of protected fields that are shown in the clear (NULL-terminated), or NULL; the caller has
 * written that into the trail. */
void api_write_row(struct json *j, struct req *q, const struct api_select *s, const struct record *r,
                   const char *const *open);
/* "2026-03-05T06:30:00Z", as instants go out; false: something else (type_read knows local forms). */
bool api_instant(struct value *out, const char *text);
/* One value as it goes out, unmasked. */
void api_write_value(struct json *j, struct req *q, const struct field *f, struct value v);

int api_root(struct req *q, struct err *e);
int api_list(struct req *q, struct err *e);
int api_one(struct req *q, struct err *e);
int api_create(struct req *q, struct err *e);
int api_patch(struct req *q, struct err *e);
int api_move(struct req *q, struct err *e);
int api_withdraw(struct req *q, struct err *e);
int api_restore(struct req *q, struct err *e);
int api_outbox(struct req *q, struct err *e);
int api_outbox_drop(struct req *q, struct err *e);
int api_figures(struct req *q, struct err *e);
int api_figure(struct req *q, struct err *e);
int api_figure_records(struct req *q, struct err *e);
int api_openapi(struct req *q, struct err *e);

#endif
