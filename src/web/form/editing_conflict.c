/* SPDX-License-Identifier: Apache-2.0 */
/* editing_conflict.c: what stands in the way of saving: somebody was faster, or the same thing is there already. */
#include "base/date.h"
#include "web/editing.h"
#include "web/page.h"

static const struct child_row *row_with(const struct child_rows *rows, int64_t id)
{
    for (size_t i = 0; id && i < rows->n; i++)
        if (rows->rows[i].id == id)
            return &rows->rows[i];
    return NULL;
}

/* One row of a child table in a cell, as 甲、调解员; nothing where there is none. */
static void row_cell(struct req *q, const struct reg *c, const struct child_row *row, const struct record *r)
{
    bool any = false;
    html_raw(&q->out, "<td>");
    for (size_t k = 0; row && k < c->nfields; k++) {
        if (row->values[k].kind == VALUE_NULL)
            continue;
        html_raw(&q->out, any ? "、" : "");
        page_of(q, &c->fields[k], row->values[k], r, NULL);
        any = true;
    }
    html_raw(&q->out, "</td>");
}

static void conflict_row(struct req *q, const struct editing *ed, const struct reg *c,
                         const struct child_row *theirs, const struct child_row *yours)
{
    bool same = theirs && yours;
    for (size_t k = 0; same && k < c->nfields; k++)
        same = c->fields[k].computed || value_equal(theirs->values[k], yours->values[k]);
    if (same)
        return;
    html_raw(&q->out, "<tr>");
    html_elem(&q->out, "th scope=row", label_in(&c->label, q->lang));
    row_cell(q, c, theirs, ed->theirs);
    row_cell(q, c, yours, ed->r);
    html_raw(&q->out, "</tr>");
}

/* Rows that the other one added stay; the table says that they are there. */
static void conflict_rows(struct req *q, const struct editing *ed, size_t child)
{
    const struct reg *c = &ed->reg->children[child];
    const struct child_rows *theirs = &ed->theirs->children[child], *yours = &ed->r->children[child];
    for (size_t i = 0; i < theirs->n; i++)
        conflict_row(q, ed, c, &theirs->rows[i], row_with(yours, theirs->rows[i].id));
    for (size_t i = 0; i < yours->n; i++)
        if (!row_with(theirs, yours->rows[i].id))
            conflict_row(q, ed, c, NULL, &yours->rows[i]);
}

void editing_conflict(struct req *q, const struct editing *ed)
{
    struct buf *b = &q->out;
    if (!ed->theirs)
        return;
    if (ed->move) { /* somebody has moved it on */
        html_raw(b, "<div class=errors role=alert><strong>");
        page_text(q, "您打开之后，别人已经办过一步，现在是：");
        page_state(q, ed->reg, ed->theirs->state);
        html_raw(b, "</strong> ");
        html_link(b, req_printf(q, "/r/%s/%lld", ed->reg->name, (long long)ed->id), req_tr(q, "回到这一条看看"));
        html_raw(b, "</div>");
        return;
    }
    html_raw(b, "<div class=errors role=alert><strong>");
    page_text(q, "您打开之后，别人改过这一条。下面是两边不同的地方；核对后再保存，将以您填写的为准。");
    html_raw(b, "</strong><table class=\"list plain\"><thead><tr>");
    html_elem(b, "th scope=col", req_tr(q, "栏目"));
    html_elem(b, "th scope=col", req_tr(q, "现在是"));
    html_elem(b, "th scope=col", req_tr(q, "您填写的"));
    html_raw(b, "</tr></thead><tbody>");
    for (size_t i = 0; i < ed->reg->nfields; i++) {
        const struct field *f = &ed->reg->fields[i];
        if (value_equal(ed->theirs->values[i], ed->r->values[i]))
            continue;
        html_raw(b, "<tr>");
        html_elem(b, "th scope=row", label_in(&f->label, q->lang));
        html_raw(b, "<td>");
        page_of(q, f, ed->theirs->values[i], ed->theirs, NULL);
        html_raw(b, "</td><td>");
        page_of(q, f, ed->r->values[i], ed->r, NULL);
        html_raw(b, "</td></tr>");
    }
    for (size_t c = 0; c < ed->reg->nchildren; c++)
        conflict_rows(q, ed, c);
    html_raw(b, "</tbody></table></div>");
}

void editing_twin(struct req *q, const struct editing *ed)
{
    struct buf *b = &q->out;
    char day[32];
    if (!ed->twin)
        return;
    const struct record *t = ed->twin;
    html_raw(b, "<div class=errors role=alert><strong>");
    page_text(q, "已经有一条相似的记录，可能是同一件事：");
    html_raw(b, "</strong><p><a target=_blank rel=noopener");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", t->reg->name, (long long)t->id));
    html_raw(b, ">");
    html_text(b, page_title(q, t));
    html_raw(b, "</a> ");
    html_text(b, day_cn(t->happened, day));
    html_raw(b, " ");
    page_state(q, t->reg, t->state);
    html_raw(b, "</p><p>");
    page_text(
        q, "先打开看看。是同一件事，就在那一条上补充；不是，再按下面的“仍要保存”。您填写的内容都还在，没有保存。");
    html_raw(b, "</p></div>");
}
