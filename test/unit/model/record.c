/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: records are checked, numbered, sealed, written, changed, withdrawn; on both back ends (LINLI_TEST_PG).
 */
#include "record_case.h"

/* Exactly this field is refused for this reason. */
static void refused(struct site_case *c, struct record *r, const char *field, enum reason why)
{
    struct field_errors fe = {.a = c->a};
    struct save s = case_save(c);
    int64_t id = r->id;

    s.errors = &fe;
    BAD(record_save(&s, r, NULL, &c->e), ERR_INPUT);
    if (fe.n != 1 || strcmp(fe.v[0].field, field) || fe.v[0].reason != why)
        for (size_t i = 0; i < fe.n; i++)
            fprintf(stderr, "  %s %s: %s\n", fe.v[i].field, reason_word[fe.v[i].reason], fe.v[i].msg);
    assert_int_equal(fe.n, 1);
    assert_string_equal(fe.v[0].field, field);
    assert_int_equal(fe.v[0].reason, why);
    assert_string_equal(c->e.field, field);
    assert_int_equal(r->id, id);
}

static void saved_and_read(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *x;

    record_set(r, "hours", value_int(25));
    record_set(r, "tags", value_text(",new,big,"));
    record_set(r, "grid", value_int(c->grid));
    helper(c, r, "吴一鸣", "lead", 30);
    case_put(c, r);
    assert_true(r->id > 0);
    assert_int_equal(r->version, 1);
    assert_int_equal(r->home, c->peach);
    assert_int_equal(r->unit, c->peach1);
    x = again(c, r);
    assert_true(record_same(x, r));
    assert_string_equal(x->state, "out");
    assert_int_equal(x->happened, DAY(2026, 7, 14));
    assert_int_equal(x->by, 0);
    assert_false(x->late);
    assert_int_equal(x->children[0].n, 1);
    assert_string_equal(record_title(c->a, x), "借〔2026〕001号 周明远");
    case_clean(c);
}

static void home_without_unit(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach, 2026, 7, 14, "tool", "周明远"), *s;

    case_put(c, r);
    assert_int_equal(r->unit, c->peach);
    /* entered at the subdistrict about a branch: it belongs to the branch's community */
    s = case_loan_new(c, c->willow1, 2026, 7, 14, "tool", "郑小满");
    s->home = c->street;
    case_put(c, s);
    assert_int_equal(s->home, c->willow);
    assert_int_equal(s->unit, c->willow1);
}

static void refuses_values(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    static const struct {
        const char *field;
        struct value v;
        enum reason why;
    } bad[] = {
        {"borrower", {0}, REASON_REQUIRED},
        {"kind", {VALUE_TEXT, 0, "boat"}, REASON_CHOICE},
        {"tags", {VALUE_TEXT, 0, ",new,huge,"}, REASON_CHOICE},
        {"hours", {VALUE_INT, 241, NULL}, REASON_RANGE},
        {"hours", {VALUE_INT, -1, NULL}, REASON_RANGE},
        {"fee", {VALUE_INT, -100, NULL}, REASON_RANGE},
        {"idno", {VALUE_TEXT, 0, "119999199001010028"}, REASON_CHECKSUM},
        {"branch", {VALUE_INT, 77, NULL}, REASON_REFERENCE},
        {"grid", {VALUE_INT, 78, NULL}, REASON_REFERENCE},
        {"item", {VALUE_INT, 79, NULL}, REASON_REFERENCE},
        {"broken", {VALUE_INT, 2, NULL}, REASON_RANGE},
        {"hours", {VALUE_TEXT, 0, "two"}, REASON_NUMBER},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct value was = record_get(r, bad[i].field);

        record_set(r, bad[i].field, bad[i].v);
        refused(c, r, bad[i].field, bad[i].why);
        record_set(r, bad[i].field, was);
    }
    record_set(r, "branch", value_int(c->peach)); /* a community is no branch */
    refused(c, r, "branch", REASON_REFERENCE);
    record_set(r, "branch", value_int(c->willow1)); /* another community's */
    refused(c, r, "branch", REASON_REFERENCE);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM r_loan"), 0);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_trail WHERE register = 'loan'"), 0);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_series WHERE name LIKE 'loan%'"), 0);
}

