/* SPDX-License-Identifier: Apache-2.0 */
/* type.h: what each field type reads, checks and prints. One table row per type (type.c, type_*.c).
 *
 * Text from people and files goes in through type_read; what it cannot read is refused with a reason, never
 * guessed at. reasons are the words that import reports and the API carry. */
#ifndef LINLI_MODEL_TYPE_H
#define LINLI_MODEL_TYPE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "model/schema.h"
#include "model/table.h"
#include "model/value.h"

enum reason {
    REASON_NONE = 0,
    REASON_REQUIRED,  /* required_missing */
    REASON_DATE,      /* date_invalid */
    REASON_NOYEAR,    /* date_without_year */
    REASON_NUMBER,    /* number_invalid */
    REASON_PRECISION, /* number_precision_lost */
    REASON_CHECKSUM,  /* checksum_invalid */
    REASON_CHOICE,    /* choice_unknown */
    REASON_REFERENCE, /* reference_missing */
    REASON_CONFLICT,  /* duplicate_conflict */
    REASON_PHONE,     /* phone_invalid */
    REASON_LENGTH,    /* too_long */
    REASON_RANGE,     /* out_of_range */
    REASON_CHECK,     /* check_failed: a declared check does not hold */
    REASON_CELL,      /* cell_error: #N/A */
    REASON__MAX
};
extern const char *const reason_word[REASON__MAX];

/* How references in text are looked up; given by whoever has a database. NULL: references are refused. Text is
 * cleaned; "#123" (as type_plain writes it) asks whether there is such an id. */
struct lookup {
    /* The id of a unit, grid or record by code, name or title. 0 not found, <0 ambiguous. kind may be NULL. */
    int64_t (*find)(void *arg, const struct field *f, const char *text);
    void *arg;
};

struct type_ctx {
    struct arena *a;
    const struct lookup *lookup;
    int year_hint; /* for dates without a year; 0: refuse them */
    int32_t today;
    bool date1904;
};

/* Read one value from text (forms, CSV, API) or from a cell. On refusal returns -1 with *why and a message in
 * e->msg that says what was read and how to mend it (“2月30日”没有这一天). Empty input gives NULL without error;
 * required is checked by the record, not here. "/" and "-" alone are empty everywhere, other words where the
 * field's blanks say so. Text goes through text_clean first. */
int type_read(struct value *out, const struct type_ctx *c, const struct field *f, const char *text,
              enum reason *why, struct err *e);
int type_read_cell(struct value *out, const struct type_ctx *c, const struct field *f, const struct cell *cell,
                   enum reason *why, struct err *e);

/* For people: dates 2026-03-05, instants 2026-03-05 14:30, money 1,800.00 without trailing .00, choices by label.
 * References print as "#id" here; the caller resolves them. */
const char *type_show(struct arena *a, const struct field *f, struct value v, enum lang l);
/* For machines (JSON, dumps, forms): exact, and type_read reads it back; decimals as 12.50, instants ISO with Z,
 * choices by code, references as "#id". A sealed value (record.h) shows as *** and prints here as it is. */
const char *type_plain(struct arena *a, const struct field *f, struct value v);
/* Masked for those who may not see it: 张*, 199****0001, 1199**********0021. */
const char *type_mask(struct arena *a, const struct field *f, struct value v);
/* BIGINT or TEXT. */
bool type_is_text(enum field_type t);
/* A value of this type is shown as it is kept. */
bool type_shows_as_kept(enum field_type t);

/* GB 11643-1999 and GB 32100-2015; s is 18 characters, upper case. */
bool idno_valid(const char *s);
bool credit_valid(const char *s);
/* Text inside an outgoing page that looks like a full identity number (design §5.7). */
bool idno_inside(const char *s);

#endif
