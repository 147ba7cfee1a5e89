/* SPDX-License-Identifier: Apache-2.0 */
/* pdf_table.c: ruled tables that break between rows and repeat their head. */
#include "format/doc_source.h"
#include "format/pdf_page.h"

#define PAD 3.0
#define CELL 10.5 /* 五号 */
#define COLS_MAX 32

struct grid {
    size_t n;
    double width[COLS_MAX];
};

static void rule(struct pdf *p, double x1, double y1, double x2, double y2)
{
    cairo_move_to(p->cr, x1, y1);
    cairo_line_to(p->cr, x2, y2);
    cairo_stroke(p->cr);
}

static PangoLayout *cell(struct pdf *p, const char *text, double width, bool head)
{
    struct pdf_text t = {.face = head ? FACE_HEI : FACE_SONG, .size = CELL, .width = width - 2 * PAD, .pitch = 14};
    PangoLayout *l = pdf_layout_plain(p, text ? text : "", &t);
    if (head)
        pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
    return l;
}

/* Lay out and measure one row. */
static double row_make(struct pdf *p, const struct grid *g, const char *const *text, bool head, PangoLayout **out)
{
    double height = 0;
    for (size_t i = 0; i < g->n; i++) {
        int w, h;
        out[i] = cell(p, text[i], g->width[i], head);
        pango_layout_get_size(out[i], &w, &h);
        double need = (double)h / PANGO_SCALE + 2 * PAD;
        if (need > height)
            height = need;
    }
    return height;
}

static void row_draw(struct pdf *p, const struct grid *g, PangoLayout **l, double height)
{
    double x = TEXT_X, all = 0;
    for (size_t i = 0; i < g->n; i++)
        all += g->width[i];
    cairo_set_line_width(p->cr, 0.5);
    rule(p, TEXT_X, p->y, TEXT_X + all, p->y);
    rule(p, TEXT_X, p->y + height, TEXT_X + all, p->y + height);
    for (size_t i = 0; i <= g->n; i++) {
        rule(p, x, p->y, x, p->y + height);
        if (i == g->n)
            break;
        double base = (double)pango_layout_get_baseline(l[i]) / PANGO_SCALE; /* first lines stand level in a row */
        cairo_move_to(p->cr, x + PAD, p->y + PAD + CELL - base);
        pango_cairo_show_layout(p->cr, l[i]);
        g_object_unref(l[i]);
        x += g->width[i];
    }
    p->y += height;
}

static void head_row(struct pdf *p, const struct grid *g, const char *const *head)
{
    PangoLayout *l[COLS_MAX];
    double h = row_make(p, g, head, true, l);
    row_draw(p, g, l, h);
}

/* A row; before it, if need be, a new page with the head again. mark: a name that links lead to, or NULL. */
static void row(struct pdf *p, const struct grid *g, const char *const *head, const char *const *text,
                const char *mark)
{
    PangoLayout *l[COLS_MAX];
    double h = row_make(p, g, text, false, l);
    if (pdf_room(p) < h && p->y > TEXT_Y + LINE) {
        pdf_page_end(p);
        pdf_page_begin(p);
        head_row(p, g, head);
    }
    if (mark)
        cairo_tag_begin(p->cr, CAIRO_TAG_DEST, mark);
    row_draw(p, g, l, h);
    if (mark)
        cairo_tag_end(p->cr, CAIRO_TAG_DEST);
}

void pdf_table(struct pdf *p, const struct doc_table *t)
{
    struct grid g = {.n = t->ncols < COLS_MAX ? t->ncols : COLS_MAX};
    if (g.n == 0)
        return;
    for (size_t i = 0; i < g.n; i++)
        g.width[i] = TEXT_W / (double)g.n;
    if (t->caption) {
        struct pdf_text c = {.face = FACE_HEI, .size = 14, .width = TEXT_W};
        PangoLayout *l = pdf_layout_plain(p, t->caption, &c);
        pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
        if (pdf_room(p) < 3 * LINE) {
            pdf_page_end(p);
            pdf_page_begin(p);
        }
        pdf_lines(p, l, NULL, 0, TEXT_X, LINE);
        g_object_unref(l);
    }
    head_row(p, &g, t->head);
    for (size_t r = 0; r < t->nrows; r++)
        row(p, &g, t->head, t->cells + r * t->ncols, NULL);
    double lines = (p->y - TEXT_Y) / LINE;
    p->y = TEXT_Y + ((double)(int)lines + 1) * LINE; /* the text goes on in the next line of the page */
}

/* --- the source table --- */

static void source_row(struct pdf *p, const struct grid *g, const char *const *head, const struct doc_source *s)
{
    const char *text[DOC_SOURCE_COLUMNS];
    doc_source_cells(text, p->d->a, s);
    row(p, g, head, text, arena_printf(p->d->a, "name='src%d'", s->no));
}

static void info_line(struct pdf *p, const char *text, enum pdf_face face, double size, double pitch, bool middle)
{
    struct pdf_text t = {.face = face, .size = size, .width = TEXT_W};
    PangoLayout *l = pdf_layout_plain(p, text, &t);
    if (middle)
        pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
    pdf_lines(p, l, NULL, 0, TEXT_X, pitch);
    g_object_unref(l);
}

void pdf_sources(struct pdf *p)
{
    const struct doc *d = p->d;
    struct grid g = {.n = DOC_SOURCE_COLUMNS};
    const char *head[DOC_SOURCE_COLUMNS];
    if (d->nsources == 0 || p->o->no_sources)
        return;
    pdf_page_end(p);
    pdf_page_begin(p);
    for (int i = 0; i < DOC_SOURCE_COLUMNS; i++) {
        g.width[i] = doc_source_columns[i].twips / 8844.0 * TEXT_W;
        head[i] = doc_source_columns[i].head;
    }
    info_line(p, "附件", FACE_HEI, BODY, LINE, false);
    p->y += LINE;
    info_line(p, "数据来源表", FACE_TITLE, 22, 34, true);
    info_line(p, doc_source_note(d), FACE_SONG, CELL, 18, false);
    head_row(p, &g, head);
    for (size_t i = 0; i < d->nsources; i++)
        source_row(p, &g, head, &d->sources[i]);
}
