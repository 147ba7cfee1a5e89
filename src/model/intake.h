/* SPDX-License-Identifier: Apache-2.0 */
/* intake.h: ledgers in: from a workbook to records, with a plan that people can read and change.
 *
 *   plan:   which sheets, where the header stands, which column is which field (intake_plan*.c)
 *   read:   rows to records and refusals (intake_read*.c)
 *   apply:  dry run or write in chunks, idempotent by key and fingerprint; a batch that can be undone
 * (intake_apply.c) */
#ifndef LINLI_MODEL_INTAKE_H
#define LINLI_MODEL_INTAKE_H

#include "base/buf.h"
#include "model/record.h"
#include "model/table.h"

/* How one column is read. */
struct map_column {
    int col;            /* 0-based */
    const char *header; /* the joined header: 当事人甲-姓名 */
    const char *target; /* "found_on", "parties[a].name" as "parties.name" with group, "unit.name" for a made
                           reference, "state", "" not imported */
    const struct import_group *group;
    bool fill_down;  /* a cell merged over several rows stands in each of them */
    bool fill_blank; /* so does, with fill_down, one above cells that are merely empty */
    double score;    /* how sure the proposal is, 0…1 */
};
struct map_sheet {
    const char *sheet; /* name, NULL for CSV */
    bool skip;
    const char *why_skip;
    const struct reg *reg;
    int header_first, header_last; /* 0-based row numbers, inclusive */
    int proposed;                  /* where the proposal has the header's first row, 0 if it has none */
    struct map_column *columns;
    size_t ncolumns;
    const char **fixed_field; /* constants: the sheet's name standing for the branch */
    const char **fixed_value;
    size_t nfixed;
    /* cross table: session columns */
    int *cross_cols;
    size_t ncross;
    int year; /* for dates without a year: from title, sheet or file name; 0 unknown */
};
struct import_map {
    struct arena *a;
    struct map_sheet *sheets;
    size_t nsheets;
    const char *fingerprint; /* of the headers: under this the mapping is remembered per unit */
};

/* Propose. only: a register's name, or NULL for any. Sheets that are hidden, summaries or explanations are skipped
 * with the reason. ERR_INPUT if no sheet fits, saying what was looked for; the map is there all the same, for
 * somebody to say what the sheets are. */
int intake_propose(struct import_map **out, struct arena *a, const struct view *v, const struct book *b,
                   const char *only, const char *file_name, struct err *e);
/* The map as a YAML file people can edit, and back (only what differs from the proposal need be given). */
void intake_map_write(struct buf *out, const struct import_map *m);
int intake_map_read(struct import_map *m, const struct view *v, const struct book *b, const char *yaml, size_t n,
                    const char *file, struct schema_errors *es);

/* A map of its own, to be changed. */
struct import_map *intake_map_copy(struct arena *a, const struct import_map *m);
/* Another register or other header rows (from 0, inclusive) for a sheet: its columns are proposed anew. -1: those
 * rows are no header. */
int intake_replan(struct map_sheet *m, struct arena *a, const struct view *v, const struct sheet *sheet,
                  const struct reg *reg, int first, int last);
/* Another field for a column; the column that had it loses it. group: the header of the child rows' group, or NULL.
 * ERR_INPUT for a field that is not there. */
int intake_target(struct map_sheet *m, size_t column, struct arena *a, const char *target, const char *group,
                  struct err *e);

