/* SPDX-License-Identifier: Apache-2.0 */
/* page.h: the spine of every screen: bar, places, title; and small pieces that pages share. */
#ifndef LINLI_WEB_PAGE_H
#define LINLI_WEB_PAGE_H

#include "format/html.h"
#include "model/figure.h"
#include "model/record.h"
#include "web/request.h"

enum place { PLACE_TODAY, PLACE_REGISTERS, PLACE_FIGURES, PLACE_REPORTS, PLACE_MORE, PLACE__MAX };

struct page {
    const char *title;        /* zh-Hans or data; shown as <title> and, unless bare, as h1 */
    enum place place;         /* which place is current */
    const char *cls;          /* class of main: "form", "text" or NULL */
    bool live;                /* lists: htmx changes the page in place; without it each link loads a page */
    bool bare;                /* no h1: the page writes its own head */
    const char *up, *up_text; /* the level above: address and its name, or NULL */
};
void page_begin(struct req *q, const struct page *p);
void page_end(struct req *q);

/* The unit this person is working for: ?unit=CODE of the address, else the cookie of the place switch, else the
 * first unit of a role; NULL only when the actor has none. Always within the actor's scope. */
struct node *page_unit(struct req *q);
/* The homes beneath a unit, each once, and the site's own (0). */
int64_t *page_homes(struct req *q, const struct node *unit, size_t *n);
/* A day that was typed into the field of this name (label zh-Hans); DAY_NONE where nothing was. ERR_INPUT says what
 * was read and how to mend it. */
int page_day(struct req *q, const char *name, const char *label, int32_t *day, struct err *e);
/* The period of from and to, in the form that was sent or the address (dates as people type them), or of span=
 * (period_code); else this year to today's end. ERR_INPUT for what is no day and for an end before its beginning.
 */
int page_period(struct req *q, int32_t *from, int32_t *to, struct err *e);
/* 本月, 本季度 … 去年 in one tap: links to the same page, or buttons of the form in which they stand. */
void page_spans(struct req *q, int32_t from, int32_t to, bool buttons);

/* Who looks at titles, and a title as this person may see it. */
const struct looker *page_looker(struct req *q);
const char *page_title(struct req *q, const struct record *r);
/* Titles of these records into the map ("ID" → title, made if NULL and there are any): one query per register and
 * home. readable: without those that this person may not read. */
struct title_of {
    const struct reg *reg;
    int64_t home, id;
};
int page_titles(struct map **out, struct req *q, const struct title_of *v, size_t n, bool readable, struct err *e);
/* The same, and the names of their states. */
int page_heads(struct map **out, struct map *states, struct req *q, const struct title_of *v, size_t n,
               bool readable, struct err *e);

/* Text in the request's language, escaped. */
void page_text(struct req *q, const char *hans);
/* What a line behind a number is called: a gap in the request's language. */
const char *page_behind_title(struct req *q, const struct behind *b);
/* A label in the request's language, escaped. */
void page_label(struct req *q, const struct label *l);
/* A state as word and mark. */
void page_state(struct req *q, const struct reg *r, const char *state);
/* A due day in words: 今天到期, 还有2个工作日, 超期1天. done: closed, nothing is said. */
void page_due(struct req *q, int32_t due, bool done);
/* A field's value as people read it: masked unless the actor may see it; references by their titles (names: map of
 * id text → title for TYPE_REF, may be NULL). Empty values write nothing. */
void page_value(struct req *q, const struct field *f, struct value v, int64_t unit, const struct map *names);
/* The same of a record in hand (record_find): personal columns of one's own are open. */
void page_of(struct req *q, const struct field *f, struct value v, const struct record *r, const struct map *names);
/* The same where it is already decided (actor_sees) whether this actor sees it. */
void page_seen(struct req *q, const struct field *f, struct value v, bool seen, const struct map *names);
/* The type a file of this name is kept as, NULL if such files are not kept; shown: may a browser show it? */
const char *page_file_type(struct req *q, const char *name, bool *shown);
/* Hidden _csrf and _once. */
void page_form_keys(struct req *q);
/* The list of what was wrong, each a link to its field. */
void page_errors(struct req *q, const struct field_errors *fe, const struct err *e);

#endif
