/* SPDX-License-Identifier: Apache-2.0 */
/* schema_propose_column.c: what a column holds, told from its header and its values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "model/schema_propose_parts.h"
#include "model/type.h"

enum { LONG_TEXT = 60, CHOICE_LENGTH = 12, NAME_BYTES = 28 };

static const struct {
    const char *header, *name;
} common_names[] = {
    {"编号", "number"},     {"登记编号", "number"},   {"案号", "number"},
    {"姓名", "name"},       {"名称", "name"},         {"性别", "sex"},
    {"日期", "date"},       {"登记日期", "date"},     {"登记时间", "date"},
    {"时间", "time"},       {"地点", "place"},        {"地址", "address"},
    {"住址", "address"},    {"家庭住址", "address"},  {"电话", "phone"},
    {"联系电话", "phone"},  {"手机", "phone"},        {"手机号", "phone"},
    {"手机号码", "phone"},  {"联系方式", "phone"},    {"身份证号", "idno"},
    {"身份证号码", "idno"}, {"证件号码", "idno"},     {"备注", "note"},
    {"说明", "note"},       {"内容", "content"},      {"事项", "matter"},
    {"主题", "topic"},      {"金额", "amount"},       {"费用", "amount"},
    {"人数", "people"},     {"参加人数", "people"},   {"类型", "kind"},
    {"类别", "kind"},       {"网格", "grid"},         {"所属网格", "grid"},
    {"所在网格", "grid"},   {"支部", "branch"},       {"所属支部", "branch"},
    {"所在支部", "branch"}, {"负责人", "lead"},       {"责任人", "lead"},
    {"联系人", "contact"},  {"单位", "organisation"}, {"单位名称", "organisation"},
    {"结果", "result"},     {"办理结果", "result"},   {"状态", "status"},
    {"年龄", "age"},        {"时长", "hours"},        {"统一社会信用代码", "credit"},
};

static const char *const reserved_words[] = {"state",  "happened", "entered", "home",  "today", "now",   "id",
                                             "late",   "batch",    "due",     "gone",  "and",   "or",    "not",
                                             "in",     "is",       "empty",   "any",   "wd",    "d",     "h",
                                             "months", "version",  "unit",    "month", "true",  "false", NULL};
static const char *const date_headers[] = {"日期", "时间", "时限", "年月日", "截止", NULL};
static const char *const phone_headers[] = {"电话", "手机", "联系方式", NULL};
static const char *const money_headers[] = {"元", "金额", "费", "款", "押金", "资金", NULL};
static const char *const person_endings[] = {"人", "员", "姓名", "者", NULL};
static const char *const address_headers[] = {"地址", "住址", "门牌", "楼号", "房号", NULL};
static const char *const note_headers[] = {"备注", "说明", "附注", NULL};
static const char *const number_headers[] = {"编号", "案号", "号码", "代码", NULL};
static const char *const blank_words[] = {"无", "/", "-", "—", "——", "／", "暂无", NULL};
static const char *const yes_words[] = {"是", "否", NULL};

bool column_says(const char *header, const char *const *words)
{
    for (; *words; words++)
        if (strstr(header, *words))
            return true;
    return false;
}

static bool header_ends(const char *header, const char *const *words)
{
    for (size_t n = strlen(header); *words; words++) {
        size_t k = strlen(*words);
        if (n >= k && !strcmp(header + n - k, *words))
            return true;
    }
    return false;
}

/* Pinyin syllables as one word of small letters, cut at max bytes. */
const char *pinyin_word(struct arena *a, const char *s, size_t max)
{
    const char *p = pinyin_name(a, text_fold(a, s));
    char *out = arena_alloc(a, max + 1);
    size_t n = 0;
    for (; *p && n < max; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'), digit = *p >= '0' && *p <= '9';
        if (letter || (digit && n))
            out[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    }
    return n ? out : "column";
}

const char *guess_name(struct arena *a, const char *header, struct map *used)
{
    const char *fold = text_fold(a, header), *name = NULL;
    for (size_t i = 0; !name && i < sizeof common_names / sizeof *common_names; i++)
        if (!strcmp(common_names[i].header, fold))
            name = common_names[i].name;
    if (!name && header_ends(fold, (const char *const[]){"编号", NULL}))
        name = "number";
    if (!name)
        name = pinyin_word(a, header, NAME_BYTES);
    if (word_in(reserved_words, name))
        name = arena_printf(a, "%s_", name);
    const char *unique = name;
    for (int i = 2; map_get(used, unique); i++)
        unique = arena_printf(a, "%s_%d", name, i);
    map_put(used, unique, used);
    return unique;
}

static bool digits_between(const char *s, size_t min, size_t max)
{
    size_t n = strspn(s, "0123456789-");
    return !s[n] && n >= min && n <= max;
}

/* 1,800 and 1800元 are amounts as people type them. */
static void guess_number(struct guess *g, const char *s)
{
    char digits[24], *end;
    size_t n = 0;
    for (; *s && n + 1 < sizeof digits && strcmp(s, "元") != 0; s++)
        if (*s != ',')
            digits[n++] = *s;
    digits[n] = 0;
    s = digits;
    double v = strtod(s, &end);
    bool plain = n && *end == '\0' && strspn(s, "0123456789.-") == n && isfinite(v);
    /* A zero in front is part of a number's writing (0571), not of an amount. */
    if (!plain || (s[0] == '0' && s[1] && s[1] != '.') || strlen(s) > 12)
        return;
    const char *point = strchr(s, '.');
    int decimals = point ? (int)strlen(point + 1) : 0;
    g->numbers++;
    g->whole += decimals == 0;
    g->decimals = decimals > g->decimals ? decimals : g->decimals;
}

static void guess_date(struct guess *g, const struct cell *c, const char *s)
{
    struct date_read d = date_parse(s, 2000);
    bool only_digits = strspn(s, "0123456789.") == strlen(s);
    if (c->kind == CELL_NUMBER && d.form != DATE_BAD) {
        g->plain_days++;
        return;
    }
    if (d.form == DATE_BAD)
        return;
    if (only_digits && d.form != DATE_DAY) {
        g->plain_days++; /* 24.3 is an amount unless the header says otherwise */
        return;
    }
    g->dates++;
    g->minutes += d.form == DATE_MINUTE;
    g->months += d.form == DATE_MONTH;
}

void guess_value(struct guess *g, struct arena *a, const struct cell *c, bool date1904)
{
    const char *s = text_clean(a, cell_shown(a, c, date1904));
    size_t n = utf8_count(s);
    g->rows++;
    if (!*s)
        return;
    if (word_in(blank_words, s)) {
        map_put(g->blanks, s, g);
        return;
    }
    g->filled++;
    g->longest = n > g->longest ? n : g->longest;
    g->longs += n > LONG_TEXT || strchr(s, '\n') != NULL;
    g->flags += word_in(yes_words, s);
    g->names += n >= 2 && n <= 4;
    g->phones += digits_between(text_squeeze(a, s), 7, 13);
    g->idnos += strlen(s) == 18 && idno_valid(s);
    g->credits += strlen(s) == 18 && credit_valid(s);
    guess_date(g, c, s);
    guess_number(g, s);
    if (n <= CHOICE_LENGTH && map_count(g->values) <= PROPOSE_CHOICES)
        map_put(g->values, s, g);
    map_put(g->all, s, g);
}

static bool most(const struct guess *g, long n)
{
    return g->filled > 0 && n * 5 >= g->filled * 4;
}

static bool few_values(const struct guess *g)
{
    size_t n = map_count(g->values);
    return map_count(g->all) == n && n >= 2 && n <= PROPOSE_CHOICES && g->filled >= 8 && (long)n * 3 <= g->filled;
}

/* All of them; of money most, as it is often typed with words. */
static bool is_number(const struct guess *g)
{
    long need = column_says(g->header, money_headers) ? g->filled * 3 / 5 : g->filled;
    return g->filled && g->numbers >= need && !column_says(g->header, number_headers);
}

static enum field_type number_type(const struct guess *g)
{
    if (column_says(g->header, money_headers) && g->decimals <= 2)
        return TYPE_MONEY;
    return g->whole == g->numbers ? TYPE_INT : TYPE_DECIMAL;
}

static enum field_type text_type(struct arena *a, const struct guess *g)
{
    if (strstr(g->header, "网格") && !strstr(g->header, "员"))
        return TYPE_GRID;
    if (strstr(g->header, "支部"))
        return TYPE_UNIT;
    if (header_ends(text_fold(a, g->leaf), person_endings) && most(g, g->names))
        return TYPE_PERSON;
    if (few_values(g) && !column_says(g->header, note_headers) && !column_says(g->header, address_headers) &&
        !column_says(g->header, number_headers))
        return TYPE_CHOICE;
    return g->longs ? TYPE_LONGTEXT : TYPE_TEXT;
}

void guess_type(struct arena *a, struct guess *g)
{
    bool dated = column_says(g->header, date_headers);
    if (strstr(g->header, "身份证") || (g->filled && g->idnos * 2 > g->filled))
        g->type = TYPE_IDNO;
    else if (most(g, g->credits) || strstr(g->header, "信用代码"))
        g->type = TYPE_CREDIT;
    else if (column_says(g->header, phone_headers) && g->phones * 2 > g->filled)
        g->type = TYPE_PHONE;
    else if (most(g, g->dates + (dated ? g->plain_days : 0)))
        g->type = g->minutes * 2 > g->dates            ? TYPE_INSTANT
                  : g->months && g->months == g->dates ? TYPE_MONTH
                                                       : TYPE_DATE;
    else if (is_number(g))
        g->type = number_type(g);
    else if (g->filled && g->flags == g->filled)
        g->type = TYPE_FLAG;
    else
        g->type = text_type(a, g);
    bool personal = g->type == TYPE_PHONE || g->type == TYPE_PERSON || column_says(g->header, address_headers);
    g->cls = g->type == TYPE_IDNO ? CLASS_PROTECTED : personal ? CLASS_PERSONAL : CLASS_INTERNAL;
}
