/* SPDX-License-Identifier: Apache-2.0 */
/* intake_fit.c: how well a header fits a register.
 *
 * Every row among the first fifteen is tried as the beginning of a header of one, two and three levels; the
 * register and the block of rows that explain most columns win. A data row taken into the header spoils the names
 * of its columns, and a level left out loses them, so the right block wins by itself. */
#include "model/intake_fit.h"

#include <string.h>

#include "base/utf8.h"

#define LEAF_SCORE 0.6 /* only the lowest level of a header is known */

struct seen_col {
    const struct uses *whole, *leaf;
};

static const struct use *best_use(const struct seen_col *c, const struct reg *reg, bool cross, double *score)
{
    const struct use *best = NULL;

    *score = 0;
    for (int pass = 0; pass < 2; pass++) {
        const struct uses *us = pass ? c->leaf : c->whole;
        double factor = pass ? LEAF_SCORE : 1;

        for (size_t i = 0; us && i < us->n; i++) {
            const struct use *u = &us->v[i];

            if (u->reg != reg || (cross ? !u->cross : u->cross) || u->score * factor <= *score)
                continue;
            best = u;
            *score = u->score * factor;
        }
    }
    return best;
}

static bool same_target(const struct use *x, const struct use *y)
{
    return x->group == y->group && strcmp(x->target, y->target) == 0;
}

static void fit_drop(struct fit *f, size_t i)
{
    f->uses[i].reg = NULL;
    f->uses[i].score = 0;
}

/* Of several columns with one target the surest, else the first, keeps it. */
static void fit_once(struct fit *f)
{
    for (size_t i = 0; i < f->header.ncols; i++)
        for (size_t k = 0; k < i && f->uses[i].reg; k++) {
            if (!f->uses[k].reg || !*f->uses[i].target || !same_target(&f->uses[i], &f->uses[k]))
                continue;
            fit_drop(f, f->uses[i].score > f->uses[k].score ? k : i);
        }
}

static bool names_record(const struct field *f, const struct reg *reg)
{
    return word_in((const char *const *)reg->key, f->name) || (reg->title && strcmp(reg->title, f->name) == 0);
}

/* Columns of another register count only where they name one of its records; and if one column is the reference
 * itself, it must be able to be the name among them. */
static void fit_others(struct fit *f, const struct seen_col *seen)
{
    for (size_t r = 0; r < f->reg->nfields; r++) {
        const struct field *via = &f->reg->fields[r];
        size_t direct = SIZE_MAX;
        bool named = false, any = false;

        for (size_t i = 0; via->type == TYPE_REF && i < f->header.ncols; i++) {
            if (f->uses[i].reg && f->uses[i].field == via)
                direct = i;
            if (f->uses[i].reg && f->uses[i].via == via) {
                any = true;
                named |= names_record(f->uses[i].field, via->ref);
            }
        }
        if (any && named && direct != SIZE_MAX) {
            const struct uses *us = seen[direct].whole;

            named = false;
            for (size_t i = 0; us && i < us->n; i++)
                if (us->v[i].via == via && us->v[i].reg == f->reg && names_record(us->v[i].field, via->ref)) {
                    f->uses[direct] = us->v[i];
                    named = true;
                }
        }
        for (size_t i = 0; any && !named && i < f->header.ncols; i++)
            if (f->uses[i].reg && f->uses[i].via == via)
                fit_drop(f, i);
    }
}

static bool has_target(const struct fit *f, const struct field *field)
{
    for (size_t i = 0; i < f->header.ncols; i++)
        if (f->uses[i].reg && (f->uses[i].field == field || f->uses[i].via == field))
            return true;
    return false;
}

static bool filled_otherwise(const struct reg *reg, const struct field *f)
{
    return f->initial || f->computed || f->hidden ||
           (reg->number_field && strcmp(reg->number_field, f->name) == 0) ||
           (reg->import.sheet_field && strcmp(reg->import.sheet_field, f->name) == 0) ||
           (reg->unit_field && strcmp(reg->unit_field, f->name) == 0);
}

static void fit_missing(struct fit *f, struct arena *a)
{
    const struct reg *r = f->cross ? reg_child(f->reg, f->reg->import.cross_child) : f->reg;

    f->missed = "";
    for (size_t i = 0; r && i < r->nfields; i++)
        if (r->fields[i].required && !filled_otherwise(r, &r->fields[i]) && !has_target(f, &r->fields[i])) {
            f->missing++;
            f->missed =
                arena_printf(a, "%s%s%s", f->missed, *f->missed ? "、" : "", r->fields[i].label.t[LANG_HANS]);
        }
}

/* How the register is called, in the sheet's name or in the titles above the header. */
static double fit_hints(const struct fit *f, struct arena *a, const struct sheet *s)
{
    const char *name = s->name ? text_fold(a, s->name) : "", *label = text_fold(a, f->reg->label.t[LANG_HANS]);
    double bonus = 0;

    for (const char *const *p = (const char *const *)f->reg->import.sheets; p && *p; p++)
        if (strstr(name, text_fold(a, *p)))
            bonus = 0.3;
    for (size_t i = 0; *label && i < s->nrows && s->rows[i].r < f->header.first; i++)
        for (int c = 0; c < s->rows[i].ncells; c++) {
            const struct cell *cell = &s->rows[i].cells[c];

            if (cell->kind == CELL_TEXT && strstr(text_fold(a, cell->text), label))
                return bonus + 0.15;
        }
    return bonus + (*label && strstr(name, label) ? 0.15 : 0);
}

