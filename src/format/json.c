/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: JSON into a buffer; commas come by themselves. */
#include "format/json.h"

#include <string.h>

#include "base/utf8.h"

void json_init(struct json *j, struct buf *b)
{
    *j = (struct json){.b = b};
}

/* What stands before a value or a key: a comma unless it is the first or follows its key. */
static void lead(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->filled[j->depth])
        buf_char(j->b, ',');
    j->filled[j->depth] = true;
}

/* Deeper than JSON_DEPTH is a bug of ours: the buffer is marked as overflown, so that nobody sends it. */
static void open(struct json *j, char c)
{
    lead(j);
    buf_char(j->b, c);
    if (j->depth + 1 >= JSON_DEPTH) {
        j->b->over = true;
        return;
    }
    j->filled[++j->depth] = false;
}

static void close(struct json *j, char c)
{
    buf_char(j->b, c);
    if (j->depth > 0)
        j->depth--;
}

void json_obj_begin(struct json *j)
{
    open(j, '{');
}

void json_obj_end(struct json *j)
{
    close(j, '}');
}

void json_arr_begin(struct json *j)
{
    open(j, '[');
}

void json_arr_end(struct json *j)
{
    close(j, ']');
}

static void escape(struct buf *b, uint32_t cp)
{
    static const char hex[] = "0123456789abcdef";
    char x[6] = {'\\', 'u', hex[cp >> 12 & 15], hex[cp >> 8 & 15], hex[cp >> 4 & 15], hex[cp & 15]};

    switch (cp) {
    case '"':
        buf_str(b, "\\\"");
        return;
    case '\\':
        buf_str(b, "\\\\");
        return;
    case '\n':
        buf_str(b, "\\n");
        return;
    case '\t':
        buf_str(b, "\\t");
        return;
    default:
        buf_add(b, x, sizeof x);
    }
}

/* What a byte needs: 0 goes as it is, 1 an escape, 2 a look at its sequence. */
static const unsigned char need[256] = {
    [0 ... 31] = 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [127] = 1, [128 ... 255] = 2};

/* The sequence at p: how many bytes it takes, and whether it can go out as it is. */
static size_t sequence(const char *p, size_t left, uint32_t *cp, bool *same)
{
    char seq[5] = {0}, out[4];
    const char *q = seq;

    memcpy(seq, p, left < 4 ? left : 4);
    *cp = utf8_next(&q);
    size_t used = (size_t)(q - seq);
    int len = utf8_put(out, *cp);
    *same = len > 0 && (size_t)len == used && memcmp(out, p, used) == 0;
    return used ? used : 1;
}

static void text(struct buf *b, const char *s, size_t n)
{
    const char *p = s, *end = s + n, *from = s;

    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (need[c] == 0) {
            p++;
            continue;
        }
        /* Nearly every Chinese character: three bytes from E4 to E9, which cannot be anything forbidden. */
        if (c >= 0xe4 && c <= 0xe9 && end - p >= 3 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
            p += 3;
            continue;
        }
        uint32_t cp = c;
        bool same = true, plain = need[c] == 1;
        size_t used = plain ? 1 : sequence(p, (size_t)(end - p), &cp, &same);
        if (plain || !same || cp == 0x2028 || cp == 0x2029) {
            buf_add(b, from, (size_t)(p - from));
            escape(b, same ? cp : 0xfffd);
            from = p + used;
        }
        p += used;
    }
    buf_add(b, from, (size_t)(p - from));
}

void json_strn(struct json *j, const char *s, size_t n)
{
    lead(j);
    buf_char(j->b, '"');
    text(j->b, s, n);
    buf_char(j->b, '"');
}

void json_str(struct json *j, const char *s)
{
    if (s)
        json_strn(j, s, strlen(s));
    else
        json_nil(j);
}

void json_key(struct json *j, const char *key)
{
    json_str(j, key);
    buf_char(j->b, ':');
    j->after_key = true;
}

void json_int(struct json *j, int64_t v)
{
    lead(j);
    buf_int(j->b, v);
}

void json_bool(struct json *j, bool v)
{
    json_raw(j, v ? "true" : "false");
}

void json_nil(struct json *j)
{
    json_raw(j, "null");
}

void json_id(struct json *j, int64_t id)
{
    lead(j);
    buf_char(j->b, '"');
    buf_int(j->b, id);
    buf_char(j->b, '"');
}

void json_raw(struct json *j, const char *s)
{
    lead(j);
    buf_str(j->b, s);
}

void json_put_str(struct json *j, const char *key, const char *s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_put_int(struct json *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_int(j, v);
}

void json_put_bool(struct json *j, const char *key, bool v)
{
    json_key(j, key);
    json_bool(j, v);
}

void json_put_nil(struct json *j, const char *key)
{
    json_key(j, key);
    json_nil(j);
}

void json_put_id(struct json *j, const char *key, int64_t id)
{
    json_key(j, key);
    json_id(j, id);
}

void json_put_raw(struct json *j, const char *key, const char *s)
{
    json_key(j, key);
    json_raw(j, s);
}
