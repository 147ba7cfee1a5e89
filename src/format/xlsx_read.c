/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_read.c: a workbook from .xlsx or .xlsm bytes.
 *
 * Parts are read in the order they are needed: relations, workbook, shared strings, styles, then each sheet as a
 * stream. Nothing the file says about its own size (dimension, count, spans) is believed. */
#include "format/xlsx_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "format/book_build.h"
#include "format/xlsx_style.h"
#include "format/xml_scan.h"

#define SHARED_MAX 4000000         /* shared strings */
#define TEXT_MAX ((size_t)1 << 20) /* bytes of one cell */

struct sheet_ref {
    const char *name, *rel;
    bool hidden;
};

struct xlsx {
    struct arena *a;
    zip_t *z;
    struct book_build build;
    char folder[256]; /* of the workbook part, with the slash */
    const char *workbook;
    struct map *rels; /* relation id → target, worksheets only */
    const char *shared_part, *styles_part;
    struct sheet_ref *sheets;
    size_t nsheets, cap_sheets;
    const char **shared;
    size_t nshared, cap_shared;
    struct map *codes; /* numFmtId → "1" where a custom code shows a date, "0" where not */
    bool *xf_date;
    size_t nxf, cap_xf;
    bool in_xfs;
    /* the sheet being read */
    struct buf text;
    int depth_rph;
    bool take; /* characters belong to the value */
    int row, col, last_col;
    bool row_hidden;
    char type[12];
    long style;
};

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);

    return n >= k && strcmp(s + n - k, tail) == 0;
}

/* --- relations */

static const char *part_path(struct xlsx *x, const char *folder, const char *target)
{
    return *target == '/' ? arena_str(x->a, target + 1) : arena_printf(x->a, "%s%s", folder, target);
}

static int rels_begin(struct xml_scan *s, const char *name, const void *at, int n, struct err *e)
{
    struct xlsx *x = s->arg;
    char id[64], type[256], target[512];

    (void)e;
    if (strcmp(name, "Relationship") || xml_attr_is(xml_attr(at, n, "TargetMode"), "External"))
        return 0;
    xml_attr_str(xml_attr(at, n, "Id"), id, sizeof id);
    xml_attr_str(xml_attr(at, n, "Type"), type, sizeof type);
    xml_attr_str(xml_attr(at, n, "Target"), target, sizeof target);
    if (ends_with(type, "/officeDocument"))
        x->workbook = part_path(x, "", target);
    else if (ends_with(type, "/worksheet"))
        map_put(x->rels, id, (void *)part_path(x, x->folder, target));
    else if (ends_with(type, "/sharedStrings"))
        x->shared_part = part_path(x, x->folder, target);
    else if (ends_with(type, "/styles"))
        x->styles_part = part_path(x, x->folder, target);
    return 0;
}

static int read_rels(struct xlsx *x, struct err *e)
{
    struct xml_scan s = {.begin = rels_begin, .arg = x};
    const char *base;

    x->workbook = "xl/workbook.xml";
    x->rels = map_new(x->a);
    if (zip_has(x->z, "_rels/.rels") && xml_scan_part(&s, x->z, "_rels/.rels", e))
        return -1;
    base = strrchr(x->workbook, '/');
    if (base)
        snprintf(x->folder, sizeof x->folder, "%.*s", (int)(base - x->workbook) + 1, x->workbook);
    base = base ? base + 1 : x->workbook;
    return xml_scan_part(&s, x->z, arena_printf(x->a, "%s_rels/%s.rels", x->folder, base), e);
}

/* --- workbook */

