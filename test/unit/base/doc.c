/* SPDX-License-Identifier: Apache-2.0 */
/* doc.c: tests of base/doc.h */
#include "check.h"

#include "base/doc.h"

static void blocks_and_spans_stay_in_order(void **state)
{
    struct doc *d = doc_new(*state);
    for (int b = 0; b < 100; b++) {
        struct doc_block *block = doc_add(d, b ? DOC_PARA : DOC_TITLE);
        for (int s = 0; s < b; s++)
            doc_text(d, block, arena_printf(*state, "%d-%d", b, s));
    }
    assert_int_equal(d->nblocks, 100);
    assert_int_equal(d->blocks[0].kind, DOC_TITLE);
    for (size_t b = 0; b < 100; b++) {
        assert_int_equal(d->blocks[b].nspans, b);
        for (size_t s = 0; s < b; s++)
            assert_string_equal(d->blocks[b].spans[s].text, arena_printf(*state, "%zu-%zu", b, s));
    }
}

static void text_is_copied(void **state)
{
    struct doc *d = doc_new(*state);
    struct doc_block *b = doc_add(d, DOC_PARA);
    char s[] = "会议";
    doc_text(d, b, s);
    doc_text(d, b, NULL);
    s[0] = 'x';
    assert_string_equal(b->spans[0].text, "会议");
    assert_string_equal(b->spans[1].text, "");
}

static void sources_are_numbered_from_one(void **state)
{
    struct doc *d = doc_new(*state);
    for (int i = 1; i <= 20; i++) {
        struct doc_source *s = doc_source_add(d);
        assert_int_equal(s->no, i);
        assert_null(s->value);
        s->records = i;
    }
    assert_int_equal(d->nsources, 20);
    assert_int_equal(d->sources[19].records, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(blocks_and_spans_stay_in_order),
        WITH_ARENA(text_is_copied),
        WITH_ARENA(sources_are_numbered_from_one),
    };
    return cmocka_run_group_tests_name("base/doc", tests, NULL, NULL);
}
