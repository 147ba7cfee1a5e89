/* SPDX-License-Identifier: Apache-2.0 */
/* import_form.c: what each sheet and column of a ledger is, as a form, and read from it. */
#include <stdlib.h>
#include <string.h>

#include "web/import_view.h"
#include "web/page.h"

/* A form may have REQ_FIELDS_MAX fields; columns beyond that are shown as they are. */
#define FORM_FIELDS (REQ_FIELDS_MAX - 100)

struct form {
    struct req *q;
    const struct import_task *t;
    size_t index; /* of the sheet */
    const struct map_sheet *s;
    const struct sheet *sheet;
    size_t fields; /* written so far */
};

static const char *name_of(struct form *f, const char *what)
{
    return req_printf(f->q, "s%zu.%s", f->index, what);
}

/* --- targets of a column: "field", "child.field|group", "ref.field", "state" */

static void options_of(struct form *f, const struct reg *r, const char *prefix, const char *label,
                       const char *group, const char *now)
{
    struct req *q = f->q;
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *x = &r->fields[i];
        if (x->computed || x->type == TYPE_FILE)
            continue;
        const char *value = req_printf(q, "%s%s%s%s", prefix, x->name, *group ? "|" : "", group);
        html_option(&q->out, value,
                    req_printf(q, *group ? "%s%s（%s）" : "%s%s", label, label_in(&x->label, q->lang), group),
                    strcmp(now, value) == 0);
    }
}

static const char *target_of(struct req *q, const struct map_column *c)
{
    return c->group && *c->target ? req_printf(q, "%s|%s", c->target, c->group->header) : c->target;
}

static void target_select(struct form *f, const struct map_column *c, const char *name)
{
    struct req *q = f->q;
    struct buf *b = &q->out;
    const struct reg *r = f->s->reg;
    const char *now = target_of(q, c);
    html_raw(b, "<select");
    html_set(b, "name", name);
    html_set(b, "aria-label", req_printf(q, "%s：%s", c->header, req_tr(q, "对应栏目")));
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "不导入"), !*now);
    options_of(f, r, "", "", "", now);
    if (r->nstates)
        html_option(b, "state", req_tr(q, "状态"), strcmp(now, "state") == 0);
    for (size_t i = 0; i < r->nchildren; i++) {
        const struct reg *child = &r->children[i];
        const char *prefix = req_printf(q, "%s.", child->name);
        const char *label = req_printf(q, "%s·", label_in(&child->label, q->lang));
        options_of(f, child, prefix, label, "", now);
        for (size_t g = 0; g < child->ngroups; g++)
            options_of(f, child, prefix, label, child->groups[g].header, now);
    }
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].ref)
            options_of(f, r->fields[i].ref, req_printf(q, "%s.", r->fields[i].name),
                       req_printf(q, "%s·", label_in(&r->fields[i].label, q->lang)), "", now);
    html_raw(b, "</select>");
}

static void fill_select(struct form *f, const struct map_column *c, const char *name)
{
    struct req *q = f->q;
    struct buf *b = &q->out;
    html_raw(b, "<select");
    html_set(b, "name", name);
    html_set(b, "aria-label", req_printf(q, "%s：%s", c->header, req_tr(q, "向下填充")));
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "不填充"), !c->fill_down);
    html_option(b, "merged", req_tr(q, "合并的格"), c->fill_down && !c->fill_blank);
    html_option(b, "blank", req_tr(q, "合并的格和空格"), c->fill_down && c->fill_blank);
    html_raw(b, "</select>");
}

static const char *sample(struct form *f, int col)
{
    struct req *q = f->q;
    for (size_t r = 0; r < f->sheet->nrows; r++) {
        const struct cell *c = sheet_cell(f->sheet, r, col);
        if (f->sheet->rows[r].r <= f->s->header_last)
            continue;
        if (c->kind == CELL_DATE)
            return req_tr(q, "（日期）");
        if (c->kind == CELL_NUMBER)
            return req_printf(q, "%.15g", c->num);
        if (c->kind == CELL_TEXT && *c->text)
            return c->text;
    }
    return "";
}

static void cell_begin(struct req *q, const char *label)
{
    html_raw(&q->out, "<td");
    html_set(&q->out, "data-label", req_tr(q, label));
    html_raw(&q->out, ">");
}

