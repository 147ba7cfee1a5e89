/* SPDX-License-Identifier: Apache-2.0 */
/* report_slot.c: what stands between braces, word by word, checked against the schema. */
#include <stdlib.h>
#include <string.h>

#include "engine/template.h"
#include "model/expr.h"

#define ARGS_MAX 4

const char *const template_words[WORD__MAX + 1] = {"unit", "period",   "from",     "to",   "today",
                                                   "year", "all_year", "year_end", "item", NULL};

enum { ON_FIGURE = 1, ON_LIST = 2, ON_TABLE = 4, ON_SPAN = 8, ON_ALL = 15 };

struct place {
    struct parse *p;
    int line, col;
    bool wrong;
};

#define SAY(at, ...)                                                                                               \
    (schema_error_add((at)->p->es, (at)->p->def->file, (at)->line, (at)->col, __VA_ARGS__),                        \
     (void)((at)->wrong = true))

static char *trim(char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        s[--n] = '\0';
    return s;
}

/* Cut the next piece off at a separator; NULL when there is nothing left. */
static char *piece(char **rest, char sep)
{
    char *s = *rest;
    if (!s)
        return NULL;
    char *end = strchr(s, sep);
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return trim(s);
}

/* --- options: one row a word --- */

static const char *set_years(struct tnode *n, char **arg)
{
    n->ask.span = SPAN_YEARS;
    n->ask.years = atoi(arg[1]);
    return n->ask.years >= 1 && n->ask.years <= 100 ? NULL : "years takes how many: years 4";
}

static const char *set_kind(struct tnode *n, char **arg)
{
    n->ask.span = SPAN_KIND;
    n->ask.kind = arg[0];
    return NULL;
}

static const char *set_since(struct tnode *n, char **arg)
{
    n->ask.span = SPAN_SINCE;
    n->ask.since = day_parse_iso(arg[1]);
    return n->ask.since != DAY_NONE ? NULL : "since takes a day: since 2021-01-01";
}

static const char *set_last_year(struct tnode *n, char **arg)
{
    (void)arg;
    n->ask.span = SPAN_LAST_YEAR;
    return NULL;
}

static const char *set_start(struct tnode *n, char **arg)
{
    (void)arg;
    n->ask.span = SPAN_START;
    return n->ask.figure->kind == FIG_STOCK ? NULL : "at_start is for a stock figure";
}

static const char *set_slice(struct tnode *n, char **arg)
{
    n->ask.slice = arg[1];
    return NULL;
}

