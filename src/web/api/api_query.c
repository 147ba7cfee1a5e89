/* SPDX-License-Identifier: Apache-2.0 */
/* api_query.c: PostgREST's query words to a list_query:
 *
 *   ?state=eq.open&received=gte.2026-01-01&kind=not.in.(noise,water)&select=id,number,parties&order=received.asc
 *   &or=(state.eq.open,and(due_on.lt.2026-03-01,amount.gt.0))&limit=50&after=CURSOR&q=words&under=UNITCODE */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/api.h"

#define FILTERS_MAX 50
#define IN_MAX 500
#define GROUP_PARTS 30 /* comparisons in or=, and= of one address */
#define GROUP_DEPTH 5
#define AFTER_BAD "after=%.60s 读不懂：请原样使用上一页 Link 里的地址。"

static const char *const reserved[] = {"select", "order", "limit", "offset", "after",  "or",      "and", "not.or",
                                       "q",      "under", "gone",  "reveal", "reason", "not.and", NULL};

static const struct {
    const char *word;
    enum cmp cmp;
    enum expr_op op; /* within or=(…) */
} operators[] = {
    {"eq", CMP_EQ, EX_EQ}, {"neq", CMP_NE, EX_NE},     {"gt", CMP_GT, EX_GT},       {"gte", CMP_GE, EX_GE},
    {"lt", CMP_LT, EX_LT}, {"lte", CMP_LE, EX_LE},     {"like", CMP_LIKE, EX__MAX}, {"ilike", CMP_LIKE, EX__MAX},
    {"in", CMP_IN, EX_IN}, {"is", CMP_NULL, EX_EMPTY}, {"cs", CMP_HAS, EX__MAX},
};

/* The system's words that can be compared, as fields of their own. */
#define WORD_FIELD(word, kind)                                                                                     \
    {                                                                                                              \
        .name = word, .type = kind, .min = INT64_MIN, .max = INT64_MAX, .max_len = 100                             \
    }
static const struct field word_fields[] = {
    WORD_FIELD("id", TYPE_REF),          WORD_FIELD("home", TYPE_UNIT),        WORD_FIELD("unit", TYPE_UNIT),
    WORD_FIELD("grid", TYPE_GRID),       WORD_FIELD("state", TYPE_TEXT),       WORD_FIELD("happened", TYPE_DATE),
    WORD_FIELD("late", TYPE_FLAG),       WORD_FIELD("batch", TYPE_REF),        WORD_FIELD("by", TYPE_REF),
    WORD_FIELD("entered", TYPE_INSTANT), WORD_FIELD("captured", TYPE_INSTANT),
};

static const struct field *comparable(const struct reg *r, const char *name)
{
    const struct field *f = reg_field(r, name);

    for (size_t i = 0; !f && i < sizeof word_fields / sizeof *word_fields; i++)
        if (strcmp(word_fields[i].name, name) == 0)
            f = &word_fields[i];
    return f;
}

/* --- one comparison: [not.]op.value */

struct compare {
    const struct field *f;
    size_t op; /* index of operators */
    bool negate;
    struct value v;
    struct value *vs;
    size_t nv;
};

static bool is_id(const struct field *f)
{
    return f->type == TYPE_REF || f->type == TYPE_UNIT || f->type == TYPE_GRID || f->type == TYPE_FILE;
}

static int read_value(struct value *out, struct req *q, const struct field *f, const char *text, struct err *e)
{
    struct type_ctx c = {.a = q->a, .today = today(), .lookup = query_lookup(q->a, &q->view, q->db, 0)};
    const char *digits = text + (*text == '#');
    enum reason why = REASON_NONE;

    if (is_id(f) && parse_count(digits) > 0) {
        *out = value_int(strtoll(digits, NULL, 10));
        return 0;
    }
    if (is_id(f) && strlen(digits) == 19 && strspn(digits, "0123456789") == 19) {
        *out = value_int(strtoll(digits, NULL, 10));
        return 0;
    }
    if (f->type == TYPE_INSTANT && api_instant(out, text))
        return 0;
    if (f->type == TYPE_FLAG && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        *out = value_int(*text == 't');
        return 0;
    }
    if (f->cls == CLASS_PROTECTED) {
        struct value v; /* as it is saved: the hash is taken of that, not of how it was typed */
        if (type_read(&v, &c, f, text, &why, e) < 0)
            return -1;
        *out = value_text(record_hash(q->a, store_key(q->site->store), f, v));
        return 0;
    }
    return type_read(out, &c, f, text, &why, e);
}

