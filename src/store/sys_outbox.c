/* SPDX-License-Identifier: Apache-2.0 */
/* sys_outbox.c: messages to send. */
#include "store/sys_outbox.h"
#include "store/sql.h"
#include "store/store.h"

#define COLUMNS "id, home, at, topic, payload, sent, tries, next"
#define MINUTE_MS ((int64_t)60 * 1000)
#define LONGEST_WAIT_MS (6 * 60 * MINUTE_MS)

int outbox_put(struct db *d, int64_t home, const char *topic, const char *payload, int64_t now, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_outbox (id, home, at, topic, payload, sent, tries, next) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6)",
                   "iiitei", store_id(), home, now, topic, payload, now) < 0
               ? -1
               : 0;
}

static int read_messages(struct message **out, size_t *n, struct arena *a, struct stmt *s, struct err *e)
{
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    while ((rc = stmt_step(s, e)) == 1) {
        struct message m = {.id = stmt_col_int(s, 0),
                            .home = stmt_col_int(s, 1),
                            .at = stmt_col_int(s, 2),
                            .topic = sql_text(a, s, 3),
                            .payload = sql_text(a, s, 4),
                            .sent = stmt_col_int(s, 5),
                            .tries = stmt_col_int(s, 6),
                            .next = stmt_col_int(s, 7)};

        VEC_PUSH(a, *out, *n, cap) = m;
    }
    stmt_done(s);
    return rc;
}

int outbox_due(struct message **out, size_t *n, struct arena *a, struct db *d, int64_t now, int limit,
               struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e,
                 "SELECT " COLUMNS " FROM s_outbox WHERE sent = 0 AND next <= ?1 AND tries < ?2 "
                 "ORDER BY next, id LIMIT ?3",
                 "iii", now, I64(OUTBOX_TRIES), I64(limit)) < 0)
        return -1;
    return read_messages(out, n, a, s, e);
}

int outbox_sent(struct db *d, int64_t id, int64_t now, struct err *e)
{
    return sql_run(d, e, "UPDATE s_outbox SET sent = ?2, tries = tries + 1 WHERE id = ?1", "ii", id, now) < 0 ? -1
                                                                                                              : 0;
}

int outbox_failed(struct db *d, int64_t id, int64_t now, struct err *e)
{
    int64_t tries, wait = LONGEST_WAIT_MS;
    int rc = sql_int(&tries, d, e, "SELECT tries FROM s_outbox WHERE id = ?1", "i", id);

    if (rc <= 0)
        return rc;
    if (tries < 8)
        wait = MINUTE_MS << tries;
    return sql_run(d, e, "UPDATE s_outbox SET tries = tries + 1, next = ?2 WHERE id = ?1", "ii", id, now + wait) < 0
               ? -1
               : 0;
}

int outbox_list(struct message **out, size_t *n, struct arena *a, struct db *d, const char *topic, int limit,
                struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e, "SELECT " COLUMNS " FROM s_outbox WHERE topic = ?1 ORDER BY id DESC LIMIT ?2", "ti",
                 topic, I64(limit)) < 0)
        return -1;
    return read_messages(out, n, a, s, e);
}

int outbox_stuck(int64_t *n, struct db *d, struct err *e)
{
    return sql_int(n, d, e, "SELECT COUNT(*) FROM s_outbox WHERE sent = 0 AND tries >= ?1", "i",
                   I64(OUTBOX_TRIES)) < 0
               ? -1
               : 0;
}

int outbox_prune(struct db *d, int64_t before, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_outbox WHERE sent > 0 AND sent < ?1", "i", before) < 0 ? -1 : 0;
}
