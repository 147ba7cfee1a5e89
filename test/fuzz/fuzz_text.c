/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_text.c: any bytes as text: cleaning gives clean UTF-8 that stays as it is, and nothing runs over its end. */
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/lang_match.h"
#include "base/map.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static void check_utf8(const char *s)
{
    CHECK(utf8_valid(s, strlen(s)));
}

static void check_cleaning(struct arena *a, const char *s)
{
    char *clean = text_clean(a, s);
    check_utf8(clean);
    CHECK(!strcmp(text_clean(a, clean), clean));
    CHECK(!strpbrk(clean, "\r\x7F\x01\x1F"));
    char *squeezed = text_squeeze(a, s);
    check_utf8(squeezed);
    CHECK(!strpbrk(squeezed, " \t\n"));
    CHECK(!strcmp(text_squeeze(a, squeezed), squeezed));
    char *folded = text_fold(a, s);
    check_utf8(folded);
    CHECK(!strcmp(text_fold(a, folded), folded));
    check_utf8(pinyin_name(a, s));
    check_utf8(pinyin_initials(a, s));
    check_utf8(han_hant(a, clean));
    check_utf8(han_hans(a, clean));
}

static void check_counting(const char *s)
{
    size_t n = utf8_count(s);
    CHECK(n <= strlen(s));
    CHECK(utf8_offset(s, n) == strlen(s));
    CHECK(utf8_width(s) >= (int)n && utf8_width(s) <= 2 * (int)n);
}

/* The bytes up to the first line end as a format, the rest as a message; and the format as its own message. */
static void check_matching(struct arena *a, const char *s)
{
    struct lang_slot slot[LANG_SLOTS];
    size_t n = strcspn(s, "\n");
    const char *format = arena_strn(a, s, n), *msg = s[n] ? s + n + 1 : "";
    int got = lang_match(slot, format, msg);
    CHECK(got >= -1 && got <= LANG_SLOTS);
    for (int i = 0; i < got; i++)
        CHECK(slot[i].n <= strlen(msg));
    if (got >= 0)
        lang_fill(a, format, slot, got);
    lang_is_format(format);
    lang_match(slot, format, format);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const char *s = arena_strn(a, (const char *)data, size);
    check_cleaning(a, s);
    check_counting(s);
    check_matching(a, s);
    size_t n = 0;
    char *decoded = gb18030_utf8(a, (const char *)data, size, &n);
    CHECK(!decoded || memchr(decoded, 0, n) || utf8_valid(decoded, n));
    CHECK((unsigned)lang_pick(s) < LANG__MAX);
    static const char *const words[] = {"title", "state", "走访记录", NULL};
    word_nearest(words, s);
    arena_free(a);
    return 0;
}
