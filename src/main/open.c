/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: opening the site for a command. */
#include "main/open.h"

/* Data of an older program are brought up to date first, unless a server has them in hand: then what stands in e
 * says what to do. */
static int site_open_renewed(struct site **out, const char *dir, enum store_mode mode, struct err *e)
{
    struct err why = {0};

    if (site_open(out, dir, mode, e) == 0)
        return 0;
    if (mode != STORE_READ || e->code != ERR_BUSY)
        return -1;
    if (site_open(out, dir, STORE_WRITE, &why)) {
        if (why.code != ERR_BUSY)
            *e = why;
        return -1;
    }
    site_close(*out);
    err_clear(e);
    return site_open(out, dir, mode, e);
}

int open_site(struct open *o, const struct args *args, enum store_mode mode, struct err *e)
{
    *o = (struct open){0};
    if (site_open_renewed(&o->site, args->data, mode, e))
        return -1;
    if (calendar_load(&o->calendar, args->a, args->data, e))
        goto out;
    o->site->working_day = calendar_working_day_fn;
    o->site->working_arg = o->calendar;
    o->db = store_reader(o->site->store, e);
    if (!o->db)
        goto out;
    site_hold(o->site, &o->view);
    return 0;
out:
    site_close(o->site);
    o->site = NULL;
    return -1;
}

void open_close(struct open *o)
{
    if (!o->site)
        return;
    site_drop(o->site, &o->view);
    site_close(o->site);
    o->site = NULL;
}

int open_refresh(struct open *o, struct err *e)
{
    if (site_trees(o->site, e))
        return -1;
    site_drop(o->site, &o->view);
    site_hold(o->site, &o->view);
    return 0;
}
