/* SPDX-License-Identifier: Apache-2.0 */
/* seed_value.c: what may stand as a value in a seed file. */
#include "model/seed_value.h"

#include <stdlib.h>
#include <string.h>

#include "model/expr.h"
#include "model/query.h"

/* splitmix64: small, well spread, the same everywhere. */
static uint64_t chance(struct seed *s)
{
    uint64_t z = (s->state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static long between(struct seed *s, long lo, long hi)
{
    return lo + (long)(chance(s) % (uint64_t)(hi - lo + 1));
}

static int bad(const struct seed *s, const struct yaml *y, struct err *e, const char *msg)
{
    return err_set(e, ERR_INPUT, "%s:%d:%d: %s", s->file, y->line, y->col, msg);
}

static int range(const struct seed *s, const struct yaml *y, long *lo, long *hi, struct err *e)
{
    if (y->kind != YAML_LIST || y->n != 2 || y->item[0]->kind != YAML_TEXT || y->item[1]->kind != YAML_TEXT)
        return bad(s, y, e, "[from, to] is expected");
    *lo = strtol(y->item[0]->text, NULL, 10);
    *hi = strtol(y->item[1]->text, NULL, 10);
    return *lo <= *hi ? 0 : bad(s, y, e, "from is above to");
}

static int seed_text(const char **out, struct seed *s, const struct yaml *y, struct err *e);

static int text_pick(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    const struct yaml *list = y;
    if (y->kind == YAML_TEXT)
        list = s->lists ? yaml_get(s->lists, y->text) : NULL;
    if (!list || list->kind != YAML_LIST || list->n == 0)
        return bad(s, y, e, "no such list");
    return seed_text(out, s, list->item[between(s, 0, (long)list->n - 1)], e);
}

static int text_join(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    const char *all = "", *part;
    for (size_t i = 0; i < y->n; i++) {
        if (seed_text(&part, s, y->item[i], e))
            return -1;
        all = arena_printf(s->a, "%s%s", all, part ? part : "");
    }
    *out = all;
    return 0;
}

static int text_days(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    long lo, hi;
    char day[16];
    if (range(s, y, &lo, &hi, e))
        return -1;
    *out = arena_str(s->a, day_iso((int32_t)(today() + between(s, lo, hi)), day));
    return 0;
}

/* The n-th repeat falls into the n-th month (quarter) back from now; never into the future. */
static int text_back(const char **out, struct seed *s, const struct yaml *y, int months, struct err *e)
{
    long lo, hi;
    char day[16];
    struct ymd now = day_ymd(today());
    if (range(s, y, &lo, &hi, e))
        return -1;
    int32_t first = day_from_ymd(now.y, (now.m - 1) / months * months + 1, 1);
    int32_t at = (int32_t)(day_add_months(first, -months * s->index) + between(s, lo, hi) - 1);
    *out = arena_str(s->a, day_iso(at < today() ? at : today(), day));
    return 0;
}

static int text_month(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    return text_back(out, s, y, 1, e);
}

static int text_quarter(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    return text_back(out, s, y, 3, e);
}

static int text_int(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    long lo, hi;
    if (range(s, y, &lo, &hi, e))
        return -1;
    *out = arena_printf(s->a, "%ld", between(s, lo, hi));
    return 0;
}

static int text_count(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    if (y->kind != YAML_TEXT)
        return bad(s, y, e, "a prefix is expected");
    *out = arena_printf(s->a, "%s%04d", y->text, ++s->count);
    return 0;
}

static const struct {
    const char *word;
    int (*fn)(const char **out, struct seed *s, const struct yaml *y, struct err *e);
} forms[] = {
    {"pick", text_pick},   {"join", text_join},       {"days", text_days},   {"int", text_int},
    {"month", text_month}, {"quarter", text_quarter}, {"count", text_count},
};

/* The text a value comes to; NULL: nothing. */
static int seed_text(const char **out, struct seed *s, const struct yaml *y, struct err *e)
{
    *out = NULL;
    if (y->kind == YAML_TEXT) {
        *out = y->text;
        return 0;
    }
    const struct yaml *sometimes = y->kind == YAML_MAP ? yaml_get(y, "sometimes") : NULL;
    if (sometimes) {
        const struct yaml *is = yaml_get(y, "is");
        if (!is || sometimes->kind != YAML_TEXT)
            return bad(s, y, e, "{sometimes: percent, is: value} is expected");
        return between(s, 1, 100) <= strtol(sometimes->text, NULL, 10) ? seed_text(out, s, is, e) : 0;
    }
    for (size_t i = 0; y->kind == YAML_MAP && y->n == 1 && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(y->key[0]->text, forms[i].word) == 0)
            return forms[i].fn(out, s, y->item[0], e);
    return bad(s, y, e, "a text, pick, join, days, month, quarter, int, count or sometimes is expected");
}

static int seed_computed(struct value *out, struct seed *s, struct record *r, const struct yaml *y,
                         const char *text, struct err *e)
{
    struct err why = {0};
    struct expr *x = expr_parse(s->a, text, NULL, &why);
    if (!x || expr_bind(s->a, x, r->reg, NULL, NULL, &why))
        return bad(s, y, e, why.msg);
    struct scope sc = {.reg = r->reg,
                       .values = r->values,
                       .state = r->state,
                       .home = r->home,
                       .unit = r->unit,
                       .happened = DAY_NONE,
                       .today = today(),
                       .entered = now_ms(),
                       .working_day = s->job->site->working_day,
                       .working_arg = s->job->site->working_arg};
    *out = expr_eval(s->a, x, &sc);
    return 0;
}

int seed_value(struct value *out, struct seed *s, struct record *r, const struct field *f, const struct yaml *y,
               struct err *e)
{
    const char *text;
    enum reason why;
    struct err said = {0};
    *out = value_null();
    if (seed_text(&text, s, y, e))
        return -1;
    if (!text)
        return 0;
    if (strncmp(text, "= ", 2) == 0)
        return seed_computed(out, s, r, y, text + 2, e);
    struct db *d = store_reader(s->job->site->store, e);
    if (!d)
        return -1;
    struct type_ctx c = {
        .a = s->a, .today = today(), .lookup = query_lookup(s->a, &s->view, d, s->unit ? s->unit->home : 0)};
    if (type_read(out, &c, f, text, &why, &said))
        return bad(s, y, e, said.msg);
    return 0;
}
