/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: lists by key over one and many units, filters, counts, words, options, lookups; on SQLite and, where
 * LINLI_TEST_PG is set, on PostgreSQL. */
#include "lending.h"

#include "store/search.h"

/* --- lists */

static struct list_query everything(void)
{
    return (struct list_query){.reg = reg, .all = true, .limit = 1000};
}

static const struct list_query *ordering;

static int in_order(const void *x, const void *y)
{
    const struct record *a = *(struct record *const *)x, *b = *(struct record *const *)y;
    int c = value_compare(query_sort_value(ordering, a), query_sort_value(ordering, b));

    c = c ? c : (a->id > b->id) - (a->id < b->id);
    return ordering->ascending ? c : -c;
}

/* What the list should give, the slow way. */
static size_t expected(struct place *p, const struct list_query *q, struct record **out)
{
    size_t n = 0;

    for (int i = 0; i < RECORDS; i++) {
        struct scope sc = record_scope(NULL, all[i]);
        bool in = q->all;
        for (size_t u = 0; u < q->nunits; u++)
            in = in || q->units[u] == all[i]->unit;
        if (in && (!q->where || expr_true(p->a, q->where, &sc)))
            out[n++] = all[i];
    }
    ordering = q;
    qsort(out, n, sizeof *out, in_order);
    return n;
}

/* Page through a list and compare with the slow way. */
static void pages(struct place *p, struct list_query q, size_t limit)
{
    struct record *want[RECORDS], **got;
    size_t n, seen = 0, total = expected(p, &q, want);
    int64_t counted;
    bool more = true;

    OK(query_count(&counted, p->d, &q, 0, &p->e));
    assert_int_equal(counted, total);
    q.limit = limit;
    while (more) {
        OK(query_list(&got, &n, &more, p->a, p->d, &q, &p->e));
        assert_true(n <= limit && (n == limit || !more));
        for (size_t i = 0; i < n; i++, seen++) {
            assert_true(seen < total);
            assert_int_equal(got[i]->id, want[seen]->id);
            assert_true(record_same(got[i], want[seen]) || !q.children);
        }
        if (!n)
            break;
        q.after_set = true;
        q.after_value = query_sort_value(&q, got[n - 1]);
        q.after_id = got[n - 1]->id;
    }
    assert_int_equal(seen, total);
}

static void test_pages(void **state)
{
    static const char *const sorts[] = {NULL,      "happened", "item", "fee",      "state",
                                        "lent_on", "entered",  "id",   "closed_at"};
    /* more than are read side by side */
    static const int64_t units[] = {10,  11,  21,  40,  42,  99,  100, 101, 102,
                                    103, 104, 105, 106, 107, 108, 109, 41,  20};
    struct place *p = *state;

    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        for (int way = 0; way < 2; way++) {
            struct list_query q = everything();
            q.sort = sorts[i];
            q.ascending = way;
            q.children = true;
            pages(p, q, 7);
            q.all = false;
            q.units = units;
            q.nunits = sizeof units / sizeof *units;
            pages(p, q, 6);
            q.nunits = 6;
            pages(p, q, 3);
            q.nunits = 1;
            pages(p, q, 4);
            q.where = bind(p, "not kind = tool and (fee > 0 or done)");
            q.nunits = 4;
            pages(p, q, 5);
        }
    struct list_query none = everything();
    none.all = false;
    pages(p, none, 5); /* no units: nothing, not everything */
}

/* Only some columns: the same rows, those columns and the one they are sorted by, nothing of the others. */
static void test_only(void **state)
{
    static const char *const sorts[] = {NULL, "fee", "entered", "state", "id"}, *names[] = {"item", "done", NULL};
    static const int64_t units[] = {10, 11, 21, 40};
    struct place *p = *state;

    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        struct record **part, **whole;
        struct list_query q = everything();
        size_t n, m;
        bool more;
        q.sort = sorts[i];
        q.all = false;
        q.units = units;
        q.nunits = 4;
        q.limit = 40;
        pages(p, q, 3);
        OK(query_list(&whole, &m, &more, p->a, p->d, &q, &p->e));
        q.only = names;
        pages(p, q, 3);
        OK(query_list(&part, &n, &more, p->a, p->d, &q, &p->e));
        assert_true(n > 3 && n == m);
        for (size_t k = 0; k < n; k++) {
            const struct record *x = part[k], *y = whole[k];
            assert_true(x->home == y->home && x->unit == y->unit && x->happened == y->happened);
            assert_true(x->late == y->late && x->state == y->state);
            assert_true(value_compare(x->values[F_ITEM], y->values[F_ITEM]) == 0);
            assert_true(value_compare(x->values[F_DONE], y->values[F_DONE]) == 0);
            assert_true(value_compare(query_sort_value(&q, x), query_sort_value(&q, y)) == 0);
            if (!sorts[i] || strcmp(sorts[i], "entered") != 0)
                assert_int_equal(x->values[F_KIND].kind, VALUE_NULL);
        }
    }
}

