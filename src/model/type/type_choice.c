/* SPDX-License-Identifier: Apache-2.0 */
/* type_choice.c: yes or no, one of a list, several of a list. */
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "model/type_ops.h"

static const struct {
    const char *word;
    int v;
} flag_words[] = {
    {"是", 1},  {"否", 0}, {"有", 1},   {"无", 0},   {"√", 1},    {"×", 0},     {"✓", 1},
    {"✗", 0},   {"✔", 1},  {"✘", 0},    {"y", 1},    {"n", 0},    {"t", 1},     {"f", 0},
    {"1", 1},   {"0", 0},  {"yes", 1},  {"no", 0},   {"true", 1}, {"false", 0}, {"on", 1},
    {"off", 0}, {"对", 1}, {"不是", 0}, {"没有", 0}, {"☑", 1},    {"□", 0},     {"☐", 0},
};

static void lower(char *s)
{
    for (; *s; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
}

int read_flag(const struct reading *r)
{
    char *word = text_squeeze(r->c->a, r->text);

    lower(word);
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++)
        if (!strcmp(flag_words[i].word, word)) {
            *r->out = value_int(flag_words[i].v);
            return 0;
        }
    return type_refuse(r, REASON_CHOICE, "“%s”看不出是还是否，请填“是”或“否”。", r->text);
}

static bool same(struct arena *a, const char *word, const char *name, bool fold)
{
    if (!name || !*name)
        return false;
    return !strcmp(word, fold ? text_fold(a, name) : text_squeeze(a, name));
}

static bool is_choice(struct arena *a, const struct choice *c, const char *word, bool fold)
{
    if (same(a, word, c->code, fold))
        return true;
    for (int l = 0; l < LANG__MAX; l++)
        if (same(a, word, c->label.t[l], fold))
            return true;
    for (size_t i = 0; c->aliases && c->aliases[i]; i++)
        if (same(a, word, c->aliases[i], fold))
            return true;
    return false;
}

static bool is_written(const struct choice *c, const char *word)
{
    if (!strcmp(c->code, word))
        return true;
    for (int l = 0; l < LANG__MAX; l++)
        if (c->label.t[l] && !strcmp(c->label.t[l], word))
            return true;
    return false;
}

/* The choice a word means: its very words, else the only one that is the same but for brackets, case and
 * punctuation. NULL: none or several. */
static const struct choice *find_choice(struct arena *a, const struct field *f, const char *text)
{
    const struct choice *found = NULL;
    const char *word;

    for (size_t i = 0; *text && i < f->nchoices; i++)
        if (is_written(&f->choices[i], text))
            return &f->choices[i];
    word = text_squeeze(a, text);
    for (size_t i = 0; i < f->nchoices; i++)
        if (is_choice(a, &f->choices[i], word, false))
            return &f->choices[i];
    word = text_fold(a, text);
    for (size_t i = 0; *word && i < f->nchoices; i++)
        if (is_choice(a, &f->choices[i], word, true)) {
            if (found)
                return NULL;
            found = &f->choices[i];
        }
    return found;
}

static int refuse_choice(const struct reading *r, const char *word)
{
    const struct field *f = r->f;
    const char **names = arena_array(r->c->a, f->nchoices + 1, sizeof *names);
    const char *all = "";

    for (size_t i = 0; i < f->nchoices; i++) {
        names[i] = type_label(&f->choices[i].label, LANG_HANS);
        if (i < 20)
            all = arena_printf(r->c->a, "%s%s%s", all, i ? "、" : "", names[i]);
    }
    const char *near = word_nearest(names, word);
    return type_refuse(r, REASON_CHOICE, "“%s”不在选项中%s%s%s。可填：%s%s。", word, near ? "，是不是“" : "",
                       near ? near : "", near ? "”" : "", all, f->nchoices > 20 ? " 等" : "");
}

int read_choice(const struct reading *r)
{
    const struct choice *c = find_choice(r->c->a, r->f, r->text);

    if (!c)
        return refuse_choice(r, r->text);
    *r->out = value_text(c->code);
    return 0;
}

/* Length of a separator at s, 0 if there is none. */
static size_t separator(const char *s)
{
    static const char *const marks[] = {"、", "，", ",", ";", "；", "/", "\n", NULL};

    for (size_t i = 0; marks[i]; i++)
        if (!strncmp(s, marks[i], strlen(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* ",a,b,": in the order of the declaration. */
static struct value join_codes(const struct reading *r, const bool *on)
{
    const char *all = ",";
    size_t n = 0;

    for (size_t i = 0; i < r->f->nchoices; i++)
        if (on[i]) {
            all = arena_printf(r->c->a, "%s%s,", all, r->f->choices[i].code);
            n++;
        }
    return n ? value_text(all) : value_null();
}

int read_choices(const struct reading *r)
{
    struct arena *a = r->c->a;
    bool *on = arena_array(a, r->f->nchoices + 1, sizeof *on);
    const struct choice *whole = find_choice(a, r->f, r->text);

    if (whole) { /* a label may hold a separator itself */
        on[whole - r->f->choices] = true;
        *r->out = join_codes(r, on);
        return 0;
    }
    for (const char *s = r->text; *s;) {
        const char *end = s;
        while (*end && !separator(end))
            end++;
        const char *word = text_clean(a, arena_strn(a, s, (size_t)(end - s)));
        s = end + separator(end);
        if (!*word)
            continue;
        const struct choice *c = find_choice(a, r->f, word);
        if (!c)
            return refuse_choice(r, word);
        on[c - r->f->choices] = true;
    }
    *r->out = join_codes(r, on);
    return 0;
}

const char *show_flag(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    (void)f;
    return lang_tr(a, l, v.i ? "是" : "否");
}

const char *plain_flag(struct arena *a, const struct field *f, struct value v)
{
    (void)a;
    (void)f;
    return v.i ? "true" : "false";
}

static const char *label_of(const struct field *f, const char *code, size_t n, enum lang l)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (!strncmp(f->choices[i].code, code, n) && !f->choices[i].code[n])
            return type_label(&f->choices[i].label, l);
    return NULL;
}

/* A code the schema no longer has shows as itself. */
const char *show_choice(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    const char *label = label_of(f, v.s, strlen(v.s), l);

    (void)a;
    return label ? label : v.s;
}

const char *show_choices(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    const char *all = "", *mark = l == LANG_EN ? ", " : "、";

    for (const char *s = v.s + (*v.s == ','); *s;) {
        size_t n = strcspn(s, ",");
        const char *label = label_of(f, s, n, l);
        all = arena_printf(a, "%s%s%s", all, *all ? mark : "", label ? label : arena_strn(a, s, n));
        s += n + (s[n] == ',');
    }
    return all;
}

const char *plain_choices(struct arena *a, const struct field *f, struct value v)
{
    size_t n = strlen(v.s);

    (void)f;
    return n > 2 ? arena_strn(a, v.s + 1, n - 2) : "";
}
