/* SPDX-License-Identifier: Apache-2.0 */
/* doc_html.c: blocks and spans as HTML through the escaping writer. */
#include "format/doc_html.h"

#include <string.h>

#include "format/html.h"

/* What one sees on pointing at a figure: definition, period, how many records, how many entered late. */
static void figure_title(struct buf *b, const struct doc_source *s)
{
    html_raw(b, " title=\"");
    html_attr(b, s->label ? s->label : s->figure);
    if (s->filter) {
        html_raw(b, "·");
        html_attr(b, s->filter);
    }
    html_raw(b, "，");
    html_attr(b, s->from);
    html_raw(b, "至");
    html_attr(b, s->to);
    if (s->value && *s->value) {
        html_raw(b, "，");
        html_attr(b, s->value);
        html_attr(b, s->measure);
    }
    if (s->parts) {
        html_raw(b, "（");
        html_attr(b, s->parts);
        html_raw(b, "）");
    }
    html_raw(b, "，");
    html_int(b, s->records);
    html_raw(b, "条");
    if (s->late) {
        html_raw(b, "，其中补录");
        html_int(b, s->late);
        html_raw(b, "条");
    }
    html_raw(b, "\"");
}

static void span(struct buf *b, const struct doc *d, const struct doc_span *s)
{
    const struct doc_source *src =
        s->source > 0 && (size_t)s->source <= d->nsources ? &d->sources[s->source - 1] : NULL;
    if (s->kind == DOC_TEXT) {
        html_text(b, s->text);
        return;
    }
    if (s->kind == DOC_GAP)
        html_raw(b, "<mark class=gap>");
    if (s->href) {
        html_raw(b, "<a class=figure href=\"");
        html_href(b, s->href);
        html_raw(b, "\"");
        if (src)
            figure_title(b, src);
        html_raw(b, ">");
    }
    html_text(b, s->text);
    if (s->href)
        html_raw(b, "</a>");
    if (s->kind == DOC_GAP)
        html_raw(b, "</mark>");
}

/* Numbers stand to the right, and open their records. */
static void table_cell(struct buf *b, const struct doc_table *t, size_t at, bool num)
{
    html_raw(b, num ? "<td class=num>" : "<td>");
    if (t->hrefs && t->hrefs[at]) {
        html_raw(b, "<a class=figure href=\"");
        html_href(b, t->hrefs[at]);
        html_raw(b, "\">");
    }
    html_text(b, t->cells[at]);
    html_raw(b, t->hrefs && t->hrefs[at] ? "</a></td>" : "</td>");
}

static void table(struct buf *b, const struct doc_table *t)
{
    html_raw(b, "<table>");
    if (t->caption)
        html_elem(b, "caption", t->caption);
    html_raw(b, "<thead><tr>");
    for (size_t i = 0; i < t->ncols; i++)
        html_elem(b, i ? "th scope=col class=num" : "th scope=col", t->head[i]);
    html_raw(b, "</tr></thead><tbody>");
    for (size_t r = 0; r < t->nrows; r++) {
        html_raw(b, "<tr>");
        for (size_t c = 0; c < t->ncols; c++)
            table_cell(b, t, r * t->ncols + c, c > 0);
        html_raw(b, "</tr>");
    }
    html_raw(b, "</tbody></table>");
}

static const struct {
    const char *open, *close;
} tags[] = {
    [DOC_TITLE] = {"<h1>", "</h1>"},
    [DOC_ADDRESSEE] = {"<p class=addressee>", "</p>"},
    [DOC_H1] = {"<h2>", "</h2>"},
    [DOC_H2] = {"<h3>", "</h3>"},
    [DOC_H3] = {"<h4>", "</h4>"},
    [DOC_H4] = {"<h5>", "</h5>"},
    [DOC_PARA] = {"<p>", "</p>"},
    [DOC_SIGN] = {"<p class=sign>", "</p>"},
    [DOC_DATE] = {"<p class=sign>", "</p>"},
    [DOC_TABLE] = {"", ""},
    [DOC_PAGEBREAK] = {"<hr>", ""},
};

