/* SPDX-License-Identifier: Apache-2.0 */
/* type.c: the table of field types, and what is common to reading them all. */
#include "model/type.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "model/type_ops.h"

const char *const reason_word[REASON__MAX] = {
    [REASON_NONE] = "",
    [REASON_REQUIRED] = "required_missing",
    [REASON_DATE] = "date_invalid",
    [REASON_NOYEAR] = "date_without_year",
    [REASON_NUMBER] = "number_invalid",
    [REASON_PRECISION] = "number_precision_lost",
    [REASON_CHECKSUM] = "checksum_invalid",
    [REASON_CHOICE] = "choice_unknown",
    [REASON_REFERENCE] = "reference_missing",
    [REASON_CONFLICT] = "duplicate_conflict",
    [REASON_PHONE] = "phone_invalid",
    [REASON_LENGTH] = "too_long",
    [REASON_RANGE] = "out_of_range",
    [REASON_CHECK] = "check_failed",
    [REASON_CELL] = "cell_error",
};

static const struct type_ops types[TYPE__MAX] = {
    [TYPE_TEXT] = {true, read_text, show_text, plain_text, NULL},
    [TYPE_LONGTEXT] = {true, read_text, show_text, plain_text, NULL},
    [TYPE_INT] = {false, read_number, show_number, plain_number, NULL},
    [TYPE_DECIMAL] = {false, read_number, show_number, plain_number, NULL},
    [TYPE_MONEY] = {false, read_number, show_number, plain_number, NULL},
    [TYPE_DATE] = {false, read_day, show_day, plain_day, NULL},
    [TYPE_MONTH] = {false, read_day, show_day, plain_day, NULL},
    [TYPE_INSTANT] = {false, read_instant, show_instant, plain_instant, NULL},
    [TYPE_FLAG] = {false, read_flag, show_flag, plain_flag, NULL},
    [TYPE_CHOICE] = {true, read_choice, show_choice, plain_text, NULL},
    [TYPE_CHOICES] = {true, read_choices, show_choices, plain_choices, NULL},
    [TYPE_PHONE] = {true, read_phone, show_text, plain_text, mask_phone},
    [TYPE_IDNO] = {true, read_idno, show_text, plain_text, mask_idno},
    [TYPE_CREDIT] = {true, read_credit, show_text, plain_text, mask_idno},
    [TYPE_UNIT] = {false, read_ref, show_ref, plain_ref, NULL},
    [TYPE_GRID] = {false, read_ref, show_ref, plain_ref, NULL},
    [TYPE_PERSON] = {true, read_person, show_text, plain_text, mask_person},
    [TYPE_REF] = {false, read_ref, show_ref, plain_ref, NULL},
    [TYPE_FILE] = {false, read_file, show_ref, plain_ref, NULL},
    [TYPE_LOCATION] = {true, read_location, show_text, plain_text, NULL},
};

int type_refuse(const struct reading *r, enum reason why, const char *fmt, ...)
{
    va_list ap;

    *r->why = why;
    va_start(ap, fmt);
    const char *msg = arena_vprintf(r->c->a, fmt, ap);
    va_end(ap);
    return err_field(r->e, r->f->name, "%s", msg);
}

const char *type_label(const struct label *l, enum lang lang)
{
    return l->t[lang] ? l->t[lang] : l->t[LANG_HANS] ? l->t[LANG_HANS] : "";
}

/* 1.10101E+17 and the like: a spreadsheet's way of showing a number it no longer holds. */
static bool is_scientific(const char *s)
{
    size_t i = strspn(s, "0123456789");

    if (!i)
        return false;
    if (s[i] == '.')
        i += 1 + strspn(s + i + 1, "0123456789");
    if ((s[i] != 'E' && s[i] != 'e') || s[i + 1] != '+')
        return false;
    size_t n = strspn(s + i + 2, "0123456789");
    return n >= 2 && !s[i + 2 + n];
}

int type_lost_digits(const struct reading *r)
{
    bool number = r->cell->kind == CELL_NUMBER && fabs(r->cell->num) >= 1e15;

    if (!number && !is_scientific(r->text))
        return 0;
    return type_refuse(r, REASON_PRECISION,
                       "“%s”是科学记数的数字，后几位已经丢失，无法还原。请将该列设为文本后重填完整号码。", r->text);
}

