/* SPDX-License-Identifier: Apache-2.0 */
/* intake_header.c: where a sheet's header stands, what its columns are called, and which year it is about. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "model/intake_parts.h"

size_t row_index(const struct sheet *s, int r)
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

/* A number as a spreadsheet shows it in a cell without format: at most 11 digits, then 1.10101E+17. */
static const char *number_shown(struct arena *a, double v)
{
    char buf[40], *e;

    if (fabs(v) < 1e11 || v == 0) {
        snprintf(buf, sizeof buf, "%.11g", v);
        return arena_str(a, buf);
    }
    snprintf(buf, sizeof buf, "%.5E", v);
    e = strchr(buf, 'E');
    if (e) {
        char *end = e;

        while (end > buf && end[-1] == '0')
            end--;
        if (end > buf && end[-1] == '.')
            end--;
        memmove(end, e, strlen(e) + 1);
    }
    return arena_str(a, buf);
}

const char *cell_shown(struct arena *a, const struct cell *c, bool date1904)
{
    char iso[16];
    struct date_read d;

    switch (c->kind) {
    case CELL_EMPTY:
        return "";
    case CELL_NUMBER:
        return number_shown(a, c->num);
    case CELL_DATE:
        d = date_serial(c->num, date1904);
        if (d.form == DATE_BAD)
            return c->text;
        if (d.form == DATE_MINUTE)
            return arena_printf(a, "%s %02d:%02d", day_iso(d.day, iso), d.minute / 60, d.minute % 60);
        return arena_str(a, day_iso(d.day, iso));
    default:
        return c->text;
    }
}

/* --- names of columns */

const char *header_text(const struct sheet *s, size_t i, int col)
{
    const struct merge *m = sheet_merge(s, s->rows[i].r, col);
    const struct cell *c;

    if (m) {
        size_t top = row_index(s, m->r1);

        c = top == SIZE_MAX ? sheet_cell(s, i, col) : sheet_cell(s, top, m->c1);
    } else {
        c = sheet_cell(s, i, col);
    }
    return c->kind == CELL_TEXT ? c->text : NULL;
}

static const char *blank_to_null(struct arena *a, const char *s)
{
    return s && *text_squeeze(a, s) ? s : NULL;
}

/* Ledgers without merges (CSV, .xls): a parent stands over its first column only; the columns right of it that have
 * a name below belong to it. */
static const char *parent_left(struct arena *a, const struct sheet *s, size_t i, int col)
{
    for (; col >= 0; col--) {
        const char *t = blank_to_null(a, header_text(s, i, col));

        if (t)
            return t;
    }
    return NULL;
}

static bool ordinal_word(const char *fold)
{
    static const char *const words[] = {"序号", "序", "行号", "项次", "no", "错误说明", NULL};

    return word_in(words, fold);
}

/* One line for messages: cleaned, line breaks and the blanks in 姓　名 removed. */
static const char *header_clean(struct arena *a, const char *s)
{
    return text_squeeze(a, s);
}

static void column_name(struct header_col *h, struct arena *a, const struct sheet *s, size_t i, int levels)
{
    const char *joined = "";

    for (int k = 0; k < levels; k++) {
        const char *t = blank_to_null(a, header_text(s, i + (size_t)k, h->col));

        if (!t && k + 1 < levels && blank_to_null(a, header_text(s, i + (size_t)k + 1, h->col)))
            t = parent_left(a, s, i + (size_t)k, h->col);
        if (!t || (h->nlevels && h->level[h->nlevels - 1] == t))
            continue;
        h->level[h->nlevels++] = t;
        joined = *joined ? arena_printf(a, "%s-%s", joined, header_clean(a, t)) : header_clean(a, t);
    }
    h->joined = joined;
    h->fold = text_fold(a, joined);
    h->leaf_fold = h->nlevels ? text_fold(a, h->level[h->nlevels - 1]) : "";
    h->parent_fold = h->nlevels > 1 ? text_fold(a, h->level[0]) : "";
    h->ordinal = ordinal_word(h->fold);
}

