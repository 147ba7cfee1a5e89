/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.h: UTF-8 text, normalised the way Chinese office data needs it. */
#ifndef LINLI_BASE_UTF8_H
#define LINLI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Decode one code point at *s and move on; malformed bytes give U+FFFD and move one byte. 0 at the end. */
uint32_t utf8_next(const char **s);
int utf8_put(char out[4], uint32_t cp); /* bytes written */
bool utf8_valid(const char *s, size_t n);
size_t utf8_count(const char *s);            /* code points */
size_t utf8_offset(const char *s, size_t i); /* byte offset of code point i */
bool cp_is_han(uint32_t cp);
/* Columns on a page: 2 for CJK and full-width, 1 for the rest. */
int utf8_width(const char *s);

/* Clean a cell: full-width letters, digits, signs and the ideographic space to half-width (Chinese punctuation
 * ，。；：？！（）、“” stays, but （） around digits stay too, and so does ～), NBSP and other blanks to a blank,
 * zero-width marks, BOM and control characters removed, Kangxi radicals (from PDF copies) to their characters, line
 * ends to \n, blanks at both ends removed. */
char *text_clean(struct arena *a, const char *s);
/* As text_clean, and every inner blank removed: for names, phones, codes. */
char *text_squeeze(struct arena *a, const char *s);
/* For comparing headers and words: squeezed, lower-case, brackets with their content and punctuation removed.
 * A text that stands in brackets as a whole keeps its content. */
char *text_fold(struct arena *a, const char *s);

/* Names and words for looking up and sorting (ICU): "shan zhi min" for 单志敏 as a person's name. */
char *pinyin_name(struct arena *a, const char *s);     /* syllables without blanks: shanzhimin; ü is v */
char *pinyin_initials(struct arena *a, const char *s); /* szm */
/* zh-Hans to zh-Hant and back with phrases (OpenCC); returns s copied where it cannot. Thread-safe. */
char *han_hant(struct arena *a, const char *s);
char *han_hans(struct arena *a, const char *s);
/* Decode GB18030 bytes to UTF-8; NULL if they are not GB18030. */
char *gb18030_utf8(struct arena *a, const char *p, size_t n, size_t *out_n);
/* Integer in Chinese numerals as documents write them: 23 二十三, 2024 二千零二十四. */
char *han_number(struct arena *a, int64_t n);

#endif
