// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "filter/expr.h"

/* Where and why an expression cannot be read. */
struct filter_error {
	size_t offset, len;  /* the culprit, in bytes of the text */
	char expected[96];   /* what could have stood there */
	const char *nearest; /* a valid word like it, or NULL */
	bool limit;          /* `expected` tells which limit the expression goes beyond */
};

/*
 * Reads an expression; the text must outlive it. On success *filter is the whole (free it with
 * expr_free()), NULL for an empty text. Returns 0, -EINVAL with *error filled, or -ENOMEM.
 *
 * The language is ss's (ss(8), FILTER): predicates joined by and, or, not, parentheses, or just
 * set side by side (and). This much of it is known: states by any name or group (state X,
 * exclude X, or X alone), sport and dport with = != < > <= >=, src and dst with an address or
 * prefix, and alone :PORT, PORT, ADDRESS, ADDRESS/BITS, ADDRESS:PORT for either end.
 */
int filter_parse(struct expr **filter, const char *text, struct filter_error *error);

#endif
