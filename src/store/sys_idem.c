/* SPDX-License-Identifier: Apache-2.0 */
/* sys_idem.c: idempotency keys. */
#include "store/sys_idem.h"
#include "store/sql.h"

int idem_find(struct idem *out, struct arena *a, struct db *d, int64_t who, const char *key, struct err *e)
{
    struct stmt *s;
    int rc;

    if (sql_open(&s, d, e, "SELECT status, answer, at FROM s_idem WHERE who = ?1 AND key = ?2", "it", who, key) < 0)
        return -1;
    rc = stmt_step(s, e);
    if (rc == 1) {
        out->status = (int)stmt_col_int(s, 0);
        out->answer = sql_text(a, s, 1);
        out->at = stmt_col_int(s, 2);
    }
    stmt_done(s);
    return rc;
}

int idem_keep(struct db *d, int64_t who, const char *key, const struct idem *i, struct err *e)
{
    return sql_run(d, e, "INSERT INTO s_idem (key, who, at, status, answer) VALUES (?1, ?2, ?3, ?4, ?5)", "tiiie",
                   key, who, i->at, I64(i->status), i->answer) < 0
               ? -1
               : 0;
}

int idem_prune(struct db *d, int64_t now, struct err *e)
{
    return sql_run(d, e, "DELETE FROM s_idem WHERE at < ?1", "i", now - IDEM_KEEP_MS) < 0 ? -1 : 0;
}
