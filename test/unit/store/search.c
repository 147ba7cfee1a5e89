/* SPDX-License-Identifier: Apache-2.0 */
/* search.c: two characters are found, neighbours are not mixed up, scopes hold. */
#include "both.h"

#include <limits.h>

#include "sqlite3.h"
#include "store/backend.h"
#include "store/search.h"

static void text(struct place *p, int64_t home, const char *table, int64_t id, const char *body)
{
    OK(search_put(p->d, home, table, id, 20000 + id, body, &p->e));
}

static void fill(struct place *p)
{
    text(p, 1, "dispute", 1, "三楼漏水，居民反映物业没有维修");
    text(p, 1, "dispute", 2, "停车纠纷：A栋3单元与B栋居民");
    text(p, 1, "visit_log", 3, "走访独居老人，询问饮水情况 编号GX2024-0031");
    text(p, 2, "dispute", 4, "漏水调解成功，双方签字");
    text(p, 2, "visit_log", 5, "电话13800001234 已回访；水电正常");
    text(p, 3, "dispute", 6, "居 务公开栏更新，会务安排");
}

struct found {
    int n;
    int64_t ids[64];
    int stop_after;
};

static int note(void *arg, const struct search_hit *h, struct err *e)
{
    struct found *f = arg;

    (void)e;
    assert_non_null(h->body);
    assert_int_equal(h->day, 20000 + h->id);
    f->ids[f->n++] = h->id;
    return f->stop_after && f->n >= f->stop_after;
}

static const int64_t homes[] = {1, 2, 3};

static struct found find_in(struct place *p, const struct search_scope *s, const char *query)
{
    struct found f = {0};

    OK(search_find(p->d, s, query, note, &f, &p->e));
    return f;
}

static struct found find(struct place *p, const char *query)
{
    struct search_scope s = {.homes = homes, .nhomes = 3, .limit = 50};

    return find_in(p, &s, query);
}

/* The ids found, newest first, as one number: 4 then 1 is 41. */
static int64_t digits(struct found f)
{
    int64_t n = 0;

    for (int i = 0; i < f.n; i++)
        n = n * 10 + f.ids[i];
    return n;
}

static void tokens_are_pairs_and_words(void **state)
{
    struct place *p = *state;

    assert_string_equal(search_tokens(p->a, "社区党委，GX2024-0031 ＡＢ栋"), "社区 区党 党委 gx 2024 0031 ab");
    assert_string_equal(search_tokens(p->a, "水 水"), "");
    assert_string_equal(search_tokens(p->a, "重复重复"), "重复 复重");
    assert_string_equal(search_tokens(p->a, "𠮷野家Straße"), "𠮷野 野家 straße");
    assert_string_equal(search_tokens(p->a, ""), "");
    assert_string_equal(search_tokens(p->a, NULL), "");
}

static void closed_parts_are_found_by_closed_scopes_only(void **state)
{
    static const char *const member[] = {"member"};
    struct search_scope open = {.homes = homes, .nhomes = 3, .limit = 50};
    struct search_scope closed = {
        .homes = homes, .nhomes = 3, .tables = member, .ntables = 1, .closed = true, .limit = 50};
    struct place *p = *state;

    OK(search_put_closed(p->d, 1, "member", 1, 20001, "第三支部 新来", "司徒静 13900000001", &p->e));
    OK(search_put_closed(p->d, 1, "member", 2, 20002, "第三支部", "", &p->e));
    text(p, 1, "dispute", 3, "司徒静来反映第三支部门口停车");
    assert_int_equal(digits(find_in(p, &open, "司徒")), 3);
    assert_int_equal(digits(find_in(p, &open, "13900000001")), 0);
    assert_int_equal(digits(find_in(p, &open, "静")), 3); /* one character is looked for in the texts */
    assert_int_equal(digits(find_in(p, &open, "支部")), 321);
    assert_int_equal(digits(find_in(p, &open, "来司")), 0); /* not across the border */
    assert_int_equal(digits(find_in(p, &closed, "司徒静")), 1);
    assert_int_equal(digits(find_in(p, &closed, "13900000001 支部")), 1);
    assert_int_equal(digits(find_in(p, &closed, "静")), 1);
    assert_int_equal(digits(find_in(p, &closed, "支部")), 21);
    OK(search_put_closed(p->d, 1, "member", 1, 20001, "第三支部", "司空明", &p->e));
    assert_int_equal(digits(find_in(p, &closed, "司徒")), 0);
    assert_int_equal(digits(find_in(p, &closed, "司空")), 1);
    OK(search_drop(p->d, 1, 1, &p->e));
    assert_int_equal(digits(find_in(p, &closed, "司空")), 0);
}

