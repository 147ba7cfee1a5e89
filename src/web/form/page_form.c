/* SPDX-License-Identifier: Apache-2.0 */
/* page_form.c: a new record, an edited one, a move that asks for something: three forms, one way to save. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/alike.h"
#include "model/expr.h"
#include "model/flow.h"
#include "model/roster.h"
#include "web/form.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"
#include "web/session.h"
#include "web/task.h"

/* One sent form on its way into the database. */
struct editing {
    const struct reg *reg;
    const struct move *move; /* a move's form, or NULL */
    struct record *r;
    struct field_errors errors;
    int64_t id;                  /* 0: new */
    int version;                 /* the one the form was based on */
    const struct record *theirs; /* somebody was faster: what stands now */
    struct record *twin;         /* a new one: what it resembles */
    struct form_files files;     /* chosen in the form */
    const char *brought;         /* what came from a roster, in words */
};

static struct editing *editing_new(struct req *q, const struct reg *reg)
{
    struct editing *ed = arena_alloc(q->a, sizeof *ed);
    ed->reg = reg;
    ed->errors.a = q->a;
    return ed;
}

/* --- the form */

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
        form_field(q, f, record_get(ed->r, name), ed->r->unit, name, f->required, &ed->errors);
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

static const struct child_row *row_with(const struct child_rows *rows, int64_t id)
{
    for (size_t i = 0; id && i < rows->n; i++)
        if (rows->rows[i].id == id)
            return &rows->rows[i];
    return NULL;
}

/* One row of a child table in a cell, as 甲、调解员; nothing where there is none. */
static void row_cell(struct req *q, const struct reg *c, const struct child_row *row, int64_t unit)
{
    bool any = false;
    html_raw(&q->out, "<td>");
    for (size_t k = 0; row && k < c->nfields; k++) {
        if (row->values[k].kind == VALUE_NULL)
            continue;
        html_raw(&q->out, any ? "、" : "");
        page_value(q, &c->fields[k], row->values[k], unit, NULL);
        any = true;
    }
    html_raw(&q->out, "</td>");
}

static void conflict_row(struct req *q, const struct editing *ed, const struct reg *c,
                         const struct child_row *theirs, const struct child_row *yours)
{
    bool same = theirs && yours;
    for (size_t k = 0; same && k < c->nfields; k++)
        same = c->fields[k].computed || value_equal(theirs->values[k], yours->values[k]);
    if (same)
        return;
    html_raw(&q->out, "<tr>");
    html_elem(&q->out, "th scope=row", label_in(&c->label, q->lang));
    row_cell(q, c, theirs, ed->theirs->unit);
    row_cell(q, c, yours, ed->r->unit);
    html_raw(&q->out, "</tr>");
}

/* Rows that the other one added stay; the table says that they are there. */
static void conflict_rows(struct req *q, const struct editing *ed, size_t child)
{
    const struct reg *c = &ed->reg->children[child];
    const struct child_rows *theirs = &ed->theirs->children[child], *yours = &ed->r->children[child];
    for (size_t i = 0; i < theirs->n; i++)
        conflict_row(q, ed, c, &theirs->rows[i], row_with(yours, theirs->rows[i].id));
    for (size_t i = 0; i < yours->n; i++)
        if (!row_with(theirs, yours->rows[i].id))
            conflict_row(q, ed, c, NULL, &yours->rows[i]);
}

/* A stale edit: both values side by side, so that nothing is lost (design §5.3). */
static void conflict(struct req *q, const struct editing *ed)
{
    struct buf *b = &q->out;
    if (!ed->theirs)
        return;
    if (ed->move) { /* somebody has moved it on */
        html_raw(b, "<div class=errors role=alert><strong>");
        page_text(q, "您打开之后，别人已经办过一步，现在是：");
        page_state(q, ed->reg, ed->theirs->state);
        html_raw(b, "</strong> ");
        html_link(b, req_printf(q, "/r/%s/%lld", ed->reg->name, (long long)ed->id), req_tr(q, "回到这一条看看"));
        html_raw(b, "</div>");
        return;
    }
    html_raw(b, "<div class=errors role=alert><strong>");
    page_text(q, "您打开之后，别人改过这一条。下面是两边不同的地方；核对后再保存，将以您填写的为准。");
    html_raw(b, "</strong><table class=\"list plain\"><thead><tr>");
    html_elem(b, "th scope=col", req_tr(q, "栏目"));
    html_elem(b, "th scope=col", req_tr(q, "现在是"));
    html_elem(b, "th scope=col", req_tr(q, "您填写的"));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < ed->reg->nfields; i++) {
        const struct field *f = &ed->reg->fields[i];
        if (value_equal(ed->theirs->values[i], ed->r->values[i]))
            continue;
        html_raw(b, "<tr>");
        html_elem(b, "th scope=row", label_in(&f->label, q->lang));
        html_raw(b, "<td>");
        page_value(q, f, ed->theirs->values[i], ed->theirs->unit, NULL);
        html_raw(b, "</td><td>");
        page_value(q, f, ed->r->values[i], ed->r->unit, NULL);
        html_raw(b, "</td></tr>");
    }
    for (size_t c = 0; c < ed->reg->nchildren; c++)
        conflict_rows(q, ed, c);
    html_raw(b, "</tbody></table></div>");
}

