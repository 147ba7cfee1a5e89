/* SPDX-License-Identifier: Apache-2.0 */
/* page_report.c: reports: the list, one on screen with its numbers as links, and as Word or PDF. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "engine/report.h"
#include "format/doc_html.h"
#include "format/docx.h"
#include "format/pdf.h"
#include "store/sys_text.h"
#include "store/sys_user.h"
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

/* Unit and period from the address or the form. */
static int params(struct req *q, struct report_params *p, struct err *e)
{
    const char *code = req_form(q, "unit");
    *p = (struct report_params){.lang = q->lang, .unit = page_unit(q), .actor = q->actor};
    if (code)
        p->unit = tree_code(q->view.units, code);
    if (!p->unit || !actor_may(&q->view, q->actor, MAY_REPORT, p->unit->id))
        return err_set(e, ERR_DENIED, "您不能为这个组织出报告。");
    return page_period(q, &p->from, &p->to, e);
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

/* --- the written parts: kept for the unit and the period, version by version */

struct written {
    const char *name, *label;
    const char *kept, *typed; /* typed NULL: nothing was sent */
    const char *offered;      /* of an earlier day of the same period, to go on from; NULL: none */
    int64_t version, who, at; /* of what is kept; version 0: nothing yet */
    bool changed, conflict;   /* typed something else; over what somebody wrote meanwhile */
};
struct writing {
    struct req *q;
    struct text_at at;
    struct written *v;
    size_t n;
    struct map *names; /* "ID" → who wrote */
    bool moved;        /* the form was filled in for another period */
};

/* A short mark of a text, to know whether whoever sends the form has touched it. */
static const char *mark(struct req *q, const char *text)
{
    unsigned char h[SEC_HASH];
    char hex[2 * SEC_HASH + 1];
    sec_sha256(h, text, strlen(text));
    sec_hex(hex, h, sizeof h);
    return arena_strn(q->a, hex, 16);
}

/* Browsers send line ends as CR LF. */
static const char *typed_text(struct req *q, const char *name)
{
    const char *v = req_form(q, req_printf(q, "text.%s", name));
    char *text = v ? arena_str(q->a, v) : NULL, *to = text;
    for (const char *from = text; from && *from; from++)
        if (*from != '\r')
            *to++ = *from;
    if (to)
        *to = '\0';
    return text;
}

/* What was sent beside what is kept. The form says on which version it was based, and of which period: what was
 * typed for another one goes along, but over nothing that is kept for this one. */
static void compare(struct req *q, struct written *w, bool moved)
{
    const char *base = req_form(q, req_printf(q, "base.%s", w->name));
    const char *was = req_form(q, req_printf(q, "was.%s", w->name));
    w->typed = typed_text(q, w->name);
    if (!w->typed || strcmp(w->typed, w->kept) == 0)
        return;
    bool behind = moved ? w->version > 0 : strtoll(base ? base : "0", NULL, 10) != w->version;
    /* not touched, but another period's, or written anew by somebody */
    if ((behind || moved) && was && strcmp(was, mark(q, w->typed)) == 0) {
        w->typed = NULL;
        return;
    }
    w->changed = true;
    w->conflict = behind;
}

/* Was the form filled in for another period than it asks for now? */
static bool moved_from(struct req *q, const struct report_params *p)
{
    const char *of = req_form(q, "of");
    struct period was = of ? period_parse(of) : (struct period){DAY_NONE, DAY_NONE};
    return was.from != DAY_NONE && (was.from != p->from || was.to != p->to);
}

/* A year under way is reported to a later day each time: what was written for the last one is offered. */
static int writing_offer(struct writing *w, struct db *d, struct err *e)
{
    struct text_kept *earlier;
    size_t n;
    if (text_list_earlier(&earlier, &n, w->q->a, d, &w->at, e) < 0)
        return -1;
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < n && w->v[i].version == 0; k++)
            if (strcmp(earlier[k].slot, w->v[i].name) == 0 && *earlier[k].text)
                w->v[i].offered = earlier[k].text;
    return 0;
}

static int writing_read(struct writing *w, struct req *q, struct db *d, const struct report_def *def,
                        const struct template *t, const struct report_params *p, struct err *e)
{
    struct text_kept *kept;
    size_t nkept;
    const struct report_text *texts = report_texts(t, &w->n);
    int64_t *ids;
    w->q = q;
    w->at = report_text_at(def, p);
    w->moved = moved_from(q, p);
    w->v = arena_array(q->a, w->n + 1, sizeof *w->v);
    if (text_list(&kept, &nkept, q->a, d, &w->at, e) < 0)
        return -1;
    ids = arena_array(q->a, nkept + 1, sizeof *ids);
    for (size_t i = 0; i < w->n; i++) {
        w->v[i] = (struct written){.name = texts[i].name, .label = texts[i].label, .kept = ""};
        for (size_t k = 0; k < nkept; k++)
            if (strcmp(kept[k].slot, texts[i].name) == 0) {
                w->v[i].kept = kept[k].text;
                w->v[i].version = kept[k].version;
                w->v[i].who = ids[k] = kept[k].who;
                w->v[i].at = kept[k].at;
            }
        compare(q, &w->v[i], w->moved);
    }
    return writing_offer(w, d, e) < 0 ? -1 : user_names(&w->names, q->a, d, ids, nkept, e);
}

