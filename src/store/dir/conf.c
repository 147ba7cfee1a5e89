/* SPDX-License-Identifier: Apache-2.0 */
/* conf.c: linli.yaml is read and first written. */
#include <string.h>
#include <yaml.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/conf.h"

#define CONF_MAX (64 * 1024)

static int take_pairs(struct map *m, struct arena *a, yaml_document_t *doc, struct err *e)
{
    yaml_node_t *root = yaml_document_get_root_node(doc);
    yaml_node_pair_t *p;

    if (!root)
        return 0;
    if (root->type != YAML_MAPPING_NODE)
        return err_set(e, ERR_INPUT, "配置文件 linli.yaml 应由“名称: 值”各占一行组成，请检查第 %zu 行。",
                       root->start_mark.line + 1);
    for (p = root->data.mapping.pairs.start; p < root->data.mapping.pairs.top; p++) {
        yaml_node_t *k = yaml_document_get_node(doc, p->key), *v = yaml_document_get_node(doc, p->value);
        const char *name = k->type == YAML_SCALAR_NODE ? (const char *)k->data.scalar.value : NULL;

        if (!name || v->type != YAML_SCALAR_NODE)
            continue;
        if (map_put(m, name, arena_str(a, (const char *)v->data.scalar.value)))
            return err_set(e, ERR_INPUT, "配置文件 linli.yaml 第 %zu 行的“%s”重复，请只保留一处。",
                           k->start_mark.line + 1, name);
    }
    return 0;
}

int conf_read(struct map **out, struct arena *a, const char *path, struct err *e)
{
    yaml_parser_t parser;
    yaml_document_t doc;
    char *text = NULL;
    size_t n = 0;
    int rc;

    *out = map_new(a);
    if (file_read(&text, &n, a, path, CONF_MAX, e) < 0)
        return -1;
    if (!yaml_parser_initialize(&parser))
        return err_log(e, "yaml_parser_initialize");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    if (!yaml_parser_load(&parser, &doc)) {
        rc = err_set(e, ERR_INPUT, "配置文件 linli.yaml 第 %zu 行无法读懂，请检查缩进和冒号。",
                     parser.problem_mark.line + 1);
    } else {
        rc = take_pairs(*out, a, &doc, e);
        yaml_document_delete(&doc);
    }
    yaml_parser_delete(&parser);
    return rc;
}

static void quoted(struct buf *b, const char *s)
{
    buf_char(b, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            buf_char(b, '\'');
        buf_char(b, *s);
    }
    buf_char(b, '\'');
}

int conf_create(const char *path, const char *database, struct err *e)
{
    struct buf b;
    int rc;

    if (file_exists(path))
        return err_set(e, ERR_CONFLICT,
                       "这个目录里已有 linli.yaml，不能重复初始化。请换一个目录，或直接启动服务。");
    buf_init(&b, CONF_MAX);
    buf_str(&b, "# 邻里的配置。改动后重新启动服务生效。\n"
                "\n"
                "# 站点名称，显示在页面左上角和打印件上。\n"
                "site: 邻里\n"
                "\n"
                "# 数据放在哪里。不写则用本目录下的 linli.db（SQLite）。\n"
                "# 用 PostgreSQL 时写成：database: 'postgres:host=/run/postgresql dbname=linli user=linli'\n");
    if (database) {
        buf_str(&b, "database: ");
        quoted(&b, database);
        buf_char(&b, '\n');
    }
    buf_str(&b, "\n"
                "# 与世界协调时的时差，单位分钟。北京时间为 480。\n"
                "zone: 480\n");
    rc = file_write(path, buf_cstr(&b), b.n, 0600, e);
    buf_done(&b);
    return rc;
}
