/* SPDX-License-Identifier: Apache-2.0 */
/* page_batch.c: one import that was made: what came of it, its records, and taking it back. */
#include <string.h>

#include "store/sys_batch.h"
#include "store/sys_intake.h"
#include "web/import_task.h"
#include "web/import_view.h"
#include "web/page.h"
#include "web/pages.h"

#define BATCH_PAGE 50

void import_upload_form(struct req *q, const struct node *unit, const char *only)
{
    struct buf *b = &q->out;
    html_raw(b, "<form method=post enctype=\"multipart/form-data\" action=\"/import\"");
    html_set(b, "data-busy", req_tr(q, "正在读取…"));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "unit", unit->code);
    if (only)
        html_hidden(b, "register", only);
    html_raw(b, "<div class=field><label class=name for=file>");
    page_text(q, "台账文件（.xlsx .xls .csv）");
    html_raw(
        b,
        "</label><input type=file id=file name=file required accept=\".xlsx,.xls,.csv,.xlsm,.txt\"><p class=help>");
    html_text(b, req_printf(q, "%s%s", req_tr(q, "记入："), unit->name));
    html_raw(b, "</p></div><button class=main>");
    page_text(q, "上传并查看");
    html_raw(b, "</button></form>");
}

const char *batch_says(struct req *q, const struct batch *b)
{
    if (b->undone)
        return req_tr(q, b->undone > 0 ? "已撤销" : "撤销没有做完");
    if (b->ended)
        return "";
    return req_tr(q, task_runs(b->id) ? "正在导入" : "没有做完");
}

void batch_undo_form(struct req *q, int64_t home, int64_t id)
{
    struct buf *b = &q->out;
    html_raw(b, "<form method=post");
    html_set(b, "action", req_printf(q, "/batch/%lld/%lld/undo", (long long)home, (long long)id));
    html_raw(b, ">");
    page_form_keys(q);
    html_raw(b, "<details><summary>");
    page_text(q, "撤销这次导入");
    html_raw(b, "</summary><p class=small>");
    page_text(q, "新增的条目撤回，更新的恢复原值；导入以后又改过的保留。");
    html_raw(b, "</p><button>");
    page_text(q, "确认撤销");
    html_raw(b, "</button></details></form>");
}

/* --- its records */

static void made_item(struct req *q, const struct undo *x, const struct map *titles)
{
    struct buf *b = &q->out;
    const struct reg *r = schema_reg(q->view.schema, x->table);
    const char *title = titles ? map_get(titles, req_printf(q, "%lld", (long long)x->record)) : NULL;
    html_raw(b, "<li><span class=what>");
    if (r && title)
        html_link(b, req_printf(q, "/r/%s/%lld", r->name, (long long)x->record), title);
    else
        page_text(q, "（已撤回，或您不能查看）");
    html_raw(b, "</span><span class=quiet>");
    html_text(b, r ? label_in(&r->label, q->lang) : x->table);
    html_raw(b, " · ");
    page_text(q, x->made ? "新增" : "更新");
    html_raw(b, "</span></li>");
}

static void made_list(struct req *q, const struct batch *batch, const struct undo *v, size_t n,
                      const struct map *titles)
{
    struct buf *b = &q->out;
    if (n == 0)
        return;
    html_raw(b, "<h2>");
    page_text(q, "这次导入的条目");
    html_raw(b, "</h2><ul class=tasks>");
    for (size_t i = 0; i < n; i++)
        made_item(q, &v[i], titles);
    html_raw(b, "</ul>");
    if (n == BATCH_PAGE && v[n - 1].seq > 1) {
        html_raw(b, "<p class=pager>");
        html_link(b,
                  req_printf(q, "/batch/%lld/%lld?before=%lld", (long long)batch->home, (long long)batch->id,
                             (long long)v[n - 1].seq),
                  req_tr(q, "下一页"));
        html_raw(b, "</p>");
    }
}

/* A page of what it made and changed, the last first, with the titles of those this person may read. What is too
 * old to be undone is no longer known. */
static int made_load(struct undo **v, size_t *n, struct map **titles, struct req *q, const struct batch *batch,
                     struct err *e)
{
    size_t known = 0;
    if (undo_list(v, n, q->a, q->db, batch->home, batch->id, req_query_int(q, "before", INT64_MAX), BATCH_PAGE, e))
        return -1;
    struct title_of *of = arena_array(q->a, *n + 1, sizeof *of);
    for (size_t i = 0; i < *n; i++) {
        const struct reg *r = schema_reg(q->view.schema, (*v)[i].table);
        if (r)
            of[known++] = (struct title_of){r, (*v)[i].record_home, (*v)[i].record};
    }
    *titles = NULL;
    return known ? page_titles(titles, q, of, known, true, e) : 0;
}

