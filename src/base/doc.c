/* SPDX-License-Identifier: Apache-2.0 */
/* doc.c: putting a document together block by block. */
#include "base/doc.h"

struct doc *doc_new(struct arena *a)
{
    struct doc *d = arena_alloc(a, sizeof *d);
    d->a = a;
    return d;
}

struct doc_block *doc_add(struct doc *d, enum doc_block_kind kind)
{
    VEC_PUSH(d->a, d->blocks, d->nblocks, d->cap_blocks) = (struct doc_block){.kind = kind};
    return &d->blocks[d->nblocks - 1];
}

void doc_span(struct doc *d, struct doc_block *b, struct doc_span s)
{
    /* Capacity is the next power of two from 8, so that it need not be kept in the block. */
    size_t cap = b->nspans < 8 ? (b->nspans ? 8 : 0) : b->nspans;
    if (b->nspans >= 8 && (b->nspans & (b->nspans - 1)) != 0)
        cap = b->nspans + 1;
    b->spans = vec_grow(d->a, b->spans, b->nspans, &cap, sizeof *b->spans);
    b->spans[b->nspans++] = s;
}

void doc_text(struct doc *d, struct doc_block *b, const char *text)
{
    doc_span(d, b, (struct doc_span){.kind = DOC_TEXT, .text = arena_str(d->a, text ? text : "")});
}

struct doc_source *doc_source_add(struct doc *d)
{
    int no = (int)d->nsources + 1;
    VEC_PUSH(d->a, d->sources, d->nsources, d->cap_sources) = (struct doc_source){.no = no};
    return &d->sources[d->nsources - 1];
}
