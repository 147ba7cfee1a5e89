/* SPDX-License-Identifier: Apache-2.0 */
/* text_read.c: which kind of file it is, and plain text in the encodings that offices use. */
#include "format/text_read.h"

#include <string.h>

#include "base/file.h"
#include "base/utf8.h"

static int text_plain(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e)
{
    if (len >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3)) {
        p += 3;
        len -= 3;
    }
    if (len > TEXT_MAX)
        return err_set(e, ERR_TOOBIG, "文字太长：最多 %d MB", TEXT_MAX >> 20);
    if (memchr(p, 0, len))
        return err_set(e, ERR_REFUSED, "这不是文本文件，也不是 .docx、.pdf。请另存为其中一种再试");
    if (utf8_valid(p, len)) {
        *out = arena_strn(a, p, len);
        *n = len;
        return 0;
    }
    *out = gb18030_utf8(a, p, len, n);
    if (!*out)
        return err_set(e, ERR_REFUSED,
                       "这个文件不是 UTF-8 或 GB18030 的文本，也不是 .docx、.pdf。请另存为其中一种再试");
    return 0;
}

int text_from_bytes(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e)
{
    if (len >= 4 && !memcmp(p, "PK\3\4", 4))
        return text_from_docx(out, n, a, p, len, e);
    if (len >= 5 && !memcmp(p, "%PDF-", 5))
        return text_from_pdf(out, n, a, p, len, e);
    if (len >= 8 && !memcmp(p, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
        return err_set(e, ERR_REFUSED,
                       "这是旧版 Word 文件（.doc），或是加了密码的 Word 文件。请去掉密码，另存为 .docx 再试");
    return text_plain(out, n, a, p, len, e);
}

int text_read(char **out, size_t *n, struct arena *a, const char *path, struct err *e)
{
    char *p;
    size_t len;
    if (file_read(&p, &len, a, path, TEXT_FILE_MAX, e))
        return -1;
    return text_from_bytes(out, n, a, p, len, e);
}
