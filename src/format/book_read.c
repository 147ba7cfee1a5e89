/* SPDX-License-Identifier: Apache-2.0 */
/* book_read.c: a workbook from the bytes of a file, whatever its name says. */
#include "format/book_read.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "format/book_build.h"
#include "format/csv.h"
#include "format/xls_read.h"
#include "format/xlsx_read.h"
#include "format/xml_scan.h"

static const char ole_magic[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/* Why a kind is refused; %s is the file's name. */
static const struct {
    const char *kind, *words;
} refusals[] = {
    {"xlsb", "这是二进制工作簿（.xlsb），请用表格软件另存为 .xlsx 再上传"},
    {"docx", "这是 Word 文档，不是表格。请把表格复制到工作簿（.xlsx）再上传"},
    {"pptx", "这是演示文稿，不是表格。请上传 .xlsx、.xls 或 CSV 文件"},
    {"ods", "这是 OpenDocument 表格（.ods），请用表格软件另存为 .xlsx 再上传"},
    {"ofd", "这是 OFD 版式文件，不是表格。请上传 .xlsx、.xls 或 CSV 文件"},
    {"zip", "这是压缩包，不是表格。请先解压，再逐个上传里面的表格"},
    {"locked", "文件设了打开密码（内容已加密），读不了。请在表格软件里取消密码后再上传"},
    {"cut", "文件不完整（可能没有传完）。请用表格软件打开确认，重新另存后再上传"},
    {"old", "这是很旧的 Excel 格式（4.0 以前），请用表格软件另存为 .xlsx 再上传"},
    {"ole", "这是旧版 Office 文件，但不是 Excel 工作簿。请上传 .xlsx、.xls 或 CSV 文件"},
    {"html", "这其实是网页（HTML），只是名字像表格；系统导出时常这样。请用表格软件打开后另存为 .xlsx 再上传"},
    {"xml2003", "这其实是“XML 表格 2003”，请用表格软件打开后另存为 .xlsx 再上传"},
    {"pdf", "这是 PDF，不是表格。请上传 .xlsx、.xls 或 CSV 文件"},
    {"image", "这是图片，不是表格。请上传 .xlsx、.xls 或 CSV 文件"},
    {"empty", "文件是空的，没有内容"},
    {"unknown", "认不出这是什么文件。请上传 .xlsx、.xls 或 CSV 文件"},
};

static bool has_bytes(const void *p, size_t n, const void *what, size_t k)
{
    return memmem(p, n, what, k) != NULL;
}

/* In UTF-16LE, as names stand in an OLE directory. */
static bool has_wide(const void *p, size_t n, const char *word)
{
    char wide[64];
    size_t k = strlen(word);

    for (size_t i = 0; i < k; i++) {
        wide[2 * i] = word[i];
        wide[2 * i + 1] = '\0';
    }
    return has_bytes(p, n, wide, 2 * k);
}

static const char *sniff_ole(const unsigned char *p, size_t n)
{
    /* the directory, whose sector the header names, often stands at the end */
    size_t at = n < 52 ? 0 : ((size_t)p[48] | (size_t)p[49] << 8 | (size_t)p[50] << 16 | (size_t)p[51] << 24);

    if (n < 1024 || at >= n / 512)
        return "cut";
    if (has_wide(p, n, "EncryptedPackage"))
        return "locked";
    /* streams of BIFF8 and BIFF5 */
    return has_wide(p, n, "Workbook") || has_wide(p, n, "Book") ? "xls" : "ole";
}

/* By the names of the entries, which stand uncompressed in the archive. */
static const char *sniff_zip(const void *p, size_t n)
{
    static const char *const parts[][2] = {{"xl/workbook.bin", "xlsb"},
                                           {"xl/worksheets/", "xlsx"},
                                           {"xl/workbook.xml", "xlsx"},
                                           {"word/document.xml", "docx"},
                                           {"ppt/presentation.xml", "pptx"},
                                           {"application/vnd.oasis.opendocument", "ods"},
                                           {"OFD.xml", "ofd"}};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (has_bytes(p, n, parts[i][0], strlen(parts[i][0])))
            return parts[i][1];
    return has_bytes(p, n, "[Content_Types].xml", 19) ? "xlsx" : "zip";
}

static const char *sniff_text(const unsigned char *p, size_t n)
{
    static const char *const html[] = {"<html", "<!doctype html", "<table", "<head",
                                       "<meta", "<body",          "<style", "mime-version:"};

    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        n -= 3;
    }
    while (n && strchr(" \t\r\n", *p) && *p) {
        p++;
        n--;
    }
    for (size_t i = 0; i < sizeof html / sizeof *html; i++)
        if (n >= strlen(html[i]) && strncasecmp((const char *)p, html[i], strlen(html[i])) == 0)
            return "html";
    if (n >= 5 && memcmp(p, "<?xml", 5) == 0) {
        size_t head = n < 2048 ? n : 2048;

        if (has_bytes(p, head, "urn:schemas-microsoft-com:office:spreadsheet", 44))
            return "xml2003";
        return has_bytes(p, head, "<html", 5) ? "html" : "unknown";
    }
    return n ? "csv" : "empty";
}

const char *book_sniff(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;

    if (n == 0)
        return "empty";
    if (n >= 8 && memcmp(p, ole_magic, 8) == 0)
        return sniff_ole(p, n);
    if (n >= 4 && memcmp(p, "PK\3\4", 4) == 0)
        return sniff_zip(p, n);
    if (n >= 4 && p[0] == 0x09 && (p[1] == 0x00 || p[1] == 0x02 || p[1] == 0x04 || p[1] == 0x08) && p[3] == 0x00)
        return "old"; /* BIFF2…5 without a compound file around it */
    if (n >= 5 && memcmp(p, "%PDF-", 5) == 0)
        return "pdf";
    if (n >= 4 && (memcmp(p, "\x89PNG", 4) == 0 || memcmp(p, "\xFF\xD8\xFF", 3) == 0 || memcmp(p, "GIF8", 4) == 0))
        return "image";
    if (n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
        return "csv"; /* UTF-16 text */
    if (memchr(p, 0, n < 4096 ? n : 4096))
        return "unknown";
    return sniff_text(p, n);
}

static int refuse(const char *kind, const char *name, struct err *e)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].kind, kind) == 0)
            return err_set(e, ERR_REFUSED, "%s%s%s", name ? name : "", name ? "：" : "", refusals[i].words);
    return err_set(e, ERR_BUG, "book_read: no words for %s", kind);
}

int book_read_bytes(struct book **out, struct arena *a, const void *p, size_t n, const char *name, struct err *e)
{
    const char *kind = book_sniff(p, n);

    if (n > BOOK_BYTES)
        return err_set(e, ERR_TOOBIG, "文件超过%zu MB，请拆成几个文件再上传", BOOK_BYTES >> 20);
    if (strcmp(kind, "xlsx") == 0) {
        zip_t *z;
        int rc;

        if (zip_from_bytes(&z, p, n, e))
            return -1;
        rc = xlsx_read(out, a, z, e);
        zip_discard(z);
        return rc;
    }
    if (strcmp(kind, "xls") == 0)
        return xls_read(out, a, p, n, e);
    if (strcmp(kind, "csv") == 0)
        return csv_read(out, a, p, n, e);
    return refuse(kind, name, e);
}

int book_read_file(struct book **out, struct arena *a, const char *path, struct err *e)
{
    char *p;
    size_t n;

    if (file_read(&p, &n, a, path, BOOK_BYTES, e))
        return -1;
    return book_read_bytes(out, a, p, n, path_base(path), e);
}
