/* SPDX-License-Identifier: Apache-2.0 */
/* form_choose.c: references in forms. A short list is offered whole; of a long one people type a part of the title
 * or the initials of its pinyin and press 查找 (or, with JavaScript, see the list follow what they type). */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/json.h"
#include "web/form_inner.h"
#include "web/page.h"
#include "web/page_list.h"
#include "web/pages.h"

enum { OPTIONS_MAX = 200, FOUND_MAX = 20, LOOKED_AT = 2000 };

struct options {
    struct option *v;
    size_t n;
};

static int64_t home_here(struct req *q)
{
    const struct node *here = page_unit(q);
    return here ? here->home : 0;
}

/* What there is to choose from a register; read once, however many rows of a form ask for it. */
static const struct options *options_of(struct req *q, const struct reg *reg, int64_t home)
{
    const char *key = req_printf(q, "%s/%lld", reg->name, (long long)home);
    struct options *o = q->options ? map_get(q->options, key) : NULL;
    struct err no = {0};
    if (o)
        return o;
    if (!q->options)
        q->options = map_new(q->a);
    o = arena_alloc(q->a, sizeof *o);
    if (query_options(&o->v, &o->n, q->a, q->db, page_looker(q), reg, home, NULL, OPTIONS_MAX + 1, &no))
        o->n = 0;
    map_put(q->options, key, o);
    return o;
}

/* --- looking for one */

static bool has_personal(const struct expr *x)
{
    if (x->field && x->field->cls >= CLASS_PERSONAL)
        return true;
    for (int i = 0; i < x->nargs; i++)
        if (has_personal(x->arg[i]))
            return true;
    return false;
}

/* May the words be compared with titles in the database? Not where some of them are shown masked: the answer would
 * tell them letter by letter. */
static bool titles_open(struct req *q, const struct reg *reg, int64_t home)
{
    static const struct field personal = {.cls = CLASS_PERSONAL};
    const struct field *f = reg->title ? reg_field(reg, reg->title) : NULL;
    bool has = f ? f->cls >= CLASS_PERSONAL : reg->title_expr && has_personal(reg->title_expr);
    return !has || actor_sees(&q->view, q->actor, &personal, home);
}

static bool is_latin(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s >= 0x80)
            return false;
    return true;
}

