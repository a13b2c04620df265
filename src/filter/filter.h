// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "filter/expr.h"

/* Where and why an expression cannot be read. */
struct filter_error {
	size_t offset, len;  /* the culprit, in bytes of the text; len 0 is the end */
	char expected[96];   /* what could have stood there */
	const char *nearest; /* a valid word like it, or NULL */
	bool limit;          /* `expected` tells which limit the expression goes beyond */
};

/*
 * Reads an expression; the text must outlive it. On success *filter is the whole (free it with
 * expr_free()), NULL for an empty text. Returns 0, -EINVAL with *error filled, or -ENOMEM.
 *
 * The language is ss's (ss(8), FILTER): predicates joined by and, or, not, parentheses, or just
 * set side by side (and). Predicates are
 *
 *	state X, exclude X, X         by any name or group
 *	sport, dport OP PORT          or the name of a service
 *	src, dst OP HOST              [inet:|inet6:]ADDRESS[/BITS][:PORT], * for any
 *	dev, fwmark, cgroup, autobound
 *	HOST, :PORT, PORT             either end
 *	FIELD OP VALUE                any field of model/field.h by name or alias, with a value of
 *	                              its kind, or none, or any
 *	orphan, not-accepted ...      a DETAIL_*
 *	accepted                      a program has it
 *
 * Nothing is looked up in the DNS.
 */
int filter_parse(struct expr **filter, const char *text, struct filter_error *error);

/*
 * Every word that may begin a predicate and is no state, one per call from *i = 0; NULL at the
 * end. Aliases of fields are left out.
 */
const char *filter_word(unsigned *i);

#endif
