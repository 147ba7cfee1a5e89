/* SPDX-License-Identifier: Apache-2.0 */
/* schema_read.c: a map is read by its vocabulary, word by word. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "base/utf8.h"
#include "model/schema_read.h"

enum { NAME_MAX_BYTES = 40, ERRORS_MAX = 1000 };

void schema_error_add(struct schema_errors *es, const char *file, int line, int col, const char *fmt, ...)
{
    va_list ap;
    if (es->n >= ERRORS_MAX)
        return;
    struct schema_error *e = &VEC_PUSH(es->a, es->v, es->n, es->cap);
    e->file = file;
    e->line = line;
    e->col = col;
    va_start(ap, fmt);
    e->msg = arena_vprintf(es->a, fmt, ap);
    va_end(ap);
}

void read_bad(struct reader *r, const struct yaml *y, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    schema_error_add(r->es, r->file, y->line, y->col, "%s", arena_vprintf(r->a, fmt, ap));
    va_end(ap);
}

const char *did_you_mean(struct arena *a, const char *near)
{
    return near ? arena_printf(a, " (did you mean %s?)", near) : "";
}

/* --- places */

static void place_key(char out[32], const void *slot)
{
    snprintf(out, 32, "%p", slot);
}

void place_put(struct reader *r, const void *slot, const struct yaml *y)
{
    char key[32];
    struct place *p = arena_alloc(r->a, sizeof *p);
    *p = (struct place){r->file, y->line, y->col + (y->kind == YAML_TEXT && !y->plain)};
    place_key(key, slot);
    map_put(r->places, key, p);
}

struct place place_of(const struct reader *r, const void *slot, const struct reg *reg)
{
    char key[32];
    place_key(key, slot);
    const struct place *p = map_get(r->places, key);
    if (p)
        return *p;
    while (reg && reg->parent)
        reg = reg->parent;
    return reg ? (struct place){reg->file, reg->line, 1} : (struct place){r->file, 1, 1};
}

void place_bad(const struct reader *r, const void *slot, const struct reg *reg, const char *fmt, ...)
{
    struct place p = place_of(r, slot, reg);
    va_list ap;
    va_start(ap, fmt);
    schema_error_add(r->es, p.file, p.line, p.col, "%s", arena_vprintf(r->a, fmt, ap));
    va_end(ap);
}

/* --- texts and names */

static const char *kind_word(const struct yaml *y)
{
    return y->kind == YAML_TEXT ? "a text" : y->kind == YAML_LIST ? "a list" : "a map";
}

const char *read_string(struct reader *r, const struct yaml *y)
{
    if (y->kind != YAML_TEXT) {
        read_bad(r, y, "expected a text, not %s", kind_word(y));
        return NULL;
    }
    if (!*y->text) {
        read_bad(r, y, "expected a text, found nothing");
        return NULL;
    }
    return y->text;
}

static bool name_ok(const char *s, enum key_form form)
{
    bool first = true;
    if (form == KEY_TEXT)
        return *s != 0;
    for (; *s; s++) {
        bool letter = *s >= 'a' && *s <= 'z', digit = *s >= '0' && *s <= '9';
        if (first && !(letter || (digit && form == KEY_CODE)))
            return false;
        if (!first && *s == '.' && form == KEY_DOTTED) {
            first = true;
            continue;
        }
        if (!letter && !digit && *s != '_')
            return false;
        first = false;
    }
    return !first;
}

const char *read_name(struct reader *r, const struct yaml *y, enum key_form form)
{
    static const char *const rule[] = {"small letters, digits and _, beginning with a letter",
                                       "small letters, digits, _ and dots", "small letters, digits and _",
                                       "a text"};
    const char *s = read_string(r, y);
    if (!s)
        return NULL;
    if (!name_ok(s, form)) {
        read_bad(r, y, "\"%s\" is not a name: %s", s, rule[form]);
        return NULL;
    }
    if (form != KEY_TEXT && strlen(s) > NAME_MAX_BYTES) {
        read_bad(r, y, "the name %s is longer than %d characters", s, NAME_MAX_BYTES);
        return NULL;
    }
    return s;
}

static bool word_index(const char *const *words, const char *s, size_t *at)
{
    for (size_t i = 0; words[i]; i++)
        if (!strcmp(words[i], s)) {
            *at = i;
            return true;
        }
    return false;
}

static const char *words_joined(struct arena *a, const char *const *words)
{
    const char *s = words[0];
    for (size_t i = 1; words[i]; i++)
        s = arena_printf(a, "%s, %s", s, words[i]);
    return s;
}

static const char *read_pick(struct reader *r, const struct yaml *y, const char *const *words, size_t *at)
{
    const char *s = read_string(r, y);
    if (!s)
        return NULL;
    if (word_index(words, s, at))
        return words[*at];
    const char *near = word_nearest(words, s);
    read_bad(r, y, "\"%s\" is not one of %s%s", s, words_joined(r->a, words), did_you_mean(r->a, near));
    return NULL;
}

