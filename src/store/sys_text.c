/* SPDX-License-Identifier: Apache-2.0 */
/* sys_text.c: the written parts of reports, version by version. */
#include "store/sys_text.h"

#include <string.h>

#include "base/sec.h"
#include "store/sql.h"
#include "store/sys_trail.h"

static int list(struct text_kept **out, size_t *n, struct arena *a, struct db *d, const char *sql,
                const struct text_at *at, struct err *e)
{
    struct stmt *s;
    size_t cap = 0;
    int rc;

    *out = NULL;
    *n = 0;
    if (sql_open(&s, d, e, sql, "iitii", at->home, at->unit, at->report, I64(at->from), I64(at->to)) < 0)
        return -1;
    while ((rc = stmt_step(s, e)) == 1) {
        struct text_kept t = {.slot = sql_text(a, s, 0),
                              .text = sql_text(a, s, 1),
                              .version = stmt_col_int(s, 2),
                              .who = stmt_col_int(s, 3),
                              .at = stmt_col_int(s, 4)};

        VEC_PUSH(a, *out, *n, cap) = t;
    }
    stmt_done(s);
    return rc;
}

#define TEXTS                                                                                                      \
    "SELECT t.slot, t.text, t.version, t.who, t.at FROM s_report_text t "                                          \
    "WHERE t.home = ?1 AND t.unit = ?2 AND t.report = ?3 AND t.start = ?4 "

int text_list(struct text_kept **out, size_t *n, struct arena *a, struct db *d, const struct text_at *at,
              struct err *e)
{
    return list(out, n, a, d, TEXTS "AND t.stop = ?5 ORDER BY t.slot", at, e);
}

int text_list_earlier(struct text_kept **out, size_t *n, struct arena *a, struct db *d, const struct text_at *at,
                      struct err *e)
{
    return list(out, n, a, d,
                TEXTS "AND t.stop = (SELECT MAX(u.stop) FROM s_report_text u WHERE u.home = t.home "
                      "AND u.unit = t.unit AND u.report = t.report AND u.start = t.start AND u.slot = t.slot "
                      "AND u.stop < ?5) ORDER BY t.slot",
                at, e);
}

/* The trail holds which text it was, not the words. */
static int tell(struct db *d, const struct text_at *at, const struct text_kept *t, struct err *e)
{
    struct arena *a = arena_new();
    unsigned char h[SEC_HASH];
    char hex[2 * SEC_HASH + 1];
    struct trail_entry entry = {
        .home = at->home, .at = t->at, .who = t->who, .act = "text", .table = "", .record = at->unit};
    int rc;

    sec_sha256(h, t->text, strlen(t->text));
    sec_hex(hex, h, sizeof h);
    entry.detail = arena_printf(a,
                                "{\"report\":\"%s\",\"slot\":\"%s\",\"from\":%d,\"to\":%d,\"version\":%lld,"
                                "\"sha256\":\"%s\"}",
                                at->report, t->slot, at->from, at->to, (long long)t->version + 1, hex);
    rc = trail_append(d, &entry, e);
    arena_free(a);
    return rc;
}

int text_save(struct db *d, const struct text_at *at, const struct text_kept *t, struct err *e)
{
    int64_t changed;

    if (t->version == 0)
        changed =
            sql_run(d, e,
                    "INSERT INTO s_report_text (home, unit, report, start, stop, slot, text, version, who, at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9) "
                    "ON CONFLICT (home, unit, report, start, stop, slot) DO NOTHING",
                    "iitiittii", at->home, at->unit, at->report, I64(at->from), I64(at->to), t->slot, t->text,
                    t->who, t->at);
    else
        changed = sql_run(d, e,
                          "UPDATE s_report_text SET text = ?7, version = version + 1, who = ?8, at = ?9 "
                          "WHERE home = ?1 AND unit = ?2 AND report = ?3 AND start = ?4 AND stop = ?5 "
                          "AND slot = ?6 AND version = ?10",
                          "iitiittiii", at->home, at->unit, at->report, I64(at->from), I64(at->to), t->slot,
                          t->text, t->who, t->at, t->version);
    if (changed == 0)
        return err_set(e, ERR_CONFLICT, "这段文字刚刚由别人改过。");
    return changed < 0 ? -1 : tell(d, at, t, e);
}
