/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h: what the declarations say, linked and frozen.
 *
 * modules/NAME/module.yaml and one YAML per register are read by schema_load (schema_read_*.c), linked
 * (schema_link.c) and never changed afterwards; a new schema replaces the old one under a reference count.
 * The language is defined in doc/module-language.md. Everything is held by the schema's arena. Labels are in
 * zh-Hans, zh-Hant and en; zh-Hant is made by OpenCC and en falls back to zh-Hans unless given. */
#ifndef LINLI_MODEL_SCHEMA_H
#define LINLI_MODEL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/lang.h"
#include "base/map.h"

struct expr;
struct reg;
struct field;

/* A text in the three languages, indexed by enum lang. */
struct label {
    const char *t[LANG__MAX];
};

/* Who may see a column (design §5.5). Every field declares one. */
enum data_class { CLASS_PUBLIC, CLASS_INTERNAL, CLASS_PERSONAL, CLASS_PROTECTED, CLASS__MAX };

enum field_type {
    TYPE_TEXT,     /* one line */
    TYPE_LONGTEXT, /* several lines */
    TYPE_INT,
    TYPE_DECIMAL, /* places: 1…6, kept scaled by 10^places */
    TYPE_MONEY,   /* yuan on paper, fen inside */
    TYPE_DATE,    /* a day */
    TYPE_MONTH,   /* a month: its first day */
    TYPE_INSTANT, /* a local minute, kept as UTC ms */
    TYPE_FLAG,    /* 是 / 否 */
    TYPE_CHOICE,
    TYPE_CHOICES, /* several of the choices */
    TYPE_PHONE,
    TYPE_IDNO,     /* GB 11643-1999 */
    TYPE_CREDIT,   /* unified social credit code, GB 32100-2015 */
    TYPE_UNIT,     /* a node of the unit tree */
    TYPE_GRID,     /* a node of the grid tree */
    TYPE_PERSON,   /* somebody's name, linked to register person where known: kept as text */
    TYPE_REF,      /* the id of a record of another register in the same home */
    TYPE_FILE,     /* an attachment: id in s_file */
    TYPE_LOCATION, /* "lng,lat", WGS84 */
    TYPE__MAX
};

struct choice {
    const char *code; /* [a-z0-9_]+ */
    struct label label;
    const char **aliases; /* NULL-terminated, may be NULL */
};

struct field {
    const char *name; /* [a-z][a-z0-9_]* ; the column is f_NAME */
    struct label label;
    struct label help; /* shown under the field where people err; may be empty */
    enum field_type type;
    enum data_class cls;
    bool required;
    bool hidden;            /* kept but not on forms */
    int places;             /* TYPE_DECIMAL */
    int64_t min, max;       /* INT64_MIN / INT64_MAX when not given; in kept units */
    size_t max_len;         /* code points of a text; default 200, long text 20000 */
    const char *suffix;     /* 小时, 元, 人: printed after the value; may be NULL */
    struct choice *choices; /* TYPE_CHOICE, TYPE_CHOICES */
    size_t nchoices;
    const char *ref_name;     /* TYPE_REF: the register */
    struct reg *ref;          /* linked */
    const char *kind;         /* TYPE_UNIT, TYPE_GRID: only nodes of this kind; may be NULL */
    const char *within;       /* TYPE_UNIT, TYPE_GRID: lies in the node of this field, or NULL */
    const char *count_name;   /* counted: number of rows of this child table … */
    struct reg *counted;      /* … linked … */
    struct expr *count_where; /* … that meet this; typed only while there are no rows; may be NULL */
    struct expr *computed;    /* a computed field: never typed, kept for lists and figures */
    struct expr *initial;     /* value proposed on a new form */
    struct expr *check;       /* must hold; check_msg says what is wrong */
    const char *check_msg;
    const char **aliases; /* other headers this column has in ledgers; NULL-terminated, may be NULL */
    const char **blanks;  /* words that mean "nothing" in this column: 无, /, - ; NULL-terminated */
    bool fill_down;       /* import: take the value of a vertical merge for all its rows */
    const char *split;    /* import into a child table with one cell: separators, e.g. "、，,;" */
    int index;            /* position in reg.fields */
    int line, col;        /* where it was declared */
};

