/* SPDX-License-Identifier: Apache-2.0 */
/* urlenc.c: the texts of HTTP: percent-encoding, paths, queries, cookies, header parameters. */
#include "format/urlenc.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char *parse_decode(struct arena *a, const char *s, size_t n, bool plus, bool strict)
{
    char *out = arena_alloc(a, n + 1);
    size_t k = 0;
    bool ascii = true;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '%') {
            int hi = n - i > 2 ? hex_digit(s[i + 1]) : -1, lo = n - i > 2 ? hex_digit(s[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return NULL;
            c = (unsigned char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == 0 || (strict && (c < 32 || c == 127)))
            return NULL;
        ascii = ascii && c < 128;
        out[k++] = (char)c;
    }
    out[k] = '\0';
    return ascii || utf8_valid(out, k) ? out : NULL;
}

enum parsed parse_path(const char **seg, size_t *n, struct arena *a, const char *path)
{
    *n = 0;
    if (path[0] != '/')
        return PARSED_BAD;
    if (path[1] == '\0')
        return PARSED_OK;
    for (const char *p = path + 1;; p++) {
        size_t len = strcspn(p, "/");
        char *s = parse_decode(a, p, len, false, true);
        if (!s || strpbrk(s, "/\\") || strcmp(s, ".") == 0 || strcmp(s, "..") == 0 || *n == PATH_SEGMENTS)
            return PARSED_BAD;
        seg[(*n)++] = s;
        p += len;
        if (!*p)
            return PARSED_OK;
    }
}

void params_add(struct params *p, struct arena *a, const char *name, const char *value)
{
    VEC_PUSH(a, p->v, p->n, p->cap) = (struct param){name, value};
}

const char *params_get(const struct params *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->v[i].name, name) == 0)
            return p->v[i].value;
    return NULL;
}

enum parsed parse_params(struct params *out, struct arena *a, const char *s, size_t n, size_t max)
{
    const char *end = s + n;

    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s));
        const char *stop = amp ? amp : end;
        const char *eq = memchr(s, '=', (size_t)(stop - s));
        if (stop > s) {
            const char *name = parse_decode(a, s, (size_t)((eq ? eq : stop) - s), true, true);
            const char *value = eq ? parse_decode(a, eq + 1, (size_t)(stop - eq - 1), true, false) : "";
            if (!name || !value)
                return PARSED_BAD;
            if (out->n >= max)
                return PARSED_MANY;
            params_add(out, a, name, value);
        }
        s = stop + 1;
    }
    return PARSED_OK;
}

void parse_cookies(struct params *out, struct arena *a, const char *h)
{
    while (h && *h && out->n < 64) {
        h += strspn(h, " \t;");
        size_t n = strcspn(h, ";");
        const char *eq = memchr(h, '=', n);
        if (eq && eq > h) {
            const char *v = eq + 1;
            size_t len = n - (size_t)(v - h);
            while (len && (v[len - 1] == ' ' || v[len - 1] == '\t'))
                len--;
            if (len >= 2 && v[0] == '"' && v[len - 1] == '"') {
                v++;
                len -= 2;
            }
            params_add(out, a, arena_strn(a, h, (size_t)(eq - h)), arena_strn(a, v, len));
        }
        h += n;
    }
}

int64_t parse_count(const char *s)
{
    int64_t v = 0;
    size_t n = strlen(s);

    if (!n || n > 18)
        return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return -1;
        v = v * 10 + (*s - '0');
    }
    return v;
}

bool media_is(const char *content_type, const char *type)
{
    size_t n = strlen(type);

    if (!content_type || strncasecmp(content_type, type, n) != 0)
        return false;
    return content_type[n] == '\0' || content_type[n] == ';' || content_type[n] == ' ' || content_type[n] == '\t';
}

/* One quoted or plain value at p; *end is where it stops. In quotes a backslash escapes only " and itself: browsers
 * send Windows file names with plain backslashes. */
static char *param_value(struct arena *a, const char *p, const char **end)
{
    if (*p != '"') {
        size_t n = strcspn(p, "; \t");
        *end = p + n;
        return arena_strn(a, p, n);
    }
    char *out = arena_alloc(a, strlen(p) + 1), *o = out;
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        *o++ = *p;
    }
    *end = *p ? p + 1 : p;
    return out;
}

char *header_param(struct arena *a, const char *value, const char *name)
{
    size_t len = strlen(name);
    const char *p = value ? strchr(value, ';') : NULL;

    if (!p)
        return NULL;
    while (*p) {
        p += strspn(p, "; \t");
        size_t n = strcspn(p, "=;");
        if (p[n] != '=') {
            p += n;
            continue;
        }
        bool ours = n == len && strncasecmp(p, name, n) == 0;
        char *v = param_value(a, p + n + 1, &p);
        if (ours)
            return v;
    }
    return NULL;
}

bool header_has(const char *value, const char *word)
{
    size_t len = strlen(word);

    for (const char *p = value; p && *p;) {
        p += strspn(p, ", \t");
        size_t n = strcspn(p, ",");
        size_t w = strcspn(p, ",; \t");
        if (w == len && strncasecmp(p, word, len) == 0) {
            const char *q = memchr(p, '=', n);
            return !q || strspn(q + 1, "0. \t") < (size_t)(p + n - q - 1);
        }
        p += n;
    }
    return false;
}
