/* SPDX-License-Identifier: Apache-2.0 */
/* import_view.c: the pages of an import: what would happen, with the mapping; how far it is; what has happened. */
#include "web/import_view.h"

#include <string.h>

#include "web/page.h"

static void form_begin(struct req *q, const struct import_task *t)
{
    struct buf *b = &q->out;
    html_raw(b, "<form method=post");
    html_set(b, "action", req_printf(q, "/import/%s", t->token));
    html_set(b, "data-busy", req_tr(q, "请稍候…"));
    html_raw(b, ">");
    page_form_keys(q);
}

static void act_button(struct req *q, const char *act, const char *text, bool main)
{
    struct buf *b = &q->out;
    html_raw(b, main ? "<button class=main name=act" : "<button name=act");
    html_set(b, "value", act);
    html_raw(b, ">");
    page_text(q, text);
    html_raw(b, "</button>");
}

static void para(struct req *q, const char *cls, const char *text)
{
    html_raw(&q->out, "<p");
    html_set(&q->out, "class", cls);
    html_raw(&q->out, ">");
    page_text(q, text);
    html_raw(&q->out, "</p>");
}

/* --- before it runs */

static void plan_acts(struct req *q, const struct import_task *t, const struct import_result *r)
{
    struct buf *b = &q->out;
    if (t->recalled)
        para(q, "quiet", "列的对应关系沿用本组织上次确认的。不合适可以在下面改，或重置为系统建议的。");
    html_raw(b, "<div class=acts>");
    if (r && r->inserted + r->updated > 0)
        act_button(q, "run", r->refused ? "只导入没有问题的行" : "确认导入", true);
    act_button(q, "preview", "按修改后的对应关系重新试算", !r);
    if (t->recalled)
        act_button(q, "reset", "重置对应关系", false);
    html_raw(b, "</div>");
}

int import_view_plan(struct req *q, const struct import_task *t, const struct import_result *r, struct err *e)
{
    struct buf *b = &q->out;
    if (r) {
        para(q, "sentence", "试算结果，还没有写入：");
        import_counts(q, r, true);
    } else {
        html_raw(b, "<div class=errors role=alert><p>");
        page_text(q, t->unknown ? t->unknown : "没有要导入的工作表。");
        html_raw(b, "</p></div>");
        para(q, "sentence", "请说明每张表记入哪个台账、表头在第几行，再试算。");
    }
    form_begin(q, t);
    plan_acts(q, t, r);
    if (r && import_preview(q, t, r, e))
        return -1;
    html_raw(b, "<h2>");
    page_text(q, "怎么对应");
    html_raw(b, "</h2>");
    import_form(q, t);
    html_raw(b, "</form>");
    if (r) {
        import_rejects(q, t, r);
        import_alikes(q, r);
        import_changes(q, r);
        import_skipped(q, r);
    }
    return 0;
}

/* --- while it runs, and after */

static void running(struct req *q, const struct import_task *t)
{
    struct buf *b = &q->out;
    resp_header(q, "Refresh", "2");
    html_raw(b, "<p role=status>");
    page_text(q, req_printf(q, "正在导入：已处理 %ld / %ld 行。可以离开这一页，导入会继续。", t->done, t->total));
    html_raw(b, "</p><progress");
    html_set(b, "aria-label", req_tr(q, "导入进度"));
    html_set_int(b, "max", t->total > 0 ? t->total : 1);
    html_set_int(b, "value", t->done);
    html_raw(b, "></progress>");
    form_begin(q, t);
    if (t->stop)
        para(q, "quiet", "正在停下…");
    else
        act_button(q, "stop", "停止导入", false);
    html_raw(b, "</form>");
}

static void batch_links(struct req *q, const struct import_task *t)
{
    const struct node *unit = tree_find(q->view.units, t->unit);
    struct buf *b = &q->out;
    if (!t->batch || !unit)
        return;
    html_raw(b, "<p>");
    html_link(b, req_printf(q, "/batch/%lld/%lld", (long long)unit->home, (long long)t->batch),
              req_tr(q, "查看这次导入的条目"));
    html_raw(b, "</p>");
    batch_undo_form(q, unit->home, t->batch);
}

static void stopped(struct req *q, const struct import_task *t)
{
    struct buf *b = &q->out;
    html_raw(b, "<div class=errors role=status><p>");
    page_text(q, req_printf(q,
                            "导入已停止：已处理 %ld / %ld 行，已经写入的保留。可以接着导入（写过的行不会重复），"
                            "也可以撤销。",
                            t->done, t->total));
    html_raw(b, "</p></div>");
    form_begin(q, t);
    act_button(q, "run", "接着导入", true);
    html_raw(b, "</form>");
    import_counts(q, t->result, false);
    batch_links(q, t);
}

void import_view_run(struct req *q, const struct import_task *t)
{
    struct buf *b = &q->out;
    if (t->phase == TASK_RUNNING) {
        running(q, t);
        return;
    }
    if (t->phase == TASK_FAILED) {
        html_raw(b, "<div class=errors role=alert><p>");
        page_text(q, t->err.msg);
        html_raw(b, "</p></div>");
        batch_links(q, t);
        return;
    }
    if (t->result->stopped) {
        stopped(q, t);
        return;
    }
    para(q, "said", "导入完成。");
    import_counts(q, t->result, false);
    batch_links(q, t);
    import_rejects(q, t, t->result);
    import_skipped(q, t->result);
    html_raw(b, "<p>");
    html_link(b, "/import", req_tr(q, "继续导入"));
    html_raw(b, "</p>");
}
