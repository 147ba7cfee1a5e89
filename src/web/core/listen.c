/* SPDX-License-Identifier: Apache-2.0 */
/* listen.c: the listening socket, and serving until told to stop. */
#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "web/housekeep.h"
#include "web/http.h"

/* "host:port" into its two parts; host "" means every address. */
static int split(char host[256], char port[8], const char *where, struct err *e)
{
    const char *colon = strrchr(where, ':');
    size_t n = colon ? (size_t)(colon - where) : 0;

    if (!colon || n > 255 || strlen(colon + 1) == 0 || strlen(colon + 1) > 5 ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || atoi(colon + 1) > 65535)
        return err_set(e, ERR_INPUT, "监听地址“%s”读不懂。请写成“地址:端口”，例如 127.0.0.1:8080。", where);
    memcpy(host, where, n);
    host[n] = '\0';
    if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
        memmove(host, host + 1, n - 2);
        host[n - 2] = '\0';
    }
    if (strcmp(host, "*") == 0)
        host[0] = '\0';
    snprintf(port, 8, "%s", colon + 1);
    return 0;
}

static bool is_loopback(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr) >> 24 == 127;
    return sa->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr);
}

static int bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t n = sizeof at;

    memset(&at, 0, sizeof at);
    if (getsockname(fd, &at.any, &n) < 0)
        return 0;
    return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

static int open_one(int *fd, const struct addrinfo *ai, const char *where, struct err *e)
{
    int on = 1;

    *fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, ai->ai_protocol);
    if (*fd < 0)
        return err_log(e, "socket: %s", strerror(errno));
    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(*fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(*fd, 1024) == 0)
        return 0;
    int why = errno;
    close(*fd);
    *fd = -1;
    if (why == EADDRINUSE)
        return err_set(e, ERR_CONFLICT,
                       "地址“%s”已被别的程序占用。请换一个端口（--listen 127.0.0.1:端口，make run 用 "
                       "LISTEN=），或先停止那个程序。",
                       where);
    return err_set(e, ERR_IO, "不能监听“%s”：%s。请核对地址和权限。", where, strerror(why));
}

int listen_open(int *fd, int *port, const char *where, bool anywhere, struct err *e)
{
    struct addrinfo want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *ai = NULL;
    char host[256], service[8];
    int rc = -1;

    *fd = -1;
    if (split(host, service, where && *where ? where : "127.0.0.1:8080", e) < 0)
        return -1;
    if (getaddrinfo(host[0] ? host : NULL, service, &want, &ai) != 0 || !ai)
        return err_set(e, ERR_INPUT, "找不到监听地址“%s”。请核对后重试。", where);
    if (!anywhere && !is_loopback(ai->ai_addr))
        err_set(e, ERR_REFUSED,
                "“%s”不是本机地址，而没有配置 TLS 证书。请配置 tls_cert 和 tls_key，或只监听 127.0.0.1 "
                "并在前面放反向代理。",
                where);
    else
        rc = open_one(fd, ai, where, e);
    freeaddrinfo(ai);
    if (rc == 0)
        *port = bound_port(*fd);
    return rc;
}

/* --- serving */

/* Written by the signal handler, read by http_serve. */
static int stop_pipe[2] = {-1, -1};

static void on_signal(int sig)
{
    int keep = errno;

    (void)sig;
    if (write(stop_pipe[1], "x", 1) < 0) {
    }
    errno = keep;
}

/* The address to type into a browser on this machine. */
static void say_address(const struct http_options *o, int port)
{
    const char *where = o->listen && *o->listen ? o->listen : "127.0.0.1:";
    size_t n = (size_t)(strrchr(where, ':') - where);
    bool every = n == 0 || where[0] == '*';

    printf("http%s://%.*s:%d/\n", o->tls_cert ? "s" : "", every ? 9 : (int)n, every ? "localhost" : where, port);
    fflush(stdout);
}

int http_serve(struct site *s, const struct http_options *o, struct err *e)
{
    struct sigaction act = {.sa_handler = on_signal}, old_term, old_int;
    struct http *h = NULL;
    struct pollfd p;
    int64_t next = 0;
    int rc = 0;

    if (pipe(stop_pipe) < 0)
        return err_log(e, "pipe: %s", strerror(errno));
    sigemptyset(&act.sa_mask);
    sigaction(SIGTERM, &act, &old_term);
    sigaction(SIGINT, &act, &old_int);
    signal(SIGPIPE, SIG_IGN);
    housekeep_begin(s->store);
    if (http_start(&h, s, o, e) < 0) {
        rc = -1;
        goto out;
    }
    say_address(o, http_port(h));
    p = (struct pollfd){.fd = stop_pipe[0], .events = POLLIN};
    while (poll(&p, 1, 500) <= 0) {
        housekeep_hourly(s->store, &next);
        if (store_failed(s->store)) {
            rc = err_set(e, ERR_IO, "数据没有写到磁盘上，服务已停止接受修改并退出。请检查磁盘后重新启动。");
            break;
        }
    }
    log_line(LOG_INFO, "stopping");
    http_stop(h);
out:
    sigaction(SIGTERM, &old_term, NULL);
    sigaction(SIGINT, &old_int, NULL);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
    return rc;
}
