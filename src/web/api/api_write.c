/* SPDX-License-Identifier: Apache-2.0 */
/* api_write.c: the JSON interface: creating, changing, moving and withdrawing records.
 *
 * Everything runs inside one transaction of the writer: the record is read there, so that the version that If-Match
 * names is compared with what is really replaced. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "model/flow.h"
#include "model/query_find.h"
#include "web/api.h"

#define CHILD_ROWS_MAX 1000

/* One write in hand. */
struct change {
    const struct reg *reg;
    const struct move *move; /* moves only */
    json_t *body;            /* an object; freed by done() */
    int64_t base;            /* the version it was based on, 0 not said */
    struct field_errors errors;
    struct record *fresh; /* what is to be created, as read on the request's thread */
    struct value *read;   /* its values then */
    struct save save;
    bool tried;
    struct lookup *lookup; /* for records of lookup_home, through lookup_db */
    int64_t lookup_home;
    struct db *lookup_db;
    bool insert;
};

/* --- JSON to values */

/* The number's own digits: a double stands for every decimal of up to 15 of them. NULL: it was written with more,
 * and which is lost. */
static const char *real_text(struct req *q, double d)
{
    const char *s = req_printf(q, "%.15g", d);

    return isfinite(d) && strtod(s, NULL) == d && !strchr(s, 'e') ? s : NULL;
}

/* A JSON scalar as the text that people would type; NULL for what is none. */
static const char *scalar(struct req *q, const json_t *v)
{
    if (json_is_string(v))
        return json_string_value(v);
    if (json_is_true(v) || json_is_false(v))
        return json_is_true(v) ? "是" : "否";
    if (json_is_integer(v))
        return req_printf(q, "%lld", (long long)json_integer_value(v));
    if (json_is_real(v))
        return real_text(q, json_real_value(v));
    return NULL;
}

/* An array of codes to ",a,b,". */
static const char *choices(struct req *q, const json_t *v)
{
    struct buf b;
    const char *s;

    buf_init(&b, 16384);
    buf_char(&b, ',');
    for (size_t i = 0; i < json_array_size(v); i++)
        buf_printf(&b, "%s,",
                   json_string_value(json_array_get(v, i)) ? json_string_value(json_array_get(v, i)) : "?");
    s = arena_str(q->a, b.n > 1 ? buf_cstr(&b) : "");
    buf_done(&b);
    return s;
}

static bool refers(const struct field *f)
{
    return f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_REF || f->type == TYPE_FILE;
}

static struct lookup *lookup_for(struct change *c, struct req *q, struct db *d, int64_t home)
{
    if (!c->lookup || c->lookup_home != home || c->lookup_db != d) {
        c->lookup = query_lookup(q->a, &q->view, d, home);
        c->lookup_home = home;
        c->lookup_db = d;
    }
    return c->lookup;
}

/* at: how the field is called in errors: "phone" or "parties.2.phone". */
static void read_value(struct change *c, struct req *q, struct db *d, int64_t home, const struct field *f,
                       const json_t *v, const char *at, struct value *out)
{
    struct type_ctx ctx = {.a = q->a, .today = today(), .lookup = lookup_for(c, q, d, home)};
    enum reason why = REASON_NONE;
    struct err e = {0};
    const char *text;

    *out = value_null();
    if (json_is_null(v))
        return;
    if (f->computed) {
        field_error_add(&c->errors, at, REASON_CHECK, "“%s”由系统计算，不能填写。", label_in(&f->label, LANG_HANS));
        return;
    }
    text = f->type == TYPE_CHOICES && json_is_array(v) ? choices(q, v) : scalar(q, v);
    if (!text && json_is_real(v)) {
        field_error_add(&c->errors, at, REASON_PRECISION,
                        "“%s”的数位数太多，按数传送会丢掉末位。请加引号，按文字传送，如 \"12345678.90\"。",
                        label_in(&f->label, LANG_HANS));
        return;
    }
    if (!text) {
        field_error_add(&c->errors, at, REASON_NUMBER, "“%s”应是文字、数、true、false 或 null。",
                        label_in(&f->label, LANG_HANS));
        return;
    }
    const char *digits = text + (*text == '#');
    if (refers(f) && strlen(digits) >= 10 && strlen(digits) <= 19 &&
        strspn(digits, "0123456789") == strlen(digits)) {
        *out = value_int(strtoll(digits, NULL, 10));
        return;
    }
    if (f->type == TYPE_INSTANT && api_instant(out, text))
        return;
    if (strncmp(text, RECORD_SEALED, sizeof RECORD_SEALED - 1) == 0)
        field_error_add(&c->errors, at, REASON_CHECK, "“%s”的内容不能以“%s”开头。", label_in(&f->label, LANG_HANS),
                        RECORD_SEALED);
    else if (type_read(out, &ctx, f, text, &why, &e) < 0)
        field_error_add(&c->errors, at, why, "%s", e.msg);
}

