/* SPDX-License-Identifier: Apache-2.0 */
/* intake_parts.h: what the files intake_*.c share. Private to src/model.
 *
 *   words:   every header a register understands, folded, in one map (intake_words.c)
 *   header:  where a sheet's header stands and what its columns are called (intake_header.c)
 *   plan:    a sheet's columns resolved to fields (intake_read.c)
 *   run:     one import: rows in chunks, what was seen, what was made (intake_apply.c) */
#ifndef LINLI_MODEL_INTAKE_PARTS_H
#define LINLI_MODEL_INTAKE_PARTS_H

#include "model/intake.h"

#define HEADER_ROWS 15 /* the header begins in one of these */
#define HEADER_LEVELS 3
#define HEADER_COLS 256  /* columns behind them are not looked at */
#define LISTED_MAX 20000 /* rejects, changes and skipped rows that are listed one by one */
#define CHUNK_ROWS 8192  /* rows a transaction, unless somebody waits: then at least CHUNK_LEAST */
#define CHUNK_LEAST 200
#define CONFLICT_WORDS "其他内容却不一样" /* in the message of REASON_CONFLICT */

/* --- words */

struct use {
    const struct reg *reg;
    const struct reg *child; /* a column of this child table */
    const struct field *via; /* a column of the register this ref field points to */
    const struct field *field;
    const struct import_group *group;
    const char *target; /* as in struct map_column */
    double score;       /* own field 1, child 0.95, other register 0.7 */
    bool cross;         /* a person's column of a cross table */
};
struct uses {
    size_t n, cap;
    struct use *v;
};
struct words {
    struct arena *a;
    const struct schema *schema;
    const struct reg *only;
    struct map *by_fold;
};
struct words *words_new(struct arena *a, const struct schema *s, const struct reg *only);
const struct uses *words_find(const struct words *w, const char *folded);
/* What a target word of a map means for a register; false if it means nothing. */
bool target_use(struct use *out, struct arena *a, const struct reg *reg, const char *target, const char *group);
bool word_in(const char *const *list, const char *word);
/* The state a word in a ledger stands for, or NULL. */
const struct state *state_word(struct arena *a, const struct reg *r, const char *text);

/* --- header */

struct header_col {
    int col;
    int nlevels;
    const char *level[HEADER_LEVELS]; /* top to bottom, without repetitions and blanks, as in the file */
    const char *joined;               /* cleaned and joined: 当事人甲-姓名 */
    const char *fold, *leaf_fold, *parent_fold;
    bool ordinal; /* 序号 */
};
struct header {
    int first, last; /* row numbers */
    size_t ncols;
    struct header_col *cols;
    bool open; /* the last row has a cell merged over several columns: the level below is missing */
};
/* The header that begins at rows[i] and has so many levels; false if the rows are not there. */
bool header_at(struct header *out, struct arena *a, const struct sheet *s, size_t i, int levels);
/* The text of a header cell: that of the merge's first cell where it is merged; NULL if there is none. */
const char *header_text(const struct sheet *s, size_t i, int col);
/* Index into rows[] of a row number, or SIZE_MAX. */
size_t row_index(const struct sheet *s, int r);
/* Columns and constants of a sheet for a register and a header that were chosen (m->reg, m->header_first). */
bool intake_plan_header(struct map_sheet *m, struct arena *a, const struct schema *s, const struct sheet *sheet,
                        const struct header *h);
/* The year that the titles above a row state, if it is exactly one; else, where names count, the one of the sheet's
 * or file's name; 0. */
int header_year(struct arena *a, const struct sheet *s, int header_first, bool names, const char *file_name);
/* The cell as people see it: 1.10101E+17, 2024-03-05, text as it stands, "" for an empty one. */
const char *cell_shown(struct arena *a, const struct cell *c, bool date1904);

/* A remembered map counts header rows from this one, which stands for the first that is proposed: the titles above
 * may have become more or fewer since. */
#define HEADER_BASE 1000
/* intake_map_read of a map that was remembered. */
int map_read_remembered(struct import_map *m, const struct view *v, const struct book *b, const char *yaml,
                        size_t n, struct schema_errors *es);
/* What people say a column is. */
void intake_retarget(struct map_sheet *m, struct map_column *c, struct arena *a, const char *target,
                     const struct import_group *group);

/* --- rows */

enum row_kind { ROW_RECORD, ROW_BLANK, ROW_TOTAL, ROW_NOTE, ROW_HEADER };
enum row_kind row_kind(struct arena *a, const struct sheet *s, size_t i, const struct map_sheet *m);

