/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_unit.c: linli unit: the organisation tree. */
#include <stdio.h>
#include <string.h>

#include "main/open.h"
#include "model/query.h"
#include "model/record.h"

static const struct option_def options[] = {
    {"code", "CODE", "代码"},
    {"name", "NAME", "名称"},
    {"kind", "KIND", "类别：district subdistrict community branch group committee"},
    {"parent", "CODE", "上级组织的代码"},
    {"since", "D", "成立日期"},
    {NULL, NULL, NULL},
};

static int unit_add(struct args *args, struct open *o, struct err *e)
{
    static const char *const fields[] = {"code", "name", "kind", "parent", "since"};
    struct record *r = record_new(args->a, schema_reg(o->view.schema, "unit"));
    struct type_ctx c = {.a = args->a, .today = today(), .lookup = query_lookup(args->a, &o->view, o->db, 0)};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = args_get(args, fields[i]);
        struct field *f = reg_field(r->reg, fields[i]);
        enum reason why;
        if (text && type_read(&r->values[f->index], &c, f, text, &why, e))
            return -1;
    }
    struct save s = {.site = o->site, .view = &o->view, .actor = &actor_system, .a = args->a};
    enum saved what;
    if (record_save(&s, r, &what, e))
        return -1;
    if (args->json)
        printf("{\"id\":\"%lld\"}\n", (long long)r->id);
    else
        say(args, stdout, "已建立");
    return EXIT_OK;
}

static int unit_print(struct args *args, struct open *o)
{
    struct buf b;
    struct json j;
    buf_init(&b, 64 << 20);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < o->view.units->n; i++) {
        const struct node *n = &o->view.units->nodes[i];
        if (!args->json)
            printf("%*s%-10s %s\n", n->depth * 2, "", n->code, n->name);
        json_obj_begin(&j);
        json_put_str(&j, "code", n->code);
        json_put_str(&j, "name", n->name);
        json_put_str(&j, "kind", n->kind);
        json_put_str(&j, "parent", n->up ? n->up->code : NULL);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
    return EXIT_OK;
}

static int unit_run(struct args *args, struct err *e)
{
    struct open o;
    bool add = strcmp(args->words[0], "add") == 0;
    if (!add && strcmp(args->words[0], "list") != 0)
        return err_set(e, ERR_INPUT, "用法：linli unit add|list");
    if (open_site(&o, args, add ? STORE_WRITE : STORE_READ, e))
        return -1;
    int rc = add ? unit_add(args, &o, e) : unit_print(args, &o);
    open_close(&o);
    return rc;
}

const struct command cmd_unit = {.name = "unit",
                                 .words = "add|list",
                                 .min_words = 1,
                                 .max_words = 1,
                                 .options = options,
                                 .run = unit_run,
                                 .summary = "组织"};