static void column_row(struct form *f, size_t i)
{
    struct req *q = f->q;
    struct buf *b = &q->out;
    const struct map_column *c = &f->s->columns[i];
    bool room = f->fields + 2 <= FORM_FIELDS;
    html_raw(b, "<tr>");
    cell_begin(q, "表中的列");
    html_text(b, c->header);
    html_raw(b, "</td>");
    cell_begin(q, "例");
    html_elem(b, "span class=quiet", sample(f, c->col));
    html_raw(b, "</td>");
    cell_begin(q, "对应栏目");
    if (room)
        target_select(f, c, req_printf(q, "s%zu.c%zu", f->index, i));
    else
        html_text(b, c->target);
    html_raw(b, "</td>");
    cell_begin(q, "向下填充");
    if (room && *c->target)
        fill_select(f, c, req_printf(q, "s%zu.f%zu", f->index, i));
    html_raw(b, "</td></tr>");
    f->fields += 2;
}

static void columns(struct form *f)
{
    static const char *const heads[] = {"表中的列", "例", "对应栏目", "向下填充"};
    struct req *q = f->q;
    struct buf *b = &q->out;
    html_raw(b, "<details><summary>");
    page_text(q, "查看和修改列的对应关系");
    html_raw(b, "</summary><table class=list><thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_elem(b, "th scope=col", req_tr(q, heads[i]));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < f->s->ncolumns; i++)
        column_row(f, i);
    html_raw(b, "</tbody></table></details>");
}

/* --- a sheet: which register, where its header stands */

static void register_select(struct form *f, const struct node *unit)
{
    struct req *q = f->q;
    struct buf *b = &q->out;
    const struct schema *schema = q->view.schema;
    const char *name = name_of(f, "reg");
    html_raw(b, "<label>");
    page_text(q, "记入台账");
    html_raw(b, " <select");
    html_set(b, "name", name);
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "不导入这张表"), f->s->skip || !f->s->reg);
    for (size_t i = 0; i < schema->nregs; i++) {
        const struct reg *r = schema->regs[i];
        bool now = !f->s->skip && f->s->reg && f->s->reg == r;
        struct err none = {0};
        if (now || actor_reg(&q->view, q->actor, r, true, unit ? unit->id : 0, &none) == 0)
            html_option(b, r->name, label_in(&r->label, q->lang), now);
    }
    html_raw(b, "</select></label>");
}

static void number_input(struct form *f, const char *label, const char *what, long value, const char *after)
{
    struct buf *b = &f->q->out;
    html_raw(b, "<label>");
    page_text(f->q, label);
    html_raw(b, " <input type=text inputmode=numeric size=5 maxlength=6 autocomplete=off");
    html_set(b, "name", name_of(f, what));
    if (value > 0)
        html_set_int(b, "value", value);
    html_raw(b, "> ");
    page_text(f->q, after);
    html_raw(b, "</label>");
}

/* The first row with several texts: where a header might begin. */
static long first_header(const struct sheet *s)
{
    for (size_t i = 0; i < s->nrows; i++) {
        int texts = 0;
        for (int c = 0; c < s->rows[i].ncells; c++)
            texts += s->rows[i].cells[c].kind == CELL_TEXT;
        if (texts > 1)
            return s->rows[i].r + 1;
    }
    return 1;
}

static void sheet_form(struct form *f, const struct node *unit)
{
    struct req *q = f->q;
    struct buf *b = &q->out;
    const struct map_sheet *s = f->s;
    bool skipped = s->skip || !s->reg;
    long first = s->reg ? s->header_first + 1 : first_header(f->sheet);
    html_raw(b, "<fieldset class=sheet><legend>");
    html_text(b, s->sheet && *s->sheet ? s->sheet : f->t->file_name);
    html_raw(b, "</legend>");
    if (skipped && s->why_skip) {
        html_raw(b, "<p class=quiet>");
        html_text(b, req_printf(q, "%s：%s", req_tr(q, "不导入"), req_tr(q, s->why_skip)));
        html_raw(b, "</p>");
    }
    for (size_t i = 0; !skipped && i < s->nfixed; i++) {
        const struct field *x = reg_field(s->reg, s->fixed_field[i]);
        html_raw(b, "<p class=quiet>");
        html_text(b,
                  req_printf(q, "%s：%s", x ? label_in(&x->label, q->lang) : s->fixed_field[i], s->fixed_value[i]));
        html_raw(b, "</p>");
    }
    html_raw(b, "<div class=filter>");
    register_select(f, unit);
    number_input(f, "表头从第", "h1", first, "行");
    number_input(f, "到第", "h2", s->reg ? s->header_last + 1 : first, "行");
    number_input(f, "没写年份的日期按", "year", skipped ? 0 : s->year, "年");
    html_raw(b, "</div>");
    f->fields += 4;
    if (!skipped)
        columns(f);
    html_raw(b, "</fieldset>");
}

