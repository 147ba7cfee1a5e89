/* SPDX-License-Identifier: Apache-2.0 */
/* type_code.c: telephone numbers, identity numbers (GB 11643-1999), unified social credit codes (GB 32100-2015).
 * Messages do not repeat identity numbers: they end up in reports. */
#include <string.h>

#include "base/utf8.h"
#include "model/type_ops.h"

static bool all_digits(const char *s, size_t n)
{
    return strlen(s) >= n && strspn(s, "0123456789") >= n;
}

/* --- telephone */

/* Squeezed, without the apostrophe that forces text in spreadsheets, brackets as hyphens. */
static char *phone_text(struct arena *a, const char *text)
{
    static const struct {
        const char *from, *to;
    } marks[] = {{"'", ""},  {"’", ""},  {"‘", ""},  {"（", ""},  {"(", ""},   {"）", "-"},
                 {")", "-"}, {"—", "-"}, {"–", "-"}, {"－", "-"}, {"转", "-"}, {"#", "-"}};
    const char *s = text_squeeze(a, text);
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;

    while (*s) {
        size_t i = 0, n = sizeof marks / sizeof *marks;
        while (i < n && strncmp(s, marks[i].from, strlen(marks[i].from)) != 0)
            i++;
        if (i == n) {
            *p++ = *s++;
            continue;
        }
        s += strlen(marks[i].from);
        p = stpcpy(p, marks[i].to);
    }
    *p = '\0';
    if (p - out > 2 && !strcmp(p - 2, ".0")) /* a number that went through a spreadsheet's floating point */
        p[-2] = '\0';
    return out;
}

static const char *skip_country(const char *s)
{
    if (!strncmp(s, "+86", 3))
        s += 3;
    else if (!strncmp(s, "0086", 4))
        s += 4;
    else if (!strncmp(s, "86", 2) && strlen(s) >= 13)
        s += 2;
    return s + (*s == '-');
}

static char *without_hyphens(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;

    for (; *s; s++)
        if (*s != '-')
            *p++ = *s;
    return out;
}

/* 0311-88886666[-123], 88886666, 010 and 02x with three digits of area code. NULL: not one. */
static const char *landline(struct arena *a, const char *s)
{
    size_t area = 0, digits;

    if (*s == '0') {
        area = s[1] == '1' || s[1] == '2' ? 3 : 4;
        if (!all_digits(s, area))
            return NULL;
    }
    const char *p = s + area + (area && s[area] == '-');
    digits = strspn(p, "0123456789");
    if (digits < 7 || digits > 8 || *p == '0' || *p == '1')
        return NULL;
    const char *extension = p + digits;
    if (*extension && (*extension != '-' || !all_digits(extension + 1, 1) || strlen(extension) > 7 ||
                       strspn(extension + 1, "0123456789") != strlen(extension + 1)))
        return NULL;
    return arena_printf(a, "%.*s%s%s", (int)area, s, area ? "-" : "", p);
}

static const char *phone_number(struct arena *a, const char *text)
{
    const char *s = skip_country(text), *bare = without_hyphens(a, s);
    size_t n = strlen(bare);

    if (!all_digits(bare, n) || !n)
        return NULL;
    if (n == 11 && bare[0] == '1' && bare[1] >= '3')
        return bare;
    if (n == 10 && (!strncmp(bare, "400", 3) || !strncmp(bare, "800", 3)))
        return bare;
    if (n >= 3 && n <= 6 && (bare[0] == '1' || bare[0] == '9') && s == text) /* 110, 12345, 95588 */
        return bare;
    return landline(a, s);
}

int read_phone(const struct reading *r)
{
    if (r->cell->kind == CELL_DATE || r->cell->kind == CELL_BOOL)
        return type_refuse(r, REASON_PHONE, "“%s”不是电话号码。", r->text);
    if (type_lost_digits(r))
        return -1;
    const char *s = phone_text(r->c->a, r->text);
    if (strstr(s, "/") || strstr(s, "、") || strstr(s, ";") || strstr(s, "；") || strstr(s, ",") || strstr(s, "，"))
        return type_refuse(r, REASON_PHONE, "这一格里不止一个号码。请只留一个，其余写到备注里。");
    const char *n = phone_number(r->c->a, s);
    if (!n)
        return type_refuse(r, REASON_PHONE, "“%s”不是电话号码。手机号应为 11 位；座机请带区号，如 0311-88886666。",
                           r->text);
    *r->out = value_text(n);
    return 0;
}

/* Stars for all but head bytes in front and tail behind. */
static const char *stars(struct arena *a, const char *s, size_t head, size_t tail)
{
    size_t n = strlen(s);
    char *out = arena_str(a, s);

    if (head + tail >= n)
        head = tail = 0;
    memset(out + head, '*', n - head - tail);
    return out;
}

const char *mask_phone(struct arena *a, const struct field *f, struct value v)
{
    (void)f;
    return strlen(v.s) == 11 && *v.s == '1' ? stars(a, v.s, 3, 4) : stars(a, v.s, 0, 2);
}

const char *mask_idno(struct arena *a, const struct field *f, struct value v)
{
    (void)f;
    return stars(a, v.s, 4, 4);
}

/* --- identity number */

static int idno_check(const char *s)
{
    static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += (s[i] - '0') * weight[i];
    return "10X98765432"[sum % 11];
}

