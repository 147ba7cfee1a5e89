/* SPDX-License-Identifier: Apache-2.0 */
/* sys_user.c: accounts, what they may do where, sessions, failed logins. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "store/dialect.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/sys_user.h"

#define USER_COLUMNS "id, login, name, pinyin, password, totp, active, created"

static void read_user(struct user *u, struct arena *a, const struct stmt *s)
{
    u->id = stmt_col_int(s, 0);
    u->login = sql_text(a, s, 1);
    u->name = sql_text(a, s, 2);
    u->pinyin = sql_text(a, s, 3);
    u->password = sql_text(a, s, 4);
    u->totp = sql_text(a, s, 5);
    u->active = stmt_col_int(s, 6) != 0;
    u->created = stmt_col_int(s, 7);
}

static int login_taken(struct err *e, const char *login)
{
    if (e && e->code == ERR_CONFLICT) {
        err_field(e, "login", "登录名“%s”已被使用，请换一个。", login);
        e->code = ERR_CONFLICT;
    }
    return -1;
}

int user_create(struct db *d, struct user *u, struct err *e)
{
    if (u->id == 0)
        u->id = store_id();
    if (u->created == 0)
        u->created = now_ms();
    if (sql_run(d, e, "INSERT INTO s_user (" USER_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "iteeeeii",
                u->id, u->login, u->name, u->pinyin, u->password, u->totp, I64(u->active), u->created) < 0)
        return login_taken(e, u->login);
    return 0;
}

static int one_user(struct user *out, struct arena *a, struct stmt *s, struct err *e)
{
    int rc = stmt_step(s, e);

    if (rc == 1)
        read_user(out, a, s);
    stmt_done(s);
    return rc;
}

int user_find(struct user *out, struct arena *a, struct db *d, int64_t id, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e, "SELECT " USER_COLUMNS " FROM s_user WHERE id = ?1", "i", id) < 0)
        return -1;
    return one_user(out, a, s, e);
}

int user_by_login(struct user *out, struct arena *a, struct db *d, const char *login, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e, "SELECT " USER_COLUMNS " FROM s_user WHERE login = ?1", "t", login) < 0)
        return -1;
    return one_user(out, a, s, e);
}

/* "%word%" with the signs of LIKE taken literally. */
static const char *like_part(struct arena *a, const char *word)
{
    char *out = arena_alloc(a, strlen(word) * 2 + 3), *p = out;

    *p++ = '%';
    for (; *word; word++) {
        if (strchr("%_!", *word))
            *p++ = '!';
        *p++ = *word;
    }
    *p = '%';
    return out;
}

