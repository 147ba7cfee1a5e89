/* SPDX-License-Identifier: Apache-2.0 */
/* annotate.c: the rows of a ledger that were refused, as a workbook to be mended and uploaded again. */
#include "format/annotate.h"

#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "format/xlsx_write.h"

#define COMMENT_MAX 500 /* characters */
#define COMMENTS 2000   /* further wrong cells are only red: comments make a workbook slow */

struct annotate {
    struct arena *a;
    const struct book *b;
    const struct notes *notes;
    lxw_workbook *book;
    lxw_worksheet *out;
    lxw_format *plain, *head, *date, *minute, *bad, *bad_date, *why;
    uint32_t row; /* next to write */
    size_t at;    /* the notes before this one are of rows already written */
    size_t comments;
    lxw_error failed;
};

static void note(struct annotate *x, lxw_error rc)
{
    if (rc != LXW_NO_ERROR && x->failed == LXW_NO_ERROR)
        x->failed = rc;
}

static lxw_format *format_new(struct annotate *x, const char *code, bool red)
{
    lxw_format *f = workbook_add_format(x->book);

    if (code)
        format_set_num_format(f, code);
    if (red) {
        format_set_bg_color(f, 0xFFC7CE);
        format_set_font_color(f, 0x9C0006);
    }
    return f;
}