static int count_row(const struct record *r, void *arg)
{
    int *n = arg;

    assert_int_equal(r->reg == reg, 1);
    return ++*n == 30;
}

static void test_each(void **state)
{
    struct place *p = *state;
    struct list_query q = everything();
    int n = 0;

    OK(query_each(p->a, p->d, &q, count_row, &n, &p->e));
    assert_int_equal(n, 30); /* the callback stopped it */
    n = -1000;
    OK(query_each(p->a, p->d, &q, count_row, &n, &p->e));
    assert_int_equal(n, RECORDS - 1000);
}

static int64_t count(struct place *p, struct filter f)
{
    struct list_query q = everything();
    int64_t n = -1;

    q.filters = &f;
    q.nfilters = 1;
    OK(query_count(&n, p->d, &q, 0, &p->e));
    return n;
}

/* Records for which the expression holds. */
static int64_t holding(struct place *p, const char *text)
{
    struct record *out[RECORDS];
    struct list_query q = everything();

    q.where = bind(p, text);
    return (int64_t)expected(p, &q, out);
}

static void test_filters(void **state)
{
    struct place *p = *state;
    static const struct value kinds[] = {{VALUE_TEXT, 0, "tool"}, {VALUE_TEXT, 0, "no\"ne\\{},"}};
    static const struct value ints[] = {{VALUE_INT, 1, NULL}, {VALUE_INT, 5, NULL}};

#define COUNT(...) count(p, (struct filter){__VA_ARGS__})
    assert_int_equal(COUNT("kind", CMP_EQ, .v = value_text("tool")), holding(p, "kind = tool"));
    assert_int_equal(COUNT("kind", CMP_NE, .v = value_text("tool")), holding(p, "kind != tool"));
    assert_int_equal(COUNT("kind", CMP_EQ, .negate = true, .v = value_text("tool")), holding(p, "not kind = tool"));
    assert_int_equal(COUNT("kind", CMP_IN, .vs = kinds, .nv = 2), holding(p, "kind = tool"));
    assert_int_equal(COUNT("kind", CMP_IN, .vs = kinds, .nv = 0), 0);
    assert_int_equal(COUNT("copies", CMP_IN, .vs = ints, .nv = 2), holding(p, "copies in (1, 5)"));
    assert_int_equal(COUNT("fee", CMP_GT, .v = value_int(5000)), holding(p, "fee > 50"));
    assert_int_equal(COUNT("fee", CMP_LE, .v = value_int(5000)), holding(p, "fee <= 50"));
    assert_int_equal(COUNT(.field = "fee", .op = CMP_NULL), holding(p, "fee is empty"));
    assert_int_equal(COUNT(.field = "fee", .op = CMP_NOT_NULL), holding(p, "fee is not empty"));
    assert_int_equal(COUNT("tags", CMP_HAS, .v = value_text("tool")), holding(p, "tags = tool"));
    assert_int_equal(COUNT("item", CMP_LIKE, .v = value_text("LADD")), holding(p, "lower(item) = 'ladder'"));
    assert_int_equal(COUNT("item", CMP_LIKE, .v = value_text("_b")), holding(p, "item = 'a_b'"));
    assert_int_equal(COUNT("item", CMP_LIKE, .v = value_text("'x'")), holding(p, "item = '''x'''"));
    assert_int_equal(COUNT("state", CMP_EQ, .v = value_text("back")), holding(p, "state = back"));
    assert_int_equal(COUNT("happened", CMP_GE, .v = value_int(day_from_ymd(2024, 1, 10))),
                     holding(p, "happened >= 2024-01-10"));
    assert_int_equal(COUNT("home", CMP_EQ, .v = value_int(2)), RECORDS / HOMES);
    assert_int_equal(COUNT("fee", CMP_EQ, .v = value_null()), 0);

    struct filter bad[] = {{.field = "nobody", .op = CMP_EQ, .v = value_int(1)},
                           {.field = "fee", .op = CMP_EQ, .v = value_text("x")},
                           {.field = "kind", .op = CMP_EQ, .v = value_int(1)},
                           {.field = "fee", .op = CMP_LIKE, .v = value_text("1")},
                           {.field = "kind", .op = CMP_IN, .vs = ints, .nv = 1},
                           {.field = "f_kind", .op = CMP_NULL}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct list_query q = everything();
        int64_t n;
        q.filters = &bad[i];
        q.nfilters = 1;
        FAILS(query_count(&n, p->d, &q, 0, &p->e), ERR_INPUT);
    }
}

