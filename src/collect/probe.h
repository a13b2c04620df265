// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_PROBE_H
#define COLLECT_PROBE_H

#include "collect/diag.h"

/*
 * A socket of our own, bound and idle: if a walk for such does not meet it, this kernel (before 6.8)
 * lists none. It is left out of the result.
 */
struct probe {
	int fd; /* -1 not open */
	uint64_t cookie;
	bool met;
};

#define PROBE            \
	{                \
		.fd = -1 \
	}

/* Opens it; it stays closed where it cannot be had. */
void probe_open(struct probe *p);

/* Whether a socket that a walk met is this one. */
bool probe_is(struct probe *p, const struct socket *sk);

/* After a walk with or without bytecode: whether bound sockets are listed; true where not open. */
bool probe_judge(struct probe *p, struct diag *d, bool bytecode);

void probe_close(struct probe *p);

#endif
