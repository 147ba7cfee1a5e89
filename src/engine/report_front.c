/* SPDX-License-Identifier: Apache-2.0 */
/* report_front.c: the front matter of a template: its title, addressee, signature and identities. */
#include <string.h>

#include "engine/template.h"
#include "model/yaml.h"

/* The front matter stands between two lines of --- at the very beginning. Returns its bytes, 0 if there is none. */
static size_t front_find(const char *s, size_t n, size_t *body)
{
    if (n < 4 || strncmp(s, "---\n", 4) != 0)
        return 0;
    for (const char *p = s + 3; (p = strstr(p, "\n---")) != NULL; p++)
        if (p[4] == '\n' || p[4] == '\0') {
            *body = (size_t)(p - s) + 4 + (p[4] == '\n');
            return (size_t)(p - s) + 1;
        }
    return 0;
}

/* --- identities: a = b + c --- */

static void term_number(struct term *t, const char *text, bool *ok)
{
    *ok = render_micro(&t->number, text) == 0;
}

static bool term_parse(struct parse *p, struct term *t, char *text, const struct yaml *at)
{
    bool number = *text >= '0' && *text <= '9', ok = true;
    size_t n = strlen(text);
    if (number) {
        term_number(t, text, &ok);
        if (!ok)
            schema_error_add(p->es, p->def->file, at->line, at->col, "%s is not a number", text);
        return ok;
    }
    if (strncmp(text, "slices(", 7) == 0 && text[n - 1] == ')') {
        t->sum = true;
        text[n - 1] = '\0';
        text += 7;
    }
    ok = asked_parse(p, &t->ask, text, at->line, at->col);
    t->figure = t->ask.figure;
    return ok;
}

/* Words between operators make a term; operators stand between blanks. */
static void identity_parse(struct parse *p, const struct yaml *y)
{
    struct identity id = {.text = y->text, .line = y->line};
    struct template *t = p->t;
    size_t cap = 0, side = 0;
    int sign = 1;
    bool wrong = false;
    char *save = NULL, *word = strtok_r(arena_str(p->a, y->text), " ", &save);
    while (word && !wrong) {
        char *term = arena_str(p->a, "");
        for (; word && !strchr("+-=<>", *word); word = strtok_r(NULL, " ", &save))
            term = arena_printf(p->a, "%s%s%s", term, *term ? " " : "", word);
        struct term k = {.sign = sign};
        wrong = !*term || !term_parse(p, &k, term, y);
        VEC_PUSH(p->a, id.terms, id.n, cap) = k;
        side++;
        if (!word)
            break;
        wrong = wrong || strlen(word) > 2;
        sign = *word == '-' ? -1 : 1;
        if (strchr("=<>", *word)) {
            wrong = wrong || id.op[0];
            strncpy(id.op, word, 2);
            id.split = id.n;
            side = 0;
        }
        word = strtok_r(NULL, " ", &save);
    }
    static const char *const ops[] = {"=", "<=", ">=", "<", ">", NULL};
    bool known = false;
    for (size_t i = 0; ops[i]; i++)
        known = known || strcmp(ops[i], id.op) == 0;
    if (wrong || !known || side == 0)
        schema_error_add(p->es, p->def->file, y->line, y->col, "an identity is: figure = figure + figure");
    else
        VEC_PUSH(p->a, t->identities, t->nidentities, t->cap_identities) = id;
}

/* --- the words --- */

/* {unit} and the like in a short text. */
static void words_check(struct parse *p, const struct yaml *y)
{
    for (const char *s = strchr(y->text, '{'); s; s = strchr(s + 1, '{')) {
        size_t n = strcspn(s + 1, "}");
        bool ok = false;
        for (int i = 0; i < WORD_ITEM; i++)
            ok = ok || (strlen(template_words[i]) == n && strncmp(template_words[i], s + 1, n) == 0);
        if (!ok)
            schema_error_add(p->es, p->def->file, y->line, y->col,
                             "only {unit} {period} {year} {from} {to} {today} here");
    }
}

static const char *take_text(struct parse *p, const struct yaml *y)
{
    if (y->kind != YAML_TEXT) {
        schema_error_add(p->es, p->def->file, y->line, y->col, "a text is expected");
        return NULL;
    }
    words_check(p, y);
    return y->text;
}

/* One text, or a map from kinds of unit to texts; "other" is for the kinds that are not named. */
static void take_addressee(struct parse *p, const struct yaml *y)
{
    struct template *t = p->t;
    if (y->kind != YAML_MAP) {
        VEC_PUSH(p->a, t->addressees, t->naddressees, t->cap_addressees) =
            (struct addressee){.text = take_text(p, y)};
        return;
    }
    for (int other = 0; other < 2; other++) /* what is for all the others comes last */
        for (size_t i = 0; i < y->n; i++) {
            const char *kind = y->key[i]->text;
            if ((strcmp(kind, "other") == 0) == other)
                VEC_PUSH(p->a, t->addressees, t->naddressees, t->cap_addressees) =
                    (struct addressee){other ? NULL : kind, take_text(p, y->item[i])};
        }
}

static void take(struct parse *p, const char *key, const struct yaml *y)
{
    struct template *t = p->t;
    if (strcmp(key, "title") == 0)
        t->title = take_text(p, y);
    else if (strcmp(key, "addressee") == 0)
        take_addressee(p, y);
    else if (strcmp(key, "sign") == 0)
        t->sign = take_text(p, y);
    else if (strcmp(key, "identities") == 0 && y->kind == YAML_LIST)
        for (size_t i = 0; i < y->n; i++)
            if (y->item[i]->kind == YAML_TEXT)
                identity_parse(p, y->item[i]);
}

static void front_read(struct parse *p, const char *text, size_t n)
{
    static const char *const keys[] = {"report", "label",      "about",  "title", "addressee",
                                       "sign",   "identities", "covers", NULL};
    const struct yaml *y = yaml_read(p->a, p->def->file, text, n, p->es);
    if (!y)
        return;
    if (y->kind != YAML_MAP) {
        schema_error_add(p->es, p->def->file, y->line, y->col, "the front matter is a map: report, label, title");
        return;
    }
    for (size_t i = 0; i < y->n; i++) {
        const struct yaml *key = y->key[i];
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], key->text) != 0)
            k++;
        const char *near = keys[k] ? NULL : word_nearest(keys, key->text);
        if (!keys[k])
            schema_error_add(p->es, p->def->file, key->line, key->col, "unknown word %s%s%s%s", key->text,
                             near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
        else
            take(p, key->text, y->item[i]);
    }
}

size_t front_parse(struct parse *p, int *lines)
{
    size_t body = 0, n = front_find(p->def->text, p->def->n, &body);
    *lines = 1;
    if (n == 0)
        return 0;
    char *text = arena_strn(p->a, p->def->text, n);
    text[0] = '#'; /* the opening --- becomes a comment, so that lines keep their numbers */
    front_read(p, text, n);
    for (size_t i = 0; i < body; i++)
        *lines += p->def->text[i] == '\n';
    return body;
}
