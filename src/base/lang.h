/* SPDX-License-Identifier: Apache-2.0 */
/* lang.h: the words on the screen in three languages.
 *
 * The source text in code and declarations is zh-Hans and is its own key. English comes from lang/en.yaml
 * (zh-Hans: English); zh-Hant from lang/zh-Hant.yaml where given, else from OpenCC with phrases. */
#ifndef LINLI_BASE_LANG_H
#define LINLI_BASE_LANG_H

#include "base/arena.h"
#include "base/err.h"

enum lang { LANG_HANS, LANG_HANT, LANG_EN, LANG__MAX };

extern const char *const lang_tag[LANG__MAX]; /* "zh-Hans", "zh-Hant", "en" */

int lang_init(struct err *e); /* reads the embedded catalogues; once, before threads */
/* The text in the language; a message already formatted is known by the catalogue's format (“第%d行”), and the
 * words in its slots are translated too; of what stands in “” only what is a word of the catalogue by itself:
 * labels are, what people wrote is as a rule not. The source text itself where there is no translation. For words
 * of the program, not for data: zh-Hant results are kept for the life of the process while there is room, else they
 * live in the arena. */
const char *lang_tr(struct arena *a, enum lang l, const char *hans);
enum lang lang_pick(const char *accept_language); /* from the HTTP header; zh-Hans by default */

#endif
