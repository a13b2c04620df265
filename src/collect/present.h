// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_PRESENT_H
#define COLLECT_PRESENT_H

#include "collect/cookies.h"

/*
 * Which sockets of some states are still there, for those that the kernel does not find one at a
 * time: a few walks answer for all. Starts zeroed.
 */
struct present {
	struct cookies cookies;
	uint64_t as_of; /* datagrams received before the last walk */
	unsigned walks;
};

/*
 * Whether the socket with this cookie, which came with the datagram of that number, is there: the
 * last walk met it, or another does. Once there have been several, what they did not meet is not.
 */
bool present_has(struct present *s, struct diag *d, uint32_t states, uint64_t datagram,
		 uint64_t cookie);

void present_free(struct present *s);

#endif
