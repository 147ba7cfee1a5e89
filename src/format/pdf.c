/* SPDX-License-Identifier: Apache-2.0 */
/* pdf.c: pages and blocks of a document, drawn by Pango and Cairo. */
#include "format/pdf.h"

#include <cairo-pdf.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "format/pdf_page.h"

#define SQUEEZE (BODY - TEXT_W / 28 + 0.003) /* 28 characters a line */

/* --- pages --- */

static void page_number(struct pdf *p)
{
    char text[32];
    struct pdf_text t = {.face = FACE_SONG, .size = 14, .width = TEXT_W - 28}; /* one character from either edge */
    g_snprintf(text, sizeof text, "— %d —", p->page);
    PangoLayout *l = pdf_layout_plain(p, text, &t);
    pango_layout_set_alignment(l, p->o->centred ? PANGO_ALIGN_CENTER
                                  : p->page % 2 ? PANGO_ALIGN_RIGHT
                                                : PANGO_ALIGN_LEFT);
    PangoRectangle box;
    pango_layout_get_extents(l, NULL, &box);
    double height = (double)box.height / PANGO_SCALE;
    cairo_move_to(p->cr, TEXT_X + 14, TEXT_Y + TEXT_H + 7 * MM - height / 2);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
}

void pdf_page_begin(struct pdf *p)
{
    p->page++;
    p->y = TEXT_Y;
}

void pdf_page_end(struct pdf *p)
{
    page_number(p);
    cairo_show_page(p->cr);
}

double pdf_room(const struct pdf *p)
{
    return TEXT_Y + TEXT_H - p->y;
}

static void new_page_if(struct pdf *p, double need)
{
    if (pdf_room(p) >= need - 0.1)
        return;
    pdf_page_end(p);
    pdf_page_begin(p);
}

/* --- blocks --- */

static void outline(struct pdf *p, const struct doc_block *k)
{
    struct buf b;
    char at[64];
    buf_init(&b, 4096);
    for (size_t i = 0; i < k->nspans; i++)
        buf_str(&b, k->spans[i].text);
    g_snprintf(at, sizeof at, "page=%d pos=[%.1f %.1f]", p->page, TEXT_X, p->y);
    cairo_pdf_surface_add_outline(p->surface, CAIRO_PDF_OUTLINE_ROOT, buf_cstr(&b), at, 0);
    buf_done(&b);
}

static void draw(struct pdf *p, const struct doc_block *k, const struct pdf_text *t, PangoAlignment align, double x,
                 double pitch)
{
    PangoLayout *l = pdf_layout(p, k->spans, k->nspans, t);
    pango_layout_set_alignment(l, align);
    pdf_lines(p, l, k->spans, k->nspans, x, pitch);
    g_object_unref(l);
}

static void title(struct pdf *p, const struct doc_block *k)
{
    struct pdf_text t = {.face = FACE_TITLE, .size = 22, .width = TEXT_W};
    draw(p, k, &t, PANGO_ALIGN_CENTER, TEXT_X, 34);
    double lines = (p->y - TEXT_Y) / LINE; /* back to the lines of the page, and one left free */
    p->y = TEXT_Y + ((double)(int)(lines + 0.5) + 1) * LINE;
}

static int width(const struct doc_block *k)
{
    int n = 0;
    for (size_t i = 0; i < k->nspans; i++)
        n += utf8_width(k->spans[i].text);
    return n;
}

/* As in docx.c: 署名 leaves two characters, the date begins two characters to the right of it; halves of a
 * character. */
static void signature(struct pdf *p, const struct doc_block *sign, const struct doc_block *date)
{
    int ws = sign ? width(sign) : 0, wd = date ? width(date) : 0, rs = 4, rd = 4;
    if (sign && date && wd > ws)
        rs = wd - ws + 8;
    else if (sign && date)
        rd = ws - wd;
    p->y += LINE;
    new_page_if(p, (sign && date ? 2 : 1) * LINE);
    struct pdf_text t = {.face = FACE_BODY, .size = BODY, .squeeze = SQUEEZE};
    if (sign) {
        t.width = TEXT_W - rs * BODY / 2;
        draw(p, sign, &t, PANGO_ALIGN_RIGHT, TEXT_X, LINE);
    }
    if (date) {
        t.width = TEXT_W - rd * BODY / 2;
        draw(p, date, &t, PANGO_ALIGN_RIGHT, TEXT_X, LINE);
    }
}

