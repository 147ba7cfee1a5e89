/* SPDX-License-Identifier: Apache-2.0 */
/* multipart.c: multipart/form-data (RFC 7578) read as it arrives, in pieces of any size. */
#include "format/multipart.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "format/urlenc.h"

#define PART_HEADERS (8 * 1024)
#define PREAMBLE_MAX (64 * 1024)

enum where { BEFORE, AFTER_DELIMITER, HEADERS, DATA, END };

struct multipart {
    struct arena *a;
    struct multipart_sink sink;
    enum where at;
    char delim[80]; /* CR LF - - boundary */
    size_t ndelim;
    struct buf pend; /* what cannot be judged yet */
    size_t preamble;
    char *name, *filename, *type;
};

struct multipart *multipart_new(struct arena *a, const char *content_type, const struct multipart_sink *sink)
{
    const char *b = header_param(a, content_type, "boundary");
    struct multipart *m;

    if (!b || !*b || strlen(b) > 70)
        return NULL;
    m = arena_alloc(a, sizeof *m);
    m->a = a;
    m->sink = *sink;
    m->ndelim = strlen(b) + 4;
    memcpy(m->delim, "\r\n--", 4);
    memcpy(m->delim + 4, b, strlen(b) + 1);
    buf_init(&m->pend, (size_t)4 * 1024 * 1024);
    buf_str(&m->pend, "\r\n"); /* so that a boundary at the very beginning is found like the others */
    return m;
}

void multipart_free(struct multipart *m)
{
    if (m)
        buf_done(&m->pend);
}

static void eat(struct multipart *m, size_t n)
{
    if (n < m->pend.n)
        memmove(m->pend.p, m->pend.p + n, m->pend.n - n);
    buf_truncate(&m->pend, m->pend.n - n);
}

/* One header line of a part. */
static int part_header(struct multipart *m, const char *line)
{
    if (strncasecmp(line, "Content-Disposition:", 20) == 0) {
        const char *v = line + 20 + strspn(line + 20, " \t");
        if (!media_is(v, "form-data"))
            return -1;
        m->name = header_param(m->a, v, "name");
        m->filename = header_param(m->a, v, "filename");
    } else if (strncasecmp(line, "Content-Type:", 13) == 0) {
        m->type = arena_str(m->a, line + 13 + strspn(line + 13, " \t"));
    }
    return 0;
}

/* From pend up to the empty line at offset n: the headers of a part. */
static int part_begin(struct multipart *m, size_t n)
{
    char *text = arena_strn(m->a, m->pend.p, n), *line = text;

    m->name = m->filename = m->type = NULL;
    while (line && *line) {
        char *next = strstr(line, "\r\n");
        if (next)
            *next = '\0';
        if (part_header(m, line) < 0)
            return -1;
        line = next ? next + 2 : NULL;
    }
    if (!m->name || !*m->name || strlen(text) == 0 || memchr(m->pend.p, 0, n) ||
        !utf8_valid(m->name, strlen(m->name)))
        return -1;
    if (m->filename && !utf8_valid(m->filename, strlen(m->filename)))
        return -1;
    return m->sink.begin(m->sink.arg, m->name, m->filename, m->type);
}

/* Pass on what is certainly data; at a delimiter end the part. *more: there is something left to judge. */
static int step_data(struct multipart *m, bool *more)
{
    const char *hit = memmem(m->pend.p, m->pend.n, m->delim, m->ndelim);
    size_t n = hit ? (size_t)(hit - m->pend.p) : m->pend.n > m->ndelim ? m->pend.n - m->ndelim : 0;
    int rc = 0;

    if (m->at == DATA && n)
        rc = m->sink.data(m->sink.arg, m->pend.p, n);
    if (m->at == BEFORE && (m->preamble += n) > PREAMBLE_MAX)
        return -1;
    if (rc)
        return rc;
    eat(m, hit ? n + m->ndelim : n);
    *more = hit != NULL;
    if (hit && m->at == DATA)
        rc = m->sink.end(m->sink.arg);
    if (hit)
        m->at = AFTER_DELIMITER;
    return rc;
}

static int step(struct multipart *m, bool *more)
{
    const char *hit;
    size_t blank;
    int rc;

    *more = false;
    switch (m->at) {
    case BEFORE:
    case DATA:
        return step_data(m, more);
    case AFTER_DELIMITER:
        blank = strspn(buf_cstr(&m->pend), " \t");
        if (m->pend.n < blank + 2)
            return blank > 64 ? -1 : 0;
        if (memcmp(m->pend.p + blank, "--", 2) == 0)
            m->at = END;
        else if (memcmp(m->pend.p + blank, "\r\n", 2) == 0)
            m->at = HEADERS;
        else
            return -1;
        eat(m, blank + 2);
        *more = true;
        return 0;
    case HEADERS:
        hit = memmem(m->pend.p, m->pend.n, "\r\n\r\n", 4);
        if (!hit)
            return m->pend.n > PART_HEADERS ? -1 : 0;
        if ((size_t)(hit - m->pend.p) > PART_HEADERS)
            return -1;
        rc = part_begin(m, (size_t)(hit - m->pend.p));
        if (rc)
            return rc;
        eat(m, (size_t)(hit - m->pend.p) + 4);
        m->at = DATA;
        *more = true;
        return 0;
    case END:
        buf_truncate(&m->pend, 0);
        return 0;
    }
    return -1;
}

int multipart_feed(struct multipart *m, const void *p, size_t n)
{
    bool more = true;
    int rc = 0;

    buf_add(&m->pend, p, n);
    if (buf_overflow(&m->pend))
        return -1;
    while (!rc && more && m->pend.n)
        rc = step(m, &more);
    return rc;
}

int multipart_finish(const struct multipart *m)
{
    return m->at == END ? 0 : -1;
}
