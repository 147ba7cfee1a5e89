/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: assets/quantity read into tries, once. A file is a map; each key below is read wherever it stands. */
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "engine/quantity_inner.h"
#include "model/yaml.h"

#define FOLDER "assets/quantity/"

const char *const quantity_kind_word[QUANTITY_KIND__MAX] = {"count", "attendance", "persons",  "ratio",
                                                            "money", "area",       "duration", "rate",
                                                            "zero",  "all",        "change",   "limit"};
const char *const quantity_modifier_word[QUANTITY_MODIFIER__MAX] = {"exact",   "over",   "near",   "about",
                                                                    "atleast", "atmost", "approx", "none"};

struct load {
    struct quantity_words *w;
    const char *file;
    struct err *e;
};

static int refuse(const struct load *l, const struct yaml *at, const char *what)
{
    return err_set(l->e, ERR_INPUT, "数量词表 %s 第%d行：%s", l->file, at->line, what);
}

static const char *text_of(const struct yaml *map, const char *key)
{
    const struct yaml *y = yaml_get(map, key);
    return y && y->kind == YAML_TEXT ? y->text : NULL;
}

/* The index of a word among n words, -1 if it is none of them. */
static int word_of(const char *word, const char *const *words, int n)
{
    for (int i = 0; word && i < n; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static int words_into(const struct load *l, const struct yaml *list, struct trie *t, uint32_t value, bool back)
{
    if (!list || list->kind != YAML_LIST)
        return refuse(l, list ? list : &(struct yaml){.line = 1}, "这里应是词的列表");
    for (size_t i = 0; i < list->n; i++) {
        if (list->item[i]->kind != YAML_TEXT)
            return refuse(l, list->item[i], "这里应是一个词");
        trie_add(t, list->item[i]->text, value, back);
    }
    return 0;
}

/* --- units */

static int unit_flags(const struct load *l, const struct yaml *u, unsigned *flags)
{
    static const char *const words[] = {"half", "period", "digit", "solid", "age"};
    const struct yaml *list = yaml_get(u, "flags");
    for (size_t i = 0; list && i < list->n; i++) {
        int bit = word_of(list->item[i]->text, words, 5);
        if (bit < 0)
            return refuse(l, list->item[i], "flags 只能是 half period digit solid age");
        *flags |= 1u << bit;
    }
    return 0;
}

static void unit_put(struct quantity_words *w, const struct qunit *u, const char *word, const char *as, bool ge)
{
    struct qunit one = *u;
    one.name = arena_str(w->a, as ? as : word);
    VEC_PUSH(w->a, w->unit, w->nunit, w->cap_unit) = one;
    trie_add(w->units, word, (uint32_t)w->nunit, false);
    if (ge)
        trie_add(w->units, arena_printf(w->a, "个%s", word), (uint32_t)w->nunit, false);
}

static int unit_read(const struct load *l, const struct yaml *u)
{
    static const char *const ones[] = {"never", "event", "sure"};
    const struct yaml *words = yaml_get(u, "words");
    int kind = word_of(text_of(u, "kind"), quantity_kind_word, QUANTITY_KIND__MAX);
    int one = text_of(u, "one") ? word_of(text_of(u, "one"), ones, 3) : 0;
    if (kind < 0 || one < 0 || !words || words->kind != YAML_LIST)
        return refuse(l, u, "量词应写 words、kind（如 count），one 是 never event sure 之一");
    struct qunit unit = {.kind = (enum quantity_kind)kind, .one = (enum one_rule)one, .then = text_of(u, "then")};
    if (text_of(u, "times"))
        unit.then_times = strtod(text_of(u, "times"), NULL);
    if (unit_flags(l, u, &unit.flags))
        return -1;
    for (size_t i = 0; i < words->n; i++)
        unit_put(l->w, &unit, words->item[i]->text, text_of(u, "as"), text_of(u, "ge") != NULL);
    return 0;
}

static int units_read(const struct load *l, const struct yaml *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (unit_read(l, list->item[i]))
            return -1;
    return 0;
}

/* Words that begin as a unit does: 户籍. */
static int other_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->units, 1u << 31, false);
}

/* 个案例: 个 is the unit although 个案 is another word. */
static int passes_read(const struct load *l, const struct yaml *map)
{
    for (size_t i = 0; i < map->n; i++) {
        const char *word = map->key[i]->text, *unit = map->item[i]->text;
        uint32_t id = 0;
        for (size_t k = 0; k < l->w->nunit && !id; k++)
            if (strcmp(l->w->unit[k].name, unit) == 0)
                id = (uint32_t)k + 1;
        if (!id)
            return refuse(l, map->item[i], "没有这个量词；passes 应写在量词之后");
        trie_add(l->w->units, word, (uint32_t)utf8_count(unit) << 20 | id, false);
    }
    return 0;
}

/* --- rules of context */

