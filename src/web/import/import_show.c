/* SPDX-License-Identifier: Apache-2.0 */
/* import_show.c: what an import would do or has done: counts, the first rows as they will be stored, what was
 * refused and how to mend it, what would change. */
#include <stdlib.h>
#include <string.h>

#include "web/import_view.h"
#include "web/page.h"

#define SHOWN_REJECTS 50
#define SHOWN_ROWS 20 /* row numbers named of one mistake */
#define SHOWN_CHANGES 20
#define SHOWN_ALIKES 50
#define SHOWN_SKIPPED 50

/* --- counts */

void import_counts(struct req *q, const struct import_result *r, bool dry)
{
    const struct {
        const char *label;
        long n;
    } items[] = {
        {dry ? "将新增" : "新增", r->inserted}, {dry ? "将更新" : "更新", r->updated}, {"不变", r->unchanged}};
    struct buf *b = &q->out;
    html_raw(b, "<p class=sum>");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        html_raw(b, "<span>");
        page_text(q, items[i].label);
        html_raw(b, " <b class=num>");
        html_int(b, items[i].n);
        html_raw(b, "</b></span>");
    }
    if (r->refused) {
        html_raw(b, "<span>");
        page_text(q, req_printf(q, "%ld行未导入（%ld处问题）", r->refused, r->problems));
        html_raw(b, "</span>");
    }
    if (r->nalike_all) {
        html_raw(b, "<span>");
        page_text(q, req_printf(q, "疑似重复 %ld 行", r->nalike_all));
        html_raw(b, "</span>");
    }
    html_raw(b, "<span class=quiet>");
    page_text(q, req_printf(q, "共读到 %ld 行", r->read));
    html_raw(b, "</span></p>");
}

/* --- the first rows */

static const char *const outcome_word[] = {[OUT_NONE] = "计入",
                                           [OUT_INSERTED] = "新增",
                                           [OUT_UPDATED] = "更新",
                                           [OUT_UNCHANGED] = "不变",
                                           [OUT_REJECTED] = "不导入"};

struct preview {
    struct req *q;
    const struct import_task *t;
    const struct import_result *r;
    struct map *there, *titles; /* records that cells name: all, and those this person may read */
    size_t sheet, first, n;     /* rows of the sheet */
};

static int names_of(struct preview *p, struct err *e)
{
    struct req *q = p->q;
    const struct node *unit = tree_find(q->view.units, p->t->unit);
    struct title_of *v = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < p->r->npreview; i++) {
        const struct preview_row *row = &p->r->preview[i];
        for (size_t k = 0; k < p->t->map->sheets[row->sheet_no].ncolumns; k++)
            if (row->cells[k].ref)
                VEC_PUSH(q->a, v, n, cap) = (struct title_of){
                    row->cells[k].ref, row->cells[k].ref->site_wide || !unit ? 0 : unit->home, row->cells[k].id};
    }
    return n == 0                                                                                   ? 0
           : page_titles(&p->there, q, v, n, false, e) || page_titles(&p->titles, q, v, n, true, e) ? -1
                                                                                                    : 0;
}

static bool shows(const struct preview *p, size_t i)
{
    for (size_t k = p->first; k < p->first + p->n; k++) {
        const struct preview_cell *c = &p->r->preview[k].cells[i];
        if (c->wrong || (c->text && (*c->text || i < p->t->map->sheets[p->sheet].ncolumns)))
            return true;
    }
    return false;
}

/* What the i-th cell of a row is called: its field, the constant's field, the state. */
static const char *head_of(const struct preview *p, size_t i)
{
    const struct map_sheet *s = &p->t->map->sheets[p->sheet];
    if (i < s->ncolumns)
        return s->columns[i].header;
    if (i < s->ncolumns + s->nfixed) {
        const struct field *f = reg_field(s->reg, s->fixed_field[i - s->ncolumns]);
        return f ? label_in(&f->label, p->q->lang) : s->fixed_field[i - s->ncolumns];
    }
    return req_tr(p->q, "状态");
}

