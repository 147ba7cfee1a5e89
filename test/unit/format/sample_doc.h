/* SPDX-License-Identifier: Apache-2.0 */
/* sample_doc.h: one document with every kind of block, for the tests of Word and PDF. */
#ifndef LINLI_TEST_SAMPLE_DOC_H
#define LINLI_TEST_SAMPLE_DOC_H

#include <stdint.h>
#include <string.h>

#include "base/doc.h"

static struct arena *a;
static struct doc *doc;

static void figure(struct doc *d, struct doc_block *b, const char *name, const char *label, const char *value,
                   const char *printed, const char *parts)
{
    struct doc_source *s = doc_source_add(d);
    s->figure = name;
    s->label = label;
    s->unit = "柳溪社区";
    s->from = "2024-01-01";
    s->to = "2024-12-31";
    s->value = value;
    s->printed = printed;
    s->parts = parts;
    s->measure = parts ? "%" : "件";
    s->records = 38;
    s->late = parts ? 0 : 2;
    s->computed_at = "2025-01-06 09:00";
    s->hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    s->href = "https://linli.example/figures/x?a=1&b=2";
    doc_span(d, b, (struct doc_span){DOC_FIGURE, printed, s->href, s->no});
}

static void text(enum doc_block_kind kind, const char *s)
{
    doc_text(doc, doc_add(doc, kind), s);
}

/* Text without punctuation, so that every line holds as many characters as fit. */
static const char *filler(int n)
{
    static const char *const words[] = {"柳", "溪", "社", "区", "网", "格", "走", "访", "服", "务"};
    char *s = arena_alloc(a, (size_t)n * 3 + 1);
    for (int i = 0; i < n; i++)
        memcpy(s + 3 * i, words[i % 10], 3);
    return s;
}

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    doc = doc_new(a);
    doc->title = "柳溪社区2024年工作情况汇报";
    doc->report = "sample";
    doc->unit = "柳溪社区";
    doc->from = "2024-01-01";
    doc->to = "2024-12-31";
    text(DOC_TITLE, doc->title);
    text(DOC_ADDRESSEE, "街道党工委：");
    text(DOC_H1, "一、矛盾纠纷化解");
    text(DOC_H2, "（一）排查");
    struct doc_block *b = doc_add(doc, DOC_PARA);
    doc_text(doc, b, "全年排查矛盾纠纷");
    figure(doc, b, "case.found", "排查纠纷", "38", "38", NULL);
    doc_text(doc, b, "件，成功率");
    figure(doc, b, "case.rate", "成功率", "97.3", "97.3%", "37/38");
    doc_text(doc, b, "，其中 <a> & “引号” 共");
    doc_span(doc, b, (struct doc_span){.kind = DOC_GAP, .text = "〔缺〕"});
    doc_text(doc, b, "件。");
    text(DOC_H3, "1.细目");
    text(DOC_H4, "（1）再细");
    for (int i = 0; i < 3; i++)
        text(DOC_PARA, filler(28 * 22));
    struct doc_table *t = arena_alloc(a, sizeof *t);
    t->caption = "纠纷类别";
    t->ncols = 2;
    t->nrows = 1;
    t->head = arena_array(a, 2, sizeof *t->head);
    t->cells = arena_array(a, 2, sizeof *t->cells);
    t->head[0] = "类别", t->head[1] = "件数", t->cells[0] = "噪声", t->cells[1] = "20";
    doc_add(doc, DOC_TABLE)->table = t;
    text(DOC_SIGN, "柳溪社区党委");
    text(DOC_DATE, "2025年1月6日");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

#endif
