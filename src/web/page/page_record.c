/* SPDX-License-Identifier: Apache-2.0 */
/* page_record.c: one record: what it is, what can be done now, what is known, its files, where it counts, its
 * history. */
#include <string.h>

#include "base/date.h"
#include "model/figure.h"
#include "model/flow.h"
#include "store/sys_clock.h"
#include "store/sys_file.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/page_record.h"
#include "web/pages.h"
#include "web/task.h"

static int title_line(struct req *q, const struct record *r, struct err *e)
{
    struct buf *b = &q->out;
    struct clock *clocks;
    size_t n;
    const struct state *s = r->state ? reg_state(r->reg, r->state) : NULL;
    html_raw(b, "<div class=head><h1>");
    html_text(b, page_title(q, r));
    html_raw(b, "</h1>");
    page_state(q, r->reg, r->state);
    if (clock_of_record(&clocks, &n, q->a, q->db, r->home, r->reg->name, r->id, e))
        return -1;
    for (size_t i = 0; i < n; i++)
        page_due(q, (int32_t)clocks[i].due, clocks[i].done != 0 || (s && s->final));
    if (r->late) {
        html_raw(b, "<span class=late>");
        page_text(q, "补录");
        html_raw(b, "</span>");
    }
    if (r->gone) {
        html_raw(b, "<span class=\"state bad\">");
        page_text(q, "已撤下");
        html_raw(b, "</span>");
    }
    html_raw(b, "</div>");
    return 0;
}

/* Does it ask for something that would not be filled in by itself? The day of today may be corrected afterwards. */
static bool asks_something(const struct move *m)
{
    for (const char **f = m->asks; f && *f; f++)
        if (!m->stamp || strcmp(*f, m->stamp) != 0)
            return true;
    return false;
}

/* A move that asks for nothing is one tap; one that asks opens its form. */
static void move_button(struct req *q, const struct record *r, const struct move_option *o)
{
    struct buf *b = &q->out;
    const char *at = req_printf(q, "/r/%s/%lld/move/%s", r->reg->name, (long long)r->id, o->move->name);
    const char *label = label_in(&o->move->label, q->lang);
    if (!o->allowed) {
        html_raw(b, "<span class=quiet>");
        html_text(b, label);
        html_raw(b, "：");
        page_text(q, o->why_not);
        html_raw(b, "</span>");
    } else if (asks_something(o->move)) {
        html_raw(b, o->move->main ? "<a class=\"button main\"" : "<a class=button");
        html_set(b, "href", at);
        html_raw(b, ">");
        html_text(b, label);
        html_raw(b, "</a>");
    } else {
        html_raw(b, "<form method=post");
        html_set(b, "action", at);
        html_raw(b, ">");
        page_form_keys(q);
        html_hidden(b, "_version", req_printf(q, "%d", r->version));
        html_raw(b, o->move->main ? "<button class=main>" : "<button>");
        html_text(b, label);
        html_raw(b, "</button></form>");
    }
}

static void moves(struct req *q, const struct record *r)
{
    struct buf *b = &q->out;
    struct save s = {.site = q->site, .view = &q->view, .actor = q->actor, .a = q->a};
    size_t n;
    struct err no = {0};
    struct move_option *options = flow_options(q->a, &s, r, &n);
    html_raw(b, "<div class=acts>");
    for (size_t i = 0; i < n && !r->gone; i++)
        move_button(q, r, &options[i]);
    if (!r->gone && actor_edit(&q->view, q->actor, r, &no) == 0) {
        html_raw(b, "<a class=button");
        html_set(b, "href", req_printf(q, "/r/%s/%lld/edit", r->reg->name, (long long)r->id));
        html_raw(b, ">");
        page_text(q, "修改");
        html_raw(b, "</a>");
    }
    html_raw(b, "</div>");
}