static void formats(struct annotate *x)
{
    x->plain = format_new(x, "@", false);
    x->head = format_new(x, "@", false);
    format_set_bold(x->head);
    format_set_text_wrap(x->head);
    format_set_align(x->head, LXW_ALIGN_CENTER);
    format_set_align(x->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_border(x->head, LXW_BORDER_THIN);
    x->date = format_new(x, "yyyy-mm-dd", false);
    x->minute = format_new(x, "yyyy-mm-dd hh:mm", false);
    x->bad = format_new(x, "@", true);
    x->bad_date = format_new(x, "yyyy-mm-dd hh:mm", true);
    x->why = format_new(x, "@", false);
    format_set_font_color(x->why, 0x9C0006);
    format_set_text_wrap(x->why);
}

static int note_order(const struct sheet_note *n, size_t sheet, int row)
{
    if (n->sheet != sheet)
        return n->sheet < sheet ? -1 : 1;
    return n->row < row ? -1 : n->row > row;
}

/* How many notes there are of this row; the first is at x->at. Rows are asked for in the order of the notes. */
static size_t notes_of(struct annotate *x, size_t sheet, int row)
{
    const struct notes *all = x->notes;
    size_t n = 0;

    while (x->at < all->n && note_order(&all->v[x->at], sheet, row) < 0)
        x->at++;
    while (x->at + n < all->n && note_order(&all->v[x->at + n], sheet, row) == 0)
        n++;
    return n;
}

static void cell_out(struct annotate *x, const struct cell *c, int col, lxw_format *text, bool bad)
{
    uint16_t at = (uint16_t)col;

    if (c->kind == CELL_EMPTY) {
        if (bad || text == x->head)
            note(x, worksheet_write_blank(x->out, x->row, at, bad ? x->bad : text));
    } else if (c->kind == CELL_DATE) {
        /* the new workbook counts from 1900 */
        double serial = x->b->date1904 ? c->num + 1462 : c->num;

        note(x, worksheet_write_number(x->out, x->row, at, serial,
                                       bad                       ? x->bad_date
                                       : serial == floor(serial) ? x->date
                                                                 : x->minute));
    } else if (c->kind == CELL_NUMBER && !bad) {
        note(x, worksheet_write_number(x->out, x->row, at, c->num, NULL));
    } else {
        size_t end = utf8_offset(c->text, 32767);

        note(x, worksheet_write_string(x->out, x->row, at, arena_strn(x->a, c->text, end), bad ? x->bad : text));
    }
}

static size_t index_of(const struct sheet *s, int r)
{
    size_t lo = 0, hi = s->nrows;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (s->rows[mid].r < r)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->nrows && s->rows[lo].r == r ? lo : SIZE_MAX;
}

/* What stands in the cell, or in the first cell of the vertical merge around it. */
static const struct cell *cell_seen(const struct sheet *s, size_t i, int col, int header_last)
{
    const struct cell *c = sheet_cell(s, i, col);
    const struct merge *m = c->kind == CELL_EMPTY ? sheet_merge(s, s->rows[i].r, col) : NULL;
    size_t top;

    if (!m || m->r1 >= s->rows[i].r || m->r1 <= header_last)
        return c;
    top = index_of(s, m->r1);
    return top == SIZE_MAX ? c : sheet_cell(s, top, m->c1);
}

static void comment(struct annotate *x, int col, const char *msg)
{
    lxw_comment_options o = {.width = 260, .height = 110, .author = (char *)(uintptr_t) "邻里"};

    note(x, worksheet_write_comment_opt(x->out, x->row, (uint16_t)col,
                                        arena_strn(x->a, msg, utf8_offset(msg, COMMENT_MAX)), &o));
}

static void bad_row(struct annotate *x, size_t sheet, size_t i, size_t nnotes)
{
    const struct sheet *s = &x->b->sheets[sheet];
    const struct sheet_note *v = &x->notes->v[x->at];
    const char *all = "";

    for (int c = 0; c < s->ncols; c++) {
        const struct sheet_note *n = NULL;

        for (size_t k = 0; !n && k < nnotes; k++)
            if (v[k].col == c)
                n = &v[k];
        cell_out(x, cell_seen(s, i, c, x->notes->header_last[sheet]), c, x->plain, n != NULL);
        if (n && x->comments++ < COMMENTS)
            comment(x, c, n->msg);
    }
    for (size_t k = 0; k < nnotes; k++)
        all = arena_printf(x->a, "%s%s%s", all, *all ? "\n" : "", v[k].msg);
    note(x, worksheet_write_string(x->out, x->row, (uint16_t)s->ncols, all, x->why));
    x->row++;
    arena_reset(x->a);
}

/* Titles and headers stay on their row numbers, merges with them. */
static void top_rows(struct annotate *x, size_t sheet)
{
    const struct sheet *s = &x->b->sheets[sheet];
    int last = x->notes->header_last[sheet];

    for (size_t i = 0; i < s->nrows && s->rows[i].r <= last; i++) {
        x->row = (uint32_t)s->rows[i].r;
        for (int c = 0; c < s->ncols; c++)
            cell_out(x, sheet_cell(s, i, c), c, x->head, false);
    }
    x->row = (uint32_t)last;
    note(x, worksheet_write_string(x->out, x->row, (uint16_t)s->ncols, "【错误说明】", x->head));
    for (size_t m = 0; m < s->nmerges; m++) {
        const struct merge *g = &s->merges[m];
        size_t i = index_of(s, g->r1);
        const struct cell *c = i == SIZE_MAX ? NULL : sheet_cell(s, i, g->c1);

        if (g->r2 <= last && (g->r1 < g->r2 || g->c1 < g->c2))
            note(x, worksheet_merge_range(x->out, (uint32_t)g->r1, (uint16_t)g->c1, (uint32_t)g->r2,
                                          (uint16_t)g->c2, c && c->kind == CELL_TEXT ? c->text : "", x->head));
    }
    x->row = (uint32_t)last + 1;
    worksheet_freeze_panes(x->out, x->row, 0);
}

static void sheet_out(struct annotate *x, size_t sheet)
{
    const struct sheet *s = &x->b->sheets[sheet];
    char name[128];

    sheet_name_clean(name, s->name ? s->name : "台账");
    x->out = workbook_add_worksheet(x->book, name);
    if (!x->out) {
        note(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    note(x, worksheet_set_column(x->out, 0, (lxw_col_t)(s->ncols ? s->ncols - 1 : 0), 14, NULL));
    note(x, worksheet_set_column(x->out, (lxw_col_t)s->ncols, (lxw_col_t)s->ncols, 50, NULL));
    top_rows(x, sheet);
    for (size_t i = 0; i < s->nrows; i++) {
        size_t n = notes_of(x, sheet, s->rows[i].r);

        if (n > 0 && s->rows[i].r > x->notes->header_last[sheet])
            bad_row(x, sheet, i, n);
    }
}

int annotate_file(const char *path, const struct book *b, const struct notes *notes, struct err *e)
{
    struct annotate x = {.b = b, .notes = notes};
    lxw_error rc;

    if (notes->n == 0)
        return err_set(e, ERR_INPUT, "没有被退回的行，不需要标注表");
    x.book = workbook_new(path);
    if (!x.book)
        return err_log(e, "annotate: cannot begin %s", path);
    x.a = arena_new();
    formats(&x);
    for (size_t s = 0; s < b->nsheets; s++) {
        bool any = false;

        for (size_t i = 0; i < notes->n && !any; i++)
            any = notes->v[i].sheet == s;
        if (any)
            sheet_out(&x, s);
    }
    rc = workbook_close(x.book);
    arena_free(x.a);
    if (x.failed == LXW_NO_ERROR)
        x.failed = rc;
    return x.failed == LXW_NO_ERROR ? 0 : err_log(e, "annotate: %s", lxw_strerror(x.failed));
}