int user_list(struct user **out, size_t *n, struct arena *a, struct db *d, const char *word, int limit,
              struct err *e)
{
    const char *part = like_part(a, word ? word : "");
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (sql_open(&s, d, e,
                 "SELECT " USER_COLUMNS " FROM s_user WHERE LOWER(login) LIKE LOWER(?1) ESCAPE '!' OR "
                 "name LIKE ?2 ESCAPE '!' OR pinyin LIKE LOWER(?3) ESCAPE '!' ORDER BY pinyin, id LIMIT ?4",
                 "ttti", part, part, part, I64(limit)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct user u;

        read_user(&u, a, s);
        VEC_PUSH(a, *out, *n, cap) = u;
    }
    stmt_done(s);
    return rc;
}

int user_names(struct map **out, struct arena *a, struct db *d, const int64_t *ids, size_t n, struct err *e)
{
    static const char *const sql[] = {
        [DB_SQLITE] = "SELECT id, name FROM s_user WHERE id " IN_IDS_SQLITE(1),
        [DB_POSTGRES] = "SELECT id, name FROM s_user WHERE id " IN_IDS_POSTGRES(1),
    };
    enum db_kind kind = db_kind(d);
    struct stmt *s;
    char key[24];
    int rc;

    *out = map_new(a);
    if (!n)
        return 0;
    if (sql_open(&s, d, e, sql[kind], "t", dialect_ids(a, kind, ids, n)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        snprintf(key, sizeof key, "%lld", (long long)stmt_col_int(s, 0));
        map_put(*out, key, arena_str(a, stmt_col_text(s, 1)));
    }
    stmt_done(s);
    return rc;
}

/* What an update of one user must have changed. */
static int one_changed(int64_t n, struct err *e)
{
    if (n == 0)
        return err_set(e, ERR_MISSING, "没有这个账号，可能已被删除。请刷新后再试。");
    return n < 0 ? -1 : 0;
}

int user_update(struct db *d, const struct user *u, struct err *e)
{
    int64_t n = sql_run(d, e, "UPDATE s_user SET login = ?2, name = ?3, pinyin = ?4, active = ?5 WHERE id = ?1",
                        "iteei", u->id, u->login, u->name, u->pinyin, I64(u->active));

    if (n < 0)
        return login_taken(e, u->login);
    if (one_changed(n, e) < 0)
        return -1;
    return u->active ? 0 : session_end_user(d, u->id, NULL, e);
}

int user_set_password(struct db *d, int64_t id, const char *hash, const char *keep_token, struct err *e)
{
    if (one_changed(sql_run(d, e, "UPDATE s_user SET password = ?2 WHERE id = ?1", "ie", id, hash), e) < 0)
        return -1;
    return session_end_user(d, id, keep_token, e);
}

int user_set_totp(struct db *d, int64_t id, const char *sealed, struct err *e)
{
    return one_changed(sql_run(d, e, "UPDATE s_user SET totp = ?2 WHERE id = ?1", "ie", id, sealed), e);
}

/* --- grants */

int grant_add(struct db *d, int64_t user, const char *role, int64_t unit, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_grant (user_id, role, unit) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (user_id, role, unit) DO NOTHING",
                   "iti", user, role, unit) < 0
               ? -1
               : 0;
}

int grant_drop(struct db *d, int64_t user, const char *role, int64_t unit, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_grant WHERE user_id = ?1 AND role = ?2 AND unit = ?3", "iti", user, role,
                   unit) < 0
               ? -1
               : 0;
}

static int read_grants(struct user_grant **out, size_t *n, struct arena *a, struct stmt *s, struct err *e)
{
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    while ((rc = stmt_step(s, e)) == 1) {
        struct user_grant g = {stmt_col_int(s, 0), sql_text(a, s, 1), stmt_col_int(s, 2)};

        VEC_PUSH(a, *out, *n, cap) = g;
    }
    stmt_done(s);
    return rc;
}

int grant_list(struct user_grant **out, size_t *n, struct arena *a, struct db *d, int64_t user, struct err *e)
{
    struct stmt *s;

    if (sql_open(&s, d, e, "SELECT user_id, role, unit FROM s_grant WHERE user_id = ?1 ORDER BY role, unit", "i",
                 user) < 0)
        return -1;
    return read_grants(out, n, a, s, e);
}

#define HOLDERS(IN)                                                                                                \
    "SELECT g.user_id, g.role, g.unit FROM s_grant g JOIN s_user u ON u.id = g.user_id WHERE u.active = 1 "        \
    "AND (?1 = '' OR g.role = ?1) AND g.unit " IN(2) " ORDER BY g.user_id, g.role, g.unit"
#define HOLDERS_ALL                                                                                                \
    "SELECT g.user_id, g.role, g.unit FROM s_grant g JOIN s_user u ON u.id = g.user_id WHERE u.active = 1 "        \
    "AND (?1 = '' OR g.role = ?1) ORDER BY g.user_id, g.role, g.unit"

int grant_holders(struct user_grant **out, size_t *n, struct arena *a, struct db *d, const char *role,
                  const int64_t *units, size_t nunits, struct err *e)
{
    static const char *const holders[] = DIALECT(HOLDERS);
    struct stmt *s;
    int rc;

    if (units)
        rc = sql_open(&s, d, e, holders[db_kind(d)], "et", role, dialect_ids(a, db_kind(d), units, nunits));
    else
        rc = sql_open(&s, d, e, HOLDERS_ALL, "e", role);
    return rc < 0 ? -1 : read_grants(out, n, a, s, e);
}

/* --- sessions */

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
