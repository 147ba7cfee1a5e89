/* SPDX-License-Identifier: Apache-2.0 */
/* schema_words_reg.c: the words of registers, figures and imports. */
#include "model/schema_read.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define AT(s, m) offsetof(struct s, m)
#define VOCAB(w, s) .words = w, .n = COUNT(w), .size = sizeof(struct s)

#define JSON_SET "{\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\",\"number\",\"boolean\"]}}"
#define JSON_KEYS "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}"
#define JSON_CHILD_IMPORT                                                                                          \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"groups\":{\"type\":\"object\","         \
    "\"additionalProperties\":{\"type\":\"object\"}},\"split\":{\"type\":\"object\",\"additionalProperties\":"     \
    "false,"                                                                                                       \
    "\"properties\":{\"column\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"by\":{\"type\":"           \
    "\"string\"}}}}}"

/* clang-format off: one word a line */

/* --- figures; the words of a contribution stand in figures and in parts */
#define PART_WORDS(base)                                                                                           \
    {.word = "where", .shape = W_EXPR, .at = (base) + AT(contribution, where), .help = "Only what meets this."},   \
        {.word = "on", .shape = W_EXPR, .at = (base) + AT(contribution, on), .help = "The day it falls on."},      \
        {.word = "by", .shape = W_EXPR, .at = (base) + AT(contribution, slice), .help = "Splits the total."},      \
        {.word = "key", .shape = W_EXPR, .at = (base) + AT(contribution, key), .help = "Tells persons apart."},    \
        {.word = "sum", .shape = W_EXPR, .at = (base) + AT(contribution, sum), .help = "The amount it adds."},     \
        {.word = "from", .shape = W_EXPR, .at = (base) + AT(contribution, from), .help = "stock: first day."},     \
        {.word = "until", .shape = W_EXPR, .at = (base) + AT(contribution, until), .help = "stock: last day."},    \
    {                                                                                                              \
        .word = "child", .shape = W_NAME, .at = (base) + AT(part_read, child) - AT(part_read, c),                  \
        .help = "Counted per row of this child table."                                                             \
    }

static const struct word part_words[] = {
    PART_WORDS(AT(part_read, c)),
    {.word = "register",
     .shape = W_NAME,
     .at = AT(part_read, reg),
     .help = "The register counted; without it: this."},
};
const struct vocab vocab_part = {.what = "a part of a figure", VOCAB(part_words, part_read)};

static const struct word due_words[] = {
    {.word = "period",
     .shape = W_PICK,
     .at = AT(cadence_def, period),
     .words = period_names,
     .required = true,
     .help = "Once in each of these."},
    {.word = "match", .shape = W_EXPR, .at = AT(cadence_def, match), .help = "Records that count for it."},
    {.word = "slice",
     .shape = W_TEXT,
     .at = AT(cadence_def, slice),
     .required = true,
     .help = "What is missing, in the list of gaps: 党员大会."},
};
const struct vocab vocab_due = {.what = "an entry of due", VOCAB(due_words, cadence_def)};

static const struct word figure_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(figure, label), .required = true, .help = "What people read."},
    {.word = "kind",
     .shape = W_ENUM,
     .at = AT(figure, kind),
     .words = figure_kind_word,
     .required = true,
     .help = "What it counts; kinds are never mixed."},
    {.word = "unit", .shape = W_LABEL, .at = AT(figure, unit), .help = "Measure word: 件, 人次."},
    PART_WORDS(AT(figure_read, own) + AT(part_read, c)),
    {.word = "parts",
     .shape = W_LIST,
     .at = AT(figure_read, parts),
     .n_at = AT(figure_read, nparts),
     .of = &vocab_part,
     .help = "Several registers feed the figure; instead of the words of a contribution."},
    {.word = "num", .shape = W_FIGURE, .at = AT(figure, num), .help = "ratio: the figure above the line."},
    {.word = "den", .shape = W_FIGURE, .at = AT(figure, den), .help = "ratio: the figure below the line."},
    {.word = "places", .shape = W_INT, .at = AT(figure, places), .help = "ratio: decimals printed."},
    {.word = "truncate",
     .shape = W_BOOL,
     .at = AT(figure, truncate),
     .help = "ratio: cut off instead of rounding."},
    {.word = "each", .shape = W_NAME, .at = AT(figure, each), .help = "cadence: kind of unit that owes it."},
    {.word = "due",
     .shape = W_LIST,
     .at = AT(figure, cadences),
     .n_at = AT(figure, ncadences),
     .of = &vocab_due,
     .help = "cadence: what is due, and how often."},
    {.word = "of", .shape = W_FIGURE, .at = AT(figure, of), .help = "missed: the cadence."},
    {.word = "covers", .shape = W_COVERS, .at = AT(figure, covers), .help = "Rows of the catalogue: F006."},
    {.word = "says", .shape = W_TEXTS, .at = AT(figure, says), .help = "How people put it in reports."},
};
const struct vocab vocab_figure = {.what = "a figure",
                                   VOCAB(figure_words, figure_read),
                                   .named = true,
                                   .name_at = AT(figure, name),
                                   .key = KEY_DOTTED,
                                   .before = figure_before,
                                   .after = figure_after};