struct reject {
    size_t sheet_no; /* index in the book */
    int col;         /* 0-based; -1: no column of the sheet */
    const char *sheet;
    int row;            /* worksheet row from 1; CSV: record from 1 */
    int line;           /* CSV: physical line, else 0 */
    const char *column; /* header */
    const char *value;  /* as read */
    enum reason reason;
    const char *msg; /* how to mend it */
};
struct change { /* an update, for the dry run */
    const char *title, *field, *was, *is;
    int row;
};
struct alike { /* a new row that is probably there already; it is imported all the same */
    const char *sheet;
    int row; /* worksheet row from 1 */
    const struct reg *reg;
    int64_t id;        /* the record it is like, 0: another row of the file */
    const char *title; /* the record's, as the actor may see it */
    int like_row;      /* the row */
};
struct skipped { /* a row that is no record: 合计, 注：, 制表人 … */
    const char *sheet;
    int row;
    const char *why;
};
enum outcome { OUT_NONE, OUT_INSERTED, OUT_UPDATED, OUT_UNCHANGED, OUT_REJECTED };
/* One of the first rows of a dry run, as it would be stored. */
struct preview_cell {
    const char *text;      /* the value as it was read; NULL: this column is not imported */
    const char *raw;       /* as the file has it */
    const char *wrong;     /* what is wrong with it, NULL nothing */
    const struct reg *ref; /* of a column that names a record of this register: */
    int64_t id;            /* which; the id of none that is stored yet: it would be made */
};
struct preview_row {
    size_t sheet_no;
    int row; /* worksheet row from 1 */
    enum outcome out;
    struct preview_cell *cells; /* the columns of the sheet's map, its constants, the state */
    const char *wrong;          /* what is wrong with the row as a whole */
};
struct import_result {
    int64_t batch; /* 0 on a dry run */
    /* read: rows meant as records; inserted, updated, unchanged: records, or attendances of a cross table; refused:
     * rows with at least one reject. Rejects, changes and skipped rows are
     * listed up to 20,000 each; the counts are of all. */
    long read, inserted, updated, unchanged, refused;
    long problems; /* in refused rows: cells, or what is wrong with a row as a whole */
    struct skipped *skipped;
    size_t nskipped, cap_skipped;
    struct reject *rejects;
    size_t nrejects, cap_rejects;
    struct change *changes;
    size_t nchanges, cap_changes;
    struct alike *alikes; /* of a dry run */
    size_t nalikes, cap_alikes;
    long nalike_all;             /* of all */
    struct preview_row *preview; /* of a dry run: the first rows of each sheet */
    size_t npreview, cap_preview;
    bool stopped;            /* job->stop said so: the rest was not read */
    struct map *by_register; /* name → long[4] read, inserted, updated, unchanged */
};
struct import_job {
    struct site *site;
    const struct view *view;
    const struct actor *actor;
    struct arena *a;
    const struct book *book;
    const struct import_map *map;
    const char *file_name;
    const char *sha;         /* hex SHA-256 of the file */
    const struct node *unit; /* for whom */
    bool dry_run;
    void (*progress)(void *arg, long done, long total); /* may be NULL */
    void *progress_arg;
    bool (*stop)(
        void *arg); /* may be NULL: asked often, on the writer too; true ends the run, what is in stays in */
    void *stop_arg;
    int64_t batch; /* out: the batch, as soon as there is one (before the first progress) */
};
/* Read all rows, then (unless dry_run) write the good ones through the writer: thousands to a
 * transaction while nobody else waits, which ends early for whoever comes. */
int intake_run(struct import_result **out, struct import_job *j, struct err *e);
/* The rejects of a run as notes on its workbook, for format/annotate. */
struct notes *intake_notes(struct arena *a, const struct book *b, const struct import_map *m,
                           const struct import_result *r);
/* Withdraw what a batch inserted and put back what it changed; refuses rows edited since, and says which. A run of
 * the batch that is still going on takes in no further row and ends with ERR_CONFLICT. */
int intake_undo(struct site *s, const struct actor *actor, int64_t home, int64_t batch, long *undone, long *kept,
                struct err *e);
/* Remember and recall a map for a unit by its fingerprint: of the register and the header as proposed. */
int intake_remember(struct site *s, int64_t unit, const struct import_map *m, struct err *e);
int intake_recall(struct import_map *m, struct db *d, int64_t unit, const struct view *v, const struct book *b,
                  bool *found, struct err *e);
int intake_forget(struct site *s, int64_t unit, const struct import_map *m, struct err *e);

#endif
