/* SPDX-License-Identifier: Apache-2.0 */
/* quantity.c: the examples that stand in the word lists, the invented sentences of test/data/quantity, offsets,
 * periods, identities, bad input. Marks are described in test/data/quantity/README. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/utf8.h"
#include "engine/quantity_inner.h"
#include "model/yaml.h"

enum { MARKS_MAX = 64 };

static struct arena *a;
static struct quantity_words *words;

static int setup(void **state)
{
    (void)state;
    struct err e = {0};
    a = arena_new();
    words = quantity_words_load(a, &e);
    if (!words)
        print_error("%s\n", e.msg);
    return words ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct quantity_list scan_on(const char *text, const char *date)
{
    struct quantity_list l;
    struct err e = {0};
    struct quantity_options o = {date ? day_parse_iso(date) : DAY_NONE, DAY_NONE, DAY_NONE};
    if (quantity_scan(&l, a, words, text, strlen(text), &o, &e))
        fail_msg("%s", e.msg);
    return l;
}

static struct quantity_list scan(const char *text)
{
    return scan_on(text, NULL);
}

/* --- marked sentences */

struct mark {
    size_t start, end; /* code points */
    const char *ways;  /* "23 场/23 " */
    bool optional;
};
struct marked {
    struct buf text;
    struct mark mark[MARKS_MAX];
    size_t n;
};

static size_t points(const struct marked *m)
{
    return utf8_count(buf_cstr(&m->text));
}

static void marked_read(struct marked *m, const char *line)
{
    buf_init(&m->text, 1 << 16);
    m->n = 0;
    for (const char *p = line; *p;) {
        const char *close = *p == '<' ? strchr(p, '>') : NULL, *bar = close ? strchr(p, '|') : NULL;
        if (close && bar && bar < close) {
            struct mark *k = &m->mark[m->n++];
            assert_true(m->n < MARKS_MAX);
            k->optional = p[1] == '?';
            k->start = points(m);
            for (const char *q = p + 1 + k->optional; q < bar; q++)
                *q == '\\' && q[1] == 'n' ? (buf_char(&m->text, '\n'), q++) : buf_char(&m->text, *q);
            k->end = points(m);
            k->ways = arena_strn(a, bar + 1, (size_t)(close - bar - 1));
            p = close + 1;
        } else if (*p == '\\' && (p[1] == 'n' || p[1] == 't')) {
            buf_char(&m->text, p[1] == 'n' ? '\n' : '\t');
            p += 2;
        } else {
            if (*p != '{' && *p != '}')
                buf_char(&m->text, *p);
            p++;
        }
    }
}

static bool near(double x, double y)
{
    return fabs(fabs(x) - fabs(y)) <= 1e-6 * fabs(y) + 1e-12;
}

static bool way_is(const char *way, const struct quantity *q)
{
    char *end;
    if (*way == '-' && way[1] == ' ')
        return true;
    double value = strtod(way, &end), upper = NAN;
    if (*end == '~')
        upper = strtod(end + 1, &end);
    while (*end == ' ')
        end++;
    if (strncmp(end, "万元", strlen("万元")) == 0) {
        value *= 1e4;
        end += strlen("万");
    }
    size_t n = strcspn(end, "/"), ge = strlen("个");
    const char *unit = strncmp(q->unit, "个", ge) == 0 && n && q->unit[ge] ? q->unit + ge : q->unit; /* 个月 */
    return !isnan(q->value) && near(q->value, value) && (isnan(upper) || near(q->upper, upper)) &&
           strlen(unit) == n && strncmp(unit, end, n) == 0;
}

static bool ways_hold(const char *ways, const struct quantity *q)
{
    for (const char *w = ways; w; w = strchr(w, '/')) {
        w += *w == '/';
        if (way_is(w, q))
            return true;
    }
    return false;
}

/* The marked claim that a prediction is: its span, or from 每 on, or its number alone. */
static bool same_span(const struct mark *m, const struct quantity *q)
{
    size_t lo = m->start > q->start ? m->start : q->start, hi = m->end < q->end ? m->end : q->end;
    size_t first = m->start < q->start ? m->start : q->start, last = m->end > q->end ? m->end : q->end;
    bool rate = q->kind == QUANTITY_RATE && q->end == m->end, read = q->start == m->start; /* 8期(qī) */
    return hi > lo && (rate || read || (hi - lo) * 2 >= last - first);
}

struct score {
    size_t wanted, right, given;
};

static void judge(struct score *s, const char *line, bool say)
{
    struct marked m;
    marked_read(&m, line);
    struct quantity_list l = scan(buf_cstr(&m.text));
    bool used[MARKS_MAX] = {false};
    for (size_t k = 0; k < m.n; k++)
        s->wanted += !m.mark[k].optional;
    for (size_t i = 0; i < l.n; i++) {
        size_t k = 0;
        while (k < m.n && (used[k] || !same_span(&m.mark[k], &l.items[i])))
            k++;
        if (k < m.n)
            used[k] = true;
        if (k < m.n && m.mark[k].optional)
            continue;
        s->given++;
        if (k < m.n && ways_hold(m.mark[k].ways, &l.items[i]))
            s->right++;
        else if (say)
            print_error("“%s” in: %s\n", l.items[i].text, line);
    }
    for (size_t k = 0; say && k < m.n; k++)
        if (!used[k] && !m.mark[k].optional)
            print_error("missed %s in: %s\n", m.mark[k].ways, line);
    buf_done(&m.text);
}

