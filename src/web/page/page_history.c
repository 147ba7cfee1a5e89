/* SPDX-License-Identifier: Apache-2.0 */
/* page_history.c: what happened to a record, as sentences. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "base/utf8.h"
#include "store/sys_trail.h"
#include "store/sys_user.h"
#include "web/page.h"
#include "web/page_record.h"

enum { HISTORY = 100, HISTORY_MAX = 10000, CHANGES_MAX = 8, CHARS_MAX = 40 };

static void when(struct req *q, const char *label, const char *text)
{
    html_elem(&q->out, "dt", req_tr(q, label));
    html_elem(&q->out, "dd", text);
}

/* The trail's words as people say them. */
static const char *act_words(struct req *q, const struct reg *reg, const char *act)
{
    static const char *const words[][2] = {
        {"create", "登记"},         {"insert", "登记"},   {"edit", "修改"},     {"update", "修改"},
        {"import", "导入"},         {"seed", "登记"},     {"withdraw", "撤下"}, {"restore", "恢复"},
        {"view", "查看受保护栏目"}, {"file", "添加附件"}, {"undo", "撤销导入"}, {"make", "自动登记"},
    };
    if (strncmp(act, "move:", 5) == 0) {
        const struct move *m = reg_move(reg, act + 5);
        return m ? label_in(&m->label, q->lang) : act + 5;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], act) == 0)
            return req_tr(q, words[i][1]);
    return act;
}

/* Where it came from (“visit/123”), why it was done. */
static void history_note(struct req *q, const struct trail_entry *t, json_t *d)
{
    const char *note = json_string_value(json_object_get(d, "note"));
    const char *slash = note ? strchr(note, '/') : NULL;
    if (!note)
        note = json_string_value(json_object_get(d, "reason"));
    if (slash && strcmp(t->act, "make") == 0) {
        const struct reg *from = schema_reg(q->view.schema, arena_strn(q->a, note, (size_t)(slash - note)));
        html_text(&q->out, " ← ");
        html_link(&q->out, req_printf(q, "/r/%s", note), from ? label_in(&from->label, q->lang) : note);
    } else if (note && *note) {
        html_text(&q->out, req_printf(q, "（%s）", note));
    }
}

/* --- what changed */

/* A field's value as it stands in the trail (type_plain, masked where personal), as people read it. */
static const char *shown(struct req *q, const struct field *f, const char *plain, const struct map *names)
{
    if (f->cls >= CLASS_PERSONAL) { /* 张*#1a2b: the digest only tells that it is another one */
        const char *mark = strrchr(plain, '#');
        return mark ? arena_strn(q->a, plain, (size_t)(mark - plain)) : plain;
    }
    if (*plain == '#') {
        int64_t id = strtoll(plain + 1, NULL, 10);
        const struct tree *t = f->type == TYPE_UNIT ? q->view.units : f->type == TYPE_GRID ? q->view.grids : NULL;
        const struct node *n = t ? tree_find(t, id) : NULL;
        const char *title = n ? n->name : names ? map_get(names, plain + 1) : NULL;
        return title ? title : req_tr(q, "（已不在）");
    }
    struct type_ctx c = {.a = q->a, .today = today()};
    struct value v = value_null();
    enum reason why;
    struct err no = {0};
    if (type_read(&v, &c, f, plain, &why, &no) || v.kind == VALUE_NULL)
        return plain;
    return type_show(q->a, f, v, q->lang);
}

static const char *clipped(struct req *q, const char *s)
{
    return utf8_count(s) <= CHARS_MAX ? s : req_printf(q, "%.*s…", (int)utf8_offset(s, CHARS_MAX), s);
}

