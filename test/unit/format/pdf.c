/* SPDX-License-Identifier: Apache-2.0 */
/* pdf.c: PDF files: pages, links, the same bytes every time. What they look like is measured by test/docx/pdf.sh.
 *
 * With LINLI_PDF_OUT=FILE the sample is also written there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/pdf.h"
#include "sample_doc.h"

static const struct pdf_options sample = {.at = INT64_C(1736125200000)};

static void make(struct buf *b, const struct pdf_options *o)
{
    struct err e = {0};
    buf_init(b, 8 << 20);
    if (pdf_write(b, doc, o, &e) != 0)
        fail_msg("%s %s", e.msg, e.log);
    assert_memory_equal(b->p, "%PDF-1.", 7);
    assert_non_null(strstr(b->p + b->n - 16, "%%EOF"));
}

/* How often a word stands in the bytes that are not compressed. */
static int count(const struct buf *b, const char *word)
{
    int n = 0;
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= b->n; i++)
        n += memcmp(b->p + i, word, k) == 0;
    return n;
}

static void pages_and_links(void **state)
{
    (void)state;
    struct buf b;
    make(&b, &sample);
    assert_int_equal(count(&b, "/Type /Page % "), 5);
    assert_int_equal(count(&b, "/Subtype /Link"), 2); /* one a figure */
    assert_true(count(&b, "/Outlines") > 0);
    buf_done(&b);
    make(&b, &(struct pdf_options){.at = sample.at, .no_sources = true});
    assert_int_equal(count(&b, "/Type /Page % "), 4);
    assert_int_equal(count(&b, "/Subtype /Link"), 0);
    buf_done(&b);
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
    make(&c, &(struct pdf_options){.at = sample.at + 3600000});
    assert_true(b.n != c.n || memcmp(b.p, c.p, b.n) != 0);
    const char *out = getenv("LINLI_PDF_OUT");
    FILE *f = out ? fopen(out, "wb") : NULL;
    if (f) {
        assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
        fclose(f);
    }
    buf_done(&b);
    buf_done(&c);
}

static void a_page_takes_22_lines(void **state)
{
    (void)state;
    struct buf b;
    struct doc *was = doc;
    doc = doc_new(a);
    text(DOC_PARA, filler(28 * 22 - 2)); /* with the two characters of the indent: one page exactly */
    make(&b, &sample);
    assert_int_equal(count(&b, "/Type /Page % "), 1);
    buf_done(&b);
    doc = doc_new(a);
    text(DOC_PARA, filler(28 * 22 - 1)); /* one more: a second page */
    make(&b, &sample);
    assert_int_equal(count(&b, "/Type /Page % "), 2);
    buf_done(&b);
    doc = was;
}

static void long_tables_break(void **state)
{
    (void)state;
    struct buf b;
    struct doc *was = doc;
    doc = doc_new(a);
    struct doc_block *k = doc_add(doc, DOC_PARA);
    for (int i = 0; i < 120; i++)
        figure(doc, k, "case.found", "排查纠纷", "38", "38", NULL);
    make(&b, &sample);
    assert_true(count(&b, "/Type /Page % ") >= 5);
    assert_true(count(&b, "/Subtype /Link") >= 120);
    buf_done(&b);
    doc = was;
}

static void an_empty_document(void **state)
{
    (void)state;
    struct buf b;
    struct doc *was = doc;
    doc = doc_new(a);
    make(&b, NULL);
    assert_int_equal(count(&b, "/Type /Page % "), 1);
    buf_done(&b);
    doc = was;
}

static void too_small_a_buffer(void **state)
{
    (void)state;
    struct buf b;
    struct err e = {0};
    buf_init(&b, 512);
    assert_int_equal(pdf_write(&b, doc, NULL, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_and_links),       cmocka_unit_test(same_bytes),
        cmocka_unit_test(a_page_takes_22_lines), cmocka_unit_test(long_tables_break),
        cmocka_unit_test(an_empty_document),     cmocka_unit_test(too_small_a_buffer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
