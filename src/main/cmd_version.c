/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_version.c: linli version, and the licences of what it is built from. */
#include <sqlite3.h>
#include <stdio.h>

#include "main/command.h"

#define LINLI_VERSION "0.1.0"

static const struct option_def options[] = {{"licences", NULL, "所用第三方软件及其许可"}, {NULL, NULL, NULL}};

static const struct {
    const char *what, *licence;
} parts[] = {
    {"SQLite", "Public Domain"},
    {"libmicrohttpd", "LGPL-2.1-or-later"},
    {"libyaml", "MIT"},
    {"libsodium", "ISC"},
    {"libzip", "BSD-3-Clause"},
    {"libxml2", "MIT"},
    {"libxlsxwriter", "BSD-2-Clause"},
    {"Pango", "LGPL-2.0-or-later"},
    {"cairo", "LGPL-2.1 OR MPL-1.1"},
    {"ICU", "Unicode-3.0"},
    {"OpenCC", "Apache-2.0"},
    {"libpq", "PostgreSQL"},
    {"Jansson", "MIT"},
    {"zlib", "Zlib"},
    {"htmx", "0BSD"},
};

static int version_run(struct args *args, struct err *e)
{
    (void)e;
    if (args->json)
        printf("{\"version\":\"%s\",\"sqlite\":\"%s\"}\n", LINLI_VERSION, SQLITE_VERSION);
    else
        printf("Linli %s（SQLite %s）\n", LINLI_VERSION, SQLITE_VERSION);
    for (size_t i = 0; args_has(args, "licences") && !args->json && i < sizeof parts / sizeof *parts; i++)
        printf("  %-16s %s\n", parts[i].what, parts[i].licence);
    return EXIT_OK;
}

const struct command cmd_version = {
    .name = "version", .words = "", .options = options, .run = version_run, .summary = "版本和许可"};
