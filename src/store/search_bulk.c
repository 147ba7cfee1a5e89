/* SPDX-License-Identifier: Apache-2.0 */
/* search_bulk.c: all texts are forgotten at once, to be put in anew. */
#include "store/backend.h"
#include "store/search.h"
#include "store/sql.h"

/* FTS5 gathers this many bytes before it writes a segment; what a transaction puts in stays below it. */
#define GATHER_BULK "33554432"
#define GATHER_USUAL "1048576"

static int run_all(struct db *d, const char *const *sql, struct err *e)
{
    for (; *sql; sql++)
        if (db_exec(d, *sql, e) < 0)
            return -1;
    return 0;
}

int search_bulk_begin(struct db *d, struct err *e)
{
    /* Taking each text's tokens out of the index one by one costs far more than the whole index does. */
    static const char *const sqlite[] = {
        "INSERT INTO s_find (s_find) VALUES ('delete-all')",
        "DELETE FROM s_text",
        "INSERT INTO s_find (s_find, rank) VALUES ('hashsize', " GATHER_BULK ")",
        NULL,
    };
    static const char *const postgres[] = {
        "DROP INDEX IF EXISTS s_text_tokens",
        "TRUNCATE s_text",
        NULL,
    };

    return run_all(d, db_kind(d) == DB_SQLITE ? sqlite : postgres, e);
}

int search_bulk_end(struct db *d, struct err *e)
{
    static const char *const sqlite[] = {
        "INSERT INTO s_find (s_find, rank) VALUES ('hashsize', " GATHER_USUAL ")",
        NULL,
    };
    static const char *const postgres[] = {
        "SET LOCAL maintenance_work_mem = '256MB'",
        "CREATE INDEX IF NOT EXISTS s_text_tokens ON s_text USING gin (tokens)",
        NULL,
    };

    return run_all(d, db_kind(d) == DB_SQLITE ? sqlite : postgres, e);
}

int search_counts(struct map **out, struct arena *a, struct db *d, struct err *e)
{
    struct stmt *s;
    int rc;

    *out = map_new(a);
    if (sql_open(&s, d, e, "SELECT register, COUNT(*) FROM s_text GROUP BY register", "") < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        int64_t *n = arena_alloc(a, sizeof *n);

        *n = stmt_col_int(s, 1);
        map_put(*out, stmt_col_text(s, 0), n);
    }
    stmt_done(s);
    return rc;
}