/* (a,b,"c,d") */
static int read_set(struct compare *c, struct req *q, const char *text, struct err *e)
{
    size_t n = strlen(text);
    const char *p = text + 1, *end = text + n - 1;

    if (n < 2 || *text != '(' || *end != ')')
        return err_set(e, ERR_INPUT, "“%s=in.%.60s”读不懂：应写成 in.(甲,乙)。", c->f->name, text);
    c->vs = arena_array(q->a, IN_MAX, sizeof *c->vs);
    while (p < end) {
        const char *stop;
        bool quoted = *p == '"';
        p += quoted;
        stop = quoted ? memchr(p, '"', (size_t)(end - p)) : p + strcspn(p, ",)");
        if (!stop || stop > end || c->nv == IN_MAX)
            return err_set(e, ERR_INPUT, "“%s=in.”的清单读不懂，或超过%d项。", c->f->name, IN_MAX);
        if (read_value(&c->vs[c->nv++], q, c->f, arena_strn(q->a, p, (size_t)(stop - p)), e) < 0)
            return -1;
        p = stop + quoted;
        p += *p == ',';
    }
    return 0;
}

static int read_is(struct compare *c, const char *text, struct err *e)
{
    if (strcmp(text, "null") == 0)
        return 0;
    if (c->f->type != TYPE_FLAG || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
        return err_set(e, ERR_INPUT, "“%s=is.%.40s”读不懂：只能是 is.null，是否类字段可用 is.true、is.false。",
                       c->f->name, text);
    c->v = value_int(*text == 't');
    for (c->op = 0; operators[c->op].cmp != CMP_EQ; c->op++)
        ;
    return 0;
}

/* like.*part*: a part of the text, which is what the indexes and both databases do alike. */
static int read_like(struct compare *c, struct req *q, const char *text, struct err *e)
{
    size_t n = strlen(text);

    if (!type_is_text(c->f->type))
        return err_set(e, ERR_INPUT, "“%s”不是文字，不能用 like。", c->f->name);
    if (n < 3 || text[0] != '*' || text[n - 1] != '*' || strcspn(text + 1, "*") != n - 2)
        return err_set(e, ERR_INPUT, "“%s=like.%.60s”读不懂：应写成 like.*部分文字*。", c->f->name, text);
    c->v = value_text(arena_strn(q->a, text + 1, n - 2));
    return 0;
}

static int read_compare(struct compare *c, struct req *q, const struct reg *r, const char *name, const char *text,
                        struct err *e)
{
    size_t i, n = sizeof operators / sizeof *operators, len;

    *c = (struct compare){.f = comparable(r, name)};
    if (!c->f)
        return err_set(e, ERR_INPUT, "台账“%s”没有字段“%.60s”。可用的字段见 /api/v1/openapi.json。", r->name, name);
    if (strncmp(text, "not.", 4) == 0) {
        c->negate = true;
        text += 4;
    }
    len = strcspn(text, ".");
    for (i = 0; i < n; i++)
        if (strlen(operators[i].word) == len && strncmp(operators[i].word, text, len) == 0 && text[len] == '.')
            break;
    if (i == n)
        return err_set(
            e, ERR_INPUT,
            "“%.60s=%.60s”读不懂：应以 eq. neq. gt. gte. lt. lte. like. ilike. in. is. cs. 开头，前面可加 not.。",
            name, text);
    c->op = i;
    text += len + 1;
    if (c->f->cls == CLASS_PROTECTED && operators[i].cmp != CMP_EQ && operators[i].cmp != CMP_NULL)
        return err_set(e, ERR_INPUT, "“%s”是受保护的字段，只能用 eq. 查找完全相同的值。", name);
    switch (operators[i].cmp) {
    case CMP_IN:
        return read_set(c, q, text, e);
    case CMP_NULL:
        return read_is(c, text, e);
    case CMP_LIKE:
        return read_like(c, q, text, e);
    case CMP_HAS:
        c->v = value_text(arena_strn(q->a, text + (*text == '{'), strcspn(text + (*text == '{'), "}")));
        return 0;
    default:
        return read_value(&c->v, q, c->f, text, e);
    }
}

static int may_compare(struct req *q, const struct list_query *lq, const struct field *f, struct err *e)
{
    if (query_compares(&q->view, q->actor, lq, f->name))
        return 0;
    return err_set(e, ERR_DENIED, "“%s”是个人信息，您没有查看权限，不能按它筛选或排序。", f->name);
}

/* --- or=(a.eq.1,and(b.gt.2,c.is.null)) */

static struct expr *node(struct req *q, enum expr_op op, int nargs)
{
    struct expr *x = arena_alloc(q->a, sizeof *x);

    x->op = op;
    x->nargs = nargs;
    return x;
}

/* A constant that stands beside a field: its type is the field's. Lists over fields of several choices are left
 * out. */
static struct expr *constant(struct req *q, const struct field *f, struct value v, const struct reg *r)
{
    struct expr *x = node(q, EX_CONST, 0);
    bool state = strcmp(f->name, "state") == 0 && !reg_field(r, "state");

    x->v = v;
    x->field = f;
    x->reg = r;
    x->scale = f->type == TYPE_MONEY ? 2 : f->type == TYPE_DECIMAL ? f->places : 0;
    switch (f->type) {
    case TYPE_INT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        x->type = EXT_NUMBER;
        break;
    case TYPE_DATE:
    case TYPE_MONTH:
        x->type = EXT_DAY;
        break;
    case TYPE_INSTANT:
        x->type = EXT_INSTANT;
        break;
    case TYPE_FLAG:
        x->type = EXT_BOOL;
        break;
    case TYPE_CHOICE:
    case TYPE_CHOICES:
        x->type = EXT_CODE;
        break;
    default:
        x->type = is_id(f) ? EXT_ID : state ? EXT_STATE : EXT_TEXT;
    }
    return x;
}

/* One comparison as a condition of the expression language, bound to the register. */
static struct expr *expr_of(struct req *q, const struct reg *r, const struct compare *c, struct err *e)
{
    enum expr_op op = operators[c->op].op;
    struct expr *x, *no;
    struct err why = {0};

    if (op == EX__MAX || (op == EX_IN && (c->nv > 7 || !c->nv)) || c->f->cls == CLASS_PROTECTED) {
        err_set(e, ERR_INPUT, "or、and 里只能用 eq neq gt gte lt lte in（1到7项）is，不能用受保护的字段。");
        return NULL;
    }
    x = node(q, op, 1);
    x->arg[0] = node(q, EX_FIELD, 0);
    x->arg[0]->name = c->f->name;
    for (size_t i = 0; op != EX_EMPTY && i < (op == EX_IN ? c->nv : 1); i++)
        x->arg[x->nargs++] = constant(q, c->f, op == EX_IN ? c->vs[i] : c->v, r);
    if (c->negate) {
        no = node(q, EX_NOT, 1);
        no->arg[0] = x;
        x = no;
    }
    if (expr_bind_condition(q->a, x, r, NULL, NULL, &why) == 0)
        return x;
    err_set(e, ERR_INPUT, "or、and 里不能这样比较“%s”；单独写在地址里可以。", c->f->name);
    return NULL;
}

/* The length of one part: up to a comma or the end outside brackets and quotes. */
static size_t part_len(const char *p)
{
    int depth = 0;
    bool quoted = false;
    size_t n = 0;

    for (; p[n] && (quoted || depth || (p[n] != ',' && p[n] != ')')); n++) {
        quoted ^= p[n] == '"';
        depth += quoted ? 0 : p[n] == '(' ? 1 : p[n] == ')' ? -1 : 0;
    }
    return n;
}

/* Groups being read: how many comparisons there have been, and how deep it goes. */
struct group {
    struct req *q;
    const struct reg *r;
    const struct list_query *lq;
    int parts, depth;
};

static struct expr *joined(struct group *g, enum expr_op op, struct expr *a, struct expr *b)
{
    struct expr *x = node(g->q, op, b ? 2 : 1);

    x->type = EXT_BOOL;
    x->arg[0] = a;
    x->arg[1] = b;
    return x;
}

/* or, and, not.or, not.and at the beginning of a word: its length, 0 for anything else. */
static size_t group_word(const char *p, enum expr_op *op, bool *no)
{
    const size_t skip = strncmp(p, "not.", 4) == 0 ? 4 : 0;

    *no = skip != 0;
    if (strncmp(p + skip, "or", 2) == 0) {
        *op = EX_OR;
        return skip + 2;
    }
    *op = EX_AND;
    return strncmp(p + skip, "and", 3) == 0 ? skip + 3 : 0;
}

static struct expr *read_group(struct group *g, enum expr_op op, bool no, const char *text, struct err *e);

static struct expr *read_part(struct group *g, char *one, struct err *e)
{
    enum expr_op op;
    struct compare c;
    bool no;
    size_t word = group_word(one, &op, &no);
    char *dot = strchr(one, '.');

    if (word && one[word] == '(')
        return read_group(g, op, no, one + word, e);
    if (!dot || ++g->parts > GROUP_PARTS) {
        err_set(e, ERR_INPUT, "or、and 里“%.60s”读不懂，或一共超过%d项。", one, GROUP_PARTS);
        return NULL;
    }
    *dot = '\0';
    if (read_compare(&c, g->q, g->r, one, dot + 1, e) < 0 || may_compare(g->q, g->lq, c.f, e) < 0)
        return NULL;
    return expr_of(g->q, g->r, &c, e);
}

/* (a.eq.1,and(b.gt.2,c.is.null)), to its last character. */
static struct expr *read_group(struct group *g, enum expr_op op, bool no, const char *text, struct err *e)
{
    const char *p = text + 1;
    struct expr *all = NULL;

    if (*text != '(' || ++g->depth > GROUP_DEPTH) {
        err_set(e, ERR_INPUT, "应写成 or=(字段.运算.值,and(字段.运算.值,…))，最多套%d层。", GROUP_DEPTH);
        return NULL;
    }
    for (;; p++) {
        size_t n = part_len(p);
        struct expr *x = read_part(g, arena_strn(g->q->a, p, n), e);
        if (!x)
            return NULL;
        all = all ? joined(g, op, all, x) : x;
        p += n;
        if (*p != ',')
            break;
    }
    if (p[0] != ')' || p[1]) {
        err_set(e, ERR_INPUT, "or、and 的括号没有配对：%.60s", text);
        return NULL;
    }
    g->depth--;
    return no ? joined(g, EX_NOT, all, NULL) : all;
}

/* or=, and=, not.or=, not.and= of the address; all of them hold. */
static int read_groups(struct api_list *out, struct req *q, const struct reg *r, struct err *e)
{
    struct group g = {.q = q, .r = r, .lq = &out->q};

    for (size_t i = 0; i < q->query.n; i++) {
        enum expr_op op;
        bool no;
        const struct param *p = &q->query.v[i];
        size_t word = group_word(p->name, &op, &no);
        if (!word || p->name[word])
            continue;
        struct expr *x = read_group(&g, op, no, p->value, e);
        if (!x)
            return -1;
        out->q.where = out->q.where ? joined(&g, EX_AND, out->q.where, x) : x;
    }
    return 0;
}

/* --- order, limit, cursor, select */

static int read_order(struct api_list *out, struct req *q, const struct reg *r, struct err *e)
{
    const char *text = req_query(q, "order");
    struct err no = {0};
    char *name, *dot;

    if (!text) {
        /* The place in the list stands in the next page's address: not for a day that this actor may not see. */
        if (may_compare(q, &out->q, comparable(r, "happened"), &no) < 0)
            out->q.sort = "id";
        return 0;
    }
    name = arena_str(q->a, text);
    dot = strchr(name, '.');
    if (dot)
        *dot++ = '\0';
    const struct field *f = comparable(r, name);
    if (!f || strchr(text, ',') || (dot && strcmp(dot, "asc") != 0 && strcmp(dot, "desc") != 0))
        return err_set(e, ERR_INPUT, "order=%.60s 读不懂：应是一个字段，后面可加 .asc 或 .desc。", text);
    if (may_compare(q, &out->q, f, e) < 0)
        return -1;
    out->q.sort = f->name;
    out->q.ascending = !dot || strcmp(dot, "asc") == 0;
    return 0;
}

/* What a row is sorted by: a field or one of the system's words. */
static struct value sort_value(const char *sort, const struct record *r)
{
    const struct {
        const char *word;
        struct value v;
    } words[] = {{"happened", value_int(r->happened)},
                 {"state", value_text(r->state)},
                 {"id", value_int(r->id)},
                 {"unit", value_int(r->unit)},
                 {"entered", value_int(r->entered)},
                 {"captured", value_int(r->captured)},
                 {"late", value_int(r->late)},
                 {"batch", value_int(r->batch)}};

    if (reg_field(r->reg, sort))
        return record_get(r, sort);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, sort) == 0)
            return words[i].v;
    return value_null();
}