static void small(struct req *q, const char *text)
{
    html_raw(&q->out, " <small>");
    html_text(&q->out, text);
    html_raw(&q->out, "</small>");
}

/* Which record a cell names: one that is there, or one that would be made. */
static void cell_names(struct preview *p, const struct preview_row *row, size_t i)
{
    const struct preview_cell *c = &row->cells[i];
    const char *key, *title;
    if (!c->ref || row->out == OUT_REJECTED)
        return;
    for (size_t k = 0; k < i; k++)
        if (row->cells[k].ref == c->ref && row->cells[k].id == c->id)
            return; /* said beside an earlier column */
    key = req_printf(p->q, "%lld", (long long)c->id);
    title = p->titles ? map_get(p->titles, key) : NULL;
    if (title && strcmp(title, c->text) != 0)
        small(p->q, req_tr(p->q, req_printf(p->q, "对应：%s", title)));
    else if (!title && !(p->there && map_get(p->there, key)))
        small(p->q, req_tr(p->q, "本次新增"));
}

/* 1800 and 1,800 */
static bool same_number(const char *text, const char *raw)
{
    char plain[32];
    size_t n = 0;
    char *end, *raw_end;
    for (; *text && n + 1 < sizeof plain; text++)
        if (*text != ',')
            plain[n++] = *text;
    plain[n] = '\0';
    double x = strtod(plain, &end), y = strtod(raw, &raw_end);
    return !*text && !*end && !*raw_end && !(x < y) && !(x > y);
}

static void preview_cell(struct preview *p, const struct preview_row *row, size_t i)
{
    struct req *q = p->q;
    struct buf *b = &q->out;
    const struct preview_cell *c = &row->cells[i];
    html_raw(b, c->wrong ? "<td class=bad>" : "<td>");
    if (c->wrong) {
        html_raw(b, "✗ ");
        html_text(b, c->raw);
        small(q, req_tr(q, c->wrong));
    } else if (c->text) {
        html_text(b, c->text);
        if (*c->text && *c->raw && strcmp(c->text, c->raw) != 0 && !same_number(c->text, c->raw))
            small(q, req_tr(q, req_printf(q, "原为：%s", c->raw)));
        cell_names(p, row, i);
    }
    html_raw(b, "</td>");
}

static void preview_rows(struct preview *p, size_t ncells)
{
    struct req *q = p->q;
    struct buf *b = &q->out;
    html_raw(b, "<div class=scroll tabindex=0 role=region");
    html_set(b, "aria-label", req_tr(q, "预览"));
    html_raw(b, "><table class=cells><thead><tr><th scope=col>");
    page_text(q, "行");
    html_raw(b, "</th>");
    for (size_t i = 0; i < ncells; i++)
        if (shows(p, i))
            html_elem(b, "th scope=col", head_of(p, i));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t k = p->first; k < p->first + p->n; k++) {
        const struct preview_row *row = &p->r->preview[k];
        html_raw(b, "<tr><th scope=row>");
        html_int(b, row->row);
        html_raw(b, " <span class=nowrap>");
        page_text(q, outcome_word[row->out]);
        html_raw(b, "</span>");
        if (row->wrong)
            small(q, req_tr(q, row->wrong));
        html_raw(b, "</th>");
        for (size_t i = 0; i < ncells; i++)
            if (shows(p, i))
                preview_cell(p, row, i);
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table></div>");
}

