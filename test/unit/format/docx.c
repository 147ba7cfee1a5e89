/* SPDX-License-Identifier: Apache-2.0 */
/* docx.c: Word files: their parts, their layout by GB/T 9704, the same bytes every time.
 *
 * With LINLI_DOCX_OUT=FILE the sample is also written there, for test/docx.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <zip.h>

#include "base/date.h"
#include "format/docx.h"

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

static void make(struct buf *b, const struct docx_options *o)
{
    struct err e = {0};
    buf_init(b, 8 << 20);
    if (docx_write(b, doc, o, &e) != 0)
        fail_msg("%s %s", e.msg, e.log);
}

static const struct docx_options sample = {.at = INT64_C(1736125200000)}; /* 2025-01-06 09:00 */

/* The text of a part, NULL if there is no such part. */
static char *part(const struct buf *b, const char *name)
{
    zip_error_t ze;
    zip_source_t *src = zip_source_buffer_create(b->p, b->n, 0, &ze);
    zip_t *z = zip_open_from_source(src, ZIP_RDONLY | ZIP_CHECKCONS, &ze);
    assert_non_null(z);
    zip_stat_t st;
    char *out = NULL;
    if (zip_stat(z, name, 0, &st) == 0) {
        out = arena_alloc(a, (size_t)st.size + 1);
        zip_file_t *f = zip_fopen(z, name, 0);
        assert_int_equal(zip_fread(f, out, st.size), st.size);
        zip_fclose(f);
    }
    zip_discard(z);
    return out;
}

static void has(const char *xml, const char *what)
{
    if (!strstr(xml, what))
        fail_msg("there is no %s", what);
}

static void parts_are_xml(void **state)
{
    (void)state;
    static const char *const names[] = {"[Content_Types].xml",      "_rels/.rels",
                                        "docProps/core.xml",        "docProps/app.xml",
                                        "word/document.xml",        "word/styles.xml",
                                        "word/settings.xml",        "word/fontTable.xml",
                                        "customXml/item1.xml",      "word/footer1.xml",
                                        "word/footer2.xml",         "word/_rels/document.xml.rels",
                                        "customXml/itemProps1.xml", "customXml/_rels/item1.xml.rels"};
    struct buf b;
    make(&b, &sample);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *xml = part(&b, names[i]);
        assert_non_null(xml);
        xmlDocPtr d = xmlReadMemory(xml, (int)strlen(xml), names[i], NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
        if (!d)
            fail_msg("%s is not well-formed", names[i]);
        xmlFreeDoc(d);
    }
    buf_done(&b);
}

static void layout(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &sample);
    const char *d = part(&b, "word/document.xml"), *s = part(&b, "word/styles.xml");
    has(d, "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>");
    has(d, "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\"");
    has(d, "w:footer=\"1448\"");
    has(d, "<w:docGrid w:type=\"lines\" w:linePitch=\"579\"/>");
    has(d, "<w:pStyle w:val=\"Heading1\"/>");
    has(d, "<w:pStyle w:val=\"Heading4\"/>");
    has(d, "w:footerReference w:type=\"even\"");
    has(s, "w:eastAsia=\"仿宋_GB2312\"");
    has(s, "w:eastAsia=\"方正小标宋简体\"");
    has(s, "w:firstLineChars=\"200\"");
    has(s, "<w:spacing w:val=\"-5\"/>");
    has(s, "<w:outlineLvl w:val=\"0\"/>");
    has(part(&b, "word/settings.xml"), "<w:evenAndOddHeaders/>");
    has(part(&b, "word/footer1.xml"), "w:rightChars=\"100\"");
    has(part(&b, "word/footer2.xml"), "w:leftChars=\"100\"");
    assert_null(strstr(s, "<w:b/>")); /* nothing is bold */
    buf_done(&b);
}

static void text_is_escaped(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &sample);
    const char *d = part(&b, "word/document.xml");
    has(d, "&lt;a&gt; &amp; “引号”");
    has(part(&b, "word/_rels/document.xml.rels"), "x?a=1&amp;b=2");
    buf_done(&b);
}

