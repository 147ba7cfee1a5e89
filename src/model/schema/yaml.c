/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c: a declaration file as a small tree with places. */
#include "model/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/map.h"
#include "base/utf8.h"

struct yaml_reader {
    struct arena *a;
    const char *file;
    struct schema_errors *es;
    yaml_parser_t parser;
    size_t nodes;
    bool failed;
};

/* A list or map while its items come in. */
struct yaml_growing {
    size_t capkey, capitem;
    struct yaml *key; /* waits for its value */
    struct map *seen;
};

static struct yaml *yaml_value(struct yaml_reader *r, const yaml_event_t *ev, int depth);

static int mark_line(const yaml_mark_t *m)
{
    return (int)m->line + 1;
}

static int mark_col(const yaml_mark_t *m)
{
    return (int)m->column + 1;
}

static void yaml_fail(struct yaml_reader *r, const yaml_mark_t *m, const char *what)
{
    if (!r->failed)
        schema_error_add(r->es, r->file, mark_line(m), mark_col(m), "%s", what);
    r->failed = true;
}

static bool yaml_next(struct yaml_reader *r, yaml_event_t *ev)
{
    if (r->failed)
        return false;
    if (yaml_parser_parse(&r->parser, ev))
        return true;
    const char *problem = r->parser.problem ? r->parser.problem : "unreadable";
    const char *context = r->parser.context ? r->parser.context : "";
    yaml_fail(r, &r->parser.problem_mark,
              arena_printf(r->a, "not readable as YAML: %s%s%s", problem, *context ? " " : "", context));
    return false;
}

static struct yaml *yaml_node(struct yaml_reader *r, enum yaml_kind kind, const yaml_mark_t *m)
{
    struct yaml *y = arena_alloc(r->a, sizeof *y);
    y->kind = kind;
    y->line = mark_line(m);
    y->col = mark_col(m);
    if (++r->nodes > YAML_NODES_MAX)
        yaml_fail(r, m, "too many values in one file");
    return y;
}

static struct yaml *yaml_scalar(struct yaml_reader *r, const yaml_event_t *ev)
{
    struct yaml *y = yaml_node(r, YAML_TEXT, &ev->start_mark);
    const char *s = (const char *)ev->data.scalar.value;
    if (ev->data.scalar.anchor)
        yaml_fail(r, &ev->start_mark, "anchors (&name) are not used here: write the value out");
    if (ev->data.scalar.tag)
        yaml_fail(r, &ev->start_mark, "tags (!name) are not used here");
    if (strlen(s) != ev->data.scalar.length)
        yaml_fail(r, &ev->start_mark, "a text must not hold a NUL");
    y->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    y->text = arena_str(r->a, s);
    return y;
}

static struct yaml *yaml_list(struct yaml_reader *r, const yaml_event_t *start, int depth)
{
    struct yaml *y = yaml_node(r, YAML_LIST, &start->start_mark);
    struct yaml_growing g = {0};
    yaml_event_t ev;
    if (start->data.sequence_start.anchor || start->data.sequence_start.tag)
        yaml_fail(r, &start->start_mark, "anchors and tags are not used here");
    y->flow = start->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    while (yaml_next(r, &ev)) {
        bool end = ev.type == YAML_SEQUENCE_END_EVENT;
        struct yaml *v = end ? NULL : yaml_value(r, &ev, depth + 1);
        yaml_event_delete(&ev);
        if (end || !v)
            break;
        VEC_PUSH(r->a, y->item, y->n, g.capitem) = v;
    }
    return y;
}

static void yaml_key(struct yaml_reader *r, struct yaml_growing *g, struct yaml *k)
{
    if (k->kind != YAML_TEXT) {
        schema_error_add(r->es, r->file, k->line, k->col, "a key must be a plain word");
        r->failed = true;
    } else {
        const struct yaml *was = map_get(g->seen, k->text);
        if (was) {
            schema_error_add(r->es, r->file, k->line, k->col, "duplicate key %s (first in line %d)", k->text,
                             was->line);
            k->n = 1; /* the pair is left out: whoever reads the map sees each key once */
        } else {
            map_put(g->seen, k->text, k);
        }
        if (!strcmp(k->text, "<<") && k->plain)
            schema_error_add(r->es, r->file, k->line, k->col, "merge keys (<<) are not used here");
    }
    g->key = k;
}