static int rules_read(const struct load *l, const struct yaml *list, struct trie *t, bool back)
{
    static const char *const forms[] = {"any", "han", "digit"};
    struct quantity_words *w = l->w;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml *r = list->item[i];
        int form = text_of(r, "form") ? word_of(text_of(r, "form"), forms, 3) : 0;
        if (r->kind != YAML_MAP || form < 0)
            return refuse(l, r, "规则应写 words，form 是 any han digit 之一");
        VEC_PUSH(w->a, w->rule, w->nrule, w->cap_rule) =
            (struct qrule){.form = (enum form)form,
                           .max = text_of(r, "max") ? strtod(text_of(r, "max"), NULL) : INFINITY,
                           .bare = text_of(r, "bare") != NULL,
                           .period = text_of(r, "period") != NULL};
        if (words_into(l, yaml_get(r, "words"), t, (uint32_t)w->nrule, back))
            return -1;
    }
    return 0;
}

static int before_read(const struct load *l, const struct yaml *list)
{
    return rules_read(l, list, l->w->before_rules, true);
}

static int after_read(const struct load *l, const struct yaml *list)
{
    return rules_read(l, list, l->w->after_rules, false);
}

/* --- modifiers and cues */

static int mods_read(const struct load *l, const struct yaml *map, struct trie *t, bool back)
{
    for (size_t i = 0; i < map->n; i++) {
        int m = word_of(map->key[i]->text, quantity_modifier_word, QUANTITY_MODIFIER__MAX);
        if (m < 0)
            return refuse(l, map->key[i], "没有这种修饰：exact over near about atleast atmost");
        if (words_into(l, map->item[i], t, (uint32_t)m + 1, back))
            return -1;
    }
    return 0;
}

static int mods_before_read(const struct load *l, const struct yaml *map)
{
    return mods_read(l, map, l->w->before_mods, true);
}

static int mods_after_read(const struct load *l, const struct yaml *map)
{
    return mods_read(l, map, l->w->after_mods, false);
}

/* A word may be a cue for several things: the bits of all its mentions. */
static uint32_t cue_bits(const struct yaml *map, const char *const *cues, int n, const char *word)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < map->n; i++)
        for (size_t k = 0; map->item[i]->kind == YAML_LIST && k < map->item[i]->n; k++)
            if (map->item[i]->item[k]->kind == YAML_TEXT && strcmp(map->item[i]->item[k]->text, word) == 0)
                bits |= 1u << (word_of(map->key[i]->text, cues, n) + 1);
    return bits;
}

static int cues_read(const struct load *l, const struct yaml *map)
{
    static const char *const cues[] = {"event", "sure", "rise", "from", "to", "age", "time", "ratio", "link"};
    for (size_t i = 0; i < map->n; i++) {
        if (word_of(map->key[i]->text, cues, 9) < 0 || map->item[i]->kind != YAML_LIST)
            return refuse(l, map->key[i], "没有这种提示：event sure rise from to age time ratio link");
        for (size_t k = 0; k < map->item[i]->n; k++) {
            const char *word = map->item[i]->item[k]->text;
            uint32_t bits = cue_bits(map, cues, 9, word);
            trie_add(l->w->cues, word, bits, true);
            if (bits & 1u << CUE_TO)
                trie_add(l->w->cues_ahead, word, bits, false);
        }
    }
    return 0;
}

/* --- the rest */

static int names_read(const struct load *l, const struct yaml *map)
{
    for (size_t i = 0; i < map->n; i++)
        if (words_into(l, map->item[i], l->w->names, 1, false))
            return -1;
    return 0;
}

static int keep_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->names, 2, false);
}

static int stop_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->stop, 1, false);
}

static int noise_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->noise, 1, true);
}

static int no_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->no, 1, false);
}

static int lack_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->lack, 1, false);
}

static int events_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->events, 1, false);
}

static int address_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->address, 1, false) || words_into(l, list, l->w->address_back, 1, true) ? -1
                                                                                                            : 0;
}

static int ends_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->nouns_end, 1, false);
}

static int fixed_read(const struct load *l, const struct yaml *list)
{
    struct quantity_words *w = l->w;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml *f = list->item[i];
        int kind = word_of(text_of(f, "kind"), quantity_kind_word, QUANTITY_KIND__MAX);
        const char *value = text_of(f, "value"), *unit = text_of(f, "unit");
        if (kind < 0)
            return refuse(l, f, "应写 words、kind");
        VEC_PUSH(w->a, w->fix, w->nfix, w->cap_fix) =
            (struct qfixed){(enum quantity_kind)kind, value ? strtod(value, NULL) : NAN, unit ? unit : ""};
        if (words_into(l, yaml_get(f, "words"), w->fixed, (uint32_t)w->nfix, false))
            return -1;
    }
    return 0;
}

/* Words for a time: {this_year: [今年, 今年以来]}. */
static int periods_read(const struct load *l, const struct yaml *map)
{
    for (size_t i = 0; i < map->n; i++) {
        int when = word_of(map->key[i]->text, qwhen_word, WHEN__MAX);
        if (when < 0)
            return refuse(l, map->key[i], "没有这种时间");
        if (words_into(l, map->item[i], l->w->periods, (uint32_t)when + 1, false))
            return -1;
    }
    return 0;
}

