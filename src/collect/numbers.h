// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_NUMBERS_H
#define COLLECT_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

enum { NUMBERS_SIZE = 16 * 1024 };

/* The entries of a directory of /proc that are numbers: processes, or descriptors, ascending. */
struct numbers {
	int fd;
	int error; /* negative errno that ended the reading */
	uint32_t at, len;
	_Alignas(8) char entries[NUMBERS_SIZE];
};

/* Begins at the directory's present position; the descriptor stays the caller's. */
void numbers_begin(struct numbers *n, int fd);

/* The next one; false at the end, or after an error. */
bool numbers_next(struct numbers *n, uint32_t *number);

#endif
