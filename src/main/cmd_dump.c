/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_dump.c: linli dump: a canonical logical dump, one JSON object a line: the same records give the same bytes in
 * both databases. */
#include <stdio.h>

#include "main/open.h"
#include "model/query.h"

static const struct option_def options[] = {{"register", "NAME", "只要这个台账"}, {NULL, NULL, NULL}};

static void dump_values(struct json *j, struct arena *a, const struct field *fields, size_t n,
                        const struct value *v)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind != VALUE_NULL)
            json_put_str(j, fields[i].name, type_plain(a, &fields[i], v[i]));
}

struct dumping {
    struct arena *row; /* of one row, reset after it: memory does not grow with the dump */
    bool array, filled;
};

static int dump_row(const struct record *r, void *arg)
{
    struct dumping *dump = arg;
    struct arena *a = dump->row;
    struct buf b;
    struct json j;
    char t[32];
    buf_init(&b, 64 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "register", r->reg->name);
    json_put_id(&j, "home", r->home);
    json_put_id(&j, "id", r->id);
    json_put_id(&j, "unit", r->unit);
    json_put_int(&j, "version", r->version);
    json_put_str(&j, "state", r->state);
    json_put_bool(&j, "gone", r->gone);
    json_put_str(&j, "captured", instant_iso(r->captured, t));
    json_put_str(&j, "entered", instant_iso(r->entered, t));
    json_key(&j, "values");
    json_obj_begin(&j);
    dump_values(&j, a, r->reg->fields, r->reg->nfields, r->values);
    json_obj_end(&j);
    for (size_t c = 0; c < r->reg->nchildren; c++) {
        json_key(&j, r->reg->children[c].name);
        json_arr_begin(&j);
        for (size_t i = 0; i < r->children[c].n; i++) {
            json_obj_begin(&j);
            dump_values(&j, a, r->reg->children[c].fields, r->reg->children[c].nfields,
                        r->children[c].rows[i].values);
            json_obj_end(&j);
        }
        json_arr_end(&j);
    }
    json_obj_end(&j);
    if (dump->array)
        fputs(dump->filled ? "," : "[", stdout);
    dump->filled = true;
    print_json(&b);
    buf_done(&b);
    arena_reset(a);
    return 0;
}

static int dump_register(struct open *o, const struct reg *r, struct dumping *dump, struct err *e)
{
    struct arena *a = arena_new();
    int rc = 0;
    for (int gone = 0; gone < 2 && rc == 0; gone++) {
        struct list_query q = {
            .reg = r, .all = true, .sort = "id", .ascending = true, .children = true, .gone = gone};
        rc = query_each(a, o->db, &q, dump_row, dump, e);
    }
    arena_free(a);
    return rc;
}

static int dump_run(struct args *args, struct err *e)
{
    struct open o;
    const char *only = args_get(args, "register");
    struct dumping dump = {.row = arena_new(), .array = args->json};
    int rc = -1;
    if (open_site(&o, args, STORE_READ, e))
        goto free;
    if (only && !schema_reg(o.view.schema, only)) {
        err_set(e, ERR_INPUT, "没有台账“%s”", only);
        goto out;
    }
    for (size_t i = 0; i < o.view.schema->nregs; i++)
        if ((!only || schema_reg(o.view.schema, only) == o.view.schema->regs[i]) &&
            dump_register(&o, o.view.schema->regs[i], &dump, e))
            goto out;
    if (dump.array)
        puts(dump.filled ? "]" : "[]");
    rc = EXIT_OK;
out:
    open_close(&o);
free:
    arena_free(dump.row);
    return rc;
}

const struct command cmd_dump = {
    .name = "dump", .words = "", .options = options, .run = dump_run, .summary = "导出全部条目（每行一份 JSON）"};