const char **read_texts(struct reader *r, const struct yaml *y, const char *const *words, bool names)
{
    const struct yaml *one[1] = {y};
    struct yaml *const *item = y->kind == YAML_LIST ? y->item : (struct yaml *const *)one;
    size_t n = y->kind == YAML_LIST ? y->n : 1, used = 0, at;
    if (y->kind == YAML_MAP) {
        read_bad(r, y, "expected a list of %s", names ? "names" : "texts");
        return NULL;
    }
    const char **v = arena_array(r->a, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        const char *s = words   ? read_pick(r, item[i], words, &at)
                        : names ? read_name(r, item[i], KEY_NAME)
                                : read_string(r, item[i]);
        for (size_t j = 0; s && j < used; j++)
            if (!strcmp(v[j], s)) {
                read_bad(r, item[i], "%s stands twice in the list", s);
                s = NULL;
            }
        if (!s)
            continue;
        place_put(r, &v[used], item[i]);
        v[used++] = s;
    }
    return v;
}

/* M001 … M228, F001 … F140: the rows of the catalogue. */
const char **read_covers(struct reader *r, const struct yaml *y)
{
    const char **v = read_texts(r, y, NULL, false);
    for (size_t i = 0; v && v[i]; i++) {
        const char *s = v[i];
        int last = *s == 'M' ? 228 : *s == 'F' ? 140 : 0, no = 0;
        bool ok = strlen(s) == 4 && strspn(s + 1, "0123456789") == 3;
        if (ok)
            no = atoi(s + 1);
        if (!ok || no < 1 || no > last)
            place_bad(r, &v[i], r->reg, "\"%s\" is not a row of the catalogue: M001 … M228, F001 … F140", s);
    }
    return v;
}

void label_fill(struct arena *a, struct label *l, const char *hans)
{
    l->t[LANG_HANS] = hans;
    if (!l->t[LANG_HANT])
        l->t[LANG_HANT] = han_hant(a, hans);
    if (!l->t[LANG_EN])
        l->t[LANG_EN] = lang_tr(a, LANG_EN, hans);
}

static void read_label(struct reader *r, const struct yaml *y, struct label *l)
{
    if (y->kind == YAML_LIST) {
        read_bad(r, y, "expected a text or a map of languages (zh-Hans, zh-Hant, en)");
        return;
    }
    if (y->kind == YAML_TEXT) {
        const char *s = read_string(r, y);
        if (s)
            label_fill(r->a, l, s);
        return;
    }
    static const char *const tags[] = {"zh-Hans", "zh-Hant", "en", NULL};
    for (size_t i = 0; i < y->n; i++) {
        size_t at;
        if (read_pick(r, y->key[i], tags, &at))
            l->t[at] = read_string(r, y->item[i]);
    }
    if (l->t[LANG_HANS])
        label_fill(r->a, l, l->t[LANG_HANS]);
    else
        read_bad(r, y, "a text needs zh-Hans");
}

struct expr *read_expr(struct reader *r, const struct yaml *y, const char *text)
{
    struct err e = {0};
    int at = 1;
    if (!text && !(text = read_string(r, y)))
        return NULL;
    struct expr *x = expr_parse(r->a, text, &at, &e);
    if (!x)
        schema_error_add(r->es, r->file, y->line, y->col + !y->plain + (at > 0 ? at - 1 : 0), "%s: %s", text,
                         e.msg);
    return x;
}

/* --- words */

static void read_bool(struct reader *r, const struct yaml *y, bool *out)
{
    const char *s = read_string(r, y);
    if (s && strcmp(s, "true") && strcmp(s, "false"))
        read_bad(r, y, "\"%s\" is neither true nor false", s);
    *out = s && !strcmp(s, "true");
}

static void read_int(struct reader *r, const struct yaml *y, int *out)
{
    const char *s = read_string(r, y);
    if (s && (strspn(s, "0123456789") != strlen(s) || strlen(s) > 6))
        read_bad(r, y, "\"%s\" is not a whole number from 0", s);
    else if (s)
        *out = atoi(s);
}

void *read_array(struct reader *r, const struct yaml *y, const struct vocab *v, bool named, size_t *n)
{
    *n = 0;
    if (y->kind != (named ? YAML_MAP : YAML_LIST)) {
        read_bad(r, y, "expected %s, not %s", named ? "a map of names" : "a list of maps", kind_word(y));
        return NULL;
    }
    char *all = arena_array(r->a, y->n + 1, v->size);
    for (size_t i = 0; i < y->n; i++) {
        char *into = all + *n * v->size;
        const char *name = named ? read_name(r, y->key[i], v->key) : NULL;
        if (named && !name)
            continue;
        place_put(r, into, named ? y->key[i] : y->item[i]);
        if (named)
            *(const char **)(void *)(into + v->name_at) = name;
        if (v->before)
            v->before(r, into, name);
        read_vocab(r, y->item[i], v, into);
        ++*n;
    }
    return all;
}