static int versus_read(const struct load *l, const struct yaml *list)
{
    return words_into(l, list, l->w->versus, 1, true);
}

/* Characters that OpenCC leaves or turns into another one: {餘: 余}. */
static int simple_read(const struct load *l, const struct yaml *map)
{
    for (size_t i = 0; i < map->n; i++) {
        const char *from = map->key[i]->text, *to = map->item[i]->text;
        uint32_t a = utf8_next(&from), b = utf8_next(&to);
        if (a < 0x4E00 || a > 0x9FFF || b < 0x4E00 || b > 0x9FFF)
            return refuse(l, map->key[i], "应写一个汉字对一个汉字");
        l->w->simple[a - 0x4E00] = (uint16_t)b;
    }
    return 0;
}

static const struct {
    const char *key;
    enum yaml_kind kind;
    int (*read)(const struct load *l, const struct yaml *y);
} keys[] = {
    {"units", YAML_LIST, units_read},
    {"other", YAML_LIST, other_read},
    {"passes", YAML_MAP, passes_read},
    {"before", YAML_LIST, before_read},
    {"after", YAML_LIST, after_read},
    {"modifiers_before", YAML_MAP, mods_before_read},
    {"modifiers_after", YAML_MAP, mods_after_read},
    {"cues", YAML_MAP, cues_read},
    {"names", YAML_MAP, names_read},
    {"keep", YAML_LIST, keep_read},
    {"not_tenths", YAML_LIST, stop_read},
    {"noise", YAML_LIST, noise_read},
    {"none_of", YAML_LIST, no_read},
    {"lack", YAML_LIST, lack_read},
    {"events", YAML_LIST, events_read},
    {"ends", YAML_LIST, ends_read},
    {"address", YAML_LIST, address_read},
    {"fixed", YAML_LIST, fixed_read},
    {"simple", YAML_MAP, simple_read},
    {"periods", YAML_MAP, periods_read},
    {"versus", YAML_LIST, versus_read},
    {"examples", YAML_LIST, NULL}, /* run by the tests */
};

static int key_read(const struct load *l, const struct yaml *key, const struct yaml *value)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key->text) != 0)
            continue;
        if (value->kind != keys[i].kind)
            return refuse(l, value, keys[i].kind == YAML_LIST ? "这里应是列表" : "这里应是“名: 值”");
        return keys[i].read ? keys[i].read(l, value) : 0;
    }
    return refuse(l, key, "不认识这个键");
}

int quantity_words_add(struct quantity_words *w, const char *name, const char *text, size_t n, struct err *e)
{
    struct schema_errors es = {.a = w->a};
    struct load l = {w, name, e};
    struct yaml *y = yaml_read(w->a, name, text, n, &es);
    if (!y)
        return err_set(e, ERR_INPUT, "数量词表 %s 第%d行：%s", name, es.v[0].line, es.v[0].msg);
    if (y->kind != YAML_MAP)
        return refuse(&l, y, "词表应由“键: 值”组成");
    for (size_t i = 0; i < y->n; i++)
        if (key_read(&l, y->key[i], y->item[i]))
            return -1;
    return 0;
}

/* Every character to its simplified one, where that is one character. */
static void simple_build(struct quantity_words *w)
{
    enum { FIRST = 0x4E00, LAST = 0x9FFF, ALL = LAST - FIRST + 1 };
    char *all = arena_alloc(w->a, ALL * 4 + 1), *p = all;
    w->simple = arena_array(w->a, ALL, sizeof *w->simple);
    for (uint32_t cp = FIRST; cp <= LAST; cp++) {
        w->simple[cp - FIRST] = (uint16_t)cp;
        p += utf8_put(p, cp);
        *p++ = '\n';
    }
    const char *s = han_hans(w->a, all);
    for (uint32_t cp = FIRST; cp <= LAST && *s; cp++) {
        uint32_t to = utf8_next(&s);
        if (to >= FIRST && to <= LAST && *s == '\n')
            w->simple[cp - FIRST] = (uint16_t)to;
        while (*s && *s++ != '\n')
            ;
    }
}

struct quantity_words *quantity_words_load(struct arena *a, struct err *e)
{
    struct quantity_words *w = arena_alloc(a, sizeof *w);
    struct trie **tries[] = {&w->units,      &w->names,  &w->before_rules, &w->after_rules, &w->before_mods,
                             &w->after_mods, &w->fixed,  &w->stop,         &w->noise,       &w->no,
                             &w->lack,       &w->events, &w->cues,         &w->cues_ahead,  &w->nouns_end,
                             &w->periods,    &w->versus, &w->address,      &w->address_back};
    w->a = a;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        *tries[i] = trie_new(a);
    simple_build(w);
    for (const struct embed *f = embed_next(FOLDER, NULL); f; f = embed_next(FOLDER, f + 1))
        if (quantity_words_add(w, f->path, (const char *)f->p, f->n, e))
            return NULL;
    return w;
}
