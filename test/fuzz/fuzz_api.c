/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_api.c: any bytes as query or body of the JSON interface, on a site with demonstration data; as path,
 * cookies, multipart form. Every answer is JSON that another library reads, every refusal says why. The first byte
 * chooses. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/date.h"
#include "base/embed.h"
#include "base/sec.h"
#include "format/multipart.h"
#include "model/seed.h"
#include "web/api.h"
#include "web/fault.h"
#include "web/http_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static char dir[] = "/tmp/linli-fuzz-XXXXXX";
static struct site *site;
static struct arena *arena;
static char first_id[24];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void finish(void)
{
    site_close(site);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(arena);
}

static void prepare(void)
{
    struct err e = {0};
    struct arena *a = arena_new();

    date_fix_now(1773000000000);
    CHECK(mkdtemp(dir) && sec_init(&e) == 0 && lang_init(&e) == 0);
    CHECK(store_create(dir, NULL, &e) == 0 && site_open(&site, dir, STORE_WRITE, &e) == 0);
    for (const struct embed *f = embed_next("assets/demo/", NULL); f; f = embed_next("assets/demo/", f + 1)) {
        struct seed_job j = {.site = site, .a = a, .seed = 1};
        CHECK(seed_run(&j, f->path, (const char *)f->p, f->n, &e) == 0);
    }
    arena_free(a);
    arena = arena_new();
    atexit(finish);
}

static void begin(struct req *q)
{
    struct err e = {0};

    *q = (struct req){.a = arena,
                      .site = site,
                      .actor = &actor_system,
                      .status = 200,
                      .api = true,
                      .path = "/api/v1/dispute",
                      .method_word = "GET"};
    buf_init(&q->out, REQ_OUT_MAX);
    buf_init(&q->body, BODY_FORM);
    snprintf(q->id, sizeof q->id, "fuzz");
    site_hold(site, &q->view);
    q->db = store_reader(site->store, &e);
    q->args =
        (struct route_args){.n = 2, .name = {"register", "id"}, .value = {"dispute", first_id[0] ? first_id : "1"}};
}

static void end(struct req *q)
{
    site_drop(site, &q->view);
    buf_done(&q->out);
    buf_done(&q->body);
    arena_reset(arena);
}

static void check_answer(struct req *q, int rc, const struct err *e)
{
    json_t *read;

    if (rc < 0) {
        CHECK(e->code != ERR_NONE && e->code != ERR_BUG && e->code != ERR_IO && e->msg[0]);
        fault_err(q, e);
    }
    CHECK(!buf_overflow(&q->out) && q->status >= 200 && q->status < 500);
    read = json_loadb(buf_cstr(&q->out), q->out.n, JSON_REJECT_DUPLICATES, NULL);
    CHECK(read || q->status == 204);
    if (read && json_is_array(read) && json_array_size(read)) {
        const char *id = json_string_value(json_object_get(json_array_get(read, 0), "id"));
        if (id)
            snprintf(first_id, sizeof first_id, "%s", id);
    }
    json_decref(read);
}

static void query(const char *text, size_t n)
{
    struct err e = {0};
    struct req q;

    begin(&q);
    if (parse_params(&q.query, q.a, text, n, REQ_FIELDS_MAX) == PARSED_OK)
        check_answer(&q, api_list(&q, &e), &e);
    end(&q);
}

static int write_in(struct db *d, void *arg, struct err *e)
{
    struct req *q = arg;

    return q->write(q, d, q->write_arg, e);
}

static void body(int (*handler)(struct req *, struct err *), const char *text, size_t n)
{
    struct err e = {0};
    struct req q;
    int rc;

    begin(&q);
    q.head[HEAD_IDEMPOTENCY_KEY] = "k";
    q.head[HEAD_IF_MATCH] = "\"1\"";
    buf_add(&q.body, text, n);
    rc = handler(&q, &e);
    if (rc == 0 && q.write)
        rc = store_write(site->store, write_in, &q, &e);
    if (rc < 0 && q.write && q.write_failed) {
        struct err said = e;
        buf_clear(&q.out);
        q.status = err_http(e.code);
        rc = q.write_failed(&q, q.write_arg, &said);
    }
    check_answer(&q, rc, &e);
    req_deferred(&q);
    end(&q);
}

static int sink_begin(void *arg, const char *name, const char *filename, const char *type)
{
    (void)filename;
    (void)type;
    ++*(size_t *)arg;
    return *name ? 0 : 1;
}
static int sink_data(void *arg, const void *p, size_t n)
{
    (void)arg;
    return p && n ? 0 : 1;
}
static int sink_end(void *arg)
{
    (void)arg;
    return 0;
}

/* In one piece and byte by byte: the same verdict, the same number of parts. */
static void multipart(const char *text, size_t n)
{
    size_t parts[2] = {0, 0};
    int rc[2] = {0, 0};

    for (int way = 0; way < 2; way++) {
        struct multipart *m = multipart_new(arena, "multipart/form-data; boundary=x",
                                            &(struct multipart_sink){sink_begin, sink_data, sink_end, &parts[way]});
        size_t step = way ? 1 : n;
        for (size_t i = 0; !rc[way] && i < n; i += step)
            rc[way] = multipart_feed(m, text + i, step);
        if (!rc[way])
            rc[way] = multipart_finish(m);
        multipart_free(m);
    }
    CHECK(rc[0] == rc[1] && parts[0] == parts[1]);
    arena_reset(arena);
}

static void texts(const char *text)
{
    const char *seg[PATH_SEGMENTS];
    struct params p = {0};
    size_t n;

    if (parse_path(seg, &n, arena, text) == PARSED_OK)
        for (size_t i = 0; i < n; i++)
            CHECK(!strpbrk(seg[i], "/\\") && strcmp(seg[i], "..") != 0);
    parse_cookies(&p, arena, text);
    header_param(arena, text, "name");
    header_has(text, "gzip");
    media_is(text, "text/html");
    arena_reset(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (!site)
        prepare();
    if (!size || size > 20000)
        return 0;
    text = malloc(size);
    CHECK(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    switch (data[0] % 6) {
    case 0:
    case 1:
        query(text, size - 1);
        break;
    case 2:
        body(api_create, text, size - 1);
        break;
    case 3:
        body(api_patch, text, size - 1);
        break;
    case 4:
        multipart(text, size - 1);
        break;
    default:
        texts(text);
    }
    free(text);
    return 0;
}
