/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_write.c: a table into a workbook, row by row, on libxlsxwriter in constant memory. */
#include "format/xlsx_write.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/utf8.h"

#define WIDE_COLS 256  /* columns whose width follows their content */
#define WIDE_MAX 40    /* characters */
#define CELL_MAX 32767 /* characters of one cell, by the format */

struct xlsx_out {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *title, *head, *text, *day, *places[7];
    uint32_t row;
    uint16_t col, ncols;
    bool in_head;
    int width[WIDE_COLS];
    struct arena *a;
    lxw_error failed;
};

void sheet_name_clean(char out[128], const char *name)
{
    size_t n = 0;
    int count = 0;

    for (const char *s = name ? name : "", *next = s; *s && count < 31; s = next, count++) {
        utf8_next(&next);
        if (strchr("[]:*?/\\'", *s) || n + (size_t)(next - s) >= 127)
            continue;
        memcpy(out + n, s, (size_t)(next - s));
        n += (size_t)(next - s);
    }
    if (n == 0)
        n = (size_t)snprintf(out, 128, "表");
    out[n] = '\0';
}

static void note(struct xlsx_out *x, lxw_error rc)
{
    if (rc != LXW_NO_ERROR && x->failed == LXW_NO_ERROR)
        x->failed = rc;
}

static void formats(struct xlsx_out *x)
{
    x->title = workbook_add_format(x->book);
    format_set_bold(x->title);
    format_set_font_size(x->title, 16);
    x->head = workbook_add_format(x->book);
    format_set_bold(x->head);
    format_set_border(x->head, LXW_BORDER_THIN);
    format_set_text_wrap(x->head);
    format_set_align(x->head, LXW_ALIGN_CENTER);
    format_set_align(x->head, LXW_ALIGN_VERTICAL_CENTER);
    x->text = workbook_add_format(x->book);
    format_set_num_format_index(x->text, 49); /* @: what is edited later stays a text: no formula, no lost digits */
    x->day = workbook_add_format(x->book);
    format_set_num_format(x->day, "yyyy-mm-dd");
}

int xlsx_out_open(struct xlsx_out **out, const char *path, const char *name, struct err *e)
{
    struct xlsx_out *x = xcalloc(1, sizeof *x);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};

    x->book = workbook_new_opt(path, &options);
    if (!x->book) {
        free(x);
        return err_log(e, "xlsx: cannot begin %s", path);
    }
    x->a = arena_new();
    formats(x);
    *out = x;
    if (xlsx_out_sheet(x, name, e) == 0)
        return 0;
    xlsx_out_close(x, NULL);
    return -1;
}

static void finish_sheet(struct xlsx_out *x)
{
    for (uint16_t c = 0; c < x->ncols && c < WIDE_COLS; c++) {
        int w = x->width[c] < 8 ? 8 : x->width[c] > WIDE_MAX ? WIDE_MAX : x->width[c];

        note(x, worksheet_set_column(x->sheet, c, c, w + 2, NULL));
    }
}

int xlsx_out_sheet(struct xlsx_out *x, const char *name, struct err *e)
{
    char clean[128];

    if (x->sheet)
        finish_sheet(x);
    sheet_name_clean(clean, name);
    for (int n = 2; workbook_get_worksheet_by_name(x->book, clean) && n < 1000; n++)
        snprintf(clean, sizeof clean, "表%d", n);
    x->sheet = workbook_add_worksheet(x->book, clean);
    if (!x->sheet)
        return err_log(e, "xlsx: cannot add a sheet");
    x->row = 0;
    x->col = x->ncols = 0;
    x->in_head = false;
    memset(x->width, 0, sizeof x->width);
    return 0;
}

static void widen(struct xlsx_out *x, const char *text)
{
    if (x->col < WIDE_COLS && x->row < 200) {
        int w = utf8_width(text);

        if (w > x->width[x->col])
            x->width[x->col] = w;
    }
}

/* Cut to what a cell may hold, and without characters XML cannot carry. */
static const char *cell_fit(struct xlsx_out *x, const char *s)
{
    bool clean = strlen(s) <= CELL_MAX;
    char *copy, *q;
    size_t keep;

    for (const char *p = s; *p && clean; p++)
        clean = (unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t';
    if (clean)
        return s;
    arena_reset(x->a);
    keep = utf8_offset(s, CELL_MAX);
    copy = arena_alloc(x->a, keep + 1);
    q = copy;
    for (size_t i = 0; i < keep && s[i]; i++)
        if ((unsigned char)s[i] >= 0x20 || s[i] == '\n' || s[i] == '\t')
            *q++ = s[i];
    *q = '\0';
    return copy;
}

static void put(struct xlsx_out *x, const char *text, lxw_format *f)
{
    if (text && *text) {
        widen(x, text);
        note(x, worksheet_write_string(x->sheet, x->row, x->col, cell_fit(x, text), f));
    }
    x->col++;
}

void xlsx_out_title(struct xlsx_out *x, const char *text)
{
    note(x, worksheet_write_string(x->sheet, x->row, 0, cell_fit(x, text), x->title));
    x->row++;
    x->col = 0;
}

void xlsx_out_head(struct xlsx_out *x, const char *text)
{
    x->in_head = true;
    put(x, text, x->head);
}

void xlsx_out_text(struct xlsx_out *x, const char *text)
{
    put(x, text, x->text);
}

void xlsx_out_number(struct xlsx_out *x, double v, int places)
{
    int p = places < 0 ? 0 : places > 6 ? 6 : places;

    if (!x->places[p]) {
        char code[16];

        snprintf(code, sizeof code, p ? "0.%.*s" : "0", p, "000000");
        x->places[p] = workbook_add_format(x->book);
        format_set_num_format(x->places[p], code);
    }
    note(x, worksheet_write_number(x->sheet, x->row, x->col++, v, x->places[p]));
}

void xlsx_out_day(struct xlsx_out *x, int32_t day)
{
    if (x->col < WIDE_COLS && x->width[x->col] < 10)
        x->width[x->col] = 10;
    note(x, worksheet_write_number(x->sheet, x->row, x->col++, (double)day + 25569, x->day));
}

void xlsx_out_row(struct xlsx_out *x)
{
    if (x->col > x->ncols)
        x->ncols = x->col;
    if (x->in_head)
        worksheet_freeze_panes(x->sheet, x->row + 1, 0);
    x->in_head = false;
    x->row++;
    x->col = 0;
}

int xlsx_out_close(struct xlsx_out *x, struct err *e)
{
    lxw_error rc;

    if (!x)
        return 0;
    if (x->sheet)
        finish_sheet(x);
    rc = workbook_close(x->book);
    if (x->failed == LXW_NO_ERROR)
        x->failed = rc;
    rc = x->failed;
    arena_free(x->a);
    free(x);
    return rc == LXW_NO_ERROR ? 0 : err_log(e, "xlsx: %s", lxw_strerror(rc));
}