int import_preview(struct req *q, const struct import_task *t, const struct import_result *r, struct err *e)
{
    struct buf *b = &q->out;
    struct preview p = {.q = q, .t = t, .r = r};
    if (r->npreview == 0)
        return 0;
    if (names_of(&p, e))
        return -1;
    html_raw(b, "<h2>");
    page_text(q, "预览：最前面的行将这样存入");
    html_raw(b, "</h2>");
    for (size_t i = 0; i < r->npreview; i += p.n) {
        const struct map_sheet *s;
        p.sheet = r->preview[i].sheet_no;
        p.first = i;
        for (p.n = 0; i + p.n < r->npreview && r->preview[i + p.n].sheet_no == p.sheet;)
            p.n++;
        s = &t->map->sheets[p.sheet];
        html_raw(b, "<h3>");
        html_text(b, req_printf(q, "%s → %s", s->sheet && *s->sheet ? s->sheet : t->file_name,
                                label_in(&s->reg->label, q->lang)));
        html_raw(b, "</h3>");
        preview_rows(&p, s->ncolumns + s->nfixed + 1);
    }
    return 0;
}

/* --- refused rows */

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

/* One mistake: all rows of one sheet where the same was said of the same column. Rejects come by sheet and row, so
 * do the rows. */
struct mistake {
    const struct reject *first;
    const char *rows;
    int last, from; /* the stretch of rows at the end of the list: from … last */
    size_t n, parts;
};

static void rows_close(struct req *q, struct mistake *m)
{
    if (m->parts > SHOWN_ROWS)
        return;
    m->rows = m->from == m->last ? req_printf(q, "%s%s%d", m->rows, m->parts > 1 ? "、" : "", m->from)
                                 : req_printf(q, "%s%s%d%s%d", m->rows, m->parts > 1 ? "、" : "", m->from,
                                              m->last == m->from + 1 ? "、" : "至", m->last);
}

static void mistake_add(struct req *q, struct mistake *m, const struct reject *x)
{
    if (m->n > 0 && x->row == m->last)
        return;
    if (m->n > 0 && x->row == m->last + 1) {
        m->last = x->row;
    } else {
        if (m->n > 0)
            rows_close(q, m);
        m->parts++;
        m->from = m->last = x->row;
    }
    m->n++;
}

static void mistake_item(struct req *q, struct mistake *m)
{
    struct buf *b = &q->out;
    rows_close(q, m);
    html_raw(b, "<li><span class=what>");
    if (*m->first->column)
        html_text(b, req_printf(q, "%s：", m->first->column));
    page_text(q, m->first->msg);
    html_raw(b, "<br><small>");
    html_text(b, m->first->sheet);
    html_raw(b, " ");
    page_text(q, m->parts > SHOWN_ROWS ? req_printf(q, "第%s行等共%zu行", m->rows, m->n)
                                       : req_printf(q, "第%s行", m->rows));
    html_raw(b, "</small></span></li>");
}

/* All mistakes, in the order they were first met; the map finds them again. */
static struct mistake **mistakes(struct req *q, const struct import_result *r, size_t *n)
{
    struct map *known = map_new(q->a);
    struct mistake **all = NULL;
    size_t cap = 0;
    *n = 0;
    for (size_t i = 0; i < r->nrejects; i++) {
        const struct reject *x = &r->rejects[i];
        const char *key = req_printf(q, "%d\n%zu\n%s\n%s", (int)x->reason, x->sheet_no, x->column, x->msg);
        struct mistake *m = map_get(known, key);
        if (!m) {
            m = arena_alloc(q->a, sizeof *m);
            *m = (struct mistake){.first = x, .rows = ""};
            map_put(known, key, m);
            VEC_PUSH(q->a, all, *n, cap) = m;
        }
        mistake_add(q, m, x);
    }
    return all;
}

static void reason_group(struct req *q, struct mistake **all, size_t n, int why, size_t *shown)
{
    struct buf *b = &q->out;
    size_t rows = 0;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        rows += (int)all[i]->first->reason == why ? all[i]->n : 0;
    if (rows == 0)
        return;
    html_raw(b, "<h3>");
    page_text(q, mend[why] ? mend[why] : reason_word[why]);
    page_text(q, req_printf(q, "（%zu处）", rows));
    html_raw(b, "</h3><ul class=tasks>");
    for (size_t i = 0; i < n; i++)
        if ((int)all[i]->first->reason == why && (!any || *shown < SHOWN_REJECTS)) {
            mistake_item(q, all[i]);
            any = true;
            ++*shown;
        }
    html_raw(b, "</ul>");
}

