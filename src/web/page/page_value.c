/* SPDX-License-Identifier: Apache-2.0 */
/* page_value.c: values and due days as people read them. */
#include <string.h>

#include "base/date.h"
#include "engine/clock.h"
#include "model/type.h"
#include "web/page.h"

void page_due(struct req *q, int32_t due, bool done)
{
    static const char *const cls[] = {[CLOCK_CALM] = "due", [CLOCK_SOON] = "due soon", [CLOCK_LATE] = "due over"};
    const struct calendar *c = q->site->working_arg;
    enum clock_tone tone;
    if (due == DAY_NONE || done)
        return;
    const char *words = clock_words(q->a, c, now_ms(), day_instant(due, 24 * 60 - 1), CLOCK_NONE, 'w', &tone);
    html_raw(&q->out, "<span");
    html_set(&q->out, "class", cls[tone]);
    html_raw(&q->out, ">");
    page_text(q, words);
    html_raw(&q->out, "</span>");
}

/* Titles of what a reference points at. */
static const char *ref_title(struct req *q, const struct field *f, struct value v, const struct map *names)
{
    const struct node *n = NULL;
    if (f->type == TYPE_UNIT)
        n = tree_find(q->view.units, v.i);
    else if (f->type == TYPE_GRID)
        n = tree_find(q->view.grids, v.i);
    else if (names)
        return map_get(names, req_printf(q, "%lld", (long long)v.i));
    return n ? n->name : NULL;
}

void page_value(struct req *q, const struct field *f, struct value v, int64_t unit, const struct map *names)
{
    page_seen(q, f, v, actor_sees(&q->view, q->actor, f, unit), names);
}

void page_of(struct req *q, const struct field *f, struct value v, const struct record *r, const struct map *names)
{
    page_seen(q, f, v, actor_sees_in(&q->view, q->actor, f, r), names);
}

void page_seen(struct req *q, const struct field *f, struct value v, bool seen, const struct map *names)
{
    struct buf *b = &q->out;
    if (v.kind == VALUE_NULL)
        return;
    if (!seen) {
        html_text(b, type_mask(q->a, f, v));
        return;
    }
    if (f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_REF) {
        const char *title = ref_title(q, f, v, names);
        if (title && f->type == TYPE_REF) {
            html_raw(b, "<a");
            html_set(b, "href", req_printf(q, "/r/%s/%lld", f->ref->name, (long long)v.i));
            html_raw(b, ">");
            html_text(b, title);
            html_raw(b, "</a>");
        } else {
            html_text(b, title);
        }
        return;
    }
    if (f->type == TYPE_FILE) {
        page_text(q, "附件"); /* it is linked under 附件 on the record's page */
        return;
    }
    html_text(b, type_show(q->a, f, v, q->lang));
}