static char *lower(struct req *q, const char *s)
{
    char *t = arena_str(q->a, s);
    for (char *p = t; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return t;
}

/* Among the newest, by what of their titles this person sees, or by its initials. */
static int look_through(struct req *q, const struct reg *reg, int64_t home, const char *part, struct options *o,
                        struct err *e)
{
    struct option *all;
    size_t n, cap = 0;
    bool latin = is_latin(part);
    if (query_options(&all, &n, q->a, q->db, page_looker(q), reg, home, NULL, LOOKED_AT, e))
        return -1;
    for (size_t i = 0; i < n && o->n < FOUND_MAX; i++)
        if (strstr(lower(q, all[i].title), part) || (latin && strstr(pinyin_initials(q->a, all[i].title), part)))
            VEC_PUSH(q->a, o->v, o->n, cap) = all[i];
    return 0;
}

static int look_for(struct req *q, const struct reg *reg, int64_t home, const char *words, struct options *o,
                    struct err *e)
{
    const char *part = lower(q, text_clean(q->a, words));
    *o = (struct options){0};
    if (!*part)
        return 0;
    if (titles_open(q, reg, home)) {
        if (query_options(&o->v, &o->n, q->a, q->db, page_looker(q), reg, home, part, FOUND_MAX, e))
            return -1;
        if (o->n || !is_latin(part))
            return 0;
    }
    return look_through(q, reg, home, part, o, e);
}

static const char *words_of(struct req *q, const char *name)
{
    const char *words = req_form(q, req_printf(q, "_q.%s", name));
    return words ? words : "";
}

bool form_looked_for(struct req *q, const struct field *f, const char *name, struct value *v,
                     struct field_errors *errors)
{
    const char *words = words_of(q, name), *label = label_in(&f->label, LANG_HANS);
    struct options found;
    struct err e = {0};
    if (!*words || look_for(q, f->ref, home_here(q), words, &found, &e))
        return true;
    if (found.n == 1) {
        *v = value_int(found.v[0].id);
        return true;
    }
    if (found.n)
        field_error_add(errors, name, REASON_REFERENCE, "%s：“%s”对得上不止一条，请在下面选定一条。", label, words);
    else
        field_error_add(errors, name, REASON_REFERENCE, "%s：没有找到“%s”。请换几个字再查找。", label, words);
    return false;
}

/* --- the input */

/* The one chosen before stands in the list, by its title, though it was not found this time. */
static void option_kept(const struct ask *k)
{
    int64_t id = strtoll(k->text, NULL, 10), home = k->f->ref->site_wide ? 0 : k->home;
    struct map *titles = NULL;
    struct err no = {0};
    const char *title = NULL;
    if (id > 0 && page_titles(&titles, k->q, &(struct title_of){k->f->ref, home, id}, 1, false, &no) == 0 && titles)
        title = map_get(titles, req_printf(k->q, "%lld", (long long)id));
    html_option(&k->q->out, k->text, title ? title : k->text, 1);
}

static void list(const struct ask *k, const struct options *o)
{
    struct buf *b = &k->q->out;
    bool found = !k->text || !*k->text;
    html_raw(b, "<select");
    form_names(k, NULL);
    html_raw(b, ">");
    html_option(b, "", req_tr(k->q, "请选择"), found);
    for (size_t i = 0; i < o->n; i++) {
        const char *id = req_printf(k->q, "%lld", (long long)o->v[i].id);
        bool on = !found && strcmp(id, k->text) == 0;
        found = found || on;
        html_option(b, id, o->v[i].title, on);
    }
    if (!found)
        option_kept(k);
    html_raw(b, "</select>");
}

static void search(const struct ask *k, struct options *found)
{
    struct req *q = k->q;
    const char *words = words_of(q, k->name);
    struct err no = {0};
    if (look_for(q, k->f->ref, k->home, words, found, &no))
        found->n = 0;
    html_raw(&q->out, "<div class=find><input type=search autocomplete=off");
    html_set(&q->out, "name", req_printf(q, "_q.%s", k->name));
    html_set(&q->out, "value", words);
    html_set(&q->out, "data-find", req_printf(q, "/r/%s/options", k->f->ref->name));
    html_set(&q->out, "aria-label", req_printf(q, "%s：%s", label_in(&k->f->label, q->lang), req_tr(q, "查找")));
    html_set(&q->out, "placeholder", req_tr(q, "名称里的几个字，或拼音首字母"));
    html_raw(&q->out, "><button name=_find");
    html_set(&q->out, "value", k->name);
    html_set(&q->out, "formaction", req_printf(q, "#f.%s", k->name));
    html_raw(&q->out, ">");
    page_text(q, "查找");
    html_raw(&q->out, "</button></div><p class=help role=status>");
    if (*words)
        page_text(q, found->n == FOUND_MAX ? "找到很多，只列出前 20 条。再多写几个字，可以找得更准。"
                     : found->n            ? req_printf(q, "找到 %zu 条，请在下面选定。", found->n)
                                           : "没有找到。请换几个字再查找。");
    html_raw(&q->out, "</p>");
}

void form_reference(const struct ask *k)
{
    const struct options *all = options_of(k->q, k->f->ref, k->home);
    struct options found = {0};
    struct ask one = *k;
    if (all->n > OPTIONS_MAX) {
        search(k, &found);
        if (found.n == 1 && (!k->text || !*k->text))
            one.text = req_printf(k->q, "%lld", (long long)found.v[0].id);
        all = &found;
    }
    list(&one, all);
}

/* --- what JavaScript asks */

/* Whoever may read the register, or write one that refers to it. */
static bool may_choose(struct req *q, const struct reg *reg)
{
    const struct node *here = page_unit(q);
    struct err no = {0};
    if (actor_reg(&q->view, q->actor, reg, false, here ? here->id : 0, &no) == 0)
        return true;
    for (size_t i = 0; i < q->view.schema->nregs; i++) {
        const struct reg *from = q->view.schema->regs[i];
        for (size_t k = 0; k < from->nfields; k++)
            if (from->fields[k].ref == reg &&
                actor_reg(&q->view, q->actor, from, true, here ? here->id : 0, &no) == 0)
                return true;
    }
    return false;
}

int page_options(struct req *q, struct err *e)
{
    const struct reg *reg = schema_reg(q->view.schema, req_arg(q, "register"));
    const char *words = req_query(q, "q");
    struct options found;
    struct json j;
    if (!reg || !may_choose(q, reg))
        return err_set(e, ERR_MISSING, "没有这个台账，或者不在您能查看的范围内。");
    if (look_for(q, reg, home_here(q), words ? words : "", &found, e))
        return -1;
    json_init(&j, &q->out);
    json_arr_begin(&j);
    for (size_t i = 0; i < found.n; i++) {
        json_obj_begin(&j);
        json_put_id(&j, "id", found.v[i].id);
        json_put_str(&j, "title", found.v[i].title);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    return resp_json(q, 200);
}
