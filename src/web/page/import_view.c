/* SPDX-License-Identifier: Apache-2.0 */
/* import_view.c: an import as people see it. */
#include "web/import_view.h"

#include <string.h>

#include "web/page.h"

#define SHOWN_REJECTS 50
#define LOOKED_REJECTS 1000 /* more are in the annotated workbook only */
#define SHOWN_CHANGES 20

/* --- counts, refused rows, differences */

static void counts(struct req *q, const struct import_result *r, bool dry)
{
    const struct {
        const char *label;
        long n;
    } items[] = {{dry ? "将新增" : "新增", r->inserted},
                 {dry ? "将更新" : "更新", r->updated},
                 {"不变", r->unchanged},
                 {"退回", (long)r->nrejects}};
    struct buf *b = &q->out;
    html_raw(b, "<p class=sum>");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        html_raw(b, "<span>");
        page_text(q, items[i].label);
        html_raw(b, " <b class=num>");
        html_int(b, items[i].n);
        html_raw(b, "</b></span>");
    }
    html_raw(b, "<span class=quiet>");
    page_text(q, req_printf(q, "共读到 %ld 行", r->read));
    html_raw(b, "</span></p>");
}

/* What to do about each kind of refusal: the heading of its group. */
static const char *const mend[REASON__MAX] = {
    [REASON_REQUIRED] = "缺少必填内容：补上后再导入",
    [REASON_DATE] = "日期不存在：改成真实的日期",
    [REASON_NOYEAR] = "日期缺年份：补上年份",
    [REASON_NUMBER] = "不是数字：改成数字，或留空",
    [REASON_PRECISION] = "长数字丢了末位：把该列设为文本，重新填写",
    [REASON_CHECKSUM] = "校验位不对：核对号码",
    [REASON_CHOICE] = "不在可选范围：改成列出的说法之一",
    [REASON_REFERENCE] = "对应的编号或名称不存在：先登记它，或改正编号",
    [REASON_CONFLICT] = "编号重复而内容不同：核对是哪一条",
    [REASON_PHONE] = "电话号码不对：核对号码",
    [REASON_LENGTH] = "内容太长：缩短",
    [REASON_RANGE] = "数值超出范围：核对",
    [REASON_CHECK] = "前后不符：核对",
    [REASON_CELL] = "单元格是错误值：改正公式",
};

static bool reject_same(const struct reject *x, const struct reject *y)
{
    return x->reason == y->reason && strcmp(x->column, y->column) == 0 && strcmp(x->msg, y->msg) == 0;
}

/* Has the same been said of an earlier row? */
static bool reject_said(const struct import_result *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (reject_same(&r->rejects[k], &r->rejects[i]))
            return true;
    return false;
}

/* One kind of mistake once, with the rows it was made in. */
static void reject_row(struct req *q, const struct import_result *r, size_t i)
{
    struct buf *b = &q->out;
    const struct reject *x = &r->rejects[i];
    size_t rows = 0;
    const char *list = "";
    html_raw(b, "<li><span>");
    html_text(b, x->sheet);
    html_raw(b, " ");
    for (size_t k = i; k < r->nrejects && k < LOOKED_REJECTS; k++) {
        if (!reject_same(&r->rejects[k], x))
            continue;
        if (rows < 5)
            list = req_printf(q, "%s%s%d", list, rows ? "、" : "", r->rejects[k].row);
        rows++;
    }
    page_text(q, rows > 5 ? req_printf(q, "第%s等%zu行", list, rows) : req_printf(q, "第%s行", list));
    html_raw(b, "</span><span class=what>");
    html_text(b, req_printf(q, "%s：%s", x->column, x->msg));
    html_raw(b, "</span></li>");
}

static void rejects(struct req *q, const struct import_task *t, const struct import_result *r)
{
    struct buf *b = &q->out;
    size_t shown = 0;
    if (r->nrejects == 0)
        return;
    html_raw(b, "<h2>");
    page_text(q, "退回的行");
    html_raw(b, "</h2><p>");
    page_text(q, "其余的行不受影响。可以下载标注好的表，改正后原样再传。");
    html_raw(b, " <a");
    html_set(b, "href", req_printf(q, "/import/%s/annotated.xlsx", t->token));
    html_raw(b, ">");
    page_text(q, "下载标注表");
    html_raw(b, "</a></p>");
    for (int why = 1; why < REASON__MAX; why++) {
        bool head = false;
        for (size_t i = 0; i < r->nrejects && i < LOOKED_REJECTS && shown < SHOWN_REJECTS; i++) {
            if ((int)r->rejects[i].reason != why || reject_said(r, i))
                continue;
            if (!head) {
                html_raw(b, "<h3>");
                page_text(q, mend[why] ? mend[why] : reason_word[why]);
                html_raw(b, "</h3><ul class=tasks>");
            }
            head = true;
            reject_row(q, r, i);
            shown++;
        }
        html_raw(b, head ? "</ul>" : "");
    }
    if (shown == SHOWN_REJECTS || r->nrejects > LOOKED_REJECTS) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "其余的见标注表。");
        html_raw(b, "</p>");
    }
}

