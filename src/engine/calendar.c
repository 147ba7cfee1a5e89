/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c: a year's holidays and worked weekends from tables; everything else is Monday to Friday. */
#include "engine/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "model/yaml.h"

#define TABLE_MAX (256 * 1024)
#define FOLDER "modules/base/calendar/"

/* What the table says about one day of the year. */
enum mark { MARK_NONE = 0, MARK_FREE, MARK_WORKED };

struct year {
    int year;
    const char *source;
    unsigned char mark[366];
    const char *name[366]; /* of free days */
    struct year *next;
};
struct calendar {
    struct arena *a;
    struct year *years;
};

struct calendar *calendar_empty(struct arena *a)
{
    struct calendar *c = arena_alloc(a, sizeof *c);
    c->a = a;
    return c;
}

static const struct year *year_find(const struct calendar *c, int year)
{
    for (const struct year *y = c ? c->years : NULL; y; y = y->next)
        if (y->year == year)
            return y;
    return NULL;
}

/* --- reading a table --- */

struct table {
    const char *path;
    struct year *y;
    struct err *e;
};

static int refuse(const struct table *t, const struct yaml *at, const char *what)
{
    return err_set(t->e, ERR_INPUT, "节假日表 %s 第%d行：%s", t->path, at->line, what);
}

static int mark_day(const struct table *t, const struct yaml *at, int32_t day, enum mark m, const char *name)
{
    if (day == DAY_NONE || day_ymd(day).y != t->y->year)
        return refuse(t, at, "应写本年度的日期，如 2025-10-01");
    int i = day - day_from_ymd(t->y->year, 1, 1);
    if (t->y->mark[i] != MARK_NONE)
        return refuse(t, at, "这一天已经写过了");
    if (m == MARK_WORKED && day_weekday(day) < 6)
        return refuse(t, at, "调休上班日应是星期六或星期日");
    t->y->mark[i] = (unsigned char)m;
    t->y->name[i] = name;
    return 0;
}

static const char *text_of(const struct yaml *map, const char *key)
{
    const struct yaml *y = map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
    return y && y->kind == YAML_TEXT ? y->text : NULL;
}

static int read_holiday(const struct table *t, const struct yaml *h)
{
    const char *name = text_of(h, "name"), *from = text_of(h, "from"), *to = text_of(h, "to");
    int32_t a = from ? day_parse_iso(from) : DAY_NONE, b = to ? day_parse_iso(to) : DAY_NONE;
    if (!name || !*name || a == DAY_NONE || b == DAY_NONE || b < a || b - a > 30 || h->n != 3)
        return refuse(t, h, "每个假日应写 {name: 名称, from: 起始日, to: 截止日}");
    for (int32_t d = a; d <= b; d++)
        if (mark_day(t, h, d, MARK_FREE, name) != 0)
            return -1;
    return 0;
}

static int read_lists(const struct table *t, const struct yaml *f)
{
    const struct yaml *h = yaml_get(f, "holidays"), *w = yaml_get(f, "workdays");
    if (!h || h->kind != YAML_LIST || (w && w->kind != YAML_LIST))
        return refuse(t, f, "缺少 holidays（列表），或 workdays 不是列表");
    for (size_t i = 0; i < h->n; i++)
        if (read_holiday(t, h->item[i]) != 0)
            return -1;
    for (size_t i = 0; w && i < w->n; i++) {
        const struct yaml *d = w->item[i];
        int32_t day = d->kind == YAML_TEXT ? day_parse_iso(d->text) : DAY_NONE;
        if (mark_day(t, d, day, MARK_WORKED, NULL) != 0)
            return -1;
    }
    return 0;
}

