/* SPDX-License-Identifier: Apache-2.0 */
/* form.c: fields as inputs. */
#include "web/form.h"

#include <string.h>

#include "base/date.h"
#include "model/query.h"
#include "web/page.h"
#include "web/task.h"

#define CHOICES_AS_BUTTONS 7 /* more become a list (interface: up to seven are buttons) */
#define EMPTY_ROWS 3

bool form_masks(const struct req *q, const struct field *f, struct value v, int64_t unit)
{
    return v.kind != VALUE_NULL && (f->cls == CLASS_PROTECTED || !actor_sees(&q->view, q->actor, f, unit));
}

/* The masked value, shown beneath the empty input. */
static const char *masked(struct req *q, const struct field *f, struct value v, int64_t unit)
{
    if (!form_masks(q, f, v, unit))
        return NULL;
    return type_mask(q->a, f, record_open(q->a, store_key(q->site->store), f, v));
}

static void masked_note(struct req *q, const char *mask)
{
    if (!mask)
        return;
    html_raw(&q->out, "<p class=help>");
    page_text(q, req_printf(q, "已填“%s”，不改请留空。", mask));
    html_raw(&q->out, "</p>");
}

/* What stands in the input: typed text again, else the value in the form's own notation. */
static const char *form_text(struct req *q, const struct field *f, struct value v, const char *mask,
                             const char *name)
{
    const char *typed = req_form(q, name);
    char t[32];
    if (typed)
        return typed;
    if (v.kind == VALUE_NULL || mask)
        return NULL;
    if (f->type == TYPE_INSTANT) {
        char *local = arena_str(q->a, instant_local(v.i, t));
        local[10] = 'T';
        return local;
    }
    if (f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_REF) /* as our selects send it */
        return req_printf(q, "%lld", (long long)v.i);
    return type_plain(q->a, f, v);
}

static const struct field_error *error_of(const struct field_errors *errors, const char *name)
{
    for (size_t i = 0; errors && i < errors->n; i++)
        if (strcmp(errors->v[i].field, name) == 0)
            return &errors->v[i];
    return NULL;
}

static void id_name(struct req *q, const char *name)
{
    html_set(&q->out, "id", req_printf(q, "f.%s", name));
    html_set(&q->out, "name", name);
}

/* Is it the field that says whom a record is with? */
static const struct reg *assigns(struct req *q, const struct field *f, const char *name)
{
    const char *in = req_arg(q, "register");
    const struct reg *r = in ? schema_reg(q->view.schema, in) : NULL;
    return r && r->assigned && strcmp(r->assigned, name) == 0 && reg_field(r, name) == f ? r : NULL;
}

/* Whom it can be with, offered beneath the input; any other name may be typed. */
static void who_list(struct req *q, const struct reg *r, const char *list)
{
    struct buf *b = &q->out;
    struct task_who *v;
    size_t n;
    struct err no = {0};
    if (task_who(&v, &n, q, r, page_unit(q), &no))
        n = 0;
    html_raw(b, "<datalist");
    html_set(b, "id", list);
    html_raw(b, ">");
    for (size_t i = 0; i < n; i++) {
        html_raw(b, "<option");
        html_set(b, "value", v[i].name);
        html_raw(b, ">");
        page_text(q, v[i].roles ? v[i].roles : "这个角色的任何人");
        html_raw(b, "</option>");
    }
    html_raw(b, "</datalist>");
}

static void input(struct req *q, const struct field *f, const char *name, const char *type, const char *mode,
                  const char *text)
{
    struct buf *b = &q->out;
    const struct reg *with = assigns(q, f, name);
    const char *list = with ? req_printf(q, "who.%s", name) : NULL;
    html_raw(b, "<input");
    html_set(b, "type", type);
    id_name(q, name);
    html_set(b, "value", text);
    html_set(b, "inputmode", mode);
    html_set(b, "list", list);
    if (f->max_len && type_is_text(f->type))
        html_set_int(b, "maxlength", (int64_t)f->max_len);
    if (f->cls >= CLASS_PERSONAL)
        html_raw(b, " data-personal autocomplete=off");
    html_raw(b, ">");
    if (with)
        who_list(q, with, list);
}

