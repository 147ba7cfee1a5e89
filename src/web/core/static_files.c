/* SPDX-License-Identifier: Apache-2.0 */
/* static_files.c: what stands under assets/, built into the program, served under /static/. */
#include "web/static_files.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/sec.h"
#include "format/gzip.h"

#define PREFIX "assets/"
#define HASH_CHARS 12

struct asset {
    const char *name; /* without assets/ */
    const char *type;
    const struct embed *file;
    char etag[HASH_CHARS + 3];
    char *url;
    struct buf packed; /* empty where compression does not pay */
};

/* Made once by static_prepare, in order of name, never changed after. */
static struct asset *assets;
static size_t nassets;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct {
    const char *suffix, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
};

static const char *type_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i].suffix) == 0)
            return types[i].type;
    return "application/octet-stream";
}

/* What has no type here (demonstration data) is not for browsers. */
static bool served(const struct embed *f)
{
    return strcmp(type_of(f->path), "application/octet-stream") != 0;
}

static void asset_make(struct asset *s, const struct embed *f)
{
    unsigned char hash[SEC_HASH];
    char hex[2 * SEC_HASH + 1];
    size_t n = strlen(f->path) + HASH_CHARS + 16;

    s->file = f;
    s->name = f->path + strlen(PREFIX);
    s->type = type_of(s->name);
    sec_sha256(hash, f->p, f->n);
    sec_hex(hex, hash, sizeof hash);
    hex[HASH_CHARS] = '\0';
    s->etag[0] = '"';
    memcpy(s->etag + 1, hex, HASH_CHARS);
    s->etag[HASH_CHARS + 1] = '"';
    s->url = xmalloc(n);
    struct buf b;
    buf_init(&b, n);
    buf_str(&b, "/static/");
    buf_str(&b, s->name);
    buf_str(&b, "?v=");
    buf_str(&b, hex);
    memcpy(s->url, buf_cstr(&b), b.n + 1);
    buf_done(&b);
    buf_init(&s->packed, f->n);
    bool pays = strstr(s->type, "text/") == s->type || strstr(s->type, "svg") || strstr(s->type, "json");
    if (pays && f->n > 512 && gzip_pack(&s->packed, f->p, f->n, 9) < 0)
        buf_done(&s->packed);
}

static void prepare(void)
{
    size_t n = 0;

    for (const struct embed *f = embed_next(PREFIX, NULL); f; f = embed_next(PREFIX, f + 1))
        n++;
    assets = xcalloc(n + 1, sizeof *assets);
    for (const struct embed *f = embed_next(PREFIX, NULL); f; f = embed_next(PREFIX, f + 1))
        if (served(f))
            asset_make(&assets[nassets++], f);
    gzip_done();
}

int static_prepare(struct err *e)
{
    (void)e;
    pthread_once(&once, prepare);
    return 0;
}

static const struct asset *find(const char *name)
{
    size_t lo = 0, hi = nassets;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int c = strcmp(name, assets[mid].name);
        if (c == 0)
            return &assets[mid];
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const char *static_url(const char *name)
{
    const struct asset *s = find(name);

    return s ? s->url : NULL;
}

int page_static(struct req *q, struct err *e)
{
    const char *dir = req_arg(q, "dir"), *name = req_arg(q, "name");
    const struct asset *s = find(dir ? req_printf(q, "%s/%s", dir, name) : name);
    const char *v = req_query(q, "v"), *old = q->head[HEAD_IF_NONE_MATCH];

    if (!s)
        return err_set(e, ERR_MISSING, "没有文件“%s”。", name);
    bool same = v && strlen(v) == HASH_CHARS && strncmp(v, s->etag + 1, HASH_CHARS) == 0;
    q->cache = same ? "public, max-age=31536000, immutable" : "public, no-cache";
    q->type = s->type;
    resp_header(q, "ETag", s->etag);
    if (old && strstr(old, s->etag)) {
        q->status = 304;
        return 0;
    }
    q->precompressed = s->packed.n && header_has(q->head[HEAD_ACCEPT_ENCODING], "gzip");
    q->fixed = q->precompressed ? buf_cstr(&s->packed) : (const char *)s->file->p;
    q->fixed_len = q->precompressed ? s->packed.n : s->file->n;
    return 0;
}

/* Browsers ask for it by this name wherever no page has told them another. */
int page_favicon(struct req *q, struct err *e)
{
    (void)e;
    return resp_redirect(q, static_url("icon.svg"));
}