static void test_wrong(void **state)
{
    struct place *p = *state;
    struct list_query q = everything();
    struct record **rs;
    size_t n;
    bool more;
    int64_t c;

    q.sort = "nobody";
    FAILS(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e), ERR_INPUT);
    q.sort = "by";
    FAILS(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e), ERR_INPUT);
    q.sort = NULL;
    q.after_set = true;
    q.after_value = value_text("x");
    FAILS(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e), ERR_INPUT);
    q = everything();
    q.gone = true;
    OK(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e));
    assert_int_equal(n, 0);
    OK(query_gone(p->d, all[5], true, 2, &p->e));
    OK(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e));
    assert_int_equal(n, 1);
    assert_int_equal(rs[0]->id, all[5]->id);
    q.gone = false;
    OK(query_count(&c, p->d, &q, 0, &p->e));
    assert_int_equal(c, RECORDS - 1);
    OK(query_count(&c, p->d, &q, 50, &p->e));
    assert_int_equal(c, 50);
}

/* --- the index carries the order */

static void test_plan(void **state)
{
    static const char *const lists[] = {"SELECT r.home, r.id, r.day FROM r_lending r WHERE r.unit = ?1 AND r.gone "
                                        "= 0 AND (r.day, r.id) < (?2, ?3) ORDER "
                                        "BY r.day DESC, r.id DESC LIMIT ?4",
                                        "SELECT r.home, r.id, r.day FROM r_lending r WHERE r.home = ?1 AND r.gone "
                                        "= 0 ORDER BY r.day DESC, r.id DESC LIMIT "
                                        "?2"};
    struct place *p = *state;
    struct stmt *st;

    if (db_kind(p->d) != DB_SQLITE)
        return;
    for (int i = 0; i < 2; i++) {
        int steps = 0;
        OK(db_prep(&st, p->d, arena_printf(p->a, "EXPLAIN QUERY PLAN %s", lists[i]), &p->e));
        while (stmt_step(st, &p->e) == 1) {
            const char *line = stmt_col_text(st, 3);
            if (strstr(line, "SCAN") || strstr(line, "TEMP B-TREE") || !strstr(line, "USING"))
                fail_msg("%s", line);
            steps++;
        }
        stmt_done(st);
        assert_int_equal(steps, 1);
    }
}

/* --- words */

static void test_text(void **state)
{
    struct place *p = *state;
    struct list_query q = everything();
    struct record **rs;
    size_t n, seen = 0;
    bool more = true;
    int64_t c, last = INT64_MAX, want = 0;
    static const int64_t units[] = {10, 11, 12, 20, 21, 22};

    for (int i = 0; i < RECORDS; i++) {
        const struct value v = all[i]->values[F_ITEM];
        OK(search_put(p->d, all[i]->home, "lending", all[i]->id, all[i]->happened, v.kind == VALUE_TEXT ? v.s : "-",
                      &p->e));
        want += v.kind == VALUE_TEXT && strstr(v.s, "梯子");
    }
    q.text = "梯子";
    q.limit = 4;
    while (more) {
        OK(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e));
        for (size_t i = 0; i < n; i++, seen++) {
            assert_true(rs[i]->id < last);
            last = rs[i]->id;
            assert_non_null(strstr(rs[i]->values[F_ITEM].s, "梯子"));
        }
        q.after_set = true;
        q.after_id = last;
        assert_true(n || !more);
    }
    assert_int_equal(seen, want);
    q.after_set = false;
    OK(query_count(&c, p->d, &q, 0, &p->e));
    assert_int_equal(c, want);
    OK(query_count(&c, p->d, &q, 2, &p->e));
    assert_int_equal(c, 2);
    q.all = false;
    q.units = units;
    q.nunits = 6;
    q.where = bind(p, "done");
    q.limit = 1000;
    OK(query_list(&rs, &n, &more, p->a, p->d, &q, &p->e));
    want = 0;
    for (int i = 0; i < RECORDS; i++)
        want += all[i]->values[F_ITEM].kind == VALUE_TEXT && strstr(all[i]->values[F_ITEM].s, "梯子") &&
                all[i]->values[F_DONE].i == 1 && all[i]->home <= 2;
    assert_true(want > 0);
    assert_int_equal(n, want);
}

/* --- references */

static void test_options(void **state)
{
    struct place *p = *state;
    struct option *o;
    struct map *titles;
    size_t n;
    const int64_t ids[] = {1000, 1004, 999};

    OK(query_options(&o, &n, p->a, p->d, NULL, reg, 1, "adder", 50, &p->e));
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        assert_non_null(strstr(o[i].title, "adder"));
    OK(query_options(&o, &n, p->a, p->d, NULL, reg, 1, "具", 50, &p->e));
    assert_true(n > 0);
    OK(query_options(&o, &n, p->a, p->d, NULL, reg, 1, "没有这样的", 50, &p->e));
    assert_int_equal(n, 0);
    OK(query_options(&o, &n, p->a, p->d, NULL, reg, 1, NULL, 5, &p->e));
    assert_int_equal(n, 5);
    OK(query_titles(&titles, p->a, p->d, NULL, reg, 1, ids, 3, &p->e));
    assert_int_equal(map_count(titles), 2);
    assert_string_equal(map_get(titles, "1000"), record_title(p->a, all[0]));
    OK(query_titles(&titles, p->a, p->d, NULL, reg, 2, ids, 3, &p->e)); /* another home */
    assert_int_equal(map_count(titles), 0);
}

