/* SPDX-License-Identifier: Apache-2.0 */
/* multipart.h: multipart/form-data (RFC 7578) read as it arrives, in pieces of any size. */
#ifndef LINLI_FORMAT_MULTIPART_H
#define LINLI_FORMAT_MULTIPART_H

#include <stddef.h>

#include "base/arena.h"

/* Where the parts go. filename is NULL for a text field. Anything but 0 stops the parse with that value. */
struct multipart_sink {
    int (*begin)(void *arg, const char *name, const char *filename, const char *type);
    int (*data)(void *arg, const void *p, size_t n);
    int (*end)(void *arg);
    void *arg;
};

struct multipart;

/* NULL: there is no usable boundary in the Content-Type (1 to 70 characters, RFC 2046). */
struct multipart *multipart_new(struct arena *a, const char *content_type, const struct multipart_sink *sink);
void multipart_free(struct multipart *m);
/* 0 go on, -1 malformed, else what the sink said. */
int multipart_feed(struct multipart *m, const void *p, size_t n);
/* -1 if the closing boundary never came. */
int multipart_finish(const struct multipart *m);

#endif
