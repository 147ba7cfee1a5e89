/* SPDX-License-Identifier: Apache-2.0 */
/* han.c: Chinese text through ICU (pinyin), OpenCC (simplified and traditional) and iconv (GB18030).
 *
 * The transliterators and converters are opened at first use, kept for the life of the process and used
 * under a lock: opening costs milliseconds, one conversion microseconds. */
#include <iconv.h>
#include <opencc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"

enum { PINYIN_MAX = 512 }; /* UTF-16 units of one name or word; what is longer is cut */

/* --- pinyin */

static pthread_mutex_t pinyin_lock = PTHREAD_MUTEX_INITIALIZER;
static UTransliterator *to_latin, *to_ascii; /* under pinyin_lock */

/* Surnames that Han-Latin/Names reads as the common word, each with a character that has the right reading. */
static const struct {
    const char *surname, *like;
} surname_like[] = {{"朴", "飘"}, {"缪", "妙"}, {"覃", "秦"}, {"薄", "博"}, {"句", "勾"},
                    {"么", "幺"}, {"都", "督"}, {"佴", "耐"}, {"郇", "旬"}};

static UTransliterator *translit_open(const char *id)
{
    UChar name[64];
    UErrorCode st = U_ZERO_ERROR;
    u_uastrcpy(name, id);
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &st);
    return U_SUCCESS(st) ? t : NULL;
}

static void translit(UTransliterator *t, UChar *text, int32_t *n, int32_t cap)
{
    UErrorCode st = U_ZERO_ERROR;
    int32_t limit = *n;
    utrans_transUChars(t, text, n, cap, 0, &limit, &st);
    if (U_FAILURE(st))
        *n = 0;
}

/* ü in each tone is typed v on every Chinese keyboard; ICU would make it u. */
static void umlaut_to_v(UChar *text, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (text[i] == 0xFC || text[i] == 0x1D6 || text[i] == 0x1D8 || text[i] == 0x1DA || text[i] == 0x1DC)
            text[i] = 'v';
}

/* "shan zhi min": lower-case ASCII syllables with blanks between. */
static char *pinyin_spaced(struct arena *a, const char *s)
{
    UChar text[PINYIN_MAX];
    int32_t n = 0, latin = 0;
    UErrorCode st = U_ZERO_ERROR;
    s = text_squeeze(a, s);
    for (size_t i = 0; i < sizeof surname_like / sizeof *surname_like; i++) {
        size_t len = strlen(surname_like[i].surname);
        if (!strncmp(s, surname_like[i].surname, len))
            s = arena_printf(a, "%s%s", surname_like[i].like, s + len);
    }
    size_t bytes = utf8_offset(s, 60); /* no name is longer, and each syllable may take seven units */
    u_strFromUTF8WithSub(text, PINYIN_MAX, &n, s, (int32_t)bytes, 0xFFFD, NULL, &st);
    pthread_mutex_lock(&pinyin_lock);
    if (!to_latin)
        to_latin = translit_open("Han-Latin/Names");
    if (!to_ascii)
        to_ascii = translit_open("Latin-ASCII; Lower");
    if (U_SUCCESS(st) && to_latin && to_ascii) {
        translit(to_latin, text, &n, PINYIN_MAX);
        umlaut_to_v(text, n);
        translit(to_ascii, text, &n, PINYIN_MAX);
        latin = n;
    }
    pthread_mutex_unlock(&pinyin_lock);
    char *out = arena_alloc(a, (size_t)latin * 3 + 1);
    st = U_ZERO_ERROR;
    u_strToUTF8WithSub(out, latin * 3 + 1, NULL, text, latin, 0xFFFD, NULL, &st);
    return out;
}

/* Copies the letters and digits, or only the first of each run and every Han character ICU could not read. */
static char *pinyin_pick(struct arena *a, const char *s, bool initials)
{
    char *out = pinyin_spaced(a, s);
    size_t n = 0;
    bool inside = false;
    const char *p = out;
    for (uint32_t cp; (cp = utf8_next(&p));) {
        bool part = u_isalnum((UChar32)cp);
        if (part && (!initials || !inside || cp_is_han(cp)))
            n += (size_t)utf8_put(out + n, cp); /* never ahead of p */
        inside = part;
    }
    out[n] = '\0';
    return out;
}

char *pinyin_name(struct arena *a, const char *s)
{
    return pinyin_pick(a, s, false);
}