/* The birthday at s[6…13], DAY_NONE if there is no such day or it is not yet. */
static int32_t idno_birthday(const char *s, int32_t today_day)
{
    char iso[11];

    memcpy(iso, s + 6, 4);
    iso[4] = iso[7] = '-';
    memcpy(iso + 5, s + 10, 2);
    memcpy(iso + 8, s + 12, 2);
    iso[10] = '\0';
    int32_t day = day_parse_iso(iso);
    return day == DAY_NONE || day > today_day || day < day_from_ymd(1850, 1, 1) ? DAY_NONE : day;
}

static bool idno_shape(const char *s)
{
    return all_digits(s, 17) && s[0] != '0' && (s[17] == 'X' || (s[17] >= '0' && s[17] <= '9'));
}

bool idno_valid(const char *s)
{
    return strlen(s) == 18 && idno_shape(s) && idno_birthday(s, today()) != DAY_NONE && idno_check(s) == s[17];
}

static char *code_text(const struct reading *r)
{
    char *s = text_squeeze(r->c->a, r->text);

    while (*s == '\'' || *s == '`')
        s++;
    if (!strncmp(s, "‘", 3) || !strncmp(s, "’", 3))
        s += 3;
    for (char *p = s; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return s;
}

int read_idno(const struct reading *r)
{
    if (type_lost_digits(r))
        return -1;
    char *s = code_text(r);
    size_t n = strlen(s);
    if (n == 15 && all_digits(s, 15))
        return type_refuse(r, REASON_CHECKSUM, "这是 15 位的旧号码，请对照身份证填写 18 位号码。");
    if (n != 18)
        return type_refuse(r, REASON_CHECKSUM, "身份证号应为 18 位，这里有 %zu 位，请对照证件核对。",
                           utf8_count(s));
    if (!idno_shape(s))
        return type_refuse(r, REASON_CHECKSUM, "身份证号应为 17 位数字加 1 位数字或 X，请检查是否把 0 写成了 O。");
    if (idno_birthday(s, r->c->today ? r->c->today : today()) == DAY_NONE)
        return type_refuse(r, REASON_CHECKSUM,
                           "身份证号里的出生日期 %.4s-%.2s-%.2s 不存在或还没到，请对照证件核对。", s + 6, s + 10,
                           s + 12);
    if (idno_check(s) != s[17])
        return type_refuse(r, REASON_CHECKSUM, "身份证号的校验位不对，有数字写错了，请对照证件核对。");
    *r->out = value_text(s);
    return 0;
}

/* --- unified social credit code */

static const char credit_letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int credit_check(const char *s)
{
    int sum = 0, weight = 1;

    for (int i = 0; i < 17; i++) {
        const char *p = s[i] ? strchr(credit_letters, s[i]) : NULL;
        if (!p)
            return -1;
        sum += (int)(p - credit_letters) * weight;
        weight = weight * 3 % 31;
    }
    return credit_letters[(31 - sum % 31) % 31];
}

bool credit_valid(const char *s)
{
    return strlen(s) == 18 && credit_check(s) == s[17];
}

int read_credit(const struct reading *r)
{
    if (type_lost_digits(r))
        return -1;
    char *s = code_text(r);
    if (strlen(s) != 18)
        return type_refuse(r, REASON_CHECKSUM, "统一社会信用代码应为 18 位，这里有 %zu 位，请对照证照核对。",
                           utf8_count(s));
    if (credit_check(s) < 0 || !strchr(credit_letters, s[17]))
        return type_refuse(r, REASON_CHECKSUM,
                           "统一社会信用代码里没有字母 I、O、S、V、Z，请检查是否应为 1、0、5、2。");
    if (credit_check(s) != s[17])
        return type_refuse(r, REASON_CHECKSUM, "统一社会信用代码的校验位不对，请对照证照核对。");
    *r->out = value_text(s);
    return 0;
}

/* --- the watch on what goes out */

/* The half-width digit or X at s (full-width ones too), 0 for anything else; *n bytes long. */
static char digit_at(const char *s, size_t *n)
{
    const unsigned char *p = (const unsigned char *)s;

    *n = 1;
    if ((*s >= '0' && *s <= '9') || *s == 'X' || *s == 'x')
        return *s == 'x' ? 'X' : *s;
    if (p[0] == 0xEF && p[1] == 0xBC && ((p[2] >= 0x90 && p[2] <= 0x99) || p[2] == 0xB8)) {
        *n = 3;
        return p[2] == 0xB8 ? 'X' : (char)(p[2] - 0x90 + '0');
    }
    return 0;
}

/* Eighteen digits from a group's begin, groups parted by at most one blank or hyphen (110101 19900307 0021). A
 * plausible birthday is enough: a number with a mistyped check digit is still somebody's. */
static bool idno_at(const char *s)
{
    char run[19] = "";
    size_t n = 0, len = 0;

    while (n < 18) {
        char c = digit_at(s, &len);
        if (!c && n && (*s == ' ' || *s == '-'))
            c = digit_at(++s, &len);
        if (!c || (c == 'X' && n != 17))
            return false;
        run[n++] = c;
        s += len;
    }
    return !digit_at(s, &len) && idno_shape(run) && idno_birthday(run, today()) != DAY_NONE;
}

bool idno_inside(const char *s)
{
    bool digit = false;

    for (size_t len; *s; s += len) {
        char c = digit_at(s, &len);
        if (c && !digit && idno_at(s))
            return true;
        digit = c != 0;
    }
    return false;
}
