// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_FILTERED_H
#define TESTS_UNIT_FILTERED_H

#include "model/verdict.h"

/* The sockets that filters are tried on. */
enum {
	FILTERED_FULL, /* has all there is, and two holders */
	FILTERED_BARE, /* has nothing that can be absent */
	FILTERED_PAIRS,
	PAIR_PORTS = 4, /* 10 to 13 at both ends: few, so that conditions often meet */
	PAIRS = PAIR_PORTS * PAIR_PORTS,
	FILTERED = FILTERED_PAIRS + PAIRS,
};

struct filtered {
	struct snapshot snapshot;
	struct socket sockets[FILTERED];
	struct row rows[FILTERED];
};

/* Fills `f`, which must stay where it is; false without memory. filtered_free() in either case. */
bool filtered_make(struct filtered *f);
void filtered_free(struct filtered *f);

#endif