static void refuses_checks(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct child_row *row;

    record_set(r, "back_on", value_int(DAY(2026, 7, 13)));
    refused(c, r, "back_on", REASON_CHECK);
    record_set(r, "back_on", value_int(DAY(2026, 7, 16)));
    row = helper(c, r, "吴一鸣", "lead", 30);
    row = helper(c, r, "郑小满", "help", 601);
    refused(c, r, "helpers.2.minutes", REASON_RANGE);
    row->values[2] = value_int(10);
    row->values[0] = value_null();
    refused(c, r, "helpers.2.name", REASON_REQUIRED);
    row->values[0] = value_text("郑小满");
    record_set(r, "note",
               value_text("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
                          "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十多"));
    refused(c, r, "note", REASON_LENGTH);
    record_set(r, "note", value_null());
    case_put(c, r);
    assert_int_equal(record_get(r, "kept").i, 2);
}

/* A check with an empty field beside it says nothing. */
static void check_needs_both(void **state)
{
    struct site_case *c = *state;
    struct record *u = case_new(c, "unit", 0);

    record_set(u, "code", value_text("LH-X"));
    record_set(u, "name", value_text("临时小组"));
    record_set(u, "kind", value_text("group"));
    record_set(u, "parent", value_int(c->street));
    record_set(u, "since", value_null());
    record_set(u, "until", value_int(DAY(2026, 1, 1))); /* check: until >= since, and since is empty */
    case_put(c, u);
}

static void numbers_have_no_gaps(void **state)
{
    struct site_case *c = *state;
    struct record *r;
    static const char *const want[] = {"借〔2026〕001号", "借〔2026〕002号", "借〔2025〕001号", "借〔2026〕003号"};
    static const int year[] = {2026, 2026, 2025, 2026};

    for (int i = 0; i < 4; i++) {
        r = case_loan_new(c, c->peach1, year[i], 3, i + 1, "tool", "周明远");
        record_set(r, "hours", value_int(999)); /* refused: uses no number */
        BAD(save(c, r, NULL), ERR_INPUT);
        record_set(r, "hours", value_int(9));
        case_put(c, r);
        assert_string_equal(record_get(r, "number").s, want[i]);
    }
    /* the other community has its own series */
    r = case_loan_new(c, c->willow1, 2026, 3, 1, "tool", "郑小满");
    case_put(c, r);
    assert_string_equal(record_get(r, "number").s, want[0]);
    /* a number taken over from paper moves the series on */
    r = case_loan_new(c, c->peach1, 2026, 3, 9, "tool", "周明远");
    record_set(r, "number", value_text("借〔2026〕040号"));
    case_put(c, r);
    r = case_loan_new(c, c->peach1, 2026, 3, 10, "tool", "周明远");
    case_put(c, r);
    assert_string_equal(record_get(r, "number").s, "借〔2026〕041号");
    /* one that is of another form does not */
    r = case_loan_new(c, c->peach1, 2026, 3, 11, "tool", "周明远");
    record_set(r, "number", value_text("旧-99"));
    case_put(c, r);
    r = case_loan_new(c, c->peach1, 2026, 3, 12, "tool", "周明远");
    case_put(c, r);
    assert_string_equal(record_get(r, "number").s, "借〔2026〕042号");
}

static void unique_keys(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *s, *found;
    struct save sv = case_save(c);

    case_put(c, r);
    s = case_loan_new(c, c->peach1, 2026, 7, 14, "book", "周明远"); /* same borrower at the same minute */
    BAD(save(c, s, NULL), ERR_CONFLICT);
    assert_string_equal(c->e.field, "borrower");
    assert_non_null(strstr(c->e.msg, "借〔2026〕001号")); /* which one it is */
    s = case_loan_new(c, c->peach2, 2026, 7, 15, "book", "周明远");
    record_set(s, "number", value_text("借〔2026〕001号"));
    BAD(save(c, s, NULL), ERR_CONFLICT);
    GOOD(record_by_key(&found, c->a, reader(c), s, &c->e));
    assert_non_null(found);
    assert_int_equal(found->id, r->id);
    s->home = c->willow; /* in another community it is free */
    record_set(s, "branch", value_int(c->willow1));
    GOOD(record_by_key(&found, c->a, reader(c), s, &c->e));
    assert_null(found);
    case_put(c, s);
    GOOD(record_withdraw(&sv, r->reg, r->home, r->id, "试验", &c->e)); /* a withdrawn one sets its key free … */
    s = case_loan_new(c, c->peach1, 2026, 7, 14, "book", "周明远");
    case_put(c, s);
    BAD(record_restore(&sv, r->reg, r->home, r->id, &c->e), ERR_CONFLICT); /* … and cannot come back then */
    case_clean(c);
}

