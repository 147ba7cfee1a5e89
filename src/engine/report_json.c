/* SPDX-License-Identifier: Apache-2.0 */
/* report_json.c: a filled report for programs and for terminals. */
#include <string.h>

#include "engine/report.h"

static void add_string(struct buf *b, const char *s)
{
    if (!s) {
        buf_str(b, "null");
        return;
    }
    buf_char(b, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_char(b, *s);
    }
    buf_char(b, '"');
}

static void add_pair(struct buf *b, const char *key, const char *s)
{
    buf_printf(b, ",\"%s\":", key);
    add_string(b, s);
}

static void add_figure(struct buf *b, const struct doc_source *s)
{
    buf_printf(b, "%s{\"no\":%d", s->no > 1 ? "," : "", s->no);
    add_pair(b, "name", s->figure);
    add_pair(b, "label", s->label);
    add_pair(b, "slice", s->filter);
    add_pair(b, "unit", s->unit);
    add_pair(b, "measure", s->measure);
    add_pair(b, "from", s->from);
    add_pair(b, "to", s->to);
    buf_printf(b, ",\"value\":%s", s->value && *s->value ? s->value : "null");
    add_pair(b, "parts", s->parts);
    add_pair(b, "printed", s->printed);
    buf_printf(b, ",\"records\":%lld,\"late\":%lld", s->records, s->late);
    add_pair(b, "hash", s->hash);
    add_pair(b, "href", s->href);
    buf_char(b, '}');
}

void report_json(struct buf *out, const struct report *r)
{
    static const char *const words[] = {"gap", "no_text", "threshold", "identity", "privacy"};
    const struct doc *d = r->doc;
    buf_str(out, "{\"report\":");
    add_string(out, d->report);
    add_pair(out, "title", r->title);
    add_pair(out, "unit", d->unit);
    add_pair(out, "period", r->period);
    add_pair(out, "from", d->from);
    add_pair(out, "to", d->to);
    add_pair(out, "computed_at", d->nsources ? d->sources[0].computed_at : NULL);
    buf_printf(out, ",\"sound\":%s,\"figures\":[", r->sound ? "true" : "false");
    for (size_t i = 0; i < d->nsources; i++)
        add_figure(out, &d->sources[i]);
    buf_str(out, "],\"problems\":[");
    for (size_t i = 0; i < r->nproblems; i++) {
        buf_printf(out, "%s{\"kind\":\"%s\",\"line\":%d", i ? "," : "", words[r->problems[i].kind],
                   r->problems[i].line);
        add_pair(out, "what", r->problems[i].what);
        add_pair(out, "message", r->problems[i].msg);
        buf_char(out, '}');
    }
    buf_str(out, "]}");
}

static void text_table(struct buf *b, const struct doc_table *t)
{
    if (t->caption)
        buf_printf(b, "%s\n", t->caption);
    for (size_t i = 0; i < t->ncols; i++)
        buf_printf(b, "%s%s", i ? "\t" : "", t->head[i]);
    for (size_t i = 0; i < t->nrows * t->ncols; i++)
        buf_printf(b, "%s%s", i % t->ncols ? "\t" : "\n", t->cells[i]);
    buf_char(b, '\n');
}

void report_text_out(struct buf *out, const struct report *r)
{
    for (size_t i = 0; i < r->doc->nblocks; i++) {
        const struct doc_block *b = &r->doc->blocks[i];
        if (b->kind == DOC_TABLE) {
            text_table(out, b->table);
            continue;
        }
        for (size_t k = 0; k < b->nspans; k++)
            buf_str(out, b->spans[k].text);
        buf_char(out, '\n');
    }
}
