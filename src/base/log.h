/* SPDX-License-Identifier: Apache-2.0 */
/* log.h: one line per event on stderr; never personal data. */
#ifndef LINLI_BASE_LOG_H
#define LINLI_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set(enum log_level max, int json); /* json: one JSON object a line */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A request id, repeated on each line of this thread until cleared with NULL. */
void log_request(const char *id);

#endif
