/* SPDX-License-Identifier: Apache-2.0 */
/* pages.h: the handlers of the pages, one line each; routes.c says where they stand. */
#ifndef LINLI_WEB_PAGES_H
#define LINLI_WEB_PAGES_H

#include "web/request.h"

/* page_today.c */
int page_today(struct req *q, struct err *e);     /* GET / */
int page_new_menu(struct req *q, struct err *e);  /* GET /new */
int page_registers(struct req *q, struct err *e); /* GET /r */
int page_place(struct req *q, struct err *e);     /* GET /place: a preference, no token needed */
/* page_list.c, page_record.c, page_form.c */
int page_list(struct req *q, struct err *e);       /* GET /r/:register */
int page_record(struct req *q, struct err *e);     /* GET /r/:register/:id */
int page_new(struct req *q, struct err *e);        /* GET /r/:register/new */
int page_options(struct req *q, struct err *e);    /* GET /r/:register/options?q=: titles to choose from, JSON */
int page_understood(struct req *q, struct err *e); /* GET /understood?t=&as=: the day a text means, JSON */
int page_create(struct req *q, struct err *e);     /* POST /r/:register */
int page_edit(struct req *q, struct err *e);       /* GET /r/:register/:id/edit */
int page_save(struct req *q, struct err *e);       /* POST /r/:register/:id */
int page_move_form(struct req *q, struct err *e);  /* GET /r/:register/:id/move/:move */
int page_move(struct req *q, struct err *e);       /* POST /r/:register/:id/move/:move */
int page_withdraw(struct req *q, struct err *e);   /* POST /r/:register/:id/withdraw */
int page_restore(struct req *q, struct err *e);    /* POST /r/:register/:id/restore */
/* page_export.c, page_file.c */
int page_export(struct req *q, struct err *e);   /* GET /r/:register/export.xlsx, heavy */
int page_file_add(struct req *q, struct err *e); /* POST /r/:register/:id/file, heavy, multipart field file */
int page_file(struct req *q, struct err *e);     /* GET /file/:home/:id, file */
/* page_search.c, page_calendar.c */
int page_search(struct req *q, struct err *e);   /* GET /search */
int page_calendar(struct req *q, struct err *e); /* GET /calendar?month=2026-03 */
/* page_figures.c */
int page_figures(struct req *q, struct err *e); /* GET /figures, heavy */
int page_behind(struct req *q, struct err *e);  /* GET /figures/:figure/records, heavy */
/* page_report.c */
int page_reports(struct req *q, struct err *e);    /* GET /reports */
int page_report(struct req *q, struct err *e);     /* GET /reports/:report, heavy */
int page_report_get(struct req *q, struct err *e); /* POST /reports/:report (as: docx, pdf, html), heavy */
/* page_import.c */
int page_import(struct req *q, struct err *e);        /* GET /import */
int page_import_upload(struct req *q, struct err *e); /* POST /import, heavy */
int page_import_map(struct req *q, struct err *e);    /* GET /import/:token: mapping, preview, dry run, heavy */
int page_import_run(struct req *q, struct err *e);    /* POST /import/:token, heavy */
int page_import_notes(struct req *q, struct err *e);  /* GET /import/:token/annotated.xlsx, heavy */
int page_batch(struct req *q, struct err *e);
int page_import_undo(struct req *q, struct err *e); /* POST /batch/:home/:id/undo, heavy */
/* page_admin.c */
int page_more(struct req *q, struct err *e);      /* GET /more */
int page_me(struct req *q, struct err *e);        /* GET /me */
int page_elder(struct req *q, struct err *e);     /* GET /elder: a preference, no token needed */
int page_users(struct req *q, struct err *e);     /* GET /users */
int page_user_add(struct req *q, struct err *e);  /* POST /users, heavy */
int page_user(struct req *q, struct err *e);      /* GET /users/:id */
int page_user_save(struct req *q, struct err *e); /* POST /users/:id */

#endif