enum col_kind { COL_FIELD, COL_CHILD, COL_SPLIT, COL_REF, COL_STATE };
struct col_plan {
    const struct map_column *map;
    struct use use;
    enum col_kind kind;
    size_t child; /* index in reg->children */
    size_t slot;  /* COL_CHILD: which row of the child table this row of the ledger fills: one per group */
};
struct slot {
    size_t child;
    const struct import_group *group;
};
/* A field that the sheet as a whole fills. */
struct constant {
    const struct field *field;
    const char *text;
    struct value value;
    enum reason why; /* REASON_NONE if it could be read */
    const char *msg;
};
struct sheet_plan {
    const struct map_sheet *map;
    const struct sheet *sheet;
    size_t sheet_no;
    const struct reg *reg;
    size_t ncols;
    struct col_plan *cols;
    size_t nslots; /* child rows a ledger row can give */
    struct slot *slots;
    const uint32_t **above; /* per column of the map, where it fills blank cells too: the row to take them from */
    struct constant *constants;
    size_t nconstants;
    int note_col; /* 【错误说明】 of a workbook that went back once, -1 */
};
/* Whether a field gets a value from this sheet. */
bool plan_has(const struct sheet_plan *p, const struct field *f);

/* Another register's record that a row names by several columns. */
struct other {
    const struct field *via;
    struct value *values; /* via->ref->nfields */
    bool any;
    int64_t id; /* found by its title, where the sheet gives no key; else 0 */
};
struct wrong {
    int col; /* -1: no column of the sheet */
    const char *column, *value;
    enum reason reason;
    const char *msg;
};
/* One row on its way from the sheet to the register; held by the chunk's arena. */
struct intake_row {
    const struct sheet_plan *plan;
    size_t index; /* in sheet->rows */
    struct record *record;
    bool *given; /* per field: the row says something */
    struct other *others;
    size_t nothers;
    const char *state; /* from a state column */
    const char *print; /* fingerprint of what the row says; with #n for its n-th occurrence if it has no key */
    bool keyed;
    struct met *met; /* its key's */
    bool repeated;   /* a row before it has the same key */
    struct wrong *wrongs;
    size_t nwrongs, cap_wrongs;
    struct record *checked; /* dry run: the new record as it would be saved */
    enum outcome out;
    bool live;   /* to be applied */
    bool warned; /* it went back because its key belongs to another record, and still says so */
    struct change *changes;
    size_t nchanges, cap_changes;
    const struct ready *ready; /* what row_ready found out */
};
void row_wrong(struct arena *a, struct intake_row *r, int col, const char *column, const char *value,
               enum reason why, const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* The cell a column has in this row, that of the merge above it where the column fills down. */
const struct cell *row_cell(const struct sheet_plan *p, size_t index, const struct map_column *c);

/* The row that a key of this file is stored by: written on the thread that applies rows, which does so in order. */
struct met {
    const struct sheet_row *row; /* NULL: none is, so far */
    const char *print;
};
struct known {
    int64_t id; /* 0: it was undone */
    const char *print;
    int row;
};
struct run {
    struct import_job *job;
    struct import_result *res;
    const struct schema *schema;
    int64_t home;
    struct arena *chunk; /* of the rows being worked on */
    struct type_ctx types;
    struct lookup lookup; /* own: what this file brought, then the database */
    struct lookup *base;
    struct map *found; /* cache of look-ups: "field\ntext" → struct known */
    struct map *known; /* what this file brought: "register\nkey" → struct known */
    struct map *seen;  /* keys met in this file: "register\nkey" → struct met */
    struct map *times; /* fingerprints of rows without a key → how often met */
    struct intake_row *rows;
    size_t nrows;
    struct db *db; /* while a chunk is being applied */
    /* Chunks are tried without savepoints, which cost SQLite a copy of every page they touch. Only where a row
     * fails after it has written something is the chunk undone, read again and applied row by row. */
    bool one_by_one;
    size_t from, upto;           /* of rows: what the transaction in hand has begun with, and come to */
    long more[OUT_REJECTED + 1]; /* outcomes of this chunk's rows so far */
    long done, total;
    struct known **fresh; /* brought by the row being applied */
    size_t nfresh, cap_fresh;
    struct known **brought; /* by the chunk being applied */
    size_t nbrought, cap_brought;
    bool again;      /* the chunk is worth a second try, row by row */
    struct pending { /* counts of other registers: of the row, of the chunk */
        const struct reg *reg;
        int what;
    } pending[32], *counted;
    size_t npending, ncounted, cap_counted, ntold; /* ntold of the counted are committed */
    bool ahead;  /* this sheet's chunks are read while the one before is written */
    bool flying; /* this is the one that is being written, on its own thread */
    struct flight *flight;
    struct map *pseudo;     /* dry run: ids given to records that are not there yet */
    struct record *checked; /* dry run: by the last check */
    struct map *alike;      /* dry run: what would make a later row a probable twin → its row */
    struct buf scratch;
    int64_t batch, seq;
};

int plan_sheet(struct sheet_plan *out, struct arena *a, const struct map_sheet *m, const struct book *b, size_t no,
               struct err *e);
/* Read the constants of a sheet; what cannot be read is kept for each row to say. */
void plan_constants(struct run *x, struct sheet_plan *p);
/* Read one row of the sheet; its record and what is wrong with it. */
void row_read(struct run *x, struct intake_row *r);
/* What the row says, hashed, for comparing and finding again; held by the job's arena. */
const char *row_print(struct run *x, const struct intake_row *r);
/* "register\nkey" of a record by its natural key, or NULL if part of it is empty. */
const char *record_key(struct arena *a, const struct reg *reg, const struct value *values);

/* --- references (intake_ref.c) */
void run_lookup(struct run *x, struct lookup *base);
/* Remember that this file brought a record, so that later rows may name it. */
void run_bring(struct run *x, const struct reg *reg, const struct value *values, int64_t id);
/* Find or make the records that r->others describe and set the refs. */
int others_resolve(struct run *x, struct intake_row *r, struct err *e);
/* Before that, on the thread that reads: look up by title those without a key. */
void others_prepare(struct run *x, struct intake_row *r);

/* --- cross tables (intake_cross.c) */
/* All sheets of one register together, from plans[at] on. */
int cross_run(struct run *x, const struct sheet_plan *plans, size_t n, size_t at, struct err *e);
bool sheet_is_cross(const struct map_sheet *m);
/* A cell of a session's column says that somebody was there. */
bool cross_marked(struct arena *a, const struct reg *reg, const struct cell *c);

/* --- applying (intake_apply.c) */
/* What came of a row goes into the counts of its register: 0 read 1 inserted 2 updated 3 unchanged. */
void run_count(struct run *x, const struct reg *reg, int what, long n);
void run_count_later(struct run *x, const struct reg *reg, int what);
void run_reject(struct run *x, struct intake_row *r);
/* Insert or update one record, in the savepoint of its row. like: what the ledger says, complete for an insert;
 * given: which fields it says something about. Fills id. what may be NULL. */
int record_put(struct run *x, struct intake_row *r, struct record *like, const bool *given, enum outcome *what,
               struct err *e);
/* In the transaction that applies them: the batch with what is counted and these more (by outcome), so that an
 * import that is cut off says what it made. ERR_CONFLICT once it is being undone: nothing more comes in. */
int run_batch_count(struct run *x, const long more[OUT_REJECTED + 1], struct err *e);
/* Run fn for this row (or session) in a savepoint; on -1 with r->wrongs it is refused and 0 is returned. */
int row_guarded(struct run *x, struct intake_row *r, int (*fn)(struct run *, struct intake_row *, struct err *),
                struct err *e);
/* Between chunks: -1 with res->stopped once whoever started the job wants it to end. */
int run_stop(struct run *x, struct err *e);
/* The rows that were read go to the writer: at once, or behind those before them while the next ones are read. */
int chunk_flush(struct run *x, struct err *e);
/* Wait for those that are on their way. */
int chunk_land(struct run *x, struct err *e);
void chunk_done(struct run *x);
/* A row that is probably new: what its record will leave is found out on the thread that reads. */
void row_ready(struct run *x, struct intake_row *r);
/* An empty chunk. */
void run_fresh_chunk(struct run *x);
/* Read and remember: its fingerprint, and whether a row before it has the same key. */
void row_identify(struct run *x, struct intake_row *r);
/* When it is its turn: is what it says stored by a row before it, or something else under the same key? Then it is
 * not applied. */
bool row_settled(struct run *x, struct intake_row *r);
/* It is stored. */
void row_stored(struct intake_row *r);
/* Of rows that are to be applied (again): none of them is. */
void rows_unstored(struct intake_row *rows, size_t n);
void row_skipped(struct run *x, const struct sheet_plan *p, size_t index, enum row_kind k);
/* fn on the writer's connection, or on this thread's reader in a dry run. */
int run_on_writer(struct run *x, int (*fn)(struct run *, void *, struct err *), void *arg, struct err *e);
/* A value as people read it; protected ones masked. Held by the chunk. */
const char *run_shown(struct run *x, const struct field *f, struct value v);
/* Dry run: which new rows of the chunk are probably there already (intake_alike.c). */
int chunk_alike(struct run *x, struct err *e);
/* Dry run: the first rows of each sheet as they will be stored, into the result (intake_preview.c). */
void run_preview(struct run *x, const struct intake_row *r);
/* Write down that the batch made or changed a record. was NULL: made. */
int run_note(struct run *x, const struct record *is, const struct record *was, struct err *e);
const char *record_freeze(struct arena *a, const struct record *r); /* as JSON, for undo */
int record_thaw(struct arena *a, struct record *r, const char *frozen, struct err *e);

#endif