static int workbook_begin(struct xml_scan *s, const char *name, const void *at, int n, struct err *e)
{
    struct xlsx *x = s->arg;
    char buf[512], rel[64];
    struct xml_attr v;

    (void)e;
    if (strcmp(name, "workbookPr") == 0) {
        v = xml_attr(at, n, "date1904");
        x->build.b->date1904 = xml_attr_is(v, "1") || xml_attr_is(v, "true");
    } else if (strcmp(name, "sheet") == 0) {
        v = xml_attr(at, n, "state");
        xml_attr_str(xml_attr(at, n, "name"), buf, sizeof buf);
        xml_attr_str(xml_attr(at, n, "id"), rel, sizeof rel);
        VEC_PUSH(x->a, x->sheets, x->nsheets, x->cap_sheets) = (struct sheet_ref){
            arena_str(x->a, buf), arena_str(x->a, rel), xml_attr_is(v, "hidden") || xml_attr_is(v, "veryHidden")};
    }
    return 0;
}

/* --- characters, shared by the parts below */

static int take_text(struct xml_scan *s, const char *p, size_t n, struct err *e)
{
    struct xlsx *x = s->arg;

    if (!x->take)
        return 0;
    buf_add(&x->text, p, n);
    if (buf_overflow(&x->text))
        return err_set(e, ERR_REFUSED, "有一个单元格的文字超过%zu个字节，不像正常的表格文件，已拒收", TEXT_MAX);
    return 0;
}

/* --- shared strings: <si><t>, <si><r><t>, without the phonetic <rPh><t> */

static int shared_begin(struct xml_scan *s, const char *name, const void *at, int n, struct err *e)
{
    struct xlsx *x = s->arg;

    (void)at, (void)n, (void)e;
    if (strcmp(name, "si") == 0)
        buf_clear(&x->text);
    else if (strcmp(name, "rPh") == 0)
        x->depth_rph++;
    else if (strcmp(name, "t") == 0)
        x->take = x->depth_rph == 0;
    return 0;
}

static int shared_end(struct xml_scan *s, const char *name, struct err *e)
{
    struct xlsx *x = s->arg;

    if (strcmp(name, "t") == 0) {
        x->take = false;
    } else if (strcmp(name, "rPh") == 0) {
        x->depth_rph--;
    } else if (strcmp(name, "si") == 0) {
        if (x->nshared >= SHARED_MAX)
            return err_set(e, ERR_REFUSED, "文件里不同的文字超过%d条，请拆成几个文件再上传", SHARED_MAX);
        VEC_PUSH(x->a, x->shared, x->nshared, x->cap_shared) = arena_strn(x->a, buf_cstr(&x->text), x->text.n);
    }
    return 0;
}

/* --- styles */

static int styles_begin(struct xml_scan *s, const char *name, const void *at, int n, struct err *e)
{
    struct xlsx *x = s->arg;
    char id[24], code[1024];

    if (strcmp(name, "numFmt") == 0) {
        xml_attr_str(xml_attr(at, n, "numFmtId"), id, sizeof id);
        xml_attr_str(xml_attr(at, n, "formatCode"), code, sizeof code);
        map_put(x->codes, id, (void *)(style_code_date(code) ? "1" : "0"));
    } else if (strcmp(name, "cellXfs") == 0) {
        x->in_xfs = true;
    } else if (strcmp(name, "xf") == 0 && x->in_xfs) {
        const char *custom = map_get(x->codes, xml_attr_str(xml_attr(at, n, "numFmtId"), id, sizeof id));

        if (x->nxf > 100000)
            return err_set(e, ERR_REFUSED, "文件里的单元格样式过多，请把内容复制到新的工作簿再上传");
        VEC_PUSH(x->a, x->xf_date, x->nxf, x->cap_xf) = custom ? *custom == '1' : style_builtin_date(atoi(id));
    }
    return 0;
}

static int styles_end(struct xml_scan *s, const char *name, struct err *e)
{
    struct xlsx *x = s->arg;

    (void)e;
    if (strcmp(name, "cellXfs") == 0)
        x->in_xfs = false;
    return 0;
}

/* --- sheets */

