/* SPDX-License-Identifier: Apache-2.0 */
/* report_fill.c: the values a template asks for, each computed once, with their source rows and identities. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/sec.h"
#include "engine/template.h"

void fill_gap_problem(struct fill *f, int line, const struct asked *k, const struct figure_value *v)
{
    const char *label = label_in(&k->figure->label, f->p->lang);
    if (v->denied)
        fill_problem(f, REPORT_GAP, line, k->figure->name, "“%s”您不能看，文中留有缺口：%s", label, v->denied);
    else
        fill_problem(f, REPORT_GAP, line, k->figure->name, "“%s”没有数据，文中留有缺口", label);
}

void fill_problem(struct fill *f, enum report_trouble kind, int line, const char *what, const char *fmt, ...)
{
    struct report *r = f->r;
    va_list ap;
    for (size_t i = 0; i < r->nproblems;
         i++) /* a figure that is missing is said once, however often it stands there */
        if (r->problems[i].kind == kind && kind <= REPORT_NO_TEXT && strcmp(r->problems[i].what, what) == 0)
            return;
    va_start(ap, fmt);
    const char *msg = arena_vprintf(f->a, fmt, ap);
    va_end(ap);
    VEC_PUSH(f->a, r->problems, r->nproblems, r->cap_problems) = (struct report_problem){kind, line, what, msg};
    if (kind != REPORT_GAP && kind != REPORT_NO_TEXT)
        r->sound = false;
}

static int32_t year_earlier(int32_t day)
{
    int32_t d = day_add_months(day, -12);
    return day == day_month_last(day) ? day_month_last(d) : d;
}

struct period fill_period(const struct fill *f, const struct asked *k)
{
    struct period p = {f->p->from, f->p->to};
    int32_t end = p.to;
    switch (k->span) {
    case SPAN_PERIOD:
        break;
    case SPAN_YEARS:
        p = period_years(k->years, end);
        break;
    case SPAN_KIND: /* up to the end of the report's period, not beyond it */
        p = (struct period){period_of(k->kind, end).from, end};
        break;
    case SPAN_SINCE:
        p.from = k->since <= end ? k->since : end;
        break;
    case SPAN_LAST_YEAR:
        p = (struct period){year_earlier(p.from), year_earlier(p.to)};
        break;
    case SPAN_START:
        p = (struct period){p.from - 1, p.from - 1};
        break;
    }
    return p;
}

static const struct node *asked_unit(const struct fill *f, const struct asked *k)
{
    return k->unit ? k->unit : f->p->unit;
}

static struct figure_at fill_at(const struct fill *f, const struct asked *k)
{
    struct period p = fill_period(f, k);
    return (struct figure_at){.view = f->view,
                              .unit = asked_unit(f, k),
                              .from = p.from,
                              .to = p.to,
                              .slice = k->slice,
                              .who = f->p->actor};
}

static const char *ask_key(const struct fill *f, const struct asked *k)
{
    struct period p = fill_period(f, k);
    return arena_printf(f->a, "%s|%s|%d|%d|%s", k->figure->name, k->slice ? k->slice : "", p.from, p.to,
                        k->unit ? k->unit->code : "");
}

int fill_value(struct fill *f, const struct figure_value **out, const struct asked *k)
{
    const char *key = ask_key(f, k);
    struct figure_value *v = map_get(f->values, key);
    if (!v) {
        struct figure_at at = fill_at(f, k);
        v = arena_alloc(f->a, sizeof *v);
        if (f->src->compute(f->src->arg, v, f->a, k->figure, &at, f->e) != 0)
            return -1;
        v->figure = k->figure;
        map_put(f->values, key, v);
    }
    *out = v;
    return 0;
}

/* --- source rows --- */

static void add_escaped(struct buf *b, const char *s)
{
    for (; *s; s++)
        if (strchr("-_.~", *s) || (*s >= '0' && *s <= '9') || ((*s | 32) >= 'a' && (*s | 32) <= 'z'))
            buf_char(b, *s);
        else
            buf_printf(b, "%%%02X", (unsigned char)*s);
}

