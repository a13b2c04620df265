// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_STANDING_H
#define COLLECT_STANDING_H

#include "collect/cookies.h"

/*
 * Which sockets of some states are still there, for those that the kernel does not find one at a
 * time: a few walks answer for all. Starts zeroed.
 */
struct standing {
	struct cookies cookies;
	uint64_t as_of; /* datagrams received before the last walk */
	unsigned walks;
};

/*
 * Whether the socket with this cookie, which came with the datagram of that number, is there: the
 * last walk met it, or another does. Once there have been several, what they did not meet is not.
 */
bool standing_has(struct standing *s, struct diag *d, uint32_t states, uint64_t datagram,
		  uint64_t cookie);

void standing_free(struct standing *s);

#endif