static void read_word(struct reader *r, const struct yaml *y, const struct word *w, char *into)
{
    void *slot = into + w->at;
    size_t at = 0;
    if (w->shape != W_SUB && w->shape != W_OWN)
        place_put(r, slot, y);
    switch (w->shape) {
    case W_NAME:
        *(const char **)slot = read_name(r, y, KEY_NAME);
        break;
    case W_FIGURE:
        *(const char **)slot = read_name(r, y, KEY_DOTTED);
        break;
    case W_TEXT:
        *(const char **)slot = read_string(r, y);
        break;
    case W_LABEL:
        read_label(r, y, slot);
        break;
    case W_BOOL:
        read_bool(r, y, slot);
        break;
    case W_INT:
        read_int(r, y, slot);
        break;
    case W_NAMES:
    case W_TEXTS:
        *(const char ***)slot = read_texts(r, y, NULL, w->shape == W_NAMES);
        break;
    case W_MANY:
        *(const char ***)slot = read_texts(r, y, w->words, false);
        break;
    case W_COVERS:
        *(const char ***)slot = read_covers(r, y);
        break;
    case W_EXPR:
        *(struct expr **)slot = read_expr(r, y, NULL);
        break;
    case W_ENUM:
        if (read_pick(r, y, w->words, &at))
            memcpy(slot, &(int){(int)at}, sizeof(int));
        break;
    case W_PICK:
        *(const char **)slot = read_pick(r, y, w->words, &at);
        break;
    case W_SUB:
        read_vocab(r, y, w->of, slot);
        break;
    case W_MAP:
    case W_LIST:
        *(void **)slot = read_array(r, y, w->of, w->shape == W_MAP, (size_t *)(void *)(into + w->n_at));
        break;
    case W_OWN:
        w->read(r, y, into);
        break;
    }
    if (w->required && y->kind == YAML_LIST && !y->n)
        read_bad(r, y, "%s is empty", w->word);
}

static const struct word *vocab_word(const struct vocab *v, const char *s)
{
    for (size_t i = 0; i < v->n; i++)
        if (!strcmp(v->words[i].word, s))
            return &v->words[i];
    return NULL;
}

static void word_unknown(struct reader *r, const struct yaml *key, const struct vocab *v)
{
    const char **words = arena_array(r->a, v->n + 1, sizeof *words);
    for (size_t i = 0; i < v->n; i++)
        words[i] = v->words[i].word;
    const char *near = word_nearest(words, key->text);
    read_bad(r, key, "unknown word %s in %s%s", key->text, v->what, did_you_mean(r->a, near));
}

static void word_missing(struct reader *r, const struct yaml *y, const struct vocab *v, const void *into)
{
    const char *name = v->named ? *(const char *const *)((const char *)into + v->name_at) : NULL;
    for (size_t i = 0; i < v->n; i++) {
        const struct word *w = &v->words[i];
        if (!w->required || yaml_get(y, w->word))
            continue;
        const char *what = name ? arena_printf(r->a, "%s (%s)", v->what, name) : v->what;
        const char *of = w->words ? arena_printf(r->a, ": one of %s", words_joined(r->a, w->words)) : "";
        if (name)
            place_bad(r, into, r->reg, "%s needs %s%s", what, w->word, of);
        else
            read_bad(r, y, "%s needs %s%s", what, w->word, of);
    }
}

void read_vocab(struct reader *r, const struct yaml *y, const struct vocab *v, void *into)
{
    struct yaml map = {YAML_MAP, false, false, y->line, y->col, NULL, 1, NULL, NULL};
    struct yaml *key[1], *item[1];
    if (v->text_word && (y->kind == YAML_TEXT || (y->kind == YAML_MAP && yaml_get(y, "zh-Hans")))) {
        struct yaml k = *y;
        k.text = v->text_word;
        key[0] = arena_alloc(r->a, sizeof k);
        *key[0] = k;
        item[0] = arena_alloc(r->a, sizeof *y);
        *item[0] = *y;
        map.key = key;
        map.item = item;
        y = &map;
    }
    if (y->kind != YAML_MAP) {
        read_bad(r, y, "expected a map for %s, not %s", v->what, kind_word(y));
        return;
    }
    for (size_t i = 0; i < y->n; i++) {
        const struct word *w = vocab_word(v, y->key[i]->text);
        if (w)
            read_word(r, y->item[i], w, into);
        else
            word_unknown(r, y->key[i], v);
    }
    word_missing(r, y, v, into);
    if (v->after)
        v->after(r, y, into);
}
