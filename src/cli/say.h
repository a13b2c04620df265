// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stddef.h>

/* One line on standard error, "tcpstate: ..."; made safe for a terminal. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum { SAY_WORD = 64 };

/* A word of the user's as a string, a long one cut with dots; `to` has SAY_WORD bytes. */
const char *say_word(char *to, const char *word, size_t len);

/*
 * "tcpstate: unknown column 'stte'; did you mean 'state'?" `nearest` may be NULL, `hint` then
 * stands in its place ("see --columns help"), which may be NULL too.
 */
void say_unknown(const char *kind, const char *word, size_t len, const char *nearest,
		 const char *hint);

#endif
