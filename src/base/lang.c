/* SPDX-License-Identifier: Apache-2.0 */
/* lang.c: the words on the screen in three languages. */
#include "base/lang.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "base/embed.h"
#include "base/lang_match.h"
#include "base/map.h"
#include "base/utf8.h"

const char *const lang_tag[LANG__MAX] = {"zh-Hans", "zh-Hant", "en"};

static const char *const catalogue_path[LANG__MAX] = {NULL, "lang/zh-Hant.yaml", "lang/en.yaml"};

/* Written once by lang_init, read by every thread after it. */
static struct map *catalogue[LANG__MAX];
static struct arena *catalogue_arena;
/* The entries that are formats, for messages formatted before they are translated. */
static struct format {
    const char *hans, *text;
} * formats[LANG__MAX];
static size_t nformats[LANG__MAX];

static int bad_catalogue(const char *path, const yaml_mark_t *at, const char *what, struct err *e)
{
    return err_set(e, ERR_INPUT, "词表 %s 第 %zu 行第 %zu 列有误：%s。词表应为一行一条“简体原文: 译文”。", path,
                   at->line + 1, at->column + 1, what);
}

/* One flat mapping of scalars to scalars. */
static int catalogue_read(struct map *m, yaml_parser_t *p, const char *path, struct err *e)
{
    const char *key = NULL;
    int depth = 0;
    for (bool done = false; !done;) {
        yaml_event_t ev;
        if (!yaml_parser_parse(p, &ev))
            return bad_catalogue(path, &p->problem_mark, p->problem ? p->problem : "YAML", e);
        const char *wrong = NULL;
        if (ev.type == YAML_MAPPING_START_EVENT && depth++) {
            wrong = "不能嵌套";
        } else if (ev.type == YAML_SEQUENCE_START_EVENT || ev.type == YAML_ALIAS_EVENT) {
            wrong = "不能用列表或引用";
        } else if (ev.type == YAML_SCALAR_EVENT && !depth) {
            wrong = "应为映射";
        } else if (ev.type == YAML_SCALAR_EVENT && !key) {
            key = arena_str(catalogue_arena, (const char *)ev.data.scalar.value);
        } else if (ev.type == YAML_SCALAR_EVENT) {
            if (map_put(m, key, arena_str(catalogue_arena, (const char *)ev.data.scalar.value)))
                wrong = "原文重复";
            key = NULL;
        }
        done = ev.type == YAML_STREAM_END_EVENT;
        int rc = wrong ? bad_catalogue(path, &ev.start_mark, wrong, e) : 0;
        yaml_event_delete(&ev);
        if (rc)
            return rc;
    }
    return 0;
}

static int catalogue_load(struct map *m, const char *path, struct err *e)
{
    const struct embed *f = embed_find(path);
    if (!f)
        return 0;
    yaml_parser_t p;
    if (!yaml_parser_initialize(&p))
        return err_log(e, "yaml_parser_initialize");
    yaml_parser_set_input_string(&p, f->p, f->n);
    int rc = catalogue_read(m, &p, path, e);
    yaml_parser_delete(&p);
    return rc;
}

static void formats_collect(enum lang l)
{
    struct format *v = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < map_count(catalogue[l]); i++) {
        struct format f = {map_key(catalogue[l], i), map_value(catalogue[l], i)};
        if (lang_is_format(f.hans))
            VEC_PUSH(catalogue_arena, v, n, cap) = f;
    }
    formats[l] = v;
    nformats[l] = n;
}

int lang_init(struct err *e)
{
    if (catalogue_arena)
        return 0;
    catalogue_arena = arena_new();
    for (int l = 0; l < LANG__MAX; l++) {
        catalogue[l] = map_new(catalogue_arena);
        if (catalogue_path[l] && catalogue_load(catalogue[l], catalogue_path[l], e))
            return -1;
        formats_collect((enum lang)l);
    }
    return 0;
}

/* --- what OpenCC has made of the words so far
 *
 * A page shows some hundred words and one conversion costs microseconds under a lock, so the first few thousand are
 * kept for the life of the process. An entry is never changed or removed once its pointer stands in the table. */

enum { KEPT_SLOTS = 4096, KEPT_TRIES = 8, KEPT_BYTES = 72 };

struct kept {
    const char *hant; /* behind the key in the same piece of memory */
    char hans[];
};
static _Atomic(struct kept *) kept[KEPT_SLOTS];

static size_t kept_hash(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h ^ (h >> 15);
}

static struct kept *kept_new(const char *hans, const char *hant)
{
    size_t n = strlen(hans) + 1, m = strlen(hant) + 1;
    struct kept *k = xmalloc(sizeof *k + n + m);
    memcpy(k->hans, hans, n);
    memcpy(k->hans + n, hant, m);
    k->hant = k->hans + n;
    return k;
}

static const char *hant_kept(struct arena *a, const char *hans)
{
    size_t h = kept_hash(hans);
    _Atomic(struct kept *) *room = NULL;
    for (size_t i = 0; i < KEPT_TRIES; i++) {
        _Atomic(struct kept *) *slot = &kept[(h + i) % KEPT_SLOTS];
        struct kept *k = atomic_load_explicit(slot, memory_order_acquire);
        if (!k) {
            room = slot;
            break;
        }
        if (!strcmp(k->hans, hans))
            return k->hant;
    }
    const char *hant = han_hant(a, hans);
    if (room && strlen(hans) <= KEPT_BYTES) {
        struct kept *mine = kept_new(hans, hant), *none = NULL;
        if (atomic_compare_exchange_strong(room, &none, mine))
            return mine->hant;
        free(mine); /* another thread was faster */
    }
    return hant;
}