static bool chosen(const struct field *f, const char *text, const char *code)
{
    if (!text)
        return false;
    if (f->type != TYPE_CHOICES)
        return strcmp(text, code) == 0;
    size_t n = strlen(code);
    for (const char *p = strstr(text, code); p; p = strstr(p + 1, code))
        if ((p == text || p[-1] == ',') && (p[n] == ',' || p[n] == '\0'))
            return true;
    return false;
}

static void buttons(struct req *q, const struct field *f, const char *name, const char *text)
{
    struct buf *b = &q->out;
    const char *type = f->type == TYPE_CHOICES ? "checkbox" : "radio";
    html_raw(b, "<div class=choices");
    html_set(b, "id", req_printf(q, "f.%s", name));
    html_raw(b, ">");
    for (size_t i = 0; i < f->nchoices; i++) {
        html_raw(b, "<label><input");
        html_set(b, "type", type);
        html_set(b, "name", name);
        html_set(b, "value", f->choices[i].code);
        html_flag(b, "checked", chosen(f, text, f->choices[i].code));
        html_raw(b, "><span>");
        page_label(q, &f->choices[i].label);
        html_raw(b, "</span></label>");
    }
    html_raw(b, "</div>");
}

static void choice_input(struct req *q, const struct field *f, const char *name, const char *text)
{
    struct buf *b = &q->out;
    if (f->type == TYPE_CHOICES || (f->nchoices <= CHOICES_AS_BUTTONS && !strchr(name, '.'))) {
        buttons(q, f, name, text);
        return;
    }
    html_raw(b, "<select");
    id_name(q, name);
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "请选择"), !text || !*text);
    for (size_t i = 0; i < f->nchoices; i++)
        html_option(b, f->choices[i].code, label_in(&f->choices[i].label, q->lang),
                    chosen(f, text, f->choices[i].code));
    html_raw(b, "</select>");
}

static void flag_input(struct req *q, const struct field *f, const char *name, const char *text)
{
    static const char *const words[][2] = {{"1", "是"}, {"0", "否"}};
    struct buf *b = &q->out;
    (void)f;
    html_raw(b, "<div class=choices");
    html_set(b, "id", req_printf(q, "f.%s", name));
    html_raw(b, ">");
    for (size_t i = 0; i < 2; i++) {
        bool on = text && (strcmp(text, words[i][0]) == 0 || strcmp(text, i ? "false" : "true") == 0);
        html_raw(b, "<label><input type=radio");
        html_set(b, "name", name);
        html_set(b, "value", words[i][0]);
        html_flag(b, "checked", on);
        html_raw(b, "><span>");
        page_text(q, words[i][1]);
        html_raw(b, "</span></label>");
    }
    html_raw(b, "</div>");
}

/* Units and grids of the place this person works for, and those above it. */
static void node_input(struct req *q, const struct field *f, const char *name, const char *text)
{
    struct buf *b = &q->out;
    const struct tree *t = f->type == TYPE_UNIT ? q->view.units : q->view.grids;
    const struct node *here = page_unit(q);
    html_raw(b, "<select");
    id_name(q, name);
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "请选择"), !text || !*text);
    for (size_t i = 0; i < t->n; i++) {
        const struct node *n = &t->nodes[i];
        const char *id = req_printf(q, "%lld", (long long)n->id);
        bool on = text && (strcmp(text, id) == 0 || strcmp(text, n->code) == 0);
        const struct node *owner = f->type == TYPE_UNIT ? n : tree_find(q->view.units, n->home);
        bool offered = !f->kind || strcmp(f->kind, n->kind) == 0;
        if (!on && (!offered || (here && owner && !tree_within(owner, here) && !tree_within(here, owner))))
            continue;
        html_option(b, id, req_printf(q, "%s%s", n->depth > 0 && f->type == TYPE_GRID ? "\u3000" : "", n->name),
                    on);
    }
    html_raw(b, "</select>");
}

#define OPTIONS_MAX 200

struct options {
    struct option *v;
    size_t n;
};

