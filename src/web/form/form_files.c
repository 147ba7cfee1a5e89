/* SPDX-License-Identifier: Apache-2.0 */
/* form_files.c: photos and files that are chosen in a record's form.
 *
 * What was sent is kept (synced) at once. Where the form comes back because something else is wrong, it carries
 * what is kept as signed words, so that nothing has to be chosen again. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/sec.h"
#include "store/files.h"
#include "store/sys_trail.h"
#include "store/unclaimed.h"
#include "web/form_inner.h"
#include "web/page.h"

#define GONE "“%s”选好后放得太久，已经清理。请重新选择，再保存。"

enum { FILES_MAX = 30 }; /* in one form */
#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* --- signed words: MAC|UNTIL|FIELD|SHA|SIZE|NAME; they count for who sent the file, in the form it was chosen in,
 * as long as an upload waits for its form */

static const char *mac_of(struct req *q, const char *words)
{
    return sec_mac(q->a, store_key(q->site->store),
                   req_printf(q, "file|%lld|%s|%s", (long long)q->actor->user, q->path, words));
}

static const char *token_of(struct req *q, const struct attachment *f)
{
    int64_t until = now_ms() + upload_days(q->site->store) * DAY_MS;
    const char *words =
        req_printf(q, "%lld|%s|%s|%lld|%s", (long long)until, f->field, f->sha, (long long)f->size, f->name);
    return req_printf(q, "%s|%s", mac_of(q, words), words);
}

/* over: it came too late. */
static bool token_read(struct req *q, const char *token, struct attachment *f, bool *over)
{
    char *part[5], *p = strchr(arena_str(q->a, token), '|');
    if (!p)
        return false;
    const char *mac = arena_strn(q->a, token, (size_t)(strchr(token, '|') - token));
    const char *right = mac_of(q, p + 1);
    if (strlen(mac) != strlen(right) || !sec_equal(mac, right, strlen(right)))
        return false;
    for (int i = 0; i < 5; i++) {
        if (!p)
            return false;
        *p++ = '\0';
        part[i] = p;
        p = i < 4 ? strchr(p, '|') : NULL;
    }
    *over = strtoll(part[0], NULL, 10) < now_ms();
    f->field = part[1];
    f->sha = part[2];
    f->size = strtoll(part[3], NULL, 10);
    f->name = part[4];
    return true;
}

/* --- reading */

static void complete(struct req *q, const struct reg *reg, struct attachment *f)
{
    f->id = store_id();
    f->mime = page_file_type(q, f->name, NULL);
    f->at = now_ms();
    f->who = q->actor->user;
    f->table = reg->name;
}

static int take_upload(struct form_files *out, struct req *q, const struct reg *reg, const struct upload *u,
                       struct field_errors *errors, struct err *e)
{
    const struct field *f = reg_field(reg, u->field);
    struct attachment file = {.field = u->field, .name = u->name};
    char *sha = arena_alloc(q->a, 65);
    if (!f || f->type != TYPE_FILE || !u->size || !*u->name)
        return 0;
    const char *label = label_in(&f->label, LANG_HANS);
    if (!page_file_type(q, u->name, NULL)) {
        field_error_add(errors, f->name, REASON_CHECK,
                        "%s：“%s”不是可以存放的文件。可存照片（jpg、png、webp）、pdf、Word、Excel、WPS 文件。",
                        label, u->name);
        return 0;
    }
    if (out->n == FILES_MAX) {
        field_error_add(errors, f->name, REASON_CHECK, "%s：一次最多 %d 个文件，其余的请保存后再添加。", label,
                        FILES_MAX);
        return 0;
    }
    if (upload_keep(q, u, sha, &file.size, e))
        return -1;
    file.sha = sha;
    complete(q, reg, &file);
    VEC_PUSH(q->a, out->v, out->n, out->cap) = file;
    return 0;
}

int form_files_read(struct form_files *out, struct req *q, struct record *r, struct field_errors *errors,
                    struct err *e)
{
    for (size_t i = 0; i < q->form.n && out->n < FILES_MAX; i++) {
        struct attachment f = {0};
        bool over;
        if (strcmp(q->form.v[i].name, "_file") != 0 || !token_read(q, q->form.v[i].value, &f, &over) ||
            !reg_field(r->reg, f.field))
            continue;
        if (over || !files_here(store_dir(q->site->store), f.sha)) {
            field_error_add(errors, f.field, REASON_CHECK, GONE, f.name);
            continue;
        }
        complete(q, r->reg, &f);
        VEC_PUSH(q->a, out->v, out->n, out->cap) = f;
    }
    for (size_t i = 0; i < q->nuploads; i++)
        if (take_upload(out, q, r->reg, &q->uploads[i], errors, e))
            return -1;
    for (size_t i = 0; i < out->n; i++) { /* the field holds the first: so it is known to be there */
        struct value *v = &r->values[reg_field(r->reg, out->v[i].field)->index];
        if (v->kind == VALUE_NULL)
            *v = value_int(out->v[i].id);
    }
    return 0;
}

int form_files_bring(struct req *q, struct db *d, const struct form_files *files, const struct record *r,
                     struct err *e)
{
    for (size_t i = 0; i < files->n; i++) {
        struct attachment f = files->v[i];
        if (!files_here(store_dir(q->site->store), f.sha))
            return err_set(e, ERR_INPUT, GONE, f.name);
        f.home = r->home;
        f.table = f.field = "";
        if (attachment_insert(d, &f, e))
            return -1;
    }
    return 0;
}

int form_files_attach(struct db *d, const struct form_files *files, const struct record *r, struct err *e)
{
    for (size_t i = 0; i < files->n; i++) {
        const struct attachment *f = &files->v[i];
        struct value v = record_get(r, f->field);
        bool claimed = v.kind == VALUE_INT && v.i == f->id; /* by record_save_in */
        struct trail_entry t = {.home = r->home,
                                .at = f->at,
                                .who = f->who,
                                .act = "file",
                                .table = r->reg->name,
                                .record = r->id,
                                .detail = f->sha};
        if ((!claimed && attachment_claim(d, r->home, f->id, f->who, r->reg->name, r->id, f->field, e)) ||
            trail_append(d, &t, e))
            return -1;
    }
    return 0;
}

/* --- writing */

bool form_has_files(const struct reg *reg)
{
    for (size_t i = 0; i < reg->nfields; i++)
        if (reg->fields[i].type == TYPE_FILE && !reg->fields[i].hidden)
            return true;
    return false;
}

void form_file(const struct ask *k, const struct form_files *files)
{
    struct req *q = k->q;
    for (size_t i = 0; files && i < files->n; i++) {
        if (strcmp(files->v[i].field, k->name) != 0)
            continue;
        html_raw(&q->out, "<label class=kept><input type=checkbox name=_file checked");
        html_set(&q->out, "value", token_of(q, &files->v[i]));
        html_raw(&q->out, "> ");
        html_text(&q->out,
                  req_printf(q, "%s（%lld KB）", files->v[i].name, (long long)(files->v[i].size + 1023) / 1024));
        html_raw(&q->out, "</label>");
    }
    html_raw(&q->out, "<input type=file multiple");
    form_names(k, NULL);
    html_raw(&q->out, " accept=\"image/*,.pdf,.docx,.xlsx,.xls,.doc,.wps,.et\">");
}
