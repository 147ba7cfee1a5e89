/* SPDX-License-Identifier: Apache-2.0 */
/* command.h: one subcommand of the program: a row of the table in main.c, one cmd_NAME.c each. */
#ifndef LINLI_MAIN_COMMAND_H
#define LINLI_MAIN_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/lang.h"
#include "base/map.h"
#include "format/json.h"
#include "model/site.h"

/* Exit codes besides those of err_exit(). */
enum { EXIT_OK = 0, EXIT_USAGE = 2, EXIT_SOME = 3 /* some rows rejected, some differences found */ };

struct option_def {
    const char *name;  /* without the dashes */
    const char *value; /* name of its value in the help, NULL for a switch */
    const char *help;
};

/* The words of one call. */
struct args {
    struct arena *a;
    const struct command *command;
    const char *data;    /* --data, default ./data */
    enum lang lang;      /* --lang, else what LC_ALL, LC_MESSAGES or LANG ask for; zh-Hans by default */
    bool json;           /* --json: one JSON document on stdout */
    struct map *options; /* name → const char * ("" for a switch) */
    const char **words;  /* what is not an option */
    int nwords;
};

struct command {
    const char *name;
    const char *words;   /* usage after the name: "FILE" */
    const char *summary; /* one line, zh-Hans */
    const char *help;    /* more, may be NULL */
    int min_words, max_words;
    const struct option_def *options; /* ends with a NULL name */
    /* Returns an exit code; on -1 the error is printed and its code used. */
    int (*run)(struct args *args, struct err *e);
};

const char *args_get(const struct args *args, const char *option); /* NULL if it was not given */
bool args_has(const struct args *args, const char *option);
/* A required option; ERR_INPUT naming it. */
const char *args_need(const struct args *args, const char *option, struct err *e);
/* --unit CODE, --from D, --to D, read and checked. unit may be NULL when it was not given and not required. */
int args_unit(const struct args *args, const struct view *v, bool required, struct node **unit, struct err *e);
int args_period(const struct args *args, int32_t *from, int32_t *to, struct err *e);

/* A text for people, given in zh-Hans like all messages, in the language of the call. Data in --json stay as they
 * are. */
const char *told(const struct args *args, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same as a line on f. */
void say(const struct args *args, FILE *f, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Print a finished JSON document and a line end on stdout. */
void print_json(struct buf *b);

extern const struct command cmd_init, cmd_serve, cmd_user, cmd_unit, cmd_import, cmd_undo, cmd_figures, cmd_records,
    cmd_report, cmd_verify, cmd_check, cmd_trail, cmd_routes, cmd_coverage, cmd_dump, cmd_modules, cmd_version;

#endif
