/* SPDX-License-Identifier: Apache-2.0 */
/* page_report.c: reports: the list, one on screen with its numbers as links, and as Word or PDF. */
#include <string.h>

#include "base/date.h"
#include "engine/report.h"
#include "format/doc_html.h"
#include "format/docx.h"
#include "format/pdf.h"
#include "web/page.h"
#include "web/pages.h"

static const struct report_def *report_of(struct req *q, struct err *e)
{
    const char *name = req_arg(q, "report");
    for (size_t i = 0; i < q->view.schema->nreports; i++)
        if (strcmp(q->view.schema->reports[i].name, name) == 0)
            return &q->view.schema->reports[i];
    err_set(e, ERR_MISSING, "没有报告“%s”。", name);
    return NULL;
}

/* Unit and period from the address or the form, and the texts that were typed. */
static int params(struct req *q, struct report_params *p, struct err *e)
{
    const char *code = req_form(q, "unit"), *from = req_form(q, "from"), *to = req_form(q, "to");
    *p = (struct report_params){.lang = q->lang, .unit = page_unit(q), .actor = q->actor};
    page_period(q, &p->from, &p->to);
    if (code)
        p->unit = tree_code(q->view.units, code);
    if (from && to) {
        p->from = date_typed(from, today()).day;
        p->to = date_typed(to, today()).day;
    }
    if (!p->unit || !actor_may(&q->view, q->actor, MAY_REPORT, p->unit->id))
        return err_set(e, ERR_DENIED, "您不能为这个组织出报告。");
    if (p->from == DAY_NONE || p->to == DAY_NONE || p->from > p->to)
        return err_set(e, ERR_INPUT, "起止日期不对，请改正。");
    struct map *texts = map_new(q->a);
    for (size_t i = 0; i < q->form.n; i++)
        if (strncmp(q->form.v[i].name, "text.", 5) == 0 && *q->form.v[i].value)
            map_put(texts, q->form.v[i].name + 5, (void *)(uintptr_t)q->form.v[i].value);
    p->texts = texts;
    return 0;
}

static void period_inputs(struct req *q, const struct report_params *p)
{
    struct buf *b = &q->out;
    char day[16];
    const struct {
        const char *name, *label;
        int32_t day;
    } ends[] = {{"from", "自", p->from}, {"to", "至", p->to}};
    for (size_t i = 0; i < 2; i++) {
        html_raw(b, "<label>");
        page_text(q, ends[i].label);
        html_raw(b, "<br><input type=date");
        html_set(b, "name", ends[i].name);
        html_set(b, "value", day_iso(ends[i].day, day));
        html_raw(b, "></label>");
    }
}

static void problems(struct req *q, const struct report *r)
{
    struct buf *b = &q->out;
    if (r->nproblems == 0)
        return;
    html_raw(b, r->sound ? "<div class=said><strong>" : "<div class=errors role=alert><strong>");
    page_text(q, r->sound ? "发出之前请看一眼：" : "有不能发出的问题：");
    html_raw(b, "</strong><ul>");
    for (size_t i = 0; i < r->nproblems; i++)
        html_elem(b, "li", req_tr(q, r->problems[i].msg));
    html_raw(b, "</ul></div>");
}

