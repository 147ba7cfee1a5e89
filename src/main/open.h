/* SPDX-License-Identifier: Apache-2.0 */
/* open.h: the opened site of a command: data directory, view, reader, calendar. */
#ifndef LINLI_MAIN_OPEN_H
#define LINLI_MAIN_OPEN_H

#include "engine/calendar.h"
#include "main/command.h"

struct open {
    struct site *site;
    struct view view;
    struct db *db; /* this thread's reader */
    struct calendar *calendar;
};

/* Opens --data and gives the site its calendar. */
int open_site(struct open *o, const struct args *args, enum store_mode mode, struct err *e);
void open_close(struct open *o);
/* After the command has written units or grids: take the trees as they are now. */
int open_refresh(struct open *o, struct err *e);

#endif
