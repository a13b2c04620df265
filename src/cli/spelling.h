// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_SPELLING_H
#define CLI_SPELLING_H

#include <getopt.h>

#include "cli/options.h"

/* A way to write an option: its own, or another tool's. */
struct spelling {
	char letter;
	const char *name; /* NULL has none */
	enum option_argument argument;
	enum option_name option;
	const char *answer; /* what to type instead of it; NULL: it is `option` */
};

enum {
	SPELLING_COUNT = OPTION_COUNT
#define SAME(...)   +1
#define ANSWER(...) +1
#include "cli/habits.def"
#undef SAME
#undef ANSWER
};

enum { SPELLING_LETTERS = SPELLING_COUNT * 2 + 2, SPELLING_LONGS = SPELLING_COUNT + 1 };

/* Fills what getopt_long() takes: room for SPELLING_LETTERS and SPELLING_LONGS. */
void spelling_fill(char *letters, struct option *longs);

/* What getopt_long() returned; NULL for an error of its. */
const struct spelling *spelling_of(int value);

/* Says what is wrong after getopt_long() returned '?' or ':'. */
void spelling_say_wrong(char **argv, int value);

/* Says what to type instead of a spelling with an answer. */
void spelling_say_answer(const struct spelling *s, int value);

#endif