static void changes(struct req *q, const struct import_result *r)
{
    struct buf *b = &q->out;
    if (r->nchanges == 0)
        return;
    html_raw(b, "<h2>");
    page_text(q, "将更新的内容");
    html_raw(b, "</h2><table class=list><thead><tr>");
    static const char *const heads[] = {"行", "条目", "栏目", "现在是", "改为"};
    for (size_t i = 0; i < 5; i++)
        html_elem(b, "th scope=col", req_tr(q, heads[i]));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < r->nchanges && i < SHOWN_CHANGES; i++) {
        const struct change *c = &r->changes[i];
        const char *cells[] = {req_printf(q, "%d", c->row), c->title, c->field, c->was, c->is};
        html_raw(b, "<tr>");
        for (size_t k = 0; k < 5; k++) {
            html_raw(b, "<td");
            html_set(b, "data-label", req_tr(q, heads[k]));
            html_raw(b, ">");
            html_text(b, cells[k]);
            html_raw(b, "</td>");
        }
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table>");
}

/* --- the mapping */

static void target_option(struct req *q, const char *value, const char *label, const char *now)
{
    html_option(&q->out, value, label, now && strcmp(now, value) == 0);
}

static void field_options(struct req *q, const struct reg *r, const char *prefix, const char *label,
                          const char *now)
{
    for (size_t i = 0; i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->computed || f->type == TYPE_FILE)
            continue;
        target_option(q, req_printf(q, "%s%s", prefix, f->name),
                      req_printf(q, "%s%s", label, label_in(&f->label, q->lang)), now);
    }
}

static void target_select(struct req *q, const struct map_sheet *s, const struct map_column *c, const char *name)
{
    struct buf *b = &q->out;
    html_raw(b, "<select");
    html_set(b, "name", name);
    html_set(b, "aria-label", c->header);
    html_raw(b, ">");
    target_option(q, "", req_tr(q, "不导入"), c->target);
    field_options(q, s->reg, "", "", c->target);
    if (s->reg->nstates)
        target_option(q, "state", req_tr(q, "状态"), c->target);
    for (size_t i = 0; i < s->reg->nchildren; i++)
        field_options(q, &s->reg->children[i], req_printf(q, "%s.", s->reg->children[i].name),
                      req_printf(q, "%s·", label_in(&s->reg->children[i].label, q->lang)), c->target);
    for (size_t i = 0; i < s->reg->nfields; i++)
        if (s->reg->fields[i].ref)
            field_options(q, s->reg->fields[i].ref, req_printf(q, "%s.", s->reg->fields[i].name),
                          req_printf(q, "%s·", label_in(&s->reg->fields[i].label, q->lang)), c->target);
    html_raw(b, "</select>");
}

static const char *sample(struct req *q, const struct import_task *t, const struct map_sheet *s, int col)
{
    for (size_t i = 0; i < t->book->nsheets; i++) {
        const struct sheet *sh = &t->book->sheets[i];
        if ((sh->name && s->sheet) ? strcmp(sh->name, s->sheet) != 0 : sh->name != s->sheet)
            continue;
        for (size_t r = 0; r < sh->nrows; r++) {
            const struct cell *c = sheet_cell(sh, r, col);
            if (sh->rows[r].r > s->header_last && c->kind != CELL_EMPTY && c->text && *c->text)
                return c->text;
            if (sh->rows[r].r > s->header_last && (c->kind == CELL_NUMBER || c->kind == CELL_DATE))
                return c->kind == CELL_DATE ? req_tr(q, "（日期）") : req_printf(q, "%.15g", c->num);
        }
    }
    return "";
}

static void sheet_form(struct req *q, const struct import_task *t, size_t index)
{
    struct buf *b = &q->out;
    const struct map_sheet *s = &t->map->sheets[index];
    html_raw(b, "<h3>");
    html_text(b, s->sheet ? s->sheet : t->file_name);
    html_raw(b, "</h3>");
    if (s->skip || !s->reg) {
        html_raw(b, "<p class=quiet>");
        html_text(b, req_printf(q, "%s：%s", req_tr(q, "不导入"), s->why_skip ? s->why_skip : ""));
        html_raw(b, "</p>");
        return;
    }
    html_raw(b, "<p class=sentence>");
    page_text(q, req_printf(q, "记入“%s”，表头在第 %d 行", label_in(&s->reg->label, q->lang), s->header_last + 1));
    for (size_t i = 0; i < s->nfixed; i++)
        html_text(b, req_printf(q, "，%s＝%s", s->fixed_field[i], s->fixed_value[i]));
    html_raw(b, "</p><details><summary>");
    page_text(q, "查看和修改列的对应关系");
    html_raw(b, "</summary><table class=list><thead><tr>");
    static const char *const heads[] = {"表中的列", "例", "对应栏目"};
    for (size_t i = 0; i < 3; i++)
        html_elem(b, "th scope=col", req_tr(q, heads[i]));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < s->ncolumns; i++) {
        html_raw(b, "<tr><td");
        html_set(b, "data-label", req_tr(q, heads[0]));
        html_raw(b, ">");
        html_text(b, s->columns[i].header);
        html_raw(b, "</td><td class=quiet");
        html_set(b, "data-label", req_tr(q, heads[1]));
        html_raw(b, ">");
        html_text(b, sample(q, t, s, s->columns[i].col));
        html_raw(b, "</td><td");
        html_set(b, "data-label", req_tr(q, heads[2]));
        html_raw(b, ">");
        target_select(q, s, &s->columns[i], req_printf(q, "s%zu.c%zu", index, i));
        html_raw(b, "</td></tr>");
    }
    html_raw(b, "</tbody></table></details>");
}

