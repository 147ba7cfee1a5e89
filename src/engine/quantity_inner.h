/* SPDX-License-Identifier: Apache-2.0 */
/* quantity_inner.h: what the files of src/engine/quantity share; private to them and their tests. */
#ifndef LINLI_ENGINE_QUANTITY_INNER_H
#define LINLI_ENGINE_QUANTITY_INNER_H

#include <math.h>
#include <stdint.h>

#include "engine/quantity.h"

/* --- text: the characters that matter, with what stood between them */

enum gap {
    GAP_NONE,
    GAP_BLANK, /* blanks within a line */
    GAP_WRAP,  /* a line end that only wraps a long line */
    GAP_CELL,  /* a tab, a bar, the end of a short line: cells of a table */
    GAP_PARA   /* an empty line, an indented line */
};
enum mask {
    MASK_NAME = 1,  /* part of a name or a word with a numeral in it */
    MASK_QUOTE = 2, /* inside a short quotation */
    MASK_TITLE = 4, /* inside 《》 */
    MASK_HEAD = 8,  /* in a heading */
    MASK_ROW = 16   /* the number of a table row */
};
struct qchar {
    uint32_t cp;   /* simplified, half-width; blanks and noise left out */
    uint32_t at;   /* code point of the text as given */
    uint32_t byte; /* and its byte */
    uint8_t len;   /* bytes */
    uint8_t gap;   /* before it */
    uint8_t mask;
    uint8_t sentence_start; /* the first character of a sentence */
};
struct qtext {
    struct arena *a;
    const char *bytes;
    struct qchar *c; /* n characters and one of zeros */
    size_t n;
};

/* --- words */

struct trie;
struct trie *trie_new(struct arena *a);
/* value is not 0; a word given twice keeps its first value and false is returned. back stores it reversed. */
bool trie_add(struct trie *t, const char *word, uint32_t value, bool back);
/* Characters of the longest word that begins at i (trie_match) or ends before i (trie_back); 0 if none. Words do
 * not reach over cells or paragraphs. */
size_t trie_match(const struct trie *t, const struct qtext *x, size_t i, uint32_t *value);
size_t trie_back(const struct trie *t, const struct qtext *x, size_t i, uint32_t *value);

enum one_rule {
    ONE_NEVER, /* 一名 is indefinite unless 仅, 共 … stand before it or it stands in a list */
    ONE_EVENT, /* 召开一次 is a count, after such verbs */
    ONE_SURE   /* 一小时 */
};
enum unit_flag {
    UNIT_HALF = 1,   /* 三亩半, 半小时 */
    UNIT_PERIOD = 2, /* 年, 天: may name a time instead of a length */
    UNIT_DIGIT = 4,  /* only after Arabic figures: 12村 */
    UNIT_SOLID = 8,  /* no x before it */
    UNIT_AGE = 16    /* 岁: a bracket unless an average */
};
struct qunit {
    const char *name;
    enum quantity_kind kind;
    enum one_rule one;
    unsigned flags;
    const char *then; /* the unit that may follow as its part, NULL if none: 小时 then 分钟 */
    double then_times;
};

/* Which numerals a rule of context is about. */
enum form { FORM_ANY, FORM_HAN, FORM_DIGIT };
struct qrule {
    enum form form;
    double max;  /* the numeral is at most this, or INFINITY */
    bool bare;   /* only where no unit follows */
    bool period; /* only before a unit that may name a time: 近三年 */
};
/* A fixed claim: 全部, 一半, 归零. */
struct qfixed {
    enum quantity_kind kind;
    double value;
    const char *unit;
};
enum cue {
    CUE_EVENT = 1, /* verbs that count what follows: 召开 */
    CUE_SURE,      /* 仅, 共: 一 is a number after them */
    CUE_RISE,      /* kind change */
    CUE_FROM,      /* 由, 从: A to B begins */
    CUE_TO,        /* 提高到, 降至: between A and B */
    CUE_AGE,       /* 平均年龄 */
    CUE_TIME,      /* 上午: a:b is a time */
    CUE_RATIO,     /* 比例: a:b is a ratio */
    CUE_LINK       /* 共, 达, 有: left out of what is counted */
};
struct quantity_words {
    struct arena *a;
    struct trie *units, *names, *before_rules, *after_rules, *before_mods, *after_mods, *fixed, *stop, *noise;
    struct trie *no, *lack, *events, *cues, *cues_ahead, *nouns_end, *periods, *versus, *address, *address_back;
    struct qunit *unit;
    size_t nunit, cap_unit;
    struct qrule *rule;
    size_t nrule, cap_rule;
    struct qfixed *fix;
    size_t nfix, cap_fix;
    uint16_t *simple; /* U+4E00…9FFF to simplified, one to one */
};

