/* SPDX-License-Identifier: Apache-2.0 */
/* bare_list.c: the ceiling of a list page: libmicrohttpd and the same query, nothing else.
 *
 * bench/bare_list PORT DATABASE UNIT BYTES [THREADS]: the newest fifty visits of a unit from the same database
 * file, by the statement the program sends, each column read once and copied into a page that is filled up to BYTES
 * bytes. (The program asks for the units beneath as well; they have no visits.) */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>
#include <sqlite3.h>

static const char *db_path;
static long long unit;
static size_t page_bytes;
static pthread_key_t key;

struct worker {
    sqlite3 *db;
    sqlite3_stmt *list;
};

/* As query_list.c writes it: what every row of a list has and the columns the register lists, one unit, newest
 * first, a first page. */
static const char list_sql[] = "SELECT r.home, r.id, r.unit, r.state, r.day, r.late, r.f_visitor, r.f_grid, "
                               "r.f_visited_on, r.f_host, r.f_purpose, "
                               "r.f_issue, r.f_handling FROM r_visit r WHERE r.unit = ?1 AND r.gone = 0 ORDER BY "
                               "r.day DESC, r.id DESC LIMIT ?2";
/* Of each column: t text, i integer. Integers are copied as they stand in memory: nothing is cheaper. */
static const char columns[] = "iiitiitiitttt";

static struct worker *worker(void)
{
    struct worker *w = pthread_getspecific(key);

    if (w)
        return w;
    w = calloc(1, sizeof *w);
    if (!w || sqlite3_open_v2(db_path, &w->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        abort();
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL); /* else LIMIT ?2 is planned anew each time */
    sqlite3_exec(w->db, "PRAGMA mmap_size=0", NULL, NULL, NULL);
    sqlite3_exec(w->db, "PRAGMA cache_size=-2048", NULL, NULL, NULL);
    if (sqlite3_prepare_v3(w->db, list_sql, -1, SQLITE_PREPARE_PERSISTENT, &w->list, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(w->db));
        abort();
    }
    pthread_setspecific(key, w);
    return w;
}

static size_t put(char *page, size_t n, const char *p, size_t len)
{
    if (len > page_bytes - n)
        len = page_bytes - n;
    memcpy(page + n, p, len);
    return n + len;
}

static size_t rows(char *page)
{
    struct worker *w = worker();
    size_t n = put(page, 0, "<!doctype html><table>", 22);

    sqlite3_bind_int64(w->list, 1, unit);
    sqlite3_bind_int64(w->list, 2, 51);
    while (sqlite3_step(w->list) == SQLITE_ROW)
        for (const char *c = columns; *c; c++) {
            int i = (int)(c - columns);
            if (*c == 't') {
                const char *t = (const char *)sqlite3_column_text(w->list, i);
                if (t)
                    n = put(page, n, t, (size_t)sqlite3_column_bytes(w->list, i));
            } else {
                int64_t v = sqlite3_column_int64(w->list, i);
                n = put(page, n, (const char *)&v, sizeof v);
            }
        }
    sqlite3_reset(w->list);
    return n;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **slot)
{
    static int seen;
    struct MHD_Response *r;
    enum MHD_Result rc;
    char *page;
    size_t n;

    (void)cls, (void)url, (void)method, (void)version, (void)data, (void)size;
    if (!*slot) {
        *slot = &seen;
        return MHD_YES;
    }
    page = malloc(page_bytes);
    if (!page)
        abort();
    n = rows(page);
    memset(page + n, ' ', page_bytes - n);
    r = MHD_create_response_from_buffer(page_bytes, page, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
    rc = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return rc;
}

int main(int argc, char **argv)
{
    struct MHD_Daemon *d;
    long cores = argc > 5 ? atol(argv[5]) : sysconf(_SC_NPROCESSORS_ONLN);

    if (argc < 5) {
        fprintf(stderr, "bare_list PORT DATABASE UNIT BYTES [THREADS]\n");
        return 2;
    }
    db_path = argv[2];
    unit = atoll(argv[3]);
    page_bytes = (size_t)atol(argv[4]);
    pthread_key_create(&key, NULL);
    d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO,
                         (uint16_t)atoi(argv[1]), NULL, NULL, on_request, NULL, MHD_OPTION_THREAD_POOL_SIZE,
                         (unsigned)cores, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,
                         MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_CONNECTION_TIMEOUT, 30u, MHD_OPTION_END);
    if (!d) {
        fprintf(stderr, "bare_list: port %s is taken\n", argv[1]);
        return 1;
    }
    pause();
    return 0;
}