/* --- examples in the word lists */

static size_t examples_run(const struct yaml *y, const char *key)
{
    size_t n = 0;
    if (y->kind == YAML_TEXT)
        return 0;
    for (size_t i = 0; i < y->n; i++) {
        bool example = key && strcmp(key, "examples") == 0 && y->kind == YAML_LIST;
        if (!example) {
            n += examples_run(y->item[i], y->kind == YAML_MAP ? y->key[i]->text : key);
            continue;
        }
        struct score s = {0};
        judge(&s, y->item[i]->text, true);
        if (s.right != s.wanted || s.given != s.wanted)
            fail_msg("line %d: %s", y->item[i]->line, y->item[i]->text);
        n++;
    }
    return n;
}

static void examples(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct embed *f = embed_next("assets/quantity/", NULL); f;
         f = embed_next("assets/quantity/", f + 1)) {
        struct schema_errors es = {.a = a};
        n += examples_run(yaml_read(a, f->path, (const char *)f->p, f->n, &es), NULL);
    }
    assert_true(n > 40);
}

/* --- the invented sentences: at least 98 of 100, also of those held out */

static void file_score(struct score *s, const char *path, bool held)
{
    char *text;
    size_t n, i = 0;
    struct err e = {0};
    assert_int_equal(file_read(&text, &n, a, path, 1 << 20, &e), 0);
    for (char *save = NULL, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        if (*line != '#' && (i++ % 3 == 2) == held)
            judge(s, line, !held && getenv("QUANTITY_SAY"));
}

static void sentences(void **state)
{
    (void)state;
    char **names = dir_list(a, "test/data/quantity");
    for (int held = 0; held < 2; held++) {
        struct score s = {0};
        for (size_t i = 0; names[i]; i++)
            if (strcmp(path_suffix(a, names[i]), "txt") == 0)
                file_score(&s, path_join(a, "test/data/quantity", names[i]), held);
        assert_true(s.wanted > 300);
        if (s.right * 100 < s.wanted * 98 || s.right * 100 < s.given * 98)
            fail_msg("held %d: %zu right of %zu wanted, %zu given", held, s.right, s.wanted, s.given);
    }
}

/* --- what is said of a claim */

static void offsets_count_code_points(void **state)
{
    (void)state;
    const char *text = "😀走访（fǎng）\n共１２\n户，调解38起。";
    struct quantity_list l = scan(text);
    assert_int_equal(l.n, 2);
    for (size_t i = 0; i < l.n; i++) {
        size_t at = utf8_offset(text, l.items[i].start), end = utf8_offset(text, l.items[i].end);
        assert_int_equal(strlen(l.items[i].text), end - at);
        assert_memory_equal(l.items[i].text, text + at, end - at);
    }
    assert_true(near(l.items[0].value, 12));
    assert_string_equal(l.items[0].unit, "户");
}

static void modifiers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum quantity_modifier m;
    } row[] = {{"走访200余户。", QUANTITY_OVER},      {"走访近300户。", QUANTITY_NEAR},
               {"走访约300户。", QUANTITY_ABOUT},     {"满意率98%以上。", QUANTITY_ATLEAST},
               {"不超过3名。", QUANTITY_ATMOST},      {"数十户受益。", QUANTITY_APPROX},
               {"全年无一起事故。", QUANTITY_NONE},   {"走访30户。", QUANTITY_EXACT},
               {"每月不少于2次。", QUANTITY_ATLEAST}, {"突破100万元。", QUANTITY_OVER}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct quantity_list l = scan(row[i].text);
        assert_int_equal(l.n, 1);
        if (l.items[0].modifier != row[i].m)
            fail_msg("%s: %s", row[i].text, quantity_modifier_word[l.items[0].modifier]);
    }
}

static void counted_and_verb(void **state)
{
    (void)state;
    struct quantity_list l = scan("社区党支部开展宣讲23场，化解矛盾纠纷5件，慰问66名困难老人。");
    assert_int_equal(l.n, 3);
    assert_string_equal(l.items[1].counted, "化解矛盾纠纷");
    assert_string_equal(l.items[2].counted, "困难老人");
    assert_string_equal(l.items[2].verb, "慰问");
    assert_string_equal(l.items[0].subject, "社区党支部开展宣讲");
}

static void period_is(const struct quantity *q, const char *from, const char *to)
{
    char x[16], y[16];
    assert_true(q->period.from != DAY_NONE);
    assert_string_equal(day_iso(q->period.from, x), from);
    assert_string_equal(day_iso(q->period.to, y), to);
}