void api_after(struct list_query *lq, const struct record *r)
{
    lq->after_set = true;
    lq->after_id = r->id;
    lq->after_value = sort_value(lq->sort ? lq->sort : "happened", r);
}

const char *api_cursor(struct req *q, const struct list_query *lq, const struct record *r)
{
    struct value v = sort_value(lq->sort ? lq->sort : "happened", r);

    if (v.kind == VALUE_TEXT)
        return req_printf(q, "t%s.%lld", v.s, (long long)r->id);
    if (v.kind == VALUE_NULL)
        return req_printf(q, "n.%lld", (long long)r->id);
    return req_printf(q, "i%lld.%lld", (long long)v.i, (long long)r->id);
}

static int read_cursor(struct api_list *out, struct req *q, struct err *e)
{
    const char *text = req_query(q, "after"), *dot = text ? strrchr(text, '.') : NULL;
    char *end = NULL;

    if (!text)
        return 0;
    if (!dot || !strchr("tni", *text) || strspn(dot + 1, "0123456789") != strlen(dot + 1) || !dot[1])
        return err_set(e, ERR_INPUT, AFTER_BAD, text);
    errno = 0;
    out->q.after_set = true;
    out->q.after_id = strtoll(dot + 1, NULL, 10);
    if (*text == 't')
        out->q.after_value = value_text(arena_strn(q->a, text + 1, (size_t)(dot - text - 1)));
    else if (*text == 'i')
        out->q.after_value = value_int(strtoll(text + 1, &end, 10));
    if (errno || (*text == 'i' && (end != dot || end == text + 1)))
        return err_set(e, ERR_INPUT, AFTER_BAD, text);
    return 0;
}

