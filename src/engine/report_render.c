/* SPDX-License-Identifier: Apache-2.0 */
/* report_render.c: walk a template's nodes and put the document together: headings, paragraphs, figures, lists. */
#include <string.h>

#include "base/utf8.h"
#include "engine/template.h"
#include "model/type.h"

#define GAP "〔缺〕"
#define LEVELS 4

struct build {
    struct fill *f;
    struct doc *d;
    bool open;       /* the last block takes more spans */
    bool line_start; /* nothing of this template line has been seen */
    int heads[LEVELS];
    int items;
};

static struct doc_block *last(struct build *b)
{
    return &b->d->blocks[b->d->nblocks - 1];
}

static void open_block(struct build *b, enum doc_block_kind kind)
{
    if (!b->open)
        doc_add(b->d, kind);
    b->open = true;
}

/* --- text: a small part of Markdown --- */

/* 一、 （一） 1. （1） unless the author has numbered the heading. */
static void number_heading(struct build *b, int level, const char *text)
{
    static const char *const own[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "（", "("};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strncmp(text, own[i], strlen(own[i])) == 0)
            return;
    if (*text >= '0' && *text <= '9')
        return;
    int n = ++b->heads[level];
    for (int i = level + 1; i < LEVELS; i++)
        b->heads[i] = 0;
    const char *han = han_number(b->f->a, n);
    doc_text(b->d, last(b),
             level == 0   ? arena_printf(b->f->a, "%s、", han)
             : level == 1 ? arena_printf(b->f->a, "（%s）", han)
             : level == 2 ? arena_printf(b->f->a, "%d.", n)
                          : arena_printf(b->f->a, "（%d）", n));
}

/* A line that begins with # marks; returns the text behind them, NULL if it is no heading. */
static const char *heading(struct build *b, const char *line)
{
    size_t n = strspn(line, "#");
    if (n == 0 || n > LEVELS + 1 || line[n] != ' ')
        return NULL;
    line += n + strspn(line + n, " ");
    b->open = false;
    open_block(b, n == 1 ? DOC_TITLE : (enum doc_block_kind)(DOC_H1 + (int)n - 2));
    b->items = 0;
    if (n > 1)
        number_heading(b, (int)n - 2, line);
    return line;
}

static bool in_heading(struct build *b)
{
    return b->open && last(b)->kind != DOC_PARA;
}

static void add_line(struct build *b, const char *line, size_t n, bool ends)
{
    const char *text = arena_strn(b->f->a, line, n);
    if (b->line_start) {
        const char *rest = heading(b, text);
        if (rest)
            text = rest;
        else if (strncmp(text, "- ", 2) == 0)
            b->open = false, text += 2;
        else
            text += strspn(text, " \t");
    }
    if (b->line_start && ends && !*text) {
        b->open = false; /* an empty line */
        return;
    }
    if (*text) {
        open_block(b, DOC_PARA);
        doc_text(b->d, last(b), text);
    }
    b->line_start = false;
    if (ends && in_heading(b))
        b->open = false;
}

static void add_text(struct build *b, const char *s)
{
    while (*s) {
        size_t n = strcspn(s, "\n");
        bool ends = s[n] == '\n';
        add_line(b, s, n, ends);
        if (ends)
            b->line_start = true;
        s += n + ends;
    }
}

static void add_span(struct build *b, struct doc_span s)
{
    open_block(b, DOC_PARA);
    b->line_start = false;
    doc_span(b->d, last(b), s);
}

static void add_gap(struct build *b, const struct asked *k, const struct figure_value *v)
{
    struct doc_source *s = fill_source(b->f, k, v, RENDER_VALUE, GAP);
    add_span(b, (struct doc_span){DOC_GAP, GAP, s->href, s->no});
}

/* --- figures --- */

static const char *figure_label(struct build *b, const struct figure *f)
{
    return label_in(&f->label, b->f->p->lang);
}

static int add_figure(struct build *b, const struct tnode *n)
{
    const struct figure_value *v;
    const char *text = NULL;
    if (fill_value(b->f, &v, &n->ask) != 0)
        return -1;
    int rc = render_number(&text, b->f->a, v, &n->render);
    if (rc != 0) {
        add_gap(b, &n->ask, v);
        const char *label = figure_label(b, n->ask.figure);
        if (rc < 0)
            fill_gap_problem(b->f, n->line, &n->ask, v);
        else
            fill_problem(b->f, REPORT_THRESHOLD, n->line, n->ask.figure->name, "“%s”实际为%s，达不到文中“%s”的表述",
                         label, render_exact(b->f->a, v, n->render.part), n->render.word ? n->render.word : "");
        return 0;
    }
    if (n->measure)
        text = arena_printf(b->f->a, "%s%s", text, label_in(&n->ask.figure->unit, b->f->p->lang));
    struct doc_source *s = fill_source(b->f, &n->ask, v, n->render.part, text);
    add_span(b, (struct doc_span){DOC_FIGURE, text, s->href, s->no});
    return 0;
}

