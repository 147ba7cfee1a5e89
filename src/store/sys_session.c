/* SPDX-License-Identifier: Apache-2.0 */
/* sys_session.c: sessions and failed logins (contract in sys_user.h). */
#include "store/sql.h"
#include "store/store.h"
#include "store/sys_user.h"

#define SESSION_COLUMNS "token_hash, user_id, created, seen, csrf, agent"

int session_start(struct db *d, const struct session *s, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_session (" SESSION_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "tiiiee",
                   s->token_hash, s->user, s->created, s->seen, s->csrf, s->agent) < 0
               ? -1
               : 0;
}

static void read_session(struct session *out, struct arena *a, const struct stmt *s)
{
    out->token_hash = sql_text(a, s, 0);
    out->user = stmt_col_int(s, 1);
    out->created = stmt_col_int(s, 2);
    out->seen = stmt_col_int(s, 3);
    out->csrf = sql_text(a, s, 4);
    out->agent = sql_text(a, s, 5);
}

int session_find(struct session *out, struct arena *a, struct db *d, const char *token_hash, int64_t now,
                 struct err *e)
{
    struct stmt *s;
    int rc;

    if (sql_open(&s, d, e,
                 "SELECT " SESSION_COLUMNS " FROM s_session WHERE token_hash = ?1 AND seen > ?2 AND created > ?3",
                 "tii", token_hash, now - SESSION_IDLE_MS, now - SESSION_TOTAL_MS) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        read_session(out, a, s);
    stmt_done(s);
    return rc;
}

bool session_stale(const struct session *s, int64_t now)
{
    return now - s->seen >= SESSION_TOUCH_MS;
}

int session_touch(struct db *d, const char *token_hash, int64_t now, struct err *e)
{
    return sql_run(d, e, "UPDATE s_session SET seen = ?2 WHERE token_hash = ?1 AND seen < ?2", "ti", token_hash,
                   now) < 0
               ? -1
               : 0;
}

int session_end(struct db *d, const char *token_hash, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_session WHERE token_hash = ?1", "t", token_hash) < 0 ? -1 : 0;
}

int session_end_user(struct db *d, int64_t user, const char *except, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_session WHERE user_id = ?1 AND token_hash <> ?2", "ie", user, except) < 0
               ? -1
               : 0;
}

int session_list(struct session **out, size_t *n, struct arena *a, struct db *d, int64_t user, struct err *e)
{
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (sql_open(&s, d, e, "SELECT " SESSION_COLUMNS " FROM s_session WHERE user_id = ?1 ORDER BY seen DESC", "i",
                 user) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct session one;

        read_session(&one, a, s);
        VEC_PUSH(a, *out, *n, cap) = one;
    }
    stmt_done(s);
    return rc;
}

int session_prune(struct db *d, int64_t now, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_session WHERE seen <= ?1 OR created <= ?2", "ii", now - SESSION_IDLE_MS,
                   now - SESSION_TOTAL_MS) < 0
               ? -1
               : 0;
}

/* --- failed logins */

int attempt_note(struct db *d, const char *login, const char *ip, int64_t now, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_attempt (id, login, at, ip) VALUES (?1, ?2, ?3, ?4)", "itie", store_id(),
                   login, now, ip) < 0
               ? -1
               : 0;
}

/* The n-th latest failure within the window is what one waits for. */
int attempt_wait(int64_t *ms, struct db *d, const char *login, const char *ip, int64_t now, struct err *e)
{
    static const struct {
        const char *sql;
        int64_t allowed;
    } rules[] = {
        {"SELECT at FROM s_attempt WHERE login = ?1 AND ip = ?2 AND at > ?3 ORDER BY at DESC LIMIT 1 OFFSET ?4",
         ATTEMPT_PER_PAIR},
        {"SELECT at FROM s_attempt WHERE login = ?1 AND ?2 = ?2 AND at > ?3 ORDER BY at DESC LIMIT 1 OFFSET ?4",
         ATTEMPT_PER_LOGIN},
        {"SELECT at FROM s_attempt WHERE ip = ?2 AND ?1 = ?1 AND at > ?3 ORDER BY at DESC LIMIT 1 OFFSET ?4",
         ATTEMPT_PER_IP},
    };
    size_t i;

    *ms = 0;
    for (i = 0; i < sizeof rules / sizeof *rules; i++) {
        int64_t at;
        int rc = sql_int(&at, d, e, rules[i].sql, "teii", login, ip, now - ATTEMPT_WINDOW_MS, rules[i].allowed - 1);

        if (rc < 0)
            return -1;
        if (rc == 1 && at + ATTEMPT_WINDOW_MS - now > *ms)
            *ms = at + ATTEMPT_WINDOW_MS - now;
    }
    return 0;
}

int attempt_clear(struct db *d, const char *login, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_attempt WHERE login = ?1", "t", login) < 0 ? -1 : 0;
}

int attempt_prune(struct db *d, int64_t now, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_attempt WHERE at <= ?1", "i", now - ATTEMPT_WINDOW_MS) < 0 ? -1 : 0;
}