static int writing_save_in(struct db *d, void *arg, struct err *e)
{
    const struct writing *w = arg;
    for (size_t i = 0; i < w->n; i++) {
        struct text_kept t = {.slot = w->v[i].name,
                              .text = w->v[i].typed,
                              .version = w->v[i].version,
                              .who = w->q->actor->user,
                              .at = now_ms()};
        if (w->v[i].changed && text_save(d, &w->at, &t, e) < 0)
            return -1;
    }
    return 0;
}

/* Keep what was typed: 0 kept or nothing new, 1 not kept, the page says why, -1 an error. Where somebody wrote
 * meanwhile nothing is kept, both texts are shown; identity numbers are not kept either. */
static int writing_save(struct writing *w, struct err *e)
{
    bool any = false, conflict = false;
    for (size_t i = 0; i < w->n; i++) {
        any |= w->v[i].changed;
        conflict |= w->v[i].conflict;
        if (w->v[i].changed && idno_inside(w->v[i].typed)) {
            w->q->status = 422;
            return 1;
        }
    }
    if (!any)
        return 0;
    if (!conflict && store_write(w->q->site->store, writing_save_in, w, e) == 0)
        return 0;
    if (!conflict && e->code != ERR_CONFLICT)
        return -1;
    err_clear(e);
    w->q->status = 409;
    return 1;
}

static void texts_typed(const struct writing *w, struct report_params *p)
{
    struct map *texts = map_new(w->q->a);
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].typed)
            map_put(texts, w->v[i].name, (void *)(uintptr_t)w->v[i].typed);
    p->texts = texts;
}

static const char *writer(const struct writing *w, const struct written *x)
{
    char at[32];
    const char *name = map_get(w->names, req_printf(w->q, "%lld", (long long)x->who));
    return req_printf(w->q, "%s · %s", name ? name : "", instant_local(x->at, at));
}

/* One written part. After a conflict the other's text stands above one's own, and saving again is deliberate. */
static void text_field(const struct writing *w, const struct written *x)
{
    struct req *q = w->q;
    struct buf *b = &q->out;
    const char *name = req_printf(q, "text.%s", x->name);
    html_raw(b, "<div class=field><label class=name");
    html_set(b, "for", name);
    html_raw(b, ">");
    page_text(q, x->label);
    html_raw(b, "</label>");
    if (x->conflict) {
        html_raw(b, "<div class=errors role=alert><strong>");
        page_text(q, "在您写的时候，这一段已由别人改过，您写的还没有保存。请把两份合成一份再保存：");
        html_raw(b, "</strong><blockquote>");
        html_text(b, x->kept);
        html_raw(b, "</blockquote></div>");
    }
    if (x->version) {
        html_raw(b, "<p class=quiet>");
        html_text(b, writer(w, x));
        html_raw(b, "</p>");
    }
    if (x->offered && !x->typed) {
        html_raw(b, "<p class=quiet>");
        page_text(q, "上次写到较早一天的文字，请核对后保存，保存后才进入正文。");
        html_raw(b, "</p>");
    }
    html_hidden(b, req_printf(q, "base.%s", x->name), req_printf(q, "%lld", (long long)x->version));
    html_hidden(b, req_printf(q, "was.%s", x->name), mark(q, x->kept));
    html_raw(b, "<textarea rows=4");
    html_set(b, "id", name);
    html_set(b, "name", name);
    html_raw(b, ">\n");
    html_text(b, x->typed ? x->typed : x->offered ? x->offered : x->kept);
    html_raw(b, "</textarea></div>");
}

/* The report's page for this unit and period. */
static const char *address(struct req *q, const struct report_def *def, const struct report_params *p)
{
    char from[16], to[16];
    return req_printf(q, "/reports/%s?unit=%s&from=%s&to=%s", def->name, p->unit->code, day_iso(p->from, from),
                      day_iso(p->to, to));
}

/* Unit and period. It is one form with the written parts beneath the report, so that counting anew loses nothing.
 */
static void period_form(struct req *q, const struct report *r, const struct report_params *p)
{
    struct buf *b = &q->out;
    html_raw(b, "<form class=whole method=post");
    html_set(b, "action", address(q, r->def, p));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "unit", p->unit->code);
    html_hidden(b, "of", period_code(q->a, (struct period){p->from, p->to}));
    html_raw(b, "<div class=filter>");
    period_inputs(q, p);
    html_raw(b, "<button name=as value=again>");
    page_text(q, "重新计算");
    html_raw(b, "</button>");
    page_spans(q, p->from, p->to, true);
    html_raw(b, "</div>");
}