/* --- lists --- */

struct entries {
    const char **text;
    size_t n, cap, all;
};

static const char *slice_text(struct build *b, const struct figure *f, const struct figure_slice *s)
{
    struct figure_value v = {.figure = f, .value = s->value};
    return render_exact(b->f->a, &v, RENDER_VALUE);
}

static int list_slices(struct build *b, const struct tnode *n, const struct figure_at *at, struct entries *out)
{
    struct fill *f = b->f;
    const struct figure *fig = n->ask.figure;
    struct figure_slice *s;
    size_t count;
    if (f->src->slices(f->src->arg, &s, &count, f->a, fig, at, f->p->lang, f->e) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (s[i].value == 0)
            continue;
        out->all++;
        if (n->top > 0 && (int)out->n == n->top)
            continue;
        const char *label = s[i].label && *s[i].label ? s[i].label : "未分类", *text = label;
        if (n->with_values)
            text = arena_printf(f->a, "%s%s%s", label, slice_text(b, fig, &s[i]), label_in(&fig->unit, f->p->lang));
        VEC_PUSH(f->a, out->text, out->n, out->cap) = text;
    }
    return 0;
}

static int list_behind(struct build *b, const struct tnode *n, const struct figure_at *at,
                       const struct figure_value *v, struct entries *out)
{
    struct fill *f = b->f;
    struct behind *rows;
    size_t count;
    if (f->src->behind(f->src->arg, &rows, &count, f->a, n->ask.figure, at, n->top > 0 ? (size_t)n->top : 200,
                       f->e))
        return -1;
    for (size_t i = 0; i < count; i++)
        VEC_PUSH(f->a, out->text, out->n, out->cap) = rows[i].title ? rows[i].title : "";
    out->all = v->records > (int64_t)count ? (size_t)v->records : count;
    return 0;
}

static bool sliced(const struct figure *f)
{
    for (size_t i = 0; i < f->nparts; i++)
        if (f->parts[i].slice)
            return true;
    return false;
}

static const char *join(struct build *b, const struct tnode *n, const struct entries *es)
{
    const struct figure *f = n->ask.figure;
    const char *text = "";
    for (size_t i = 0; i < es->n; i++)
        text = arena_printf(b->f->a, "%s%s%s", text, i ? "、" : "", es->text[i]);
    if (es->n == 0)
        return "无";
    if (es->all == es->n)
        return text;
    const char *of = n->of ? n->of : sliced(f) ? "类" : label_in(&f->unit, b->f->p->lang);
    return arena_printf(b->f->a, "%s等%zu%s", text, es->all, of);
}

static int add_list(struct build *b, const struct tnode *n)
{
    struct fill *f = b->f;
    const struct figure_value *v;
    struct entries es = {0};
    struct period p = fill_period(f, &n->ask);
    struct figure_at at = {.view = f->view, .unit = f->p->unit, .from = p.from, .to = p.to, .who = f->p->actor};
    if (fill_value(f, &v, &n->ask) != 0)
        return -1;
    if (v->gap) {
        add_gap(b, &n->ask, v);
        fill_gap_problem(f, n->line, &n->ask, v);
        return 0;
    }
    if ((sliced(n->ask.figure) ? list_slices(b, n, &at, &es) : list_behind(b, n, &at, v, &es)) != 0)
        return -1;
    const char *text = join(b, n, &es);
    struct doc_source *s = fill_source(f, &n->ask, v, RENDER_VALUE, text);
    add_span(b, (struct doc_span){DOC_FIGURE, text, s->href, s->no});
    return 0;
}

