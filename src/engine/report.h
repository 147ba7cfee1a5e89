/* SPDX-License-Identifier: Apache-2.0 */
/* report.h: sentences with slots become a document whose numbers open the records behind them.
 *
 * A template is reports/NAME.md of a module (doc/module-language.md, section 9). report_parse reads it once and
 * tells every mistake with file:line:col; report_build fills it for a unit and a period. No number is typed in a
 * template: each comes from a figure, has a row in the source table (figure, unit, period, value, how many records,
 * how many of them 补录, when computed, hash) and links to its records. What is missing prints a visible gap. */
#ifndef LINLI_ENGINE_REPORT_H
#define LINLI_ENGINE_REPORT_H

#include "base/buf.h"
#include "base/doc.h"
#include "base/map.h"
#include "engine/period.h"
#include "model/figure.h"

struct template; /* a parsed report template; held by the arena it was parsed into */

/* Parse and check against the schema (every figure must exist, options must suit its kind, slices must be known).
 * NULL if errors were added. */
struct template *report_parse(struct arena *a, const struct schema *s, const struct report_def *def,
                              struct schema_errors *es);
/* Check every report of a schema; returns how many errors were added. */
size_t report_check_all(struct arena *a, const struct schema *s, struct schema_errors *es);

/* A typed narrative the template asks for, in the order of the text; for the form on the report's page. */
struct report_text {
    const char *name;
    const char *label;
    int line;
};
const struct report_text *report_texts(const struct template *t, size_t *n);
/* The figures a template prints, in order, each once; for "where does this figure appear". */
const char *const *report_figures(const struct template *t, size_t *n);

struct report_params {
    const struct node *unit; /* for whom; its name stands in {unit} */
    int32_t from, to;        /* days, inclusive */
    const struct map *texts; /* narrative: slot name → const char *; slots that are not in it come from what is kept
                                (store/sys_text.h); NULL: all of them */
    enum lang lang;
    const char *base_url;      /* before /figures/…; NULL: "" */
    int64_t now;               /* computed at, ms UTC; 0: now_ms() */
    const struct actor *actor; /* figures of registers he may not read at the unit are gaps; NULL: all */
};

/* Where the texts of a report are kept. */
struct text_at;
struct text_at report_text_at(const struct report_def *def, const struct report_params *p);

enum report_trouble {
    REPORT_GAP,       /* a figure without a value: 〔缺〕 stands in the text */
    REPORT_NO_TEXT,   /* a narrative that nobody has typed yet */
    REPORT_THRESHOLD, /* “98以上” was asked for and is not true: a gap stands in the text */
    REPORT_IDENTITY,  /* an identity of the front matter does not hold: must not be issued */
    REPORT_PRIVACY    /* a typed narrative holds an identity number: must not be issued */
};
struct report_problem {
    enum report_trouble kind;
    int line;         /* in the template */
    const char *what; /* figure, text or identity */
    const char *msg;  /* zh-Hans, for the user */
};

struct report {
    struct doc *doc;            /* doc->sources holds the printed figures */
    const char *title, *period; /* as printed: 2024年 */
    const struct report_def *def;
    const struct report_params *params; /* as given */
    struct report_problem *problems;
    size_t nproblems, cap_problems;
    bool sound; /* only gaps and missing texts, if anything: may be issued */
};

/* Fill a template from the figures of a database. An error means that nothing could be computed (the database
 * failed, the template does not parse: e->msg says how often and the first place); problems of the content are in
 * the report. The cost is that of its figures, not of its records. */
int report_build(struct report **out, struct arena *a, struct db *d, const struct view *v,
                 const struct report_def *def, const struct report_params *p, struct err *e);

/* Where the numbers come from; report_build uses model/figure. Given by tests and by frozen periods. */
struct report_source {
    int (*compute)(void *arg, struct figure_value *out, struct arena *a, const struct figure *f,
                   const struct figure_at *at, struct err *e);
    int (*slices)(void *arg, struct figure_slice **out, size_t *n, struct arena *a, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e);
    int (*behind)(void *arg, struct behind **out, size_t *n, struct arena *a, const struct figure *f,
                  const struct figure_at *at, size_t limit, struct err *e);
    void *arg;
};
int report_fill(struct report **out, struct arena *a, const struct report_source *src, const struct view *v,
                const struct template *t, const struct report_params *p, struct err *e);

/* All printed figures as JSON: {"report","title","unit","from","to","computed_at","sound","figures":[{"no","name",
 * "label","slice","unit","measure","from","to","value","parts","printed","records","late","hash"}],"problems":[…]}.
 * value is a JSON number, or null for a gap. */
void report_json(struct buf *out, const struct report *r);
/* The document as plain text, one paragraph a line: for terminals, tests and searching. */
void report_text_out(struct buf *out, const struct report *r);

#endif
