/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.h: RFC 1952 for answers and embedded files. */
#ifndef LINLI_FORMAT_GZIP_H
#define LINLI_FORMAT_GZIP_H

#include <stddef.h>

#include "base/buf.h"

/* Appends to out; level 1 … 9. Each thread keeps its compressor. 0, or -1 when out's ceiling is in the way. */
int gzip_pack(struct buf *out, const void *p, size_t n, int level);
/* Free this thread's compressors (also done when the thread ends). */
void gzip_done(void);

#endif