static void two_characters_are_found_newest_first(void **state)
{
    struct place *p = *state;

    fill(p);
    assert_int_equal(digits(find(p, "漏水")), 41);
    assert_int_equal(digits(find(p, "居民")), 21);
    assert_int_equal(digits(find(p, "独居老人")), 3);
    assert_int_equal(digits(find(p, "漏水 居民")), 1);
    assert_int_equal(digits(find(p, "调解失败")), 0);
    assert_int_equal(digits(find(p, "")), 0);
    assert_int_equal(digits(find(p, "  ")), 0);
}

static void words_and_numbers_are_found_whole(void **state)
{
    struct place *p = *state;

    fill(p);
    assert_int_equal(digits(find(p, "gx2024")), 3);
    assert_int_equal(digits(find(p, "GX2024-0031")), 3);
    assert_int_equal(digits(find(p, "０031")), 3);
    assert_int_equal(digits(find(p, "13800001234")), 5);
    assert_int_equal(digits(find(p, "2024-9931")), 0);
}

static void pairs_alone_do_not_make_a_word(void **state)
{
    struct place *p = *state;

    text(p, 1, "dispute", 1, "居务公开；务会安排"); /* has 居务 and 务会, not 居务会 */
    text(p, 1, "dispute", 2, "召开居务会");
    assert_int_equal(digits(find(p, "居务会")), 2);
    assert_int_equal(digits(find(p, "居务")), 21);
}

static void one_character_is_looked_for(void **state)
{
    struct place *p = *state;
    struct search_scope s = {.homes = homes, .nhomes = 1, .limit = 50};

    fill(p);
    assert_int_equal(digits(find(p, "水")), 5431);
    assert_int_equal(digits(find_in(p, &s, "水")), 31);
    assert_int_equal(digits(find(p, "鱼")), 0);
    assert_int_equal(digits(find(p, "水 走访")), 3);
}

static void scopes_hold(void **state)
{
    struct place *p = *state;
    const char *dispute[] = {"dispute"}, *visit[] = {"visit_log", "dispute"};
    struct search_scope s = {.homes = homes + 1, .nhomes = 1, .limit = 50};

    fill(p);
    assert_int_equal(digits(find_in(p, &s, "漏水")), 4);
    s.tables = visit;
    s.ntables = 1;
    assert_int_equal(digits(find_in(p, &s, "漏水")), 0);
    assert_int_equal(digits(find_in(p, &s, "回访")), 5);
    assert_int_equal(digits(find_in(p, &s, "水")), 5);
    s.ntables = 2;
    assert_int_equal(digits(find_in(p, &s, "漏水")), 4);
    s.nhomes = 0;
    assert_int_equal(digits(find_in(p, &s, "漏水")), 0);
    s = (struct search_scope){.homes = homes, .nhomes = 3, .tables = dispute, .ntables = 1, .limit = 50};
    assert_int_equal(digits(find_in(p, &s, "漏水")), 41);
}

