/* SPDX-License-Identifier: Apache-2.0 */
/* page_search.c: one field for everything: two characters suffice; newest first. */
#include <string.h>

#include "base/date.h"
#include "model/query.h"
#include "store/search.h"
#include "web/page.h"
#include "web/pages.h"

#define HITS 50   /* shown */
#define ROUND 200 /* looked at in one go when the first may mostly not be read */
#define ROUNDS 10

struct hits {
    struct req *q;
    struct search_hit *v;
    size_t n, cap;
    struct map *titles; /* of those that may be read */
    size_t readable;
    bool cut; /* there may be more */
};

static int hit(void *arg, const struct search_hit *h, struct err *e)
{
    struct hits *all = arg;
    (void)e;
    struct search_hit mine = *h;
    mine.table = arena_str(all->q->a, h->table);
    mine.body = NULL;
    VEC_PUSH(all->q->a, all->v, all->n, all->cap) = mine;
    return 0;
}

/* The registers this person may read at the unit in force. */
static const char **tables_of(struct req *q, const struct node *unit, size_t *n)
{
    const char **tables = arena_array(q->a, q->view.schema->nregs + 1, sizeof *tables);
    *n = 0;
    for (size_t i = 0; i < q->view.schema->nregs; i++) {
        struct err no = {0};
        if (actor_reg(&q->view, q->actor, q->view.schema->regs[i], false, unit->id, &no) == 0)
            tables[(*n)++] = q->view.schema->regs[i]->name;
    }
    return tables;
}

/* Titles of the hits from one on that this person may read where they stand. Withdrawn ones have none and are
 * passed over. */
static int hit_titles(struct hits *all, size_t from, struct err *e)
{
    struct req *q = all->q;
    struct title_of *v = arena_array(q->a, all->n - from + 1, sizeof *v);
    size_t n = 0;
    for (size_t i = from; i < all->n; i++) {
        const struct reg *r = schema_reg(q->view.schema, all->v[i].table);
        if (r)
            v[n++] = (struct title_of){r, all->v[i].home, all->v[i].id};
    }
    if (page_titles(&all->titles, q, v, n, true, e))
        return -1;
    all->readable = map_count(all->titles);
    return 0;
}

/* The newest hits; on through those that this person may not read, up to a bound. */
static int look(struct hits *all, struct search_scope *s, const char *words, struct err *e)
{
    s->limit = HITS;
    for (int round = 0; round < ROUNDS; round++) {
        const size_t from = all->n;
        if (search_find(all->q->db, s, words, hit, all, e) || hit_titles(all, from, e))
            return -1;
        all->cut = all->n - from == (size_t)s->limit;
        if (!all->cut || all->readable >= HITS)
            return 0;
        s->before_id = all->v[all->n - 1].id;
        s->limit = ROUND;
    }
    return 0;
}

static int hit_row(struct req *q, const struct search_hit *h, const struct map *titles)
{
    struct buf *b = &q->out;
    const struct reg *r = schema_reg(q->view.schema, h->table);
    const char *title = map_get(titles, req_printf(q, "%lld", (long long)h->id));
    char day[16];
    if (!r || !title)
        return 0;
    html_raw(b, "<li><span class=what><a");
    html_set(b, "href", req_printf(q, "/r/%s/%lld", r->name, (long long)h->id));
    html_raw(b, ">");
    html_text(b, title);
    html_raw(b, "</a></span><span class=quiet>");
    page_label(q, &r->label);
    html_raw(b, "</span><span class=\"quiet nowrap\">");
    const struct field *on = r->happened ? reg_field(r, r->happened) : NULL;
    if (!on || on->cls < CLASS_PERSONAL)
        html_text(b, day_iso((int32_t)h->day, day));
    html_raw(b, "</span></li>");
    return 1;
}

int page_search(struct req *q, struct err *e)
{
    const char *words = req_query(q, "q");
    const struct node *unit = page_unit(q);
    struct hits all = {.q = q, .titles = map_new(q->a)};
    page_begin(q, &(struct page){.title = "搜索", .place = PLACE_REGISTERS});
    if (words && *words && unit) {
        struct search_scope s = {0};
        s.homes = page_homes(q, unit, &s.nhomes);
        s.tables = tables_of(q, unit, &s.ntables);
        if (s.ntables && look(&all, &s, words, e))
            return -1;
    }
    html_raw(&q->out, "<ul class=tasks>");
    int shown = 0;
    for (size_t i = 0; i < all.n && shown < HITS; i++)
        shown += hit_row(q, &all.v[i], all.titles);
    html_raw(&q->out, "</ul>");
    if (all.cut) {
        html_raw(&q->out, "<p class=quiet>");
        page_text(q, "只看了最近的一部分。要找更早的，请多写几个字，或到台账里找。");
        html_raw(&q->out, "</p>");
    }
    if (!shown) {
        html_raw(&q->out, "<p class=empty>");
        page_text(q, words && *words ? "没有找到。换个词试试，两个字即可；找人请到台账里查找。"
                                     : "请输入编号、内容或地址中的字。");
        html_raw(&q->out, "</p>");
    }
    page_end(q);
    return 0;
}