static struct node nodes[] = {
    {.id = 1, .home = 1, .code = "119999001001", .name = "青榆社区", .kind = "community"},
    {.id = 2, .home = 1, .code = "A01", .name = "青榆社区第一党支部", .kind = "branch"},
    {.id = 3, .home = 1, .code = "A02", .name = "青榆社区第二党支部", .kind = "branch"},
    {.id = 4, .home = 5, .code = "B01", .name = "柳溪社区第一党支部", .kind = "branch"},
};

static void test_lookup(void **state)
{
    struct place *p = *state;
    struct node *by_id[4] = {&nodes[0], &nodes[1], &nodes[2], &nodes[3]};
    struct tree tree = {.a = p->a, .n = 4, .nodes = nodes, .by_id = by_id, .by_code = map_new(p->a)};
    struct view view = {.units = &tree, .grids = &tree};
    struct field *branch = &fixture_fields[F_BRANCH], *ref = &fixture_fields[F_OTHER];
    struct lookup *l, *anywhere = query_lookup(p->a, &view, p->d, 0);

    for (int i = 0; i < 4; i++)
        map_put(tree.by_code, nodes[i].code, &nodes[i]);
    l = query_lookup(p->a, &view, p->d, 1);
    assert_int_equal(l->find(l->arg, branch, "青榆社区第一党支部"), 2);
    assert_int_equal(l->find(l->arg, branch, "第一党支部"), 2); /* in this home */
    assert_int_equal(l->find(l->arg, branch, "第 二 党支部"), 3);
    assert_int_equal(l->find(l->arg, branch, "柳溪社区第一党支部"), 4);
    assert_int_equal(l->find(l->arg, branch, "党支部"), -1);
    assert_int_equal(l->find(l->arg, branch, "一"), 0);
    assert_int_equal(l->find(l->arg, branch, "B01"), 4);
    assert_int_equal(l->find(l->arg, branch, "#3"), 3);
    assert_int_equal(l->find(l->arg, branch, "#1"), 0); /* not a branch */
    assert_int_equal(l->find(l->arg, branch, "#77"), 0);
    assert_int_equal(l->find(l->arg, branch, "第三党支部"), 0);
    assert_int_equal(anywhere->find(anywhere->arg, branch, "第一党支部"), -1);

    ref->ref = reg;
    const char *number = NULL, *other = NULL;
    for (int i = 0; i < RECORDS; i++) {
        bool alone = all[i]->values[F_NUMBER].kind == VALUE_TEXT;
        for (int j = 0; alone && j < RECORDS; j++)
            alone = i == j || !value_equal(all[i]->values[F_NUMBER], all[j]->values[F_NUMBER]);
        if (alone && all[i]->home == 1 && !number) {
            number = all[i]->values[F_NUMBER].s;
            assert_int_equal(l->find(l->arg, ref, number), all[i]->id);
            assert_int_equal(l->find(l->arg, ref, number), all[i]->id);
        }
        if (alone && all[i]->home == 2)
            other = all[i]->values[F_NUMBER].s;
    }
    assert_non_null(number);
    assert_int_equal(l->find(l->arg, ref, other), 0); /* of another home */
    assert_int_equal(l->find(l->arg, ref, "#1000"), 1000);
    assert_int_equal(l->find(l->arg, ref, "#1001"), 0);
    assert_int_equal(l->find(l->arg, ref, "工具箱"), -1); /* several titles */
    assert_int_equal(l->find(l->arg, ref, "查无此物"), 0);
    struct record *fresh = make(p, 0);
    fresh->id = 5000;
    fresh->values[F_ITEM] = value_text("新到的锤子");
    fresh->values[F_NUMBER] = value_null();
    OK(query_insert(p->d, p->a, NULL, fresh, &p->e));
    assert_int_equal(l->find(l->arg, ref, "新到的锤子"), 5000);
    ref->ref = NULL;
    assert_int_equal(l->find(l->arg, ref, "工具箱"), 0);
}

static const struct CMUnitTest tests[] = {
    TEST(test_pages), TEST(test_only), TEST(test_each),    TEST(test_filters), TEST(test_wrong),
    TEST(test_plan),  TEST(test_text), TEST(test_options), TEST(test_lookup),
};

BOTH_MAIN(tests)
