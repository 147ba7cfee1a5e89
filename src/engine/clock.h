/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h: due times: set, paused, extended, and said in words.
 *
 * Units as in clock_def: 'w' working days, 'd' calendar days, 'h' hours. A clock in days is due at the end of its
 * due day: closing on that day is in time. The day it starts is not counted (民法典第二百零一条). Hours run through
 * nights and holidays. Instants are UTC milliseconds; days are civil days in the configured zone. */
#ifndef LINLI_ENGINE_CLOCK_H
#define LINLI_ENGINE_CLOCK_H

#include "engine/calendar.h"

#define CLOCK_NONE INT64_MIN

/* The instant a clock runs out: the last millisecond of the due day for w and d, start + amount hours for h. */
int64_t clock_due(const struct calendar *c, int64_t start, int amount, char unit);
/* The due day of a clock in days that starts on a day. */
int32_t clock_due_day(const struct calendar *c, int32_t start, int amount, char unit);
/* What is left at an instant: whole days (w, d) or milliseconds (h); 0 on the due day, negative afterwards. */
int64_t clock_left(const struct calendar *c, int64_t at, int64_t due, char unit);
/* A paused clock keeps what was left at the pause; resuming sets a new due time with that much left. A clock that
 * was already over stays where it was. */
int64_t clock_resume(const struct calendar *c, int64_t paused_at, int64_t due, int64_t resumed_at, char unit);
/* Later by an amount of the same or another unit. Extending a clock that has run out starts from its due time. */
int64_t clock_extend(const struct calendar *c, int64_t due, int amount, char unit);
/* Was it kept? stopped CLOCK_NONE: still running, judged at now. */
bool clock_over(int64_t due, int64_t stopped, int64_t now);

enum clock_tone { CLOCK_CALM, CLOCK_SOON, CLOCK_LATE }; /* soon: today, or one (working) day or four hours left */
/* 还有2个工作日 / 还有3天 / 还有5小时 / 今天到期 / 超期1天; stopped clocks: 按期办结 / 超期2天办结. tone may be
 * NULL. */
const char *clock_words(struct arena *a, const struct calendar *c, int64_t now, int64_t due, int64_t stopped,
                        char unit, enum clock_tone *tone);

#endif