/* An array of objects replaces the rows of a child table; rows with an id stay the same rows. */
static void read_rows(struct change *c, struct req *q, struct db *d, struct record *r, const struct reg *child,
                      const json_t *rows)
{
    struct child_rows *have = &r->children[child - r->reg->children];
    struct child_rows was = *have;
    const char *key;
    json_t *v;

    if (!json_is_array(rows) || json_array_size(rows) > CHILD_ROWS_MAX) {
        field_error_add(&c->errors, child->name, REASON_LENGTH, "“%s”应是数组，不超过%d行。",
                        label_in(&child->label, LANG_HANS), CHILD_ROWS_MAX);
        return;
    }
    *have = (struct child_rows){0};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        struct child_row *to = record_child_add(q->a, r, child->name);
        const char *id = json_string_value(json_object_get(row, "id"));
        for (size_t k = 0; id && k < was.n; k++)
            if (was.rows[k].id == strtoll(id, NULL, 10)) {
                to->id = was.rows[k].id;
                memcpy(to->values, was.rows[k].values, child->nfields * sizeof *to->values);
            }
        json_object_foreach(row, key, v)
        {
            const struct field *f = reg_field(child, key);
            const char *at = req_printf(q, "%s.%zu.%s", child->name, i + 1, key);
            if (f)
                read_value(c, q, d, r->home, f, v, at, &to->values[f->index]);
            else if (strcmp(key, "id") != 0)
                field_error_add(&c->errors, at, REASON_CHECK, "没有这个字段。");
        }
    }
}

static bool is_word(const char *key)
{
    for (int w = 0; w < WORD__MAX; w++)
        if (strcmp(api_word[w], key) == 0)
            return true;
    return strcmp(key, "reason") == 0 || strcmp(key, "note") == 0;
}

/* "unit": a code or an id; tells to whom a new record belongs. */
static int read_unit(struct change *c, struct req *q, struct record *r, const json_t *v)
{
    const char *text = json_string_value(v);
    const struct node *n = text ? tree_code(q->view.units, text) : NULL;

    if (!n && text)
        n = tree_find(q->view.units, strtoll(text, NULL, 10));
    if (!n) {
        field_error_add(&c->errors, "unit", REASON_REFERENCE, "没有这个组织。请写组织代码或编号。");
        return -1;
    }
    r->home = n->home;
    r->unit = n->id;
    return 0;
}

/* Where references of a new record are looked up by name: the home of its unit field, else of the first unit of a
 * role that may write. */
static int64_t home_meant(struct change *c, struct req *q, struct db *d, const struct record *r)
{
    const struct field *f = c->reg->unit_field ? reg_field(c->reg, c->reg->unit_field) : NULL;
    const json_t *v = f ? json_object_get(c->body, f->name) : NULL;
    const struct node *n = NULL;
    struct value at = value_null();
    size_t wrong = c->errors.n;
    struct err no = {0};

    if (r->home || c->reg->site_wide)
        return r->home;
    if (v)
        read_value(c, q, d, 0, f, v, f->name, &at);
    c->errors.n = wrong; /* it is read again in its turn */
    n = at.kind == VALUE_INT ? tree_find(q->view.units, at.i) : NULL;
    for (size_t i = 0; !n && i < q->actor->ngrants; i++)
        if (actor_reg(&q->view, q->actor, c->reg, true, q->actor->grants[i].unit, &no) == 0)
            n = tree_find(q->view.units, q->actor->grants[i].unit);
    return n ? n->home : 0;
}

static void read_body(struct change *c, struct req *q, struct db *d, struct record *r)
{
    const char *key;
    json_t *v;

    if (c->insert && json_object_get(c->body, "unit") && !reg_field(c->reg, "unit"))
        read_unit(c, q, r, json_object_get(c->body, "unit"));
    int64_t said = r->home;
    if (c->insert)
        r->home = home_meant(c, q, d, r);
    json_object_foreach(c->body, key, v)
    {
        const struct field *f = reg_field(c->reg, key);
        const struct reg *child = reg_child(c->reg, key);
        struct value out;
        if (f) {
            read_value(c, q, d, r->home, f, v, key, &out);
            r->values[f->index] = out;
        } else if (child) {
            read_rows(c, q, d, r, child, v);
        } else if (!is_word(key)) {
            field_error_add(&c->errors, arena_str(q->a, key), REASON_CHECK, "台账“%s”没有这个字段。", c->reg->name);
        }
    }
    r->home = said;
}

