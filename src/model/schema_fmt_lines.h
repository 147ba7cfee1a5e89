/* SPDX-License-Identifier: Apache-2.0 */
/* schema_fmt_lines.h: the comments and blank lines of a declaration, by line. Private to schema_fmt*.c. */
#ifndef LINLI_MODEL_SCHEMA_FMT_LINES_H
#define LINLI_MODEL_SCHEMA_FMT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct fmt_lines;

struct fmt_lines *fmt_lines_read(struct arena *a, const char *text, size_t n);
int fmt_lines_count(const struct fmt_lines *f);
/* The first of the comment and blank lines that stand directly above a line. */
int fmt_lines_above(const struct fmt_lines *f, int line);
/* The next comment from *from up to but without `to`, each given once; *blank: a blank line stands before it. NULL
 * at the end, then *blank is about the end. */
const char *fmt_lines_take(struct fmt_lines *f, int *from, int to, bool *blank);
/* The comment behind what stands on a line, once; NULL if there is none. */
const char *fmt_lines_behind(struct fmt_lines *f, int line);

#endif