static void versions(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *mine, *theirs;
    enum saved what;

    GOOD(save(c, r, &what));
    assert_int_equal(what, SAVED_INSERTED);
    mine = again(c, r);
    theirs = again(c, r);
    record_set(theirs, "heads", value_int(4));
    GOOD(save(c, theirs, &what));
    assert_int_equal(what, SAVED_UPDATED);
    assert_int_equal(theirs->version, 2);
    record_set(mine, "heads", value_int(5));
    BAD(save(c, mine, NULL), ERR_CONFLICT);
    assert_int_equal(mine->version, 1);
    assert_int_equal(record_get(again(c, r), "heads").i, 4);
    GOOD(save(c, theirs, &what)); /* the same once more */
    assert_int_equal(what, SAVED_UNCHANGED);
    assert_int_equal(again(c, r)->version, 2);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_trail WHERE register = 'loan'"), 2);
    theirs->state = "back"; /* only a move changes the state */
    record_set(theirs, "heads", value_int(6));
    GOOD(save(c, theirs, NULL));
    assert_string_equal(again(c, r)->state, "out");
    case_clean(c);
}

static void children_keep_their_ids(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *x;
    int64_t first, second;

    helper(c, r, "吴一鸣", "lead", 30);
    helper(c, r, "郑小满", "help", 20);
    helper(c, r, "冯大年", "help", 10);
    case_put(c, r);
    x = again(c, r);
    first = x->children[0].rows[0].id;
    second = x->children[0].rows[1].id;
    x->children[0].rows[1].values[2] = value_int(25); /* one changed, one gone, one new in front */
    x->children[0].rows[2] = x->children[0].rows[1];
    x->children[0].rows[1] = x->children[0].rows[0];
    x->children[0].rows[0] = (struct child_row){.values = arena_array(c->a, 3, sizeof(struct value))};
    x->children[0].rows[0].values[0] = value_text("褚新");
    case_put(c, x);
    x = again(c, r);
    assert_int_equal(x->children[0].n, 3);
    assert_string_equal(x->children[0].rows[0].values[0].s, "褚新");
    assert_int_equal(x->children[0].rows[1].id, first);
    assert_int_equal(x->children[0].rows[2].id, second);
    assert_int_equal(x->children[0].rows[2].values[2].i, 25);
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM r_loan_helpers"), 3);
    /* rows without ids, as an import brings them, find the equal ones */
    for (int i = 0; i < 3; i++)
        x->children[0].rows[i].id = 0;
    record_set(x, "heads", value_int(1));
    case_put(c, x);
    assert_int_equal(again(c, r)->children[0].rows[1].id, first);
    case_clean(c);
}

