// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_HALVES_H
#define COLLECT_HALVES_H

#include <linux/inet_diag.h>
#include <stdbool.h>

enum {
	HALVES_BOUNDS = 5,
	HALVES_CHAIN = 2 * HALVES_BOUNDS + 1, /* a comparison takes two operations' room */
	HALVES_OPS = 3 * HALVES_CHAIN,
};

/*
 * Writes bytecode (linux/inet_diag.h) that lets one half of all sockets through, with `second` the
 * other: each socket is in exactly one. They are told by their ports, so that what has an ephemeral
 * port at either end falls into both about alike, whichever family, side and service.
 */
void halves_program(struct inet_diag_bc_op program[HALVES_OPS], bool second);

#endif
