/* SPDX-License-Identifier: Apache-2.0 */
/* api_write.c: the JSON interface: creating, changing, moving and withdrawing records.
 *
 * Everything runs inside one transaction of the writer: the record is read there, so that the version that If-Match
 * names is compared with what is really replaced. */
#include <stdlib.h>
#include <string.h>

#include "model/flow.h"
#include "web/change.h"

/* --- the request */

static void done(void *p)
{
    json_decref(p);
}

static bool wants_row(const struct req *q)
{
    return q->head[HEAD_PREFER] && strstr(q->head[HEAD_PREFER], "return=representation");
}

static void write_row(struct req *q, const struct api_select *all, const struct record *r)
{
    struct json j;

    buf_clear(&q->out);
    json_init(&j, &q->out);
    api_write_row(&j, q, all, r, NULL);
}

/* A retry that wants the row gets it as it is now, and as this actor may see it now; else what was kept. */
static int rebuild(struct req *q, struct db *d, const char *kept, struct err *e)
{
    struct api_select all = {0};
    struct err no = {0};
    struct record *r;
    json_t *j = json_loads(kept, 0, NULL);
    const char *id = json_string_value(json_object_get(j, "id"));
    const struct reg *g = api_register(q, e);
    int64_t n = id ? strtoll(id, NULL, 10) : 0;

    json_decref(j);
    if (!n || !g)
        return g ? 0 : -1;
    if (query_find(&r, q->a, d, &q->view, g, n, &no) < 0 ||
        actor_reg(&q->view, q->actor, g, false, r->unit, &no) < 0)
        return 0;
    if (api_read_select(&all, q, g, true, e) < 0)
        return -1;
    resp_header(q, "ETag", req_printf(q, "\"%d\"", r->version));
    write_row(q, &all, r);
    return 0;
}

static int begin(struct change **out, struct req *q, bool need_key, struct err *e)
{
    struct change *c = arena_alloc(q->a, sizeof *c);
    const char *match = q->head[HEAD_IF_MATCH];
    json_error_t je;

    *out = c;
    c->reg = api_register(q, e);
    if (!c->reg)
        return -1;
    if (need_key && !q->head[HEAD_IDEMPOTENCY_KEY])
        return err_set(
            e, ERR_INPUT,
            "请求头里要有 Idempotency-Key（自己生成、每件事一个）：网络中断后用同一个重发，不会重复登记。");
    if (q->head[HEAD_IDEMPOTENCY_KEY] &&
        (!*q->head[HEAD_IDEMPOTENCY_KEY] || strlen(q->head[HEAD_IDEMPOTENCY_KEY]) > IDEM_KEY_MAX))
        return err_set(e, ERR_INPUT, "Idempotency-Key 应是1到%d个字符。", IDEM_KEY_MAX);
    c->body = q->body.n ? json_loadb(buf_cstr(&q->body), q->body.n, JSON_REJECT_DUPLICATES, &je) : json_object();
    if (!json_is_object(c->body)) {
        bool syntax = !c->body;
        json_decref(c->body);
        c->body = NULL;
        return syntax ? err_set(e, ERR_INPUT, "正文不是 JSON：第%d行第%d列附近：%s。", je.line, je.column, je.text)
                      : err_set(e, ERR_INPUT, "正文应是一个 JSON 对象。");
    }
    req_defer(q, done, c->body);
    q->rebuild = wants_row(q) ? rebuild : NULL;
    c->errors.a = q->a;
    if (match)
        c->base = strtoll(match + strspn(match, "W/\""), NULL, 10);
    else if (json_is_integer(json_object_get(c->body, "version")))
        c->base = json_integer_value(json_object_get(c->body, "version"));
    return 0;
}

static struct save save_of(struct change *c, struct req *q, const char *act)
{
    return (struct save){.site = q->site,
                         .view = &q->view,
                         .actor = q->actor,
                         .a = q->a,
                         .act = act,
                         .errors = &c->errors,
                         .note = arena_str(q->a, json_string_value(json_object_get(c->body, "note")))};
}