/* The typed paragraphs, and the two ways to take the report away. */
static void take_form(struct req *q, const struct report *r, const struct template *t,
                      const struct report_params *p)
{
    struct buf *b = &q->out;
    char from[16], to[16];
    size_t n;
    const struct report_text *texts = report_texts(t, &n);
    html_raw(b, "<form method=post data-draft=keep");
    html_set(b, "action", req_printf(q, "/reports/%s", r->def->name));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "unit", p->unit->code);
    html_hidden(b, "from", day_iso(p->from, from));
    html_hidden(b, "to", day_iso(p->to, to));
    for (size_t i = 0; i < n; i++) {
        const char *name = req_printf(q, "text.%s", texts[i].name);
        html_raw(b, "<div class=field><label class=name");
        html_set(b, "for", name);
        html_raw(b, ">");
        page_text(q, texts[i].label);
        html_raw(b, "</label><textarea rows=4");
        html_set(b, "id", name);
        html_set(b, "name", name);
        html_raw(b, ">\n");
        html_text(b, req_form(q, name));
        html_raw(b, "</textarea></div>");
    }
    html_raw(b, "<p><label><input type=checkbox name=bare value=1> ");
    page_text(q, "正文不附数字来源表");
    html_raw(b, "</label></p><div class=acts><button class=main name=as value=docx>");
    page_text(q, "下载 Word");
    html_raw(b, "</button><button name=as value=pdf>");
    page_text(q, "下载 PDF");
    html_raw(b, "</button><button name=as value=html>");
    page_text(q, "放进正文看看");
    html_raw(b, "</button></div></form>");
}

static int show(struct req *q, const struct report_def *def, const struct report_params *p, struct err *e)
{
    struct report *r;
    struct buf *b = &q->out;
    struct schema_errors es = {.a = q->a};
    struct template *t = report_parse(q->a, q->view.schema, def, &es);
    if (report_build(&r, q->a, q->db, &q->view, def, p, e))
        return -1;
    page_begin(q, &(struct page){.title = label_in(&def->label, q->lang),
                                 .place = PLACE_REPORTS,
                                 .up = "/reports",
                                 .up_text = "报告"});
    html_raw(b, "<form class=filter method=get");
    html_set(b, "action", req_printf(q, "/reports/%s", def->name));
    html_raw(b, ">");
    html_hidden(b, "unit", p->unit->code);
    period_inputs(q, p);
    html_raw(b, "<button>");
    page_text(q, "重新计算");
    html_raw(b, "</button></form>");
    problems(q, r);
    doc_html(b, r->doc);
    take_form(q, r, t, p);
    page_end(q);
    return 0;
}

int page_report(struct req *q, struct err *e)
{
    struct report_params p;
    const struct report_def *def = report_of(q, e);
    if (!def || params(q, &p, e))
        return -1;
    return show(q, def, &p, e);
}

int page_report_get(struct req *q, struct err *e)
{
    struct report_params p;
    struct report *r;
    const char *as = req_form(q, "as");
    const struct report_def *def = report_of(q, e);
    if (!def || params(q, &p, e))
        return -1;
    if (!as || strcmp(as, "html") == 0)
        return show(q, def, &p, e);
    if (report_build(&r, q->a, q->db, &q->view, def, &p, e))
        return -1;
    if (!r->sound) { /* it must not leave the house: the page says why */
        q->status = 422;
        return show(q, def, &p, e);
    }
    if (strcmp(as, "pdf") == 0) {
        if (pdf_write(&q->out, r->doc,
                      &(struct pdf_options){.at = now_ms(), .no_sources = req_form(q, "bare") != NULL}, e))
            return -1;
        return resp_download(q, "application/pdf", req_printf(q, "%s.pdf", r->title));
    }
    bool bare = req_form(q, "bare") != NULL;
    if (docx_write(&q->out, r->doc, &(struct docx_options){.at = now_ms(), .no_sources = bare}, e))
        return -1;
    return resp_download(q, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                         req_printf(q, "%s.docx", r->title));
}

int page_reports(struct req *q, struct err *e)
{
    struct buf *b = &q->out;
    (void)e;
    page_begin(q, &(struct page){.title = "报告", .place = PLACE_REPORTS});
    html_raw(b, "<ul class=tasks>");
    for (size_t i = 0; i < q->view.schema->nreports; i++) {
        const struct report_def *d = &q->view.schema->reports[i];
        html_raw(b, "<li><span class=what>");
        html_link(b, req_printf(q, "/reports/%s", d->name), label_in(&d->label, q->lang));
        html_raw(b, "</span><span class=quiet>");
        page_text(q, "由记录算出，每个数字点开就是来源");
        html_raw(b, "</span></li>");
    }
    html_raw(b, "</ul>");
    page_end(q);
    return 0;
}
