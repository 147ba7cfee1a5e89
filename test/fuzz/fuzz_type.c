/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_type.c: any bytes as any kind of cell of any field: refused with a reason and words, or kept as a value that
 * reads back the same from what machines write. */
#include <stdlib.h>

#include "../unit/model/fixture.h"

#include "base/date.h"
#include "base/utf8.h"
#include "model/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static int64_t find(void *arg, const struct field *f, const char *text)
{
    (void)arg;
    (void)f;
    return text[0] == '#' ? atoi(text + 1) : (int64_t)strlen(text) % 5 - 1;
}

static const struct lookup lookup = {find, NULL};

static void check_value(const struct type_ctx *c, const struct field *f, struct value v)
{
    struct err e = {0};
    enum reason why;
    struct value back;

    CHECK(v.kind == VALUE_NULL || v.kind == (type_is_text(f->type) ? VALUE_TEXT : VALUE_INT));
    const char *plain = type_plain(c->a, f, v), *show = type_show(c->a, f, v, LANG_HANS);
    const char *mask = type_mask(c->a, f, v);
    CHECK(utf8_valid(plain, strlen(plain)) && utf8_valid(show, strlen(show)) && utf8_valid(mask, strlen(mask)));
    CHECK((v.kind == VALUE_NULL) == !*mask);
    CHECK(v.kind != VALUE_TEXT || (f->type != TYPE_IDNO && f->type != TYPE_PHONE) || strcmp(mask, v.s) != 0);
    if (v.kind == VALUE_NULL)
        return;
    CHECK(type_read(&back, c, f, plain, &why, &e) == 0);
    CHECK(value_equal(v, back));
}

static void check_cell(const struct type_ctx *c, const struct field *f, const struct cell *cell)
{
    struct err e = {0};
    enum reason why = REASON__MAX;
    struct value v;

    if (type_read_cell(&v, c, f, cell, &why, &e)) {
        CHECK(why > REASON_NONE && why < REASON__MAX && *reason_word[why]);
        CHECK(e.code == ERR_INPUT && *e.msg && !strcmp(e.field, f->name));
        CHECK(v.kind == VALUE_NULL);
        return;
    }
    CHECK(why == REASON_NONE);
    check_value(c, f, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct arena *a = arena_new();
    struct type_ctx c = {.a = a, .lookup = &lookup, .today = 20000, .year_hint = data[1] & 64 ? 2024 : 0};
    struct cell cell = {.kind = CELL_TEXT};
    double num = 0;

    fixture(a);
    cell.text = arena_strn(a, (const char *)data + 2, size - 2);
    if (size >= 2 + sizeof num)
        memcpy(&num, data + 2, sizeof num);
    if (data[1] % 8 > 3) {
        cell.kind = (enum cell_kind)(data[1] % 8 - 2); /* CELL_NUMBER … CELL_ERROR */
        cell.num = data[1] & 16 ? num : strtod(cell.text, NULL);
    }
    for (int i = 0; i < F__MAX; i++)
        if (data[0] == 255 || data[0] % F__MAX == i)
            check_cell(&c, &fixture_fields[i], &cell);
    (void)idno_inside(cell.text);
    arena_free(a);
    return 0;
}
