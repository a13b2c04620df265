// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/nearest.h"

#include <ctype.h>
#include <string.h>
#include <sys/param.h>

enum { LONGEST = 48 };

static char fold(char c)
{
	return c == '_' ? '-' : (char)tolower((unsigned char)c);
}

/* Damerau-Levenshtein distance (adjacent swaps count once), case and - _ folded. */
static size_t edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= nb; j++)
		last[j] = j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			char x = fold(a[i - 1]), y = fold(b[j - 1]);

			row[j] = last[j - 1] + (x != y);
			row[j] = MIN(row[j], MIN(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y)
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[nb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	size_t na = strlen(n->word), nb = strlen(candidate), distance;

	if (!na || na > LONGEST || nb > LONGEST)
		return;
	distance = edit_distance(n->word, na, candidate, nb);
	if (distance * 3 > MAX(na, nb) + 1)
		return;
	if (!n->best || distance < n->distance) {
		n->best = candidate;
		n->distance = distance;
	}
}