static void periods(void **state)
{
    (void)state;
    static const struct {
        const char *text, *from, *to;
    } row[] = {{"今年以来走访30户。", "2024-01-01", "2024-06-30"},
               {"四年来调解46起。", "2021-01-01", "2024-06-30"},
               {"2023年走访30户。", "2023-01-01", "2023-12-31"},
               {"2023年第三季度走访30户。", "2023-07-01", "2023-09-30"},
               {"前三季度走访30户。", "2024-01-01", "2024-09-30"},
               {"1-5月走访30户。", "2024-01-01", "2024-05-31"},
               {"去年走访30户。", "2023-01-01", "2023-12-31"},
               {"今年以来，较2022年多走访30户。", "2024-01-01", "2024-06-30"},
               {"2023年上半年走访30户。", "2023-01-01", "2023-06-30"},
               {"本月走访30户。", "2024-06-01", "2024-06-30"},
               {"2023年3月走访30户。", "2023-03-01", "2023-03-31"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct quantity_list l = scan_on(row[i].text, "2024-06-30");
        if (l.n != 1)
            fail_msg("%s: %zu claims", row[i].text, l.n);
        period_is(&l.items[0], row[i].from, row[i].to);
    }
    struct quantity_list l = scan("走访30户。");
    assert_int_equal(l.items[0].period.from, DAY_NONE);
}

/* --- identities: rule, claims judged, whether it holds; n 0 where nothing may be said */

static void identities(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        enum quantity_rule rule;
        bool holds;
    } row[] = {
        {"调处纠纷45起，调解成功43起，调解成功率95.5%。", 1, QUANTITY_SHARE, true},
        {"调处纠纷45起，调解成功43起，调解成功率95.6%。", 1, QUANTITY_SHARE, true},
        {"调处纠纷45起，调解成功43起，调解成功率98%。", 1, QUANTITY_SHARE, false},
        {"受理诉求1286件，办结1279件，满意率98%。", 0, 0, false},
        {"现有党员126名，其中女党员38名。", 1, QUANTITY_PART, true},
        {"现有党员26名，其中女党员38名。", 1, QUANTITY_PART, false},
        {"走访300余户，其中困难户312户。", 0, 0, false},
        {"培训600人、500人次。", 1, QUANTITY_HEADS, false},
        {"培训500人、600人次。", 1, QUANTITY_HEADS, true},
        {"满意率由92%升至97%，提高5个百分点。", 1, QUANTITY_CHANGED, true},
        {"满意率由92%升至97%，提高6个百分点。", 1, QUANTITY_CHANGED, false},
        {"走访30户，发放资料500份。", 0, 0, false},
        {"受理诉求1286件，办结1279件，按期办结率98%。", 0, 0, false},
        {"现有党员126名、群众50名，其中女性60名。", 0, 0, false},
        {"现有党员26名，其中女党员8名，居民2300名。", 1, QUANTITY_PART, true},
        {"满意率由92%升至97%，知晓率提高6个百分点。", 0, 0, false},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct quantity_list l = scan(row[i].text);
        if (l.nidentities != row[i].n)
            fail_msg("%s: %zu", row[i].text, l.nidentities);
        if (row[i].n && (l.identities[0].rule != row[i].rule || l.identities[0].holds != row[i].holds))
            fail_msg("%s: %s", row[i].text, l.identities[0].why);
    }
}

/* --- bad input */

static void refusals(void **state)
{
    (void)state;
    struct quantity_list l;
    struct err e = {0};
    assert_int_equal(quantity_scan(&l, a, words, "\xff\xfe", 2, NULL, &e), -1);
    assert_int_equal(e.code, ERR_INPUT);
    char *big = arena_alloc(a, QUANTITY_TEXT_MAX + 2);
    memset(big, 'a', QUANTITY_TEXT_MAX + 1);
    assert_int_equal(quantity_scan(&l, a, words, big, QUANTITY_TEXT_MAX + 1, NULL, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
    assert_int_equal(quantity_scan(&l, a, words, "", 0, NULL, &e), 0);
    assert_int_equal(l.n, 0);
    assert_int_equal(quantity_scan(&l, a, words, "走访\0户", strlen("走访") + 1 + strlen("户"), NULL, &e), -1);
}

static void wrong_lists_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {"units: [{words: [个], kind: counts}]\n",
                                        "nonsense: [a]\n",
                                        "modifiers_before: {nearly: [近]}\n",
                                        "before: [{words: 第}]\n",
                                        "passes: {个案例: 無此}\n",
                                        "fixed: [{words: [全部]}]\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        struct quantity_words *w = quantity_words_load(a, &e);
        assert_non_null(w);
        assert_int_equal(quantity_words_add(w, "x.yaml", wrong[i], strlen(wrong[i]), &e), -1);
        assert_non_null(strstr(e.msg, "第1行"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),
        cmocka_unit_test(sentences),
        cmocka_unit_test(offsets_count_code_points),
        cmocka_unit_test(modifiers),
        cmocka_unit_test(counted_and_verb),
        cmocka_unit_test(periods),
        cmocka_unit_test(identities),
        cmocka_unit_test(refusals),
        cmocka_unit_test(wrong_lists_are_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
