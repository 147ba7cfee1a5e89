/* SPDX-License-Identifier: Apache-2.0 */
/* search.c: text search: putting texts in and finding them. Tokens are search_tokens.c's matter. */
#include <string.h>

#include "base/buf.h"
#include "store/backend.h"
#include "store/dialect.h"
#include "store/search.h"
#include "store/search_tokens.h"
#include "store/sql.h"

#define SCOPE_TOKENS 16 /* scopes looked up in the index; with more of them the table's columns decide */
#define MATCH_MAX (64u * 1024)

/* --- tables */

int search_create(struct db *d, struct err *e)
{
    /* The ascii tokenizer takes every byte above 127 as part of a word: tokens come out as they went in. */
    static const char *const sqlite[] = {
        ("CREATE TABLE s_text (id INTEGER PRIMARY KEY, home BIGINT NOT NULL, register TEXT NOT NULL, "
         "day BIGINT NOT NULL, body TEXT NOT NULL)"),
        "CREATE INDEX s_text_home ON s_text (home, id)",
        "CREATE VIRTUAL TABLE s_find USING fts5 (tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
        "INSERT INTO s_find (s_find, rank) VALUES ('secure-delete', 0)", /* see search_index.c */
        /* each commit leaves a segment: eight of a size become one, not four, for half the work of a save */
        "INSERT INTO s_find (s_find, rank) VALUES ('automerge', 8)",
        NULL,
    };
    static const char *const postgres[] = {
        ("CREATE TABLE s_text (id BIGINT NOT NULL, home BIGINT NOT NULL, register TEXT NOT NULL, "
         "day BIGINT NOT NULL, body TEXT NOT NULL, tokens TEXT[] NOT NULL, PRIMARY KEY (home, id))"),
        "CREATE INDEX s_text_id ON s_text (id)",
        "CREATE INDEX s_text_tokens ON s_text USING gin (tokens)",
        NULL,
    };
    const char *const *sql = db_kind(d) == DB_SQLITE ? sqlite : postgres;

    for (; *sql; sql++)
        if (db_exec(d, *sql, e) < 0)
            return -1;
    return 0;
}

/* --- putting in */

/* The tokens that the index has of this record; NULL: none. */
static int tokens_before(const char **out, struct db *d, struct arena *a, int64_t id, struct err *e)
{
    struct stmt *s;
    int rc;

    *out = NULL;
    if (sql_open(&s, d, e, "SELECT home, register, body FROM s_text WHERE id = ?1", "i", id) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1)
        *out = tokens_of_record(a, stmt_col_int(s, 0), stmt_col_text(s, 1), stmt_col_text(s, 2), " ");
    stmt_done(s);
    return rc < 0 ? -1 : 0;
}

static int sqlite_forget(struct db *d, struct arena *a, int64_t id, struct err *e)
{
    const char *was;

    if (tokens_before(&was, d, a, id, e) < 0)
        return -1;
    if (!was)
        return 0;
    return sql_run(d, e, "DELETE FROM s_text WHERE id = ?1", "i", id) < 0 ||
                   search_index_change(d, id, was, NULL, e) < 0
               ? -1
               : 0;
}