/* What there is to choose from a register; read once, however many rows of a form ask for it. */
static const struct options *options_of(struct req *q, const struct reg *reg)
{
    const struct node *here = page_unit(q);
    struct options *o = q->options ? map_get(q->options, reg->name) : NULL;
    struct err no = {0};
    if (o)
        return o;
    if (!q->options)
        q->options = map_new(q->a);
    o = arena_alloc(q->a, sizeof *o);
    if (query_options(&o->v, &o->n, q->a, q->db, page_looker(q), reg, here ? here->home : 0, NULL, OPTIONS_MAX,
                      &no))
        o->n = 0;
    map_put(q->options, reg->name, o);
    return o;
}

static void ref_input(struct req *q, const struct field *f, const char *name, const char *text)
{
    struct buf *b = &q->out;
    const struct options *o = options_of(q, f->ref);
    html_raw(b, "<select");
    id_name(q, name);
    html_raw(b, ">");
    html_option(b, "", req_tr(q, "请选择"), !text || !*text);
    bool found = !text || !*text;
    for (size_t i = 0; i < o->n; i++) {
        const char *id = req_printf(q, "%lld", (long long)o->v[i].id);
        bool on = text && strcmp(id, text) == 0;
        found = found || on;
        html_option(b, id, o->v[i].title, on);
    }
    if (!found)
        html_option(b, text, text, 1);
    html_raw(b, "</select>");
}

static void input_of(struct req *q, const struct field *f, const char *name, const char *text)
{
    switch (f->type) {
    case TYPE_LONGTEXT:
        html_raw(&q->out, "<textarea rows=4");
        id_name(q, name);
        html_raw(&q->out, ">\n");
        html_text(&q->out, text);
        html_raw(&q->out, "</textarea>");
        return;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        choice_input(q, f, name, text);
        return;
    case TYPE_FLAG:
        flag_input(q, f, name, text);
        return;
    case TYPE_UNIT:
    case TYPE_GRID:
        node_input(q, f, name, text);
        return;
    case TYPE_REF:
        ref_input(q, f, name, text);
        return;
    case TYPE_FILE:
        input(q, f, name, "file", NULL, NULL);
        return;
    case TYPE_INT:
        input(q, f, name, "text", "numeric", text);
        return;
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        input(q, f, name, "text", "decimal", text);
        return;
    case TYPE_PHONE:
        input(q, f, name, "tel", "tel", text);
        return;
    case TYPE_INSTANT:
        input(q, f, name, "datetime-local", NULL, text);
        return;
    default:
        input(q, f, name, f->type == TYPE_DATE ? "date" : f->type == TYPE_MONTH ? "month" : "text", NULL, text);
    }
}

void form_field(struct req *q, const struct field *f, struct value v, int64_t unit, const char *name, bool must,
                const struct field_errors *errors)
{
    struct buf *b = &q->out;
    const char *mask = masked(q, f, v, unit);
    const struct field_error *bad = error_of(errors, name);
    bool group = f->type == TYPE_FLAG || f->type == TYPE_CHOICES ||
                 (f->type == TYPE_CHOICE && f->nchoices <= CHOICES_AS_BUTTONS);
    html_raw(b, group ? "<fieldset class=\"field" : "<div class=\"field");
    html_raw(b, bad ? " bad\">" : "\">");
    html_raw(b, group ? "<legend>" : "<label class=name");
    if (!group) {
        html_set(b, "for", req_printf(q, "f.%s", name));
        html_raw(b, ">");
    }
    page_label(q, &f->label);
    if (f->suffix) {
        html_raw(b, "（");
        page_text(q, f->suffix);
        html_raw(b, "）");
    }
    if (must) {
        html_raw(b, "<span class=must>");
        page_text(q, "必填");
        html_raw(b, "</span>");
    }
    html_raw(b, group ? "</legend>" : "</label>");
    if (bad) {
        html_raw(b, "<p class=wrong>");
        page_text(q, bad->msg);
        html_raw(b, "</p>");
    }
    input_of(q, f, name, form_text(q, f, v, mask, name));
    masked_note(q, mask);
    if (f->help.t[LANG_HANS]) {
        html_raw(b, "<p class=help>");
        page_label(q, &f->help);
        html_raw(b, "</p>");
    }
    html_raw(b, group ? "</fieldset>" : "</div>");
}