/* --- import */
static const struct word import_state_words[] = {
    {.word = "when", .shape = W_EXPR, .at = AT(import_state, when), .help = "Condition; without it: otherwise."},
    {.word = "state",
     .shape = W_NAME,
     .at = AT(import_state, state),
     .required = true,
     .help = "The state it is in."},
};
static const struct vocab vocab_import_state = {.what = "an entry of states",
                                                VOCAB(import_state_words, import_state)};

static const struct word cross_words[] = {
    {.word = "child",
     .shape = W_NAME,
     .at = AT(import_def, cross_child),
     .required = true,
     .help = "Child table the marks fill."},
    {.word = "header",
     .shape = W_TEXT,
     .at = AT(import_def, cross_header),
     .required = true,
     .help = "Header above the session columns."},
    {.word = "parts",
     .shape = W_NAMES,
     .at = AT(import_def, cross_parts),
     .required = true,
     .help = "Fields read from the lines of a session's header, in order."},
    {.word = "marks",
     .shape = W_TEXTS,
     .at = AT(import_def, cross_marks),
     .required = true,
     .help = "Words that mean present."},
};
static const struct vocab vocab_cross = {.what = "cross", VOCAB(cross_words, import_def)};

static const struct word import_words[] = {
    {.word = "sheets", .shape = W_TEXTS, .at = AT(import_def, sheets), .help = "Parts of sheet names it takes."},
    {.word = "sheet_field",
     .shape = W_NAME,
     .at = AT(import_def, sheet_field),
     .help = "Field that the sheet's name stands for."},
    {.word = "state_column",
     .shape = W_TEXTS,
     .at = AT(import_def, state_columns),
     .help = "Headers of a column that holds a state's label or alias."},
    {.word = "as_of",
     .shape = W_NAME,
     .at = AT(import_def, as_of),
     .help = "date field that takes the day above the table (填报日期) when the row has none."},
    {.word = "states",
     .shape = W_LIST,
     .at = AT(import_def, states),
     .n_at = AT(import_def, nstates),
     .of = &vocab_import_state,
     .help = "Which state an imported row is in; the first that fits."},
    {.word = "cross", .shape = W_SUB, .of = &vocab_cross, .help = "One row a person, one column a session."},
};
const struct vocab vocab_import = {.what = "import", VOCAB(import_words, import_def)};

/* --- a register and its child tables */
static const struct word from_words[] = {
    {.word = "register", .shape = W_NAME, .at = AT(make, into), .required = true, .help = "The roster."},
    {.word = "where",
     .shape = W_EXPR,
     .at = AT(make, when),
     .help = "Which of its records; today is the record's day."},
    {.word = "set",
     .shape = W_OWN,
     .read = read_set,
     .required = true,
     .json = JSON_SET,
     .help = "Field of the row → expression on the roster's record."},
};
static const struct vocab vocab_from = {.what = "from", VOCAB(from_words, make)};

static const struct word child_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(reg, label), .required = true, .help = "What people read."},
    {.word = "fields",
     .shape = W_MAP,
     .at = AT(reg, fields),
     .n_at = AT(reg, nfields),
     .of = &vocab_field,
     .required = true,
     .help = "Its columns."},
    {.word = "from",
     .shape = W_SUB,
     .at = AT(reg, from),
     .of = &vocab_from,
     .help = "The roster whose people one press brings in as rows."},
    {.word = "import",
     .shape = W_OWN,
     .read = read_later,
     .json = JSON_CHILD_IMPORT,
     .help = "groups of columns, or one cell split into rows."},
};
const struct vocab vocab_child = {.what = "a child table",
                                  VOCAB(child_words, reg),
                                  .named = true,
                                  .name_at = AT(reg, name),
                                  .before = child_before,
                                  .after = child_after};

static const struct word access_words[] = {
    {.word = "read", .shape = W_NAMES, .at = AT(reg, read) + AT(roles, names), .help = "Roles that may read."},
    {.word = "write", .shape = W_NAMES, .at = AT(reg, write) + AT(roles, names), .help = "Roles that may write."},
    {.word = "own",
     .shape = W_NAMES,
     .at = AT(reg, own) + AT(roles, names),
     .help = "Of these, roles that change and withdraw only what they recorded or what is with them."},
};
static const struct vocab vocab_access = {.what = "access", VOCAB(access_words, reg)};

static const struct word number_words[] = {
    {.word = "field", .shape = W_NAME, .at = AT(reg, number_field), .required = true, .help = "The text field."},
    {.word = "pattern",
     .shape = W_TEXT,
     .at = AT(reg, number_pattern),
     .required = true,
     .help = "借〔{year}〕{n}号; {n:3} pads with zeros."},
};
static const struct vocab vocab_number = {.what = "number", VOCAB(number_words, reg)};

