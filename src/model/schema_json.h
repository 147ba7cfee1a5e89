/* SPDX-License-Identifier: Apache-2.0 */
/* schema_json.h: the module language as a JSON Schema (draft 2020-12), for editors that complete YAML. */
#ifndef LINLI_MODEL_SCHEMA_JSON_H
#define LINLI_MODEL_SCHEMA_JSON_H

#include "base/buf.h"

/* Generated from the tables that read declarations. It knows words and shapes, not whether names exist: that is
 * what linli modules check says. Ask buf_overflow afterwards; 64 KiB are enough. */
void schema_json(struct buf *out);

#endif