void import_view_plan(struct req *q, const struct import_task *t, const struct import_result *r)
{
    struct buf *b = &q->out;
    html_raw(b, "<p class=sentence>");
    page_text(q, "试算结果，还没有写入：");
    html_raw(b, "</p>");
    counts(q, r, true);
    html_raw(b, "<form method=post");
    html_set(b, "action", req_printf(q, "/import/%s", t->token));
    html_set(b, "data-busy", req_tr(q, "请稍候…"));
    html_raw(b, ">");
    page_form_keys(q);
    html_raw(b, "<div class=acts>");
    if (r->inserted + r->updated > 0) {
        html_raw(b, "<button class=main name=act value=run>");
        page_text(q, r->nrejects ? "只导入没有问题的行" : "确认导入");
        html_raw(b, "</button>");
    }
    html_raw(b, "<button name=act value=preview>");
    page_text(q, "按修改后的对应关系重新试算");
    html_raw(b, "</button></div><h2>");
    page_text(q, "怎么对应");
    html_raw(b, "</h2>");
    for (size_t i = 0; i < t->map->nsheets; i++)
        sheet_form(q, t, i);
    html_raw(b, "</form>");
    rejects(q, t, r);
    changes(q, r);
}

void import_view_run(struct req *q, const struct import_task *t)
{
    struct buf *b = &q->out;
    switch (t->phase) {
    case TASK_RUNNING:
        resp_header(q, "Refresh", "2");
        html_raw(b, "<p role=status>");
        html_text(b,
                  req_printf(q, "正在导入：已处理 %ld / %ld 行。可以离开这一页，导入会继续。", t->done, t->total));
        html_raw(b, "</p><progress");
        html_set_int(b, "max", t->total > 0 ? t->total : 1);
        html_set_int(b, "value", t->done);
        html_raw(b, "></progress>");
        return;
    case TASK_FAILED:
        html_raw(b, "<div class=errors role=alert><p>");
        page_text(q, t->err.msg);
        html_raw(b, "</p></div>");
        return;
    default:
        html_raw(b, "<p class=said role=status>");
        page_text(q, "导入完成。");
        html_raw(b, "</p>");
        counts(q, t->result, false);
        rejects(q, t, t->result);
        html_raw(b, "<p>");
        html_link(b, "/import", req_tr(q, "继续导入，或撤销这次导入"));
        html_raw(b, "</p>");
    }
}

/* A target is a field, state, CHILD.FIELD or REF.FIELD of the sheet's register. */
static bool target_known(const struct reg *r, const char *target)
{
    if (!*target || (strcmp(target, "state") == 0 && r->nstates))
        return true;
    const char *dot = strchr(target, '.');
    if (!dot)
        return reg_field(r, target) != NULL;
    char head[64];
    if ((size_t)(dot - target) >= sizeof head)
        return false;
    memcpy(head, target, (size_t)(dot - target));
    head[dot - target] = '\0';
    const struct reg *child = reg_child(r, head);
    const struct field *f = child ? NULL : reg_field(r, head);
    if (f && f->ref)
        child = f->ref;
    return child && reg_field(child, dot + 1);
}

int import_view_read(struct req *q, struct import_task *t, struct err *e)
{
    for (size_t i = 0; i < t->map->nsheets; i++) {
        struct map_sheet *s = &t->map->sheets[i];
        for (size_t k = 0; !s->skip && s->reg && k < s->ncolumns; k++) {
            const char *target = req_form(q, req_printf(q, "s%zu.c%zu", i, k));
            if (!target || strcmp(target, s->columns[k].target) == 0)
                continue;
            if (!target_known(s->reg, target))
                return err_set(e, ERR_INPUT, "“%s”没有栏目“%s”。", label_in(&s->reg->label, LANG_HANS), target);
            s->columns[k].target = arena_str(q->a, target);
        }
    }
    return 0;
}
