/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_expr.c: any bytes as an expression: refused with a place in the text, or bound, evaluated and compiled for
 * both back ends, always to the same text. */
#include <stdlib.h>

#include "../unit/model/fixture.h"

#include "base/date.h"
#include "base/utf8.h"
#include "model/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static void check_error(const char *text, int at, const struct err *e)
{
    CHECK(e->code == ERR_INPUT && *e->msg);
    CHECK(at >= 1 && at <= (int)strlen(text) + 1);
}

/* Brackets outside quotes close. */
static void check_sql(const struct expr *x, enum db_kind kind, const char *child)
{
    struct sql s;
    struct err e = {0};
    int depth = 0;
    bool quoted = false;

    query_begin(&s);
    int rc = query_expr(&s, kind, x, "r", child, 20000, &e);
    for (const char *p = buf_cstr(&s.text); !rc && !buf_overflow(&s.text) && *p; p++) {
        quoted ^= *p == '\'';
        depth += quoted ? 0 : *p == '(' ? 1 : *p == ')' ? -1 : 0;
        CHECK(depth >= 0);
    }
    CHECK(rc || buf_overflow(&s.text) || (!depth && !quoted && s.text.n));
    CHECK(!rc || *e.msg);
    query_end(&s);
}

static void check_eval(struct arena *a, const struct reg *reg, const struct expr *x)
{
    struct value values[F__MAX] = {{VALUE_NULL, 0, NULL}}, row[3] = {{VALUE_NULL, 0, NULL}};
    struct scope s = {
        .reg = reg, .values = values, .child = &reg->children[0], .row = row, .today = 20000, .happened = DAY_NONE};

    for (int round = 0; round < 2; round++) {
        struct value v = expr_eval(a, x, &s);
        CHECK(v.kind != VALUE_TEXT || v.s);
        CHECK(x->type != EXT_BOOL || v.kind != VALUE_INT || v.i == 0 || v.i == 1);
        for (int i = 0; i < F__MAX; i++)
            values[i] = type_is_text(fixture_fields[i].type) ? value_text(",tool,") : value_int(1);
        row[0] = row[1] = value_text("tool");
        row[2] = value_int(INT64_MAX);
        s.state = "out";
        s.happened = 20000;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct reg *reg = fixture(a);
    struct err e = {0};
    char *text = arena_strn(a, (const char *)data, size);
    int at = 0;

    for (int how = 0; how < 3; how++) {
        const struct reg *child = how == 1 ? &reg->children[0] : NULL;
        struct expr *x = expr_parse(a, text, &at, &e);
        if (!x) {
            check_error(text, at, &e);
            break;
        }
        CHECK(!strcmp(expr_text(x), text));
        int rc = how == 2 ? expr_bind_for(a, x, reg, NULL, &fixture_fields[size % F__MAX], &at, &e)
                          : expr_bind(a, x, reg, child, &at, &e);
        if (rc) {
            check_error(text, at, &e);
            continue;
        }
        check_eval(a, reg, x);
        check_sql(x, DB_SQLITE, child ? "c" : NULL);
        check_sql(x, DB_POSTGRES, child ? "c" : NULL);
    }
    arena_free(a);
    return 0;
}