static void article(struct buf *b, const struct doc *d)
{
    html_raw(b, "<article class=report>\n");
    for (size_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        html_raw(b, tags[k->kind].open);
        if (k->kind == DOC_TABLE)
            table(b, k->table);
        for (size_t s = 0; s < k->nspans; s++)
            span(b, d, &k->spans[s]);
        html_raw(b, tags[k->kind].close);
        html_raw(b, "\n");
    }
    html_raw(b, "</article>\n");
}

static void source_row(struct buf *b, const struct doc_source *s)
{
    html_raw(b, "<tr id=src");
    html_int(b, s->no);
    html_raw(b, "><td class=num>");
    html_int(b, s->no);
    html_raw(b, "</td><td>");
    if (s->href)
        html_link(b, s->href, s->label ? s->label : s->figure);
    else
        html_text(b, s->label ? s->label : s->figure);
    if (s->filter) {
        html_raw(b, "（");
        html_text(b, s->filter);
        html_raw(b, "）");
    }
    html_raw(b, "</td><td>");
    html_text(b, s->from);
    html_raw(b, "至");
    html_text(b, s->to);
    html_raw(b, "</td><td class=num>");
    html_text(b, s->value && *s->value ? s->value : "缺");
    if (s->value && *s->value)
        html_text(b, s->measure);
    if (s->parts) {
        html_raw(b, "（");
        html_text(b, s->parts);
        html_raw(b, "）");
    }
    html_raw(b, "</td>");
    html_elem(b, "td", s->printed);
    html_raw(b, "<td class=num>");
    html_int(b, s->records);
    html_raw(b, "</td><td class=num>");
    html_int(b, s->late);
    html_raw(b, "</td><td><code title=\"");
    html_attr(b, s->hash);
    html_raw(b, "\">");
    html_textn(b, s->hash ? s->hash : "", s->hash ? strnlen(s->hash, 8) : 0);
    html_raw(b, "</code></td></tr>\n");
}

void doc_html_sources(struct buf *b, const struct doc *d)
{
    static const char *const heads[] = {"序号", "指标", "期间", "数值", "文中表述", "条目", "补录", "校验"};
    if (d->nsources == 0)
        return;
    html_raw(b, "<details class=sources><summary>数据来源（");
    html_int(b, (int64_t)d->nsources);
    html_raw(b, "项，统计时间 ");
    html_text(b, d->sources[0].computed_at);
    html_raw(b, "）</summary>\n<table class=list><thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_elem(b, "th scope=col", heads[i]);
    html_raw(b, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < d->nsources; i++)
        source_row(b, &d->sources[i]);
    html_raw(b, "</tbody></table></details>\n");
}

void doc_html(struct buf *b, const struct doc *d)
{
    article(b, d);
    doc_html_sources(b, d);
}

int doc_html_page(struct buf *b, const struct doc *d, struct err *e)
{
    html_raw(b, "<!doctype html>\n<html lang=zh-Hans><head><meta charset=utf-8>"
                "<meta name=viewport content=\"width=device-width, initial-scale=1\">");
    html_elem(b, "title", d->title);
    html_raw(
        b,
        "<style>body{font:18px/1.9 FangSong,\"Noto Serif CJK SC\",serif;max-width:46em;margin:2em auto;"
        "padding:0 1em;color:#1f2328}h1{text-align:center;font-size:28px}h2,h3,h4,h5{font-size:18px;margin:1em 0 0}"
        "h2{font-family:SimHei,\"Noto Sans CJK SC\",sans-serif;font-weight:500}"
        "h3{font-family:KaiTi,\"LXGW WenKai\",serif;font-weight:400}h4,h5{font-weight:400}"
        "h2,h3,h4,h5,p{text-indent:2em;margin:0}.addressee{text-indent:0}.sign{text-align:right;"
        "padding-right:2em}a{color:inherit}.gap{background:#ffe08a}table{border-collapse:collapse;font-size:14px;"
        "width:100%}td,th{border:1px solid #999;padding:4px 6px;text-align:left}details{margin-top:2em}"
        "@media print{details{display:none}}</style></head><body>\n");
    doc_html(b, d);
    html_raw(b, "</body></html>\n");
    return buf_overflow(b) ? err_set(e, ERR_TOOBIG, "报告太长，无法生成网页，请缩短报告期间") : 0;
}