/* A name that no account bears reaches nobody: say so while the record is open. */
static void assigned_note(struct req *q, const struct record *r, struct value v)
{
    const struct state *s = r->state ? reg_state(r->reg, r->state) : NULL;
    struct task_who *who;
    size_t n;
    struct err no = {0};
    if (v.kind != VALUE_TEXT || (s && s->final) ||
        task_who(&who, &n, q, r->reg, tree_find(q->view.units, r->unit), &no))
        return;
    for (size_t i = 0; i < n; i++)
        if (account_named(who[i].name, v.s))
            return;
    html_raw(&q->out, " <span class=\"quiet small\">");
    page_text(q, "没有这个姓名的账号，不会出现在谁的任务里");
    html_raw(&q->out, "</span>");
}

/* Fields in the declared order; empty ones folded into one line. */
static void known(struct req *q, const struct record *r, const struct map *names)
{
    struct buf *b = &q->out;
    size_t empty = 0;
    html_raw(b, "<dl class=known>");
    for (size_t i = 0; i < r->reg->nfields; i++) {
        const struct field *f = &r->reg->fields[i];
        if (f->type == TYPE_FILE)
            continue;
        if (r->values[i].kind == VALUE_NULL) {
            empty += !f->hidden;
            continue;
        }
        html_elem(b, "dt", label_in(&f->label, q->lang));
        html_raw(b, "<dd>");
        page_of(q, f, r->values[i], r, names);
        if (r->reg->assigned && strcmp(r->reg->assigned, f->name) == 0)
            assigned_note(q, r, r->values[i]);
        html_raw(b, "</dd>");
    }
    html_raw(b, "</dl>");
    if (!empty)
        return;
    html_raw(b, "<details><summary>");
    html_text(b, req_printf(q, "%s（%zu）", req_tr(q, "未填写"), empty));
    html_raw(b, "</summary><p class=quiet>");
    for (size_t i = 0; i < r->reg->nfields; i++)
        if (r->values[i].kind == VALUE_NULL && !r->reg->fields[i].hidden && r->reg->fields[i].type != TYPE_FILE) {
            page_label(q, &r->reg->fields[i].label);
            html_raw(b, "\u3000");
        }
    html_raw(b, "</p></details>");
}

static void child_table(struct req *q, const struct record *r, size_t c, const struct map *names)
{
    struct buf *b = &q->out;
    const struct reg *child = &r->reg->children[c];
    const struct child_rows *rows = &r->children[c];
    if (rows->n == 0)
        return;
    html_raw(b, "<h2>");
    page_label(q, &child->label);
    html_text(b, req_printf(q, "（%zu）", rows->n));
    html_raw(b, "</h2><table class=list><thead><tr>");
    for (size_t k = 0; k < child->nfields; k++)
        html_elem(b, "th scope=col", label_in(&child->fields[k].label, q->lang));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < rows->n; i++) {
        html_raw(b, "<tr>");
        for (size_t k = 0; k < child->nfields; k++) {
            html_raw(b, "<td");
            html_set(b, "data-label", label_in(&child->fields[k].label, q->lang));
            html_raw(b, ">");
            page_of(q, &child->fields[k], rows->rows[i].values[k], r, names);
            html_raw(b, "</td>");
        }
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table>");
}

/* Titles of what the child rows refer to. */
static int child_titles(struct req *q, const struct record *r, struct map **names, struct err *e)
{
    struct title_of *v = NULL;
    size_t n = 0, cap = 0;
    for (size_t c = 0; c < r->reg->nchildren; c++)
        for (size_t k = 0; k < r->reg->children[c].nfields; k++) {
            const struct field *f = &r->reg->children[c].fields[k];
            const struct child_rows *rows = &r->children[c];
            for (size_t i = 0; f->type == TYPE_REF && i < rows->n; i++)
                if (rows->rows[i].values[k].kind == VALUE_INT)
                    VEC_PUSH(q->a, v, n, cap) = (struct title_of){f->ref, r->home, rows->rows[i].values[k].i};
        }
    return page_titles(names, q, v, n, false, e);
}