static void block(struct pdf *p, const struct doc_block *k)
{
    static const enum pdf_face face[] = {
        [DOC_H1] = FACE_HEI, [DOC_H2] = FACE_KAI, [DOC_H3] = FACE_BODY, [DOC_H4] = FACE_BODY};
    struct pdf_text t = {.face = FACE_BODY,
                         .size = BODY,
                         .width = TEXT_W,
                         .indent = 2 * (BODY - SQUEEZE),
                         .squeeze = SQUEEZE,
                         .spread = true};
    switch (k->kind) {
    case DOC_TITLE:
        title(p, k);
        return;
    case DOC_PAGEBREAK:
        pdf_page_end(p);
        pdf_page_begin(p);
        return;
    case DOC_TABLE:
        pdf_table(p, k->table);
        return;
    case DOC_H1:
    case DOC_H2:
    case DOC_H3:
    case DOC_H4:
        t.face = face[k->kind];
        new_page_if(p, 2 * LINE); /* not alone at the foot of a page */
        outline(p, k);
        break;
    case DOC_ADDRESSEE:
        t.indent = 0;
        break;
    case DOC_PARA:
    case DOC_SIGN:
    case DOC_DATE:
        break;
    }
    draw(p, k, &t, PANGO_ALIGN_LEFT, TEXT_X, LINE);
}

/* --- the file --- */

static cairo_status_t take(void *arg, const unsigned char *data, unsigned n)
{
    buf_add(arg, data, n);
    return CAIRO_STATUS_SUCCESS;
}

static void metadata(struct pdf *p)
{
    char at[32];
    instant_iso(p->o->at, at);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, p->d->title ? p->d->title : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, p->d->unit ? p->d->unit : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Linli");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static bool has_font(PangoContext *c, const char *family)
{
    PangoFontDescription *want = pango_font_description_from_string(family);
    PangoFont *font = pango_context_load_font(c, want);
    PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
    const char *name = got ? pango_font_description_get_family(got) : NULL;
    bool has = name && strcmp(name, family) == 0;
    pango_font_description_free(want);
    if (got)
        pango_font_description_free(got);
    if (font)
        g_object_unref(font);
    return has;
}

/* A font map of our own: Pango's default one belongs to its thread and would outlive the request. */
static void pango_begin(struct pdf *p, PangoFontMap *map)
{
    p->pango = pango_font_map_create_context(map);
    pango_context_set_language(p->pango, pango_language_from_string("zh-cn"));
    pango_cairo_context_set_resolution(p->pango, 72);
    cairo_font_options_t *fo = cairo_font_options_create();
    cairo_font_options_set_hint_style(fo, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(fo, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->pango, fo);
    cairo_font_options_destroy(fo);
    pango_context_set_round_glyph_positions(p->pango, FALSE);
    p->title_bold = !has_font(p->pango, "方正小标宋简体") && !has_font(p->pango, "方正小标宋_GBK");
}

static void pages(struct pdf *p)
{
    const struct doc *d = p->d;
    pdf_page_begin(p);
    for (size_t i = 0; i < d->nblocks; i++) {
        const struct doc_block *k = &d->blocks[i];
        bool pair = k->kind == DOC_SIGN && i + 1 < d->nblocks && d->blocks[i + 1].kind == DOC_DATE;
        if (k->kind == DOC_SIGN)
            signature(p, k, pair ? k + 1 : NULL);
        else if (k->kind == DOC_DATE)
            signature(p, NULL, k);
        else
            block(p, k);
        i += pair;
    }
    pdf_sources(p);
    pdf_page_end(p);
}

int pdf_write(struct buf *out, const struct doc *d, const struct pdf_options *o, struct err *e)
{
    static const struct pdf_options none;
    struct pdf p = {.d = d, .o = o ? o : &none};
    PangoFontMap *map = pango_cairo_font_map_new();
    p.surface = cairo_pdf_surface_create_for_stream(take, out, PAGE_W, PAGE_H);
    p.cr = cairo_create(p.surface);
    metadata(&p);
    pango_begin(&p, map);
    pages(&p);
    cairo_surface_finish(p.surface);
    cairo_status_t st = cairo_status(p.cr) ? cairo_status(p.cr) : cairo_surface_status(p.surface);
    g_object_unref(p.pango);
    cairo_destroy(p.cr);
    cairo_surface_destroy(p.surface);
    g_object_unref(map);
    if (st != CAIRO_STATUS_SUCCESS)
        return err_log(e, "pdf: %s", cairo_status_to_string(st));
    if (buf_overflow(out))
        return err_set(e, ERR_TOOBIG, "报告太长，无法生成PDF文件，请缩短报告期间或分开生成");
    return 0;
}