static int read_limits(struct api_list *out, struct req *q, struct err *e)
{
    int64_t limit = req_query_int(q, "limit", req_query(q, "limit") ? -1 : API_LIMIT_DEFAULT);
    int64_t offset = req_query_int(q, "offset", req_query(q, "offset") ? -1 : 0);

    if (limit < 1 || limit > API_LIMIT)
        return err_set(e, ERR_INPUT, "limit 应在1到%d之间；更多的用 after 翻页。", API_LIMIT);
    if (offset < 0 || offset > API_OFFSET)
        return err_set(e, ERR_INPUT, "offset 应在0到%d之间；更后面的用 after 翻页。", API_OFFSET);
    out->q.limit = (size_t)limit;
    out->offset = (size_t)offset;
    return 0;
}

int api_read_select(struct api_select *s, struct req *q, const struct reg *r, bool one, struct err *e)
{
    const char *text = req_query(q, "select");

    s->field = arena_array(q->a, r->nfields + 1, sizeof *s->field);
    s->child = arena_array(q->a, r->nchildren + 1, sizeof *s->child);
    s->all = !text || strcmp(text, "*") == 0;
    for (size_t i = 0; s->all && one && i < r->nchildren; i++)
        s->child[i] = true;
    if (s->all)
        return 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ",");
        char *name = arena_strn(q->a, p, n);
        char *open = strchr(name, '(');
        bool known = false;
        if (open)
            *open = '\0'; /* parties(*): the star form of embedding */
        const struct field *f = reg_field(r, name);
        const struct reg *c = reg_child(r, name);
        if (f)
            known = s->field[f->index] = true;
        else if (c)
            known = s->child[c - r->children] = true;
        for (int w = 0; !known && w < WORD__MAX; w++)
            if (strcmp(api_word[w], name) == 0)
                known = s->word[w] = true;
        if (strcmp(name, "*") == 0)
            known = s->all = true;
        if (!known)
            return err_set(e, ERR_INPUT, "字段清单（select）里的“%.60s”不是台账“%s”的字段。", name, r->name);
        p += n + (p[n] == ',');
    }
    return 0;
}

