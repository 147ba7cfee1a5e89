/* SPDX-License-Identifier: Apache-2.0 */
/* page_file.c: attachments of records: added, opened. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "store/files.h"
#include "store/sys_file.h"
#include "store/sys_trail.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"

/* What may be shown in the browser; everything else is a download. */
static const struct {
    const char *suffix, *type;
    bool shown;
} kinds[] = {
    {"jpg", "image/jpeg", true},
    {"jpeg", "image/jpeg", true},
    {"png", "image/png", true},
    {"webp", "image/webp", true},
    {"pdf", "application/pdf", true},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
    {"doc", "application/msword", false},
    {"xls", "application/vnd.ms-excel", false},
    {"wps", "application/octet-stream", false},
    {"et", "application/octet-stream", false},
    {"csv", "text/csv", false},
    {"txt", "text/plain", false},
};

static int kind_of(struct req *q, const char *name)
{
    char *suffix = path_suffix(q->a, name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].suffix, suffix) == 0)
            return (int)i;
    return -1;
}

const char *page_file_type(struct req *q, const char *name, bool *shown)
{
    int kind = kind_of(q, name);
    if (kind < 0)
        return NULL;
    if (shown)
        *shown = kinds[kind].shown;
    return kinds[kind].type;
}

struct adding {
    struct record *r;
    bool first; /* of its field: the record says that it is there */
    struct attachment file;
    char sha[FILES_SHA];
};

static int add_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct adding *ad = arg;
    struct trail_entry t = {.home = ad->r->home,
                            .at = now_ms(),
                            .who = q->actor->user,
                            .act = "file",
                            .table = ad->r->reg->name,
                            .record = ad->r->id,
                            .detail = ad->sha};
    struct save s = {.site = q->site, .view = &q->view, .actor = q->actor, .a = q->a, .quiet_required = true};
    enum saved what;
    struct attachment ahead = ad->file;
    ahead.table = ahead.field = "";
    ahead.record = 0;
    if (!files_here(store_dir(q->site->store), ad->sha)) /* swept between its coming and now */
        return err_field(e, "file", "“%s”没有存好，请重新选择。", ad->file.name);
    /* the first of its field comes ahead, and saving the record claims it */
    if (attachment_insert(d, ad->first ? &ahead : &ad->file, e) ||
        (ad->first && record_save_in(d, &s, ad->r, &what, e)) || trail_append(d, &t, e))
        return -1;
    return resp_redirect(q, req_printf(q, "/r/%s/%lld?saved=1", ad->r->reg->name, (long long)ad->r->id));
}

int page_file_add(struct req *q, struct err *e)
{
    struct record *r;
    int64_t id, size;
    const struct reg *reg = page_register(q, true, e);
    const struct upload *u = req_upload(q, "file");
    if (!reg || req_arg_id(&id, q, "id", e) || record_find(&r, q->a, q->db, &q->view, q->actor, reg, id, e) ||
        actor_edit(&q->view, q->actor, r, e))
        return -1;
    if (!u || u->size == 0)
        return err_field(e, "file", "没有选择文件。请返回，选好照片或文件再添加。");
    const char *name = req_form(q, "field");
    const struct field *f = name && *name ? reg_field(reg, name) : NULL;
    if (name && *name && (!f || f->type != TYPE_FILE))
        return err_set(e, ERR_INPUT, "“%s”没有栏目“%s”。", label_in(&reg->label, LANG_HANS), name);
    int kind = kind_of(q, u->name);
    if (kind < 0)
        return err_field(
            e, "file", "“%s”不是可以存放的文件。可存照片（jpg、png、webp）、pdf、Word、Excel、WPS 文件。", u->name);
    struct adding *ad = arena_alloc(q->a, sizeof *ad);
    if (upload_keep(q, u, ad->sha, &size, e))
        return -1;
    ad->r = r;
    ad->file = (struct attachment){.home = r->home,
                                   .sha = ad->sha,
                                   .name = u->name,
                                   .mime = kinds[kind].type,
                                   .size = size,
                                   .at = now_ms(),
                                   .who = q->actor->user,
                                   .table = reg->name,
                                   .record = id,
                                   .field = f ? f->name : "",
                                   .id = f ? store_id() : 0};
    ad->first = f && r->values[f->index].kind == VALUE_NULL;
    if (ad->first)
        r->values[f->index] = value_int(ad->file.id);
    return req_write(q, add_in, NULL, ad);
}

int page_file(struct req *q, struct err *e)
{
    struct attachment f;
    struct record *r;
    int64_t home, id;
    if (req_arg_id(&home, q, "home", e) || req_arg_id(&id, q, "id", e))
        return -1;
    int found = attachment_find(&f, q->a, q->db, home, id, e);
    if (found < 0)
        return -1;
    const struct reg *reg = found ? schema_reg(q->view.schema, f.table) : NULL;
    if (!reg || record_find(&r, q->a, q->db, &q->view, q->actor, reg, f.record, e))
        return err_set(e, ERR_MISSING, "没有这个附件，或者不在您能查看的范围内。");
    int kind = kind_of(q, f.name);
    const char *path = files_path(q->a, store_dir(q->site->store), f.sha);
    if (kind < 0 || !path)
        return err_set(e, ERR_MISSING, "没有这个附件。");
    file_ahead(path);
    return resp_file(q, path, kinds[kind].type, kinds[kind].shown ? NULL : f.name);
}
