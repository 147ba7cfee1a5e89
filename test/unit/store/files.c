/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: attachments come in pieces, are kept once, and show damage. */
#include "both.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/date.h"
#include "store/files.h"
#include "store/store.h"
#include "store/sys_file.h"
#include "store/unclaimed.h"

/* SHA-256 of "abc", from FIPS 180-2. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static size_t entries(struct place *p, const char *folder)
{
    char **names = dir_list(p->a, path_join(p->a, p->dir, folder));
    size_t n = 0;

    while (names[n])
        n++;
    return n;
}

static void pieces_make_one_content(void **state)
{
    struct place *p = *state;
    struct file_in *f;
    char sha[FILES_SHA], *text;
    struct stat st;
    int64_t size;
    size_t n;

    OK(file_in_begin(&f, p->dir, 10, &p->e));
    OK(file_in_add(f, "a", 1, &p->e));
    OK(file_in_add(f, "bc", 2, &p->e));
    OK(file_in_end(f, sha, &size, &p->e));
    assert_string_equal(sha, ABC);
    assert_int_equal(size, 3);
    OK(files_read(&text, &n, p->a, p->dir, sha, 100, &p->e));
    assert_int_equal(n, 3);
    assert_memory_equal(text, "abc", 3);
    assert_int_equal(stat(files_path(p->a, p->dir, sha), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(files_verify(p->dir, sha, &p->e), 1);
    OK(files_put(sha, p->dir, "abc", 3, &p->e)); /* again */
    assert_int_equal(entries(p, "files/ba"), 1);
    assert_int_equal(entries(p, "files/tmp"), 0);
}

/* The disk, failing when it is told to. */
static bool disk_fails;
int fsync(int fd)
{
    if (!disk_fails)
        return (int)syscall(SYS_fsync, fd);
    errno = EIO;
    return -1;
}

static int nothing(struct db *d, void *arg, struct err *e)
{
    (void)d;
    (void)arg;
    (void)e;
    return 0;
}

/* What could not be flushed is not kept, says so apart from other errors, and nothing is written after it. */
static void an_unflushed_content_ends_the_writing(void **state)
{
    struct place *p = *state;
    const char *dir = path_join(p->a, p->dir, "site");
    struct err none = {0};
    struct file_in *f;
    struct store *s;
    char sha[FILES_SHA];

    OK(file_in_begin(&f, p->dir, 10, &p->e));
    OK(file_in_add(f, "abc", 3, &p->e));
    disk_fails = true;
    assert_int_equal(file_in_end(f, sha, NULL, &p->e), FILES_UNSYNCED);
    disk_fails = false;
    OK(store_create(dir, NULL, &none));
    OK(store_open(&s, dir, STORE_WRITE, &none));
    assert_false(store_failed(s));
    OK(store_write(s, nothing, NULL, &none));
    store_give_up(s, &p->e);
    assert_true(store_failed(s));
    FAILS(store_write(s, nothing, NULL, &p->e), ERR_IO);
    store_close(s);
}

static void too_much_is_refused(void **state)
{
    struct place *p = *state;
    struct file_in *f;

    OK(file_in_begin(&f, p->dir, 4, &p->e));
    OK(file_in_add(f, "abc", 3, &p->e));
    FAILS(file_in_add(f, "de", 2, &p->e), ERR_TOOBIG);
    file_in_drop(f);
    file_in_drop(NULL);
    assert_int_equal(entries(p, "files/tmp"), 0);
}

static int give_row(struct db *d, void *arg, struct err *e)
{
    struct attachment f = {
        .home = 1, .sha = arg, .name = "a.jpg", .mime = "image/jpeg", .table = "visit", .record = 7};

    return attachment_insert(d, &f, e);
}

/* An hour ago. */
static void age(struct place *p, const char *dir, const char *sha)
{
    struct timespec t[2] = {{.tv_sec = now_ms() / 1000 - 3600}, {.tv_sec = now_ms() / 1000 - 3600}};

    assert_int_equal(utimensat(AT_FDCWD, files_path(p->a, dir, sha), t, 0), 0);
}

