/* SPDX-License-Identifier: Apache-2.0 */
/* render.c: exact values to printed numbers. */
#include "engine/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

typedef __int128 wide;

static int64_t pow10_of(int n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* A value as a fraction: num / den, den > 0. */
struct fraction {
    wide num, den;
};

static bool exact(struct fraction *q, const struct figure_value *v, const struct render *r)
{
    enum figure_kind kind = v->figure->kind;
    if (v->gap)
        return false;
    if (r->part != RENDER_VALUE) {
        *q = (struct fraction){r->part == RENDER_NUM ? v->num : v->den, 1};
        return true;
    }
    if (kind == FIG_RATIO || (kind == FIG_CADENCE && r->percent)) {
        if (v->den <= 0)
            return false;
        *q = (struct fraction){(wide)v->num * 100, v->den};
        return true;
    }
    *q = (struct fraction){v->value, pow10_of(v->figure->places)};
    return true;
}

/* The fraction times 10^places as a whole number. */
static int64_t scaled(struct fraction q, int places, char mode)
{
    wide n = q.num * pow10_of(places), neg = n < 0 ? -1 : 1;
    n *= neg;
    wide whole = n / q.den;
    if (mode == 'r' && (n % q.den) * 2 >= q.den)
        whole++;
    return (int64_t)(whole * neg);
}

static const char *group_digits(struct arena *a, const char *digits)
{
    size_t n = strlen(digits), k = 0;
    char *out = arena_alloc(a, n + n / 3 + 2);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    return out;
}

/* A whole number of 10^-places, without trailing zeros. */
static const char *decimal(struct arena *a, int64_t n, int places, bool thousands)
{
    char digits[32];
    const char *sign = n < 0 ? "-" : "";
    int64_t p = pow10_of(places), abs = n < 0 ? -n : n, rest = abs % p;
    while (places > 0 && rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    snprintf(digits, sizeof digits, "%" PRId64, abs / p);
    const char *whole = thousands ? group_digits(a, digits) : arena_str(a, digits);
    if (places == 0)
        return arena_printf(a, "%s%s", sign, whole);
    return arena_printf(a, "%s%s.%0*" PRId64, sign, whole, places, rest);
}

int render_compare(const struct figure_value *v, const struct render *r, int64_t micro)
{
    struct fraction q;
    if (!exact(&q, v, r))
        return -1;
    wide l = q.num * RENDER_MICRO, s = (wide)micro * q.den;
    return l < s ? -1 : l > s;
}

/* 280 of 283 by tens; *cut says whether anything was cut off. */
static int64_t floor_to(struct fraction q, int64_t step_micro, bool *cut)
{
    wide v = q.num * RENDER_MICRO, s = (wide)step_micro * q.den;
    wide k = v > 0 && s > 0 ? v / s : 0;
    *cut = k > 0 && k * s != v;
    return (int64_t)(k * step_micro);
}

static const char *plain(struct arena *a, const struct figure_value *v, struct fraction q, const struct render *r)
{
    bool ratio = v->figure->kind == FIG_RATIO && r->part == RENDER_VALUE;
    int places = r->mode ? r->places : r->part != RENDER_VALUE ? 0 : v->figure->places;
    char mode = r->mode ? r->mode : ratio && v->figure->truncate ? 't' : 'r';
    if (v->figure->kind == FIG_CADENCE && r->percent && !r->mode)
        places = 1, mode = 't';
    if (r->wan && q.num >= q.den * 10000) {
        q.den *= 10000;
        return arena_printf(a, "%s万", decimal(a, scaled(q, 1, r->mode ? r->mode : 'r'), 1, false));
    }
    int64_t n = scaled(q, places, mode);
    if (r->han && places == 0)
        return han_number(a, n);
    return decimal(a, n, places, r->thousands);
}

int render_number(const char **out, struct arena *a, const struct figure_value *v, const struct render *r)
{
    struct fraction q;
    if (!exact(&q, v, r))
        return -1;
    const char *text = NULL, *word = "";
    bool cut = false;
    if (r->bound == RENDER_FLOOR) {
        int64_t down = floor_to(q, r->step, &cut);
        if (cut)
            q = (struct fraction){down, RENDER_MICRO};
    } else if (r->bound != RENDER_EXACT) {
        int cmp = render_compare(v, r, r->step);
        if (cmp < 0 || (cmp == 0 && r->bound == RENDER_ABOVE))
            return 1;
        text = decimal(a, r->step, 6, r->thousands);
        cut = true;
    }
    if (!text)
        text = plain(a, v, q, r);
    if (cut)
        word = r->word ? r->word : "";
    *out = arena_printf(a, "%s%s%s", text, r->percent ? "%" : "", word);
    return 0;
}

const char *render_exact(struct arena *a, const struct figure_value *v, enum render_part part)
{
    struct render r = {.part = part};
    struct fraction q;
    if (!exact(&q, v, &r))
        return "";
    return plain(a, v, q, &r);
}

int render_micro(int64_t *out, const char *s)
{
    bool neg = *s == '-';
    const char *p = s + neg;
    int64_t whole = 0, part = 0;
    int digits = 0, places = 0;
    for (; *p >= '0' && *p <= '9'; p++, digits++)
        whole = whole * 10 + (*p - '0');
    if (digits == 0 || digits > 12)
        return -1;
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9' && places < 6; p++, places++)
            part = part * 10 + (*p - '0');
        if (places == 0)
            return -1;
    }
    if (*p)
        return -1;
    part *= pow10_of(6 - places);
    *out = (whole * RENDER_MICRO + part) * (neg ? -1 : 1);
    return 0;
}
