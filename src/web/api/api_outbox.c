/* SPDX-License-Identifier: Apache-2.0 */
/* api_outbox.c: messages for programs outside: fetched, then dropped by who has taken them (at least once). */
#include <stdlib.h>

#include "base/date.h"
#include "store/sys_outbox.h"
#include "web/api.h"

#define OUTBOX_LIMIT 500

/* They tell of every community: for who is admin everywhere. */
static int may_fetch(struct req *q, struct err *e)
{
    if (actor_may_all(&q->view, q->actor, MAY_ADMIN))
        return 0;
    return err_set(e, ERR_DENIED, "待发消息涉及全部组织，只有最上级组织的管理员可以取用。");
}

static int read_number(int64_t *out, struct req *q, const char *name, int64_t otherwise, int64_t most,
                       struct err *e)
{
    const char *text = req_query(q, name);
    char *end = NULL;

    *out = text ? strtoll(text, &end, 10) : otherwise;
    if (text && (!*text || *end || *out < 0 || *out > most))
        return err_set(e, ERR_INPUT, "%s 写的是“%.40s”，应为 0 到 %lld 的整数。", name, text, (long long)most);
    return 0;
}

int api_outbox(struct req *q, struct err *e)
{
    struct message *m;
    struct json j;
    int64_t after, limit;
    char at[32];
    size_t n;

    if (may_fetch(q, e) < 0 || read_number(&after, q, "after", 0, INT64_MAX, e) < 0 ||
        read_number(&limit, q, "limit", 100, OUTBOX_LIMIT, e) < 0 ||
        outbox_list(&m, &n, q->a, q->db, after, (int)limit, e) < 0)
        return -1;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++) {
        json_obj_begin(&j);
        json_put_id(&j, "id", m[i].id);
        json_put_id(&j, "home", m[i].home);
        json_put_str(&j, "at", instant_iso(m[i].at, at));
        json_put_str(&j, "topic", m[i].topic);
        json_key(&j, "message");
        json_raw(&j, m[i].payload);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    return resp_json(q, 200);
}

static int drop_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    const int64_t *id = arg;

    if (outbox_drop(d, *id, e) < 0)
        return -1;
    q->status = 204;
    return 0;
}

int api_outbox_drop(struct req *q, struct err *e)
{
    int64_t *id = arena_alloc(q->a, sizeof *id);

    if (may_fetch(q, e) < 0 || req_arg_id(id, q, "id", e) < 0)
        return -1;
    return req_write(q, drop_in, NULL, id);
}