/* 仍要保存 / 打开那条 */
static void twin_note(struct req *q, const struct editing *ed)
{
    struct buf *b = &q->out;
    char day[32];
    if (!ed->twin)
        return;
    const struct record *t = ed->twin;
    html_raw(b, "<div class=errors role=alert><strong>");
    page_text(q, "已经有一条相似的记录，可能是同一件事：");
    html_raw(b, "</strong><p><a target=_blank rel=noopener");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", t->reg->name, (long long)t->id));
    html_raw(b, ">");
    html_text(b, page_title(q, t));
    html_raw(b, "</a> ");
    html_text(b, day_cn(t->happened, day));
    html_raw(b, " ");
    page_state(q, t->reg, t->state);
    html_raw(b, "</p><p>");
    page_text(
        q, "先打开看看。是同一件事，就在那一条上补充；不是，再按下面的“仍要保存”。您填写的内容都还在，没有保存。");
    html_raw(b, "</p></div>");
}

static void move_fields(struct req *q, struct editing *ed)
{
    for (const char **f = ed->move->asks; f && *f; f++) {
        const struct field *field = reg_field(ed->reg, *f);
        bool must = field && field->required;
        for (const char **m = ed->move->requires; m && *m; m++)
            must = must || strcmp(*m, *f) == 0;
        if (field && in_form(field))
            form_field(q, field, record_get(ed->r, *f), ed->r->unit, *f, must, &ed->errors);
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

static int form_page(struct req *q, struct editing *ed, const struct err *said)
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
    conflict(q, ed);
    twin_note(q, ed);
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

/* --- new */

static void initial_values(struct req *q, struct record *r)
{
    const struct node *here = page_unit(q);
    struct scope sc = {.reg = r->reg,
                       .values = r->values,
                       .state = r->state,
                       .happened = DAY_NONE,
                       .today = today(),
                       .entered = now_ms(),
                       .working_day = q->site->working_day,
                       .working_arg = q->site->working_arg};
    if (!r->reg->site_wide && here) {
        r->unit = here->id;
        r->home = here->home;
    }
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];
        if (f->initial)
            r->values[i] = expr_eval(q->a, f->initial, &sc);
        if (r->reg->unit_field && strcmp(f->name, r->reg->unit_field) == 0 && here &&
            (!f->kind || strcmp(f->kind, here->kind) == 0))
            r->values[i] = value_int(here->id);
        if (f->type == TYPE_PERSON && f->cls == CLASS_INTERNAL && f->required && q->login)
            r->values[i] = value_text(task_name(q->login->name));
    }
}

int page_new(struct req *q, struct err *e)
{
    const struct reg *reg = page_register(q, true, e);
    if (!reg)
        return -1;
    struct editing *ed = editing_new(q, reg);
    ed->r = record_new(q->a, reg);
    initial_values(q, ed->r);
    return form_page(q, ed, NULL);
}

/* --- save */

static struct save saving(struct req *q, struct editing *ed)
{
    return (struct save){.site = q->site, .view = &q->view, .actor = q->actor, .a = q->a, .errors = &ed->errors};
}

static int form_again(struct req *q, void *arg, struct err *e)
{
    struct editing *ed = arg;
    if (e->code == ERR_DENIED || e->code == ERR_MISSING || e->code == ERR_IO || e->code == ERR_BUSY)
        return -1;
    q->status = err_http(e->code == ERR_NONE ? ERR_INPUT : e->code);
    if (e->code == ERR_CONFLICT && ed->id && ed->errors.n == 0) {
        struct record *now;
        struct err no = {0};
        if (record_load(&now, q->a, q->db, ed->reg, ed->r->home, ed->id, &no) == 0 && now->version != ed->version)
            ed->theirs = now;
    }
    return form_page(q, ed, ed->theirs ? NULL : e);
}

