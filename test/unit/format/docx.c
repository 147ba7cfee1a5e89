/* SPDX-License-Identifier: Apache-2.0 */
/* docx.c: Word files: their parts, their layout by GB/T 9704, the same bytes every time.
 *
 * With LINLI_DOCX_OUT=FILE the sample is also written there, for test/docx/docx.sh. */
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
#include "sample_doc.h"

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
    has(d, ">97.3%</w:t><w:br/><w:t xml:space=\"preserve\">（37/38）</w:t>");
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
