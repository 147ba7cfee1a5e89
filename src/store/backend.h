/* SPDX-License-Identifier: Apache-2.0 */
/* backend.h: what db.c needs from SQLite and from PostgreSQL. Private to src/store.
 *
 * A transaction in which a statement has failed accepts nothing but db_undo and db_rollback, on both back ends:
 * PostgreSQL works that way, and so code that forgets it fails in the SQLite tests as well. */
#ifndef LINLI_STORE_BACKEND_H
#define LINLI_STORE_BACKEND_H

#include "store/db.h"

#define DB_BUCKETS 256
#define DB_STATEMENTS 400 /* kept per connection; the least recently used idle one goes first */
#define DB_PARAMS 512     /* ?1 … ?512 */
#define DB_DEPTH 8        /* savepoints, one within another */
#define DB_LATER 32768    /* calls put off within one savepoint */

struct stmt {
    struct db *db;
    char *sql;
    uint64_t hash;
    bool busy;    /* between db_prep and stmt_done */
    bool started; /* stepped at least once since db_prep */
    int64_t changes;
    void *h;                    /* sqlite3_stmt or struct pg_stmt */
    struct stmt *chain;         /* same bucket */
    struct stmt *newer, *older; /* in order of use */
};

/* Work put off until the transaction commits: all that was put off for one function, in order, in one call. */
typedef int db_later_fn(struct db *d, void *const *args, size_t n, struct err *e);
struct db_later {
    db_later_fn *fn;
    void *arg; /* malloc; freed afterwards */
};

/* What one file keeps in memory of the running transaction, first member of a struct of its own. It is written
 * before a savepoint is set and before the commit, so that what is not written belongs to the innermost savepoint;
 * it is forgotten when that is undone and when the transaction ends. */
struct db_aside {
    int (*write)(struct db *d, struct err *e);
    void (*forget)(struct db *d);
    void (*drop)(struct db *d); /* the connection is closed */
};

struct db {
    const struct backend *be;
    enum db_kind kind;
    enum db_mode mode;
    void *h;         /* sqlite3 or struct pg_conn */
    bool in_tx;      /* between db_begin and commit or rollback */
    bool failed;     /* a statement of this transaction failed */
    bool fatal;      /* disk or connection broken: what was not committed is lost */
    int depth;       /* savepoints open */
    uint64_t writes; /* statements run or put off that were not SELECTs: has anything been done since? */
    int64_t limit_steps, limit_ms;
    int64_t steps_left; /* SQLite: of the running statement */
    bool wide;          /* SQLite: see db_wide */
    int64_t wal_pages;  /* SQLite: in the write-ahead log after the last commit */
    struct db_later *later;
    size_t nlater, cap_later;
    size_t later_mark[DB_DEPTH]; /* nlater when the savepoint of that depth was set */
    struct db_aside *aside;      /* NULL: none */
    struct stmt *bucket[DB_BUCKETS];
    struct stmt *newest, *oldest;
    size_t nstmts;
};

struct backend {
    int (*open)(struct db *d, const char *where, struct err *e);
    void (*close)(struct db *d);
    int (*prep)(struct stmt *s, struct err *e);
    void (*drop)(struct stmt *s);
    void (*bind_int)(struct stmt *s, int i, int64_t v);
    void (*bind_text)(struct stmt *s, int i, const char *v,
                      size_t n); /* v NULL binds NULL; n SIZE_MAX: ends with NUL */
    int (*step)(struct stmt *s, struct err *e);
    int64_t (*col_int)(const struct stmt *s, int i);
    const char *(*col_text)(const struct stmt *s, int i);
    bool (*col_null)(const struct stmt *s, int i);
    int (*cols)(const struct stmt *s);
    const char *(*col_name)(const struct stmt *s, int i);
    void (*reset)(struct stmt *s);
    int (*exec)(struct db *d, const char *sql, struct err *e);
    const char *begin_read, *begin_write;
    /* True while the server still has the transaction that db_begin opened. */
    bool (*alive)(const struct db *d);
    void (*limit)(struct db *d);
    int (*sole)(struct db *d, struct err *e); /* NULL: nothing to do; see dialect_sole_writer */
    const char *has_table;                    /* a query with ?1 the name */
    const char *columns;                      /* a query with ?1 the table, giving names in order */
};

extern const struct backend backend_sqlite, backend_postgres;

/* sqlite.c: move committed pages from the log into the database. whole also empties the log file, which waits
 * for nobody: readers in the way leave it as it is. Does nothing on PostgreSQL. -1: the disk failed (fatal). */
int db_checkpoint(struct db *d, bool whole, struct err *e);
/* sqlite.c: a wide cache for long jobs, which change pages all over the indexes, and the usual one after them. Does
 * nothing on PostgreSQL. */
void db_wide(struct db *d, bool wide);
/* Put work off until just before COMMIT; what is undone with its savepoint is not done. Outside a transaction it is
 * done at once. For SQLite's text index, which writes out all it has gathered at each savepoint, of which there is
 * one for each record; and for sums, to which many records of a transaction add. */
int db_put_off(struct db *d, db_later_fn *fn, void *arg, struct err *e);
/* Before reading what may have been put off: do the part of it that belongs to the innermost savepoint. */
int db_catch_up(struct db *d, struct err *e);
/* False after an error that ended the transaction by itself. */
bool db_alive(const struct db *d);

#endif