/* under=CODE: that unit and all beneath it, within the scope. */
static int read_scope(struct api_list *out, struct req *q, const struct reg *r, struct err *e)
{
    const char *code = req_query(q, "under");
    struct node *top = code ? tree_code(q->view.units, code) : NULL;
    size_t n, k = 0;
    int64_t *mine = actor_scope_reg(q->a, &q->view, q->actor, r, &out->q.nunits, &out->q.all), *ids;

    out->q.units = mine;
    if (!code)
        return 0;
    if (!top)
        return err_set(e, ERR_INPUT, "没有代码为“%.60s”的组织。", code);
    ids = tree_below(q->a, top, &n);
    for (size_t i = 0; i < n; i++) {
        bool in = out->q.all;
        for (size_t m = 0; !in && m < out->q.nunits; m++)
            in = mine[m] == ids[i];
        if (in)
            ids[k++] = ids[i];
    }
    out->q.units = ids;
    out->q.nunits = k;
    out->q.all = false;
    return 0;
}

static bool is_reserved(const char *name)
{
    for (const char *const *w = reserved; *w; w++)
        if (strcmp(*w, name) == 0)
            return true;
    return false;
}

const char *api_reason(struct req *q, struct err *e)
{
    const char *reason = req_query(q, "reason");

    if (reason && strlen(reason) >= 4)
        return reason;
    err_set(e, ERR_INPUT, "查看受保护的字段、按它查找，都要写明事由：reason=……");
    return NULL;
}