static void protected_columns(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远"), *x;
    const char *plain = "119999199001010021", *sealed;
    const struct field *f = reg_field(r->reg, "idno");
    const struct sec_key *k = store_key(c->site->store);
    enum saved what;
    struct stmt *s;

    while (!idno_valid(plain)) { /* find the right check digit */
        static char t[19];

        snprintf(t, sizeof t, "11999919900101002%c", plain[17] == '9' ? 'X' : plain[17] + 1);
        plain = t;
    }
    record_set(r, "idno", value_text(plain));
    case_put(c, r);
    x = again(c, r);
    assert_true(value_sealed(record_get(x, "idno")));
    sealed = record_get(x, "idno").s;
    assert_null(strstr(sealed, plain));
    assert_string_equal(record_open(c->a, k, f, record_get(x, "idno")).s, plain);
    record_set(x, "idno", value_text(plain)); /* typed again: nothing has changed */
    GOOD(save(c, x, &what));
    assert_int_equal(what, SAVED_UNCHANGED);
    assert_string_equal(record_get(again(c, r), "idno").s, sealed);
    record_set(x, "heads", value_int(2));
    case_put(c, x);
    assert_string_equal(record_get(again(c, r), "idno").s, sealed);
    record_set(x, "idno", value_text("sealed:forged")); /* a forged text is a text like any other: no id number */
    refused(c, x, "idno", REASON_CHECK);
    GOOD(db_prep(&s, reader(c), "SELECT f_idno_h FROM r_loan", &c->e));
    assert_int_equal(stmt_step(s, &c->e), 1);
    assert_string_equal(stmt_col_text(s, 0), record_hash(c->a, k, f, value_text(plain)));
    stmt_done(s);
    assert_int_equal(case_figure(c, "loan.ids", 0, DAY(2026, 7, 1), DAY(2026, 7, 31)), 1);
    case_clean(c);
}

static void late_entry(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 11, "tool", "周明远"); /* four days before now */
    struct record *s = case_loan_new(c, c->peach1, 2026, 7, 12, "tool", "周明远"); /* three */
    struct figure_at at = {.view = &c->v, .from = DAY(2026, 7, 1), .to = DAY(2026, 7, 31)};
    struct figure_value v;

    case_put(c, r);
    case_put(c, s);
    assert_true(again(c, r)->late);
    assert_false(again(c, s)->late);
    GOOD(figure_compute(&v, c->a, reader(c), schema_figure(c->v.schema, "loan.count"), &at, &c->e));
    assert_int_equal(v.value, 2);
    assert_int_equal(v.late, 1);
    record_set(r, "lent_at", value_int(day_instant(DAY(2026, 7, 14), 0))); /* the day was mistyped */
    case_put(c, r);
    assert_false(again(c, r)->late);
    case_clean(c);
}

static void withdrawn(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct save s = case_save(c);

    case_put(c, r);
    BAD(record_withdraw(&s, r->reg, r->home, r->id, "", &c->e), ERR_INPUT);
    assert_string_equal(c->e.field, "reason");
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "重复登记", &c->e));
    BAD(record_withdraw(&s, r->reg, r->home, r->id, "重复登记", &c->e), ERR_CONFLICT);
    assert_int_equal(case_figure(c, "loan.count", 0, DAY(2026, 7, 1), DAY(2026, 7, 31)),
                     -1); /* nobody knows of any */
    record_set(r, "heads", value_int(1));
    BAD(save(c, r, NULL), ERR_CONFLICT);
    assert_true(again(c, r)->gone);
    case_clean(c);
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    BAD(record_restore(&s, r->reg, r->home, r->id, &c->e), ERR_CONFLICT);
    assert_int_equal(again(c, r)->version, 3);
    assert_int_equal(case_figure(c, "loan.count", 0, DAY(2026, 7, 1), DAY(2026, 7, 31)), 1);
    BAD(record_withdraw(&s, r->reg, r->home, 12345, "没有", &c->e), ERR_MISSING);
    case_clean(c);
}

/* What it points to was withdrawn meanwhile: first that comes back, then the record. */
static void back_to_nothing(void **state)
{
    struct site_case *c = *state;
    struct record *item = case_new(c, "item", 0), *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    struct save s = case_save(c);

    record_set(item, "code", value_text("G-1"));
    record_set(item, "name", value_text("梯子"));
    record_set(item, "bought_on", value_int(DAY(2026, 1, 5)));
    item->home = r->home;
    case_put(c, item);
    record_set(r, "item", value_int(item->id));
    case_put(c, r);
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    GOOD(record_withdraw(&s, item->reg, item->home, item->id, "试验", &c->e));
    BAD(record_restore(&s, r->reg, r->home, r->id, &c->e), ERR_CONFLICT);
    assert_non_null(strstr(c->e.msg, "“物品”"));
    assert_true(again(c, r)->gone);
    case_clean(c);
    GOOD(record_restore(&s, item->reg, item->home, item->id, &c->e));
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    case_clean(c);
}

