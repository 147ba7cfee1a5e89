/* SPDX-License-Identifier: Apache-2.0 */
/* log.c: one line per event on stderr; never personal data. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static atomic_int level_max = LOG_INFO;
static atomic_int as_json;
static _Thread_local char request_id[40];

static const char *const level_name[] = {"error", "warn", "info", "debug"};

void log_set(enum log_level max, int json)
{
    atomic_store(&level_max, (int)max);
    atomic_store(&as_json, json);
}

void log_request(const char *id)
{
    snprintf(request_id, sizeof request_id, "%s", id ? id : "");
}

/* Control characters and, for JSON, quotes would break the one-line form. Returns the bytes written. */
static size_t put_escaped(char *out, size_t room, const char *s, int json)
{
    size_t n = 0;
    for (; *s && n + 7 < room; s++) {
        unsigned char c = (unsigned char)*s;
        if (json && (c == '"' || c == '\\')) {
            out[n++] = '\\';
            out[n++] = (char)c;
        } else if (c < 0x20 || c == 0x7F) {
            n += (size_t)snprintf(out + n, room - n, json ? "\\u%04x" : "\\x%02x", c);
        } else {
            out[n++] = (char)c;
        }
    }
    out[n] = '\0';
    return n;
}

static void write_all(const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(STDERR_FILENO, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return;
        p += w;
        n -= (size_t)w;
    }
}

void log_line(enum log_level level, const char *fmt, ...)
{
    if ((int)level > atomic_load(&level_max))
        return;
    char msg[LINE_MAX_BYTES / 2], safe[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 256], when[32];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    struct tm tm;
    gmtime_r(&ts.tv_sec, &tm);
    size_t w = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(when + w, sizeof when - w, ".%03dZ", (int)(ts.tv_nsec / 1000000));
    int json = atomic_load(&as_json);
    put_escaped(safe, sizeof safe, msg, json);
    char id[sizeof request_id * 6 + 8];
    put_escaped(id, sizeof id, request_id, json);
    const char *name = level_name[level <= LOG_DEBUG ? level : LOG_DEBUG];
    int n;
    if (json)
        n = snprintf(line, sizeof line, "{\"ts\":\"%s\",\"level\":\"%s\"%s%s%s,\"msg\":\"%s\"}\n", when, name,
                     *id ? ",\"req_id\":\"" : "", id, *id ? "\"" : "", safe);
    else
        n = snprintf(line, sizeof line, "%s %-5s %s%s%s\n", when, name, id, *id ? " " : "", safe);
    if (n > 0)
        write_all(line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}
