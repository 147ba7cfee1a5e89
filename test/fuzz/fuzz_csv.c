/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_csv.c: any bytes as CSV: a sheet in order with clean texts, or refused; what is written is read back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_back(struct arena *a, const struct sheet *s)
{
    struct buf b;
    struct book *again;
    struct err e = {0};
    const struct sheet_row *r = &s->rows[0];

    buf_init(&b, 16 << 20);
    csv_begin(&b);
    csv_cell(&b, "x", false); /* so that no cell is the first and last of its line */
    for (int c = 0; c < r->ncells; c++)
        csv_cell(&b, r->cells[c].text, c + 1 == r->ncells);
    if (buf_overflow(&b) || r->ncells >= 990)
        goto out;
    if (csv_read(&again, a, buf_cstr(&b), b.n, &e) || again->sheets[0].nrows != 1)
        abort();
    for (int c = 0; c < r->ncells; c++) {
        const struct cell *got = sheet_cell(&again->sheets[0], 0, c + 1);

        if (got->kind != r->cells[c].kind || (got->kind == CELL_TEXT && strcmp(got->text, r->cells[c].text) != 0))
            abort();
    }
out:
    buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct book *b;
    struct err e = {0};

    if (csv_read(&b, a, data, size, &e)) {
        if (e.code != ERR_REFUSED || !*e.msg)
            abort();
    } else {
        const struct sheet *s = &b->sheets[0];

        for (size_t i = 0; i < s->nrows; i++) {
            if (i && (s->rows[i].r <= s->rows[i - 1].r || s->rows[i].line <= s->rows[i - 1].line))
                abort();
            for (int c = 0; c < s->rows[i].ncells; c++)
                if (s->rows[i].cells[c].text &&
                    !utf8_valid(s->rows[i].cells[c].text, strlen(s->rows[i].cells[c].text)))
                    abort();
        }
        if (s->nrows)
            write_back(a, s);
    }
    arena_free(a);
    return 0;
}
