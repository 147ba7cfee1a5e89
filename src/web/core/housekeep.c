/* SPDX-License-Identifier: Apache-2.0 */
/* housekeep.c: what a serving process throws away in time. */
#include "web/housekeep.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "store/files.h"
#include "store/sys_idem.h"
#include "store/sys_intake.h"
#include "store/sys_outbox.h"
#include "store/sys_user.h"
#include "store/unclaimed.h"

#define OUTBOX_DAYS 30
#define DAY_MS ((int64_t)24 * 3600 * 1000)

struct pruning {
    const struct store *store;
    int64_t now;
};

static int prune_in(struct db *d, void *arg, struct err *e)
{
    const struct pruning *p = arg;
    const int outbox = store_config_int(p->store, "outbox_days", OUTBOX_DAYS);

    if (idem_prune(d, p->now, e) || session_prune(d, p->now, e) || attempt_prune(d, p->now, e))
        return -1;
    if (undo_prune(d, p->now - undo_days(p->store) * DAY_MS, e))
        return -1;
    return outbox_prune(d, p->now - outbox * DAY_MS, e);
}

int housekeep_prune(struct store *s, int64_t now, struct err *e)
{
    struct pruning p = {.store = s, .now = now};

    return store_write(s, prune_in, &p, e);
}

/* Uploads of a process that ended in the middle of them. */
static int tmp_sweep(const char *dir, struct err *e)
{
    struct arena *a = arena_new();
    const char *tmp = path_join(a, dir, "tmp");
    int rc = 0;

    for (char **names = dir_list(a, tmp); *names && rc == 0; names++) {
        const char *path = path_join(a, tmp, *names);

        if (unlink(path) < 0 && errno != ENOENT && errno != EISDIR)
            rc = err_log(e, "unlink %s: %s", path, strerror(errno));
    }
    arena_free(a);
    return rc;
}

void housekeep_begin(struct store *s)
{
    struct err e = {0};

    if (tmp_sweep(store_dir(s), &e) || files_sweep(store_dir(s), &e))
        log_line(LOG_ERROR, "sweep: %s", e.log[0] ? e.log : e.msg);
}

void housekeep_hourly(struct store *s, int64_t *next)
{
    int64_t now = now_ms();
    struct err e = {0};

    if (now < *next)
        return;
    *next = now + HOUSEKEEP_MS;
    if (housekeep_prune(s, now, &e) || unclaimed_sweep(s, now - upload_days(s) * DAY_MS, &e))
        log_line(LOG_ERROR, "housekeeping: %s", e.log[0] ? e.log : e.msg);
}