static void yaml_pair(struct yaml_reader *r, struct yaml *y, struct yaml_growing *g, struct yaml *v)
{
    size_t n = y->n;
    VEC_PUSH(r->a, y->key, n, g->capkey) = g->key;
    VEC_PUSH(r->a, y->item, y->n, g->capitem) = v;
}

static struct yaml *yaml_map(struct yaml_reader *r, const yaml_event_t *start, int depth)
{
    struct yaml *y = yaml_node(r, YAML_MAP, &start->start_mark);
    struct yaml_growing g = {.seen = map_new(r->a)};
    yaml_event_t ev;
    if (start->data.mapping_start.anchor || start->data.mapping_start.tag)
        yaml_fail(r, &start->start_mark, "anchors and tags are not used here");
    y->flow = start->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    while (yaml_next(r, &ev)) {
        bool end = ev.type == YAML_MAPPING_END_EVENT;
        struct yaml *v = end ? NULL : yaml_value(r, &ev, depth + 1);
        yaml_event_delete(&ev);
        if (end || !v)
            break;
        if (!g.key) {
            yaml_key(r, &g, v);
            continue;
        }
        if (!g.key->n)
            yaml_pair(r, y, &g, v);
        g.key = NULL;
    }
    return y;
}

static struct yaml *yaml_value(struct yaml_reader *r, const yaml_event_t *ev, int depth)
{
    if (depth > YAML_DEPTH_MAX) {
        yaml_fail(r, &ev->start_mark, "nested too deeply");
        return NULL;
    }
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        return yaml_scalar(r, ev);
    case YAML_SEQUENCE_START_EVENT:
        return yaml_list(r, ev, depth);
    case YAML_MAPPING_START_EVENT:
        return yaml_map(r, ev, depth);
    case YAML_ALIAS_EVENT:
        yaml_fail(r, &ev->start_mark, "aliases (*name) are not used here: write the value out");
        return NULL;
    default:
        yaml_fail(r, &ev->start_mark, "not readable as YAML");
        return NULL;
    }
}

/* STREAM-START DOCUMENT-START value DOCUMENT-END STREAM-END */
static struct yaml *yaml_document(struct yaml_reader *r)
{
    struct yaml *root = NULL;
    yaml_event_t ev;
    for (int docs = 0; yaml_next(r, &ev);) {
        yaml_event_type_t type = ev.type;
        if (type == YAML_DOCUMENT_START_EVENT && docs++)
            yaml_fail(r, &ev.start_mark, "only one document (---) a file");
        else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                 type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
            root = yaml_value(r, &ev, 0);
        yaml_event_delete(&ev);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    return r->failed ? NULL : root;
}

struct yaml *yaml_read(struct arena *a, const char *file, const char *text, size_t n, struct schema_errors *es)
{
    struct yaml_reader r = {.a = a, .file = file, .es = es};
    size_t before = es->n;
    struct yaml *root = NULL;
    if (n > YAML_BYTES_MAX) {
        schema_error_add(es, file, 1, 1, "the file is larger than %d bytes", YAML_BYTES_MAX);
        return NULL;
    }
    if (!utf8_valid(text, n)) {
        schema_error_add(es, file, 1, 1, "the file is not UTF-8");
        return NULL;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        schema_error_add(es, file, 1, 1, "libyaml does not start");
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
    root = yaml_document(&r);
    yaml_parser_delete(&r.parser);
    if (!root && es->n == before)
        schema_error_add(es, file, 1, 1, "the file is empty");
    return root;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (!strcmp(map->key[i]->text, key))
            return map->item[i];
    return NULL;
}