/* A sliced figure as a table with its total. */
static int add_table(struct build *b, const struct tnode *n)
{
    struct fill *f = b->f;
    const struct figure *fig = n->ask.figure;
    const struct figure_value *v;
    struct figure_slice *s;
    size_t count;
    struct period p = fill_period(f, &n->ask);
    struct figure_at at = {.view = f->view, .unit = f->p->unit, .from = p.from, .to = p.to, .who = f->p->actor};
    if (fill_value(f, &v, &n->ask) != 0 ||
        f->src->slices(f->src->arg, &s, &count, f->a, fig, &at, f->p->lang, f->e) != 0)
        return -1;
    const char *total = v->gap ? GAP : render_exact(f->a, v, RENDER_VALUE);
    struct doc_source *row = fill_source(f, &n->ask, v, RENDER_VALUE, total);
    struct doc_table *t = arena_alloc(f->a, sizeof *t);
    t->caption = arena_printf(f->a, "%s（%s，单位：%s，来源%d）", figure_label(b, fig), period_words(f->a, p),
                              label_in(&fig->unit, f->p->lang), row->no);
    t->ncols = 2;
    t->nrows = count + 1;
    t->head = arena_array(f->a, 2, sizeof *t->head);
    t->cells = arena_array(f->a, 2 * t->nrows, sizeof *t->cells);
    t->hrefs = arena_array(f->a, 2 * t->nrows, sizeof *t->hrefs);
    t->head[0] = fig->slice_field ? label_in(&fig->slice_field->label, f->p->lang) : "类别";
    t->head[1] = figure_label(b, fig);
    for (size_t i = 0; i < count; i++) {
        t->cells[2 * i] = s[i].label ? s[i].label : "未分类";
        t->cells[2 * i + 1] = slice_text(b, fig, &s[i]);
        struct asked one = n->ask;
        one.slice = s[i].code;
        t->hrefs[2 * i + 1] = fill_href(f, &one);
    }
    t->cells[2 * count] = "合计";
    t->cells[2 * count + 1] = total;
    t->hrefs[2 * count + 1] = row->href;
    b->open = false;
    doc_add(b->d, DOC_TABLE)->table = t;
    b->line_start = false;
    return 0;
}

/* The figures of one unit as a row; unit NULL: the report's own, the total. */
static int unit_row(struct build *b, const struct tnode *n, struct doc_table *t, size_t row,
                    const struct node *unit)
{
    struct fill *f = b->f;
    const size_t at = row * t->ncols;
    t->cells[at] = unit ? unit->name : "合计";
    for (size_t c = 1; c < t->ncols; c++) {
        const struct figure_value *v;
        struct asked k = n->ask;
        k.unit = unit;
        k.figure = c == 1 ? n->ask.figure : n->more[c - 2];
        if (fill_value(f, &v, &k) != 0)
            return -1;
        t->cells[at + c] = v->gap ? GAP : render_exact(f->a, v, RENDER_VALUE);
        t->hrefs[at + c] = fill_source(f, &k, v, RENDER_VALUE, t->cells[at + c])->href;
    }
    return 0;
}

/* A row for each unit beneath, a column for each figure, and the total, which is the report's own unit. */
static int add_unit_table(struct build *b, const struct tnode *n)
{
    struct fill *f = b->f;
    const struct node *unit = f->p->unit;
    const size_t kids = unit ? unit->nkids : 0;
    struct doc_table *t = arena_alloc(f->a, sizeof *t);
    if (!kids)
        return 0;
    t->ncols = 2 + n->nmore;
    t->nrows = kids + 1;
    t->caption = arena_printf(f->a, "%s分组织情况（%s）", unit->name, period_words(f->a, fill_period(f, &n->ask)));
    t->head = arena_array(f->a, t->ncols, sizeof *t->head);
    t->cells = arena_array(f->a, t->ncols * t->nrows, sizeof *t->cells);
    t->hrefs = arena_array(f->a, t->ncols * t->nrows, sizeof *t->hrefs);
    t->head[0] = "组织";
    for (size_t c = 1; c < t->ncols; c++)
        t->head[c] = figure_label(b, c == 1 ? n->ask.figure : n->more[c - 2]);
    for (size_t i = 0; i <= kids; i++)
        if (unit_row(b, n, t, i, i < kids ? unit->kids[i] : NULL) != 0)
            return -1;
    b->open = false;
    doc_add(b->d, DOC_TABLE)->table = t;
    b->line_start = false;
    return 0;
}

/* --- narrative and conditions --- */

static const char *typed(const struct fill *f, const char *name)
{
    const char *s = f->p->texts ? map_get(f->p->texts, name) : NULL;
    while (s && (*s == ' ' || *s == '\n' || *s == '\r' || *s == '\t'))
        s++;
    return s && *s ? s : NULL;
}

/* Somebody's own words: never read as a template, each line a paragraph. */
static void add_narrative(struct build *b, const struct tnode *n)
{
    const char *s = typed(b->f, n->text);
    if (!s) {
        const char *gap = arena_printf(b->f->a, "〔缺：%s〕", n->label);
        fill_problem(b->f, REPORT_NO_TEXT, n->line, n->text, "“%s”尚未填写", n->label);
        add_span(b, (struct doc_span){.kind = DOC_GAP, .text = gap});
        return;
    }
    if (idno_inside(s))
        fill_problem(b->f, REPORT_PRIVACY, n->line, n->text, "“%s”中有身份证号码，请删去后再印发", n->label);
    while (*s) {
        size_t k = strcspn(s, "\r\n");
        const char *line = text_clean(b->f->a, arena_strn(b->f->a, s, k));
        if (*line)
            add_span(b, (struct doc_span){.kind = DOC_TEXT, .text = line});
        s += k;
        if (*s)
            b->open = false;
        s += strspn(s, "\r\n");
    }
    open_block(b, DOC_PARA);
}

