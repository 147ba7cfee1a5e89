/* SPDX-License-Identifier: Apache-2.0 */
/* schema_read_field.c: what a field may say depends on its type. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/schema_read.h"

enum { TEXT_LEN = 200, LONGTEXT_LEN = 20000, TEXT_LEN_MAX = 100000 };

#define BIT(t) (1u << (t))
#define BITS_TEXT (BIT(TYPE_TEXT) | BIT(TYPE_LONGTEXT) | BIT(TYPE_PERSON))
#define BITS_NUMBER (BIT(TYPE_INT) | BIT(TYPE_DECIMAL) | BIT(TYPE_MONEY))
#define BITS_CHOICE (BIT(TYPE_CHOICE) | BIT(TYPE_CHOICES))

/* Words that only some types know, and those that some types cannot do without. */
static const struct {
    const char *word;
    unsigned types, needed;
} type_words[] = {
    {"choices", BITS_CHOICE, BITS_CHOICE},
    {"ref", BIT(TYPE_REF), BIT(TYPE_REF)},
    {"kind", BIT(TYPE_UNIT) | BIT(TYPE_GRID), 0},
    {"within", BIT(TYPE_UNIT) | BIT(TYPE_GRID), 0},
    {"places", BIT(TYPE_DECIMAL), 0},
    {"min", BITS_NUMBER, 0},
    {"max", BITS_NUMBER | BITS_TEXT, 0},
    {"suffix", BITS_NUMBER, 0},
};

/* Names that expressions, lists and addresses use for something else. */
static const char *const reserved[] = {"state", "happened", "entered", "home", "today", "now",    "id",      "late",
                                       "batch", "due",      "gone",    "and",  "or",    "not",    "in",      "is",
                                       "empty", "any",      "wd",      "d",    "h",     "months", "version", NULL};

void field_before(struct reader *r, void *into, const char *name)
{
    struct field *f = into;
    const struct place p = place_of(r, into, r->reg);
    f->min = INT64_MIN;
    f->max = INT64_MAX;
    f->line = p.line;
    f->col = p.col;
    for (size_t i = 0; reserved[i]; i++)
        if (!strcmp(reserved[i], name))
            place_bad(r, into, r->reg,
                      "%s cannot be a field's name: expressions and lists use it for something else", name);
}

static bool all_digits(const char *s)
{
    return *s && strspn(s, "0123456789") == strlen(s);
}

/* A literal amount in kept units: scaled by 10^places. */
static bool amount_read(const char *s, int places, int64_t *out)
{
    bool minus = *s == '-', point = false;
    int64_t v = 0;
    int after = 0, digits = 0;
    for (s += minus; *s; s++) {
        if (*s == '.' && !point && digits) {
            point = true;
            continue;
        }
        if (*s < '0' || *s > '9' || (point && ++after > places) || ++digits > 15)
            return false;
        v = v * 10 + (*s - '0');
    }
    for (; after < places; after++)
        v *= 10;
    *out = minus ? -v : v;
    return digits > 0;
}

static void field_bound(struct reader *r, const struct yaml *y, const struct field *f, int64_t *out)
{
    int places = f->type == TYPE_DECIMAL ? f->places : f->type == TYPE_MONEY ? 2 : 0;
    const char *s = y ? read_string(r, y) : NULL;
    if (s && !amount_read(s, places, out))
        read_bad(r, y, "\"%s\" is not a number with at most %d decimals", s, places);
}

static void field_length(struct reader *r, const struct yaml *y, struct field *f)
{
    const char *s = y ? read_string(r, y) : NULL;
    if (s && (!all_digits(s) || strlen(s) > 6 || atoi(s) < 1 || atoi(s) > TEXT_LEN_MAX))
        read_bad(r, y, "\"%s\" is not a number of characters from 1 to %d", s, TEXT_LEN_MAX);
    else if (s)
        f->max_len = (size_t)atoi(s);
}

static void field_numbers(struct reader *r, const struct yaml *y, struct field *f)
{
    const struct yaml *places = yaml_get(y, "places");
    unsigned bit = BIT(f->type);
    f->places = f->type == TYPE_DECIMAL ? 2 : 0;
    if (places && f->type == TYPE_DECIMAL) {
        const char *s = read_string(r, places);
        if (s && (!all_digits(s) || strlen(s) != 1 || *s < '1' || *s > '6'))
            read_bad(r, places, "places is a number from 1 to 6");
        else if (s)
            f->places = *s - '0';
    }
    if (bit & BITS_TEXT) {
        f->max_len = f->type == TYPE_LONGTEXT ? LONGTEXT_LEN : TEXT_LEN;
        field_length(r, yaml_get(y, "max"), f);
    } else if (bit & BITS_NUMBER) {
        field_bound(r, yaml_get(y, "min"), f, &f->min);
        field_bound(r, yaml_get(y, "max"), f, &f->max);
        if (f->min > f->max)
            place_bad(r, f, r->reg, "field %s: min is larger than max", f->name);
    }
}

static void field_choices(struct reader *r, const struct field *f)
{
    for (size_t i = 0; i < f->nchoices; i++) {
        const char *label = f->choices[i].label.t[LANG_HANS];
        refuse_label(r, &f->choices[i], r->reg, "a choice", label);
        for (size_t j = 0; label && j < i; j++)
            if (f->choices[j].label.t[LANG_HANS] && !strcmp(f->choices[j].label.t[LANG_HANS], label))
                place_bad(r, &f->choices[i], r->reg, "choices %s and %s of %s have the same label %s",
                          f->choices[j].code, f->choices[i].code, f->name, label);
    }
    if ((BIT(f->type) & BITS_CHOICE) && f->choices && !f->nchoices)
        place_bad(r, f, r->reg, "field %s has no choices", f->name);
}

static void field_words(struct reader *r, const struct yaml *y, const struct field *f)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        const struct yaml *v = yaml_get(y, type_words[i].word);
        if (v && !(type_words[i].types & BIT(f->type)))
            read_bad(r, v, "a field of type %s knows no word %s", field_type_word[f->type], type_words[i].word);
        if (!v && (type_words[i].needed & BIT(f->type)))
            place_bad(r, f, r->reg, "field %s of type %s needs %s", f->name, field_type_word[f->type],
                      type_words[i].word);
    }
}

void field_after(struct reader *r, const struct yaml *y, void *into)
{
    struct field *f = into;
    refuse_field(r, r->reg, f);
    if (!yaml_get(y, "type"))
        return;
    field_words(r, y, f);
    field_numbers(r, y, f);
    field_choices(r, f);
    if (f->type == TYPE_IDNO && f->cls != CLASS_PROTECTED && yaml_get(y, "class"))
        place_bad(r, &f->cls, r->reg, "an identity number (%s) must have class protected", f->name);
    if (f->check_msg && !f->check)
        place_bad(r, &f->check_msg, r->reg, "otherwise says what is wrong when check fails, but there is no check");
    if (f->check && !f->check_msg)
        place_bad(r, &f->check, r->reg, "field %s: a check needs otherwise (what is wrong)", f->name);
    if (f->computed && (f->required || f->initial))
        place_bad(r, &f->computed, r->reg,
                  "field %s is computed: it cannot also be required or have an initial value", f->name);
}