static const struct word section_words[] = {
    {.word = "label",
     .shape = W_LABEL,
     .at = AT(form_section, label),
     .required = true,
     .help = "What people read."},
    {.word = "fields",
     .shape = W_NAMES,
     .at = AT(form_section, f),
     .required = true,
     .help = "Fields and child tables."},
};
static const struct vocab vocab_section = {.what = "a part of the form", VOCAB(section_words, form_section)};

static const struct word register_words[] = {
    {.word = "register", .shape = W_NAME, .at = AT(reg, name), .required = true, .help = "The file's name."},
    {.word = "label", .shape = W_LABEL, .at = AT(reg, label), .required = true, .help = "What people read."},
    {.word = "measure", .shape = W_TEXT, .at = AT(reg, measure), .help = "Classifier of its records: 件."},
    {.word = "icon", .shape = W_TEXT, .at = AT(reg, icon), .help = "One Han character for lists."},
    {.word = "title",
     .shape = W_OWN,
     .read = read_title,
     .required = true,
     .json = "{\"type\":\"string\"}",
     .help = "Field or expression shown as a record's title."},
    {.word = "happened",
     .shape = W_NAME,
     .at = AT(reg, happened),
     .help = "date, month or instant field: when it happened."},
    {.word = "unit", .shape = W_NAME, .at = AT(reg, unit_field), .help = "unit field it belongs to."},
    {.word = "grid", .shape = W_NAME, .at = AT(reg, grid_field), .help = "grid field it lies in."},
    {.word = "assigned",
     .shape = W_NAME,
     .at = AT(reg, assigned),
     .help = "text or person field: whom it is with."},
    {.word = "assigned_in", .shape = W_NAMES, .at = AT(reg, assigned_in), .help = "Only in these states."},
    {.word = "site_wide", .shape = W_BOOL, .at = AT(reg, site_wide), .help = "Belongs to no community."},
    {.word = "tree", .shape = W_NAME, .at = AT(reg, tree), .help = "Field that makes it a tree."},
    {.word = "key", .shape = W_NAMES, .at = AT(reg, key), .help = "Natural key: an import updates its record."},
    {.word = "unique",
     .shape = W_OWN,
     .read = read_unique,
     .json = JSON_KEYS,
     .help = "Lists of fields that together stand once in a community."},
    {.word = "alike",
     .shape = W_OWN,
     .read = read_alike,
     .json = JSON_KEYS,
     .help = "Lists of fields; a new record that agrees with another in all of one is asked about."},
    {.word = "number", .shape = W_SUB, .of = &vocab_number, .help = "Gap-free series."},
    {.word = "search", .shape = W_TEXTS, .at = AT(reg, search), .help = "Fields whose text is searched."},
    {.word = "list", .shape = W_NAMES, .at = AT(reg, list), .help = "Columns of the list; also state, due, unit."},
    {.word = "filters", .shape = W_NAMES, .at = AT(reg, filters), .help = "Fields offered as filters."},
    {.word = "quick", .shape = W_BOOL, .at = AT(reg, quick), .help = "Offered under 记一笔."},
    {.word = "calendar", .shape = W_BOOL, .at = AT(reg, calendar), .help = "Shown on the calendar."},
    {.word = "access", .shape = W_SUB, .of = &vocab_access, .help = "Roles; without it every role that may."},
    {.word = "fields",
     .shape = W_MAP,
     .at = AT(reg, fields),
     .n_at = AT(reg, nfields),
     .of = &vocab_field,
     .required = true,
     .help = "Its columns."},
    {.word = "children",
     .shape = W_MAP,
     .at = AT(reg, children),
     .n_at = AT(reg, nchildren),
     .of = &vocab_child,
     .help = "Child tables: attendance, parties."},
    {.word = "states",
     .shape = W_MAP,
     .at = AT(reg, states),
     .n_at = AT(reg, nstates),
     .of = &vocab_state,
     .help = "States a record goes through."},
    {.word = "clocks",
     .shape = W_MAP,
     .at = AT(reg, clocks),
     .n_at = AT(reg, nclocks),
     .of = &vocab_clock,
     .help = "Time limits."},
    {.word = "moves",
     .shape = W_MAP,
     .at = AT(reg, moves),
     .n_at = AT(reg, nmoves),
     .of = &vocab_move,
     .help = "Named steps between states."},
    {.word = "makes",
     .shape = W_MAP,
     .at = AT(reg, makes),
     .n_at = AT(reg, nmakes),
     .of = &vocab_make,
     .help = "Records made elsewhere out of this one."},
    {.word = "form",
     .shape = W_LIST,
     .at = AT(reg, sections),
     .n_at = AT(reg, nsections),
     .of = &vocab_section,
     .help = "The form's parts."},
    {.word = "figures",
     .shape = W_OWN,
     .read = read_later,
     .of = &vocab_figure,
     .help = "Numbers computed from it."},
    {.word = "import", .shape = W_SUB, .at = AT(reg, import), .of = &vocab_import, .help = "How it reads ledgers."},
    {.word = "covers", .shape = W_COVERS, .at = AT(reg, covers), .help = "Rows of the catalogue: M024."},
};
const struct vocab vocab_register = {.what = "a register", VOCAB(register_words, reg), .after = reg_after};
