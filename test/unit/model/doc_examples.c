/* SPDX-License-Identifier: Apache-2.0 */
/* doc_examples.c: what doc/module-language.md shows is what the program accepts and refuses.
 *
 * A fenced yaml block that begins with "# file: PATH" is a declaration; blocks with the same path replace one
 * another as they come. One that begins with "# error: TEXT" is laid over the accepted ones, as the file named in
 * its second line or as a register of its own module, and must be refused with that text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/sec.h"
#include "model/schema.h"

enum { BLOCKS_MAX = 200 };

struct block {
    const char *path, *error, *text;
    size_t n;
    int line;
};

struct doc {
    struct arena *a;
    struct block v[BLOCKS_MAX];
    size_t n;
};

static const char *line_after(struct arena *a, const char *text, const char *word)
{
    size_t k = strlen(word);
    if (strncmp(text, word, k))
        return NULL;
    return arena_strn(a, text + k, strcspn(text + k, "\n"));
}

static void doc_read(struct doc *d, const char *file)
{
    struct err e = {0};
    char *text;
    size_t n;
    int line = 1;
    assert_int_equal(file_read(&text, &n, d->a, file, 1 << 20, &e), 0);
    for (const char *p = text, *open; (open = strstr(p, "```yaml\n"));) {
        for (; p < open; p++)
            line += *p == '\n';
        const char *body = open + 8, *end = strstr(body, "\n```");
        assert_non_null(end);
        struct block b = {.text = arena_strn(d->a, body, (size_t)(end - body) + 1), .line = line};
        b.n = (size_t)(end - body) + 1;
        b.error = line_after(d->a, b.text, "# error: ");
        b.path = line_after(d->a, b.error ? strchr(b.text, '\n') + 1 : b.text, "# file: ");
        assert_true(d->n < BLOCKS_MAX);
        if (b.path)
            d->v[d->n++] = b;
        p = end;
        for (const char *q = open; q < end; q++)
            line += *q == '\n';
    }
}

static struct schema *load(struct doc *d, const struct block *with, struct schema_errors *es)
{
    struct schema_source src[BLOCKS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (!d->v[i].error && (!with || strcmp(with->path, d->v[i].path)))
            src[n++] = (struct schema_source){d->v[i].path, d->v[i].text, d->v[i].n};
    if (with)
        src[n++] = (struct schema_source){with->path, with->text, with->n};
    return schema_load(d->a, src, n, es);
}

static int setup(void **state)
{
    struct err e = {0};
    struct doc *d = calloc(1, sizeof *d);
    if (sec_init(&e) < 0)
        return -1;
    d->a = arena_new();
    doc_read(d, "doc/module-language.md");
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct doc *d = *state;
    arena_free(d->a);
    free(d);
    return 0;
}

static void accepted(void **state)
{
    struct doc *d = *state;
    struct schema_errors es = {.a = d->a};
    struct schema *s = load(d, NULL, &es);
    for (size_t i = 0; i < es.n; i++)
        print_error("%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    assert_int_equal(es.n, 0);
    assert_non_null(s);
    assert_non_null(schema_reg(s, "lending"));
    assert_non_null(schema_figure(s, "lending.rate"));
}

static void refused(void **state)
{
    struct doc *d = *state;
    size_t tried = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct block *b = &d->v[i];
        struct schema_errors es = {.a = d->a};
        bool said = false;
        if (!b->error)
            continue;
        tried++;
        struct schema *s = load(d, b, &es);
        for (size_t j = 0; j < es.n; j++)
            said |= strstr(es.v[j].msg, b->error) != NULL;
        if (!said)
            print_error("line %d of the document: expected \"%s\", got %zu errors, the first \"%s\"\n", b->line,
                        b->error, es.n, es.n ? es.v[0].msg : "");
        assert_true(said);
        assert_null(s);
    }
    assert_true(tried >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepted), cmocka_unit_test(refused)};
    return cmocka_run_group_tests_name("doc_examples", tests, setup, teardown);
}
