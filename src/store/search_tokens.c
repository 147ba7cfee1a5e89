/* SPDX-License-Identifier: Apache-2.0 */
/* search_tokens.c: pairs of CJK characters, words and numbers. */
#include <string.h>
#include <unicode/uchar.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "store/search.h"
#include "store/search_tokens.h"

#define HOME_MARK "\xee\x80\x80"     /* U+E000 */
#define REGISTER_MARK "\xee\x80\x81" /* U+E001 */
#define LINE_MARK "\xee\x80\x82"     /* U+E002, for _ in names, which the index takes for a separator */
#define CLOSED_MARK "\xee\x80\x83"   /* U+E003 */
#define WORD_BYTES 64                /* of a word or number; the rest is cut off */

enum letter { OTHER, CJK, WORD, DIGIT };

static enum letter letter_of(uint32_t cp)
{
    if (cp < 0x80) {
        if (cp >= '0' && cp <= '9')
            return DIGIT;
        return cp >= 'a' && cp <= 'z' ? WORD : OTHER;
    }
    if (cp_is_han(cp) || (cp >= 0x3041 && cp <= 0x30ff))
        return CJK;
    if (cp >= 0xe000 && cp <= 0xf8ff) /* private use: ours */
        return OTHER;
    return u_isalpha((UChar32)cp) || u_charType((UChar32)cp) == U_NON_SPACING_MARK ? WORD : OTHER;
}

char *text_for_search(struct arena *a, const char *text, size_t max)
{
    char *out = text_clean(a, text ? text : ""), *p;
    size_t n = strlen(out);

    if (n > max) {
        n = max;
        while (n > 0 && ((unsigned char)out[n] & 0xc0) == 0x80)
            n--;
        out[n] = '\0';
    }
    for (p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return out;
}

static void put_token(struct map *m, const char *p, size_t n)
{
    char token[WORD_BYTES + 1];

    if (n > WORD_BYTES) {
        n = WORD_BYTES;
        while (n > 0 && ((unsigned char)p[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(token, p, n);
    token[n] = '\0';
    map_put(m, token, m);
}

void tokens_of_text(struct map *m, const char *body)
{
    const char *p = body, *start = body; /* of the word, or of the CJK character before */
    enum letter run = OTHER;

    for (;;) {
        const char *at = p;
        uint32_t cp = utf8_next(&p);
        enum letter k = cp ? letter_of(cp) : OTHER;

        if (k == run && k == CJK)
            put_token(m, start, (size_t)(p - start));
        if (k != run && (run == WORD || run == DIGIT))
            put_token(m, start, (size_t)(at - start));
        if (k != run || k == CJK)
            start = at;
        run = k;
        if (cp == 0)
            return;
    }
}

const char *token_of_scope(struct arena *a, int64_t home, const char *table)
{
    struct buf b;
    const char *out;

    buf_init(&b, 256);
    buf_str(&b, HOME_MARK);
    buf_int(&b, home);
    if (table)
        buf_str(&b, REGISTER_MARK);
    for (; table && *table; table++) {
        if (*table == '_')
            buf_str(&b, LINE_MARK);
        else
            buf_char(&b, *table);
    }
    out = arena_strn(a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

static const char *join(struct arena *a, const struct map *m, const char *between)
{
    struct buf b;
    const char *out;
    size_t i;

    buf_init(&b, 16 * SEARCH_TEXT);
    for (i = 0; i < map_count(m); i++) {
        if (i > 0)
            buf_str(&b, between);
        buf_str(&b, map_key(m, i));
    }
    out = arena_strn(a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

const char *token_closed(struct arena *a, const char *token)
{
    return arena_printf(a, CLOSED_MARK "%s", token);
}

/* The tokens of a record, collected in an arena of their own: an import keeps what it is given until the chunk is
 * written. */
static void collect(struct map *m, struct arena *own, int64_t home, const char *table, const char *body)
{
    const char *closed = strchr(body, BODY_CLOSED);
    struct map *both;

    map_put(m, token_of_scope(own, home, NULL), m);
    map_put(m, token_of_scope(own, home, table), m);
    if (!closed) {
        tokens_of_text(m, body);
        return;
    }
    both = map_new(own);
    tokens_of_text(m, arena_strn(own, body, (size_t)(closed - body)));
    tokens_of_text(both, body);
    for (size_t i = 0; i < map_count(both); i++)
        map_put(m, token_closed(own, map_key(both, i)), m);
}

const char *tokens_of_record(struct arena *a, int64_t home, const char *table, const char *body,
                             const char *between)
{
    struct arena *own = arena_new();
    struct map *m = map_new(own);
    const char *out;

    collect(m, own, home, table, body);
    out = join(a, m, between);
    arena_free(own);
    return out;
}

/* --- what changed */

static struct map *token_set(struct arena *a, const char *tokens)
{
    struct map *m = map_new(a);
    char *save = NULL;

    for (char *t = strtok_r(arena_str(a, tokens ? tokens : ""), " ", &save); t; t = strtok_r(NULL, " ", &save))
        map_put(m, t, m);
    return m;
}

/* Does the word stand in the closed part and not in the open one? */
static bool closed_only(const struct map *m, const char *word, const char *closed)
{
    return map_get(m, closed) && !map_get(m, word);
}

static bool is_personal(struct arena *a, const struct map *was, const struct map *now, const char *token)
{
    const size_t mark = strlen(CLOSED_MARK);
    const char *word = strncmp(token, CLOSED_MARK, mark) == 0 ? token + mark : token, *closed;

    closed = word == token ? token_closed(a, word) : token;
    return closed_only(was, word, closed) || closed_only(now, word, closed);
}

bool tokens_are_closed(const char *tokens)
{
    return strstr(tokens, CLOSED_MARK) != NULL;
}

void token_change(struct token_change *out, struct arena *a, const char *was, const char *now)
{
    struct map *before = token_set(a, was), *after = token_set(a, now);
    struct map *personal = map_new(a), *gone = map_new(a), *fresh = map_new(a);

    for (size_t i = 0; i < map_count(before); i++) {
        const char *t = map_key(before, i);

        if (!map_get(after, t))
            map_put(is_personal(a, before, after, t) ? personal : gone, t, before);
    }
    for (size_t i = 0; i < map_count(after); i++)
        if (!map_get(before, map_key(after, i)))
            map_put(fresh, map_key(after, i), after);
    *out = (struct token_change){join(a, personal, " "), join(a, gone, " "), join(a, fresh, " ")};
}

char *search_tokens(struct arena *a, const char *text)
{
    struct map *m = map_new(a);

    tokens_of_text(m, text_for_search(a, text, SEARCH_TEXT));
    return arena_str(a, join(a, m, " "));
}