/* A number cell as people typed it: 13800000000, 3.5; not 13800000000.0. */
static const char *number_text(struct arena *a, const struct cell *cell)
{
    if (fabs(cell->num) >= 1e15 && cell->text && *cell->text)
        return text_clean(a, cell->text);
    return arena_printf(a, "%.15g", cell->num);
}

static const char *date_text(struct arena *a, const struct cell *cell, bool date1904)
{
    struct date_read d = date_serial(cell->num, date1904);
    char day[16];

    if (d.form != DATE_DAY && d.form != DATE_MINUTE)
        return arena_printf(a, "%.15g", cell->num);
    day_iso(d.day, day);
    if (d.form == DATE_DAY || !d.minute)
        return arena_str(a, day);
    return arena_printf(a, "%s %02d:%02d", day, d.minute / 60, d.minute % 60);
}

static const char *cell_text(const struct type_ctx *c, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT:
        return text_clean(c->a, cell->text ? cell->text : "");
    case CELL_NUMBER:
        return number_text(c->a, cell);
    case CELL_DATE:
        return date_text(c->a, cell, c->date1904);
    case CELL_BOOL:
        return cell->num != 0 ? "TRUE" : "FALSE";
    case CELL_ERROR:
        return cell->text && *cell->text ? cell->text : "#N/A";
    default:
        return "";
    }
}

/* Words that stand for nothing: / and - everywhere, others where the field declares them. */
static bool is_blank(const struct type_ctx *c, const struct field *f, const char *text)
{
    static const char *const edges = " \t\n";
    const char *word = text + strspn(text, edges);

    if (!*word || ((*word == '/' || *word == '-') && !word[1 + strspn(word + 1, edges)]))
        return true;
    if (f->blanks)
        word = text_squeeze(c->a, text);
    for (size_t i = 0; f->blanks && f->blanks[i]; i++)
        if (!strcmp(word, text_squeeze(c->a, f->blanks[i])))
            return true;
    return false;
}

int type_read_cell(struct value *out, const struct type_ctx *c, const struct field *f, const struct cell *cell,
                   enum reason *why, struct err *e)
{
    enum reason unused;
    struct reading r = {c, f, cell, cell_text(c, cell), out, why ? why : &unused, e};

    *out = value_null();
    *r.why = REASON_NONE;
    if (cell->kind == CELL_ERROR)
        return type_refuse(&r, REASON_CELL, "单元格是错误值“%s”，请改正公式或直接填写内容。", r.text);
    if (is_blank(c, f, r.text))
        return 0;
    return types[f->type].read(&r);
}

int type_read(struct value *out, const struct type_ctx *c, const struct field *f, const char *text,
              enum reason *why, struct err *e)
{
    struct cell cell = {text ? CELL_TEXT : CELL_EMPTY, 0, text};
    return type_read_cell(out, c, f, &cell, why, e);
}

/* A protected value as the database keeps it: not for eyes until it is opened. */
static bool is_sealed(const struct field *f, struct value v)
{
    return f->cls == CLASS_PROTECTED && v.kind == VALUE_TEXT && !strncmp(v.s, "sealed:", 7);
}

const char *type_show(struct arena *a, const struct field *f, struct value v, enum lang l)
{
    if (is_sealed(f, v))
        return "***";
    return v.kind == VALUE_NULL ? "" : types[f->type].show(a, f, v, l);
}

const char *type_plain(struct arena *a, const struct field *f, struct value v)
{
    if (is_sealed(f, v))
        return v.s;
    return v.kind == VALUE_NULL ? "" : types[f->type].plain(a, f, v);
}

const char *type_mask(struct arena *a, const struct field *f, struct value v)
{
    if (v.kind == VALUE_NULL)
        return "";
    return types[f->type].mask && !is_sealed(f, v) ? types[f->type].mask(a, f, v) : "***";
}

bool type_is_text(enum field_type t)
{
    return types[t].is_text;
}

bool type_shows_as_kept(enum field_type t)
{
    return types[t].show == show_text;
}
