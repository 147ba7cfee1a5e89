/* SPDX-License-Identifier: Apache-2.0 */
/* editing_page.c: the page with a record's form: its sections, or what a move asks for. */
#include <string.h>

#include "web/editing.h"
#include "web/page.h"

static bool in_form(const struct field *f)
{
    return !f->hidden && !f->computed && f->type != TYPE_FILE;
}

static void section_item(struct req *q, struct editing *ed, const char *name)
{
    const struct field *f = reg_field(ed->reg, name);
    if (f && f->type == TYPE_FILE && !f->hidden) {
        form_file_field(q, f, f->required && record_get(ed->r, name).kind == VALUE_NULL, &ed->files, &ed->errors);
        return;
    }
    if (f && in_form(f) && form_counted(q, ed->r, f))
        return;
    if (f && in_form(f)) {
        form_field(q, f, record_get(ed->r, name), ed->r, name, f->required, &ed->errors);
        return;
    }
    for (size_t c = 0; !f && c < ed->reg->nchildren; c++)
        if (strcmp(ed->reg->children[c].name, name) == 0)
            form_children(q, ed->r, c, &ed->errors);
}

/* Is the field filled in on the way, by a move? */
static bool asked_later(const struct reg *r, const char *name)
{
    for (size_t i = 0; i < r->nmoves; i++)
        for (const char **f = r->moves[i].asks; f && *f; f++)
            if (strcmp(*f, name) == 0)
                return true;
    return false;
}

/* Does a section of the form have to be seen at once? A new record folds what comes later, by moves; what must be
 * filled in and what is wrong is always shown. */
static bool section_open(const struct req *q, const struct editing *ed, size_t s)
{
    bool later = false;
    if (ed->id || s == 0 || q->method == METHOD_POST) /* somebody is in the middle of it */
        return true;
    for (const char **name = ed->reg->sections[s].f; name && *name; name++) {
        const struct field *f = reg_field(ed->reg, *name);
        if (f && in_form(f) && f->required)
            return true;
        for (size_t i = 0; i < ed->errors.n; i++)
            if (strncmp(ed->errors.v[i].field, *name, strlen(*name)) == 0)
                return true;
        later = later || asked_later(ed->reg, *name);
    }
    return !later;
}

static void sections(struct req *q, struct editing *ed)
{
    for (size_t s = 0; s < ed->reg->nsections; s++) {
        bool open = section_open(q, ed, s);
        html_raw(&q->out, open ? "<h2>" : "<details class=more><summary>");
        page_label(q, &ed->reg->sections[s].label);
        html_raw(&q->out, open ? "</h2>" : "</summary>");
        for (const char **f = ed->reg->sections[s].f; f && *f; f++)
            section_item(q, ed, *f);
        html_raw(&q->out, open ? "" : "</details>");
    }
    if (ed->reg->nsections)
        return;
    for (size_t i = 0; i < ed->reg->nfields; i++)
        section_item(q, ed, ed->reg->fields[i].name);
    for (size_t c = 0; c < ed->reg->nchildren; c++)
        form_children(q, ed->r, c, &ed->errors);
}

static void move_fields(struct req *q, struct editing *ed)
{
    for (const char **f = ed->move->asks; f && *f; f++) {
        const struct field *field = reg_field(ed->reg, *f);
        bool must = field && field->required;
        for (const char **m = ed->move->requires; m && *m; m++)
            must = must || strcmp(*m, *f) == 0;
        if (field && in_form(field))
            form_field(q, field, record_get(ed->r, *f), ed->r, *f, must, &ed->errors);
    }
}

/* Where the form goes: one with files to a way that takes them. */
static const char *action_of(struct req *q, const struct editing *ed, const char *self)
{
    if (ed->move)
        return req_printf(q, "%s/move/%s", self, ed->move->name);
    if (form_has_files(ed->reg))
        return req_printf(q, "%s/%s", self, ed->id ? "edit" : "new");
    return self;
}

int editing_page(struct req *q, struct editing *ed, const struct err *said)
{
    struct buf *b = &q->out;
    const char *label = label_in(&ed->reg->label, q->lang);
    const char *self = ed->id ? req_printf(q, "/r/%s/%lld", ed->reg->name, (long long)ed->id)
                              : req_printf(q, "/r/%s", ed->reg->name);
    const char *title = ed->move
                            ? req_printf(q, "%s：%s", label_in(&ed->move->label, q->lang), page_title(q, ed->r))
                        : ed->id ? req_printf(q, "%s：%s", req_tr(q, "修改"), page_title(q, ed->r))
                                 : req_printf(q, "%s：%s", req_tr(q, "记一笔"), label);
    page_begin(q, &(struct page){.title = title,
                                 .place = PLACE_REGISTERS,
                                 .cls = "form",
                                 .up = self,
                                 .up_text = ed->id ? page_title(q, ed->r) : label});
    page_errors(q, &ed->errors, said);
    editing_conflict(q, ed);
    editing_twin(q, ed);
    if (ed->brought) {
        html_raw(b, "<p class=said role=status>");
        page_text(q, ed->brought);
        html_raw(b, "</p>");
    }
    html_raw(b, "<form method=post data-draft");
    html_flag(b, "data-again", q->method == METHOD_POST);
    html_set(b, "action", action_of(q, ed, self));
    if (!ed->move && form_has_files(ed->reg))
        html_raw(b, " enctype=\"multipart/form-data\"");
    html_raw(b, ">");
    page_form_keys(q);
    /* Enter in a field presses the first button of a form: this one saves, not 查找 or 再加一行. */
    html_raw(b, "<button class=hide tabindex=-1 aria-hidden=true>");
    page_text(q, "保存");
    html_raw(b, "</button>");
    if (ed->id)
        html_hidden(b, "_version", req_printf(q, "%d", ed->theirs ? ed->theirs->version : ed->version));
    if (ed->move)
        move_fields(q, ed);
    else
        sections(q, ed);
    html_raw(b, ed->twin ? "<div class=acts><button class=main name=_alike value=save>"
                         : "<div class=acts><button class=main>");
    page_text(q, ed->move ? ed->move->label.t[LANG_HANS] : ed->twin ? "仍要保存" : "保存");
    html_raw(b, "</button>");
    if (ed->twin)
        html_link(b, req_printf(q, "/r/%s/%lld", ed->reg->name, (long long)ed->twin->id), req_tr(q, "打开那条"));
    html_link(b, self, req_tr(q, "取消"));
    html_raw(b, "</div></form>");
    page_end(q);
    return 0;
}