/* The written parts, and the two ways to take the report away. */
static void take_form(struct req *q, const struct writing *w)
{
    struct buf *b = &q->out;
    html_raw(b, "<div class=noprint>");
    for (size_t i = 0; i < w->n; i++)
        text_field(w, &w->v[i]);
    html_raw(b, "<p><label><input type=checkbox name=bare value=1> ");
    page_text(q, "正文不附数字来源表");
    html_raw(b, "</label></p><div class=acts>");
    if (w->n) {
        html_raw(b, "<button class=main name=as value=html>");
        page_text(q, "保存文字并放进正文");
        html_raw(b, "</button>");
    }
    html_raw(b, "<button name=as value=docx>");
    page_text(q, "下载 Word");
    html_raw(b, "</button><button name=as value=pdf>");
    page_text(q, "下载 PDF");
    html_raw(b, "</button></div></div></form>");
}

static int template_read(const struct template **out, struct req *q, const struct report_def *def, struct err *e)
{
    struct schema_errors es = {.a = q->a};
    *out = def ? report_parse(q->a, q->view.schema, def, &es) : NULL;
    if (def && !*out)
        err_set(e, ERR_INPUT, "报告“%s”的模板有错误，请管理员用 linli modules check 检查。", def->name);
    return *out ? 0 : -1;
}

static int show(struct req *q, const struct report *r, const struct writing *w, const struct report_params *p)
{
    page_begin(q, &(struct page){.title = label_in(&r->def->label, q->lang),
                                 .place = PLACE_REPORTS,
                                 .up = "/reports",
                                 .up_text = "报告"});
    period_form(q, r, p);
    problems(q, r);
    doc_html(&q->out, r->doc);
    take_form(q, w);
    page_end(q);
    return 0;
}

int page_report(struct req *q, struct err *e)
{
    struct report_params p;
    struct writing w = {0};
    struct report *r;
    const struct report_def *def = report_of(q, e);
    const struct template *t;
    if (template_read(&t, q, def, e) || params(q, &p, e) || writing_read(&w, q, q->db, def, t, &p, e) ||
        report_build(&r, q->a, q->db, &q->view, def, &p, e))
        return -1;
    return show(q, r, &w, &p);
}

static int take_away(struct req *q, const struct report *r, bool pdf, struct err *e)
{
    bool bare = req_form(q, "bare") != NULL;
    if (pdf) {
        if (pdf_write(&q->out, r->doc, &(struct pdf_options){.at = now_ms(), .no_sources = bare}, e))
            return -1;
        return resp_download(q, "application/pdf", req_printf(q, "%s.pdf", r->title));
    }
    if (docx_write(&q->out, r->doc, &(struct docx_options){.at = now_ms(), .no_sources = bare}, e))
        return -1;
    return resp_download(q, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                         req_printf(q, "%s.docx", r->title));
}

static bool sent_as(const char *as, const char *way)
{
    return as && strcmp(as, way) == 0;
}

/* Counted anew: for another period, or as the records stand now. Nothing is kept; what was typed stays in the form.
 */
static int again(struct req *q, const struct report_def *def, const struct writing *w, struct report_params *p,
                 struct err *e)
{
    struct report *r;
    bool any = false;
    for (size_t i = 0; i < w->n; i++)
        any |= w->v[i].changed;
    if (!any)
        return resp_redirect(q, address(q, def, p));
    if (report_build(&r, q->a, q->db, &q->view, def, p, e))
        return -1;
    return show(q, r, w, p);
}

/* Each way of sending the form keeps what was written first, but for counting anew. */
int page_report_get(struct req *q, struct err *e)
{
    struct report_params p;
    struct writing w = {0};
    struct report *r;
    const char *as = req_form(q, "as");
    const struct report_def *def = report_of(q, e);
    const struct template *t;
    if (template_read(&t, q, def, e) || params(q, &p, e) || writing_read(&w, q, q->db, def, t, &p, e))
        return -1;
    if (!as || sent_as(as, "again"))
        return again(q, def, &w, &p, e);
    int kept = writing_save(&w, e);
    if (kept == 0 && sent_as(as, "html"))
        return resp_redirect(q, address(q, def, &p));
    if (kept == 0 || q->status == 409) { /* as it stands now, or what the other has written just now */
        int status = q->status;
        if (writing_read(&w, q, store_reader(q->site->store, e), def, t, &p, e))
            return -1;
        q->status = status;
    }
    if (kept < 0)
        return -1;
    if (kept == 1)
        texts_typed(&w, &p);
    if (report_build(&r, q->a, q->db, &q->view, def, &p, e))
        return -1;
    if (kept == 1)
        return show(q, r, &w, &p);
    if (!r->sound) { /* it must not leave the house: the page says why */
        q->status = 422;
        return show(q, r, &w, &p);
    }
    return take_away(q, r, sent_as(as, "pdf"), e);
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
        html_text(b, d->about.t[LANG_HANS] ? label_in(&d->about, q->lang)
                                           : req_tr(q, "由记录算出，每个数字点开就是来源"));
        html_raw(b, "</span></li>");
    }
    html_raw(b, "</ul>");
    page_end(q);
    return 0;
}
