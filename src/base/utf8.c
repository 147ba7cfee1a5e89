/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c: UTF-8 text, and cleaning it the way office data needs it. */
#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

uint32_t utf8_next(const char **s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)*s;
    if (!p[0])
        return 0;
    *s += 1;
    if (p[0] < 0x80)
        return p[0];
    int len = p[0] >= 0xF0 && p[0] < 0xF8   ? 4
              : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
              : p[0] >= 0xC0 && p[0] < 0xE0 ? 2
                                            : 0;
    if (!len)
        return 0xFFFD;
    uint32_t cp = p[0] & (0x7Fu >> len);
    for (int i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFD;
        cp = cp << 6 | (p[i] & 0x3F);
    }
    if (cp < least[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        return 0xFFFD;
    *s += len - 1;
    return cp;
}

int utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = 0xFFFD;
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

/* Length in bytes of the well-formed character at p with n bytes left, 0 if it is not one. */
static size_t char_len(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return p[0] != 0;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < len)
        return 0;
    unsigned char lo = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char hi = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

bool utf8_valid(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    for (size_t i = 0, len; i < n; i += len)
        if (!(len = char_len(p + i, n - i)))
            return false;
    return true;
}

size_t utf8_count(const char *s)
{
    size_t n = 0;
    while (utf8_next(&s))
        n++;
    return n;
}

size_t utf8_offset(const char *s, size_t i)
{
    const char *p = s;
    while (i-- && utf8_next(&p))
        ;
    return (size_t)(p - s);
}

bool cp_is_han(uint32_t cp)
{
    return cp == 0x3007 || (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}

int utf8_width(const char *s)
{
    int w = 0;
    for (uint32_t cp; (cp = utf8_next(&s));) {
        int ea = cp < 0x1100 ? U_EA_NARROW : u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH);
        w += ea == U_EA_WIDE || ea == U_EA_FULLWIDTH ? 2 : 1;
    }
    return w;
}

/* --- cleaning */

static bool is_full_width_kept(uint32_t cp)
{
    switch (cp) {
    case 0xFF01: /* ！ */
    case 0xFF08: /* （ */
    case 0xFF09: /* ） */
    case 0xFF0C: /* ， */
    case 0xFF1A: /* ： */
    case 0xFF1B: /* ； */
    case 0xFF1F: /* ？ */
    case 0xFF5E: /* ～ */
        return true;
    default:
        return false;
    }
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
           cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* Invisible: zero-width marks, direction marks, soft hyphen, BOM, control characters. */
static bool is_nothing(uint32_t cp)
{
    return (cp < 0x20 && cp != '\t' && cp != '\n') || (cp >= 0x7F && cp < 0xA0) || cp == 0xAD ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
           cp == 0xFEFF;
}

/* ⽉ copied from a PDF looks like 月 and is another character: the Kangxi radicals give way to what they mean. */
static uint32_t radical_han(uint32_t cp)
{
    UErrorCode st = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&st);
    UChar out[4];
    int32_t n = U_SUCCESS(st) ? unorm2_getRawDecomposition(nfkc, (UChar32)cp, out, 4, &st) : 0;
    return U_SUCCESS(st) && n == 1 ? out[0] : cp;
}

/* The cleaned form of one code point; 0 for nothing. */
static uint32_t clean_cp(uint32_t cp, const char **s)
{
    if (cp == '\r') {
        if (**s == '\n')
            ++*s;
        return '\n';
    }
    if (cp == 0x2028 || cp == 0x2029)
        return '\n';
    if (is_nothing(cp))
        return 0;
    if (is_blank(cp))
        return cp == '\t' ? '\t' : ' ';
    if (cp >= 0xFF01 && cp <= 0xFF5E && !is_full_width_kept(cp))
        return cp - 0xFEE0;
    if (cp >= 0x2F00 && cp <= 0x2FD5)
        return radical_han(cp);
    return cp;
}

static bool is_edge(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

char *text_clean(struct arena *a, const char *s)
{
    /* No code point grows: U+FFFD for one malformed byte is the exception, hence three bytes for each. */
    char *out = arena_alloc(a, strlen(s) * 3 + 1);
    size_t n = 0;
    for (uint32_t cp; (cp = utf8_next(&s));) {
        cp = clean_cp(cp, &s);
        if (cp && (n || !is_edge((char)cp) || cp > 0x7F))
            n += (size_t)utf8_put(out + n, cp);
    }
    while (n && is_edge(out[n - 1]))
        n--;
    out[n] = '\0';
    return out;
}

char *text_squeeze(struct arena *a, const char *s)
{
    char *out = text_clean(a, s);
    size_t n = 0;
    for (const char *p = out; *p; p++)
        if (!is_edge(*p))
            out[n++] = *p;
    out[n] = '\0';
    return out;
}

/* The closing bracket for an opening one, 0 for anything else. */
static uint32_t bracket_end(uint32_t cp)
{
    static const uint32_t pair[][2] = {{'(', ')'},       {0xFF08, 0xFF09}, {'[', ']'}, {0x3010, 0x3011},
                                       {0x3014, 0x3015}, {'<', '>'},       {'{', '}'}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        if (pair[i][0] == cp)
            return pair[i][1];
    return 0;
}

/* Behind the bracket that closes the one just read, or NULL if it never closes. （ may be closed by ). */
static const char *bracket_skip(const char *s, uint32_t open)
{
    uint32_t end = bracket_end(open);
    for (uint32_t cp; (cp = utf8_next(&s));)
        if (cp == end || (open == '(' && cp == 0xFF09) || (open == 0xFF08 && cp == ')'))
            return s;
    return NULL;
}

static size_t fold_into(char *out, const char *s, bool skip_brackets)
{
    size_t n = 0;
    for (uint32_t cp; (cp = utf8_next(&s));) {
        const char *after = skip_brackets && bracket_end(cp) ? bracket_skip(s, cp) : NULL;
        if (after) {
            s = after;
            continue;
        }
        if (cp != '%' && (u_ispunct((UChar32)cp) || u_charType((UChar32)cp) == U_OTHER_SYMBOL))
            continue;
        char one[4];
        int len = utf8_put(one, (uint32_t)u_tolower((UChar32)cp));
        memcpy(out + n, one, (size_t)len);
        n += (size_t)len;
    }
    out[n] = '\0';
    return n;
}

char *text_fold(struct arena *a, const char *s)
{
    char *clean = text_squeeze(a, s);
    char *out = arena_alloc(a, strlen(clean) * 2 + 1); /* lower case may take a byte more than upper case */
    if (!fold_into(out, clean, true))
        fold_into(out, clean, false);
    return out;
}
