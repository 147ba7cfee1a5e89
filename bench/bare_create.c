/* SPDX-License-Identifier: Apache-2.0 */
/* bare_create.c: the ceiling of creating: libmicrohttpd, connections parked, one thread that inserts and commits in
 * groups, nothing else.
 *
 * bench/bare_create PORT DATABASE: each POST becomes one row of a plain table with the columns of a visit; all that
 * have queued go into one transaction; each is answered after it has been committed (WAL, synchronous=FULL).
 * LINLI_FLUSH_DELAY_MS is added after each commit, as in the program. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>
#include <sqlite3.h>

enum { BATCH = 256, BODY = 4096, INTS = 17, TEXTS = 9 };

struct job {
    struct MHD_Connection *c;
    struct job *next;
    char body[BODY];
    size_t n;
    int done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static struct job *first, *last;
static sqlite3 *db;
static sqlite3_stmt *begin, *commit, *insert;
static int delay_ms;

static void must(int rc)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE)
        return;
    fprintf(stderr, "bare_create: %s\n", sqlite3_errmsg(db));
    abort();
}

static void run(sqlite3_stmt *s)
{
    must(sqlite3_step(s));
    sqlite3_reset(s);
}

static struct job *take_all(void)
{
    struct job *j;

    pthread_mutex_lock(&lock);
    while (!first)
        pthread_cond_wait(&wake, &lock);
    j = first;
    first = last = NULL;
    pthread_mutex_unlock(&lock);
    return j;
}

static void put_row(const struct job *j)
{
    static int64_t id;

    for (int i = 1; i <= INTS; i++)
        sqlite3_bind_int64(insert, i, i == 2 ? ++id : 1700000000000 + i);
    for (int i = 1; i <= TEXTS; i++)
        sqlite3_bind_text(insert, INTS + i, j->body, j->n < 24 ? (int)j->n : 24, SQLITE_STATIC);
    run(insert);
}

static void *writer(void *arg)
{
    (void)arg;
    for (;;) {
        struct job *all = take_all();

        run(begin);
        for (struct job *j = all; j; j = j->next)
            put_row(j);
        run(commit);
        if (delay_ms)
            nanosleep(&(struct timespec){0, delay_ms * 1000000L}, NULL);
        for (struct job *j = all, *next; j; j = next) {
            next = j->next; /* the connection's thread frees it */
            j->done = 1;
            MHD_resume_connection(j->c);
        }
    }
    return NULL;
}

static void park(struct job *j)
{
    MHD_suspend_connection(j->c);
    pthread_mutex_lock(&lock);
    j->next = NULL;
    *(last ? &last->next : &first) = j;
    last = j;
    pthread_cond_signal(&wake);
    pthread_mutex_unlock(&lock);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **slot)
{
    static char answer[] = "{\"id\":\"1882508984079273485\",\"version\":1,\"state\":null}";
    struct job *j = *slot;
    struct MHD_Response *r;
    enum MHD_Result rc;

    (void)cls, (void)url, (void)method, (void)version;
    if (!j) {
        *slot = j = calloc(1, sizeof *j);
        j->c = c;
        return MHD_YES;
    }
    if (*size) {
        size_t n = *size < BODY - j->n ? *size : BODY - j->n;
        memcpy(j->body + j->n, data, n);
        j->n += n;
        *size = 0;
        return MHD_YES;
    }
    if (!j->done) {
        park(j);
        return MHD_YES;
    }
    r = MHD_create_response_from_buffer(sizeof answer - 1, answer, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", "application/json; charset=utf-8");
    rc = MHD_queue_response(c, 201, r);
    MHD_destroy_response(r);
    return rc;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **slot, enum MHD_RequestTerminationCode code)
{
    (void)cls, (void)c, (void)code;
    free(*slot);
    *slot = NULL;
}

static void open_db(const char *path)
{
    static const char *const set[] = {
        "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA mmap_size=0", "PRAGMA cache_size=-4096",
        "CREATE TABLE visit (home BIGINT NOT NULL, id BIGINT NOT NULL, i3 BIGINT, i4 BIGINT, i5 BIGINT, i6 BIGINT, "
        "i7 BIGINT, i8 BIGINT, i9 BIGINT, i10 BIGINT, i11 BIGINT, i12 BIGINT, i13 BIGINT, i14 BIGINT, i15 BIGINT, "
        "i16 BIGINT, i17 BIGINT, t1 TEXT, t2 TEXT, t3 TEXT, t4 TEXT, t5 TEXT, t6 TEXT, t7 TEXT, t8 TEXT, t9 TEXT, "
        "PRIMARY KEY (home, id))"};

    must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        must(sqlite3_exec(db, set[i], NULL, NULL, NULL));
    must(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, NULL));
    must(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL));
    must(
        sqlite3_prepare_v2(db,
                           "INSERT INTO visit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                           "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
                           -1, &insert, NULL));
}

int main(int argc, char **argv)
{
    const char *delay = getenv("LINLI_FLUSH_DELAY_MS");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t t;

    if (argc != 3) {
        fprintf(stderr, "bare_create PORT DATABASE\n");
        return 2;
    }
    delay_ms = delay ? atoi(delay) : 0;
    open_db(argv[2]);
    if (pthread_create(&t, NULL, writer, NULL) != 0)
        return 1;
    if (!MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO,
            (uint16_t)atoi(argv[1]), NULL, NULL, on_request, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)cores, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,
            MHD_OPTION_CONNECTION_TIMEOUT, 30u, MHD_OPTION_END)) {
        fprintf(stderr, "bare_create: port %s is taken\n", argv[1]);
        return 1;
    }
    pause();
    return 0;
}