static void many_scopes_are_filtered_by_column(void **state)
{
    struct place *p = *state;
    int64_t many[100];
    struct search_scope s = {.homes = many, .nhomes = 100, .limit = 50};

    fill(p);
    for (int i = 0; i < 100; i++)
        many[i] = 2 + i;
    assert_int_equal(digits(find_in(p, &s, "漏水")), 4);
}

static void pages_by_id(void **state)
{
    struct place *p = *state;
    struct search_scope s = {.homes = homes, .nhomes = 3, .limit = 2};
    struct found f = {.stop_after = 1};

    for (int i = 1; i <= 9; i++)
        text(p, 1 + i % 3, "dispute", i, "停车位不足");
    assert_int_equal(digits(find_in(p, &s, "停车")), 98);
    s.before_id = 8;
    assert_int_equal(digits(find_in(p, &s, "停车")), 76);
    s.before_id = 1;
    assert_int_equal(digits(find_in(p, &s, "停车")), 0);
    s.before_id = 0;
    OK(search_find(p->d, &s, "停车", note, &f, &p->e));
    assert_int_equal(f.n, 1);
}

/* What narrows well but does not answer must not hide what lies further back. */
static void answers_behind_many_others_are_found(void **state)
{
    struct place *p = *state;

    text(p, 1, "dispute", 1, "居务会");
    OK(db_begin(p->d, &p->e));
    for (int i = 2; i < 700; i++)
        text(p, 1, "dispute", i, "居务、务会");
    OK(db_commit(p->d, &p->e));
    assert_int_equal(digits(find(p, "居务会")), 1);
}

static void a_changed_text_is_found_by_its_new_words_only(void **state)
{
    struct place *p = *state;

    fill(p);
    text(p, 1, "dispute", 1, "改为噪音扰民");
    assert_int_equal(digits(find(p, "漏水")), 4);
    assert_int_equal(digits(find(p, "噪音")), 1);
    OK(search_drop(p->d, 1, 1, &p->e));
    OK(search_drop(p->d, 1, 1, &p->e));
    assert_int_equal(digits(find(p, "噪音")), 0);
    text(p, 1, "dispute", 1, "又是漏水");
    assert_int_equal(digits(find(p, "漏水")), 41);
}

static void an_undone_text_is_not_found(void **state)
{
    struct place *p = *state;

    fill(p);
    OK(db_begin(p->d, &p->e));
    OK(db_save(p->d, &p->e));
    text(p, 1, "dispute", 9, "垃圾分类");
    db_undo(p->d);
    OK(db_commit(p->d, &p->e));
    assert_int_equal(digits(find(p, "垃圾")), 0);
}