static void fit_reg(struct fit *f, struct arena *a, const struct sheet *s, const struct seen_col *seen)
{
    const char *parent = f->cross ? text_fold(a, f->reg->import.cross_header) : "";
    size_t sessions = 0;

    f->uses = arena_array(a, f->header.ncols, sizeof *f->uses);
    f->session = arena_array(a, f->header.ncols, sizeof *f->session);
    for (size_t i = 0; i < f->header.ncols; i++) {
        const struct header_col *h = &f->header.cols[i];
        const struct use *u;
        double score;

        if (h->ordinal)
            continue;
        f->counted++;
        if (f->cross && *parent && strcmp(h->parent_fold, parent) == 0) {
            f->session[i] = true;
            sessions++;
        } else if ((u = best_use(&seen[i], f->reg, f->cross, &score))) {
            f->uses[i] = *u;
            f->uses[i].score = score;
        }
    }
    if (f->cross && sessions == 0)
        return;
    fit_once(f);
    if (!f->cross)
        fit_others(f, seen);
    for (size_t i = 0; i < f->header.ncols; i++) {
        f->known += f->uses[i].reg || f->session[i];
        f->sum += f->session[i] ? 1 : f->uses[i].score;
    }
    fit_missing(f, a);
    f->score = f->sum / (double)(f->counted ? f->counted : 1) + f->sum * 0.1 - 0.2 * (double)f->missing +
               fit_hints(f, a, s) - (f->header.open ? 0.5 : 0);
}

static bool leaf_unique(const struct header *h, size_t i)
{
    for (size_t k = 0; k < h->ncols; k++)
        if (k != i && strcmp(h->cols[k].leaf_fold, h->cols[i].leaf_fold) == 0)
            return false;
    return true;
}

/* What the words say about each column of a header; NULL if none of them is known. */
static struct seen_col *see(const struct words *w, struct arena *a, const struct header *h)
{
    struct seen_col *seen = arena_array(a, h->ncols, sizeof *seen);
    bool any = false;

    for (size_t i = 0; i < h->ncols; i++) {
        seen[i].whole = words_find(w, h->cols[i].fold);
        if (h->cols[i].nlevels > 1 && leaf_unique(h, i))
            seen[i].leaf = words_find(w, h->cols[i].leaf_fold);
        any |= seen[i].whole || seen[i].leaf;
    }
    return any ? seen : NULL;
}

/* The best register for a header, in the arena; false if no column is known. */
static bool fit_header(struct fit *best, const struct words *w, struct arena *a, const struct sheet *s,
                       const struct header *h)
{
    struct seen_col *seen = see(w, a, h);

    best->reg = NULL;
    for (size_t i = 0; seen && i < w->schema->nregs; i++)
        for (int cross = 0; cross < 2; cross++) {
            struct fit f = {.reg = w->schema->regs[i], .cross = cross, .header = *h};

            if ((w->only && f.reg != w->only) || (cross && !f.reg->import.cross_child))
                continue;
            fit_reg(&f, a, s, seen);
            if (f.known && (!best->reg || f.score > best->score + 1e-9))
                *best = f;
        }
    return best->reg != NULL;
}

bool fit_sheet(struct fit *out, const struct words *w, const struct sheet *s)
{
    struct arena *scratch = arena_new(); /* tries are many, the best one is made again to be kept */
    size_t at = 0;
    int levels = 0;
    double score = 0;
    struct header h;
    struct fit f;

    for (size_t i = 0; i < s->nrows && s->rows[i].r < HEADER_ROWS; i++)
        for (int k = 1; k <= HEADER_LEVELS; k++) {
            arena_reset(scratch);
            if (!header_at(&h, scratch, s, i, k) || !fit_header(&f, w, scratch, s, &h) ||
                (levels && f.score <= score + 1e-9))
                continue;
            at = i;
            levels = k;
            score = f.score;
        }
    arena_free(scratch);
    *out = (struct fit){0};
    if (!levels || !header_at(&h, w->a, s, at, levels) || !fit_header(out, w, w->a, s, &h))
        return false;
    return out->known >= 2 && (out->known >= 3 || out->counted <= 3) &&
           out->sum / (double)out->counted >= (w->only ? 0.25 : 0.4);
}

void fit_chosen(struct fit *out, const struct words *w, const struct sheet *s, const struct header *h)
{
    if (fit_header(out, w, w->a, s, h))
        return;
    *out = (struct fit){.reg = w->only, .header = *h};
    out->uses = arena_array(w->a, h->ncols + 1, sizeof *out->uses);
    out->session = arena_array(w->a, h->ncols + 1, sizeof *out->session);
}
