/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c: the one table of everything the server answers. */
#include "web/route.h"

#include <stdbool.h>
#include <string.h>

#include "format/json.h"
#include "format/urlenc.h"
#include "web/api.h"
#include "web/health.h"
#include "web/pages.h"
#include "web/session.h"
#include "web/static_files.h"

/* clang-format off */
const struct route routes[] = {
    /*     method   path                 handler             who        how    token      body         what for */
    ROUTE("GET",    "/healthz",          page_healthz,       MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "存活探测"),
    ROUTE("GET",    "/readyz",           page_readyz,        MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "就绪探测：数据库、写入、磁盘"),
    ROUTE("GET",    "/metrics",          page_metrics,       MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "运行指标（本机或管理员）"),
    ROUTE("GET",    "/favicon.ico",      page_favicon,       MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "图标"),
    ROUTE("GET",    "/static/:name",     page_static,        MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "样式与脚本"),
    ROUTE("GET",    "/static/:dir/:name", page_static,       MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "样式与脚本"),
    ROUTE("GET",    "/lang/:lang",       page_lang,          MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "切换语言"),
    ROUTE("GET",    "/login",            page_login,         MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "登录页"),
    ROUTE("POST",   "/login",            page_login_post,    MAY_NONE,  HASH,  CSRF_FORM, BODY_SMALL,  "登录"),
    ROUTE("POST",   "/logout",           page_logout,        MAY_LOGIN, WRITE, CSRF_FORM, BODY_SMALL,  "退出"),
    ROUTE("GET",    "/password",         page_password,      MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "修改口令"),
    ROUTE("POST",   "/password",         page_password_post, MAY_LOGIN, HASH,  CSRF_FORM, BODY_SMALL,  "修改口令"),
    ROUTE("GET",    "/twostep",          page_twostep,       MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "两步验证"),
    ROUTE("POST",   "/twostep",          page_twostep_post,  MAY_LOGIN, HASH,  CSRF_FORM, BODY_SMALL,  "两步验证"),
    /* no token: nobody is logged in yet, the password is in the body */
    ROUTE("POST",   "/api/v1/session",   api_session_post,   MAY_NONE,  HASH,  CSRF_NONE, BODY_SMALL,  "接口登录，取得令牌"),
    ROUTE("DELETE", "/api/v1/session",   api_session_delete, MAY_LOGIN, WRITE, CSRF_API,  BODY_SMALL,  "接口退出"),
    ROUTE("GET",    "/api/v1",           api_root,           MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口：有哪些台账"),
    ROUTE("GET",    "/api/v1/openapi.json", api_openapi,     MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口说明，OpenAPI 3.1"),
    ROUTE("GET",    "/api/v1/figures",   api_figures,        MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口：有哪些指标"),
    ROUTE("GET",    "/api/v1/figures/:figure", api_figure,   MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口：一个指标的数"),
    ROUTE("GET",    "/api/v1/figures/:figure/records", api_figure_records, MAY_READ, FAST, CSRF_NONE, BODY_NONE, "接口：数后面的条目"),
    ROUTE("GET",    "/api/v1/outbox",    api_outbox,         MAY_ADMIN, FAST,  CSRF_NONE, BODY_NONE,   "接口：待发的消息"),
    ROUTE("DELETE", "/api/v1/outbox/:id", api_outbox_drop,   MAY_ADMIN, WRITE, CSRF_API,  BODY_SMALL,  "接口：消息已收妥，不再保留"),
    ROUTE("GET",    "/api/v1/:register", api_list,           MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口：筛选条目"),
    ROUTE("POST",   "/api/v1/:register", api_create,         MAY_WRITE, WRITE, CSRF_API,  BODY_FORM,   "接口：新建条目"),
    ROUTE("GET",    "/api/v1/:register/:id", api_one,        MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "接口：读一条"),
    ROUTE("PATCH",  "/api/v1/:register/:id", api_patch,      MAY_WRITE, WRITE, CSRF_API,  BODY_FORM,   "接口：修改条目"),
    ROUTE("DELETE", "/api/v1/:register/:id", api_withdraw,   MAY_WRITE, WRITE, CSRF_API,  BODY_SMALL,  "接口：撤销条目"),
    ROUTE("POST",   "/api/v1/:register/:id/moves/:move", api_move, MAY_WRITE, WRITE, CSRF_API, BODY_FORM, "接口：流转"),
    ROUTE("POST",   "/api/v1/:register/:id/restore", api_restore, MAY_WRITE, WRITE, CSRF_API, BODY_SMALL, "接口：恢复撤销的条目"),
    /* --- pages */
    ROUTE("GET",    "/",                 page_today,         MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "今天：要办的事、缺项、最近记录"),
    ROUTE("GET",    "/place",            page_place,         MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "切换组织"),
    ROUTE("GET",    "/elder",            page_elder,         MAY_NONE,  FAST,  CSRF_NONE, BODY_NONE,   "大字版"),
    ROUTE("GET",    "/new",              page_new_menu,      MAY_WRITE, FAST,  CSRF_NONE, BODY_NONE,   "记一笔：选择台账"),
    ROUTE("GET",    "/more",             page_more,          MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "更多"),
    ROUTE("GET",    "/me",               page_me,            MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "我"),
    ROUTE("GET",    "/search",           page_search,        MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "全文搜索"),
    ROUTE("GET",    "/calendar",         page_calendar,      MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "会议和活动日历"),
    ROUTE("GET",    "/r",                page_registers,     MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "台账目录"),
    ROUTE("GET",    "/r/:register",      page_list,          MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "台账列表"),
    ROUTE("POST",   "/r/:register",      page_create,        MAY_WRITE, WRITE, CSRF_FORM, BODY_FORM,   "登记一条"),
    ROUTE("GET",    "/r/:register/new",  page_new,           MAY_WRITE, FAST,  CSRF_NONE, BODY_NONE,   "登记表单"),
    ROUTE("POST",   "/r/:register/new",  page_create,        MAY_WRITE, HEAVY, CSRF_FORM, BODY_UPLOAD, "登记一条，带照片或文件"),
    ROUTE("GET",    "/r/:register/options", page_options,    MAY_WRITE, FAST,  CSRF_NONE, BODY_NONE,   "登记表单：按几个字找可选的条目"),
    ROUTE("GET",    "/understood",       page_understood,    MAY_LOGIN, FAST,  CSRF_NONE, BODY_NONE,   "登记表单：写的是哪一天"),
    ROUTE("GET",    "/r/:register/export.xlsx", page_export, MAY_READ,  HEAVY, CSRF_NONE, BODY_NONE,   "导出列表"),
    ROUTE("GET",    "/r/:register/:id",  page_record,        MAY_READ,  FAST,  CSRF_NONE, BODY_NONE,   "一条记录"),
    ROUTE("POST",   "/r/:register/:id",  page_save,          MAY_WRITE, WRITE, CSRF_FORM, BODY_FORM,   "修改一条"),
    ROUTE("GET",    "/r/:register/:id/edit", page_edit,      MAY_WRITE, FAST,  CSRF_NONE, BODY_NONE,   "修改表单"),
    ROUTE("POST",   "/r/:register/:id/edit", page_save,      MAY_WRITE, HEAVY, CSRF_FORM, BODY_UPLOAD, "修改一条，带照片或文件"),
    ROUTE("POST",   "/r/:register/:id/withdraw", page_withdraw, MAY_WRITE, WRITE, CSRF_FORM, BODY_SMALL, "撤下一条"),
    ROUTE("POST",   "/r/:register/:id/restore", page_restore, MAY_WRITE, WRITE, CSRF_FORM, BODY_SMALL, "恢复撤下的一条"),
    ROUTE("POST",   "/r/:register/:id/file", page_file_add,  MAY_WRITE, HEAVY, CSRF_FORM, BODY_UPLOAD, "添加附件"),
    ROUTE("GET",    "/r/:register/:id/move/:move", page_move_form, MAY_WRITE, FAST, CSRF_NONE, BODY_NONE, "流转表单"),
    ROUTE("POST",   "/r/:register/:id/move/:move", page_move, MAY_WRITE, WRITE, CSRF_FORM, BODY_FORM,  "流转"),
    ROUTE("GET",    "/file/:home/:id",   page_file,          MAY_READ,  FILES, CSRF_NONE, BODY_NONE,   "打开附件"),
    ROUTE("GET",    "/figures",          page_figures,       MAY_READ,  HEAVY, CSRF_NONE, BODY_NONE,   "数字"),
    ROUTE("GET",    "/figures/:figure/records", page_behind, MAY_READ,  HEAVY, CSRF_NONE, BODY_NONE,   "一个数字背后的条目"),
    ROUTE("GET",    "/reports",          page_reports,       MAY_REPORT, FAST,  CSRF_NONE, BODY_NONE,   "报告目录"),
    ROUTE("GET",    "/reports/:report",  page_report,        MAY_REPORT, HEAVY, CSRF_NONE, BODY_NONE,  "报告"),
    ROUTE("POST",   "/reports/:report",  page_report_get,    MAY_REPORT, HEAVY, CSRF_FORM, BODY_FORM,  "报告的 Word、PDF"),
    ROUTE("GET",    "/import",           page_import,        MAY_IMPORT, FAST, CSRF_NONE, BODY_NONE,   "导入台账"),
    ROUTE("POST",   "/import",           page_import_upload, MAY_IMPORT, HEAVY, CSRF_FORM, BODY_UPLOAD, "上传台账"),
    ROUTE("GET",    "/import/:token",    page_import_map,    MAY_IMPORT, HEAVY, CSRF_NONE, BODY_NONE,  "对应关系、试算、进度、结果"),
    ROUTE("POST",   "/import/:token",    page_import_run,    MAY_IMPORT, HEAVY, CSRF_FORM, BODY_FORM,  "重新试算或确认导入"),
    ROUTE("GET",    "/import/:token/annotated.xlsx", page_import_notes, MAY_IMPORT, HEAVY, CSRF_NONE, BODY_NONE, "标注表"),
    ROUTE("GET",    "/batch/:home/:id",  page_batch,         MAY_IMPORT, FAST, CSRF_NONE, BODY_NONE,   "一次导入的结果和条目"),
    ROUTE("POST",   "/batch/:home/:id/undo", page_import_undo, MAY_IMPORT, HEAVY, CSRF_FORM, BODY_SMALL, "撤销一次导入"),
    ROUTE("GET",    "/users",            page_users,         MAY_ADMIN, FAST,  CSRF_NONE, BODY_NONE,   "账号"),
    ROUTE("POST",   "/users",            page_user_add,      MAY_ADMIN, HASH,  CSRF_FORM, BODY_SMALL,  "新建账号"),
    ROUTE("GET",    "/users/:id",        page_user,          MAY_ADMIN, FAST,  CSRF_NONE, BODY_NONE,   "一个账号"),
    ROUTE("POST",   "/users/:id",        page_user_save,     MAY_ADMIN, HASH,  CSRF_FORM, BODY_SMALL,  "停用、恢复、角色、口令"),
};
/* clang-format on */
const size_t routes_count = sizeof routes / sizeof *routes;

const char *route_class_word(enum route_class c)
{
    static const char *const words[ROUTE_CLASS__MAX] = {
        [FAST] = "fast", [HASH] = "hash", [FILES] = "file", [HEAVY] = "heavy", [WRITE] = "write"};

    return words[c];
}

/* Does a pattern fit the segments? Captures go to args. */
static bool fits(struct route_args *args, const char *pattern, const char *const *seg, size_t nseg)
{
    const char *p = pattern + 1;

    args->n = 0;
    if (!*p)
        return nseg == 0;
    for (size_t i = 0;; i++) {
        size_t len = strcspn(p, "/");
        if (i == nseg || !*seg[i])
            return false;
        if (*p == ':') {
            if (args->n == ROUTE_ARGS)
                return false;
            args->name[args->n] = p + 1;
            args->value[args->n++] = seg[i];
        } else if (strncmp(p, seg[i], len) != 0 || seg[i][len] != '\0') {
            return false;
        }
        p += len;
        if (!*p)
            return i + 1 == nseg;
        p++;
    }
}

const struct route *routes_find(struct route_args *args, bool *other, const char *method, const char *const *seg,
                                size_t nseg)
{
    const char *want = strcmp(method, "HEAD") == 0 ? "GET" : method;

    *other = false;
    for (size_t i = 0; i < routes_count; i++) {
        if (!fits(args, routes[i].path, seg, nseg))
            continue;
        if (strcmp(routes[i].method, want) == 0)
            return &routes[i];
        *other = true;
    }
    args->n = 0;
    return NULL;
}

/* --- the check at start */

/* Would every path that fits the later pattern be taken by the earlier one? */
static bool shadows(const char *early, const char *late)
{
    for (;;) {
        size_t ne = strcspn(early, "/"), nl = strcspn(late, "/");
        bool same = ne == nl && strncmp(early, late, ne) == 0;
        if (early[0] != ':' && !same)
            return false;
        if (early[0] == ':' && nl == 0)
            return false;
        early += ne;
        late += nl;
        if (!*early || !*late)
            return *early == *late;
        early++;
        late++;
    }
}

static const char *wrong_with(const struct route *r)
{
    bool reads = r->method && strcmp(r->method, "GET") == 0;

    if (!r->method || !r->path || !r->fn || !r->label || !*r->label)
        return "a column is missing";
    if (r->may < MAY_NONE + 1 || r->may > MAY__MAX)
        return "no permission";
    if (r->path[0] != '/' || strchr(r->path, '?') || (int)r->cls >= ROUTE_CLASS__MAX || (int)r->csrf >= CSRF__MAX)
        return "a column is out of range";
    if (reads && (r->body || r->csrf != CSRF_NONE || r->cls == WRITE))
        return "a read takes no body, no token, no writer";
    if (!reads && r->csrf == CSRF_NONE && r->may != MAY_NONE + 1)
        return "a write by somebody logged in needs a token";
    if (r->body > BODY_FORM && r->cls != HEAVY)
        return "uploads belong to the lane";
    return NULL;
}

int routes_check(struct err *e)
{
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *r = &routes[i];
        const char *why = wrong_with(r);
        if (why)
            return err_log(e, "route %zu (%s): %s", i, r->path ? r->path : "?", why);
        for (size_t k = 0; k < i; k++)
            if (strcmp(routes[k].method, r->method) == 0 && shadows(routes[k].path, r->path))
                return err_log(e, "route %s %s is hidden behind %s", r->method, r->path, routes[k].path);
    }
    return 0;
}

/* --- linli routes */

static const char *csrf_word(enum csrf_rule c)
{
    static const char *const words[CSRF__MAX] = {[CSRF_NONE] = "none", [CSRF_FORM] = "form", [CSRF_API] = "api"};

    return words[c];
}

void routes_text(struct buf *out)
{
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *r = &routes[i];
        buf_printf(out, "%-6s %-40s %-9s %-6s %-5s %9zu  %s\n", r->method, r->path, permission_word[r->may - 1],
                   route_class_word(r->cls), csrf_word(r->csrf), r->body, r->label);
    }
}

void routes_json(struct buf *out)
{
    struct json j;

    json_init(&j, out);
    json_arr_begin(&j);
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *r = &routes[i];
        json_obj_begin(&j);
        json_put_str(&j, "method", r->method);
        json_put_str(&j, "path", r->path);
        json_put_str(&j, "permission", permission_word[r->may - 1]);
        json_put_str(&j, "class", route_class_word(r->cls));
        json_put_str(&j, "csrf", csrf_word(r->csrf));
        json_put_int(&j, "body", (int64_t)r->body);
        json_put_str(&j, "label", r->label);
        json_obj_end(&j);
    }
    json_arr_end(&j);
}
