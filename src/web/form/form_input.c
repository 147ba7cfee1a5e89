/* SPDX-License-Identifier: Apache-2.0 */
/* form_input.c: one field as an input, by its type. */
#include <string.h>

#include "base/date.h"
#include "web/form_inner.h"
#include "web/page.h"
#include "web/task.h"

void form_names(const struct ask *k, const char *also)
{
    struct buf *b = &k->q->out;
    html_set(b, "id", req_printf(k->q, "f.%s", k->name));
    html_set(b, "name", k->name);
    if (k->bad)
        html_raw(b, " aria-invalid=true");
    if (k->bad && also)
        html_set(b, "aria-describedby", req_printf(k->q, "e.%s %s", k->name, also));
    else if (k->bad || also)
        html_set(b, "aria-describedby", also ? also : req_printf(k->q, "e.%s", k->name));
}

/* --- who a record is with */

/* Is it the field that says whom a record is with? */
static const struct reg *assigns(const struct ask *k)
{
    const char *in = req_arg(k->q, "register");
    const struct reg *r = in ? schema_reg(k->q->view.schema, in) : NULL;
    return r && r->assigned && strcmp(r->assigned, k->name) == 0 && reg_field(r, k->name) == k->f ? r : NULL;
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

/* --- one line */

static void line(const struct ask *k, const char *type, const char *mode)
{
    struct buf *b = &k->q->out;
    const struct reg *with = assigns(k);
    const char *list = with ? req_printf(k->q, "who.%s", k->name) : NULL;
    html_raw(b, "<input");
    html_set(b, "type", type);
    form_names(k, NULL);
    html_set(b, "value", k->text);
    html_set(b, "inputmode", mode);
    html_set(b, "list", list);
    if (k->f->max_len && type_is_text(k->f->type))
        html_set_int(b, "maxlength", (int64_t)k->f->max_len);
    if (k->f->cls >= CLASS_PERSONAL)
        html_raw(b, " data-personal autocomplete=off");
    html_raw(b, ">");
    if (with)
        who_list(k->q, with, list);
}

static void line_text(const struct ask *k)
{
    line(k, "text", NULL);
}
static void line_int(const struct ask *k)
{
    line(k, "text", "numeric");
}
static void line_decimal(const struct ask *k)
{
    line(k, "text", "decimal");
}
static void line_phone(const struct ask *k)
{
    line(k, "tel", "tel");
}

static void lines(const struct ask *k)
{
    html_raw(&k->q->out, "<textarea rows=4");
    form_names(k, NULL);
    html_raw(&k->q->out, ">\n");
    html_text(&k->q->out, k->text);
    html_raw(&k->q->out, "</textarea>");
}

/* --- days, months, minutes: typed as people write them; beneath stands the day that was understood */

static void when(const struct ask *k)
{
    static const struct {
        const char *word, *like;
    } as[TYPE__MAX] = {[TYPE_DATE] = {"date", "如 3.5、3月5日、昨天"},
                       [TYPE_MONTH] = {"month", "如 2026.3、3月、上月"},
                       [TYPE_INSTANT] = {"instant", "如 3.5 上午9点、今天 14:30"}};
    struct buf *b = &k->q->out;
    const char *beneath = req_printf(k->q, "d.%s", k->name);
    html_raw(b, "<div class=when><input type=text");
    form_names(k, beneath);
    html_set(b, "value", k->text);
    html_set(b, "data-when", as[k->f->type].word);
    html_set(b, "placeholder", req_tr(k->q, as[k->f->type].like));
    if (k->f->cls >= CLASS_PERSONAL)
        html_raw(b, " data-personal");
    html_raw(b, " autocomplete=off></div><p class=help role=status");
    html_set(b, "id", beneath);
    html_raw(b, ">");
    html_text(b, k->bad ? NULL : form_understood(k->q, k->f, k->text));
    html_raw(b, "</p>");
}

/* --- choices */

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

static void button(const struct ask *k, const char *type, const char *value, bool on)
{
    struct buf *b = &k->q->out;
    html_raw(b, "<label><input");
    html_set(b, "type", type);
    html_set(b, "name", k->name);
    html_set(b, "value", value);
    if (k->bad)
        html_set(b, "aria-describedby", req_printf(k->q, "e.%s", k->name));
    html_flag(b, "checked", on);
    html_raw(b, "><span>");
}

static void buttons_begin(const struct ask *k)
{
    html_raw(&k->q->out, "<div class=choices");
    html_set(&k->q->out, "id", req_printf(k->q, "f.%s", k->name));
    html_raw(&k->q->out, ">");
}

static void choice(const struct ask *k)
{
    struct buf *b = &k->q->out;
    const struct field *f = k->f;
    if (f->type == TYPE_CHOICES || (f->nchoices <= CHOICES_AS_BUTTONS && !strchr(k->name, '.'))) {
        buttons_begin(k);
        for (size_t i = 0; i < f->nchoices; i++) {
            button(k, f->type == TYPE_CHOICES ? "checkbox" : "radio", f->choices[i].code,
                   chosen(f, k->text, f->choices[i].code));
            page_label(k->q, &f->choices[i].label);
            html_raw(b, "</span></label>");
        }
        html_raw(b, "</div>");
        return;
    }
    html_raw(b, "<select");
    form_names(k, NULL);
    html_raw(b, ">");
    html_option(b, "", req_tr(k->q, "请选择"), !k->text || !*k->text);
    for (size_t i = 0; i < f->nchoices; i++)
        html_option(b, f->choices[i].code, label_in(&f->choices[i].label, k->q->lang),
                    chosen(f, k->text, f->choices[i].code));
    html_raw(b, "</select>");
}

static void flag(const struct ask *k)
{
    static const char *const words[][2] = {{"1", "是"}, {"0", "否"}};
    buttons_begin(k);
    for (size_t i = 0; i < 2; i++) {
        const char *other = i ? "false" : "true";
        button(k, "radio", words[i][0],
               k->text && (strcmp(k->text, words[i][0]) == 0 || strcmp(k->text, other) == 0));
        page_text(k->q, words[i][1]);
        html_raw(&k->q->out, "</span></label>");
    }
    html_raw(&k->q->out, "</div>");
}

/* Units and grids of the place this person works for, and those above it. */
static void node(const struct ask *k)
{
    struct req *q = k->q;
    const struct field *f = k->f;
    const struct tree *t = f->type == TYPE_UNIT ? q->view.units : q->view.grids;
    const struct node *here = page_unit(q);
    html_raw(&q->out, "<select");
    form_names(k, NULL);
    html_raw(&q->out, ">");
    html_option(&q->out, "", req_tr(q, "请选择"), !k->text || !*k->text);
    for (size_t i = 0; i < t->n; i++) {
        const struct node *n = &t->nodes[i];
        const char *id = req_printf(q, "%lld", (long long)n->id);
        bool on = k->text && (strcmp(k->text, id) == 0 || strcmp(k->text, n->code) == 0);
        const struct node *owner = f->type == TYPE_UNIT ? n : tree_find(q->view.units, n->home);
        bool offered = !f->kind || strcmp(f->kind, n->kind) == 0;
        if (!on && (!offered || (here && owner && !tree_within(owner, here) && !tree_within(here, owner))))
            continue;
        html_option(&q->out, id,
                    req_printf(q, "%s%s", n->depth > 0 && f->type == TYPE_GRID ? "\u3000" : "", n->name), on);
    }
    html_raw(&q->out, "</select>");
}

void form_input(const struct ask *k)
{
    static void (*const inputs[TYPE__MAX])(const struct ask *) = {
        [TYPE_LONGTEXT] = lines,     [TYPE_CHOICE] = choice,    [TYPE_CHOICES] = choice,
        [TYPE_FLAG] = flag,          [TYPE_UNIT] = node,        [TYPE_GRID] = node,
        [TYPE_REF] = form_reference, [TYPE_INT] = line_int,     [TYPE_DECIMAL] = line_decimal,
        [TYPE_MONEY] = line_decimal, [TYPE_PHONE] = line_phone, [TYPE_DATE] = when,
        [TYPE_MONTH] = when,         [TYPE_INSTANT] = when};
    if (inputs[k->f->type])
        inputs[k->f->type](k);
    else
        line_text(k);
}
