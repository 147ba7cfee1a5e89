/* SPDX-License-Identifier: Apache-2.0 */
/* xls_text.h: texts in the records of a .xls, which may go on in CONTINUE records. Private to xls_read.c. */
#ifndef LINLI_FORMAT_XLS_TEXT_H
#define LINLI_FORMAT_XLS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A record and the CONTINUE records behind it, read as one. */
struct xls_cursor {
    const unsigned char *p, *end; /* the piece being read */
    const unsigned char *next;    /* the record after it */
    const unsigned char *limit;   /* of the stream */
    bool bad;                     /* read past the end */
};
void xls_cursor(struct xls_cursor *c, const unsigned char *body, size_t n, const unsigned char *limit);
uint32_t xls_get(struct xls_cursor *c, int bytes); /* 1, 2 or 4 */
void xls_skip(struct xls_cursor *c, size_t n);
/* A BIFF8 text: its length in characters (bytes: 1 or 2 wide), flags, characters, and what rich text and phonetic
 * guides leave behind, which is passed over. NULL if it runs past the end. */
const char *xls_text(struct arena *a, struct xls_cursor *c, int length_bytes);
/* A BIFF5 text in the code page of the machine it came from: GB18030 if it can be that, else Latin-1. */
const char *xls_text5(struct arena *a, struct xls_cursor *c, int length_bytes);

#endif
