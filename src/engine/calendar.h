/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.h: which days are working days.
 *
 * A year's table says which days the State Council's notice makes holidays and which weekend days it makes working
 * days (调休). Tables are data: modules/base/calendar/YEAR.yaml, built in, with DIR/modules/base/calendar/YEAR.yaml
 * of a site laid over them. A year without a table falls back to Monday–Friday, and calendar_guessed says so, so
 * that a due day counted through it can be shown as 暂按周一至周五推算.
 * A calendar is immutable after calendar_load and may be shared by threads. */
#ifndef LINLI_ENGINE_CALENDAR_H
#define LINLI_ENGINE_CALENDAR_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

struct calendar;

/* Read the built-in tables and those of a data directory (dir NULL: only the built-in ones). A broken table is
 * refused with its path and line. Held by the arena. */
int calendar_load(struct calendar **out, struct arena *a, const char *dir, struct err *e);
/* A calendar from one table's text; for tests and for checking a table before it is put in place. */
int calendar_read(struct calendar *c, struct arena *a, const char *path, const char *text, size_t n, struct err *e);
struct calendar *calendar_empty(struct arena *a); /* weekends only */

/* NULL as calendar means weekends only, everywhere below. */
bool calendar_is_working(const struct calendar *c, int32_t day);
/* The holiday (春节), 调休上班 for a weekend that is worked, else NULL. */
const char *calendar_name(const struct calendar *c, int32_t day);
/* The notice the year's table comes from, NULL if there is no table. */
const char *calendar_source(const struct calendar *c, int year);

/* The n-th working day after a day (n > 0), before it (n < 0). n = 0: the day itself if it is worked, else the next
 * working day. The day itself is not counted: 3 wd after a Monday is Thursday. */
int32_t calendar_working_day(const struct calendar *c, int32_t day, int n);
/* The same as site.working_day wants it; arg is the calendar. */
int32_t calendar_working_day_fn(int32_t day, int n, void *arg);
/* Working days d with a < d <= b; the negative of (b, a] when b < a. */
int calendar_working_between(const struct calendar *c, int32_t a, int32_t b);
/* A year between the two days has no table: the count is a guess. */
bool calendar_guessed(const struct calendar *c, int32_t a, int32_t b);

#endif
