/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.c: OpenAPI 3.1 of the registers that this actor may read, made from the declarations. */
#include <stdio.h>
#include <string.h>

#include "web/api.h"

static const char *const type_json[TYPE__MAX] = {
    [TYPE_TEXT] = "string",   [TYPE_LONGTEXT] = "string", [TYPE_INT] = "integer",   [TYPE_DECIMAL] = "number",
    [TYPE_MONEY] = "number",  [TYPE_DATE] = "string",     [TYPE_MONTH] = "string",  [TYPE_INSTANT] = "string",
    [TYPE_FLAG] = "boolean",  [TYPE_CHOICE] = "string",   [TYPE_CHOICES] = "array", [TYPE_PHONE] = "string",
    [TYPE_IDNO] = "string",   [TYPE_CREDIT] = "string",   [TYPE_UNIT] = "string",   [TYPE_GRID] = "string",
    [TYPE_PERSON] = "string", [TYPE_REF] = "string",      [TYPE_FILE] = "string",   [TYPE_LOCATION] = "string"};

static const char *format_of(enum field_type t)
{
    switch (t) {
    case TYPE_DATE:
    case TYPE_MONTH:
        return "date";
    case TYPE_INSTANT:
        return "date-time";
    case TYPE_UNIT:
    case TYPE_GRID:
    case TYPE_REF:
    case TYPE_FILE:
        return "int64";
    default:
        return NULL;
    }
}

static void put_type(struct json *j, const char *type, bool required)
{
    json_key(j, "type");
    if (required) {
        json_str(j, type);
        return;
    }
    json_arr_begin(j);
    json_str(j, type);
    json_str(j, "null");
    json_arr_end(j);
}

static void put_codes(struct json *j, const struct field *f)
{
    json_key(j, "enum");
    json_arr_begin(j);
    for (size_t i = 0; i < f->nchoices; i++)
        json_str(j, f->choices[i].code);
    if (f->type == TYPE_CHOICE && !f->required)
        json_nil(j);
    json_arr_end(j);
}

static void put_field(struct json *j, struct req *q, const struct field *f)
{
    json_key(j, f->name);
    json_obj_begin(j);
    put_type(j, type_json[f->type], f->required);
    json_put_str(j, "title", label_in(&f->label, q->lang));
    if (f->help.t[LANG_HANS] && *f->help.t[LANG_HANS])
        json_put_str(j, "description", label_in(&f->help, q->lang));
    if (format_of(f->type))
        json_put_str(j, "format", format_of(f->type));
    if (f->type == TYPE_CHOICE)
        put_codes(j, f);
    if (f->type == TYPE_CHOICES) {
        json_key(j, "items");
        json_obj_begin(j);
        json_put_str(j, "type", "string");
        put_codes(j, f);
        json_obj_end(j);
    }
    if (type_is_text(f->type) && f->max_len && f->type != TYPE_CHOICE && f->type != TYPE_CHOICES)
        json_put_int(j, "maxLength", (int64_t)f->max_len);
    if (f->type == TYPE_INT && f->min != INT64_MIN)
        json_put_int(j, "minimum", f->min);
    if (f->type == TYPE_INT && f->max != INT64_MAX)
        json_put_int(j, "maximum", f->max);
    if (f->computed)
        json_put_bool(j, "readOnly", true);
    if (f->type == TYPE_REF)
        json_put_str(j, "x-ref", f->ref_name);
    json_put_str(j, "x-class", data_class_word[f->cls]);
    json_obj_end(j);
}

static void put_fields(struct json *j, struct req *q, const struct reg *r)
{
    for (size_t i = 0; i < r->nfields; i++)
        if (!r->fields[i].hidden)
            put_field(j, q, &r->fields[i]);
}

