// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_ENDS_H
#define EXPLAIN_ENDS_H

#include "model/verdict.h"

/*
 * Both ends of connections, where both are among the rows: one's local end is the other's peer.
 * The rows may be of several namespaces and snapshots. Starts zeroed.
 */
struct ends {
	const struct row *rows;
	uint32_t *slots; /* a row's number, from 1, by its addresses: open addressing; 0 is free */
	size_t mask;
};

/* Joins the rows, which must outlive it. Linear. -ENOMEM; -E2BIG for more than 2^31 rows. */
int ends_join(struct ends *e, const struct row *rows, size_t count);

/*
 * The other end of a row's connection, NULL where there is none. One in the same namespace is
 * taken first, before TIME_WAIT what still lives. In another it is taken only where these
 * addresses are unique: no loopback or link-local ones, and no second row has them either way
 * round. A redirection (DNAT) gives the ends of a connection different addresses; they are not
 * found. A connection to itself is its own other end.
 */
const struct row *ends_other(const struct ends *e, const struct row *row);

void ends_free(struct ends *e);

#endif