/* What a file is: one of the register's file fields, or something else. */
static void file_field(struct req *q, const struct reg *reg)
{
    struct buf *b = &q->out;
    bool any = false;
    for (size_t i = 0; i < reg->nfields; i++) {
        const struct field *f = &reg->fields[i];
        if (f->type != TYPE_FILE || f->hidden)
            continue;
        if (!any) {
            html_raw(b, "<select name=field");
            html_set(b, "aria-label", req_tr(q, "附件"));
            html_raw(b, ">");
        }
        any = true;
        html_option(b, f->name, label_in(&f->label, q->lang), false);
    }
    if (any) {
        html_option(b, "", req_tr(q, "其他"), false);
        html_raw(b, "</select>");
    }
}

/* Photos small, as the browser scales them; each opens the whole. */
static void thumbnail(struct req *q, const struct attachment *f)
{
    struct buf *b = &q->out;
    const char *at = req_printf(q, "/file/%lld/%lld", (long long)f->home, (long long)f->id);
    bool shown = false;
    const char *type = page_file_type(q, f->name, &shown);
    if (!type || !shown || strncmp(type, "image/", 6) != 0)
        return;
    html_raw(b, "<a class=thumb");
    html_set(b, "href", at);
    html_raw(b, "><img loading=lazy decoding=async width=160 height=120");
    html_set(b, "src", at);
    html_set(b, "alt", f->name);
    html_raw(b, "></a>");
}

static int files(struct req *q, const struct record *r, struct err *e)
{
    struct buf *b = &q->out;
    struct attachment *list;
    size_t n;
    struct err no = {0};
    if (attachment_list(&list, &n, q->a, q->db, r->home, r->reg->name, r->id, NULL, e))
        return -1;
    bool writes = !r->gone && actor_edit(&q->view, q->actor, r, &no) == 0;
    if (n == 0 && !writes)
        return 0;
    html_raw(b, "<h2>");
    page_text(q, "附件");
    html_raw(b, "</h2>");
    for (size_t i = 0; i < n; i++) {
        const struct field *f = reg_field(r->reg, list[i].field);
        thumbnail(q, &list[i]);
        html_raw(b, "<p>");
        if (f)
            html_text(b, req_printf(q, "%s ", label_in(&f->label, q->lang)));
        html_link(b, req_printf(q, "/file/%lld/%lld", (long long)list[i].home, (long long)list[i].id),
                  list[i].name);
        html_text(b, req_printf(q, "（%lld KB）", (long long)(list[i].size + 1023) / 1024));
        if (list[i].reused) {
            html_raw(b, " <span class=late>");
            page_text(q, req_printf(q, "同一文件另用于 %lld 处", (long long)list[i].reused));
            html_raw(b, "</span>");
        }
        html_raw(b, "</p>");
    }
    if (!writes)
        return 0;
    html_raw(b, "<form method=post enctype=\"multipart/form-data\"");
    html_set(b, "action", req_printf(q, "/r/%s/%lld/file", r->reg->name, (long long)r->id));
    html_set(b, "data-busy", req_tr(q, "正在上传…"));
    html_raw(b, "><div class=acts>");
    page_form_keys(q);
    file_field(q, r->reg);
    html_raw(b, "<input type=file name=file required");
    html_set(b, "aria-label", req_tr(q, "选择照片或文件"));
    html_raw(b, " accept=\"image/*,.pdf,.docx,.xlsx,.xls,.doc,.wps,.et\"><button>");
    page_text(q, "添加附件");
    html_raw(b, "</button></div></form>");
    return 0;
}