void import_form(struct req *q, const struct import_task *t)
{
    struct form f = {.q = q, .t = t};
    const struct node *unit = tree_find(q->view.units, t->unit);
    for (size_t i = 0; i < t->map->nsheets; i++) {
        f.index = i;
        f.s = &t->map->sheets[i];
        f.sheet = &t->book->sheets[i];
        if (f.sheet->nrows > 0 && (f.s->reg || f.fields + 4 <= FORM_FIELDS))
            sheet_form(&f, unit);
    }
}

/* --- reading it */

static int number_of(struct form *f, const char *what, int now, long max, struct err *e)
{
    const char *text = req_form(f->q, name_of(f, what));
    char *end;
    long n;
    if (!text || !*text)
        return now;
    n = strtol(text, &end, 10);
    if (*end || n < 0 || n > max) {
        err_set(e, ERR_INPUT, "“%s”不是行号或年份。请填数字，例如 3。", text);
        return -1;
    }
    return (int)n;
}

/* 1: the sheet is read anew, its columns are others now. */
static int read_sheet(struct form *f, struct map_sheet *s, struct err *e)
{
    struct req *q = f->q;
    const char *name = req_form(q, name_of(f, "reg"));
    const struct reg *reg = name && *name ? schema_reg(q->view.schema, name) : NULL;
    int first, last, year;
    if (!name)
        return 0;
    if (!*name) {
        s->skip = true;
        s->why_skip = "您选择了不导入";
        return 1;
    }
    if (!reg)
        return err_set(e, ERR_INPUT, "没有名为“%s”的台账。", name);
    first = number_of(f, "h1", s->header_first + 1, 1000000, e);
    last = first < 0 ? -1 : number_of(f, "h2", s->header_last + 1, 1000000, e);
    year = last < 0 ? -1 : number_of(f, "year", 0, 9999, e);
    if (year < 0)
        return -1;
    if (reg == s->reg && first == s->header_first + 1 && last == s->header_last + 1) {
        int again = s->skip;
        s->skip = false;
        s->year = year;
        return again;
    }
    if (intake_replan(s, q->a, &q->view, f->sheet, reg, first - 1, last - 1))
        return err_set(e, ERR_INPUT, "“%s”的第%d行到第%d行不能作表头：请填连着的一到三行，都要有内容。",
                       s->sheet ? s->sheet : f->t->file_name, first, last);
    if (year)
        s->year = year;
    return 1;
}

static int read_column(struct form *f, struct map_sheet *s, size_t i, struct err *e)
{
    struct req *q = f->q;
    struct map_column *c = &s->columns[i];
    const char *target = req_form(q, req_printf(q, "s%zu.c%zu", f->index, i));
    const char *fill = req_form(q, req_printf(q, "s%zu.f%zu", f->index, i));
    if (fill) {
        c->fill_blank = strcmp(fill, "blank") == 0;
        c->fill_down = c->fill_blank || strcmp(fill, "merged") == 0;
    }
    if (!target || strcmp(target, target_of(q, c)) == 0)
        return 0;
    const char *bar = strchr(target, '|');
    return intake_target(s, i, q->a, bar ? arena_strn(q->a, target, (size_t)(bar - target)) : target,
                         bar ? bar + 1 : NULL, e);
}

int import_form_read(struct req *q, struct import_task *t, struct err *e)
{
    struct form f = {.q = q, .t = t};
    for (size_t i = 0; i < t->map->nsheets; i++) {
        struct map_sheet *s = &t->map->sheets[i];
        f.index = i;
        f.s = s;
        f.sheet = &t->book->sheets[i];
        int anew = read_sheet(&f, s, e);
        if (anew < 0)
            return -1;
        for (size_t k = 0; !anew && !s->skip && s->reg && k < s->ncolumns; k++)
            if (read_column(&f, s, k, e))
                return -1;
    }
    return 0;
}
