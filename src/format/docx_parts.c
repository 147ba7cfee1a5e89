/* SPDX-License-Identifier: Apache-2.0 */
/* docx_parts.c: content types, relations, styles, settings, footers and the provenance part. */
#include "format/docx_parts.h"

#include <string.h>

#include "base/date.h"
#include "format/html.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define NS_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define NS_REL "http://schemas.openxmlformats.org/package/2006/relationships"
#define NS_OFFICE "http://schemas.openxmlformats.org/officeDocument/2006"
#define CT_WORD "application/vnd.openxmlformats-officedocument.wordprocessingml"

const struct docx_fonts docx_fonts_default = {
    .body = "仿宋_GB2312",
    .kai = "楷体_GB2312",
    .hei = "黑体",
    .title = "方正小标宋简体",
    .song = "宋体",
    .latin = "Times New Roman",
};

static void attr(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, " %s=\"", name);
    html_attr(b, value ? value : "");
    buf_char(b, '"');
}

void docx_content_types(struct buf *b, const struct docx_options *o)
{
    static const struct {
        const char *part, *type;
    } parts[] = {
        {"/word/document.xml", CT_WORD ".document.main+xml"},
        {"/word/styles.xml", CT_WORD ".styles+xml"},
        {"/word/settings.xml", CT_WORD ".settings+xml"},
        {"/word/fontTable.xml", CT_WORD ".fontTable+xml"},
        {"/word/footer1.xml", CT_WORD ".footer+xml"},
        {"/word/footer2.xml", CT_WORD ".footer+xml"},
        {"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
        {"/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"},
        {"/customXml/itemProps1.xml", "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"},
    };
    buf_str(b, XML_HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
                        "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!o->centred || strcmp(parts[i].part, "/word/footer2.xml") != 0)
            buf_printf(b, "<Override PartName=\"%s\" ContentType=\"%s\"/>", parts[i].part, parts[i].type);
    buf_str(b, "</Types>");
}

static void rel(struct buf *b, const char *id, const char *type, const char *target)
{
    buf_printf(b, "<Relationship Id=\"%s\" Type=\"%s\" Target=\"%s\"/>", id, type, target);
}

void docx_rels(struct buf *b)
{
    buf_str(b, XML_HEAD "<Relationships xmlns=\"" NS_REL "\">");
    rel(b, "rId1", NS_OFFICE "/relationships/officeDocument", "word/document.xml");
    rel(b, "rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml");
    rel(b, "rId3", NS_OFFICE "/relationships/extended-properties", "docProps/app.xml");
    buf_str(b, "</Relationships>");
}

void docx_core(struct buf *b, const struct doc *d, const struct docx_options *o)
{
    char at[32];
    instant_iso(o->at, at);
    buf_str(b, XML_HEAD "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
                        "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                        "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    html_text(b, d->title);
    buf_str(b, "</dc:title><dc:creator>");
    html_text(b, d->unit);
    buf_str(b, "</dc:creator><dc:language>zh-CN</dc:language>");
    buf_printf(b, "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%s</dcterms:created>", at);
    buf_printf(b, "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%s</dcterms:modified></cp:coreProperties>", at);
}

void docx_app(struct buf *b)
{
    buf_str(b, XML_HEAD "<Properties xmlns=\"" NS_OFFICE "/extended-properties\">"
                        "<Application>Linli</Application></Properties>");
}

bool docx_has_link(const struct doc_source *s)
{
    return s->href && (strncmp(s->href, "http://", 7) == 0 || strncmp(s->href, "https://", 8) == 0);
}

void docx_document_rels(struct buf *b, const struct doc *d, const struct docx_options *o)
{
    buf_str(b, XML_HEAD "<Relationships xmlns=\"" NS_REL "\">");
    rel(b, "rId1", NS_OFFICE "/relationships/styles", "styles.xml");
    rel(b, "rId2", NS_OFFICE "/relationships/settings", "settings.xml");
    rel(b, "rId3", NS_OFFICE "/relationships/fontTable", "fontTable.xml");
    rel(b, "rId4", NS_OFFICE "/relationships/footer", "footer1.xml");
    if (!o->centred)
        rel(b, "rId5", NS_OFFICE "/relationships/footer", "footer2.xml");
    rel(b, "rId6", NS_OFFICE "/relationships/customXml", "../customXml/item1.xml");
    for (size_t i = 0; !o->no_sources && i < d->nsources; i++)
        if (docx_has_link(&d->sources[i])) {
            buf_printf(b,
                       "<Relationship Id=\"rId%d\" Type=\"" NS_OFFICE "/relationships/hyperlink\" "
                       "TargetMode=\"External\"",
                       100 + d->sources[i].no);
            attr(b, "Target", d->sources[i].href);
            buf_str(b, "/>");
        }
    buf_str(b, "</Relationships>");
}

/* --- styles --- */

static void fonts(struct buf *b, const char *east, const char *latin)
{
    buf_str(b, "<w:rFonts w:hint=\"eastAsia\"");
    attr(b, "w:ascii", latin);
    attr(b, "w:hAnsi", latin);
    attr(b, "w:eastAsia", east);
    attr(b, "w:cs", latin);
    buf_str(b, "/>");
}

/* One paragraph style; ppr and rpr are our own markup, east NULL keeps the body's font. */
static void style(struct buf *b, const char *id, const char *name, const char *based, const char *next,
                  const char *ppr, const struct docx_fonts *f, const char *east, const char *rpr)
{
    buf_printf(b, "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/>",
               strcmp(id, "Normal") == 0 ? " w:default=\"1\"" : "", id, name);
    if (based)
        buf_printf(b, "<w:basedOn w:val=\"%s\"/>", based);
    if (next)
        buf_printf(b, "<w:next w:val=\"%s\"/>", next);
    buf_printf(b, "<w:qFormat/><w:pPr>%s</w:pPr><w:rPr>", ppr);
    if (east)
        fonts(b, east, f->latin);
    buf_printf(b, "%s</w:rPr></w:style>", rpr);
}

#define INDENT "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>"
#define BODY_SIZE "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>"
#define SMALL_LINE                                                                                                 \
    "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"30\" w:after=\"30\" w:line=\"290\" w:lineRule=\"exact\"/>"

static void heading_style(struct buf *b, int level, const struct docx_fonts *f, const char *east)
{
    char id[16], name[16], ppr[160];
    struct buf t;
    buf_init(&t, sizeof ppr);
    buf_printf(&t, "<w:keepNext/>" INDENT "<w:outlineLvl w:val=\"%d\"/>", level - 1);
    memcpy(ppr, buf_cstr(&t), t.n + 1);
    buf_clear(&t);
    buf_printf(&t, "Heading%d", level);
    memcpy(id, buf_cstr(&t), t.n + 1);
    buf_clear(&t);
    buf_printf(&t, "heading %d", level);
    memcpy(name, buf_cstr(&t), t.n + 1);
    buf_done(&t);
    style(b, id, name, "Normal", "GWBody", ppr, f, east, "<w:spacing w:val=\"-5\"/>");
}

void docx_styles(struct buf *b, const struct docx_fonts *f)
{
    buf_str(b, XML_HEAD "<w:styles xmlns:w=\"" NS_W "\"><w:docDefaults><w:rPrDefault><w:rPr>");
    fonts(b, f->body, f->latin);
    buf_str(b,
            BODY_SIZE "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
                      "<w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/></w:pPr></w:pPrDefault>"
                      "</w:docDefaults>");
    style(b, "Normal", "Normal", NULL, NULL,
          "<w:widowControl w:val=\"0\"/><w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN "
          "w:val=\"0\"/>"
          "<w:jc w:val=\"both\"/>",
          f, NULL, "");
    style(b, "GWBody", "公文正文", "Normal", NULL, INDENT, f, NULL, "<w:spacing w:val=\"-5\"/>");
    style(b, "GWFlush", "公文顶格", "Normal", "GWBody", "", f, NULL, "<w:spacing w:val=\"-5\"/>");
    style(b, "GWRight", "公文署名", "Normal", NULL, "<w:keepLines/><w:jc w:val=\"right\"/>", f, NULL, "");
    style(b, "Title", "Title", "Normal", "GWBody",
          "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"680\" w:lineRule=\"exact\"/>"
          "<w:jc w:val=\"center\"/>",
          f, f->title, "<w:sz w:val=\"44\"/><w:szCs w:val=\"44\"/>");
    heading_style(b, 1, f, f->hei);
    heading_style(b, 2, f, f->kai);
    heading_style(b, 3, f, f->body);
    heading_style(b, 4, f, f->body);
    style(b, "GWAnnex", "附件", "Normal", NULL, "<w:keepNext/>", f, f->hei, "");
    style(b, "GWCell", "表格文字", "Normal", NULL, SMALL_LINE "<w:jc w:val=\"left\"/>", f, f->song,
          "<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>");
    style(b, "GWCellHead", "表头", "GWCell", NULL, "<w:keepNext/><w:jc w:val=\"center\"/>", f, f->hei, "");
    style(b, "GWCaption", "表题", "Normal", NULL, "<w:keepNext/><w:jc w:val=\"center\"/>", f, f->hei,
          "<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>");
    style(b, "Footer", "footer", "Normal", NULL,
          "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"280\" w:lineRule=\"exact\"/>", f, NULL,
          "<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>");
    buf_str(b,
            "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>"
            "<w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/>"
            "<w:right w:w=\"57\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>");
}

void docx_settings(struct buf *b, const struct docx_options *o)
{
    buf_str(b, XML_HEAD "<w:settings xmlns:w=\"" NS_W "\"><w:zoom w:percent=\"100\"/>");
    if (!o->centred)
        buf_str(b, "<w:evenAndOddHeaders/>");
    buf_str(b, "<w:drawingGridVerticalSpacing w:val=\"579\"/>"
               "<w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat>"
               "<w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" "
               "w:val=\"15\"/></w:compat></w:settings>");
}

void docx_font_table(struct buf *b, const struct docx_fonts *f)
{
    const char *const names[] = {f->body, f->kai, f->hei, f->title, f->song};
    buf_str(b, XML_HEAD "<w:fonts xmlns:w=\"" NS_W "\">");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buf_str(b, "<w:font");
        attr(b, "w:name", names[i]);
        buf_str(b, "><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"variable\"/></w:font>");
    }
    buf_str(b, "<w:font");
    attr(b, "w:name", f->latin);
    buf_str(
        b, "><w:charset w:val=\"00\"/><w:family w:val=\"roman\"/><w:pitch w:val=\"variable\"/></w:font></w:fonts>");
}

static void footer_run(struct buf *b, const struct docx_fonts *f, const char *inside)
{
    buf_str(b, "<w:r><w:rPr>");
    fonts(b, f->song, f->song);
    buf_printf(b, "<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>%s</w:r>", inside);
}

void docx_footer(struct buf *b, const struct docx_fonts *f, enum docx_side side)
{
    static const char *const place[] = {
        [DOCX_ODD] = "<w:ind w:rightChars=\"100\" w:right=\"280\"/><w:jc w:val=\"right\"/>",
        [DOCX_EVEN] = "<w:ind w:leftChars=\"100\" w:left=\"280\"/><w:jc w:val=\"left\"/>",
        [DOCX_CENTRE] = "<w:jc w:val=\"center\"/>",
    };
    buf_printf(b, XML_HEAD "<w:ftr xmlns:w=\"" NS_W "\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/>%s</w:pPr>",
               place[side]);
    footer_run(b, f, "<w:t xml:space=\"preserve\">— </w:t>");
    footer_run(b, f, "<w:fldChar w:fldCharType=\"begin\"/>");
    footer_run(b, f, "<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>");
    footer_run(b, f, "<w:fldChar w:fldCharType=\"separate\"/>");
    footer_run(b, f, "<w:t>1</w:t>");
    footer_run(b, f, "<w:fldChar w:fldCharType=\"end\"/>");
    footer_run(b, f, "<w:t xml:space=\"preserve\"> —</w:t>");
    buf_str(b, "</w:p></w:ftr>");
}

/* --- where each number came from, for programs --- */

void docx_provenance(struct buf *b, const struct doc *d)
{
    buf_str(b, XML_HEAD "<provenance xmlns=\"urn:linli:provenance:1\"");
    attr(b, "report", d->report);
    attr(b, "unit", d->unit);
    attr(b, "from", d->from);
    attr(b, "to", d->to);
    buf_str(b, ">");
    for (size_t i = 0; i < d->nsources; i++) {
        const struct doc_source *s = &d->sources[i];
        const struct {
            const char *name, *value;
        } attrs[] = {
            {"name", s->figure},         {"label", s->label},     {"unit", s->unit}, {"measure", s->measure},
            {"filter", s->filter},       {"from", s->from},       {"to", s->to},     {"value", s->value},
            {"parts", s->parts},         {"printed", s->printed}, {"hash", s->hash}, {"href", s->href},
            {"computed", s->computed_at}};
        buf_printf(b, "<figure no=\"%d\" records=\"%lld\" late=\"%lld\"", s->no, s->records, s->late);
        for (size_t k = 0; k < sizeof attrs / sizeof *attrs; k++)
            if (attrs[k].value)
                attr(b, attrs[k].name, attrs[k].value);
        buf_str(b, "/>");
    }
    buf_str(b, "</provenance>");
}

void docx_item_props(struct buf *b)
{
    buf_str(b, XML_HEAD "<ds:datastoreItem xmlns:ds=\"" NS_OFFICE "/customXml\" "
                        "ds:itemID=\"{5E1F4C0A-6C1B-4E3C-9A44-2D7B1C0E8F11}\"><ds:schemaRefs>"
                        "<ds:schemaRef ds:uri=\"urn:linli:provenance:1\"/></ds:schemaRefs></ds:datastoreItem>");
}

void docx_item_rels(struct buf *b)
{
    buf_str(b, XML_HEAD "<Relationships xmlns=\"" NS_REL "\">");
    rel(b, "rId1", NS_OFFICE "/relationships/customXmlProps", "itemProps1.xml");
    buf_str(b, "</Relationships>");
}
