// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_AUTOBOUND_H
#define COLLECT_AUTOBOUND_H

#include "collect/cookies.h"
#include "model/socket.h"

/*
 * The sockets whose local port the kernel has chosen. It says so of no socket, but takes it as a
 * condition: they are asked for by a walk of their own, and known by their cookies.
 */
struct autobound {
	struct cookies cookies;
	bool known;
};

/* Asks for them. A kernel that does not know the condition leaves it unknown. 0 or -ENOMEM. */
int autobound_ask(struct autobound *a, struct diag *d, uint32_t states, uint32_t families);

/* Sets `autobound` where it is known. */
void autobound_note(const struct autobound *a, struct socket *sk);

void autobound_free(struct autobound *a);

#endif
