// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_NEAREST_H
#define UTIL_NEAREST_H

#include <stddef.h>

/*
 * Finds the word most like a mistyped one. Offer the candidates one by one, then read `best`:
 * NULL when none is near (edit distance above a third of the longer word).
 */
struct nearest {
	const char *word;
	const char *best;
	size_t distance;
};

void nearest_offer(struct nearest *n, const char *candidate);

#endif
