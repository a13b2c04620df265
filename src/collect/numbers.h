// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_NUMBERS_H
#define COLLECT_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

enum { NUMBERS_SIZE = 16 * 1024 }; /* bytes of one share, about 680 descriptors */

/* The entries of a directory of /proc that are numbers: processes, or descriptors, ascending. */
struct numbers {
	int fd;
	int error;        /* negative errno that ended the reading */
	const char *name; /* of the last one that was told, until the next share is read */
	uint32_t at, len;
	_Alignas(8) char entries[NUMBERS_SIZE];
};

/* Begins at the directory's present position; the descriptor stays the caller's. */
void numbers_begin(struct numbers *n, int fd);

/* The next one; false at the end, or after an error. */
bool numbers_next(struct numbers *n, uint32_t *number);

/* Reads the next share of the directory in place of the one at hand; false as above. */
bool numbers_refill(struct numbers *n);

/* The next one of the share at hand; false behind its last. */
bool numbers_take(struct numbers *n, uint32_t *number);

#endif
