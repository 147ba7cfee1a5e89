/* SPDX-License-Identifier: Apache-2.0 */
/* json.h: JSON into a buffer; commas come by themselves.
 *
 *   struct json j;
 *   json_init(&j, &buf);
 *   json_obj_begin(&j);
 *     json_put_str(&j, "name", "…");      a member
 *     json_key(&j, "tags");               a member whose value follows
 *     json_arr_begin(&j); json_str(&j, "a"); json_arr_end(&j);
 *   json_obj_end(&j);
 *
 * Texts that are not UTF-8 get U+FFFD; < > & and U+2028/9 are written as \u escapes, so that the result may also
 * stand inside HTML. Integers beyond 2^53 are written as strings by json_id only. */
#ifndef LINLI_FORMAT_JSON_H
#define LINLI_FORMAT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define JSON_DEPTH 64

struct json {
    struct buf *b;
    int depth;
    bool after_key;
    bool filled[JSON_DEPTH]; /* something stands already at this depth */
};

void json_init(struct json *j, struct buf *b);
void json_obj_begin(struct json *j);
void json_obj_end(struct json *j);
void json_arr_begin(struct json *j);
void json_arr_end(struct json *j);
void json_key(struct json *j, const char *key);

void json_str(struct json *j, const char *s); /* NULL writes null */
void json_strn(struct json *j, const char *s, size_t n);
void json_int(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);
void json_nil(struct json *j);
/* An id: a string, because our 63-bit ids do not fit a JavaScript number. */
void json_id(struct json *j, int64_t id);
/* A number or a JSON text that is well formed already: "12.50". */
void json_raw(struct json *j, const char *text);

void json_put_str(struct json *j, const char *key, const char *s);
void json_put_int(struct json *j, const char *key, int64_t v);
void json_put_bool(struct json *j, const char *key, bool v);
void json_put_nil(struct json *j, const char *key);
void json_put_id(struct json *j, const char *key, int64_t id);
void json_put_raw(struct json *j, const char *key, const char *text);

#endif