/* The answer after a change. Kept under the idempotency key is which one and how it stands, not what it holds. */
static int answer(struct req *q, struct db *d, const struct record *r, int status, struct err *e)
{
    struct api_select all = {0};
    struct record *now;
    struct json j;

    resp_header(q, "Location", req_printf(q, "/api/v1/%s/%lld", r->reg->name, (long long)r->id));
    resp_header(q, "ETag", req_printf(q, "\"%d\"", r->version));
    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_id(&j, "id", r->id);
    json_put_int(&j, "version", r->version);
    json_put_str(&j, "state", r->state);
    json_obj_end(&j);
    if (wants_row(q)) {
        q->keep = arena_str(q->a, buf_cstr(&q->out));
        if (api_read_select(&all, q, r->reg, true, e) < 0 ||
            record_load(&now, q->a, d, r->reg, r->home, r->id, e) < 0)
            return -1;
        write_row(q, &all, now);
    }
    return resp_json(q, status);
}

/* --- create */

/* Without "unit": the first unit of a role that may write this register. */
static int default_unit(struct req *q, struct record *r, struct err *e)
{
    struct err no = {0};

    if (r->home || r->reg->site_wide || (r->reg->unit_field && record_get(r, r->reg->unit_field).kind))
        return 0;
    for (size_t i = 0; i < q->actor->ngrants; i++) {
        const struct node *n = tree_find(q->view.units, q->actor->grants[i].unit);
        if (n && actor_reg(&q->view, q->actor, r->reg, true, n->id, &no) == 0) {
            r->home = n->home;
            r->unit = n->id;
            return 0;
        }
    }
    return err_field(e, "unit", "请写明这条记在哪个组织（unit：组织代码）。");
}

/* Before the writer has it: what can be found out here need not be found out there. */
static void create_ready(struct change *c, struct req *q)
{
    struct record *r = c->fresh;
    struct err no = {0};

    c->save = save_of(c, q, "create");
    if (!c->errors.n && default_unit(q, r, &no) == 0)
        record_ready(q->db, &c->save, r);
    c->read = arena_array(q->a, r->reg->nfields + 1, sizeof *c->read);
    memcpy(c->read, r->values, r->reg->nfields * sizeof *c->read);
}

static void create_anew(struct change *c)
{
    memcpy(c->fresh->values, c->read, c->reg->nfields * sizeof *c->read);
    c->fresh->id = 0;
    c->save.ready = NULL;
    c->errors.n = 0;
}

static int create_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct change *c = arg;
    struct record *r = c->fresh;
    enum saved what;

    if (c->tried) /* and all of it undone */
        create_anew(c);
    c->tried = true;
    if (c->errors.n) /* said here and not before: a retry of what went well gets the kept answer */
        return err_set(e, ERR_INPUT, "%s", c->errors.v[0].msg);
    if (default_unit(q, r, e) < 0 || record_save_in(d, &c->save, r, &what, e) < 0)
        return -1;
    return answer(q, d, r, 201, e);
}

/* Something could not be read: what else is wrong is told in the same answer. */
static void check_rest(struct change *c, struct req *q)
{
    struct field_errors rest = {.a = q->a};
    struct save s = save_of(c, q, "create");
    struct err no = {0};

    s.errors = &rest;
    if (c->errors.n && default_unit(q, c->fresh, &no) == 0 && record_check(&s, c->fresh, &no) < 0)
        field_errors_join(&c->errors, &rest);
}

int api_create(struct req *q, struct err *e)
{
    struct change *c;

    if (begin(&c, q, true, e) < 0)
        return -1;
    if (actor_reg(&q->view, q->actor, c->reg, true, 0, e) < 0)
        return -1;
    c->insert = true;
    c->fresh = record_new(q->a, c->reg);
    change_read(c, q, q->db, c->fresh);
    check_rest(c, q);
    create_ready(c, q);
    q->write_again = true;
    return req_write(q, create_in, change_failed, c);
}

/* --- change */

static int load_base(struct record **r, struct change *c, struct req *q, struct db *d, struct err *e)
{
    if (api_record(r, q, d, c->reg, true, e) < 0)
        return -1;
    if ((*r)->version != c->base)
        return err_set(e, ERR_CONFLICT, "这一条已被改到第%d版，您改的是第%lld版。", (*r)->version,
                       (long long)c->base);
    return 0;
}

static int need_base(const struct change *c, struct err *e)
{
    if (c->base > 0)
        return 0;
    return err_set(e, ERR_INPUT, "请在 If-Match 请求头（或正文的 version）里写明您看到的版本号。");
}

