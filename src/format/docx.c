/* SPDX-License-Identifier: Apache-2.0 */
/* docx.c: blocks and spans to word/document.xml, and the parts into one archive. */
#include "format/docx.h"

#include <string.h>

#include "base/utf8.h"
#include "format/doc_source.h"
#include "format/docx_parts.h"
#include "format/html.h"
#include "format/zip_write.h"

#define PART_MAX (32u << 20)

struct out {
    struct buf *b;
    const struct doc *d;
    const struct docx_options *o;
};

/* --- runs --- */

static void run(struct out *w, const char *text, const char *rpr)
{
    buf_str(w->b, "<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>");
    buf_str(w->b, rpr);
    buf_str(w->b, "</w:rPr>");
    for (const char *end; text; text = end ? end + 1 : NULL) {
        end = strchr(text, '\n');
        buf_str(w->b, "<w:t xml:space=\"preserve\">");
        html_textn(w->b, text, end ? (size_t)(end - text) : strlen(text));
        buf_str(w->b, end ? "</w:t><w:br/>" : "</w:t>");
    }
    buf_str(w->b, "</w:r>");
}

static void span(struct out *w, const struct doc_span *s)
{
    bool link = s->source > 0 && !w->o->no_sources;
    if (link)
        buf_printf(w->b, "<w:hyperlink w:anchor=\"src_%d\" w:history=\"1\">", s->source);
    run(w, s->text, s->kind == DOC_GAP ? "<w:highlight w:val=\"yellow\"/>" : "");
    if (link)
        buf_str(w->b, "</w:hyperlink>");
}

/* Columns of half a character that a block's text takes. */
static int width(const struct doc_block *k)
{
    int n = 0;
    for (size_t i = 0; i < k->nspans; i++)
        n += utf8_width(k->spans[i].text);
    return n;
}

static void para_begin(struct out *w, const char *style, const char *ppr)
{
    buf_printf(w->b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style, ppr ? ppr : "");
}

static void para(struct out *w, const char *style, const char *text)
{
    para_begin(w, style, NULL);
    if (text)
        run(w, text, "");
    buf_str(w->b, "</w:p>");
}

/* --- 署名 and 成文日期 without a seal (GB/T 9704 7.3.5.2) --- */

static void right_block(struct out *w, const struct doc_block *k, int halves)
{
    int twips = halves * GB_CHAR / 2;
    buf_printf(w->b, "<w:p><w:pPr><w:pStyle w:val=\"GWRight\"/><w:ind w:rightChars=\"%d\" w:right=\"%d\"/></w:pPr>",
               halves * 50, twips);
    for (size_t i = 0; i < k->nspans; i++)
        span(w, &k->spans[i]);
    buf_str(w->b, "</w:p>");
}

/* The signature leaves two characters at the right, the date begins two characters further right than the
 * signature; where the date is the longer of the two, it leaves two characters and the signature moves to the left
 * of it. */
static void signature(struct out *w, const struct doc_block *sign, const struct doc_block *date)
{
    int ws = sign ? width(sign) : 0, wd = date ? width(date) : 0;
    int rs = 4, rd = 4;
    if (sign && date && wd > ws)
        rs = wd - ws + 8;
    else if (sign && date)
        rd = ws - wd;
    para(w, "GWBody", NULL);
    if (sign)
        right_block(w, sign, rs);
    if (date)
        right_block(w, date, rd);
}

/* --- tables --- */

static void cell_begin(struct out *w, int twips)
{
    buf_printf(w->b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>",
               twips);
}

static void cell(struct out *w, int twips, const char *style, const char *text)
{
    cell_begin(w, twips);
    para(w, style, text);
    buf_str(w->b, "</w:tc>");
}

