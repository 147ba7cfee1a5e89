/* SPDX-License-Identifier: Apache-2.0 */
/* page_import.c: a ledger comes in: upload, mapping with a dry run, run with progress, result, undo. */
#include <stdlib.h>
#include <string.h>

#include "format/annotate.h"
#include "web/import_task.h"
#include "web/import_view.h"
#include "web/page.h"
#include "web/pages.h"

static struct import_task *task_of(struct req *q, struct err *e)
{
    return task_hold(req_arg(q, "token"), q->actor->user, e);
}

/* --- upload */

/* The units of a home for which this person imports: only their batches can be opened, see page_batch. */
static const int64_t *import_units(struct req *q, int64_t home, size_t *n)
{
    const struct tree *t = q->view.units;
    int64_t *out = arena_array(q->a, t->n + 1, sizeof *out);
    *n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->nodes[i].home == home && actor_may(&q->view, q->actor, MAY_IMPORT, t->nodes[i].id))
            out[(*n)++] = t->nodes[i].id;
    return out;
}

static int history(struct req *q, const struct node *unit, struct err *e)
{
    struct buf *b = &q->out;
    struct batch *list;
    size_t n, nunits;
    const int64_t *units = import_units(q, unit->home, &nunits);
    if (batch_list(&list, &n, q->a, q->db, unit->home, units, nunits, 20, e))
        return -1;
    if (n == 0)
        return 0;
    html_raw(b, "<h2>");
    page_text(q, "最近的导入");
    html_raw(b, "</h2><ul class=tasks>");
    for (size_t i = 0; i < n; i++) {
        char at[32];
        const char *says = batch_says(q, &list[i]);
        html_raw(b, "<li><span class=what>");
        html_link(b, req_printf(q, "/batch/%lld/%lld", (long long)list[i].home, (long long)list[i].id),
                  list[i].file && *list[i].file ? list[i].file : req_tr(q, "台账"));
        html_raw(b, "</span><span class=quiet>");
        page_text(q,
                  req_printf(q, "%s · 新增 %lld · 更新 %lld · 不变 %lld · 未导入 %lld",
                             instant_local(list[i].at, at), (long long)list[i].inserted, (long long)list[i].updated,
                             (long long)list[i].unchanged, (long long)list[i].rejected));
        html_raw(b, "</span>");
        if (*says)
            html_elem(b, "strong", says);
        html_raw(b, "</li>");
    }
    html_raw(b, "</ul>");
    return 0;
}

int page_import(struct req *q, struct err *e)
{
    const struct node *unit = page_unit(q);
    page_begin(q, &(struct page){
                      .title = "导入台账", .place = PLACE_MORE, .cls = "form", .up = "/more", .up_text = "更多"});
    if (!unit)
        return err_set(e, ERR_DENIED, "您的账号还没有在任何组织担任角色。");
    html_raw(&q->out, "<p>");
    page_text(q, "把现有台账原样交上来：大标题、两三级表头、合并单元格、合计行都认得。先给您看怎么对应、会新增多少"
                 "、有哪些行要改，确认后才写入。");
    html_raw(&q->out, "</p>");
    import_upload_form(q, unit, req_query(q, "register"));
    if (history(q, unit, e))
        return -1;
    page_end(q);
    return 0;
}

/* Rows and columns enough to be a ledger, though nobody knows which. */
static bool worth_asking(const struct book *b)
{
    for (size_t i = 0; i < b->nsheets; i++)
        if (b->sheets[i].nrows > 1 && b->sheets[i].ncols > 1)
            return true;
    return false;
}

/* The remembered map of this unit for these headers, else the proposal; where nothing is recognised, a map in which
 * nothing is imported yet. */
static int first_map(struct req *q, struct import_task *t, const char *only, struct err *e)
{
    struct import_map *map = NULL;
    const char *unknown = NULL;
    bool found;
    t->only = only && *only ? arena_str(t->a, only) : NULL;
    if (intake_propose(&map, t->a, &q->view, t->book, t->only, t->file_name, e)) {
        if (!map || e->code != ERR_INPUT || !worth_asking(t->book))
            return -1;
        unknown = arena_str(t->a, e->msg);
        err_clear(e);
    }
    if (intake_recall(map, q->db, t->unit, &q->view, t->book, &found, e))
        return -1;
    task_plan(t, map, found, unknown);
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

static bool any_sheet(const struct import_map *m)
{
    for (size_t i = 0; i < m->nsheets; i++)
        if (!m->sheets[i].skip && m->sheets[i].reg)
            return true;
    return false;
}

int page_import_map(struct req *q, struct err *e)
{
    struct import_task *t = task_of(q, e), *now;
    struct import_result *r = NULL;
    int rc = 0;
    if (!t)
        return -1;
    now = task_seen(t, q->a);
    page_begin(
        q, &(struct page){.title = now->file_name, .place = PLACE_MORE, .up = "/import", .up_text = "导入台账"});
    if (now->phase != TASK_PLANNED)
        import_view_run(q, now);
    else if ((any_sheet(now->map) && dry_run(q, now, &r, e)) || import_view_plan(q, now, r, e))
        rc = -1;
    if (rc == 0)
        page_end(q);
    task_drop(t);
    return rc;
}

/* What was confirmed last time is forgotten, the proposal takes its place. */
static int reset(struct req *q, struct import_task *t, const struct import_task *now, struct err *e)
{
    struct import_map *map = NULL;
    if (intake_forget(q->site, now->unit, now->map, e))
        return -1;
    if (intake_propose(&map, q->a, &q->view, now->book, now->only, now->file_name, e) &&
        (!map || e->code != ERR_INPUT))
        return -1;
    err_clear(e);
    task_remap(t, map);
    return 0;
}

static int act_on(struct req *q, struct import_task *t, const char *act, struct err *e)
{
    struct import_task *now = task_seen(t, q->a);
    if (strcmp(act, "stop") == 0) {
        task_stop(t);
        return 0;
    }
    if (now->phase != TASK_PLANNED)
        return strcmp(act, "run") == 0 ? task_run(t, q->site, q->actor, e) : 0;
    if (strcmp(act, "reset") == 0)
        return reset(q, t, now, e);
    if (import_form_read(q, now, e))
        return -1;
    return task_remap(t, now->map) && strcmp(act, "run") == 0 ? task_run(t, q->site, q->actor, e) : 0;
}

int page_import_run(struct req *q, struct err *e)
{
    struct import_task *t = task_of(q, e);
    const char *act = req_form(q, "act");
    int rc;
    if (!t)
        return -1;
    rc = act_on(q, t, act ? act : "", e);
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
