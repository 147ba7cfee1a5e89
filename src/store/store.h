/* SPDX-License-Identifier: Apache-2.0 */
/* store.h: an opened data directory: its readers and its one writer.
 *
 *   DIR/linli.yaml   configuration (database:, zone:, site name …)
 *   DIR/linli.db     SQLite, unless database: names a PostgreSQL server
 *   DIR/key          the site's secret key, mode 0600
 *   DIR/files/       attachments by their SHA-256
 *   DIR/modules/     declarations of this site, laid over the built-in ones
 *   DIR/lock         held by the process that writes
 *
 * Writes queue up for one writer thread, which commits what has queued in one transaction: at most 256 jobs or
 * 20 ms a batch, each job in its own savepoint or able to run again, each answered after COMMIT has returned
 * (design §4). If a flush or commit fails the store stops accepting writes and says so (design §5.1): every later
 * job gets ERR_IO, and store_failed() tells the process to end with ERR_IO's exit code. Nothing is flushed a second
 * time.
 *
 * LINLI_FLUSH_DELAY_MS adds that many milliseconds after each commit, to imitate a slow disk in benchmarks. */
#ifndef LINLI_STORE_STORE_H
#define LINLI_STORE_STORE_H

#include "base/sec.h"
#include "store/db.h"

struct store;

enum store_mode {
    STORE_READ, /* reports, figures, dumps: may run beside a server */
    STORE_WRITE /* takes the lock; ERR_BUSY with the other process's id if somebody holds it */
};

/* Make a data directory: linli.yaml, key, files/ and the system tables. database NULL is SQLite in DIR; else
 * postgres:… is written to linli.yaml. ERR_CONFLICT if there is a linli.yaml already, or if the database is not
 * empty: two sites never mix. */
int store_create(const char *dir, const char *database, struct err *e);
/* The key must be the one the database was made with (ERR_REFUSED), and a linli init under way or broken off in
 * this directory refuses too (making.h). */
int store_open(struct store **out, const char *dir, enum store_mode mode, struct err *e);
void store_close(struct store *s);
const char *store_dir(const struct store *s);
enum db_kind store_kind(const struct store *s);
const struct sec_key *store_key(const struct store *s);
/* A value from linli.yaml (top level scalars only), or NULL. */
const char *store_config(const struct store *s, const char *name);
/* The same as a whole number; otherwise where it is not written, or not as one. */
int store_config_int(const struct store *s, const char *name, int otherwise);
/* Where the data stand, as db_open takes it. */
const char *store_where(const struct store *s);
/* A commit or flush has failed: nothing is accepted any more. */
bool store_failed(const struct store *s);
/* An fsync failed outside the writer (an attachment's): nothing is written any more. */
void store_give_up(struct store *s, const struct err *e);

/* This thread's read connection, opened on first use and closed with the thread or the store. It sees everything
 * that store_write has answered. Not to be used inside a write_fn: that reads through its own connection. */
struct db *store_reader(struct store *s, struct err *e);

/* A unit of work on the writer's connection. It runs inside a savepoint: on -1 all it did is undone. */
typedef int (*write_fn)(struct db *d, void *arg, struct err *e);

/* Run fn on the writer and wait until it is committed. Safe from any thread but the writer's own. */
int store_write(struct store *s, write_fn fn, void *arg, struct err *e);
/* The same for a long one: it has a transaction of its own, so that nobody's answer waits for its end. */
int store_write_long(struct store *s, write_fn fn, void *arg, struct err *e);

/* The same without waiting: done is called on the writer's thread after COMMIT (rc 0) or failure (rc -1). The
 * job belongs to the caller and must live until then; done may free it. When the queue is full (ERR_BUSY) or the
 * store has failed or only reads (ERR_IO), done is called at once on the caller's own thread. */
struct write_job {
    write_fn fn;
    void *arg;
    void (*done)(struct write_job *job, int rc, const struct err *e);
    bool alone;             /* in a transaction of its own */
    bool again;             /* fn may be run again after all it did has been undone; it then needs no savepoint */
    struct write_job *next; /* the queue's */
    int rc;                 /* the writer's */
    struct err err;         /* the writer's */
};
void store_submit(struct store *s, struct write_job *job);
/* Is another job queued? For a long one on the writer, which may end early and come again. */
bool store_waited_for(const struct store *s);

/* A 63-bit id that grows with time: 43 bits of milliseconds, 20 bits of counter, never twice in a process. */
int64_t store_id(void);
/* The least id of an instant: older ones are below it. */
int64_t store_id_at(int64_t ms);

#endif
