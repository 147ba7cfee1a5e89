/* SPDX-License-Identifier: Apache-2.0 */
/* schema_words.c: every word of the module language: what it takes, where it goes, what it is for. */
#include "model/schema_words.h"

#include "model/schema_read.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define AT(s, m) offsetof(struct s, m)
#define VOCAB(w, s) .words = w, .n = COUNT(w), .size = sizeof(struct s)

const char *const field_type_word[TYPE__MAX + 1] = {"text",  "longtext", "int",  "decimal", "money",   "date",
                                                    "month", "instant",  "flag", "choice",  "choices", "phone",
                                                    "idno",  "credit",   "unit", "grid",    "person",  "ref",
                                                    "file",  "location", NULL};
const char *const data_class_word[CLASS__MAX + 1] = {"public", "internal", "personal", "protected", NULL};
const char *const figure_kind_word[FIG__MAX + 1] = {"records", "times", "persons", "distinct", "hours", "amount",
                                                    "stock",   "ratio", "cadence", "missed",   NULL};
const char *const permission_names[] = {"read", "write", "import", "report", "admin", "personal", NULL};
const char *const period_names[] = {"week", "month", "quarter", "half", "year", NULL};
const char *const tone_names[] = {"done", "open", "bad", NULL};

#define JSON_NUMBER "{\"type\":[\"number\",\"string\"]}"
#define JSON_SET "{\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\",\"number\",\"boolean\"]}}"
#define JSON_SPAN "{\"type\":\"string\",\"pattern\":\"^[1-9][0-9]* (wd|d|h)$\"}"
/* clang-format off: one word a line */

/* --- module.yaml */
static const struct word role_words[] = {
    {.word = "label",
     .shape = W_LABEL,
     .at = AT(role_def, label),
     .required = true,
     .help = "What people call it."},
    {.word = "may",
     .shape = W_MANY,
     .at = AT(role_def, may),
     .words = permission_names,
     .help = "What it may do at its unit and beneath."},
    {.word = "kinds", .shape = W_NAMES, .at = AT(role_def, kinds), .help = "Kinds of unit it is granted at."},
};
const struct vocab vocab_role = {
    .what = "a role", VOCAB(role_words, role_def), .named = true, .name_at = AT(role_def, name)};

static const struct word module_words[] = {
    {.word = "module", .shape = W_NAME, .at = AT(module, name), .required = true, .help = "The folder's name."},
    {.word = "label", .shape = W_LABEL, .at = AT(module, label), .required = true, .help = "Its name in the menu."},
    {.word = "order", .shape = W_INT, .at = AT(module, order), .help = "Its place in the menu, smaller first."},
    {.word = "registers",
     .shape = W_NAMES,
     .at = AT(module, registers),
     .help = "All registers of the folder, in the order of the menu."},
    {.word = "covers", .shape = W_COVERS, .at = AT(module, covers), .help = "Rows of the catalogue: M024."},
    {.word = "roles",
     .shape = W_OWN,
     .read = read_later,
     .of = &vocab_role,
     .help = "All roles there are; in one module only."},
};
const struct vocab vocab_module = {.what = "a module", VOCAB(module_words, module)};

/* --- fields */
static const struct word choice_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(choice, label), .required = true, .help = "What people read."},
    {.word = "aliases", .shape = W_TEXTS, .at = AT(choice, aliases), .help = "Other words for it in ledgers."},
};
const struct vocab vocab_choice = {.what = "a choice",
                                   VOCAB(choice_words, choice),
                                   .named = true,
                                   .name_at = AT(choice, code),
                                   .key = KEY_CODE,
                                   .text_word = "label"};

static const struct word counted_words[] = {
    {.word = "child", .shape = W_NAME, .at = AT(field, count_name), .required = true, .help = "The child table."},
    {.word = "where", .shape = W_EXPR, .at = AT(field, count_where), .help = "Only rows that meet this."},
};
static const struct vocab vocab_counted = {.what = "counted", VOCAB(counted_words, field)};

