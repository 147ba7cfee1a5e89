/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: what the module language accepts and what it says to everything else.
 *
 * test/golden/schema/good/ is accepted as a whole; each row of `changes` replaces one piece of it and either is
 * accepted too or must be refused with a word and at the line of the change. test/golden/schema/NAME.yaml are
 * registers that are refused; NAME.errors holds all that must be said about them (LINLI_GOLDEN=1 writes them anew,
 * to be read). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"
#include "base/sec.h"
#include "model/expr.h"
#include "model/schema.h"
#include "model/schema_fmt.h"
#include "model/schema_json.h"
#include "model/yaml.h"

#define DIR "test/golden/schema/"

struct world {
    struct arena *a;
    struct schema_source src[3]; /* module, lending, thing */
};

static void source(struct world *w, int i, const char *name)
{
    struct err e = {0};
    char *text;
    assert_int_equal(file_read(&text, &w->src[i].n, w->a, arena_printf(w->a, DIR "good/%s", name), 1 << 20, &e), 0);
    w->src[i].text = text;
    w->src[i].path = arena_printf(w->a, "modules/shed/%s", name);
}

static int setup(void **state)
{
    struct err e = {0};
    struct world *w = calloc(1, sizeof *w);
    if (sec_init(&e) < 0)
        return -1;
    w->a = arena_new();
    source(w, 0, "module.yaml");
    source(w, 1, "lending.yaml");
    source(w, 2, "thing.yaml");
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    arena_free(w->a);
    free(w);
    return 0;
}

static const char *all_errors(struct arena *a, const struct schema_errors *es)
{
    const char *s = "";
    for (size_t i = 0; i < es->n; i++)
        s = arena_printf(a, "%s%s:%d:%d: %s\n", s, es->v[i].file, es->v[i].line, es->v[i].col, es->v[i].msg);
    return s;
}

static struct schema *good(struct world *w)
{
    struct schema_errors es = {.a = w->a};
    struct schema *s = schema_load(w->a, w->src, 3, &es);
    if (!s)
        print_error("%s", all_errors(w->a, &es));
    assert_non_null(s);
    return s;
}

/* --- one change to what is good */

struct change {
    const char *from, *to;
    const char *says; /* NULL: still accepted */
};

#include "schema_changes.h"

static int line_of(const char *text, const char *at)
{
    int n = 1;
    for (; text < at; text++)
        n += *text == '\n';
    return n;
}

/* The source that holds `from` exactly once. */
static int source_with(const struct world *w, const char *from)
{
    for (int i = 0; i < 3; i++) {
        const char *at = strstr(w->src[i].text, from);
        if (at) {
            assert_null(strstr(at + 1, from));
            return i;
        }
    }
    print_error("nothing says \"%s\"\n", from);
    return -1;
}

static bool change_holds(struct world *w, const struct change *c)
{
    struct schema_source src[3] = {w->src[0], w->src[1], w->src[2]};
    struct schema_errors es = {.a = w->a};
    int i = source_with(w, c->from);
    if (i < 0)
        return false;
    const char *at = strstr(src[i].text, c->from);
    int first = line_of(src[i].text, at), last = first + line_of(c->to, c->to + strlen(c->to)) - 1;
    src[i].text = arena_printf(w->a, "%.*s%s%s", (int)(at - src[i].text), src[i].text, c->to, at + strlen(c->from));
    src[i].n = strlen(src[i].text);
    struct schema *s = schema_load(w->a, src, 3, &es);
    if (!c->says)
        return s != NULL && es.n == 0;
    bool said = false;
    for (size_t k = 0; k < es.n; k++)
        said |= strstr(es.v[k].msg, c->says) && es.v[k].line >= first && es.v[k].line <= last &&
                !strcmp(es.v[k].file, src[i].path);
    return said && !s;
}