static int patch_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct change *c = arg;
    struct save s = save_of(c, q, "edit");
    struct record *r;
    enum saved what;

    c->errors.n = 0;
    if (load_base(&r, c, q, d, e) < 0)
        return -1;
    change_read(c, q, d, r);
    if (c->errors.n)
        return err_set(e, ERR_INPUT, "%s", c->errors.v[0].msg);
    if (record_save_in(d, &s, r, &what, e) < 0)
        return -1;
    return answer(q, d, r, 200, e);
}

int api_patch(struct req *q, struct err *e)
{
    struct change *c;

    if (begin(&c, q, false, e) < 0 || need_base(c, e) < 0)
        return -1;
    return req_write(q, patch_in, change_failed, c);
}

/* --- move */

static int move_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct change *c = arg;
    struct save s = save_of(c, q, NULL);
    struct record *r;

    c->errors.n = 0;
    if (api_record(&r, q, d, c->reg, false, e) < 0)
        return -1;
    if (c->base && r->version != c->base)
        return err_set(e, ERR_CONFLICT, "这一条已被改到第%d版，您看到的是第%lld版。", r->version,
                       (long long)c->base);
    change_read(c, q, d, r);
    if (c->errors.n)
        return err_set(e, ERR_INPUT, "%s", c->errors.v[0].msg);
    if (flow_move_in(d, &s, r, c->move, e) < 0)
        return -1;
    return answer(q, d, r, 200, e);
}

/* Only what the move asks for may come with it: anything else is an edit. */
static int check_asks(const struct change *c, struct err *e)
{
    const char *key;
    json_t *v;

    json_object_foreach(c->body, key, v)
    {
        bool asked = change_word(key) && !reg_field(c->reg, key);
        for (const char **a = c->move->asks; !asked && a && *a; a++)
            asked = strcmp(*a, key) == 0;
        if (!asked)
            return err_set(e, ERR_INPUT, "流转“%s”不填“%.60s”；要改这个字段请用 PATCH。", c->move->name, key);
    }
    return 0;
}

int api_move(struct req *q, struct err *e)
{
    struct change *c;

    if (begin(&c, q, true, e) < 0)
        return -1;
    c->move = reg_move(c->reg, req_arg(q, "move"));
    if (!c->move)
        return err_set(e, ERR_MISSING, "台账“%s”没有流转“%.60s”。", c->reg->name, req_arg(q, "move"));
    if (check_asks(c, e) < 0)
        return -1;
    return req_write(q, move_in, change_failed, c);
}

/* --- withdraw, restore */

static int withdraw_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct change *c = arg;
    struct save s = save_of(c, q, NULL);
    const char *reason = json_string_value(json_object_get(c->body, "reason"));
    struct record *r;

    if (load_base(&r, c, q, d, e) < 0)
        return -1;
    if (record_withdraw_in(d, &s, c->reg, r->home, r->id, reason ? reason : req_query(q, "reason"), e) < 0)
        return -1;
    q->status = 204;
    return 0;
}

int api_withdraw(struct req *q, struct err *e)
{
    struct change *c;
    const char *reason;

    if (begin(&c, q, false, e) < 0)
        return -1;
    reason = json_string_value(json_object_get(c->body, "reason"));
    if (!reason && !req_query(q, "reason"))
        return err_set(e, ERR_INPUT, "撤销一条记录要写明理由：正文 {\"reason\":\"……\"} 或 ?reason=……");
    if (need_base(c, e) < 0)
        return -1;
    return req_write(q, withdraw_in, change_failed, c);
}

static int restore_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct change *c = arg;
    struct save s = save_of(c, q, NULL);
    struct record *r;

    if (load_base(&r, c, q, d, e) < 0 || record_restore_in(d, &s, c->reg, r->home, r->id, e) < 0 ||
        record_load(&r, q->a, d, c->reg, r->home, r->id, e) < 0)
        return -1;
    return answer(q, d, r, 200, e);
}

int api_restore(struct req *q, struct err *e)
{
    struct change *c;

    if (begin(&c, q, true, e) < 0 || need_base(c, e) < 0)
        return -1;
    return req_write(q, restore_in, change_failed, c);
}
