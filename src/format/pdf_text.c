/* SPDX-License-Identifier: Apache-2.0 */
/* pdf_text.c: spans to Pango layouts, and their lines onto pages. */
#include <string.h>

#include "base/utf8.h"
#include "format/pdf_page.h"

static const char *const faces[FACE__MAX] = {
    [FACE_BODY] = "仿宋_GB2312,方正仿宋_GBK,FangSong,仿宋,Noto Serif CJK SC",
    [FACE_KAI] = "楷体_GB2312,方正楷体_GBK,KaiTi,楷体,LXGW WenKai,Noto Serif CJK SC",
    [FACE_HEI] = "黑体,SimHei,Noto Sans CJK SC",
    [FACE_TITLE] = "方正小标宋简体,方正小标宋_GBK,Noto Serif CJK SC",
    [FACE_SONG] = "宋体,SimSun,Noto Serif CJK SC",
};
#define LATIN "Times New Roman,Liberation Serif"

static void put(PangoAttrList *list, PangoAttribute *at, size_t from, size_t to)
{
    at->start_index = (guint)from;
    at->end_index = (guint)to;
    pango_attr_list_insert(list, at);
}

/* Letters and digits are set in the Latin face; quotes and dashes stay in the Chinese one. */
static void latin_runs(PangoAttrList *list, const char *s)
{
    for (size_t i = 0; s[i];) {
        size_t from = i;
        while (s[i] > ' ' && (unsigned char)s[i] < 0x7f)
            i++;
        if (i > from)
            put(list, pango_attr_family_new(LATIN), from, i);
        else
            i++;
    }
}

static PangoLayout *layout(struct pdf *p, const char *text, PangoAttrList *list, const struct pdf_text *t)
{
    PangoLayout *l = pango_layout_new(p->pango);
    PangoFontDescription *f = pango_font_description_new();
    pango_font_description_set_family_static(f, faces[t->face]);
    pango_font_description_set_absolute_size(f, t->size * PANGO_SCALE);
    if (t->face == FACE_TITLE && p->title_bold)
        pango_font_description_set_weight(f, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(l, f);
    pango_font_description_free(f);
    latin_runs(list, text);
    if (t->squeeze != 0)
        put(list, pango_attr_letter_spacing_new(-(int)(t->squeeze * PANGO_SCALE)), 0, strlen(text));
    if (t->pitch != 0)
        put(list, pango_attr_line_height_new_absolute((int)(t->pitch * PANGO_SCALE)), 0, G_MAXUINT);
    pango_layout_set_text(l, text, -1);
    pango_layout_set_attributes(l, list);
    pango_attr_list_unref(list);
    pango_layout_set_width(l, (int)(t->width * PANGO_SCALE));
    pango_layout_set_indent(l, (int)(t->indent * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_justify(l, t->spread);
    return l;
}

PangoLayout *pdf_layout(struct pdf *p, const struct doc_span *spans, size_t n, const struct pdf_text *t)
{
    struct buf b;
    PangoAttrList *list = pango_attr_list_new();
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        size_t from = b.n;
        buf_str(&b, spans[i].text);
        if (spans[i].kind == DOC_GAP)
            put(list, pango_attr_background_new(0xffff, 0xf0f0, 0x6666), from, b.n);
    }
    PangoLayout *l = layout(p, buf_cstr(&b), list, t);
    buf_done(&b);
    return l;
}

PangoLayout *pdf_layout_plain(struct pdf *p, const char *text, const struct pdf_text *t)
{
    return layout(p, text, pango_attr_list_new(), t);
}

/* A figure's place on this line leads to its source row. */
static void links(struct pdf *p, PangoLayoutLine *line, const struct doc_span *spans, size_t n, double x, double y,
                  double pitch)
{
    size_t from = 0, begin = (size_t)line->start_index, end = begin + (size_t)line->length;
    for (size_t i = 0; i < n; from += strlen(spans[i++].text)) {
        size_t to = from + strlen(spans[i].text), a = from > begin ? from : begin, z = to < end ? to : end;
        char attrs[128];
        int *ranges, count;
        if (spans[i].source == 0 || p->o->no_sources || a >= z)
            continue;
        pango_layout_line_get_x_ranges(line, (int)a, (int)z, &ranges, &count);
        if (count > 0) {
            double x1 = x + (double)ranges[0] / PANGO_SCALE, x2 = x + (double)ranges[2 * count - 1] / PANGO_SCALE;
            g_snprintf(attrs, sizeof attrs, "dest='src%d' rect=[%.2f %.2f %.2f %.2f]", spans[i].source, x1, y,
                       x2 - x1, pitch);
            cairo_tag_begin(p->cr, CAIRO_TAG_LINK, attrs);
            cairo_tag_end(p->cr, CAIRO_TAG_LINK);
        }
        g_free(ranges);
    }
}

void pdf_lines(struct pdf *p, PangoLayout *l, const struct doc_span *spans, size_t n, double x, double pitch)
{
    int lines = pango_layout_get_line_count(l);
    PangoLayoutIter *it = pango_layout_get_iter(l);
    for (int i = 0; i < lines; i++, pango_layout_iter_next_line(it)) {
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
        PangoRectangle ink, box;
        if (pdf_room(p) < pitch - 0.1) {
            pdf_page_end(p);
            pdf_page_begin(p);
        }
        pango_layout_iter_get_line_extents(it, &ink, &box);
        int base = pango_layout_iter_get_baseline(it) - box.y;
        double y = p->y + (pitch - (double)box.height / PANGO_SCALE) / 2 + (double)base / PANGO_SCALE;
        double at = x + (double)box.x / PANGO_SCALE;
        cairo_move_to(p->cr, at, y);
        pango_cairo_show_layout_line(p->cr, line);
        links(p, line, spans, n, at, p->y, pitch);
        p->y += pitch;
    }
    pango_layout_iter_free(it);
}
