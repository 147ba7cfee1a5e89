/* SPDX-License-Identifier: Apache-2.0 */
/* schema_words.h: the vocabulary of the module language as tables. Private to src/model/schema*.c.
 *
 * A vocabulary is the list of words one kind of map may hold. The same tables read declarations (schema_read.c),
 * suggest the word that was meant and become the JSON Schema for editors (schema_json.c). */
#ifndef LINLI_MODEL_SCHEMA_WORDS_H
#define LINLI_MODEL_SCHEMA_WORDS_H

#include "model/schema.h"
#include "model/yaml.h"

struct reader;
struct vocab;

/* What a word's value looks like and what it is kept as, at `at` in the struct. */
enum shape {
    W_NAME,   /* const char *: [a-z][a-z0-9_]* */
    W_FIGURE, /* const char *: a name that may hold dots */
    W_TEXT,   /* const char * */
    W_LABEL,  /* struct label: a text or a map of languages */
    W_BOOL,   /* bool */
    W_INT,    /* int, from 0 */
    W_NAMES,  /* const char **, NULL-terminated: a list of names, or one */
    W_TEXTS,  /* const char **: a list of texts, or one */
    W_COVERS, /* const char **: rows of the catalogue */
    W_EXPR,   /* struct expr *; parsed here, bound when linked */
    W_ENUM,   /* an enum: the index in words */
    W_PICK,   /* const char *: one of words */
    W_MANY,   /* const char **: several of words */
    W_SUB,    /* a map that fills the struct at `at` by the vocabulary of */
    W_MAP,    /* name → map by the vocabulary of: an array at `at`, its length at n_at */
    W_LIST,   /* list of maps by the vocabulary of: likewise */
    W_OWN     /* read by read */
};

struct word {
    const char *word;
    enum shape shape;
    size_t at, n_at;
    const char *const *words; /* NULL-terminated */
    const struct vocab *of;
    void (*read)(struct reader *r, const struct yaml *y, void *into);
    bool required;
    const char *help; /* one sentence, for editors */
    const char *json; /* W_OWN: its JSON Schema, where it is not by the vocabulary of */
};

enum key_form { KEY_NAME, KEY_DOTTED, KEY_CODE, KEY_TEXT };

struct vocab {
    const char *what; /* "a register": in messages */
    const struct word *words;
    size_t n;
    size_t size;           /* of the struct filled */
    bool named;            /* W_MAP: its maps have names … */
    size_t name_at;        /* … which go here */
    enum key_form key;     /* W_MAP: what keys look like */
    const char *text_word; /* a plain text stands for this word */
    void (*before)(struct reader *r, void *into, const char *name);
    void (*after)(struct reader *r, const struct yaml *y, void *into);
};

extern const struct vocab vocab_module, vocab_register, vocab_child, vocab_field, vocab_choice, vocab_state,
    vocab_move, vocab_clock, vocab_make, vocab_figure, vocab_part, vocab_due, vocab_import, vocab_role;
extern const char *const permission_names[], *const period_names[], *const tone_names[];

#endif