/* What was accepted once, though a form would not take it, comes back: nobody could mend it while it is withdrawn.
 */
static void back_as_it_was(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach2, 2026, 7, 14, "tool", "周明远");
    struct save ledger = case_save(c), s = case_save(c);

    ledger.batch = 5;
    ledger.quiet_required = true;
    r->state = "back"; /* without the day it requires */
    GOOD(record_save(&ledger, r, NULL, &c->e));
    GOOD(record_withdraw(&s, r->reg, r->home, r->id, "试验", &c->e));
    GOOD(record_restore(&s, r->reg, r->home, r->id, &c->e));
    assert_int_equal(record_get(again(c, r), "back_on").kind, VALUE_NULL);
    case_clean(c);
}

static void imported(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_loan_new(c, c->peach1, 2025, 3, 3, "tool", "周明远");
    struct save s = case_save(c);

    s.batch = 5;
    r->state = "back";
    BAD(record_save(&s, r, NULL, &c->e), ERR_INPUT); /* back requires back_on … */
    assert_string_equal(c->e.field, "back_on");
    s.quiet_required = true; /* … unless the ledger is taken as it is */
    GOOD(record_save(&s, r, NULL, &c->e));
    assert_int_equal(again(c, r)->batch, 5);
    assert_true(again(c, r)->late);
    assert_int_equal(record_get(r, "due_on").kind, VALUE_NULL); /* nothing is added to a finished matter */
    assert_int_equal(count_rows(c, "SELECT COUNT(*) FROM s_clock"), 0);
    r = case_loan_new(c, c->peach1, 2025, 3, 4, "tool", "周明远");
    r->state = "nowhere";
    BAD(record_save(&s, r, NULL, &c->e), ERR_INPUT);
    case_clean(c);
}

static void references(void **state)
{
    struct site_case *c = *state;
    struct record *item = case_new(c, "item", c->willow),
                  *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周");

    record_set(item, "code", value_text("W1"));
    record_set(item, "name", value_text("梯子"));
    record_set(item, "bought_on", value_int(DAY(2020, 1, 1)));
    case_put(c, item);
    record_set(r, "item", value_int(item->id)); /* the other community's */
    refused(c, r, "item", REASON_REFERENCE);
    item->id = 0;
    item->home = c->peach;
    item->version = 0;
    case_put(c, item);
    record_set(r, "item", value_int(item->id));
    case_put(c, r);
}

static void withdrawing_units(void **state)
{
    struct site_case *c = *state;
    struct save s = case_save(c);
    const struct reg *unit = schema_reg(c->v.schema, "unit");
    struct record *u;

    BAD(record_withdraw(&s, unit, 0, c->peach, "撤并", &c->e), ERR_CONFLICT); /* it has branches */
    GOOD(record_load(&u, c->a, reader(c), unit, 0, c->peach, &c->e));
    record_set(u, "parent", value_int(c->peach1)); /* beneath itself */
    refused(c, u, "parent", REASON_CHECK);
    GOOD(record_withdraw(&s, unit, 0, c->peach2, "撤并", &c->e));
    case_again(c);
    assert_null(tree_find(c->v.units, c->peach2));
}

/* A branch whose records stand in one community does not come to another; one without records does. */
static void moving_units(void **state)
{
    struct site_case *c = *state;
    const struct reg *unit = schema_reg(c->v.schema, "unit");
    struct record *u, *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");

    case_put(c, r);
    GOOD(record_load(&u, c->a, reader(c), unit, 0, c->peach1, &c->e));
    record_set(u, "parent", value_int(c->willow));
    BAD(save(c, u, NULL), ERR_CONFLICT);
    record_set(u, "parent", value_int(c->peach));
    record_set(u, "name", value_text("桃源社区机关党支部"));
    GOOD(save(c, u, NULL));
    GOOD(record_load(&u, c->a, reader(c), unit, 0, c->peach2, &c->e));
    record_set(u, "parent", value_int(c->willow));
    GOOD(save(c, u, NULL));
    case_again(c);
    assert_int_equal(tree_find(c->v.units, c->peach2)->home, c->willow);
    case_clean(c);
}