/* 去向: which figures this record adds to. */
static int counts(struct req *q, const struct record *r, struct err *e)
{
    struct buf *b = &q->out;
    struct figure_use *uses;
    size_t n;
    if (figure_uses(&uses, &n, q->a, &q->view, q->site, r, e))
        return -1;
    html_raw(b, "<h2>");
    page_text(q, "去向");
    html_raw(b, "</h2>");
    if (n == 0) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "目前不计入任何指标。");
        html_raw(b, "</p>");
        return 0;
    }
    html_raw(b, "<p class=quiet>");
    page_text(q, "这一条计入以下数字：");
    html_raw(b, "</p><ul>");
    const struct node *unit = tree_find(q->view.units, r->unit);
    for (size_t i = 0; i < n; i++) {
        char day[16];
        if (uses[i].day > today()) /* would count then, if it stays as it is */
            continue;
        html_raw(b, "<li><a class=figure");
        struct ymd d = day_ymd(uses[i].day);
        html_set(b, "href",
                 req_printf(q, "/figures/%s/records?unit=%s&from=%d-01-01&to=%d-12-31", uses[i].figure->name,
                            unit ? unit->code : "", d.y, d.y));
        html_raw(b, ">");
        page_label(q, &uses[i].figure->label);
        html_raw(b, "</a> <span class=quiet>");
        html_text(b, day_iso(uses[i].day, day));
        html_raw(b, "</span></li>");
    }
    html_raw(b, "</ul>");
    return 0;
}

static void restore_form(struct req *q, const struct record *r)
{
    struct buf *b = &q->out;
    html_raw(b, "<form method=post");
    html_set(b, "action", req_printf(q, "/r/%s/%lld/restore", r->reg->name, (long long)r->id));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "_version", req_printf(q, "%d", r->version));
    html_raw(b, "<p class=help>");
    page_text(q, "恢复后重新计入列表和数字。");
    html_raw(b, "</p><button>");
    page_text(q, "恢复这一条");
    html_raw(b, "</button></form>");
}

static void withdraw_form(struct req *q, const struct record *r)
{
    struct buf *b = &q->out;
    struct err no = {0};
    if (actor_edit(&q->view, q->actor, r, &no))
        return;
    if (r->gone) {
        restore_form(q, r);
        return;
    }
    html_raw(b, "<details><summary>");
    page_text(q, "撤下这一条");
    html_raw(b, "</summary><form method=post");
    html_set(b, "action", req_printf(q, "/r/%s/%lld/withdraw", r->reg->name, (long long)r->id));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "_version", req_printf(q, "%d", r->version));
    html_raw(b, "<div class=field><label class=name for=reason>");
    page_text(q, "原因");
    html_raw(b, "</label><input id=reason name=reason maxlength=200 required><p class=help>");
    page_text(q, "撤下后不再计入列表和数字，留痕中仍可查到。");
    html_raw(b, "</p></div><button>");
    page_text(q, "撤下");
    html_raw(b, "</button></form></details>");
}

int page_record(struct req *q, struct err *e)
{
    struct record *r;
    struct map *names = NULL;
    int64_t id;
    const struct reg *reg = page_register(q, false, e);
    if (!reg || req_arg_id(&id, q, "id", e) || record_find(&r, q->a, q->db, &q->view, q->actor, reg, id, e))
        return -1;
    if (list_titles(q, reg, &r, 1, &names, e) || child_titles(q, r, &names, e))
        return -1;
    page_begin(q, &(struct page){.title = page_title(q, r),
                                 .place = PLACE_REGISTERS,
                                 .bare = true,
                                 .up = req_printf(q, "/r/%s", reg->name),
                                 .up_text = reg->label.t[LANG_HANS]});
    if (req_query(q, "saved")) {
        html_raw(&q->out, "<p class=said role=status>");
        page_text(q, "已保存。");
        html_raw(&q->out, "</p>");
    }
    if (title_line(q, r, e))
        return -1;
    moves(q, r);
    html_raw(&q->out, "<div class=two><div>");
    known(q, r, names);
    for (size_t c = 0; c < reg->nchildren; c++)
        child_table(q, r, c, names);
    if (files(q, r, e))
        return -1;
    html_raw(&q->out, "</div><div>");
    if (counts(q, r, e) || page_history(q, r, e))
        return -1;
    withdraw_form(q, r);
    html_raw(&q->out, "</div></div>");
    page_end(q);
    return 0;
}
