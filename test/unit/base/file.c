/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: tests of base/file.h */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#include "base/file.h"

struct place {
    struct arena *a;
    char dir[64];
};

static int place_setup(void **state)
{
    struct place *p = xcalloc(1, sizeof *p);
    p->a = arena_new();
    strcpy(p->dir, "/tmp/linli-file-XXXXXX");
    *state = p;
    return mkdtemp(p->dir) ? 0 : -1;
}

static int place_teardown(void **state)
{
    struct place *p = *state;
    char *rm = arena_printf(p->a, "rm -rf '%s'", p->dir);
    int rc = system(rm);
    arena_free(p->a);
    free(p);
    return rc;
}

static void what_is_written_is_read(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    char *path = path_join(p->a, p->dir, "一.txt"), *got = NULL;
    size_t n = 0;
    assert_int_equal(file_write(path, "a\0b", 3, 0640, &e), 0);
    assert_int_equal(file_read(&got, &n, p->a, path, 3, &e), 0);
    assert_int_equal(n, 3);
    assert_memory_equal(got, "a\0b", 4); /* and a NUL behind */
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(file_write(path, "second", 6, 0600, &e), 0);
    assert_int_equal(file_read(&got, NULL, p->a, path, 100, &e), 0);
    assert_string_equal(got, "second");
    char **names = dir_list(p->a, p->dir); /* nothing temporary is left */
    assert_string_equal(names[0], "一.txt");
    assert_null(names[1]);
}

static void errors_are_told_apart(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    char *got = NULL;
    assert_int_equal(file_read(&got, NULL, p->a, path_join(p->a, p->dir, "none"), 10, &e), -1);
    assert_int_equal(e.code, ERR_MISSING);
    assert_int_equal(file_read(&got, NULL, p->a, p->dir, 10, &e), -1);
    assert_int_equal(e.code, ERR_INPUT);
    char *path = path_join(p->a, p->dir, "big");
    assert_int_equal(file_write(path, "12345678901", 11, 0600, &e), 0);
    assert_int_equal(file_read(&got, NULL, p->a, path, 10, &e), -1);
    assert_int_equal(e.code, ERR_TOOBIG);
    assert_null(got);
    assert_int_equal(file_read(&got, NULL, p->a, path, 11, NULL), 0);
}

static void a_failing_write_leaves_the_old_file(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    char *path = path_join(p->a, p->dir, "none/x");
    assert_int_equal(file_write(path, "x", 1, 0600, &e), -1);
    assert_int_equal(e.code, ERR_IO);
    assert_true(e.log[0] != '\0');
    char *dir = path_join(p->a, p->dir, "taken");
    assert_int_equal(dir_make(path_join(p->a, dir, "full"), 0700, &e), 0);
    assert_int_equal(file_write(dir, "x", 1, 0600, &e), -1); /* a folder is in the way */
    char **names = dir_list(p->a, p->dir);
    assert_string_equal(names[0], "taken");
    assert_null(names[1]);
}

static void folders_are_made_with_parents(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    char *deep = path_join(p->a, p->dir, "a/b//c/");
    assert_int_equal(dir_make(deep, 0700, &e), 0);
    assert_int_equal(dir_make(deep, 0700, &e), 0);
    assert_true(file_exists(deep));
    assert_int_equal(file_write(path_join(p->a, p->dir, "a/f"), "", 0, 0600, &e), 0);
    assert_int_equal(dir_make(path_join(p->a, p->dir, "a/f"), 0700, &e), -1);
    assert_int_equal(dir_make(path_join(p->a, p->dir, "a/f/g"), 0700, &e), -1);
    assert_int_equal(e.code, ERR_IO);
}

static void listings_are_sorted(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    static const char *const names[] = {"c", "a", "b", ".hidden"};
    for (int i = 0; i < 4; i++)
        assert_int_equal(file_write(path_join(p->a, p->dir, names[i]), "", 0, 0600, &e), 0);
    char **got = dir_list(p->a, p->dir);
    static const char *const want[] = {".hidden", "a", "b", "c"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(got[i], want[i]);
    assert_null(got[4]);
    assert_null(dir_list(p->a, "/nowhere/at/all")[0]);
}

static void paths_are_taken_apart(void **state)
{
    struct arena *a = ((struct place *)*state)->a;
    assert_string_equal(path_join(a, "a", "b"), "a/b");
    assert_string_equal(path_join(a, "a/", "b"), "a/b");
    assert_string_equal(path_join(a, "", "b"), "b");
    assert_string_equal(path_join(a, "a", "/b"), "/b");
    assert_string_equal(path_base("/x/y.txt"), "y.txt");
    assert_string_equal(path_base("y"), "y");
    assert_string_equal(path_base("/x/"), "");
    assert_string_equal(path_suffix(a, "/x.d/台账.XLSX"), "xlsx");
    assert_string_equal(path_suffix(a, "/x.d/plain"), "");
    assert_string_equal(path_suffix(a, ".hidden"), "");
    assert_string_equal(path_suffix(a, "a.tar.gz"), "gz");
}

#define WITH_PLACE(t) cmocka_unit_test_setup_teardown(t, place_setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(what_is_written_is_read),
        WITH_PLACE(errors_are_told_apart),
        WITH_PLACE(a_failing_write_leaves_the_old_file),
        WITH_PLACE(folders_are_made_with_parents),
        WITH_PLACE(listings_are_sorted),
        WITH_PLACE(paths_are_taken_apart),
    };
    return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
