/* SPDX-License-Identifier: Apache-2.0 */
/* zip_write.h: a ZIP archive in memory, the same bytes for the same parts and time. */
#ifndef LINLI_FORMAT_ZIP_WRITE_H
#define LINLI_FORMAT_ZIP_WRITE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct zip_part {
    const char *name; /* UTF-8, with / between folders */
    const void *p;    /* lives until zip_write returns */
    size_t n;
};

/* Append the archive to out; at (ms UTC) becomes every entry's time, in China Standard Time, not before 1980. */
int zip_write(struct buf *out, const struct zip_part *parts, size_t n, int64_t at, struct err *e);

#endif