/* Put, changed and dropped within one transaction, partly undone: the index and the texts agree. */
static void one_transaction_with_many_changes(void **state)
{
    struct place *p = *state;

    text(p, 1, "dispute", 1, "漏水");
    OK(db_begin(p->d, &p->e));
    text(p, 1, "dispute", 1, "停车");
    OK(db_save(p->d, &p->e));
    text(p, 1, "dispute", 1, "噪音");
    text(p, 1, "dispute", 2, "噪音");
    db_undo(p->d);
    text(p, 1, "dispute", 2, "漏水");
    text(p, 1, "dispute", 2, "垃圾");
    text(p, 1, "dispute", 3, "垃圾");
    OK(search_drop(p->d, 1, 3, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_int_equal(digits(find(p, "停车")), 1);
    assert_int_equal(digits(find(p, "垃圾")), 2);
    assert_int_equal(digits(find(p, "漏水")), 0);
    assert_int_equal(digits(find(p, "噪音")), 0);
    if (both_kind == DB_SQLITE)
        OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('integrity-check')", &p->e));
}

/* --- what a change costs, and what it leaves */

enum { FEW = 500, MANY = 20000, COST_TRIES = 8 };

/* Words that every text has stand beside one that only this one has. */
static void put_alike(struct place *p, int64_t id, const char *own)
{
    char open[256], closed[128];

    snprintf(open, sizeof open, "小区门口路灯不亮晚上出行不便希望尽快修理 %s", own);
    snprintf(closed, sizeof closed, "甲%05lld 桥头小区", (long long)id);
    OK(search_put_closed(p->d, 1, "visit", id, 20000 + id, open, closed, &p->e));
}

static void put_many_alike(struct place *p, int from, int to)
{
    OK(db_begin(p->d, &p->e));
    for (int i = from; i < to; i++)
        put_alike(p, i, "未办");
    OK(db_commit(p->d, &p->e));
    OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('optimize')", &p->e));
}

/* Pages of the database looked at for what follows. */
static int pages_seen(struct place *p)
{
    int hit = 0, miss = 0, most;

    sqlite3_db_status(p->d->h, SQLITE_DBSTATUS_CACHE_HIT, &hit, &most, 1);
    sqlite3_db_status(p->d->h, SQLITE_DBSTATUS_CACHE_MISS, &miss, &most, 1);
    return hit + miss;
}

/* Rows of the tables behind the index and the texts that were written, and pages looked at. */
struct cost {
    int rows, pages;
};

static void least(struct cost *c, struct place *p, int rows_before)
{
    int rows = sqlite3_total_changes(p->d->h) - rows_before, pages = pages_seen(p);

    c->rows = rows < c->rows ? rows : c->rows;
    c->pages = pages < c->pages ? pages : c->pages;
}

/* The newest ones are changed, then withdrawn: the least of each, without the merging that comes now and then. */
static void cost_of_newest(struct cost *edit, struct cost *drop, struct place *p, int n)
{
    *edit = *drop = (struct cost){INT_MAX, INT_MAX};
    for (int i = 1; i <= COST_TRIES; i++) {
        int rows = sqlite3_total_changes(p->d->h);

        pages_seen(p);
        put_alike(p, n - i, "已办");
        least(edit, p, rows);
        rows = sqlite3_total_changes(p->d->h);
        OK(search_drop(p->d, 1, n - i, &p->e));
        least(drop, p, rows);
    }
}

/* Some thirty words each: only those that change or are personal may be touched one by one. */
static void a_change_costs_no_more_where_many_have_the_same_words(void **state)
{
    struct place *p = *state;
    struct cost edit, drop, edit_many, drop_many;

    if (both_kind != DB_SQLITE)
        skip();
    put_many_alike(p, 1, FEW);
    cost_of_newest(&edit, &drop, p, FEW);
    put_many_alike(p, FEW, MANY);
    cost_of_newest(&edit_many, &drop_many, p, MANY);
    assert_in_range(edit_many.rows, 1, 16);
    assert_in_range(drop_many.rows, 1, 24);
    assert_in_range(edit_many.pages, 1, edit.pages + edit.pages / 4);
    assert_in_range(drop_many.pages, 1, drop.pages + drop.pages / 4);
}

/* Does the database hold these bytes anywhere, the log included? */
static bool file_holds(struct place *p, const char *word)
{
    char *data, name[900];
    bool found = false;

    OK(db_checkpoint(p->d, true, &p->e));
    for (int i = 0; i < 2; i++) {
        long n;
        FILE *f;

        snprintf(name, sizeof name, "%s%s", p->where, i ? "-wal" : "");
        f = fopen(name, "rb");
        if (!f)
            continue;
        fseek(f, 0, SEEK_END);
        n = ftell(f);
        rewind(f);
        data = malloc((size_t)n + 1);
        assert_int_equal(fread(data, 1, (size_t)n, f), n);
        found |= memmem(data, (size_t)n, word, strlen(word)) != NULL;
        free(data);
        fclose(f);
    }
    return found;
}

static void put_member(struct place *p, int64_t id, const char *open, const char *closed)
{
    OK(search_put_closed(p->d, 1, "member", id, 20000 + id, open, closed, &p->e));
}

static void personal_words_leave_the_file_at_once(void **state)
{
    struct place *p = *state;

    if (both_kind != DB_SQLITE)
        skip();
    put_member(p, 1, "第三支部", "司徒静 13900000001");
    put_member(p, 2, "第三支部", "欧阳明 13900000002");
    put_member(p, 3, "第四支部 13900000003", "");
    assert_true(file_holds(p, "司徒") && file_holds(p, "13900000001"));
    put_member(p, 1, "第三支部", "司空静 13900000009");
    assert_false(file_holds(p, "司徒") || file_holds(p, "13900000001"));
    /* several changes in one transaction: what stood there in between, too */
    OK(db_begin(p->d, &p->e));
    put_member(p, 1, "第三支部", "端木静 13900000008");
    put_member(p, 2, "第三支部", "慕容明");
    put_member(p, 1, "第三支部", "令狐静 13900000007");
    OK(search_drop(p->d, 1, 2, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_false(file_holds(p, "司空") || file_holds(p, "13900000009") || file_holds(p, "端木") ||
                 file_holds(p, "13900000008") || file_holds(p, "欧阳") || file_holds(p, "慕容") ||
                 file_holds(p, "13900000002"));
    assert_true(file_holds(p, "令狐"));
    /* an open word that has become a personal one was personal */
    put_member(p, 3, "第四支部", "13900000003");
    put_member(p, 3, "第四支部", "");
    assert_false(file_holds(p, "13900000003"));
    OK(search_drop(p->d, 1, 1, &p->e));
    assert_false(file_holds(p, "令狐") || file_holds(p, "13900000007"));
    OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('integrity-check')", &p->e));
}

/* An import undone: one pass through the index, not one for each word of each record. */
static void many_at_once_leave_with_one_merge(void **state)
{
    enum { N = 400 };
    struct place *p = *state;
    int rows;

    if (both_kind != DB_SQLITE)
        skip();
    put_member(p, 9001, "第三支部", "司徒静 13900000001");
    OK(db_begin(p->d, &p->e));
    for (int i = 1; i <= N; i++)
        put_alike(p, i, "未办");
    OK(db_commit(p->d, &p->e));
    assert_true(file_holds(p, "桥头") && file_holds(p, "00123"));
    rows = sqlite3_total_changes(p->d->h);
    OK(db_begin(p->d, &p->e));
    for (int i = 1; i <= N; i++)
        OK(search_drop(p->d, 1, i, &p->e));
    OK(db_commit(p->d, &p->e));
    assert_in_range(sqlite3_total_changes(p->d->h) - rows, N, 3 * N);
    assert_false(file_holds(p, "桥头") || file_holds(p, "00123"));
    assert_true(file_holds(p, "司徒"));
    OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('integrity-check')", &p->e));
}

/* Many records through many changes: what is found is what the texts say, also after the index merged. */
static void the_index_follows_any_change(void **state)
{
    static const char *const open[] = {"漏水", "停车 噪音", "噪音", "垃圾 漏水", ""};
    static const char *const closed[] = {"司徒静", "噪音 司空", "漏水", "", "司徒 停车"};
    static const char *const member[] = {"member"};
    static const char *const asked[] = {"漏水", "停车", "噪音", "垃圾", "司徒", "司空"};
    struct search_scope s = {.homes = homes, .nhomes = 1, .tables = member, .ntables = 1, .limit = 50};
    struct place *p = *state;
    int has[10][2];
    uint32_t r = 7;

    memset(has, -1, sizeof has);
    for (int round = 0; round < 60; round++) {
        OK(db_begin(p->d, &p->e));
        for (int i = 0; i < 6; i++) {
            int id = (int)((r = r * 1664525 + 1013904223) >> 16) % 9 + 1, o = (int)(r >> 20) % 6,
                c = (int)(r >> 8) % 5;

            has[id][0] = o < 5 ? o : -1;
            has[id][1] = c;
            if (o < 5)
                put_member(p, id, open[o], closed[c]);
            else
                OK(search_drop(p->d, 1, id, &p->e));
        }
        OK(db_commit(p->d, &p->e));
        for (size_t q = 0; q < 2 * sizeof asked / sizeof *asked; q++) {
            const char *word = asked[q / 2];
            int64_t want = 0;

            s.closed = q % 2;
            for (int id = 9; id > 0; id--)
                if (has[id][0] >= 0 &&
                    (strstr(open[has[id][0]], word) || (s.closed && strstr(closed[has[id][1]], word))))
                    want = want * 10 + id;
            assert_int_equal(digits(find_in(p, &s, word)), want);
        }
    }
    if (both_kind == DB_SQLITE) {
        OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('integrity-check')", &p->e));
        for (int id = 1; id < 10; id++)
            OK(search_drop(p->d, 1, id, &p->e));
        OK(db_exec(p->d, "INSERT INTO s_find (s_find) VALUES ('integrity-check')", &p->e));
    }
}

static void signs_of_the_query_language_are_plain_text(void **state)
{
    struct place *p = *state;
    static const char *const odd[] = {
        "漏水\"", "漏水 OR 停车", "NOT 漏水", "漏水*",  "tokens:漏水", "NEAR(漏水)", "^漏水", "'漏水'",
        "{漏水}", "漏水,停车",    "null",     "\\漏水", "漏水\"}",     "((((",       "-漏水", "漏水+"};

    fill(p);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        find(p, odd[i]); /* neither an error nor a crash */
    assert_int_equal(digits(find(p, "NOT 漏水")), 0);
    assert_int_equal(digits(find(p, "漏水 OR 停车")), 0);
    text(p, 1, "dispute", 7, "null or \"not\" {漏水}");
    assert_int_equal(digits(find(p, "null")), 7);
    assert_int_equal(digits(find(p, "{漏水}")), 7);
}

static void long_and_odd_texts_are_kept(void **state)
{
    struct place *p = *state;
    char *big = malloc(400001), bad[] = "漏\xff水\xe6\xbc";

    for (int i = 0; i < 400000; i += 4)
        memcpy(big + i, "\xe6\xbc\x8f ", 4);
    big[400000] = '\0';
    memcpy(big, "开头", 6);
    text(p, 1, "dispute", 1, big);
    assert_int_equal(digits(find(p, "开头")), 1);
    for (int i = 0; i < 399000; i++)
        big[i] = (char)('a' + i % 26);
    text(p, 1, "dispute", 2, big);
    if (both_kind == DB_SQLITE)
        OK(search_put(p->d, 1, "dispute", 3, 20003, bad, &p->e));
    assert_int_equal(digits(find(p, "开头")), 1);
    free(big);
}

static const struct CMUnitTest tests[] = {
    TEST_DB(tokens_are_pairs_and_words),
    TEST_DB(closed_parts_are_found_by_closed_scopes_only),
    TEST_DB(two_characters_are_found_newest_first),
    TEST_DB(words_and_numbers_are_found_whole),
    TEST_DB(pairs_alone_do_not_make_a_word),
    TEST_DB(one_character_is_looked_for),
    TEST_DB(scopes_hold),
    TEST_DB(many_scopes_are_filtered_by_column),
    TEST_DB(pages_by_id),
    TEST_DB(answers_behind_many_others_are_found),
    TEST_DB(a_changed_text_is_found_by_its_new_words_only),
    TEST_DB(an_undone_text_is_not_found),
    TEST_DB(one_transaction_with_many_changes),
    TEST_DB(a_change_costs_no_more_where_many_have_the_same_words),
    TEST_DB(personal_words_leave_the_file_at_once),
    TEST_DB(many_at_once_leave_with_one_merge),
    TEST_DB(the_index_follows_any_change),
    TEST_DB(signs_of_the_query_language_are_plain_text),
    TEST_DB(long_and_odd_texts_are_kept),
};
BOTH_MAIN(tests)