bool header_at(struct header *out, struct arena *a, const struct sheet *s, size_t i, int levels)
{
    int ncols = 0;

    for (int k = 0; k < levels; k++) {
        if (i + (size_t)k >= s->nrows || s->rows[i + (size_t)k].r != s->rows[i].r + k)
            return false;
        if (s->rows[i + (size_t)k].ncells > ncols)
            ncols = s->rows[i + (size_t)k].ncells;
    }
    /* a merge may reach beyond the last cell that has content */
    for (size_t m = 0; m < s->nmerges; m++)
        if (s->merges[m].r1 >= s->rows[i].r && s->merges[m].r1 < s->rows[i].r + levels &&
            s->merges[m].c2 < s->ncols && s->merges[m].c2 >= ncols)
            ncols = s->merges[m].c2 + 1;
    if (ncols > HEADER_COLS)
        ncols = HEADER_COLS;
    out->open = false;
    for (size_t m = 0; m < s->nmerges; m++)
        out->open |= s->merges[m].r1 == s->merges[m].r2 && s->merges[m].r1 == s->rows[i].r + levels - 1 &&
                     s->merges[m].c1 < s->merges[m].c2;
    out->first = s->rows[i].r;
    out->last = s->rows[i].r + levels - 1;
    out->ncols = 0;
    out->cols = arena_array(a, (size_t)ncols + 1, sizeof *out->cols);
    for (int c = 0; c < ncols; c++) {
        struct header_col *h = &out->cols[out->ncols];

        *h = (struct header_col){.col = c};
        column_name(h, a, s, i, levels);
        out->ncols += *h->fold != '\0';
    }
    return out->ncols > 0;
}

/* --- the year */

static int digit_at(const char *s)
{
    return *s >= '0' && *s <= '9' ? *s - '0' : -1;
}

/* A year written with four Chinese digits at s, or 0. */
static int han_year(const char *s)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    int y = 0;

    for (int i = 0; i < 4; i++) {
        int d = -1;

        for (int k = 0; k < 10; k++)
            if (strncmp(s, digits[k], strlen(digits[k])) == 0)
                d = k;
        if (strncmp(s, "零", 3) == 0 || strncmp(s, "○", 3) == 0)
            d = 0;
        if (d < 0)
            return 0;
        y = y * 10 + d;
        s += 3;
    }
    return strncmp(s, "年", 3) == 0 ? y : 0;
}

static void note_year(int y, int *year, bool *many)
{
    if (y < 1949 || y > 2100)
        return;
    if (*year && *year != y)
        *many = true;
    *year = y;
}

/* Note the years that stand alone (2024年, 2021—2024年); full dates (2024年12月31日) are not years of the ledger.
 */
static void years_in(const char *s, int *year, bool *many)
{
    const char *begin = s;

    for (; *s; s++) {
        int y = han_year(s);

        if (y) {
            note_year(y, year, many);
            continue;
        }
        if (digit_at(s) < 0 || (s > begin && digit_at(s - 1) >= 0) || strspn(s, "0123456789") != 4)
            continue;
        y = digit_at(s) * 1000 + digit_at(s + 1) * 100 + digit_at(s + 2) * 10 + digit_at(s + 3);
        s += 3;
        if (strncmp(s + 1, "年", 3) == 0 && digit_at(s + 4) >= 0)
            continue;
        if (strchr("./-", s[1]) && s[1] && digit_at(s + 2) >= 0 && strspn(s + 2, "0123456789") < 3)
            continue;
        note_year(y, year, many);
    }
}

int header_year(struct arena *a, const struct sheet *s, int header_first, bool names, const char *file_name)
{
    int year = 0;
    bool many = false;

    for (size_t i = 0; i < s->nrows && s->rows[i].r < header_first; i++)
        for (int c = 0; c < s->rows[i].ncells; c++)
            if (s->rows[i].cells[c].kind == CELL_TEXT)
                years_in(text_clean(a, s->rows[i].cells[c].text), &year, &many);
    if (year || many || !names)
        return many ? 0 : year;
    if (s->name)
        years_in(text_clean(a, s->name), &year, &many);
    if (!year && file_name)
        years_in(text_clean(a, file_name), &year, &many);
    return many ? 0 : year;
}