/* --- the page */

static void facts(struct req *q, const struct batch *batch, const struct node *unit)
{
    struct buf *b = &q->out;
    char at[32];
    html_raw(b, "<p class=sentence>");
    page_text(q, req_printf(q, "%s 导入，记入%s", instant_local(batch->at, at), unit ? unit->name : ""));
    html_raw(b, "</p><p class=sum>");
    const struct {
        const char *label;
        int64_t n;
    } items[] = {{"新增", batch->inserted},
                 {"更新", batch->updated},
                 {"不变", batch->unchanged},
                 {"未导入的行", batch->rejected}};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        html_raw(b, "<span>");
        page_text(q, items[i].label);
        html_raw(b, " <b class=num>");
        html_int(b, items[i].n);
        html_raw(b, "</b></span>");
    }
    html_raw(b, "</p>");
}

/* An import that was cut off: go on with it, or take it back. */
static void cut_off(struct req *q, const struct node *unit)
{
    struct buf *b = &q->out;
    html_raw(b, "<div class=errors role=status><p>");
    page_text(q, "这次导入没有做完：中途停下了，或者服务器停了。已经写入的条目都在。");
    html_raw(b, "</p></div><h2>");
    page_text(q, "接着导入");
    html_raw(b, "</h2><p>");
    page_text(q, "再上传一次同一个文件即可，写过的行不会重复。不要了就撤销。");
    html_raw(b, "</p>");
    if (unit)
        import_upload_form(q, unit, NULL);
}

static int batch_of(struct batch *batch, struct req *q, struct err *e)
{
    int64_t home, id;
    if (req_arg_id(&home, q, "home", e) || req_arg_id(&id, q, "id", e))
        return -1;
    int found = batch_find(batch, q->a, q->db, home, id, e);
    if (found < 0)
        return -1;
    if (found == 0 || !actor_may(&q->view, q->actor, MAY_IMPORT, batch->unit))
        return err_set(e, ERR_MISSING, "没有这一批导入，或者它不属于您的组织。");
    return 0;
}

int page_batch(struct req *q, struct err *e)
{
    struct batch batch;
    struct undo *made;
    size_t n;
    struct map *titles;
    if (batch_of(&batch, q, e) || made_load(&made, &n, &titles, q, &batch, e))
        return -1;
    const struct node *unit = tree_find(q->view.units, batch.unit);
    bool runs = !batch.ended && task_runs(batch.id);
    page_begin(q, &(struct page){.title = batch.file && *batch.file ? batch.file : "台账",
                                 .place = PLACE_MORE,
                                 .up = "/import",
                                 .up_text = "导入台账"});
    facts(q, &batch, unit);
    if (batch.undone || runs) {
        html_raw(&q->out, "<p class=said role=status>");
        html_text(&q->out, batch_says(q, &batch));
        html_raw(&q->out, "</p>");
    } else if (!batch.ended) {
        cut_off(q, unit);
    }
    if (batch.undone <= 0 && !runs && n > 0)
        batch_undo_form(q, batch.home, batch.id);
    made_list(q, &batch, made, n, titles);
    page_end(q);
    return 0;
}

int page_import_undo(struct req *q, struct err *e)
{
    int64_t home, id;
    long undone, kept;
    struct err said = {0};
    if (req_arg_id(&home, q, "home", e) || req_arg_id(&id, q, "id", e))
        return -1;
    if (intake_undo(q->site, q->actor, home, id, &undone, &kept, &said)) {
        *e = said;
        return -1;
    }
    page_begin(q,
               &(struct page){.title = "已撤销导入", .place = PLACE_MORE, .up = "/import", .up_text = "导入台账"});
    html_raw(&q->out, "<p class=said role=status>");
    page_text(q, req_printf(q, "撤回 %ld 条；导入后又改过的 %ld 条保留原样。", undone, kept));
    html_raw(&q->out, "</p>");
    if (kept && *said.msg) { /* which ones */
        html_raw(&q->out, "<p>");
        page_text(q, said.msg);
        html_raw(&q->out, "</p>");
    }
    page_end(q);
    return 0;
}