static int save_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    enum saved what;
    if (form_files_bring(q, d, &ed->files, ed->r, e))
        return -1;
    int rc = ed->move ? flow_move_in(d, &s, ed->r, ed->move, e) : record_save_in(d, &s, ed->r, &what, e);
    if (rc || form_files_attach(d, &ed->files, ed->r, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s/%lld?saved=1", ed->reg->name, (long long)ed->r->id));
}

/* “再加一行”, “查找” without JavaScript: the same form with one more row, with what was found; nothing is saved. */
static bool goes_on(const struct req *q)
{
    return req_form(q, "_rows") || req_form(q, "_find");
}

/* A new record that resembles one that is there: it is shown, and whoever saves again means it. */
static int find_twin(struct req *q, struct editing *ed, struct err *e)
{
    struct save s = saving(q, ed);
    struct field_errors none = {.a = q->a};
    struct err no = {0};
    s.errors = &none;
    if (ed->id || ed->move || (ed->reg->nalikes == 0 && ed->files.n == 0))
        return 0;
    if (record_check(&s, ed->r, &no) || ed->reg->nalikes == 0 || req_form(q, "_alike"))
        return 0; /* its home is known now */
    if (record_alike(&ed->twin, q->a, q->db, store_key(q->site->store), &ed->r, 1, e))
        return -1;
    if (ed->twin && !alike_told(&q->view, q->actor, ed->twin))
        ed->twin = NULL;
    return 0;
}

/* Something could not be read: what else is wrong is told in the same answer. */
static void check_rest(struct req *q, struct editing *ed)
{
    struct field_errors rest = {.a = q->a};
    struct save s = saving(q, ed);
    struct err no = {0};
    s.errors = &rest;
    if (ed->move || record_check(&s, ed->r, &no) == 0)
        return;
    field_errors_join(&ed->errors, &rest);
}

/* The field that says whose people are to come, or when, is still empty. */
static const struct field *bring_lacks(const struct editing *ed)
{
    const char *const names[] = {ed->reg->unit_field, ed->reg->happened};
    for (size_t i = 0; i < 2; i++) {
        const struct field *f = names[i] ? reg_field(ed->reg, names[i]) : NULL;
        if (f && ed->r->values[f->index].kind == VALUE_NULL)
            return f;
    }
    return NULL;
}

/* “从名册带入”: the people of the roster become rows; nothing is saved. */
static int bring(struct req *q, struct editing *ed)
{
    const struct reg *child = reg_child(ed->reg, req_form(q, "_bring"));
    const struct field *lacks = bring_lacks(ed);
    struct field_errors rest = {.a = q->a};
    struct save s = saving(q, ed);
    struct err e = {0}, no = {0};
    size_t n = 0;
    s.errors = &rest;
    if (!child || ed->errors.n) {
        q->status = ed->errors.n ? 422 : 200;
        return form_page(q, ed, NULL);
    }
    if (lacks) {
        field_error_add(&ed->errors, lacks->name, REASON_REQUIRED, "先填“%s”，再从名册带入。",
                        label_in(&lacks->label, LANG_HANS));
        q->status = 422;
        return form_page(q, ed, NULL);
    }
    record_check(&s, ed->r, &no); /* finds its unit and day */
    if (record_roster(&n, q->db, &s, ed->r, child, &e)) {
        q->status = err_http(e.code);
        return form_page(q, ed, &e);
    }
    record_check(&s, ed->r, &no); /* counts the rows */
    form_children_anew(q, child);
    ed->brought = n ? req_printf(q, "带入 %zu 人。请把没有到的人改过来，写上原因，再保存。", n)
                    : "没有新的人可以带入。请核对所选的组织和日期。";
    return form_page(q, ed, NULL);
}

static int send(struct req *q, struct editing *ed, const char *const *only, struct err *e)
{
    int wrong = form_read(q, q->db, ed->r, only, &ed->errors);
    if (q->route->cls == HEAVY && form_files_read(&ed->files, q, ed->r, &ed->errors, e))
        return -1;
    wrong = wrong || ed->errors.n;
    if (req_form(q, "_bring"))
        return bring(q, ed);
    if (goes_on(q)) {
        ed->errors.n = 0;
        return form_page(q, ed, NULL);
    }
    if (wrong) {
        check_rest(q, ed);
        q->status = 422;
        return form_page(q, ed, NULL);
    }
    if (find_twin(q, ed, e))
        return -1;
    if (ed->twin && !req_sent_before(q)) { /* a retry is answered as it was, its own record is no twin */
        q->status = 409;
        return form_page(q, ed, NULL);
    }
    return req_write(q, save_in, form_again, ed);
}

int page_create(struct req *q, struct err *e)
{
    const struct reg *reg = page_register(q, true, e);
    const struct node *here = page_unit(q);
    if (!reg)
        return -1;
    struct editing *ed = editing_new(q, reg);
    ed->r = record_new(q->a, reg);
    if (!reg->site_wide && here) {
        ed->r->unit = here->id;
        ed->r->home = here->home;
    }
    return send(q, ed, NULL, e);
}

/* The record of the address, for writing, with the version the form was based on. */
static struct editing *existing(struct req *q, struct err *e)
{
    int64_t id;
    const struct reg *reg = page_register(q, false, e);
    if (!reg || req_arg_id(&id, q, "id", e))
        return NULL;
    struct editing *ed = editing_new(q, reg);
    if (record_find(&ed->r, q->a, q->db, &q->view, q->actor, reg, id, e))
        return NULL;
    ed->id = id;
    const char *v = req_form(q, "_version");
    ed->version = v ? atoi(v) : ed->r->version;
    return ed;
}

int page_edit(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_reg(&q->view, q->actor, ed->reg, true, ed->r->unit, e))
        return -1;
    return form_page(q, ed, NULL);
}

