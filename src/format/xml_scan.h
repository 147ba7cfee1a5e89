/* SPDX-License-Identifier: Apache-2.0 */
/* xml_scan.h: one XML part of a zip archive, element by element, in bounded memory (libzip and libxml2's SAX2).
 * Private to src/format. Any DTD or entity declaration ends the scan with ERR_REFUSED; nothing is ever loaded from
 * outside; character references and the five predefined entities are resolved. */
#ifndef LINLI_FORMAT_XML_SCAN_H
#define LINLI_FORMAT_XML_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <zip.h>

#include "base/err.h"

#define ZIP_ENTRIES 5000                    /* in an archive */
#define ZIP_ENTRY_BYTES ((size_t)300 << 20) /* unpacked, one part */
#define ZIP_TOTAL_BYTES ((size_t)600 << 20) /* unpacked, all parts */
#define ZIP_RATIO 250                       /* unpacked to packed, for parts over 8 MiB */

/* Open an archive held in memory (which must outlive it) and check the ceilings and passwords. */
int zip_from_bytes(zip_t **out, const void *p, size_t n, struct err *e);
bool zip_has(zip_t *z, const char *name);

struct xml_attr {
    const char *p;
    size_t n;
};
struct xml_scan {
    /* Local names; return non-zero (with *e set) to stop. attrs is for xml_attr below. */
    int (*begin)(struct xml_scan *x, const char *name, const void *attrs, int nattrs, struct err *e);
    int (*end)(struct xml_scan *x, const char *name, struct err *e);
    int (*text)(struct xml_scan *x, const char *s, size_t n, struct err *e);
    void *arg;
    /* private */
    struct err *e;
    void *ctxt;
    int failed;
};
/* An attribute by local name; p NULL if absent. Copies into buf what xml_attr found, NUL-terminated and cut to
 * size. */
struct xml_attr xml_attr(const void *attrs, int nattrs, const char *name);
const char *xml_attr_str(struct xml_attr at, char *buf, size_t size);
long xml_attr_int(struct xml_attr at, long otherwise);
bool xml_attr_is(struct xml_attr at, const char *word);

/* Scan the part. ERR_REFUSED where it is missing, damaged, bigger than declared or not XML. */
int xml_scan_part(struct xml_scan *x, zip_t *z, const char *part, struct err *e);

#endif