/* "BC12" to column and row, both from 0; false unless the whole is an address. */
static bool cell_address(const char *p, size_t n, int *row, int *col)
{
    size_t i = 0;
    long c = 0, r = 0;

    for (; i < n && p[i] >= 'A' && p[i] <= 'Z' && c < 20000; i++)
        c = c * 26 + (p[i] - 'A' + 1);
    if (i == 0)
        return false;
    for (; i < n && p[i] >= '0' && p[i] <= '9' && r < 2000000; i++)
        r = r * 10 + (p[i] - '0');
    if (i != n || r < 1 || r > 1048576 || c > 16384)
        return false;
    *row = (int)r - 1;
    *col = (int)c - 1;
    return true;
}

static int merge_begin(struct xlsx *x, struct xml_attr ref, struct err *e)
{
    const char *colon = ref.p ? memchr(ref.p, ':', ref.n) : NULL;
    struct merge m;

    if (!colon || !cell_address(ref.p, (size_t)(colon - ref.p), &m.r1, &m.c1) ||
        !cell_address(colon + 1, (size_t)(ref.p + ref.n - colon - 1), &m.r2, &m.c2))
        return 0;
    return book_merge(&x->build, m, e);
}

static int sheet_begin(struct xml_scan *s, const char *name, const void *at, int n, struct err *e)
{
    struct xlsx *x = s->arg;
    struct xml_attr v;
    int r;

    if (strcmp(name, "c") == 0) {
        v = xml_attr(at, n, "r");
        if (!v.p || !cell_address(v.p, v.n, &r, &x->col))
            x->col = x->last_col + 1;
        x->last_col = x->col;
        xml_attr_str(xml_attr(at, n, "t"), x->type, sizeof x->type);
        x->style = xml_attr_int(xml_attr(at, n, "s"), 0);
        buf_clear(&x->text);
    } else if (strcmp(name, "v") == 0) {
        buf_clear(&x->text);
        x->take = true;
    } else if (strcmp(name, "t") == 0) {
        x->take = x->depth_rph == 0;
    } else if (strcmp(name, "rPh") == 0) {
        x->depth_rph++;
    } else if (strcmp(name, "row") == 0) {
        long num = xml_attr_int(xml_attr(at, n, "r"), 0);

        x->row = num >= 1 && num <= 1048576 && num > x->row ? (int)num : x->row + 1;
        v = xml_attr(at, n, "hidden");
        x->row_hidden = xml_attr_is(v, "1") || xml_attr_is(v, "true");
        x->last_col = -1;
    } else if (strcmp(name, "mergeCell") == 0) {
        return merge_begin(x, xml_attr(at, n, "ref"), e);
    }
    return 0;
}

static int shared_cell(struct xlsx *x, struct cell *c, struct err *e)
{
    char *end;
    unsigned long i = strtoul(buf_cstr(&x->text), &end, 10);

    if (*end || i >= x->nshared)
        return err_set(e, ERR_REFUSED, "文件损坏：第%d行有单元格找不到自己的文字。请用表格软件打开后重新另存再上传",
                       x->row);
    if (*x->shared[i]) {
        c->kind = CELL_TEXT;
        c->text = x->shared[i];
    }
    return 0;
}

static void number_cell(struct xlsx *x, struct cell *c)
{
    char *end;

    c->text = arena_strn(x->a, buf_cstr(&x->text), x->text.n);
    c->num = strtod(c->text, &end);
    if (end == c->text || *end)
        c->kind = CELL_TEXT;
    else
        c->kind = x->style >= 0 && (size_t)x->style < x->nxf && x->xf_date[x->style] ? CELL_DATE : CELL_NUMBER;
}

/* An ISO 8601 cell (t="d"): 2024-03-05T14:30:00 as text people write. */
static void iso_cell(struct xlsx *x, struct cell *c)
{
    char *s = arena_strn(x->a, buf_cstr(&x->text), x->text.n), *t = strchr(s, 'T');

    if (t) {
        *t = ' ';
        if (strlen(t) > 6)
            t[6] = '\0';
    }
    c->kind = CELL_TEXT;
    c->text = s;
}

