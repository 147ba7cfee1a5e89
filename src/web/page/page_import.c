/* SPDX-License-Identifier: Apache-2.0 */
/* page_import.c: a ledger comes in: upload, mapping with a dry run, run with progress, result, undo. */
#include <stdlib.h>
#include <string.h>

#include "format/annotate.h"
#include "store/sys_batch.h"
#include "store/sys_intake.h"
#include "web/import_task.h"
#include "web/import_view.h"
#include "web/page.h"
#include "web/pages.h"

static struct import_task *task_of(struct req *q, struct err *e)
{
    return task_hold(req_arg(q, "token"), q->actor->user, e);
}

/* --- upload */

static int batches(struct req *q, const struct node *unit, struct err *e)
{
    struct buf *b = &q->out;
    struct batch *list;
    struct undo *made;
    size_t n, any;
    if (batch_list(&list, &n, q->a, q->db, unit->home, NULL, 10, e))
        return -1;
    if (n == 0)
        return 0;
    html_raw(b, "<h2>");
    page_text(q, "最近的导入");
    html_raw(b, "</h2><ul class=tasks>");
    for (size_t i = 0; i < n; i++) {
        char at[32];
        if (undo_list(&made, &any, q->a, q->db, list[i].home, list[i].id, INT64_MAX, 1, e))
            return -1;
        html_raw(b, "<li><span class=what>");
        html_text(b, list[i].file);
        html_raw(b, "</span><span class=quiet>");
        html_text(b,
                  req_printf(q, "%s · 新增 %lld · 更新 %lld · 不变 %lld · 退回 %lld", instant_local(list[i].at, at),
                             (long long)list[i].inserted, (long long)list[i].updated, (long long)list[i].unchanged,
                             (long long)list[i].rejected));
        html_raw(b, "</span>");
        if (list[i].undone) {
            html_elem(b, "span class=quiet", req_tr(q, "已撤销"));
        } else if (any > 0) {
            html_raw(b, "<form method=post");
            html_set(b, "action",
                     req_printf(q, "/batch/%lld/%lld/undo", (long long)list[i].home, (long long)list[i].id));
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
        html_raw(b, "</li>");
    }
    html_raw(b, "</ul>");
    return 0;
}

static void upload_form(struct req *q, const struct node *unit)
{
    struct buf *b = &q->out;
    const char *reg = req_query(q, "register");
    html_raw(b, "<p>");
    page_text(q, "把现有台账原样交上来：大标题、两三级表头、合并单元格、合计行都认得。先给您看怎么对应、会新增多少"
                 "、有哪些行要改，确认后才写入。");
    html_raw(b, "</p><form method=post enctype=\"multipart/form-data\" action=\"/import\"");
    html_set(b, "data-busy", req_tr(q, "正在读取…"));
    html_raw(b, ">");
    page_form_keys(q);
    html_hidden(b, "unit", unit->code);
    if (reg)
        html_hidden(b, "register", reg);
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

int page_import(struct req *q, struct err *e)
{
    const struct node *unit = page_unit(q);
    page_begin(q, &(struct page){
                      .title = "导入台账", .place = PLACE_MORE, .cls = "form", .up = "/more", .up_text = "更多"});
    if (!unit)
        return err_set(e, ERR_DENIED, "您的账号还没有在任何组织担任角色。");
    upload_form(q, unit);
    if (batches(q, unit, e))
        return -1;
    page_end(q);
    return 0;
}

/* The remembered map of this unit for these headers, else the proposal. */
static int first_map(struct req *q, struct import_task *t, const char *only, struct err *e)
{
    struct import_map *map;
    bool found;
    if (intake_propose(&map, t->a, &q->view, t->book, only && *only ? only : NULL, t->file_name, e) ||
        intake_recall(map, q->db, t->unit, &q->view, t->book, &found, e))
        return -1;
    task_plan(t, map);
    return 0;
}

int page_import_upload(struct req *q, struct err *e)
{
    const struct upload *u = req_upload(q, "file");
    const char *code = req_form(q, "unit");
    const struct node *unit = code ? tree_code(q->view.units, code) : page_unit(q);
    if (!unit || !actor_may(&q->view, q->actor, MAY_IMPORT, unit->id))
        return err_set(e, ERR_DENIED, "您不能为这个组织导入台账。");
    if (!u || u->size == 0)
        return err_field(e, "file", "没有选择文件。请返回，选好台账文件再上传。");
    struct import_task *t = task_new(q->actor->user, unit->id, u->path, u->name, e);
    if (!t)
        return -1;
    if (first_map(q, t, req_form(q, "register"), e)) {
        task_discard(t);
        return -1;
    }
    resp_redirect(q, req_printf(q, "/import/%s", t->token));
    task_drop(t);
    return 0;
}

/* --- mapping, dry run, progress, result: one address */

static int dry_run(struct req *q, const struct import_task *t, struct import_result **r, struct err *e)
{
    struct import_job job = {.site = q->site,
                             .view = &q->view,
                             .actor = q->actor,
                             .a = q->a,
                             .book = t->book,
                             .map = t->map,
                             .file_name = t->file_name,
                             .sha = t->sha,
                             .unit = tree_find(q->view.units, t->unit),
                             .dry_run = true};
    return intake_run(r, &job, e);
}

int page_import_map(struct req *q, struct err *e)
{
    struct import_task *t = task_of(q, e), *now;
    struct import_result *r = NULL;
    int rc = 0;
    if (!t)
        return -1;
    now = task_seen(t, q->a);
    page_begin(q,
               &(struct page){.title = t->file_name, .place = PLACE_MORE, .up = "/import", .up_text = "导入台账"});
    if (now->phase == TASK_PLANNED)
        rc = dry_run(q, now, &r, e);
    if (rc == 0) {
        if (now->phase == TASK_PLANNED)
            import_view_plan(q, now, r);
        else
            import_view_run(q, now);
        page_end(q);
    }
    task_drop(t);
    return rc;
}

int page_import_run(struct req *q, struct err *e)
{
    struct import_task *t = task_of(q, e), *now;
    const char *act = req_form(q, "act");
    int rc = 0;
    if (!t)
        return -1;
    now = task_seen(t, q->a);
    if (now->phase == TASK_PLANNED) {
        rc = import_view_read(q, now, e);
        if (rc == 0 && task_remap(t, now->map) && act && strcmp(act, "run") == 0)
            rc = task_run(t, q->site, q->actor, e);
    }
    if (rc == 0)
        rc = resp_redirect(q, req_printf(q, "/import/%s", t->token));
    task_drop(t);
    return rc;
}

/* The refused rows as a workbook that can be mended and uploaded again. */
int page_import_notes(struct req *q, struct err *e)
{
    struct import_task *t = task_of(q, e), *now;
    struct import_result *r;
    int rc = -1;
    if (!t)
        return -1;
    const char *path = req_temp(q, e);
    now = task_seen(t, q->a);
    r = now->phase == TASK_DONE ? now->result : NULL;
    if (path && (r || dry_run(q, now, &r, e) == 0) &&
        annotate_file(path, now->book, intake_notes(q->a, now->book, now->map, r), e) == 0)
        rc = resp_file(q, path, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                       req_printf(q, "%s（标注）.xlsx", now->file_name));
    task_drop(t);
    return rc;
}

int page_import_undo(struct req *q, struct err *e)
{
    int64_t home, id;
    long undone, kept;
    if (req_arg_id(&home, q, "home", e) || req_arg_id(&id, q, "id", e))
        return -1;
    if (intake_undo(q->site, q->actor, home, id, &undone, &kept, e))
        return -1;
    page_begin(q,
               &(struct page){.title = "已撤销导入", .place = PLACE_MORE, .up = "/import", .up_text = "导入台账"});
    html_raw(&q->out, "<p class=said role=status>");
    page_text(q, req_printf(q, "撤回 %ld 条；导入后又改过的 %ld 条保留原样。", undone, kept));
    html_raw(&q->out, "</p>");
    page_end(q);
    return 0;
}
