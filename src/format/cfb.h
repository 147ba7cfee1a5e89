/* SPDX-License-Identifier: Apache-2.0 */
/* cfb.h: one stream out of a compound file ([MS-CFB], the container of .xls). Chains that lead astray, run in a
 * circle or out of the file give nothing; memory stays within a few times the file. */
#ifndef LINLI_FORMAT_CFB_H
#define LINLI_FORMAT_CFB_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The first of the named streams (NULL-terminated list) that is there, or NULL. */
const unsigned char *cfb_stream(struct arena *a, const void *p, size_t n, const char *const *names, size_t *size);

static inline uint32_t le16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t le32(const unsigned char *p)
{
    return le16(p) | le16(p + 2) << 16;
}

#endif
