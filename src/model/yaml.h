/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h: a declaration file as a small tree with places, read by libyaml.
 *
 * The subset of YAML 1.2 that declarations use: block and flow maps and lists, scalars, comments. Every scalar is a
 * text: nothing turns yes, no, on, null, 08 or 1e3 into something else. Anchors, aliases, tags, merge keys, several
 * documents and duplicate keys are refused. Bounded: YAML_BYTES_MAX of text, YAML_DEPTH_MAX levels,
 * YAML_NODES_MAX nodes. Everything is held by the arena. */
#ifndef LINLI_MODEL_YAML_H
#define LINLI_MODEL_YAML_H

#include "base/arena.h"
#include "model/schema.h"

enum { YAML_BYTES_MAX = 1024 * 1024, YAML_DEPTH_MAX = 24, YAML_NODES_MAX = 100000 };

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    bool plain;         /* YAML_TEXT: written without quotes */
    bool flow;          /* lists and maps: written as [ ] or { } */
    int line, col;      /* where it begins, from 1; columns count characters */
    const char *text;   /* YAML_TEXT */
    size_t n;           /* items of a list, pairs of a map */
    struct yaml **item; /* the items, the values of a map */
    struct yaml **key;  /* YAML_MAP: YAML_TEXT nodes */
};

/* The tree of a file; NULL with errors added. An empty file is an error. */
struct yaml *yaml_read(struct arena *a, const char *file, const char *text, size_t n, struct schema_errors *es);
/* The value of a key of a map, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

#endif
