/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c: due times and the words for what is left of them. */
#include "engine/clock.h"

#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)

static int64_t day_end(int32_t day)
{
    return day_instant(day, 0) + DAY_MS - 1;
}

int32_t clock_due_day(const struct calendar *c, int32_t start, int amount, char unit)
{
    return unit == 'w' ? calendar_working_day(c, start, amount) : start + amount;
}

int64_t clock_due(const struct calendar *c, int64_t start, int amount, char unit)
{
    if (unit == 'h')
        return start + amount * HOUR_MS;
    return day_end(clock_due_day(c, instant_day(start), amount, unit));
}

int64_t clock_left(const struct calendar *c, int64_t at, int64_t due, char unit)
{
    if (unit == 'h')
        return due - at;
    int32_t a = instant_day(at), b = instant_day(due);
    return unit == 'w' ? calendar_working_between(c, a, b) : b - a;
}

int64_t clock_resume(const struct calendar *c, int64_t paused_at, int64_t due, int64_t resumed_at, char unit)
{
    if (paused_at > due || resumed_at <= paused_at)
        return due;
    int64_t left = clock_left(c, paused_at, due, unit);
    if (unit == 'h')
        return resumed_at + left;
    int32_t day = instant_day(resumed_at);
    if (left == 0) /* paused on its last day: due on the day it goes on, if that is a day that counts */
        return day_end(unit == 'w' ? calendar_working_day(c, day, 0) : day);
    return day_end(clock_due_day(c, day, (int)left, unit));
}

int64_t clock_extend(const struct calendar *c, int64_t due, int amount, char unit)
{
    if (unit == 'h')
        return due + amount * HOUR_MS;
    int32_t day = instant_day(due);
    int64_t in_day = due - day_instant(day, 0);
    return day_instant(clock_due_day(c, day, amount, unit), 0) + in_day;
}

bool clock_over(int64_t due, int64_t stopped, int64_t now)
{
    return (stopped == CLOCK_NONE ? now : stopped) > due;
}

static const char *late_words(struct arena *a, int64_t at, int64_t due, char unit, const char *tail)
{
    if (unit == 'h' && at - due < DAY_MS)
        return arena_printf(a, "超期%lld小时%s", (long long)((at - due + HOUR_MS - 1) / HOUR_MS), tail);
    int days = instant_day(at) - instant_day(due);
    return arena_printf(a, "超期%d天%s", days, tail);
}

static const char *left_words(struct arena *a, const struct calendar *c, int64_t now, int64_t due, char unit,
                              enum clock_tone *tone)
{
    int64_t left = clock_left(c, now, due, unit);
    int days = instant_day(due) - instant_day(now);
    if (unit == 'h') {
        *tone = left <= 4 * HOUR_MS ? CLOCK_SOON : CLOCK_CALM;
        if (left < HOUR_MS)
            return arena_printf(a, "还有%lld分钟", (long long)(left / 60000) + 1);
        if (left < 2 * DAY_MS)
            return arena_printf(a, "还有%lld小时", (long long)(left / HOUR_MS));
        return arena_printf(a, "还有%lld天", (long long)(left / DAY_MS));
    }
    *tone = left <= 1 ? CLOCK_SOON : CLOCK_CALM;
    if (days == 0)
        return "今天到期";
    if (unit == 'w' && left > 0)
        return arena_printf(a, "还有%lld个工作日", (long long)left);
    return arena_printf(a, "还有%d天", days); /* a typed due day on a weekend has days but no working day left */
}

const char *clock_words(struct arena *a, const struct calendar *c, int64_t now, int64_t due, int64_t stopped,
                        char unit, enum clock_tone *tone)
{
    enum clock_tone ignored;
    if (!tone)
        tone = &ignored;
    *tone = CLOCK_CALM;
    bool over = clock_over(due, stopped, now);
    if (over)
        *tone = CLOCK_LATE;
    if (stopped != CLOCK_NONE)
        return over ? late_words(a, stopped, due, unit, "办结") : "按期办结";
    return over ? late_words(a, now, due, unit, "") : left_words(a, c, now, due, unit, tone);
}
