/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: whole files, read with a ceiling and written durably. */
#ifndef LINLI_BASE_FILE_H
#define LINLI_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Read a file of at most max bytes; the result is NUL-terminated. ERR_TOOBIG over the ceiling. "-" is stdin. */
int file_read(char **out, size_t *n, struct arena *a, const char *path, size_t max, struct err *e);
/* Write beside, fsync, rename, fsync the folder: after 0 the content is durable. */
int file_write(const char *path, const void *p, size_t n, int mode, struct err *e);
/* Make a new name, a rename or a removal in the folder of this path durable. */
int dir_sync(const char *path, struct err *e);
int dir_make(const char *path, int mode, struct err *e); /* with parents; 0 if it is there */
bool file_exists(const char *path);
/* Bring the file from the disk into memory, as far as the system likes: who sends it later need not wait for the
 * disk. */
void file_ahead(const char *path);
/* Names in a folder, sorted, NULL-terminated; an absent folder gives an empty list. */
char **dir_list(struct arena *a, const char *path);
char *path_join(struct arena *a, const char *dir, const char *name);
const char *path_base(const char *path);
/* The suffix without the dot, lower case, "" if none. */
char *path_suffix(struct arena *a, const char *path);

#endif