int qtext_read(struct qtext *x, struct arena *a, const struct quantity_words *w, const char *text, size_t n);
/* Names, quotations, titles, headings, row numbers. */
void qtext_mask(struct qtext *x, const struct quantity_words *w);
/* The bytes of [i, j) as given, and simplified without noise. */
const char *qtext_given(const struct qtext *x, size_t i, size_t j);
const char *qtext_plain(const struct qtext *x, size_t i, size_t j);
static inline bool qtext_is(const struct qtext *x, size_t i, uint32_t cp)
{
    return i < x->n && x->c[i].cp == cp;
}
/* The character follows the one before it without a cell or paragraph between. */
static inline bool qtext_joined(const struct qtext *x, size_t i)
{
    return i < x->n && x->c[i].gap < GAP_CELL;
}
static inline bool cp_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}
static inline bool cp_latin(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}
bool cp_ends_sentence(uint32_t cp); /* 。！？； */
bool cp_ends_clause(uint32_t cp);   /* those and ，、：and brackets */

/* --- numerals */

struct qnum {
    size_t i, j;     /* characters [i, j) */
    double lo, hi;   /* hi NAN unless two digits stand for a range (五六十) */
    double unscaled; /* lo before 万 and the like, to lend them to a range: 8至10万 */
    int places;      /* decimals */
    int digits;      /* Arabic digits */
    bool han;        /* Chinese numerals */
    bool blank;      /* x */
    bool vague;      /* 数十, 十几: no value */
    bool over;       /* 余, 多 inside or after */
    bool bare;       /* 百, 千, 万 without a digit */
    bool string;     /* 二〇二三, 007: digits that are no number */
    bool dotted;     /* 2024.3.15 */
};
bool cp_numeral(uint32_t cp);
bool qnum_read(struct qnum *n, const struct qtext *x, const struct quantity_words *w, size_t i);

/* --- claims */

enum verdict { Q_CLAIM, Q_TRAP };
struct qtok {
    size_t i, j;  /* the claim's characters */
    size_t num_i; /* where its number begins */
    struct qnum num;
    double value, upper;
    const struct qunit *unit;
    const char *unit_name; /* % where unit is NULL */
    enum quantity_kind kind;
    enum quantity_modifier modifier;
    const char *per;
    enum verdict verdict;
    bool lacks_unit, nested;
    bool part; /* nested, and no comma since 其中: surely a part */
};
/* Numeral and what belongs to it at i. False if there is none. */
bool qtok_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i);
/* Dates and times at i: characters passed over, 0 if none. */
size_t qdate_skip(const struct qtext *x, const struct quantity_words *w, size_t i);
/* Is the token a claim? prev is the token before it or NULL. */
enum verdict qcontext(const struct qtok *t, const struct qtext *x, const struct quantity_words *w,
                      const struct qtok *prev);
/* Zero words and other fixed claims at i. */
bool qfixed_read(struct qtok *t, const struct qtext *x, const struct quantity_words *w, size_t i);
uint32_t qcue_before(const struct qtext *x, const struct quantity_words *w, size_t i, size_t reach, enum cue cue);

/* Shared units, rates, changes, parts. */
void qlink(struct qtok *t, size_t n, const struct qtext *x, const struct quantity_words *w);
/* What is counted, and when. */
void qmeaning(struct quantity_list *l, const struct qtok *t, const struct qtext *x, const struct quantity_words *w);
/* Words for a time that need the report's day. */
enum when {
    WHEN_THIS_YEAR, /* to the report's day */
    WHEN_LAST_YEAR,
    WHEN_WHOLE_YEAR, /* of the year in force */
    WHEN_FIRST_HALF,
    WHEN_SECOND_HALF,
    WHEN_THIS_MONTH,
    WHEN_LAST_MONTH,
    WHEN_THIS_QUARTER,
    WHEN_LAST_QUARTER,
    WHEN_SO_FAR, /* 截至目前: ends on the report's day */
    WHEN__MAX
};
extern const char *const qwhen_word[WHEN__MAX];
void qperiods(struct quantity_list *l, const struct qtok *t, const struct qtext *x, const struct quantity_words *w,
              const struct quantity_options *o);
void qidentities(struct quantity_list *l, struct arena *a, const struct qtok *t, const struct qtext *x);

#endif
