/* SPDX-License-Identifier: Apache-2.0 */
/* bare_import.c: the ceiling of an import: libzip, libxml2's SAX parser and one prepared insert, nothing else.
 *
 * bench/bare_import FILE.xlsx DATABASE: every row of the first sheet goes, as twelve texts, into a plain table in
 * one transaction that is committed (WAL, synchronous=FULL). Prints the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <sqlite3.h>
#include <zip.h>

enum { CELLS = 12, PIECE = 65536 };

struct text {
    char *p;
    size_t n, cap;
};

static struct text *strings; /* the shared ones */
static size_t nstrings, cap_strings;
static struct text now;
static int in_text, shared, column;
static const struct text *cells[CELLS];
static struct text own[CELLS];
static sqlite3 *db;
static sqlite3_stmt *insert;
static long rows;

static void add(struct text *t, const char *p, size_t n)
{
    if (t->n + n + 1 > t->cap) {
        t->cap = (t->n + n + 1) * 2;
        t->p = realloc(t->p, t->cap);
        if (!t->p)
            abort();
    }
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

static void characters(void *ctx, const xmlChar *p, int n)
{
    (void)ctx;
    if (in_text)
        add(&now, (const char *)p, (size_t)n);
}

static const char *attribute(int n, const xmlChar **a, const char *name, size_t *len)
{
    for (int i = 0; i < n; i++, a += 5)
        if (strcmp((const char *)a[0], name) == 0) {
            *len = (size_t)(a[4] - a[3]);
            return (const char *)a[3];
        }
    return NULL;
}

static void start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
                  const xmlChar **ns, int nattr, int ndef, const xmlChar **attr)
{
    const char *e = (const char *)name, *v;
    size_t len;

    (void)ctx, (void)prefix, (void)uri, (void)nns, (void)ns, (void)ndef;
    if (strcmp(e, "si") == 0 || strcmp(e, "v") == 0)
        now.n = 0;
    if (strcmp(e, "t") == 0 || strcmp(e, "v") == 0)
        in_text = 1;
    if (strcmp(e, "row") == 0)
        memset(cells, 0, sizeof cells);
    if (strcmp(e, "c") != 0)
        return;
    v = attribute(nattr, attr, "r", &len);
    column = v ? v[0] - 'A' : CELLS;
    v = attribute(nattr, attr, "t", &len);
    shared = v && *v == 's' && len == 1;
}

static void insert_row(void)
{
    for (int i = 0; i < CELLS; i++)
        if (cells[i])
            sqlite3_bind_text(insert, i + 1, cells[i]->p, (int)cells[i]->n, SQLITE_STATIC);
        else
            sqlite3_bind_null(insert, i + 1);
    if (sqlite3_step(insert) != SQLITE_DONE)
        abort();
    sqlite3_reset(insert);
    rows++;
}

static void end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    const char *e = (const char *)name;

    (void)ctx, (void)prefix, (void)uri;
    if (strcmp(e, "t") == 0 || strcmp(e, "v") == 0)
        in_text = 0;
    if (strcmp(e, "si") == 0) {
        if (nstrings == cap_strings) {
            cap_strings = cap_strings ? cap_strings * 2 : 1024;
            strings = realloc(strings, cap_strings * sizeof *strings);
            if (!strings)
                abort();
        }
        strings[nstrings++] = (struct text){0};
        add(&strings[nstrings - 1], now.p ? now.p : "", now.n);
    } else if (strcmp(e, "v") == 0 && column < CELLS) {
        size_t i = shared ? strtoul(now.p, NULL, 10) : 0;
        own[column].n = 0;
        if (!shared)
            add(&own[column], now.p, now.n);
        cells[column] = shared && i < nstrings ? &strings[i] : &own[column];
    } else if (strcmp(e, "row") == 0) {
        insert_row();
    }
}

static void parse(zip_t *z, const char *part)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC, .startElementNs = start, .endElementNs = end, .characters = characters};
    xmlParserCtxtPtr x = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, part);
    zip_file_t *f = zip_fopen(z, part, 0);
    static char piece[PIECE];
    zip_int64_t n;

    if (!f || !x)
        abort();
    while ((n = zip_fread(f, piece, PIECE)) > 0)
        xmlParseChunk(x, piece, (int)n, 0);
    xmlParseChunk(x, piece, 0, 1);
    xmlFreeParserCtxt(x);
    zip_fclose(f);
}

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "bare_import: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    zip_t *z = argc == 3 ? zip_open(argv[1], ZIP_RDONLY, NULL) : NULL;

    if (!z || sqlite3_open(argv[2], &db) != SQLITE_OK) {
        fprintf(stderr, "bare_import FILE.xlsx DATABASE\n");
        return 2;
    }
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE IF NOT EXISTS visit (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, h TEXT, i TEXT, "
        "j TEXT, k TEXT, l TEXT)");
    sqlite3_prepare_v2(db, "INSERT INTO visit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", -1,
                       &insert, NULL);
    run("BEGIN");
    parse(z, "xl/sharedStrings.xml");
    parse(z, "xl/worksheets/sheet1.xml");
    run("COMMIT");
    sqlite3_finalize(insert);
    sqlite3_close(db);
    zip_discard(z);
    printf("%ld\n", rows - 1);
    return 0;
}