/* What is filled in by itself is no more precise than what a form shows: an unchanged save changes nothing. */
static void now_ends_at_the_minute(void **state)
{
    struct site_case *c = *state;
    struct record *r = case_new(c, "loan", c->peach);
    int64_t at;

    date_fix_now(INT64_C(1784011234567));
    r = record_new(c->a, r->reg);
    at = record_get(r, "lent_at").i;
    date_fix_now(0);
    assert_int_equal(at, INT64_C(1784011234567) / 60000 * 60000);
}

/* An admin of one community makes and moves units inside it: neither at the root nor over to another. */
static void hanging_units(void **state)
{
    struct site_case *c = *state;
    struct grant mine = {"admin", c->peach}, all = {"admin", c->street};
    struct actor local = {.user = 7, .name = "甲", .grants = &mine, .ngrants = 1};
    struct actor top = {.user = 8, .name = "乙", .grants = &all, .ngrants = 1};
    struct save s = case_save(c);
    struct record *u = case_new(c, "unit", 0);

    s.actor = &local;
    record_set(u, "code", value_text("NEW"));
    record_set(u, "name", value_text("新的组织"));
    record_set(u, "kind", value_text("community"));
    BAD(record_save(&s, u, NULL, &c->e), ERR_DENIED); /* no parent: a root */
    record_set(u, "kind", value_text("branch"));
    record_set(u, "parent", value_int(c->willow));
    BAD(record_save(&s, u, NULL, &c->e), ERR_DENIED);
    record_set(u, "parent", value_int(c->peach));
    GOOD(record_save(&s, u, NULL, &c->e));
    case_again(c);
    record_set(u, "parent", value_int(c->willow));
    BAD(record_save(&s, u, NULL, &c->e), ERR_DENIED);
    record_set(u, "parent", value_null());
    BAD(record_save(&s, u, NULL, &c->e), ERR_DENIED);
    s.actor = &top;
    record_set(u, "parent", value_int(c->willow));
    GOOD(record_save(&s, u, NULL, &c->e));
    case_again(c);
    GOOD(record_load(&u, c->a, reader(c), u->reg, 0, u->id, &c->e));
    s.actor = &local;
    record_set(u, "parent", value_int(c->peach)); /* nor is one taken from another */
    BAD(record_save(&s, u, NULL, &c->e), ERR_DENIED);
}

/* What others stand on is not withdrawn: their records would be seen nowhere. */
static void used_units(void **state)
{
    struct site_case *c = *state;
    struct save s = case_save(c);
    struct record *r = case_loan_new(c, c->peach1, 2026, 7, 14, "tool", "周明远");
    int64_t grid = c->v.grids->n ? c->v.grids->nodes[0].id : 0;

    assert_int_not_equal(grid, 0);
    record_set(r, "grid", value_int(grid));
    case_put(c, r);
    BAD(record_withdraw(&s, schema_reg(c->v.schema, "unit"), 0, c->peach1, "撤并", &c->e), ERR_CONFLICT);
    assert_non_null(strstr(c->e.msg, "撤销日期"));
    struct node *n = tree_find(c->v.grids, grid);
    if (n->nkids == 0)
        BAD(record_withdraw(&s, schema_reg(c->v.schema, "grid"), n->home, grid, "撤并", &c->e), ERR_CONFLICT);
    case_clean(c);
}

static const struct CMUnitTest tests[] = {
    TEST_SITE(saved_and_read),    TEST_SITE(home_without_unit), TEST_SITE(refuses_values),
    TEST_SITE(refuses_checks),    TEST_SITE(check_needs_both),  TEST_SITE(numbers_have_no_gaps),
    TEST_SITE(unique_keys),       TEST_SITE(versions),          TEST_SITE(children_keep_their_ids),
    TEST_SITE(protected_columns), TEST_SITE(late_entry),        TEST_SITE(withdrawn),
    TEST_SITE(back_to_nothing),   TEST_SITE(back_as_it_was),    TEST_SITE(imported),
    TEST_SITE(references),        TEST_SITE(withdrawing_units), TEST_SITE(moving_units),
    TEST_SITE(hanging_units),     TEST_SITE(used_units),        TEST_SITE(now_ends_at_the_minute),
};

BOTH_MAIN(tests)
