/* SPDX-License-Identifier: Apache-2.0 */
/* api.c: the JSON interface: lists and single rows. */
#include "web/api.h"

#include <string.h>

#include "base/date.h"
#include "format/html.h"
#include "model/query_find.h"
#include "store/sys_trail.h"
#include "web/taken.h"

#define COUNT_MAX 1000000

const struct reg *api_register(struct req *q, struct err *e)
{
    const char *name = req_arg(q, "register");
    const struct reg *r = schema_reg(q->view.schema, name);

    if (!r)
        err_set(e, ERR_MISSING, "没有台账“%.60s”。全部台账见 /api/v1。", name);
    return r;
}

int api_record(struct record **out, struct req *q, struct db *d, const struct reg *r, bool write, struct err *e)
{
    struct err why = {0};
    int64_t id;

    if (req_arg_id(&id, q, "id", e) < 0 || query_find(out, q->a, d, &q->view, r, id, e) < 0)
        return -1;
    if (actor_reg(&q->view, q->actor, r, false, (*out)->unit, &why) < 0)
        return err_set(e, ERR_MISSING, "“%s”里没有这一条，或者您看不到它。", label_in(&r->label, LANG_HANS));
    return write ? actor_edit(&q->view, q->actor, *out, e) : 0;
}

int api_root(struct req *q, struct err *e)
{
    const struct schema *s = q->view.schema;
    struct json j;

    (void)e;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < s->nregs; i++) {
        const struct reg *r = s->regs[i];
        struct err no = {0};
        if (actor_reg(&q->view, q->actor, r, false, 0, &no) < 0)
            continue;
        json_obj_begin(&j);
        json_put_str(&j, "name", r->name);
        json_put_str(&j, "label", label_in(&r->label, q->lang));
        json_put_str(&j, "module", r->module);
        json_put_str(&j, "href", req_printf(q, "/api/v1/%s", r->name));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    return resp_json(q, 200);
}

/* --- a list */

/* Rows by key; the offset is walked over in pages, which its ceiling keeps cheap. */
static int fetch(struct record ***rows, size_t *n, bool *more, struct req *q, struct api_list *l, struct err *e)
{
    size_t limit = l->q.limit, skip = l->offset;

    while (skip > 0) {
        l->q.limit = skip < API_LIMIT ? skip : API_LIMIT;
        if (query_list(rows, n, more, q->a, q->db, &l->q, e) < 0)
            return -1;
        if (!*more) {
            *n = 0;
            return 0;
        }
        api_after(&l->q, (*rows)[*n - 1]);
        skip -= *n;
    }
    l->q.limit = limit;
    return query_list(rows, n, more, q->a, q->db, &l->q, e);
}

/* The same address with another after=. */
static const char *next_link(struct req *q, const char *cursor)
{
    struct buf b;
    const char *s;

    buf_init(&b, 4 * REQ_URL_MAX);
    buf_printf(&b, "<%s?", q->path);
    for (size_t i = 0; i < q->query.n; i++) {
        if (strcmp(q->query.v[i].name, "after") == 0 || strcmp(q->query.v[i].name, "offset") == 0)
            continue;
        html_url(&b, q->query.v[i].name);
        buf_char(&b, '=');
        html_url(&b, q->query.v[i].value);
        buf_char(&b, '&');
    }
    buf_str(&b, "after=");
    html_url(&b, cursor);
    buf_str(&b, ">; rel=\"next\"");
    s = arena_str(q->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}

static int put_range(struct req *q, struct api_list *l, size_t n, struct err *e)
{
    const char *total = "*";
    int64_t count;

    if (l->count) {
        struct list_query all = l->q;
        all.after_set = false;
        if (query_count(&count, q->db, &all, COUNT_MAX, e) < 0)
            return -1;
        total = req_printf(q, "%lld", (long long)count);
    }
    if (n)
        resp_header(q, "Content-Range", req_printf(q, "%zu-%zu/%s", l->offset, l->offset + n - 1, total));
    else
        resp_header(q, "Content-Range", req_printf(q, "*/%s", total));
    return 0;
}

/* A list that was found by a protected value, or many rows with personal columns, waiting for its entry in the
 * trail. names NULL: the latter. */
struct lookup_view {
    const struct reg *reg;
    const char *const *names;
    const char *reason;
    struct record **rows;
    size_t n;
    const char *body;
};

static const char *lookup_detail(struct req *q, const struct lookup_view *v)
{
    const char *s;
    struct buf b;
    struct json j;

    buf_init(&b, 65536);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "reason", v->reason);
    json_key(&j, "fields");
    json_arr_begin(&j);
    for (const char *const *n = v->names; *n; n++)
        json_str(&j, *n);
    json_arr_end(&j);
    json_put_int(&j, "found", (int64_t)v->n);
    json_key(&j, "records");
    json_arr_begin(&j);
    for (size_t i = 0; i < v->n; i++)
        json_id(&j, v->rows[i]->id);
    json_arr_end(&j);
    json_obj_end(&j);
    s = arena_str(q->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}

/* Also a value that nobody has was asked for. Nothing is answered where the trail cannot be written. */
static int lookup_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    const struct lookup_view *v = arg;
    struct trail_entry t = {.home = v->n ? v->rows[0]->home : 0,
                            .who = q->actor->user,
                            .at = now_ms(),
                            .act = v->names ? "view" : "export",
                            .table = v->reg->name,
                            .record = v->names && v->n == 1 ? v->rows[0]->id : 0,
                            .detail = v->names ? lookup_detail(q, v)
                                               : taken_detail(q, v->reg, (int64_t)v->n, "api", NULL)};

    if (trail_append(d, &t, e) < 0)
        return -1;
    buf_str(&q->out, v->body);
    return resp_json(q, 200);
}