/* Whoever asks for a protected value tells by the answer whose it is: that is looking at it. */
static int looks_up(struct api_list *out, struct req *q, const struct compare *c, struct err *e)
{
    size_t n = 0;

    if (c->f->cls != CLASS_PROTECTED || operators[c->op].cmp == CMP_NULL)
        return 0;
    out->reason = api_reason(q, e);
    if (!out->reason)
        return -1;
    if (!out->looked_up)
        out->looked_up = arena_array(q->a, FILTERS_MAX + 1, sizeof *out->looked_up);
    while (out->looked_up[n])
        n++;
    out->looked_up[n] = c->f->name;
    return 0;
}

int api_read_list(struct api_list *out, struct req *q, const struct reg *r, struct err *e)
{
    struct filter *filters = arena_array(q->a, FILTERS_MAX, sizeof *filters);
    *out = (struct api_list){.q = {.reg = r, .filters = filters}};
    if (read_scope(out, q, r, e) < 0 || read_limits(out, q, e) < 0 || read_order(out, q, r, e) < 0 ||
        read_cursor(out, q, e) < 0 || api_read_select(&out->select, q, r, false, e) < 0)
        return -1;
    for (size_t i = 0; i < q->query.n; i++) {
        const struct param *p = &q->query.v[i];
        struct compare c;
        if (is_reserved(p->name))
            continue;
        if (out->q.nfilters == FILTERS_MAX)
            return err_set(e, ERR_INPUT, "筛选条件超过%d个。", FILTERS_MAX);
        if (read_compare(&c, q, r, p->name, p->value, e) < 0 || may_compare(q, &out->q, c.f, e) < 0 ||
            looks_up(out, q, &c, e) < 0)
            return -1;
        filters[out->q.nfilters++] = (struct filter){
            .field = c.f->name, .op = operators[c.op].cmp, .negate = c.negate, .v = c.v, .vs = c.vs, .nv = c.nv};
    }
    for (size_t i = 0; i < r->nchildren; i++)
        out->q.children = out->q.children || out->select.child[i];
    out->q.text = req_query(q, "q");
    out->q.personal = out->q.text && query_personal(&q->view, q->actor, &out->q);
    out->q.gone = req_query(q, "gone") && strcmp(req_query(q, "gone"), "is.true") == 0;
    out->count = q->head[HEAD_PREFER] && strstr(q->head[HEAD_PREFER], "count=exact");
    return read_groups(out, q, r, e);
}
