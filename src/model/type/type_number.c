/* SPDX-License-Identifier: Apache-2.0 */
/* type_number.c: whole numbers, decimals and money. Never through floating point: the digits as written are
 * scaled, and what has more decimals than the field keeps is refused, not rounded. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "model/type_ops.h"

enum { DIGITS_MAX = 15 }; /* of a kept value, decimals included */
static const int64_t KEPT_MAX = INT64_C(999999999999999);

/* Words after a number that only say what is counted. */
static const char *const counters[] = {"人次", "个", "件", "次", "人", "户", "名", "场", "份", "期", "册", NULL};
static const char *const yuan[] = {"元整", "元", "圆", "块", NULL};
static const char *const hours[] = {"个小时", "小时", "h", "H", NULL};

static int places_of(const struct field *f)
{
    return f->type == TYPE_MONEY ? 2 : f->type == TYPE_DECIMAL ? f->places : 0;
}

static bool cut_end(char *s, const char *word)
{
    size_t n = strlen(s), m = strlen(word);

    if (!m || n <= m || strcmp(s + n - m, word) != 0)
        return false;
    s[n - m] = '\0';
    return true;
}

static bool cut_any(char *s, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (cut_end(s, words[i]))
            return true;
    return false;
}

static bool in_words(const char *const *words, const char *word)
{
    for (size_t i = 0; words[i]; i++)
        if (!strcmp(words[i], word))
            return true;
    return false;
}

/* Take the unit off the end. A unit that means another amount (30分钟 where 小时 are kept) stays and is refused. */
static void cut_suffix(const struct field *f, char *s)
{
    if (f->suffix && cut_end(s, f->suffix))
        return;
    if (f->type == TYPE_MONEY || (f->suffix && in_words(yuan, f->suffix)))
        cut_any(s, yuan);
    else if (f->suffix && in_words(hours, f->suffix))
        cut_any(s, hours);
    else if (f->suffix && !in_words(counters, f->suffix))
        return;
    else if (!cut_any(s, counters) && !f->suffix && !cut_any(s, hours))
        cut_any(s, yuan);
}

static char *cut_front(char *s)
{
    static const char *const marks[] = {"￥", "¥", "人民币", "RMB", "+", NULL};

    for (size_t i = 0; marks[i]; i++)
        if (!strncmp(s, marks[i], strlen(marks[i])))
            s += strlen(marks[i]);
    return s;
}

/* Thousands: 1,800 and 1，800 but not 18,00. Takes the commas out; false if they stand wrongly. */
static bool join_thousands(char *s)
{
    char *out = s, *group = NULL;
    bool comma = false;
    size_t digits = 0;

    for (char *p = s; *p && *p != '.';) {
        size_t n = *p == ',' ? 1 : !strncmp(p, "，", 3) ? 3 : 0;
        if (n) {
            if (!digits || digits > 3 || (comma && digits != 3))
                return false;
            comma = true;
            digits = 0;
            p += n;
        } else {
            digits += *p >= '0' && *p <= '9';
            *out++ = *p++;
        }
        group = p;
    }
    if (comma && digits != 3)
        return false;
    if (group && group != out)
        memmove(out, group, strlen(group) + 1);
    return true;
}

enum parsed { NUM_OK, NUM_BAD, NUM_PLACES, NUM_LARGE };

/* Digits with at most one point into a whole number scaled by 10^places; shift more places come from 万. */
static enum parsed scale_digits(const char *s, int places, int shift, int64_t *out)
{
    bool negative = *s == '-', point = false;
    int digits = 0, left = places + shift;
    int64_t v = 0;

    s += negative;
    if (*s < '0' || *s > '9')
        return NUM_BAD;
    for (; *s; s++) {
        if (*s == '.' && !point && s[1] >= '0' && s[1] <= '9') {
            point = true;
            continue;
        }
        if (*s < '0' || *s > '9')
            return NUM_BAD;
        if (point && !left) {
            if (*s != '0')
                return NUM_PLACES;
            continue;
        }
        digits += v || *s != '0';
        if (digits > DIGITS_MAX)
            return NUM_LARGE;
        v = v * 10 + (*s - '0');
        left -= point;
    }
    for (; left > 0; left--)
        if ((v *= 10) > KEPT_MAX)
            return NUM_LARGE;
    *out = negative ? -v : v;
    return NUM_OK;
}