int page_save(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_reg(&q->view, q->actor, ed->reg, true, ed->r->unit, e))
        return -1;
    ed->r->version = ed->version;
    return send(q, ed, NULL, e);
}

static const struct move *move_of(struct req *q, struct editing *ed, struct err *e)
{
    const struct move *m = reg_move(ed->reg, req_arg(q, "move"));
    if (!m)
        err_set(e, ERR_MISSING, "没有这一步。");
    return m;
}

int page_move_form(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || !(ed->move = move_of(q, ed, e)) || actor_move(&q->view, q->actor, ed->reg, ed->move, ed->r->unit, e))
        return -1;
    return form_page(q, ed, NULL);
}

int page_move(struct req *q, struct err *e)
{
    static const char *const nothing[] = {NULL};
    struct editing *ed = existing(q, e);
    if (!ed || !(ed->move = move_of(q, ed, e)) || actor_move(&q->view, q->actor, ed->reg, ed->move, ed->r->unit, e))
        return -1;
    ed->r->version = ed->version;
    return send(q, ed, ed->move->asks ? (const char *const *)ed->move->asks : nothing, e);
}

/* --- withdraw, restore */

/* A button pressed on a page that is no longer true. */
static int same_version(const struct editing *ed, struct db *d, struct req *q, struct err *e)
{
    struct record *now;
    if (record_load(&now, q->a, d, ed->reg, ed->r->home, ed->id, e))
        return -1;
    if (now->version != ed->version)
        return err_set(
            e, ERR_CONFLICT,
            "您打开之后，别人改过这一条（您看到的是第 %d 版，现在是第 %d 版）。请刷新页面，看过新的内容再操作。",
            ed->version, now->version);
    return 0;
}

static int withdraw_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    if (same_version(ed, d, q, e) ||
        record_withdraw_in(d, &s, ed->reg, ed->r->home, ed->id, req_form(q, "reason"), e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s", ed->reg->name));
}

static int restore_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct editing *ed = arg;
    struct save s = saving(q, ed);
    if (same_version(ed, d, q, e) || record_restore_in(d, &s, ed->reg, ed->r->home, ed->id, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s/%lld?saved=1", ed->reg->name, (long long)ed->id));
}

static struct editing *seen(struct req *q, struct err *e)
{
    struct editing *ed = existing(q, e);
    if (!ed || actor_reg(&q->view, q->actor, ed->reg, true, ed->r->unit, e))
        return NULL;
    if (!req_form(q, "_version")) {
        err_set(e, ERR_INPUT, "这次提交没有说明看到的是第几版。请返回、刷新页面后重新提交。");
        return NULL;
    }
    return ed;
}

int page_withdraw(struct req *q, struct err *e)
{
    struct editing *ed = seen(q, e);
    const char *reason = req_form(q, "reason");
    if (!ed)
        return -1;
    if (!reason || !*reason)
        return err_field(e, "reason", "撤下一条记录要写明原因，例如“重复登记”。请返回填写。");
    return req_write(q, withdraw_in, NULL, ed);
}

int page_restore(struct req *q, struct err *e)
{
    struct editing *ed = seen(q, e);
    return ed ? req_write(q, restore_in, NULL, ed) : -1;
}
