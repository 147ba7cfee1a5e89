/* SPDX-License-Identifier: Apache-2.0 */
/* form.c: fields with their labels, and child tables. */
#include <string.h>

#include "base/date.h"
#include "web/form_inner.h"
#include "web/page.h"

#define EMPTY_ROWS 3

bool form_masks(const struct req *q, const struct field *f, struct value v, const struct record *r)
{
    return v.kind != VALUE_NULL &&
           (f->cls == CLASS_PROTECTED || (r->id && !actor_sees_in(&q->view, q->actor, f, r)));
}

/* The masked value, shown beneath the empty input. */
static const char *masked(struct req *q, const struct field *f, struct value v, const struct record *r)
{
    if (!form_masks(q, f, v, r))
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
    if (f->type == TYPE_INSTANT)
        return arena_str(q->a, instant_local(v.i, t));
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

/* What is wrong, where the input's aria-describedby points. */
static void wrong(struct req *q, const char *name, const struct field_error *bad)
{
    if (!bad)
        return;
    html_raw(&q->out, "<p class=wrong");
    html_set(&q->out, "id", req_printf(q, "e.%s", name));
    html_raw(&q->out, ">");
    page_text(q, bad->msg);
    html_raw(&q->out, "</p>");
}

/* Where references of a record of this unit look; a new one's: where this person works. */
static int64_t home_of(struct req *q, int64_t unit)
{
    const struct node *n = unit ? tree_find(q->view.units, unit) : page_unit(q);
    return n ? n->home : 0;
}

/* <div class=field> or <fieldset>, with the label and what is wrong; true: a group. */
static bool field_begin(struct req *q, const struct field *f, const char *name, bool must,
                        const struct field_error *bad)
{
    struct buf *b = &q->out;
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
    wrong(q, name, bad);
    return group;
}

/* A number that is typed only where there are no rows to count. */
static void counted_note(struct req *q, const struct field *f)
{
    if (!f->counted)
        return;
    html_raw(&q->out, "<p class=help>");
    page_text(q, req_printf(q, "“%s”里填了名单的，按名单计算，这里填的数不作数。",
                            label_in(&f->counted->label, LANG_HANS)));
    html_raw(&q->out, "</p>");
}

static void field_end(struct req *q, const struct field *f, bool group)
{
    struct buf *b = &q->out;
    counted_note(q, f);
    if (f->help.t[LANG_HANS]) {
        html_raw(b, "<p class=help>");
        page_label(q, &f->help);
        html_raw(b, "</p>");
    }
    html_raw(b, group ? "</fieldset>" : "</div>");
}

void form_field(struct req *q, const struct field *f, struct value v, const struct record *r, const char *name,
                bool must, const struct field_errors *errors)
{
    const char *mask = masked(q, f, v, r);
    const struct field_error *bad = error_of(errors, name);
    bool group = field_begin(q, f, name, must, bad);
    form_input(&(struct ask){q, f, name, form_text(q, f, v, mask, name), bad != NULL, home_of(q, r->unit)});
    masked_note(q, mask);
    field_end(q, f, group);
}

void form_file_field(struct req *q, const struct field *f, bool must, const struct form_files *files,
                     const struct field_errors *errors)
{
    const struct field_error *bad = error_of(errors, f->name);
    field_begin(q, f, f->name, must, bad);
    form_file(&(struct ask){.q = q, .f = f, .name = f->name, .bad = bad != NULL}, files);
    field_end(q, f, false);
}

static void child_cell(struct req *q, const struct field *f, struct value v, const struct record *r,
                       const char *name, const struct field_errors *errors)
{
    struct buf *b = &q->out;
    const char *mask = masked(q, f, v, r);
    const struct field_error *bad = error_of(errors, name);
    html_raw(b, "<td");
    html_set(b, "data-label", label_in(&f->label, q->lang));
    html_raw(b, ">");
    html_raw(b, "<label class=hide");
    html_set(b, "for", req_printf(q, "f.%s", name));
    html_raw(b, ">");
    page_label(q, &f->label);
    html_raw(b, "</label>");
    form_input(&(struct ask){q, f, name, form_text(q, f, v, mask, name), bad != NULL, home_of(q, r->unit)});
    masked_note(q, mask);
    wrong(q, name, bad);
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

/* One press brings the people of the roster. */
static void bring_button(struct req *q, const struct reg *c)
{
    struct buf *b = &q->out;
    const struct reg *roster = c->from.into ? schema_reg(q->view.schema, c->from.into) : NULL;
    if (!roster)
        return;
    html_raw(b, "<p><button name=_bring");
    html_set(b, "value", c->name);
    html_set(b, "formaction", req_printf(q, "#rows.%s", c->name)); /* the page comes back where one was */
    html_raw(b, ">");
    page_text(q, req_printf(q, "从“%s”带入", label_in(&roster->label, LANG_HANS)));
    html_raw(b, "</button></p><p class=help>");
    page_text(q, "按所选组织和日期带入应当到场的人，再改没有到的人，写上原因。");
    html_raw(b, "</p>");
}

/* A number that the rows of a child table say. */
static void counted_field(struct req *q, const struct field *f, struct value v)
{
    struct buf *b = &q->out;
    html_raw(b, "<div class=field><span class=name");
    html_set(b, "id", req_printf(q, "f.%s", f->name));
    html_raw(b, ">");
    page_label(q, &f->label);
    html_raw(b, "</span><p>");
    if (v.kind != VALUE_NULL)
        html_text(b, type_show(q->a, f, v, q->lang));
    html_raw(b, " <span class=quiet>");
    page_text(q, req_printf(q, "按“%s”的名单计算", label_in(&f->counted->label, LANG_HANS)));
    html_raw(b, "</span></p></div>");
}

bool form_counted(struct req *q, const struct record *r, const struct field *f)
{
    if (!f->counted || r->children[f->counted - r->reg->children].n == 0)
        return false;
    counted_field(q, f, r->values[f->index]);
    return true;
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
    html_raw(b, "</legend>");
    bring_button(q, c);
    html_raw(b, "<table class=rows><thead><tr>");
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
            child_cell(q, f, v, r, req_printf(q, "%s.%zu.%s", c->name, i + 1, f->name), errors);
        }
        html_raw(b, "<td class=hide>");
        row_id(q, c, row, i);
        html_raw(b, "</td>");
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table><button name=_rows value=more");
    html_set(b, "data-rows", req_printf(q, "rows.%s", c->name));
    html_set(b, "formaction", req_printf(q, "#rows.%s", c->name));
    html_raw(b, ">");
    page_text(q, "再加一行");
    html_raw(b, "</button></fieldset>");
}