static void one_change_each(void **state)
{
    struct world *w = *state;
    size_t n = sizeof changes / sizeof *changes, bad = 0, refused = 0;
    for (size_t i = 0; i < n; i++) {
        refused += changes[i].says != NULL;
        if (change_holds(w, &changes[i]))
            continue;
        bad++;
        print_error("%s\n  should %s%s\n", changes[i].to, changes[i].says ? "be refused: " : "be accepted",
                    changes[i].says ? changes[i].says : "");
        struct schema_source src[3] = {w->src[0], w->src[1], w->src[2]};
        struct schema_errors es = {.a = w->a};
        int k = source_with(w, changes[i].from);
        const char *at = k < 0 ? NULL : strstr(src[k].text, changes[i].from);
        if (!at)
            continue;
        src[k].text = arena_printf(w->a, "%.*s%s%s", (int)(at - src[k].text), src[k].text, changes[i].to,
                                   at + strlen(changes[i].from));
        src[k].n = strlen(src[k].text);
        schema_load(w->a, src, 3, &es);
        print_error("  said: %s", all_errors(w->a, &es));
    }
    assert_int_equal(bad, 0);
    assert_true(refused * 100 >= n * 40);
}

/* --- whole files */

static void refused_file(struct world *w, const char *name)
{
    struct err e = {0};
    struct schema_errors es = {.a = w->a};
    char *text, *want = "";
    size_t n, wn;
    const char *module = arena_printf(w->a,
                                      "module: shed\nlabel: 试\nregisters: [%s]\nroles:\n  worker: {label: "
                                      "社区工作者, may: [write]}\n  secretary: {label: 书记, may: [write]}\n",
                                      name);
    assert_int_equal(file_read(&text, &n, w->a, arena_printf(w->a, DIR "%s.yaml", name), 1 << 20, &e), 0);
    struct schema_source src[2] = {{"modules/shed/module.yaml", module, strlen(module)},
                                   {arena_printf(w->a, "modules/shed/%s.yaml", name), text, n}};
    assert_null(schema_load(w->a, src, 2, &es));
    const char *said = all_errors(w->a, &es), *file = arena_printf(w->a, DIR "%s.errors", name);
    if (getenv("LINLI_GOLDEN"))
        assert_int_equal(file_write(file, said, strlen(said), 0644, &e), 0);
    assert_int_equal(file_read(&want, &wn, w->a, file, 1 << 20, &e), 0);
    assert_string_equal(said, want);
}

