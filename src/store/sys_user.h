/* SPDX-License-Identifier: Apache-2.0 */
/* sys_user.h: accounts, what they may do where, sessions, and the brake on guessing passwords.
 *
 * s_user(id, login, name, password, totp, active, created, pinyin), s_grant(user_id, role, unit),
 * s_session(token_hash, user_id, created, seen, csrf, agent), s_attempt(id, login, at, ip).
 * Passwords come hashed (sec_password_hash), tokens hashed (SHA-256 hex): this floor never sees either. */
#ifndef LINLI_STORE_SYS_USER_H
#define LINLI_STORE_SYS_USER_H

#include "base/arena.h"
#include "base/map.h"
#include "store/db.h"

#define SESSION_IDLE_MS ((int64_t)12 * 3600 * 1000)
#define SESSION_TOTAL_MS ((int64_t)7 * 24 * 3600 * 1000)
#define SESSION_TOUCH_MS 60000 /* seen is written at most once a minute */
#define ATTEMPT_WINDOW_MS (15 * 60 * 1000)
/* Failures within the window after which one must wait: of a login from one address, of a login from anywhere (so
 * that a stranger does not easily lock somebody out), of one address with any login (an office may share it). */
#define ATTEMPT_PER_PAIR 5
#define ATTEMPT_PER_LOGIN 20
#define ATTEMPT_PER_IP 50

struct user {
    int64_t id;
    const char *login;    /* unique, compared exactly */
    const char *name;     /* shown */
    const char *pinyin;   /* for sorting and finding: syllables, a blank, initials */
    const char *password; /* hash; "" cannot log in by password */
    const char *totp;     /* sealed secret, "" none */
    bool active;
    int64_t created; /* instant */
};
struct user_grant {
    int64_t user;
    const char *role;
    int64_t unit; /* the role holds at this unit and beneath it */
};

/* u->id 0 gets a new id, created 0 gets now. ERR_CONFLICT (field "login") if the login is taken. */
int user_create(struct db *d, struct user *u, struct err *e);
/* 1 found (strings held by the arena), 0 none, -1 an error. */
int user_find(struct user *out, struct arena *a, struct db *d, int64_t id, struct err *e);
int user_by_login(struct user *out, struct arena *a, struct db *d, const char *login, struct err *e);
/* All, or those whose login, name or pinyin holds the word, by pinyin; at most limit. */
int user_list(struct user **out, size_t *n, struct arena *a, struct db *d, const char *word, int limit,
              struct err *e);
/* Shown names of these ids, one query: map "ID" → name. */
int user_names(struct map **out, struct arena *a, struct db *d, const int64_t *ids, size_t n, struct err *e);
/* Writes login, name, pinyin and active. A user set inactive loses all sessions. ERR_MISSING if there is none. */
int user_update(struct db *d, const struct user *u, struct err *e);
/* A new hash ends all sessions of the user except the one with this token hash (NULL: all). */
int user_set_password(struct db *d, int64_t id, const char *hash, const char *keep_token, struct err *e);
int user_set_totp(struct db *d, int64_t id, const char *sealed, struct err *e);

int grant_add(struct db *d, int64_t user, const char *role, int64_t unit, struct err *e); /* again: no error */
int grant_drop(struct db *d, int64_t user, const char *role, int64_t unit, struct err *e);
int grant_list(struct user_grant **out, size_t *n, struct arena *a, struct db *d, int64_t user, struct err *e);
/* Everyone with a role at exactly these units (role NULL: any role); units NULL: everywhere. */
int grant_holders(struct user_grant **out, size_t *n, struct arena *a, struct db *d, const char *role,
                  const int64_t *units, size_t nunits, struct err *e);

struct session {
    const char *token_hash;
    int64_t user, created, seen; /* instants */
    const char *csrf, *agent;
};
int session_start(struct db *d, const struct session *s, struct err *e);
/* 1 a living session (neither idle nor too old at the instant now), 0 none, -1. Strings held by the arena. */
int session_find(struct session *out, struct arena *a, struct db *d, const char *token_hash, int64_t now,
                 struct err *e);
int session_touch(struct db *d, const char *token_hash, int64_t now, struct err *e);
int session_end(struct db *d, const char *token_hash, struct err *e);
int session_end_user(struct db *d, int64_t user, const char *except, struct err *e); /* except may be NULL */
int session_prune(struct db *d, int64_t now, struct err *e);

/* Failed logins. attempt_wait: milliseconds until this login from this address may try again; 0 now. */
int attempt_note(struct db *d, const char *login, const char *ip, int64_t now, struct err *e);
int attempt_wait(int64_t *ms, struct db *d, const char *login, const char *ip, int64_t now, struct err *e);
int attempt_clear(struct db *d, const char *login, struct err *e); /* after a success */
int attempt_prune(struct db *d, int64_t now, struct err *e);

#endif