static void table_begin(struct out *w, const int *widths, size_t n)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    int all = 0;
    for (size_t i = 0; i < n; i++)
        all += widths[i];
    buf_printf(w->b, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>",
               all);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        buf_printf(w->b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
    buf_str(w->b, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/>"
                  "<w:right w:w=\"57\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < n; i++)
        buf_printf(w->b, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    buf_str(w->b, "</w:tblGrid>");
}

static void row_begin(struct out *w, bool head)
{
    buf_printf(w->b, "<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>", head ? "<w:tblHeader/>" : "");
}

#define KEPT_ROWS 4 /* at the head and the foot of a table stay on one page: none stands there by itself */

static void table_cell(struct out *w, int twips, const char *text, bool head, bool num, bool keep)
{
    cell_begin(w, twips);
    para_begin(w, head ? "GWCellHead" : "GWCell",
               keep           ? (num && !head ? "<w:keepNext/><w:jc w:val=\"right\"/>" : "<w:keepNext/>")
               : num && !head ? "<w:jc w:val=\"right\"/>"
                              : NULL);
    run(w, text, "");
    buf_str(w->b, "</w:p></w:tc>");
}

static void table(struct out *w, const struct doc_table *t)
{
    int widths[32];
    size_t n = t->ncols < 32 ? t->ncols : 32;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        widths[i] = GB_TEXT_W / (int)n;
    widths[n - 1] += GB_TEXT_W % (int)n;
    if (t->caption)
        para(w, "GWCaption", t->caption);
    table_begin(w, widths, n);
    for (size_t r = 0; r <= t->nrows; r++) {
        row_begin(w, r == 0);
        for (size_t c = 0; c < n; c++)
            table_cell(w, widths[c], r ? t->cells[(r - 1) * t->ncols + c] : t->head[c], r == 0, c > 0,
                       r < t->nrows && (r < KEPT_ROWS || r + KEPT_ROWS > t->nrows));
        buf_str(w->b, "</w:tr>");
    }
    buf_str(w->b, "</w:tbl>");
    para(w, "GWCell", NULL);
}

/* --- the source table --- */

static void source_row(struct out *w, const struct doc_source *s)
{
    const char *text[DOC_SOURCE_COLUMNS];
    doc_source_cells(text, w->d->a, s);
    row_begin(w, false);
    for (int i = 0; i < DOC_SOURCE_COLUMNS; i++) {
        bool link = i == DOC_SOURCE_LABEL && docx_has_link(s);
        cell_begin(w, doc_source_columns[i].twips);
        para_begin(w, "GWCell", i == 0 ? "<w:jc w:val=\"center\"/>" : NULL);
        if (i == 0) /* where the figure in the text leads to */
            buf_printf(w->b, "<w:bookmarkStart w:id=\"%d\" w:name=\"src_%d\"/>", s->no, s->no);
        if (link)
            buf_printf(w->b, "<w:hyperlink r:id=\"rId%d\" w:history=\"1\">", 100 + s->no);
        run(w, text[i], link ? "<w:u w:val=\"single\"/>" : "");
        if (link)
            buf_str(w->b, "</w:hyperlink>");
        if (i == 0)
            buf_printf(w->b, "<w:bookmarkEnd w:id=\"%d\"/>", s->no);
        buf_str(w->b, "</w:p></w:tc>");
    }
    buf_str(w->b, "</w:tr>");
}

static void sources(struct out *w)
{
    const struct doc *d = w->d;
    int widths[DOC_SOURCE_COLUMNS];
    if (d->nsources == 0 || w->o->no_sources)
        return;
    buf_str(w->b, "<w:p><w:pPr><w:pStyle w:val=\"GWAnnex\"/><w:pageBreakBefore/></w:pPr>");
    run(w, "附件", "");
    buf_str(w->b, "</w:p>");
    para(w, "GWFlush", NULL);
    para(w, "Title", "数据来源表");
    para(w, "GWCell", doc_source_note(d));
    for (int i = 0; i < DOC_SOURCE_COLUMNS; i++)
        widths[i] = doc_source_columns[i].twips;
    table_begin(w, widths, DOC_SOURCE_COLUMNS);
    row_begin(w, true);
    for (int i = 0; i < DOC_SOURCE_COLUMNS; i++)
        cell(w, widths[i], "GWCellHead", doc_source_columns[i].head);
    buf_str(w->b, "</w:tr>");
    for (size_t i = 0; i < d->nsources; i++)
        source_row(w, &d->sources[i]);
    buf_str(w->b, "</w:tbl>");
    para(w, "GWCell", NULL);
}

/* --- blocks --- */

static const char *const block_style[] = {
    [DOC_TITLE] = "Title", [DOC_ADDRESSEE] = "GWFlush", [DOC_H1] = "Heading1", [DOC_H2] = "Heading2",
    [DOC_H3] = "Heading3", [DOC_H4] = "Heading4",       [DOC_PARA] = "GWBody",
};

static void block(struct out *w, const struct doc_block *k)
{
    if (k->kind == DOC_PAGEBREAK) {
        buf_str(w->b, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        return;
    }
    if (k->kind == DOC_TABLE) {
        table(w, k->table);
        return;
    }
    para_begin(w, block_style[k->kind], NULL);
    for (size_t i = 0; i < k->nspans; i++)
        span(w, &k->spans[i]);
    buf_str(w->b, "</w:p>");
    if (k->kind == DOC_TITLE)
        para(w, "GWFlush", NULL); /* one line is left free below the title */
}

static void document(struct out *w)
{
    const struct doc *d = w->d;
    buf_str(w->b, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                  "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
                  "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>");
    for (size_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        bool pair = k->kind == DOC_SIGN && i + 1 < d->nblocks && d->blocks[i + 1].kind == DOC_DATE;
        if (k->kind == DOC_SIGN)
            signature(w, k, pair ? &d->blocks[i + 1] : NULL);
        else if (k->kind == DOC_DATE)
            signature(w, NULL, k);
        else
            block(w, k);
        i += pair;
    }
    sources(w);
    buf_str(w->b, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/>");
    if (!w->o->centred)
        buf_str(w->b, "<w:footerReference w:type=\"even\" r:id=\"rId5\"/>");
    buf_printf(w->b,
               "<w:pgSz w:w=\"%d\" w:h=\"%d\"/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" "
               "w:header=\"851\" w:footer=\"%d\" w:gutter=\"0\"/><w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/>"
               "</w:sectPr></w:body></w:document>",
               GB_PAGE_W, GB_PAGE_H, GB_TOP, GB_RIGHT, GB_BOTTOM, GB_LEFT, GB_FOOTER, GB_LINE);
}

enum part {
    PART_TYPES,
    PART_RELS,
    PART_CORE,
    PART_APP,
    PART_DOCUMENT,
    PART_DOCUMENT_RELS,
    PART_STYLES,
    PART_SETTINGS,
    PART_FONTS,
    PART_ITEM,
    PART_ITEM_PROPS,
    PART_ITEM_RELS,
    PART_FOOTER1,
    PART_FOOTER2,
    PART__MAX
};
static const char *const part_names[PART__MAX] = {
    [PART_TYPES] = "[Content_Types].xml",
    [PART_RELS] = "_rels/.rels",
    [PART_CORE] = "docProps/core.xml",
    [PART_APP] = "docProps/app.xml",
    [PART_DOCUMENT] = "word/document.xml",
    [PART_DOCUMENT_RELS] = "word/_rels/document.xml.rels",
    [PART_STYLES] = "word/styles.xml",
    [PART_SETTINGS] = "word/settings.xml",
    [PART_FONTS] = "word/fontTable.xml",
    [PART_ITEM] = "customXml/item1.xml",
    [PART_ITEM_PROPS] = "customXml/itemProps1.xml",
    [PART_ITEM_RELS] = "customXml/_rels/item1.xml.rels",
    [PART_FOOTER1] = "word/footer1.xml",
    [PART_FOOTER2] = "word/footer2.xml",
};

int docx_write(struct buf *out, const struct doc *d, const struct docx_options *o, struct err *e)
{
    static const struct docx_options none;
    struct buf part[PART__MAX];
    struct zip_part zip[PART__MAX];
    o = o ? o : &none;
    const struct docx_fonts *f = o->fonts ? o->fonts : &docx_fonts_default;
    struct out w = {&part[PART_DOCUMENT], d, o};
    int rc = 0, n = o->centred ? PART_FOOTER2 : PART__MAX;
    for (int i = 0; i < PART__MAX; i++)
        buf_init(&part[i], PART_MAX);
    docx_content_types(&part[PART_TYPES], o);
    docx_rels(&part[PART_RELS]);
    docx_core(&part[PART_CORE], d, o);
    docx_app(&part[PART_APP]);
    document(&w);
    docx_document_rels(&part[PART_DOCUMENT_RELS], d, o);
    docx_styles(&part[PART_STYLES], f);
    docx_settings(&part[PART_SETTINGS], o);
    docx_font_table(&part[PART_FONTS], f);
    docx_provenance(&part[PART_ITEM], d);
    docx_item_props(&part[PART_ITEM_PROPS]);
    docx_item_rels(&part[PART_ITEM_RELS]);
    docx_footer(&part[PART_FOOTER1], f, o->centred ? DOCX_CENTRE : DOCX_ODD);
    docx_footer(&part[PART_FOOTER2], f, DOCX_EVEN);
    for (int i = 0; i < PART__MAX; i++) {
        zip[i] = (struct zip_part){part_names[i], buf_cstr(&part[i]), part[i].n};
        if (buf_overflow(&part[i]))
            rc = err_set(e, ERR_TOOBIG, "报告太长，无法生成Word文件，请缩短报告期间或分开生成");
    }
    if (rc == 0)
        rc = zip_write(out, zip, (size_t)n, o->at, e);
    for (int i = 0; i < PART__MAX; i++)
        buf_done(&part[i]);
    return rc;
}