/* “承办人：江小舟”, “住址由“甲”改为“乙””, “备注“甲”清空” */
static const char *change(struct req *q, const struct reg *reg, const struct record *r, const char *name,
                          json_t *pair, const struct map *names)
{
    const struct field *f = reg_field(reg, name);
    const char *was = json_string_value(json_array_get(pair, 0)), *is = json_string_value(json_array_get(pair, 1));
    if (!f || f->hidden || (!was && !is))
        return NULL;
    const char *label = label_in(&f->label, q->lang);
    if (f->type == TYPE_FILE)
        return NULL; /* it has a line of its own */
    if (!actor_sees(&q->view, q->actor, f, r->unit) && f->cls < CLASS_PERSONAL)
        return req_printf(q, "%s%s", label, req_tr(q, "改过"));
    if (was)
        was = clipped(q, shown(q, f, was, names));
    if (is)
        is = clipped(q, shown(q, f, is, names));
    if (!is)
        return req_printf(q, "%s：“%s”%s", label, was, req_tr(q, "清空"));
    if (!was && strcmp(is, "***") == 0)
        return req_printf(q, "%s%s", label, req_tr(q, "已填写"));
    if (!was)
        return req_printf(q, "%s：%s", label, is);
    if (strcmp(was, is) == 0)
        return req_printf(q, "%s%s", label, req_tr(q, "改过"));
    return req_printf(q, "%s：“%s”%s“%s”", label, was, req_tr(q, "改为"), is);
}

/* 签到：加 2 行，改 1 行，去 1 行 */
static const char *rows_change(struct req *q, const struct reg *child, json_t *rows)
{
    int added = 0, gone = 0, changed = 0;
    const char *id, *field;
    json_t *row, *pair;
    if (json_object_get(rows, "rows"))
        return req_printf(q, "%s：%s", label_in(&child->label, q->lang), req_tr(q, "很多行"));
    json_object_foreach(rows, id, row)
    {
        bool was = false, is = false;
        json_object_foreach(row, field, pair)
        {
            was = was || json_is_string(json_array_get(pair, 0));
            is = is || json_is_string(json_array_get(pair, 1));
        }
        added += is && !was;
        gone += was && !is;
        changed += was && is;
    }
    const char *said = req_printf(q, "%s：", label_in(&child->label, q->lang));
    if (added)
        said = req_printf(q, "%s%s %d ", said, req_tr(q, "增加行"), added);
    if (changed)
        said = req_printf(q, "%s%s %d ", said, req_tr(q, "改动行"), changed);
    if (gone)
        said = req_printf(q, "%s%s %d ", said, req_tr(q, "去掉行"), gone);
    return said;
}

static void history_changes(struct req *q, const struct record *r, json_t *d, const struct map *names)
{
    const char *name;
    json_t *v;
    size_t n = 0, more = 0;
    json_object_foreach(json_object_get(d, "fields"), name, v)
    {
        const char *said = n < CHANGES_MAX ? change(q, r->reg, r, name, v, names) : "";
        if (!said)
            continue;
        if (n++ >= CHANGES_MAX) {
            more++;
            continue;
        }
        html_text(&q->out, n > 1 ? "；" : "：");
        html_text(&q->out, said);
    }
    if (more)
        html_text(&q->out, req_printf(q, "；%s", req_tr(q, req_printf(q, "另有 %zu 处", more))));
    json_object_foreach(json_object_get(d, "children"), name, v)
    {
        const struct reg *child = reg_child(r->reg, name);
        if (!child || json_object_size(v) == 0)
            continue;
        html_text(&q->out, n++ ? "；" : "：");
        html_text(&q->out, rows_change(q, child, v));
    }
}

/* Is it told what changed? What was first entered stands on the page itself. */
static bool tells_changes(const char *act, json_t *d)
{
    const char *name;
    json_t *pair;
    if (strncmp(act, "move:", 5) == 0 || strcmp(act, "edit") == 0 || strcmp(act, "update") == 0)
        return true;
    if (strcmp(act, "import") != 0)
        return false;
    json_object_foreach(json_object_get(d, "fields"), name, pair)
    {
        if (json_is_string(json_array_get(pair, 0))) /* it was there before */
            return true;
    }
    return false;
}

struct told {
    struct req *q;
    struct trail_entry *v;
    json_t **details;
    size_t n, cap, ndetails, capdetails;
};

