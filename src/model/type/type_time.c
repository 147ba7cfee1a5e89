/* SPDX-License-Identifier: Apache-2.0 */
/* type_time.c: days, months, instants. What a text date says is date_parse's matter; what is still missing (the
 * year, the day) is refused here and never guessed. */
#include <math.h>
#include <string.h>

#include "model/type_ops.h"

static int refuse_date(const struct reading *r)
{
    const char *like = r->f->type == TYPE_MONTH     ? "2024年3月 或 2024-03"
                       : r->f->type == TYPE_INSTANT ? "2024-03-05 14:30"
                                                    : "2024-03-05 或 2024年3月5日";
    return type_refuse(r, REASON_DATE, "“%s”不是日期，或者没有这一天。请写成 %s。", r->text, like);
}

static int refuse_noyear(const struct reading *r)
{
    return type_refuse(r, REASON_NOYEAR, "“%s”没有写年份，不能猜。请补上年份，如 2024年3月5日。", r->text);
}

/* 20240305 or 202403 in a cell that is not marked as a date; any other plain number is no date. */
static bool is_plain_date(const struct reading *r)
{
    double v = r->cell->num;

    if (v != floor(v))
        return false;
    return (v >= 19000101 && v <= 21001231) || (r->f->type == TYPE_MONTH && v >= 190001 && v <= 210012);
}

/* 202403, where months are kept. */
static bool is_plain_month(const struct reading *r, struct date_read *d)
{
    int y = 0, m = 0;

    if (r->f->type != TYPE_MONTH || strlen(r->text) != 6 || strspn(r->text, "0123456789") != 6)
        return false;
    for (int i = 0; i < 4; i++)
        y = y * 10 + (r->text[i] - '0');
    m = (r->text[4] - '0') * 10 + (r->text[5] - '0');
    *d = (struct date_read){DATE_MONTH, day_from_ymd(y, m, 1), -1};
    return d->day != DAY_NONE;
}

static int read_date(const struct reading *r, struct date_read *d)
{
    if (r->cell->kind == CELL_DATE) {
        *d = date_serial(r->cell->num, r->c->date1904);
        return d->form == DATE_BAD ? refuse_date(r) : 0;
    }
    if (r->cell->kind == CELL_BOOL)
        return refuse_date(r);
    if (r->cell->kind == CELL_NUMBER && !is_plain_date(r))
        return type_refuse(r, REASON_DATE, "“%s”是普通数字，不是日期。请将单元格设为日期格式，或写成 2024-03-05。",
                           r->text);
    if (is_plain_month(r, d))
        return 0;
    *d = date_parse(r->text, r->c->year_hint);
    if (d->form == DATE_BAD)
        return refuse_date(r);
    if (d->form == DATE_NOYEAR && !r->c->year_hint)
        return refuse_noyear(r);
    return d->day == DAY_NONE ? refuse_date(r) : 0;
}

static int check_year(const struct reading *r, int32_t day)
{
    int y = day_ymd(day).y;

    if (y < 1900 || y > 2199)
        return type_refuse(r, REASON_DATE, "“%s”的年份 %d 不在 1900 至 2199 之间，请核对。", r->text, y);
    if (day < r->f->min || day > r->f->max)
        return type_refuse(r, REASON_RANGE, "“%s”不在允许的日期范围内，请核对。", r->text);
    return 0;
}

int read_day(const struct reading *r)
{
    bool month = r->f->type == TYPE_MONTH;
    struct date_read d = {DATE_BAD, DAY_NONE, -1};

    if (read_date(r, &d))
        return -1;
    if (d.form == DATE_MONTH && !month)
        return type_refuse(r, REASON_DATE, "“%s”只有年月，请补上哪一天。", r->text);
    if (check_year(r, d.day))
        return -1;
    *r->out = value_int(month ? day_month_first(d.day) : d.day);
    return 0;
}

/* Two digits at s, or -1. */
static int two(const char *s)
{
    return s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9' ? (s[0] - '0') * 10 + (s[1] - '0') : -1;
}

/* 2026-03-05T14:30[:00[.000]][Z|+08:00]: what machines and date pickers send. Without a zone it is local. */
static bool read_iso(const char *s, int64_t *ms)
{
    char date[11] = "";

    if (strlen(s) < 16 || s[10] != 'T' || s[13] != ':')
        return false;
    memcpy(date, s, 10);
    int32_t day = day_parse_iso(date);
    int h = two(s + 11), m = two(s + 14), sec = 0;
    const char *p = s + 16;
    if (*p == ':') {
        sec = two(p + 1);
        p += sec < 0 ? 0 : 3;
        if (*p == '.')
            p += 1 + strspn(p + 1, "0123456789");
    }
    if (day == DAY_NONE || h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59)
        return false;
    int64_t utc = ((int64_t)day * 1440 + h * 60 + m) * 60000 + sec * 1000;
    if (!strcmp(p, "Z")) {
        *ms = utc;
    } else if ((*p == '+' || *p == '-') && two(p + 1) >= 0 && two(p + 1) < 15 && p[3] == ':' && two(p + 4) >= 0 &&
               two(p + 4) < 60 && !p[6]) {
        int zone = two(p + 1) * 60 + two(p + 4);
        *ms = utc - (*p == '+' ? zone : -zone) * INT64_C(60000);
    } else if (!*p) {
        *ms = day_instant(day, h * 60 + m) + sec * 1000;
    } else {
        return false;
    }
    return true;
}

int read_instant(const struct reading *r)
{
    struct date_read d = {DATE_BAD, DAY_NONE, -1};
    int64_t ms;

    if (r->cell->kind == CELL_TEXT && read_iso(r->text, &ms)) {
        if (check_year(r, instant_day(ms)))
            return -1;
        *r->out = value_int(ms);
        return 0;
    }
    if (read_date(r, &d))
        return -1;
    if (d.form == DATE_MONTH)
        return type_refuse(r, REASON_DATE, "“%s”只有年月，请补上日期和时间，如 2024-03-05 14:30。", r->text);
    if (check_year(r, d.day))
        return -1;
    *r->out = value_int(day_instant(d.day, d.minute < 0 ? 0 : d.minute));
    return 0;
}

const char *plain_day(struct arena *a, const struct field *f, struct value v)
{
    char day[16];

    day_iso((int32_t)v.i, day);
    if (f->type == TYPE_MONTH)
        *strrchr(day, '-') = '\0';
    return arena_str(a, day);
}

const char *show_day(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    (void)l;
    return plain_day(a, f, v);
}

const char *plain_instant(struct arena *a, const struct field *f, struct value v)
{
    char iso[32];

    (void)f;
    return arena_str(a, instant_iso(v.i, iso));
}

const char *show_instant(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    char local[32];

    (void)f;
    (void)l;
    return arena_str(a, instant_local(v.i, local));
}
