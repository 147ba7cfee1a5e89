/* SPDX-License-Identifier: Apache-2.0 */
/* open.c: opening the site for a command. */
#include "main/open.h"

int open_site(struct open *o, const struct args *args, enum store_mode mode, struct err *e)
{
    *o = (struct open){0};
    if (site_open(&o->site, args->data, mode, e))
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