static void put_word(struct json *j, const char *name, const char *type, const char *format)
{
    json_key(j, name);
    json_obj_begin(j);
    json_put_str(j, "type", type);
    if (format)
        json_put_str(j, "format", format);
    json_put_bool(j, "readOnly", true);
    json_obj_end(j);
}

static void put_words(struct json *j, const struct reg *r)
{
    static const struct {
        enum api_word w;
        const char *type, *format;
    } words[] = {{WORD_ID, "string", "int64"},          {WORD_HOME, "string", "int64"},
                 {WORD_UNIT, "string", "int64"},        {WORD_VERSION, "integer", NULL},
                 {WORD_HAPPENED, "string", "date"},     {WORD_CAPTURED, "string", "date-time"},
                 {WORD_ENTERED, "string", "date-time"}, {WORD_LATE, "boolean", NULL},
                 {WORD_BY, "string", "int64"},          {WORD_TITLE, "string", NULL}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!reg_field(r, api_word[words[i].w]))
            put_word(j, api_word[words[i].w], words[i].type, words[i].format);
    if (!r->nstates || reg_field(r, "state"))
        return;
    json_key(j, "state");
    json_obj_begin(j);
    json_put_str(j, "type", "string");
    json_put_bool(j, "readOnly", true);
    json_key(j, "enum");
    json_arr_begin(j);
    for (size_t i = 0; i < r->nstates; i++)
        json_str(j, r->states[i].name);
    json_arr_end(j);
    json_obj_end(j);
}

static void put_schema(struct json *j, struct req *q, const struct reg *r)
{
    json_key(j, r->name);
    json_obj_begin(j);
    json_put_str(j, "type", "object");
    json_put_str(j, "title", label_in(&r->label, q->lang));
    json_key(j, "properties");
    json_obj_begin(j);
    put_words(j, r);
    put_fields(j, q, r);
    for (size_t i = 0; i < r->nchildren; i++) {
        const struct reg *c = &r->children[i];
        json_key(j, c->name);
        json_obj_begin(j);
        json_put_str(j, "type", "array");
        json_put_str(j, "title", label_in(&c->label, q->lang));
        json_key(j, "items");
        json_obj_begin(j);
        json_put_str(j, "type", "object");
        json_key(j, "properties");
        json_obj_begin(j);
        put_word(j, "id", "string", "int64");
        put_fields(j, q, c);
        json_obj_end(j);
        json_obj_end(j);
        json_obj_end(j);
    }
    json_obj_end(j);
    json_key(j, "required");
    json_arr_begin(j);
    for (size_t i = 0; i < r->nfields; i++)
        if (r->fields[i].required)
            json_str(j, r->fields[i].name);
    json_arr_end(j);
    json_obj_end(j);
}

/* --- paths */

static void put_ref(struct json *j, const char *ref)
{
    json_obj_begin(j);
    json_put_str(j, "$ref", ref);
    json_obj_end(j);
}

static void put_param_refs(struct json *j, const char *const *names)
{
    char ref[80];

    json_key(j, "parameters");
    json_arr_begin(j);
    for (; *names; names++) {
        snprintf(ref, sizeof ref, "#/components/parameters/%s", *names);
        put_ref(j, ref);
    }
    json_arr_end(j);
}

/* A body or an answer of this register, one or many. */
static void put_content(struct json *j, struct req *q, const struct reg *r, bool many)
{
    const char *ref = req_printf(q, "#/components/schemas/%s", r->name);

    json_key(j, "content");
    json_obj_begin(j);
    json_key(j, "application/json");
    json_obj_begin(j);
    json_key(j, "schema");
    if (many) {
        json_obj_begin(j);
        json_put_str(j, "type", "array");
        json_key(j, "items");
        put_ref(j, ref);
        json_obj_end(j);
    } else {
        put_ref(j, ref);
    }
    json_obj_end(j);
    json_obj_end(j);
}

struct operation {
    const char *method, *id, *summary;
    const char *const *params; /* NULL-terminated */
    bool body, many;
    int ok;
};

