// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_COLUMNS_H
#define RENDER_COLUMNS_H

#include "model/field.h"

enum { COLUMNS_MAX = 192 };

/* An ordered choice of fields, each at most once. */
struct columns {
	const struct field *fields[COLUMNS_MAX];
	bool descending[COLUMNS_MAX]; /* sort keys only */
	size_t count;
};

/*
 * Reads "a,b,c" (replaces what `c` holds) or "+a,-b" (edits it). Returns 0; -ENOENT where a word
 * names no column, -EINVAL where none is left, -E2BIG; *word and *len then point at the culprit.
 */
int columns_parse(struct columns *c, const char *list, const char **word, size_t *len);

/* Reads sort keys, "a,-b": a '-' asks for descending order. Errors as above. */
int columns_parse_sort(struct columns *c, const char *list, const char **word, size_t *len);

/* WANT_* of all of them. */
uint32_t columns_need(const struct columns *c);

/* Orders two rows by the keys, ties by row_compare(). */
int columns_compare(const struct columns *keys, const struct row *a, const struct row *b);

#endif
