/* SPDX-License-Identifier: Apache-2.0 */
/* html.c: HTML through functions whose names say the context. */
#include "format/html.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* What a byte needs: 0 goes as it is, 1 an entity, 2 left out, 3 a check of UTF-8. */
static const unsigned char need[256] = {
    [0 ... 8] = 2, [11 ... 12] = 2, [14 ... 31] = 2, ['"'] = 1, ['&'] = 1,
    ['\''] = 1,    ['<'] = 1,       ['>'] = 1,       [127] = 2, [0x80 ... 0xff] = 3};

static const char *entity(char c)
{
    switch (c) {
    case '"':
        return "&quot;";
    case '&':
        return "&amp;";
    case '\'':
        return "&#39;";
    case '<':
        return "&lt;";
    default:
        return "&gt;";
    }
}

/* Length of the well-formed UTF-8 sequence at p (end of text at e), 0 if there is none. */
static size_t sequence(const unsigned char *p, const unsigned char *e)
{
    size_t n = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;

    if (*p < 0xc2 || *p > 0xf4 || (size_t)(e - p) < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) ||
        (*p == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

void html_textn(struct buf *b, const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s, *e = p + len, *from = p;

    while (p < e) {
        /* Nearly every Chinese character: three bytes from E4 to E9. */
        if ((unsigned char)(*p - 0xe4) <= 5 && e - p >= 3) {
            uint16_t rest;
            memcpy(&rest, p + 1, sizeof rest);
            if ((rest & 0xc0c0) == 0x8080) {
                p += 3;
                continue;
            }
        }
        unsigned char k = need[*p];
        size_t n;
        if (k == 0) {
            p++;
            continue;
        }
        if (k == 3 && (n = sequence(p, e)) > 0) {
            p += n;
            continue;
        }
        buf_add(b, from, (size_t)(p - from));
        if (k == 1)
            buf_str(b, entity((char)*p));
        else if (k == 3)
            buf_str(b, "\xef\xbf\xbd");
        from = ++p;
    }
    buf_add(b, from, (size_t)(p - from));
}

void html_text(struct buf *b, const char *s)
{
    if (s)
        html_textn(b, s, strlen(s));
}

void html_attr(struct buf *b, const char *s)
{
    html_text(b, s);
}

void html_url(struct buf *b, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";

    if (!s)
        return;
    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-' ||
            *p == '_' || *p == '.' || *p == '~') {
            buf_char(b, (char)*p);
        } else {
            char x[3] = {'%', hex[*p >> 4], hex[*p & 15]};
            buf_add(b, x, sizeof x);
        }
    }
}

/* Browsers drop tabs, line ends and leading blanks before they read a scheme, so these are refused outright. */
static bool href_safe(const char *s)
{
    static const char *const schemes[] = {"http://", "https://", "tel:", "mailto:"};
    size_t colon;

    for (const unsigned char *p = (const unsigned char *)s; *p; p++)
        if (*p < 32 || *p == 127 || *p == '\\')
            return false;
    if (*s == ' ' || (s[0] == '/' && s[1] == '/'))
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(s, schemes[i], strlen(schemes[i])) == 0)
            return true;
    colon = strcspn(s, ":/?#");
    return s[colon] != ':';
}

void html_href(struct buf *b, const char *s)
{
    if (s)
        html_attr(b, href_safe(s) ? s : "#");
}

void html_int(struct buf *b, int64_t v)
{
    buf_int(b, v);
}

void html_set(struct buf *b, const char *name, const char *value)
{
    if (!value)
        return;
    buf_add(b, " ", 1);
    buf_str(b, name);
    buf_add(b, "=\"", 2);
    html_attr(b, value);
    buf_add(b, "\"", 1);
}

void html_set_int(struct buf *b, const char *name, int64_t value)
{
    buf_char(b, ' ');
    buf_str(b, name);
    buf_str(b, "=\"");
    buf_int(b, value);
    buf_char(b, '"');
}

void html_flag(struct buf *b, const char *name, int on)
{
    if (!on)
        return;
    buf_char(b, ' ');
    buf_str(b, name);
}

void html_elem(struct buf *b, const char *tag, const char *text)
{
    buf_char(b, '<');
    buf_str(b, tag);
    buf_char(b, '>');
    html_text(b, text);
    buf_str(b, "</");
    buf_add(b, tag, strcspn(tag, " "));
    buf_char(b, '>');
}

void html_option_int(struct buf *b, int64_t value, const char *label, int selected)
{
    html_raw(b, "<option value=\"");
    buf_int(b, value);
    html_raw(b, selected ? "\" selected>" : "\">");
    html_text(b, label);
    html_raw(b, "</option>");
}

void html_hidden(struct buf *b, const char *name, const char *value)
{
    html_raw(b, "<input type=\"hidden\"");
    html_set(b, "name", name);
    html_set(b, "value", value ? value : "");
    html_raw(b, ">");
}

void html_option(struct buf *b, const char *value, const char *label, int selected)
{
    html_raw(b, "<option value=\"");
    html_attr(b, value);
    html_raw(b, selected ? "\" selected>" : "\">");
    html_text(b, label);
    html_raw(b, "</option>");
}

void html_link(struct buf *b, const char *href, const char *text)
{
    html_raw(b, "<a href=\"");
    html_href(b, href);
    html_raw(b, "\">");
    html_text(b, text);
    html_raw(b, "</a>");
}
