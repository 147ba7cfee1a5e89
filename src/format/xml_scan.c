/* SPDX-License-Identifier: Apache-2.0 */
/* xml_scan.c: one XML part of a zip archive, element by element. */
#include "format/xml_scan.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

/* --- archives */

static int zip_check(zip_t *z, struct err *e)
{
    zip_int64_t n = zip_get_num_entries(z, 0);
    zip_uint64_t total = 0;

    if (n > ZIP_ENTRIES)
        return err_set(e, ERR_REFUSED, "文件里有%lld个部件，超过%d个，不像正常的表格文件，已拒收", (long long)n,
                       ZIP_ENTRIES);
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t st;

        if (zip_stat_index(z, (zip_uint64_t)i, 0, &st))
            return err_set(e, ERR_REFUSED, "文件损坏，打不开。请用表格软件重新另存后再上传");
        if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
            return err_set(e, ERR_REFUSED, "文件设了压缩密码，请去掉密码再上传");
        if (!(st.valid & ZIP_STAT_SIZE))
            continue;
        total += st.size;
        if (st.size > ZIP_ENTRY_BYTES || total > ZIP_TOTAL_BYTES ||
            (st.size > ((zip_uint64_t)8 << 20) && (st.valid & ZIP_STAT_COMP_SIZE) &&
             st.size / (st.comp_size + 1) > ZIP_RATIO))
            return err_set(e, ERR_REFUSED,
                           "文件解开后过大（或压缩得过分），不像正常的表格文件，已拒收。如确是台账，请把内容复制到"
                           "新的工作簿再上传");
    }
    return 0;
}

int zip_from_bytes(zip_t **out, const void *p, size_t n, struct err *e)
{
    zip_error_t ze;
    zip_source_t *src;
    zip_t *z;

    zip_error_init(&ze);
    src = zip_source_buffer_create(p, n, 0, &ze);
    z = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
    if (!z && src)
        zip_source_free(src);
    zip_error_fini(&ze);
    if (!z)
        return err_set(e, ERR_REFUSED,
                       "文件不完整或已损坏（可能没有传完）。请用表格软件打开确认，重新另存后再上传");
    if (zip_check(z, e)) {
        zip_discard(z);
        return -1;
    }
    *out = z;
    return 0;
}

bool zip_has(zip_t *z, const char *name)
{
    return zip_name_locate(z, name, ZIP_FL_NOCASE) >= 0;
}

/* --- attributes: libxml2 gives five pointers each: local name, prefix, URI, value, end of value */

struct xml_attr xml_attr(const void *attrs, int nattrs, const char *name)
{
    const xmlChar *const *at = attrs;

    for (int i = 0; i < nattrs; i++, at += 5)
        if (strcmp((const char *)at[0], name) == 0)
            return (struct xml_attr){(const char *)at[3], (size_t)(at[4] - at[3])};
    return (struct xml_attr){NULL, 0};
}

const char *xml_attr_str(struct xml_attr at, char *buf, size_t size)
{
    size_t k = 0;

    for (size_t i = 0; i < at.n && k + 1 < size; i++) {
        buf[k++] = at.p[i];
        /* without entity substitution libxml2 leaves an ampersand as a character reference */
        if (at.n - i >= 5 && memcmp(at.p + i, "&#38;", 5) == 0)
            i += 4;
    }
    buf[k] = '\0';
    return buf;
}

long xml_attr_int(struct xml_attr at, long otherwise)
{
    char buf[24];
    char *end;
    long v;

    if (!at.p || at.n == 0 || at.n >= sizeof buf)
        return otherwise;
    memcpy(buf, at.p, at.n);
    buf[at.n] = '\0';
    v = strtol(buf, &end, 10);
    return *end ? otherwise : v;
}

bool xml_attr_is(struct xml_attr at, const char *word)
{
    return at.p && at.n == strlen(word) && memcmp(at.p, word, at.n) == 0;
}

/* --- SAX */

static void scan_stop(struct xml_scan *x)
{
    x->failed = 1;
    xmlStopParser(x->ctxt);
}