static const struct word field_words[] = {
    {.word = "type",
     .shape = W_ENUM,
     .at = AT(field, type),
     .words = field_type_word,
     .required = true,
     .help = "What the field takes."},
    {.word = "label", .shape = W_LABEL, .at = AT(field, label), .required = true, .help = "What people read."},
    {.word = "class",
     .shape = W_ENUM,
     .at = AT(field, cls),
     .words = data_class_word,
     .required = true,
     .help = "Who may see it."},
    {.word = "help", .shape = W_LABEL, .at = AT(field, help), .help = "Shown under the field where people err."},
    {.word = "required", .shape = W_BOOL, .at = AT(field, required), .help = "Must not be empty."},
    {.word = "hidden", .shape = W_BOOL, .at = AT(field, hidden), .help = "Kept, but not on forms."},
    {.word = "initial",
     .shape = W_EXPR,
     .at = AT(field, initial),
     .help = "Expression: the value proposed on a new form."},
    {.word = "counted",
     .shape = W_SUB,
     .of = &vocab_counted,
     .help = "Number of rows of a child table; typed only where there are none."},
    {.word = "computed", .shape = W_EXPR, .at = AT(field, computed), .help = "Expression: never typed."},
    {.word = "check", .shape = W_EXPR, .at = AT(field, check), .help = "Condition that must hold."},
    {.word = "otherwise", .shape = W_TEXT, .at = AT(field, check_msg), .help = "What is wrong if the check fails."},
    {.word = "aliases", .shape = W_TEXTS, .at = AT(field, aliases), .help = "Other headers in ledgers."},
    {.word = "blanks", .shape = W_TEXTS, .at = AT(field, blanks), .help = "Words that mean nothing: 无, /."},
    {.word = "fill_down", .shape = W_BOOL, .at = AT(field, fill_down), .help = "Vertical merges fill their rows."},
    {.word = "places",
     .shape = W_OWN,
     .read = read_later,
     .json = "{\"type\":\"integer\",\"minimum\":1,\"maximum\":6}",
     .help = "decimal: digits after the point."},
    {.word = "min", .shape = W_OWN, .read = read_later, .json = JSON_NUMBER, .help = "Smallest amount."},
    {.word = "max",
     .shape = W_OWN,
     .read = read_later,
     .json = JSON_NUMBER,
     .help = "Largest amount; of a text: most characters."},
    {.word = "suffix", .shape = W_TEXT, .at = AT(field, suffix), .help = "Printed after the value: 小时."},
    {.word = "choices",
     .shape = W_MAP,
     .at = AT(field, choices),
     .n_at = AT(field, nchoices),
     .of = &vocab_choice,
     .help = "code → label."},
    {.word = "kind", .shape = W_NAME, .at = AT(field, kind), .help = "unit, grid: only nodes of this kind."},
    {.word = "within",
     .shape = W_NAME,
     .at = AT(field, within),
     .help = "unit, grid: lies in what this field says, which is filled in by it where it is empty."},
    {.word = "ref", .shape = W_NAME, .at = AT(field, ref_name), .help = "ref: the register referred to."},
};
const struct vocab vocab_field = {.what = "a field",
                                  VOCAB(field_words, field),
                                  .named = true,
                                  .name_at = AT(field, name),
                                  .before = field_before,
                                  .after = field_after};

/* --- states, moves, clocks */
static const struct word state_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(state, label), .required = true, .help = "What people read."},
    {.word = "start", .shape = W_BOOL, .at = AT(state, start), .help = "New records are in this state."},
    {.word = "final", .shape = W_BOOL, .at = AT(state, final), .help = "Nothing more is due."},
    {.word = "tone", .shape = W_PICK, .at = AT(state, tone), .words = tone_names, .help = "Colour and mark."},
    {.word = "aliases", .shape = W_TEXTS, .at = AT(state, aliases), .help = "Words for it in ledgers."},
};
const struct vocab vocab_state = {
    .what = "a state", VOCAB(state_words, state), .named = true, .name_at = AT(state, name), .text_word = "label"};

static const struct word move_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(move, label), .required = true, .help = "The button."},
    {.word = "from",
     .shape = W_NAMES,
     .at = AT(move, from),
     .required = true,
     .help = "States it starts in; any: every state that is not final."},
    {.word = "to",
     .shape = W_NAME,
     .at = AT(move, to),
     .help = "The state it leads to; without it the record stays."},
    {.word = "by", .shape = W_NAMES, .at = AT(move, by) + AT(roles, names), .help = "Roles that may."},
    {.word = "asks", .shape = W_NAMES, .at = AT(move, asks), .help = "Fields filled in on the way."},
    {.word = "requires", .shape = W_NAMES, .at = AT(move, requires), .help = "Fields that must not be empty."},
    {.word = "when", .shape = W_EXPR, .at = AT(move, when), .help = "Condition that must hold before."},
    {.word = "otherwise", .shape = W_TEXT, .at = AT(move, why_not), .help = "What is missing if it does not."},
    {.word = "stamp", .shape = W_NAME, .at = AT(move, stamp), .help = "date or instant field set to now if empty."},
    {.word = "starts", .shape = W_NAMES, .at = AT(move, start_names), .help = "Clocks it starts."},
    {.word = "stops", .shape = W_NAMES, .at = AT(move, stops), .help = "Clocks it stops."},
    {.word = "main", .shape = W_BOOL, .at = AT(move, main), .help = "The prominent one."},
    {.word = "makes", .shape = W_NAME, .at = AT(move, makes), .help = "An entry of makes: a record elsewhere."},
};
const struct vocab vocab_move = {
    .what = "a move", VOCAB(move_words, move), .named = true, .name_at = AT(move, name)};

static const struct word clock_words[] = {
    {.word = "label", .shape = W_LABEL, .at = AT(clock_def, label), .required = true, .help = "What people read."},
    {.word = "after",
     .shape = W_OWN,
     .read = read_after,
     .required = true,
     .json = JSON_SPAN,
     .help = "N wd, N d or N h: working days, days, hours."},
    {.word = "field", .shape = W_NAME, .at = AT(clock_def, field), .help = "date field that keeps the due day."},
    {.word = "when", .shape = W_EXPR, .at = AT(clock_def, when), .help = "Only if this holds."},
};
const struct vocab vocab_clock = {
    .what = "a clock", VOCAB(clock_words, clock_def), .named = true, .name_at = AT(clock_def, name)};

static const struct word make_words[] = {
    {.word = "into", .shape = W_NAME, .at = AT(make, into), .required = true, .help = "The other register."},
    {.word = "when", .shape = W_EXPR, .at = AT(make, when), .help = "On saving; without it only by a move."},
    {.word = "set",
     .shape = W_OWN,
     .read = read_set,
     .required = true,
     .json = JSON_SET,
     .help = "Field of the other record → expression on this one."},
    {.word = "back", .shape = W_NAME, .at = AT(make, back), .help = "ref field here that keeps the other's id."},
};
const struct vocab vocab_make = {
    .what = "an entry of makes", VOCAB(make_words, make), .named = true, .name_at = AT(make, name)};
