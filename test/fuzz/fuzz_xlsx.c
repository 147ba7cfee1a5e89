/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_xlsx.c: any bytes as a workbook. The first byte says what the rest is: an archive, or one part of a good one
 * (sheet, shared strings, styles, workbook), so that the XML is reached through no compression. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "format/book_read.h"
#include "format/zip_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rels[] = "<?xml version=\"1.0\"?><Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
                           "Target=\"worksheets/sheet1.xml\"/>"
                           "<Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                           "<Relationship Id=\"r3\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>";
static const char *const parts[][2] = {
    {"xl/worksheets/sheet1.xml",
     "<worksheet><sheetData><row r=\"1\"><c t=\"s\"><v>0</v></c><c s=\"1\"><v>45000</v></c></row>"
     "</sheetData></worksheet>"},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
    {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>"},
    {"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>"},
};

static void check(const struct book *b)
{
    for (size_t s = 0; s < b->nsheets; s++)
        for (size_t i = 0; i < b->sheets[s].nrows; i++) {
            const struct sheet_row *r = &b->sheets[s].rows[i];

            if ((i && r->r <= r[-1].r) || r->ncells < 1 || r->cells[r->ncells - 1].kind == CELL_EMPTY)
                abort();
            for (int c = 0; c < r->ncells; c++)
                if (r->cells[c].kind != CELL_EMPTY && (!r->cells[c].text || !*r->cells[c].text))
                    abort();
            sheet_merge(&b->sheets[s], r->r, 0);
        }
}

static void read_bytes(const void *p, size_t n)
{
    struct arena *a = arena_new();
    struct book *b;
    struct err e = {0};

    if (book_read_bytes(&b, a, p, n, NULL, &e) == 0)
        check(b);
    else if ((e.code != ERR_REFUSED && e.code != ERR_TOOBIG) || !*e.msg)
        abort();
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zip_part z[5] = {{"xl/_rels/workbook.xml.rels", rels, sizeof rels - 1}};
    struct buf out;
    struct err e = {0};
    size_t which = size ? data[0] % 5 : 0;

    if (size < 2)
        return 0;
    if (which == 4) {
        read_bytes(data + 1, size - 1);
        return 0;
    }
    for (size_t i = 0; i < 4; i++)
        z[i + 1] = (struct zip_part){parts[i][0], i == which ? (const void *)(data + 1) : parts[i][1],
                                     i == which ? size - 1 : strlen(parts[i][1])};
    buf_init(&out, 16 << 20);
    if (zip_write(&out, z, 5, 0, &e) == 0 && !buf_overflow(&out))
        read_bytes(buf_cstr(&out), out.n);
    buf_done(&out);
    return 0;
}