static int check_range(const struct reading *r, int64_t v)
{
    const struct field *f = r->f;

    if (v >= f->min && v <= f->max)
        return 0;
    const char *min = f->min == INT64_MIN ? NULL : show_number(r->c->a, f, value_int(f->min), LANG_HANS);
    const char *max = f->max == INT64_MAX ? NULL : show_number(r->c->a, f, value_int(f->max), LANG_HANS);
    if (min && max)
        return type_refuse(r, REASON_RANGE, "“%s”超出范围，应在 %s 至 %s 之间。", r->text, min, max);
    if (min)
        return type_refuse(r, REASON_RANGE, "“%s”太小，不能小于 %s。", r->text, min);
    return type_refuse(r, REASON_RANGE, "“%s”太大，不能大于 %s。", r->text, max);
}

static int refuse_number(const struct reading *r, enum parsed what)
{
    int places = places_of(r->f);

    if (what == NUM_PLACES && !places)
        return type_refuse(r, REASON_NUMBER, "“%s”应为整数，不能有小数。", r->text);
    if (what == NUM_PLACES)
        return type_refuse(r, REASON_NUMBER, "“%s”的小数超过 %d 位，请保留 %d 位小数后再填。", r->text, places,
                           places);
    if (what == NUM_LARGE)
        return type_refuse(r, REASON_RANGE, "“%s”太大，请核对。", r->text);
    return type_refuse(r, REASON_NUMBER, "“%s”不是%s，请只填数字%s%s。", r->text,
                       r->f->type == TYPE_MONEY ? "金额" : "数字", r->f->suffix ? "，单位是" : "",
                       r->f->suffix ? r->f->suffix : "");
}

int read_number(const struct reading *r)
{
    int64_t v = 0;

    if (r->cell->kind == CELL_DATE || r->cell->kind == CELL_BOOL)
        return refuse_number(r, NUM_BAD);
    if (type_lost_digits(r))
        return -1;
    char *s = text_squeeze(r->c->a, r->text);
    s = cut_front(s);
    cut_suffix(r->f, s);
    int shift = cut_end(s, "万") ? 4 : 0;
    enum parsed p = join_thousands(s) ? scale_digits(s, places_of(r->f), shift, &v) : NUM_BAD;
    if (p != NUM_OK)
        return refuse_number(r, p);
    if (check_range(r, v))
        return -1;
    *r->out = value_int(v);
    return 0;
}

const char *plain_number(struct arena *a, const struct field *f, struct value v)
{
    int places = places_of(f);
    uint64_t u = v.i < 0 ? 0 - (uint64_t)v.i : (uint64_t)v.i, unit = 1;

    for (int i = 0; i < places; i++)
        unit *= 10;
    if (!places)
        return arena_printf(a, "%lld", (long long)v.i);
    return arena_printf(a, "%s%llu.%0*llu", v.i < 0 ? "-" : "", (unsigned long long)(u / unit), places,
                        (unsigned long long)(u % unit));
}

/* 1800.50 → 1,800.50 */
static char *thousands(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) * 2 + 1), *p = out;
    size_t digits = strspn(s + (*s == '-'), "0123456789");

    if (*s == '-')
        *p++ = *s++;
    for (; digits; digits--) {
        *p++ = *s++;
        if (digits > 1 && (digits - 1) % 3 == 0)
            *p++ = ',';
    }
    strcpy(p, s);
    return out;
}

const char *show_number(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    char *s = arena_str(a, plain_number(a, f, v));

    if (f->type == TYPE_MONEY) {
        cut_end(s, ".00");
        s = thousands(a, s);
    } else if (f->type == TYPE_DECIMAL && f->places) {
        while (cut_end(s, "0"))
            ;
        cut_end(s, ".");
    }
    if (!f->suffix)
        return s;
    return arena_printf(a, l == LANG_EN ? "%s %s" : "%s%s", s, lang_tr(a, l, f->suffix));
}