/* A step's or register's actors: roles from the unit that owns the record or above it. */
struct roles {
    const char **names; /* NULL-terminated */
};

struct state {
    const char *name;
    struct label label;
    bool start, final;
    const char *tone;     /* "done", "open", "bad" or NULL: which colour and mark */
    const char **aliases; /* words in ledgers */
};

/* A clock set by a move or by creation: due = started + amount (of wd, d, h). */
struct clock_def {
    const char *name;
    struct label label;
    const char *field; /* a date field that holds the due day (and may be typed or imported), or NULL */
    int amount;
    char unit;         /* 'w' working days, 'd' calendar days, 'h' hours */
    struct expr *when; /* only if this holds, may be NULL */
};

struct move {
    const char *name;
    struct label label;
    const char **from; /* state names; "*" for any that is not final; NULL-terminated */
    const char *to;    /* state name, or NULL: stays */
    struct roles by;
    const char **asks;     /* fields the mover fills in on the way; NULL-terminated, may be NULL */
    const char **requires; /* of these, or of the record, must not be empty; NULL-terminated, may be NULL */
    struct expr *when;     /* must hold before; why_not says what is missing */
    const char *why_not;
    const char *stamp;         /* a date or instant field set to now if empty, or NULL */
    struct clock_def **starts; /* NULL-terminated, may be NULL */
    const char **start_names;  /* the same as declared */
    const char **stops;        /* clock names, NULL-terminated, may be NULL */
    bool main;                 /* the prominent one */
    const char *makes;         /* name of a "makes" entry of the register: creates a record elsewhere; or NULL */
};

/* A record made in another register out of this one (a need raised on a visit becomes a request). */
struct make {
    const char *name;
    const char *into;       /* register */
    struct expr *when;      /* on saving, if this holds and nothing was made yet; NULL: only by a move */
    const char **set_field; /* pairs: field of the other = expr on this one */
    struct expr **set_expr;
    size_t nset;
    const char *back; /* ref field of this register that will hold the other's id */
};

enum figure_kind {
    FIG_RECORDS,  /* how many records (件, 次, 场) */
    FIG_TIMES,    /* person-times 人次: child rows, or a sum of an integer field */
    FIG_PERSONS,  /* distinct persons 人 by key */
    FIG_DISTINCT, /* distinct other things (teams, units) by key */
    FIG_HOURS,    /* sum of a decimal field in hours */
    FIG_AMOUNT,   /* money */
    FIG_STOCK,    /* how many at the end of the period, from dated intervals */
    FIG_RATIO,    /* of two other figures */
    FIG_CADENCE,  /* periods in which something was held, of those in which it was due */
    FIG_MISSED,   /* periods due and not held: the gaps of a cadence figure */
    FIG__MAX
};

/* One source of a figure in one register. */
struct contribution {
    struct reg *reg;
    struct reg *child;         /* counted per child row of this table, or NULL per record */
    struct expr *where;        /* may be NULL; sees child.field names plainly and the record's fields */
    struct expr *sum;          /* amount in kept units; NULL counts 1 */
    struct expr *key;          /* FIG_PERSONS, FIG_DISTINCT: what tells them apart (text) */
    struct expr *on;           /* the day; NULL: the record's happened day */
    struct expr *from, *until; /* FIG_STOCK: the dated interval; until NULL or empty: still so */
    struct expr *slice;        /* by: a short code the total can be split by, or NULL */
};

struct cadence_def {
    const char *period; /* "week" "month" "quarter" "half" "year" */
    struct expr *match; /* records that count; e.g. type = general */
    const char *slice;  /* a word for the gap list: 党员大会 */
};