static void put_operation(struct json *j, struct req *q, const struct reg *r, const struct operation *op)
{
    char status[8];

    snprintf(status, sizeof status, "%d", op->ok);
    json_key(j, op->method);
    json_obj_begin(j);
    json_put_str(j, "operationId", req_printf(q, "%s_%s", op->id, r->name));
    json_put_str(j, "summary", req_printf(q, "%s：%s", label_in(&r->label, q->lang), req_tr(q, op->summary)));
    json_key(j, "tags");
    json_arr_begin(j);
    json_str(j, r->module);
    json_arr_end(j);
    put_param_refs(j, op->params);
    if (op->body) {
        json_key(j, "requestBody");
        json_obj_begin(j);
        put_content(j, q, r, false);
        json_obj_end(j);
    }
    json_key(j, "responses");
    json_obj_begin(j);
    json_key(j, status);
    json_obj_begin(j);
    json_put_str(j, "description", req_tr(q, "完成"));
    if (op->ok != 204)
        put_content(j, q, r, op->many);
    json_obj_end(j);
    json_key(j, "default");
    put_ref(j, "#/components/responses/fault");
    json_obj_end(j);
    json_obj_end(j);
}

static const char *const list_params[] = {"select", "order", "limit", "offset", "after", "or",
                                          "and",    "q",     "under", "prefer", NULL};
static const char *const one_params[] = {"id", "select", "reveal", "reason", NULL};
static const char *const new_params[] = {"key", "prefer", NULL};
static const char *const edit_params[] = {"id", "match", "prefer", NULL};
static const char *const gone_params[] = {"id", "match", "reason", NULL};
static const char *const move_params[] = {"id", "key", "match", "prefer", NULL};

static void put_paths(struct json *j, struct req *q, const struct reg *r)
{
    struct err no = {0};
    bool write = actor_reg(&q->view, q->actor, r, true, 0, &no) == 0;

    json_key(j, req_printf(q, "/api/v1/%s", r->name));
    json_obj_begin(j);
    put_operation(j, q, r, &(struct operation){"get", "list", "筛选", list_params, false, true, 200});
    if (write)
        put_operation(j, q, r, &(struct operation){"post", "create", "新建", new_params, true, false, 201});
    json_obj_end(j);
    json_key(j, req_printf(q, "/api/v1/%s/{id}", r->name));
    json_obj_begin(j);
    put_operation(j, q, r, &(struct operation){"get", "get", "读一条", one_params, false, false, 200});
    if (write) {
        put_operation(j, q, r, &(struct operation){"patch", "edit", "修改", edit_params, true, false, 200});
        put_operation(
            j, q, r, &(struct operation){"delete", "withdraw", "撤销（写明理由）", gone_params, false, false, 204});
    }
    json_obj_end(j);
    if (write) {
        json_key(j, req_printf(q, "/api/v1/%s/{id}/restore", r->name));
        json_obj_begin(j);
        put_operation(j, q, r,
                      &(struct operation){"post", "restore", "恢复撤销的", move_params, false, false, 200});
        json_obj_end(j);
    }
    for (size_t i = 0; i < r->nmoves; i++) {
        const struct move *m = &r->moves[i];
        if (actor_move(&q->view, q->actor, r, m, 0, &no) < 0)
            continue;
        json_key(j, req_printf(q, "/api/v1/%s/{id}/moves/%s", r->name, m->name));
        json_obj_begin(j);
        put_operation(j, q, r,
                      &(struct operation){"post", req_printf(q, "move_%s", m->name), label_in(&m->label, LANG_HANS),
                                          move_params, true, false, 200});
        json_obj_end(j);
    }
}

/* --- what all share */