int calendar_read(struct calendar *c, struct arena *a, const char *path, const char *text, size_t n, struct err *e)
{
    static const char *const words[] = {"year", "source", "holidays", "workdays", NULL};
    struct schema_errors es = {.a = a};
    struct table t = {.path = path, .e = e};
    const struct yaml *f = yaml_read(a, path, text, n, &es);
    if (!f || es.n > 0)
        return err_set(e, ERR_INPUT, "节假日表 %s 第%d行：%s", path, es.n ? es.v[0].line : 1,
                       es.n ? es.v[0].msg : "空的");
    if (f->kind != YAML_MAP)
        return refuse(&t, f, "应写 year、source、holidays、workdays");
    for (size_t i = 0; i < f->n; i++) {
        size_t w = 0;
        while (words[w] && strcmp(words[w], f->key[i]->text) != 0)
            w++;
        if (!words[w])
            return refuse(&t, f->key[i], "只能写 year、source、holidays、workdays");
    }
    const char *year = text_of(f, "year"), *source = text_of(f, "source");
    int y = year ? atoi(year) : 0;
    if (y < 1950 || y > 2200 || !source || !*source)
        return refuse(&t, f, "缺少 year（年份）或 source（依据的通知）");
    t.y = arena_alloc(a, sizeof *t.y);
    t.y->year = y;
    t.y->source = source;
    if (read_lists(&t, f) != 0)
        return -1;
    t.y->next = c->years; /* a later table of the same year is found first */
    c->years = t.y;
    return 0;
}

static int load_site(struct calendar *c, const char *dir, struct err *e)
{
    char *folder = path_join(c->a, dir, FOLDER);
    char **names = dir_list(c->a, folder);
    for (size_t i = 0; names && names[i]; i++) {
        if (strcmp(path_suffix(c->a, names[i]), "yaml") != 0)
            continue;
        char *text, *path = path_join(c->a, folder, names[i]);
        size_t n;
        if (file_read(&text, &n, c->a, path, TABLE_MAX, e) != 0 || calendar_read(c, c->a, path, text, n, e) != 0)
            return -1;
    }
    return 0;
}

int calendar_load(struct calendar **out, struct arena *a, const char *dir, struct err *e)
{
    struct calendar *c = calendar_empty(a);
    for (const struct embed *f = embed_next(FOLDER, NULL); f; f = embed_next(FOLDER, f + 1))
        if (calendar_read(c, a, f->path, (const char *)f->p, f->n, e) != 0)
            return -1;
    if (dir && load_site(c, dir, e) != 0)
        return -1;
    *out = c;
    return 0;
}

/* --- asking --- */

static enum mark mark_of(const struct calendar *c, int32_t day, const char **name)
{
    int year = day_ymd(day).y;
    const struct year *y = year_find(c, year);
    int i = day - day_from_ymd(year, 1, 1);
    *name = y ? y->name[i] : NULL;
    return y ? (enum mark)y->mark[i] : MARK_NONE;
}

bool calendar_is_working(const struct calendar *c, int32_t day)
{
    const char *name;
    enum mark m = mark_of(c, day, &name);
    return m == MARK_WORKED || (m == MARK_NONE && day_weekday(day) < 6);
}

const char *calendar_name(const struct calendar *c, int32_t day)
{
    const char *name;
    return mark_of(c, day, &name) == MARK_WORKED ? "调休上班" : name;
}

const char *calendar_source(const struct calendar *c, int year)
{
    const struct year *y = year_find(c, year);
    return y ? y->source : NULL;
}

int32_t calendar_working_day(const struct calendar *c, int32_t day, int n)
{
    int step = n < 0 ? -1 : 1;
    if (n == 0) {
        while (!calendar_is_working(c, day))
            day++;
        return day;
    }
    for (int left = n < 0 ? -n : n; left > 0;) {
        day += step;
        left -= calendar_is_working(c, day);
    }
    return day;
}

int32_t calendar_working_day_fn(int32_t day, int n, void *arg)
{
    return calendar_working_day(arg, day, n);
}

int calendar_working_between(const struct calendar *c, int32_t a, int32_t b)
{
    if (b < a)
        return -calendar_working_between(c, b, a);
    int n = 0;
    for (int32_t d = a + 1; d <= b; d++)
        n += calendar_is_working(c, d);
    return n;
}

bool calendar_guessed(const struct calendar *c, int32_t a, int32_t b)
{
    int from = day_ymd(a < b ? a : b).y, to = day_ymd(a < b ? b : a).y;
    for (int y = from; y <= to; y++)
        if (!year_find(c, y))
            return true;
    return false;
}
