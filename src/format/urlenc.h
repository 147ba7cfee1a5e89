/* SPDX-License-Identifier: Apache-2.0 */
/* urlenc.h: the texts of HTTP: percent-encoding, paths, queries, cookies, header parameters. Pure functions. */
#ifndef LINLI_FORMAT_URLENC_H
#define LINLI_FORMAT_URLENC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct param {
    const char *name, *value; /* decoded UTF-8 */
};
struct params {
    struct param *v; /* in the order they came; names may repeat */
    size_t n, cap;
};

#define PATH_SEGMENTS 16

enum parsed {
    PARSED_OK,
    PARSED_BAD, /* malformed: 400 */
    PARSED_MANY /* over the ceiling: 413 */
};

/* Undo %XX, and + as a blank if plus. NULL: a bad escape, a NUL, or not UTF-8; with strict also control characters.
 */
char *parse_decode(struct arena *a, const char *s, size_t n, bool plus, bool strict);
/* "/r/visit/12" to its decoded segments; "/" has none. Bad: no leading slash, a segment . or .., a slash or
 * backslash inside a segment, control characters, more than PATH_SEGMENTS. */
enum parsed parse_path(const char **seg, size_t *n, struct arena *a, const char *path);
/* a=1&b=2, appended to out; at most max pairs in all. */
enum parsed parse_params(struct params *out, struct arena *a, const char *s, size_t n, size_t max);
/* name=value; name=value. What is malformed is passed over. */
void parse_cookies(struct params *out, struct arena *a, const char *header);
const char *params_get(const struct params *p, const char *name);
void params_add(struct params *p, struct arena *a, const char *name, const char *value);
/* Digits only, no sign, at most 18 of them; -1 otherwise. */
int64_t parse_count(const char *s);
/* The media type before any ; compared without case. */
bool media_is(const char *content_type, const char *type);
/* A parameter of a header value: boundary in multipart/form-data; boundary=xyz. NULL if absent. */
char *header_param(struct arena *a, const char *value, const char *name);
/* Does a comma-separated header hold the word (gzip;q=0 does not count)? */
bool header_has(const char *value, const char *word);

#endif
