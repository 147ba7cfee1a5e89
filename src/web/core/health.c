/* SPDX-License-Identifier: Apache-2.0 */
/* health.c: is it alive, is it ready, what has it done. */
#include "web/health.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/statvfs.h>

#include "store/migrate.h"
#include "web/conn.h"
#include "web/http.h"
#include "web/http_inner.h"

#define BUCKETS 12
#define CODES 6 /* index: first digit of the status */
#define THREADS 64
#define DISK_MIN ((unsigned long long)64 * 1024 * 1024)

static const int64_t bounds_us[BUCKETS] = {500,   1000,   2500,   5000,    10000,   25000,
                                           50000, 100000, 250000, 1000000, 5000000, INT64_MAX};

/* One thread's counts; only that thread adds, anybody reads. More threads than THREADS share the last. */
struct tally {
    _Alignas(64) _Atomic int64_t requests[ROUTE_CLASS__MAX][CODES];
    _Atomic int64_t bucket[ROUTE_CLASS__MAX][BUCKETS];
    _Atomic int64_t micros[ROUTE_CLASS__MAX];
    _Atomic int64_t refused, broken, bytes;
};
static struct tally tallies[THREADS];
static _Atomic int next_tally;

static struct tally *tally_here(void)
{
    static _Thread_local struct tally *mine;

    if (!mine) {
        int i = atomic_fetch_add(&next_tally, 1);
        mine = &tallies[i < THREADS ? i : THREADS - 1];
    }
    return mine;
}

static void add(_Atomic int64_t *n, int64_t by)
{
    atomic_fetch_add_explicit(n, by, memory_order_relaxed);
}

void metrics_count(const struct req *q, bool ok)
{
    struct tally *t = tally_here();
    int64_t us = mono_us() - q->started;
    int b = 0;

    if (!ok)
        add(&t->broken, 1);
    if (!q->route) {
        add(&t->refused, 1);
        return;
    }
    while (us > bounds_us[b])
        b++;
    add(&t->requests[q->route->cls][q->status / 100 % CODES], 1);
    add(&t->bucket[q->route->cls][b], 1);
    add(&t->micros[q->route->cls], us);
    add(&t->bytes, q->size);
}

int page_healthz(struct req *q, struct err *e)
{
    (void)e;
    q->type = "text/plain; charset=utf-8";
    buf_str(&q->out, "ok\n");
    return 0;
}

int page_readyz(struct req *q, struct err *e)
{
    struct statvfs disk;
    char *version = NULL;
    const char *bad = NULL;

    if (store_failed(q->site->store))
        bad = "writer: failed\n";
    else if (meta_get(&version, q->a, q->db, "schema", e) <= 0)
        bad = "database: no answer\n";
    else if (statvfs(store_dir(q->site->store), &disk) < 0 ||
             (unsigned long long)disk.f_bavail * disk.f_frsize < DISK_MIN)
        bad = "disk: full\n";
    else if (http_stopping(q->http))
        bad = "stopping\n";
    q->type = "text/plain; charset=utf-8";
    q->status = bad ? 503 : 200;
    buf_str(&q->out, bad ? bad : "ready\n");
    return 0;
}

static int64_t sum(size_t offset)
{
    int64_t n = 0;

    for (int i = 0; i < THREADS; i++)
        n += atomic_load_explicit((_Atomic int64_t *)(void *)((char *)&tallies[i] + offset), memory_order_relaxed);
    return n;
}
#define SUM(member) sum(offsetof(struct tally, member))

static void histogram(struct buf *b, enum route_class c)
{
    const char *word = route_class_word(c);
    int64_t running = 0;

    for (int i = 0; i < BUCKETS; i++) {
        running += SUM(bucket[c][i]);
        if (i + 1 < BUCKETS)
            buf_printf(b, "linli_request_seconds_bucket{class=\"%s\",le=\"%g\"} %lld\n", word,
                       (double)bounds_us[i] / 1e6, (long long)running);
    }
    buf_printf(b, "linli_request_seconds_bucket{class=\"%s\",le=\"+Inf\"} %lld\n", word, (long long)running);
    buf_printf(b, "linli_request_seconds_sum{class=\"%s\"} %.6f\n", word, (double)SUM(micros[c]) / 1e6);
    buf_printf(b, "linli_request_seconds_count{class=\"%s\"} %lld\n", word, (long long)running);
}

int page_metrics(struct req *q, struct err *e)
{
    struct buf *b = &q->out;

    if ((!q->conn_loopback || q->proxied) && !req_may(q, MAY_ADMIN, 0))
        return err_set(e, ERR_DENIED, "运行指标只能在服务器本机或由管理员查看。");
    q->type = "text/plain; version=0.0.4; charset=utf-8";
    buf_str(b, "# TYPE linli_requests_total counter\n");
    for (int c = 0; c < ROUTE_CLASS__MAX; c++)
        for (int s = 1; s < CODES; s++)
            buf_printf(b, "linli_requests_total{class=\"%s\",code=\"%dxx\"} %lld\n",
                       route_class_word((enum route_class)c), s, (long long)SUM(requests[c][s]));
    buf_str(b, "# TYPE linli_request_seconds histogram\n");
    for (int c = 0; c < ROUTE_CLASS__MAX; c++)
        histogram(b, (enum route_class)c);
    buf_printf(b, "# TYPE linli_refused_total counter\nlinli_refused_total %lld\n", (long long)SUM(refused));
    buf_printf(b, "# TYPE linli_broken_total counter\nlinli_broken_total %lld\n", (long long)SUM(broken));
    buf_printf(b, "# TYPE linli_answer_bytes_total counter\nlinli_answer_bytes_total %lld\n",
               (long long)SUM(bytes));
    buf_printf(b, "# TYPE linli_connections gauge\nlinli_connections %lld\n", (long long)http_connections(q->http));
    buf_printf(b, "# TYPE linli_store_failed gauge\nlinli_store_failed %d\n", store_failed(q->site->store) ? 1 : 0);
    return 0;
}