static int sqlite_put(struct db *d, int64_t home, const char *table, int64_t id, int64_t day,
                      const struct search_text *t, const char *was, struct err *e)
{
    if (sql_run(d, e,
                was ? "UPDATE s_text SET home = ?2, register = ?3, day = ?4, body = ?5 WHERE id = ?1"
                    : "INSERT INTO s_text (id, home, register, day, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                "iitit", id, home, table, day, t->body) < 0)
        return -1;
    return search_index_change(d, id, was, t->tokens, e);
}

static int postgres_put(struct db *d, int64_t home, const char *table, int64_t id, int64_t day,
                        const struct search_text *t, struct err *e)
{
    return sql_run(d, e,
                   "INSERT INTO s_text (id, home, register, day, body, tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                   "ON CONFLICT (home, id) DO UPDATE SET register = excluded.register, day = excluded.day, "
                   "body = excluded.body, tokens = excluded.tokens",
                   "iititt", id, home, table, day, t->body, t->tokens) < 0
               ? -1
               : 0;
}

void search_cut(struct search_text *out, struct arena *a, enum db_kind kind, int64_t home, const char *table,
                const char *text, const char *closed)
{
    bool sqlite = kind == DB_SQLITE;

    out->body = text_for_search(a, text, SEARCH_TEXT);
    if (closed)
        out->body = arena_printf(a, "%s%c%s", out->body, BODY_CLOSED, text_for_search(a, closed, SEARCH_TEXT));
    out->tokens = tokens_of_record(a, home, table, out->body, sqlite ? " " : "\",\"");
    if (!sqlite)
        out->tokens = arena_printf(a, "{\"%s\"}", out->tokens);
}

int search_put_new(struct db *d, int64_t home, const char *table, int64_t id, int64_t day,
                   const struct search_text *t, struct err *e)
{
    return db_kind(d) == DB_SQLITE ? sqlite_put(d, home, table, id, day, t, NULL, e)
                                   : postgres_put(d, home, table, id, day, t, e);
}

int search_put_closed(struct db *d, int64_t home, const char *table, int64_t id, int64_t day, const char *text,
                      const char *closed, struct err *e)
{
    struct arena *a = arena_new();
    struct search_text t;
    const char *was = NULL;
    bool sqlite = db_kind(d) == DB_SQLITE;
    int rc = sqlite ? tokens_before(&was, d, a, id, e) : 0;

    search_cut(&t, a, db_kind(d), home, table, text, closed);
    if (rc == 0)
        rc =
            sqlite ? sqlite_put(d, home, table, id, day, &t, was, e) : postgres_put(d, home, table, id, day, &t, e);
    arena_free(a);
    return rc;
}

int search_put(struct db *d, int64_t home, const char *table, int64_t id, int64_t day, const char *text,
               struct err *e)
{
    return search_put_closed(d, home, table, id, day, text, NULL, e);
}

int search_drop(struct db *d, int64_t home, int64_t id, struct err *e)
{
    struct arena *a;
    int rc;

    if (db_kind(d) == DB_POSTGRES)
        return sql_run(d, e, "DELETE FROM s_text WHERE home = ?1 AND id = ?2", "ii", home, id) < 0 ? -1 : 0;
    a = arena_new();
    rc = sqlite_forget(d, a, id, e);
    arena_free(a);
    return rc;
}

/* --- a query, taken apart */

struct question {
    struct arena *a;
    const struct search_scope *scope;
    size_t nwords;
    const char *words[SEARCH_WORDS]; /* each must stand in the body */
    struct map *tokens;              /* narrowing them down; empty: scan */
};

static void read_question(struct question *q, struct arena *a, const struct search_scope *s, const char *query)
{
    char *text = text_for_search(a, query, SEARCH_TEXT), *word, *save = NULL;
    struct map *plain;

    memset(q, 0, sizeof *q);
    q->a = a;
    q->scope = s;
    q->tokens = map_new(a);
    plain = s->closed ? map_new(a) : q->tokens;
    for (word = strtok_r(text, " \t\n", &save); word && q->nwords < SEARCH_WORDS;
         word = strtok_r(NULL, " \t\n", &save)) {
        q->words[q->nwords++] = word;
        tokens_of_text(plain, word);
    }
    for (size_t i = 0; s->closed && i < map_count(plain); i++)
        map_put(q->tokens, token_closed(a, map_key(plain, i)), q);
}

/* Does the word stand in what this scope may look at? */
static bool holds(const struct question *q, const char *body, const char *word)
{
    const char *at = strstr(body, word), *closed = strchr(body, BODY_CLOSED);

    return at && (q->scope->closed || !closed || at < closed);
}

static bool answers(const struct question *q, const struct search_hit *h)
{
    size_t i;

    for (i = 0; i < q->nwords; i++)
        if (!holds(q, h->body, q->words[i]))
            return false;
    if (!q->scope->tables)
        return true;
    for (i = 0; i < q->scope->ntables; i++)
        if (strcmp(q->scope->tables[i], h->table) == 0)
            return true;
    return false;
}

/* The scopes as tokens, the narrowest kind that is not too many of them; none: NULL. */
static struct map *scope_tokens(const struct question *q)
{
    const struct search_scope *s = q->scope;
    size_t ntables = s->tables ? s->ntables : 1, i, k;
    struct map *m = map_new(q->a);

    if (s->nhomes * ntables > SCOPE_TOKENS)
        return NULL;
    for (i = 0; i < s->nhomes; i++)
        for (k = 0; k < ntables; k++)
            map_put(m, token_of_scope(q->a, s->homes[i], s->tables ? s->tables[k] : NULL), m);
    return m;
}

static void join(struct buf *b, const struct map *m, const char *between)
{
    size_t i;

    for (i = 0; i < map_count(m); i++)
        buf_printf(b, "%s\"%s\"", i > 0 ? between : "", map_key(m, i));
}

/* FTS5's expression: ("scope" OR "scope") AND "token" AND "token". */
static const char *match_text(const struct question *q)
{
    struct map *scopes = scope_tokens(q);
    struct buf b;
    const char *out;

    buf_init(&b, MATCH_MAX);
    if (scopes) {
        buf_char(&b, '(');
        join(&b, scopes, " OR ");
        buf_str(&b, ") AND ");
    }
    join(&b, q->tokens, " AND ");
    out = arena_strn(q->a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

/* The tokens as an array for PostgreSQL; one scope narrows with them. */
static const char *array_text(const struct question *q)
{
    struct map *scopes = scope_tokens(q);
    struct buf b;
    const char *out;

    buf_init(&b, MATCH_MAX);
    buf_char(&b, '{');
    join(&b, q->tokens, ",");
    if (scopes && map_count(scopes) == 1)
        buf_printf(&b, ",\"%s\"", map_key(scopes, 0));
    buf_char(&b, '}');
    out = arena_strn(q->a, buf_cstr(&b), b.n);
    buf_done(&b);
    return out;
}

/* --- finding: ?1 tokens ?2 below this id ?3 homes ?4 rows */

#define COLUMNS "t.home, t.id, t.day, t.register, t.body"
#define FIND_SQLITE                                                                                                \
    "SELECT " COLUMNS " FROM s_find f CROSS JOIN s_text t ON t.id = f.rowid WHERE s_find MATCH ?1 "                \
    "AND f.rowid < ?2 AND t.home " IN_IDS_SQLITE(3) " ORDER BY f.rowid DESC LIMIT ?4"
#define FIND_POSTGRES                                                                                              \
    "SELECT " COLUMNS " FROM s_text t WHERE t.tokens @> CAST(?1 AS TEXT[]) AND t.id < ?2 "                         \
    "AND t.home " IN_IDS_POSTGRES(3) " ORDER BY t.id DESC LIMIT ?4"
/* Without tokens: the newest texts, those of one home through its index. ?1 is not used. */
#define SCAN_ONE                                                                                                   \
    "SELECT " COLUMNS " FROM s_text t WHERE t.home = ?3 AND t.id < ?2 AND ?1 = ?1 ORDER BY t.id DESC LIMIT ?4"
#define SCAN(IN)                                                                                                   \
    "SELECT " COLUMNS " FROM (SELECT * FROM s_text WHERE id < ?2 ORDER BY id DESC LIMIT ?4) t "                    \
    "WHERE ?1 = ?1 AND t.home " IN(3) " ORDER BY t.id DESC"

struct finding {
    struct db *d;
    struct question q;
    const char *sql, *tokens, *homes;
    int left;       /* hits still wanted */
    int64_t before; /* the next piece begins below this id */
    bool stop;
    search_fn fn;
    void *arg;
};

/* One piece of at most rows texts; returns how many were looked at, -1 an error. */
static int find_piece(struct finding *f, int rows, struct err *e)
{
    struct stmt *s;
    int rc = 0, n = 0;

    if (sql_open(&s, f->d, e, f->sql, "titi", f->tokens, f->before, f->homes, I64(rows)) < 0)
        return -1;
    while (!f->stop && f->left > 0 && (rc = stmt_step(s, e)) != 0) {
        struct search_hit h;

        if (rc < 0)
            break;
        h = (struct search_hit){stmt_col_int(s, 0), stmt_col_int(s, 1), stmt_col_int(s, 2), stmt_col_text(s, 3),
                                stmt_col_text(s, 4)};
        f->before = h.id;
        n++;
        if (!answers(&f->q, &h))
            continue;
        f->left--;
        if (!f->q.scope->closed)
            h.body = arena_strn(f->q.a, h.body, strcspn(h.body, (const char[]){BODY_CLOSED, 0}));
        rc = f->fn(f->arg, &h, e);
        if (rc < 0)
            break;
        f->stop = rc != 0;
    }
    stmt_done(s);
    return rc < 0 ? -1 : n;
}

/* Pieces grow, so that a query whose pairs are common but never adjacent costs few of them. */
static int find_all(struct finding *f, struct err *e)
{
    int rows = f->left + 10, n;

    do {
        n = find_piece(f, rows, e);
        if (n < 0)
            return -1;
        if (n < rows)
            return 0;
        rows = rows * 4 > 5000 ? 5000 : rows * 4;
    } while (f->left > 0 && !f->stop);
    return 0;
}

int search_find(struct db *d, const struct search_scope *s, const char *query, search_fn fn, void *arg,
                struct err *e)
{
    static const char *const scan[] = DIALECT(SCAN);
    enum db_kind kind = db_kind(d);
    struct arena *a = arena_new();
    struct finding f = {.d = d, .left = s->limit, .fn = fn, .arg = arg};
    int rc = 0;

    f.before = s->before_id > 0 ? s->before_id : INT64_MAX;
    read_question(&f.q, a, s, query);
    if (f.q.nwords == 0 || s->nhomes == 0)
        goto out;
    f.homes = dialect_ids(a, kind, s->homes, s->nhomes);
    if (map_count(f.q.tokens) > 0) {
        f.sql = kind == DB_SQLITE ? FIND_SQLITE : FIND_POSTGRES;
        f.tokens = kind == DB_SQLITE ? match_text(&f.q) : array_text(&f.q);
        rc = find_all(&f, e);
        goto out;
    }
    f.sql = s->nhomes == 1 ? SCAN_ONE : scan[kind];
    f.tokens = "";
    if (s->nhomes == 1)
        f.homes = arena_printf(a, "%lld", (long long)s->homes[0]);
    rc = find_piece(&f, SEARCH_SCAN, e);
out:
    arena_free(a);
    return rc < 0 ? -1 : 0;
}