const char *fill_href(struct fill *f, const struct asked *k)
{
    char from[16], to[16];
    struct period p = fill_period(f, k);
    struct buf b;
    buf_init(&b, 4096);
    buf_printf(&b, "%s/figures/%s/records?unit=", f->p->base_url ? f->p->base_url : "", k->figure->name);
    add_escaped(&b, asked_unit(f, k) ? asked_unit(f, k)->code : "");
    buf_printf(&b, "&from=%s&to=%s", day_iso(p.from, from), day_iso(p.to, to));
    if (k->slice) {
        buf_str(&b, "&slice=");
        add_escaped(&b, k->slice);
    }
    const char *out = arena_str(f->a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

/* What the number rests on: whoever computes it again from the same records gets the same hash. */
static const char *row_hash(const struct fill *f, const struct node *unit, const struct doc_source *s,
                            const struct figure_value *v)
{
    unsigned char h[SEC_HASH];
    char version[2 * SEC_HASH + 1];
    char *hex = arena_alloc(f->a, 2 * SEC_HASH + 1);
    sec_hex(version, f->view->schema->hash, SEC_HASH);
    const char *text = arena_printf(
        f->a, "figure=%s\nversion=%s\nunit=%s\nslice=%s\nfrom=%s\nto=%s\nvalue=%s\nparts=%s\nrecords=%" PRId64 "\n",
        s->figure, version, unit ? unit->code : "", s->filter ? s->filter : "", s->from, s->to, s->value,
        s->parts ? s->parts : "", v->records);
    sec_sha256(h, text, strlen(text));
    sec_hex(hex, h, SEC_HASH);
    return hex;
}

static const char *slice_label(const struct fill *f, const struct asked *k)
{
    const struct field *field = k->figure->slice_field;
    const struct choice *c = k->slice && field ? field_choice(field, k->slice) : NULL;
    return c ? label_in(&c->label, f->p->lang) : k->slice;
}

struct doc_source *fill_source(struct fill *f, const struct asked *k, const struct figure_value *v,
                               enum render_part part, const char *printed)
{
    const char *key = arena_printf(f->a, "%s|%d|%s", ask_key(f, k), (int)part, printed);
    struct doc_source *s = map_get(f->rows, key);
    if (s)
        return &f->r->doc->sources[s->no - 1];
    char from[16], to[16];
    struct period p = fill_period(f, k);
    s = doc_source_add(f->r->doc);
    s->figure = k->figure->name;
    s->label = label_in(&k->figure->label, f->p->lang);
    s->unit = asked_unit(f, k) ? asked_unit(f, k)->name : "";
    s->from = arena_str(f->a, day_iso(p.from, from));
    s->to = arena_str(f->a, day_iso(v->as_today ? today() : p.to, to)); /* nothing is known of days to come */
    s->value = render_exact(f->a, v, part);
    s->printed = printed;
    s->filter = slice_label(f, k);
    s->computed_at = f->computed_at;
    s->measure = k->figure->kind == FIG_RATIO ? "%" : label_in(&k->figure->unit, f->p->lang);
    bool parts = !v->gap && (k->figure->kind == FIG_RATIO || k->figure->kind == FIG_CADENCE);
    s->parts = parts ? arena_printf(f->a, "%" PRId64 "/%" PRId64, v->num, v->den) : NULL;
    s->href = fill_href(f, k);
    s->records = v->records;
    s->late = v->late;
    s->hash = row_hash(f, asked_unit(f, k), s, v);
    if (k->unit) /* after the hash: it is the same wherever the number is printed */
        s->filter = s->filter ? arena_printf(f->a, "%s·%s", k->unit->name, s->filter) : k->unit->name;
    struct doc_source *kept = arena_alloc(f->a, sizeof *kept); /* the array moves as it grows: keep the number */
    *kept = *s;
    map_put(f->rows, key, kept);
    return s;
}

/* --- words --- */

bool fill_complete(const struct fill *f, const char *kind)
{
    const int32_t now = instant_day(f->p->now ? f->p->now : now_ms());
    return f->p->to == period_of(kind, f->p->to).to && f->p->to < now;
}

/* 截至 which day of the year: of a period under way up to today. */
static const char *year_so_far(const struct fill *f, bool span)
{
    const int32_t now = instant_day(f->p->now ? f->p->now : now_ms()), to = f->p->to < now ? f->p->to : now;
    const struct ymd t = day_ymd(to);
    const char *day =
        to == day_month_last(to) ? arena_printf(f->a, "%d月", t.m) : arena_printf(f->a, "%d月%d日", t.m, t.d);
    if (!span)
        return to == day_month_last(to) ? arena_printf(f->a, "截至%s底", day) : arena_printf(f->a, "截至%s", day);
    if (to == day_month_last(to) && t.m == 1)
        return day;
    return arena_printf(f->a, to == day_month_last(to) ? "1月至%s" : "1月1日至%s", day);
}

const char *fill_word(struct fill *f, enum template_word w)
{
    char day[32];
    int32_t now = instant_day(f->p->now ? f->p->now : now_ms());
    switch (w) {
    case WORD_UNIT:
        return f->p->unit ? f->p->unit->name : "";
    case WORD_PERIOD:
        return f->r->period;
    case WORD_FROM:
        return arena_str(f->a, day_cn(f->p->from, day));
    case WORD_TO: /* a period under way is known up to today */
        return arena_str(f->a, day_cn(f->p->to < now ? f->p->to : now, day));
    case WORD_TODAY:
        return arena_str(f->a, day_cn(now, day));
    case WORD_YEAR:
        return arena_printf(f->a, "%d", day_ymd(f->p->to).y);
    case WORD_ALL_YEAR:
        return fill_complete(f, "year") ? "全年" : year_so_far(f, true);
    case WORD_YEAR_END:
        return fill_complete(f, "year") ? "年末" : year_so_far(f, false);
    case WORD_ITEM:
    case WORD__MAX:
        break;
    }
    return "";
}

const char *fill_words(struct fill *f, const char *text)
{
    struct buf b;
    buf_init(&b, 4096);
    for (const char *s = text; *s;) {
        size_t n = *s == '{' ? strcspn(s + 1, "}") : 0;
        int w = 0;
        while (n > 0 && w < WORD__MAX &&
               !(strlen(template_words[w]) == n && strncmp(template_words[w], s + 1, n) == 0))
            w++;
        if (n == 0 || w == WORD__MAX || s[n + 1] != '}') {
            buf_char(&b, *s++);
            continue;
        }
        buf_str(&b, fill_word(f, (enum template_word)w));
        s += n + 2;
    }
    const char *out = arena_str(f->a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

/* --- identities --- */

/* A term in millionths; *gap if it has no value. */
static int term_value(struct fill *f, const struct term *t, int64_t *out, bool *gap)
{
    const struct figure_value *v;
    *out = t->number;
    if (!t->figure)
        return 0;
    if (fill_value(f, &v, &t->ask) != 0)
        return -1;
    if (v->gap && t->ask.span == SPAN_START) { /* before the first record there was none */
        *out = 0;
        return 0;
    }
    *gap = *gap || v->gap;
    enum render_part part = t->ask.part;
    int64_t value = part == RENDER_NUM ? v->num : part == RENDER_DEN ? v->den : v->value, unit = RENDER_MICRO;
    for (int i = 0; part == RENDER_VALUE && i < t->figure->places; i++)
        unit /= 10;
    if (t->sum) {
        struct figure_slice *s;
        size_t n;
        struct figure_at at = fill_at(f, &t->ask);
        if (f->src->slices(f->src->arg, &s, &n, f->a, t->figure, &at, f->p->lang, f->e) != 0)
            return -1;
        value = 0;
        for (size_t i = 0; i < n; i++)
            value += s[i].value;
    }
    *out = value * unit;
    return 0;
}

static bool holds(int64_t difference, const char *op)
{
    bool less = difference < 0, equal = difference == 0;
    return op[0] == '<' ? less || (op[1] && equal) : op[0] == '>' ? !less && (!equal || op[1]) : equal;
}

static const char *micro_text(struct arena *a, int64_t v)
{
    if (v % RENDER_MICRO == 0)
        return arena_printf(a, "%" PRId64, v / RENDER_MICRO);
    return arena_printf(a, "%.2f", (double)v / RENDER_MICRO);
}

static const char *term_words(struct fill *f, const struct term *t, int64_t v, bool gap)
{
    if (!t->figure)
        return micro_text(f->a, v);
    const char *label = label_in(&t->figure->label, f->p->lang);
    const char *what = t->sum                        ? "分项之和"
                       : t->ask.span == SPAN_START   ? "（期初）"
                       : t->ask.part != RENDER_VALUE ? t->ask.part == RENDER_NUM ? "（分子）" : "（分母）"
                                                     : "";
    const char *slice = slice_label(f, &t->ask);
    return arena_printf(f->a, "%s%s%s%s %s", label, slice ? "·" : "", slice ? slice : "", what,
                        gap ? "缺" : micro_text(f->a, v));
}

/* An identity is told in words: who reads it counts no signs. */
static const char *relation(const char *op)
{
    static const char *const words[][2] = {
        {"=", "应等于"}, {"<=", "不应多于"}, {">=", "不应少于"}, {"<", "应少于"}, {">", "应多于"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], op) == 0)
            return words[i][1];
    return op;
}

static int identity_check(struct fill *f, const struct identity *id)
{
    int64_t left = 0, right = 0;
    bool any_gap = false;
    const char *words = "";
    for (size_t i = 0; i < id->n; i++) {
        const struct term *t = &id->terms[i];
        int64_t v;
        bool gap = false;
        if (term_value(f, t, &v, &gap) != 0)
            return -1;
        any_gap = any_gap || gap;
        *(i < id->split ? &left : &right) += t->sign * v;
        const char *sep = i == id->split ? relation(id->op) : t->sign < 0 ? "减" : "加";
        words = arena_printf(f->a, "%s%s%s%s%s", words, i ? "，" : "", i ? sep : "", i ? " " : "",
                             term_words(f, t, v, gap));
    }
    if (any_gap)
        fill_problem(f, REPORT_GAP, id->line, id->text, "勾稽关系无法核对，有指标缺数：%s", words);
    else if (!holds(left - right, id->op))
        fill_problem(f, REPORT_IDENTITY, id->line, id->text, "勾稽关系不成立：%s。请先核对台账再印发", words);
    return 0;
}

int fill_identities(struct fill *f)
{
    for (size_t i = 0; i < f->t->nidentities; i++)
        if (identity_check(f, &f->t->identities[i]) != 0)
            return -1;
    return 0;
}