struct figure {
    const char *name; /* dispute.settled */
    struct label label;
    struct label unit; /* measure word: 件, 人次 */
    enum figure_kind kind;
    struct contribution *parts;
    size_t nparts;
    int places;            /* decimals of the kept value (hours, money: 2; ratio: printed decimals) */
    const char *num, *den; /* FIG_RATIO: figure names */
    struct figure *fnum, *fden;
    bool truncate;    /* FIG_RATIO: truncate instead of half-up */
    struct reg *reg;  /* FIG_CADENCE: the register; where it was declared for the rest */
    const char *each; /* FIG_CADENCE: unit kind that owes it: "branch" */
    struct cadence_def *cadences;
    size_t ncadences;
    const char *of; /* FIG_MISSED: the cadence figure */
    struct figure *fof;
    const char **covers;   /* F… of the catalogue; NULL-terminated, may be NULL */
    const char **says;     /* how people name it; NULL-terminated, may be NULL */
    struct reg *slice_reg; /* where slice codes get their labels: a choice field of this register … */
    struct field *slice_field;
    int line;
};

/* Groups of ledger columns that become child rows: 当事人甲 → {role: a}. */
struct import_group {
    const char *header;     /* the parent header */
    const char **set_field; /* constants */
    const char **set_value;
    size_t nset;
};

struct import_state {
    struct expr *when; /* NULL: otherwise */
    const char *state;
};

/* Fields that together may stand once in a home. */
struct unique_key {
    const char **f; /* NULL-terminated */
};

/* A part of the form. */
struct form_section {
    struct label label;
    const char **f; /* fields and child tables; NULL-terminated */
};

/* How a register reads ledgers (doc/module-language.md, "Import"). */
struct import_def {
    const char **sheets;     /* names or parts of names of sheets it takes; NULL-terminated, may be NULL */
    const char *sheet_field; /* a field that the sheet's name stands for when no column does; or NULL */
    struct import_state *states;
    size_t nstates;
    const char **state_columns; /* headers of a column that holds the state's label or alias; may be NULL */
    const char *as_of; /* date field filled with the ledger's 填报日期/统计时间 when the row has none; or NULL */
    /* A cross table: one row per person, one column per session; the sessions are this register's records. */
    const char *cross_child;  /* child table filled by the marks, or NULL */
    const char *cross_header; /* parent header above the session columns: 参训情况 */
    const char **cross_parts; /* fields read from the lines of a session's header, in order: name, day, topic */
    const char **cross_marks; /* words that mean present: √ ✓ */
};

struct reg {
    const char *name; /* [a-z][a-z0-9_]* ; the table is r_NAME, a child's r_PARENT_NAME */
    const char *module;
    struct label label;
    const char *measure; /* classifier: 件 */
    const char *icon;    /* one Han character for lists, may be NULL */
    struct reg *parent;  /* child tables: the register they belong to */
    struct field *fields;
    size_t nfields;
    struct map *by_name;  /* field name → struct field * */
    struct reg *children; /* child tables */
    size_t nchildren;
    struct make from;            /* child tables: the register whose records become rows (into), which (when), and
                                  * what of them (set); into NULL: none */
    struct import_group *groups; /* child tables: groups of columns */
    size_t ngroups;
    const char *title;        /* field shown as the record's title; NULL if it is put together … */
    struct expr *title_expr;  /* … by this; set in both cases; NULL: no title declared */
    const char *happened;     /* field that says when it happened: date, month or instant */
    const char *unit_field;   /* field of type unit that says which unit the record belongs to; NULL: its home */
    const char *grid_field;   /* field of type grid, or NULL */
    const char *assigned;     /* text or person field: whom a record is with (承办人), or NULL */
    const char **assigned_in; /* states in which it is; NULL: all that are not final; NULL-terminated */
    bool site_wide;           /* records live in home 0 (units, staff), not in a community */
    const char *tree;         /* ref or unit/grid field that makes the register a tree, or NULL */
    const char **key;         /* fields that identify a record on import; NULL-terminated, may be NULL */
    struct unique_key *uniques;
    size_t nuniques; /* unique keys within a home */
    struct unique_key *alikes;
    size_t nalikes;             /* what makes a probable twin; also happened, unit (alike.h) */
    const char *number_field;   /* filled from the series if empty */
    const char *number_pattern; /* "调〔{year}〕{n}号"; {n:3} pads */
    struct state *states;
    size_t nstates;
    struct move *moves;
    size_t nmoves;
    struct clock_def *clocks;
    size_t nclocks;
    struct make *makes;
    size_t nmakes;
    struct roles read,
        write;            /* who may read and write, admin always; names NULL: every role that may read, write */
    struct roles own;     /* of who may write: these change only records of their own */
    const char **list;    /* columns of the list, first to last; may hold "state", "due" */
    const char **filters; /* fields offered as filters */
    const char **search;  /* fields whose text is searched; also CHILD.FIELD */
    struct form_section *sections;
    size_t nsections; /* the form; without a declaration one section with everything that is not hidden */
    struct import_def import;
    bool quick;          /* offered under 记一笔 */
    bool calendar;       /* shown on the calendar */
    const char **covers; /* M… of the catalogue */
    const char *file;    /* where it was declared */
    int line;
};