static void put_params(struct json *j, struct req *q)
{
    static const struct {
        const char *key, *name, *in, *text;
    } params[] = {
        {"id", "id", "path", "条目编号"},
        {"select", "select", "query", "要哪些字段：id,number,parties"},
        {"order", "order", "query", "按哪个字段排：received.desc"},
        {"limit", "limit", "query", "最多几条，1到1000，默认100"},
        {"offset", "offset", "query", "跳过几条，最多10000；更后面的用 after"},
        {"after", "after", "query", "上一页 Link 里给出的位置"},
        {"or", "or", "query", "任一成立：(state.eq.open,and(due_on.lt.2026-03-01,kind.eq.help))，前面可加 not."},
        {"and", "and", "query", "全部成立：(kind.eq.help,or(state.eq.open,closed_at.is.null))，前面可加 not."},
        {"q", "q", "query", "全文检索"},
        {"under", "under", "query", "组织代码：只要它和下级的"},
        {"reveal", "reveal", "query", "要看明文的受保护字段，须同时写 reason，记入留痕"},
        {"reason", "reason", "query", "事由"},
        {"prefer", "Prefer", "header", "return=representation 返回整条；count=exact 给出总数"},
        {"key", "Idempotency-Key", "header", "每件事自己生成一个；重发用同一个，不会重复登记"},
        {"match", "If-Match", "header", "您看到的版本号"},
    };

    json_key(j, "parameters");
    json_obj_begin(j);
    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        json_key(j, params[i].key);
        json_obj_begin(j);
        json_put_str(j, "name", params[i].name);
        json_put_str(j, "in", params[i].in);
        json_put_str(j, "description", req_tr(q, params[i].text));
        json_put_bool(j, "required", strcmp(params[i].in, "path") == 0);
        json_key(j, "schema");
        json_obj_begin(j);
        json_put_str(j, "type", "string");
        json_obj_end(j);
        json_obj_end(j);
    }
    json_obj_end(j);
}

static void put_fault(struct json *j, struct req *q)
{
    json_key(j, "responses");
    json_obj_begin(j);
    json_key(j, "fault");
    json_obj_begin(j);
    json_put_str(j, "description",
                 req_tr(q, "没有完成：code 是固定的词，message 给人看，details 是字段或字段清单，hint 说怎么办"));
    json_put_raw(
        j, "content",
        "{\"application/json\":{\"schema\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"},\"details\":{},\"hint\":{\"type\":[\"string\",\"null\"]},"
        "\"request\":{\"type\":\"string\"}}}}}");
    json_obj_end(j);
    json_obj_end(j);
}

int api_openapi(struct req *q, struct err *e)
{
    const struct schema *s = q->view.schema;
    struct err no = {0};
    struct json j;

    (void)e;
    json_init(&j, &q->out);
    json_obj_begin(&j);
    json_put_str(&j, "openapi", "3.1.0");
    json_put_raw(&j, "info",
                 "{\"title\":\"Linli\",\"version\":\"1\",\"license\":{\"name\":\"Apache-2.0\","
                 "\"identifier\":\"Apache-2.0\"}}");
    json_put_raw(&j, "security", "[{\"token\":[]}]");
    json_key(&j, "paths");
    json_obj_begin(&j);
    for (size_t i = 0; i < s->nregs; i++)
        if (actor_reg(&q->view, q->actor, s->regs[i], false, 0, &no) == 0)
            put_paths(&j, q, s->regs[i]);
    json_obj_end(&j);
    json_key(&j, "components");
    json_obj_begin(&j);
    json_put_raw(&j, "securitySchemes", "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}");
    put_params(&j, q);
    put_fault(&j, q);
    json_key(&j, "schemas");
    json_obj_begin(&j);
    for (size_t i = 0; i < s->nregs; i++)
        if (actor_reg(&q->view, q->actor, s->regs[i], false, 0, &no) == 0)
            put_schema(&j, q, s->regs[i]);
    json_obj_end(&j);
    json_obj_end(&j);
    json_obj_end(&j);
    return resp_json(q, 200);
}
