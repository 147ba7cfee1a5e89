/* SPDX-License-Identifier: Apache-2.0 */
/* type_text.c: texts, names of persons, places on the map. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/type_ops.h"

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t';
}

/* Runs of blanks become one. In a text of one line a blank between two Han characters, which only spreads a word
 * out, goes, and line ends count as blanks: a narrow column has broken the word. In long texts blanks part
 * sentences. */
static char *tidy(struct arena *a, const char *s, bool lines)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    uint32_t last = 0;

    while (*s) {
        const char *p = s;
        uint32_t cp = utf8_next(&p);

        if (!is_blank(cp) && cp != '\n') {
            memcpy(out + n, s, (size_t)(p - s));
            n += (size_t)(p - s);
            last = cp;
            s = p;
            continue;
        }
        for (; is_blank(cp) || (!lines && cp == '\n'); cp = utf8_next(&p))
            s = p;
        if (cp == '\n') { /* blanks at the end of a line go */
            out[n++] = '\n';
            s = p;
            while (is_blank((uint32_t)*s))
                s++;
            last = 0;
        } else if (lines || !cp_is_han(last) || !cp_is_han(cp)) {
            out[n++] = ' ';
        }
    }
    out[n] = '\0';
    return out;
}

int read_text(const struct reading *r)
{
    if (type_lost_digits(r))
        return -1;
    const char *s = tidy(r->c->a, r->text, r->f->type == TYPE_LONGTEXT);
    size_t n = utf8_count(s);
    if (r->f->max_len && n > r->f->max_len)
        return type_refuse(r, REASON_LENGTH, "这里有 %zu 个字，最多 %zu 个字，请精简。", n, r->f->max_len);
    *r->out = value_text(s);
    return 0;
}

int read_person(const struct reading *r)
{
    if (r->cell->kind != CELL_TEXT)
        return type_refuse(r, REASON_CHECK, "“%s”不是姓名，请填写姓名。", r->text);
    return read_text(r);
}

static const char *coordinate(const char *s, double *v)
{
    char *end;

    if (*s != '-' && (*s < '0' || *s > '9'))
        return NULL;
    if (strspn(s, "-0123456789.") > 20)
        return NULL;
    *v = strtod(s, &end);
    return strspn(s, "-0123456789.") == (size_t)(end - s) ? end : NULL;
}

int read_location(const struct reading *r)
{
    const char *s = text_squeeze(r->c->a, r->text), *p;
    double lng = 0, lat = 0;

    p = coordinate(s, &lng);
    if (p && *p == ',')
        p += 1;
    else if (p && !strncmp(p, "，", 3))
        p += 3;
    else
        p = NULL;
    p = p ? coordinate(p, &lat) : NULL;
    if (!p || *p)
        return type_refuse(r, REASON_NUMBER, "“%s”不是位置。请写成“经度,纬度”，如 114.512300,38.042300。", r->text);
    if (lng < -180 || lng > 180 || lat < -90 || lat > 90)
        return type_refuse(r, REASON_RANGE, "“%s”超出范围：先写经度（-180 至 180），再写纬度（-90 至 90）。",
                           r->text);
    *r->out = value_text(arena_printf(r->c->a, "%.6f,%.6f", lng, lat));
    return 0;
}

const char *show_text(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    (void)a;
    (void)f;
    (void)l;
    return v.s;
}

const char *plain_text(struct arena *a, const struct field *f, struct value v)
{
    (void)a;
    (void)f;
    return v.s;
}

const char *mask_person(struct arena *a, const struct field *f, struct value v)
{
    const char *p = v.s;

    (void)f;
    utf8_next(&p);
    return arena_printf(a, "%.*s*", (int)(p - v.s), v.s);
}