static const char *set_bound(struct tnode *n, char **arg)
{
    static const struct {
        const char *word;
        enum render_bound bound;
    } words[] = {{"floor", RENDER_FLOOR}, {"at_least", RENDER_AT_LEAST}, {"above", RENDER_ABOVE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(arg[0], words[i].word) == 0)
            n->render.bound = words[i].bound;
    n->render.word = arg[2];
    if (render_micro(&n->render.step, arg[1]) != 0 || n->render.step < 0)
        return "a number and a word are expected: floor 10 余, at_least 98 以上";
    return n->render.bound == RENDER_FLOOR && n->render.step == 0 ? "floor 0 makes no steps" : NULL;
}

static const char *set_places(struct tnode *n, char **arg)
{
    n->render.mode = arg[0][0];
    n->render.places = atoi(arg[1]);
    bool digit = strlen(arg[1]) == 1 && arg[1][0] >= '0' && arg[1][0] <= '6';
    return digit ? NULL : "decimals from 0 to 6 are expected: truncate 1, round 0";
}

static const char *set_percent(struct tnode *n, char **arg)
{
    (void)arg;
    n->render.percent = true;
    bool parts = n->ask.figure->kind == FIG_RATIO || n->ask.figure->kind == FIG_CADENCE;
    return parts ? NULL : "percent is for ratio and cadence figures";
}

static const char *set_part(struct tnode *n, char **arg)
{
    n->render.part = strcmp(arg[0], "num") == 0 ? RENDER_NUM : RENDER_DEN;
    n->ask.part = n->render.part;
    bool parts = n->ask.figure->kind == FIG_RATIO || n->ask.figure->kind == FIG_CADENCE;
    return parts ? NULL : "num and den are for ratio and cadence figures";
}

static const char *set_wan(struct tnode *n, char **arg)
{
    (void)arg;
    n->render.wan = true;
    return n->ask.figure->kind == FIG_RATIO ? "a ratio is not counted in 万" : NULL;
}

static const char *set_han(struct tnode *n, char **arg)
{
    (void)arg;
    n->render.han = true;
    return n->ask.figure->kind == FIG_RATIO ? "han writes whole numbers only" : NULL;
}

static const char *set_thousands(struct tnode *n, char **arg)
{
    (void)arg;
    n->render.thousands = true;
    return NULL;
}

static const char *set_measure(struct tnode *n, char **arg)
{
    (void)arg;
    n->measure = true;
    return NULL;
}

static const char *set_top(struct tnode *n, char **arg)
{
    n->top = atoi(arg[1]);
    return n->top >= 1 && n->top <= 1000 ? NULL : "top takes how many: top 3";
}

static const char *set_with_values(struct tnode *n, char **arg)
{
    (void)arg;
    n->with_values = true;
    return NULL;
}

static const char *set_by(struct tnode *n, char **arg)
{
    n->by_unit = true;
    return strcmp(arg[1], "unit") == 0 ? NULL : "a table is by unit, or by the figure's own slices";
}

static const char *set_of(struct tnode *n, char **arg)
{
    n->of = arg[1];
    return NULL;
}

static const struct option {
    const char *word;
    int args; /* after the word */
    unsigned on;
    const char *(*set)(struct tnode *n, char **arg); /* what is wrong, or NULL */
} options[] = {
    {"years", 1, ON_ALL, set_years},
    {"year", 0, ON_ALL, set_kind},
    {"half", 0, ON_ALL, set_kind},
    {"quarter", 0, ON_ALL, set_kind},
    {"month", 0, ON_ALL, set_kind},
    {"since", 1, ON_ALL, set_since},
    {"last_year", 0, ON_ALL, set_last_year},
    {"at_start", 0, ON_ALL, set_start},
    {"slice", 1, ON_FIGURE | ON_SPAN, set_slice},
    {"floor", 2, ON_FIGURE, set_bound},
    {"at_least", 2, ON_FIGURE, set_bound},
    {"above", 2, ON_FIGURE, set_bound},
    {"truncate", 1, ON_FIGURE, set_places},
    {"round", 1, ON_FIGURE, set_places},
    {"percent", 0, ON_FIGURE | ON_SPAN, set_percent},
    {"num", 0, ON_FIGURE | ON_SPAN, set_part},
    {"den", 0, ON_FIGURE | ON_SPAN, set_part},
    {"wan", 0, ON_FIGURE, set_wan},
    {"han", 0, ON_FIGURE, set_han},
    {"thousands", 0, ON_FIGURE, set_thousands},
    {"measure", 0, ON_FIGURE, set_measure},
    {"top", 1, ON_LIST, set_top},
    {"with_values", 0, ON_LIST, set_with_values},
    {"of", 1, ON_LIST, set_of},
    {"by", 1, ON_TABLE, set_by},
};

static void option_unknown(struct place *at, const char *word)
{
    const char *words[sizeof options / sizeof *options + 1] = {NULL};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        words[i] = options[i].word;
    const char *near = word_nearest(words, word);
    if (near)
        SAY(at, "unknown option %s (did you mean %s?)", word, near);
    else
        SAY(at, "unknown option %s", word);
}

static void option_parse(struct place *at, struct tnode *n, char *text, unsigned on)
{
    char *arg[ARGS_MAX] = {NULL}, *save = NULL;
    int k = 0;
    for (char *w = strtok_r(text, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
        if (k == ARGS_MAX) {
            SAY(at, "too many words in the option %s", arg[0]);
            return;
        }
        arg[k++] = w;
    }
    if (k == 0) {
        SAY(at, "an option is missing after |");
        return;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *o = &options[i];
        if (strcmp(o->word, arg[0]) != 0)
            continue;
        const char *wrong = NULL;
        if (!(o->on & on))
            SAY(at, "the option %s does not belong here", o->word);
        else if (k - 1 != o->args)
            SAY(at, "the option %s takes %d word(s) after it, not %d", o->word, o->args, k - 1);
        else if ((wrong = o->set(n, arg)) != NULL)
            SAY(at, "%s", wrong);
        return;
    }
    option_unknown(at, arg[0]);
}

/* --- figures --- */

static bool figure_sliced(const struct figure *f)
{
    for (size_t i = 0; i < f->nparts; i++)
        if (f->parts[i].slice)
            return true;
    return false;
}

static void slice_check(struct place *at, const struct asked *k)
{
    const struct field *f = k->figure->slice_field;
    if (!k->slice)
        return;
    if (!figure_sliced(k->figure)) {
        SAY(at, "%s is not split (no by), so it has no slice %s", k->figure->name, k->slice);
        return;
    }
    if (!f || f->nchoices == 0 || field_choice(f, k->slice))
        return;
    const char **codes = arena_array(at->p->a, f->nchoices + 1, sizeof *codes);
    for (size_t i = 0; i < f->nchoices; i++)
        codes[i] = f->choices[i].code;
    const char *near = word_nearest(codes, k->slice);
    if (near)
        SAY(at, "%s has no slice %s (did you mean %s?)", k->figure->name, k->slice, near);
    else
        SAY(at, "%s has no slice %s", k->figure->name, k->slice);
}

static const struct figure *figure_named(struct place *at, const char *name)
{
    const struct figure *f = schema_figure(at->p->schema, name);
    if (f)
        return f;
    const char *near = map_nearest(at->p->schema->figure_by_name, name);
    if (near)
        SAY(at, "unknown figure %s (did you mean %s?)", name, near);
    else
        SAY(at, "unknown figure %s", *name ? name : "(none given)");
    return NULL;
}

/* NAME | option | option */
static void figure_parse(struct place *at, struct tnode *n, char *text, unsigned on)
{
    char *rest = text, *name = piece(&rest, '|'), *opt;
    n->ask.figure = figure_named(at, name ? name : "");
    while ((opt = piece(&rest, '|')) != NULL)
        if (n->ask.figure)
            option_parse(at, n, opt, on);
    if (n->ask.figure)
        slice_check(at, &n->ask);
}

bool asked_parse(struct parse *p, struct asked *k, char *text, int line, int col)
{
    struct place at = {.p = p, .line = line, .col = col};
    struct tnode n = {.kind = NODE_FIGURE};
    figure_parse(&at, &n, text, ON_SPAN);
    *k = n.ask;
    return !at.wrong;
}

/* --- lists --- */

/* A record's title must not show a personal column in a report. */
static bool title_open(const struct reg *r, const struct expr *x)
{
    if (x && x->field && x->field->cls >= CLASS_PERSONAL)
        return false;
    for (int i = 0; x && i < x->nargs; i++)
        if (!title_open(r, x->arg[i]))
            return false;
    const struct field *f = !x && r->title ? reg_field(r, r->title) : NULL;
    return !f || f->cls < CLASS_PERSONAL;
}

static void list_check(struct place *at, const struct tnode *n)
{
    const struct figure *f = n->ask.figure;
    if (n->nmore && !n->by_unit)
        SAY(at, "a table of several figures is by unit: {table a b | by unit}");
    if (!f || n->by_unit || figure_sliced(f) || f->kind == FIG_MISSED)
        return;
    if (n->kind == NODE_TABLE || f->kind != FIG_RECORDS) {
        SAY(at, "%s cannot be listed: it is neither split (by) nor a list of gaps", f->name);
        return;
    }
    if (f->reg && !title_open(f->reg, f->reg->title_expr))
        SAY(at, "%s cannot be listed: the titles of %s show a personal column", f->name, f->reg->name);
}

/* "a b c | by unit": the names behind the first are further columns. */
static void table_parse(struct place *at, struct tnode *n, char *text)
{
    char *bar = strchr(text, '|'), *rest = bar ? arena_str(at->p->a, bar) : NULL, *save = NULL;
    size_t cap = 0;
    if (bar)
        *bar = '\0';
    char *first = strtok_r(text, " \t", &save);
    for (char *w; first && (w = strtok_r(NULL, " \t", &save)) != NULL;) {
        const struct figure *f = figure_named(at, w);
        if (f)
            VEC_PUSH(at->p->a, n->more, n->nmore, cap) = f;
    }
    figure_parse(at, n, arena_printf(at->p->a, "%s%s", first ? first : "", rest ? rest : ""), ON_TABLE);
    list_check(at, n);
}

/* --- the other slots --- */

static bool name_ok(const char *s)
{
    if (!s || *s < 'a' || *s > 'z')
        return false;
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void narrative_parse(struct place *at, struct tnode *n, char *text)
{
    char *rest = text, *name = piece(&rest, '|'), *label = piece(&rest, '|');
    struct template *t = at->p->t;
    n->text = name;
    n->label = label && *label ? label : name;
    if (!name_ok(name) || rest) {
        SAY(at, "a text slot is {text name | label}, the name in small letters");
        return;
    }
    for (size_t i = 0; i < t->ntexts; i++)
        if (strcmp(t->texts[i].name, name) == 0)
            return;
    VEC_PUSH(at->p->a, t->texts, t->ntexts, t->cap_texts) = (struct report_text){name, n->label, at->line};
}

/* {if unit_kind = subdistrict} {if unit_kind != …} {if complete year} */
static void if_words(struct place *at, struct tnode *n, char *text)
{
    static const char *const spans[] = {"year", "half", "quarter", "month", NULL};
    char *save = NULL, *word = strtok_r(text, " ", &save), *op = strtok_r(NULL, " ", &save);
    if (strcmp(word, "complete") == 0) {
        for (size_t i = 0; spans[i]; i++)
            if (op && strcmp(op, spans[i]) == 0)
                n->complete = spans[i];
        if (!n->complete || strtok_r(NULL, " ", &save))
            SAY(at, "{if complete year}, or half, quarter, month");
        return;
    }
    n->unit_kind = strtok_r(NULL, " ", &save);
    if (!op || (strcmp(op, "=") != 0 && strcmp(op, "!=") != 0) || !name_ok(n->unit_kind) ||
        strtok_r(NULL, " ", &save))
        SAY(at, "{if unit_kind = community}, or !=");
    else
        memcpy(n->op, op, strlen(op) + 1);
}

static void if_parse(struct place *at, struct tnode *n, char *text)
{
    static const char *const ops[] = {"<=", ">=", "!=", "<", ">", "="};
    if (strncmp(text, "text ", 5) == 0) {
        n->text = trim(text + 5);
        if (!name_ok(n->text))
            SAY(at, "{if text name} asks whether a text has been typed");
        return;
    }
    if (strncmp(text, "unit_kind ", 10) == 0 || strncmp(text, "complete ", 9) == 0) {
        if_words(at, n, text);
        return;
    }
    for (size_t i = 0; i < sizeof ops / sizeof *ops && !n->op[0]; i++) {
        char *op = strstr(text, ops[i]);
        if (!op)
            continue;
        memcpy(n->op, ops[i], strlen(ops[i]));
        *op = '\0';
        if (render_micro(&n->than, trim(op + strlen(n->op))) != 0)
            SAY(at, "a number is expected after %s", n->op);
    }
    figure_parse(at, n, trim(text), ON_SPAN);
}

static void word_parse(struct place *at, struct tnode *n, const char *word)
{
    n->kind = NODE_WORD;
    for (int i = 0; i < WORD__MAX; i++)
        if (strcmp(template_words[i], word) == 0) {
            n->word = (enum template_word)i;
            return;
        }
    static const char *const all[] = {"unit", "period", "from", "to",    "today", "year", "all_year", "year_end",
                                      "item", "list",   "text", "table", "if",    "else", "end",      NULL};
    const char *near = word_nearest(all, word);
    if (near)
        SAY(at, "unknown slot {%s} (did you mean %s?)", word, near);
    else
        SAY(at, "unknown slot {%s}: a figure is {= name}", word);
}

static void figure_note(struct parse *p, const struct figure *f)
{
    struct template *t = p->t;
    for (size_t i = 0; f && i < t->nfigures; i++)
        if (strcmp(t->figures[i], f->name) == 0)
            return;
    if (f)
        VEC_PUSH(p->a, t->figures, t->nfigures, t->cap_figures) = f->name;
}

void slot_parse(struct parse *p, char *text, int line, int col)
{
    struct place at = {.p = p, .line = line, .col = col};
    struct tnode n = {.line = line, .col = col};
    text = trim(text);
    if (*text == '=') {
        n.kind = NODE_FIGURE;
        figure_parse(&at, &n, trim(text + 1), ON_FIGURE);
    } else if (strncmp(text, "list ", 5) == 0) {
        n.kind = NODE_LIST;
        figure_parse(&at, &n, trim(text + 5), ON_LIST);
        list_check(&at, &n);
    } else if (strncmp(text, "table ", 6) == 0) {
        n.kind = NODE_TABLE;
        table_parse(&at, &n, trim(text + 6));
    } else if (strncmp(text, "text ", 5) == 0) {
        n.kind = NODE_NARRATIVE;
        narrative_parse(&at, &n, trim(text + 5));
    } else if (strncmp(text, "if ", 3) == 0) {
        n.kind = NODE_IF;
        if_parse(&at, &n, trim(text + 3));
    } else if (strcmp(text, "else") == 0) {
        n.kind = NODE_ELSE;
    } else if (strcmp(text, "end") == 0) {
        n.kind = NODE_END;
    } else {
        word_parse(&at, &n, text);
    }
    if (n.kind != NODE_IF)
        figure_note(p, n.ask.figure);
    for (size_t i = 0; i < n.nmore; i++)
        figure_note(p, n.more[i]);
    VEC_PUSH(p->a, p->t->nodes, p->t->nnodes, p->t->cap_nodes) = n;
}