void import_rejects(struct req *q, const struct import_task *t, const struct import_result *r)
{
    struct buf *b = &q->out;
    size_t shown = 0, n;
    struct mistake **all;
    if (r->nrejects == 0)
        return;
    all = mistakes(q, r, &n);
    html_raw(b, "<h2>");
    page_text(q, "未导入的行");
    html_raw(b, "</h2><p>");
    page_text(q, "其余的行不受影响。可以下载标注好的表，改正后原样再传。");
    html_raw(b, " <a");
    html_set(b, "href", req_printf(q, "/import/%s/annotated.xlsx", t->token));
    html_raw(b, ">");
    page_text(q, "下载标注表");
    html_raw(b, "</a></p>");
    for (int why = 1; why < REASON__MAX; why++)
        reason_group(q, all, n, why, &shown);
    if (shown < n) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "其余的见标注表。");
        html_raw(b, "</p>");
    }
}

/* --- probable twins, differences, rows that are no records */

void import_alikes(struct req *q, const struct import_result *r)
{
    struct buf *b = &q->out;
    if (r->nalike_all == 0)
        return;
    html_raw(b, "<h2>");
    page_text(q, req_printf(q, "疑似重复 %ld 行", r->nalike_all));
    html_raw(b, "</h2><p>");
    page_text(q, "这些行会照常导入。若说的是同一件事，请先从表里删去再传，或导入后撤下一条。");
    html_raw(b, "</p><ul class=tasks>");
    for (size_t i = 0; i < r->nalikes && i < SHOWN_ALIKES; i++) {
        const struct alike *x = &r->alikes[i];
        html_raw(b, "<li><span>");
        html_text(b, x->sheet);
        html_raw(b, " ");
        page_text(q, req_printf(q, "第%d行", x->row));
        html_raw(b, "</span><span class=what>");
        if (x->id) {
            page_text(q, "与已有的一条相似：");
            html_link(b, req_printf(q, "/r/%s/%lld", x->reg->name, (long long)x->id), x->title);
        } else {
            page_text(q, req_printf(q, "与第%d行相似", x->like_row));
        }
        html_raw(b, "</span></li>");
    }
    html_raw(b, "</ul>");
    if (r->nalike_all > SHOWN_ALIKES) {
        html_raw(b, "<p class=quiet>");
        page_text(q, req_printf(q, "另有%ld行没有列出。", r->nalike_all - SHOWN_ALIKES));
        html_raw(b, "</p>");
    }
}

void import_changes(struct req *q, const struct import_result *r)
{
    static const char *const heads[] = {"行", "条目", "栏目", "现在是", "改为"};
    struct buf *b = &q->out;
    if (r->nchanges == 0)
        return;
    html_raw(b, "<h2>");
    page_text(q, "将更新的内容");
    html_raw(b, "</h2><table class=list><thead><tr>");
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
    if (r->nchanges > SHOWN_CHANGES) {
        html_raw(b, "<p class=quiet>");
        page_text(q, req_printf(q, "另有%zu处更新没有列出。", r->nchanges - SHOWN_CHANGES));
        html_raw(b, "</p>");
    }
}

void import_skipped(struct req *q, const struct import_result *r)
{
    struct buf *b = &q->out;
    if (r->nskipped == 0)
        return;
    html_raw(b, "<details><summary>");
    page_text(q, req_printf(q, "另有%zu行不是条目，没有读", r->nskipped));
    html_raw(b, "</summary><ul>");
    for (size_t i = 0; i < r->nskipped && i < SHOWN_SKIPPED; i++) {
        const struct skipped *s = &r->skipped[i];
        html_raw(b, "<li>");
        html_text(b, req_printf(q, "%s %s：%s", s->sheet ? s->sheet : "",
                                req_tr(q, req_printf(q, "第%d行", s->row)), req_tr(q, s->why)));
        html_raw(b, "</li>");
    }
    html_raw(b, "</ul></details>");
}