/* What no attachment names goes in time: not what one names, not what has just come. */
static void what_nobody_claims_goes_in_time(void **state)
{
    struct place *p = *state;
    const char *dir = path_join(p->a, p->dir, "site");
    char used[FILES_SHA], left[FILES_SHA], fresh[FILES_SHA];
    struct store *s;

    OK(store_create(dir, both_kind == DB_SQLITE ? NULL : p->where, &p->e));
    OK(store_open(&s, dir, STORE_WRITE, &p->e));
    OK(files_put(used, dir, "abc", 3, &p->e));
    OK(files_put(left, dir, "abd", 3, &p->e));
    OK(files_put(fresh, dir, "abe", 3, &p->e));
    OK(store_write(s, give_row, used, &p->e));
    age(p, dir, used);
    age(p, dir, left);
    OK(unclaimed_sweep(s, now_ms() - 7200 * 1000, &p->e));
    assert_true(files_here(dir, left));
    OK(unclaimed_sweep(s, now_ms() - 1800 * 1000, &p->e));
    assert_true(files_here(dir, used));
    assert_false(files_here(dir, left));
    assert_true(files_here(dir, fresh));
    OK(files_put(left, dir, "abd", 3, &p->e)); /* sent again: it is new */
    OK(unclaimed_sweep(s, now_ms() - 1800 * 1000, &p->e));
    assert_true(files_here(dir, left));
    assert_int_equal(upload_days(s), 2);
    store_close(s);
}

static void names_that_are_no_hash_open_nothing(void **state)
{
    struct place *p = *state;
    char *text;
    size_t n;

    assert_null(files_path(p->a, p->dir, "../../etc/passwd"));
    assert_null(files_path(p->a, p->dir, ""));
    assert_null(files_path(p->a, p->dir, NULL));
    assert_null(files_path(p->a, p->dir, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"));
    FAILS(files_read(&text, &n, p->a, p->dir, "../key", 100, &p->e), ERR_MISSING);
    FAILS(files_read(&text, &n, p->a, p->dir, ABC, 100, &p->e), ERR_MISSING);
}

static void damage_is_seen(void **state)
{
    struct place *p = *state;
    char sha[FILES_SHA], *text;
    size_t n;

    OK(files_put(sha, p->dir, "abc", 3, &p->e));
    FAILS(files_read(&text, &n, p->a, p->dir, sha, 2, &p->e), ERR_TOOBIG);
    OK(file_write(files_path(p->a, p->dir, sha), "abd", 3, 0600, &p->e));
    assert_int_equal(files_verify(p->dir, sha, &p->e), 0);
    OK(files_remove(p->dir, sha, &p->e));
    OK(files_remove(p->dir, sha, &p->e));
    assert_int_equal(files_verify(p->dir, sha, &p->e), 0);
}

static void leftovers_are_swept(void **state)
{
    struct place *p = *state;
    struct file_in *f;

    OK(files_sweep(p->dir, &p->e)); /* nothing there yet */
    OK(file_in_begin(&f, p->dir, 4, &p->e));
    OK(file_in_add(f, "abc", 3, &p->e));
    assert_int_equal(entries(p, "files/tmp"), 1);
    OK(files_sweep(p->dir, &p->e));
    assert_int_equal(entries(p, "files/tmp"), 0);
    file_in_drop(f);
}

static void an_unwritable_place_is_said(void **state)
{
    struct place *p = *state;
    struct file_in *f;

    OK(file_write(path_join(p->a, p->dir, "files"), "x", 1, 0600, &p->e));
    FAILS(file_in_begin(&f, p->dir, 4, &p->e), ERR_IO);
    assert_null(f);
}

static const struct CMUnitTest tests[] = {
    TEST_DIR(pieces_make_one_content),
    TEST_DIR(too_much_is_refused),
    TEST_DIR(an_unflushed_content_ends_the_writing),
    TEST_DIR(what_nobody_claims_goes_in_time),
    TEST_DIR(names_that_are_no_hash_open_nothing),
    TEST_DIR(damage_is_seen),
    TEST_DIR(leftovers_are_swept),
    TEST_DIR(an_unwritable_place_is_said),
};

BOTH_MAIN(tests)
