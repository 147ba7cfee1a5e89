/* SPDX-License-Identifier: Apache-2.0 */
/* change_failed.c: why a change could not be done: every wrong field, or both values. */
#include <stdlib.h>

#include "web/change.h"

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

int change_failed(struct req *q, void *arg, struct err *e)
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
