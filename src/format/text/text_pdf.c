/* SPDX-License-Identifier: Apache-2.0 */
/* text_pdf.c: the text of a PDF by poppler's pdftotext in a process of its own, with ceilings on its time and
 * memory: a hostile file cannot take the program with it, and what is linked stays under our licence. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "format/text_read.h"

enum { PDF_SECONDS = 20, PDF_MEMORY_MB = 1024, NO_PROGRAM = 127 };

/* In the child: ceilings, then pdftotext from fd 0 to fd 1. */
static void child_run(int in, int out)
{
    struct rlimit cpu = {PDF_SECONDS, PDF_SECONDS},
                  memory = {(rlim_t)PDF_MEMORY_MB << 20, (rlim_t)PDF_MEMORY_MB << 20};
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_AS, &memory);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || (null >= 0 && dup2(null, 2) < 0))
        _exit(NO_PROGRAM);
    execlp("pdftotext", "pdftotext", "-q", "-enc", "UTF-8", "-eol", "unix", "-", "-", (char *)NULL);
    _exit(NO_PROGRAM);
}

/* The bytes as a file that the child can read from. */
static int bytes_fd(const char *p, size_t n)
{
    int fd = memfd_create("pdf", MFD_CLOEXEC);
    while (fd >= 0 && n) {
        ssize_t done = write(fd, p, n);
        if (done <= 0) {
            close(fd);
            return -1;
        }
        p += done;
        n -= (size_t)done;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static void output_read(struct buf *b, int fd)
{
    char chunk[8192];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            buf_add(b, chunk, (size_t)n);
}

static int pdf_run(struct buf *b, int in, int *status)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        child_run(in, ends[1]);
    close(ends[1]);
    if (pid > 0)
        output_read(b, ends[0]);
    close(ends[0]);
    if (pid < 0)
        return -1;
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    return 0;
}

static bool has_words(const struct buf *b)
{
    for (size_t i = 0; i < b->n; i++)
        if ((unsigned char)b->p[i] > ' ')
            return true;
    return false;
}

static int pdf_judge(const struct buf *b, int status, struct err *e)
{
    if (WIFSIGNALED(status))
        return err_set(e, ERR_REFUSED, "这份 PDF 读不下去：太大，或已损坏。请用原文档另存一份再试");
    switch (WEXITSTATUS(status)) {
    case 0:
        break;
    case 3:
        return err_set(e, ERR_REFUSED, "这份 PDF 加了密码，或不允许取出文字。请用没有密码的一份");
    case NO_PROGRAM:
        return err_set(e, ERR_REFUSED, "本机没有 pdftotext，读不了 PDF。请安装 poppler-utils，或改用 .docx、.txt");
    default:
        return err_set(e, ERR_REFUSED, "这份 PDF 已损坏或加了密码，打不开。请用原文档另存一份再试");
    }
    if (buf_overflow(b))
        return err_set(e, ERR_TOOBIG, "文字太长：最多 %d MB", TEXT_MAX >> 20);
    if (!has_words(b))
        return err_set(e, ERR_REFUSED, "这份 PDF 里没有文字，多半是扫描件。请先识别成文字，或找到原文档");
    if (!utf8_valid(b->p, b->n))
        return err_set(e, ERR_REFUSED, "这份 PDF 里的文字读不出来（字体没有编码）。请用原文档");
    return 0;
}

int text_from_pdf(char **out, size_t *n, struct arena *a, const char *p, size_t len, struct err *e)
{
    struct buf b;
    int status = 0, in = bytes_fd(p, len);
    if (in < 0)
        return err_log(e, "pdftotext: no room for its input: %s", strerror(errno));
    buf_init(&b, TEXT_MAX);
    int rc = pdf_run(&b, in, &status);
    close(in);
    if (rc)
        rc = err_log(e, "pdftotext: %s", strerror(errno));
    else
        rc = pdf_judge(&b, status, e);
    if (rc == 0) {
        *out = arena_strn(a, buf_cstr(&b), b.n);
        *n = b.n;
    }
    buf_done(&b);
    return rc;
}