static int condition(struct build *b, const struct tnode *n, bool *yes)
{
    const struct figure_value *v;
    if (n->unit_kind) {
        const char *kind = b->f->p->unit ? b->f->p->unit->kind : "";
        *yes = (strcmp(kind, n->unit_kind) == 0) == (n->op[0] == '=');
        return 0;
    }
    if (n->complete) {
        *yes = fill_complete(b->f, n->complete);
        return 0;
    }
    if (n->text) {
        *yes = typed(b->f, n->text) != NULL;
        return 0;
    }
    if (fill_value(b->f, &v, &n->ask) != 0)
        return -1;
    int cmp = render_compare(v, &n->render, n->than);
    const char *op = n->op;
    bool less = cmp < 0, equal = cmp == 0;
    *yes = op[0] == '<'   ? less || (op[1] && equal)
           : op[0] == '>' ? !less && (!equal || op[1])
           : op[0] == '=' ? equal
                          : !equal; /* != and no operator at all: than is 0 */
    *yes = *yes && !v->gap;
    return 0;
}

static void add_word(struct build *b, const struct tnode *n)
{
    const char *text = fill_word(b->f, n->word);
    if (n->word == WORD_ITEM)
        text = arena_printf(b->f->a, "%s是", han_number(b->f->a, ++b->items));
    add_span(b, (struct doc_span){.kind = DOC_TEXT, .text = text});
}

static int walk(struct build *b)
{
    const struct template *t = b->f->t;
    for (size_t i = 0; i < t->nnodes;) {
        const struct tnode *n = &t->nodes[i++];
        bool yes = true;
        int rc = 0;
        if (n->kind == NODE_TEXT)
            add_text(b, n->text);
        else if (n->kind == NODE_WORD)
            add_word(b, n);
        else if (n->kind == NODE_FIGURE)
            rc = add_figure(b, n);
        else if (n->kind == NODE_LIST)
            rc = add_list(b, n);
        else if (n->kind == NODE_TABLE)
            rc = n->by_unit ? add_unit_table(b, n) : add_table(b, n);
        else if (n->kind == NODE_NARRATIVE)
            add_narrative(b, n);
        else if (n->kind == NODE_IF)
            rc = condition(b, n, &yes);
        if (rc != 0)
            return -1;
        if (n->kind == NODE_ELSE || !yes)
            i = n->jump;
    }
    return 0;
}

/* --- head and end --- */

static const char *block_text(struct build *b, const struct doc_block *k)
{
    const char *s = "";
    for (size_t i = 0; i < k->nspans; i++)
        s = arena_printf(b->f->a, "%s%s", s, k->spans[i].text);
    return s;
}

/* Move the block added last to place i. */
static void move_last(struct doc *d, size_t i)
{
    struct doc_block k = d->blocks[d->nblocks - 1];
    memmove(&d->blocks[i + 1], &d->blocks[i], (d->nblocks - 1 - i) * sizeof *d->blocks);
    d->blocks[i] = k;
}

/* To whom a unit of this kind reports; NULL: nobody is named. */
static const char *addressee(const struct fill *f)
{
    const char *kind = f->p->unit ? f->p->unit->kind : "";
    for (size_t i = 0; i < f->t->naddressees; i++) {
        const struct addressee *x = &f->t->addressees[i];
        if (!x->kind || strcmp(x->kind, kind) == 0)
            return x->text;
    }
    return NULL;
}

static void add_head(struct build *b)
{
    struct doc *d = b->d;
    const struct template *t = b->f->t;
    bool has = d->nblocks > 0 && d->blocks[0].kind == DOC_TITLE;
    if (!has && t->title) {
        doc_text(d, doc_add(d, DOC_TITLE), fill_words(b->f, t->title));
        move_last(d, 0);
        has = true;
    }
    d->title = has ? block_text(b, &d->blocks[0]) : label_in(&t->def->label, b->f->p->lang);
    const char *whom = addressee(b->f);
    if (!whom)
        return;
    const char *to = fill_words(b->f, whom);
    size_t n = strlen(to);
    bool colon = n >= 3 && strcmp(to + n - 3, "：") == 0;
    doc_text(d, doc_add(d, DOC_ADDRESSEE), colon ? to : arena_printf(b->f->a, "%s：", to));
    move_last(d, has);
}

int render_body(struct fill *f)
{
    struct build b = {.f = f, .d = f->r->doc, .line_start = true};
    if (walk(&b) != 0)
        return -1;
    add_head(&b);
    if (f->t->sign) {
        doc_text(b.d, doc_add(b.d, DOC_SIGN), fill_words(f, f->t->sign));
        doc_text(b.d, doc_add(b.d, DOC_DATE), fill_word(f, WORD_TODAY));
    }
    return 0;
}