static void child_cell(struct req *q, const struct field *f, struct value v, int64_t unit, const char *name,
                       const struct field_errors *errors)
{
    struct buf *b = &q->out;
    const char *mask = masked(q, f, v, unit);
    const struct field_error *bad = error_of(errors, name);
    html_raw(b, "<td");
    html_set(b, "data-label", label_in(&f->label, q->lang));
    html_raw(b, ">");
    html_raw(b, "<label class=hide");
    html_set(b, "for", req_printf(q, "f.%s", name));
    html_raw(b, ">");
    page_label(q, &f->label);
    html_raw(b, "</label>");
    input_of(q, f, name, form_text(q, f, v, mask, name));
    masked_note(q, mask);
    if (bad) {
        html_raw(b, "<p class=wrong>");
        page_text(q, bad->msg);
        html_raw(b, "</p>");
    }
    html_raw(b, "</td>");
}

/* How many rows the sent form holds of a child table. */
static size_t rows_sent(const struct req *q, const char *child)
{
    size_t n = 0, len = strlen(child);
    for (size_t i = 0; i < q->form.n; i++) {
        const char *name = q->form.v[i].name;
        if (strncmp(name, child, len) != 0 || name[len] != '.')
            continue;
        size_t row = 0;
        for (const char *p = name + len + 1; *p >= '0' && *p <= '9'; p++)
            row = row * 10 + (size_t)(*p - '0');
        if (row > n && row <= FORM_ROWS_MAX)
            n = row;
    }
    return n;
}

/* The row that stands at this place of the form: in one that was sent, the row whose id it names. */
static const struct child_row *row_shown(struct req *q, const struct reg *c, const struct child_rows *rows,
                                         size_t i, bool again)
{
    const char *said = again ? req_form(q, req_printf(q, "%s.%zu.id", c->name, i + 1)) : NULL;
    if (!said)
        return i < rows->n ? &rows->rows[i] : NULL;
    for (size_t k = 0; k < rows->n; k++)
        if (rows->rows[k].id && strcmp(said, req_printf(q, "%lld", (long long)rows->rows[k].id)) == 0)
            return &rows->rows[k];
    return NULL;
}

static void row_id(struct req *q, const struct reg *c, const struct child_row *row, size_t i)
{
    html_hidden(&q->out, req_printf(q, "%s.%zu.id", c->name, i + 1),
                req_printf(q, "%lld", row ? (long long)row->id : 0LL));
}

void form_children(struct req *q, const struct record *r, size_t child, const struct field_errors *errors)
{
    struct buf *b = &q->out;
    const struct reg *c = &r->reg->children[child];
    const struct child_rows *rows = &r->children[child];
    size_t sent = rows_sent(q, c->name);
    const char *rows_more = req_form(q, "_rows");
    size_t n = sent ? sent + (rows_more && strcmp(rows_more, "more") == 0) : rows->n + EMPTY_ROWS;
    html_raw(b, "<fieldset class=field><legend>");
    page_label(q, &c->label);
    html_raw(b, "</legend><table class=rows><thead><tr>");
    for (size_t k = 0; k < c->nfields; k++)
        if (!c->fields[k].hidden && !c->fields[k].computed)
            html_elem(b, "th scope=col", label_in(&c->fields[k].label, q->lang));
    html_raw(b, "</tr></thead><tbody");
    html_set(b, "id", req_printf(q, "rows.%s", c->name));
    html_raw(b, ">");
    for (size_t i = 0; i < n; i++) {
        const struct child_row *row = row_shown(q, c, rows, i, sent > 0);
        html_raw(b, "<tr>");
        for (size_t k = 0; k < c->nfields; k++) {
            const struct field *f = &c->fields[k];
            if (f->hidden || f->computed)
                continue;
            struct value v = row ? row->values[k] : value_null();
            child_cell(q, f, v, r->unit, req_printf(q, "%s.%zu.%s", c->name, i + 1, f->name), errors);
        }
        html_raw(b, "<td class=hide>");
        row_id(q, c, row, i);
        html_raw(b, "</td>");
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table><button name=_rows value=more");
    html_set(b, "data-rows", req_printf(q, "rows.%s", c->name));
    html_raw(b, ">");
    page_text(q, "再加一行");
    html_raw(b, "</button></fieldset>");
}