static void on_begin(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
                     const xmlChar **ns, int nattrs, int ndefault, const xmlChar **attrs)
{
    struct xml_scan *x = arg;

    (void)prefix, (void)uri, (void)nns, (void)ns, (void)ndefault;
    if (!x->failed && x->begin && x->begin(x, (const char *)name, attrs, nattrs, x->e))
        scan_stop(x);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_scan *x = arg;

    (void)prefix, (void)uri;
    if (!x->failed && x->end && x->end(x, (const char *)name, x->e))
        scan_stop(x);
}

static void on_text(void *arg, const xmlChar *s, int n)
{
    struct xml_scan *x = arg;

    if (!x->failed && x->text && x->text(x, (const char *)s, (size_t)n, x->e))
        scan_stop(x);
}

static void on_dtd(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    struct xml_scan *x = arg;

    (void)name, (void)id, (void)system;
    if (!x->failed) {
        err_set(x->e, ERR_REFUSED, "文件里含有 DTD 或实体声明，正常的表格文件不会有，已拒收");
        scan_stop(x);
    }
}

struct part_source {
    zip_file_t *f;
    size_t left; /* bytes the part may still give: what the directory declared, under the ceiling */
    bool broken;
};

static int part_read(void *arg, char *buf, int n)
{
    struct part_source *s = arg;
    zip_int64_t got = zip_fread(s->f, buf, (zip_uint64_t)n);

    if (got < 0 || (size_t)got > s->left) {
        s->broken = true;
        return -1;
    }
    s->left -= (size_t)got;
    return (int)got;
}

static int part_close(void *arg)
{
    (void)arg;
    return 0;
}

static int scan_open(struct part_source *s, zip_t *z, const char *part, struct err *e)
{
    zip_stat_t st;
    zip_int64_t i = zip_name_locate(z, part, ZIP_FL_NOCASE);

    if (i < 0 || zip_stat_index(z, (zip_uint64_t)i, 0, &st) || !(st.valid & ZIP_STAT_SIZE))
        return err_set(e, ERR_REFUSED, "文件损坏：缺少部件 %s。请用表格软件重新另存后再上传", part);
    s->left = st.size < ZIP_ENTRY_BYTES ? (size_t)st.size : ZIP_ENTRY_BYTES;
    s->f = zip_fopen_index(z, (zip_uint64_t)i, 0);
    if (!s->f)
        return err_set(e, ERR_REFUSED, "文件损坏：部件 %s 打不开。请用表格软件重新另存后再上传", part);
    return 0;
}

int xml_scan_part(struct xml_scan *x, zip_t *z, const char *part, struct err *e)
{
    static const xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                                          .startElementNs = on_begin,
                                          .endElementNs = on_end,
                                          .characters = on_text,
                                          .ignorableWhitespace = on_text,
                                          .cdataBlock = on_text,
                                          .internalSubset = on_dtd};
    struct part_source s = {0};
    xmlSAXHandler sax = handler;
    xmlParserCtxtPtr ctxt;
    int rc = 0;

    if (scan_open(&s, z, part, e))
        return -1;
    x->e = e;
    x->failed = 0;
    ctxt = xmlCreateIOParserCtxt(&sax, x, part_read, part_close, &s, XML_CHAR_ENCODING_NONE);
    if (!ctxt) {
        zip_fclose(s.f);
        return err_set(e, ERR_REFUSED, "文件损坏：部件 %s 读不出来", part);
    }
    x->ctxt = ctxt;
    xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlParseDocument(ctxt);
    if (x->failed)
        rc = -1;
    else if (s.broken || !ctxt->wellFormed)
        rc = err_set(e, ERR_REFUSED, "文件损坏：部件 %s 读到一半就断了或格式不对。请用表格软件打开后重新另存再上传",
                     part);
    if (ctxt->myDoc) {
        xmlFreeDoc(ctxt->myDoc);
        ctxt->myDoc = NULL;
    }
    xmlFreeParserCtxt(ctxt);
    zip_fclose(s.f);
    return rc;
}
