/* SPDX-License-Identifier: Apache-2.0 */
/* quantity.h: the quantities that a report states, found in its text.
 *
 * The text is read in five steps, each a file of src/engine/quantity: text (full-width, Traditional and noise
 * undone, with a map back to what was written), number (numerals), claim (numeral, modifiers, unit, ranges),
 * context (is it a quantity of the report's own, or a date, an ordinal, a name?), then what ties claims together:
 * shared units, rates, what is counted, when. The words are data: assets/quantity, each rule with examples that the
 * tests run. Pure functions; time and memory are linear in the text. */
#ifndef LINLI_ENGINE_QUANTITY_H
#define LINLI_ENGINE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/period.h"

enum { QUANTITY_TEXT_MAX = 8 << 20 }; /* bytes of UTF-8; more is refused */

enum quantity_kind {
    QUANTITY_COUNT,
    QUANTITY_ATTENDANCE, /* 人次 */
    QUANTITY_PERSONS,
    QUANTITY_RATIO,
    QUANTITY_MONEY,
    QUANTITY_AREA,
    QUANTITY_DURATION,
    QUANTITY_RATE,   /* per period or per head */
    QUANTITY_ZERO,   /* 无一起…, 零上访 */
    QUANTITY_ALL,    /* 全部, 全覆盖 */
    QUANTITY_CHANGE, /* 增长12%: the amount, without its sign */
    QUANTITY_LIMIT,  /* 5个工作日内, 不少于3次 */
    QUANTITY_KIND__MAX
};
enum quantity_modifier {
    QUANTITY_EXACT,
    QUANTITY_OVER,    /* 余 多 超过 */
    QUANTITY_NEAR,    /* 近 接近 */
    QUANTITY_ABOUT,   /* 约 左右 */
    QUANTITY_ATLEAST, /* 以上 不少于 */
    QUANTITY_ATMOST,  /* 不超过 以内 */
    QUANTITY_APPROX,  /* vague itself: 数十, 五六十 */
    QUANTITY_NONE,    /* no number: 零, 全部, x */
    QUANTITY_MODIFIER__MAX
};
extern const char *const quantity_kind_word[QUANTITY_KIND__MAX];         /* "count" … */
extern const char *const quantity_modifier_word[QUANTITY_MODIFIER__MAX]; /* "exact" … */

struct quantity {
    size_t start, end;   /* code points of the text as given */
    const char *text;    /* what stands there */
    double value, upper; /* 万 and 亿 applied; NAN where there is none */
    int places;          /* decimals as printed, of the number before 万 or % */
    enum quantity_kind kind;
    enum quantity_modifier modifier;
    const char *unit;     /* simplified; "" where there is none; % and ‰ as printed */
    const char *per;      /* rates: 周, 季度, 人; else NULL */
    const char *counted;  /* the noun it counts, "" if none was found */
    const char *verb;     /* the words before it in its clause: 化解, 调解成功率达 */
    const char *subject;  /* how its sentence begins: 社区党支部 */
    struct period period; /* in force here; from DAY_NONE where the text and the options say nothing */
    bool nested;          /* stated as a part of the claim before it (其中) */
    size_t whole;         /* nested: the index of that claim */
    size_t sentence;      /* counts from 0 */
};

/* A tie between claims of one text that arithmetic can check. */
enum quantity_rule {
    QUANTITY_PART,   /* a part is not above its whole */
    QUANTITY_SHARE,  /* a rate is numerator ÷ denominator, rounded or cut */
    QUANTITY_HEADS,  /* 人 is not above 人次 */
    QUANTITY_CHANGED /* from A to B is the difference stated */
};
struct quantity_identity {
    enum quantity_rule rule;
    size_t claim[3]; /* indices; the last is the one that is judged */
    size_t nclaims;
    bool holds;
    const char *why; /* zh-Hans */
};

struct quantity_options {
    int32_t date;     /* the report's day, against which 今年 is read; DAY_NONE: the latest day the text names */
    int32_t from, to; /* the period where the text names none; DAY_NONE if not known */
};
struct quantity_list {
    struct quantity *items;
    size_t n;
    struct quantity_identity *identities;
    size_t nidentities;
};

struct quantity_words;
/* Read assets/quantity. Frozen afterwards and safe to share; held by the arena. */
struct quantity_words *quantity_words_load(struct arena *a, struct err *e);
/* The same over given files, for tests: name is "units", "context", … */
int quantity_words_add(struct quantity_words *w, const char *name, const char *text, size_t n, struct err *e);

/* ERR_TOOBIG over QUANTITY_TEXT_MAX, ERR_INPUT if it is not UTF-8. */
int quantity_scan(struct quantity_list *out, struct arena *a, const struct quantity_words *w, const char *text,
                  size_t n, const struct quantity_options *o, struct err *e);

#endif
