/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_serve.c: linli serve: the web server; linli routes: what it answers. */
#include <stdio.h>

#include "main/open.h"
#include "web/http.h"
#include "web/import_task.h"
#include "web/route.h"

static const struct option_def serve_options[] = {
    {"listen", "ADDR", "监听地址，默认 127.0.0.1:8080"},
    {"tls-cert", "FILE", "证书（PEM）"},
    {"tls-key", "FILE", "私钥（PEM）"},
    {"behind-proxy", NULL, "信任本机代理给出的来源地址"},
    {"insecure-listen", NULL, "没有 TLS 也对外监听（自行承担）"},
    {NULL, NULL, NULL},
};

static int serve_run(struct args *args, struct err *e)
{
    struct open o;
    const char *listen = args_get(args, "listen");
    if (open_site(&o, args, STORE_WRITE, e))
        return -1;
    struct http_options h = {.listen = listen ? listen : "127.0.0.1:8080",
                             .tls_cert = args_get(args, "tls-cert"),
                             .tls_key = args_get(args, "tls-key"),
                             .proxy = args_has(args, "behind-proxy"),
                             .insecure = args_has(args, "insecure-listen")};
    int rc = http_serve(o.site, &h, e);
    task_finish_all();
    open_close(&o);
    return rc;
}

const struct command cmd_serve = {
    .name = "serve", .words = "", .options = serve_options, .run = serve_run, .summary = "启动网页服务"};

static const struct option_def none[] = {{NULL, NULL, NULL}};

static int routes_run(struct args *args, struct err *e)
{
    (void)e;
    struct buf b;
    buf_init(&b, 1 << 20);
    if (args->json)
        routes_json(&b);
    else
        routes_text(&b);
    if (args->json)
        print_json(&b);
    else
        fwrite(buf_cstr(&b), 1, b.n, stdout);
    buf_done(&b);
    return EXIT_OK;
}

const struct command cmd_routes = {
    .name = "routes", .words = "", .options = none, .run = routes_run, .summary = "列出全部网页地址和所需权限"};