/* A report template, parsed by engine/report from its text. */
struct report_def {
    const char *name;
    struct label label;
    struct label about; /* one sentence for the list of reports, or empty */
    const char *module;
    const char *file;
    const char *text;
    size_t n;
};

struct role_def {
    const char *name; /* admin, clerk, secretary, worker, grid, viewer */
    struct label label;
    const char **may;   /* words of enum permission, see perm.h */
    const char **kinds; /* unit kinds it is granted at, or NULL */
};

struct module {
    const char *name;
    struct label label;
    int order;
    const char **registers; /* in the order of the menu; NULL-terminated */
    const char **covers;
};

struct schema {
    struct arena *a;
    struct module *modules;
    size_t nmodules;
    struct reg **regs; /* not the children */
    size_t nregs;
    struct map *reg_by_name;
    struct figure **figures;
    size_t nfigures;
    struct map *figure_by_name;
    struct report_def *reports;
    size_t nreports;
    struct role_def *roles;
    size_t nroles;
    unsigned char hash[32]; /* of all sources */
};

/* What is wrong in a declaration, collected, not stopped at the first. */
struct schema_error {
    const char *file;
    int line, col;
    const char *msg; /* English: for whoever writes declarations; with "did you mean …?" */
};
struct schema_errors {
    struct arena *a;
    struct schema_error *v;
    size_t n, cap;
};
/* file:line:col: msg */
void schema_error_add(struct schema_errors *es, const char *file, int line, int col, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* A source text: a declaration or a report template. */
struct schema_source {
    const char *path; /* modules/dispute/dispute.yaml */
    const char *text;
    size_t n;
};

/* Read, link and check. Returns NULL if errors were added. The arena becomes the schema's on success. */
struct schema *schema_load(struct arena *a, const struct schema_source *src, size_t n, struct schema_errors *es);
/* The built-in modules with DIR/modules laid over them (same path replaces, an empty file removes); dir may be
 * NULL. */
size_t schema_sources(struct arena *a, const char *dir, struct schema_source **out, struct err *e);
void schema_free(struct schema *s);

struct reg *schema_reg(const struct schema *s, const char *name);
struct field *reg_field(const struct reg *r, const char *name);
struct reg *reg_child(const struct reg *r, const char *name);
const struct state *reg_state(const struct reg *r, const char *name);
const struct move *reg_move(const struct reg *r, const char *name);
struct figure *schema_figure(const struct schema *s, const char *name);
const struct choice *field_choice(const struct field *f, const char *code);
const char *label_in(const struct label *l, enum lang lang);
/* Words of the enums, as the language writes them: "text", "personal", "records" … */
extern const char *const field_type_word[TYPE__MAX + 1];
extern const char *const data_class_word[CLASS__MAX + 1];
extern const char *const figure_kind_word[FIG__MAX + 1];

#endif
