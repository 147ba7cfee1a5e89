/* SPDX-License-Identifier: Apache-2.0 */
/* template.h: a parsed report template; private to src/engine/report*.c.
 *
 * The body is a flat row of nodes: text between slots, and slots. Conditions know where to jump. */
#ifndef LINLI_ENGINE_TEMPLATE_H
#define LINLI_ENGINE_TEMPLATE_H

#include "engine/render.h"
#include "engine/report.h"

enum node_kind {
    NODE_TEXT,
    NODE_WORD,
    NODE_FIGURE,
    NODE_LIST,
    NODE_TABLE,
    NODE_NARRATIVE,
    NODE_IF,
    NODE_ELSE,
    NODE_END
};
enum template_word {
    WORD_UNIT,
    WORD_PERIOD,
    WORD_FROM,
    WORD_TO,
    WORD_TODAY,
    WORD_YEAR,
    WORD_ALL_YEAR, /* 全年; of a year that is not over 1月至11月 */
    WORD_YEAR_END, /* 年末; of a year that is not over 截至11月22日 */
    WORD_ITEM,
    WORD__MAX
};
enum span_word {
    SPAN_PERIOD,    /* the report's */
    SPAN_YEARS,     /* n years that end with it */
    SPAN_KIND,      /* the year, half, quarter, month in which it ends */
    SPAN_SINCE,     /* from a day to its end */
    SPAN_LAST_YEAR, /* the same days a year earlier */
    SPAN_START      /* stock: at the end of the day before it begins */
};

/* A figure and over what. */
struct asked {
    const struct figure *figure;
    enum span_word span;
    int years;
    const char *kind; /* SPAN_KIND */
    int32_t since;
    const char *slice;
    const struct node *unit; /* NULL: the report's */
    enum render_part part;   /* in identities: numerator or denominator */
};

struct tnode {
    enum node_kind kind;
    int line, col;
    const char *text; /* NODE_TEXT; NODE_NARRATIVE and {if text …}: the slot's name */
    const char *label;
    enum template_word word;
    struct asked ask;
    struct render render;
    bool measure; /* print the figure's measure word after it */
    int top;      /* lists: how many, 0 all */
    bool with_values;
    bool by_unit;               /* tables: a row for each unit beneath */
    const struct figure **more; /* by_unit: the columns after the first */
    size_t nmore;
    const char *unit_kind; /* NODE_IF: is the unit of this kind? */
    const char *complete;  /* NODE_IF: is the year (half, quarter, month) in which the period ends over? */
    const char *of;        /* lists: the word after 等n, NULL: 类 or 项 */
    char op[3];            /* NODE_IF: "<=", "" for "is anything" */
    int64_t than;          /* millionths */
    size_t jump;           /* NODE_IF: behind its else or end; NODE_ELSE: its end */
};

/* a + b - c of an identity. */
struct term {
    int sign;
    bool sum;                    /* slices(NAME): the sum of its slices */
    const struct figure *figure; /* NULL: a number */
    struct asked ask;
    int64_t number; /* millionths */
};
struct identity {
    const char *text;
    int line;
    struct term *terms; /* everything on the left: terms OP 0 */
    size_t n, split;    /* terms[split …] stood on the right */
    char op[3];
};

struct template
{
    const struct report_def *def;
    const char *title, *sign; /* with words in braces, or NULL */
    struct addressee {
        const char *kind; /* of the unit that reports; NULL: any */
        const char *text;
    } * addressees;
    size_t naddressees, cap_addressees;
    struct tnode *nodes;
    size_t nnodes, cap_nodes;
    struct identity *identities;
    size_t nidentities, cap_identities;
    struct report_text *texts;
    size_t ntexts, cap_texts;
    const char **figures;
    size_t nfigures, cap_figures;
};

struct parse {
    struct arena *a;
    const struct schema *schema;
    const struct report_def *def;
    struct schema_errors *es;
    struct template *t;
};

/* report_slot.c: the inside of braces, without them, into a node. */
void slot_parse(struct parse *p, char *text, int line, int col);
/* A figure's name and its options (only those that say over what) as in identities: "NAME | years 4". */
bool asked_parse(struct parse *p, struct asked *k, char *text, int line, int col);
extern const char *const template_words[WORD__MAX + 1];

/* report_front.c: the front matter; returns the bytes it took and the lines in *lines. */
size_t front_parse(struct parse *p, int *lines);

/* report_fill.c */
struct fill {
    struct arena *a;
    const struct report_source *src;
    const struct view *view;
    const struct template *t;
    const struct report_params *p;
    struct report *r;
    struct map *values; /* computed already: key → struct figure_value * */
    struct map *rows;   /* source rows already made: key → struct doc_source * */
    const char *computed_at;
    struct err *e;
};
int fill_value(struct fill *f, const struct figure_value **out, const struct asked *k);
struct period fill_period(const struct fill *f, const struct asked *k);
/* The source row of a printed number; made on first use. */
struct doc_source *fill_source(struct fill *f, const struct asked *k, const struct figure_value *v,
                               enum render_part part, const char *printed);
const char *fill_href(struct fill *f, const struct asked *k);
void fill_problem(struct fill *f, enum report_trouble kind, int line, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A gap and why it is one: nothing recorded, or not for this reader's eyes. */
void fill_gap_problem(struct fill *f, int line, const struct asked *k, const struct figure_value *v);
const char *fill_words(struct fill *f, const char *text); /* {unit} {period} … in a short text */
const char *fill_word(struct fill *f, enum template_word w);
int fill_identities(struct fill *f);
/* Is the span of this kind in which the period ends over, and reported to its last day? */
bool fill_complete(const struct fill *f, const char *kind);

/* report_render.c: walk the nodes into r->doc. */
int render_body(struct fill *f);

#endif
