/* SPDX-License-Identifier: Apache-2.0 */
/* schema_fmt.h: a declaration in its canonical form: linli modules fmt.
 *
 * Words in the order of the vocabulary, two blanks a level, lines of at most FMT_WIDTH columns: what is written as
 * { } or [ ] stays on its line while it fits and is opened when it does not. Comments stay with the line they stand
 * above or behind; blank lines stay, one at most. Formatting twice changes nothing. */
#ifndef LINLI_MODEL_SCHEMA_FMT_H
#define LINLI_MODEL_SCHEMA_FMT_H

#include "base/buf.h"
#include "model/schema.h"

enum { FMT_WIDTH = 110 };

/* -1 with errors added if the file is not readable as YAML; it need not be right otherwise. */
int schema_fmt(struct buf *out, struct arena *a, const char *file, const char *text, size_t n,
               struct schema_errors *es);

#endif