char *pinyin_initials(struct arena *a, const char *s)
{
    return pinyin_pick(a, s, true);
}

/* --- simplified and traditional */

static pthread_mutex_t opencc_lock = PTHREAD_MUTEX_INITIALIZER;
static opencc_t opencc_of[2]; /* under opencc_lock */
static bool opencc_tried[2];

enum { TO_HANT, TO_HANS };

static char *opencc_convert(struct arena *a, int way, const char *s)
{
    static const char *const config[] = {[TO_HANT] = "s2tw.json", [TO_HANS] = "t2s.json"};
    char *out = NULL;
    pthread_mutex_lock(&opencc_lock);
    if (!opencc_tried[way]) {
        opencc_tried[way] = true;
        opencc_of[way] = opencc_open(config[way]);
    }
    if (opencc_of[way] != (opencc_t)-1) {
        char *got = opencc_convert_utf8(opencc_of[way], s, strlen(s));
        out = arena_str(a, got);
        opencc_convert_utf8_free(got);
    }
    pthread_mutex_unlock(&opencc_lock);
    return out ? out : arena_str(a, s);
}

/* What OpenCC's phrases get wrong in this trade: 里 in 邻里 is the neighbourhood, not the inside; books are 帳.
 * Each correction is as long as what it corrects. */
static const struct {
    const char *wrong, *right;
} hant_fix[] = {{"鄰裡", "鄰里"}, {"鄰裏", "鄰里"}, {"臺賬", "臺帳"}, {"賬號", "帳號"}};

char *han_hant(struct arena *a, const char *s)
{
    char *out = opencc_convert(a, TO_HANT, s);
    for (size_t i = 0; i < sizeof hant_fix / sizeof *hant_fix; i++)
        for (char *p = out; (p = strstr(p, hant_fix[i].wrong)); p += strlen(hant_fix[i].right))
            memcpy(p, hant_fix[i].right, strlen(hant_fix[i].right)); /* the same length */
    return out;
}

char *han_hans(struct arena *a, const char *s)
{
    return opencc_convert(a, TO_HANS, s);
}

/* --- GB18030 */

char *gb18030_utf8(struct arena *a, const char *p, size_t n, size_t *out_n)
{
    if (n > SIZE_MAX / 4)
        return NULL;
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    if (cd == (iconv_t)-1)
        return NULL;
    size_t room = n * 2 + 4; /* two bytes become three at most, four become four */
    char *out = arena_alloc(a, room + 1), *to = out, *from = (char *)(uintptr_t)p;
    size_t left = n, space = room;
    size_t bad = iconv(cd, &from, &left, &to, &space);
    iconv_close(cd);
    if (bad == (size_t)-1 || left)
        return NULL;
    *to = '\0';
    if (out_n)
        *out_n = (size_t)(to - out);
    return out;
}

/* --- numerals */

static const char *const han_digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

/* 1 … 9999; lead: digits stand before it, so that 十 is 一十 and a missing place is 零. */
static void han_below_wan(char *out, size_t room, int n, bool lead)
{
    static const struct {
        int one;
        const char *name;
    } place[] = {{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}};
    bool zero = false;
    size_t at = 0;
    out[0] = '\0';
    for (int i = 0; i < 4; i++) {
        int d = n / place[i].one % 10;
        if (!d) {
            zero = true;
            continue;
        }
        bool bare_ten = place[i].one == 10 && d == 1 && !lead && !at;
        at += (size_t)snprintf(out + at, room - at, "%s%s%s", zero && (lead || at) ? "零" : "",
                               bare_ten ? "" : han_digits[d], place[i].name);
        zero = false;
    }
}

char *han_number(struct arena *a, int64_t n)
{
    static const char *const group[] = {"", "万", "亿", "万亿", "亿亿"};
    if (!n)
        return arena_str(a, "零");
    uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    char *out = arena_str(a, n < 0 ? "负" : "");
    uint64_t one = UINT64_C(10000000000000000);
    bool lead = false, gap = false;
    for (int g = 4; g >= 0; g--, one /= 10000) {
        int part = (int)(u / one % 10000);
        if (!part) {
            gap = lead;
            continue;
        }
        char text[64];
        han_below_wan(text, sizeof text, part, lead);
        bool zero = gap && part >= 1000;
        out = arena_printf(a, "%s%s%s%s", out, zero ? "零" : "", text, group[g]);
        lead = true;
        gap = false;
    }
    return out;
}