/* --- the request */

static void done(void *p)
{
    json_decref(p);
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

static bool wants_row(const struct req *q)
{
    return q->head[HEAD_PREFER] && strstr(q->head[HEAD_PREFER], "return=representation");
}

/* The answer after a change, kept under the idempotency key. */
static int answer(struct req *q, struct db *d, const struct record *r, int status, struct err *e)
{
    struct api_select all = {0};
    struct record *now;
    struct json j;

    resp_header(q, "Location", req_printf(q, "/api/v1/%s/%lld", r->reg->name, (long long)r->id));
    resp_header(q, "ETag", req_printf(q, "\"%d\"", r->version));
    json_init(&j, &q->out);
    if (wants_row(q)) {
        if (api_read_select(&all, q, r->reg, true, e) < 0 ||
            record_load(&now, q->a, d, r->reg, r->home, r->id, e) < 0)
            return -1;
        api_write_row(&j, q, &all, now, NULL);
    } else {
        json_obj_begin(&j);
        json_put_id(&j, "id", r->id);
        json_put_int(&j, "version", r->version);
        json_put_str(&j, "state", r->state);
        json_obj_end(&j);
    }
    return resp_json(q, status);
}

/* --- failures: every wrong field, or both values */

static void put_errors(struct req *q, const struct change *c)
{
    struct json j;

    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "code", "input");
    json_put_str(&j, "message", req_tr(q, c->errors.v[0].msg));
    json_key(&j, "details");
    json_arr_begin(&j);
    for (size_t i = 0; i < c->errors.n; i++) {
        json_obj_begin(&j);
        json_put_str(&j, "field", c->errors.v[i].field);
        json_put_str(&j, "reason", reason_word[c->errors.v[i].reason]);
        json_put_str(&j, "message", req_tr(q, c->errors.v[i].msg));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_put_str(&j, "hint", req_tr(q, "请改正所列字段后重新提交。"));
    json_put_str(&j, "request", q->id);
    json_obj_end(&j);
    resp_json(q, 422);
}

static void put_theirs(struct json *j, struct req *q, const struct record *r, const struct field *f)
{
    struct value v = r->values[f->index];

    if (f->cls == CLASS_PROTECTED || !actor_sees(&q->view, q->actor, f, r->unit))
        json_str(j, type_mask(q->a, f, record_open(q->a, store_key(q->site->store), f, v)));
    else
        api_write_value(j, q, f, v);
}

/* 409: what this change wanted and what stands there now. */
static void put_conflict(struct req *q, const struct change *c, const struct record *now, const char *msg)
{
    struct json j;
    const char *key;
    json_t *v;

    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "code", "conflict");
    json_put_str(&j, "message", req_tr(q, msg));
    json_key(&j, "details");
    json_arr_begin(&j);
    json_object_foreach(c->body, key, v)
    {
        const struct field *f = reg_field(c->reg, key);
        char *yours = f ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
        if (!yours)
            continue;
        json_obj_begin(&j);
        json_put_str(&j, "field", key);
        json_put_raw(&j, "yours", yours);
        json_key(&j, "theirs");
        put_theirs(&j, q, now, f);
        json_obj_end(&j);
        free(yours);
    }
    json_arr_end(&j);
    json_put_int(&j, "version", now->version);
    json_put_str(&j, "hint", req_tr(q, "请核对两边的内容，用新的版本号（If-Match）重新提交。"));
    json_put_str(&j, "request", q->id);
    json_obj_end(&j);
    resp_json(q, 409);
}

static int failed(struct req *q, void *arg, struct err *e)
{
    struct change *c = arg;
    struct record *now;
    struct err e2 = {0};

    if (c->errors.n && e->code != ERR_CONFLICT && e->code != ERR_IO) {
        put_errors(q, c);
        return 0;
    }
    if (e->code == ERR_CONFLICT && !c->insert && api_record(&now, q, q->db, c->reg, false, &e2) == 0 &&
        now->version != c->base) {
        put_conflict(q, c, now, e->msg);
        return 0;
    }
    return -1;
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
    read_body(c, q, q->db, c->fresh);
    check_rest(c, q);
    create_ready(c, q);
    q->write_again = true;
    return req_write(q, create_in, failed, c);
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
    read_body(c, q, d, r);
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
    return req_write(q, patch_in, failed, c);
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
    read_body(c, q, d, r);
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
        bool asked = is_word(key) && !reg_field(c->reg, key);
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
    return req_write(q, move_in, failed, c);
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
    return req_write(q, withdraw_in, failed, c);
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
    return req_write(q, restore_in, failed, c);
}
