/* SPDX-License-Identifier: Apache-2.0 */
/* schema_json.c: the vocabulary tables written down as a JSON Schema. */
#include "model/schema_json.h"

#include <string.h>

#include "model/schema_words.h"

enum { VOCABS_MAX = 40 };

/* Vocabularies reachable from the two kinds of file, each once. */
struct vocabs {
    const struct vocab *v[VOCABS_MAX];
    size_t n;
};

static const char *const key_pattern[] = {
    [KEY_NAME] = "^[a-z][a-z0-9_]*$",
    [KEY_DOTTED] = "^[a-z][a-z0-9_]*(\\\\.[a-z][a-z0-9_]*)*$",
    [KEY_CODE] = "^[a-z0-9_]+$",
    [KEY_TEXT] = ".",
};

static void gather(struct vocabs *all, const struct vocab *v)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i] == v)
            return;
    if (all->n == VOCABS_MAX)
        return;
    all->v[all->n++] = v;
    for (size_t i = 0; i < v->n; i++)
        if (v->words[i].of)
            gather(all, v->words[i].of);
}

static void put_text(struct buf *b, const char *s)
{
    buf_char(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(b, '\\');
        buf_char(b, *s);
    }
    buf_char(b, '"');
}

/* "a child table" → child_table */
static void put_id(struct buf *b, const struct vocab *v)
{
    const char *s = v->what;
    s += !strncmp(s, "a ", 2) ? 2 : !strncmp(s, "an ", 3) ? 3 : 0;
    for (; *s; s++)
        buf_char(b, *s == ' ' ? '_' : *s);
}

static void put_of(struct buf *b, const struct vocab *v)
{
    buf_str(b, "\"$ref\":\"#/$defs/");
    put_id(b, v);
    buf_char(b, '"');
}

static void put_enum(struct buf *b, const char *const *words)
{
    buf_str(b, "\"enum\":[");
    for (size_t i = 0; words[i]; i++) {
        if (i)
            buf_char(b, ',');
        put_text(b, words[i]);
    }
    buf_char(b, ']');
}

static void put_map_of(struct buf *b, const struct vocab *v)
{
    buf_printf(b, "\"type\":\"object\",\"propertyNames\":{\"pattern\":\"%s\"},\"additionalProperties\":{",
               key_pattern[v->key]);
    put_of(b, v);
    buf_char(b, '}');
}

/* One, or a list of them. */
static void put_some(struct buf *b, const char *ref)
{
    buf_printf(b, "\"anyOf\":[{\"$ref\":\"#/$defs/%s\"},{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/%s\"}}]",
               ref, ref);
}

static void put_shape(struct buf *b, const struct word *w)
{
    static const char *const plain[] = {
        [W_NAME] = "\"$ref\":\"#/$defs/name\"",
        [W_FIGURE] = "\"$ref\":\"#/$defs/figure_name\"",
        [W_TEXT] = "\"$ref\":\"#/$defs/text\"",
        [W_LABEL] = "\"$ref\":\"#/$defs/label\"",
        [W_BOOL] = "\"type\":\"boolean\"",
        [W_INT] = "\"type\":\"integer\",\"minimum\":0",
        [W_EXPR] = "\"$ref\":\"#/$defs/expression\"",
        [W_OWN] = NULL,
    };
    switch (w->shape) {
    case W_NAMES:
        put_some(b, "name");
        break;
    case W_TEXTS:
        put_some(b, "text");
        break;
    case W_COVERS:
        put_some(b, "row");
        break;
    case W_ENUM:
    case W_PICK:
        put_enum(b, w->words);
        break;
    case W_MANY:
        buf_str(b, "\"type\":\"array\",\"items\":{");
        put_enum(b, w->words);
        buf_char(b, '}');
        break;
    case W_SUB:
        put_of(b, w->of);
        break;
    case W_MAP:
        put_map_of(b, w->of);
        break;
    case W_LIST:
        buf_str(b, "\"type\":\"array\",\"items\":{");
        put_of(b, w->of);
        buf_char(b, '}');
        break;
    case W_OWN:
        if (w->json) /* an object: its inside goes beside the description */
            buf_add(b, w->json + 1, strlen(w->json) - 2);
        else
            put_map_of(b, w->of);
        break;
    default:
        buf_str(b, plain[w->shape]);
        break;
    }
}

static void put_word(struct buf *b, const struct word *w)
{
    put_text(b, w->word);
    buf_str(b, ":{");
    put_shape(b, w);
    if (w->help) {
        buf_str(b, ",\"description\":");
        put_text(b, w->help);
    }
    buf_char(b, '}');
}

static void put_vocab(struct buf *b, const struct vocab *v)
{
    const char *sep = "";
    buf_str(b, ",\n\"");
    put_id(b, v);
    buf_str(b, v->text_word ? "\":{\"anyOf\":[{\"$ref\":\"#/$defs/label\"},{" : "\":{");
    buf_str(b, "\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
    for (size_t i = 0; i < v->n; i++)
        if (v->words[i].required) {
            buf_str(b, sep);
            put_text(b, v->words[i].word);
            sep = ",";
        }
    buf_str(b, "],\"properties\":{");
    for (size_t i = 0; i < v->n; i++) {
        buf_str(b, i ? ",\n  " : "\n  ");
        put_word(b, &v->words[i]);
    }
    buf_str(b, v->text_word ? "}}]}" : "}}");
}

void schema_json(struct buf *out)
{
    struct vocabs all = {.n = 0};
    gather(&all, &vocab_module);
    gather(&all, &vocab_register);
    buf_str(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
                 "\"title\":\"Linli module language\",\n"
                 "\"if\":{\"required\":[\"module\"]},\"then\":{\"$ref\":\"#/$defs/module\"},"
                 "\"else\":{\"$ref\":\"#/$defs/register\"},\n\"$defs\":{\n");
    buf_printf(out, "\"name\":{\"type\":\"string\",\"pattern\":\"%s\"},\n", key_pattern[KEY_NAME]);
    buf_printf(out, "\"figure_name\":{\"type\":\"string\",\"pattern\":\"%s\"},\n", key_pattern[KEY_DOTTED]);
    buf_str(out,
            "\"text\":{\"type\":[\"string\",\"number\",\"boolean\"]},\n"
            "\"expression\":{\"type\":[\"string\",\"number\",\"boolean\"]},\n"
            "\"row\":{\"type\":\"string\",\"pattern\":\"^[MF][0-9]{3}$\"},\n"
            "\"label\":{\"anyOf\":[{\"$ref\":\"#/$defs/text\"},{\"type\":\"object\",\"required\":[\"zh-Hans\"],"
            "\"additionalProperties\":false,\"properties\":{\"zh-Hans\":{\"$ref\":\"#/$defs/text\"},"
            "\"zh-Hant\":{\"$ref\":\"#/$defs/text\"},\"en\":{\"$ref\":\"#/$defs/text\"}}}]}");
    for (size_t i = 0; i < all.n; i++)
        put_vocab(out, all.v[i]);
    buf_str(out, "\n}}\n");
}