static void figures_lead_to_their_rows(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &sample);
    const char *d = part(&b, "word/document.xml"), *p = part(&b, "customXml/item1.xml");
    has(d, "<w:hyperlink w:anchor=\"src_2\" w:history=\"1\"><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>"
           "<w:t xml:space=\"preserve\">97.3%</w:t>");
    has(d, "<w:bookmarkStart w:id=\"2\" w:name=\"src_2\"/>");
    has(d, "97.3%（37/38）");
    has(d, "38条，补录2");
    has(d, "<w:highlight w:val=\"yellow\"/></w:rPr><w:t xml:space=\"preserve\">〔缺〕");
    has(p, "<figure no=\"1\" records=\"38\" late=\"2\" name=\"case.found\"");
    has(p, "hash=\"0123456789abcdef");
    buf_done(&b);
    make(&b, &(struct docx_options){.no_sources = true});
    d = part(&b, "word/document.xml");
    assert_null(strstr(d, "src_"));
    assert_null(strstr(part(&b, "word/_rels/document.xml.rels"), "External"));
    has(part(&b, "customXml/item1.xml"), "case.found");
    buf_done(&b);
}

/* 署名 leaves two characters, the date begins two characters to the right of it; a long date turns it round. */
static void signature(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &sample);
    const char *d = part(&b, "word/document.xml");
    /* 柳溪社区党委 is 12 halves wide, 2025年1月6日 has 6 digits and 3 characters: 12 as well */
    has(d,
        "<w:ind w:rightChars=\"200\" w:right=\"632\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>"
        "<w:t xml:space=\"preserve\">柳溪社区党委");
    has(d, "<w:ind w:rightChars=\"0\" w:right=\"0\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>"
           "<w:t xml:space=\"preserve\">2025年1月6日");
    buf_done(&b);
    struct doc *was = doc;
    doc = doc_new(a);
    text(DOC_SIGN, "柳溪");
    text(DOC_DATE, "2025年12月16日");
    make(&b, &sample);
    d = part(&b, "word/document.xml");
    has(d,
        "<w:ind w:rightChars=\"200\" w:right=\"632\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr>"
        "<w:t xml:space=\"preserve\">2025年12月16日");        /* 14 halves */
    has(d, "<w:ind w:rightChars=\"900\" w:right=\"2844\"/>"); /* 14 + 8 - 4 halves */
    buf_done(&b);
    doc = was;
}

static void same_bytes(void **state)
{
    (void)state;
    struct buf b, c;
    make(&b, &sample);
    make(&c, &sample);
    assert_int_equal(b.n, c.n);
    assert_memory_equal(b.p, c.p, b.n);
    buf_done(&c);
    make(&c, &(struct docx_options){.at = sample.at + 3600000});
    assert_true(b.n != c.n || memcmp(b.p, c.p, b.n) != 0);
    const char *out = getenv("LINLI_DOCX_OUT");
    FILE *f = out ? fopen(out, "wb") : NULL;
    if (f) {
        assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
        fclose(f);
    }
    buf_done(&b);
    buf_done(&c);
}

static void centred(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &(struct docx_options){.centred = true});
    assert_null(part(&b, "word/footer2.xml"));
    assert_null(strstr(part(&b, "[Content_Types].xml"), "footer2"));
    has(part(&b, "word/footer1.xml"), "<w:jc w:val=\"center\"/>");
    assert_null(strstr(part(&b, "word/settings.xml"), "evenAndOdd"));
    buf_done(&b);
}

static void too_small_a_buffer(void **state)
{
    (void)state;
    struct buf b;
    struct err e = {0};
    buf_init(&b, 512);
    assert_int_equal(docx_write(&b, doc, NULL, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_xml),   cmocka_unit_test(layout),
        cmocka_unit_test(text_is_escaped), cmocka_unit_test(figures_lead_to_their_rows),
        cmocka_unit_test(signature),       cmocka_unit_test(same_bytes),
        cmocka_unit_test(centred),         cmocka_unit_test(too_small_a_buffer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
