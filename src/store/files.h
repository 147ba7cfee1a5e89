/* SPDX-License-Identifier: Apache-2.0 */
/* files.h: attachments on disk by their SHA-256: DIR/files/ab/abcdef…, mode 0600.
 *
 * Content is written under DIR/files/tmp, synced, moved to its place, and the folder synced: when file_in_end or
 * files_put has returned 0 it survives a power cut. The same content is stored once. An fsync error is ERR_IO and
 * is never tried again: what the disk holds is unknown, and the caller makes the store give up (store_give_up). */
#ifndef LINLI_STORE_FILES_H
#define LINLI_STORE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define FILES_SHA 65 /* hex and a NUL */

/* A file that arrives in pieces (an upload). dir is the data directory; max its ceiling in bytes (ERR_TOOBIG). */
struct file_in;
int file_in_begin(struct file_in **out, const char *dir, int64_t max, struct err *e);
int file_in_add(struct file_in *f, const void *p, size_t n, struct err *e);
#define FILES_UNSYNCED (-2)
/* Make it durable and give its name and size; frees f, also on failure: -1, or FILES_UNSYNCED where an fsync
 * failed. */
int file_in_end(struct file_in *f, char sha[FILES_SHA], int64_t *size, struct err *e);
void file_in_drop(struct file_in *f); /* forget it; NULL is fine */

int files_put(char sha[FILES_SHA], const char *dir, const void *p, size_t n, struct err *e);
/* The path of a content, held by the arena; NULL unless sha is 64 lower-case hex digits. Says not that it exists.
 */
char *files_path(struct arena *a, const char *dir, const char *sha);
/* Is this content there? */
bool files_here(const char *dir, const char *sha);
/* Read it whole, at most max bytes; ERR_MISSING if it is not there. */
int files_read(char **out, size_t *n, struct arena *a, const char *dir, const char *sha, size_t max, struct err *e);
/* 1 the content still gives its name, 0 it is damaged or missing, -1 it cannot be read. */
int files_verify(const char *dir, const char *sha, struct err *e);
int files_remove(const char *dir, const char *sha, struct err *e); /* not there is no error */
/* Remove what unfinished uploads left in files/tmp; at start, with the lock held. */
int files_sweep(const char *dir, struct err *e);

#endif
