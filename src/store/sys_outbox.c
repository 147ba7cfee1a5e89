/* SPDX-License-Identifier: Apache-2.0 */
/* sys_outbox.c: messages that wait for a program outside. */
#include "store/sys_outbox.h"
#include "store/sql.h"
#include "store/store.h"

int outbox_put(struct db *d, int64_t home, const char *topic, const char *payload, int64_t now, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_outbox (id, home, at, topic, payload) VALUES (?1, ?2, ?3, ?4, ?5)", "iiitt",
                   store_id(), home, now, topic, payload) < 0
               ? -1
               : 0;
}

int outbox_list(struct message **out, size_t *n, struct arena *a, struct db *d, int64_t after, int limit,
                struct err *e)
{
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (sql_open(&s, d, e, "SELECT id, home, at, topic, payload FROM s_outbox WHERE id > ?1 ORDER BY id LIMIT ?2",
                 "ii", after, I64(limit)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct message m = {.id = stmt_col_int(s, 0),
                            .home = stmt_col_int(s, 1),
                            .at = stmt_col_int(s, 2),
                            .topic = sql_text(a, s, 3),
                            .payload = sql_text(a, s, 4)};

        VEC_PUSH(a, *out, *n, cap) = m;
    }
    stmt_done(s);
    return rc;
}

int outbox_drop(struct db *d, int64_t id, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_outbox WHERE id = ?1", "i", id) < 0 ? -1 : 0;
}

int outbox_prune(struct db *d, int64_t before, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_outbox WHERE id < ?1", "i", store_id_at(before)) < 0 ? -1 : 0;
}