/* Many rows, and in one of them a personal column that this actor sees in the clear. */
static bool in_bulk(struct req *q, const struct api_select *s, const struct reg *r, struct record **rows, size_t n)
{
    for (size_t i = 0; n >= TAKEN_ROWS && i < r->nfields; i++) {
        const struct field *f = &r->fields[i];
        if (f->cls != CLASS_PERSONAL || (!s->all && !s->field[i]))
            continue;
        for (size_t k = 0; k < n; k++)
            if (rows[k]->values[i].kind != VALUE_NULL && actor_sees(&q->view, q->actor, f, rows[k]->unit))
                return true;
    }
    return false;
}

int api_list(struct req *q, struct err *e)
{
    const struct reg *r = api_register(q, e);
    struct api_list l;
    struct record **rows;
    struct json j;
    size_t n;
    bool more;

    if (!r || actor_reg(&q->view, q->actor, r, false, 0, e) < 0 || api_read_list(&l, q, r, e) < 0)
        return -1;
    if (fetch(&rows, &n, &more, q, &l, e) < 0 || put_range(q, &l, n, e) < 0)
        return -1;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++)
        api_write_row(&j, q, &l.select, rows[i], NULL);
    json_arr_end(&j);
    if (more && n)
        resp_header(q, "Link", next_link(q, api_cursor(q, &l.q, rows[n - 1])));
    if (!l.looked_up && !in_bulk(q, &l.select, r, rows, n))
        return resp_json(q, 200);
    struct lookup_view *v = arena_alloc(q->a, sizeof *v);
    *v = (struct lookup_view){r, l.looked_up, l.reason, rows, n, arena_str(q->a, buf_cstr(&q->out))};
    return req_write(q, lookup_in, NULL, v);
}

/* --- one row, and the view of protected columns */

struct reveal {
    const struct reg *reg;
    struct api_select select;
    const char **names; /* NULL-terminated */
    const char *reason;
};

static void write_one(struct req *q, const struct api_select *s, const struct record *r, const char *const *open)
{
    struct json j;

    json_init(&j, &q->out);
    api_write_row(&j, q, s, r, open);
    resp_header(q, "ETag", req_printf(q, "\"%d\"", r->version));
    resp_json(q, 200);
}

/* The view and its entry in the trail are one transaction: where the trail cannot be written nothing is shown. */
static int reveal_in(struct req *q, struct db *d, void *arg, struct err *e)
{
    struct reveal *v = arg;
    struct trail_entry t = {.who = q->actor->user, .at = now_ms(), .act = "view", .table = v->reg->name};
    struct record *r;
    struct buf b;
    struct json j;
    int rc;

    if (api_record(&r, q, d, v->reg, false, e) < 0)
        return -1;
    buf_init(&b, 16384);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "reason", v->reason);
    json_key(&j, "fields");
    json_arr_begin(&j);
    for (const char **n = v->names; *n; n++)
        json_str(&j, *n);
    json_arr_end(&j);
    json_obj_end(&j);
    t.home = r->home;
    t.record = r->id;
    t.detail = buf_cstr(&b);
    rc = trail_append(d, &t, e);
    buf_done(&b);
    if (rc == 0)
        write_one(q, &v->select, r, v->names);
    return rc;
}

/* reveal=idno,phone&reason=…: protected columns of this register that the actor may see. */
static int read_reveal(struct reveal *v, struct req *q, const struct record *r, const char *list, struct err *e)
{
    size_t n = 0, cap = 0;

    v->reg = r->reg;
    v->reason = api_reason(q, e);
    if (!v->reason)
        return -1;
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        const char *name = arena_strn(q->a, p, len);
        const struct field *f = reg_field(r->reg, name);
        for (size_t c = 0; !f && c < r->reg->nchildren; c++)
            f = reg_field(&r->reg->children[c], name);
        if (!f || f->cls != CLASS_PROTECTED)
            return err_set(e, ERR_INPUT, "“%.60s”不是台账“%s”里受保护的字段。", name, r->reg->name);
        if (!actor_sees(&q->view, q->actor, f, r->unit))
            return err_set(e, ERR_DENIED, "您没有查看“%.60s”的权限。", name);
        VEC_PUSH(q->a, v->names, n, cap) = f->name;
        p += len + (p[len] == ',');
    }
    VEC_PUSH(q->a, v->names, n, cap) = NULL;
    return 0;
}

int api_one(struct req *q, struct err *e)
{
    const struct reg *r = api_register(q, e);
    struct reveal *v = arena_alloc(q->a, sizeof *v);
    const char *list = req_query(q, "reveal");
    struct record *rec;

    if (!r || api_record(&rec, q, q->db, r, false, e) < 0 || api_read_select(&v->select, q, r, true, e) < 0)
        return -1;
    if (!list) {
        write_one(q, &v->select, rec, NULL);
        return 0;
    }
    if (read_reveal(v, q, rec, list, e) < 0)
        return -1;
    return req_write(q, reveal_in, NULL, v);
}
