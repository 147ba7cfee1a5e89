/* SPDX-License-Identifier: Apache-2.0 */
/* text_docx.c: the text of a Word file: paragraphs, cells, breaks; deleted and hidden runs left out. */
#include <string.h>

#include "base/buf.h"
#include "format/text_read.h"
#include "format/xml_scan.h"

struct docx {
    struct buf b;
    bool in_text;
    int deleted;
};

static int docx_begin(struct xml_scan *x, const char *name, const void *attrs, int nattrs, struct err *e)
{
    struct docx *d = x->arg;
    (void)attrs;
    (void)nattrs;
    (void)e;
    if (strcmp(name, "t") == 0)
        d->in_text = true;
    else if (strcmp(name, "del") == 0 || strcmp(name, "instrText") == 0 || strcmp(name, "Fallback") == 0)
        d->deleted++;
    else if (strcmp(name, "tab") == 0)
        buf_char(&d->b, '\t');
    else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0)
        buf_char(&d->b, '\n');
    return 0;
}

static int docx_end(struct xml_scan *x, const char *name, struct err *e)
{
    struct docx *d = x->arg;
    (void)e;
    if (strcmp(name, "t") == 0)
        d->in_text = false;
    else if (strcmp(name, "del") == 0 || strcmp(name, "instrText") == 0 || strcmp(name, "Fallback") == 0)
        d->deleted--;
    else if (strcmp(name, "p") == 0)
        buf_char(&d->b, '\n');
    else if (strcmp(name, "tc") == 0 && d->b.n && d->b.p[d->b.n - 1] == '\n')
        d->b.p[d->b.n - 1] = '\t';
    else if (strcmp(name, "tr") == 0)
        buf_char(&d->b, '\n');
    return 0;
}

static int docx_text(struct xml_scan *x, const char *s, size_t n, struct err *e)
{
    struct docx *d = x->arg;
    if (d->in_text && d->deleted <= 0)
        buf_add(&d->b, s, n);
    return buf_overflow(&d->b) ? err_set(e, ERR_TOOBIG, "文字太长：最多 %d MB", TEXT_MAX >> 20) : 0;
}

int text_from_docx(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e)
{
    struct docx d = {0};
    struct xml_scan x = {.begin = docx_begin, .end = docx_end, .text = docx_text, .arg = &d};
    zip_t *z = NULL;
    if (zip_from_bytes(&z, p, len, e))
        return -1;
    buf_init(&d.b, TEXT_MAX);
    int rc = -1;
    if (!zip_has(z, "word/document.xml"))
        err_set(e, ERR_REFUSED, "这不是 Word 文件（.docx）：里面没有正文");
    else
        rc = xml_scan_part(&x, z, "word/document.xml", e);
    if (rc == 0 && buf_overflow(&d.b))
        rc = err_set(e, ERR_TOOBIG, "文字太长：最多 %d MB", TEXT_MAX >> 20);
    if (rc == 0) {
        *n = d.b.n;
        *out = arena_strn(a, buf_cstr(&d.b), d.b.n);
    }
    buf_done(&d.b);
    zip_discard(z);
    return rc;
}