static int cell_end(struct xlsx *x, struct err *e)
{
    struct cell *c;

    if (x->text.n == 0)
        return 0;
    c = book_cell(&x->build, x->col, e);
    if (!c)
        return -1;
    memset(c, 0, sizeof *c);
    if (strcmp(x->type, "s") == 0)
        return shared_cell(x, c, e);
    if (strcmp(x->type, "") == 0 || strcmp(x->type, "n") == 0) {
        number_cell(x, c);
    } else if (strcmp(x->type, "d") == 0) {
        iso_cell(x, c);
    } else {
        c->kind = strcmp(x->type, "b") == 0 ? CELL_BOOL : strcmp(x->type, "e") == 0 ? CELL_ERROR : CELL_TEXT;
        c->text = arena_strn(x->a, buf_cstr(&x->text), x->text.n);
        if (c->kind == CELL_BOOL) {
            c->num = *c->text == '1' || *c->text == 't';
            c->text = c->num > 0 ? "TRUE" : "FALSE";
        }
    }
    return 0;
}

static int sheet_end(struct xml_scan *s, const char *name, struct err *e)
{
    struct xlsx *x = s->arg;

    if (strcmp(name, "c") == 0)
        return cell_end(x, e);
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        x->take = false;
    else if (strcmp(name, "rPh") == 0)
        x->depth_rph--;
    else if (strcmp(name, "row") == 0)
        return book_row(&x->build, x->row - 1, 0, x->row_hidden, e);
    return 0;
}

static int read_sheet(struct xlsx *x, const struct sheet_ref *ref, struct err *e)
{
    struct xml_scan s = {.begin = sheet_begin, .end = sheet_end, .text = take_text, .arg = x};
    const char *part = map_get(x->rels, ref->rel);

    if (!part) /* a chart or dialog sheet */
        return 0;
    x->row = 0;
    x->depth_rph = 0;
    x->take = false;
    return book_sheet(&x->build, ref->name, ref->hidden, e) || xml_scan_part(&s, x->z, part, e) ? -1 : 0;
}

static int xlsx_parts(struct xlsx *x, struct err *e)
{
    struct xml_scan workbook = {.begin = workbook_begin, .arg = x};
    struct xml_scan shared = {.begin = shared_begin, .end = shared_end, .text = take_text, .arg = x};
    struct xml_scan styles = {.begin = styles_begin, .end = styles_end, .arg = x};

    if (read_rels(x, e) || xml_scan_part(&workbook, x->z, x->workbook, e))
        return -1;
    if (x->nsheets == 0)
        return err_set(e, ERR_REFUSED, "工作簿里没有工作表");
    if (x->nsheets > BOOK_SHEETS)
        return err_set(e, ERR_REFUSED, "工作簿里的工作表超过%d张，请拆成几个文件再上传", BOOK_SHEETS);
    if (x->shared_part && zip_has(x->z, x->shared_part) && xml_scan_part(&shared, x->z, x->shared_part, e))
        return -1;
    if (x->styles_part && zip_has(x->z, x->styles_part) && xml_scan_part(&styles, x->z, x->styles_part, e))
        return -1;
    for (size_t i = 0; i < x->nsheets; i++)
        if (read_sheet(x, &x->sheets[i], e))
            return -1;
    return 0;
}

int xlsx_read(struct book **out, struct arena *a, zip_t *z, struct err *e)
{
    struct xlsx x = {.a = a, .z = z, .codes = map_new(a)};
    int rc;

    buf_init(&x.text, TEXT_MAX);
    book_build_init(&x.build, a, "xlsx");
    rc = xlsx_parts(&x, e);
    buf_done(&x.text);
    if (rc == 0)
        *out = book_finish(&x.build);
    return rc;
}