static void all_mistakes_are_reported(void **state)
{
    static const char *const names[] = {"broken", "syntax", "anchors", "flow", "figures"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        refused_file(*state, names[i]);
}

/* --- what came of it */

static void words_arrive(void **state)
{
    struct world *w = *state;
    struct schema *s = good(w);
    const struct reg *r = schema_reg(s, "lending");
    assert_string_equal(r->module, "shed");
    assert_string_equal(label_in(&r->label, LANG_EN), "Lending");
    assert_string_equal(label_in(&r->label, LANG_HANT), "物品借用");
    assert_null(r->title);
    assert_non_null(r->title_expr);
    assert_string_equal(schema_reg(s, "thing")->title, "name");
    assert_string_equal(r->key[0], "number");
    assert_int_equal(r->nuniques, 2);
    assert_string_equal(r->uniques[1].f[1], "lent_on");
    assert_true(r->quick && !r->calendar && !r->site_wide);
    assert_string_equal(r->read.names[2], "clerk");
    assert_null(r->read.names[3]);
    assert_null(schema_reg(s, "thing")->read.names);
    assert_int_equal(r->nsections, 2);
    assert_int_equal(schema_reg(s, "thing")->nsections, 1); /* made */
    assert_string_equal(schema_reg(s, "thing")->sections[0].f[6], "tags");
    assert_int_equal(s->modules[0].order, 90);
    assert_string_equal(s->modules[0].registers[1], "thing");
    assert_string_equal(r->covers[1], "M228");
}

static void fields_arrive(void **state)
{
    struct world *w = *state;
    const struct reg *r = schema_reg(good(w), "lending");
    const struct field *fee = reg_field(r, "fee"), *weight = reg_field(r, "weight");
    assert_int_equal(fee->type, TYPE_MONEY);
    assert_true(fee->min == 0 && fee->max == 100050);
    assert_string_equal(fee->blanks[1], "/");
    assert_int_equal(weight->places, 3);
    assert_true(weight->max == 99500 && weight->min == INT64_MIN);
    assert_int_equal(reg_field(r, "hours")->places, 2);
    assert_int_equal(reg_field(r, "item")->max_len, 80);
    assert_int_equal(reg_field(r, "borrower")->max_len, 200);
    assert_int_equal(reg_field(r, "note")->max_len, 20000);
    assert_ptr_equal(reg_field(r, "broken")->ref,
                     schema_reg(good(w), "thing") ? reg_field(r, "broken")->ref : NULL);
    assert_string_equal(reg_field(r, "broken")->ref->name, "thing");
    assert_string_equal(field_choice(reg_field(r, "kind"), "other")->aliases[0], "别的");
    assert_null(field_choice(reg_field(r, "kind"), "none"));
    assert_int_equal(reg_field(r, "idno")->cls, CLASS_PROTECTED);
    assert_string_equal(reg_field(r, "branch")->kind, "branch");
    assert_non_null(reg_field(r, "kept")->computed);
    assert_int_equal(reg_field(r, "kept")->index, 15);
    assert_string_equal(reg_field(r, "due_on")->check_msg, "应还日期不能早于借出日期");
    assert_int_equal(reg_field(r, "kind")->initial->v.kind, VALUE_TEXT);
    assert_null(reg_field(r, "nobody"));
}

static void flow_arrives(void **state)
{
    struct world *w = *state;
    const struct reg *r = schema_reg(good(w), "lending");
    assert_true(reg_state(r, "out")->start && reg_state(r, "back")->final);
    assert_string_equal(reg_state(r, "back")->aliases[0], "归还");
    assert_string_equal(reg_move(r, "miss")->from[0], "*");
    assert_ptr_equal(reg_move(r, "miss")->starts[0], &r->clocks[1]);
    assert_null(reg_move(r, "miss")->starts[1]);
    assert_null(reg_move(r, "miss")->to);
    assert_string_equal(reg_move(r, "lose")->stops[1], "search");
    assert_string_equal(reg_move(r, "lose")->makes, "repair");
    assert_true(r->clocks[0].unit == 'w' && r->clocks[0].amount == 10);
    assert_true(r->clocks[1].unit == 'h' && r->clocks[1].when);
    assert_int_equal(r->makes[0].nset, 4);
    assert_string_equal(r->makes[0].set_field[0], "name");
    assert_string_equal(r->import.states[1].state, "out");
    assert_null(r->import.states[1].when);
    assert_string_equal(r->import.cross_parts[1], "lent_on");
    const struct reg *helpers = reg_child(r, "helpers"), *parts = reg_child(r, "parts");
    assert_ptr_equal(helpers->parent, r);
    assert_string_equal(helpers->groups[1].header, "收回人");
    assert_string_equal(helpers->groups[1].set_value[0], "in");
    assert_string_equal(reg_field(parts, "thing")->split, "、，");
    assert_string_equal(reg_field(parts, "thing")->aliases[0], "所含部件");
}

static void figures_arrive(void **state)
{
    struct world *w = *state;
    struct schema *s = good(w);
    const struct figure *f = schema_figure(s, "lending.count");
    assert_string_equal(f->slice_field->name, "kind");
    assert_string_equal(schema_figure(s, "lending.by_unit")->slice_field->name, "branch");
    assert_string_equal(label_in(&schema_figure(s, "lending.by_unit")->unit, LANG_HANS),
                        "次"); /* the register's measure */
    f = schema_figure(s, "lending.rate");
    assert_ptr_equal(f->fnum, schema_figure(s, "lending.returned"));
    assert_true(f->truncate && f->places == 2);
    assert_int_equal(schema_figure(s, "lending.out_rate")->places, 1);
    f = schema_figure(s, "lending.helped");
    assert_string_equal(f->parts[0].child->name, "helpers");
    assert_string_equal(f->slice_reg->name, "helpers");
    assert_string_equal(label_in(&f->unit, LANG_HANS), "人次");
    assert_int_equal(schema_figure(s, "lending.hours")->places, 2);
    f = schema_figure(s, "lending.things");
    assert_int_equal(f->nparts, 2);
    assert_string_equal(f->parts[0].reg->name, "lending");
    assert_string_equal(f->parts[1].reg->name, "thing");
    f = schema_figure(s, "lending.missed");
    assert_ptr_equal(f->fof, schema_figure(s, "lending.kept"));
    assert_int_equal(f->fof->ncadences, 2);
    assert_null(f->fof->cadences[1].match);
    assert_null(schema_figure(s, "lending.nothing"));
}

/* --- files beside registers */

static void roles_and_reports(void **state)
{
    struct world *w = *state;
    struct schema_errors es = {.a = w->a};
    const char *base = "module: base\nlabel: 基础\nroles:\n  guest: {label: 来宾, may: [read], kinds: [branch]}\n"
                       "  viewer: {label: 看客, may: [read, report]}\n";
    const char *report = "---\nreport: yearly\nlabel: 年报\ntitle: \"{unit}年报\"\n---\n# 一\n";
    struct schema_source src[2] = {{"modules/base/module.yaml", base, strlen(base)},
                                   {"modules/base/reports/yearly.md", report, strlen(report)}};
    struct schema *s = schema_load(w->a, src, 2, &es);
    assert_non_null(s);
    assert_int_equal(s->nroles, 2); /* the program adds none */
    assert_string_equal(label_in(&s->roles[1].label, LANG_HANS), "看客");
    assert_string_equal(s->reports[0].name, "yearly");
    assert_string_equal(s->reports[0].module, "base");

    const char *again = "module: club\nlabel: 社团\nroles:\n  host: {label: 主人, may: [read]}\n";
    struct schema_source twice[2] = {src[0], {"modules/club/module.yaml", again, strlen(again)}};
    assert_null(schema_load(w->a, twice, 2, &es));
    assert_non_null(strstr(es.v[0].msg, "roles are declared already in module base"));
    assert_int_equal(es.v[0].line, 4);
    es.n = 0;

    src[1].text = "# no front matter\n";
    src[1].n = strlen(src[1].text);
    assert_null(schema_load(w->a, src, 2, &es));
    assert_non_null(strstr(es.v[0].msg, "front matter"));
}

static void a_module_names_its_registers(void **state)
{
    struct world *w = *state;
    struct schema_errors es = {.a = w->a};
    struct schema_source only[1] = {w->src[2]};
    assert_null(schema_load(w->a, only, 1, &es));
    assert_non_null(strstr(all_errors(w->a, &es), "there is no modules/shed/module.yaml"));
    struct schema_errors more = {.a = w->a};
    struct schema_source two[2] = {w->src[0], w->src[2]};
    assert_null(schema_load(w->a, two, 2, &more));
    assert_non_null(strstr(all_errors(w->a, &more), "there is no register lending"));
}

static void the_hash_follows_the_sources(void **state)
{
    struct world *w = *state;
    struct schema_errors es = {.a = w->a};
    struct schema *one = good(w), *two = good(w);
    assert_memory_equal(one->hash, two->hash, 32);
    struct schema_source src[3] = {w->src[0], w->src[1], w->src[2]};
    src[0].text = arena_printf(w->a, "%s# more\n", src[0].text);
    src[0].n += strlen("# more\n");
    two = schema_load(w->a, src, 3, &es);
    assert_memory_not_equal(one->hash, two->hash, 32);
}

static void a_site_lays_its_own_over(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct schema_source *src;
    char dir[] = "/tmp/linli-schema-XXXXXX";
    assert_non_null(mkdtemp(dir));
    size_t builtin = schema_sources(w->a, NULL, &src, &e);
    assert_int_equal(dir_make(arena_printf(w->a, "%s/modules/zz/test", dir), 0755, &e), 0);
    const char *files[] = {"modules/zz/module.yaml", "modules/zz/.hidden.yaml", "modules/zz/test/x.yaml",
                           "modules/zz/old.yaml~", "modules/zz/readme.txt"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(
            file_write(arena_printf(w->a, "%s/%s", dir, files[i]), "module: zz\nlabel: 试\n", 22, 0644, &e), 0);
    assert_int_equal(schema_sources(w->a, dir, &src, &e), builtin + 1);
    assert_string_equal(src[builtin].path, "modules/zz/module.yaml");
    assert_int_equal(src[builtin].n, 22);
    if (builtin) { /* an empty file removes, another replaces */
        const char *path = arena_printf(w->a, "%s/%s", dir, src[0].path);
        assert_int_equal(dir_make(arena_strn(w->a, path, (size_t)(strrchr(path, '/') - path)), 0755, &e), 0);
        assert_int_equal(file_write(path, "", 0, 0644, &e), 0);
        assert_int_equal(schema_sources(w->a, dir, &src, &e), builtin);
        assert_int_equal(file_write(path, "x", 1, 0644, &e), 0);
        assert_int_equal(schema_sources(w->a, dir, &src, &e), builtin + 1);
        assert_int_equal(src[0].n, 1);
    }
    assert_int_equal(system(arena_printf(w->a, "rm -r '%s'", dir)), 0);
}

static void the_built_in_modules_load(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct schema_errors es = {.a = w->a};
    struct schema_source *src;
    size_t n = schema_sources(w->a, NULL, &src, &e);
    struct schema *s = schema_load(w->a, src, n, &es);
    if (!s)
        print_error("%s", all_errors(w->a, &es));
    assert_non_null(s);
    assert_non_null(schema_reg(s, "unit"));
}

/* --- YAML */

static const struct yaml *yaml(struct world *w, const char *text, struct schema_errors *es)
{
    *es = (struct schema_errors){.a = w->a};
    return yaml_read(w->a, "x.yaml", text, strlen(text), es);
}

static void every_scalar_is_a_text(void **state)
{
    static const char *const words[] = {"yes", "no",   "on",         "null", "~", "08",
                                        "1e3", "0x1F", "2024-03-05", "true", ".5"};
    struct world *w = *state;
    struct schema_errors es;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct yaml *y = yaml(w, arena_printf(w->a, "a: %s\n", words[i]), &es);
        assert_non_null(y);
        assert_int_equal(yaml_get(y, "a")->kind, YAML_TEXT);
        assert_string_equal(yaml_get(y, "a")->text, words[i]);
    }
}

static void places_count_characters(void **state)
{
    struct world *w = *state;
    struct schema_errors es;
    const struct yaml *y = yaml(w, "# 一\n物品: {甲: 乙, 丙: [丁]}\n", &es);
    const struct yaml *list = yaml_get(yaml_get(y, "物品"), "丙");
    assert_int_equal(list->line, 2);
    assert_int_equal(list->col, 15);
    assert_true(list->flow);
    assert_int_equal(list->item[0]->col, 16);
}

static void yaml_refuses(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *text, *says;
        int line;
    } bad[] = {
        {"", "empty", 1},
        {"a: 1\nb: 2\na: 3\n", "duplicate key a (first in line 1)", 3},
        {"a: &x 1\n", "anchors", 1},
        {"a: !!str 1\n", "tags", 1},
        {"a: *x\n", "aliases", 1},
        {"a: 1\n---\nb: 2\n", "only one document", 2},
        {"a: [1, 2\nb: 3\n", "YAML", 2},
        {"a:\n\t- 1\n", "YAML", 2},
        {"? [a]\n: 1\n", "a key must be a plain word", 1},
        {"<<: 1\n", "merge keys", 1},
        {"a: \"\\0\"\n", "NUL", 1},
        {"a: \xff\n", "UTF-8", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct schema_errors es;
        yaml(w, bad[i].text, &es);
        if (!es.n || !strstr(es.v[0].msg, bad[i].says) || es.v[0].line != bad[i].line)
            print_error("%s → %s", bad[i].text, all_errors(w->a, &es));
        assert_true(es.n >= 1);
        assert_non_null(strstr(es.v[0].msg, bad[i].says));
        assert_int_equal(es.v[0].line, bad[i].line);
    }
}

static void yaml_is_bounded(void **state)
{
    struct world *w = *state;
    struct schema_errors es;
    char deep[2 * 400 + 1] = {0};
    memset(deep, '[', 400);
    memset(deep + 400, ']', 400);
    assert_null(yaml(w, deep, &es));
    assert_non_null(strstr(es.v[0].msg, "too deeply"));
    size_t n = (size_t)YAML_BYTES_MAX + 1;
    char *big = arena_alloc(w->a, n + 1);
    memset(big, '#', n);
    assert_null(yaml(w, big, &es));
    assert_non_null(strstr(es.v[0].msg, "larger"));
    char *many = arena_alloc(w->a, 3 * (size_t)YAML_NODES_MAX + 3);
    many[0] = '[';
    for (size_t i = 0; i < YAML_NODES_MAX; i++)
        memcpy(many + 1 + 2 * i, "1,", 2);
    many[2 * YAML_NODES_MAX + 1] = ']';
    assert_null(yaml(w, many, &es));
    assert_non_null(strstr(es.v[0].msg, "too many"));
}

/* --- JSON Schema, formatting */

static void the_json_schema_knows_every_word(void **state)
{
    struct buf b;
    json_error_t e;
    (void)state;
    buf_init(&b, 256 * 1024);
    schema_json(&b);
    assert_false(buf_overflow(&b));
    json_t *j = json_loads(buf_cstr(&b), JSON_REJECT_DUPLICATES, &e), *defs = json_object_get(j, "$defs");
    if (!j)
        print_error("%s at %d\n", e.text, e.position);
    assert_non_null(j);
    static const char *const have[][2] = {{"register", "number"},    {"register", "figures"},
                                          {"figure", "truncate"},    {"move", "starts"},
                                          {"clock", "after"},        {"import", "state_column"},
                                          {"child_table", "import"}, {"part_of_a_figure", "register"},
                                          {"module", "roles"},       {"field", "fill_down"}};
    for (size_t i = 0; i < sizeof have / sizeof *have; i++) {
        json_t *d = json_object_get(defs, have[i][0]);
        assert_non_null(json_object_get(json_object_get(d, "properties"), have[i][1]));
        assert_true(json_is_false(json_object_get(d, "additionalProperties")));
    }
    json_t *types = json_object_get(
        json_object_get(json_object_get(json_object_get(defs, "field"), "properties"), "type"), "enum");
    assert_int_equal(json_array_size(types), TYPE__MAX);
    json_decref(j);
    buf_done(&b);
}

static const char *formatted(struct world *w, const char *text, int want)
{
    struct schema_errors es = {.a = w->a};
    struct buf b;
    buf_init(&b, 1 << 20);
    assert_int_equal(schema_fmt(&b, w->a, "x.yaml", text, strlen(text), &es), want);
    const char *s = arena_str(w->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}

static void formatting(void **state)
{
    struct world *w = *state;
    const char *s = formatted(w,
                              "# head\n\nregister:   x   # behind\ntitle: 'a'\n\n\nfields:\n    # first\n"
                              "    a: {type: text, class: public,  # odd\n        label: 'A # not'}\n"
                              "label: X\n# tail\n",
                              0);
    assert_string_equal(s, "# head\n\nregister: x  # behind\nlabel: X\ntitle: \"a\"\n\nfields:\n  # first\n"
                           "  a: {type: text, label: \"A # not\", class: public}  # odd\n# tail\n");
    assert_string_equal(formatted(w, s, 0), s);
}

static void formatting_keeps_what_is_said(void **state)
{
    struct world *w = *state;
    struct schema_errors es = {.a = w->a};
    struct schema_source src[3];
    for (int i = 0; i < 3; i++) {
        const char *s = formatted(w, w->src[i].text, 0);
        src[i] = (struct schema_source){w->src[i].path, s, strlen(s)};
        assert_string_equal(formatted(w, s, 0), s);
    }
    struct schema *x = schema_load(w->a, src, 3, &es), *y = good(w);
    assert_non_null(x);
    assert_int_equal(x->nfigures, y->nfigures);
    formatted(w, "register: [", -1);
    formatted(w, "- 1\n", -1);
    formatted(w, "a: 1\na: 2\n", -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_change_each),
        cmocka_unit_test(all_mistakes_are_reported),
        cmocka_unit_test(words_arrive),
        cmocka_unit_test(fields_arrive),
        cmocka_unit_test(flow_arrives),
        cmocka_unit_test(figures_arrive),
        cmocka_unit_test(roles_and_reports),
        cmocka_unit_test(a_module_names_its_registers),
        cmocka_unit_test(the_hash_follows_the_sources),
        cmocka_unit_test(a_site_lays_its_own_over),
        cmocka_unit_test(the_built_in_modules_load),
        cmocka_unit_test(every_scalar_is_a_text),
        cmocka_unit_test(places_count_characters),
        cmocka_unit_test(yaml_refuses),
        cmocka_unit_test(yaml_is_bounded),
        cmocka_unit_test(the_json_schema_knows_every_word),
        cmocka_unit_test(formatting),
        cmocka_unit_test(formatting_keeps_what_is_said),
    };
    return cmocka_run_group_tests_name("schema", tests, setup, teardown);
}
