/* SPDX-License-Identifier: Apache-2.0 */
/* doc_html.c: a document on screen: escaped, linked, with its gaps and its sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/doc_html.h"
#include "sample_doc.h"

static void has(const struct buf *b, const char *what)
{
    if (!strstr(buf_cstr(b), what))
        fail_msg("there is no %s in %s", what, buf_cstr(b));
}

static void blocks(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    doc_html(&b, doc);
    has(&b, "<article class=report>\n<h1>柳溪社区2024年工作情况汇报</h1>");
    has(&b, "<p class=addressee>街道党工委：</p>");
    has(&b, "<h2>一、矛盾纠纷化解</h2>");
    has(&b, "<h5>（1）再细</h5>");
    has(&b, "<th scope=col>类别</th>");
    has(&b, "<p class=sign>2025年1月6日</p>");
    buf_done(&b);
}

static void figures(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    doc_html(&b, doc);
    has(&b, "<a class=figure href=\"https://linli.example/figures/x?a=1&amp;b=2\" "
            "title=\"成功率，2024-01-01至2024-12-31，97.3%（37/38），38条\">97.3%</a>");
    has(&b, "38件，38条，其中补录2条\">38</a>");
    has(&b, "<mark class=gap>〔缺〕</mark>");
    has(&b, "<tr id=src2>");
    has(&b, "其中 &lt;a&gt; &amp; “引号”");
    buf_done(&b);
}

static void hostile_text(void **state)
{
    (void)state;
    struct buf b;
    struct doc *d = doc_new(a);
    d->title = "</title><script>";
    struct doc_block *k = doc_add(d, DOC_PARA);
    figure(d, k, "x", "\"><img src=x>", "1", "<b>", NULL);
    k->spans[0].href = d->sources[0].href = "javascript:alert(1)";
    buf_init(&b, 1 << 20);
    struct err e = {0};
    assert_int_equal(doc_html_page(&b, d, &e), 0);
    assert_null(strstr(buf_cstr(&b), "<script"));
    assert_null(strstr(buf_cstr(&b), "<img"));
    assert_null(strstr(buf_cstr(&b), "javascript"));
    assert_null(strstr(buf_cstr(&b), "<b>"));
    buf_done(&b);
    buf_init(&b, 256);
    assert_int_equal(doc_html_page(&b, d, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks), cmocka_unit_test(figures),
                                       cmocka_unit_test(hostile_text)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