static const char *tr_exact(enum lang l, const char *hans)
{
    return catalogue[l] ? map_get(catalogue[l], hans) : NULL;
}

static const char *tr_formatted(struct arena *a, enum lang l, const char *msg, int depth);

/* A word of the catalogue, also in “”. */
static const char *tr_word(struct arena *a, enum lang l, const char *hans)
{
    static const char open[] = "“", close[] = "”";
    size_t n = strlen(hans), m = sizeof open - 1;
    if (n <= 2 * m || memcmp(hans, open, m) != 0 || memcmp(hans + n - m, close, m) != 0)
        return tr_exact(l, hans);
    const char *found = tr_exact(l, arena_strn(a, hans + m, n - 2 * m));
    return found ? arena_printf(a, "“%s”", found) : NULL;
}

/* "甲、乙": every piece a word of the catalogue. */
static const char *tr_list(struct arena *a, enum lang l, const char *hans)
{
    static const char comma[] = "、";
    const char *out = NULL;
    for (const char *p = hans;; p += sizeof comma - 1) {
        const char *end = strstr(p, comma);
        const char *word = tr_word(a, l, end ? arena_strn(a, p, (size_t)(end - p)) : p);
        if (!word)
            return NULL;
        out = out ? arena_printf(a, "%s, %s", out, word) : word;
        if (!end)
            return out;
        p = end;
    }
}

/* What people's words are put together from: "名称：说明", "说明。", "甲、乙". English only: OpenCC needs no help.
 */
static const char *tr_pieces(struct arena *a, enum lang l, const char *hans, int depth)
{
    static const char colon[] = "：", stop[] = "。";
    const char *found = tr_formatted(a, l, hans, depth), *at = strstr(hans, colon);
    size_t n = strlen(hans), m = sizeof stop - 1;
    if (found || l != LANG_EN)
        return found;
    if (n > m && memcmp(hans + n - m, stop, m) == 0 && (found = tr_exact(l, arena_strn(a, hans, n - m))))
        return arena_printf(a, "%s.", found);
    const char *head = at ? tr_exact(l, arena_strn(a, hans, (size_t)(at - hans))) : NULL;
    if (head && depth >= 0) {
        const char *rest = at + sizeof colon - 1, *said = tr_exact(l, rest);
        if (!said)
            said = tr_pieces(a, l, rest, depth - 1);
        return arena_printf(a, "%s: %s", head, said ? said : rest);
    }
    return tr_list(a, l, hans);
}

/* A message that one of the formats gave; NULL if none did. depth: the words in its slots may be messages again. */
static const char *tr_formatted(struct arena *a, enum lang l, const char *msg, int depth)
{
    struct lang_slot slot[LANG_SLOTS];
    for (size_t i = 0; i < nformats[l]; i++) {
        int n = lang_match(slot, formats[l][i].hans, msg);
        if (n < 0)
            continue;
        for (int j = 0; j < n; j++) {
            if (!slot[j].n)
                continue;
            const char *word = arena_strn(a, slot[j].p, slot[j].n), *found = tr_exact(l, word);
            if (!found && depth && !slot[j].quoted)
                found = tr_pieces(a, l, word, depth - 1);
            if (found)
                slot[j] = (struct lang_slot){found, strlen(found), false};
        }
        return lang_fill(a, formats[l][i].text, slot, n);
    }
    return NULL;
}

const char *lang_tr(struct arena *a, enum lang l, const char *hans)
{
    if (!hans || !*hans || l == LANG_HANS || (unsigned)l >= LANG__MAX)
        return hans;
    const char *found = tr_exact(l, hans);
    if (!found && nformats[l])
        found = tr_pieces(a, l, hans, 1);
    if (found)
        return found;
    return l == LANG_HANT ? hant_kept(a, hans) : hans;
}

/* --- Accept-Language (RFC 9110 §12.5.4) */

static const struct {
    const char *tag; /* the first that is the range or a prefix of it decides */
    enum lang lang;
} ranges[] = {{"zh-Hant", LANG_HANT}, {"zh-Hans", LANG_HANS}, {"zh-TW", LANG_HANT}, {"zh-HK", LANG_HANT},
              {"zh-MO", LANG_HANT},   {"zh", LANG_HANS},      {"en", LANG_EN}};

static int range_lang(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        size_t t = strlen(ranges[i].tag);
        if (n >= t && !strncasecmp(s, ranges[i].tag, t) && (n == t || s[t] == '-'))
            return (int)ranges[i].lang;
    }
    return -1;
}

/* The weight behind ";q=" in thousandths; 1000 without one. */
static int range_weight(const char *s, const char *end)
{
    const char *q = memchr(s, ';', (size_t)(end - s));
    if (!q)
        return 1000;
    q++;
    while (q < end && (*q == ' ' || *q == 'q' || *q == 'Q' || *q == '='))
        q++;
    int w = q < end && *q == '1' ? 1000 : 0;
    if (!w && end - q > 2 && q[0] == '0' && q[1] == '.') {
        int place = 100;
        for (q += 2; q < end && *q >= '0' && *q <= '9' && place; q++, place /= 10)
            w += (*q - '0') * place;
    }
    return w;
}

enum lang lang_pick(const char *accept_language)
{
    int best = 0;
    enum lang found = LANG_HANS;
    for (const char *s = accept_language; s && *s;) {
        const char *end = s + strcspn(s, ",");
        while (s < end && *s == ' ')
            s++;
        int l = range_lang(s, strcspn(s, ",; "));
        int w = range_weight(s, end);
        if (l >= 0 && w > best) {
            best = w;
            found = (enum lang)l;
        }
        s = *end ? end + 1 : end;
    }
    return found;
}