static int history_keep(void *arg, const struct trail_entry *t, struct err *e)
{
    struct told *h = arg;
    struct trail_entry mine = *t;
    (void)e;
    mine.act = arena_str(h->q->a, t->act);
    mine.detail = arena_str(h->q->a, t->detail);
    VEC_PUSH(h->q->a, h->v, h->n, h->cap) = mine;
    VEC_PUSH(h->q->a, h->details, h->ndetails, h->capdetails) = t->detail ? json_loads(t->detail, 0, NULL) : NULL;
    return 0;
}

/* Titles of what the changed fields refer to, as this person may see them. */
static int ref_titles(struct req *q, const struct told *h, const struct record *r, struct map **names,
                      struct err *e)
{
    struct title_of *v = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < h->ndetails; i++) {
        const char *name;
        json_t *pair;
        json_object_foreach(json_object_get(h->details[i], "fields"), name, pair)
        {
            const struct field *f = reg_field(r->reg, name);
            for (size_t k = 0; f && f->type == TYPE_REF && k < 2; k++) {
                const char *id = json_string_value(json_array_get(pair, k));
                if (id && *id == '#')
                    VEC_PUSH(q->a, v, n, cap) =
                        (struct title_of){f->ref, f->ref->site_wide ? 0 : r->home, strtoll(id + 1, NULL, 10)};
            }
        }
    }
    return page_titles(names, q, v, n, false, e);
}

static void history_line(struct req *q, const struct record *r, const struct trail_entry *t, json_t *d,
                         const struct map *names, const struct map *titles)
{
    struct buf *b = &q->out;
    const char *name = t->who > 0 ? map_get(names, req_printf(q, "%lld", (long long)t->who)) : NULL;
    char at[32];
    html_raw(b, "<li><span class=nowrap>");
    html_text(b, instant_local(t->at, at));
    html_raw(b, "</span>\u3000");
    html_text(b, name ? name : req_tr(q, "系统"));
    html_raw(b, " ");
    html_text(b, act_words(q, r->reg, t->act));
    if (tells_changes(t->act, d))
        history_changes(q, r, d, titles);
    history_note(q, t, d);
    html_raw(b, "</li>");
}

static int history_list(struct req *q, const struct record *r, const struct told *h, size_t shown_n, struct err *e)
{
    struct map *names, *titles = NULL;
    int64_t *ids = arena_array(q->a, shown_n + 1, sizeof *ids);
    for (size_t i = 0; i < shown_n; i++)
        ids[i] = h->v[i].who;
    if (user_names(&names, q->a, q->db, ids, shown_n, e) || ref_titles(q, h, r, &titles, e))
        return -1;
    html_raw(&q->out, "<h2>");
    page_text(q, "经过");
    html_raw(&q->out, "</h2><ol class=history>");
    for (size_t i = 0; i < shown_n; i++)
        history_line(q, r, &h->v[i], h->details[i], names, titles);
    html_raw(&q->out, "</ol>");
    return 0;
}

/* The first entries; ?history= asks for more of them. */
int page_history(struct req *q, const struct record *r, struct err *e)
{
    struct told h = {.q = q};
    int64_t most = req_query_int(q, "history", HISTORY);
    if (most < HISTORY || most > HISTORY_MAX)
        most = HISTORY;
    int rc = trail_list(q->db, r->home, r->reg->name, r->id, 0, (int)most + 1, history_keep, &h, e);
    size_t n = h.n > (size_t)most ? (size_t)most : h.n;
    if (rc == 0)
        rc = history_list(q, r, &h, n, e);
    for (size_t i = 0; i < h.ndetails; i++)
        json_decref(h.details[i]);
    if (rc)
        return -1;
    if (h.n > n && most < HISTORY_MAX) {
        html_raw(&q->out, "<p>");
        html_link(&q->out, req_printf(q, "%s?history=%lld", q->path, (long long)most * 10), req_tr(q, "更多"));
        html_raw(&q->out, "</p>");
    }
    html_raw(&q->out, "<dl class=\"known small\">");
    char t[32];
    when(q, "采集时间", instant_local(r->captured, t));
    when(q, "录入时间", instant_local(r->entered, t));
    html_raw(&q->out, "</dl>");
    return 0;
}
