/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_style.c: which number formats show a date. */
#include "format/xlsx_style.h"

#include <string.h>
#include <strings.h>

bool style_builtin_date(int id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* [h] [mm] [ss]: an amount of time; other brackets hold colours, locales and conditions. */
static bool elapsed(const char *s, size_t n)
{
    if (n == 0 || !strchr("hHmMsS", *s))
        return false;
    for (size_t i = 1; i < n; i++)
        if (s[i] != s[0])
            return false;
    return true;
}

bool style_code_date(const char *code)
{
    static const char *const han[] = {"年", "月", "日", "时", "分", "秒"};

    if (strcasecmp(code, "General") == 0)
        return false;
    for (const char *s = code; *s; s++) {
        if (*s == '"') {
            s = strchr(s + 1, '"');
            if (!s)
                return false;
        } else if (*s == '[') {
            const char *end = strchr(s, ']');

            if (!end)
                return false;
            if (elapsed(s + 1, (size_t)(end - s - 1)))
                return true;
            s = end;
        } else if (*s == '\\' || *s == '_' || *s == '*') {
            if (!*++s)
                return false;
        } else if (strchr("yYmMdDhHsS", *s)) {
            return true;
        } else {
            for (size_t i = 0; i < sizeof han / sizeof *han; i++)
                if (strncmp(s, han[i], strlen(han[i])) == 0)
                    return true;
        }
    }
    return false;
}
