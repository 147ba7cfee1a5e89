/* SPDX-License-Identifier: Apache-2.0 */
/* doc.h: a finished document: blocks of spans, before it becomes HTML, Word or PDF.
 *
 * engine/report makes it, format/{docx,pdf,html_doc} print it; it stands in base because both may see it.
 * Everything is held by one arena. */
#ifndef LINLI_BASE_DOC_H
#define LINLI_BASE_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum doc_block_kind {
    DOC_TITLE,     /* 2 号小标宋, centred */
    DOC_ADDRESSEE, /* 主送机关: flush left, ends with ： */
    DOC_H1,        /* 一、  黑体 */
    DOC_H2,        /* （一）楷体 */
    DOC_H3,        /* 1.    仿宋 */
    DOC_H4,        /* （1） 仿宋 */
    DOC_PARA,      /* 正文, first line indented by two characters */
    DOC_SIGN,      /* 署名, right */
    DOC_DATE,      /* 成文日期, right */
    DOC_TABLE,
    DOC_PAGEBREAK
};

enum doc_span_kind {
    DOC_TEXT,
    DOC_FIGURE, /* a number computed from records: href opens them, source is its row in the source table */
    DOC_GAP     /* a number that is missing: printed as a visible gap, never as 0 */
};

struct doc_span {
    enum doc_span_kind kind;
    const char *text;
    const char *href; /* figures: the address of their records, or NULL */
    int source;       /* figures: 1-based row in doc.sources, else 0 */
};

struct doc_table {
    const char *caption;
    size_t ncols, nrows;
    const char **head;  /* ncols */
    const char **cells; /* nrows * ncols */
    const char **hrefs; /* of cells that open their records, NULL where a cell does not; or NULL */
};

struct doc_block {
    enum doc_block_kind kind;
    struct doc_span *spans;
    size_t nspans;
    struct doc_table *table; /* DOC_TABLE only */
};

/* One printed figure and where it came from (design §2.6). */
struct doc_source {
    int no;
    const char *figure, *label, *unit, *from, *to, *value, *printed, *filter, *computed_at, *hash;
    const char *measure;     /* 件, 人次; may be NULL */
    const char *parts;       /* ratios: "37/38", else NULL */
    const char *href;        /* the address of their records */
    long long records, late; /* records behind it; how many were entered late (补录) */
};

struct doc {
    struct arena *a;
    const char *title, *report, *unit, *from, *to;
    struct doc_block *blocks;
    size_t nblocks, cap_blocks;
    struct doc_source *sources;
    size_t nsources, cap_sources;
};

struct doc *doc_new(struct arena *a);
/* The block may move at the next doc_add: finish one before adding another. */
struct doc_block *doc_add(struct doc *d, enum doc_block_kind kind);
void doc_text(struct doc *d, struct doc_block *b, const char *text);
void doc_span(struct doc *d, struct doc_block *b, struct doc_span s);
struct doc_source *doc_source_add(struct doc *d);

#endif
